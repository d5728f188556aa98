//! What runs, and what went wrong.

use leptos::prelude::*;

use super::Session;
use crate::protocol::{JobError, JobId, Step};
use crate::ui::ledger::{Ledger, Topic};
use crate::ui::stage::Stage;

/// A job the page has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Reading a file or a sample.
    Load,
    /// Reading the standing file once more, after a worker died.
    Restore,
    /// Growing a forest and scoring all rows.
    Detect,
    /// Having another eye look at the rows.
    Look,
    /// Scoring all rows again with what a person said of some.
    Judge,
    /// Training a model.
    Train,
    /// Looking for the settings that do best on folds.
    Tune,
    /// Training again on parts of the rows.
    ByRows,
    /// Having baselines learn the same.
    Compare,
    /// Writing the scored CSV.
    Export,
}

/// Whether the conductor works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Phase {
    /// The conductor does not listen yet.
    Starting,
    /// Nothing runs.
    Idle,
    /// A job runs: what it is, its step, and how far it is, from 0 to 1.
    Working(Work, Option<Step>, f64),
}

/// What went wrong, until it is dismissed or something else succeeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The reason.
    pub error: JobError,
    /// The job that failed; `None` for a question.
    pub work: Option<Work>,
}

/// Something to tell that is no error of a job.
#[derive(Debug, Clone, PartialEq)]
pub struct Remark {
    /// The sentence.
    pub said: String,
    /// Whether it goes by itself after a while; what was refused is told until it is closed.
    pub passes: bool,
}

impl Session {
    /// What the contract calls `app-state`.
    pub fn state(self) -> &'static str {
        match self.phase.get() {
            Phase::Starting => "starting",
            Phase::Working(Work::Load | Work::Restore, ..) => "loading",
            Phase::Working(Work::Detect | Work::Look | Work::Judge, ..) => "detecting",
            Phase::Working(Work::Train | Work::Tune | Work::ByRows | Work::Compare, ..) => {
                "training"
            }
            _ if self.problem.with(Option::is_some) => "failed",
            // Of two results the one that is looked at.
            _ if self.trained.with(Option::is_some) && self.shows_model() => "trained",
            _ if self.found.with(Option::is_some) => "detected",
            _ if self.table.with(Option::is_some) => "loaded",
            _ => "empty",
        }
    }

    /// Whether the model is what a person looks at, or all there is.
    fn shows_model(self) -> bool {
        self.open_stage() == Stage::Classify || self.found.with(Option::is_none)
    }

    /// Tells what went wrong before anything could be asked for.
    pub fn fail(self, error: JobError) {
        self.problem.set(Some(Problem { error, work: None }));
    }

    /// Tells what was refused, and why.
    pub fn refuse(self, said: String) {
        self.remark.set(Some(Remark { said, passes: false }));
    }

    /// Tells that a file was given to the browser to keep, or that it would not have it.
    pub fn saved(self, name: &str, is_saved: bool) {
        if is_saved {
            let said = format!("{name} is on its way to your downloads.");
            self.remark.set(Some(Remark { said, passes: true }));
        } else {
            self.refuse("The browser would not save the file; please try once more.".to_owned());
        }
    }

    /// Takes away a remark that goes by itself.
    pub fn pass_over(self) {
        if self.remark.with_untracked(|it| it.as_ref().is_some_and(|it| it.passes)) {
            self.remark.set(None);
        }
    }

    /// Notes that a job was asked for under this number.
    pub fn begin(self, job: JobId, work: Work) {
        self.ledger.update_value(|ledger| ledger.begin(job, work));
        if work != Work::Restore {
            self.problem.set(None);
        }
        self.members.set(None);
        self.phase.set(Phase::Working(work, None, 0.0));
    }

    /// Whether the running training can be ended with what it has so far.
    pub fn may_stop(self) -> bool {
        match self.phase.get() {
            Phase::Working(Work::Train, Some(Step::Train), _) => {
                self.learning.with(|curve| !curve.is_empty())
            }
            Phase::Working(Work::Tune, ..) => self.tuned.with(Option::is_some),
            Phase::Working(Work::ByRows, step, _) => step == Some(Step::Train),
            _ => false,
        }
    }

    pub(super) fn ready(self, shards: u32) {
        self.n_shards.set(shards);
        if self.phase.get_untracked() == Phase::Starting {
            self.phase.set(Phase::Idle);
        }
    }

    pub(super) fn rest(self) {
        let has_looked = self.ledger.with_value(Ledger::work) == Some(Work::Look);
        self.ledger.update_value(Ledger::rest);
        self.phase.set(Phase::Idle);
        if has_looked {
            // Where it was cancelled or failed, what stood before stands.
            let shown = self.found.with(|found| found.as_ref().map(|found| found.eye));
            self.eye.set(shown.unwrap_or_default());
        }
    }

    /// Notes that a question was asked under this number.
    pub fn sent(self, job: JobId) {
        self.ledger.update_value(|ledger| ledger.sent(job));
    }

    /// Whether a question on a topic may be asked. An answer wakes the asker again.
    pub fn may_ask(self, topic: Topic) -> bool {
        self.ledger.with_value(|ledger| ledger.may_ask(topic))
    }

    /// Notes that a question on a topic was asked.
    pub fn asked(self, topic: Topic, job: JobId) {
        self.ledger.update_value(|ledger| ledger.asked(topic, job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Event;
    use crate::ui::recipe::Recipe;
    use crate::ui::session::tests::{detected, loaded, tell, with_table};

    #[test]
    fn the_state_follows_the_work() {
        Owner::new().with(|| {
            let session = Session::new(&Recipe::default());
            assert_eq!(session.state(), "starting");
            tell(session, 0, Event::Ready { shards: 2 });
            assert_eq!(session.state(), "empty");
            session.begin(JobId(1), Work::Load);
            assert_eq!(session.state(), "loading");
            tell(session, 1, loaded(4));
            assert_eq!(session.state(), "loaded");
            session.begin(JobId(2), Work::Detect);
            assert_eq!(session.state(), "detecting");
            tell(session, 2, detected(&[0.7, 0.4, 0.7, 0.5]));
            assert_eq!(session.state(), "detected");
            assert_eq!((session.flagged.get(), session.tied.get()), (2, 2));
            assert_eq!(session.selected_row.get(), Some(0));
        });
    }

    #[test]
    fn what_was_done_passes_and_what_was_refused_stays() {
        Owner::new().with(|| {
            let session = Session::new(&Recipe::default());
            let said = || session.remark.get().map(|remark| remark.said);
            session.saved("a.csv", true);
            assert_eq!(said().as_deref(), Some("a.csv is on its way to your downloads."));
            session.pass_over();
            assert_eq!(said(), None);
            session.saved("a.csv", false);
            session.pass_over();
            assert!(said().is_some_and(|said| said.contains("would not save")));
        });
    }

    #[test]
    fn an_old_jobs_answer_changes_nothing() {
        Owner::new().with(|| {
            let session = with_table();
            session.begin(JobId(2), Work::Detect);
            session.begin(JobId(3), Work::Detect);
            tell(session, 2, Event::Progress { step: Step::Grow, done: 0.9 });
            tell(session, 2, detected(&[0.9; 4]));
            tell(session, 2, Event::Failed(JobError::NoFeatures));
            tell(session, 2, Event::Cancelled);
            assert_eq!(session.phase.get(), Phase::Working(Work::Detect, None, 0.0));
            assert_eq!(session.found.get(), None);
        });
    }

    #[test]
    fn a_failure_loses_nothing() {
        Owner::new().with(|| {
            let session = with_table();
            session.begin(JobId(2), Work::Load);
            tell(session, 2, Event::Failed(JobError::EmptyFile));
            assert_eq!(session.state(), "failed");
            assert!(session.table.get().is_some());
            session.problem.set(None);
            assert_eq!(session.state(), "loaded");
        });
    }
}
