//! What rates mean where the class in question is as rare as it is.

use serde::{Deserialize, Serialize};

use super::figure::{Figure, Undefined};

/// Returns the precision of a cut where a share `base_rate` (π) of rows is positive, by Bayes' rule:
/// TPR π / (TPR π + FPR (1 − π)).
///
/// Test sets are seldom as rare as life: what flags .95 of attacks and .01 of the rest has a precision
/// of .99 where half the rows are attacks, and of .087 where one in a thousand is.
///
/// # Errors
///
/// [`NothingFlagged`](Undefined::NothingFlagged): no row is, at these rates.
///
/// # Panics
///
/// If rates and shares are not within 0 and 1.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::precision_at_base_rate;
///
/// let precision = precision_at_base_rate(0.95, 0.01, 0.001)?;
/// assert!((precision - 0.087).abs() < 1e-3);
/// # Ok::<(), isoscope_engine::evaluate::Undefined>(())
/// ```
///
/// # References
///
/// S. Axelsson, *The Base-Rate Fallacy and the Difficulty of Intrusion Detection*, ACM TISSEC 3, 2000,
/// eq. 8.
pub fn precision_at_base_rate(
    true_positive_rate: f64,
    false_positive_rate: f64,
    base_rate: f64,
) -> Figure {
    let one = Workload::of(true_positive_rate, false_positive_rate, base_rate, 1.0);
    let flagged = one.true_alerts + one.false_alerts;
    if flagged == 0.0 { Err(Undefined::NothingFlagged) } else { Ok(one.true_alerts / flagged) }
}

/// What a cut means for who looks at it: how many of so many events, of a day, say.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Positive events that are flagged.
    pub true_alerts: f64,
    /// Other events that are.
    pub false_alerts: f64,
    /// Positive events that are not.
    pub missed: f64,
}

impl Workload {
    /// What to expect of `n_events` where a share `base_rate` of them is positive.
    ///
    /// # Panics
    ///
    /// If rates and shares are not within 0 and 1.
    pub fn of(
        true_positive_rate: f64,
        false_positive_rate: f64,
        base_rate: f64,
        n_events: f64,
    ) -> Self {
        for share in [true_positive_rate, false_positive_rate, base_rate] {
            assert!((0.0..=1.0).contains(&share), "a share is within 0 and 1");
        }
        let positives = n_events * base_rate;
        Self {
            true_alerts: positives * true_positive_rate,
            false_alerts: n_events * (1.0 - base_rate) * false_positive_rate,
            missed: positives * (1.0 - true_positive_rate),
        }
    }
}
