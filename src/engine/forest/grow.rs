//! Growing: from sample rows to trees.

use std::ops::Range;

use ndarray::ArrayView2;
use rand_chacha::ChaCha8Rng;

use super::{FitError, Forest, Node, Samples, path::height_limit};
use crate::engine::{
    bulk::Bulk,
    matrix::{Feature, Order},
    random,
};

/// Grows a forest tree by tree: an iterator, so that its driver may report or stop in between.
#[derive(Debug)]
pub struct Grower<'a> {
    samples: &'a Samples,
    features: &'a [Feature],
    codes: ArrayView2<'a, u16>,
    next_tree: u32,
    forest: Forest,
}

impl<'a> Grower<'a> {
    /// Prepares to grow a forest on the rows that `samples` names.
    ///
    /// `codes` is `samples.rows().len() × features.len()`: line `i` is the row `samples.rows()[i]`.
    ///
    /// # Errors
    ///
    /// [`NoFeatures`](FitError::NoFeatures), [`TooManyFeatures`](FitError::TooManyFeatures).
    pub fn new(
        samples: &'a Samples,
        features: &'a [Feature],
        codes: ArrayView2<'a, u16>,
    ) -> Result<Self, FitError> {
        const LIMIT: u16 = u16::MAX - 1;
        if features.is_empty() {
            return Err(FitError::NoFeatures);
        }
        if features.len() > LIMIT.into() {
            let found = features.len() as u64;
            return Err(FitError::TooManyFeatures { found, limit: LIMIT.into() });
        }
        assert_eq!(codes.dim(), (samples.rows().len(), features.len()), "a code for every cell");
        let unordered = (0..).zip(features).filter(|(_, feature)| !feature.is_ranked());
        let forest = Forest {
            params: samples.params(),
            missing: Bulk(features.iter().map(Feature::missing).collect()),
            unordered: Bulk(unordered.map(|(index, _)| index).collect()),
            nodes: Bulk(Vec::new()),
            n_rows: Bulk(Vec::new()),
            starts: Bulk(Vec::new()),
            orders: Bulk(Vec::new()),
            order_starts: Bulk(vec![0]),
        };
        Ok(Self { samples, features, codes, next_tree: 0, forest })
    }

    /// Grows what is left and returns the forest.
    pub fn finish(mut self) -> Forest {
        self.by_ref().for_each(drop);
        self.forest
    }
}

/// Grows one more tree; yields how many there are.
impl Iterator for Grower<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.next_tree == self.samples.params().n_trees {
            return None;
        }
        let mut tree = Growing::new(self, self.next_tree);
        let (n_rows, n_features) = (tree.n_rows, self.features.len());
        tree.nodes.push(Node::leaf(tree.spare, 0));
        tree.counts.push(n_rows as u32);
        let columns = (0..n_features as u16).collect();
        let limit = height_limit(self.samples.params().sample_size);
        tree.split(0, 0..n_rows, columns, limit);

        let Growing { nodes, counts, orders, .. } = tree;
        let forest = &mut self.forest;
        forest.starts.0.push(forest.nodes.len() as u32);
        forest.nodes.0.extend(nodes.iter().map(|node| node.0));
        forest.n_rows.0.extend(counts);
        for order in orders {
            forest.orders.0.extend(order);
            forest.order_starts.0.push(forest.orders.len() as u32);
        }
        self.next_tree += 1;
        Some(self.next_tree)
    }
}

/// A tree that grows.
struct Growing<'a> {
    rng: ChaCha8Rng,
    features: &'a [Feature],
    /// The sample, `codes[feature · n_rows + row]`; for unordered features ranks in the order
    /// that this tree drew.
    codes: Vec<u16>,
    n_rows: usize,
    /// The rows, those of a node side by side.
    rows: Vec<u32>,
    nodes: Vec<Node>,
    counts: Vec<u32>,
    orders: Vec<Vec<u16>>,
    /// What leaves name as their feature.
    spare: u16,
}

/// What a column's cells in one node are like.
struct Span {
    /// Smallest and largest code, missing ones apart.
    present: Option<(u16, u16)>,
    has_missing: bool,
}

impl<'a> Growing<'a> {
    fn new(grower: &Grower<'a>, tree: u32) -> Self {
        let places: Vec<usize> = grower.samples.places(tree).collect();
        let n_rows = places.len();
        let mut codes = Vec::with_capacity(n_rows * grower.features.len());
        for column in grower.codes.columns() {
            codes.extend(places.iter().map(|&place| column[place]));
        }
        let mut growing = Self {
            rng: grower.samples.stream(tree),
            features: grower.features,
            codes,
            n_rows,
            rows: (0..n_rows as u32).collect(),
            nodes: Vec::with_capacity(2 * n_rows),
            counts: Vec::with_capacity(2 * n_rows),
            orders: Vec::new(),
            spare: grower.features.len() as u16,
        };
        for &feature in grower.forest.unordered.iter() {
            growing.draw_order(feature);
        }
        growing
    }

    /// Draws an order of the categories in the sample, and turns them into their ranks.
    ///
    /// A cut between two ranks then parts the categories of a node into two random sets. The
    /// categories that the sample does not hold take part in the draw as one: a row that has one
    /// of them goes to a side that is random, but the same wherever it meets this tree.
    fn draw_order(&mut self, feature: u16) {
        let (n_codes, missing) =
            (self.features[usize::from(feature)].n_codes(), self.missing(feature));
        let column = &mut self.codes[usize::from(feature) * self.n_rows..][..self.n_rows];
        let mut order: Vec<u16> = column.iter().copied().filter(|&code| code != missing).collect();
        order.sort_unstable();
        order.dedup();
        if order.len() < n_codes.into() {
            order.push(Forest::OTHER);
        }
        // Fisher and Yates, from the end.
        for last in (1..order.len()).rev() {
            order.swap(last, random::below(&mut self.rng, last as u32 + 1) as usize);
        }
        let mut ranks = vec![missing; usize::from(n_codes) + 1];
        for (rank, &code) in (0..).zip(&order) {
            if code != Forest::OTHER {
                ranks[usize::from(code)] = rank;
            }
        }
        column.iter_mut().for_each(|code| *code = ranks[usize::from(*code)]);
        self.orders.push(order);
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
        let left = self.nodes.len();
        self.nodes[index] = Node::inner(feature, cut, left as u32);
        let middle = self.part(self.nodes[index], &rows);
        assert!(rows.start < middle && middle < rows.end, "both sides of a split hold rows");
        let sides = [rows.start..middle, middle..rows.end];
        for (child, side) in (left as u32..).zip(&sides) {
            self.nodes.push(Node::leaf(self.spare, child));
            self.counts.push(side.len() as u32);
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
            let place = random::below(&mut self.rng, columns.len() as u32) as usize;
            let feature = columns[place];
            let Span { present, has_missing } = self.span(feature, rows);
            let values = present.filter(|(lowest, highest)| lowest < highest);
            let missingness = has_missing && present.is_some();
            // A column with both kinds of splits offers them equally often: that a value is
            // missing counts as much as which one it is, whatever the share of missing ones.
            let cut = match values {
                Some(range) if !missingness || random::below(&mut self.rng, 2) == 0 => {
                    self.draw_cut(feature, range)
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
    /// was drawn, values are ranks.
    fn draw_cut(&mut self, feature: u16, (lowest, highest): (u16, u16)) -> u16 {
        let u = random::unit(&mut self.rng);
        match self.features[usize::from(feature)].order() {
            Order::Unordered => {
                let threshold = threshold(u, lowest.into(), highest.into());
                threshold.ceil() as u16
            }
            Order::Ranked { lows, highs } => {
                let max = highs.get(usize::from(highest)).unwrap_or(&lows[usize::from(highest)]);
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
    fn part(&mut self, node: Node, rows: &Range<usize>) -> usize {
        let (feature, missing) = (node.feature(), self.missing(node.feature()));
        let is_lost = |code| code == missing && node.cut() != missing;
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
