//! Scoring and explaining rows by a reference.

use ndarray::ArrayView2;

use super::{Reference, distance, index::Index, rows::stride, search::Search};

/// A reference made ready to compare rows with: an index built once, then many rows.
#[derive(Debug, Clone)]
pub struct Scorer {
    reference: Reference,
    index: Index,
    search: Search,
    /// The row at hand, standardised, and the zeros behind it.
    query: Vec<f64>,
}

/// Why a row scores as it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// LOF of the row.
    pub score: f64,
    /// Its k nearest reference rows, nearest first, the lowest first among ties.
    pub neighbours: Vec<u32>,
    /// Their mean squared distance to the row, in squared standard deviations.
    pub squared_distance: f64,
    /// What each column adds to `squared_distance`, never negative: the mean squared difference
    /// to the neighbours. They add up to it, but for rounding.
    pub contributions: Vec<f64>,
}

impl Scorer {
    /// Prepares a reference.
    pub fn new(reference: &Reference) -> Self {
        Self {
            index: Index::new(&reference.rows),
            search: Search::new(reference.k()),
            query: vec![0.0; stride(reference.n_columns())],
            reference: reference.clone(),
        }
    }

    /// Returns LOF of a row that is not in the reference: about 1 if it stands among its
    /// neighbours as they do among theirs, higher the thinner its surroundings are.
    ///
    /// `row` holds a number per column, in the units of the reference's rows; what is not finite
    /// is missing. A row that *is* in the reference would find itself and look too ordinary.
    ///
    /// # Panics
    ///
    /// Unless `row` holds a number per column.
    ///
    /// # References
    ///
    /// Breunig et al. 2000, definition 7; −`score_samples` of scikit-learn's
    /// `LocalOutlierFactor(novelty=True)`.
    pub fn score(&mut self, row: &[f64]) -> f64 {
        assert_eq!(row.len(), self.reference.n_columns(), "a number per column");
        self.score_cells(row)
    }

    /// Returns LOF of a row of the reference, by its place there, among the others.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    ///
    /// # References
    ///
    /// −`negative_outlier_factor_` of scikit-learn's `LocalOutlierFactor`.
    pub fn score_own(&mut self, place: u32) -> f64 {
        self.query.copy_from_slice(self.reference.rows.row(place));
        self.score_query(Some(place))
    }

    /// Writes LOF of some rows to `scores`.
    ///
    /// As [`score`](Self::score) for each; any cutting of a table into chunks gives the same bits.
    ///
    /// # Panics
    ///
    /// Unless `rows` is `scores.len() × n_columns`.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn scores(&mut self, rows: ArrayView2<'_, f64>, scores: &mut [f64]) {
        assert_eq!(rows.dim(), (scores.len(), self.reference.n_columns()), "a row per score");
        for (row, score) in rows.rows().into_iter().zip(scores) {
            *score = self.score_cells(row);
        }
    }

    /// Returns everything about one row that is not in the reference: its score, its neighbours,
    /// and which columns make it far from them.
    ///
    /// # Panics
    ///
    /// Unless `row` holds a number per column.
    pub fn explain(&mut self, row: &[f64]) -> Explanation {
        let score = self.score(row);
        self.explained(score)
    }

    /// As [`explain`](Self::explain), of a row of the reference, by its place there.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn explain_own(&mut self, place: u32) -> Explanation {
        let score = self.score_own(place);
        self.explained(score)
    }

    /// Everything about the row that was scored last.
    fn explained(&self, score: f64) -> Explanation {
        let Reference { rows, .. } = &self.reference;
        let neighbours = self.search.found();
        let k = neighbours.len() as f64;
        let mut contributions = vec![0.0; rows.n_columns()];
        for neighbour in neighbours {
            distance::add_parts(&self.query, rows.row(neighbour.row), &mut contributions);
        }
        for contribution in &mut contributions {
            *contribution /= k;
        }
        let squares = neighbours.iter().map(|neighbour| neighbour.squared_distance);
        Explanation {
            score,
            squared_distance: squares.sum::<f64>() / k,
            neighbours: neighbours.iter().map(|neighbour| neighbour.row).collect(),
            contributions,
        }
    }

    fn score_cells<'a>(&mut self, row: impl IntoIterator<Item = &'a f64>) -> f64 {
        self.reference.scaling().apply(row, &mut self.query);
        self.score_query(None)
    }

    fn score_query(&mut self, except: Option<u32>) -> f64 {
        let rows = &self.reference.rows;
        let neighbours = self.search.nearest(rows, &self.index, &self.query, except);
        self.reference.outlier_factor(neighbours)
    }
}
