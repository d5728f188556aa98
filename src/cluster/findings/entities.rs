//! Who takes part.

use serde::{Deserialize, Serialize};

use super::super::view::Selection;

/// Asks who takes part: the values of a column, the oddest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntitySpec {
    /// The column that tells who.
    pub column: u32,
    /// The rows that are looked at.
    pub of: Selection,
    /// Rows that score at least this are flagged.
    pub threshold: f64,
    /// The column that tells when.
    pub time: Option<u32>,
    /// How many are told.
    pub most: u32,
    /// The place of the first that is told, from 0.
    pub from: u32,
}

/// The values of a column, the oddest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entities {
    /// What was asked.
    pub spec: EntitySpec,
    /// How many there are in all.
    pub n_entities: u32,
    /// How many of them have a flagged row.
    pub n_flagged: u32,
    /// Rows without a value.
    pub n_missing: u32,
    /// How many of these are flagged.
    pub n_missing_flagged: u32,
    /// Those asked for, by their strongest score descending, then by how many of their rows are
    /// flagged, then by name (numbers by value).
    pub entities: Vec<Entity>,
}

/// A value of a column, as one who takes part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its code in the table that stands: what [`AxisOf::Values`](super::AxisOf::Values) takes.
    pub code: u16,
    /// Its name.
    pub name: String,
    /// Rows that have it.
    pub n_rows: u32,
    /// How many of them score at least the threshold.
    pub n_flagged: u32,
    /// The highest score among them.
    pub top_score: f64,
    /// The row that has it, the first such.
    pub top_row: u32,
    /// The first and the last time among them, where there is one.
    pub seen: Option<(f64, f64)>,
}
