//! What is known of single rows.

use serde::{Deserialize, Serialize};

use super::super::bulk::Bulk;
use crate::engine::{eyes::Eye, table::Direction};

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowText {
    /// The row, from 0.
    pub row: u32,
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its cells, unquoted; as many as the row has, which may differ from the table's width.
    pub cells: Vec<String>,
    /// The record's own text, without its line end; bytes that are not UTF-8 shown as U+FFFD.
    pub text: String,
}

/// The strongest columns of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowReasons {
    /// The row, from 0.
    pub row: u32,
    /// Who says so.
    pub eye: Eye,
    /// Columns that made it odd, strongest first; at most three.
    pub reasons: Vec<Reason>,
}

/// One column's part in a row's oddness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The column.
    pub column: u32,
    /// −Δ/c(ψ): doublings of the score; positive = odd.
    pub contribution: f64,
    /// In which way.
    pub direction: Direction,
}

/// Everything about one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The row as it stands in the file.
    pub text: RowText,
    /// s(x).
    pub score: f64,
    /// Whose path and contributions these are: the eye that is shown, or, where that is all of them
    /// together, the one that ranks the row highest.
    pub eye: Eye,
    /// h(x): `expected_path` plus all steps of the contributions, exactly.
    pub path_length: f64,
    /// The mean path over the trees' roots, where every row starts.
    pub expected_path: f64,
    /// c(ψ), the yardstick of the score. By the local outlier factor the path is −log₂ of it, 0 is
    /// expected, and this is 1.
    pub average_path: f64,
    /// Every feature's part, strongest first.
    pub contributions: Vec<Contribution>,
    /// The row's points in time, in seconds since 1970-01-01 UTC, by column.
    pub times: Vec<(u32, f64)>,
}

/// One feature's part in a row's path length, beside what is typical for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The column.
    pub column: u32,
    /// Δ, in steps of path length; negative shortens the path and makes the row odd.
    pub steps: f64,
    /// In which way the value is odd, or would be.
    pub direction: Direction,
    /// Share of present rows with a smaller value plus half of those with the same (numbers and
    /// times); `None` for text and missing values.
    pub quantile: Option<f64>,
    /// Share of all rows that have this very value (or are missing too).
    pub share: f64,
}

/// The smallest change that was found to make a row ordinary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counterfactual {
    /// The row.
    pub row: u32,
    /// The threshold that it would stay below.
    pub threshold: f64,
    /// Whether it does not do so as it is.
    pub is_odd: bool,
    /// Columns, one or two, and the values they would have; empty where none was found.
    pub changes: Vec<(u32, CellValue)>,
    /// s of the changed row.
    pub score: Option<f64>,
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum CellValue {
    Number(f64),
    Text(String),
    Missing,
}

/// Where a row stands in ten half-forests: how far its rank hangs on which trees there happen to be.
///
/// The trees are dealt into ten tenths, tree t into tenth t mod 10, and each half is five of them; every
/// tenth is in five halves, and every two tenths share two or three. Where there are n < 10 trees,
/// tenth j is tree j mod n. Ranks are among all rows of the table, 1 = oddest; rows whose mean paths
/// in a half are equal, to 2⁻²⁶ edges, share the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The row, from 0.
    pub row: u32,
    /// Its smallest rank in any half.
    pub best: u32,
    /// Its largest rank in any half: a row is steadily among the first k where that is at most k.
    pub worst: u32,
}

/// The rows that are most like one, odd or not.
///
/// How near two rows are is their *proximity*, the share of the trees in which they fall into one leaf;
/// of a row that misses a value which a tree cuts, parts fall into several leaves, and two rows
/// share of each leaf the lesser of their parts. Rows with the same leaves in all trees are
/// something that the forest cannot tell apart: equal rows, and those that no cut comes between.
/// Of such rows only the first takes a place. Where more are equally near than have a place, leaves
/// decide, and not rows: the choice is the same however rows are held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    /// The row.
    pub row: u32,
    /// How many other rows the forest cannot tell from it: their proximity is 1.
    pub n_same: u32,
    /// The nearest others, by proximity descending, then row; those that it cannot be told from are
    /// the first, where there are any, and rows that share no leaf with it are none.
    pub rows: Vec<SimilarRow>,
}

/// A row that is like another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SimilarRow {
    /// The row, from 0: the first of those that it stands for.
    pub row: u32,
    /// How many rows it stands for, itself included, which the forest cannot tell apart.
    pub n_rows: u32,
    /// In (0, 1]; 1 where the forest cannot tell it from the row that was asked about.
    pub proximity: f64,
    /// s(x).
    pub score: f64,
}

/// Where the values of some rows stand in their columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Positions {
    /// The columns, as asked.
    pub columns: Vec<u32>,
    /// The rows, as asked.
    pub rows: Vec<u32>,
    /// From 0 to 1, `rows × columns`. Of numbers and times the share of present rows with a smaller
    /// value plus half of those with the same, as [`Contribution::quantile`]. Of texts and booleans the
    /// rank by frequency: 0 is the most common (of equally common ones the first by text), 1 the
    /// rarest; 0 where there is only one. NaN where a value is missing.
    pub places: Bulk<f32>,
}
