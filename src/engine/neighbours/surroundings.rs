//! Surroundings of a table's rows: a reference whose rows are codes.

use std::{cell::RefCell, cmp::Ordering};

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use super::{DEFAULT_K, FitError, Reference, Scorer};
use crate::{
    arrange::arrange,
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
/// Of equal rows one is kept: more equal rows than neighbours would make a place infinitely dense, and
/// all beside it infinitely odd. (Breunig et al. 2000 count distances to distinct rows in that case,
/// footnote to definition 6.)
///
/// Numbers and times count as they are; of codes that stand for a range, the middle. A category
/// counts by how rare it is among the reference rows, in bits, so that a protocol nobody uses is
/// far from all that are common. Plain data; a [`SurroundingsScorer`] makes it ready.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Surroundings {
    reference: Reference,
    numbers: Numbers,
    /// The reference's codes, row by row, ascending.
    codes: Bulk<u16>,
}

impl Surroundings {
    /// Keeps some rows of a table, `rows × features`, to compare all others with, by their 35 nearest;
    /// by all others where there are fewer.
    ///
    /// # Errors
    ///
    /// As [`Reference::fit`], and [`OneRow`](FitError::OneRow): all rows are equal.
    ///
    /// # Panics
    ///
    /// Unless rows hold a code per feature.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn fit(features: &[Feature], codes: ArrayView2<'_, u16>) -> Result<Self, FitError> {
        assert_eq!(codes.ncols(), features.len(), "a code per feature");
        let numbers = Numbers::with_rarity(features, codes);
        let mut rows: Vec<Vec<u16>> = codes.rows().into_iter().map(|row| row.to_vec()).collect();
        arrange(&mut rows, Ord::cmp);
        rows.dedup();
        if rows.len() == 1 {
            return Err(FitError::OneRow);
        }
        let cells = Array2::from_shape_fn((rows.len(), features.len()), |(row, feature)| {
            numbers.of_feature(feature)[usize::from(rows[row][feature])]
        });
        let k = DEFAULT_K.min((rows.len() as u32).saturating_sub(1)).max(1);
        let reference = Reference::fit(cells.view(), k)?;
        Ok(Self { reference, numbers, codes: Bulk(rows.concat()) })
    }

    /// The standardised rows and their densities.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
}

/// Surroundings made ready to score and explain a table's rows.
///
/// A row that is equal to one of the reference is compared with the others there and not with itself.
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
    scores: Pass<f64>,
    reasons: Pass<TopReasons>,
}

#[derive(Debug, Clone)]
struct Model {
    /// A search remembers where it is; nothing of that can be seen in its results.
    scorer: RefCell<Scorer>,
    numbers: Numbers,
    codes: Bulk<u16>,
}

impl SurroundingsScorer {
    /// Prepares surroundings.
    pub fn new(surroundings: &Surroundings) -> Self {
        let numbers = surroundings.numbers.clone();
        let scorer = RefCell::new(Scorer::new(&surroundings.reference));
        let model = Model { scorer, numbers, codes: surroundings.codes.clone() };
        let (scores, reasons) = (pass(&model), pass(&model));
        Self { model, scores, reasons }
    }

    /// Frees the memory of rows met before; needed only when a job is over.
    pub fn forget(&mut self) {
        (self.scores, self.reasons) = (pass(&self.model), pass(&self.model));
    }

    /// Writes s of some rows to `scores`.
    ///
    /// `columns[feature]` holds the rows' codes; any cutting of a table into chunks gives the same
    /// bits.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `scores`.
    pub fn scores(&mut self, columns: &[Codes<'_>], scores: &mut [f64]) {
        self.scores.run(&self.model, self.model.numbers.missing(), columns, scores, Model::scores);
    }

    /// Writes the features that made each of some rows odd, strongest first, to `reasons`.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `reasons`.
    pub fn reasons(&mut self, columns: &[Codes<'_>], reasons: &mut [TopReasons]) {
        let missing = self.model.numbers.missing();
        self.reasons.run(&self.model, missing, columns, reasons, Model::reasons);
    }

    /// Returns everything about one row.
    ///
    /// # Panics
    ///
    /// Unless `codes` holds a code per feature.
    pub fn explain(&self, codes: &[u16]) -> Explanation {
        let explanation = self.model.explain(codes);
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
        let score = |codes: &[u16]| match self.place(codes) {
            Some(place) => scorer.score_own(place),
            None => scorer.score(&self.cells(codes)),
        };
        self.rows(batch).map(score).map(squashed).collect()
    }

    fn reasons(&self, batch: &Batch) -> Vec<TopReasons> {
        let top = |codes: &[u16]| reasons::top(&steps(&self.explain(codes)), 1.0);
        self.rows(batch).map(top).collect()
    }

    fn explain(&self, codes: &[u16]) -> super::Explanation {
        let mut scorer = self.scorer.borrow_mut();
        match self.place(codes) {
            Some(place) => scorer.explain_own(place),
            None => scorer.explain(&self.cells(codes)),
        }
    }

    /// A batch's rows.
    fn rows<'a>(&self, batch: &'a Batch) -> impl Iterator<Item = &'a [u16]> {
        let n_features = self.numbers.missing().len();
        let rows = batch.codes().chunks_exact(batch.stride()).take(batch.n_rows());
        rows.map(move |codes| &codes[..n_features])
    }

    /// The place of a row in the reference, if it is there.
    fn place(&self, codes: &[u16]) -> Option<u32> {
        let row = |place: usize| &self.codes[place * codes.len()..][..codes.len()];
        let (mut low, mut high) = (0, self.codes.len() / codes.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match row(middle).cmp(codes) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle as u32),
                Ordering::Greater => high = middle,
            }
        }
        None
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
