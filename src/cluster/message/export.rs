//! Of the export.

use serde::{Deserialize, Serialize};

use super::{
    super::{bulk::Bulk, findings::Judgement},
    RangeToRead,
};
use crate::engine::eyes::Eye;

/// Asks for the rows with their scores, as lines of a CSV file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WriteQuestion {
    /// How the file is read.
    pub read: RangeToRead,
    /// What ends a line.
    pub line_end: String,
    /// Rows that score at least this are flagged; without, rows have no scores.
    pub threshold: Option<f64>,
    /// The rank of each of the shard's rows.
    pub ranks: Bulk<u32>,
    /// Names of the columns, by feature.
    pub names: Vec<String>,
    /// By feature, the first code that counts as high; `None` where codes have no order.
    pub high_from: Vec<Option<u16>>,
    /// Eyes whose scores are told as well.
    pub others: Vec<Eye>,
    /// What a person said about rows of the shard, ascending; `None` where nothing was said of any row
    /// of the table.
    pub judgements: Option<Vec<Judgement>>,
    /// What a model says of each of the shard's rows.
    pub classified: Option<Classified>,
}

/// What a model says of some rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Classified {
    /// The names of its classes.
    pub names: Vec<String>,
    /// The class of each row.
    pub classes: Bulk<u8>,
    /// How clear its votes are.
    pub margins: Bulk<f64>,
}
