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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::protocol::{Event, Grid};
    use crate::ui::plots::pixels::tests::grid;
    use crate::ui::session::tests::loaded;

    /// A grid of 40 × 40 pixels, with three rows in its lower left cell and one in its upper right.
    fn frame(x: AxisOf, y: AxisOf) -> (Frame, Profile) {
        let Event::Loaded(table) = loaded(4) else { unreachable!("it is loaded") };
        let mut grid = Grid { x_domain: (0.0, 40.0), y_domain: (-20.0, 20.0), ..grid() };
        (grid.spec.x, grid.spec.y) = (x, y);
        (Frame::new(Arc::new(grid), &table.profile), table.profile)
    }

    fn drawn(from: (f64, f64), to: (f64, f64)) -> Brush {
        Brush { corners: [from, to] }
    }

    #[test]
    fn a_box_is_the_same_from_any_corner_and_ends_at_the_plot() {
        let corners = [(5.0, 8.0), (20.0, 30.0)];
        let [a, b] = corners;
        for (from, to) in [(a, b), (b, a), ((a.0, b.1), (b.0, a.1))] {
            assert_eq!(drawn(from, to).rect((40.0, 40.0)), (5.0, 8.0, 15.0, 22.0));
        }
        assert_eq!(drawn((-9.0, 30.0), (99.0, 99.0)).rect((40.0, 40.0)), (0.0, 30.0, 40.0, 10.0));
        assert!(!Brush::at((3.0, 3.0)).is_drawn() && !drawn((3.0, 3.0), (6.0, 3.0)).is_drawn());
        assert!(drawn((3.0, 3.0), (7.0, 3.0)).is_drawn());
    }

    #[test]
    fn it_counts_the_rows_of_its_cells() {
        let (frame, _) = frame(AxisOf::Column(0), AxisOf::Score);
        let all = ((0.0, 0.0), (40.0, 40.0));
        assert_eq!(drawn(all.0, all.1).n_rows(&frame), 4);
        assert_eq!(drawn((0.0, 20.0), (9.0, 40.0)).n_rows(&frame), 3);
        assert_eq!(drawn((31.0, 0.0), (40.0, 9.0)).n_rows(&frame), 1);
        assert_eq!(drawn((10.0, 10.0), (30.0, 30.0)).n_rows(&frame), 0);
    }

    #[test]
    fn its_sides_are_filters_of_columns_and_a_box_on_the_map() {
        let (from, to) = ((10.0, 10.0), (20.0, 30.0));
        let (columns, profile) = frame(AxisOf::Column(0), AxisOf::Score);
        let words = |brush: Brush| -> Vec<String> {
            let chips = brush.chips(&columns, &profile);
            chips.iter().map(|chip| format!("{} {}", chip.column, chip.words())).collect()
        };
        assert_eq!(words(drawn(from, to)), ["a 10 to 20"]);
        assert_eq!(words(drawn((0.0, 0.0), (20.0, 9.0))), ["a ≤ 20"]);
        assert!(words(drawn((0.0, 3.0), (40.0, 9.0))).is_empty());
        assert_eq!(drawn(from, to).within(&columns), None);

        let (map, profile) = frame(AxisOf::Component(1), AxisOf::Component(0));
        assert!(drawn(from, to).chips(&map, &profile).is_empty());
        // The first is that of component 0, which goes up.
        assert_eq!(drawn(from, to).within(&map), Some([(-10.0, 10.0), (10.0, 20.0)]));
    }
}
