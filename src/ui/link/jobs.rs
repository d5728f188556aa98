//! The jobs the page asks for.

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::Link;
use crate::protocol::{Eye, Request, TrainSpec, TuneSpec, Verdict};
use crate::ui::outside;
use crate::ui::session::{Phase, Work};
use crate::ui::stage::Stage;

impl Link {
    /// Finds the odd rows with the settings that stand.
    pub fn detect(self) {
        let features = self.session.features.get_untracked().to_vec();
        let params = self.session.params.get_untracked();
        self.session.stage.set(Stage::Detect);
        let grow_on = untrack(|| self.session.wanted_rows());
        let verdicts = self.session.judgements.verdicts();
        let request = Request::Detect { features, params, grow_on, verdicts };
        self.job(&request, &[], Work::Detect);
    }

    /// Has the eye that is wanted look at the rows, if what stands is not what it sees.
    pub fn look(self) {
        let eye = self.session.eye.get();
        let is_idle = self.session.phase.get() == Phase::Idle;
        let shown = self.session.found.with(|found| found.as_ref().map(|found| found.eye));
        if is_idle && shown.is_some_and(|shown| shown != eye) {
            // All together come last, so that each is known by itself, too.
            let has_looked = |own: &Eye| {
                self.session.sights.with_untracked(|sights| sights.iter().any(|s| s.eye == *own))
            };
            let missing = Eye::OWN.into_iter().find(|own| !has_looked(own));
            let eye = missing.filter(|_| eye == Eye::Consensus).unwrap_or(eye);
            self.job(&Request::Look { eye }, &[], Work::Look);
        }
    }

    /// Says something about a row, or takes it back; all rows are scored anew.
    pub fn judge(self, row: u32, verdict: Option<Verdict>) {
        self.session.judgements.say(row, verdict);
        self.learn();
    }

    /// Says the same about several rows.
    pub fn judge_all(self, rows: &[u32], verdict: Verdict) {
        self.session.judgements.say_all(rows, verdict);
        self.learn();
    }

    /// Takes back all that was said about rows.
    pub fn forget_verdicts(self) {
        self.session.judgements.clear();
        self.learn();
    }

    fn learn(self) {
        self.sources.update_value(|sources| sources.judged = Some(outside::now()));
        let verdicts = self.session.judgements.verdicts();
        self.job(&Request::Judge { verdicts }, &[], Work::Judge);
    }

    /// Trains a model as the lesson says.
    pub fn train(self) {
        if let Some(spec) = self.lesson() {
            self.session.learn_afresh();
            self.session.stage.set(Stage::Classify);
            self.job(&Request::Train(Box::new(spec)), &[], Work::Train);
        }
    }

    /// Looks for the settings that do best on folds, for so many seconds at most.
    pub fn tune(self, seconds: f64) {
        if let Some(train) = self.lesson() {
            self.session.tune_afresh();
            self.job(&Request::Tune(Box::new(TuneSpec { train, seconds })), &[], Work::Tune);
        }
    }

    fn lesson(self) -> Option<TrainSpec> {
        let spec = self.with_profile(|_, profile| {
            untrack(|| self.session.lesson.get().spec(self.session, profile))
        });
        spec.flatten()
    }

    /// Trains again on parts of the rows.
    pub fn by_rows(self) {
        self.job(&Request::ByRows, &[], Work::ByRows);
    }

    /// Has baselines learn what the model has learnt.
    pub fn compare(self) {
        self.session.compare_afresh();
        self.job(&Request::Compare, &[], Work::Compare);
    }

    /// Drops the running job; of a training the rounds so far stay.
    pub fn cancel(self) {
        let is_enough = untrack(|| self.session.may_stop());
        self.send(if is_enough { &Request::Enough } else { &Request::Cancel }, &[]);
    }
}
