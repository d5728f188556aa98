//! What is asked of training and what it comes to: plain data for the page.

use serde::{Deserialize, Serialize};

use super::{
    JobError,
    added::{Eyes, Helped},
    bulk::Bulk,
    counting::{Counting, Weights},
};
use crate::engine::{
    baselines::{Baseline, LearntFrom},
    boost::{Ending, Params},
    evaluate::{Interval, Point, ReliabilityBin, SplitNote, Undefined},
};

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
    pub(super) fn keeps_some(&self) -> bool {
        let is_folded = matches!(self.split, SplitBy::Folds { .. });
        self.holds_out && !is_folded || self.params.patience.is_some()
    }
}

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

/// What a column says in a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnVotes {
    /// The column.
    pub column: u32,
    /// How much it has to say: the mean of its largest vote over rows.
    pub weight: f64,
    /// What it says for which values, where it says that whatever other columns hold.
    pub steps: Vec<VoteStep>,
}

/// What a model of stumps says for some values of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VoteStep {
    /// Which.
    pub values: StepValues,
    /// Votes: one for the second of two classes against the first, or one for each class.
    pub votes: Vec<f64>,
    /// Training rows that have them.
    pub n_rows: u64,
}

/// The values of a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StepValues {
    /// Numbers or times from one to another, ends included.
    Range(f64, f64),
    /// Categories: some names, and how many they are.
    Names(Vec<String>, u32),
    /// None.
    Missing,
}

/// What could flatter a test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Leakage {
    /// Test rows that have their equal among the rows learnt from.
    pub n_twins: u32,
    /// Those of them that are of another class there.
    pub n_twins_of_another_class: u32,
    /// The figures of the test rows that have no twin.
    pub without_twins: Option<Judged>,
    /// Different rows that are learnt from under more than one class, and how many rows that are.
    pub contradictions: (u32, u32),
    /// Columns that alone tell a class from all others nearly always: the column, its ROC AUC on the
    /// test rows, the class.
    pub telltales: Vec<(u32, f64, u8)>,
    /// Classes of the test that were never learnt, with their rows.
    pub unseen: Vec<(String, u32)>,
}

/// What a model says of the rows of a file that it did not learn from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// The rows.
    pub n_rows: u32,
    /// Those of them that have a class, so that the model can be judged by them.
    pub n_judged: u32,
    /// How many of the rows it takes for each class.
    pub of_classes: Vec<u32>,
    /// The columns it learns from that hold nothing in all of these rows: missing, as far as it can see.
    pub lacking: Vec<u32>,
}

/// How wrong a model is after a round.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wrong {
    /// The share of wrong rows among those learnt from.
    pub train: f64,
    /// The same among those watched, where there are any.
    pub watched: Option<f64>,
}

/// A trained model, as the page is told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trained {
    /// What was asked.
    pub spec: TrainSpec,
    /// The classes that were learnt; with two, the second is the one looked for.
    pub classes: Vec<String>,
    /// Rows learnt from, of each class.
    pub n_train: Vec<u64>,
    /// Rows without a class: they take no part, and are classified nevertheless.
    pub n_unlabelled: u32,
    /// Rounds that the model has.
    pub n_rounds: u32,
    /// Why training ended.
    pub ending: Ending,
    /// How wrong the model was after every round.
    pub curve: Vec<Wrong>,
    /// Which rows were watched; with folds none.
    pub watched: Option<RowSet>,
    /// What is to be known about the split.
    pub notes: Vec<SplitNote>,
    /// How good it is.
    pub judged: Vec<Judged>,
    /// The columns that eyes added, by name: they stand behind those of the table.
    pub added: Vec<String>,
    /// Whether these helped; none where there are none, or where training was stopped before it was known.
    pub helped: Option<Helped>,
    /// What its columns say, the one with most to say first.
    pub columns: Vec<ColumnVotes>,
    /// What could flatter the test.
    pub leakage: Leakage,
    /// What became of the other file's rows, where the split is by file.
    pub applied: Option<Applied>,
    /// The class of every row of the table, as the model says.
    pub predicted: Bulk<u8>,
    /// How clear its votes are, row by row: with two classes how far from the line, in [−1, 1], above 0
    /// for the second; else the lead of the first class over the next, in [0, 1].
    pub margins: Bulk<f64>,
    /// The true class of every row; the number of classes for one that was never learnt, and
    /// [`NO_CLASS`] where there is none.
    pub truth: Bulk<u8>,
    /// With two classes, the sum of votes above which a row is of the second; else 0.
    pub line: f64,
    /// The largest sum of votes there can be, of either side.
    pub reach: f64,
    /// The figures of the test as they are with nothing muted; empty where nothing is.
    pub unmuted: Vec<Measure>,
    /// With two classes, the line at which mistakes on the rows held out of training cost least; none
    /// where none were.
    pub cheapest: Option<CheapestLine>,
}

impl Trained {
    /// Whether the file to judge by has no class in any row, so that rows of the others are the test.
    pub fn is_unjudged(&self) -> bool {
        self.applied.as_ref().is_some_and(|applied| applied.n_judged == 0)
    }
}

/// A line, and what it does to the test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheapestLine {
    /// The sum of votes above which a row is of the second class.
    pub line: f64,
    /// As [`Judged::confusion`], at this line.
    pub confusion: Bulk<u64>,
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

/// What each column adds to the votes of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowVotes {
    /// The row, from 0.
    pub row: u32,
    /// The votes: one for the second of two classes against the first, or one for each class.
    pub votes: Vec<f64>,
    /// What the columns of the model add to each of them, column after column.
    pub by_column: Vec<f64>,
}

/// The class of rows that have none.
pub const NO_CLASS: u8 = u8::MAX;
