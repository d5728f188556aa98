//! What all parts are told before the first round.

use serde::{Deserialize, Serialize};

use super::{Census, FitError, Learner, MEAN_WEIGHT, Params, units::scaled};
use crate::{bulk::Bulk, matrix::Feature};

/// The code that no training row has: it has no cell.
pub(super) const NO_CELL: u16 = u16::MAX;

/// Categories that fewer training rows have share a cell.
///
/// A column with thousands of categories else parts the training rows by chance: each category of
/// one or two rows goes where those rows want it. Ten rows are what a sign test needs to tell a
/// coin from a rule (p < .002); measured in `boost/mod.rs`.
pub const FEW_ROWS: u32 = 10;

/// How training goes about: which columns take part, and what their codes count as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The features that vary among the training rows.
    pub(super) columns: Bulk<u32>,
    /// How many codes each of them has, that of missing values counted.
    pub(super) n_codes: Bulk<u32>,
    /// How many cells each of them has.
    pub(super) n_cells: Bulk<u32>,
    /// The cell of every code of those features, or [`NO_CELL`].
    pub(super) cells: Bulk<u16>,
    /// What a row of each class weighs at the start.
    pub(super) start: Bulk<u64>,
    pub(super) weighing: Weighing,
    pub(super) n_classes: u32,
}

/// What weights a row has, and how they are summed by cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Weighing {
    /// One; a cell has a sum for the rows of each class.
    Rows,
    /// One for each class; a cell has a sum of each, and behind these sums of each over the rows that
    /// are of the class.
    RowsByClass,
}

impl Plan {
    pub(super) fn new(
        features: &[Feature],
        params: &Params,
        census: &Census,
    ) -> Result<Self, FitError> {
        let n_classes = census.train.len() as u32;
        params.check(n_classes)?;
        let n_train = census.n_train();
        if n_train == 0 {
            return Err(FitError::NoRows);
        }
        if census.train.iter().filter(|&&n| n > 0).count() < 2 {
            return Err(FitError::OneClass);
        }
        let is_many = params.learner == Learner::Confidence && n_classes > 2;
        let found = n_train * if is_many { u64::from(n_classes) } else { 1 };
        if found > FitError::MAX_WEIGHTS {
            return Err(FitError::TooManyRows { found, limit: FitError::MAX_WEIGHTS });
        }
        let mut plan = Self {
            columns: Bulk::default(),
            n_codes: Bulk::default(),
            n_cells: Bulk::default(),
            cells: Bulk::default(),
            start: start(params, census),
            weighing: if is_many { Weighing::RowsByClass } else { Weighing::Rows },
            n_classes,
        };
        let mut first = 0;
        for (index, feature) in (0..).zip(features) {
            let counts = &census.codes[first..][..usize::from(feature.n_codes()) + 1];
            first += counts.len();
            plan.push(index, feature, counts);
        }
        if plan.columns.is_empty() { Err(FitError::NothingVaries) } else { Ok(plan) }
    }

    /// Adds a column, unless it does not vary.
    fn push(&mut self, index: u32, feature: &Feature, counts: &[u32]) {
        if counts.iter().filter(|&&n| n > 0).count() < 2 {
            return;
        }
        let (first, mut next, mut pooled) = (self.cells.len(), 0, None);
        for &n in counts {
            let cell = if n == 0 {
                NO_CELL
            } else if !feature.is_ranked() && n < FEW_ROWS {
                *pooled.get_or_insert_with(|| {
                    next += 1;
                    next - 1
                })
            } else {
                next += 1;
                next - 1
            };
            self.cells.0.push(cell);
        }
        if next < 2 {
            self.cells.0.truncate(first);
            return;
        }
        self.columns.0.push(index);
        self.n_codes.0.push(counts.len() as u32);
        self.n_cells.0.push(next.into());
    }

    /// Sums per cell.
    pub(super) fn width(&self) -> usize {
        match self.weighing {
            Weighing::Rows => self.n_classes as usize,
            Weighing::RowsByClass => 2 * self.n_classes as usize,
        }
    }

    /// All weights together, as far as their rounding goes.
    pub(super) fn mean_total(&self, n_train: u64) -> u64 {
        let n_weights = match self.weighing {
            Weighing::Rows => 1,
            Weighing::RowsByClass => u64::from(self.n_classes),
        };
        n_train * n_weights * MEAN_WEIGHT
    }

    /// All cells of all columns.
    pub(super) fn total_cells(&self) -> usize {
        self.n_cells.iter().map(|&n| n as usize).sum()
    }
}

/// What a row of each class weighs at the start: on the mean [`MEAN_WEIGHT`].
fn start(params: &Params, census: &Census) -> Bulk<u64> {
    let factor = |class: usize| params.class_weights.get(class).copied().unwrap_or(1.0);
    let mut sum = 0.0;
    for (class, &n) in census.train.iter().enumerate() {
        sum += n as f64 * factor(class);
    }
    let mean = census.n_train() as f64 / sum;
    let weight = |class| scaled(MEAN_WEIGHT, factor(class) * mean);
    Bulk((0..census.train.len()).map(weight).collect())
}
