//! What the page and the conductor say to each other: plain data, no web.
//!
//! A *request* opens a job (load, detect, export) or asks a question (rows, reasons, a grid). A
//! newer job overtakes an older one; questions are answered in between. Every message carries the
//! number of the request it belongs to, so late answers are recognised and dropped.
//!
//! The `File` of a load and the `Blob` of an export are handles, not data: they ride beside the
//! envelope.

use serde::{Deserialize, Serialize};

pub use crate::cluster::JobError;
pub use crate::cluster::bulk::Bulk;
pub use crate::engine::forest::ForestParams;
pub use crate::engine::samples::Sample;
pub use crate::engine::table::{
    Bin, ColumnProfile, ColumnType, Direction, Frequency, KnownSchema, Profile, Role, RoleReason, Values,
};
pub use crate::engine::text::{Dialect, LineEnd, Notice, NoticeKind, Overrides};

/// The number of a request; answers carry it back.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct JobId(pub u32);

/// A message, and the request it belongs to: so late answers of an overtaken job are recognised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// The request.
    pub job: JobId,
    /// What is said.
    pub body: T,
}

/// What the page asks of the conductor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Job: read the file that rides beside this message. A new table replaces the old one only
    /// when it stands; until then, and if it fails, the old one stays.
    Load {
        /// The file's name, for the chip and for notices.
        name: String,
        /// What the person said about the file; the rest is sniffed.
        overrides: Overrides,
    },
    /// Job: make a built-in sample and read it like a file.
    LoadSample(Sample),
    /// Job: grow a forest on all rows and score them.
    Detect {
        /// Columns that take part, ascending.
        features: Vec<u32>,
        /// Trees, sample size, seed.
        params: ForestParams,
    },
    /// Job: the scored CSV of all rows, as a `Blob` beside [`Event::Exported`].
    Export {
        /// Rows that score at least this carry `isoscope_flag` 1.
        threshold: f64,
    },
    /// Drop the running job.
    Cancel,
    /// Question: rows as they stand in the file.
    Rows {
        /// The rows, from 0.
        rows: Vec<u32>,
    },
    /// Question: the strongest columns of these rows.
    Reasons {
        /// The rows, from 0.
        rows: Vec<u32>,
    },
    /// Question: everything about one row.
    Inspect {
        /// The row, from 0.
        row: u32,
    },
    /// Question: all rows on a grid of two axes.
    Grid(GridSpec),
}

impl Request {
    /// Whether this opens a job (and so overtakes a running one).
    pub fn is_job(&self) -> bool {
        matches!(
            self,
            Self::Load { .. } | Self::LoadSample(_) | Self::Detect { .. } | Self::Export { .. }
        )
    }
}

/// What the conductor tells the page. All but `Ready` and `Progress` end their request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The conductor listens; `build` must be the page's own. Sent once, before anything else.
    Ready {
        /// The build of the worker.
        build: String,
        /// How many shards it has started; 0 when the work is done on the page's own thread.
        shards: u32,
    },
    /// The running job got so far.
    Progress {
        /// What it is doing now.
        step: Step,
        /// How far the whole job is, from 0 to 1.
        done: f64,
    },
    /// The table stands.
    Loaded(Box<Loaded>),
    /// Every row has its score.
    Detected(Box<Found>),
    /// The scored CSV rides beside this message as a `Blob`.
    Exported,
    /// The answer to [`Request::Rows`], in the order asked.
    Rows(Vec<RowText>),
    /// The answer to [`Request::Reasons`], in the order asked.
    Reasons(Vec<RowReasons>),
    /// The answer to [`Request::Inspect`].
    Inspected(Box<Inspection>),
    /// The answer to [`Request::Grid`].
    Grid(Box<Grid>),
    /// The job was dropped, by [`Request::Cancel`] or by a newer job; what stood before stands.
    Cancelled,
    /// The request failed; what stood before stands.
    Failed(JobError),
}

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Reading and parsing the file.
    Read,
    /// Settling types and dictionaries.
    Profile,
    /// Drawing samples and growing trees.
    Grow,
    /// Scoring rows.
    Score,
    /// Finding the reasons of all rows.
    Explain,
    /// Writing the export.
    Write,
}

/// How long the parts of a job took, in milliseconds: they become User Timing measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    /// The measure's name, as `load.parse`.
    pub name: String,
    /// When it began, on the clock of `performance.timeOrigin + performance.now()`.
    pub start: f64,
    /// How long it took.
    pub duration: f64,
}

/// A loaded table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// The file's name.
    pub name: String,
    /// Its table, column by column, and the notices.
    pub profile: Profile,
    /// Where the time went.
    pub timings: Vec<Timing>,
}

/// The scores of all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// s(x) per row, in (0, 1], high = anomalous.
    pub scores: Bulk<f64>,
    /// All rows, by score descending, then row ascending.
    pub ranking: Bulk<u32>,
    /// Where the scores' tail stands off from the rest; `None` when there are no clear anomalies.
    pub proposed_threshold: Option<f64>,
    /// The columns that took part.
    pub features: Vec<u32>,
    /// The settings, with the sample size ψ that was really drawn.
    pub params: ForestParams,
    /// Where the time went.
    pub timings: Vec<Timing>,
}

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowText {
    /// The row, from 0.
    pub row: u32,
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its cells, unquoted; as many as the row has, which may differ from the table's width.
    pub cells: Vec<String>,
    /// The record's own text, without its line end; bytes that are not UTF-8 shown as U+FFFD.
    pub text: String,
}

/// The strongest columns of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowReasons {
    /// The row, from 0.
    pub row: u32,
    /// Columns that made it odd, strongest first; at most three.
    pub reasons: Vec<Reason>,
}

/// One column's part in a row's oddness.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The column.
    pub column: u32,
    /// −Δ/c(ψ): doublings of the score; positive = odd.
    pub contribution: f64,
    /// In which way.
    pub direction: Direction,
}

/// Everything about one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The row as it stands in the file.
    pub text: RowText,
    /// s(x).
    pub score: f64,
    /// h(x): `expected_path` plus all steps of the contributions, exactly.
    pub path_length: f64,
    /// The mean path over the trees' roots, where every row starts.
    pub expected_path: f64,
    /// c(ψ), the yardstick of the score.
    pub average_path: f64,
    /// Every feature's part, strongest first.
    pub contributions: Vec<Contribution>,
}

/// One feature's part in a row's path length, beside what is typical for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The column.
    pub column: u32,
    /// Δ, in steps of path length; negative shortens the path and makes the row odd.
    pub steps: f64,
    /// In which way the value is odd, or would be.
    pub direction: Direction,
    /// Share of present rows with a smaller value plus half of those with the same (numbers and
    /// times); `None` for text and missing values.
    pub quantile: Option<f64>,
    /// Share of all rows that have this very value (or are missing too).
    pub share: f64,
}

/// A scale of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum AxisScale {
    Linear,
    /// Symmetric logarithm: `sign(v) · log10(1 + |v|)`, so that zero and negatives have a place.
    Log,
}

/// What an axis of a grid shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AxisOf {
    /// A column: its value, or for text its rank by frequency (0 = most common).
    Column(u32),
    /// The row's score.
    Score,
}

/// Asks for all rows on a grid of `width × height` cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridSpec {
    /// Left to right.
    pub x: AxisOf,
    /// Bottom to top.
    pub y: AxisOf,
    /// Scale of `x`.
    pub x_scale: AxisScale,
    /// Scale of `y`.
    pub y_scale: AxisScale,
    /// Cells across.
    pub width: u32,
    /// Cells up.
    pub height: u32,
}

/// All rows on a grid. Cell `(column, line)` is at `line · width + column`; line 0 is the lowest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// What was asked.
    pub spec: GridSpec,
    /// Smallest and largest value across, in data units (not logarithms); cell `i` covers the
    /// `i`-th of `width` equal parts of the scaled domain.
    pub x_domain: (f64, f64),
    /// Smallest and largest value up.
    pub y_domain: (f64, f64),
    /// Names of the categories, by rank, where an axis is a text column (the first 200).
    pub x_names: Vec<String>,
    /// As `x_names`.
    pub y_names: Vec<String>,
    /// Rows per cell.
    pub counts: Bulk<u32>,
    /// The highest score in each cell, rounded; 0 where it is empty or nothing has been scored. To
    /// compare with a threshold take the exact score of `top_rows`.
    pub top_scores: Bulk<f32>,
    /// The row that has it (the first such); `u32::MAX` where the cell is empty.
    pub top_rows: Bulk<u32>,
    /// Rows with no place on the grid: missing values.
    pub n_missing: u32,
}
