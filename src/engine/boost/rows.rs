//! The rows of one part, gathered from its columns.

use serde::{Deserialize, Serialize};

use super::{Census, MAX_CLASSES};
use crate::{
    bulk::Bulk,
    matrix::{Codes, Feature},
};

/// What a row is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Trees are grown on it.
    Train,
    /// It is only watched: how many of these are wrong says when to stop.
    Held,
    /// It takes no part.
    Out,
}

/// The rows of one part that take part: a copy of their codes, training rows first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rows {
    pub(super) columns: Vec<Column>,
    pub(super) classes: Bulk<u8>,
    n_train: u32,
    census: Census,
    /// Of each column, where its counts begin among those of all codes.
    first_codes: Vec<u32>,
}

/// A column's codes, as narrow as they came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum Column {
    U8(Bulk<u8>),
    U16(Bulk<u16>),
}

impl Column {
    fn gather(codes: Codes<'_>, rows: &[u32]) -> Self {
        match codes {
            Codes::U8(codes) => Self::U8(Bulk(picked(codes, rows))),
            Codes::U16(codes) => Self::U16(Bulk(picked(codes, rows))),
        }
    }

    /// The codes of some of its rows.
    pub(super) fn pick(&self, rows: &[u32]) -> Self {
        Self::gather(self.codes(), rows)
    }

    pub(super) fn codes(&self) -> Codes<'_> {
        match self {
            Self::U8(codes) => Codes::U8(codes),
            Self::U16(codes) => Codes::U16(codes),
        }
    }
}

/// Adds other rows: training rows, of which each has so many, stay before the others.
#[inline(never)]
fn join<T: Copy>(own: &mut Bulk<T>, others: &[T], [n, m]: [usize; 2]) {
    own.0 = [&own.0[..n], &others[..m], &own.0[n..], &others[m..]].concat();
}

#[inline(never)]
fn picked<T: Copy>(codes: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().map(|&row| codes[row as usize]).collect()
}

impl Rows {
    /// Takes the rows that take part out of `columns`, which are all of one length, and counts them.
    ///
    /// `classes[row]` is below `n_classes`, at most 50; of rows that are `Out` it may be anything.
    ///
    /// # Panics
    ///
    /// If columns are not one per feature, of different lengths, or a class is not below `n_classes`.
    #[inline(never)]
    pub fn gather(
        columns: &[Codes<'_>],
        features: &[Feature],
        classes: &[u8],
        uses: &[Use],
        n_classes: u32,
    ) -> Self {
        assert_eq!(columns.len(), features.len(), "a column per feature");
        assert!(columns.iter().all(|column| column.len() == classes.len()), "a class per row");
        assert_eq!(classes.len(), uses.len(), "a use per row");
        assert!(n_classes <= MAX_CLASSES, "so many classes are offered");
        let of = |wanted: Use| {
            let rows = (0..).zip(uses).filter(move |&(_, &is)| is == wanted);
            rows.map(|(row, _)| row)
        };
        let mut rows: Vec<u32> = of(Use::Train).collect();
        let n_train = rows.len();
        rows.extend(of(Use::Held));
        let columns: Vec<Column> =
            columns.iter().map(|&codes| Column::gather(codes, &rows)).collect();
        let classes = picked(classes, &rows);
        assert!(classes.iter().all(|&class| u32::from(class) < n_classes), "classes are known");
        let by_class = |classes: &[u8]| {
            let mut counts = vec![0; n_classes as usize];
            for &class in classes {
                counts[usize::from(class)] += 1;
            }
            Bulk(counts)
        };
        let (mut codes, mut of_codes, mut first_codes) = (Vec::new(), Vec::new(), Vec::new());
        for (column, feature) in columns.iter().zip(features) {
            let first = codes.len();
            first_codes.push(first as u32);
            codes.resize(first + usize::from(feature.n_codes()) + 1, 0);
            of_codes.resize(codes.len(), 0);
            let (counts, of_codes) = (&mut codes[first..], &mut of_codes[first..]);
            match column {
                Column::U8(codes) => count(&codes[..n_train], &classes, counts, of_codes),
                Column::U16(codes) => count(&codes[..n_train], &classes, counts, of_codes),
            }
        }
        let census = Census {
            train: by_class(&classes[..n_train]),
            held: by_class(&classes[n_train..]),
            codes: Bulk(codes),
            classes: Bulk(of_codes),
        };
        Self { columns, classes: Bulk(classes), n_train: n_train as u32, census, first_codes }
    }

    /// Takes the rows of another part of the same table, too.
    ///
    /// # Panics
    ///
    /// If these have other columns.
    pub fn append(&mut self, other: &Self) {
        let n_train = [self.n_train(), other.n_train()];
        for (own, others) in self.columns.iter_mut().zip(&other.columns) {
            match (own, others) {
                (Column::U8(own), Column::U8(others)) => join(own, others, n_train),
                (Column::U16(own), Column::U16(others)) => join(own, others, n_train),
                _ => panic!("parts of a table have columns of one width"),
            }
        }
        join(&mut self.classes, &other.classes, n_train);
        self.n_train += other.n_train;
        self.census.merge(&other.census);
    }

    /// How many there are.
    pub fn census(&self) -> &Census {
        &self.census
    }

    /// How many training rows there are; they come first.
    pub(super) fn n_train(&self) -> usize {
        self.n_train as usize
    }

    /// How many training rows have each code of a column, and what follows.
    pub(super) fn counts(&self, column: u32) -> &[u32] {
        &self.census.codes[self.first_codes[column as usize] as usize..]
    }
}

/// Adds how many rows have each code of a feature, the one for missing values last; and of which
/// classes these are.
#[inline(never)]
fn count<T: Copy + Into<u16>>(
    codes: &[T],
    classes: &[u8],
    counts: &mut [u32],
    of_codes: &mut [u64],
) {
    for (&code, &class) in codes.iter().zip(classes) {
        let code = usize::from(code.into());
        counts[code] += 1;
        of_codes[code] |= 1 << class;
    }
}
