//! How some rows differ from all others.

use serde::{Deserialize, Serialize};

use super::super::view::Selection;

/// How the rows of a baseline differ from all others, column by column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The rows that the others are compared with.
    pub baseline: Selection,
    /// How many they are.
    pub n_baseline: u32,
    /// How many others there are.
    pub n_others: u32,
    /// The columns that were asked for, in that order, without those that have no codes.
    pub columns: Vec<ColumnDrift>,
}

/// How the values of a column differ from those of the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColumnDrift {
    /// The column.
    pub column: u32,
    /// The population stability index of its values, missing ones among them. By convention below
    /// 0.1 is calm, and above 0.25 another population.
    pub psi: Option<f64>,
    /// Numbers and times: the largest difference between the two distribution functions, from 0 to
    /// 1. `None` for categories, and where a side has no value.
    pub ks: Option<f64>,
    /// Rows of the baseline without a value, and others without one.
    pub n_missing: [u32; 2],
    /// The values that the baseline does not know. `None` for numbers and times where it has none
    /// to compare with.
    pub unseen: Option<Unseen>,
}

/// Values that no row of a baseline has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Unseen {
    /// Texts and booleans.
    Categories {
        /// Distinct ones.
        n_distinct: u32,
        /// Rows that have one of them.
        n_rows: u32,
        /// The most common ones, and how many rows have each; at most twenty.
        names: Vec<(String, u32)>,
    },
    /// Numbers and times: a number between those of the baseline is nothing new, even if no row has
    /// that very one, so what counts is what lies beyond all of them.
    Beyond {
        /// The smallest and the largest value of the baseline; where codes stand for ranges of
        /// numbers, the ends of the ranges.
        range: (f64, f64),
        /// Other rows whose value is smaller than all of the baseline.
        n_below: u32,
        /// Other rows whose value is larger.
        n_above: u32,
    },
}
