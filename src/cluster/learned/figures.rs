//! How good a model is.

use serde::{Deserialize, Serialize};

use super::super::{JobError, bulk::Bulk};
use crate::engine::{
    baselines::{Baseline, LearntFrom},
    evaluate::{Interval, Point, ReliabilityBin, Undefined},
};

/// A set of rows that figures are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RowSet {
    /// The rows that were learnt from: what is said of them flatters.
    Train,
    /// The rows that were held out of training to end it in time.
    Holdout,
    /// The rows that were not looked at before all was decided.
    Test,
}

impl RowSet {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Holdout => "holdout",
            Self::Test => "test",
        }
    }
}

/// A figure, or why there is none, and how far it may be off by chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Its name, as `balanced-accuracy`.
    pub name: String,
    /// It.
    pub value: Result<f64, Undefined>,
    /// Its 95 % interval, where it was asked for and exists.
    pub interval: Option<Interval>,
    /// Of a mean over classes: how many of them have no such figure, and count 0.
    pub n_undefined: u32,
}

/// One class against all others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfClass {
    /// Rows of the class.
    pub support: u64,
    /// Precision, recall, F1, ROC AUC and average precision, in that order.
    pub figures: Vec<Measure>,
}

/// How good a model is on a set of rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The set.
    pub set: RowSet,
    /// Its rows.
    pub n_rows: u32,
    /// `cells[truth · n_classes + predicted]`; behind the classes a line for rows of classes that were
    /// never learnt.
    pub confusion: Bulk<u64>,
    /// The figures.
    pub figures: Vec<Measure>,
    /// Class by class.
    pub classes: Vec<OfClass>,
    /// With two classes the ROC curve, to be drawn; empty where there is none.
    pub roc: Vec<Point>,
    /// With two classes the precision–recall curve.
    pub precision_recall: Vec<Point>,
    /// With two classes how often rows of about the same probability are of the second class; the
    /// probabilities were fitted on other rows of this set. Told of the test only.
    pub reliability: Vec<ReliabilityBin>,
}

/// What a baseline makes of the rows that a model learnt from and was judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Which.
    pub baseline: Baseline,
    /// What it is worth on the test, by the names that the model's figures have; or why it is worth nothing.
    pub outcome: Result<Told, JobError>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// What a baseline is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The figures of the test.
    pub figures: Vec<Measure>,
    /// Which of the training rows it learnt from.
    pub learnt_from: LearntFrom,
    /// How many there were; with folds in the last of them.
    pub n_train: u32,
}
