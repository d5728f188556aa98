//! What jobs and questions come to, as the page shows it.

use serde::{Deserialize, Serialize};

use super::{bulk::Bulk, view::Selection};
use crate::engine::{
    evaluate::Proposal,
    eyes::Eye,
    forest::{ForestParams, Verdict},
    table::Direction,
};

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

/// The scores of all rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Found {
    /// Who looked.
    pub eye: Eye,
    /// s(x) per row, in (0, 1], high = anomalous.
    pub scores: Bulk<f64>,
    /// All rows, by score descending, then row ascending.
    pub ranking: Bulk<u32>,
    /// Scores of rows whose columns were shuffled independently, descending: what chance gives. None
    /// where that says nothing: by the local outlier factor, and by all eyes together.
    pub by_chance: Bulk<f64>,
    /// Where the data propose to cut; `None` when there are no clear anomalies.
    pub proposal: Option<Proposal>,
    /// The columns that took part.
    pub features: Vec<u32>,
    /// The settings, with the sample size ψ that was really drawn.
    pub params: ForestParams,
    /// The rows that the forest grew on.
    pub grown_on: Selection,
    /// How many they are.
    pub n_grown_on: u32,
    /// The verdicts that the forest has learnt from, by row.
    pub verdicts: Vec<(u32, Verdict)>,
}

/// What a person said about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// The row.
    pub row: u32,
    /// What it is.
    pub verdict: Verdict,
    /// In the person's own words.
    pub note: String,
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
    /// Who says so.
    pub eye: Eye,
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

/// Where a row stands in ten half-forests: how far its rank hangs on which trees there happen to be.
///
/// The trees are dealt into ten tenths, tree t into tenth t mod 10, and each half is five of them; every
/// tenth is in five halves, and every two tenths share two or three. Where there are n < 10 trees,
/// tenth j is tree j mod n. Ranks are among all rows of the table, 1 = oddest; rows whose mean paths
/// in a half are equal, to 2⁻²⁶ edges, share the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// The row, from 0.
    pub row: u32,
    /// Its smallest rank in any half.
    pub best: u32,
    /// Its largest rank in any half: a row is steadily among the first k where that is at most k.
    pub worst: u32,
}

/// The rows that are most like one, odd or not.
///
/// How near two rows are is their *proximity*, the share of the trees in which they fall into one leaf;
/// of a row that misses a value which a tree cuts, parts fall into several leaves, and two rows
/// share of each leaf the lesser of their parts. Rows with the same leaves in all trees are
/// something that the forest cannot tell apart: equal rows, and those that no cut comes between.
/// Of such rows only the first takes a place. Where more are equally near than have a place, leaves
/// decide, and not rows: the choice is the same however rows are held.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Similar {
    /// The row.
    pub row: u32,
    /// How many other rows the forest cannot tell from it: their proximity is 1.
    pub n_same: u32,
    /// The nearest others, by proximity descending, then row; those that it cannot be told from are
    /// the first, where there are any, and rows that share no leaf with it are none.
    pub rows: Vec<SimilarRow>,
}

/// A row that is like another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SimilarRow {
    /// The row, from 0: the first of those that it stands for.
    pub row: u32,
    /// How many rows it stands for, itself included, which the forest cannot tell apart.
    pub n_rows: u32,
    /// In (0, 1]; 1 where the forest cannot tell it from the row that was asked about.
    pub proximity: f64,
    /// s(x).
    pub score: f64,
}

/// Asks which rows are odd for the same reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseSpec {
    /// Rows that score at least this.
    pub threshold: f64,
    /// The column that tells when.
    pub time: Option<u32>,
    /// The columns that tell who.
    pub entities: Vec<u32>,
}

/// The odd rows, put together by what makes them odd.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cases {
    /// What was asked.
    pub spec: CaseSpec,
    /// Cases by their oddest row; together they hold every odd row once.
    pub cases: Vec<Case>,
}

/// Rows that are odd for the same reasons.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Columns and the direction of their values, by column: those that count at least half as
    /// much as the strongest of the row's three. Empty where nothing shortened the path.
    pub reasons: Vec<(u32, Direction)>,
    /// The rows, by score descending, then row; at least one.
    pub rows: Bulk<u32>,
    /// The first and the last time among them, where there is one.
    pub seen: Option<(f64, f64)>,
    /// Who is involved, by column.
    pub involved: Vec<Involved>,
}

/// The values of a column among the rows of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Involved {
    /// The column.
    pub column: u32,
    /// Distinct values.
    pub n_distinct: u32,
    /// The most common ones, and how many rows have each; at most three.
    pub names: Vec<(String, u32)>,
}

/// Asks who takes part: the values of a column, the oddest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntitySpec {
    /// The column that tells who.
    pub column: u32,
    /// The rows that are looked at.
    pub of: Selection,
    /// Rows that score at least this are flagged.
    pub threshold: f64,
    /// The column that tells when.
    pub time: Option<u32>,
    /// How many are told.
    pub most: u32,
    /// The place of the first that is told, from 0.
    pub from: u32,
}

/// The values of a column, the oddest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entities {
    /// What was asked.
    pub spec: EntitySpec,
    /// How many there are in all.
    pub n_entities: u32,
    /// How many of them have a flagged row.
    pub n_flagged: u32,
    /// Rows without a value.
    pub n_missing: u32,
    /// How many of these are flagged.
    pub n_missing_flagged: u32,
    /// Those asked for, by their strongest score descending, then by how many of their rows are
    /// flagged, then by name (numbers by value).
    pub entities: Vec<Entity>,
}

/// A value of a column, as one who takes part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// Its code in the table that stands: what [`AxisOf::Values`] takes.
    pub code: u16,
    /// Its name.
    pub name: String,
    /// Rows that have it.
    pub n_rows: u32,
    /// How many of them score at least the threshold.
    pub n_flagged: u32,
    /// The highest score among them.
    pub top_score: f64,
    /// The row that has it, the first such.
    pub top_row: u32,
    /// The first and the last time among them, where there is one.
    pub seen: Option<(f64, f64)>,
}

/// Where the values of some rows stand in their columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Positions {
    /// The columns, as asked.
    pub columns: Vec<u32>,
    /// The rows, as asked.
    pub rows: Vec<u32>,
    /// From 0 to 1, `rows × columns`. Of numbers and times the share of present rows with a smaller
    /// value plus half of those with the same, as [`Contribution::quantile`]. Of texts and booleans the
    /// rank by frequency: 0 is the most common (of equally common ones the first by text), 1 the
    /// rarest; 0 where there is only one. NaN where a value is missing.
    pub places: Bulk<f32>,
}

/// The smallest change that was found to make a row ordinary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Counterfactual {
    /// The row.
    pub row: u32,
    /// The threshold that it would stay below.
    pub threshold: f64,
    /// Whether it does not do so as it is.
    pub is_odd: bool,
    /// Columns, one or two, and the values they would have; empty where none was found.
    pub changes: Vec<(u32, CellValue)>,
    /// s of the changed row.
    pub score: Option<f64>,
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum CellValue {
    Number(f64),
    Text(String),
    Missing,
}

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

/// Everything about one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Inspection {
    /// The row as it stands in the file.
    pub text: RowText,
    /// s(x).
    pub score: f64,
    /// Whose path and contributions these are: the eye that is shown, or, where that is all of them
    /// together, the one that ranks the row highest.
    pub eye: Eye,
    /// h(x): `expected_path` plus all steps of the contributions, exactly.
    pub path_length: f64,
    /// The mean path over the trees' roots, where every row starts.
    pub expected_path: f64,
    /// c(ψ), the yardstick of the score. By the local outlier factor the path is −log₂ of it, 0 is
    /// expected, and this is 1.
    pub average_path: f64,
    /// Every feature's part, strongest first.
    pub contributions: Vec<Contribution>,
    /// The row's points in time, in seconds since 1970-01-01 UTC, by column.
    pub times: Vec<(u32, f64)>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AxisOf {
    /// A column: its value, or for text its rank by frequency (0 = most common).
    Column(u32),
    /// Some values of a column, one cell each, whatever number of cells is asked for: the first
    /// leftmost or lowest. Rows with other values have no place. At most 4,096.
    Values {
        /// The column.
        column: u32,
        /// Codes of the values, as [`Entity::code`] has them; of equal ones the first has the rows.
        codes: Vec<u16>,
    },
    /// The row's score.
    Score,
    /// How far the row lies along a principal component of what the detection looked at: 0 for the
    /// strongest, 1 for the second. Every row has a place; what is missing counts as the mean.
    Component(u32),
    /// How clear the votes of the model that stands are. The number parts counts of votes from each
    /// other: who asks gives a new one to each, so that a grid of one is not taken for that of another.
    Margin(u32),
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
    /// What parts rows into groups, if cells are to tell which they hold.
    pub by: Option<GroupBy>,
}

/// What parts rows into groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupBy {
    /// Their value in a column: the most common values are groups of their own, all others are one
    /// together, the last. A row without a value is in none.
    Column(u32),
    /// What is said of them: some rows, each with the number of its group. All others are in none.
    Rows(Vec<(u32, u8)>),
    /// The class that the model that stands says; of more classes than groups the last are one together.
    /// The number is as that of [`AxisOf::Margin`].
    Class(u32),
    /// Whether that is what their label says: 0 right, 1 wrong. A row without a label is in none.
    Right(u32),
}

impl GroupBy {
    /// Groups at most.
    pub const MOST: u8 = 8;
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
    /// Names of the categories, by rank, where an axis is a text column (the first 200); where it
    /// is some values of a column, their names.
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
    /// The group that most rows of each cell are in, the first of equals; [`GroupBy::MOST`] where none
    /// is in any. Empty where no groups were asked for.
    pub groups: Bulk<u8>,
    /// The names of the groups of a column or a model; where there are more values than groups, the last one is theirs and
    /// its name is empty.
    pub group_names: Vec<String>,
    /// Rows with no place on the grid: missing values.
    pub n_missing: u32,
    /// Rows with no place on the grid as they have a value that is not among those an axis shows,
    /// whether or not the other axis has a place for them.
    pub n_elsewhere: u32,
    /// What [`AxisOf::Component`] stands for, by its number; empty where no axis is one.
    pub components: Vec<Component>,
}

/// A principal component: a direction in which rows differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Its share of the variance of all columns together; 0 where rows do not differ that way.
    pub share: f64,
    /// The columns that count most in it and how much, between −1 and 1, strongest first; at most six.
    /// A row's place is the sum over all columns of this times how many standard deviations its value
    /// is above the mean; a category's value is how rare it is.
    pub loadings: Vec<(u32, f64)>,
}
