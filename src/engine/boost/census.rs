//! What rows there are: counted in every part, and added up before anything is decided.

use serde::{Deserialize, Serialize};

use crate::bulk::Bulk;

/// How many rows there are of each class and each code. Censuses of parts are added in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Training rows of each class.
    pub train: Bulk<u64>,
    /// Held-out rows of each class.
    pub held: Bulk<u64>,
    /// Training rows of each code, feature after feature, the code for missing values last in each.
    pub codes: Bulk<u32>,
    /// A bit for each class that these rows are of.
    pub(super) classes: Bulk<u64>,
}

impl Census {
    /// Adds the rows of another part.
    ///
    /// # Panics
    ///
    /// Unless both are of the same features and classes.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!(self.codes.len(), other.codes.len(), "the same features");
        for (sum, n) in self.codes.0.iter_mut().zip(&other.codes.0) {
            *sum += n;
        }
        for (all, classes) in self.classes.0.iter_mut().zip(&other.classes.0) {
            *all |= classes;
        }
        add(&mut self.train.0, &other.train);
        add(&mut self.held.0, &other.held);
    }

    /// All training rows.
    pub fn n_train(&self) -> u64 {
        self.train.iter().sum()
    }

    /// All held-out rows.
    pub fn n_held(&self) -> u64 {
        self.held.iter().sum()
    }
}

/// Adds numbers one by one.
#[inline]
pub(super) fn add(sums: &mut [u64], numbers: &[u64]) {
    assert_eq!(sums.len(), numbers.len(), "as many numbers as sums");
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += number;
    }
}
