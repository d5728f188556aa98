//! Detection: a forest's scores, other eyes', and what verdicts make of them.

use std::rc::Rc;

use super::{super::clock::Clock, Conductor};
use crate::{
    cluster::{
        JobError,
        conductor::{self, DetectSpec, Detection},
    },
    protocol::{Event, Eye, JobId, Verdict},
};

impl Conductor {
    pub(super) async fn detect(&self, job: JobId, spec: DetectSpec) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, mut desk) = self.table()?;
        let mut tell = self.progress(job, &mut clock);
        let detection = conductor::detect(&mut desk, &table, spec, &mut tell).await?;
        drop(tell);
        Ok(self.detected(detection, &clock))
    }

    pub(super) async fn judge(
        &self,
        job: JobId,
        verdicts: Vec<(u32, Verdict)>,
    ) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, detection, mut desk) = self.scored()?;
        let mut tell = self.progress(job, &mut clock);
        let detection =
            conductor::judge(&mut desk, &table, &detection, verdicts, &mut tell).await?;
        drop(tell);
        Ok(self.detected(detection, &clock))
    }

    pub(super) async fn look(&self, job: JobId, eye: Eye) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, detection, mut desk) = self.scored()?;
        let mut tell = self.progress(job, &mut clock);
        let detection = conductor::look(&mut desk, &table, &detection, eye, &mut tell).await?;
        drop(tell);
        Ok(self.detected(detection, &clock))
    }

    /// New scores stand.
    fn detected(&self, detection: Detection, clock: &Clock) -> Event {
        let event = Event::Detected(Box::new((*detection.found).clone()), clock.timings());
        if let Some(standing) = &mut *self.standing.borrow_mut() {
            standing.detection = Some(Rc::new(detection));
        }
        event
    }
}
