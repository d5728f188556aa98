//! What other learners make of the same rows: the yardstick of a boosted model.
//!
//! ```text
//! counts of the training rows ─▶ Design, Bayes (exact, from all of them)
//! drawn training rows ─▶ Rows ─▶ learner(which, rows) ─▶ step, step, … ─▶ votes of other rows
//! ```
//!
//! Every learner reads rows of numbers (see [`Design`]) and is cut into steps of some tenths of a
//! second. Its votes are those of [`boost`](crate::boost): integers, one for the second of two classes
//! against the first, or one for each class.
//!
//! # Whose they are
//!
//! Trees, and the forest and the boosting that stand on them, are those of smartcore 0.7, of October 2026:
//! one crate, kept well, its trees held against scikit-learn's in its own tests, which run in wasm32 too;
//! without its default features it has no thread, no clock and no system call, and all it draws has a
//! seed. The peers: linfa 0.8 brings a second `ndarray` and a second `rand`, its trees `rayon`, and its logistic
//! regression `argmin` with a clock; `forust-ml` 0.8 and `perpetual` 2.3 stand on `rayon`, too; `gbdt` 0.1 knows
//! boosting alone.
//!
//! The others are written here, since smartcore's could not be used: its Gaussian naive Bayes has no floor
//! for variances, so one column that is constant in a class makes every probability NaN (and took 26 s on
//! 20,000 × 83 cells before it said so); its logistic regression is one call, which
//! cannot be stopped (4 s on those rows) and weighs no class; its nearest neighbours among equal
//! distances are any, where [`Nearby`](crate::neighbours::Nearby) stands in
//! the house already. Its gradient boosting knows squared errors alone, and sorts in every node anew.
//!
//! # What is the same everywhere
//!
//! No figure depends on the number of shards. smartcore draws by a generator that has another form on 32
//! bits than on 64: all browsers agree with each other on the trees, and differ a little from a native
//! run.

mod bayes;
mod boosting;
mod design;
mod draw;
mod logistic;
mod neighbours;
mod trees;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

pub use bayes::Bayes;
pub use design::Design;
pub use draw::draw;

use self::{
    boosting::Boosting, logistic::Logistic, neighbours::Neighbours, trees::Forest, trees::Tree,
};
use crate::bulk::Bulk;

/// Rows that are kept to learn from, at most.
const MOST_ROWS: usize = 200_000;
/// Numbers that are kept of them, at most, and once for each vote: what one step can walk through.
const MOST_CELLS: usize = 1 << 24;
/// Numbers that a tree learns from, at most, as it is grown in one step.
const TREE_CELLS: usize = 1 << 20;

/// A learner that others are measured by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Baseline {
    /// Says the most common class of every row.
    Majority,
    /// The one question about one column that parts the classes best.
    Stump,
    /// Gaussian naive Bayes.
    Bayes,
    /// Logistic regression, with a ridge of 1 as scikit-learn has it.
    Logistic,
    /// One tree, grown until its leaves are pure.
    Tree,
    /// Random forest.
    Forest,
    /// The five nearest neighbours.
    Neighbours,
    /// Gradient boosting.
    Boosting,
}

impl Baseline {
    /// All of them, the simplest first.
    pub const ALL: [Self; 8] = [
        Self::Majority,
        Self::Stump,
        Self::Bayes,
        Self::Logistic,
        Self::Tree,
        Self::Forest,
        Self::Neighbours,
        Self::Boosting,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Majority => "majority",
            Self::Stump => "stump",
            Self::Bayes => "naive-bayes",
            Self::Logistic => "logistic",
            Self::Tree => "tree",
            Self::Forest => "forest",
            Self::Neighbours => "neighbours",
            Self::Boosting => "boosting",
        }
    }
}

/// Which of the training rows a baseline learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LearntFrom {
    /// All.
    All,
    /// So many, drawn at random.
    Drawn(u32),
    /// Each of its trees from so many, drawn at random for it.
    EachDrawn(u32),
}

/// Why a baseline cannot learn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum LearnError {
    #[error("no column that takes part varies among the rows to learn from")]
    NothingVaries,
    #[error("it needs at least {needed} rows to learn from, and there are {found}")]
    TooFewRows { needed: u32, found: u32 },
    #[error("no tree could be grown: {reason}")]
    NoTree { reason: String },
}

/// Rows to learn from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    /// What codes are as numbers.
    pub design: Design,
    /// What naive Bayes learnt, which is known before any row is looked at.
    pub bayes: Bayes,
    /// Codes, row by row: `rows × columns`.
    pub codes: Bulk<u16>,
    /// The class of each row.
    pub classes: Bulk<u8>,
    /// How much more than others the rows of each class weigh; one per class.
    pub class_weights: Vec<f64>,
    /// How many training rows there are; these may be a part of them.
    pub n_train: u32,
    /// Of all that is drawn.
    pub seed: u64,
}

impl Rows {
    /// How many rows are worth sending: more are not looked at.
    pub fn most(design: &Design, n_classes: u32) -> u32 {
        let cells = design.width().max(1) * n_votes(n_classes);
        MOST_ROWS.min(MOST_CELLS / cells).max(1) as u32
    }

    fn n_rows(&self) -> usize {
        self.classes.len()
    }

    fn n_classes(&self) -> usize {
        self.class_weights.len()
    }

    fn n_votes(&self) -> usize {
        n_votes(self.class_weights.len() as u32)
    }

    fn codes_of(&self, row: usize) -> &[u16] {
        let n_columns = self.design.n_columns();
        &self.codes[row * n_columns..][..n_columns]
    }

    /// The rows as numbers, one after the other.
    fn cells(&self) -> Vec<f32> {
        self.design.cells(&self.codes)
    }

    /// How much a row weighs.
    fn weight(&self, row: usize) -> f64 {
        self.class_weights[usize::from(self.classes[row])]
    }

    /// 1 where a row is of the class that a vote is for, else 0.
    fn is_for(&self, vote: usize, row: usize) -> f64 {
        let class = if self.n_votes() == 1 { 1 } else { vote };
        f64::from(u8::from(usize::from(self.classes[row]) == class))
    }

    /// What learning from all of these rows is.
    fn all(&self) -> LearntFrom {
        let n = self.n_rows() as u32;
        if n < self.n_train { LearntFrom::Drawn(n) } else { LearntFrom::All }
    }

    /// How many rows a tree learns from.
    fn tree_rows(&self) -> u32 {
        let most = (TREE_CELLS / self.design.width().max(1)).max(1);
        self.n_rows().min(most) as u32
    }
}

/// A baseline on its way.
pub trait Learn {
    /// Goes on learning for some tenths of a second; returns how far it is, 1 for ready.
    ///
    /// # Errors
    ///
    /// It cannot learn from these rows.
    fn step(&mut self) -> Result<f64, LearnError>;

    /// Writes the votes of some rows, of `width` numbers each. It is ready.
    fn votes(&mut self, cells: Vec<f32>, votes: &mut Vec<i64>);

    /// Which rows it learns from.
    fn learnt_from(&self) -> LearntFrom;

    /// How many rows it votes on within some tenths of a second.
    fn block(&self) -> usize {
        1 << 13
    }
}

/// Makes a baseline that learns from rows.
///
/// # Errors
///
/// - [`NothingVaries`](LearnError::NothingVaries).
/// - [`TooFewRows`](LearnError::TooFewRows): there are fewer rows than neighbours.
///
/// # Panics
///
/// For the first two: they need no rows of numbers, and are made where rows are counted.
pub fn learner(which: Baseline, rows: &Rc<Rows>) -> Result<Box<dyn Learn>, LearnError> {
    if rows.design.width() == 0 {
        return Err(LearnError::NothingVaries);
    }
    let rows = Rc::clone(rows);
    Ok(match which {
        Baseline::Majority | Baseline::Stump => unreachable!("they learn from counts"),
        Baseline::Bayes => Box::new(bayes::Learner::new(rows)),
        Baseline::Logistic => Box::new(Logistic::new(rows)),
        Baseline::Tree => Box::new(Tree::new(rows)),
        Baseline::Forest => Box::new(Forest::new(rows)),
        Baseline::Neighbours => Box::new(Neighbours::new(rows)?),
        Baseline::Boosting => Box::new(Boosting::new(rows)),
    })
}

fn n_votes(n_classes: u32) -> usize {
    if n_classes == 2 { 1 } else { n_classes as usize }
}

/// A vote of 1 of a baseline: coarser than those of a boosted model, as naive Bayes' go into the millions.
pub const VOTE: f64 = (1_u64 << 32) as f64;

/// A number as a vote, in units of 2⁻³²; what is beyond counts as the largest.
fn vote(value: f64) -> i64 {
    ((value * VOTE) as i64).max(-i64::MAX)
}

/// Writes the votes of a row, given the logarithm of what each class is worth.
fn log_votes(logs: &[f64], votes: &mut Vec<i64>) {
    if let [first, second] = logs {
        return votes.push(vote(second - first));
    }
    let sum = log_sum(logs);
    votes.extend(logs.iter().map(|log| vote(log - sum)));
}

/// The logarithm of the sum of what these are the logarithms of.
fn log_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + libm::log(logs.iter().map(|log| libm::exp(log - most)).sum())
}

/// 1 / (1 + e⁻ˣ).
fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
