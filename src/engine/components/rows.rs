//! Standardised rows, and what their correlations make of a direction.

use ndarray::ArrayView2;

use crate::{
    bulk::Bulk,
    matrix::{Feature, Numbers},
    neighbours::{FARTHEST, mean_and_deviation},
};

/// How many running sums a product is added up in: one would wait for each addition before the next.
/// The order is part of the result.
const GROUP: usize = 4;

/// How many standard deviations each code of each feature is off the mean of some rows.
pub(super) fn standardised(features: &[Feature], codes: &ArrayView2<'_, u16>) -> Vec<Bulk<f64>> {
    let numbers = Numbers::with_rarity(features, *codes);
    let of_feature = |feature: usize| {
        let numbers = numbers.of_feature(feature);
        let column = codes.column(feature).map(|&code| numbers[usize::from(code)]);
        let (mean, deviation) = mean_and_deviation(&column.view());
        let standard = |number: &f64| match (number - mean) / deviation {
            off if off.is_nan() => 0.0,
            off => off.clamp(-FARTHEST, FARTHEST),
        };
        Bulk(numbers.iter().map(standard).collect())
    };
    (0..features.len()).map(of_feature).collect()
}

/// Rows side by side, each filled up with zeros to whole groups of columns.
pub(super) struct Rows {
    cells: Vec<f64>,
    stride: usize,
}

impl Rows {
    /// Looks up the cells of `rows × features` codes.
    pub(super) fn new(standard: &[Bulk<f64>], codes: &ArrayView2<'_, u16>) -> Self {
        let stride = codes.ncols().next_multiple_of(GROUP).max(GROUP);
        let mut cells = vec![0.0; codes.nrows() * stride];
        for (out, codes) in cells.chunks_exact_mut(stride).zip(codes.rows()) {
            for ((cell, standard), &code) in out.iter_mut().zip(standard).zip(codes) {
                *cell = standard[usize::from(code)];
            }
        }
        Self { cells, stride }
    }

    /// The number of cells in a row, filled up.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// The variance of all columns together.
    pub(super) fn variance(&self) -> f64 {
        let rows = self.cells.chunks_exact(self.stride);
        rows.map(|row| product(row, row)).sum::<f64>() / self.n_rows()
    }

    /// ZᵀZ/n times each of some vectors, Z being the rows: in one pass over them.
    pub(super) fn images(&self, vectors: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut images = vec![vec![0.0; self.stride]; vectors.len()];
        for row in self.cells.chunks_exact(self.stride) {
            for (image, vector) in images.iter_mut().zip(vectors) {
                add(image, row, product(row, vector));
            }
        }
        let n_rows = self.n_rows();
        images.iter_mut().flatten().for_each(|cell| *cell /= n_rows);
        images
    }

    fn n_rows(&self) -> f64 {
        (self.cells.len() / self.stride).max(1) as f64
    }
}

/// Returns the scalar product of two vectors of whole groups.
#[inline(never)]
pub(super) fn product(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; GROUP];
    for (a, b) in a.as_chunks::<GROUP>().0.iter().zip(b.as_chunks::<GROUP>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    let [a, b, c, d] = sums;
    (a + b) + (c + d)
}

/// Adds to a vector `times` another.
#[inline(never)]
pub(super) fn add(vector: &mut [f64], other: &[f64], times: f64) {
    for (cell, other) in vector.iter_mut().zip(other) {
        *cell += times * other;
    }
}
