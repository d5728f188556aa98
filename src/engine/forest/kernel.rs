//! The walk: blocks of rows down one tree, without a branch and without a bounds check.

use super::Node;

/// How many rows walk side by side: enough to hide the wait for each step's two loads.
pub(crate) const LANES: usize = 8;

/// The numbers of cells a row may be padded to.
///
/// Fixed strides, as windows below, let an index be masked instead of checked.
pub(super) const STRIDES: [usize; 7] = [32, 64, 128, 512, 2048, 8192, 65_536];

/// How many nodes a tree may have: with ψ up to 256, and at all. (ψ leaves have 2 ψ − 1 nodes.)
pub(super) const WINDOWS: [usize; 2] = [512, 131_072];

/// One tree as the walk sees it. The slices begin at its root and are at least as long as the
/// smallest window that holds it, whatever stands behind its last node.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) nodes: &'a [u64],
    /// Per node, the path to expect there.
    pub(super) paths: &'a [f64],
    /// Per node, how far the path moves on the step to it.
    pub(super) steps: &'a [f64],
    /// How many steps lead to every leaf.
    pub(super) height: u32,
}

/// What is gathered on the walk.
pub(super) enum Gather<'a> {
    /// Adds to each row's sum the path at its leaf.
    Paths(&'a mut [f64]),
    /// Adds every step to the sum of its row and cell.
    Steps(&'a mut [f64]),
}

/// Walks rows down a tree. `codes` hold rows of `stride` cells, a multiple of [`LANES`] of them.
pub(super) fn walk(tree: View<'_>, codes: &[u16], stride: usize, gather: &mut Gather<'_>) {
    let is_small = tree.nodes.len() < WINDOWS[1];
    match (stride, is_small) {
        (32, true) => walk_in::<32, 512>(tree, codes, gather),
        (64, true) => walk_in::<64, 512>(tree, codes, gather),
        (128, true) => walk_in::<128, 512>(tree, codes, gather),
        (512, true) => walk_in::<512, 512>(tree, codes, gather),
        (2048, true) => walk_in::<2048, 512>(tree, codes, gather),
        (8192, true) => walk_in::<8192, 512>(tree, codes, gather),
        (65_536, true) => walk_in::<65_536, 512>(tree, codes, gather),
        (32, false) => walk_in::<32, 131_072>(tree, codes, gather),
        (64, false) => walk_in::<64, 131_072>(tree, codes, gather),
        (128, false) => walk_in::<128, 131_072>(tree, codes, gather),
        (512, false) => walk_in::<512, 131_072>(tree, codes, gather),
        (2048, false) => walk_in::<2048, 131_072>(tree, codes, gather),
        (8192, false) => walk_in::<8192, 131_072>(tree, codes, gather),
        (65_536, false) => walk_in::<65_536, 131_072>(tree, codes, gather),
        _ => unreachable!("{stride} is none of the strides"),
    }
}

fn walk_in<const STRIDE: usize, const WINDOW: usize>(
    tree: View<'_>,
    codes: &[u16],
    gather: &mut Gather<'_>,
) {
    let nodes: &[u64; WINDOW] = tree.nodes.first_chunk().expect("a window of nodes");
    let (rows, []) = codes.as_chunks::<STRIDE>() else { panic!("a row is cut off") };
    let (groups, []) = rows.as_chunks::<LANES>() else { panic!("a group of rows is not full") };
    match gather {
        Gather::Paths(sums) => {
            let paths: &[f64; WINDOW] = tree.paths.first_chunk().expect("a window of paths");
            for (group, sums) in groups.iter().zip(sums.as_chunks_mut::<LANES>().0) {
                let leaves = descend(nodes, group, tree.height, &mut Nothing);
                for (sum, leaf) in sums.iter_mut().zip(leaves) {
                    *sum += paths[leaf as usize & (WINDOW - 1)];
                }
            }
        }
        Gather::Steps(sums) => {
            let steps: &[f64; WINDOW] = tree.steps.first_chunk().expect("a window of steps");
            let sums = sums.as_chunks_mut::<STRIDE>().0.as_chunks_mut::<LANES>().0;
            for (group, sums) in groups.iter().zip(sums) {
                descend(nodes, group, tree.height, &mut Steps { sums, steps });
            }
        }
    }
}

/// Hears of every step of a walk.
///
/// A trait and not a closure: what is done at every step must be inlined whatever it takes, also in
/// code that is built to be small.
trait Visit {
    fn visit(&mut self, lane: usize, cell: usize, child: u32);
}

/// Does nothing on the way.
struct Nothing;

impl Visit for Nothing {
    #[inline(always)]
    fn visit(&mut self, _: usize, _: usize, _: u32) {}
}

/// Adds each step to the sum of its row and cell.
struct Steps<'a, const STRIDE: usize, const WINDOW: usize> {
    sums: &'a mut [[f64; STRIDE]; LANES],
    steps: &'a [f64; WINDOW],
}

#[expect(clippy::inline_always, reason = "it is all that happens at a step, eight rows at once")]
impl<const STRIDE: usize, const WINDOW: usize> Visit for Steps<'_, STRIDE, WINDOW> {
    #[inline(always)]
    fn visit(&mut self, lane: usize, cell: usize, child: u32) {
        // At a leaf this adds to the spare cell beyond the last feature.
        self.sums[lane][cell & (STRIDE - 1)] += self.steps[child as usize & (WINDOW - 1)];
    }
}

/// Walks a group of rows from the root to their leaves.
#[expect(clippy::inline_always, reason = "`visit` must cost nothing where it does nothing")]
#[inline(always)]
fn descend<const STRIDE: usize, const WINDOW: usize>(
    nodes: &[u64; WINDOW],
    rows: &[[u16; STRIDE]; LANES],
    height: u32,
    visit: &mut impl Visit,
) -> [u32; LANES] {
    let mut at = [0_u32; LANES];
    // Not a loop over lanes: with lanes known, the places of all rows stay in registers.
    macro_rules! step {
        ($($lane:literal)*) => {$({
            let node = Node(nodes[at[$lane] as usize & (WINDOW - 1)]);
            let cell = usize::from(node.cell());
            at[$lane] = node.child(rows[$lane][cell & (STRIDE - 1)]);
            visit.visit($lane, cell, at[$lane]);
        })*};
    }
    for _ in 0..height {
        step!(0 1 2 3 4 5 6 7);
    }
    at
}
