//! Where the columns of the preview stand: widths from what they hold, and which are in view.

use std::ops::Range;

use crate::protocol::{ColumnProfile, Values};
use crate::ui::words;

/// The widths of a table's columns, in CSS pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// Where each column begins, and at last where the last one ends.
    starts: Vec<f64>,
}

/// About the width of a character in the grid's type, and in that of its names.
const CHARACTER: f64 = 7.8;
const NAME_CHARACTER: f64 = 8.6;
const PADDING: f64 = 20.0;
/// The arrow and the funnel beside a name.
const SIGNS: f64 = 28.0;
const NARROWEST: f64 = 52.0;
const WIDEST: f64 = 260.0;

impl Columns {
    /// Makes room for the names and for the longest of the values that are known.
    pub fn new(columns: &[ColumnProfile]) -> Self {
        let mut starts = vec![0.0];
        let mut end = 0.0;
        for column in columns {
            end += width(column);
            starts.push(end);
        }
        Self { starts }
    }

    /// The width of all columns.
    pub fn total(&self) -> f64 {
        self.starts[self.starts.len() - 1]
    }

    /// Where a column begins.
    pub fn start(&self, column: usize) -> f64 {
        self.starts[column]
    }

    /// How wide a column is.
    pub fn width(&self, column: usize) -> f64 {
        self.starts[column + 1] - self.starts[column]
    }

    /// The columns of which a part lies between two positions.
    pub fn between(&self, left: f64, right: f64) -> Range<usize> {
        let n = self.starts.len() - 1;
        let first = self.starts[1..].partition_point(|&end| end <= left).min(n);
        let last = self.starts[..n].partition_point(|&start| start < right);
        first..last.max(first)
    }
}

fn width(column: &ColumnProfile) -> f64 {
    let longest = match &column.values {
        Some(Values::Ordered { min, max, .. }) => {
            let length = |value| words::value(column.kind, value).chars().count();
            length(*min).max(length(*max))
        }
        Some(Values::Unordered { top }) => {
            top.iter().map(|frequency| frequency.text.chars().count()).max().unwrap_or(0)
        }
        None => 0,
    };
    let name = column.name.chars().count() as f64 * NAME_CHARACTER;
    ((name + SIGNS).max(longest as f64 * CHARACTER) + PADDING).clamp(NARROWEST, WIDEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_in_view_are_those_that_overlap_it() {
        let columns = Columns { starts: vec![0.0, 50.0, 150.0, 200.0] };
        assert_eq!(columns.between(0.0, 200.0), 0..3);
        assert_eq!(columns.between(50.0, 150.0), 1..2);
        assert_eq!(columns.between(49.0, 151.0), 0..3);
        assert_eq!(columns.between(500.0, 600.0), 3..3);
        assert_eq!((columns.start(2), columns.width(2), columns.total()), (150.0, 50.0, 200.0));
    }
}
