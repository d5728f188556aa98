//! Why a file was taken to be laid out as it is: plain data for the page.

use serde::{Deserialize, Serialize};

/// What was found out about a file's layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// The byte between cells, and whether blanks follow it.
    Delimiter,
    /// The byte around cells.
    Quote,
    /// How a quote stands inside a quoted cell.
    Escape,
    /// What comment lines begin with.
    Comment,
    /// Lines before the table.
    Preamble,
    /// Records that name the columns.
    Header,
    /// What ends a record.
    LineEnd,
}

/// One thing that was tried, or counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tried {
    /// What it is, as it would stand in the file or in [`Overrides`](super::Overrides).
    pub value: String,
    /// How many speak for it: records of the usual width, cells, lines or columns.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// Cells of most records under it; 0 where that is not the question.
    pub width: u32,
    /// What it came to beside the others; the highest won.
    pub score: f64,
}

/// A finding, what speaks for it, and how sure it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is about.
    pub finding: Finding,
    /// Whether a person said so: then nothing had to be found.
    pub is_told: bool,
    /// From 0, a guess, to 1, certain.
    pub confidence: f64,
    /// What was tried, what won first.
    pub tried: Vec<Tried>,
}
