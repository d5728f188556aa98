//! The yardstick: path lengths to expect, and the score.

/// Returns c(`n`), the path length to expect when isolating one row among `n`.
///
/// It is the mean depth of a failed search in a random binary search tree, and the yardstick of
/// the score: a row whose mean path is c(ψ) scores exactly ½. The harmonic number is summed, not
/// approximated: `ln(n − 1) + γ` would be 28 % short at `n = 3`, and small leaves are many.
///
/// `n` counts rows, the result edges: 0 for `n ≤ 1`, 1 for two rows, then rising like 2 ln `n`.
/// Takes O(`n`) time; a forest tabulates c once.
///
/// # Examples
///
/// ```
/// use isoscope_engine::forest::average_path_length;
///
/// assert_eq!(average_path_length(2), 1.0);
/// assert!((average_path_length(3) - 5.0 / 3.0).abs() < 1e-15);
/// ```
///
/// # References
///
/// F. T. Liu, K. M. Ting, Z.-H. Zhou, *Isolation Forest*, ICDM 2008, eq. 1.
pub fn average_path_length(n: u32) -> f64 {
    if n < 2 {
        return 0.0;
    }
    // Small terms first: the most exact order, and the same one everywhere.
    let harmonic: f64 = (1..n).rev().map(|i| 1.0 / f64::from(i)).sum();
    2.0 * (harmonic - f64::from(n - 1) / f64::from(n))
}

/// Returns s, how odd a row with the mean path `path_length` is, in (0, 1]; high is odd.
///
/// `average_path` is c(ψ) of the ψ that was drawn. Where it is 0, on samples of a single row,
/// nothing was compared with anything, and every row scores one half.
///
/// # Examples
///
/// ```
/// use isoscope_engine::forest::{average_path_length, score};
///
/// let yardstick = average_path_length(256);
/// assert_eq!(score(yardstick, yardstick), 0.5);
/// assert_eq!(score(0.0, yardstick), 1.0);
/// ```
///
/// # References
///
/// F. T. Liu, K. M. Ting, Z.-H. Zhou, *Isolation Forest*, ICDM 2008, eq. 2.
pub fn score(path_length: f64, average_path: f64) -> f64 {
    if average_path == 0.0 {
        return 0.5;
    }
    libm::exp2(-path_length / average_path)
}

/// Returns l, the height at which trees stop: ⌈log₂ ψ⌉.
///
/// # Examples
///
/// ```
/// use isoscope_engine::forest::height_limit;
///
/// assert_eq!([1, 2, 3, 256, 257].map(height_limit), [0, 1, 2, 8, 9]);
/// ```
pub fn height_limit(sample_size: u32) -> u32 {
    sample_size.next_power_of_two().ilog2()
}

/// The longest path that a leaf may be worth, in edges: no grown one is, and below it sums of
/// paths are exact.
pub(super) const LONGEST_PATH: f64 = 63.0;

/// Path lengths as multiples of 2⁻ᵏ, so that sums over trees are exact.
///
/// A path is below 2⁶ edges (16 levels and c(65,536) = 21.3). With k fraction bits and t trees a
/// sum needs 6 + k + ⌈log₂ t⌉ bits, and k is chosen so that it fits the 53 of an `f64`. Then no
/// sum or difference of paths is ever rounded: trees may be added in any order, steps along a
/// path add up to it exactly, and where nothing varies the mean is c(ψ) to the last bit. For
/// 100 trees k is 40: paths are off by less than 10⁻¹².
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    scale: f64,
    /// Numbers of this size are as far apart as the grid's lines, so adding one rounds to them.
    coarse: f64,
}

impl Grid {
    pub(crate) fn new(n_trees: u32) -> Self {
        let bits = f64::MANTISSA_DIGITS - 6 - height_limit(n_trees);
        let scale = (1_u64 << bits) as f64;
        Self { scale, coarse: 1.5 * (1_u64 << (f64::MANTISSA_DIGITS - 1)) as f64 / scale }
    }

    pub(crate) fn snap(self, path_length: f64) -> f64 {
        (path_length * self.scale).round() / self.scale
    }

    /// A part of a path on the grid: as [`snap`](Self::snap) but for ties, and faster where a
    /// machine rounds in software.
    pub(crate) fn near(self, part: f64) -> f64 {
        (part + self.coarse) - self.coarse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_path_is_the_exact_sum() {
        let golden = [
            (0, 0.0),
            (1, 0.0),
            (2, 1.0),
            (3, 5.0 / 3.0),
            (4, 13.0 / 6.0),
            (256, 10.248_689_925_6),
        ];
        for (n, expected) in golden {
            assert!((average_path_length(n) - expected).abs() < 1e-10, "c({n})");
        }
    }

    #[test]
    fn parts_are_rounded_to_the_grid_both_ways() {
        for n_trees in [1, 100, 10_000] {
            let grid = Grid::new(n_trees);
            for part in [0.0, 1.0 / 3.0, -1.0 / 3.0, 37.3, -37.3, 1e-9, 1e-300] {
                assert_eq!(grid.near(part), grid.snap(part), "{part}");
            }
        }
    }

    #[test]
    fn equal_paths_on_the_grid_have_themselves_as_mean() {
        for n_trees in 1..=10_000 {
            let path = Grid::new(n_trees).snap(average_path_length(65_536));
            // n · path is what n exact additions give.
            assert_eq!(path * f64::from(n_trees) / f64::from(n_trees), path);
        }
        let n_trees = 10_000;
        let path = Grid::new(n_trees).snap(average_path_length(65_536));
        let sum: f64 = (0..n_trees).map(|_| path).sum();
        assert_eq!(sum / f64::from(n_trees), path);
    }
}
