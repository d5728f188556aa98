//! An extended forest made ready: what every node is worth.

use super::{
    kernel::{Steps, Walk},
    shares::Side,
    tree::{Cut, Extended},
};
use crate::engine::forest::{
    path::Grid,
    settle::{Averages, settle},
};

/// Tables of an extended forest, as scoring reads them.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) extended: Extended,
    steps: Steps,
    /// Per node v, the mean path of the sample rows that passed it, on the grid.
    pub(super) paths: Vec<f64>,
    /// Per node, its v less its parent's.
    pub(super) moves: Vec<f64>,
    /// How many steps lead to every leaf of a tree.
    heights: Vec<u32>,
    pub(super) grid: Grid,
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

    /// Adds to each complete row's sum its path in a tree.
    pub(super) fn add_paths(&self, tree: usize, cells: &[f64], sums: &mut [f64]) {
        let root = self.extended.starts[tree];
        let (height, stride) = (self.heights[tree], self.stride());
        let walk = Walk { root, height, stride, paths: &self.paths };
        if !self.steps.walk(walk, cells, sums) {
            for (sum, row) in sums.iter_mut().zip(cells.chunks_exact(stride)) {
                *sum += self.paths[self.descend(tree, row, |_, _, _| ())];
            }
        }
    }

    /// Walks one row, which may have gaps, down a tree; returns the place of its leaf among all
    /// nodes. `visit` hears of every step: the cut, the side, and the place of the child.
    pub(super) fn descend(
        &self,
        tree: usize,
        row: &[f64],
        mut visit: impl FnMut(Cut<'_>, Side, usize),
    ) -> usize {
        let start = self.extended.starts[tree] as usize;
        let mut place = start;
        while self.extended.lefts[place] > 0 {
            let cut = self.extended.cut_at(place);
            let left = start + self.extended.lefts[place] as usize;
            let (side, child) = if cut.goes_right(|feature| row[usize::from(feature)]) {
                (Side::Right, left + 1)
            } else {
                (Side::Left, left)
            };
            visit(cut, side, child);
            place = child;
        }
        place
    }
}
