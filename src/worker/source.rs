//! A person's files, as blobs: what is made of them goes into the browser's own store.

use std::{cell::Cell, ops::Range, rc::Rc};

use js_sys::Array;

use super::{
    blob::{Keeper, joined},
    desk::{Desk, Hub},
    text::{TextBlob, TextPieces},
    time::Turn,
};
use crate::{
    cluster::{
        JobError,
        conductor::{self, Table},
        source::{Store, Tables, Text},
        step::Step,
    },
    engine::text::Encoding,
};

/// Bytes that are read at a time.
pub(super) const PIECE: u64 = 1 << 21;

/// The browser's store.
pub(super) struct Blobs {
    hub: Rc<Hub>,
    keeper: Keeper,
    turn: Turn,
    /// The file that is read in order, and where its next piece begins.
    ahead: Cell<Option<(TextBlob, u64, TextPieces)>>,
}

impl Blobs {
    pub(super) fn new(hub: &Rc<Hub>) -> Self {
        let (turn, ahead) = (Turn::begin(), Cell::new(None));
        Self { hub: Rc::clone(hub), keeper: Keeper::default(), turn, ahead }
    }
}

impl Store for Blobs {
    type File = TextBlob;

    fn length(&self, file: &TextBlob) -> u64 {
        file.length()
    }

    async fn read(&self, file: &TextBlob, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        file.read(range).await
    }

    async fn read_on(&self, file: &TextBlob, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        let is_next = |there: &TextBlob, at: u64| there.is(file) && at == range.start;
        let mut pieces = match self.ahead.take() {
            Some((there, at, pieces)) if is_next(&there, at) => pieces,
            _ => TextPieces::new(file.clone()),
        };
        let first = range.start..(range.start + PIECE).min(range.end);
        let piece = pieces.next(first, range.end).await?;
        let mut copy = vec![0; piece.len()];
        piece.copy_to(&mut copy);
        pieces.give_back(&piece);
        self.ahead.set(Some((file.clone(), range.start + copy.len() as u64, pieces)));
        Ok(copy)
    }

    fn keep(&self, bytes: &[u8]) -> Result<TextBlob, JobError> {
        Ok(self.keeper.keep(bytes)?.into())
    }

    fn narrowed(&self, file: &TextBlob, encoding: Encoding, start: u64) -> Option<TextBlob> {
        TextBlob::wide(file.plain()?, encoding, start)
    }

    fn n_hands(&self) -> u32 {
        self.hub.n_shards()
    }

    async fn decode(
        &self,
        file: &TextBlob,
        encoding: Encoding,
        ranges: &[Range<u64>],
        tell: &mut dyn FnMut(u64),
    ) -> Result<(Vec<TextBlob>, u64), JobError> {
        let mut desk = Desk::new(&self.hub, Some(file.clone()));
        let (parts, n_foreign) = desk.decode(encoding, ranges, tell).await?;
        Ok((parts.into_iter().map(TextBlob::from).collect(), n_foreign))
    }

    fn chain(&self, parts: &[TextBlob]) -> Result<TextBlob, JobError> {
        let parts: Array = parts.iter().map(|part| part.parts().0).collect();
        Ok(joined(&parts)?.into())
    }

    async fn rest(&self) {
        self.turn.rest().await;
    }
}

/// Reads tables for one job, each beside the one that stands.
///
/// What was read last waits in the shards for as long as its desk lives: until it is committed.
#[derive(Debug)]
pub(super) struct Reader {
    hub: Rc<Hub>,
    desk: Option<Desk>,
}

impl Reader {
    pub(super) fn new(hub: &Rc<Hub>) -> Self {
        Self { hub: Rc::clone(hub), desk: None }
    }

    /// Lets the table that was read last replace the one that stood.
    pub(super) fn commit(mut self, table: &Table) {
        if let Some(desk) = &mut self.desk {
            conductor::commit(desk, table);
        }
    }
}

impl Tables<TextBlob> for Reader {
    async fn read(
        &mut self,
        text: &Text<TextBlob>,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<Table, JobError> {
        // What was read before is stopped, and given up.
        self.desk = None;
        let desk = Desk::new(&self.hub, Some(text.file.clone()));
        let desk = self.desk.insert(desk.with_head(text.head.clone()));
        let table = conductor::read(desk, text.file.length(), &text.overrides, tell).await;
        if table.is_err() {
            self.desk = None;
        }
        table
    }
}
