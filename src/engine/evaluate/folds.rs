//! Every row judged once: by a model that learnt from the rows of all other folds.

use serde::{Deserialize, Serialize};

use super::split::{Split, SplitError, SplitNote, by_hash, finished, parts_where, supports};
use crate::random::hash;

/// Every row's fold: the part that it is left out of, and judged in, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folds {
    /// By row, from 0.
    pub folds: Vec<u8>,
    /// What is to be known about them.
    pub notes: Vec<SplitNote>,
}

/// Deals rows out to `k` folds at random, class by class: neither a class nor all rows have two more
/// in one fold than in another.
///
/// # Errors
///
/// [`TooFewRows`](SplitError::TooFewRows), also where `k` is below 2; [`OneClass`](SplitError::OneClass).
pub fn stratified_folds(classes: &[u8], k: u8, seed: u64) -> Result<Folds, SplitError> {
    if k < 2 || classes.len() < usize::from(k) {
        return Err(SplitError::TooFewRows { k, found: classes.len() as u32 });
    }
    let mut notes = Vec::new();
    // The place of each class's next row, were all rows in order of their class.
    let mut places = [0; 256];
    let mut place = 0;
    let supports = supports(classes);
    for (class, n) in (0..=u8::MAX).zip(supports) {
        places[usize::from(class)] = place;
        place += n;
        if n == 1 {
            notes.push(SplitNote::OneRow { class });
        } else if (1..u32::from(k)).contains(&n) {
            notes.push(SplitNote::FewerThanFolds { class, found: n });
        }
    }
    if supports.iter().filter(|&&n| n > 0).count() == 1 {
        return Err(SplitError::OneClass { class: classes[0] });
    }
    let mut folds = vec![0; classes.len()];
    for (_, row) in by_hash(classes.len(), &|row| hash(seed, row)) {
        let place = &mut places[usize::from(classes[row as usize])];
        folds[row as usize] = (*place % u32::from(k)) as u8;
        *place += 1;
    }
    Ok(Folds { folds, notes })
}

/// Deals whole groups of rows out to `k` folds: all rows of a group are in one fold.
///
/// Groups are gone through in the order of their hashes, and each goes to the fold that has the fewest
/// rows by then, the first of several; so folds are about equal where no group is large.
///
/// # Errors
///
/// [`TooFewGroups`](SplitError::TooFewGroups), also where `k` is below 2;
/// [`OneClass`](SplitError::OneClass).
///
/// # Panics
///
/// Unless there is a class per row.
pub fn grouped_folds(
    groups: &[u32],
    classes: &[u8],
    k: u8,
    seed: u64,
) -> Result<Folds, SplitError> {
    assert_eq!(classes.len(), groups.len(), "a class per row");
    let rows = by_hash(groups.len(), &|row| hash(seed, groups[row as usize].into()));
    // Different numbers have different hashes, so a run is a group.
    let groups = || rows.chunk_by(|a, b| a.0 == b.0);
    if k < 2 || groups().nth(usize::from(k) - 1).is_none() {
        return Err(SplitError::TooFewGroups { k, found: groups().count() as u32 });
    }
    if supports(classes).iter().filter(|&&n| n > 0).count() == 1 {
        return Err(SplitError::OneClass { class: classes[0] });
    }
    let mut folds = vec![0; classes.len()];
    let mut sizes = vec![0; usize::from(k)];
    for group in groups() {
        let least = sizes.iter().copied().min().unwrap_or(0);
        let fold = sizes.iter().position(|&n| n == least).unwrap_or(0);
        sizes[fold] += group.len();
        for &(_, row) in group {
            folds[row as usize] = fold as u8;
        }
    }
    Ok(Folds { folds, notes: Vec::new() })
}

impl Folds {
    /// The split in which one fold judges and all others are learnt from.
    ///
    /// # Errors
    ///
    /// [`OneClass`](SplitError::OneClass), [`NothingToTest`](SplitError::NothingToTest).
    ///
    /// # Panics
    ///
    /// Unless there is a class per row.
    pub fn split(&self, classes: &[u8], fold: u8) -> Result<Split, SplitError> {
        assert_eq!(classes.len(), self.folds.len(), "a class per row");
        finished(classes, parts_where(classes.len(), &|row| self.folds[row] == fold), Vec::new())
    }
}
