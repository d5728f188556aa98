//! An extended forest made ready: what every node is worth.

use super::{
    kernel::{Gather, Steps, Walk},
    shares::{Side, share_out},
    tree::{Cut, Extended},
};
use crate::forest::{
    path::Grid,
    settle::{Averages, settle},
};

/// Tables of an extended forest, as scoring reads them.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) extended: Extended,
    steps: Steps,
    /// Per node v, the mean path of the sample rows that passed it, on the grid.
    paths: Vec<f64>,
    /// Per node, its v less its parent's.
    moves: Vec<f64>,
    /// How many steps lead to every leaf of a tree.
    heights: Vec<u32>,
    grid: Grid,
    /// c(ψ), on the grid.
    pub(super) average_path: f64,
    /// The mean v of the roots.
    pub(super) expected_path: f64,
}

impl Model {
    pub(super) fn new(extended: &Extended) -> Self {
        let grid = Grid::new(extended.params.n_trees);
        let mut averages = Averages::default();
        let average_path = grid.snap(averages.of(extended.params.sample_size));
        let (mut paths, mut moves, mut heights) = (Vec::new(), Vec::new(), Vec::new());
        let mut sum_of_roots = 0.0;
        for nodes in (0..extended.n_trees()).map(|tree| extended.nodes(tree)) {
            let lefts = &extended.lefts[nodes.clone()];
            let children: Vec<_> =
                lefts.iter().map(|&left| (left > 0).then_some(left as usize)).collect();
            let settled = settle(&children, &extended.n_rows[nodes], grid, &mut averages);
            sum_of_roots += settled.paths[0];
            paths.extend(settled.paths);
            moves.extend(settled.steps);
            heights.push(settled.height);
        }
        Self {
            steps: Steps::of(extended),
            extended: extended.clone(),
            paths,
            moves,
            heights,
            grid,
            average_path,
            expected_path: sum_of_roots / extended.n_trees() as f64,
        }
    }

    /// Each feature's code for missing values.
    pub(super) fn missing(&self) -> &[u16] {
        self.extended.numbers.missing()
    }

    /// Cells of a row: one per feature, and a spare one that is 0.
    pub(super) fn stride(&self) -> usize {
        self.missing().len() + 1
    }

    /// Adds to each row's sum its path in a tree; rows that have all values walk faster.
    pub(super) fn add_paths(
        &self,
        tree: usize,
        cells: &[f64],
        is_complete: bool,
        sums: &mut [f64],
    ) {
        let gather = Gather::Paths { paths: &self.paths, sums: &mut *sums };
        if !is_complete || !self.steps.walk(self.walk(tree, cells), gather) {
            for (sum, row) in sums.iter_mut().zip(cells.chunks_exact(self.stride())) {
                *sum += self.paths[self.descend(tree, row, |_, _, _| ())];
            }
        }
    }

    /// Adds to the sum of each row and cell its feature's steps in a tree.
    pub(super) fn add_moves(
        &self,
        tree: usize,
        cells: &[f64],
        is_complete: bool,
        sums: &mut [f64],
    ) {
        let (stride, grid) = (self.stride(), self.grid);
        let gather = Gather::Moves { moves: &self.moves, grid, sums: &mut *sums };
        if is_complete && self.steps.walk(self.walk(tree, cells), gather) {
            return;
        }
        let mut pushes = Vec::new();
        for (sums, row) in sums.chunks_exact_mut(stride).zip(cells.chunks_exact(stride)) {
            self.descend(tree, row, |cut, side, child| {
                let terms = cut.features.iter().zip(cut.weights).zip(cut.centres);
                pushes.clear();
                pushes.extend(terms.map(|((&feature, weight), centre)| {
                    let number = row[usize::from(feature)];
                    let number = if number.is_nan() { *centre } else { number };
                    side.push(weight * number, weight * centre)
                }));
                share_out(&mut pushes, self.moves[child], grid);
                for (&feature, push) in cut.features.iter().zip(&pushes) {
                    sums[usize::from(feature)] += push;
                }
            });
        }
    }

    fn walk<'a>(&self, tree: usize, cells: &'a [f64]) -> Walk<'a> {
        let (root, height) = (self.extended.starts[tree], self.heights[tree]);
        Walk { root, height, cells, stride: self.stride() }
    }

    /// Walks one row, which may have gaps, down a tree; returns the place of its leaf among all
    /// nodes. `visit` hears of every step: the cut, the side, and the place of the child.
    fn descend(
        &self,
        tree: usize,
        row: &[f64],
        mut visit: impl FnMut(Cut<'_>, Side, usize),
    ) -> usize {
        let start = self.extended.starts[tree] as usize;
        let mut place = start;
        while self.extended.lefts[place] > 0 {
            let cut = self.extended.cut_at(place);
            let goes_right = cut.goes_right(|feature| row[usize::from(feature)]);
            let side = if goes_right { Side::Right } else { Side::Left };
            let child = start + side.child(self.extended.lefts[place]) as usize;
            visit(cut, side, child);
            place = child;
        }
        place
    }
}
