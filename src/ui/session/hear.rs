//! How the session learns what workers tell.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::{Phase, Problem, REMEMBERED, Session, Wishes, Work};
use crate::protocol::{
    ByRows, Envelope, Event, Eye, Found, JobError, Loaded, Timing, Trained, TuneEnding, Tuned, View,
};
use crate::ui::cache::{Grids, RowCache};
use crate::ui::ledger::{Ledger, Topic};
use crate::ui::lens::{GrowOn, file_column};
use crate::ui::recipe::AxisChoice;
use crate::ui::triage;

impl Session {
    /// Turns an event of the conductor into what the page shows, and says whether it did.
    pub fn apply(self, Envelope { job, body }: Envelope<Event>) -> bool {
        let work = self.ledger.with_value(|ledger| ledger.work_of(job));
        let is_about_table = self.ledger.with_value(|ledger| ledger.is_about_table(job));
        let is_about_scores = self.ledger.with_value(|ledger| ledger.is_about_scores(job));
        let is_recount = self.ledger.with_value(|ledger| ledger.is_asking(Topic::Recount, job));
        let is_view = self.ledger.with_value(|ledger| ledger.is_asking(Topic::View, job));
        if !matches!(body, Event::Progress { .. } | Event::Learning(_) | Event::Compared(_)) {
            self.ledger.update_value(|ledger| ledger.answered(job));
        }
        match (body, work) {
            (Event::Ready { shards, .. }, _) => self.ready(shards),
            (Event::Progress { step, done }, Some(work)) => {
                self.set_phase.set(Phase::Working(work, Some(step), done));
            }
            (Event::Progress { done, .. }, None) if is_view => self.set_viewing.set(Some(done)),
            (Event::Viewed(view), None) if is_view => {
                self.set_viewing.set(None);
                self.set_view.set(Arc::new(*view));
            }
            (Event::Loaded(loaded), Some(work)) => self.loaded(*loaded, work),
            (Event::Detected(found, _), Some(Work::Judge)) => self.judged(*found),
            (Event::Detected(found, timings), Some(Work::Look)) => {
                self.set_timings.set(timings);
                self.looked(*found);
            }
            (Event::Detected(found, timings), Some(_)) => {
                self.set_timings.set(timings);
                self.detected(*found);
            }
            (Event::Learning(rounds), Some(_)) => {
                self.set_learning.update(|curve| curve.extend(rounds));
            }
            (Event::Trained(trained, timings), Some(_)) => self.trained(*trained, &timings),
            (Event::Tuned(tuned), Some(_)) => self.tuned(*tuned),
            (Event::ByRows(curve), Some(_)) => self.learnt_by_rows(*curve),
            (Event::Recounted(trained), None) if is_recount => self.counted(Arc::new(*trained)),
            (Event::Votes(votes), None) if is_about_table => {
                self.set_votes.set(Some(Arc::new(*votes)));
            }
            (Event::Compared(compared), Some(_)) => {
                self.set_compared.update(|all| all.push(*compared));
            }
            (Event::Exported(_) | Event::ComparedAll | Event::Cancelled, Some(_)) => self.rest(),
            (Event::Asks(members), Some(_)) => {
                self.members.set(Some(members));
                self.rest();
            }
            (Event::Rows(rows), None) if is_about_table => {
                let rows = rows.into_iter().map(|text| (text.row, text));
                self.set_rows.update(|known| known.extend(rows));
            }
            (Event::Previewed(preview), None) if is_about_table => self.draft.show(*preview),
            (Event::Failed(error @ JobError::WorkerDied { .. }), _) => {
                let work = self.ledger.with_value(Ledger::work);
                self.ledger.update_value(Ledger::died);
                self.problem.set(Some(Problem { error, work }));
                self.rest();
            }
            (Event::Failed(error), Some(work)) => {
                self.problem.set(Some(Problem { error, work: Some(work) }));
                self.rest();
            }
            (Event::Failed(error), None) if is_view => {
                self.set_viewing.set(None);
                self.problem.set(Some(Problem { error, work: None }));
            }
            (body, None) if is_about_scores => return self.hear_of_scores(body),
            // Of an overtaken job, or an answer about an older table.
            _ => return false,
        }
        true
    }

    /// Turns an answer about the scores that stand into what the page shows, and says whether it did.
    fn hear_of_scores(self, body: Event) -> bool {
        match body {
            Event::Reasons(reasons) => {
                let reasons = reasons.into_iter().map(|told| (told.row, told));
                self.set_reasons.update(|known| known.extend(reasons));
            }
            Event::Cases(cases) => {
                self.set_cases.set(Some(Arc::new(*cases)));
            }
            Event::Steadiness(bands) => {
                self.set_bands.update(|known| known.extend(bands.into_iter().map(|b| (b.row, b))));
            }
            Event::Similar(similar) => {
                self.set_similar.set(Some(Arc::new(*similar)));
            }
            Event::Drift(drift) => {
                self.set_drift.set(Some(Arc::new(*drift)));
            }
            Event::Positions(positions) => {
                self.set_positions.set(Some(Arc::new(*positions)));
            }
            Event::Entities(entities) => {
                self.set_entities.set(Some(Arc::new(*entities)));
            }
            Event::Inspected(inspection) => {
                self.set_inspection.set(Some(Arc::new(*inspection)));
            }
            Event::Counterfactual(found) => {
                self.set_counterfactual.set(Some(Arc::new(*found)));
            }
            Event::Grid(grid) => {
                self.set_grids.update(|grids| grids.push(*grid));
            }
            Event::Failed(error) => self.problem.set(Some(Problem { error, work: None })),
            _ => return false,
        }
        true
    }

    /// Forgets the table, when even its second reading failed.
    pub fn forget_table(self) {
        self.forget_answers();
        self.set_sights.set(Vec::new());
        self.set_found.set(None);
        self.forget_model();
        self.set_table.set(None);
    }

    fn ready(self, shards: u32) {
        self.set_n_shards.set(shards);
        if self.phase.get_untracked() == Phase::Starting {
            self.set_phase.set(Phase::Idle);
        }
    }

    fn rest(self) {
        let has_looked = self.ledger.with_value(Ledger::work) == Some(Work::Look);
        self.ledger.update_value(Ledger::rest);
        self.set_phase.set(Phase::Idle);
        if has_looked {
            // Where it was cancelled or failed, what stood before stands.
            let shown = self.found.with(|found| found.as_ref().map(|found| found.eye));
            self.eye.set(shown.unwrap_or_default());
        }
    }

    fn loaded(self, loaded: Loaded, work: Work) {
        self.ledger.update_value(Ledger::table_changed);
        self.forget_answers();
        self.set_rows.set(RowCache::new(REMEMBERED));
        self.set_sights.set(Vec::new());
        self.set_found.set(None);
        self.forget_model();
        self.set_votes.set(None);
        self.set_learning.set(Vec::new());
        self.set_view.set(Arc::new(View::whole()));
        self.set_viewing.set(None);
        let lens = self.lens.get_untracked().for_table(&loaded.profile);
        if self.lens.with_untracked(|there| *there != lens) {
            self.lens.set(lens);
        }
        // A role that was given to a column of another table, or that is the usual one, is none.
        self.roles.update(|roles| {
            roles.retain(|name, role| {
                loaded.profile.columns.iter().any(|c| c.name == *name && c.role != *role)
            });
        });
        for axis in [self.axes.0, self.axes.1] {
            let is_elsewhere = |name: &str| {
                !name.is_empty()
                    && !name.starts_with('~')
                    && loaded.profile.columns.iter().all(|c| c.name != name)
            };
            if axis.with_untracked(|axis| axis.name.as_deref().is_some_and(is_elsewhere)) {
                axis.set(AxisChoice::default());
            }
        }
        let is_one_file = file_column(&loaded.profile).is_none();
        if is_one_file && self.grow_on.with_untracked(|rows| matches!(rows, GrowOn::File(_))) {
            self.grow_on.set(GrowOn::All);
        }
        self.overrides.with_untracked(|holds| self.draft.begin(holds));
        self.judgements.said.set(BTreeMap::new());
        self.set_table.set(Some(Arc::new(loaded)));
        if work == Work::Load {
            self.problem.set(None);
        }
        self.rest();
    }

    fn detected(self, found: Found) {
        self.forget_answers();
        let row = self.fulfil(&found);
        self.selected_row.set(row.or_else(|| found.ranking.first().copied()));
        self.set_sights.set(Vec::new());
        // A map goes with the scores it was made of, and a box on it with the map.
        if self.lens.with_untracked(|lens| lens.within.is_some()) {
            self.lens.update(|lens| lens.within = None);
        }
        self.stand(found);
        self.rest();
    }

    fn trained(self, trained: Trained, timings: &[Timing]) {
        let fit = timings.iter().filter(|timing| timing.name == "boost.fit");
        self.set_trained_in.set(fit.map(|timing| timing.duration).sum::<f64>() / 1e3);
        self.set_votes.set(None);
        self.set_by_rows.set(None);
        self.set_compared.set(Vec::new());
        let trained = Arc::new(trained);
        // What shows the model before goes first.
        self.set_model.set(Some(trained.clone()));
        self.counted(trained);
        self.rest();
    }

    /// What Tune knows by now, or in the end.
    fn tuned(self, tuned: Tuned) {
        let is_over = tuned.ending != TuneEnding::Runs;
        self.set_tuned.set(Some(Arc::new(tuned)));
        if is_over {
            self.rest();
        }
    }

    fn learnt_by_rows(self, curve: ByRows) {
        self.set_by_rows.set(Some(Arc::new(curve)));
        self.rest();
    }

    /// The votes of a model are counted.
    fn counted(self, trained: Arc<Trained>) {
        self.set_n_counts.update(|n| *n += 1);
        self.set_trained.set(Some(trained));
    }

    fn forget_model(self) {
        self.set_model.set(None);
        self.set_trained.set(None);
        self.set_tuned.set(None);
        self.set_by_rows.set(None);
        self.set_compared.set(Vec::new());
    }

    /// What another eye sees: who looks at a row goes on to look at it.
    fn looked(self, found: Found) {
        let row = self.selected_row.get_untracked();
        self.forget_answers();
        self.selected_row.set(self.fulfil(&found).or(row));
        self.stand(found);
        // It may have been one on the way to all of them.
        let wanted = self.eye.get_untracked();
        self.rest();
        self.eye.set(wanted);
    }

    /// Puts the threshold where the address wishes it, and returns the row that it wishes to look at;
    /// wishes wait for the eye that they are about.
    fn fulfil(self, found: &Found) -> Option<u32> {
        let take = |wishes: &mut Wishes| (wishes.threshold.take(), wishes.row.take());
        let is_meant = self.eye.get_untracked() == found.eye;
        let wishes = is_meant.then(|| self.wishes.try_update_value(take)).flatten();
        let (threshold, row) = wishes.unwrap_or_default();
        self.threshold.set(threshold.unwrap_or_else(|| triage::default_threshold(found)));
        row.filter(|&row| row < triage::n_rows(found))
    }

    /// Scores stand, beside those of other eyes.
    fn stand(self, found: Found) {
        let found = Arc::new(found);
        self.set_sights.update(|sights| {
            sights.retain(|there| there.eye != found.eye);
            sights.push(found.clone());
            sights.sort_unstable_by_key(|there| there.eye);
        });
        self.set_found.set(Some(found));
    }

    /// New scores after a verdict: who looks at a row goes on to look at it, and the line stands where
    /// it was put.
    fn judged(self, found: Found) {
        let threshold = self.threshold.get_untracked();
        let row = self.selected_row.get_untracked();
        let moved = self.found.with_untracked(|before| {
            let before = before.as_ref()?;
            let is_usual = threshold == triage::default_threshold(before);
            let usual = triage::default_threshold(&found);
            let now = if is_usual { usual } else { threshold };
            Some((now, triage::moved(before, threshold, &found, now)))
        });
        self.forget_answers();
        if let Some((threshold, moved)) = moved {
            self.threshold.set(threshold);
            self.judgements.moved.set(Some(moved));
        }
        self.selected_row.set(row);
        // The forest has learnt; what it sees now is asked for when it is wanted.
        self.set_sights.update(|sights| {
            sights.retain(|there| !matches!(there.eye, Eye::Forest | Eye::Consensus));
        });
        self.stand(found);
        self.rest();
    }

    /// Forgets what was answered about earlier scores.
    fn forget_answers(self) {
        self.ledger.update_value(Ledger::scores_changed);
        self.selected_row.set(None);
        self.set_reasons.set(RowCache::new(REMEMBERED));
        self.judgements.moved.set(None);
        self.because.set(Vec::new());
        self.set_cases.set(None);
        self.set_bands.set(RowCache::new(REMEMBERED));
        self.set_similar.set(None);
        self.set_drift.set(None);
        self.set_positions.set(None);
        self.set_entities.set(None);
        self.set_inspection.set(None);
        self.set_counterfactual.set(None);
        self.set_grids.set(Grids::default());
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::protocol::{
        Baseline, BoostParams, ClassesBy, ColumnProfile, ColumnType, Compared, Counting, Dialect,
        Ending, Entities, EntitySpec, Eyes, JobId, Leakage, LineEnd, Profile, Reading, Role,
        RoleReason, RowText, Selection, SplitBy, Step, TrainSpec, TuneSpec, ViewSpec, Weights,
    };
    use crate::ui::recipe::Recipe;
    use crate::ui::triage::tests::found;

    /// A table of three columns of whole numbers: `a`, `b`, `c`.
    pub(crate) fn loaded(n_rows: u32) -> Event {
        let column = |name: &str, role| ColumnProfile {
            name: name.to_owned(),
            kind: ColumnType::Integer,
            role,
            reason: RoleReason::Varies,
            n_missing: 0,
            n_distinct: 9,
            values: None,
            quantile_codes: false,
            reading: Reading::plain(ColumnType::Integer),
            help: None,
            known_values: vec![],
        };
        let dialect =
            Dialect { quote: None, n_header_lines: 1, line_end: LineEnd::Lf, ..Dialect::default() };
        Event::Loaded(Box::new(Loaded {
            name: "a.csv".to_owned(),
            origins: Vec::new(),
            profile: Profile {
                n_bytes: 1,
                n_rows,
                columns: vec![
                    column("a", Role::Feature),
                    column("b", Role::Ignore),
                    column("c", Role::Feature),
                ],
                dialect,
                schema: None,
                schema_evidence: String::new(),
                missing: Vec::new(),
                evidence: vec![],
                sample: None,
                notices: vec![],
            },
            timings: vec![],
        }))
    }

    pub(crate) fn tell(session: Session, job: u32, body: Event) {
        session.apply(Envelope { job: JobId(job), body });
    }

    /// A session with a table, loaded as job 1.
    pub(crate) fn with_table() -> Session {
        let session = Session::new(&Recipe::default());
        tell(session, 0, Event::Ready { shards: 2 });
        session.begin(JobId(1), Work::Load);
        tell(session, 1, loaded(4));
        session
    }

    fn detected(scores: &[f64]) -> Event {
        Event::Detected(Box::new(found(scores, Some(0.6))), vec![])
    }

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
    fn rows_of_an_older_table_are_not_taken() {
        Owner::new().with(|| {
            let row = || RowText { row: 0, line: 1, cells: vec![], text: String::new() };
            let session = with_table();
            session.asked(Topic::Rows, JobId(2));
            session.begin(JobId(3), Work::Load);
            tell(session, 3, loaded(4));
            assert!(session.may_ask(Topic::Rows));
            tell(session, 2, Event::Rows(vec![row()]));
            assert_eq!(session.rows.with(|rows| rows.missing([0])), [0]);
            session.asked(Topic::Rows, JobId(4));
            tell(session, 4, Event::Rows(vec![row()]));
            assert_eq!(session.rows.with(|rows| rows.missing([0])), [0_u32; 0]);
        });
    }

    #[test]
    fn only_the_latest_view_is_shown_and_none_of_an_older_table() {
        Owner::new().with(|| {
            let session = with_table();
            let view = |rows: Vec<u32>| {
                let spec = ViewSpec::default();
                Event::Viewed(Box::new(View { spec, rows: Some(rows.into()) }))
            };
            let n_shown = || session.view.with(|view| view.n_shown(4));
            session.asked(Topic::View, JobId(2));
            session.asked(Topic::View, JobId(3));
            tell(session, 3, Event::Progress { step: Step::Select, done: 0.5 });
            assert_eq!(session.viewing.get(), Some(0.5));
            tell(session, 2, view(vec![1]));
            assert_eq!((n_shown(), session.viewing.get()), (4, Some(0.5)));
            tell(session, 3, view(vec![1, 3]));
            assert_eq!((n_shown(), session.viewing.get()), (2, None));
            session.asked(Topic::View, JobId(4));
            session.begin(JobId(5), Work::Load);
            tell(session, 5, loaded(4));
            tell(session, 4, view(vec![]));
            assert_eq!(n_shown(), 4);
        });
    }

    #[test]
    fn who_takes_part_is_forgotten_with_the_scores() {
        Owner::new().with(|| {
            let entities = || {
                let spec = EntitySpec {
                    column: 0,
                    of: Selection::default(),
                    threshold: 0.6,
                    time: None,
                    most: 9,
                    from: 0,
                };
                let (n_entities, n_flagged, n_missing, n_missing_flagged) = (0, 0, 4, 1);
                let entities = vec![];
                Event::Entities(Box::new(Entities {
                    spec,
                    n_entities,
                    n_flagged,
                    n_missing,
                    n_missing_flagged,
                    entities,
                }))
            };
            let session = with_table();
            session.begin(JobId(2), Work::Detect);
            tell(session, 2, detected(&[0.7, 0.4, 0.7, 0.5]));
            session.asked(Topic::Entities, JobId(3));
            assert!(!session.may_ask(Topic::Entities));
            tell(session, 3, entities());
            assert!(session.may_ask(Topic::Entities) && session.entities.get().is_some());
            session.asked(Topic::Entities, JobId(4));
            session.begin(JobId(5), Work::Judge);
            tell(session, 5, detected(&[0.4, 0.4, 0.7, 0.5]));
            tell(session, 4, entities());
            assert!(session.may_ask(Topic::Entities) && session.entities.get().is_none());
        });
    }

    /// A model of two classes that says so of four rows.
    pub(crate) fn trained(predicted: [u8; 4]) -> Box<Trained> {
        Box::new(Trained {
            spec: TrainSpec {
                target: 1,
                classes: ClassesBy::Values,
                features: vec![0, 2],
                split: SplitBy::Random { share: 0.5 },
                params: BoostParams::default(),
                weights: Weights::Alike,
                holds_out: false,
                eyes: Eyes::default(),
                seed: 7,
                counting: Counting::default(),
            },
            classes: vec!["x".to_owned(), "y".to_owned()],
            n_train: vec![1, 1],
            n_unlabelled: 0,
            n_rounds: 1,
            ending: Ending::AllRounds,
            curve: vec![],
            watched: None,
            notes: vec![],
            added: vec![],
            helped: None,
            judged: vec![],
            columns: vec![],
            leakage: Leakage::default(),
            applied: None,
            predicted: predicted.to_vec().into(),
            margins: vec![0.5; 4].into(),
            truth: vec![0, 1, 0, 1].into(),
            line: 0.0,
            reach: 1.0,
            unmuted: vec![],
            cheapest: None,
        })
    }

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

    #[test]
    fn roles_and_axes_of_another_table_are_dropped() {
        Owner::new().with(|| {
            let hash = "x=gone&y=c&role.a=ignore&role.b=ignore&role.z=label&threshold=0.45&row=2";
            let session = Session::new(&Recipe::parse(hash).0);
            let kept = "threshold=0.45&row=2&x=gone&y=c&role.a=ignore&role.b=ignore&role.z=label";
            assert_eq!(session.recipe().format(), kept);
            session.begin(JobId(1), Work::Load);
            tell(session, 1, loaded(4));
            assert_eq!(*session.features.get(), [2]);
            session.begin(JobId(2), Work::Detect);
            tell(session, 2, detected(&[0.7, 0.4, 0.5, 0.5]));
            assert_eq!((session.flagged.get(), session.selected_row.get()), (3, Some(2)));
            assert_eq!(session.recipe().format(), "threshold=0.45&row=2&y=c&role.a=ignore");
        });
    }
}
