//! Chosen features as rank codes: what every model reads.
//!
//! A feature is a column that takes part. Its cells are codes: `0..n_codes` for values, and
//! `n_codes` itself, the top code, for a missing one. Codes of ordered columns ascend with the
//! value, so models compare integers; codes of unordered columns only tell values apart.

mod block;
mod numbers;

pub use block::{Block, Codes};
pub(crate) use numbers::Numbers;

use serde::{Deserialize, Serialize};

/// What codes of a feature stand for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Numbers and times: codes ascend with the value.
    Ranked {
        /// The smallest value of each code; finite, strictly ascending.
        lows: Vec<f64>,
        /// The largest value of each code, where a code stands for a range of values; empty where
        /// every code stands for one value.
        highs: Vec<f64>,
    },
    /// Texts and booleans: codes only tell values apart.
    Unordered,
}

/// A column that takes part, as models see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feature {
    order: Order,
    n_codes: u16,
}

impl Feature {
    /// The most different values a feature can have: above them stand the code for missing and
    /// one that no cell has.
    pub const MAX_CODES: u16 = u16::MAX - 1;

    /// A feature with an order, whose code `c` stands for the value `values[c]`.
    ///
    /// # Panics
    ///
    /// Unless `values` are finite, strictly ascending and at most [`MAX_CODES`](Self::MAX_CODES).
    pub fn ranked(values: Vec<f64>) -> Self {
        Self::quantiles(values, Vec::new())
    }

    /// A feature with an order, whose code `c` stands for the values `lows[c]..=highs[c]`.
    ///
    /// # Panics
    ///
    /// Unless ranges are finite, ascending, disjoint and at most [`MAX_CODES`](Self::MAX_CODES);
    /// `highs` may be empty, then every range is one value.
    pub fn quantiles(lows: Vec<f64>, highs: Vec<f64>) -> Self {
        assert!(lows.iter().chain(&highs).all(|value| value.is_finite()));
        assert!(lows.is_sorted_by(|a, b| a < b));
        if !highs.is_empty() {
            assert_eq!(lows.len(), highs.len());
            assert!(lows.iter().zip(&highs).all(|(low, high)| low <= high));
            assert!(highs.iter().zip(&lows[1..]).all(|(high, next)| high < next));
        }
        let n_codes = Self::checked(lows.len());
        Self { order: Order::Ranked { lows, highs }, n_codes }
    }

    /// A feature without an order, with `n_codes` different values.
    ///
    /// # Panics
    ///
    /// If there are more than [`MAX_CODES`](Self::MAX_CODES).
    pub fn unordered(n_codes: u16) -> Self {
        Self { order: Order::Unordered, n_codes: Self::checked(n_codes.into()) }
    }

    fn checked(n_codes: usize) -> u16 {
        let n_codes = u16::try_from(n_codes).expect("more codes than 16 bits hold");
        assert!(n_codes <= Self::MAX_CODES, "two codes are spoken for");
        n_codes
    }

    /// What its codes stand for.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// How many different values it has, missing not counted.
    pub fn n_codes(&self) -> u16 {
        self.n_codes
    }

    /// The code of a missing value: the top one.
    pub fn missing(&self) -> u16 {
        self.n_codes
    }

    /// Whether its codes have an order.
    pub fn is_ranked(&self) -> bool {
        matches!(self.order, Order::Ranked { .. })
    }
}
