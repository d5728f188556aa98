//! The conductor behind its port: one job at a time, questions in between.

mod detection;
mod export;
mod loading;
mod questions;
mod start;
mod training;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use futures_util::future::{AbortHandle, Aborted, abortable};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

pub(super) use self::start::serve;
use super::{
    clock::Clock,
    desk::{Desk, Hub},
    port::Port,
    text::TextBlob,
    time::now,
    warm,
};
use crate::{
    cluster::{
        JobError,
        conductor::{Classifier, DetectSpec, Detection, Table},
        source::Given,
    },
    protocol::{Envelope, Event, JobId, Request, Step},
};

/// Milliseconds between two words about progress.
const BETWEEN_WORDS: f64 = 100.0;

/// What stands: the table, its file, and what was found in it.
#[derive(Clone)]
struct Standing {
    table: Rc<Table>,
    file: TextBlob,
    detection: Option<Rc<Detection>>,
    classifier: Option<Rc<Classifier>>,
}

struct Conductor {
    port: Port,
    hub: Rc<Hub>,
    standing: RefCell<Option<Standing>>,
    running: RefCell<Option<(JobId, AbortHandle)>>,
    /// The view that is being made.
    viewing: RefCell<Option<(JobId, AbortHandle)>>,
    latest: Rc<Cell<JobId>>,
    /// Whether the rounds of the running training are enough.
    is_enough: Cell<bool>,
}

impl Conductor {
    fn tell(&self, job: JobId, body: Event) {
        self.port.post(&Envelope { job, body }, &[]);
    }

    fn take(self: &Rc<Self>, job: JobId, request: Request, files: Vec<Blob>) {
        self.latest.set(job);
        if request == Request::Cancel || request.is_job() {
            stop(&self.running);
        }
        if request == Request::Enough {
            self.is_enough.set(true);
        }
        if matches!(request, Request::Cancel | Request::Enough) {
            return;
        }
        let is_job = request.is_job();
        let is_view = matches!(request, Request::View(_));
        if is_view {
            stop(&self.viewing);
        }
        let conductor = Rc::clone(self);
        let (work, handle) = abortable(async move { conductor.answer(job, request, files).await });
        if is_job {
            *self.running.borrow_mut() = Some((job, handle));
        } else if is_view {
            *self.viewing.borrow_mut() = Some((job, handle));
        }
        let conductor = Rc::clone(self);
        spawn_local(async move {
            let (event, blob) = match work.await {
                Ok(Ok(answer)) => answer,
                Ok(Err(error)) => (Event::Failed(error), None),
                Err(Aborted) => (Event::Cancelled, None),
            };
            for place in [&conductor.running, &conductor.viewing] {
                place.borrow_mut().take_if(|(running, _)| *running == job);
            }
            conductor.port.post(&Envelope { job, body: event }, blob.as_slice());
        });
    }

    /// Runs the workers in until the first job comes.
    fn run_in(&self) {
        let hub = Rc::clone(&self.hub);
        let (work, handle) = abortable(async move { warm::run_in(&hub).await });
        *self.running.borrow_mut() = Some((JobId::default(), handle));
        // Nobody waits for it, and should it ever fail, nobody misses it.
        spawn_local(async move { drop(work.await) });
    }

    async fn answer(
        &self,
        job: JobId,
        request: Request,
        files: Vec<Blob>,
    ) -> Result<(Event, Option<Blob>), JobError> {
        let event = match request {
            Request::Load { names, labels, choice, overrides } => {
                let mut files: Vec<Given<TextBlob>> = names
                    .into_iter()
                    .chain(labels.clone())
                    .zip(files)
                    .map(|(name, file)| Given { name, file: file.into() })
                    .collect();
                let labels = if labels.is_some() { files.pop() } else { None };
                self.load(job, &files, labels.as_ref(), &choice, &overrides).await?
            }
            Request::LoadSample { sample, overrides } => {
                self.load_sample(job, sample, &overrides).await?
            }
            Request::Detect { features, params, grow_on, verdicts } => {
                let spec = DetectSpec { features, params, grow_on, verdicts };
                self.detect(job, spec).await?
            }
            Request::Judge { verdicts } => self.judge(job, verdicts).await?,
            Request::Look { eye } => self.look(job, eye).await?,
            Request::Train(spec) => self.train(job, *spec).await?,
            Request::Tune(spec) => self.tune(job, *spec).await?,
            Request::ByRows => self.by_rows(job).await?,
            Request::Compare => self.compare(job).await?,
            Request::ExportModel { file } => return self.export_model(&file),
            Request::Export { threshold, judgements } => {
                return self.export(job, threshold, &judgements).await;
            }
            Request::View(spec) => self.view(job, spec).await?,
            question => self.reply(question).await?,
        };
        Ok((event, None))
    }

    fn standing(&self) -> Result<Standing, JobError> {
        self.standing.borrow().clone().ok_or(JobError::NoTable)
    }

    /// The table that stands, and a desk for a job on it.
    fn table(&self) -> Result<(Rc<Table>, Desk), JobError> {
        let Standing { table, file, .. } = self.standing()?;
        Ok((table, Desk::new(&self.hub, Some(file))))
    }

    /// The same, and its scores.
    fn scored(&self) -> Result<(Rc<Table>, Rc<Detection>, Desk), JobError> {
        let Standing { table, file, detection, .. } = self.standing()?;
        let detection = detection.ok_or(JobError::NoScores)?;
        Ok((table, detection, Desk::new(&self.hub, Some(file))))
    }

    /// The same, and the model.
    fn trained(&self) -> Result<(Rc<Table>, Rc<Classifier>, Desk), JobError> {
        let Standing { table, file, classifier, .. } = self.standing()?;
        let classifier = classifier.ok_or(JobError::NoModel)?;
        Ok((table, classifier, Desk::new(&self.hub, Some(file))))
    }

    /// Tells the page how far a job is, not more often than it can be seen.
    fn progress<'a>(&'a self, job: JobId, clock: &'a mut Clock) -> impl FnMut(Step, f64) + 'a {
        let mut last = None;
        move |step, done| {
            clock.at(step);
            let is_due = last.is_none_or(|(there, at)| there != step || now() - at > BETWEEN_WORDS);
            if is_due {
                last = Some((step, now()));
                self.tell(job, Event::Progress { step, done });
            }
        }
    }
}

fn stop(running: &RefCell<Option<(JobId, AbortHandle)>>) {
    if let Some((_, handle)) = running.borrow_mut().take() {
        handle.abort();
    }
}
