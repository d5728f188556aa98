//! Three built-in tables, made from a seed.

use serde::{Deserialize, Serialize};

/// A built-in table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sample {
    /// An office day with four intrusions.
    Office,
    /// A port scan hidden in a busy server.
    Scan,
    /// Rings and outliers in two dimensions.
    Rings,
}
