//! Which rows a person looks at, and in which order.

use serde::{Deserialize, Serialize};

use super::bulk::Bulk;

/// Which rows are meant: those that pass every filter, hold the text searched for, stand in the box
/// on the map and are not muted by a rule.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// All must hold.
    pub filters: Vec<Filter>,
    /// A text that some cell must contain, as it stands in the file; ASCII letters match in either
    /// case. Empty: no such wish.
    pub search: String,
    /// Rules that mute rows: those that pass all filters of any one of them are not meant. A rule
    /// without filters mutes nothing.
    pub except: Vec<Vec<Filter>>,
    /// From where to where along either component of the map that stands, ends included. While none
    /// stands, no row is in a box on it.
    pub within: Option<[(f64, f64); 2]>,
}

impl Selection {
    /// Whether it means all rows.
    pub fn is_all(&self) -> bool {
        self.filters.is_empty()
            && self.search.is_empty()
            && self.except.iter().all(Vec::is_empty)
            && self.within.is_none()
    }
}

/// What the value of a row in one column must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filter {
    /// The column.
    pub column: u32,
    /// The test.
    pub test: Test,
    /// Whether the rows are meant that fail the test: all others, those without a value among them.
    pub is_negated: bool,
}

/// A test of a value. A missing value passes none but [`Missing`](Self::Missing).
///
/// Values are written as the file writes them. In a column of numbers or times they are compared
/// by what they mean (`1.50` is `1.5`), in all others by the order of their code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// It is one of these.
    OneOf(Vec<String>),
    /// It lies between two ends, of which one may be open.
    Between(Option<Bound>, Option<Bound>),
    /// Its text contains this; ASCII letters match in either case.
    Contains(String),
    /// There is none.
    Missing,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Its value.
    pub value: String,
    /// Whether the value itself lies outside.
    pub is_strict: bool,
}

/// The column that rows are sorted by. Missing values come last; equal ones by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub struct Sort {
    pub column: u32,
    pub is_descending: bool,
}

/// Which rows are shown, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ViewSpec {
    /// Which.
    pub selection: Selection,
    /// In which order; without, that of the file.
    pub sort: Option<Sort>,
}

impl ViewSpec {
    /// Whether it means all rows as the file has them.
    pub fn is_whole(&self) -> bool {
        self.selection.is_all() && self.sort.is_none()
    }
}

/// The rows shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// What was asked.
    pub spec: ViewSpec,
    /// The rows, in the order asked; `None` for all rows as the file has them.
    pub rows: Option<Bulk<u32>>,
}

impl View {
    /// All rows as the file has them.
    pub fn whole() -> Self {
        Self { spec: ViewSpec::default(), rows: None }
    }

    /// How many rows are shown of a table of `n_rows`.
    pub fn n_shown(&self, n_rows: u32) -> u32 {
        self.rows.as_ref().map_or(n_rows, |rows| rows.len() as u32)
    }

    /// The row at a position; `None` beyond the end of what is shown.
    pub fn row(&self, position: u32) -> Option<u32> {
        match &self.rows {
            None => Some(position),
            Some(rows) => rows.get(position as usize).copied(),
        }
    }

    /// Where a row is shown. Takes a pass over the rows.
    pub fn position(&self, row: u32) -> Option<u32> {
        match &self.rows {
            None => Some(row),
            Some(rows) => rows.iter().position(|&there| there == row).map(|at| at as u32),
        }
    }
}
