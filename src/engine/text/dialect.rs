//! How a file separates its cells and records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Encoding, NoticeKind, Treatment};
use crate::table::{ColumnType, number::Mark, share::RowShare, time::DateOrder};

/// What ends a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum LineEnd {
    Lf,
    CrLf,
    Cr,
    Mixed,
}

/// How a quote inside a quoted cell is told from the one that closes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Escape {
    /// It stands twice (RFC 4180).
    #[default]
    Doubled,
    /// A backslash stands before it; two backslashes stand for one.
    Backslash,
    /// Not at all: what closes a cell stands before a separator.
    None,
}

/// How a file separates its cells and records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// The byte between cells, one of [`Dialect::DELIMITERS`] unless a person says otherwise.
    pub delimiter: u8,
    /// Whether blanks before a cell are no part of it: `a, b`.
    pub skips_blanks: bool,
    /// The byte around cells that hold separators, where the file uses one.
    pub quote: Option<u8>,
    /// How a quote stands inside a quoted cell.
    pub escape: Escape,
    /// What a line begins with that is no record, where the file has such lines.
    pub comment: Option<String>,
    /// How many records name the columns, one below the other.
    pub n_header_lines: u32,
    /// The line ends seen in the sample.
    pub line_end: LineEnd,
}

impl Default for Dialect {
    /// RFC 4180 without a header.
    fn default() -> Self {
        Self::RFC_4180
    }
}

impl Dialect {
    /// Commas, quotes that are doubled inside cells, no header.
    pub const RFC_4180: Self = Self {
        delimiter: b',',
        skips_blanks: false,
        quote: Some(b'"'),
        escape: Escape::Doubled,
        comment: None,
        n_header_lines: 0,
        line_end: LineEnd::Lf,
    };
    /// The delimiters that are tried, the likelier first.
    pub const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b' '];
    /// The quotes that are tried, the likelier first.
    pub const QUOTES: [u8; 2] = [b'"', b'\''];
    /// The beginnings of comment lines that are tried.
    pub const COMMENTS: [&str; 3] = ["#", "%", "//"];

    /// Whether the file names its columns.
    pub fn has_header(&self) -> bool {
        self.n_header_lines > 0
    }
}

/// A sign that a file has, or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign<T> {
    /// Nothing in the file is such a sign.
    Absent,
    /// This is the sign.
    Is(T),
}

impl<T> Sign<T> {
    /// The sign, where there is one.
    pub fn get(self) -> Option<T> {
        match self {
            Self::Absent => None,
            Self::Is(sign) => Some(sign),
        }
    }
}

/// What a person said about a file; what is `None` is sniffed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrides {
    /// How the file's bytes stand for characters.
    pub encoding: Option<Encoding>,
    /// The byte between cells.
    pub delimiter: Option<u8>,
    /// Whether blanks before a cell are no part of it.
    pub skips_blanks: Option<bool>,
    /// The byte around cells that hold separators.
    pub quote: Option<Sign<u8>>,
    /// How a quote stands inside a quoted cell.
    pub escape: Option<Escape>,
    /// What a comment line begins with.
    pub comment: Option<Sign<String>>,
    /// Lines before the table that are no part of it.
    pub preamble_lines: Option<u32>,
    /// Records that name the columns; 0: none does.
    pub header_lines: Option<u32>,
    /// What is done with each kind of oddity, where it is not the usual.
    pub treatments: BTreeMap<NoticeKind, Treatment>,
    /// The decimal mark, wherever a column's texts leave it open.
    pub decimal_mark: Option<Mark>,
    /// Whether day or month comes first, wherever a column's texts leave it open.
    pub date_order: Option<DateOrder>,
    /// Words that mean no value, beside the empty text.
    pub missing: Option<Vec<String>>,
    /// The rows to load; without, all of them, if they will fit.
    pub share: Option<RowShare>,
    /// Types of columns, by name.
    pub types: BTreeMap<String, ColumnType>,
}
