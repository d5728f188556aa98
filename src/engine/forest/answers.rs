//! Scores, reasons and explanations of a batch of rows.

use std::{borrow::Cow, mem};

use super::{
    Explanation, Node, TopReasons,
    kernel::{Gather, View, walk},
    model::Model,
    pass::Batch,
    ranks::Ranks,
    reasons, score,
};

impl Model {
    /// The scores of a batch's rows.
    pub(super) fn scores(&self, batch: &Batch) -> Vec<f64> {
        self.paths(batch).map(|path| score(path, self.average_path)).collect()
    }

    /// The strongest features of a batch's rows.
    pub(super) fn reasons(&self, batch: &Batch) -> Vec<TopReasons> {
        let n_features = self.missing().len();
        let sums = self.step_sums(batch);
        let rows = sums.chunks_exact(self.stride).take(batch.n_rows());
        let yardstick = self.average_path * self.forest.n_trees() as f64;
        rows.map(|sums| reasons::top(&sums[..n_features], yardstick)).collect()
    }

    /// Everything about a row.
    pub(super) fn explain(&self, codes: &[u16]) -> Explanation {
        assert_eq!(codes.len(), self.missing().len(), "a code per feature");
        let mut batch = Batch::incomplete(self.stride);
        batch.push(codes, 0);
        let path_length = self.paths(&batch).next().expect("the batch holds a row");
        let step_sums = &self.step_sums(&batch)[..codes.len()];
        Explanation {
            score: score(path_length, self.average_path),
            path_length,
            expected_path: self.expected_path,
            average_path: self.average_path,
            steps: step_sums.iter().map(|sum| sum / self.forest.n_trees() as f64).collect(),
        }
    }

    /// h of a batch's rows.
    fn paths(&self, batch: &Batch) -> impl Iterator<Item = f64> {
        let [sums] = &mut self.path_sums(batch, 1)[..] else { unreachable!("it is one part") };
        let n_trees = self.forest.n_trees() as f64;
        mem::take(sums).into_iter().map(move |sum| sum / n_trees)
    }

    /// The sums of the paths of a batch's rows, part by part of the trees: tree t is dealt to part
    /// t mod `n_parts`.
    pub(super) fn path_sums(&self, batch: &Batch, n_parts: usize) -> Vec<Vec<f64>> {
        let mut parts = vec![vec![0.0; batch.codes().len() / self.stride]; n_parts];
        self.each_tree(batch, |tree, codes| {
            let sums = &mut parts[tree % n_parts];
            if batch.is_complete() {
                walk(self.view(tree), codes, self.stride, &mut Gather::Paths(sums));
                return;
            }
            // Rows beyond the batch only fill the last group of the walk.
            let rows = codes.chunks_exact(self.stride).take(batch.n_rows());
            for (sum, row) in sums.iter_mut().zip(rows) {
                *sum += self.weighted(tree, 0, 1.0, row, &mut |_, _, _| ());
            }
        });
        for sums in &mut parts {
            sums.truncate(batch.n_rows());
        }
        parts
    }

    /// Per row of a batch and feature, in the row's first cells, the sum of the feature's steps
    /// over all trees.
    fn step_sums(&self, batch: &Batch) -> Vec<f64> {
        let mut sums = vec![0.0; batch.codes().len()];
        self.each_tree(batch, |tree, codes| {
            if batch.is_complete() {
                walk(self.view(tree), codes, self.stride, &mut Gather::Steps(&mut sums));
                return;
            }
            let rows = codes.chunks_exact(self.stride).take(batch.n_rows());
            for (sums, row) in sums.chunks_exact_mut(self.stride).zip(rows) {
                let steps = self.view(tree).steps;
                self.weighted(tree, 0, 1.0, row, &mut |cell, child, weight| {
                    sums[cell] += weight * steps[child as usize];
                });
            }
        });
        let n_features = self.missing().len();
        for row in sums.chunks_exact_mut(self.stride) {
            for (cell, &owner) in self.owners.iter().enumerate().skip(n_features) {
                row[owner] += row[cell];
            }
        }
        sums
    }

    /// Per row of a batch the leaves that it reaches, as places among all nodes, with the share of
    /// the row that does; without those of trees that are a leaf.
    pub(super) fn leaves(&self, batch: &Batch) -> Vec<Vec<(usize, f64)>> {
        let mut leaves = vec![Vec::new(); batch.n_rows()];
        self.each_tree(batch, |tree, codes| {
            let (start, nodes) = (self.forest.starts[tree] as usize, self.view(tree).nodes);
            for (leaves, row) in leaves.iter_mut().zip(codes.chunks_exact(self.stride)) {
                self.weighted(tree, 0, 1.0, row, &mut |_, child, weight| {
                    if Node(nodes[child as usize]).is_leaf() {
                        leaves.push((start + child as usize, weight));
                    }
                });
            }
        });
        leaves
    }

    /// Calls `visit` for each tree with the batch's rows as that tree sees them: categories are
    /// replaced by their ranks in its order.
    pub(super) fn each_tree(&self, batch: &Batch, mut visit: impl FnMut(usize, &[u16])) {
        let mut codes = Cow::Borrowed(batch.codes());
        // Per unordered feature its pair of cells, and the batch's categories.
        let pairs = self.owners.iter().enumerate().skip(self.missing().len());
        let unordered: Vec<([usize; 2], Vec<u16>)> = pairs
            .map(|(cell, &feature)| {
                let rows = codes.chunks_exact(self.stride);
                ([feature, cell], rows.map(|row| row[feature]).collect())
            })
            .collect();
        let mut ranks = Ranks::default();
        for tree in 0..self.forest.n_trees() {
            for (place, (cells, categories)) in unordered.iter().enumerate() {
                let order = self.forest.drawn_order(tree, place);
                if order.is_empty() {
                    continue;
                }
                let missing = self.missing()[cells[0]];
                let rows = codes.to_mut().chunks_exact_mut(self.stride);
                ranks.write(order, missing, categories, rows, *cells);
            }
            visit(tree, &codes);
        }
    }

    /// Returns the mean path below a node of a row that takes a cut of a missing value both ways,
    /// times `weight`; `visit` hears of every step: the cell that was cut, where it led, and the
    /// weight of it.
    ///
    /// Both ways are weighted by the sample rows that went there, so that such a cut moves the
    /// expected path by nothing: only a cut that parts missing from present makes a missing value
    /// a cause.
    fn weighted(
        &self,
        tree: usize,
        index: u32,
        weight: f64,
        row: &[u16],
        visit: &mut impl FnMut(usize, u32, f64),
    ) -> f64 {
        let View { nodes, paths, .. } = self.view(tree);
        let mut index = index;
        loop {
            let node = Node(nodes[index as usize]);
            if node.is_leaf() {
                return weight * paths[index as usize];
            }
            let cell = usize::from(node.cell());
            let code = row[cell];
            if code == self.missing()[self.owners[cell]] && node.cut() != code {
                let start = self.forest.starts[tree];
                let n_rows = |index| f64::from(self.forest.n_rows[(start + index) as usize]);
                let mut sum = 0.0;
                for child in [node.left(), node.left() + 1] {
                    let weight = weight * n_rows(child) / n_rows(index);
                    visit(cell, child, weight);
                    sum += self.weighted(tree, child, weight, row, visit);
                }
                return sum;
            }
            index = node.child(code);
            visit(cell, index, weight);
        }
    }
}
