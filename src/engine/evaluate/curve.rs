//! What every cut of a score is worth.

use super::{
    binary::Counts,
    figure::{Figure, Undefined, share},
};
use crate::arrange::{ascending_bits, sort_pairs};

/// A cut of a ranking: all rows that score at least `score` are flagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The lowest score that is flagged.
    pub score: i64,
    /// Rows of the class in question that are.
    pub true_positives: u32,
    /// Other rows that are.
    pub false_positives: u32,
}

/// Rows of one score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) score: i64,
    pub(super) positives: u32,
    pub(super) negatives: u32,
}

/// Scores against the truth: one step per distinct score, the highest first.
///
/// Rows of one score cannot be told apart by it, so no figure depends on their order. To make a
/// curve takes one sort; whatever is asked of it, at most one pass over its steps.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::Curve;
///
/// let curve = Curve::of(&[1, 40, 35, 80], &[0, 0, 1, 1], 1);
/// assert_eq!(curve.roc_auc(), Ok(0.75));
/// assert_eq!(curve.at(35).precision(), Ok(2.0 / 3.0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    steps: Vec<Step>,
}

/// An integer that is ordered among others as the number is: what a curve takes for a score that is
/// no integer. −0 and 0 are one number; NaN is beyond all others.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::comparable;
///
/// assert!(comparable(-2.5) < comparable(0.1) && comparable(0.1) < comparable(1e300));
/// assert_eq!(comparable(-0.0), comparable(0.0));
/// ```
pub fn comparable(number: f64) -> i64 {
    (ascending_bits(number + 0.0) ^ 1 << 63).cast_signed()
}

impl Curve {
    /// The curve of a score per row, high for rows of class `positive`; `truth` is the class of each.
    ///
    /// Takes O(n log n) time.
    ///
    /// # Panics
    ///
    /// Unless there are as many scores as rows.
    pub fn of(scores: &[i64], truth: &[u8], positive: u8) -> Self {
        assert_eq!(scores.len(), truth.len(), "a score per row");
        Self::sorted(scores, &|row| {
            let is_positive = truth[row] == positive;
            [u32::from(is_positive), u32::from(!is_positive)]
        })
    }

    /// The curve of rows that are counted already: scores, and how many positive and negative rows
    /// have each. A score may come several times.
    ///
    /// # Panics
    ///
    /// Unless there are counts for every score.
    pub fn of_counts(scores: &[i64], counts: &[[u32; 2]]) -> Self {
        assert_eq!(scores.len(), counts.len(), "counts for every score");
        Self::sorted(scores, &|place| counts[place])
    }

    fn sorted(scores: &[i64], counts: &dyn Fn(usize) -> [u32; 2]) -> Self {
        // Turned over, the highest comes first.
        let descending = |score: i64| !(score.cast_unsigned() ^ 1 << 63);
        let mut keys: Vec<(u64, u32)> = Vec::with_capacity(scores.len());
        for (place, &score) in (0..).zip(scores) {
            keys.push((descending(score), place));
        }
        sort_pairs(&mut keys);
        let mut steps: Vec<Step> = Vec::new();
        let (mut true_positives, mut false_positives) = (0, 0);
        for &(_, place) in &keys {
            let score = scores[place as usize];
            let [positives, negatives] = counts(place as usize);
            true_positives += positives;
            false_positives += negatives;
            if positives + negatives > 0 {
                if steps.last().is_some_and(|step| step.score == score) {
                    steps.pop();
                }
                steps.push(Step { score, true_positives, false_positives });
            }
        }
        Self { steps }
    }

    /// All cuts, from the fewest rows flagged to all of them.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Rows of the class in question, P.
    pub fn n_positives(&self) -> u32 {
        self.steps.last().map_or(0, |step| step.true_positives)
    }

    /// All other rows, N.
    pub fn n_negatives(&self) -> u32 {
        self.steps.last().map_or(0, |step| step.false_positives)
    }

    /// What it is to flag the rows that score at least `threshold`.
    pub fn at(&self, threshold: i64) -> Counts {
        let n_above = self.steps.partition_point(|step| step.score >= threshold);
        self.counts(n_above.checked_sub(1).map(|last| self.steps[last]))
    }

    /// What it is to cut at a step, or before the first.
    pub(super) fn counts(&self, step: Option<Step>) -> Counts {
        let [hits, false_alarms] =
            step.map_or([0; 2], |step| [step.true_positives, step.false_positives]);
        Counts {
            true_positives: hits.into(),
            false_positives: false_alarms.into(),
            false_negatives: (self.n_positives() - hits).into(),
            true_negatives: (self.n_negatives() - false_alarms).into(),
        }
    }

    /// The rows of each score, the highest first.
    pub(super) fn levels(&self) -> impl Iterator<Item = Level> {
        let mut before = [0; 2];
        self.steps.iter().map(move |step| {
            let [positives, negatives] = before;
            before = [step.true_positives, step.false_positives];
            Level {
                score: step.score,
                positives: before[0] - positives,
                negatives: before[1] - negatives,
            }
        })
    }

    /// P and N, if neither is 0.
    pub(super) fn both_sides(&self) -> Result<[u64; 2], Undefined> {
        match [self.n_positives(), self.n_negatives()] {
            [0, 0] => Err(Undefined::NoRows),
            [0, _] => Err(Undefined::NoPositives),
            [_, 0] => Err(Undefined::NoNegatives),
            sides => Ok(sides.map(u64::from)),
        }
    }

    /// The area under the ROC curve: the share of pairs of a positive and a negative row in which the
    /// positive one scores higher; ties count half. ½ is chance, less is a score the wrong way round.
    ///
    /// Counted in integers, so it is the exact share, rounded once.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoPositives`](Undefined::NoPositives),
    /// [`NoNegatives`](Undefined::NoNegatives).
    ///
    /// # References
    ///
    /// J. A. Hanley, B. J. McNeil, *The Meaning and Use of the Area under a Receiver Operating
    /// Characteristic (ROC) Curve*, Radiology 143, 1982: the statistic of Wilcoxon, Mann and Whitney.
    pub fn roc_auc(&self) -> Figure {
        let [p, n] = self.both_sides()?;
        let mut below = n;
        let mut n_right = 0;
        for level in self.levels() {
            // Pairs count twice, so that half ones are whole.
            n_right += u64::from(level.positives) * (2 * below - u64::from(level.negatives));
            below -= u64::from(level.negatives);
        }
        Ok(n_right as f64 / (2 * p * n) as f64)
    }

    /// Average precision: the precision at each step, weighted by the recall that it adds; not
    /// interpolated. The share of positive rows is chance.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoPositives`](Undefined::NoPositives).
    pub fn average_precision(&self) -> Figure {
        let p = match self.both_sides() {
            Ok([p, _]) => p,
            Err(Undefined::NoNegatives) => return Ok(1.0),
            Err(reason) => return Err(reason),
        };
        let mut sum = 0.0;
        for (step, level) in self.steps.iter().zip(self.levels()) {
            let flagged = u64::from(step.true_positives) + u64::from(step.false_positives);
            let precision = f64::from(step.true_positives) / flagged as f64;
            sum += f64::from(level.positives) * precision;
        }
        Ok(sum / p as f64)
    }

    /// The share of positive rows among the `k` highest scores, or among all where there are fewer.
    /// Of rows that tie at the end, as many as have room are drawn: it is the mean over all draws.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows); [`NothingFlagged`](Undefined::NothingFlagged) where `k` is 0.
    pub fn precision_at(&self, k: u32) -> Figure {
        let n = u64::from(self.n_positives()) + u64::from(self.n_negatives());
        let k = u64::from(k).min(n);
        if n == 0 || k == 0 {
            return Err(if n == 0 { Undefined::NoRows } else { Undefined::NothingFlagged });
        }
        let flagged =
            |step: &Step| u64::from(step.true_positives) + u64::from(step.false_positives);
        let place = self.steps.partition_point(|step| flagged(step) < k);
        let (last, before) =
            (self.steps[place], place.checked_sub(1).map(|place| self.steps[place]));
        let (hits, above) = before.map_or((0, 0), |step| (step.true_positives, flagged(&step)));
        let tied = share(
            u64::from(last.true_positives - hits),
            flagged(&last) - above,
            Undefined::NoRows,
        )?;
        Ok((f64::from(hits) + tied * (k - above) as f64) / k as f64)
    }
}
