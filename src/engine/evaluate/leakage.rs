//! What a test could be flattered by: rows that were learnt by heart, columns that tell the label.

use serde::{Deserialize, Serialize};

use super::{
    curve::{Curve, comparable},
    figure::Undefined,
    split::Part,
};
use crate::arrange::sort_pairs;

/// Rows that are equal in all features.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twins {
    /// By row, whether it is a test row that has its equal among the rows learnt from. What a model is
    /// worth on all other test rows is what it is worth on rows that it has not met.
    pub has_twin: Vec<bool>,
    /// How many test rows do.
    pub n_twins: u32,
    /// How many of them are of a class that none of their equals there has.
    pub n_twins_of_another_class: u32,
    /// How many different rows are learnt from under more than one class: nobody can tell them right.
    pub n_contradictions: u32,
    /// How many rows that are.
    pub n_contradicting: u32,
}

impl Twins {
    /// Looks for equal rows by their hashes; of 128 bits, so that no two rows are taken to be equal
    /// that are not.
    ///
    /// Takes O(n log n) time.
    ///
    /// # Panics
    ///
    /// Unless there are a class and a part per row.
    pub fn find(hashes: &[[u64; 2]], classes: &[u8], parts: &[Part]) -> Self {
        assert!(hashes.len() == classes.len() && hashes.len() == parts.len(), "one per row");
        let mut rows = Vec::with_capacity(hashes.len());
        for (row, hash) in (0..).zip(hashes) {
            rows.push((hash[0], row));
        }
        sort_pairs(&mut rows);
        let mut twins = Self {
            has_twin: vec![false; hashes.len()],
            n_twins: 0,
            n_twins_of_another_class: 0,
            n_contradictions: 0,
            n_contradicting: 0,
        };
        let mut alike: Vec<(u64, u32)> = Vec::new();
        for run in rows.chunk_by(|a, b| a.0 == b.0) {
            if run.len() == 1 {
                continue;
            }
            alike.clear();
            for &(_, row) in run {
                alike.push((hashes[row as usize][1], row));
            }
            sort_pairs(&mut alike);
            for equal in alike.chunk_by(|a, b| a.0 == b.0) {
                twins.add(equal, classes, parts);
            }
        }
        twins
    }

    /// Takes in all rows of one kind.
    fn add(&mut self, equal: &[(u64, u32)], classes: &[u8], parts: &[Part]) {
        let (mut n_learnt, mut learnt) = (0, ClassSet::default());
        for &(_, row) in equal {
            if parts[row as usize] == Part::Train {
                n_learnt += 1;
                learnt.insert(classes[row as usize]);
            }
        }
        if n_learnt == 0 {
            return;
        }
        if learnt.len() > 1 {
            self.n_contradictions += 1;
            self.n_contradicting += n_learnt;
        }
        for &(_, row) in equal {
            let row = row as usize;
            if parts[row] == Part::Test {
                self.has_twin[row] = true;
                self.n_twins += 1;
                self.n_twins_of_another_class += u32::from(!learnt.contains(classes[row]));
            }
        }
    }
}

/// Classes, a bit each.
#[derive(Default)]
struct ClassSet([u64; 4]);

impl ClassSet {
    fn insert(&mut self, class: u8) {
        self.0[usize::from(class >> 6)] |= 1 << (class & 63);
    }

    fn contains(&self, class: u8) -> bool {
        self.0[usize::from(class >> 6)] >> (class & 63) & 1 == 1
    }

    fn len(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }
}

/// Returns the classes that test rows have and no row that is learnt from, and how many test rows,
/// ascending.
///
/// # Panics
///
/// Unless there is a part per row.
pub fn unseen_classes(classes: &[u8], parts: &[Part]) -> Vec<(u8, u32)> {
    assert_eq!(classes.len(), parts.len(), "a part per row");
    let (mut is_seen, mut n_tested) = ([false; 256], [0; 256]);
    for (&class, part) in classes.iter().zip(parts) {
        match part {
            Part::Train => is_seen[usize::from(class)] = true,
            Part::Test => n_tested[usize::from(class)] += 1,
        }
    }
    let mut unseen = Vec::new();
    for class in 0..=u8::MAX {
        let index = usize::from(class);
        if !is_seen[index] && n_tested[index] > 0 {
            unseen.push((class, n_tested[index]));
        }
    }
    unseen
}

/// What one column alone tells about the class.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Telltale {
    /// The area under the ROC curve, from ½ for ordered columns.
    pub roc_auc: f64,
    /// The class that it tells from all others.
    pub class: u8,
}

/// A column that alone reaches more is too good to be true: a label by another name, or known only
/// afterwards.
pub const TOO_GOOD: f64 = 0.99;

impl Telltale {
    /// Looks how well a column alone tells a class from all others on the test rows, and takes the class
    /// that it tells best; of equally good ones, the lowest.
    ///
    /// `train` and `test` hold how often each code comes with each class, `[code · n_classes + class]`,
    /// the code for missing values last. Codes of a ranked column count as they ascend, in either
    /// direction; those of another by the share of the class among the rows learnt from, drawn towards
    /// that of all rows as if one more row had it. So identifiers, of which every row has its own, tell
    /// nothing, as it should be. Classes of fewer than `least` test rows, or with fewer others, do not
    /// count: three rows of a class are soon the three highest of some column. Takes O(codes log codes)
    /// time per class.
    ///
    /// # Errors
    ///
    /// [`OneClass`](Undefined::OneClass): no class can be told from others, as the test rows have less
    /// than two.
    ///
    /// # Panics
    ///
    /// Unless both parts have as many codes, and a count for every class.
    pub fn find(
        train: &[u32],
        test: &[u32],
        n_classes: u8,
        is_ranked: bool,
        least: u32,
    ) -> Result<Self, Undefined> {
        let k = usize::from(n_classes);
        assert_eq!(train.len(), test.len(), "both parts have the same codes");
        assert!(k > 0 && train.len().is_multiple_of(k), "a count for every class");
        let mut best: Option<Self> = None;
        for class in 0..n_classes {
            let (mut n_own, mut n_others) = (0, 0);
            for cells in test.chunks(k) {
                n_own += cells[usize::from(class)];
                n_others += cells.iter().sum::<u32>() - cells[usize::from(class)];
            }
            if n_own.min(n_others) < least {
                continue;
            }
            let scores = if is_ranked {
                (0..).take(test.len() / k).collect()
            } else {
                shares(train, k, class.into())
            };
            let mut counts = Vec::with_capacity(scores.len());
            for cells in test.chunks(k) {
                let positives = cells[usize::from(class)];
                counts.push([positives, cells.iter().sum::<u32>() - positives]);
            }
            let Ok(found) = Curve::of_counts(&scores, &counts).roc_auc() else { continue };
            let roc_auc = if is_ranked { found.max(1.0 - found) } else { found };
            if best.is_none_or(|best| roc_auc > best.roc_auc) {
                best = Some(Self { roc_auc, class });
            }
        }
        best.ok_or(Undefined::OneClass)
    }

    /// Whether that is too good to be true.
    pub fn is_too_good(&self) -> bool {
        self.roc_auc > TOO_GOOD
    }
}

/// The share of a class among the rows of each code, as scores.
fn shares(train: &[u32], n_classes: usize, class: usize) -> Vec<i64> {
    let (mut hits, mut n_rows) = (0.0, 0.0);
    for cells in train.chunks(n_classes) {
        hits += f64::from(cells[class]);
        n_rows += f64::from(cells.iter().sum::<u32>());
    }
    let of_all = if n_rows > 0.0 { hits / n_rows } else { 0.0 };
    let mut scores = Vec::new();
    for cells in train.chunks(n_classes) {
        let n_here = f64::from(cells.iter().sum::<u32>());
        scores.push(comparable((f64::from(cells[class]) + of_all) / (n_here + 1.0)));
    }
    scores
}
