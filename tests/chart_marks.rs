//! Laws of bins, bars, grids and lists.

use isoscope::chart::{
    Cells, Handle, Histogram, Nudge, Place, Scale, VirtualList,
    density::{FAINTEST, shades},
    lanes, path, signed_bars,
};
use proptest::prelude::*;

fn scores() -> impl Strategy<Value = Vec<f64>> {
    // Few distinct values, so that many lie exactly on edges.
    prop::collection::vec((0..=40_u32).prop_map(|i| f64::from(i) / 40.0), 0..200)
}

fn row_of(pick: prop::sample::Index, n_rows: u32) -> u32 {
    u32::try_from(pick.index(n_rows as usize)).expect("below n_rows")
}

proptest! {
    #[test]
    fn bars_of_a_lane_stand_where_its_cells_are_and_nowhere_else(
        levels in prop::collection::vec(0..5_u8, 0..80),
    ) {
        let heights = [2.0, 3.0, 5.0];
        let bars = lanes::bars(&levels, 6.0, heights);
        for (cell, &level) in levels.iter().enumerate() {
            let middle = (cell as f64 + 0.5) * 6.0;
            for (there, bars) in (1_u8..).zip(&bars) {
                let over = bars.iter().filter(|bar| bar.x < middle && middle < bar.x + bar.width);
                prop_assert_eq!(over.count(), usize::from(level == there));
            }
        }
        for (bars, height) in bars.iter().zip(heights) {
            prop_assert!(bars.iter().all(|bar| bar.height == height && bar.y + height == 5.0));
            prop_assert!(bars.windows(2).all(|two| two[0].x + two[0].width < two[1].x));
        }
    }

    #[test]
    fn a_pointer_over_a_lane_means_the_cell_under_it_or_the_nearest_that_is_not_empty(
        counts in prop::collection::vec(0..2_u32, 0..40),
        x in -20.0..260.0_f64,
        reach in 3.0..20.0,
    ) {
        let distance = |cell: usize| ((cell as f64 + 0.5) * 6.0 - x).abs();
        let taken = || (0..counts.len()).filter(|&cell| counts[cell] > 0 && distance(cell) <= reach);
        let found = lanes::nearest(&counts, 6.0, x, reach);
        prop_assert_eq!(found.is_some(), taken().next().is_some());
        if let Some(found) = found {
            prop_assert!(taken().all(|cell| distance(found) <= distance(cell)));
        }
    }

    #[test]
    fn bins_sum_to_the_values_within_the_domain(
        values in prop::collection::vec(any::<f64>(), 0..100),
        low in -1e308..1e308_f64,
        high in -1e308..1e308_f64,
        n_bins in 0..200_u32,
    ) {
        let domain = (low.min(high), low.max(high));
        let histogram = Histogram::new(values.iter().copied(), domain, n_bins);
        let n_within = values.iter().filter(|&&v| domain.0 <= v && v <= domain.1).count();
        prop_assert_eq!(histogram.counts().iter().sum::<u32>() as usize, n_within);
        prop_assert_eq!(histogram.domain(), domain);
    }

    #[test]
    fn above_an_edge_and_in_the_bins_from_there_on_are_the_same_rows(
        values in scores(),
        n_bins in 1..90_u32,
    ) {
        let histogram = Histogram::new(values.iter().copied(), (0.0, 1.0), n_bins);
        for (bin, &edge) in histogram.edges()[..histogram.counts().len()].iter().enumerate() {
            let above = values.iter().filter(|&&value| value >= edge).count();
            prop_assert_eq!(histogram.counts()[bin..].iter().sum::<u32>() as usize, above);
        }
    }

    #[test]
    fn a_press_of_a_key_changes_what_is_flagged_until_the_end(values in scores(), start in 0.0..1.0) {
        let histogram = Histogram::new(values.iter().copied(), (0.0, 1.0), 30);
        let handle = Handle::new(Scale::linear((0.0, 1.0), (0.0, 700.0)));
        let n_flagged = |score: f64| values.iter().filter(|&&value| value >= score).count();
        let edges = histogram.edges();
        let mut score = start;
        for _ in 0..40 {
            let next = handle.nudge(&histogram, score, Nudge::Up);
            prop_assert!(next > score || next == 1.0);
            // Within the first bin, the rows may all lie below where the handle stood.
            if next < 1.0 && edges.contains(&score) {
                prop_assert!(n_flagged(next) < n_flagged(score));
            }
            score = next;
        }
        prop_assert_eq!(score, 1.0);
        for _ in 0..40 {
            let next = handle.nudge(&histogram, score, Nudge::Down);
            prop_assert!(next < score || next == 0.0);
            if next > 0.0 && score < 1.0 {
                prop_assert!(n_flagged(next) > n_flagged(score));
            }
            score = next;
        }
        prop_assert_eq!(n_flagged(score), values.len());
    }

    #[test]
    fn every_row_that_is_counted_can_be_seen(
        counts in prop::collection::vec(0..u32::MAX, 1..60),
        is_log: bool,
        width in 10.0..2_000.0,
    ) {
        let bins = counts.iter().enumerate().map(|(i, &n)| (i as f64, i as f64 + 1.0, n));
        let histogram = Histogram::from_bins(bins);
        let top = f64::from(histogram.max());
        let scale = if is_log { Scale::log } else { Scale::linear };
        let y = scale((0.0, top), (150.0, 0.0));
        let bars = histogram.bars(&Scale::linear(histogram.domain(), (0.0, width)), &y);
        for (bar, &count) in bars.iter().zip(&counts) {
            prop_assert_eq!(bar.height >= 1.0, count > 0);
            prop_assert!(bar.width > 0.0 && bar.x >= 0.0 && bar.x + bar.width <= width + 1e-9);
            prop_assert!((bar.y + bar.height - 150.0).abs() < 1e-9 || top == 0.0);
        }
        for pair in bars.windows(2) {
            prop_assert!(pair[0].x + pair[0].width <= pair[1].x + 1e-9, "bars overlap");
        }
        prop_assert_eq!(path::rects(&bars).matches('M').count(), counts.iter().filter(|&&n| n > 0).count());
    }

    #[test]
    fn contribution_bars_share_one_scale_and_one_zero(
        values in prop::collection::vec(-1e308..1e308, 1..30),
        width in 20.0..400.0,
    ) {
        let bars = signed_bars(&values, width);
        for (bar, &value) in bars.iter().zip(&values) {
            prop_assert!(bar.x >= 0.0 && bar.x + bar.width <= width);
            let zero = if bar.is_negative { bar.x + bar.width } else { bar.x };
            prop_assert!((zero - width / 2.0).abs() < 1e-9);
            prop_assert_eq!(bar.width > 0.0, value != 0.0);
        }
        let longest = bars.iter().map(|bar| bar.width).fold(0.0, f64::max);
        prop_assert!((longest - width / 2.0).abs() < 1e-9 || values.iter().all(|&v| v == 0.0));
    }

    #[test]
    fn shades_keep_the_order_of_counts(counts in prop::collection::vec(0..2_000_u32, 0..80)) {
        let shades = shades(&counts);
        for (i, &a) in counts.iter().enumerate() {
            prop_assert_eq!(shades[i] >= FAINTEST, a > 0);
            for (j, &b) in counts.iter().enumerate() {
                prop_assert!(a > b || shades[i] <= shades[j]);
            }
        }
    }

    #[test]
    fn a_cell_is_where_it_stands(
        shape in (1..60_u32, 1..60_u32),
        size in (1.0..900.0, 1.0..900.0),
        pick: prop::sample::Index,
    ) {
        let cells = Cells::new(shape, size);
        let cell = pick.index((shape.0 * shape.1) as usize);
        let (x, y) = cells.middle(cell);
        prop_assert_eq!(cells.cell_at(x, y), Some(cell));
    }

    #[test]
    fn the_nearest_cell_is_the_one_a_full_search_finds(
        taken in prop::collection::vec(0..3_u32, 12 * 9),
        x in -40.0..340.0_f64,
        y in -40.0..220.0_f64,
        radius in 0.0..80.0,
    ) {
        let cells = Cells::new((12, 9), (300.0, 180.0));
        let counts: Vec<u32> = taken.iter().map(|&n| n / 2).collect();
        let distance = |cell: usize| {
            let (a, b) = cells.middle(cell);
            (a - x).hypot(b - y)
        };
        let found = cells.nearest(&counts, x, y, radius);
        let under = cells.cell_at(x, y).filter(|&cell| counts[cell] > 0);
        let best = (0..counts.len())
            .filter(|&cell| counts[cell] > 0 && distance(cell) <= radius)
            .min_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        prop_assert_eq!(found.map(distance), under.or(best).map(distance));
    }

    #[test]
    fn every_row_can_be_reached_and_is_drawn_in_view(
        n_rows in prop_oneof![1..2_000_u32, 400_000..u32::MAX],
        row_height in 18.0..48.0,
        viewport in 60.0..1_400.0,
        pick: prop::sample::Index,
    ) {
        let list = VirtualList::new(n_rows, row_height, viewport);
        let row = row_of(pick, n_rows);
        let from_start = list.place_showing(Place::default(), row);
        for place in [list.place_at_row(row), from_start] {
            prop_assert!(list.rows_in_view(place).contains(&row));
            let y = list.y_of_row(place, row);
            // All of the row lies in the part of the element that is in view.
            prop_assert!(y >= place.scroll_top - 1e-3);
            prop_assert!(y + row_height <= place.scroll_top + viewport + 1e-3);
            // And in the element: a browser would cut off what lies below its end.
            prop_assert!(y + row_height <= list.height() + 1.0);
            // What the browser makes of it, rounded as it likes, leaves the place as it is.
            for rounding in [-0.5, 0.0, 0.5] {
                prop_assert_eq!(list.place_at_scroll(place.scroll_top + rounding, place), place);
            }
        }
    }

    #[test]
    fn the_scroll_bar_leads_from_the_first_row_to_the_last(
        n_rows in 1..u32::MAX,
        row_height in 18.0..48.0,
        viewport in 60.0..1_400.0,
        t in 0.0..1.0,
        pick: prop::sample::Index,
    ) {
        let list = VirtualList::new(n_rows, row_height, viewport);
        let before = list.place_at_row(row_of(pick, n_rows));
        let start = list.place_at_scroll(0.0, before);
        prop_assert_eq!(list.rows_in_view(start).start, 0);
        let end = list.place_at_scroll((list.height() - viewport).max(0.0), before);
        prop_assert_eq!(list.rows_in_view(end).end, n_rows);
        let between = list.place_at_scroll(t * list.height(), end);
        let view = list.rows_in_view(between);
        prop_assert!(start.above <= between.above && between.above <= end.above);
        prop_assert!(f64::from(view.end - view.start) <= viewport / row_height + 2.0);
    }

    #[test]
    fn the_wheel_moves_by_as_many_pixels_as_it_says(
        n_rows in 1_000_000..100_000_000_u32,
        row in 1_000..999_000_u32,
        pixels in -900.0..900.0,
    ) {
        let list = VirtualList::new(n_rows, 32.0, 640.0);
        let place = list.place_at_row(row);
        let moved = list.place_moved(place, pixels);
        prop_assert!((moved.above - place.above - pixels).abs() < 1e-3);
        prop_assert_eq!(list.place_at_scroll(moved.scroll_top, moved), moved);
    }
}

#[test]
fn a_million_rows_are_stepped_through_one_by_one() {
    let list = VirtualList::new(1_000_000, 32.0, 640.0);
    let mut place = Place::default();
    for row in 0..1_000_000 {
        place = list.place_showing(place, row);
        let view = list.rows_in_view(place);
        assert!(view.contains(&row) && view.len() <= 21, "row {row} is not in {view:?}");
    }
    assert_eq!(list.rows_in_view(place), 999_980..1_000_000);
}

#[test]
fn an_empty_list_shows_nothing() {
    let list = VirtualList::new(0, 32.0, 640.0);
    assert_eq!(list.rows_in_view(list.place_at_scroll(50.0, Place::default())), 0..0);
    assert_eq!(list.height(), 0.0);
}
