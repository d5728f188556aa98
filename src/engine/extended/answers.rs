//! Scores, reasons and explanations of a batch of rows.

use super::{model::Model, places::Places};
use crate::forest::{
    Explanation, TopReasons,
    pass::{Batch, LANES},
    reasons, score,
};

impl Model {
    /// The scores of a batch's rows.
    pub(super) fn scores(&self, batch: &Batch) -> Vec<f64> {
        self.path_lengths(batch).map(|path| score(path, self.average_path)).collect()
    }

    /// The strongest features of a batch's rows.
    pub(super) fn reasons(&self, batch: &Batch) -> Vec<TopReasons> {
        let sums = self.step_sums(batch);
        let yardstick = self.average_path * self.extended.n_trees() as f64;
        let rows = sums.chunks_exact(self.stride()).take(batch.n_rows());
        rows.map(|sums| reasons::top(&sums[..self.missing().len()], yardstick)).collect()
    }

    /// Everything about a row.
    pub(super) fn explain(&self, codes: &[u16]) -> Explanation {
        assert_eq!(codes.len(), self.missing().len(), "a code per feature");
        let mut batch = Batch::incomplete(codes.len());
        batch.push(codes, 0);
        let path_length = self.path_lengths(&batch).next().expect("the batch holds a row");
        let step_sums = &self.step_sums(&batch)[..codes.len()];
        let n_trees = self.extended.n_trees() as f64;
        Explanation {
            score: score(path_length, self.average_path),
            path_length,
            expected_path: self.expected_path,
            average_path: self.average_path,
            steps: step_sums.iter().map(|sum| sum / n_trees).collect(),
        }
    }

    /// h of a batch's rows.
    fn path_lengths(&self, batch: &Batch) -> impl Iterator<Item = f64> {
        let mut sums = vec![0.0; batch.n_rows()];
        self.each_tree(batch, |tree, cells| {
            self.add_paths(tree, cells, batch.is_complete(), &mut sums);
        });
        let n_trees = self.extended.n_trees() as f64;
        sums.into_iter().map(move |sum| sum / n_trees)
    }

    /// Per row of a batch and feature the sum of the feature's steps over all trees, and one more
    /// cell a row that means nothing.
    fn step_sums(&self, batch: &Batch) -> Vec<f64> {
        let n_rows = batch.n_rows().next_multiple_of(LANES);
        let mut sums = vec![0.0; n_rows * self.stride()];
        self.each_tree(batch, |tree, cells| {
            self.add_moves(tree, cells, batch.is_complete(), &mut sums);
        });
        sums
    }

    /// Calls `visit` for each tree with the numbers of the batch's rows as that tree sees them:
    /// categories are replaced by their places in its order.
    fn each_tree(&self, batch: &Batch, mut visit: impl FnMut(usize, &[f64])) {
        let (extended, stride) = (&self.extended, self.stride());
        let codes = || batch.codes().chunks_exact(batch.stride());
        let mut cells = vec![0.0; batch.n_rows().next_multiple_of(LANES) * stride];
        for feature in 0..self.missing().len() {
            let numbers = extended.numbers.of_feature(feature);
            // Rows that only fill the last group may hold any code, of this or an earlier batch.
            if !numbers.is_empty() {
                let cells = cells[feature..].iter_mut().step_by(stride);
                for (cell, codes) in cells.zip(codes()) {
                    *cell = numbers[usize::from(codes[feature])];
                }
            }
        }
        let mut places = Places::default();
        for tree in 0..extended.n_trees() {
            for (place, &feature) in extended.unordered.iter().enumerate() {
                let feature = usize::from(feature);
                let categories = codes().map(|codes| codes[feature]);
                let cells = cells[feature..].iter_mut().step_by(stride);
                let order = extended.drawn_order(tree, place);
                places.write(order, self.missing()[feature], categories, cells);
            }
            visit(tree, &cells);
        }
    }
}
