//! Local outlier factor: how much thinner a row's surroundings are than its neighbours'.
//!
//! Rows of a reference, say ordinary traffic only, are kept, standardised. A row that is not among
//! them is compared with its k nearest: if those stand closer to each other than the row stands to
//! them, it is odd, and its factor is above 1. Unlike a forest this sees a dense lump of attacks,
//! as the lump itself is no part of the reference.
//!
//! ```text
//! Reference::fit(rows, k) ─▶ Reference (plain data, sent to every shard)
//! Scorer::new(&reference) ─▶ scores (many rows), explain (one row)
//! ```
//!
//! [`Surroundings`] are such a reference whose rows are codes of a table's columns.
//!
//! # Missing values
//!
//! A cell that is not finite is missing. The squared distance of two rows is taken over the
//! columns that both have, times all columns over those: without a gap that is exactly the
//! Euclidean distance. Two rows that have no column in common are as far apart as two rows are
//! on average: a squared distance of 2 in every column.
//!
//! # The same bits everywhere
//!
//! Every distance is a sum in `f64` of fixed order, and the neighbours are the first k by distance
//! and row. An index only leaves out rows of which it is certain that they are farther, so neither
//! it nor how rows are batched can be seen in a result.
//!
//! # Examples
//!
//! ```
//! use isoscope_engine::neighbours::{Reference, Scorer};
//! use ndarray::Array2;
//!
//! // A grid of ten times ten; one row in the middle of a cell, and one far outside.
//! let grid = Array2::from_shape_fn((100, 2), |(row, x)| [row % 10, row / 10][x] as f64);
//! let reference = Reference::fit(grid.view(), 8)?;
//! let mut scorer = Scorer::new(&reference);
//! assert!((scorer.score(&[4.5, 4.5]) - 1.0).abs() < 0.1);
//! assert!(scorer.score(&[20.0, 4.5]) > 4.0);
//!
//! let explanation = scorer.explain(&[20.0, 4.5]);
//! assert!(explanation.contributions[0] > 10.0 * explanation.contributions[1]);
//! # Ok::<(), isoscope_engine::neighbours::FitError>(())
//! ```
//!
//! # References
//!
//! M. M. Breunig, H.-P. Kriegel, R. T. Ng, J. Sander, *LOF: Identifying Density-Based Local
//! Outliers*, SIGMOD 2000. As scikit-learn does with `LocalOutlierFactor(novelty=True)`, other rows
//! are scored than those kept, and a row has k neighbours exactly, where the paper (definition 4)
//! takes in all that are as far as the k-th.

mod block;
mod distance;
mod index;
mod nearby;
mod nearest;
mod partition;
mod reference;
mod rows;
mod scaling;
mod score;
mod search;
mod sieve;
mod surroundings;

use serde::{Deserialize, Serialize};

pub use nearby::Nearby;
pub use reference::Reference;
pub use scaling::Scaling;
pub(crate) use scaling::{FARTHEST, mean_and_deviation};
pub use score::{Explanation, Scorer};
pub use surroundings::{Surroundings, SurroundingsScorer};

/// k where nobody says otherwise.
///
/// Below 10, factors vary by chance (Breunig et al. 2000, § 6.2); so many are enough to see
/// through a handful of stray rows.
pub const DEFAULT_K: u32 = 35;

/// The most rows a reference may have: every row is compared with it.
pub const MAX_ROWS: u32 = 1 << 20;

/// Why there is no reference to compare rows with.
///
/// Columns that do not vary are no reason: they say nothing while they stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum FitError {
    #[error("a row needs at least one neighbour to be compared with")]
    NoNeighbours,
    #[error("no column takes part")]
    NoColumns,
    #[error("{k} neighbours of every row need more than {k} reference rows, found {found}")]
    TooFewRows { k: u32, found: u64 },
    #[error(
        "the local outlier factor compares a row with its neighbours, so it needs at least two different rows \
         to grow on, and there is one: choose other rows to grow on, or the forest"
    )]
    OneRow,
    #[error("{found} reference rows are above the limit of {limit}")]
    TooManyRows { found: u64, limit: u32 },
}
