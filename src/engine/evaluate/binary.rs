//! One class against the rest.

use serde::{Deserialize, Serialize};

use super::figure::{Figure, Undefined, share};

/// How many rows a cut flags rightly and wrongly: the four cells that every figure of a yes-or-no
/// question is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// Flagged, and rightly.
    pub true_positives: u64,
    /// Flagged, and wrongly: false alarms.
    pub false_positives: u64,
    /// Missed.
    pub false_negatives: u64,
    /// Left alone, and rightly.
    pub true_negatives: u64,
}

impl Counts {
    /// Rows of the class in question, P.
    pub fn n_positives(&self) -> u64 {
        self.true_positives + self.false_negatives
    }

    /// All other rows, N.
    pub fn n_negatives(&self) -> u64 {
        self.false_positives + self.true_negatives
    }

    /// Rows that were flagged.
    pub fn n_flagged(&self) -> u64 {
        self.true_positives + self.false_positives
    }

    /// All rows.
    pub fn n_rows(&self) -> u64 {
        self.n_positives() + self.n_negatives()
    }

    /// The share of rows that were told rightly, (TP + TN) / (P + N).
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows).
    pub fn accuracy(&self) -> Figure {
        share(self.true_positives + self.true_negatives, self.n_rows(), Undefined::NoRows)
    }

    /// The share of flagged rows that were flagged rightly, TP / (TP + FP).
    ///
    /// # Errors
    ///
    /// [`NothingFlagged`](Undefined::NothingFlagged).
    pub fn precision(&self) -> Figure {
        share(self.true_positives, self.n_flagged(), Undefined::NothingFlagged)
    }

    /// The share of positive rows that were flagged, TP / P: the true positive rate.
    ///
    /// # Errors
    ///
    /// [`NoPositives`](Undefined::NoPositives).
    pub fn recall(&self) -> Figure {
        share(self.true_positives, self.n_positives(), Undefined::NoPositives)
    }

    /// The share of negative rows that were flagged, FP / N.
    ///
    /// # Errors
    ///
    /// [`NoNegatives`](Undefined::NoNegatives).
    pub fn false_positive_rate(&self) -> Figure {
        share(self.false_positives, self.n_negatives(), Undefined::NoNegatives)
    }

    /// The mean of the shares of both sides that were told rightly; ½ is chance.
    ///
    /// # Errors
    ///
    /// [`OneClass`](Undefined::OneClass): a side without rows has no share.
    pub fn balanced_accuracy(&self) -> Figure {
        match (self.recall(), self.false_positive_rate()) {
            (Ok(recall), Ok(false_alarms)) => Ok(f64::midpoint(recall, 1.0 - false_alarms)),
            _ if self.n_rows() == 0 => Err(Undefined::NoRows),
            _ => Err(Undefined::OneClass),
        }
    }

    /// `F_β`, the harmonic mean of precision and recall in which recall counts β times as much:
    /// (1 + β²) TP / ((1 + β²) TP + β² FN + FP).
    ///
    /// Where something could be found and nothing was flagged, it is 0.
    ///
    /// # Errors
    ///
    /// [`NothingToFind`](Undefined::NothingToFind): no row is positive and none was flagged.
    ///
    /// # References
    ///
    /// C. J. van Rijsbergen, *Information Retrieval*, Butterworths, 2nd ed. 1979, chapter 7: 1 − E
    /// with α = 1 / (1 + β²).
    pub fn f(&self, beta: f64) -> Figure {
        let square = beta * beta;
        let hits = (1.0 + square) * self.true_positives as f64;
        let whole = hits + square * self.false_negatives as f64 + self.false_positives as f64;
        if whole == 0.0 { Err(Undefined::NothingToFind) } else { Ok(hits / whole) }
    }

    /// F₁.
    ///
    /// # Errors
    ///
    /// As [`f`](Self::f).
    pub fn f1(&self) -> Figure {
        self.f(1.0)
    }

    /// F₂.
    ///
    /// # Errors
    ///
    /// As [`f`](Self::f).
    pub fn f2(&self) -> Figure {
        self.f(2.0)
    }

    /// Matthews' correlation coefficient of truth and flag, from −1 to 1; 0 is chance.
    ///
    /// # Errors
    ///
    /// What does not vary has no correlation: [`NoRows`](Undefined::NoRows),
    /// [`NoPositives`](Undefined::NoPositives), [`NoNegatives`](Undefined::NoNegatives),
    /// [`NothingFlagged`](Undefined::NothingFlagged), [`AllFlagged`](Undefined::AllFlagged).
    ///
    /// # References
    ///
    /// B. W. Matthews, *Comparison of the predicted and observed secondary structure of T4 phage
    /// lysozyme*, Biochimica et Biophysica Acta 405, 1975.
    pub fn mcc(&self) -> Figure {
        let n_flagged = self.n_flagged();
        let n_left = self.true_negatives + self.false_negatives;
        let reason = match () {
            () if self.n_rows() == 0 => Undefined::NoRows,
            () if self.n_positives() == 0 => Undefined::NoPositives,
            () if self.n_negatives() == 0 => Undefined::NoNegatives,
            () if n_flagged == 0 => Undefined::NothingFlagged,
            () if n_left == 0 => Undefined::AllFlagged,
            () => {
                let product = |a: u64, b: u64| i128::from(a) * i128::from(b);
                let covariance = product(self.true_positives, self.true_negatives)
                    - product(self.false_positives, self.false_negatives);
                let truth = product(self.n_positives(), self.n_negatives()) as f64;
                return Ok(covariance as f64 / (truth * product(n_flagged, n_left) as f64).sqrt());
            }
        };
        Err(reason)
    }
}
