//! The walk of rows that have all values: several side by side, without a branch.

use super::tree::Extended;
use crate::engine::forest::pass::LANES;

/// A node as the walk sees it: a cut of at most `K` terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step<const K: usize> {
    /// Terms that are not there have the weight 0 and read a cell that is 0.
    weights: [f64; K],
    threshold: f64,
    /// Where the left child stands among all nodes; a leaf leads to itself, as no sum reaches its
    /// threshold.
    left: u32,
    cells: [u16; K],
}

/// All nodes, by how many terms cuts have at most.
#[derive(Debug, Clone)]
pub(super) enum Steps {
    One(Vec<Step<1>>),
    Two(Vec<Step<2>>),
    Four(Vec<Step<4>>),
    /// Too many: rows walk one by one.
    Many,
}

impl Steps {
    pub(super) fn of(extended: &Extended) -> Self {
        match extended.n_terms.iter().max() {
            None | Some(0 | 1) => Self::One(steps(extended)),
            Some(2) => Self::Two(steps(extended)),
            Some(3 | 4) => Self::Four(steps(extended)),
            _ => Self::Many,
        }
    }

    /// Walks rows down the tree whose root is `root`, `height` steps, and adds the path at each
    /// row's leaf to its sum; returns whether it did.
    ///
    /// `cells` hold whole groups of [`LANES`] rows; there is a sum for each row, or for fewer.
    pub(super) fn walk(&self, tree: Walk<'_>, cells: &[f64], sums: &mut [f64]) -> bool {
        match self {
            Self::One(steps) => walk(steps, tree, cells, sums),
            Self::Two(steps) => walk(steps, tree, cells, sums),
            Self::Four(steps) => walk(steps, tree, cells, sums),
            Self::Many => return false,
        }
        true
    }
}

/// Where a walk begins and what is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'a> {
    /// Where the tree's root stands among all nodes.
    pub(super) root: u32,
    /// How many steps lead to every leaf.
    pub(super) height: u32,
    /// Cells of a row, the last of which is 0.
    pub(super) stride: usize,
    /// Per node of all trees, the path to expect there.
    pub(super) paths: &'a [f64],
}

fn steps<const K: usize>(extended: &Extended) -> Vec<Step<K>> {
    let spare = extended.n_features() as u16;
    let mut steps = Vec::with_capacity(extended.lefts.len());
    for tree in 0..extended.n_trees() {
        let nodes = extended.nodes(tree);
        for place in nodes.clone() {
            let cut = extended.cut_at(place);
            let mut step = Step {
                weights: [0.0; K],
                threshold: f64::INFINITY,
                left: place as u32,
                cells: [spare; K],
            };
            if extended.lefts[place] > 0 {
                step.threshold = cut.threshold;
                step.left = nodes.start as u32 + extended.lefts[place];
                step.weights[..cut.weights.len()].copy_from_slice(cut.weights);
                step.cells[..cut.features.len()].copy_from_slice(cut.features);
            }
            steps.push(step);
        }
    }
    steps
}

fn walk<const K: usize>(steps: &[Step<K>], tree: Walk<'_>, cells: &[f64], sums: &mut [f64]) {
    let groups = cells.chunks_exact(LANES * tree.stride);
    for (group, sums) in groups.zip(sums.chunks_mut(LANES)) {
        let rows: [&[f64]; LANES] =
            std::array::from_fn(|lane| &group[lane * tree.stride..][..tree.stride]);
        let mut at = [tree.root; LANES];
        for _ in 0..tree.height {
            for (at, row) in at.iter_mut().zip(rows) {
                let step = &steps[*at as usize];
                // The order of `Cut::sum`, and so its bits.
                let mut sum = 0.0;
                for (weight, &cell) in step.weights.iter().zip(&step.cells) {
                    sum += weight * row[usize::from(cell)];
                }
                *at = step.left + u32::from(sum >= step.threshold);
            }
        }
        for (sum, leaf) in sums.iter_mut().zip(at) {
            *sum += tree.paths[leaf as usize];
        }
    }
}
