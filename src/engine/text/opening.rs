//! How a file begins: lines before the table, records that name the columns, the first row.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    Class, Example, NoticeKind, Rules, Sketch,
    evidence::{Evidence, Finding, Tried},
    records::{Extent, PADDING, Padded, Record, Sink, Skipped, tokenize, unquoted},
};

/// How many records are looked at.
const MOST_RECORDS: usize = 1_000;
/// How many records may name the columns, one below the other.
const MOST_HEADER_LINES: usize = 5;
/// Records at the beginning that may be none of the rows, where there are enough others.
const MOST_OPENING: usize = 10;

/// A record of the sample.
#[derive(Debug, Clone)]
pub(super) struct Sampled {
    pub(super) cells: Vec<Vec<u8>>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: u64,
    pub(super) oddity: Option<NoticeKind>,
}

impl Sampled {
    fn n_filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.trim_ascii().is_empty()).count()
    }

    /// Cells that are more than text.
    fn n_typed(&self) -> u64 {
        self.cells.iter().filter(|cell| Class::of(cell).is_typed()).count() as u64
    }

    /// What it is and what became of it; lines from 1.
    pub(super) fn example(&self, text: &[u8], is_read: bool) -> Example {
        let cells = self.cells.iter().map(Vec::as_slice).filter(|_| is_read);
        Example::new(self.line + 1, &text[self.start..self.end], cells)
    }
}

/// The first records of a text, and the lines between them that are none.
#[derive(Debug, Default)]
pub(super) struct Records {
    all: Vec<Sampled>,
    pub(super) skipped: Vec<Skipped>,
    /// Where the text goes on behind them, and on which line.
    pub(super) behind: (usize, u64),
    rules: Rules,
    scratch: Vec<u8>,
}

impl Sink for Records {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        if self.all.len() >= MOST_RECORDS {
            return;
        }
        let dialect = &self.rules.dialect;
        let scratch = &mut self.scratch;
        let cell = |cell: &_| unquoted(text, *cell, dialect, scratch).to_vec();
        self.all.push(Sampled {
            cells: record.cells.iter().map(cell).collect(),
            start: record.start,
            end: record.end,
            line: record.line,
            oddity: record.oddity,
        });
    }

    fn skip(&mut self, _: Padded<'_>, skipped: Skipped) {
        if self.all.len() < MOST_RECORDS {
            self.skipped.push(skipped);
        }
    }
}

impl std::ops::Deref for Records {
    type Target = [Sampled];

    fn deref(&self) -> &[Sampled] {
        &self.all
    }
}

impl Records {
    /// Reads the beginning of a file, all of it if `is_whole`.
    #[inline(never)]
    pub(super) fn of(sample: &[u8], is_whole: bool, rules: &Rules) -> Self {
        let bytes = [sample, &[0; PADDING]].concat();
        let text = Padded::new(&bytes, sample.len());
        let read = |extent| {
            let mut records = Self { rules: rules.clone(), ..Self::default() };
            let progress = tokenize(text, rules, extent, &mut records);
            records.behind = (progress.consumed, progress.n_lines);
            (records, progress.literal())
        };
        let extent = Extent { is_last: is_whole, ..Extent::WHOLE };
        let (mut records, literal) = read(extent);
        if let Some(literal) = literal {
            // A quote that is open at the end of the sample hides records: look past it.
            (records, _) = read(Extent { literal, ..extent });
        }
        if records.is_empty() && !sample.is_empty() {
            // One line that is longer than the sample: its beginning tells the separators.
            (records, _) = read(Extent { is_last: true, ..extent });
        }
        records
    }

    /// Forgets some records.
    pub(super) fn leave_out(&mut self, mut is_out: impl FnMut(&Sampled) -> bool) {
        self.all.retain(|record| !is_out(record));
    }

    /// The most frequent number of cells; of equally frequent ones the first that is above one: a
    /// second table may be as long as the first.
    pub(super) fn usual_width(&self) -> usize {
        let mut counts: BTreeMap<usize, (usize, Reverse<usize>)> = BTreeMap::new();
        for (i, record) in self.all.iter().enumerate() {
            counts.entry(record.cells.len()).or_insert((0, Reverse(i))).0 += 1;
        }
        let rank = |&(width, (n, first)): &(usize, (usize, Reverse<usize>))| (n, width > 1, first);
        counts.into_iter().max_by_key(rank).map_or(0, |(width, _)| width)
    }

    /// Mean length of a record, line end included; at least 1.
    pub(super) fn mean_length(&self) -> usize {
        let n_bytes = self.last().map_or(0, |last| last.end + 1);
        n_bytes.div_ceil(self.len().max(1)).max(1)
    }

    /// What the columns hold, as far as records of the usual width tell that are no header.
    pub(super) fn sketches(&self, width: usize) -> Vec<Sketch> {
        let n_opening = (self.len() / 2).clamp(1, MOST_OPENING);
        let rows: Vec<&Sampled> = self
            .iter()
            .skip(n_opening)
            .filter(|record| record.cells.len() == width && record.oddity.is_none())
            .collect();
        (0..width).map(|i| Sketch::of(rows.iter().map(|row| Class::of(&row.cells[i])))).collect()
    }
}

/// How a table begins.
pub(super) struct Opening {
    /// Records before the header, or before the first row.
    pub(super) n_preamble: usize,
    /// Records that name the columns.
    pub(super) n_header: usize,
    pub(super) evidence: Evidence,
}

impl Opening {
    /// Finds the header: the records before the first row that fits the columns, or, where columns
    /// are but text, a first record whose texts are names. What stands before it is preamble.
    #[inline(never)]
    pub(super) fn of(records: &Records, rules: &Rules, told_header: Option<u32>) -> Self {
        let (usual, columns) = (rules.width, rules.columns.as_slice());
        let is_typed = columns.iter().any(|column| column.class.is_typed());
        let first_row = if is_typed {
            let is_row = |record: &Sampled| {
                let (_, against) = votes(columns, record);
                record.cells.len() == usual && record.n_typed() > against
            };
            records.iter().position(is_row).unwrap_or(0).min(2 * MOST_OPENING)
        } else {
            0
        };
        let found = if is_typed {
            header_above(records, rules, first_row)
        } else {
            let at = records.iter().take_while(|record| is_title(record, usual)).count();
            let at = if at < records.len() { at } else { 0 };
            let has = records.get(at).is_some_and(|record| are_names(record, &records[at + 1..]));
            (at, usize::from(has))
        };
        let (mut n_preamble, mut n_header) = found;
        if n_header == 0 {
            // Without a header, only what cannot be a row stands before the rows.
            let is_no_row =
                |record: &&Sampled| record.cells.len() != usual && is_title(record, usual);
            n_preamble = records.iter().take_while(is_no_row).count();
        }
        if let Some(n) = told_header {
            n_header = (n as usize).min(records.len());
            n_preamble = match n_header {
                0 => n_preamble,
                n => (found.0 + found.1).saturating_sub(n),
            };
        }
        let n_preamble = n_preamble.min(records.len() - n_header.min(records.len()));
        let evidence = evidence(records, columns, (n_preamble, n_header), told_header);
        Self { n_preamble, n_header, evidence }
    }
}

/// Where the header above `first_row` begins, and how many records it has: the last that is text
/// where the columns are more, and those right behind it that are so and may be names. Other records between are
/// rows: one with a word among numbers, or one without a value where types are known.
fn header_above(records: &Records, rules: &Rules, first_row: usize) -> (usize, usize) {
    let is_against = |record: &Sampled| {
        let (_, against) = votes(&rules.columns, record);
        record.cells.len().abs_diff(rules.width) <= 1
            && 2 * record.n_filled() > rules.width
            && against > record.n_typed()
    };
    let above = &records[..first_row];
    // Below the first record a text must look like a name: there may be rows of text.
    let may_be = |&i: &usize| is_against(&above[i]) && (i == 0 || may_be_names(&above[i]));
    let last = (0..first_row).rev().find(may_be);
    let Some(last) = last else { return (first_row, 0) };
    let before = above[..last].iter().rev().take_while(|record| is_against(record)).count();
    let first = last - before;
    let below = above[first + 1..=last].iter().take(MOST_HEADER_LINES - 1);
    (first, 1 + below.take_while(|record| may_be_names(record)).count())
}

/// Whether a record is too empty for a row or a header: a title, a date, a blank line of a sheet.
fn is_title(record: &Sampled, usual: usize) -> bool {
    let n_filled = record.n_filled();
    usual > 1
        && if record.cells.len() == usual {
            usual > 2 && n_filled <= 1
        } else {
            2 * n_filled <= usual
        }
}

/// Whether a record's cells are texts on one line each, no two the same.
fn may_be_names(record: &Sampled) -> bool {
    let texts = record.cells.iter().filter(|cell| !cell.is_empty());
    let mut names = BTreeSet::new();
    names.extend(texts.clone());
    let is_name = |cell: &&Vec<u8>| {
        !Class::of(cell).is_typed() && memchr::memchr2(b'\n', b'\r', cell).is_none()
    };
    names.len() == texts.count() && names.iter().all(is_name)
}

/// Typed columns for which a record's cells fit, and those for which they are something else.
fn votes(columns: &[Sketch], record: &Sampled) -> (u64, u64) {
    let (mut fit, mut against) = (0, 0);
    for (column, cell) in columns.iter().zip(&record.cells) {
        let class = Class::of(cell);
        if column.class.is_typed() && class != Class::Missing {
            *if class == column.class { &mut fit } else { &mut against } += 1;
        }
    }
    (fit, against)
}

/// Whether a record's texts are names: all there, all different, and none of them a value below.
fn are_names(first: &Sampled, rest: &[Sampled]) -> bool {
    let mut names = BTreeSet::new();
    names.extend(&first.cells);
    let recurs = |(column, name): (usize, &Vec<u8>)| {
        rest.iter().any(|record| record.cells.get(column) == Some(name))
    };
    names.len() == first.cells.len()
        && first.cells.iter().all(|cell| Class::of(cell) == Class::Text)
        && !first.cells.iter().enumerate().any(recurs)
}

fn evidence(
    records: &Records,
    columns: &[Sketch],
    (n_preamble, n_header): (usize, usize),
    told: Option<u32>,
) -> Evidence {
    // Of the record that decides: the header's last, or the first row.
    let decisive = records.get(n_preamble + n_header.saturating_sub(1));
    let (fit, against) = decisive.map_or((0, 0), |record| votes(columns, record));
    let (own, other) = if n_header > 0 { (against, fit) } else { (fit, against) };
    let confidence = match (told, own + other) {
        (Some(_), _) => 1.0,
        // Only texts: names that are none of the values are but a likely header.
        (None, 0) => 0.6,
        (None, n) => (own as f64 / n as f64).clamp(0.0, 1.0),
    };
    let tried = vec![Tried {
        value: n_header.to_string(),
        count: own,
        of: own + other,
        width: 0,
        score: confidence,
    }];
    Evidence { finding: Finding::Header, is_told: told.is_some(), confidence, tried }
}
