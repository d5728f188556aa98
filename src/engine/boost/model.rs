//! A trained model: plain data.

use serde::{Deserialize, Serialize};

use super::{Params, Test, Watched};
use crate::{bulk::Bulk, matrix::Feature};

/// A node that has two children, by its number in its tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The node.
    pub node: u32,
    /// What it asks.
    pub test: Test,
}

/// A tree. Node 0 is the root; the `i`-th split's node has the children `2i + 1` (left) and `2i + 2`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tree {
    /// Inner nodes, parents before their children.
    pub splits: Vec<Split>,
    /// The votes of each node in units of 2⁻⁴⁰: one for class 1 against class 0, or one for each of
    /// more classes. Of inner nodes the mean of their children's, by training weight; of the root 0.
    pub votes: Bulk<i64>,
}

impl Tree {
    /// The nodes on a row's way from the root to its leaf, the root not counted, each with the feature
    /// that was asked to get there; `code` gives the row's code of a feature.
    pub fn path(&self, code: impl Fn(u32) -> u16) -> Vec<(u32, u32)> {
        let (mut node, mut path) = (0, Vec::new());
        for (left, split) in (1..).step_by(2).zip(&self.splits) {
            if split.node == node {
                let feature = split.test.feature;
                node = left + u32::from(split.test.goes_right(code(feature)));
                path.push((node, feature));
            }
        }
        path
    }

    /// The number of nodes.
    pub fn n_nodes(&self) -> usize {
        2 * self.splits.len() + 1
    }
}

/// A tree and how good it was in its round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// It.
    pub tree: Tree,
    /// What its leaves lose as a share of the weight, before they vote. By SAMME: ε, the weighted
    /// error. By confidence: `Z = 2 Σ √(W₊ W₋)`, the least that the normaliser could be.
    pub loss: f64,
    /// The normaliser of its update, before rows have their mean weight again: `Σ D exp(−y c)` by
    /// confidence, `Σ D exp(α [wrong])` by SAMME.
    pub z: f64,
    /// What a vote counts: α by SAMME; 1 by confidence, where every leaf has a vote of its own.
    pub alpha: f64,
}

/// Why training ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// All rounds are done.
    AllRounds,
    /// The rows held out were wrong as often for so many rounds as was waited for.
    NoImprovement,
    /// One tree gets every training row right: one rule explains everything, so a column may give the
    /// answer away.
    Explained,
    /// No tree was better than chance under the weights that had come to be. Its round does not count.
    Chance,
    /// Someone gave up; rounds until then count.
    GivenUp,
}

/// A trained model: rounds of trees that vote, and how the training went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// What it was trained with.
    pub params: Params,
    /// Its classes, from 0.
    pub n_classes: u32,
    /// Of each feature that was offered, the code for missing values.
    pub missing: Bulk<u16>,
    /// The features among these whose codes have an order.
    pub ranked: Bulk<u32>,
    /// Its rounds, in order.
    pub rounds: Vec<Round>,
    /// After every round that was made, how many rows were wrong: longer than `rounds` where the best
    /// round was an earlier one.
    pub curve: Vec<Watched>,
    /// Training rows of each class.
    pub train: Bulk<u64>,
    /// Held-out rows of each class.
    pub held: Bulk<u64>,
    /// Why it ended.
    pub ending: Ending,
}

impl Model {
    /// How many votes a row has: one with two classes, else one for each.
    pub fn n_votes(&self) -> usize {
        n_votes(self.n_classes)
    }

    /// The model of its first rounds.
    ///
    /// # Panics
    ///
    /// If there are fewer.
    pub fn cut_to(&mut self, n_rounds: u32) {
        assert!(n_rounds as usize <= self.rounds.len(), "no more rounds than there are");
        self.rounds.truncate(n_rounds as usize);
    }

    /// The features that any tree asks for, ascending.
    pub fn used(&self) -> Vec<u32> {
        let mut is_used = vec![false; self.missing.len()];
        for split in self.rounds.iter().flat_map(|round| &round.tree.splits) {
            is_used[split.test.feature as usize] = true;
        }
        (0..).zip(is_used).filter(|&(_, is_used)| is_used).map(|(feature, _)| feature).collect()
    }

    /// The largest difference that votes can make: what margins are measured by.
    ///
    /// With two classes `Σ max |c|` over the rounds, `c` being the leaves' votes; with more the sum of
    /// each round's largest difference between two votes of one leaf.
    pub fn reach(&self) -> i64 {
        let n_votes = self.n_votes();
        let reach = |votes: &[i64]| match votes {
            [vote] => vote.abs(),
            votes => votes.iter().max().zip(votes.iter().min()).map_or(0, |(max, min)| max - min),
        };
        let of_round = |round: &Round| {
            let mut is_leaf = vec![true; round.tree.n_nodes()];
            for split in &round.tree.splits {
                is_leaf[split.node as usize] = false;
            }
            let leaves = round.tree.votes.chunks(n_votes).zip(is_leaf).filter(|(_, is)| *is);
            leaves.map(|(votes, _)| reach(votes)).max().unwrap_or(0)
        };
        self.rounds.iter().map(of_round).sum()
    }

    /// A model before its first round.
    pub(super) fn new(
        features: &[Feature],
        params: Params,
        train: Bulk<u64>,
        held: Bulk<u64>,
    ) -> Self {
        let ranked = (0..).zip(features).filter(|(_, feature)| feature.is_ranked());
        Self {
            params,
            n_classes: train.len() as u32,
            missing: Bulk(features.iter().map(Feature::missing).collect()),
            ranked: Bulk(ranked.map(|(index, _)| index).collect()),
            rounds: Vec::new(),
            curve: Vec::new(),
            train,
            held,
            ending: Ending::GivenUp,
        }
    }
}

pub(super) fn n_votes(n_classes: u32) -> usize {
    if n_classes == 2 { 1 } else { n_classes as usize }
}

/// The class that votes are for: with two classes 1 if their sum is above 0, else that with most of
/// them; the lowest on a tie.
pub fn predicted(votes: &[i64]) -> u8 {
    if let [vote] = votes {
        return u8::from(*vote > 0);
    }
    let mut class = 0;
    for (other, &vote) in votes.iter().enumerate() {
        if vote > votes[class] {
            class = other;
        }
    }
    class as u8
}
