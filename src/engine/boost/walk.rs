//! Trees laid out for walking: complete, so every row takes as many steps and none is a branch.

use super::{Model, Sides, Test, Tree};
use crate::matrix::Codes;

/// The trees of a model, made ready.
#[derive(Debug, Clone)]
pub(super) struct Walk {
    trees: Vec<Complete>,
    /// All sets of categories, a bit per code; the first word is 0.
    sets: Vec<u64>,
    /// The features that are asked for, as cells of a row have them.
    used: Vec<u32>,
    n_votes: usize,
    /// As they were trained, less what is muted.
    credits: Vec<(Tree, Vec<bool>)>,
}

/// A tree in which all leaves are equally deep.
#[derive(Debug, Clone)]
struct Complete {
    height: u32,
    /// Level after level: the children of node `i` are `2i + 1` and `2i + 2`.
    nodes: Vec<Packed>,
    /// The votes of the leaves, from left to right.
    votes: Vec<i64>,
}

/// A test as the walk reads it.
///
/// A code goes right if it is at least `cut` and not `lost`, or if its bit is set. Cuts read the word
/// 0, which has no bit set; for sets no code is as high as `cut`.
#[derive(Debug, Clone, Copy)]
struct Packed {
    cell: u16,
    cut: u16,
    lost: u16,
    /// All bits for sets, none for cuts.
    mask: u16,
    set: u32,
}

/// A code that no row has.
const NEVER: u16 = u16::MAX;
/// Rows that are gathered at once, and stay in the nearest cache while all trees pass over them.
const BLOCK: usize = 256;
/// Rows that are walked side by side: while one waits for its next node, others have theirs.
const LANES: usize = 8;

impl Walk {
    /// Lays out the trees of a model without what some features add.
    pub(super) fn new(model: &Model, muted: &[u32]) -> Self {
        let n_votes = model.n_votes();
        let used = model.used();
        let mut walk =
            Self { trees: Vec::new(), sets: vec![0], used, n_votes, credits: Vec::new() };
        for round in &model.rounds {
            let is_muted =
                round.tree.splits.iter().map(|split| muted.contains(&split.test.feature)).collect();
            let credit = (round.tree.clone(), is_muted);
            let complete = walk.complete(&credit);
            walk.trees.push(complete);
            walk.credits.push(credit);
        }
        walk
    }

    fn complete(&mut self, credit: &(Tree, Vec<bool>)) -> Complete {
        let (tree, _) = credit;
        let mut depths = vec![0; tree.n_nodes()];
        let mut split_of = vec![None; tree.n_nodes()];
        for (index, split) in tree.splits.iter().enumerate() {
            let depth = depths[split.node as usize] + 1;
            depths[2 * index + 1..][..2].fill(depth);
            split_of[split.node as usize] = Some(index);
        }
        let height: u32 = depths.into_iter().max().unwrap_or(0);
        let n_inner = (1_usize << height) - 1;
        let nothing = Packed { cell: 0, cut: NEVER, lost: NEVER, mask: 0, set: 0 };
        let mut nodes = vec![nothing; n_inner];
        let mut votes = Vec::new();
        // Below a leaf there are copies of it.
        let mut original = vec![0_usize; 2 * n_inner + 1];
        for place in 0..=2 * n_inner {
            let node = original[place];
            let children = match split_of[node] {
                Some(index) if place < n_inner => {
                    nodes[place] = self.packed(&tree.splits[index].test);
                    [2 * index + 1, 2 * index + 2]
                }
                _ => [node; 2],
            };
            if place < n_inner {
                original[2 * place + 1..][..2].copy_from_slice(&children);
            } else {
                votes.extend(leaf_votes(credit, node, self.n_votes));
            }
        }
        Complete { height, nodes, votes }
    }

    fn packed(&mut self, test: &Test) -> Packed {
        let cell = self.used.binary_search(&test.feature).expect("its feature is used") as u16;
        match &test.sides {
            Sides::Cut { cut, lost } => {
                Packed { cell, cut: *cut, lost: lost.unwrap_or(NEVER), mask: 0, set: 0 }
            }
            Sides::Set(bits) => {
                let set = self.sets.len() as u32;
                self.sets.extend(&bits.0);
                Packed { cell, cut: NEVER, lost: NEVER, mask: NEVER, set }
            }
        }
    }

    /// Writes the votes of some rows.
    pub(super) fn scores(&self, columns: &[Codes<'_>], sums: &mut [i64]) {
        sums.fill(0);
        let stride = self.used.len();
        let mut cells = vec![0; BLOCK * stride];
        for (block, sums) in sums.chunks_mut(BLOCK * self.n_votes).enumerate() {
            let n_rows = sums.len() / self.n_votes;
            let first = block * BLOCK;
            for (cell, &feature) in self.used.iter().enumerate() {
                let codes = columns[feature as usize].slice(first..first + n_rows);
                let cells = cells[cell..].iter_mut().step_by(stride);
                for (row, cell) in cells.take(n_rows).enumerate() {
                    *cell = codes.get(row);
                }
            }
            for tree in &self.trees {
                let lanes = cells.chunks(LANES * stride).zip(sums.chunks_mut(LANES * self.n_votes));
                for (cells, sums) in lanes {
                    let leaves = self.leaves(tree, cells, stride);
                    for (sums, leaf) in sums.chunks_mut(self.n_votes).zip(leaves) {
                        let votes = &tree.votes[leaf * self.n_votes..][..self.n_votes];
                        for (sum, vote) in sums.iter_mut().zip(votes) {
                            *sum += vote;
                        }
                    }
                }
            }
        }
    }

    /// The leaves of some rows, counted from the left.
    fn leaves(&self, tree: &Complete, cells: &[u16], stride: usize) -> [usize; LANES] {
        let mut places = [0; LANES];
        for _ in 0..tree.height {
            for (place, row) in places.iter_mut().zip(cells.chunks_exact(stride)) {
                let node = tree.nodes[*place];
                let code = row[usize::from(node.cell)];
                let word = self.sets[node.set as usize + usize::from((code & node.mask) >> 6)];
                let is_above = usize::from(code >= node.cut) & usize::from(code != node.lost);
                *place = 2 * *place + 1 + (is_above | (word >> (code & 63) & 1) as usize);
            }
        }
        places.map(|place| place - tree.nodes.len())
    }

    /// Adds what each feature changes on a row's way through all trees.
    pub(super) fn credit(&self, codes: &[u16], by_feature: &mut [i64]) {
        let n_votes = self.n_votes;
        for (tree, is_muted) in &self.credits {
            let mut before = 0;
            for (node, feature) in tree.path(|feature| codes[feature as usize]) {
                if !is_muted[(node as usize - 1) / 2] {
                    for vote in 0..n_votes {
                        by_feature[feature as usize * n_votes + vote] += tree.votes
                            [node as usize * n_votes + vote]
                            - tree.votes[before * n_votes + vote];
                    }
                }
                before = node as usize;
            }
        }
    }
}

/// The votes of a leaf without what muted features changed on the way there.
fn leaf_votes((tree, is_muted): &(Tree, Vec<bool>), leaf: usize, n_votes: usize) -> Vec<i64> {
    let mut votes = tree.votes[leaf * n_votes..][..n_votes].to_vec();
    let mut node = leaf;
    while node != 0 {
        let split = (node - 1) / 2;
        let parent = tree.splits[split].node as usize;
        if is_muted[split] {
            for (place, vote) in votes.iter_mut().enumerate() {
                *vote -= tree.votes[node * n_votes + place] - tree.votes[parent * n_votes + place];
            }
        }
        node = parent;
    }
    votes
}
