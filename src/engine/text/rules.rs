//! How the records of one table are read, and what makes one odd.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Dialect, NoticeKind, Treatment,
    records::{Cell, Padded, unquoted},
};
use crate::table::{
    missing::Missing,
    value::{Value, read},
};

/// How the records of one table are read.
///
/// They are found in the first bytes of the file and hold for all of it, so what a record becomes
/// depends on its own bytes alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// How cells and records are separated.
    pub dialect: Dialect,
    /// Cells of a row; 0 where that is not known: then no record is odd.
    pub width: usize,
    /// What the columns hold, as far as the first rows tell; may be empty.
    pub columns: Vec<Sketch>,
    /// The records that name the columns: they are known again further down.
    pub header: Vec<Vec<Vec<u8>>>,
    /// The comment line that names the columns, where one does: Zeek's `#fields`.
    pub named: Vec<u8>,
    /// What is done with oddities, where it is not the usual.
    pub treatments: BTreeMap<NoticeKind, Treatment>,
}

/// What most cells of a column are, in its first rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// What they are.
    pub class: Class,
    /// Whether none of them is missing.
    pub is_always_there: bool,
}

/// What a cell is, coarsely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum Class {
    Missing,
    Number,
    Time,
    Address,
    Boolean,
    Text,
}

impl Class {
    /// The class of a cell's text.
    pub fn of(text: &[u8]) -> Self {
        match read(text, Missing::usual()) {
            Value::Missing => Self::Missing,
            Value::Time(..) => Self::Time,
            Value::Address => Self::Address,
            Value::Boolean(_) => Self::Boolean,
            Value::Text if is_grouped_number(text) => Self::Number,
            Value::Text => Self::Text,
            _ => Self::Number,
        }
    }

    /// Whether it is more than text.
    pub fn is_typed(self) -> bool {
        !matches!(self, Self::Missing | Self::Text)
    }
}

/// Whether a text is a number with other marks than a point: `1,5`, `1.234.567,89`, `1'000`.
fn is_grouped_number(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    digits.first().is_some_and(u8::is_ascii_digit)
        && digits.last().is_some_and(u8::is_ascii_digit)
        && digits.iter().filter(|byte| !byte.is_ascii_digit()).all(|byte| b".,'".contains(byte))
}

impl Sketch {
    /// Rows of which this share has one class make a column of it.
    const SHARE: f64 = 0.9;

    /// What a column holds whose cells have these classes.
    pub fn of(cells: impl Iterator<Item = Class>) -> Self {
        let mut counts: BTreeMap<Class, u32> = BTreeMap::new();
        for class in cells {
            *counts.entry(class).or_insert(0) += 1;
        }
        let n_missing = counts.remove(&Class::Missing).unwrap_or(0);
        let n_there: u32 = counts.values().sum();
        let most = counts.into_iter().max_by_key(|&(_, n)| n);
        let class = match most {
            Some((class, n)) if f64::from(n) >= f64::from(n_there) * Self::SHARE => class,
            Some(_) => Class::Text,
            None => Class::Missing,
        };
        Self { class, is_always_there: n_missing == 0 && n_there > 0 }
    }

    /// How well a cell fits: 1 as expected, −1 against expectation, 0 where nothing was expected.
    fn fit(self, class: Class) -> i32 {
        match (self.class, class) {
            (Class::Missing, Class::Missing) => 1,
            (_, Class::Missing) => -i32::from(self.is_always_there),
            (Class::Text, _) => 0,
            (own, class) => {
                if own == class {
                    1
                } else {
                    -1
                }
            }
        }
    }
}

impl Rules {
    /// A dialect, and nothing known of the table.
    pub fn of(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }

    /// What is done with a kind of oddity.
    pub fn treatment(&self, kind: NoticeKind) -> Treatment {
        let usual = kind.choices().first().copied().unwrap_or(Treatment::Keep);
        self.treatments.get(&kind).copied().unwrap_or(usual)
    }

    /// What cells are.
    pub(super) fn classes(&self, text: Padded<'_>, cells: &[Cell]) -> Vec<Class> {
        let mut scratch = Vec::new();
        let class = |cell: &Cell| Class::of(unquoted(text, *cell, &self.dialect, &mut scratch));
        cells.iter().map(class).collect()
    }

    /// How well a cell of this class fits a column: 0 where nothing is known of it.
    pub(super) fn fit_at(&self, column: usize, class: Class) -> i32 {
        self.columns.get(column).map_or(0, |column| column.fit(class))
    }

    /// How well each cell fits the column that is `shift` to the right of its own place.
    pub(super) fn fits(&self, classes: &[Class], shift: isize) -> Vec<i32> {
        let fit = |(place, &class): (usize, &Class)| {
            place.checked_add_signed(shift).map_or(0, |column| self.fit_at(column, class))
        };
        classes.iter().enumerate().map(fit).collect()
    }

    /// How well cells fit their columns: what fits less what does not.
    pub(super) fn fit(&self, classes: &[Class]) -> i32 {
        self.fits(classes, 0).iter().sum()
    }

    /// Whether a column is more than text, so that a row can be told from other lines.
    pub(super) fn has_typed(&self) -> bool {
        self.columns.iter().any(|column| column.class.is_typed())
    }

    /// Whether a record of another width than the table's looks like the beginning of something
    /// else: a summary, or another table.
    pub fn breaks(&self, text: Padded<'_>, cells: &[Cell]) -> bool {
        let (mut n_fit, mut n_against) = (0, 0);
        for (column, class) in self.columns.iter().zip(self.classes(text, cells)) {
            if column.class.is_typed() && class != Class::Missing {
                *if column.class == class { &mut n_fit } else { &mut n_against } += 1;
            }
        }
        n_against > n_fit || cells.len() == 1 && self.width > 2 && n_fit == 0
    }

    /// Whether a record is one of those that name the columns.
    pub(super) fn is_header(&self, text: Padded<'_>, cells: &[Cell]) -> bool {
        let mut scratch = Vec::new();
        self.header.iter().any(|names| {
            names.len() == cells.len()
                && names
                    .iter()
                    .zip(cells)
                    .all(|(name, cell)| unquoted(text, *cell, &self.dialect, &mut scratch) == name)
        })
    }
}
