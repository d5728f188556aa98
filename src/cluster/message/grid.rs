//! Of rows on a grid, and of the map that they stand on.

use serde::{Deserialize, Serialize};

use super::super::{bulk::Bulk, findings::AxisScale};
use crate::engine::components::Components;

/// Asks for all rows on a grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GridQuestion {
    /// Left to right.
    pub x: Axis,
    /// Bottom to top.
    pub y: Axis,
    /// Cells across.
    pub width: u32,
    /// Cells up.
    pub height: u32,
    /// What parts rows into groups.
    pub by: Option<Grouped>,
}

/// Which group a row is in; [`GroupBy::MOST`](super::super::findings::GroupBy::MOST) for none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Grouped {
    /// By the code of a column: the column, and the group of each code.
    Column(u32, Bulk<u8>),
    /// By row.
    Rows(Vec<(u32, u8)>),
    /// Row by row of the shard.
    Each(Bulk<u8>),
}

/// Where a row stands on an axis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Axis {
    /// By the code of a column.
    Column {
        /// The column.
        column: u32,
        /// Cell of each code; `u16::MAX` where it has none, `u16::MAX - 1` where it is not among the
        /// values that the axis shows. The last is that of missing values.
        cells: Bulk<u16>,
    },
    /// Row by row of the shard, the cell.
    Each(Bulk<u16>),
    /// By the score, linear from the first to the second.
    Score(f64, f64),
    /// By where it stands along a component, which all rows were projected on before.
    Component {
        /// 0 or 1.
        component: u32,
        /// The smallest and the largest of all rows.
        domain: (f64, f64),
        /// How places between them are cut into cells.
        scale: AxisScale,
    },
}

/// Asks to put rows where they stand along principal components, and to keep that.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProjectQuestion {
    /// The components.
    pub components: Components,
    /// The columns they read, by feature: those that scores are about.
    pub columns: Vec<u32>,
    /// The seed of the forest that stands. Columns and seed settle what the components are.
    pub seed: u64,
}
