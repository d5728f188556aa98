//! The page's end of the conductor.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::{events::EventListener, timers::callback::Interval};
use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, File, Response, Worker};

use super::{
    conductor,
    port::Port,
    spawn::{Part, Program, channel},
};
use crate::protocol::{Envelope, Event, JobError, JobId, Request};

/// What names the page's own script.
const SCRIPT: &str = "link[rel=modulepreload]";
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
    /// The program, put together once: after that the page needs no network.
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
    /// Fetches the page's own script once more and starts workers from it; calls `on_event` for whatever it
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
                    starting.connect();
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
    fn connect(&self) {
        let Some(program) = self.0.program.borrow().clone() else { return };
        self.0.is_ready.set(false);
        let line = if let Ok(worker) = program.spawn(Part::Conductor, self.0.workers) {
            self.listen(Port::Worker(worker.clone()), Some(worker))
        } else {
            // The page is the same program: it can do the work itself.
            let (here, there) = channel();
            conductor::serve(&there, &program, self.0.workers.or(Some(1)));
            self.listen(here, None)
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
                starting.connect();
            }
        });
        self.fail(reason);
    }

    fn fail(&self, reason: String) {
        let body = Event::Failed(JobError::WorkerDied { reason });
        (self.0.on_event)(Envelope { job: self.0.latest.get(), body }, None);
    }
}

/// The page's own program for workers. Its script comes from the browser's cache, as the page has just
/// run it, unless the page is a single file and holds it itself.
async fn fetch_program() -> Result<Program, JsValue> {
    let window = web_sys::window().expect("the page has a window");
    let document = window.document().expect("the window has a document");
    let Some(link) = document.query_selector(SCRIPT)? else {
        let script = document.query_selector("script[type=module]")?;
        let script = script.and_then(|script| script.text_content()).unwrap_or_default();
        return Program::new(&script, wasm_bindgen::module());
    };
    let address = link.get_attribute("href").unwrap_or_default();
    let response: Response = JsFuture::from(window.fetch_with_str(&address)).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("{address} cannot be fetched (status {})", response.status()).into());
    }
    let script = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Program::new(&script, wasm_bindgen::module())
}

fn describe(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|it| it.as_string());
    message
        .or_else(|| error.as_string())
        .unwrap_or_else(|| "the browser gives no reason".to_owned())
}
