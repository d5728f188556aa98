//! What was repaired, skipped or guessed.

use serde::{Deserialize, Serialize};

/// What happened, in the words of the contract's `data-kind` (kebab case).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NoticeKind {
    /// A byte-order mark before the first name was skipped.
    ByteOrderMark,
    /// Lines without a single byte were skipped.
    BlankLine,
    /// Lines before the table that begin with `#` were skipped.
    CommentLine,
    /// A row has fewer cells than the table has columns; the rest count as missing.
    ShortRow,
    /// A row has more cells than the table has columns; the rest is shown but takes no part.
    LongRow,
    /// A quoted cell is never closed: its quote, and all after it, were read as text.
    UnclosedQuote,
    /// A quoted cell goes on after its closing quote; the quote was read as text.
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

/// What was repaired, skipped or guessed, and how often.
///
/// Bad data never stops a file from loading; it is counted here and shown on the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What happened.
    pub kind: NoticeKind,
    /// The column it happened in, where it is about one.
    pub column: Option<u32>,
    /// How often, in the whole file.
    pub count: u64,
    /// The first lines it happened on, from 1, ascending, at most [`SHOWN`](Self::SHOWN).
    pub lines: Vec<u64>,
}

impl Notice {
    /// How many line numbers a notice names.
    pub const SHOWN: usize = 20;

    /// Notes one more case, on `line`.
    pub fn count_line(&mut self, line: u64) {
        self.count += 1;
        if self.lines.len() < Self::SHOWN && self.lines.last() != Some(&line) {
            self.lines.push(line);
        }
    }

    /// Adds what another shard saw. The order of merging cannot be seen in the result.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.lines.extend(&other.lines);
        self.lines.sort_unstable();
        self.lines.dedup();
        self.lines.truncate(Self::SHOWN);
    }
}
