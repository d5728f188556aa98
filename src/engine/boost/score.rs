//! Scoring rows by a model, and telling what every column had to do with it.

use serde::{Deserialize, Serialize};

use super::{
    Model,
    tables::{Table, tables},
    walk::Walk,
};
use crate::matrix::Codes;

/// What is left out of a model's votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mute {
    /// All that a feature adds.
    Column(u32),
    /// Of a model of stumps, the step of a feature that a code is on: see [`steps`](super::steps).
    Step {
        /// The feature.
        feature: u32,
        /// Any code of the step.
        code: u16,
    },
}

/// A model made ready to score rows.
#[derive(Debug, Clone)]
pub struct Scorer {
    way: Way,
    n_features: usize,
    n_votes: usize,
    reach: i64,
}

/// How a row gets its votes.
#[derive(Debug, Clone)]
enum Way {
    /// Stumps add up column by column: one look-up each.
    Tables(Vec<Table>),
    /// Deeper trees are walked.
    Walk(Walk),
}

/// What each feature adds to the votes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contributions {
    /// F: with two classes one number, above 0 for class 1; else one for each class.
    pub sums: Vec<i64>,
    /// What each feature adds to each of them, feature after feature. They add up to `sums` exactly.
    pub by_feature: Vec<i64>,
}

impl Scorer {
    /// Prepares a model, with some of its columns or steps muted.
    ///
    /// # Panics
    ///
    /// If a step of a model is muted that is not of stumps.
    pub fn new(model: &Model, except: &[Mute]) -> Self {
        let way = if model.params.depth == 1 {
            Way::Tables(tables(model, except))
        } else {
            let column = |mute: &Mute| match mute {
                Mute::Column(feature) => *feature,
                Mute::Step { .. } => panic!("only stumps have steps"),
            };
            Way::Walk(Walk::new(model, &except.iter().map(column).collect::<Vec<_>>()))
        };
        Self {
            way,
            n_features: model.missing.len(),
            n_votes: model.n_votes(),
            reach: model.reach(),
        }
    }

    /// How many votes a row has: one with two classes, else one for each.
    pub fn n_votes(&self) -> usize {
        self.n_votes
    }

    /// Writes F of some rows to `sums`, in units of 2⁻⁴⁰, row after row.
    ///
    /// `columns[feature]` holds the rows' codes; any cutting of a table into chunks gives the same
    /// bits. [`predicted`](super::predicted) says the class that a row's votes are for.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each with as many rows as `sums` has room for.
    pub fn scores(&self, columns: &[Codes<'_>], sums: &mut [i64]) {
        assert_eq!(columns.len(), self.n_features, "a column per feature");
        let n_rows = sums.len() / self.n_votes;
        assert!(columns.iter().all(|column| column.len() == n_rows), "votes for every row");
        match &self.way {
            Way::Tables(tables) => {
                sums.fill(0);
                for first in (0..n_rows).step_by(BLOCK) {
                    let rows = first..n_rows.min(first + BLOCK);
                    let sums = &mut sums[rows.start * self.n_votes..rows.end * self.n_votes];
                    for table in tables {
                        table.add(columns[table.feature() as usize].slice(rows.clone()), sums);
                    }
                }
            }
            Way::Walk(walk) => walk.scores(columns, sums),
        }
    }

    /// Returns what each feature adds to the votes of one row.
    ///
    /// Stumps add their vote to their feature. On the way through a deeper tree the mean vote of the
    /// rows that training sent the same way changes with every test, from 0 at the root to the leaf's
    /// vote; each change counts for the feature that was asked.
    ///
    /// # Panics
    ///
    /// Unless `codes` holds a code per feature.
    pub fn contributions(&self, codes: &[u16]) -> Contributions {
        assert_eq!(codes.len(), self.n_features, "a code per feature");
        let n_votes = self.n_votes;
        let mut by_feature = vec![0; self.n_features * n_votes];
        match &self.way {
            Way::Tables(tables) => {
                for table in tables {
                    let feature = table.feature() as usize;
                    let own = &mut by_feature[feature * n_votes..][..n_votes];
                    own.copy_from_slice(table.votes(codes[feature]));
                }
            }
            Way::Walk(walk) => walk.credit(codes, &mut by_feature),
        }
        let mut sums = vec![0; n_votes];
        for votes in by_feature.chunks(n_votes) {
            for (sum, vote) in sums.iter_mut().zip(votes) {
                *sum += vote;
            }
        }
        Contributions { sums, by_feature }
    }

    /// How clear a row's votes are.
    ///
    /// With two classes `F / Σ max |c|`, in [−1, 1], above 0 for class 1. With more the lead of the
    /// first class over the second, as a share of the largest that there can be, in [0, 1]. Muted
    /// columns count in what there can be.
    pub fn margin(&self, sums: &[i64]) -> f64 {
        let reach = self.reach.max(1) as f64;
        if let [sum] = sums {
            return *sum as f64 / reach;
        }
        let (mut first, mut second) = (i64::MIN, i64::MIN);
        for &sum in sums {
            second = second.max(sum.min(first));
            first = first.max(sum);
        }
        (first - second) as f64 / reach
    }
}

/// Rows whose sums stay in the nearest cache while all tables pass over them.
const BLOCK: usize = 2048;
