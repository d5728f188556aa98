//! What all parts are told before the first round.

use serde::{Deserialize, Serialize};

use super::{
    Census, FitError, Learner, Params,
    units::{mean_weight, scaled},
};
use crate::{arrange::sort_u32, bulk::Bulk, matrix::Feature};

/// A code that no training row has, and that has nothing in common with those that some have.
pub(super) const NO_CELL: u16 = u16::MAX;

/// Categories that fewer training rows have share a cell, and so do the rarest of more than √n.
///
/// A test may send every category to the side that its training rows want: by chance alone it then
/// seems to explain about one part in `2n` for each. That is nothing for the seventy services of
/// NSL-KDD, and would be more than any late round gains for a column of thousands. With √n categories
/// of n rows it stays below one in `2√n`. Measured in `boost/mod.rs`.
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
    /// What rows weigh on the mean, in each round.
    pub(super) mean_weight: u64,
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
        let mean_weight = mean_weight(found);
        let mut plan = Self {
            columns: Bulk::default(),
            n_codes: Bulk::default(),
            n_cells: Bulk::default(),
            cells: Bulk::default(),
            mean_weight,
            start: start(params, census, mean_weight),
            weighing: if is_many { Weighing::RowsByClass } else { Weighing::Rows },
            n_classes,
        };
        let mut first = 0;
        for (index, feature) in (0..).zip(features) {
            let counts = &census.codes[first..][..=usize::from(feature.n_codes())];
            let classes = &census.classes[first..][..counts.len()];
            first += counts.len();
            if feature.is_ranked() {
                plan.push_ordered(index, classes);
            } else {
                plan.push_categories(index, counts, least_rows(counts, n_train));
            }
        }
        if plan.columns.is_empty() {
            return Err(FitError::NothingVaries);
        }
        let found = (plan.total_cells() * plan.width()) as u64;
        if found > FitError::MAX_SUMS {
            return Err(FitError::TooManySums { found, limit: FitError::MAX_SUMS });
        }
        Ok(plan)
    }

    /// Adds a column whose codes have an order, unless it does not vary; `classes` are those of each
    /// code's rows, bit by bit.
    ///
    /// Neighbours whose rows are all of one class share a cell where rows have one weight: no cut
    /// between them is better than both beside them, whatever the weights (Fayyad, Irani 1992,
    /// theorem 1; every [`Criterion`](super::criterion::Criterion) is concave as that of entropy is).
    fn push_ordered(&mut self, index: u32, classes: &[u64]) {
        let first = self.cells.len();
        let missing = classes.len() - 1;
        let (mut next, mut last) = (0, 0);
        for (code, &of) in classes.iter().enumerate() {
            let is_like_last = of == last && of.is_power_of_two() && code != missing;
            let is_new = of != 0 && !(is_like_last && self.weighing == Weighing::Rows);
            next += u16::from(is_new);
            self.cells.0.push(if of == 0 { NO_CELL } else { next - 1 });
            last = if of == 0 { last } else { of };
        }
        self.push(index, first, next);
    }

    /// Adds a column of categories, unless it does not vary; those that fewer rows have than `least`
    /// share a cell, and so do, later on, those that no training row has: they are no less rare.
    fn push_categories(&mut self, index: u32, counts: &[u32], least: u32) {
        let first = self.cells.len();
        let (mut next, mut shared) = (0, None);
        for &n in counts {
            let cell = if (1..least).contains(&n) { shared } else { None };
            let is_new = n > 0 && cell.is_none();
            self.cells.0.push(if n == 0 { NO_CELL } else { cell.unwrap_or(next) });
            if n < least && is_new {
                shared = Some(next);
            }
            next += u16::from(is_new);
        }
        let missing = self.cells.len() - 1;
        for cell in self.cells.0[first..missing].iter_mut().filter(|cell| **cell == NO_CELL) {
            *cell = shared.unwrap_or(NO_CELL);
        }
        self.push(index, first, next);
    }

    /// Adds a column whose cells stand from `first` on, unless it does not vary.
    fn push(&mut self, index: u32, first: usize, next: u16) {
        if next < 2 {
            self.cells.0.truncate(first);
            return;
        }
        self.columns.0.push(index);
        self.n_codes.0.push((self.cells.len() - first) as u32);
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
        n_train * n_weights * self.mean_weight
    }

    /// All cells of all columns.
    pub(super) fn total_cells(&self) -> usize {
        self.n_cells.iter().map(|&n| n as usize).sum()
    }
}

/// What a row of each class weighs at the start: on the mean `mean_weight`.
fn start(params: &Params, census: &Census, mean_weight: u64) -> Bulk<u64> {
    let factor = |class: usize| params.class_weights.get(class).copied().unwrap_or(1.0);
    let mut sum = 0.0;
    for (class, &n) in census.train.iter().enumerate() {
        sum += n as f64 * factor(class);
    }
    let mean = census.n_train() as f64 / sum;
    let weight = |class| scaled(mean_weight, factor(class) * mean);
    Bulk((0..census.train.len()).map(weight).collect())
}

/// How many rows a category needs to have a cell of its own.
fn least_rows(counts: &[u32], n_train: u64) -> u32 {
    let limit = n_train.isqrt() as usize;
    if counts.len() <= limit {
        return FEW_ROWS;
    }
    let mut counts = counts.to_vec();
    sort_u32(&mut counts);
    // One more than the most frequent of those that are too many.
    FEW_ROWS.max(counts[counts.len() - 1 - limit] + 1)
}
