//! Scoring rows by a grown extended forest.

use super::{model::Model, tree::Extended};
use crate::{
    forest::{Explanation, TopReasons, pass::Pass},
    matrix::Codes,
};

/// An extended forest made ready to score and explain rows: tables built once, then many chunks
/// of rows.
#[derive(Debug, Clone)]
pub struct ExtendedScorer {
    model: Model,
    scores: Pass<f64>,
    reasons: Pass<TopReasons>,
}

impl ExtendedScorer {
    /// Prepares an extended forest.
    pub fn new(extended: &Extended) -> Self {
        let model = Model::new(extended);
        let (scores, reasons) = (pass(&model), pass(&model));
        Self { model, scores, reasons }
    }

    /// The same, but every row is scored anew, even if it was met before: results are the same.
    #[must_use]
    pub fn without_memo(mut self) -> Self {
        let n_features = self.model.missing().len();
        self.scores = self.scores.without_memo(n_features);
        self.reasons = self.reasons.without_memo(n_features);
        self
    }

    /// Frees the memory of rows met before; needed only when a job is over.
    pub fn forget(&mut self) {
        (self.scores, self.reasons) = (pass(&self.model), pass(&self.model));
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
        self.scores.run(&self.model, self.model.missing(), columns, scores, Model::scores);
    }

    /// Writes the features that made each of some rows odd, strongest first, to `reasons`.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `reasons`.
    pub fn reasons(&mut self, columns: &[Codes<'_>], reasons: &mut [TopReasons]) {
        self.reasons.run(&self.model, self.model.missing(), columns, reasons, Model::reasons);
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

fn pass<T: Copy + Default>(model: &Model) -> Pass<T> {
    let n_features = model.missing().len();
    Pass::new(n_features, n_features.next_multiple_of(4))
}
