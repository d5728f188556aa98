//! What is asked of Tune and of the curve by rows, and what they come to: plain data for the page.

use serde::{Deserialize, Serialize};

use super::learned::TrainSpec;
use crate::engine::evaluate::Interval;

/// What Tune is to look for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TuneSpec {
    /// What is learnt. Depth and rate are what is looked for, and its rounds are the most there may be.
    pub train: TrainSpec,
    /// After how long it ends with what it has, in seconds.
    pub seconds: f64,
}

/// Why Tune ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TuneEnding {
    /// It has not ended.
    #[default]
    Runs,
    /// All settings went through as many folds as they were worth.
    Complete,
    /// The time was over.
    TimeUp,
    /// A person had enough.
    Stopped,
}

/// A setting, and what the folds say about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// How many tests lead to a leaf.
    pub depth: u32,
    /// What every vote is multiplied by.
    pub rate: f64,
    /// The number of rounds with the least error, from 1; 0 where no fold is done.
    pub n_rounds: u32,
    /// The errors of the folds that count, at that number of rounds: held-out rows that are told wrong,
    /// as a share; with balanced classes, the mean of the classes' shares.
    pub folds: Vec<f64>,
    /// Their mean; `None` where there is none.
    pub error: Option<f64>,
    /// Its standard error; from two folds on.
    pub deviation: Option<f64>,
    /// Whether it was clearly worse than another and left out of further folds.
    pub is_dropped: bool,
    /// How long its fits took, in seconds.
    pub seconds: f64,
}

/// What Tune found out, so far or in the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tuned {
    /// What was asked.
    pub spec: TuneSpec,
    /// All settings, in the order in which they are tried.
    pub tried: Vec<Trial>,
    /// Folds that there are.
    pub n_folds: u8,
    /// Rows in the folds, and the rows to learn from that these are drawn from.
    pub n_rows: (u32, u32),
    /// The setting with the least error, by its place.
    pub best: Option<u32>,
    /// The simplest setting within one standard error of it.
    pub chosen: Option<u32>,
    /// Fits that are done.
    pub n_fits: u32,
    /// Why it ended.
    pub ending: TuneEnding,
}

/// How wrong a model is that learnt from a part of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RowsPoint {
    /// Rows that were to be learnt from.
    pub n_rows: u32,
    /// Test rows that are told wrong.
    pub n_wrong: u32,
    /// All test rows.
    pub n_test: u32,
    /// The 95 % interval of their share.
    pub interval: Interval,
}

/// How the error on the test falls with the rows that are learnt from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ByRows {
    /// From few rows to all; each part is within the next.
    pub points: Vec<RowsPoint>,
}
