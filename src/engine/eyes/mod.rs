//! More than one eye: detectors that look for different things, behind one face.
//!
//! ```text
//! Model (plain data, sent to every shard) ─▶ Sight ─▶ scores, reasons (many rows), explain (one row)
//! ranks of several eyes ─▶ consensus
//! ```
//!
//! A forest sees what is far out in a column, an extended forest what is far out across columns, and
//! the local outlier factor what is thin where all around is dense. Each gives scores in (0, 1], high
//! is odd, and reasons in bits that add up; scores of different eyes are not to be compared, their
//! ranks are.

mod consensus;
mod model;
mod sight;

use serde::{Deserialize, Serialize};

pub use consensus::{Consensus, consensus};
pub use model::Model;
pub use sight::Sight;

/// A detector.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Eye {
    /// The isolation forest.
    #[default]
    Forest,
    /// The extended isolation forest.
    Extended,
    /// The local outlier factor against reference rows.
    Neighbours,
    /// All of them, by their ranks.
    Consensus,
}

impl Eye {
    /// All there are; those that look for themselves first.
    pub const ALL: [Self; 4] = [Self::Forest, Self::Extended, Self::Neighbours, Self::Consensus];
    /// Those that look for themselves.
    pub const OWN: [Self; 3] = [Self::Forest, Self::Extended, Self::Neighbours];

    /// One word for it, as addresses and files have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Forest => "forest",
            Self::Extended => "extended",
            Self::Neighbours => "lof",
            Self::Consensus => "consensus",
        }
    }
}
