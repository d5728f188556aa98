//! The conductor behind its port: one job at a time, questions in between.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use futures_util::future::{AbortHandle, Aborted, abortable};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::{
    desk::{Desk, Hub},
    port::Port,
    shard,
    source::{Blobs, Keeper, Reader},
    spawn::{Part, Program, channel},
    text::TextBlob,
    time::{Clock, now},
    warm,
};
use crate::{
    cluster::{
        JobError,
        bulk::Bulk,
        conductor::{
            self, Classifier, Comparison, DetectSpec, Detection, Results, Table, TuneWatch, Watch,
        },
        source::{Gathered, Given, gather},
    },
    engine::text::Overrides,
    protocol::{
        Choice, Counting, Envelope, Event, GridSpec, JobId, Judgement, Loaded, Request, Sample,
        Step, TrainSpec, TuneSpec, Tuned, Verdict, Wrong,
    },
};

/// Shards at most: beyond, messages cost more than cores bring.
const MOST_SHARDS: u32 = 16;
/// Milliseconds between two words about progress.
const BETWEEN_WORDS: f64 = 100.0;
/// The seed of the built-in samples: everyone sees the same.
const SAMPLE_SEED: u64 = 7;

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

/// Conducts for the page for as long as the worker lives.
pub(super) fn serve(port: &Port, program: &Program, workers: Option<u32>) {
    let n_shards = workers.unwrap_or_else(n_cores).clamp(1, MOST_SHARDS);
    let is_on_page = matches!(port, Port::Channel(_));
    let shards: Vec<Port> = (0..n_shards).map(|_| start_shard(program, is_on_page)).collect();
    let n_workers = shards.iter().filter(|port| matches!(port, Port::Worker(_))).count() as u32;
    let latest = Rc::new(Cell::new(JobId::default()));
    let died = {
        let (port, latest) = (port.clone(), Rc::clone(&latest));
        move |reason| {
            let body = Event::Failed(JobError::WorkerDied { reason });
            port.post(&Envelope { job: latest.get(), body }, &[]);
        }
    };
    let conductor = Rc::new(Conductor {
        hub: Hub::new(shards, died),
        port: port.clone(),
        standing: RefCell::default(),
        running: RefCell::default(),
        viewing: RefCell::default(),
        latest,
        is_enough: Cell::default(),
    });
    let listening = Rc::clone(&conductor);
    port.listen(move |Envelope { job, body }: Envelope<Request>, files| {
        listening.take(job, body, files);
    })
    .forget();
    let ready = Event::Ready { shards: n_workers };
    conductor.tell(JobId::default(), ready);
    // Not on the page's own thread: it is never idle.
    if !is_on_page {
        conductor.run_in();
    }
}

fn stop(running: &RefCell<Option<(JobId, AbortHandle)>>) {
    if let Some((_, handle)) = running.borrow_mut().take() {
        handle.abort();
    }
}

/// Starts a shard as a worker; where none can be had, on this thread.
fn start_shard(program: &Program, is_on_page: bool) -> Port {
    if !is_on_page && let Ok(worker) = program.spawn(Part::Shard, None) {
        return Port::Worker(worker);
    }
    let (here, there) = channel();
    shard::serve(&there);
    here
}

/// How many cores the browser admits to.
fn n_cores() -> u32 {
    let navigator = js_sys::Reflect::get(&js_sys::global(), &"navigator".into());
    let cores = navigator
        .and_then(|navigator| js_sys::Reflect::get(&navigator, &"hardwareConcurrency".into()));
    cores.ok().and_then(|cores| cores.as_f64()).map_or(2, |cores| cores as u32)
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
                let mut clock = Clock::start();
                let standing = self.standing()?;
                let mut desk = Desk::new(&self.hub, Some(standing.file));
                let mut tell = self.progress(job, &mut clock);
                let spec = DetectSpec { features, params, grow_on, verdicts };
                let detection =
                    conductor::detect(&mut desk, &standing.table, spec, &mut tell).await?;
                drop(tell);
                self.detected(detection, &clock)
            }
            Request::Judge { verdicts } => self.judge(job, verdicts).await?,
            Request::Look { eye } => {
                let mut clock = Clock::start();
                let (table, detection, mut desk) = self.scored()?;
                let mut tell = self.progress(job, &mut clock);
                let detection =
                    conductor::look(&mut desk, &table, &detection, eye, &mut tell).await?;
                drop(tell);
                self.detected(detection, &clock)
            }
            Request::Train(spec) => self.train(job, *spec).await?,
            Request::Tune(spec) => self.tune(job, *spec).await?,
            Request::ByRows => self.by_rows(job).await?,
            Request::Compare => self.compare(job).await?,
            Request::ExportModel { file } => return self.export_model(&file),
            Request::Export { threshold, judgements } => {
                return self.export(job, threshold, &judgements).await;
            }
            Request::View(spec) => {
                let mut clock = Clock::start();
                let standing = self.standing()?;
                let mut desk = Desk::new(&self.hub, Some(standing.file));
                let mut tell = self.progress(job, &mut clock);
                let view = conductor::view(&mut desk, &standing.table, spec, &mut tell).await?;
                Event::Viewed(Box::new(view))
            }
            question => self.reply(question).await?,
        };
        Ok((event, None))
    }

    /// Answers a question about what stands.
    async fn reply(&self, question: Request) -> Result<Event, JobError> {
        Ok(match question {
            Request::Preview { overrides } => self.preview(&overrides).await?,
            Request::Recount(counting) => self.recount(*counting).await?,
            Request::Votes { row } => self.votes(row).await?,
            Request::Rows { rows } => {
                let standing = self.standing()?;
                let mut desk = Desk::new(&self.hub, Some(standing.file));
                Event::Rows(conductor::rows(&mut desk, &standing.table, &rows).await?)
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
                let standing = self.standing()?;
                let mut desk = Desk::new(&self.hub, Some(standing.file));
                let drift =
                    conductor::drift(&mut desk, &standing.table, baseline, &columns).await?;
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

    async fn grid(&self, spec: GridSpec) -> Result<Event, JobError> {
        let standing = self.standing()?;
        let mut desk = Desk::new(&self.hub, None);
        let detection = standing.detection.as_deref();
        let trained = standing.classifier.as_ref().map(|classifier| &*classifier.trained);
        let grid = conductor::grid(&mut desk, &standing.table, detection, trained, spec).await?;
        Ok(Event::Grid(Box::new(grid)))
    }

    async fn positions(&self, rows: Vec<u32>, columns: Vec<u32>) -> Result<Event, JobError> {
        let standing = self.standing()?;
        let mut desk = Desk::new(&self.hub, None);
        let positions = conductor::positions(&mut desk, &standing.table, rows, columns).await?;
        Ok(Event::Positions(Box::new(positions)))
    }

    async fn preview(&self, overrides: &Overrides) -> Result<Event, JobError> {
        let file = self.standing()?.file;
        let n_bytes = file.length();
        let mut desk = Desk::new(&self.hub, Some(file));
        let preview = conductor::preview(&mut desk, n_bytes, overrides).await?;
        Ok(Event::Previewed(Box::new(preview)))
    }

    async fn load_sample(
        &self,
        job: JobId,
        sample: Sample,
        overrides: &Overrides,
    ) -> Result<Event, JobError> {
        let csv = sample.csv(SAMPLE_SEED);
        let file = blob(&[csv.as_slice()])?.into();
        let given = Given { name: sample.name().to_owned(), file };
        self.load(job, &[given], None, &Choice::default(), overrides).await
    }

    async fn load(
        &self,
        job: JobId,
        files: &[Given<TextBlob>],
        labels: Option<&Given<TextBlob>>,
        choice: &Choice,
        overrides: &Overrides,
    ) -> Result<Event, JobError> {
        let first = files.first().ok_or_else(no_file)?;
        let name = match files.len() - 1 {
            0 => first.name.clone(),
            n => format!("{} and {n} more", first.name),
        };
        let mut clock = Clock::start();
        let mut reader = Reader::new(&self.hub);
        let mut tell = one_way(self.progress(job, &mut clock));
        let store = Blobs::new(&self.hub);
        let gathered =
            gather(&store, &mut reader, files, labels, choice, overrides, &mut tell).await?;
        let (text, table) = match gathered {
            Gathered::Asks(members) => return Ok(Event::Asks(members)),
            Gathered::Table(text, table) => (*text, *table),
        };
        reader.commit(&table);
        let profile = table.profile.clone();
        *self.standing.borrow_mut() = Some(Standing {
            table: Rc::new(table),
            file: text.file,
            detection: None,
            classifier: None,
        });
        drop(tell);
        let timings = clock.timings(measures);
        Ok(Event::Loaded(Box::new(Loaded { name, origins: text.origins, profile, timings })))
    }

    async fn export(
        &self,
        job: JobId,
        threshold: f64,
        judgements: &[Judgement],
    ) -> Result<(Event, Option<Blob>), JobError> {
        let mut clock = Clock::start();
        let Standing { table, file, detection, classifier } = self.standing()?;
        let mut desk = Desk::new(&self.hub, Some(file));
        let scores = detection.as_deref().map(|detection| (detection, threshold));
        let of = Results { scores, classifier: classifier.as_deref() };
        let mut tell = self.progress(job, &mut clock);
        let mut parts: Vec<Vec<Blob>> = vec![Vec::new(); self.hub.n_shards() as usize];
        let mut failed = None;
        // Each block goes to the browser's own store at once: a large export need not fit here.
        let keeper = Keeper::default();
        let write = |shard: u32, bytes: Bulk<u8>| match keeper.keep(&bytes) {
            Ok(part) => parts[shard as usize].push(part),
            Err(error) => failed = Some(error),
        };
        conductor::export(&mut desk, &table, of, judgements, &mut tell, write).await?;
        if let Some(error) = failed {
            return Err(error);
        }
        let parts: Array = parts.into_iter().flatten().collect();
        let whole = Blob::new_with_blob_sequence(&parts).map_err(|error| no_blob(&error))?;
        drop(tell);
        Ok((Event::Exported(clock.timings(measures)), Some(whole)))
    }

    async fn train(&self, job: JobId, spec: TrainSpec) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let standing = self.standing()?;
        let mut desk = Desk::new(&self.hub, Some(standing.file));
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
        let classifier = conductor::train(&mut desk, &standing.table, spec, &mut watch).await?;
        drop(tell);
        let event =
            Event::Trained(Box::new((*classifier.trained).clone()), clock.timings(measures));
        if let Some(standing) = &mut *self.standing.borrow_mut() {
            standing.classifier = Some(Rc::new(classifier));
        }
        Ok(event)
    }

    async fn tune(&self, job: JobId, spec: TuneSpec) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let standing = self.standing()?;
        let mut desk = Desk::new(&self.hub, None);
        self.is_enough.set(false);
        let mut watch = TuneWatch {
            tell: &mut self.progress(job, &mut clock),
            so_far: &mut |tuned: &Tuned| self.tell(job, Event::Tuned(Box::new(tuned.clone()))),
            is_enough: &|| self.is_enough.get(),
            now: &|| now() / 1e3,
        };
        let tuned = conductor::tune(&mut desk, &standing.table, spec, &mut watch).await?;
        Ok(Event::Tuned(Box::new(tuned)))
    }

    async fn by_rows(&self, job: JobId) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let standing = self.standing()?;
        let classifier = standing.classifier.ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&self.hub, None);
        self.is_enough.set(false);
        let mut watch = Watch {
            tell: &mut self.progress(job, &mut clock),
            round: &mut |_| {},
            is_enough: &|| self.is_enough.get(),
        };
        let curve = conductor::by_rows(&mut desk, &standing.table, &classifier, &mut watch).await?;
        Ok(Event::ByRows(Box::new(curve)))
    }

    async fn compare(&self, job: JobId) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let standing = self.standing()?;
        let classifier = standing.classifier.ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&self.hub, None);
        let mut tell = self.progress(job, &mut clock);
        let mut found = |compared| self.tell(job, Event::Compared(Box::new(compared)));
        let clock = || now() / 1e3;
        let mut watch = Comparison { tell: &mut tell, found: &mut found, clock: &clock };
        conductor::compare(&mut desk, &standing.table, &classifier, &mut watch).await?;
        Ok(Event::ComparedAll)
    }

    async fn recount(&self, counting: Counting) -> Result<Event, JobError> {
        let standing = self.standing()?;
        let classifier = standing.classifier.ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&self.hub, None);
        let table = &standing.table;
        let counted =
            conductor::recount(&mut desk, table, &classifier, counting, &mut |_| {}).await?;
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

    fn export_model(&self, file: &str) -> Result<(Event, Option<Blob>), JobError> {
        let standing = self.standing()?;
        let classifier = standing.classifier.ok_or(JobError::NoModel)?;
        let text = conductor::model(&standing.table, &classifier, file);
        Ok((Event::Exported(Vec::new()), Some(blob(&[text.as_bytes()])?)))
    }

    async fn votes(&self, row: u32) -> Result<Event, JobError> {
        let standing = self.standing()?;
        let classifier = standing.classifier.ok_or(JobError::NoModel)?;
        let mut desk = Desk::new(&self.hub, None);
        let votes = conductor::votes(&mut desk, &standing.table, &classifier, row).await?;
        Ok(Event::Votes(Box::new(votes)))
    }

    async fn judge(&self, job: JobId, verdicts: Vec<(u32, Verdict)>) -> Result<Event, JobError> {
        let mut clock = Clock::start();
        let (table, detection, mut desk) = self.scored()?;
        let mut tell = self.progress(job, &mut clock);
        let detection =
            conductor::judge(&mut desk, &table, &detection, verdicts, &mut tell).await?;
        drop(tell);
        Ok(self.detected(detection, &clock))
    }

    /// New scores stand.
    fn detected(&self, detection: Detection, clock: &Clock) -> Event {
        let event = Event::Detected(Box::new((*detection.found).clone()), clock.timings(measures));
        if let Some(standing) = &mut *self.standing.borrow_mut() {
            standing.detection = Some(Rc::new(detection));
        }
        event
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

    fn standing(&self) -> Result<Standing, JobError> {
        self.standing.borrow().clone().ok_or(JobError::NoTable)
    }

    fn scored(&self) -> Result<(Rc<Table>, Rc<Detection>, Desk), JobError> {
        let Standing { table, file, detection, .. } = self.standing()?;
        let detection = detection.ok_or(JobError::NoScores)?;
        Ok((table, detection, Desk::new(&self.hub, Some(file))))
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

/// The progress of a job that first makes a text and then reads it: one way from 0 to 1, also where
/// several texts are made.
fn one_way(mut tell: impl FnMut(Step, f64)) -> impl FnMut(Step, f64) {
    const UNPACKING: f64 = 0.3;
    let (mut begin, mut highest) = (0.0, 0.0_f64);
    move |step, done| {
        let done = if step == Step::Unpack {
            begin = UNPACKING;
            done * UNPACKING
        } else {
            begin + done * (1.0 - begin)
        };
        highest = highest.max(done);
        tell(step, highest);
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

pub(super) fn blob(parts: &[&[u8]]) -> Result<Blob, JobError> {
    let parts: Array = parts.iter().map(|part| Uint8Array::from(*part)).collect();
    Blob::new_with_u8_array_sequence(&parts).map_err(|error| no_blob(&error))
}

pub(super) fn no_blob(error: &JsValue) -> JobError {
    let reason = format!("the browser has no room for it: {error:?}");
    JobError::Unreadable { reason }
}

fn no_file() -> JobError {
    JobError::Unreadable { reason: "no file came with the request".to_owned() }
}
