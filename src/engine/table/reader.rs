//! A range of a file's bytes to columns, piece by piece.

use std::{collections::BTreeMap, ops::Range};

use serde::{Deserialize, Serialize};

use super::{
    builder::{Built, ColumnBuilder},
    missing::Missing,
    share::{RowShare, Sampled},
    zeek,
};
use crate::text::{
    Dialect, Example, Notice, NoticeKind, Rules,
    records::{Extent, Literal, PADDING, Padded, Record, Sink, Skipped, dirt, tokenize, unquoted},
    runs::Run,
};

/// How many bytes are asked for at a time past the end of a range, where only the rest of a record
/// is wanted.
const TAIL: u64 = 1 << 16;
/// A record longer than this is no row of a table.
pub const LONGEST_RECORD: u64 = 1 << 26;
/// Every how many rows the place in the file is kept.
pub const MARK_EVERY: u32 = 64;

/// What is to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPlan {
    /// How records are read, and of how many cells rows are.
    pub rules: Rules,
    /// Records that begin here belong to this range; the first one begins at its start.
    pub range: Range<u64>,
    /// The file's length.
    pub file_length: u64,
    /// From where on quotes are text.
    pub literal: Literal,
    /// Columns that cannot be kept as numbers, as was found out before.
    pub text_columns: Vec<u32>,
    /// Words that mean no value.
    pub missing: Missing,
    /// The rows that are read, if not all.
    pub share: Option<RowShare>,
    /// How many bytes past its range a reader may look for the end of its last record.
    pub patience: u64,
    /// How many bytes are asked for at a time.
    pub piece: u64,
    /// Rows to expect.
    pub n_rows: usize,
}

/// What a range came to.
#[derive(Debug, Clone)]
pub struct RangeRead {
    /// Its columns.
    pub columns: Vec<Built>,
    /// Rows.
    pub n_rows: u32,
    /// Lines that ended in it.
    pub n_lines: u64,
    /// What was repaired; lines count from 1 at the range's start.
    pub notices: Vec<Notice>,
    /// Byte and line (from 0 at the range's start) of every 64th row.
    pub marks: Vec<(u64, u64)>,
    /// Where its rows stand in the file.
    pub lines: Lines,
    /// Records that are not of the share that was to be read.
    pub n_left_out: u64,
    /// Where the table may have ended in it.
    pub tail: Tail,
    /// How the range ended.
    pub ending: Ending,
}

/// How the reading of a range ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// The next record, or the end of the file, is here.
    At(u64),
    /// No record ended within the plan's patience.
    OutOfPatience,
    /// The file ends inside a quoted cell, in a record on this line of the range, from 0.
    OpenQuote(Literal, u64),
    /// A record is longer than [`LONGEST_RECORD`]; it begins on this line of the range, from 0.
    TooLong(u64),
}

/// Where a table may have ended: behind its last row of full width, at the first record that looks
/// like the beginning of something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tail {
    /// Whether there was a row of full width.
    pub has_full: bool,
    /// The byte in the file, and the line, from 0 at the range's start, of that first record.
    pub at: Option<(u64, u64)>,
}

/// The line of each row: one after the other, but for the jumps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// Rows that do not begin on the line after the row before, and their lines.
    jumps: Vec<(u32, u64)>,
    next: u64,
}

impl Lines {
    /// Adds `n` rows from `row` on, which stand on `line` and those that follow.
    fn push(&mut self, row: u32, line: u64, n: u32) {
        if line != self.next || row == 0 {
            self.jumps.push((row, line));
        }
        self.next = line + u64::from(n);
    }

    /// The line of a row, from 0 at the range's start.
    pub fn of(&self, row: u32) -> u64 {
        let after = self.jumps.partition_point(|&(jump, _)| jump <= row);
        let (jump, line) = self.jumps[after - 1];
        line + u64::from(row - jump)
    }
}

/// Takes the records of a range, and hears where each piece of it stands.
pub trait PieceSink: Sink {
    /// A piece of text comes next: it begins at byte `base` of the file, `first_line` lines into
    /// the range.
    fn piece(&mut self, text: &[u8], base: u64, first_line: u64);
}

/// Reads a range: asks for bytes, is fed with them, and hands the records on.
///
/// It does no reading itself, so that files, blobs and memory are all the same to it.
#[derive(Debug)]
pub struct RangeReader<S> {
    plan: ReadPlan,
    sink: Sampled<S>,
    /// Bytes that belong to no complete record yet, and padding.
    buffer: Vec<u8>,
    filled: usize,
    /// Bytes that must be there before it is worth looking at them again.
    enough: usize,
    /// Where in the file the buffer begins.
    base: u64,
    n_lines: u64,
    ending: Option<Ending>,
}

impl<S: PieceSink> RangeReader<S> {
    /// Begins to read.
    pub fn new(plan: ReadPlan, sink: S) -> Self {
        let ending = (plan.range.start >= plan.range.end).then_some(Ending::At(plan.range.start));
        Self {
            base: plan.range.start,
            buffer: vec![0; PADDING],
            filled: 0,
            enough: 0,
            n_lines: 0,
            sink: Sampled::new(plan.share, plan.range.start, sink),
            plan,
            ending,
        }
    }

    /// The bytes that are needed next; `None` when the range is read.
    pub fn wants(&self) -> Option<Range<u64>> {
        if self.ending.is_some() {
            return None;
        }
        let from = self.base + self.filled as u64;
        // Past the range only the rest of one record is missing.
        let (least, end) = if from < self.plan.range.end {
            (self.plan.piece, self.plan.range.end)
        } else {
            (self.plan.piece.min(TAIL), self.plan.file_length)
        };
        // One byte past the longest record there may be is enough to tell that there is a longer one.
        let most = LONGEST_RECORD + 1 - self.filled as u64;
        Some(from..(from + least.min(most)).min(end))
    }

    /// Where the bytes end that will most likely be needed one after the other.
    pub fn until(&self) -> u64 {
        self.plan.range.end
    }

    /// Makes room for `n` bytes, the first of those that are [wanted](Self::wants), lets `fill` write
    /// them, and reads on.
    pub fn feed(&mut self, n: usize, fill: impl FnOnce(&mut [u8])) {
        self.buffer.resize(self.filled + n + PADDING, 0);
        fill(&mut self.buffer[self.filled..self.filled + n]);
        self.filled += n;
        self.buffer[self.filled..].fill(0);
        let is_all = self.base + self.filled as u64 >= self.plan.file_length;
        if self.filled >= self.enough || is_all || self.filled as u64 > LONGEST_RECORD {
            self.advance();
        }
    }

    #[inline(never)]
    fn advance(&mut self) {
        let text = Padded::new(&self.buffer, self.filled);
        self.sink.piece(text.text(), self.base, self.n_lines);
        let within = |at: u64| usize::try_from(at.saturating_sub(self.base)).unwrap_or(usize::MAX);
        let is_last = self.base + self.filled as u64 >= self.plan.file_length;
        let extent = Extent {
            limit: within(self.plan.range.end),
            literal: self.plan.literal.within(self.base),
            is_last,
        };
        let progress = tokenize(text, &self.plan.rules, extent, &mut self.sink);
        self.n_lines += progress.n_lines;
        self.base += progress.consumed as u64;
        self.buffer.copy_within(progress.consumed..self.filled, 0);
        self.filled -= progress.consumed;
        // A record that spans pieces is looked at again from its start: let it grow in between.
        self.enough = if progress.consumed == 0 { 2 * self.filled } else { 0 };
        let looked_at = self.base + self.filled as u64;
        self.ending = if self.base >= self.plan.range.end {
            Some(Ending::At(self.base))
        } else if is_last {
            let quote = progress.open_quote.map(|at| self.base + (at - progress.consumed) as u64);
            let open = quote.map(|quote| Literal { record: self.base, quote });
            let ending = |literal| Ending::OpenQuote(literal, self.n_lines);
            Some(open.map_or(Ending::At(self.plan.file_length), ending))
        } else if looked_at > self.plan.range.end.saturating_add(self.plan.patience) {
            Some(Ending::OutOfPatience)
        } else if self.filled as u64 > LONGEST_RECORD {
            Some(Ending::TooLong(self.n_lines))
        } else {
            None
        };
    }

    /// How many bytes of the range are read.
    pub fn n_read(&self) -> u64 {
        (self.base + self.filled as u64).min(self.plan.range.end) - self.plan.range.start
    }

    /// What takes the records.
    pub fn sink(&mut self) -> &mut S {
        self.sink.sink()
    }
}

impl RangeReader<Part> {
    /// Begins to read columns.
    pub fn columns(plan: ReadPlan) -> Self {
        let column = |i| {
            let must_be_text = plan.text_columns.contains(&(i as u32));
            ColumnBuilder::new(plan.n_rows, plan.missing.clone(), must_be_text)
        };
        let part = Part {
            columns: (0..plan.rules.width).map(column).collect(),
            rules: plan.rules.clone(),
            ..Part::default()
        };
        Self::new(plan, part)
    }

    /// The columns, once [`wants`](Self::wants) is `None`.
    pub fn finish(self) -> RangeRead {
        let (part, n_left_out) = self.sink.into_parts();
        let Part { columns, notices, marks, lines, n_rows, tail, .. } = part;
        RangeRead {
            columns: columns.into_iter().map(ColumnBuilder::build).collect(),
            n_rows,
            n_lines: self.n_lines,
            notices: notices.into_values().collect(),
            marks,
            lines,
            n_left_out,
            tail,
            ending: self.ending.unwrap_or(Ending::At(self.base)),
        }
    }
}

/// The columns of a range while it is read.
#[derive(Debug, Default)]
pub struct Part {
    columns: Vec<ColumnBuilder>,
    rules: Rules,
    notices: BTreeMap<NoticeKind, Notice>,
    marks: Vec<(u64, u64)>,
    lines: Lines,
    tail: Tail,
    n_rows: u32,
    /// Where in the file the text begins that is being read, and the lines before it.
    base: u64,
    first_line: u64,
    may_have_nul: bool,
    may_be_foreign: bool,
    codes: Vec<u32>,
}

impl Part {
    #[cold]
    fn note(&mut self, kind: NoticeKind, line: u64, example: impl FnOnce(u64) -> Example) {
        let notice = self.notices.entry(kind).or_insert_with(|| Notice::new(kind, None));
        notice.count_line(line + 1, || example(line + 1));
    }

    /// Notes what is odd about a record, as it stands and as it was read.
    #[cold]
    fn note_record(&mut self, text: Padded<'_>, record: Record<'_>, kind: NoticeKind) {
        let line = self.first_line + record.line;
        let dialect = self.rules.dialect.clone();
        self.note(kind, line, |line| example(text, record, &dialect, line));
    }

    #[cold]
    fn check(&mut self, record: &[u8], line: u64) {
        let as_it_stands = |line| Example::new(line, record, std::iter::empty());
        if memchr::memchr(0, record).is_some() {
            self.note(NoticeKind::NulByte, line, as_it_stands);
        }
        if std::str::from_utf8(record).is_err() {
            self.note(NoticeKind::InvalidUtf8, line, as_it_stands);
        }
    }
}

fn example(text: Padded<'_>, record: Record<'_>, dialect: &Dialect, line: u64) -> Example {
    let cell = |cell| unquoted(text, cell, dialect, &mut Vec::new()).to_vec();
    let cells: Vec<Vec<u8>> =
        record.cells.iter().take(Example::MOST_CELLS).map(|&there| cell(there)).collect();
    let before = &text.text()[record.start..record.end];
    Example::new(line, before, cells.iter().map(Vec::as_slice))
}

impl PieceSink for Part {
    fn piece(&mut self, text: &[u8], base: u64, first_line: u64) {
        (self.base, self.first_line) = (base, first_line);
        // Most files hold neither NUL nor anything beyond ASCII: then no record need be searched.
        (self.may_have_nul, self.may_be_foreign) = dirt(text);
    }
}

impl Sink for Part {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let line = self.first_line + record.line;
        if self.n_rows.is_multiple_of(MARK_EVERY) {
            self.marks.push((self.base + record.start as u64, line));
        }
        self.lines.push(self.n_rows, line, 1);
        self.n_rows += 1;
        for (column, cell) in self.columns.iter_mut().zip(record.cells) {
            column.push(text, *cell, &self.rules.dialect);
        }
        for column in self.columns.iter_mut().skip(record.cells.len()) {
            column.push_text(b"");
        }
        if let Some(kind) = record.oddity {
            self.note_record(text, record, kind);
        }
        if record.has_stray_quote && record.oddity != Some(NoticeKind::StrayQuote) {
            self.note_record(text, record, NoticeKind::StrayQuote);
        }
        match record.oddity {
            None | Some(NoticeKind::StrayQuote | NoticeKind::RepeatedHeader)
                if !record.is_mended =>
            {
                self.tail = Tail { has_full: true, at: None };
            }
            Some(NoticeKind::ShortRow | NoticeKind::LongRow)
                if self.tail.at.is_none() && self.rules.breaks(text, record.cells) =>
            {
                self.tail.at = Some((self.base + record.start as u64, line));
            }
            _ => {}
        }
        if self.may_have_nul || self.may_be_foreign {
            self.check(&text.text()[record.start..record.end], line);
        }
    }

    fn run(&mut self, run: Run<'_>, line: u64) {
        let line = self.first_line + line;
        let n = run.n_rows() as u32;
        let first_mark = self.n_rows.next_multiple_of(MARK_EVERY);
        for row in (first_mark - self.n_rows..n).step_by(MARK_EVERY as usize) {
            let start = self.base + run.start(row as usize) as u64;
            self.marks.push((start, line + u64::from(row)));
        }
        self.lines.push(self.n_rows, line, n);
        self.n_rows += n;
        self.tail = Tail { has_full: true, at: None };
        for (i, column) in self.columns.iter_mut().enumerate() {
            column.push_run(&run, i, &self.rules.dialect, &mut self.codes);
        }
        if self.may_have_nul || self.may_be_foreign {
            for row in 0..run.n_rows() {
                self.check(&run.text().text()[run.range(row)], line + row as u64);
            }
        }
    }

    fn skip(&mut self, text: Padded<'_>, skipped: Skipped) {
        let there = &text.text()[skipped.range];
        let named = &self.rules.named;
        let names = |line: &[u8]| line.starts_with(zeek::FIELDS);
        if names(named) && names(there) && there != named.as_slice() {
            self.note(NoticeKind::ChangedColumns, self.first_line + skipped.line, |line| {
                Example::new(line, there, std::iter::empty())
            });
        }
        self.note(skipped.kind, self.first_line + skipped.line, |line| {
            Example::new(line, there, std::iter::empty())
        });
    }
}
