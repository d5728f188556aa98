//! Trees of oblique cuts as flat arrays, and the one splitting rule.

use serde::{Deserialize, Serialize};

use crate::{bulk::Bulk, forest::ForestParams, matrix::Numbers};

/// A cut: a row whose weighted sum is at least the threshold goes right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut<'a> {
    /// The features it reads, in the order they were drawn.
    pub features: &'a [u16],
    /// w, per such feature, in one over its unit.
    pub weights: &'a [f64],
    /// The mean of each such feature in the node, which stands for a missing value.
    pub centres: &'a [f64],
    /// The sum from which on rows go right.
    pub threshold: f64,
}

impl Cut<'_> {
    /// The weighted sum of a row whose number of a feature, NaN if missing, is `number(feature)`.
    pub fn sum(&self, number: impl Fn(u16) -> f64) -> f64 {
        let terms = self.features.iter().zip(self.weights).zip(self.centres);
        terms.fold(0.0, |sum, ((&feature, weight), &centre)| {
            let number = number(feature);
            sum + weight * if number.is_nan() { centre } else { number }
        })
    }

    /// The splitting rule: growing, scoring and explaining all ask here.
    pub fn goes_right(&self, number: impl Fn(u16) -> f64) -> bool {
        self.sum(number) >= self.threshold
    }
}

/// A grown extended forest: plain data, sent to every shard as a few long arrays.
///
/// Beside the trees it holds the numbers that codes stand for: 8 bytes for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extended {
    /// The settings, with the ψ that was really drawn.
    pub params: ForestParams,
    /// A cut reads at most this and one more columns.
    pub extension_level: u32,
    pub(super) numbers: Numbers,
    /// The features without an order, ascending.
    pub(super) unordered: Bulk<u16>,
    /// Where the left child of each node stands in its tree, the right one following; 0 for a leaf.
    pub(super) lefts: Bulk<u32>,
    /// How many rows of the tree's sample passed each node.
    pub(super) n_rows: Bulk<u32>,
    /// Per node, the threshold of its cut.
    pub(super) thresholds: Bulk<f64>,
    /// Per node, where the terms of its cut begin.
    pub(super) first_terms: Bulk<u32>,
    /// Per node, how many terms its cut has: 0 for a leaf.
    pub(super) n_terms: Bulk<u16>,
    /// Per term, the feature.
    pub(super) features: Bulk<u16>,
    /// Per term, w.
    pub(super) weights: Bulk<f64>,
    /// Per term, the feature's mean in the node.
    pub(super) centres: Bulk<f64>,
    /// Where each tree's nodes begin.
    pub(super) starts: Bulk<u32>,
    /// The categories of unordered features in the random orders that the trees drew, tree after
    /// tree, feature after feature; only those in the tree's sample.
    pub(super) orders: Bulk<u16>,
    /// Where each order begins: `tree · n_unordered + i` for the i-th unordered feature; and the
    /// end.
    pub(super) order_starts: Bulk<u32>,
}

impl Extended {
    /// The number of features.
    pub fn n_features(&self) -> usize {
        self.numbers.missing().len()
    }

    /// The number of trees.
    pub fn n_trees(&self) -> usize {
        self.starts.len()
    }

    /// The number of a tree's nodes; the first is the root, and children stand behind their parents.
    pub fn n_nodes(&self, tree: usize) -> usize {
        self.nodes(tree).len()
    }

    /// How many rows of a tree's sample passed a node.
    pub fn n_rows(&self, tree: usize, node: u32) -> u32 {
        self.n_rows[self.nodes(tree)][node as usize]
    }

    /// Where the left child of a node stands in its tree, and the right one behind it; `None` for
    /// a leaf.
    pub fn left(&self, tree: usize, node: u32) -> Option<u32> {
        let left = self.lefts[self.nodes(tree)][node as usize];
        (left > 0).then_some(left)
    }

    /// The cut of a node; without terms for a leaf.
    pub fn cut(&self, tree: usize, node: u32) -> Cut<'_> {
        self.cut_at(self.nodes(tree).start + node as usize)
    }

    /// The cut of the node at a place among those of all trees.
    pub(super) fn cut_at(&self, place: usize) -> Cut<'_> {
        let first = self.first_terms[place] as usize;
        let terms = first..first + usize::from(self.n_terms[place]);
        Cut {
            features: &self.features[terms.clone()],
            weights: &self.weights[terms.clone()],
            centres: &self.centres[terms],
            threshold: self.thresholds[place],
        }
    }

    /// Where the nodes of a tree stand among those of all trees.
    pub(super) fn nodes(&self, tree: usize) -> std::ops::Range<usize> {
        let end = self.starts.get(tree + 1).map_or(self.lefts.len(), |&end| end as usize);
        self.starts[tree] as usize..end
    }

    /// The order that a tree drew for the `place`-th unordered feature.
    pub(super) fn drawn_order(&self, tree: usize, place: usize) -> &[u16] {
        let place = tree * self.unordered.len() + place;
        &self.orders[self.order_starts[place] as usize..self.order_starts[place + 1] as usize]
    }
}
