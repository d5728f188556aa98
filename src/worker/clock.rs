//! Where the time of a job goes.

use super::time::shared_now;
use crate::protocol::{Step, Timing};

/// Takes the time of a job's steps.
#[derive(Debug)]
pub(super) struct Clock {
    steps: Vec<(Step, f64)>,
    begun: f64,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { steps: Vec::new(), begun: shared_now() }
    }

    /// Notes the step a job is at.
    pub(super) fn at(&mut self, step: Step) {
        if self.steps.last().is_none_or(|&(last, _)| last != step) {
            self.steps.push((step, shared_now()));
        }
    }

    /// How long each step took; names as in the page's measures. The first began with the job,
    /// the last ends now.
    pub(super) fn timings(&self) -> Vec<Timing> {
        let mut timings = Vec::new();
        for (i, &(step, at)) in self.steps.iter().enumerate() {
            let start = if i == 0 { self.begun } else { at };
            let end = self.steps.get(i + 1).map_or_else(shared_now, |&(_, next)| next);
            for name in measures(step) {
                timings.push(Timing { name: (*name).to_owned(), start, duration: end - start });
            }
        }
        timings
    }
}

/// The measures that a step of a job is part of. Reading and parsing go hand in hand: while one
/// piece is parsed, the next is read.
fn measures(step: Step) -> &'static [&'static str] {
    match step {
        Step::Unpack => &["load.unpack"],
        Step::Read => &["load.read", "load.parse"],
        Step::Profile => &["load.profile"],
        Step::Grow => &["forest.fit"],
        Step::Score => &["forest.score"],
        Step::Prepare => &["boost.prepare"],
        Step::Add => &["boost.eyes"],
        Step::Train => &["boost.fit"],
        Step::Classify => &["boost.score"],
        Step::Judge => &["boost.judge"],
        Step::Explain => &["forest.explain"],
        Step::Write => &["export.write"],
        Step::Select => &["view.select"],
    }
}
