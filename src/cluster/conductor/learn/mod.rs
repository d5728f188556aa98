//! Learning the classes of a column: from a table to a model, and what it is worth.
//!
//! ```text
//! target ─▶ a class per row ─▶ split ─▶ what each row is there for
//! shards gather their rows ─▶ rounds: order, reports, next order ─▶ model
//! shards classify all rows ─▶ figures of each set, what columns say, what could flatter
//! ```

mod judge;
mod leaks;
mod said;
mod split;
mod target;
mod train;

use std::rc::Rc;

pub use train::{Watch, train};

use super::super::learned::Trained;
use crate::engine::boost::Model;

/// A training that stands.
#[derive(Debug, Clone)]
pub struct Classifier {
    /// What the page was told.
    pub trained: Rc<Trained>,
    /// The model; its features are those of `trained.spec`, in that order.
    pub model: Rc<Model>,
}
