//! Rows that are odd for the same reasons.

use serde::{Deserialize, Serialize};

use super::super::bulk::Bulk;
use crate::engine::table::Direction;

/// Asks which rows are odd for the same reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseSpec {
    /// Rows that score at least this.
    pub threshold: f64,
    /// The column that tells when.
    pub time: Option<u32>,
    /// The columns that tell who.
    pub entities: Vec<u32>,
}

/// The odd rows, put together by what makes them odd.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cases {
    /// What was asked.
    pub spec: CaseSpec,
    /// Cases by their oddest row; together they hold every odd row once.
    pub cases: Vec<Case>,
}

/// Rows that are odd for the same reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Columns and the direction of their values, by column: those that count at least half as
    /// much as the strongest of the row's three. Empty where nothing shortened the path.
    pub reasons: Vec<(u32, Direction)>,
    /// The rows, by score descending, then row; at least one.
    pub rows: Bulk<u32>,
    /// The first and the last time among them, where there is one.
    pub seen: Option<(f64, f64)>,
    /// Who is involved, by column.
    pub involved: Vec<Involved>,
}

/// The values of a column among the rows of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Involved {
    /// The column.
    pub column: u32,
    /// Distinct values.
    pub n_distinct: u32,
    /// The most common ones, and how many rows have each; at most three.
    pub names: Vec<(String, u32)>,
}
