//! A model made ready to look at rows.

use super::{Eye, Model};
use crate::{
    extended::ExtendedScorer,
    forest::{Explanation, Judged, Scorer, TopReasons},
    matrix::Codes,
    neighbours::SurroundingsScorer,
};

/// A model made ready to score and explain rows.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "plain words")]
pub enum Sight {
    Forest(Box<Scorer>),
    Extended(Box<ExtendedScorer>),
    Neighbours(Box<SurroundingsScorer>),
}

impl Sight {
    /// Prepares a model. A forest learns from what a person said about some rows; the others do not.
    ///
    /// # Panics
    ///
    /// Unless every judged row holds a code per feature.
    pub fn new(model: &Model, judged: &[Judged]) -> Self {
        match model {
            Model::Forest(forest) => Self::Forest(Box::new(Scorer::with_verdicts(forest, judged))),
            Model::Extended(forest) => Self::Extended(Box::new(ExtendedScorer::new(forest))),
            Model::Neighbours(surroundings) => {
                Self::Neighbours(Box::new(SurroundingsScorer::new(surroundings)))
            }
        }
    }

    /// Whose it is.
    pub fn eye(&self) -> Eye {
        match self {
            Self::Forest(_) => Eye::Forest,
            Self::Extended(_) => Eye::Extended,
            Self::Neighbours(_) => Eye::Neighbours,
        }
    }

    /// Writes s of some rows, in (0, 1], high is odd, to `scores`.
    ///
    /// `columns[feature]` holds their codes. Any cutting of a table into chunks gives the same bits.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `scores`.
    pub fn scores(&mut self, columns: &[Codes<'_>], scores: &mut [f64]) {
        match self {
            Self::Forest(scorer) => scorer.scores(columns, scores),
            Self::Extended(scorer) => scorer.scores(columns, scores),
            Self::Neighbours(scorer) => scorer.scores(columns, scores),
        }
    }

    /// Writes the features that made each of some rows odd, strongest first, to `reasons`.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `reasons`.
    pub fn reasons(&mut self, columns: &[Codes<'_>], reasons: &mut [TopReasons]) {
        match self {
            Self::Forest(scorer) => scorer.reasons(columns, reasons),
            Self::Extended(scorer) => scorer.reasons(columns, reasons),
            Self::Neighbours(scorer) => scorer.reasons(columns, reasons),
        }
    }

    /// Returns everything about one row.
    ///
    /// # Panics
    ///
    /// Unless `codes` holds a code per feature.
    pub fn explain(&self, codes: &[u16]) -> Explanation {
        match self {
            Self::Forest(scorer) => scorer.explain(codes),
            Self::Extended(scorer) => scorer.explain(codes),
            Self::Neighbours(scorer) => scorer.explain(codes),
        }
    }

    /// Frees the memory of rows met before; needed only when a job is over.
    pub fn forget(&mut self) {
        match self {
            Self::Forest(scorer) => scorer.forget(),
            Self::Extended(scorer) => scorer.forget(),
            Self::Neighbours(scorer) => scorer.forget(),
        }
    }
}
