//! Where a table comes from, and how it is read, and read again.

use leptos::prelude::*;
use web_sys::File;

use super::Link;
use crate::protocol::{Choice, JoinBy, Overrides, Request, RowShare, Sample};
use crate::ui::outside;
use crate::ui::session::Work;
use crate::ui::stage::Stage;

/// Where a table comes from.
#[derive(Debug, Clone)]
pub enum Source {
    /// Files of the person's own.
    Files(Files),
    /// A built-in sample.
    Sample(Sample),
}

/// Files that make one table, and what was chosen about them.
#[derive(Debug, Clone, Default)]
pub struct Files {
    /// The table, or its parts.
    pub files: Vec<File>,
    /// Labels for its rows.
    pub labels: Option<File>,
    /// Rows below it, to judge a model by or to apply it to.
    pub applied: Vec<File>,
    /// Which member of an archive is meant, and how labels find their rows.
    pub choice: Choice,
}

impl From<Vec<File>> for Source {
    fn from(files: Vec<File>) -> Self {
        Self::Files(Files { files, ..Files::default() })
    }
}

impl Link {
    /// Reads a table. What a person said about an earlier one does not hold for it.
    pub fn load(self, source: Source) {
        if self.session.table.with_untracked(Option::is_some) {
            self.session.overrides.set(Overrides::default());
            self.session.draft.is_open.set(false);
            self.session.stage.set(Stage::Load);
        }
        self.read(source, Work::Load);
    }

    /// Reads the standing table again, with what a person now says about it.
    pub fn reload(self) {
        if let Some(source) = self.sources.with_value(|sources| sources.standing.clone()) {
            self.read(source, Work::Load);
        }
    }

    /// Reads the standing table again as the draft says.
    pub fn read_as_drafted(self) {
        self.session.overrides.set(self.session.draft.said.get_untracked());
        self.reload();
    }

    /// Reads one member of the archive that was given last.
    pub fn choose_member(self, name: &str) {
        if let Some(Source::Files(mut files)) = self.sources.with_value(|it| it.pending.clone()) {
            files.choice.member = Some(name.to_owned());
            self.load(Source::Files(files));
        }
    }

    /// Joins labels to the rows of the standing table: it is read again with them.
    pub fn join_labels(self, labels: File, by: Option<JoinBy>) {
        if self.must_wait() {
            return;
        }
        if !self.is_file() {
            let said = "No file of your own stands that labels could join: load one first.";
            return self.session.refuse(said.to_owned());
        }
        self.read_otherwise(|files| (files.labels, files.choice.join_by) = (Some(labels), by));
    }

    /// Whether labels were joined to the standing table, and what was said about how.
    pub fn joined(self) -> Option<Option<JoinBy>> {
        self.sources.with_value(|sources| match &sources.standing {
            Some(Source::Files(files)) => {
                files.labels.as_ref().map(|_| files.choice.join_by.clone())
            }
            _ => None,
        })
    }

    /// Joins the labels of the standing table otherwise.
    pub fn join_by(self, by: Option<JoinBy>) {
        self.read_otherwise(|files| files.choice.join_by = by);
    }

    fn read_otherwise(self, change: impl FnOnce(&mut Files)) {
        if let Some(Source::Files(mut files)) = self.sources.with_value(|it| it.standing.clone()) {
            change(&mut files);
            self.read(Source::Files(files), Work::Load);
        }
    }

    /// Whether the standing table is a file, and no sample.
    pub fn is_file(self) -> bool {
        self.sources.with_value(|sources| matches!(sources.standing, Some(Source::Files(_))))
    }

    /// Reads a share of the rows of the table that would not fit.
    pub fn load_share(self, per_mille: u16) {
        let seed = self.session.params.with_untracked(|params| params.seed);
        self.session.say(|said| said.share = Some(RowShare { per_mille, seed }));
        if let Some(source) = self.sources.with_value(|sources| sources.pending.clone()) {
            self.read(source, Work::Load);
        }
    }

    /// Reads all rows of a table of which a share stands, if they will fit.
    pub fn load_all(self) {
        self.session.say(|said| said.share = None);
        self.reload();
    }

    pub(super) fn read(self, source: Source, work: Work) {
        self.sources.update_value(|sources| {
            sources.pending = Some(source.clone());
            (sources.baseline, sources.test, sources.scores_again) = (None, None, false);
            sources.given = outside::now();
        });
        match source {
            Source::Files(Files { files, labels, applied, choice }) => {
                let choice = Choice { n_applied: applied.len() as u32, ..choice };
                let files = [files, applied].concat();
                let request = Request::Load {
                    names: files.iter().map(File::name).collect(),
                    labels: labels.as_ref().map(File::name),
                    choice,
                    overrides: self.session.overrides.get_untracked(),
                };
                let files: Vec<File> = files.into_iter().chain(labels).collect();
                self.job(&request, &files, work);
            }
            Source::Sample(sample) => {
                // How it is written is known; what its columns are is anybody's to say.
                let Overrides { share, types, .. } = self.session.overrides.get_untracked();
                let overrides = Overrides { share, types, ..Overrides::default() };
                self.job(&Request::LoadSample { sample, overrides }, &[], work);
            }
        }
    }
}
