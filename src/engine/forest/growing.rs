//! Growing one tree.
#![expect(
    clippy::cast_possible_truncation,
    reason = "cells are counted in 16 bits, rows of a sample and nodes of a tree in 32"
)]

use std::ops::Range;

use ndarray::ArrayView2;
use rand_chacha::ChaCha8Rng;

use super::{ColumnWeights, ForestParams, Node, path::height_limit, weights::weights};
use crate::{
    arrange::{sort_u16, sort_u32},
    matrix::{Feature, Order},
    random,
};

/// A tree that has grown.
pub(super) struct Grown {
    pub(super) nodes: Vec<Node>,
    /// Rows of the sample per node.
    pub(super) counts: Vec<u32>,
    /// The orders that were drawn for the unordered features; empty for those never cut.
    pub(super) orders: Vec<Vec<u16>>,
}

/// A tree that grows.
pub(super) struct Growing<'a> {
    rng: ChaCha8Rng,
    features: &'a [Feature],
    /// The sample, `codes[feature · n_rows + row]`; for unordered features ranks in the order
    /// that this tree drew.
    codes: Vec<u16>,
    n_rows: usize,
    /// The rows, those of a node side by side.
    rows: Vec<u32>,
    /// The features without an order.
    unordered: &'a [u16],
    /// How often each feature is cut, against the others; `None` where all are cut alike.
    weights: Option<Vec<f64>>,
    /// Where in [0, 1) the root's column and its cut are drawn; `None` once they are.
    root: [Option<f64>; 2],
    grown: Grown,
}

/// What a column's cells in one node are like.
struct Span {
    /// Smallest and largest code, missing ones apart.
    present: Option<(u16, u16)>,
    has_missing: bool,
}

impl<'a> Growing<'a> {
    /// Prepares to grow a tree from `sample`, a row per line, and what is left of its stream; `root`
    /// are two numbers in [0, 1) in place of those that it would draw for its first cut.
    pub(super) fn new(
        rng: ChaCha8Rng,
        root: [f64; 2],
        features: &'a [Feature],
        unordered: &'a [u16],
        sample: &ArrayView2<'_, u16>,
    ) -> Self {
        let n_rows = sample.nrows();
        let (nodes, counts) = (Vec::with_capacity(2 * n_rows), Vec::with_capacity(2 * n_rows));
        Self {
            rng,
            features,
            codes: sample.t().iter().copied().collect(),
            n_rows,
            rows: (0..n_rows as u32).collect(),
            unordered,
            weights: None,
            root: root.map(Some),
            grown: Grown { nodes, counts, orders: vec![Vec::new(); unordered.len()] },
        }
    }

    /// Grows the tree.
    pub(super) fn grow(mut self, params: ForestParams) -> Grown {
        self.weights = match params.weights {
            ColumnWeights::Equal => None,
            ColumnWeights::Kurtosis => weights(self.features, &self.codes),
        };
        self.push_leaf(self.n_rows);
        let columns = (0..self.features.len() as u16).collect();
        self.split(0, 0..self.n_rows, columns, height_limit(params.sample_size));
        self.grown
    }

    /// Draws an order of the categories in the sample, unless there is one already, and turns
    /// them into their ranks.
    ///
    /// A cut between two ranks then parts the categories of a node into two random sets, and the
    /// node is like any other. What is left of a random order on one side of a cut is a random
    /// order again, so nested cuts are as independent as if each drew its own sets.
    #[inline(never)]
    fn draw_order(&mut self, feature: u16) -> bool {
        let place = self.place(feature).expect("it has no order of its own");
        if !self.grown.orders[place].is_empty() {
            return false;
        }
        let missing = self.missing(feature);
        let column = &mut self.codes[usize::from(feature) * self.n_rows..][..self.n_rows];
        let mut order: Vec<u16> = column.iter().copied().filter(|&code| code != missing).collect();
        sort_u16(&mut order);
        order.dedup();
        // Fisher and Yates, from the end.
        for last in (1..order.len()).rev() {
            order.swap(last, random::below(&mut self.rng, last as u32 + 1) as usize);
        }
        // The category above its rank.
        let rank = |(&category, rank): (&u16, u16)| u32::from(category) << 16 | u32::from(rank);
        let mut ranks: Vec<u32> = order.iter().zip(0..).map(rank).collect();
        sort_u32(&mut ranks);
        for code in column.iter_mut().filter(|code| **code != missing) {
            let place = ranks.binary_search_by_key(code, |&rank| (rank >> 16) as u16);
            *code = ranks[place.expect("the order holds the sample's categories")] as u16;
        }
        self.grown.orders[place] = order;
        true
    }

    /// Where an unordered feature stands among its like.
    fn place(&self, feature: u16) -> Option<usize> {
        self.unordered.binary_search(&feature).ok()
    }

    /// The cell that a cut of `feature` reads, if its sides hold so many rows.
    ///
    /// An unordered feature has two. A category that the sample does not hold goes right at cuts
    /// that read the first, left at those that read the second, and it shall go to the smaller
    /// side: what is not in the sample is rare, and rare ones stand alone early. Taken both ways
    /// by the rows' shares it would move the path by nothing, and never be a reason.
    fn cell(&self, feature: u16, cut: u16, [n_left, n_right]: [usize; 2]) -> u16 {
        match self.place(feature) {
            // What is not in the sample is present all the same.
            Some(place) if n_left < n_right && cut != self.missing(feature) => {
                (self.features.len() + place) as u16
            }
            _ => feature,
        }
    }

    fn push_leaf(&mut self, n_rows: usize) {
        // Leaves read a cell beyond those of the features.
        let spare = (self.features.len() + self.unordered.len()) as u16;
        self.grown.nodes.push(Node::leaf(spare, self.grown.nodes.len() as u32));
        self.grown.counts.push(n_rows as u32);
    }

    fn missing(&self, feature: u16) -> u16 {
        self.features[usize::from(feature)].missing()
    }

    fn code(&self, feature: u16, row: u32) -> u16 {
        self.codes[usize::from(feature) * self.n_rows + row as usize]
    }

    /// Splits the node at `index`, which holds `rows` and may grow `height` levels more.
    ///
    /// `columns` are those not yet known to be constant here: constant in a node is constant
    /// below it.
    fn split(&mut self, index: usize, rows: Range<usize>, mut columns: Vec<u16>, height: u32) {
        if height == 0 || rows.len() < 2 {
            return;
        }
        let Some((feature, cut)) = self.draw_split(&rows, &mut columns) else { return };
        let middle = self.part(feature, cut, &rows);
        assert!(rows.start < middle && middle < rows.end, "both sides of a split hold rows");
        let sides = [rows.start..middle, middle..rows.end];
        let left = self.grown.nodes.len();
        let cell = self.cell(feature, cut, sides.clone().map(|side| side.len()));
        self.grown.nodes[index] = Node::inner(cell, cut, left as u32);
        for side in &sides {
            self.push_leaf(side.len());
        }
        let [left_rows, right_rows] = sides;
        self.split(left, left_rows, columns.clone(), height - 1);
        self.split(left + 1, right_rows, columns, height - 1);
    }

    /// Draws a column among those that vary in the node, and its cut; `None` if none varies.
    ///
    /// Columns that are found constant leave `columns`.
    fn draw_split(&mut self, rows: &Range<usize>, columns: &mut Vec<u16>) -> Option<(u16, u16)> {
        while !columns.is_empty() {
            let place = self.draw_place(columns);
            let feature = columns[place];
            let Span { present, has_missing } = self.span(feature, rows);
            let values = present.filter(|(lowest, highest)| lowest < highest);
            let missingness = has_missing && present.is_some();
            // A column with both kinds of splits offers them equally often: that a value is
            // missing counts as much as which one it is, whatever the share of missing ones.
            let cut = match values {
                Some(range) if !missingness || random::below(&mut self.rng, 2) == 0 => {
                    self.draw_cut(feature, rows, range)
                }
                _ if missingness => self.missing(feature),
                _ => {
                    columns.swap_remove(place);
                    continue;
                }
            };
            return Some((feature, cut));
        }
        None
    }

    /// Draws a place in `columns`, by what they weigh.
    fn draw_place(&mut self, columns: &[u16]) -> usize {
        let given = self.root[0].take();
        match &self.weights {
            None => self.draw_below(given, columns.len() as u32) as usize,
            Some(weights) => {
                let weights = columns.iter().map(|&feature| weights[usize::from(feature)]);
                let u = given.unwrap_or_else(|| random::unit(&mut self.rng));
                random::weighted(u, weights)
            }
        }
    }

    /// An integer in `0..n`: the one at `given` of the way, or drawn.
    fn draw_below(&mut self, given: Option<f64>, n: u32) -> u32 {
        given.map_or_else(|| random::below(&mut self.rng, n), |u| (u * f64::from(n)) as u32)
    }

    fn span(&self, feature: u16, rows: &Range<usize>) -> Span {
        let missing = self.missing(feature);
        let column = &self.codes[usize::from(feature) * self.n_rows..][..self.n_rows];
        let (mut lowest, mut highest, mut has_missing) = (u16::MAX, 0, false);
        for &row in &self.rows[rows.clone()] {
            let code = column[row as usize];
            if code == missing {
                has_missing = true;
            } else {
                lowest = lowest.min(code);
                highest = highest.max(code);
            }
        }
        Span { present: (lowest <= highest).then_some((lowest, highest)), has_missing }
    }

    /// Draws the first code that goes right, in `lowest + 1..=highest`.
    ///
    /// The threshold is drawn among *values*: gaps are what a forest lives on. In an order that
    /// was drawn, values are ranks. `range` holds the smallest and largest code of the node.
    fn draw_cut(&mut self, feature: u16, rows: &Range<usize>, range: (u16, u16)) -> u16 {
        match self.features[usize::from(feature)].order() {
            Order::Unordered => {
                let range = if self.draw_order(feature) {
                    self.span(feature, rows).present
                } else {
                    Some(range)
                };
                let (lowest, highest) = range.expect("a feature that is cut has values");
                let given = self.root[1].take();
                lowest + 1 + self.draw_below(given, u32::from(highest - lowest)) as u16
            }
            Order::Ranked { lows, highs } => {
                let (lowest, highest) = range;
                let max = highs.get(usize::from(highest)).unwrap_or(&lows[usize::from(highest)]);
                let given = self.root[1].take();
                let u = given.unwrap_or_else(|| random::unit(&mut self.rng));
                let threshold = threshold(u, lows[usize::from(lowest)], *max);
                // Only codes of this node matter; the threshold may lie within the highest one.
                let above = &lows[usize::from(lowest)..usize::from(highest)];
                lowest + above.partition_point(|&low| low < threshold) as u16
            }
        }
    }

    /// Moves the rows of a node that go left before those that go right; returns where these
    /// begin.
    ///
    /// A missing value takes a side at a cut between values: with the same chances as present
    /// ones.
    #[inline(never)]
    fn part(&mut self, feature: u16, cut: u16, rows: &Range<usize>) -> usize {
        let (node, missing) = (Node::inner(feature, cut, 0), self.missing(feature));
        let is_lost = |code| code == missing && cut != missing;
        let (mut n_left, mut n_present) = (0, 0);
        for &row in &self.rows[rows.clone()] {
            let code = self.code(feature, row);
            n_left += u32::from(!node.goes_right(code));
            n_present += u32::from(!is_lost(code));
        }
        let (mut right, mut middle) = (Vec::new(), rows.start);
        for place in rows.clone() {
            let row = self.rows[place];
            let code = self.code(feature, row);
            let goes_right = if is_lost(code) {
                random::below(&mut self.rng, n_present) >= n_left
            } else {
                node.goes_right(code)
            };
            if goes_right {
                right.push(row);
            } else {
                self.rows[middle] = row;
                middle += 1;
            }
        }
        self.rows[middle..rows.end].copy_from_slice(&right);
        middle
    }
}

/// Returns the value that lies `u` of the way from `min` to `max`, in (min, max].
///
/// This form never overflows, and both ends are met exactly.
fn threshold(u: f64, min: f64, max: f64) -> f64 {
    let threshold = (1.0 - u) * min + u * max;
    if threshold > min { threshold.min(max) } else { max }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_lies_above_the_smallest_value_and_not_above_the_largest() {
        let next = f64::from_bits(1.0_f64.to_bits() + 1);
        for (min, max) in [(0.0, 1.0), (-f64::MAX, f64::MAX), (1.0, next), (0.0, 5e-324)] {
            for u in [0.0, 0.25, 0.5, 1.0 - f64::EPSILON] {
                let threshold = threshold(u, min, max);
                assert!(min < threshold && threshold <= max, "{min} {threshold} {max}");
            }
        }
        assert_eq!(threshold(0.5, -1e308, 1e308), 0.0);
    }
}
