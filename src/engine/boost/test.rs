//! What a node asks of a row.

use serde::{Deserialize, Serialize};

use crate::bulk::Bulk;

/// A question about one column that sends every row to one of two sides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// The feature that is looked at.
    pub feature: u32,
    /// Which of its codes go where.
    pub sides: Sides,
}

/// Which codes of a feature go where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sides {
    /// Of an ordered feature: codes from `cut` on go right, and missing values where they are sent.
    ///
    /// With the code for missing values as `cut`, missing values go right and all others left.
    Cut {
        /// The first code that goes right.
        cut: u16,
        /// The code of missing values, where they go left in spite of being the highest code.
        lost: Option<u16>,
    },
    /// Of a feature without an order: a bit per code, that of missing values too; set ones go right.
    Set(Bulk<u64>),
}

impl Test {
    /// Whether a row with this code goes right: the one rule, for training, scoring and export.
    pub fn goes_right(&self, code: u16) -> bool {
        match &self.sides {
            Sides::Cut { cut, lost } => code >= *cut && *lost != Some(code),
            Sides::Set(bits) => bits[usize::from(code >> 6)] >> (code & 63) & 1 == 1,
        }
    }
}

/// Bits of codes `0..n`, those set for which `goes_right`.
pub(super) fn set(n: usize, goes_right: impl Fn(usize) -> bool) -> Sides {
    let mut bits = vec![0; n.div_ceil(64)];
    for code in 0..n {
        bits[code / 64] |= u64::from(goes_right(code)) << (code % 64);
    }
    Sides::Set(Bulk(bits))
}
