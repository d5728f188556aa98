//! In which way a value is odd.

use serde::{Deserialize, Serialize};

/// In which way a value is odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words of the contract")]
pub enum Direction {
    High,
    Low,
    Rare,
    Missing,
}

impl Direction {
    /// Tells a code's direction. `high_from` is the first code in the upper half of the rows, or
    /// `None` where codes have no order.
    pub fn of(code: u16, missing: u16, high_from: Option<u16>) -> Self {
        match high_from {
            _ if code == missing => Self::Missing,
            None => Self::Rare,
            Some(high_from) if code >= high_from => Self::High,
            Some(_) => Self::Low,
        }
    }

    /// The contract's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Low => "low",
            Self::Rare => "rare",
            Self::Missing => "missing",
        }
    }
}
