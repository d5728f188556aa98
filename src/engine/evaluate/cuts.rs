//! Where to cut a score: by F, or by what mistakes cost.
//!
//! A cut is chosen on a part of the rows that neither trained the model nor judges it: the best cut of
//! the test rows is the best of them by chance as well, and what it promises is not kept.

use serde::{Deserialize, Serialize};

use super::{
    binary::Counts,
    confusion::Confusion,
    curve::{Curve, Step},
    figure::Undefined,
};

/// A cut, and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cut {
    /// Rows that score at least this are flagged; where there is none, no row is.
    pub threshold: Option<i64>,
    /// What it does to the rows that it was chosen on.
    pub counts: Counts,
    /// What it was chosen for: F, the expected cost per row, or the share of false alarms.
    pub value: f64,
}

/// What mistakes cost, in any one unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Costs {
    /// A positive row that is not flagged.
    pub missed: f64,
    /// Another row that is.
    pub false_alarm: f64,
}

impl Curve {
    /// The cut with the highest `F_β`; of equally good ones, that which flags fewest.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoPositives`](Undefined::NoPositives).
    pub fn best_f(&self, beta: f64) -> Result<Cut, Undefined> {
        if self.n_positives() == 0 {
            self.both_sides()?;
        }
        // A positive row can be flagged, so there is a better cut than none.
        Ok(self.best(|counts| -counts.f(beta).unwrap_or(0.0)).negated())
    }

    /// The cut with the least expected cost per row, π · missed · FNR + (1 − π) · false alarm · FPR;
    /// of equally good ones, that which flags fewest: it may flag no row at all.
    ///
    /// `base_rate` (π) is the share of positive rows where the cut will be used; without one, it is
    /// that of the rows at hand.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoPositives`](Undefined::NoPositives),
    /// [`NoNegatives`](Undefined::NoNegatives).
    ///
    /// # Panics
    ///
    /// If the base rate is not within 0 and 1.
    ///
    /// # References
    ///
    /// C. Elkan, *The Foundations of Cost-Sensitive Learning*, IJCAI 2001, § 1; rates in place of
    /// probabilities.
    pub fn least_cost(&self, costs: Costs, base_rate: Option<f64>) -> Result<Cut, Undefined> {
        let [p, n] = self.both_sides()?.map(|count| count as f64);
        let base_rate = base_rate.unwrap_or(p / (p + n));
        assert!((0.0..=1.0).contains(&base_rate), "a share is within 0 and 1");
        // Per row at hand.
        let missed = base_rate * costs.missed / p;
        let false_alarm = (1.0 - base_rate) * costs.false_alarm / n;
        Ok(self.best(|counts| {
            missed * counts.false_negatives as f64 + false_alarm * counts.false_positives as f64
        }))
    }

    /// The lowest cut that flags at most this share of the other rows: it finds most positive rows that
    /// can be found at so few false alarms. Its value is the share that it flags.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoNegatives`](Undefined::NoNegatives).
    ///
    /// # References
    ///
    /// J. Neyman, E. S. Pearson, *On the Problem of the Most Efficient Tests of Statistical Hypotheses*,
    /// Philosophical Transactions A 231, 1933.
    pub fn most_found(&self, false_alarms: f64) -> Result<Cut, Undefined> {
        let n = f64::from(self.n_negatives());
        if n == 0.0 {
            let is_empty = self.n_positives() == 0;
            return Err(if is_empty { Undefined::NoRows } else { Undefined::NoNegatives });
        }
        let is_allowed = |step: &Step| f64::from(step.false_positives) <= false_alarms * n;
        let n_allowed = self.steps().partition_point(is_allowed);
        let last = n_allowed.checked_sub(1).map(|last| self.steps()[last]);
        let counts = self.counts(last);
        let value = counts.false_positives as f64 / n;
        Ok(Cut { threshold: last.map(|step| step.score), counts, value })
    }

    /// The first cut with the least value.
    fn best(&self, value: impl Fn(&Counts) -> f64) -> Cut {
        let counts = self.counts(None);
        let mut best = Cut { threshold: None, counts, value: value(&counts) };
        for &step in self.steps() {
            let Step { score, .. } = step;
            let counts = self.counts(Some(step));
            let value = value(&counts);
            if value < best.value {
                best = Cut { threshold: Some(score), counts, value };
            }
        }
        best
    }
}

impl Cut {
    fn negated(self) -> Self {
        Self { value: -self.value, ..self }
    }
}

impl Confusion {
    /// What all rows cost: the sum of what each costs by its true and its predicted class.
    ///
    /// `costs` are laid out as [`cells`](Self::cells): a row per true class, the last for classes that
    /// training never saw, each of a cost per predicted class.
    ///
    /// # Panics
    ///
    /// Unless there is a cost per cell.
    pub fn cost(&self, costs: &[f64]) -> f64 {
        assert_eq!(costs.len(), self.cells().len(), "a cost per cell");
        let mut sum = 0.0;
        for (&count, cost) in self.cells().iter().zip(costs) {
            sum += count as f64 * cost;
        }
        sum
    }
}
