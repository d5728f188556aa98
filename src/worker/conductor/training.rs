//! Training, and the model that stands.

use std::rc::Rc;

use super::{
    super::{clock::Clock, time::now},
    BETWEEN_WORDS, Conductor,
};
use crate::{
    cluster::{
        JobError,
        conductor::{self, Comparison, TuneWatch, Watch},
    },
    protocol::{Counting, Event, JobId, TrainSpec, TuneSpec, Tuned, Wrong},
};

impl Conductor {
    pub(super) async fn train(&self, job: JobId, spec: TrainSpec) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, mut desk) = self.table()?;
        self.is_enough.set(false);
        let (mut told, mut last) = (Vec::new(), now());
        let mut tell = self.progress(job, &mut clock);
        let mut round = |wrong: Wrong| {
            told.push(wrong);
            if now() - last > BETWEEN_WORDS {
                last = now();
                self.tell(job, Event::Learning(std::mem::take(&mut told)));
            }
        };
        let is_enough = || self.is_enough.get();
        let mut watch = Watch { tell: &mut tell, round: &mut round, is_enough: &is_enough };
        let classifier = conductor::train(&mut desk, &table, spec, &mut watch).await?;
        drop(tell);
        let event = Event::Trained(Box::new((*classifier.trained).clone()), clock.timings());
        if let Some(standing) = &mut *self.standing.borrow_mut() {
            standing.classifier = Some(Rc::new(classifier));
        }
        Ok(event)
    }

    pub(super) async fn tune(&self, job: JobId, spec: TuneSpec) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, mut desk) = self.table()?;
        self.is_enough.set(false);
        let mut watch = TuneWatch {
            tell: &mut self.progress(job, &mut clock),
            so_far: &mut |tuned: &Tuned| self.tell(job, Event::Tuned(Box::new(tuned.clone()))),
            is_enough: &|| self.is_enough.get(),
            now: &|| now() / 1e3,
        };
        let tuned = conductor::tune(&mut desk, &table, spec, &mut watch).await?;
        Ok(Event::Tuned(Box::new(tuned)))
    }

    pub(super) async fn by_rows(&self, job: JobId) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, classifier, mut desk) = self.trained()?;
        self.is_enough.set(false);
        let mut watch = Watch {
            tell: &mut self.progress(job, &mut clock),
            round: &mut |_| {},
            is_enough: &|| self.is_enough.get(),
        };
        let curve = conductor::by_rows(&mut desk, &table, &classifier, &mut watch).await?;
        Ok(Event::ByRows(Box::new(curve)))
    }

    pub(super) async fn compare(&self, job: JobId) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, classifier, mut desk) = self.trained()?;
        let mut tell = self.progress(job, &mut clock);
        let mut found = |compared| self.tell(job, Event::Compared(Box::new(compared)));
        let clock = || now() / 1e3;
        let mut watch = Comparison { tell: &mut tell, found: &mut found, clock: &clock };
        conductor::compare(&mut desk, &table, &classifier, &mut watch).await?;
        Ok(Event::ComparedAll)
    }

    pub(super) async fn recount(&self, counting: Counting) -> Result<Event, JobError> {
        let (table, classifier, mut desk) = self.trained()?;
        let counted =
            conductor::recount(&mut desk, &table, &classifier, counting, &mut |_| {}).await?;
        let event = Event::Recounted(Box::new((*counted.trained).clone()));
        if let Some(standing) = &mut *self.standing.borrow_mut()
            && standing.classifier.as_ref().is_some_and(|now| Rc::ptr_eq(now, &classifier))
        {
            standing.classifier = Some(Rc::new(counted));
            return Ok(event);
        }
        // Another model stands by now.
        Ok(Event::Cancelled)
    }

    pub(super) async fn votes(&self, row: u32) -> Result<Event, JobError> {
        let (table, classifier, mut desk) = self.trained()?;
        let votes = conductor::votes(&mut desk, &table, &classifier, row).await?;
        Ok(Event::Votes(Box::new(votes)))
    }
}
