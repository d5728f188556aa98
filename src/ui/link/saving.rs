//! What is written for a person to keep, and what its file is called.

use leptos::prelude::*;
use web_sys::Blob;

use super::Link;
use crate::protocol::Request;
use crate::ui::outside;
use crate::ui::session::Work;

/// What is saved.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum SavedAs {
    #[default]
    Scored,
    Model,
}

impl Link {
    /// Writes the scored CSV.
    pub fn export(self) {
        let threshold = self.session.threshold.get_untracked();
        let judgements = self.session.judgements.all();
        self.sources.update_value(|sources| sources.saved_as = SavedAs::Scored);
        self.job(&Request::Export { threshold, judgements }, &[], Work::Export);
    }

    /// Writes the model that stands as JSON.
    pub fn export_model(self) {
        let file = self.with_profile(|name, _| name.to_owned()).unwrap_or_default();
        self.sources.update_value(|sources| sources.saved_as = SavedAs::Model);
        self.job(&Request::ExportModel { file }, &[], Work::Export);
    }

    pub(super) fn save(self, blob: Option<&Blob>) {
        let named = match self.sources.with_value(|sources| sources.saved_as) {
            SavedAs::Scored => scored_name,
            SavedAs::Model => model_name,
        };
        let name = self.with_profile(|name, _| named(name)).unwrap_or_default();
        let is_sample = self.with_profile(|_, profile| profile.sample.is_some());
        let name = if is_sample == Some(true) {
            name.replacen("-scored", "-sample-scored", 1).replacen("-model", "-sample-model", 1)
        } else {
            name
        };
        let saved = blob.is_some_and(|blob| outside::download(blob, &name).is_ok());
        self.session.saved(&name, saved);
    }
}

/// `flows.csv` becomes `flows-scored.csv`.
fn scored_name(name: &str) -> String {
    let (stem, ending) = parted(name);
    format!("{stem}-scored.{ending}")
}

/// `flows.csv` becomes `flows-model.json`.
fn model_name(name: &str) -> String {
    format!("{}-model.json", parted(name).0)
}

/// A file's name without its ending, and that; `csv` where it has none.
fn parted(name: &str) -> (&str, &str) {
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zip")).unwrap_or(name);
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 4 => (stem, ending),
        _ => (name, "csv"),
    }
}

#[cfg(test)]
mod tests {
    use super::{model_name, scored_name};

    #[test]
    fn the_export_is_named_after_its_file() {
        assert_eq!(scored_name("flows.csv"), "flows-scored.csv");
        assert_eq!(scored_name("KDDTest+.txt"), "KDDTest+-scored.txt");
        assert_eq!(scored_name("day.2.csv.gz"), "day.2-scored.csv");
        assert_eq!(scored_name("table"), "table-scored.csv");
        assert_eq!(model_name("day.2.csv.gz"), "day.2-model.json");
    }
}
