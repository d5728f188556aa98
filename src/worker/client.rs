//! The page's end of the conductor.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::{events::EventListener, timers::callback::Interval};
use js_sys::{Function, Object, Promise, Reflect, WebAssembly};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, Response, Worker};

use super::{
    BUILD,
    port::Port,
    spawn::{Part, Program, channel},
};
use crate::protocol::{Envelope, Event, JobError, JobId, Request};

const SCRIPT: &str = "./worker.js";
const MODULE: &str = "./worker_bg.wasm";
/// How many workers in a row may die before no other is started.
const MOST_DEATHS: u32 = 3;

/// The page's end of the conductor. Cheap to clone.
///
/// Requests that are sent before it listens wait. If it or one of its shards dies, the page is
/// told by [`JobError::WorkerDied`] and a new one is started, without a table.
#[derive(Clone)]
pub struct Conductor(Rc<Inner>);

struct Inner {
    workers: Option<u32>,
    on_event: Box<dyn Fn(Envelope<Event>, Option<Blob>)>,
    /// The worker's program, fetched once: after that the page needs no network.
    program: RefCell<Option<Program>>,
    line: RefCell<Option<Line>>,
    is_ready: Cell<bool>,
    waiting: RefCell<Vec<(Envelope<Request>, Vec<Blob>)>>,
    latest: Cell<JobId>,
    /// Deaths since a job last came to its end.
    n_deaths: Cell<u32>,
}

/// A conductor that was started, and the listeners to it.
struct Line {
    port: Port,
    worker: Option<Worker>,
    _listeners: Vec<EventListener>,
    _asking: Interval,
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(worker) = &self.worker {
            worker.terminate();
        }
    }
}

impl Conductor {
    /// Fetches the worker's program and starts it from a blob; calls `on_event` for whatever it
    /// tells. `workers` forces the number of shards.
    pub fn start(
        workers: Option<u32>,
        on_event: impl Fn(Envelope<Event>, Option<Blob>) + 'static,
    ) -> Self {
        let conductor = Self(Rc::new(Inner {
            workers,
            on_event: Box::new(on_event),
            program: RefCell::default(),
            line: RefCell::default(),
            is_ready: Cell::new(false),
            waiting: RefCell::default(),
            latest: Cell::default(),
            n_deaths: Cell::default(),
        }));
        let starting = conductor.clone();
        spawn_local(async move {
            match fetch_program().await {
                Ok(program) => {
                    *starting.0.program.borrow_mut() = Some(program);
                    starting.connect().await;
                }
                Err(error) => starting.fail(describe(&error)),
            }
        });
        conductor
    }

    /// Sends a request under a fresh number, which it returns. `files` ride beside a load.
    pub fn send(&self, request: &Request, files: &[File]) -> JobId {
        let job = JobId(self.0.latest.get().0 + 1);
        self.0.latest.set(job);
        let envelope = Envelope { job, body: request.clone() };
        let files: Vec<Blob> = files.iter().map(|file| Blob::from(file.clone())).collect();
        match &*self.0.line.borrow() {
            Some(line) if self.0.is_ready.get() => {
                line.port.post(&envelope, &files);
            }
            _ => self.0.waiting.borrow_mut().push((envelope, files)),
        }
        job
    }

    /// Starts a conductor, as a worker or, where none can be had, on this thread.
    async fn connect(&self) {
        let Some(program) = self.0.program.borrow().clone() else { return };
        self.0.is_ready.set(false);
        let worker = program.spawn(Part::Conductor, self.0.workers);
        let line = match worker {
            Ok(worker) => self.listen(Port::Worker(worker.clone()), Some(worker)),
            Err(_) => match start_here(&program, self.0.workers).await {
                Ok(port) => self.listen(port, None),
                Err(error) => return self.fail(describe(&error)),
            },
        };
        *self.0.line.borrow_mut() = Some(line);
    }

    fn listen(&self, port: Port, worker: Option<Worker>) -> Line {
        let hearing = self.clone();
        let heard = port.listen(move |event, blobs| hearing.hear(event, blobs.into_iter().next()));
        let dying = self.clone();
        let died = port.on_death(move |reason| dying.restart(reason));
        let dying = self.clone();
        let (answered, asking) = port.on_silence(move |reason| dying.restart(reason));
        Line { port, worker, _listeners: vec![heard, died, answered], _asking: asking }
    }

    fn hear(&self, event: Envelope<Event>, blob: Option<Blob>) {
        match &event.body {
            Event::Ready { build, .. } if build != BUILD => {
                self.fail(
                    "the page and its worker are of different builds: reload the page \
                           without its cache (Ctrl+Shift+R)"
                        .to_owned(),
                );
                return;
            }
            Event::Ready { .. } => {
                self.0.is_ready.set(true);
                let waiting = std::mem::take(&mut *self.0.waiting.borrow_mut());
                if let Some(line) = &*self.0.line.borrow() {
                    for (envelope, files) in waiting {
                        line.port.post(&envelope, &files);
                    }
                }
            }
            Event::Failed(JobError::WorkerDied { reason }) => {
                self.restart(reason.clone());
                return;
            }
            Event::Loaded(_) | Event::Detected(..) => self.0.n_deaths.set(0),
            _ => {}
        }
        (self.0.on_event)(event, blob);
    }

    /// Says that a worker died, and starts afresh.
    fn restart(&self, reason: String) {
        let was_ready = self.0.is_ready.replace(false);
        let Some(line) = self.0.line.borrow_mut().take() else { return };
        let n_deaths = self.0.n_deaths.get() + 1;
        self.0.n_deaths.set(n_deaths);
        // Its listeners may be the caller: let go of them when this turn is over.
        let starting = self.clone();
        spawn_local(async move {
            drop(line);
            if was_ready && n_deaths <= MOST_DEATHS {
                starting.connect().await;
            }
        });
        self.fail(reason);
    }

    fn fail(&self, reason: String) {
        let body = Event::Failed(JobError::WorkerDied { reason });
        (self.0.on_event)(Envelope { job: self.0.latest.get(), body }, None);
    }
}

/// Fetches the worker's text and compiles its module, unless both came inside the page.
async fn fetch_program() -> Result<Program, JsValue> {
    let window = web_sys::window().expect("the page has a window");
    let inside = Reflect::get(&window, &"isoscopeWorker".into())?;
    if inside.is_object() {
        let text = Reflect::get(&inside, &"text".into())?.as_string().unwrap_or_default();
        return Program::new(&text, Reflect::get(&inside, &"module".into())?);
    }
    let text = async {
        let response: Response = JsFuture::from(window.fetch_with_str(SCRIPT)).await?.dyn_into()?;
        found(&response, SCRIPT)?;
        JsFuture::from(response.text()?).await
    };
    let module = async {
        let response: Response = JsFuture::from(window.fetch_with_str(MODULE)).await?.dyn_into()?;
        found(&response, MODULE)?;
        let bytes = JsFuture::from(response.array_buffer()?).await?;
        // Not compiled while it streams: that needs a media type some hosts do not send.
        JsFuture::from(WebAssembly::compile(&bytes)).await
    };
    let (text, module) = futures_util::future::try_join(text, module).await?;
    Program::new(&text.as_string().unwrap_or_default(), module)
}

fn found(response: &Response, name: &str) -> Result<(), JsValue> {
    if response.ok() {
        Ok(())
    } else {
        Err(format!("{name} cannot be fetched (status {})", response.status()).into())
    }
}

/// Starts the worker's program on the page's own thread.
async fn start_here(program: &Program, workers: Option<u32>) -> Result<Port, JsValue> {
    let window = web_sys::window().expect("the page has a window");
    let document = window.document().expect("the window has a document");
    let script = document.create_element("script")?;
    script.set_attribute("src", SCRIPT)?;
    let loaded = Promise::new(&mut |done, failed| {
        // A promise that is settled twice stays as it was.
        EventListener::once(&script, "load", move |_| drop(done.call0(&JsValue::NULL))).forget();
        EventListener::once(&script, "error", move |_| drop(failed.call0(&JsValue::NULL))).forget();
    });
    document.head().expect("a page has a head").append_child(&script)?;
    JsFuture::from(loaded).await?;
    let (here, there) = channel();
    let message = program.boot_message(Part::Conductor, workers.or(Some(1)));
    if let Port::Channel(there) = there {
        Reflect::set(&message, &"port".into(), &there)?;
    }
    Reflect::set(&window, &"isoscope".into(), &message)?;
    let start: Function = Reflect::get(&window, &"wasm_bindgen".into())?.dyn_into()?;
    let options = Object::new();
    Reflect::set(&options, &"module_or_path".into(), &program.module)?;
    let started: Promise = start.call1(&JsValue::NULL, &options)?.dyn_into()?;
    JsFuture::from(started).await?;
    Ok(here)
}

fn describe(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|it| it.as_string());
    message
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "the browser gives no reason".to_owned())
}
