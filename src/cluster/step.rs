//! The steps of jobs.

use serde::{Deserialize, Serialize};

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Unpacking, decoding or flattening the file.
    Unpack,
    /// Reading and parsing the file.
    Read,
    /// Settling types and dictionaries.
    Profile,
    /// Drawing samples and growing trees.
    Grow,
    /// Scoring rows.
    Score,
    /// Gathering the rows that are learnt from.
    Prepare,
    /// Having eyes learn and measure rows for a training.
    Add,
    /// Training a model, round by round.
    Train,
    /// Classifying all rows.
    Classify,
    /// Judging a model.
    Judge,
    /// Finding the reasons of all rows.
    Explain,
    /// Looking for rows that pass filters.
    Select,
    /// Writing the export.
    Write,
}
