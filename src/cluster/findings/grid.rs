//! All rows on a grid of two axes.

use serde::{Deserialize, Serialize};

use super::super::bulk::Bulk;

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
        /// Codes of the values, as [`Entity::code`](super::Entity::code) has them; of equal ones the first has the rows.
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

/// A scale of an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "plain words")]
pub enum AxisScale {
    Linear,
    /// Symmetric logarithm: `sign(v) · log10(1 + |v|)`, so that zero and negatives have a place.
    Log,
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
