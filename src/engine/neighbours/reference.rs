//! The rows that others are compared with, and how densely they stand.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::{
    FitError, MAX_ROWS, Scaling, index::Index, nearest::Neighbour, rows::Rows, search::Search,
};
use crate::bulk::Bulk;

/// scikit-learn's floor: what keeps the density of more than k equal rows finite.
const FLOOR: f64 = 1e-10;

/// Reference rows, standardised, each with its density.
///
/// Plain data; a [`Scorer`](super::Scorer) makes it ready to compare rows with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    k: u32,
    scaling: Scaling,
    pub(super) rows: Rows,
    k_distances: Bulk<f64>,
    densities: Bulk<f64>,
}

impl Reference {
    /// Keeps `rows`, `n_rows × n_columns` numbers in any unit, to compare others with by their
    /// `k` nearest.
    ///
    /// Columns are standardised by their own mean and standard deviation (divisor n; one that does
    /// not vary keeps its unit). What is not finite is missing. No row is its own neighbour.
    /// Takes as long as scoring as many rows.
    ///
    /// # Errors
    ///
    /// - [`NoNeighbours`](FitError::NoNeighbours): `k` is 0.
    /// - [`NoColumns`](FitError::NoColumns): rows have no cell.
    /// - [`TooFewRows`](FitError::TooFewRows): there are not more than `k` rows.
    /// - [`TooManyRows`](FitError::TooManyRows): there are more than [`MAX_ROWS`].
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn fit(rows: ArrayView2<'_, f64>, k: u32) -> Result<Self, FitError> {
        let (n_rows, n_columns) = rows.dim();
        let found = n_rows as u64;
        if k == 0 {
            return Err(FitError::NoNeighbours);
        }
        if n_columns == 0 {
            return Err(FitError::NoColumns);
        }
        if found <= k.into() {
            return Err(FitError::TooFewRows { k, found });
        }
        if found > MAX_ROWS.into() {
            return Err(FitError::TooManyRows { found, limit: MAX_ROWS });
        }

        let scaling = Scaling::of(&rows);
        let rows = Rows::new(&rows, &scaling);
        let index = Index::new(&rows);
        let mut search = Search::new(k);
        let mut neighbours = Vec::with_capacity(n_rows * k as usize);
        for row in 0..rows.n_rows() {
            neighbours.extend(search.nearest(&rows, &index, rows.row(row), Some(row)));
        }

        let neighbourhoods = || neighbours.chunks_exact(k as usize);
        let k_distances = neighbourhoods().map(k_distance).collect::<Vec<f64>>();
        let density = |neighbours| density(neighbours, &k_distances);
        let densities = neighbourhoods().map(density).collect::<Vec<f64>>();
        let (k_distances, densities) = (Bulk(k_distances), Bulk(densities));
        Ok(Self { k, scaling, rows, k_distances, densities })
    }

    /// The number of neighbours rows are compared with.
    pub fn k(&self) -> u32 {
        self.k
    }

    /// What columns are measured by.
    pub fn scaling(&self) -> &Scaling {
        &self.scaling
    }

    /// The number of rows.
    pub fn n_rows(&self) -> u32 {
        self.rows.n_rows()
    }

    /// The number of columns.
    pub fn n_columns(&self) -> usize {
        self.rows.n_columns()
    }

    /// k-distance of each row: how far its k-th nearest other row is, in standard deviations.
    ///
    /// # References
    ///
    /// Breunig et al. 2000, definition 3.
    pub fn k_distances(&self) -> &[f64] {
        &self.k_distances
    }

    /// lrd of each row, its local reachability density: one over the mean reachability distance
    /// to its k nearest other rows, at most 10¹⁰.
    ///
    /// # References
    ///
    /// Breunig et al. 2000, definition 6.
    pub fn densities(&self) -> &[f64] {
        &self.densities
    }

    /// LOF of a row with these neighbours: their mean lrd over its own.
    ///
    /// # References
    ///
    /// Breunig et al. 2000, definition 7.
    pub(super) fn outlier_factor(&self, neighbours: &[Neighbour]) -> f64 {
        let density = density(neighbours, &self.k_distances);
        let ratio = |neighbour: &Neighbour| self.densities[neighbour.row as usize] / density;
        neighbours.iter().map(ratio).sum::<f64>() / neighbours.len() as f64
    }
}

fn k_distance(neighbours: &[Neighbour]) -> f64 {
    neighbours.last().map_or(0.0, |last| last.squared_distance.sqrt())
}

/// lrd of a row with these neighbours.
fn density(neighbours: &[Neighbour], k_distances: &[f64]) -> f64 {
    // Definition 5: the reachability distance is never below the neighbour's own k-distance.
    let reach = |neighbour: &Neighbour| {
        k_distances[neighbour.row as usize].max(neighbour.squared_distance.sqrt())
    };
    1.0 / (neighbours.iter().map(reach).sum::<f64>() / neighbours.len() as f64 + FLOOR)
}
