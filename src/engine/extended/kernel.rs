//! The walk of rows that have all values: several side by side, without a branch.

use super::{
    shares::{Side, share_out},
    tree::Extended,
};
use crate::forest::{pass::LANES, path::Grid};

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
    One(Nodes<1>),
    Two(Nodes<2>),
    Four(Nodes<4>),
    /// Too many: rows walk one by one.
    Many,
}

#[derive(Debug, Clone)]
pub(super) struct Nodes<const K: usize> {
    steps: Vec<Step<K>>,
    /// Per node and term, the weight times the node's mean.
    centres: Vec<[f64; K]>,
}

/// Where a walk begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk<'a> {
    /// Where the tree's root stands among all nodes.
    pub(super) root: u32,
    /// How many steps lead to every leaf.
    pub(super) height: u32,
    /// Whole groups of [`LANES`] rows.
    pub(super) cells: &'a [f64],
    /// Cells of a row, the last of which is 0.
    pub(super) stride: usize,
}

/// What is gathered on the walk.
pub(super) enum Gather<'a> {
    /// Adds to each row's sum the path at its leaf: `paths` are those of all nodes.
    Paths { paths: &'a [f64], sums: &'a mut [f64] },
    /// Adds each feature's part of every step to the sum of its row and cell: `moves` are how far
    /// the path moves on the step to each of all nodes. The last cell of a row holds no sum.
    Moves { moves: &'a [f64], grid: Grid, sums: &'a mut [f64] },
}

impl Steps {
    pub(super) fn of(extended: &Extended) -> Self {
        match extended.n_terms.iter().max() {
            None | Some(0 | 1) => Self::One(Nodes::of(extended)),
            Some(2) => Self::Two(Nodes::of(extended)),
            Some(3 | 4) => Self::Four(Nodes::of(extended)),
            _ => Self::Many,
        }
    }

    /// Walks rows down a tree; returns whether it did, as there are not too many terms.
    pub(super) fn walk(&self, walk: Walk<'_>, gather: Gather<'_>) -> bool {
        match self {
            Self::One(nodes) => nodes.walk(walk, gather),
            Self::Two(nodes) => nodes.walk(walk, gather),
            Self::Four(nodes) => nodes.walk(walk, gather),
            Self::Many => return false,
        }
        true
    }
}

impl<const K: usize> Nodes<K> {
    fn of(extended: &Extended) -> Self {
        let spare = extended.n_features() as u16;
        let n_nodes = extended.lefts.len();
        let mut nodes =
            Self { steps: Vec::with_capacity(n_nodes), centres: Vec::with_capacity(n_nodes) };
        for places in (0..extended.n_trees()).map(|tree| extended.nodes(tree)) {
            for place in places.clone() {
                let mut step = Step {
                    weights: [0.0; K],
                    threshold: f64::INFINITY,
                    left: place as u32,
                    cells: [spare; K],
                };
                let mut centres = [0.0; K];
                if extended.lefts[place] > 0 {
                    let cut = extended.cut_at(place);
                    step.threshold = cut.threshold;
                    step.left = places.start as u32 + extended.lefts[place];
                    step.weights[..cut.weights.len()].copy_from_slice(cut.weights);
                    step.cells[..cut.features.len()].copy_from_slice(cut.features);
                    let products = cut.weights.iter().zip(cut.centres).map(|(w, mean)| w * mean);
                    for (centre, product) in centres.iter_mut().zip(products) {
                        *centre = product;
                    }
                }
                nodes.steps.push(step);
                nodes.centres.push(centres);
            }
        }
        nodes
    }

    fn walk(&self, walk: Walk<'_>, gather: Gather<'_>) {
        let group_size = LANES * walk.stride;
        let groups = walk.cells.chunks_exact(group_size);
        match gather {
            Gather::Paths { paths, sums } => {
                for (group, sums) in groups.zip(sums.chunks_mut(LANES)) {
                    let leaves = self.descend(walk, group, |_, _, _, _, _| ());
                    for (sum, leaf) in sums.iter_mut().zip(leaves) {
                        *sum += paths[leaf as usize];
                    }
                }
            }
            Gather::Moves { moves, grid, sums } => {
                for (group, sums) in groups.zip(sums.chunks_exact_mut(group_size)) {
                    self.descend(walk, group, |lane, place, side, child, terms| {
                        let mut pushes = [0.0; K];
                        let centres = &self.centres[place as usize];
                        for ((push, term), &centre) in pushes.iter_mut().zip(terms).zip(centres) {
                            *push = side.push(term, centre);
                        }
                        share_out(&mut pushes, moves[child as usize], grid);
                        let sums = &mut sums[lane * walk.stride..][..walk.stride];
                        // At a leaf this adds to the spare cell.
                        let cells = self.steps[place as usize].cells;
                        for (push, cell) in pushes.into_iter().zip(cells) {
                            sums[usize::from(cell)] += push;
                        }
                    });
                }
            }
        }
    }

    /// Walks a group of rows from the root to their leaves; `visit` hears of lane, place, side,
    /// child and terms at every step.
    #[expect(clippy::inline_always, reason = "`visit` must cost nothing where it does nothing")]
    #[inline(always)]
    fn descend(
        &self,
        walk: Walk<'_>,
        group: &[f64],
        mut visit: impl FnMut(usize, u32, Side, u32, [f64; K]),
    ) -> [u32; LANES] {
        let rows: [&[f64]; LANES] =
            std::array::from_fn(|lane| &group[lane * walk.stride..][..walk.stride]);
        let mut at = [walk.root; LANES];
        for _ in 0..walk.height {
            for lane in 0..LANES {
                let step = &self.steps[at[lane] as usize];
                let mut terms = [0.0; K];
                // The order of `Cut::sum`, and so its bits.
                let mut sum = 0.0;
                for ((term, weight), &cell) in terms.iter_mut().zip(step.weights).zip(&step.cells) {
                    *term = weight * rows[lane][usize::from(cell)];
                    sum += *term;
                }
                let side = if sum >= step.threshold { Side::Right } else { Side::Left };
                let child = side.child(step.left);
                visit(lane, at[lane], side, child, terms);
                at[lane] = child;
            }
        }
        at
    }
}
