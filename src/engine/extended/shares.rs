//! Sharing a step out among the columns of a cut.

use super::tree::Cut;
use crate::engine::forest::path::Grid;

/// Which way a row goes at a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// How much each column of a cut pushed a row to the side it took.
#[derive(Debug, Default)]
pub(super) struct Shares {
    /// Per term, not negative.
    pushes: Vec<f64>,
    shares: Vec<f64>,
}

impl Shares {
    /// Takes the pushes of a row: wⱼ · (xⱼ − centre), where it has the sign of the side.
    ///
    /// A row that goes with the node's mean may be pushed by no column; then the one nearest to
    /// pushing it away did most, as all but that held it: distances from the mean count. A missing
    /// value does not push.
    pub(super) fn set(&mut self, cut: Cut<'_>, side: Side, row: &[f64]) {
        let terms = cut.features.iter().zip(cut.weights).zip(cut.centres);
        let pushes = terms.map(|((&feature, weight), centre)| {
            let number = row[usize::from(feature)];
            let push = if number.is_nan() { 0.0 } else { weight * (number - centre) };
            if side == Side::Right { push } else { -push }
        });
        self.pushes.clear();
        self.pushes.extend(pushes);
        let is_pushed = self.pushes.iter().any(|&push| push > 0.0);
        for push in &mut self.pushes {
            *push = if is_pushed { push.max(0.0) } else { push.abs() };
        }
    }

    /// Shares a step on the grid out, per term: parts on the grid that add up to it exactly.
    pub(super) fn of(&mut self, step: f64, grid: Grid) -> &[f64] {
        let sum: f64 = self.pushes.iter().sum();
        let n_terms = self.pushes.len() as f64;
        let share = |&push: &f64| {
            let share = if sum > 0.0 { push / sum } else { 1.0 / n_terms };
            grid.snap(step * share)
        };
        self.shares.clear();
        self.shares.extend(self.pushes.iter().map(share));
        // The first of the largest takes what rounding left.
        let largest = (1..self.pushes.len()).fold(0, |largest, term| {
            if self.pushes[term] > self.pushes[largest] { term } else { largest }
        });
        let others = self.shares.iter().enumerate().filter(|&(term, _)| term != largest);
        let rest = others.fold(step, |rest, (_, share)| rest - share);
        self.shares[largest] = rest;
        &self.shares
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(weights: &[f64], side: Side, row: &[f64], step: f64) -> Vec<f64> {
        let features: Vec<u16> = (0..).take(weights.len()).collect();
        let centres = vec![0.0; weights.len()];
        let cut = Cut { features: &features, weights, centres: &centres, threshold: 0.0 };
        let mut shares = Shares::default();
        shares.set(cut, side, row);
        shares.of(step, Grid::new(100)).to_vec()
    }

    #[test]
    fn columns_that_push_share_the_step() {
        let weights = [1.0, -2.0, 1.0];
        assert_eq!(shares(&weights, Side::Right, &[3.0, -0.5, -9.0], 2.0), [1.5, 0.5, 0.0]);
        assert_eq!(shares(&weights, Side::Left, &[3.0, -0.5, -9.0], 2.0), [0.0, 0.0, 2.0]);
    }

    #[test]
    fn where_none_pushes_distances_count_and_where_none_is_off_all_share_alike() {
        assert_eq!(shares(&[1.0, 1.0], Side::Left, &[1.0, 3.0], 2.0), [0.5, 1.5]);
        assert_eq!(shares(&[1.0, 1.0], Side::Left, &[f64::NAN, 0.0], 2.0), [1.0, 1.0]);
    }

    #[test]
    fn rounded_shares_add_up_to_the_bit() {
        let step = Grid::new(100).snap(1.0 / 3.0);
        let shares = shares(&[1.0, 1.0, 1.0], Side::Right, &[1.0, 1.1, 1.2], step);
        assert_eq!(shares.iter().sum::<f64>(), step);
        assert!(shares[2] > shares[1] && shares[1] > shares[0]);
    }
}
