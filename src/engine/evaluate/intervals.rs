//! How far figures may be off by chance: intervals that hold the true one 95 times in 100.

use serde::{Deserialize, Serialize};

use super::{curve::Curve, figure::Undefined};

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// Returns Wilson's 95 % interval of a share of which `n_hits` of `n` were seen: of accuracy,
/// precision, recall or the false positive rate. It holds what was seen, stays within 0 and 1, and
/// has a width even where all or none were hit.
///
/// # Errors
///
/// [`NoRows`](Undefined::NoRows).
///
/// # Panics
///
/// If there are more hits than rows.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::wilson;
///
/// let interval = wilson(0, 10)?;
/// assert!(interval.low == 0.0 && (interval.high - 0.277_5).abs() < 1e-4);
/// # Ok::<(), isoscope_engine::evaluate::Undefined>(())
/// ```
///
/// # References
///
/// E. B. Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, JASA 22,
/// 1927.
pub fn wilson(n_hits: u64, n: u64) -> Result<Interval, Undefined> {
    assert!(n_hits <= n, "hits are rows");
    if n == 0 {
        return Err(Undefined::NoRows);
    }
    let n_rows = n as f64;
    let share = n_hits as f64 / n_rows;
    let whole = 1.0 + Z * Z / n_rows;
    let middle = (share + Z * Z / (2.0 * n_rows)) / whole;
    let spread = share * (1.0 - share) / n_rows + Z * Z / (4.0 * n_rows * n_rows);
    let half = Z * spread.sqrt() / whole;
    // The formula's ends there, but for rounding.
    let low = if n_hits == 0 { 0.0 } else { middle - half };
    let high = if n_hits == n { 1.0 } else { middle + half };
    Ok(Interval { low, high })
}

impl Curve {
    /// DeLong's 95 % interval of the area under the ROC curve, on the logit scale: so it stays
    /// within 0 and 1, and is as wide as it must be near 1.
    ///
    /// The placements of rows (each row's share of the other side that it is on the right side of)
    /// follow from their mid-ranks, and so from the curve's steps; their sums are integers. Takes
    /// O(n) time.
    ///
    /// # Errors
    ///
    /// - As [`roc_auc`](Self::roc_auc).
    /// - [`NoSpread`](Undefined::NoSpread): a side has one row only, or all rows of either side are
    ///   placed alike, as where the sides do not overlap.
    ///
    /// # References
    ///
    /// E. R. DeLong, D. M. DeLong, D. L. Clarke-Pearson, *Comparing the Areas under Two or More
    /// Correlated Receiver Operating Characteristic Curves*, Biometrics 44, 1988, eq. 3–5; by ranks
    /// as X. Sun, W. Xu, *Fast Implementation of DeLong's Algorithm*, IEEE Signal Processing Letters
    /// 21, 2014. The scale: M. S. Pepe, *The Statistical Evaluation of Medical Tests*, 2003, § 5.2.
    pub fn roc_auc_interval(&self) -> Result<Interval, Undefined> {
        let auc = self.roc_auc()?;
        let deviation = self.roc_auc_variance()?.sqrt();
        if deviation == 0.0 {
            return Err(Undefined::NoSpread);
        }
        let logit = libm::log(auc / (1.0 - auc));
        let half = Z * deviation / (auc * (1.0 - auc));
        let share = |logit: f64| 1.0 / (1.0 + libm::exp(-logit));
        Ok(Interval { low: share(logit - half), high: share(logit + half) })
    }

    /// A 95 % interval of [average precision](Self::average_precision) by formula, on the logit scale: as
    /// if it were the share of positive rows that are hit. It takes no time, where the
    /// [bootstrap](Self::average_precision_interval) takes some for each of many classes; and is wider.
    ///
    /// # Errors
    ///
    /// - As [`average_precision`](Self::average_precision).
    /// - [`NoSpread`](Undefined::NoSpread): it is 0 or 1.
    ///
    /// # References
    ///
    /// K. Boyd, K. H. Eng, C. D. Page, *Area under the Precision-Recall Curve: Point Estimates and
    /// Confidence Intervals*, ECML PKDD 2013, § 4: the logit interval.
    pub fn average_precision_logit_interval(&self) -> Result<Interval, Undefined> {
        let found = self.average_precision()?;
        let spread = f64::from(self.n_positives()) * found * (1.0 - found);
        if spread <= 0.0 {
            return Err(Undefined::NoSpread);
        }
        let logit = libm::log(found / (1.0 - found));
        let half = Z / spread.sqrt();
        let share = |logit: f64| 1.0 / (1.0 + libm::exp(-logit));
        Ok(Interval { low: share(logit - half), high: share(logit + half) })
    }

    /// The variance of the area under the ROC curve: that of the mean placement of positive rows
    /// and that of negative ones, added up.
    ///
    /// # Errors
    ///
    /// As [`roc_auc_interval`](Self::roc_auc_interval), but that it may be 0.
    pub fn roc_auc_variance(&self) -> Result<f64, Undefined> {
        let [p, n] = self.both_sides()?;
        if p == 1 || n == 1 {
            return Err(Undefined::NoSpread);
        }
        // Sums of placements and of their squares, by side; in halves of a row of the other side.
        let (mut sums, mut squares) = ([0_u128; 2], [0_u128; 2]);
        let (mut above, mut below) = (0, n);
        for level in self.levels() {
            let (positives, negatives) = (u64::from(level.positives), u64::from(level.negatives));
            let sides = [(positives, 2 * below - negatives), (negatives, 2 * above + positives)];
            for (side, (n_rows, placement)) in sides.into_iter().enumerate() {
                let product = u128::from(n_rows) * u128::from(placement);
                sums[side] += product;
                squares[side] += product * u128::from(placement);
            }
            above += positives;
            below -= negatives;
        }
        let mut variance = 0.0;
        for (side, (n_rows, n_others)) in [(p, n), (n, p)].into_iter().enumerate() {
            // Rows are counted in 32 bits, so no product exceeds 128; the difference is exact.
            let spread = u128::from(n_rows) * squares[side] - sums[side] * sums[side];
            let (rows, others) = (n_rows as f64, n_others as f64);
            let of_one = spread as f64 / (rows * (rows - 1.0)) / (4.0 * others * others);
            variance += of_one / rows;
        }
        Ok(variance)
    }
}
