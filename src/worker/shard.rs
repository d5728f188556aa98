//! A shard behind its port.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::{
    pieces::Pieces,
    port::Port,
    time::{TURN, now, yield_now},
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
}

/// Answers a conductor for as long as the worker lives.
pub(super) fn serve(port: &Port) {
    let desk = Rc::new(Desk {
        port: port.clone(),
        shard: RefCell::default(),
        open: RefCell::default(),
        reading: Cell::new(None),
    });
    let listener =
        port.listen(move |Envelope { job, body }: Envelope<ToShard>, files| match body {
            ToShard::Ask(question) => desk.take(job, *question, files.into_iter().next()),
            ToShard::Stop => desk.stop(job),
        });
    listener.forget();
}

impl Desk {
    fn take(self: &Rc<Self>, job: JobId, question: Question, file: Option<Blob>) {
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
                desk.port.post(&Envelope { job, body: said }, &[]);
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
        let mut pieces = file.cloned().map(Pieces::new);
        loop {
            if !self.open.borrow().contains(&job) {
                return None;
            }
            let outcome = self.shard.borrow_mut().step(&mut task);
            match outcome {
                Outcome::Needs { range, until } => {
                    let Some(pieces) = &mut pieces else {
                        let reason = "no file is at hand".to_owned();
                        return Some(FromShard::Failed(JobError::Unreadable { reason }));
                    };
                    match pieces.next(range, until).await {
                        // The request may have been stopped meanwhile, and its table replaced.
                        Ok(_) if !self.open.borrow().contains(&job) => return None,
                        Ok(bytes) => {
                            let n = bytes.length() as usize;
                            let copy = |there: &mut [u8]| bytes.copy_to(there);
                            self.shard.borrow_mut().feed(&mut task, n, copy);
                            pieces.give_back(&bytes);
                        }
                        Err(error) => return Some(FromShard::Failed(error)),
                    }
                }
                Outcome::GoesOn => {}
                Outcome::Tells(answer) => {
                    self.port.post(&Envelope { job, body: FromShard::Answer(answer) }, &[]);
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
