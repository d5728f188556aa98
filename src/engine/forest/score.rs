//! Scoring rows by a grown forest.

use super::{Explanation, Forest, TopReasons, model::Model, pass::Pass};
use crate::engine::matrix::Codes;

/// A forest made ready to score and explain rows: tables built once, then many chunks of rows.
#[derive(Debug, Clone)]
pub struct Scorer {
    model: Model,
    scores: Pass<f64>,
    reasons: Pass<TopReasons>,
}

impl Scorer {
    /// Prepares a forest.
    pub fn new(forest: &Forest) -> Self {
        let model = Model::new(forest);
        let (scores, reasons) = (Pass::new(&model), Pass::new(&model));
        Self { model, scores, reasons }
    }

    /// The same, but every row is scored anew, even if it was met before: results are the same.
    #[must_use]
    pub fn without_memo(mut self) -> Self {
        self.scores = Pass::without_memo(&self.model);
        self.reasons = Pass::without_memo(&self.model);
        self
    }

    /// Frees the memory of rows met before; needed only when a job is over.
    pub fn forget(&mut self) {
        (self.scores, self.reasons) = (Pass::new(&self.model), Pass::new(&self.model));
    }

    /// Writes s of some rows, in (0, 1], high is odd, to `scores`.
    ///
    /// `columns[feature]` holds the rows' codes; any cutting of a table into chunks gives the same
    /// bits. Chunks of some thousand rows are fastest.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `scores`.
    pub fn scores(&mut self, columns: &[Codes<'_>], scores: &mut [f64]) {
        self.scores.run(&self.model, columns, scores, Model::scores);
    }

    /// Writes the features that made each of some rows odd, strongest first, to `reasons`.
    ///
    /// As [`scores`](Self::scores), but takes nearly twice as long.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `reasons`.
    pub fn reasons(&mut self, columns: &[Codes<'_>], reasons: &mut [TopReasons]) {
        self.reasons.run(&self.model, columns, reasons, Model::reasons);
    }

    /// Returns everything about one row: its path, and how far each feature moved it.
    ///
    /// # Panics
    ///
    /// Unless `codes` holds a code per feature.
    pub fn explain(&self, codes: &[u16]) -> Explanation {
        self.model.explain(codes)
    }

    /// The mean path over the trees' roots, where every row starts.
    pub fn expected_path(&self) -> f64 {
        self.model.expected_path
    }

    /// c(ψ), the yardstick of the score, as the scores use it: rounded by less than 10⁻⁹.
    pub fn average_path(&self) -> f64 {
        self.model.average_path
    }
}
