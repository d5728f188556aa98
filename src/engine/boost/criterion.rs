//! How good a test is: what the two sides of it lose.

use super::{Learner, Params, plan::Weighing};

/// Losses whose difference is below this share of the total weight count as equal.
///
/// Weights are rounded in every round, by half a unit each: tests that part the rows equally well
/// would else be told apart by that.
pub(super) const TIE: f64 = 1e-12;

/// What a good test makes small, in units of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Criterion {
    /// `Z = 2 Σ √(W₊ W₋)` over the sides (Schapire & Singer 1999, § 4.1).
    Z,
    /// The same, over the classes too (their § 5: AdaBoost.MH).
    ZByClass,
    /// The weight of the rows that are not of their side's heaviest class: the weighted error.
    Error,
    /// The weight times the impurity, `Σ W (1 − Σ p²)` over the sides (Breiman et al. 1984, § 4.3).
    Gini,
}

impl Criterion {
    /// What tests of trees are chosen by.
    ///
    /// SAMME's stumps are those of least weighted error. Deeper trees of it grow by Gini's impurity, as
    /// CART's do: near the root a test rarely lowers the error at once, though it parts the classes.
    pub(super) fn of(params: &Params, weighing: Weighing) -> Self {
        match (params.learner, weighing) {
            (Learner::Confidence, Weighing::Rows) => Self::Z,
            (Learner::Confidence, Weighing::RowsByClass) => Self::ZByClass,
            (Learner::Samme, _) if params.depth == 1 => Self::Error,
            (Learner::Samme, _) => Self::Gini,
        }
    }

    /// What one side loses; `sums` are those of its cells together.
    #[inline]
    pub(super) fn loss(self, sums: &[u64]) -> f64 {
        match self {
            Self::Z => product_root(sums[0], sums[1]),
            Self::ZByClass => {
                let (all, own) = sums.split_at(sums.len() / 2);
                all.iter().zip(own).map(|(&all, &own)| product_root(own, all - own)).sum()
            }
            Self::Error => {
                let heaviest = sums.iter().copied().max().unwrap_or(0);
                (sums.iter().sum::<u64>() - heaviest) as f64
            }
            Self::Gini => {
                let total = sums.iter().sum::<u64>() as f64;
                let squares: f64 = sums.iter().map(|&sum| sum as f64 * sum as f64).sum();
                if total > 0.0 { total - squares / total } else { 0.0 }
            }
        }
    }
}

/// 2 √(ab), without overflow.
#[inline]
fn product_root(a: u64, b: u64) -> f64 {
    2.0 * (a as f64 * b as f64).sqrt()
}

/// All the weight that sums of a cell stand for.
pub(super) fn weight(sums: &[u64], weighing: Weighing) -> u64 {
    match weighing {
        Weighing::Rows => sums.iter().sum(),
        Weighing::RowsByClass => sums[..sums.len() / 2].iter().sum(),
    }
}
