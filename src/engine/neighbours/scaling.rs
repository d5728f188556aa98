//! Columns brought to one scale: mean 0, standard deviation 1.

use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

/// How far from 0 a number may be, before and after scaling, so that no square overflows.
pub(crate) const FARTHEST: f64 = 1e150;

/// What the columns of a reference are measured by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scaling {
    /// By column.
    means: Vec<f64>,
    /// By column, with the divisor n; 1 where a column does not vary.
    deviations: Vec<f64>,
}

impl Scaling {
    /// Measures the columns of `n_rows × n_columns` numbers by the cells that are finite.
    ///
    /// Sums run down the rows. A column without a number has the mean 0.
    pub(super) fn of(rows: &ArrayView2<'_, f64>) -> Self {
        let (means, deviations) =
            rows.columns().into_iter().map(|column| mean_and_deviation(&column)).unzip();
        Self { means, deviations }
    }

    /// Leaves numbers as they are.
    pub(super) fn none(n_columns: usize) -> Self {
        Self { means: vec![0.0; n_columns], deviations: vec![1.0; n_columns] }
    }

    /// The mean of each column.
    pub fn means(&self) -> &[f64] {
        &self.means
    }

    /// The standard deviation of each column, 1 where it does not vary.
    pub fn deviations(&self) -> &[f64] {
        &self.deviations
    }

    /// Writes a row's cells, by how many deviations they are off the mean, to the start of `out`;
    /// NaN stands for missing.
    pub(super) fn apply<'a>(&self, row: impl IntoIterator<Item = &'a f64>, out: &mut [f64]) {
        let scales = self.means.iter().zip(&self.deviations);
        for ((out, &value), (mean, deviation)) in out.iter_mut().zip(row).zip(scales) {
            *out = present(value)
                .map_or(f64::NAN, |value| ((value - mean) / deviation).clamp(-FARTHEST, FARTHEST));
        }
    }
}

/// A number that can be measured with, if the cell holds one.
fn present(value: f64) -> Option<f64> {
    value.is_finite().then(|| value.clamp(-FARTHEST, FARTHEST))
}

/// The mean and the standard deviation (divisor n) of the cells that are finite; 0 where there is none,
/// and 1 where they do not vary.
pub(crate) fn mean_and_deviation(column: &ArrayView1<'_, f64>) -> (f64, f64) {
    let values = || column.iter().filter_map(|&value| present(value));
    let Some(first) = values().next() else { return (0.0, 1.0) };
    // Asked of the values: a mean that is rounded would give a constant column a tiny deviation.
    if values().all(|value| value == first) {
        return (first, 1.0);
    }
    let n = values().count() as f64;
    let mean = values().sum::<f64>() / n;
    let variance = values().map(|value| (value - mean) * (value - mean)).sum::<f64>() / n;
    let deviation = variance.sqrt();
    (mean, if deviation == 0.0 { 1.0 } else { deviation })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn columns_get_mean_0_and_deviation_1() {
        let rows = array![[1.0, 5.0], [3.0, 5.0], [5.0, f64::NAN]];
        let scaling = Scaling::of(&rows.view());
        assert_eq!(scaling.means(), [3.0, 5.0]);
        assert_eq!(scaling.deviations(), [(8.0_f64 / 3.0).sqrt(), 1.0]);
        let mut out = [0.0; 2];
        scaling.apply(&[3.0, 7.0], &mut out);
        assert_eq!(out, [0.0, 2.0]);
    }

    #[test]
    fn a_column_that_does_not_vary_keeps_its_mean_to_the_bit() {
        // 0.1 summed three times and divided by three is not 0.1.
        let scaling = Scaling::of(&array![[0.1], [0.1], [0.1]].view());
        assert_eq!((scaling.means(), scaling.deviations()), (&[0.1][..], &[1.0][..]));
    }

    #[test]
    fn what_is_not_finite_is_missing_and_what_is_huge_stays_finite() {
        let scaling = Scaling::of(&array![[f64::INFINITY, -1e308], [f64::NAN, 1e308]].view());
        assert_eq!(scaling.means(), [0.0, 0.0]);
        assert_eq!(scaling.deviations(), [1.0, FARTHEST]);
        let mut out = [0.0; 2];
        scaling.apply(&[f64::NEG_INFINITY, 1e308], &mut out);
        assert!(out[0].is_nan() && out[1] == 1.0);
    }
}
