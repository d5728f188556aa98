//! Of training: rows to learn from, models of them, and what else is made of them.

use serde::{Deserialize, Serialize};

use super::super::bulk::Bulk;
use crate::engine::{
    baselines::{Baseline, Rows as StudyRows},
    boost::{Order, Params, Plan},
    centres::Centres,
    eyes::Model,
    matrix::Feature,
};

/// What a shard does in training. There is one training at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum LearnQuestion {
    /// Copy the rows that take part, and count them: [`Answer::Census`](super::Answer::Census).
    Gather {
        /// The columns that are learnt from.
        columns: Vec<u32>,
        /// The class of each of the shard's rows; of rows that are out it may be anything.
        classes: Bulk<u8>,
        /// What each of them is there for: 0 to train on, 1 to be watched, 2 for nothing.
        uses: Bulk<u8>,
        /// How many classes there are.
        n_classes: u32,
        /// Whether the conductor trains on them itself: [`Answer::Gathered`](super::Answer::Gathered).
        is_handed_over: bool,
    },
    /// Weigh the rows that were gathered: [`Answer::Done`](super::Answer::Done).
    Begin(Box<Plan>),
    /// Go on with them: [`Answer::Reported`](super::Answer::Reported).
    Obey(Box<Order>),
    /// Keep rows to fit models on alone, whichever shards hold them: [`Answer::Done`](super::Answer::Done).
    Lend(Box<Loan>),
    /// Forget them: [`Answer::Done`](super::Answer::Done).
    End,
    /// Two hashes of each row's codes: [`Answer::Hashes`](super::Answer::Hashes).
    Hashes(Vec<u32>),
    /// How often each code comes with each class: [`Answer::Tallied`](super::Answer::Tallied).
    Tally {
        /// The columns.
        columns: Vec<u32>,
        /// The class of each of the shard's rows; others than these are not counted.
        classes: Bulk<u8>,
        /// How many classes there are.
        n_classes: u32,
    },
}

/// Asks to measure all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddQuestion {
    /// By what.
    pub gauge: Gauge,
    /// The columns it reads, by feature.
    pub columns: Vec<u32>,
    /// How many columns the training added before.
    pub place: u32,
    /// Of each of its columns the smallest number of each code, ascending.
    pub cuts: Vec<Bulk<f64>>,
}

/// What measures rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Gauge {
    /// An eye's score: one column.
    Eye(Box<Model>),
    /// The distance to each centre: as many columns.
    Centres(Box<Centres>),
}

/// Rows to fit models on, parted into folds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loan {
    /// What their codes stand for.
    pub features: Vec<Feature>,
    /// Codes, row by row: `rows × features`.
    pub codes: Bulk<u16>,
    /// The class of each row.
    pub classes: Bulk<u8>,
    /// The fold of each row.
    pub folds: Bulk<u8>,
    /// How many classes there are.
    pub n_classes: u32,
}

/// Asks for a model of all folds but one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FitQuestion {
    /// The fold that is watched.
    pub fold: u8,
    /// What the model is trained with.
    pub params: Params,
}

/// How wrong a model was about the fold that it did not learn from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// After each round, rows of the fold that are told wrong, by class: `rounds × classes`.
    pub wrong: Bulk<u64>,
    /// All its rows, by class.
    pub held: Bulk<u64>,
}

/// What a shard does as a pair of hands, whichever rows it holds: one baseline after the other learns from
/// rows that were sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum StudyQuestion {
    /// Keep these rows to learn from: [`Answer::Done`](super::Answer::Done).
    Keep(StudyRows),
    /// Have a baseline learn from them: [`Answer::Progress`](super::Answer::Progress), in thousandths, then [`Answer::Studied`](super::Answer::Studied).
    Learn(Baseline),
    /// Its votes of rows with these codes, `rows × columns`: [`Answer::Votes`](super::Answer::Votes).
    Vote(Bulk<u16>),
    /// Forget all of it: [`Answer::Done`](super::Answer::Done).
    End,
}
