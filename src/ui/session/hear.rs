//! How the session learns what workers tell.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Phase, Problem, Session, Work};
use crate::protocol::{Envelope, Event, JobError};
use crate::ui::ledger::{Ledger, Topic};

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
                self.phase.set(Phase::Working(work, Some(step), done));
            }
            (Event::Progress { done, .. }, None) if is_view => self.viewing.set(Some(done)),
            (Event::Viewed(view), None) if is_view => {
                self.viewing.set(None);
                self.view.set(Arc::new(*view));
            }
            (Event::Loaded(loaded), Some(work)) => self.loaded(*loaded, work),
            (Event::Detected(found, _), Some(Work::Judge)) => self.judged(*found),
            (Event::Detected(found, timings), Some(Work::Look)) => {
                self.timings.set(timings);
                self.looked(*found);
            }
            (Event::Detected(found, timings), Some(_)) => {
                self.timings.set(timings);
                self.detected(*found);
            }
            (Event::Learning(rounds), Some(_)) => {
                self.learning.update(|curve| curve.extend(rounds));
            }
            (Event::Trained(trained, timings), Some(_)) => self.trained(*trained, &timings),
            (Event::Tuned(tuned), Some(_)) => self.tuned(*tuned),
            (Event::ByRows(curve), Some(_)) => self.learnt_by_rows(*curve),
            (Event::Recounted(trained), None) if is_recount => self.counted(Arc::new(*trained)),
            (Event::Votes(votes), None) if is_about_table => {
                self.votes.set(Some(Arc::new(*votes)));
            }
            (Event::Compared(compared), Some(_)) => {
                self.compared.update(|all| all.push(*compared));
            }
            (Event::Exported(_) | Event::ComparedAll | Event::Cancelled, Some(_)) => self.rest(),
            (Event::Asks(members), Some(_)) => {
                self.members.set(Some(members));
                self.rest();
            }
            (Event::Rows(rows), None) if is_about_table => {
                let rows = rows.into_iter().map(|text| (text.row, text));
                self.rows.update(|known| known.extend(rows));
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
                self.viewing.set(None);
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
                self.reasons.update(|known| known.extend(reasons));
            }
            Event::Cases(cases) => {
                self.cases.set(Some(Arc::new(*cases)));
            }
            Event::Steadiness(bands) => {
                self.bands.update(|known| known.extend(bands.into_iter().map(|b| (b.row, b))));
            }
            Event::Similar(similar) => {
                self.similar.set(Some(Arc::new(*similar)));
            }
            Event::Drift(drift) => {
                self.drift.set(Some(Arc::new(*drift)));
            }
            Event::Positions(positions) => {
                self.positions.set(Some(Arc::new(*positions)));
            }
            Event::Entities(entities) => {
                self.entities.set(Some(Arc::new(*entities)));
            }
            Event::Inspected(inspection) => {
                self.inspection.set(Some(Arc::new(*inspection)));
            }
            Event::Counterfactual(found) => {
                self.counterfactual.set(Some(Arc::new(*found)));
            }
            Event::Grid(grid) => {
                self.grids.update(|grids| grids.push(*grid));
            }
            Event::Failed(error) => self.problem.set(Some(Problem { error, work: None })),
            _ => return false,
        }
        true
    }
}
