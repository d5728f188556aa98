//! A shard behind its port.

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use serde::{Deserialize, Serialize};
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::{
    blob::Keeper,
    pieces::Pieces,
    port::Port,
    source::PIECE,
    text::{TextBlob, TextPieces, Wide},
    time::Turn,
};
use crate::{
    cluster::{
        JobError, Outcome, Shard, Task,
        message::{Answer, Question},
        source::PART,
    },
    engine::text::{Decoder, Encoding},
    protocol::{Envelope, JobId},
};

/// What a conductor tells a shard.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToShard {
    /// A question; the file it is about rides beside it.
    Ask { question: Box<Question>, wide: Option<Wide> },
    /// Turn a range of the file that rides beside from an encoding into UTF-8.
    Decode { encoding: Encoding, range: Range<u64> },
    /// The request is over: drop what is being done for it.
    Stop,
}

/// What a shard tells its conductor.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromShard {
    Answer(Answer),
    /// So many more bytes were decoded; their text rides beside.
    Decoded {
        n_read: u64,
    },
    /// All of the range was, and so many of its characters are beyond ASCII.
    HasDecoded {
        n_foreign: u64,
    },
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
            ToShard::Ask { question, wide } => {
                let file = files.into_iter().next().map(|file| TextBlob::arrived(file, wide));
                desk.take(job, *question, file);
            }
            ToShard::Decode { encoding, range } => desk.decode(job, encoding, range, files),
            ToShard::Stop => desk.stop(job),
        });
    listener.forget();
}

impl Desk {
    fn take(self: &Rc<Self>, job: JobId, question: Question, file: Option<TextBlob>) {
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
            let said = desk.work(job, task, file).await;
            if let Some(said) = said {
                desk.close(job);
                desk.port.post(&Envelope { job, body: said }, &[]);
            }
        });
    }

    /// Decodes a range: piece after piece, the text in parts into the browser's own store.
    fn decode(
        self: &Rc<Self>,
        job: JobId,
        encoding: Encoding,
        range: Range<u64>,
        files: Vec<Blob>,
    ) {
        self.open.borrow_mut().push(job);
        let desk = Rc::clone(self);
        spawn_local(async move {
            let last = match files.into_iter().next() {
                Some(file) => desk.decode_file(job, encoding, range, file).await,
                None => Err(no_file()),
            };
            if desk.is_open(job) {
                desk.close(job);
                let said = last.unwrap_or_else(FromShard::Failed);
                desk.port.post(&Envelope { job, body: said }, &[]);
            }
        });
    }

    async fn decode_file(
        &self,
        job: JobId,
        encoding: Encoding,
        range: Range<u64>,
        file: Blob,
    ) -> Result<FromShard, JobError> {
        let mut pieces = Pieces::new(file);
        let mut decoder = Decoder::new(encoding);
        let keeper = Keeper::default();
        let (mut at, mut told) = (range.start, range.start);
        let mut bytes = Vec::new();
        let mut out = Vec::with_capacity(PART + PART / 2);
        while at < range.end && self.is_open(job) {
            let next = at..(at + PIECE).min(range.end);
            let piece = pieces.next(next, range.end).await?;
            let n = piece.length() as usize;
            bytes.resize(bytes.len().max(n), 0);
            piece.copy_to(&mut bytes[..n]);
            pieces.give_back(&piece);
            decoder.feed(&bytes[..n], &mut out);
            at += n as u64;
            if at == range.end {
                decoder.finish(&mut out);
            }
            if out.len() >= PART || at == range.end {
                let part = keeper.keep(&out)?;
                out.clear();
                let body = FromShard::Decoded { n_read: at - told };
                self.port.post(&Envelope { job, body }, &[part]);
                told = at;
            }
        }
        Ok(FromShard::HasDecoded { n_foreign: decoder.n_foreign() })
    }

    fn is_open(&self, job: JobId) -> bool {
        self.open.borrow().contains(&job)
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
    async fn work(&self, job: JobId, mut task: Task, file: Option<TextBlob>) -> Option<FromShard> {
        let turn = Turn::begin();
        let mut pieces = file.map(TextPieces::new);
        loop {
            if !self.is_open(job) {
                return None;
            }
            let outcome = self.shard.borrow_mut().step(&mut task);
            match outcome {
                Outcome::Needs { range, until } => {
                    let Some(pieces) = &mut pieces else {
                        return Some(FromShard::Failed(no_file()));
                    };
                    match pieces.next(range, until).await {
                        // The request may have been stopped meanwhile, and its table replaced.
                        Ok(_) if !self.is_open(job) => return None,
                        Ok(piece) => {
                            let copy = |there: &mut [u8]| piece.copy_to(there);
                            self.shard.borrow_mut().feed(&mut task, piece.len(), copy);
                            pieces.give_back(&piece);
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
            turn.rest().await;
        }
    }
}

fn no_file() -> JobError {
    JobError::Unreadable { reason: "no file is at hand".to_owned() }
}
