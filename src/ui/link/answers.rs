//! What follows from what the conductor says.

use leptos::prelude::*;
use web_sys::Blob;

use super::{Link, Sources};
use crate::protocol::{Envelope, Event, JobError, Timing};
use crate::ui::outside;
use crate::ui::session::Work;
use crate::ui::stage::Stage;

impl Link {
    pub(super) fn on_event(self, envelope: Envelope<Event>, blob: Option<Blob>) {
        enum After {
            Nothing,
            Loaded(Vec<Timing>),
            Detected(Vec<Timing>),
            Cases,
            Counted,
            Trained(Vec<Timing>),
            Exported(Vec<Timing>),
            Failed,
        }
        let after = match &envelope.body {
            Event::Loaded(loaded) => After::Loaded(loaded.timings.clone()),
            Event::Detected(_, timings) => After::Detected(timings.clone()),
            Event::Exported(timings) => After::Exported(timings.clone()),
            Event::Cases(_) => After::Cases,
            Event::Recounted(_) => After::Counted,
            Event::Trained(_, timings) => After::Trained(timings.clone()),
            Event::Failed(_) => After::Failed,
            _ => After::Nothing,
        };
        if !self.session.apply(envelope) {
            return;
        }
        match after {
            After::Nothing => {}
            After::Loaded(timings) => self.on_loaded(timings),
            After::Detected(timings) => {
                let detail = self.detail();
                outside::measure_all(&timings, &detail);
                let judged = self.sources.try_update_value(|sources| sources.judged.take());
                if let Some(given) = judged.flatten() {
                    let measure = move || {
                        outside::measure("verdict.update", given, outside::now(), &detail);
                    };
                    outside::after_paint(measure);
                }
            }
            After::Cases => {
                let asked = self.sources.with_value(|sources| sources.cases);
                outside::measure("forest.cases", asked, outside::now(), &self.detail());
            }
            After::Counted => self.on_counted(),
            After::Trained(timings) => {
                self.sources.update_value(|sources| sources.counting = None);
                outside::measure_all(&timings, &self.detail());
                let again = |sources: &mut Sources| std::mem::take(&mut sources.scores_again);
                if self.sources.try_update_value(again) == Some(true) {
                    self.detect();
                    self.session.stage.set(Stage::Classify);
                }
            }
            After::Exported(timings) => {
                outside::measure_all(&timings, &self.detail());
                self.save(blob.as_ref());
            }
            After::Failed => self.recover(),
        }
    }

    fn on_loaded(self, timings: Vec<Timing>) {
        let mut given = 0.0;
        self.sources.update_value(|sources| {
            sources.standing = sources.pending.take();
            given = sources.given;
        });
        self.session.table.with_untracked(|table| {
            if let Some(table) = table {
                self.session.judgements.open(table);
            }
        });
        if let Some(name) = self.sources.try_update_value(|it| it.baseline.take()).flatten() {
            self.session.judge_against(&name);
        }
        let test = self.sources.try_update_value(|it| it.test.take()).flatten();
        let is_to_train = test.as_ref().is_some_and(|(_, has_model)| *has_model);
        if let Some((name, _)) = test {
            self.session.lesson.update(|lesson| lesson.test_on(name));
            self.session.stage.set(Stage::Classify);
        }
        let detail = self.detail();
        outside::measure_all(&timings, &detail);
        outside::after_paint(move || outside::measure("load", given, outside::now(), &detail));
        if is_to_train {
            self.train();
        }
        // An address that shows results is opened to see them again. Not so after a worker died:
        // what killed it may kill the next one too.
        let stage = self.session.stage.get_untracked();
        let is_fresh = self.session.problem.with_untracked(Option::is_none);
        if is_fresh && matches!(stage, Stage::Detect | Stage::Export) {
            self.detect();
            self.session.stage.set(stage);
        }
    }

    /// Votes are counted otherwise: measures how long that took to be seen.
    fn on_counted(self) {
        let asked = self.sources.try_update_value(|sources| sources.counting.take()).flatten();
        if let Some((_, asked)) = asked {
            let detail = self.detail();
            outside::after_paint(move || {
                outside::measure("line.update", asked, outside::now(), &detail);
            });
        }
    }

    /// After a worker died its tables are gone; the file is still at hand, so it is read again.
    /// Once: a file that brings the workers down twice is given up.
    fn recover(self) {
        let Some(problem) = self.session.problem.get_untracked() else { return };
        let has_died = matches!(problem.error, JobError::WorkerDied { .. });
        let standing = self.sources.with_value(|sources| sources.standing.clone());
        match (problem.work, standing) {
            (Some(Work::Restore), _) => {
                self.sources.set_value(Sources::default());
                self.session.forget_table();
            }
            (_, Some(source)) if has_died => self.read(source, Work::Restore),
            _ => {}
        }
    }
}
