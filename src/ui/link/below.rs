//! Files whose rows come below those that stand: of what is usual, to judge a model by, or to be classified.

use leptos::prelude::*;
use web_sys::File;

use super::{Files, Link, Source};
use crate::protocol::distinct;
use crate::ui::session::{Phase, Work};
use crate::ui::stage::Stage;

impl Link {
    /// Puts a file of what is usual below the standing ones: trees grow on its rows, and the others
    /// are judged.
    pub fn add_baseline(self, baseline: File) {
        if let Some(name) = self.read_with(baseline, false) {
            self.sources.update_value(|sources| sources.baseline = Some(name));
        }
    }

    /// Reads the standing files with one more below them, and returns its name in the table; says why
    /// where that cannot be.
    fn read_with(self, file: File, is_applied: bool) -> Option<String> {
        let is_same = |there: &File| {
            there.name() == file.name()
                && there.size().total_cmp(&file.size()).is_eq()
                && there.last_modified().total_cmp(&file.last_modified()).is_eq()
        };
        let all =
            |files: &Files| [&files.files[..], files.labels.as_slice(), &files.applied].concat();
        if self.must_wait() {
            return None;
        }
        let said = match self.sources.with_value(|sources| sources.standing.clone()) {
            Some(Source::Files(mut files)) if !all(&files).iter().any(is_same) => {
                if is_applied { &mut files.applied } else { &mut files.files }.push(file);
                let named = if is_applied { all(&files) } else { files.files.clone() };
                self.session.remark.set(None);
                self.read(Source::Files(files), Work::Load);
                return distinct(named.iter().map(File::name)).pop();
            }
            Some(Source::Files(_)) => {
                format!("{} is in the table already: choose another file.", file.name())
            }
            _ => "No file of your own stands that its rows could come below: load one first."
                .to_owned(),
        };
        self.session.refuse(said);
        None
    }

    /// Whether a job is running that a file would end which belongs to the table; says so.
    pub(super) fn must_wait(self) -> bool {
        let is_running = matches!(self.session.phase.get_untracked(), Phase::Working(..));
        if is_running {
            self.session.refuse(
                "A job is running: wait for its end or cancel it, then choose the file again."
                    .to_owned(),
            );
        }
        is_running
    }

    /// Puts a file of rows to judge by, or to be classified, below the standing ones. Where a model
    /// stands, it is trained again at once.
    pub fn add_test(self, test: File) {
        let has_model = self.session.trained.with_untracked(Option::is_some);
        let has_scores = self.session.found.with_untracked(Option::is_some);
        if let Some(name) = self.read_with(test, true) {
            self.sources.update_value(|sources| {
                sources.test = Some((name, has_model));
                sources.scores_again = has_model && has_scores;
            });
        }
    }

    /// Lists the rows of one of several files, the clearest votes first; they are scored if none is.
    pub fn list_file(self, name: &str) {
        self.session.list_votes_of(name);
        if self.session.found.with_untracked(Option::is_some) {
            self.session.stage.set(Stage::Detect);
        } else {
            self.detect();
        }
    }
}
