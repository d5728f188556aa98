//! Growing one tree.

use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use super::tree::Cut;
use crate::{forest::height_limit, random};

/// A tree that has grown; arrays as in [`Extended`](super::Extended).
#[derive(Debug, Default)]
pub(super) struct Grown {
    pub(super) lefts: Vec<u32>,
    pub(super) n_rows: Vec<u32>,
    pub(super) thresholds: Vec<f64>,
    pub(super) first_terms: Vec<u32>,
    pub(super) n_terms: Vec<u16>,
    pub(super) features: Vec<u16>,
    pub(super) weights: Vec<f64>,
    pub(super) centres: Vec<f64>,
}

/// A tree that grows.
pub(super) struct Growing {
    rng: ChaCha8Rng,
    /// The sample, `numbers[feature · n_rows + row]`; NaN for missing.
    numbers: Vec<f64>,
    n_rows: usize,
    /// The rows, those of a node side by side.
    rows: Vec<u32>,
    /// How many columns a cut reads, if so many vary.
    n_columns: usize,
    grown: Grown,
}

/// A deviation is at least this, so that weights and weighted sums stay finite.
const SMALLEST: f64 = 1e-150;

impl Growing {
    /// Prepares to grow a tree from a sample of `n_rows` and what is left of its stream.
    pub(super) fn new(
        rng: ChaCha8Rng,
        numbers: Vec<f64>,
        n_rows: usize,
        extension_level: u32,
    ) -> Self {
        Self {
            rng,
            numbers,
            n_rows,
            rows: (0..n_rows as u32).collect(),
            n_columns: extension_level as usize + 1,
            grown: Grown::default(),
        }
    }

    /// Grows the tree.
    pub(super) fn grow(mut self, sample_size: u32) -> Grown {
        self.push_leaf(self.n_rows);
        let columns = (0..(self.numbers.len() / self.n_rows) as u16).collect();
        self.split(0, 0..self.n_rows, columns, height_limit(sample_size));
        self.grown
    }

    fn push_leaf(&mut self, n_rows: usize) {
        let grown = &mut self.grown;
        grown.lefts.push(0);
        grown.n_rows.push(n_rows as u32);
        grown.thresholds.push(0.0);
        grown.first_terms.push(0);
        grown.n_terms.push(0);
    }

    fn number(&self, feature: u16, row: u32) -> f64 {
        self.numbers[usize::from(feature) * self.n_rows + row as usize]
    }

    /// Splits the node at `index`, which holds `rows` and may grow `height` levels more.
    ///
    /// `columns` are those not yet known to be constant here: constant in a node is constant
    /// below it.
    fn split(&mut self, index: usize, rows: Range<usize>, mut columns: Vec<u16>, height: u32) {
        if height == 0 || rows.len() < 2 || !self.draw_cut(index, &rows, &mut columns) {
            return;
        }
        let middle = self.part(index, &rows);
        assert!(rows.start < middle && middle < rows.end, "both sides of a split hold rows");
        let sides = [rows.start..middle, middle..rows.end];
        let left = self.grown.lefts.len();
        self.grown.lefts[index] = left as u32;
        for side in &sides {
            self.push_leaf(side.len());
        }
        let [left_rows, right_rows] = sides;
        self.split(left, left_rows, columns.clone(), height - 1);
        self.split(left + 1, right_rows, columns, height - 1);
    }

    /// Draws the columns of a node's cut, their weights and the threshold; returns whether rows
    /// can be told apart.
    ///
    /// Columns that are found constant leave `columns`.
    fn draw_cut(&mut self, index: usize, rows: &Range<usize>, columns: &mut Vec<u16>) -> bool {
        let first = self.grown.features.len();
        // Those behind `n_open` are drawn.
        let mut n_open = columns.len();
        while n_open > 0 && columns.len() - n_open < self.n_columns {
            let place = random::below(&mut self.rng, n_open as u32) as usize;
            let Some((mean, deviation)) = self.spread(columns[place], rows) else {
                // The last open one takes its place, the last drawn one the place of that.
                columns.swap(place, n_open - 1);
                columns.swap_remove(n_open - 1);
                n_open -= 1;
                continue;
            };
            self.grown.features.push(columns[place]);
            self.grown.weights.push(random::normal(&mut self.rng) / deviation);
            self.grown.centres.push(mean);
            n_open -= 1;
            columns.swap(place, n_open);
        }
        self.grown.first_terms[index] = first as u32;
        self.grown.n_terms[index] = (self.grown.features.len() - first) as u16;
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for place in rows.clone() {
            let sum = self.cut(index).sum(|feature| self.number(feature, self.rows[place]));
            least = least.min(sum);
            most = most.max(sum);
        }
        // Weights that are 0 or cancel out, which is next to impossible, leave a leaf.
        if least >= most || self.grown.features.len() == first {
            self.grown.features.truncate(first);
            self.grown.weights.truncate(first);
            self.grown.centres.truncate(first);
            self.grown.n_terms[index] = 0;
            return false;
        }
        let u = random::unit(&mut self.rng);
        // This form never overflows. In (least, most], so that both sides hold rows.
        let threshold = ((1.0 - u) * least + u * most).min(most);
        self.grown.thresholds[index] = if threshold > least { threshold } else { most };
        true
    }

    /// The mean and the standard deviation of a column's present cells in a node; `None` if they
    /// do not vary.
    fn spread(&self, feature: u16, rows: &Range<usize>) -> Option<(f64, f64)> {
        let column = &self.numbers[usize::from(feature) * self.n_rows..][..self.n_rows];
        let cells = || {
            let cells = self.rows[rows.clone()].iter().map(|&row| column[row as usize]);
            cells.filter(|number| !number.is_nan())
        };
        let first = cells().next()?;
        // Asked of the values: a mean that is rounded would give a constant column a tiny deviation.
        if cells().all(|number| number == first) {
            return None;
        }
        let n = cells().count() as f64;
        let mean = cells().sum::<f64>() / n;
        let variance = cells().map(|number| (number - mean) * (number - mean)).sum::<f64>() / n;
        Some((mean, variance.sqrt().max(SMALLEST)))
    }

    fn cut(&self, index: usize) -> Cut<'_> {
        let first = self.grown.first_terms[index] as usize;
        let terms = first..first + usize::from(self.grown.n_terms[index]);
        Cut {
            features: &self.grown.features[terms.clone()],
            weights: &self.grown.weights[terms.clone()],
            centres: &self.grown.centres[terms],
            threshold: self.grown.thresholds[index],
        }
    }

    /// Moves the rows of a node that go left before those that go right; returns where these
    /// begin.
    fn part(&mut self, index: usize, rows: &Range<usize>) -> usize {
        let (mut right, mut middle) = (Vec::new(), rows.start);
        for place in rows.clone() {
            let row = self.rows[place];
            if self.cut(index).goes_right(|feature| self.number(feature, row)) {
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
