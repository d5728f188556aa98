//! How a file separates its cells and records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Encoding;
use crate::engine::table::{ColumnType, number::Mark, share::RowShare, time::DateOrder};

/// What ends a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum LineEnd {
    Lf,
    CrLf,
    Cr,
    Mixed,
}

/// How a file separates its cells and records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    /// The byte between cells, one of [`Dialect::DELIMITERS`].
    pub delimiter: u8,
    /// The byte around cells that hold separators, where the file uses one.
    pub quote: Option<u8>,
    /// Whether the first record names the columns.
    pub has_header: bool,
    /// The line ends seen in the sample.
    pub line_end: LineEnd,
}

impl Default for Dialect {
    /// RFC 4180 without a header.
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), has_header: false, line_end: LineEnd::Lf }
    }
}

impl Dialect {
    /// The delimiters that are tried, the likelier first.
    pub const DELIMITERS: [u8; 5] = [b',', b';', b'\t', b'|', b' '];
}

/// What a person said about a file; what is `None` is sniffed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overrides {
    /// How the file's bytes stand for characters.
    pub encoding: Option<Encoding>,
    /// The byte between cells.
    pub delimiter: Option<u8>,
    /// Whether the first record names the columns.
    pub has_header: Option<bool>,
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
