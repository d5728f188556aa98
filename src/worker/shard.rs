//! A shard behind its port.

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use js_sys::{ArrayBuffer, Promise, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Blob;

use super::{
    port::Port,
    time::{TURN, now, yield_now},
    warm,
};
use crate::{
    cluster::{
        JobError, Outcome, Shard, Task,
        message::{Answer, Question},
    },
    protocol::{Envelope, JobId},
};

/// What a conductor tells a shard.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToShard {
    /// A question; the file it is about rides beside it.
    Ask(Box<Question>),
    /// The request is over: drop what is being done for it.
    Stop,
}

/// What a shard tells its conductor.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromShard {
    Answer(Answer),
    Failed(JobError),
}

/// A shard, and the requests it works on.
struct Desk {
    port: Port,
    shard: RefCell<Shard>,
    open: RefCell<Vec<JobId>>,
    /// The request whose table is being read: a newer one replaces it.
    reading: Cell<Option<JobId>>,
    /// Whether it has been asked anything yet.
    is_wanted: Cell<bool>,
}

/// Answers a conductor for as long as the worker lives.
pub(super) fn serve(port: &Port) {
    let desk = Rc::new(Desk {
        port: port.clone(),
        shard: RefCell::default(),
        open: RefCell::default(),
        reading: Cell::new(None),
        is_wanted: Cell::new(false),
    });
    // Not on the page's own thread: it is never idle.
    if web_sys::window().is_none() {
        let idle = Rc::clone(&desk);
        spawn_local(async move { warm::run_in(|| idle.is_wanted.get()).await });
    }
    let listener = port.listen(move |Envelope { job, body }: Envelope<ToShard>, file| match body {
        ToShard::Ask(question) => desk.take(job, *question, file),
        ToShard::Stop => desk.stop(job),
    });
    listener.forget();
}

impl Desk {
    fn take(self: &Rc<Self>, job: JobId, question: Question, file: Option<Blob>) {
        self.is_wanted.set(true);
        if matches!(question, Question::Read(_)) && self.reading.get() != Some(job) {
            if let Some(before) = self.reading.get() {
                self.stop(before);
            }
            self.reading.set(Some(job));
        }
        let task = self.shard.borrow_mut().begin(question);
        self.open.borrow_mut().push(job);
        let desk = Rc::clone(self);
        spawn_local(async move {
            let said = desk.work(job, task, file.as_ref()).await;
            if let Some(said) = said {
                desk.close(job);
                desk.port.post(&Envelope { job, body: said }, None);
            }
        });
    }

    fn stop(&self, job: JobId) {
        self.open.borrow_mut().retain(|&open| open != job);
        if self.reading.get() == Some(job) {
            self.reading.set(None);
            self.shard.borrow_mut().forget_incoming();
        }
    }

    fn close(&self, job: JobId) {
        let mut open = self.open.borrow_mut();
        if let Some(at) = open.iter().position(|&there| there == job) {
            open.swap_remove(at);
        }
    }

    /// Works on a task; returns its last word, or `None` where it was stopped.
    async fn work(&self, job: JobId, mut task: Task, file: Option<&Blob>) -> Option<FromShard> {
        let mut turn = now();
        let mut ahead: Option<(Range<u64>, Promise)> = None;
        loop {
            if !self.open.borrow().contains(&job) {
                return None;
            }
            let outcome = self.shard.borrow_mut().step(&mut task);
            match outcome {
                Outcome::Needs { range, then } => {
                    let Some(file) = file else {
                        let reason = "no file is at hand".to_owned();
                        return Some(FromShard::Failed(JobError::Unreadable { reason }));
                    };
                    let bytes = match ahead.take() {
                        Some((there, bytes)) if there == range => bytes,
                        _ => slice(file, &range),
                    };
                    // The next piece is on its way while this one is read.
                    ahead = then.map(|then| (then.clone(), slice(file, &then)));
                    match fetched(bytes, &range).await {
                        // The request may have been stopped meanwhile, and its table replaced.
                        Ok(_) if !self.open.borrow().contains(&job) => return None,
                        Ok(bytes) => {
                            let n = bytes.length() as usize;
                            let copy = |there: &mut [u8]| bytes.copy_to(there);
                            self.shard.borrow_mut().feed(&mut task, n, copy);
                            release(&bytes);
                        }
                        Err(error) => return Some(FromShard::Failed(error)),
                    }
                }
                Outcome::GoesOn => {}
                Outcome::Tells(answer) => {
                    self.port.post(&Envelope { job, body: FromShard::Answer(answer) }, None);
                }
                Outcome::Ends(answer) => return Some(FromShard::Answer(answer)),
                Outcome::Silent => {
                    self.close(job);
                    return None;
                }
            }
            if now() - turn > TURN {
                yield_now().await;
                turn = now();
            }
        }
    }
}

/// Starts to read a range of a file.
fn slice(file: &Blob, range: &Range<u64>) -> Promise {
    match file.slice_with_f64_and_f64(range.start as f64, range.end as f64) {
        Ok(slice) => slice.array_buffer(),
        Err(error) => Promise::reject(&error),
    }
}

/// Gives back the memory of bytes that were copied: a browser may take its time with them, and a
/// large file would stand in memory a second time. Old browsers cannot, and lose only that.
fn release(bytes: &Uint8Array) {
    let buffer = bytes.buffer();
    if let Ok(transfer) = js_sys::Reflect::get(&buffer, &"transfer".into())
        && let Some(transfer) = transfer.dyn_ref::<js_sys::Function>()
    {
        // What it returns is empty; what it leaves behind is too.
        drop(transfer.call1(&buffer, &0.into()));
    }
}

async fn fetched(bytes: Promise, range: &Range<u64>) -> Result<Uint8Array, JobError> {
    let buffer = JsFuture::from(bytes).await.map_err(|error| unreadable(&error))?;
    let bytes = Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>());
    if u64::from(bytes.length()) == range.end - range.start {
        Ok(bytes)
    } else {
        Err(JobError::Unreadable { reason: "it is shorter than it was".to_owned() })
    }
}

/// Reads a range of a file.
///
/// # Errors
///
/// [`JobError::Unreadable`], with what the browser says.
pub(super) async fn read(file: &Blob, range: Range<u64>) -> Result<Vec<u8>, JobError> {
    let bytes = fetched(slice(file, &range), &range).await?;
    Ok(bytes.to_vec())
}

fn unreadable(error: &wasm_bindgen::JsValue) -> JobError {
    let name = js_sys::Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    let reason = name.unwrap_or_else(|| "the browser gives no reason".to_owned());
    JobError::Unreadable { reason }
}
