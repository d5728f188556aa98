//! Of rows that are scored: which are odd together, which are alike, and who takes part.

use serde::{Deserialize, Serialize};

use super::super::bulk::Bulk;
use crate::engine::table::Direction;

/// Asks for the rows that score at least a threshold, by what makes them odd.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseQuestion {
    /// The threshold.
    pub threshold: f64,
    /// By feature, the first code that counts as high; `None` where codes have no order.
    pub high_from: Vec<Option<u16>>,
}

/// What makes rows odd: features, ascending, and the direction of their values.
pub type Pattern = Vec<(u16, Direction)>;

/// Rows that are odd for the same reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OddRows {
    /// The reasons.
    pub pattern: Pattern,
    /// The rows, counted over all shards, ascending.
    pub rows: Bulk<u32>,
}

/// Asks for the rows that are most like one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikeQuestion {
    /// The row, counted over all shards.
    pub row: u32,
    /// Its codes, by feature.
    pub codes: Bulk<u16>,
    /// How many are asked for, those that the forest cannot tell apart counted as one.
    pub n: u32,
}

/// Rows that the forest cannot tell apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alike {
    /// How near they are to the row that was asked about.
    pub proximity: f64,
    /// The first of them, counted over all shards.
    pub row: u32,
    /// How many they are.
    pub n_rows: u32,
    /// The leaves of each, as [`Leaves`](crate::engine::forest::Leaves) has them.
    pub leaves: Bulk<u64>,
}

/// Asks what is known of each value of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntityQuestion {
    /// The column, which has codes.
    pub column: u32,
    /// The rows of the shard that are looked at, ascending; `None`: all.
    pub of: Option<Bulk<u32>>,
    /// Rows that score at least this are counted apart.
    pub threshold: f64,
    /// The column that tells when, and the time of each of its codes; no times where codes stand
    /// for ranges of them and the shard keeps the times themselves.
    pub time: Option<(u32, Bulk<f64>)>,
}
