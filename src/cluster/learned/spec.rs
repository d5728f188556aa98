//! What is asked of training.

use serde::{Deserialize, Serialize};

use super::super::{
    added::Eyes,
    counting::{Counting, Weights},
};
use crate::engine::boost::Params;

/// What to train, on what, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainSpec {
    /// The column whose classes are learnt.
    pub target: u32,
    /// What makes a class.
    pub classes: ClassesBy,
    /// The columns it is learnt from; the target is never one of them.
    pub features: Vec<u32>,
    /// The split.
    pub split: SplitBy,
    /// The learner. Its class weights are those of `weights`.
    pub params: Params,
    /// How much rows of a class weigh against those of another.
    pub weights: Weights,
    /// Whether some of the rows to learn from are held out of training, so that a line can be set by
    /// them. With patience some are in any case.
    pub holds_out: bool,
    /// Of splits and intervals, and of what eyes draw.
    pub seed: u64,
    /// The eyes whose measures are columns beside the features.
    pub eyes: Eyes,
    /// How votes are counted: to begin with, or by now.
    pub counting: Counting,
}

impl TrainSpec {
    /// Whether some of the rows to learn from are held out of training.
    pub fn keeps_some(&self) -> bool {
        let is_folded = matches!(self.split, SplitBy::Folds { .. });
        self.holds_out && !is_folded || self.params.patience.is_some()
    }
}

/// Which values of the target make which class.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum ClassesBy {
    /// Each value is a class of its own.
    #[default]
    Values,
    /// This value against all others.
    Against(String),
    /// All others against this value.
    AllBut(String),
    /// The families of a known data set's labels; labels of no known family are one together.
    Families,
    /// Numbers from this on against those below.
    From(f64),
}

/// Which rows a model learns from, and which it is judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum SplitBy {
    /// A share of each class, drawn at random, is the test.
    Random {
        /// The share.
        share: f64,
    },
    /// The last rows in time are the test.
    Time {
        /// The column of times.
        column: u32,
        /// The share of the rows.
        share: f64,
    },
    /// Whole groups of rows, drawn at random, are the test.
    Group {
        /// The column that says which group.
        column: u32,
        /// The share of the rows, as near as can be.
        share: f64,
    },
    /// Every row is judged once, by a model that learnt from all other folds; the model that stays
    /// learnt from all rows.
    Folds {
        /// How many.
        k: u8,
    },
    /// The rows of one of several files are the test. Where none of them has a class they are only
    /// classified, and a share of each class of the others, drawn at random, is the test.
    File {
        /// The column that says from which file a row is.
        column: u32,
        /// The file.
        name: String,
        /// The share.
        share: f64,
    },
}
