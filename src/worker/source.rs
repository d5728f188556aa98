//! A person's files, as blobs: what is made of them goes into the browser's own store.

use std::{cell::Cell, ops::Range, rc::Rc};

use js_sys::Array;
use web_sys::Blob;

use super::{
    conductor::{blob, no_blob},
    desk::{Desk, Hub},
    pieces,
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

/// The browser's store.
#[derive(Debug)]
pub(super) struct Blobs {
    /// When the turn at hand began.
    turn: Cell<f64>,
}

impl Blobs {
    pub(super) fn new() -> Self {
        Self { turn: Cell::new(now()) }
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
