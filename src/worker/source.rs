//! A person's files, as blobs: what is made of them goes into the browser's own store.

use std::{cell::Cell, ops::Range, rc::Rc};

use js_sys::{Array, Object};
use web_sys::Blob;

use super::{
    conductor::{blob, no_blob},
    desk::{Desk, Hub},
    pieces::{self, Pieces},
    time::{TURN, now, yield_now},
};
use crate::{
    cluster::{
        JobError,
        conductor::{self, Table},
        findings::Step,
        source::{Store, Tables, Text},
    },
    protocol::JobId,
};

/// Bytes that are read at a time.
const PIECE: u64 = 1 << 21;

/// The browser's store.
pub(super) struct Blobs {
    /// When the turn at hand began.
    turn: Cell<f64>,
    /// The file that is read in order, and where its next piece begins.
    ahead: Cell<Option<(Blob, u64, Pieces)>>,
}

impl Blobs {
    pub(super) fn new() -> Self {
        Self { turn: Cell::new(now()), ahead: Cell::new(None) }
    }
}

impl Store for Blobs {
    type File = Blob;

    fn length(&self, file: &Blob) -> u64 {
        file.size() as u64
    }

    async fn read(&self, file: &Blob, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        pieces::read(file, range).await
    }

    async fn read_on(&self, file: &Blob, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        let is_next = |there: &Blob, at: u64| Object::is(there, file) && at == range.start;
        let mut pieces = match self.ahead.take() {
            Some((there, at, pieces)) if is_next(&there, at) => pieces,
            _ => Pieces::new(file.clone()),
        };
        let first = range.start..(range.start + PIECE).min(range.end);
        let bytes = pieces.next(first, range.end).await?;
        let copy = bytes.to_vec();
        pieces.give_back(&bytes);
        self.ahead.set(Some((file.clone(), range.start + copy.len() as u64, pieces)));
        Ok(copy)
    }

    fn keep(&self, bytes: &[u8]) -> Result<Blob, JobError> {
        blob(&[bytes])
    }

    fn chain(&self, parts: &[Blob]) -> Result<Blob, JobError> {
        let parts: Array = parts.iter().collect();
        Blob::new_with_blob_sequence(&parts).map_err(|error| no_blob(&error))
    }

    async fn rest(&self) {
        if now() - self.turn.get() > TURN {
            yield_now().await;
            self.turn.set(now());
        }
    }
}

/// Reads tables for one job, each beside the one that stands.
///
/// What was read last waits in the shards for as long as its desk lives: until it is committed.
#[derive(Debug)]
pub(super) struct Reader {
    hub: Rc<Hub>,
    job: JobId,
    desk: Option<Desk>,
}

impl Reader {
    pub(super) fn new(hub: &Rc<Hub>, job: JobId) -> Self {
        Self { hub: Rc::clone(hub), job, desk: None }
    }

    /// Lets the table that was read last replace the one that stood.
    pub(super) fn commit(mut self, table: &Table) {
        if let Some(desk) = &mut self.desk {
            conductor::commit(desk, table);
        }
    }
}

impl Tables<Blob> for Reader {
    async fn read(
        &mut self,
        text: &Text<Blob>,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<Table, JobError> {
        // A job has one desk at a time.
        self.desk = None;
        let desk = Desk::new(&self.hub, self.job, Some(text.file.clone()));
        let desk = self.desk.insert(desk.with_head(text.head.clone()));
        conductor::read(desk, text.file.size() as u64, &text.overrides, tell).await
    }
}
