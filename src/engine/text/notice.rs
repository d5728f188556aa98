//! What was repaired, skipped or guessed.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::arrange::{arrange, sort_u64};

/// What happened, in the words of the contract's `data-kind` (kebab case).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A byte-order mark before the first name was skipped.
    ByteOrderMark,
    /// Lines before the table that are no part of it were skipped.
    Preamble,
    /// Lines without a single byte were skipped.
    BlankLine,
    /// Lines that begin with a comment sign were skipped.
    CommentLine,
    /// The header stands again between the rows; it was skipped.
    RepeatedHeader,
    /// A log that was joined to another names other columns; its cells stand by their place.
    ChangedColumns,
    /// Lines behind the table, of another width, were left out: a summary, or a second table.
    AfterTable,
    /// A row has fewer cells than the table has columns; the rest count as missing.
    ShortRow,
    /// A row has more cells than the table has columns; the rest is shown but takes no part.
    LongRow,
    /// A row has one delimiter too many: the empty cell beside it was left out.
    SurplusDelimiter,
    /// A row is separated by another delimiter than the table; it was read by its own.
    OtherDelimiter,
    /// A quoted cell is never closed: its quote, and all after it, were read as text.
    UnclosedQuote,
    /// A quote neither opens nor closes a cell; it was read as text.
    StrayQuote,
    /// An archive ends in the middle; everything up to there was read.
    CutShort,
    /// An archive's bytes are not those that were packed; what could be unpacked was read.
    DamagedArchive,
    /// Something else follows an archive; it was left out.
    ArchiveRemainder,
    /// Characters beyond ASCII were turned into UTF-8 from another encoding.
    Decoded,
    /// What stands there is no JSON object; it was left out.
    BrokenJson,
    /// A key comes twice in an object; the second value has a column of its own.
    RepeatedKey,
    /// More keys than columns; what they hold is JSON text in the last column.
    SurplusKey,
    /// The header of a later file was left out: its rows stand below those of the first.
    LaterHeader,
    /// The columns of a later file come in another order; they were put in that of the first.
    ReorderedColumns,
    /// Columns that some of several files lack; there they are missing.
    OtherColumns,
    /// A key comes twice among the labels; the first one counts.
    RepeatedJoinKey,
    /// There is no label for a row; it has none.
    NoLabel,
    /// There is no row for a label; it was left out.
    UnusedLabel,
    /// A cell holds a NUL byte; it is kept.
    NulByte,
    /// Bytes that are not UTF-8; shown as U+FFFD, kept as they are.
    InvalidUtf8,
    /// Two columns have one name; the later one got a number.
    DuplicateName,
    /// A column has no name; it got one.
    EmptyName,
    /// Names are padded with blanks; they were trimmed.
    PaddedName,
    /// The file has no header; columns got names.
    NoHeader,
    /// `Infinity` in a numeric column takes part as missing.
    Infinity,
    /// Integers beyond 2⁵³ cannot be exact numbers; the column is kept as text.
    BigInteger,
    /// Numbers with leading zeros; the column is kept as text.
    LeadingZero,
    /// Numbers with decimal commas, thousands separators or units were read as numbers.
    NumberFormat,
    /// A comma or a point may part thousands or a fraction, and nothing in the file settles it.
    AmbiguousNumber,
    /// Day and month may be swapped, and nothing in the file settles it.
    AmbiguousDate,
    /// Words like `NA` or `-` count as missing.
    MissingWord,
    /// A number that, as the known schema says, means "no value" takes part as missing.
    Sentinel,
    /// Cells that are no value of the type the column is said to have take part as missing.
    NotOfType,
    /// Broken bytes in a label; its known name is told beside it.
    MendedLabel,
    /// Rows left out, as only a share of the file was to be loaded.
    LeftOut,
    /// More distinct numbers than codes; ranks in between are quantiles.
    QuantileCodes,
}

/// What is done with an oddity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Treatment {
    /// It is read as it was most likely meant.
    Mend,
    /// It is a row, or part of one, as it stands.
    Keep,
    /// The line, or the row, is left out.
    Drop,
}

impl NoticeKind {
    /// What can be done with such an oddity, the usual first; empty where there is no choice.
    pub fn choices(self) -> &'static [Treatment] {
        use Treatment::{Drop, Keep, Mend};
        match self {
            Self::Preamble
            | Self::BlankLine
            | Self::CommentLine
            | Self::RepeatedHeader
            | Self::AfterTable => &[Drop, Keep],
            Self::ShortRow | Self::SurplusDelimiter | Self::OtherDelimiter | Self::StrayQuote => {
                &[Mend, Keep, Drop]
            }
            Self::LongRow => &[Keep, Drop],
            _ => &[],
        }
    }
}

/// One case of a notice: what stands in the file, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Example {
    /// The line, from 1.
    pub line: u64,
    /// The line's text, or its beginning.
    pub before: String,
    /// The cells that were read from it, or the first of them; none where it was left out.
    pub after: Vec<String>,
}

impl Example {
    /// Characters of a text that are kept.
    const LONGEST: usize = 160;
    /// Cells that are kept.
    pub const MOST_CELLS: usize = 24;

    /// The same, counted from another place.
    #[must_use]
    pub fn moved(mut self, n_lines: u64) -> Self {
        self.line += n_lines;
        self
    }

    /// Keeps what can be shown of a line and its cells.
    pub fn new<'a>(line: u64, before: &[u8], after: impl Iterator<Item = &'a [u8]>) -> Self {
        Self {
            line,
            before: shown(before),
            after: after.take(Self::MOST_CELLS).map(shown).collect(),
        }
    }
}

/// The beginning of a text, with `…` where there is more.
fn shown(text: &[u8]) -> String {
    let most = Example::LONGEST;
    // A character has four bytes at most.
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * most + 4)]);
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

/// What was repaired, skipped or guessed, and how often.
///
/// Bad data never stops a file from loading; it is counted here and shown on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// The column it happened in, where it is about one.
    pub column: Option<u32>,
    /// The files it happened in, by name, where they are known.
    pub files: Vec<String>,
    /// How often, in the whole file.
    pub count: u64,
    /// The first lines it happened on, from 1, ascending, at most [`SHOWN`](Self::SHOWN).
    pub lines: Vec<u64>,
    /// The first cases, by line, at most [`EXAMPLES`](Self::EXAMPLES).
    pub examples: Vec<Example>,
}

impl Notice {
    /// How many line numbers a notice names.
    pub const SHOWN: usize = 20;
    /// How many cases a notice shows.
    pub const EXAMPLES: usize = 3;

    /// A notice of nothing yet.
    pub fn new(kind: NoticeKind, column: Option<u32>) -> Self {
        let (files, lines, examples) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, column, files, count: 0, lines, examples }
    }

    /// Notes one more case, on `line`; `example` is asked for the first ones.
    pub fn count_line(&mut self, line: u64, example: impl FnOnce() -> Example) {
        self.count += 1;
        if self.lines.len() < Self::SHOWN && self.lines.last() != Some(&line) {
            self.lines.push(line);
        }
        if self.examples.len() < Self::EXAMPLES {
            self.examples.push(example());
        }
    }

    /// The same, of lines that are counted from another place.
    #[must_use]
    pub fn moved(mut self, n_lines: u64) -> Self {
        self.lines.iter_mut().for_each(|line| *line += n_lines);
        self.examples = self.examples.into_iter().map(|example| example.moved(n_lines)).collect();
        self
    }

    /// Which of two is told first: by kind, then by column.
    pub fn place(&self, other: &Self) -> Ordering {
        (self.kind, self.column).cmp(&(other.kind, other.column))
    }

    /// Adds what another shard saw. The order of merging cannot be seen in the result.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        for file in &other.files {
            if !self.files.contains(file) {
                self.files.push(file.clone());
            }
        }
        self.lines.extend(&other.lines);
        sort_u64(&mut self.lines);
        self.lines.dedup();
        self.lines.truncate(Self::SHOWN);
        self.examples.extend(other.examples.iter().cloned());
        arrange(&mut self.examples, Ord::cmp);
        self.examples.truncate(Self::EXAMPLES);
    }
}
