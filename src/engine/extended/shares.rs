//! Sharing a step out among the columns of a cut.

use crate::forest::path::Grid;

/// Which way a row goes at a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

impl Side {
    /// Where the child on this side stands, given the left one.
    pub(super) fn child(self, left: u32) -> u32 {
        left + u32::from(self == Self::Right)
    }

    /// How far a column pushed a row to this side, negative if to the other.
    ///
    /// `term` is w · x, and `centre` w times the node's mean.
    pub(super) fn push(self, term: f64, centre: f64) -> f64 {
        if self == Self::Right { term - centre } else { centre - term }
    }
}

/// Puts in place of each column's push its part of a step on the grid: parts on the grid that add
/// up to it exactly.
///
/// Those that pushed to the side that was taken share the step by how far they did. Where none
/// pushed, as the node's mean goes there too, all count by how far they pushed away; where none
/// pushed at all, the first takes it.
#[inline]
pub(super) fn share_out(pushes: &mut [f64], step: f64, grid: Grid) {
    let mut sum: f64 = pushes.iter().map(|push| push.max(0.0)).sum();
    let is_pushed = sum > 0.0;
    for push in &mut *pushes {
        *push = if is_pushed { push.max(0.0) } else { push.abs() };
    }
    if !is_pushed {
        sum = pushes.iter().sum();
    }
    if sum == 0.0 {
        pushes[0] = step;
        return;
    }
    // The first of the largest takes what rounding leaves.
    let mut largest = 0;
    for term in 1..pushes.len() {
        if pushes[term] > pushes[largest] {
            largest = term;
        }
    }
    let mut rest = step;
    for (term, push) in pushes.iter_mut().enumerate() {
        if term != largest {
            *push = grid.near(*push / sum * step);
            rest -= *push;
        }
    }
    pushes[largest] = rest;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(mut pushes: Vec<f64>, step: f64) -> Vec<f64> {
        share_out(&mut pushes, step, Grid::new(100));
        pushes
    }

    #[test]
    fn columns_that_push_share_the_step() {
        assert_eq!(shared(vec![3.0, 1.0, -9.0], 2.0), [1.5, 0.5, 0.0]);
        assert_eq!(shared(vec![-3.0, -1.0, 9.0], -2.0), [0.0, 0.0, -2.0]);
    }

    #[test]
    fn where_none_pushes_distances_count_and_where_none_is_off_the_first_has_it() {
        assert_eq!(shared(vec![-1.0, -3.0], 2.0), [0.5, 1.5]);
        assert_eq!(shared(vec![0.0, 0.0], 2.0), [2.0, 0.0]);
    }

    #[test]
    fn rounded_shares_add_up_to_the_bit() {
        let step = Grid::new(100).snap(1.0 / 3.0);
        let shares = shared(vec![1.0, 1.1, 1.2], step);
        assert_eq!(shares.iter().sum::<f64>(), step);
        assert!(shares[2] > shares[1] && shares[1] > shares[0]);
    }
}
