//! Several tables to one: parts below each other, labels beside their rows.
//!
//! Each table is read first, as it would be alone: that gives its names, its rows and what had to
//! be repaired. Then its cells are written again, one dialect for all, with what is added behind
//! them.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{
    super::{JobError, conductor::Table, message::RangeToRead, step::Step},
    Draft, Store, Text,
    open::written,
};
use crate::engine::{
    source::{conversion::SourceError, flatten::write_cell},
    table::reader::{PieceSink, RangeReader},
    text::{
        Dialect, Example, Notice, NoticeKind,
        records::{Padded, Record, Sink, Skipped, unquoted},
    },
};

/// The column that says from which file a row is.
pub(super) const FILE: &str = "file";

/// How the rows of a second table find those they belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JoinBy {
    /// The first to the first, the second to the second.
    Position,
    /// By the values of a column that both have.
    Key(String),
}

/// A table that was read, and its text.
pub(super) type Source<F> = (Text<F>, Table);

/// A table and its labels, if that is what two tables are that have not the same columns: the
/// narrower one shares just one column with the wider one, or none and has as many rows.
pub(super) fn table_and_labels<F>(sources: &[Source<F>]) -> Option<(&Source<F>, &Source<F>)> {
    let [first, second] = sources else { return None };
    let (first_names, second_names) = (names(&first.1), names(&second.1));
    if first_names.len() == second_names.len() {
        return None;
    }
    let n_common = first_names.iter().filter(|name| second_names.contains(name)).count();
    let is_beside = match n_common {
        0 => n_rows(&first.1) == n_rows(&second.1),
        1 => first_names.len().min(second_names.len()) > 1,
        _ => false,
    };
    let is_first_wider = first_names.len() > second_names.len();
    is_beside.then_some(if is_first_wider { (first, second) } else { (second, first) })
}

/// Puts tables of the same columns below each other, with a column of the files' names.
pub(super) async fn append<S: Store>(
    store: &S,
    sources: &[Source<S::File>],
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Text<S::File>, JobError> {
    // Parts that a tool has cut have a header only in the first.
    let named = sources.iter().find(|(_, table)| has_header(table)).unwrap_or(&sources[0]);
    let names = names(&named.1);
    let mut merging = Merging::new(store, names.iter().copied().chain([FILE]));
    let files = distinct(sources.iter().map(|(text, _)| text.name()));
    for (i, (text, table)) in sources.iter().enumerate() {
        let order = order(&named.0.name(), &names, &text.name(), table)?;
        if order.iter().enumerate().any(|(at, &from)| at != from) {
            merging.note(NoticeKind::ReorderedColumns, 1);
        }
        if i > 0 && has_header(table) {
            merging.note(NoticeKind::LaterHeader, 1);
        }
        let mut name = Vec::new();
        write_cell(files[i].as_bytes(), &mut name);
        let done = |share: f64| (i as f64 + share) / sources.len() as f64;
        let cells: CellsOf<'_, '_> = &mut |_, _| Some(&name[..]);
        let behind = Behind { key: None, cells, n_cells: 1 };
        let tell = &mut |share| tell(Step::Unpack, done(share));
        merging.write(text, table, Some(&order), behind, tell).await?;
    }
    merging.finish(sources.iter().map(|(text, _)| text))
}

/// Puts the columns of a second table beside the rows of the first.
pub(super) async fn join<S: Store>(
    store: &S,
    source: &Source<S::File>,
    labels: &Source<S::File>,
    by: Option<&JoinBy>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Text<S::File>, JobError> {
    let (text, table) = source;
    let (own, others) = (names(table), names(&labels.1));
    let common: Vec<&str> = others.iter().copied().filter(|name| own.contains(name)).collect();
    let key = match (by, &common[..]) {
        (Some(JoinBy::Key(key)), _) => Some(key.as_str()),
        (None, [key]) if others.len() > 1 => Some(*key),
        (Some(JoinBy::Position) | None, _) => None,
    };
    let place = |names: &[&str], name: &str, file: String| {
        let found = names.iter().position(|there| *there == name);
        found.ok_or(SourceError::NoKey { key: name.to_owned(), file })
    };
    let keys = match key {
        Some(key) => Some((place(&own, key, text.name())?, place(&others, key, labels.0.name())?)),
        None => None,
    };
    let (n_rows, n_labels) = (n_rows(table), n_rows(&labels.1));
    if keys.is_none() && n_rows != n_labels {
        let (file, labels) = (text.name(), labels.0.name());
        return Err(SourceError::LabelCount { n_rows, n_labels, file, labels }.into());
    }
    let mut lines = Lines::new(&labels.1, keys.map(|(_, other)| other));
    let half = &mut |share| tell(Step::Unpack, share / 2.0);
    stream(store, &labels.0, &labels.1, &mut lines, &mut |_| Ok(()), half).await?;

    let added = others.iter().enumerate().filter(|&(at, _)| Some(at) != keys.map(|(_, it)| it));
    let added = added.map(|(_, name)| if has_header(&labels.1) { *name } else { "label" });
    let mut merging = Merging::new(store, own.iter().copied().chain(added));
    merging.note(NoticeKind::RepeatedJoinKey, lines.n_repeated);
    let n_cells = others.len() - usize::from(keys.is_some());
    let mut is_used = vec![false; lines.ends.len()];
    let cells: CellsOf<'_, '_> = &mut |key, row| {
        let row = if keys.is_some() { *lines.rows.get(key)? as usize } else { row };
        is_used[row] = true;
        Some(lines.get(row))
    };
    let behind = Behind { key: keys.map(|(own, _)| own), cells, n_cells };
    let tell = &mut |share| tell(Step::Unpack, 0.5 + share / 2.0);
    merging.write(text, table, None, behind, tell).await?;
    let n_unused = is_used.iter().filter(|is_used| !**is_used).count() as u64;
    merging.note(NoticeKind::UnusedLabel, n_unused - lines.n_repeated.min(n_unused));
    merging.finish([text, &labels.0])
}

/// Names of files as the column of files holds them, no two the same: the second `a.csv` becomes
/// `a.csv (2)`.
pub fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        let mut free = name.clone();
        let mut n = 1;
        while distinct.contains(&free) {
            n += 1;
            free = format!("{name} ({n})");
        }
        distinct.push(free);
    }
    distinct
}

pub(super) fn names(table: &Table) -> Vec<&str> {
    table.profile.columns.iter().map(|column| column.name.as_str()).collect()
}

/// How many rows a table has, those included that were left out of it.
fn n_rows(table: &Table) -> u64 {
    table.profile.sample.map_or(u64::from(table.profile.n_rows), |(_, n_rows)| n_rows)
}

pub(super) fn has_header(table: &Table) -> bool {
    table.profile.notices.iter().all(|notice| notice.kind != NoticeKind::NoHeader)
}

/// Where the columns `names` of a first table stand in another one.
fn order(
    first: &str,
    names: &[&str],
    other: &str,
    table: &Table,
) -> Result<Vec<usize>, SourceError> {
    let others = self::names(table);
    if !has_header(table) && others.len() == names.len() {
        return Ok((0..names.len()).collect());
    }
    let places: HashMap<&str, usize> = others.iter().copied().zip(0..).collect();
    let lacking = |of: &[&str], from: &[&str]| -> Vec<String> {
        from.iter().filter(|name| !of.contains(name)).map(ToString::to_string).collect()
    };
    let order: Option<Vec<usize>> = names.iter().map(|name| places.get(name).copied()).collect();
    order.filter(|order| order.len() == others.len()).ok_or_else(|| SourceError::OtherColumns {
        first: first.to_owned(),
        other: other.to_owned(),
        missing: lacking(&others, names),
        surplus: lacking(names, &others),
    })
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

    fn add(&mut self, notice: &Notice) {
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
        let own = table.profile.notices.iter().chain(&text.notices);
        for notice in own.filter(|notice| notice.column.is_none()) {
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

/// Hands all records of a table to a sink, one after the other; calls `after` each piece.
async fn stream<S: Store, K: PieceSink>(
    store: &S,
    text: &Text<S::File>,
    table: &Table,
    sink: &mut K,
    after: &mut dyn FnMut(&mut K) -> Result<(), JobError>,
    tell: &mut dyn FnMut(f64),
) -> Result<(), JobError> {
    let length = store.length(&text.file);
    for range in table.ranges_to_read() {
        // Where only a share of the rows is to be read, it is one of the text that is made here.
        let plan = RangeToRead { share: None, ..range }.plan();
        let mut reader = RangeReader::new(plan, Lent(&mut *sink));
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

/// A sink that outlives its reader.
struct Lent<'a, K>(&'a mut K);

impl<K: PieceSink> PieceSink for Lent<'_, K> {
    fn piece(&mut self, text: &[u8], base: u64, first_line: u64) {
        self.0.piece(text, base, first_line);
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

/// The cells of a table's rows, ready to be written, and where each key is.
struct Lines {
    dialect: Dialect,
    width: usize,
    key: Option<usize>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    rows: HashMap<Vec<u8>, u32>,
    n_repeated: u64,
}

impl Lines {
    fn new(table: &Table, key: Option<usize>) -> Self {
        Self {
            dialect: table.profile.dialect.clone(),
            width: table.profile.columns.len(),
            key,
            bytes: Vec::new(),
            ends: Vec::new(),
            rows: HashMap::new(),
            n_repeated: 0,
        }
    }

    fn get(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
    }
}

impl PieceSink for Lines {
    fn piece(&mut self, _: &[u8], _: u64, _: u64) {}
}

impl Sink for Lines {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let (mut scratch, mut is_first) = (Vec::new(), true);
        for column in 0..self.width {
            let cell = record
                .cells
                .get(column)
                .map_or(&[][..], |cell| unquoted(text, *cell, &self.dialect, &mut scratch));
            if Some(column) == self.key {
                let row = self.ends.len() as u32;
                if *self.rows.entry(cell.trim_ascii().to_vec()).or_insert(row) != row {
                    self.n_repeated += 1;
                }
                continue;
            }
            if !std::mem::take(&mut is_first) {
                self.bytes.push(b',');
            }
            if !cell.is_empty() {
                write_cell(cell, &mut self.bytes);
            }
        }
        self.ends.push(self.bytes.len());
    }

    fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
}
