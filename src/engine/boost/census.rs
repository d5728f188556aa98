//! What rows there are: counted in every part, and added up before anything is decided.

use serde::{Deserialize, Serialize};

use crate::{bulk::Bulk, matrix::Codes};

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

/// How many rows of each class have each code of a column, the one for missing values last: of `code` and
/// `class` at `[code · n_classes + class]`. Rows of a class that is not below `n_classes` are left out.
///
/// # Panics
///
/// If there are fewer classes than rows, or a code is above `missing`.
pub fn tally(codes: Codes<'_>, missing: u16, classes: &[u8], n_classes: u32) -> Vec<u32> {
    let mut counts = vec![0; (usize::from(missing) + 1) * n_classes as usize];
    match codes {
        Codes::U8(codes) => tally_all(codes, classes, n_classes as usize, &mut counts),
        Codes::U16(codes) => tally_all(codes, classes, n_classes as usize, &mut counts),
    }
    counts
}

#[inline(never)]
fn tally_all<T: Copy + Into<u16>>(
    codes: &[T],
    classes: &[u8],
    n_classes: usize,
    counts: &mut [u32],
) {
    assert!(codes.len() <= classes.len(), "a class per row");
    for (&code, &class) in codes.iter().zip(classes) {
        if usize::from(class) < n_classes {
            counts[usize::from(code.into()) * n_classes + usize::from(class)] += 1;
        }
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
