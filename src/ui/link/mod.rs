//! The page's end of the work: what it asks of the conductor, and what follows from the answers.

mod answers;
mod below;
mod jobs;
mod questions;
mod saving;
mod source;

use leptos::prelude::*;
use web_sys::File;

use saving::SavedAs;
pub use source::{Files, Source};

use super::outside;
use super::session::{Session, Work};
use crate::protocol::{Counting, JobId, Profile, Request};
use crate::worker::client::Conductor;

/// The page's end of the work. A bundle of handles: copy it.
#[derive(Clone, Copy)]
pub struct Link {
    session: Session,
    conductor: StoredValue<Option<Conductor>, LocalStorage>,
    sources: StoredValue<Sources, LocalStorage>,
}

/// Which files stand, so that they can be read again.
#[derive(Default)]
struct Sources {
    standing: Option<Source>,
    pending: Option<Source>,
    /// The file of the pending ones that is what is usual.
    baseline: Option<String>,
    /// The file of the pending ones whose rows are to be judged by, and whether a model stood that is to
    /// be trained again with it.
    test: Option<(String, bool)>,
    /// Whether rows were scored before a file came below them, and are to be once more.
    scores_again: bool,
    /// When the pending one was given.
    given: f64,
    /// When a verdict was given whose scores are not there yet.
    judged: Option<f64>,
    /// When cases were asked for.
    cases: f64,
    /// The count of votes that was asked for last, and when.
    counting: Option<(Counting, f64)>,
    /// What the export that runs is called behind its file's name.
    saved_as: SavedAs,
}

impl Link {
    /// Starts the conductor; `workers` forces its number of shards.
    pub fn start(session: Session, workers: Option<u32>) -> Self {
        let link = Self {
            session,
            conductor: StoredValue::new_local(None),
            sources: StoredValue::new_local(Sources::default()),
        };
        let conductor = Conductor::start(workers, move |event, blob| link.on_event(event, blob));
        link.conductor.set_value(Some(conductor));
        link
    }

    fn job(self, request: &Request, files: &[File], work: Work) {
        if let Some(job) = self.send(request, files) {
            self.session.begin(job, work);
        }
    }

    fn question(self, request: &Request) {
        if let Some(job) = self.send(request, &[]) {
            self.session.sent(job);
        }
    }

    fn send(self, request: &Request, files: &[File]) -> Option<JobId> {
        // What still shows the rows of an older table may ask once more before it goes.
        if request.is_about_scores() && self.session.found.with_untracked(Option::is_none) {
            return None;
        }
        self.conductor.with_value(|conductor| {
            conductor.as_ref().map(|conductor| conductor.send(request, files))
        })
    }

    fn detail(self) -> wasm_bindgen::JsValue {
        let workers = self.session.n_shards.get_untracked();
        self.with_profile(|_, profile| {
            outside::detail(profile.n_rows, profile.columns.len(), profile.n_bytes, workers)
        })
        .unwrap_or_default()
    }

    fn with_profile<T>(self, with: impl FnOnce(&str, &Profile) -> T) -> Option<T> {
        self.session
            .table
            .with_untracked(|table| table.as_ref().map(|table| with(&table.name, &table.profile)))
    }
}
