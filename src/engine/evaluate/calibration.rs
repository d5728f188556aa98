//! From scores to probabilities, and how far those are right.

use serde::{Deserialize, Serialize};

use super::{
    curve::Curve,
    figure::{Figure, Undefined},
    intervals::{Interval, wilson},
};

/// A sigmoid that turns scores into probabilities: 1 / (1 + exp(−(slope · score + offset))).
///
/// A score of votes is no probability: boosting pushes it outwards, and by that in the form of a
/// sigmoid (Niculescu-Mizil and Caruana 2005), which two numbers undo. Isotonic regression would bend
/// to any form, but takes a thousand held-out rows or more, ties scores that differed, and says 0 and
/// 1; a sigmoid keeps the ranking and takes few.
///
/// Fit it on rows that the model did **not** learn from, or it learns how well the model remembers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Platt {
    /// Per unit of the score.
    pub slope: f64,
    /// At a score of 0.
    pub offset: f64,
}

/// Rows of about the same score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// The lowest score and the highest.
    pub scores: (i64, i64),
    /// How many rows there are.
    pub n_rows: u64,
    /// How many of them are positive.
    pub n_positives: u64,
    /// The probability that they were given, on the mean.
    pub predicted: f64,
    /// The share that is positive.
    pub observed: f64,
    /// Wilson's 95 % interval of that share.
    pub interval: Interval,
}

/// Newton's method takes a handful of steps; these bound it where numbers do not behave.
const MOST_STEPS: u32 = 100;
const SHORTEST_STEP: f64 = 1e-10;
/// A step is worth taking if the error falls by this share of what its slope promises.
const SUFFICIENT: f64 = 1e-4;
/// A step that promises less is within a thousandth of a standard error, where rounding may hide what
/// it gains: it is taken unseen.
const UNSEEN: f64 = 1e-6;
/// What is added to the curvatures, so that a score that says nothing has a step as well.
const RIDGE: f64 = 1e-12;
/// What probabilities are off by, summed, per row, where no step is needed any more.
const FLAT: f64 = 1e-12;

impl Platt {
    /// Fits the sigmoid of greatest likelihood to held-out scores and their truth.
    ///
    /// The truth counts as (P + 1) / (P + 2) and 1 / (N + 2), not as 1 and 0, so that scores that part
    /// the classes have finite probabilities. A score that says nothing gives every row the
    /// share of positive rows, nearly.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoPositives`](Undefined::NoPositives),
    /// [`NoNegatives`](Undefined::NoNegatives).
    ///
    /// # References
    ///
    /// J. C. Platt, *Probabilistic Outputs for Support Vector Machines and Comparisons to Regularized
    /// Likelihood Methods*, 1999; by Newton's method and without its losses of digits as H.-T. Lin,
    /// C.-J. Lin, R. C. Weng, *A Note on Platt's Probabilistic Outputs for Support Vector Machines*,
    /// Machine Learning 68, 2007, algorithm 1. The choice: A. Niculescu-Mizil, R. Caruana,
    /// *Predicting Good Probabilities with Supervised Learning*, ICML 2005.
    pub fn fit(curve: &Curve) -> Result<Self, Undefined> {
        let rows = Rows::new(curve)?;
        let mut at = [0.0, libm::log((rows.n[0] + 1.0) / (rows.n[1] + 1.0))];
        let mut found = rows.likelihood(at);
        for _ in 0..MOST_STEPS {
            let [slope, offset] = found.gradient;
            if slope.abs().max(offset.abs()) <= FLAT * (rows.n[0] + rows.n[1]) {
                break;
            }
            let Some(next) = rows.search(at, &found) else { break };
            (at, found) = next;
        }
        let slope = at[0] / rows.unit;
        Ok(Self { slope, offset: at[1] - slope * rows.mean })
    }

    /// The probability that a row of this score is positive.
    pub fn probability(&self, score: i64) -> f64 {
        1.0 / (1.0 + libm::exp(-(self.slope * score as f64 + self.offset)))
    }
}

/// Rows to fit to. Newton's steps do not depend on where scores have their 0 and how large they are,
/// but digits do: here scores count from their mean, in units of the farthest.
struct Rows<'a> {
    curve: &'a Curve,
    /// P and N.
    n: [f64; 2],
    mean: f64,
    unit: f64,
}

/// The negative logarithm of a likelihood, and how it changes with slope and offset.
#[derive(Default)]
struct Likelihood {
    error: f64,
    gradient: [f64; 2],
    /// By slope twice, by both, by offset twice.
    hessian: [f64; 3],
}

impl<'a> Rows<'a> {
    fn new(curve: &'a Curve) -> Result<Self, Undefined> {
        let n = curve.both_sides()?.map(|count| count as f64);
        let mut sum = 0.0;
        for level in curve.levels() {
            sum += level.score as f64 * (f64::from(level.positives) + f64::from(level.negatives));
        }
        let mean = sum / (n[0] + n[1]);
        let mut unit = 0.0;
        for end in [curve.steps().first(), curve.steps().last()].into_iter().flatten() {
            unit = (end.score as f64 - mean).abs().max(unit);
        }
        Ok(Self { curve, n, mean, unit: if unit > 0.0 { unit } else { 1.0 } })
    }

    /// One step of Newton's, halved until it is worth taking.
    fn search(&self, at: [f64; 2], found: &Likelihood) -> Option<([f64; 2], Likelihood)> {
        let [by_slope, by_offset] = found.gradient;
        let [a, b, c] = [found.hessian[0] + RIDGE, found.hessian[1], found.hessian[2] + RIDGE];
        let determinant = a * c - b * b;
        let step = [
            (b * by_offset - c * by_slope) / determinant,
            (b * by_slope - a * by_offset) / determinant,
        ];
        let descent = by_slope * step[0] + by_offset * step[1];
        let mut length = 1.0;
        while length >= SHORTEST_STEP {
            let next = [at[0] + length * step[0], at[1] + length * step[1]];
            let there = self.likelihood(next);
            if -descent < UNSEEN || there.error < found.error + SUFFICIENT * length * descent {
                return Some((next, there));
            }
            length /= 2.0;
        }
        None
    }

    fn likelihood(&self, [slope, offset]: [f64; 2]) -> Likelihood {
        let targets = [(self.n[0] + 1.0) / (self.n[0] + 2.0), 1.0 / (self.n[1] + 2.0)];
        let mut sums = Likelihood::default();
        for level in self.curve.levels() {
            let score = (level.score as f64 - self.mean) / self.unit;
            let (positives, negatives) = (f64::from(level.positives), f64::from(level.negatives));
            let n_rows = positives + negatives;
            let target = positives * targets[0] + negatives * targets[1];
            let logit = slope * score + offset;
            // Neither overflows nor loses digits, on either side of 0.
            let small = libm::exp(-logit.abs());
            let likelier = 1.0 / (1.0 + small);
            let probability = if logit >= 0.0 { likelier } else { small * likelier };
            sums.error += n_rows * (logit.max(0.0) + libm::log1p(small)) - target * logit;
            let off = n_rows * probability - target;
            sums.gradient[0] += score * off;
            sums.gradient[1] += off;
            let curvature = n_rows * small * likelier * likelier;
            sums.hessian[0] += score * score * curvature;
            sums.hessian[1] += score * curvature;
            sums.hessian[2] += curvature;
        }
        sums
    }
}

impl Curve {
    /// The Brier score of probabilities: the mean square of what they are off by, 0 at best.
    /// `probability` gives that of a score, such as [`Platt::probability`].
    ///
    /// The share of positive rows given to every row has the score π (1 − π): more is worse than
    /// knowing nothing.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows).
    ///
    /// # References
    ///
    /// G. W. Brier, *Verification of Forecasts Expressed in Terms of Probability*, Monthly Weather
    /// Review 78, 1950; halved, as is usual for two classes.
    pub fn brier_score(&self, probability: &dyn Fn(i64) -> f64) -> Figure {
        let (mut sum, mut n_rows) = (0.0, 0.0);
        for level in self.levels() {
            let (positives, negatives) = (f64::from(level.positives), f64::from(level.negatives));
            let p = probability(level.score);
            sum += positives * (1.0 - p) * (1.0 - p) + negatives * p * p;
            n_rows += positives + negatives;
        }
        if n_rows == 0.0 { Err(Undefined::NoRows) } else { Ok(sum / n_rows) }
    }

    /// The rows in `n_bins` bins of about equally many, by score ascending: how probable they were
    /// said to be positive, and how many are. Rows of one score are in one bin, so there may be fewer.
    ///
    /// # Panics
    ///
    /// If `n_bins` is 0.
    pub fn reliability(
        &self,
        n_bins: u32,
        probability: &dyn Fn(i64) -> f64,
    ) -> Vec<ReliabilityBin> {
        assert!(n_bins > 0, "rows need a bin");
        let n = u64::from(self.n_positives()) + u64::from(self.n_negatives());
        let mut bins = Vec::new();
        let mut sums = Sums::default();
        let (mut done, mut n_full) = (0, 0);
        for level in self.levels() {
            let n_rows = u64::from(level.positives) + u64::from(level.negatives);
            if sums.n_rows == 0 {
                sums.highest = level.score;
            }
            sums.n_rows += n_rows;
            sums.n_positives += u64::from(level.positives);
            sums.predicted += n_rows as f64 * probability(level.score);
            done += n_rows;
            // A large tie may fill several bins: it is one all the same.
            if done * u64::from(n_bins) / n > n_full {
                n_full = done * u64::from(n_bins) / n;
                bins.extend(sums.bin(level.score));
                sums = Sums::default();
            }
        }
        bins.reverse();
        bins
    }
}

/// A bin that fills.
#[derive(Default)]
struct Sums {
    highest: i64,
    n_rows: u64,
    n_positives: u64,
    predicted: f64,
}

impl Sums {
    fn bin(&self, lowest: i64) -> Option<ReliabilityBin> {
        let interval = wilson(self.n_positives, self.n_rows).ok()?;
        Some(ReliabilityBin {
            scores: (lowest, self.highest),
            n_rows: self.n_rows,
            n_positives: self.n_positives,
            predicted: self.predicted / self.n_rows as f64,
            observed: self.n_positives as f64 / self.n_rows as f64,
            interval,
        })
    }
}

/// Returns the expected calibration error: how far probability and truth are apart in bins, on the
/// mean over rows. It is 0 for probabilities that are right, and a little more by chance.
///
/// # Errors
///
/// [`NoRows`](Undefined::NoRows).
///
/// # References
///
/// M. P. Naeini, G. F. Cooper, M. Hauskrecht, *Obtaining Well Calibrated Probabilities Using Bayesian
/// Binning*, AAAI 2015; here with bins of equally many rows.
pub fn calibration_error(bins: &[ReliabilityBin]) -> Figure {
    let (mut sum, mut n_rows) = (0.0, 0.0);
    for bin in bins {
        sum += bin.n_rows as f64 * (bin.predicted - bin.observed).abs();
        n_rows += bin.n_rows as f64;
    }
    if n_rows == 0.0 { Err(Undefined::NoRows) } else { Ok(sum / n_rows) }
}
