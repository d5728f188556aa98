//! What training, and what is asked of a model, comes to.

use std::sync::Arc;

use super::Session;
use crate::protocol::{ByRows, Timing, Trained, TuneEnding, Tuned};

impl Session {
    /// Forgets the rounds of the training before.
    pub fn learn_afresh(self) {
        self.learning.set(Vec::new());
    }

    /// Forgets what Tune found before.
    pub fn tune_afresh(self) {
        self.tuned.set(None);
    }

    /// Forgets what baselines came to before.
    pub fn compare_afresh(self) {
        self.compared.set(Vec::new());
    }

    pub(super) fn trained(self, trained: Trained, timings: &[Timing]) {
        let fit = timings.iter().filter(|timing| timing.name == "boost.fit");
        self.trained_in.set(fit.map(|timing| timing.duration).sum::<f64>() / 1e3);
        self.votes.set(None);
        self.by_rows.set(None);
        self.compared.set(Vec::new());
        let trained = Arc::new(trained);
        // What shows the model before goes first.
        self.model.set(Some(trained.clone()));
        self.counted(trained);
        self.rest();
    }

    /// What Tune knows by now, or in the end.
    pub(super) fn tuned(self, tuned: Tuned) {
        let is_over = tuned.ending != TuneEnding::Runs;
        self.tuned.set(Some(Arc::new(tuned)));
        if is_over {
            self.rest();
        }
    }

    pub(super) fn learnt_by_rows(self, curve: ByRows) {
        self.by_rows.set(Some(Arc::new(curve)));
        self.rest();
    }

    /// The votes of a model are counted.
    pub(super) fn counted(self, trained: Arc<Trained>) {
        self.n_counts.update(|n| *n += 1);
        self.trained.set(Some(trained));
    }

    pub(super) fn forget_model(self) {
        self.model.set(None);
        self.trained.set(None);
        self.tuned.set(None);
        self.by_rows.set(None);
        self.compared.set(Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use leptos::prelude::*;

    use super::*;
    use crate::protocol::{
        Baseline, BoostParams, ClassesBy, Compared, Counting, Event, Eyes, JobError, JobId,
        SplitBy, TrainSpec, TuneSpec, Weights,
    };
    use crate::ui::ledger::Topic;
    use crate::ui::session::Work;
    use crate::ui::session::tests::{loaded, tell, trained, with_table};

    #[test]
    fn votes_that_are_counted_anew_are_of_the_model_that_stands() {
        Owner::new().with(|| {
            let session = with_table();
            session.begin(JobId(2), Work::Train);
            tell(session, 2, Event::Trained(trained([0, 1, 0, 1]), vec![]));
            let said = || session.trained.with(|t| t.as_ref().map(|t| t.predicted.to_vec()));
            let model = session.model.get();
            assert_eq!((said(), model.is_some()), (Some(vec![0, 1, 0, 1]), true));
            session.asked(Topic::Recount, JobId(3));
            tell(session, 3, Event::Recounted(trained([1, 1, 1, 1])));
            // What training left stays: what is made of it need not be made anew.
            assert_eq!((said(), session.model.get()), (Some(vec![1; 4]), model));
            assert!(session.may_ask(Topic::Recount));
            let n_counts = session.n_counts.get();
            session.asked(Topic::Recount, JobId(4));
            session.begin(JobId(5), Work::Load);
            tell(session, 5, loaded(4));
            tell(session, 4, Event::Recounted(trained([0; 4])));
            assert_eq!((said(), session.n_counts.get()), (None, n_counts));
            assert!(session.may_ask(Topic::Recount) && session.model.get().is_none());
        });
    }

    #[test]
    fn tune_tells_what_it_knows_until_it_ends() {
        let tuned = |n_fits, ending| {
            let train = TrainSpec {
                target: 2,
                classes: ClassesBy::default(),
                features: vec![0],
                split: SplitBy::Folds { k: 2 },
                params: BoostParams::default(),
                weights: Weights::default(),
                holds_out: false,
                eyes: Eyes::default(),
                counting: Counting::default(),
                seed: 7,
            };
            let spec = TuneSpec { train, seconds: 10.0 };
            let (tried, n_rows) = (Vec::new(), (4, 4));
            let (best, chosen) = (None, None);
            let told = Tuned { spec, tried, n_folds: 2, n_rows, best, chosen, n_fits, ending };
            Event::Tuned(Box::new(told))
        };
        let n_fits = |session: Session| session.tuned.get().map(|tuned| tuned.n_fits);
        Owner::new().with(|| {
            let session = with_table();
            session.begin(JobId(2), Work::Tune);
            assert!(!session.may_stop(), "there is nothing yet to end with");
            tell(session, 2, tuned(1, TuneEnding::Runs));
            assert_eq!((session.state(), session.may_stop()), ("training", true));
            assert_eq!(n_fits(session), Some(1));
            tell(session, 2, tuned(2, TuneEnding::Stopped));
            assert_eq!((session.state(), n_fits(session)), ("loaded", Some(2)));
            // A late word of a job that is over is none.
            tell(session, 2, tuned(9, TuneEnding::Runs));
            assert_eq!(n_fits(session), Some(2));
            session.begin(JobId(3), Work::ByRows);
            tell(session, 3, Event::ByRows(Box::new(ByRows { points: vec![] })));
            assert!(session.by_rows.get().is_some() && session.state() == "loaded");
            session.begin(JobId(4), Work::Load);
            tell(session, 4, loaded(4));
            assert!(session.tuned.get().is_none() && session.by_rows.get().is_none());
        });
    }

    #[test]
    fn baselines_come_one_by_one_and_go_with_the_table() {
        Owner::new().with(|| {
            let compared = |baseline, seconds| {
                let outcome = Err(JobError::NoFeatures);
                Event::Compared(Box::new(Compared { baseline, outcome, seconds }))
            };
            let told = |session: Session| {
                session.compared.with(|all| all.iter().map(|it| it.baseline).collect::<Vec<_>>())
            };
            let session = with_table();
            session.begin(JobId(2), Work::Compare);
            tell(session, 2, compared(Baseline::Stump, 1.0));
            tell(session, 1, compared(Baseline::Tree, 1.0));
            tell(session, 2, compared(Baseline::Majority, 2.0));
            assert_eq!(told(session), [Baseline::Stump, Baseline::Majority]);
            assert_eq!(session.state(), "training");
            tell(session, 2, Event::Cancelled);
            assert_eq!(session.state(), "loaded");
            assert_eq!(told(session).len(), 2, "those that were done stay");
            session.begin(JobId(3), Work::Load);
            tell(session, 3, loaded(4));
            assert!(told(session).is_empty());
        });
    }
}
