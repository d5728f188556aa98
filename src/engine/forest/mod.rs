//! Isolation forest: grow, score, explain.

use serde::{Deserialize, Serialize};

/// What a forest is grown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForestParams {
    /// t, the number of trees.
    pub n_trees: u32,
    /// ψ, the rows each tree is grown on.
    pub sample_size: u32,
    /// Where the random streams begin.
    pub seed: u64,
}

impl Default for ForestParams {
    fn default() -> Self {
        Self { n_trees: 100, sample_size: 256, seed: 7 }
    }
}

impl ForestParams {
    /// The largest ψ that is offered.
    pub const MAX_SAMPLE_SIZE: u32 = 65_536;
    /// The most trees that are offered.
    pub const MAX_TREES: u32 = 10_000;
}
