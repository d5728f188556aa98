//! Of some of the rows: which meet conditions, in which order, and what values they have.

use serde::{Deserialize, Serialize};

use super::{
    super::{bulk::Bulk, condition::Condition},
    RangeToRead,
};

/// Asks for the rows that meet all of some conditions, and not all of those of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectQuestion {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// Rules: a row that meets all conditions of one is left out. Each has a condition at least.
    pub except: Vec<Vec<Condition>>,
    /// The box on the map that rows must stand in.
    pub within: Option<[(f64, f64); 2]>,
    /// The order; without, that of the file.
    pub sort: Option<SortBy>,
    /// How the file is read, where a condition or the order needs texts.
    pub read: Option<RangeToRead>,
}

/// What rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum SortBy {
    /// The codes of a column.
    Codes { column: u32, is_descending: bool },
    /// Its numbers, where codes stand for ranges of them.
    Numbers { column: u32, is_descending: bool },
    /// Its texts, read from the file.
    Texts { column: u32, is_descending: bool },
}

/// The keys by which sorted rows of several shards are merged: a key for each run of equal rows, and
/// its length. Rows without a value come after all runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "said above")]
pub enum SortKeys {
    /// Rows stand in the order of the file.
    None,
    /// Numbers, ascending whatever the order.
    Numbers { keys: Bulk<u64>, counts: Bulk<u32> },
    /// Texts one after the other, and where each ends; descending where that was asked.
    Texts { bytes: Bulk<u8>, ends: Bulk<u64>, counts: Bulk<u32> },
}

/// Asks how often each code occurs among some rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DriftQuestion {
    /// The shard's rows of the baseline, counted over all shards, ascending.
    pub rows: Bulk<u32>,
    /// Columns, which have codes.
    pub columns: Vec<u32>,
}
