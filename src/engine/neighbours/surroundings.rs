//! Surroundings of a table's rows: a reference whose rows are codes.

use std::cell::RefCell;

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use super::{DEFAULT_K, FitError, Reference, Scorer};
use crate::{
    bulk::Bulk,
    forest::{
        Explanation, TopReasons,
        pass::{Batch, Pass},
        reasons,
    },
    matrix::{Codes, Feature, Numbers},
};

/// Reference rows of a table, and what its codes are worth as numbers.
///
/// Numbers and times count as they are; of codes that stand for a range, the middle. A category
/// counts by how rare it is among the reference rows, in bits, so that a protocol nobody uses is
/// far from all that are common. Plain data; a [`SurroundingsScorer`] makes it ready.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    reference: Reference,
    numbers: Numbers,
    /// The reference's rows in the table, ascending.
    rows: Bulk<u32>,
}

impl Surroundings {
    /// Keeps some rows of a table to compare all others with, by their 35 nearest; by all others
    /// where there are fewer.
    ///
    /// `rows` are their places in the table, ascending, and `codes` their codes, `rows × features`.
    ///
    /// # Errors
    ///
    /// As [`Reference::fit`]; it takes two rows at least.
    ///
    /// # Panics
    ///
    /// Unless `codes` is `rows × features`.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn fit(
        features: &[Feature],
        rows: &[u32],
        codes: ArrayView2<'_, u16>,
    ) -> Result<Self, FitError> {
        assert_eq!(codes.dim(), (rows.len(), features.len()), "a code per row and feature");
        let numbers = Numbers::with_rarity(features, codes);
        let cells = Array2::from_shape_fn(codes.dim(), |(row, feature)| {
            numbers.of_feature(feature)[usize::from(codes[(row, feature)])]
        });
        let k = DEFAULT_K.min((rows.len() as u32).saturating_sub(1)).max(1);
        let reference = Reference::fit(cells.view(), k)?;
        Ok(Self { reference, numbers, rows: Bulk(rows.to_vec()) })
    }

    /// The standardised rows and their densities.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
}

/// Surroundings made ready to score and explain a table's rows.
///
/// # The score
///
/// s = LOF / (1 + LOF), in (0, 1): one half for a row that stands as its neighbours do, near 1 for
/// one that is far from all. It ranks as LOF does.
///
/// # Reasons
///
/// log₂ LOF, shared out among the columns as they share in the mean squared distance to the
/// neighbours: so that reasons are bits here as in a forest. In terms of an [`Explanation`]: a path
/// of −log₂ LOF that is expected to be 0, with 1 as its yardstick.
#[derive(Debug, Clone)]
pub struct SurroundingsScorer {
    model: Model,
    rows: Bulk<u32>,
    scores: Pass<f64>,
    reasons: Pass<TopReasons>,
}

#[derive(Debug, Clone)]
struct Model {
    /// A search remembers where it is; nothing of that can be seen in its results.
    scorer: RefCell<Scorer>,
    numbers: Numbers,
}

impl SurroundingsScorer {
    /// Prepares surroundings.
    pub fn new(surroundings: &Surroundings) -> Self {
        let numbers = surroundings.numbers.clone();
        let scorer = RefCell::new(Scorer::new(&surroundings.reference));
        let model = Model { scorer, numbers };
        let (scores, reasons) = (pass(&model), pass(&model));
        Self { model, rows: surroundings.rows.clone(), scores, reasons }
    }

    /// Frees the memory of rows met before; needed only when a job is over.
    pub fn forget(&mut self) {
        (self.scores, self.reasons) = (pass(&self.model), pass(&self.model));
    }

    /// Writes s of some rows to `scores`.
    ///
    /// `rows` are their places in the table, by which a row of the reference is known and not
    /// compared with itself; those beyond the table are of no table. `columns[feature]` holds their
    /// codes. Any cutting of a table into chunks gives the same bits.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `rows` and `scores`.
    pub fn scores(&mut self, rows: &[u32], columns: &[Codes<'_>], scores: &mut [f64]) {
        assert_eq!(rows.len(), scores.len(), "a score per row");
        self.scores.run(&self.model, self.model.numbers.missing(), columns, scores, Model::scores);
        for (&row, score) in rows.iter().zip(scores) {
            if let Ok(place) = self.rows.binary_search(&row) {
                *score = squashed(self.model.scorer.borrow_mut().score_own(place as u32));
            }
        }
    }

    /// Writes the features that made each of some rows odd, strongest first, to `reasons`.
    ///
    /// # Panics
    ///
    /// As [`scores`](Self::scores).
    pub fn reasons(&mut self, rows: &[u32], columns: &[Codes<'_>], reasons: &mut [TopReasons]) {
        assert_eq!(rows.len(), reasons.len(), "reasons per row");
        let missing = self.model.numbers.missing();
        self.reasons.run(&self.model, missing, columns, reasons, Model::reasons);
        for (&row, reasons) in rows.iter().zip(reasons) {
            if let Ok(place) = self.rows.binary_search(&row) {
                let explanation = self.model.scorer.borrow_mut().explain_own(place as u32);
                *reasons = reasons::top(&steps(&explanation), 1.0);
            }
        }
    }

    /// Returns everything about one row, of this place in the table.
    ///
    /// # Panics
    ///
    /// Unless `codes` holds a code per feature.
    pub fn explain(&self, row: u32, codes: &[u16]) -> Explanation {
        let explanation = match self.rows.binary_search(&row) {
            Ok(place) => self.model.scorer.borrow_mut().explain_own(place as u32),
            Err(_) => self.model.explain(codes),
        };
        let steps = steps(&explanation);
        Explanation {
            score: squashed(explanation.score),
            path_length: steps.iter().sum(),
            expected_path: 0.0,
            average_path: 1.0,
            steps,
        }
    }
}

impl Model {
    fn scores(&self, batch: &Batch) -> Vec<f64> {
        let mut scorer = self.scorer.borrow_mut();
        self.rows(batch).map(|cells| squashed(scorer.score(&cells))).collect()
    }

    fn reasons(&self, batch: &Batch) -> Vec<TopReasons> {
        let mut scorer = self.scorer.borrow_mut();
        let reasons = |cells: Vec<f64>| reasons::top(&steps(&scorer.explain(&cells)), 1.0);
        self.rows(batch).map(reasons).collect()
    }

    fn explain(&self, codes: &[u16]) -> super::Explanation {
        self.scorer.borrow_mut().explain(&self.cells(codes))
    }

    /// A batch's rows as numbers.
    fn rows<'a>(&'a self, batch: &'a Batch) -> impl Iterator<Item = Vec<f64>> + 'a {
        let rows = batch.codes().chunks_exact(batch.stride()).take(batch.n_rows());
        rows.map(|codes| self.cells(&codes[..self.numbers.missing().len()]))
    }

    fn cells(&self, codes: &[u16]) -> Vec<f64> {
        let number = |(feature, &code): (usize, &u16)| {
            self.numbers.of_feature(feature).get(usize::from(code)).copied().unwrap_or(f64::NAN)
        };
        codes.iter().enumerate().map(number).collect()
    }
}

/// s of a factor.
fn squashed(factor: f64) -> f64 {
    factor / (1.0 + factor)
}

/// −log₂ LOF by feature.
fn steps(explanation: &super::Explanation) -> Vec<f64> {
    let bits = libm::log2(explanation.score);
    let whole: f64 = explanation.contributions.iter().sum();
    let share = |part: &f64| if whole > 0.0 { -bits * (part / whole) } else { 0.0 };
    explanation.contributions.iter().map(share).collect()
}

fn pass<T: Copy + Default>(model: &Model) -> Pass<T> {
    let n_features = model.numbers.missing().len();
    Pass::new(n_features, n_features.next_multiple_of(4))
}
