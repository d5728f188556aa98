//! What an eye has learnt, as plain data.

use serde::{Deserialize, Serialize};

use super::Eye;
use crate::{extended::Extended, forest::Forest, neighbours::Surroundings};

/// A fitted detector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum Model {
    Forest(Box<Forest>),
    Extended(Box<Extended>),
    Neighbours(Box<Surroundings>),
}

impl Model {
    /// Whose it is.
    pub fn eye(&self) -> Eye {
        match self {
            Self::Forest(_) => Eye::Forest,
            Self::Extended(_) => Eye::Extended,
            Self::Neighbours(_) => Eye::Neighbours,
        }
    }
}
