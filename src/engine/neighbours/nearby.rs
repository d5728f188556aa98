//! The nearest of some rows, and nothing else about them.

use ndarray::ArrayView2;

use super::{Scaling, index::Index, rows::Rows, rows::stride, search::Search};

/// Rows made ready to look for the nearest among them.
#[derive(Debug, Clone)]
pub struct Nearby {
    rows: Rows,
    index: Index,
    search: Search,
    query: Vec<f64>,
}

impl Nearby {
    /// Keeps `rows`, `n_rows × n_columns` finite numbers, measured as they are.
    ///
    /// # Panics
    ///
    /// If there are fewer than `k` rows, or no columns.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn new(rows: ArrayView2<'_, f64>, k: u32) -> Self {
        let (n_rows, n_columns) = rows.dim();
        assert!(n_rows >= k as usize && n_columns > 0, "rows to choose from");
        let rows = Rows::new(&rows, &Scaling::none(n_columns));
        let index = Index::new(&rows);
        Self { rows, index, search: Search::new(k), query: vec![0.0; stride(n_columns)] }
    }

    /// The k rows nearest to one that need not be among them, the nearest first, the lowest first among
    /// equally near ones: as comparing all gives.
    pub fn nearest(&mut self, row: &[f64]) -> impl Iterator<Item = u32> {
        self.query[..row.len()].copy_from_slice(row);
        let found = self.search.nearest(&self.rows, &self.index, &self.query, None);
        found.iter().map(|neighbour| neighbour.row)
    }
}
