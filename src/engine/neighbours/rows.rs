//! The standardised rows of a reference.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::{
    distance::{self, GROUP},
    scaling::Scaling,
};
use crate::bulk::Bulk;

/// Rows side by side, each filled up with zeros to whole groups of columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Rows {
    /// NaN stands for missing.
    cells: Bulk<f64>,
    n_columns: usize,
}

impl Rows {
    pub(super) fn new(rows: &ArrayView2<'_, f64>, scaling: &Scaling) -> Self {
        let (n_rows, n_columns) = rows.dim();
        let stride = stride(n_columns);
        let mut cells = vec![0.0; n_rows * stride];
        for (row, out) in rows.rows().into_iter().zip(cells.chunks_exact_mut(stride)) {
            scaling.apply(row, out);
        }
        Self { cells: Bulk(cells), n_columns }
    }

    pub(super) fn n_columns(&self) -> usize {
        self.n_columns
    }

    pub(super) fn n_rows(&self) -> u32 {
        (self.cells.len() / stride(self.n_columns)) as u32
    }

    /// A row's cells and the zeros behind them.
    pub(super) fn row(&self, row: u32) -> &[f64] {
        let stride = stride(self.n_columns);
        &self.cells[row as usize * stride..][..stride]
    }

    /// The squared distance of `query` and a row, neither of which may have gaps.
    pub(super) fn squared_distance(&self, query: &[f64], row: u32) -> f64 {
        distance::squared(query, self.row(row))
    }

    /// The same for rows that may have gaps.
    pub(super) fn squared_distance_with_gaps(&self, query: &[f64], row: u32) -> f64 {
        distance::squared_with_gaps(query, self.row(row), self.n_columns)
    }
}

/// The number of cells a row of so many columns takes.
pub(super) fn stride(n_columns: usize) -> usize {
    n_columns.next_multiple_of(GROUP)
}
