//! Gaussian naive Bayes, from counts.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Design, Learn, LearnError, LearntFrom, Rows, log_votes};
use crate::bulk::Bulk;

/// The part of the largest variance that is added to all: what keeps a number that is constant in a class
/// from deciding everything. scikit-learn's `var_smoothing`.
const SMOOTHING: f64 = 1e-9;

/// Numbers as independent normal deviates within each class.
///
/// # References
///
/// As scikit-learn's `GaussianNB`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bayes {
    /// By class, what is the same for every row: ln of the prior and of what deviates are divided by.
    constants: Bulk<f64>,
    /// `classes × numbers`.
    means: Bulk<f64>,
    /// The same.
    variances: Bulk<f64>,
}

impl Bayes {
    /// Learns from all training rows by how often each code comes with each class, as
    /// [`Design::of`] has them; priors are weighed by class.
    pub fn of(design: &Design, tallies: &[u32], class_weights: &[f64]) -> Self {
        let n_classes = class_weights.len();
        let width = design.width();
        let (mut means, mut variances) =
            (vec![0.0; n_classes * width], vec![1.0; n_classes * width]);
        let mut counts = vec![0.0; n_classes];
        let (mut place, mut largest) = (0, 0.0_f64);
        design.each(tallies, n_classes, &mut |values, tallies| {
            let of_all = |tallies: &[u64]| tallies.iter().sum();
            largest = largest.max(moments(values, tallies, n_classes, &of_all).2);
            for class in 0..n_classes {
                let of_class = |tallies: &[u64]| tallies[class];
                let (n, mean, variance) = moments(values, tallies, n_classes, &of_class);
                counts[class] = n;
                means[class * width + place] = mean;
                variances[class * width + place] = variance;
            }
            place += 1;
        });
        let all: f64 = counts.iter().zip(class_weights).map(|(n, weight)| n * weight).sum();
        let mut constants = Vec::with_capacity(n_classes);
        for (class, weight) in class_weights.iter().enumerate() {
            let mut constant = libm::log(counts[class] * weight / all);
            for variance in &mut variances[class * width..][..width] {
                *variance += SMOOTHING * largest;
                constant -= 0.5 * libm::log(std::f64::consts::TAU * *variance);
            }
            constants.push(constant);
        }
        Self { constants: Bulk(constants), means: Bulk(means), variances: Bulk(variances) }
    }

    /// ln of how likely a row is together with each class.
    pub fn logs(&self, row: &[f32]) -> Vec<f64> {
        let width = row.len();
        let log = |(class, constant): (usize, &f64)| {
            let means = &self.means[class * width..][..width];
            let variances = &self.variances[class * width..][..width];
            let mut sum = 0.0;
            for ((&x, mean), variance) in row.iter().zip(means).zip(variances) {
                let off = f64::from(x) - mean;
                sum += off * off / variance;
            }
            constant - 0.5 * sum
        };
        self.constants.iter().enumerate().map(log).collect()
    }
}

/// How many rows, their mean and their variance (divisor n), given values and how many rows of each class
/// have each.
fn moments(
    values: &[f64],
    tallies: &[u64],
    n_classes: usize,
    count: &dyn Fn(&[u64]) -> u64,
) -> (f64, f64, f64) {
    let sum = |of: &dyn Fn(f64) -> f64| {
        let each = values.iter().zip(tallies.chunks_exact(n_classes));
        each.map(|(&value, tallies)| count(tallies) as f64 * of(value)).sum::<f64>()
    };
    let n = sum(&|_| 1.0);
    let mean = sum(&|value| value) / n.max(1.0);
    (n, mean, sum(&|value| (value - mean) * (value - mean)) / n.max(1.0))
}

/// It has learnt already.
pub(super) struct Learner {
    rows: Rc<Rows>,
}

impl Learner {
    pub(super) fn new(rows: Rc<Rows>) -> Self {
        Self { rows }
    }
}

impl Learn for Learner {
    fn step(&mut self) -> Result<f64, LearnError> {
        Ok(1.0)
    }

    fn votes(&mut self, cells: Vec<f32>, votes: &mut Vec<i64>) {
        for row in cells.chunks_exact(self.rows.design.width()) {
            log_votes(&self.rows.bayes.logs(row), votes);
        }
    }

    fn learnt_from(&self) -> LearntFrom {
        LearntFrom::All
    }
}
