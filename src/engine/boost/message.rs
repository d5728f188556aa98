//! What conductor and parts say to each other in every round.

use serde::{Deserialize, Serialize};

use super::{Histogram, Split, census::add};
use crate::bulk::Bulk;

/// What the conductor asks of every part, to be done in this order.
///
/// Nodes of a tree are numbered as they come to be: 0 is the root, and the `i`-th split makes the
/// nodes `2i + 1` (left) and `2i + 2` (right).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// Nodes whose rows take sides.
    pub splits: Vec<Split>,
    /// The tree is complete: rows take their leaf's vote, and the next tree begins with its root.
    pub votes: Option<Votes>,
    /// Nodes whose histograms are wanted.
    pub ask: Vec<u32>,
    /// Whether their children's will be, which are made from these.
    pub is_kept: bool,
}

/// What a tree's leaves say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Votes {
    /// For every node of the tree, its votes; those of leaves count.
    pub votes: Bulk<i64>,
    /// For every node of the tree, what each of its weights is multiplied by.
    ///
    /// Where a row has one weight, by its class. Where it has one for each class: first those for
    /// rows of other classes, then those for rows of that class.
    pub factors: Bulk<f64>,
}

impl Votes {
    /// Whether they are those of one test for rows of two classes, which have one vote and one weight.
    pub(super) fn is_of_two(&self) -> bool {
        self.votes.len() == 3 && self.factors.len() == 6
    }
}

/// What a part answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// After votes: how many rows are wrong now.
    pub watched: Option<Watched>,
    /// The histograms that were asked for, in that order.
    pub histograms: Vec<Histogram>,
}

impl Report {
    /// Adds another part's answer to the same order. The order of merging cannot be seen.
    ///
    /// # Panics
    ///
    /// If they answer different orders.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(self.histograms.len(), other.histograms.len(), "answers to one order");
        for (own, others) in self.histograms.iter_mut().zip(&other.histograms) {
            own.merge(others);
        }
        match (&mut self.watched, &other.watched) {
            (Some(own), Some(others)) => {
                add(&mut own.train_wrong.0, &others.train_wrong);
                add(&mut own.held_wrong.0, &others.held_wrong);
            }
            (own, others) => assert!(own.is_none() && others.is_none(), "answers to one order"),
        }
    }
}

/// How many rows the model so far gets wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Training rows, by their class.
    pub train_wrong: Bulk<u64>,
    /// Held-out rows, by their class.
    pub held_wrong: Bulk<u64>,
}
