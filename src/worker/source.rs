//! A person's files, as blobs: what is made of them goes into the browser's own store.

use std::{
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use js_sys::{Array, Object, Uint8Array};
use web_sys::Blob;

use super::{
    conductor::no_blob,
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
    engine::text::Encoding,
    protocol::JobId,
};

/// Bytes that are read at a time.
pub(super) const PIECE: u64 = 1 << 21;

/// Puts bytes into the browser's own store, through one buffer: fresh memory for each part would
/// cost more than the copying.
#[derive(Default)]
pub(super) struct Keeper(RefCell<Option<Uint8Array>>);

impl Keeper {
    /// Keeps bytes.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], if there is no room.
    pub(super) fn keep(&self, bytes: &[u8]) -> Result<Blob, JobError> {
        let n_bytes = bytes.len() as u32;
        let mut buffer = self.0.borrow_mut();
        let buffer = match &mut *buffer {
            Some(buffer) if buffer.length() >= n_bytes => buffer,
            none => none.insert(Uint8Array::new_with_length(n_bytes.next_power_of_two())),
        };
        let filled = buffer.subarray(0, n_bytes);
        filled.copy_from(bytes);
        Blob::new_with_u8_array_sequence(&Array::of1(&filled)).map_err(|error| no_blob(&error))
    }
}

/// The browser's store, for one job.
pub(super) struct Blobs {
    hub: Rc<Hub>,
    job: JobId,
    keeper: Keeper,
    /// When the turn at hand began.
    turn: Cell<f64>,
    /// The file that is read in order, and where its next piece begins.
    ahead: Cell<Option<(Blob, u64, Pieces)>>,
}

impl Blobs {
    pub(super) fn new(hub: &Rc<Hub>, job: JobId) -> Self {
        let (turn, ahead) = (Cell::new(now()), Cell::new(None));
        Self { hub: Rc::clone(hub), job, keeper: Keeper::default(), turn, ahead }
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
        self.keeper.keep(bytes)
    }

    fn n_hands(&self) -> u32 {
        self.hub.n_shards()
    }

    async fn decode(
        &self,
        file: &Blob,
        encoding: Encoding,
        ranges: &[Range<u64>],
        tell: &mut dyn FnMut(u64),
    ) -> Result<(Vec<Blob>, u64), JobError> {
        Desk::new(&self.hub, self.job, Some(file.clone())).decode(encoding, ranges, tell).await
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
