//! What is asked of training and what it comes to: plain data for the page.

mod figures;
mod spec;

use serde::{Deserialize, Serialize};

pub use self::{
    figures::{Compared, Judged, Measure, OfClass, RowSet, Told},
    spec::{ClassesBy, SplitBy, TrainSpec},
};
use super::{added::Helped, bulk::Bulk};
use crate::engine::{boost::Ending, evaluate::SplitNote};

/// The class of rows that have none.
pub const NO_CLASS: u8 = u8::MAX;

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

/// How wrong a model is after a round.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wrong {
    /// The share of wrong rows among those learnt from.
    pub train: f64,
    /// The same among those watched, where there are any.
    pub watched: Option<f64>,
}

/// A line, and what it does to the test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheapestLine {
    /// The sum of votes above which a row is of the second class.
    pub line: f64,
    /// As [`Judged::confusion`], at this line.
    pub confusion: Bulk<u64>,
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
