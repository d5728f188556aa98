//! Figures that may not exist.

use serde::{Deserialize, Serialize};

/// A figure, or why there is none.
pub type Figure = Result<f64, Undefined>;

/// Why a figure does not exist: a share of nothing, or a comparison with nothing to compare.
///
/// It is never 0 instead, nor 1: both would be a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum Undefined {
    #[error("there are no rows")]
    NoRows,
    #[error("no row is of the class in question")]
    NoPositives,
    #[error("every row is of the class in question")]
    NoNegatives,
    #[error("no row was flagged")]
    NothingFlagged,
    #[error("every row was flagged")]
    AllFlagged,
    #[error("no row is of the class in question, and none was flagged")]
    NothingToFind,
    #[error("all rows are of one class")]
    OneClass,
    #[error("all rows are given the same class")]
    OnePrediction,
    #[error("the rows show no spread to judge it by")]
    NoSpread,
}

/// `part / whole`, or `otherwise` where there is no whole.
pub(super) fn share(part: u64, whole: u64, otherwise: Undefined) -> Figure {
    if whole == 0 { Err(otherwise) } else { Ok(part as f64 / whole as f64) }
}
