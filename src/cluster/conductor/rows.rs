//! Rows as they stand in the file.

use std::ops::Range;

use super::{
    super::{JobError, findings::RowText},
    Shards, Table,
};
use crate::engine::{
    arrange::sort_u32,
    table::{reader::MARK_EVERY, share::Sampled},
    text::{
        Rules,
        records::{Cell, Extent, PADDING, Padded, Record, Sink, Skipped, tokenize, unquoted},
    },
};

/// Reads some rows from the file, in the order asked.
///
/// # Errors
///
/// - [`NoSuchRow`](JobError::NoSuchRow): a row is beyond the table.
/// - [`Unreadable`](JobError::Unreadable): the file is gone or changed.
pub async fn rows<S: Shards>(
    shards: &mut S,
    table: &Table,
    rows: &[u32],
) -> Result<Vec<RowText>, JobError> {
    let n_rows = table.n_rows();
    if let Some(&row) = rows.iter().find(|&&row| row >= n_rows) {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let mut wanted = rows.to_vec();
    sort_u32(&mut wanted);
    wanted.dedup();
    let mut found = Vec::with_capacity(wanted.len());
    let mut rest = wanted.as_slice();
    while let Some(stretch) = stretch(table, rest) {
        let bytes = shards.read(stretch.bytes.clone()).await?;
        if bytes.len() as u64 != stretch.bytes.end - stretch.bytes.start {
            return Err(JobError::Unreadable { reason: "it is shorter than it was".to_owned() });
        }
        found.extend(stretch.read(table, bytes));
        rest = &rest[stretch.rows.len()..];
    }
    let at = |row: &u32| found.binary_search_by_key(row, |there: &RowText| there.row);
    rows.iter()
        .map(|row| match at(row) {
            Ok(place) => Ok(found[place].clone()),
            Err(_) => Err(JobError::Unreadable { reason: "it has changed".to_owned() }),
        })
        .collect()
}

/// Rows that are read at once: those wanted between two marks that are not far apart.
struct Stretch<'a> {
    rows: &'a [u32],
    first_row: u32,
    first_line: u64,
    bytes: Range<u64>,
}

#[inline(never)]
fn stretch<'a>(table: &Table, wanted: &'a [u32]) -> Option<Stretch<'a>> {
    let &first = wanted.first()?;
    let part = &table.parts[table.shard_of(first) as usize];
    let mark_of = |row: u32| ((row - part.first_row) / MARK_EVERY) as usize;
    let from = mark_of(first);
    let mut last = from;
    let mut n = 0;
    // One read of neighbouring marks is quicker than several; far ones are read on their own.
    while let Some(&row) = wanted.get(n)
        && row < part.first_row + part.n_rows
        && mark_of(row) <= last + 1
    {
        last = mark_of(row);
        n += 1;
    }
    let [start, line] = part.marks[from];
    let after = part.marks.get(last + 1);
    // The last record of a part may reach past its range, to where the next part begins.
    let next_part =
        table.parts.iter().map(|part| part.range.start).find(|&at| at >= part.range.end);
    let end = after.map_or(next_part.unwrap_or(table.layout.file_length), |&[byte, _]| byte);
    Some(Stretch {
        rows: &wanted[..n],
        first_row: part.first_row + from as u32 * MARK_EVERY,
        first_line: part.first_line + line,
        bytes: start..end,
    })
}

impl Stretch<'_> {
    fn read(&self, table: &Table, mut bytes: Vec<u8>) -> Vec<RowText> {
        let length = bytes.len();
        bytes.resize(length + PADDING, 0);
        let rows = Rows { stretch: self, table, row: self.first_row, found: Vec::new() };
        let mut rows = Sampled::new(table.layout.share, self.bytes.start, rows);
        let literal = table.layout.literal.within(self.bytes.start);
        let extent = Extent { literal, ..Extent::WHOLE };
        tokenize(Padded::new(&bytes, length), &table.layout.rules, extent, &mut rows);
        rows.into_parts().0.found
    }
}

struct Rows<'a> {
    stretch: &'a Stretch<'a>,
    table: &'a Table,
    row: u32,
    found: Vec<RowText>,
}

impl Sink for Rows<'_> {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let row = self.row;
        self.row += 1;
        if self.stretch.rows.binary_search(&row).is_err() {
            return;
        }
        let rules = &self.table.layout.rules;
        self.found.push(row_text(text, record, rules, row, self.stretch.first_line));
    }

    fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
}

/// A record as it stands and as it is read; `first_line` is the line its text begins on.
pub(super) fn row_text(
    text: Padded<'_>,
    record: Record<'_>,
    rules: &Rules,
    row: u32,
    first_line: u64,
) -> RowText {
    let mut scratch = Vec::new();
    let shown = |cell: &Cell| {
        let cell = unquoted(text, *cell, &rules.dialect, &mut scratch);
        String::from_utf8_lossy(cell).into_owned()
    };
    RowText {
        row,
        line: first_line + record.line + 1,
        cells: record.cells.iter().map(shown).collect(),
        text: String::from_utf8_lossy(&text.text()[record.start..record.end]).into_owned(),
    }
}
