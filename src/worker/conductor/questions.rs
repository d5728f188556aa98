//! Questions about what stands.

use std::rc::Rc;

use super::{
    super::{clock::Clock, desk::Desk},
    Conductor,
};
use crate::{
    cluster::{
        JobError,
        conductor::{self, Detection},
    },
    protocol::{Event, GridSpec, JobId, Request, ViewSpec},
};

impl Conductor {
    /// Answers a question about what stands.
    pub(super) async fn reply(&self, question: Request) -> Result<Event, JobError> {
        Ok(match question {
            Request::Preview { overrides } => self.preview(&overrides).await?,
            Request::Recount(counting) => self.recount(*counting).await?,
            Request::Votes { row } => self.votes(row).await?,
            Request::Rows { rows } => {
                let (table, mut desk) = self.table()?;
                Event::Rows(conductor::rows(&mut desk, &table, &rows).await?)
            }
            Request::Reasons { rows } => {
                let (table, detection, mut desk) = self.scored()?;
                Event::Reasons(conductor::reasons(&mut desk, &table, &detection, &rows).await?)
            }
            Request::Steadiness { rows } => self.steadiness(&rows).await?,
            Request::Similar { row, n } => self.similar(row, n).await?,
            Request::Cases(spec) => {
                let (table, detection, mut desk) = self.scored()?;
                let cases = conductor::cases(&mut desk, &table, &detection, spec).await;
                self.if_standing(&detection, cases.map(|cases| Event::Cases(Box::new(cases))))?
            }
            Request::Entities(spec) => {
                let (table, detection, mut desk) = self.scored()?;
                let entities = conductor::entities(&mut desk, &table, &detection, spec).await?;
                Event::Entities(Box::new(entities))
            }
            Request::Drift { baseline, columns } => {
                let (table, mut desk) = self.table()?;
                let drift = conductor::drift(&mut desk, &table, baseline, &columns).await?;
                Event::Drift(Box::new(drift))
            }
            Request::Inspect { row } => {
                let (table, detection, mut desk) = self.scored()?;
                let inspection = conductor::inspect(&mut desk, &table, &detection, row).await?;
                Event::Inspected(Box::new(inspection))
            }
            Request::Counterfactual { row, threshold } => {
                let (table, detection, mut desk) = self.scored()?;
                let found =
                    conductor::counterfactual(&mut desk, &table, &detection, row, threshold)
                        .await?;
                Event::Counterfactual(Box::new(found))
            }
            Request::Grid(spec) => self.grid(spec).await?,
            Request::Positions { rows, columns } => self.positions(rows, columns).await?,
            // Jobs are answered elsewhere; what is no question and no job has no answer.
            _ => Event::Cancelled,
        })
    }

    pub(super) async fn view(&self, job: JobId, spec: ViewSpec) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, mut desk) = self.table()?;
        let mut tell = self.progress(job, &mut clock);
        let view = conductor::view(&mut desk, &table, spec, &mut tell).await?;
        Ok(Event::Viewed(Box::new(view)))
    }

    async fn grid(&self, spec: GridSpec) -> Result<Event, JobError> {
        let standing = self.standing()?;
        let mut desk = Desk::new(&self.hub, None);
        let detection = standing.detection.as_deref();
        let trained = standing.classifier.as_ref().map(|classifier| &*classifier.trained);
        let grid = conductor::grid(&mut desk, &standing.table, detection, trained, spec).await?;
        Ok(Event::Grid(Box::new(grid)))
    }

    async fn positions(&self, rows: Vec<u32>, columns: Vec<u32>) -> Result<Event, JobError> {
        let (table, mut desk) = self.table()?;
        let positions = conductor::positions(&mut desk, &table, rows, columns).await?;
        Ok(Event::Positions(Box::new(positions)))
    }

    async fn steadiness(&self, rows: &[u32]) -> Result<Event, JobError> {
        let (table, detection, mut desk) = self.scored()?;
        let bands = conductor::steadiness(&mut desk, &table, rows).await;
        self.if_standing(&detection, bands.map(Event::Steadiness))
    }

    async fn similar(&self, row: u32, n: u32) -> Result<Event, JobError> {
        let (table, detection, mut desk) = self.scored()?;
        let found = conductor::similar(&mut desk, &table, &detection, row, n).await;
        self.if_standing(&detection, found.map(|found| Event::Similar(Box::new(found))))
    }

    /// What came of a question that takes several rounds, unless other scores stand by now: then
    /// some shards may have answered about those.
    fn if_standing(
        &self,
        detection: &Rc<Detection>,
        event: Result<Event, JobError>,
    ) -> Result<Event, JobError> {
        let standing = self.standing()?.detection;
        if standing.is_some_and(|standing| Rc::ptr_eq(&standing, detection)) {
            event
        } else {
            Ok(Event::Cancelled)
        }
    }
}
