//! Which rows a model learns from, and which it is judged by.
//!
//! A row's part follows from the seed and from what it is (its number, its group, its time), never from
//! the order in which rows are asked for.

use serde::{Deserialize, Serialize};

use super::leakage::unseen_classes;
use crate::{
    arrange::{sort_f64, sort_pairs},
    random::hash,
};

/// What a row is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// To learn from.
    Train,
    /// To judge by.
    Test,
}

/// The part of every row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// By row.
    pub parts: Vec<Part>,
    /// What is to be known about it.
    pub notes: Vec<SplitNote>,
}

/// What is to be known about a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SplitNote {
    /// A class that has one row, which is learnt from: nothing is known about how well.
    OneRow {
        /// The class.
        class: u8,
    },
    /// A class with fewer rows than there are folds: some have none of it.
    FewerThanFolds {
        /// The class.
        class: u8,
        /// Its rows.
        found: u32,
    },
    /// A class that is learnt and not judged, as no test row has it.
    NotTested {
        /// The class.
        class: u8,
    },
    /// A class that is judged and was never learnt: all its rows will be wrong.
    NotTrained {
        /// The class.
        class: u8,
        /// Its test rows.
        n_rows: u32,
    },
    /// Rows without a time; they are learnt from.
    NoTime {
        /// How many.
        n_rows: u32,
    },
}

/// Why rows cannot be split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum SplitError {
    #[error("there are no rows")]
    NoRows,
    #[error("all rows to learn from are of class {class}")]
    OneClass { class: u8 },
    #[error(
        "no row is left to judge by, as the rows cannot be parted: every class has just one, or all are of one \
         time, group or file. Choose a file with more rows, or split them another way"
    )]
    NothingToTest,
    #[error("no row is left to learn from")]
    NothingToTrain,
    #[error("a share of the rows is more than 0 and less than 1")]
    NoShare,
    #[error("{found} rows do not make {k} folds, of which there are at least 2")]
    TooFewRows { k: u8, found: u32 },
    #[error("{found} groups do not make {k} folds, of which there are at least 2")]
    TooFewGroups { k: u8, found: u32 },
}

/// Splits rows at random, class by class: of each, the `share` that judges, to the nearest row, but at
/// least one and not all where there are two. A class of one row is learnt from, and told.
///
/// Of each class the rows whose numbers have the smallest hashes judge, so a larger share of a seed has
/// all test rows of a smaller one. Takes O(n) time.
///
/// # Errors
///
/// [`NoRows`](SplitError::NoRows), [`NoShare`](SplitError::NoShare),
/// [`OneClass`](SplitError::OneClass), [`NothingToTest`](SplitError::NothingToTest).
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::{Part, stratified};
///
/// let classes = [vec![0; 90], vec![1; 10]].concat();
/// let split = stratified(&classes, 0.2, 7)?;
/// let n_test = |rows: &[Part]| rows.iter().filter(|&&part| part == Part::Test).count();
/// assert_eq!((n_test(&split.parts[..90]), n_test(&split.parts[90..])), (18, 2));
/// # Ok::<(), isoscope_engine::evaluate::SplitError>(())
/// ```
pub fn stratified(classes: &[u8], share: f64, seed: u64) -> Result<Split, SplitError> {
    let n_wanted = |n: u32| match n {
        0 | 1 => 0,
        _ => (nearest(share, n) as u32).clamp(1, n - 1),
    };
    checked(share)?;
    let mut hashes = vec![Vec::new(); 256];
    for (row, &class) in (0..).zip(classes) {
        hashes[usize::from(class)].push(hash(seed, row));
    }
    let (mut last, mut notes) = ([None; 256], Vec::new());
    for (class, hashes) in (0..=u8::MAX).zip(&mut hashes) {
        let n = hashes.len() as u32;
        if let Some(before) = n_wanted(n).checked_sub(1) {
            last[usize::from(class)] = Some(*hashes.select_nth_unstable(before as usize).1);
        }
        if n == 1 {
            notes.push(SplitNote::OneRow { class });
        }
    }
    // Different rows have different hashes.
    let is_test = |row: usize| Some(hash(seed, row as u64)) <= last[usize::from(classes[row])];
    let parts = parts_where(classes.len(), &is_test);
    finished(classes, parts, notes)
}

/// Splits rows by time: the last `share` of those that have one judges. Rows of one time stay together,
/// so the share is as near as times allow; rows without a time (NaN) are learnt from, and told.
///
/// What comes later is judged by what was known before, as it will be in use: bursts of like rows
/// cannot stand on both sides, as they do in a random split.
///
/// # Errors
///
/// [`NoRows`](SplitError::NoRows), [`NoShare`](SplitError::NoShare),
/// [`OneClass`](SplitError::OneClass), [`NothingToTest`](SplitError::NothingToTest): there are no two
/// times.
///
/// # Panics
///
/// Unless there is a class per row.
pub fn by_time(times: &[f64], classes: &[u8], share: f64) -> Result<Split, SplitError> {
    assert_eq!(classes.len(), times.len(), "a class per row");
    checked(share)?;
    let mut sorted: Vec<f64> = times.iter().copied().filter(|time| !time.is_nan()).collect();
    sort_f64(&mut sorted);
    let n_missing = (times.len() - sorted.len()) as u32;
    let goal = share * sorted.len() as f64;
    // The cut between two times behind which the number of rows is nearest; of two, the earlier.
    let (mut first, mut off) = (None, f64::INFINITY);
    for place in 1..sorted.len() {
        let off_here = ((sorted.len() - place) as f64 - goal).abs();
        if sorted[place - 1] < sorted[place] && off_here < off {
            (first, off) = (Some(sorted[place]), off_here);
        }
    }
    let notes =
        if n_missing > 0 { vec![SplitNote::NoTime { n_rows: n_missing }] } else { Vec::new() };
    let parts = parts_where(times.len(), &|row| first.is_some_and(|first| times[row] >= first));
    finished(classes, parts, notes)
}

/// Splits rows by groups, such as hosts, at random: all rows of a group are on one side.
///
/// Groups are gone through in the order of their hashes, and each that brings the test rows nearer to
/// their `share` judges; so the share is about right where no group is large.
///
/// # Errors
///
/// [`NoRows`](SplitError::NoRows), [`NoShare`](SplitError::NoShare),
/// [`OneClass`](SplitError::OneClass), [`NothingToTest`](SplitError::NothingToTest): every group is too
/// large; [`NothingToTrain`](SplitError::NothingToTrain).
///
/// # Panics
///
/// Unless there is a class per row.
pub fn by_group(
    groups: &[u32],
    classes: &[u8],
    share: f64,
    seed: u64,
) -> Result<Split, SplitError> {
    assert_eq!(classes.len(), groups.len(), "a class per row");
    checked(share)?;
    let goal = share * groups.len() as f64;
    let mut parts = vec![Part::Train; groups.len()];
    let mut n_test = 0.0_f64;
    // Different numbers have different hashes, so a run is a group.
    let rows = by_hash(groups.len(), &|row| hash(seed, groups[row as usize].into()));
    for group in rows.chunk_by(|a, b| a.0 == b.0) {
        let n_with = n_test + group.len() as f64;
        if (n_with - goal).abs() < (n_test - goal).abs() {
            n_test = n_with;
            for &(_, row) in group {
                parts[row as usize] = Part::Test;
            }
        }
    }
    finished(classes, parts, Vec::new())
}

/// Splits rows by the file of the table that they are from: those of `test` judge.
///
/// # Errors
///
/// [`NoRows`](SplitError::NoRows), [`OneClass`](SplitError::OneClass),
/// [`NothingToTest`](SplitError::NothingToTest), [`NothingToTrain`](SplitError::NothingToTrain).
///
/// # Panics
///
/// Unless there is a class per row.
pub fn by_file(files: &[u32], classes: &[u8], test: u32) -> Result<Split, SplitError> {
    assert_eq!(classes.len(), files.len(), "a class per row");
    finished(classes, parts_where(files.len(), &|row| files[row] == test), Vec::new())
}

fn checked(share: f64) -> Result<(), SplitError> {
    if share > 0.0 && share < 1.0 { Ok(()) } else { Err(SplitError::NoShare) }
}

fn nearest(share: f64, n: u32) -> f64 {
    (share * f64::from(n) + 0.5).floor()
}

/// The rows of each class.
pub(super) fn supports(classes: &[u8]) -> [u32; 256] {
    let mut supports = [0; 256];
    for &class in classes {
        supports[usize::from(class)] += 1;
    }
    supports
}

/// Hashes and their rows, the smallest hash first.
pub(super) fn by_hash(n_rows: usize, hash: &dyn Fn(u64) -> u64) -> Vec<(u64, u32)> {
    let mut hashes = Vec::with_capacity(n_rows);
    for row in 0..n_rows as u32 {
        hashes.push((hash(row.into()), row));
    }
    sort_pairs(&mut hashes);
    hashes
}

pub(super) fn parts_where(n_rows: usize, is_test: &dyn Fn(usize) -> bool) -> Vec<Part> {
    (0..n_rows).map(|row| if is_test(row) { Part::Test } else { Part::Train }).collect()
}

/// A split, if it can be learnt from and judged by, with what is to be known about its classes.
pub(super) fn finished(
    classes: &[u8],
    parts: Vec<Part>,
    mut notes: Vec<SplitNote>,
) -> Result<Split, SplitError> {
    let [mut train, mut test] = [[0_u32; 256]; 2];
    for (&class, part) in classes.iter().zip(&parts) {
        let side = if *part == Part::Train { &mut train } else { &mut test };
        side[usize::from(class)] += 1;
    }
    let n_classes = |side: &[u32; 256]| side.iter().filter(|&&n| n > 0).count();
    match (n_classes(&train), n_classes(&test)) {
        (0, 0) => return Err(SplitError::NoRows),
        (0, _) => return Err(SplitError::NothingToTrain),
        (1, _) => {
            let class = train.iter().position(|&n| n > 0).expect("one class has rows");
            return Err(SplitError::OneClass { class: class as u8 });
        }
        (_, 0) => return Err(SplitError::NothingToTest),
        _ => {}
    }
    for class in 0..=u8::MAX {
        let index = usize::from(class);
        let is_told = notes.contains(&SplitNote::OneRow { class });
        if train[index] > 0 && test[index] == 0 && !is_told {
            notes.push(SplitNote::NotTested { class });
        }
    }
    for (class, n_rows) in unseen_classes(classes, &parts) {
        notes.push(SplitNote::NotTrained { class, n_rows });
    }
    Ok(Split { parts, notes })
}
