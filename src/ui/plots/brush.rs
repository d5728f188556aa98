//! A rectangle drawn over a plot: how many rows lie in it, and which filters mean them.

use crate::chart::Scale;
use crate::protocol::{AxisOf, Bound, ColumnType, Profile, Test};
use crate::ui::bound::written;
use crate::ui::lens::Chip;

use super::frame::Frame;

/// A pointer that moves less, in pixels, clicks and does not draw.
const LEAST: f64 = 4.0;

/// A rectangle in the pixels of a plot's area, from one corner to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brush {
    /// Where it was begun, and where the pointer is.
    pub corners: [(f64, f64); 2],
}

impl Brush {
    /// A rectangle that is begun.
    pub fn at(point: (f64, f64)) -> Self {
        Self { corners: [point; 2] }
    }

    /// Whether the pointer has gone far enough to mean it.
    pub fn is_drawn(self) -> bool {
        let [from, to] = self.corners;
        (from.0 - to.0).abs() >= LEAST || (from.1 - to.1).abs() >= LEAST
    }

    /// Left, top, width, height, within an area of this size.
    pub fn rect(self, (width, height): (f64, f64)) -> (f64, f64, f64, f64) {
        let ends = |a: f64, b: f64, most: f64| {
            let (a, b) = (a.clamp(0.0, most), b.clamp(0.0, most));
            (a.min(b), (a - b).abs())
        };
        let [from, to] = self.corners;
        let ((left, width), (top, height)) =
            (ends(from.0, to.0, width), ends(from.1, to.1, height));
        (left, top, width, height)
    }

    /// How many rows stand in its cells: as many sums as it has cells, so it follows the pointer.
    pub fn n_rows(self, frame: &Frame) -> u64 {
        let size = (frame.area.width(), frame.area.height());
        let (left, top, width, height) = self.rect(size);
        let (n_columns, n_lines) =
            (frame.grid.spec.width as usize, frame.grid.spec.height as usize);
        let part = |position: f64, whole: f64, n: usize| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
            let cell = (position / whole * n as f64).max(0.0) as usize;
            cell.min(n - 1)
        };
        let columns = part(left, size.0, n_columns)..=part(left + width, size.0, n_columns);
        // Lines count from below.
        let lines =
            part(size.1 - top - height, size.1, n_lines)..=part(size.1 - top, size.1, n_lines);
        lines
            .map(|line| {
                let counts = &frame.grid.counts[line * n_columns..][columns.clone()];
                counts.iter().map(|&n| u64::from(n)).sum::<u64>()
            })
            .sum()
    }

    /// The filters that mean its rows, one for each axis that is a column and is not meant whole.
    pub fn chips(self, frame: &Frame, profile: &Profile) -> Vec<Chip> {
        let size = (frame.area.width(), frame.area.height());
        let (left, top, width, height) = self.rect(size);
        let (grid, area) = (&frame.grid, &frame.area);
        let across = (area.left + left, area.left + left + width);
        // Upwards values rise and pixels fall.
        let up = (area.top + top + height, area.top + top);
        let x = chip(&grid.spec.x, &frame.x, across, &grid.x_names, profile);
        let y = chip(&grid.spec.y, &frame.y, up, &grid.y_names, profile);
        x.into_iter().chain(y).collect()
    }

    /// Its sides along the components of the map, if an axis is one.
    pub fn within(self, frame: &Frame) -> Option<[(f64, f64); 2]> {
        let (left, top, width, height) = self.rect((frame.area.width(), frame.area.height()));
        let (left, top) = (frame.area.left + left, frame.area.top + top);
        let mut within = [(f64::NEG_INFINITY, f64::INFINITY); 2];
        let mut is_meant = false;
        for (of, scale, from, to) in [
            (&frame.grid.spec.x, &frame.x, left, left + width),
            (&frame.grid.spec.y, &frame.y, top + height, top),
        ] {
            if let AxisOf::Component(component) = of
                && let Some(side) = within.get_mut(*component as usize)
            {
                *side = (scale.invert(from), scale.invert(to));
                is_meant = true;
            }
        }
        is_meant.then_some(within)
    }
}

/// The filter of one axis between two positions.
fn chip(
    of: &AxisOf,
    scale: &Scale,
    (from, to): (f64, f64),
    names: &[String],
    profile: &Profile,
) -> Option<Chip> {
    let (AxisOf::Column(column) | AxisOf::Values { column, .. }) = *of else { return None };
    let column = profile.columns.get(column as usize)?;
    let (low, high) = (scale.invert(from), scale.invert(to));
    let test = if names.is_empty() {
        let (first, last) = scale.domain();
        let end = |value: f64, is_open: bool| {
            let whole = column.kind == ColumnType::Integer;
            let value = written(&column.reading, if whole { value.round() } else { value })?;
            (!is_open).then_some(Bound { value, is_strict: false })
        };
        match (end(low, low <= first), end(high, high >= last)) {
            (None, None) => return None,
            (low, high) => Test::Between(low, high),
        }
    } else {
        // A category stands in the middle of its cell.
        let is_meant = |rank: usize| (low - 0.5..=high + 0.5).contains(&(rank as f64));
        let ranks = (0..names.len()).filter(|&rank| is_meant(rank));
        let meant: Vec<String> = ranks.map(|rank| names[rank].clone()).collect();
        if meant.is_empty() || meant.len() == names.len() {
            return None;
        }
        Test::OneOf(meant)
    };
    Some(Chip { column: column.name.clone(), test, is_negated: false })
}
