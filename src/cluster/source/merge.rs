//! A text that is written anew, of the rows of tables.
//!
//! Each table is read first, as it would be alone: that gives its names, its rows and what had to
//! be repaired. Then its cells are written again, one dialect for all, with what is added behind
//! them.

use super::{
    super::{JobError, conductor::Table, message::RangeToRead},
    Draft, Store, Text,
    open::written,
};
use crate::engine::{
    source::flatten::write_cell,
    table::reader::{PieceSink, RangeReader},
    text::{
        Dialect, Example, Notice, NoticeKind,
        records::{Padded, Record, Sink, Skipped, unquoted},
    },
};

/// A table that was read, and its text.
pub(super) type Source<F> = (Text<F>, Table);

pub(super) fn names(table: &Table) -> Vec<&str> {
    table.profile.columns.iter().map(|column| column.name.as_str()).collect()
}

pub(super) fn has_header(table: &Table) -> bool {
    table.profile.notices.iter().all(|notice| notice.kind != NoticeKind::NoHeader)
}

/// A text in the making.
pub(super) struct Merging<'a, S: Store> {
    draft: Draft<'a, S>,
    lines: Vec<u8>,
    n_lines: u64,
    notices: Vec<Notice>,
}

impl<'a, S: Store> Merging<'a, S> {
    /// Begins with a header.
    pub(super) fn new<'n>(store: &'a S, names: impl Iterator<Item = &'n str>) -> Self {
        let mut lines = Vec::new();
        for name in names {
            if !lines.is_empty() {
                lines.push(b',');
            }
            write_cell(name.as_bytes(), &mut lines);
        }
        lines.push(b'\n');
        Self { draft: Draft::new(store), lines, n_lines: 1, notices: Vec::new() }
    }

    pub(super) fn note(&mut self, kind: NoticeKind, count: u64) {
        if count > 0 {
            self.add(&Notice { count, ..Notice::new(kind, None) });
        }
    }

    pub(super) fn add(&mut self, notice: &Notice) {
        match self
            .notices
            .iter_mut()
            .find(|it| (it.kind, it.column) == (notice.kind, notice.column))
        {
            Some(there) => there.merge(notice),
            None => self.notices.push(notice.clone()),
        }
    }

    /// Writes the rows of a table; `order` says where its columns stand, beyond its last where it has none.
    pub(super) async fn write<'b>(
        &mut self,
        text: &Text<S::File>,
        table: &Table,
        order: Option<&'b [usize]>,
        behind: Behind<'b, '_>,
        tell: &mut dyn FnMut(f64),
    ) -> Result<(), JobError> {
        let before = self.n_lines;
        let mut writer = Writer {
            dialect: table.profile.dialect.clone(),
            width: table.profile.columns.len(),
            order,
            behind,
            row: 0,
            first_line: before,
            n_lines: 0,
            cells: Vec::new(),
            lines: std::mem::take(&mut self.lines),
            unmatched: Notice::new(NoticeKind::NoLabel, None),
        };
        let draft = &mut self.draft;
        let store = draft.store;
        let keep = &mut |writer: &mut Writer<'_, '_>| draft.drain(&mut writer.lines, false);
        stream(store, text, table, &mut writer, keep, tell).await?;
        self.lines = writer.lines;
        self.n_lines += writer.n_lines;
        if writer.unmatched.count > 0 {
            self.add(&writer.unmatched);
        }
        // A notice's lines are those of its own file: here they stand further down.
        let own = &table.profile.notices;
        for notice in own.iter().filter(|notice| notice.column.is_none()) {
            let shift = before - 1;
            let lines = notice.lines.iter().map(|line| line + shift).collect();
            self.add(&Notice { lines, ..notice.clone() });
        }
        Ok(())
    }

    pub(super) fn finish<'t>(
        mut self,
        texts: impl IntoIterator<Item = &'t Text<S::File>>,
    ) -> Result<Text<S::File>, JobError>
    where
        S::File: 't,
    {
        self.draft.drain(&mut self.lines, true)?;
        let mut origins = Vec::new();
        let mut overrides = None;
        for text in texts {
            origins.extend(text.origins.iter().cloned());
            overrides = overrides.or_else(|| Some(written(&text.overrides)));
        }
        Ok(Text {
            file: self.draft.finish()?,
            head: Vec::new(),
            overrides: overrides.unwrap_or_default(),
            origins,
            notices: self.notices,
            is_ragged: false,
        })
    }
}

/// What is written behind the cells of a row: by the text of its key and its number.
pub(super) struct Behind<'a, 'c> {
    /// The column of the key.
    pub(super) key: Option<usize>,
    /// The cells.
    pub(super) cells: CellsOf<'a, 'c>,
    /// How many cells that is.
    pub(super) n_cells: usize,
}

/// Cells by the text of a key and the number of a row.
pub(super) type CellsOf<'a, 'c> = &'a mut dyn FnMut(&[u8], usize) -> Option<&'c [u8]>;

/// Writes records as lines.
struct Writer<'a, 'c> {
    dialect: Dialect,
    width: usize,
    order: Option<&'a [usize]>,
    behind: Behind<'a, 'c>,
    row: usize,
    first_line: u64,
    n_lines: u64,
    /// The cells of the record at hand.
    cells: Vec<Vec<u8>>,
    lines: Vec<u8>,
    unmatched: Notice,
}

impl PieceSink for Writer<'_, '_> {
    fn piece(&mut self, _: &[u8], _: u64, _: u64) {}
}

impl Sink for Writer<'_, '_> {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let mut scratch = Vec::new();
        self.cells.resize(record.cells.len().max(self.width), Vec::new());
        for (i, kept) in self.cells.iter_mut().enumerate() {
            kept.clear();
            if let Some(cell) = record.cells.get(i) {
                kept.extend(unquoted(text, *cell, &self.dialect, &mut scratch));
            }
        }
        let is_there = |column: usize| column < record.cells.len();
        for place in 0..self.order.map_or(self.width, <[usize]>::len) {
            if place > 0 {
                self.lines.push(b',');
            }
            let column = self.order.map_or(place, |order| order[place]);
            // An empty cell and none at all are both missing; neither needs quotes.
            if is_there(column) && !self.cells[column].is_empty() {
                write_cell(&self.cells[column], &mut self.lines);
            }
        }
        let key = self.behind.key.map_or(&[][..], |key| self.cells[key].trim_ascii());
        self.lines.push(b',');
        if let Some(cells) = (self.behind.cells)(key, self.row) {
            self.lines.extend(cells);
        } else {
            self.lines.extend(std::iter::repeat_n(b',', self.behind.n_cells - 1));
            let row = &text.text()[record.start..record.end];
            let example = |line| Example::new(line, row, std::iter::empty());
            let line = self.first_line + self.n_lines + 1;
            self.unmatched.count_line(line, || example(line));
        }
        for cell in &self.cells[self.width..] {
            self.lines.push(b',');
            write_cell(cell, &mut self.lines);
        }
        self.lines.push(b'\n');
        self.row += 1;
        let n_inner = self.cells.iter().map(|cell| memchr::memchr_iter(b'\n', cell).count());
        self.n_lines += 1 + n_inner.sum::<usize>() as u64;
    }

    fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
}

/// Hands all records of a table to a sink, one after the other, and the lines of their pieces in the file;
/// calls `after` each piece.
pub(super) async fn stream<S: Store, K: PieceSink>(
    store: &S,
    text: &Text<S::File>,
    table: &Table,
    sink: &mut K,
    after: &mut dyn FnMut(&mut K) -> Result<(), JobError>,
    tell: &mut dyn FnMut(f64),
) -> Result<(), JobError> {
    let length = store.length(&text.file);
    for (first_line, range) in table.ranges_to_read() {
        // Where only a share of the rows is to be read, it is one of the text that is made here.
        let plan = RangeToRead { share: None, ..range }.plan();
        let mut reader = RangeReader::new(plan, Lent(&mut *sink, first_line));
        while let Some(range) = reader.wants() {
            let end = range.end;
            let bytes = store.read(&text.file, range).await?;
            reader.feed(bytes.len(), |there| there.copy_from_slice(&bytes));
            after(reader.sink().0)?;
            tell(end as f64 / length as f64);
            store.rest().await;
        }
    }
    Ok(())
}

/// A sink that outlives its reader, and the line that the reader's range begins on.
struct Lent<'a, K>(&'a mut K, u64);

impl<K: PieceSink> PieceSink for Lent<'_, K> {
    fn piece(&mut self, text: &[u8], base: u64, first_line: u64) {
        self.0.piece(text, base, self.1 + first_line);
    }
}

impl<K: PieceSink> Sink for Lent<'_, K> {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        self.0.record(text, record);
    }

    fn skip(&mut self, text: Padded<'_>, skipped: Skipped) {
        self.0.skip(text, skipped);
    }
}
