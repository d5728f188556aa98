//! The forest in halves: how far a row's path hangs on which trees there are.

use std::array;

use super::{model::Model, pass::Batch};

/// How many half-forests there are.
pub const N_HALVES: usize = 10;

/// The mean path of a row in each half-forest, in steps of 2⁻²⁶ edges.
///
/// A path is below 2⁶ edges, so 32 bits hold it, and a half's rows can be kept sorted in half the
/// memory of their scores: the shorter the path, the odder the row. Rows whose paths differ by less
/// than a step count as equal; a step of the score would be coarser in as many bits.
pub type HalfPaths = [u32; N_HALVES];

/// Tenths that trees are dealt into.
const N_TENTHS: usize = 10;

/// The tenths of the first half; those of the h-th are each h further, in a circle.
///
/// Every tenth is in five halves, and two tenths share two of them, or three where they stand three
/// apart: pairs cannot be spread more evenly, as 45 of them have a hundred places.
const MEMBERS: [usize; 5] = [0, 1, 2, 4, 7];

/// Steps of a path.
const SCALE: f64 = (1_u32 << 26) as f64;

impl Model {
    /// The paths of a batch's rows in the half-forests.
    ///
    /// Tree t belongs to tenth t mod 10. Where there are n < 10 trees, tenth j is tree j mod n, and
    /// halves count some trees twice: none is empty, and all halves of a single tree are that tree.
    pub(super) fn half_paths(&self, batch: &Batch) -> Vec<HalfPaths> {
        let n_trees = self.forest.n_trees();
        let n_parts = n_trees.min(N_TENTHS);
        let sums = self.path_sums(batch, n_parts);
        let halves: [_; N_HALVES] = array::from_fn(|half| {
            let parts = MEMBERS.map(|tenth| (half + tenth) % N_TENTHS % n_parts);
            let n_trees: usize = parts.iter().map(|part| (n_trees - part).div_ceil(n_parts)).sum();
            (parts, n_trees as f64)
        });
        let paths = |row: usize| {
            halves.map(|(parts, n_trees)| {
                let sum: f64 = parts.iter().map(|&part| sums[part][row]).sum();
                (sum / n_trees * SCALE).round() as u32
            })
        };
        (0..batch.n_rows()).map(paths).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_spread_evenly_over_the_halves() {
        let is_in = |tenth: usize, half: usize| MEMBERS.contains(&((tenth + 10 - half) % N_TENTHS));
        let n_shared =
            |a, b| (0..N_HALVES).filter(|&half| is_in(a, half) && is_in(b, half)).count();
        for a in 0..N_TENTHS {
            assert_eq!(n_shared(a, a), 5);
            assert!((0..a).all(|b| (2..=3).contains(&n_shared(a, b))));
        }
        // No two halves are the same, nor is one what another leaves out.
        let members = |half| (0..N_TENTHS).map(|tenth| is_in(tenth, half)).collect::<Vec<_>>();
        for a in 0..N_HALVES {
            for b in 0..a {
                assert_ne!(members(a), members(b));
                assert!(members(a).iter().zip(members(b)).any(|(&a, b)| a == b));
            }
        }
    }
}
