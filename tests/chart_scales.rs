//! Laws of scales and ticks.

use isoscope::chart::{Kind, Scale, Tick};
use proptest::prelude::*;

const KINDS: [Kind; 3] = [Kind::Linear, Kind::Log, Kind::Time];

/// Any double that is finite, the extremes among them.
fn values() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6,
        2 => prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO,
        1 => prop::sample::select(vec![
            0.0, -0.0, 1.0, 1e308, -1e308, f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, 9e15,
        ]),
    ]
}

fn kinds() -> impl Strategy<Value = Kind> {
    prop::sample::select(KINDS.to_vec())
}

fn scales() -> impl Strategy<Value = Scale> {
    let range = prop::sample::select(vec![(0.0, 640.0), (240.0, 0.0), (44.0, 750.0)]);
    (kinds(), values(), values(), range)
        .prop_map(|(kind, a, b, range)| Scale::new(kind, (a, b), range))
}

fn ascends(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] < pair[1])
}

fn values_of(ticks: &[Tick]) -> Vec<f64> {
    ticks.iter().map(|tick| tick.value).collect()
}

fn labels_of(ticks: &[Tick]) -> Vec<&str> {
    ticks.iter().map(|tick| tick.label.as_str()).collect()
}

proptest! {
    #[test]
    fn inverting_a_position_gives_the_value_back(scale in scales(), t in 0.0..=1.0) {
        let (low, high) = scale.domain();
        let value = match scale.kind() {
            // Spread evenly over the logarithms, or no small value would ever be drawn.
            Kind::Log => scale.invert(scale.range().0 + t * (scale.range().1 - scale.range().0)),
            Kind::Linear | Kind::Time => (1.0 - t) * low + t * high,
        };
        let back = scale.invert(scale.map(value));
        let ulps = match scale.kind() {
            // Relative to 1 + |v|, times the logarithm's own length: up to 308 decades.
            Kind::Log => (1.0 + value.abs()) * 1e-12,
            Kind::Linear | Kind::Time => (high / 2.0 - low / 2.0 + low.abs() / 2.0 + high.abs() / 2.0) * 1e-14,
        };
        prop_assert!((back - value).abs() <= ulps || low == high, "{value} came back as {back}");
    }

    #[test]
    fn both_ends_of_the_domain_meet_both_ends_of_the_range(scale in scales()) {
        let (low, high) = scale.domain();
        // Two values can be one and the same place once their logarithm is taken.
        if scale.map(low) != scale.map(high) {
            prop_assert_eq!((scale.map(low), scale.map(high)), scale.range());
        }
        prop_assert!(scale.invert(scale.range().0) >= low && scale.invert(scale.range().1) <= high);
    }

    #[test]
    fn larger_values_never_stand_before_smaller_ones(scale in scales(), a in values(), b in values()) {
        let (x, y) = (scale.map(a.min(b)), scale.map(a.max(b)));
        let (start, end) = scale.range();
        prop_assert!(if start < end { x <= y + 1e-9 } else { x + 1e-9 >= y }, "{} {}", x, y);
    }

    #[test]
    fn nothing_is_ever_nan(
        kind in kinds(),
        domain in (any::<f64>(), any::<f64>()),
        value: f64,
        n in 0..30_u32,
    ) {
        let scale = Scale::new(kind, domain, (0.0, 500.0));
        prop_assert!(scale.map(value).is_finite());
        prop_assert!(scale.invert(value).is_finite());
        for tick in scale.ticks(n).iter().chain(&scale.nice(n).ticks(n)) {
            prop_assert!(tick.value.is_finite() && tick.position.is_finite());
            prop_assert!(!tick.label.is_empty());
        }
    }

    #[test]
    fn ticks_ascend_within_the_domain_and_are_not_too_many(scale in scales(), n in 2..20_u32) {
        let ticks = scale.ticks(n);
        let (low, high) = scale.domain();
        prop_assert!(ascends(&values_of(&ticks)), "{ticks:?}");
        prop_assert!(ticks.iter().all(|tick| (low..=high).contains(&tick.value)), "{ticks:?}");
        prop_assert!(ticks.len() <= 3 * n as usize, "{} of {n}: {ticks:?}", ticks.len());
    }

    #[test]
    fn ticks_of_an_axis_have_different_labels(
        kind in kinds(),
        low in -1e9..1e9,
        extent in 1e-3..1e9,
        n in 2..20_u32,
    ) {
        let ticks = Scale::new(kind, (low, low + extent), (0.0, 1.0)).ticks(n);
        let mut labels = labels_of(&ticks);
        labels.sort_unstable();
        // Clock times and names of months come again.
        if kind != Kind::Time {
            prop_assert!(labels.windows(2).all(|pair| pair[0] != pair[1]), "{ticks:?}");
        }
    }

    #[test]
    fn linear_ticks_are_evenly_spaced_and_about_as_many_as_asked(
        low in -1e12..1e12,
        extent in 1e-2..1e12,
        n in 2..20_u32,
    ) {
        let ticks = values_of(&Scale::linear((low, low + extent), (0.0, 1.0)).ticks(n));
        // Between 1, 2, 5 and 10, the step is at most √2.5 times what was asked for.
        prop_assert!(ticks.len() as f64 >= (f64::from(n) / 1.59).floor(), "{} of {n}", ticks.len());
        prop_assert!(ticks.len() <= 2 * n as usize, "{} of {n}", ticks.len());
        let step = ticks.get(1).map_or(0.0, |second| second - ticks[0]);
        let rounding = 4.0 * f64::EPSILON * (low.abs() + extent);
        for pair in ticks.windows(2) {
            prop_assert!((pair[1] - pair[0] - step).abs() <= rounding, "{ticks:?}");
        }
    }

    #[test]
    fn a_nice_domain_holds_the_domain_and_starts_and_ends_on_ticks(
        low in -1e9..1e9,
        extent in 1e-3..1e9,
        n in 2..20_u32,
    ) {
        for kind in [Kind::Linear, Kind::Time] {
            let nice = Scale::new(kind, (low, low + extent), (0.0, 1.0)).nice(n);
            prop_assert!(nice.domain().0 <= low && nice.domain().1 >= low + extent);
            prop_assert!(nice.domain().1 - nice.domain().0 <= 8.0 * extent + 2e8, "{:?}", nice.domain());
        }
        let nice = Scale::linear((low, low + extent), (0.0, 1.0)).nice(n);
        let ticks = values_of(&nice.ticks(n));
        prop_assert_eq!((ticks[0], ticks[ticks.len() - 1]), nice.domain());
    }
}

fn labels(scale: Scale, n: u32) -> Vec<String> {
    scale.ticks(n).into_iter().map(|tick| tick.label.replace('\u{202f}', " ")).collect()
}

#[test]
fn linear_labels_have_as_many_digits_as_the_step_needs() {
    let linear = |low, high, n| labels(Scale::linear((low, high), (0.0, 1.0)), n);
    assert_eq!(linear(0.0, 1.0, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    assert_eq!(linear(0.30, 0.34, 4), ["0.30", "0.31", "0.32", "0.33", "0.34"]);
    assert_eq!(linear(-10.0, 10.0, 4), ["−10", "−5", "0", "5", "10"]);
    assert_eq!(linear(0.0, 4_000.0, 4), ["0", "1,000", "2,000", "3,000", "4,000"]);
    assert_eq!(linear(0.0, 30_000.0, 3), ["0", "10 k", "20 k", "30 k"]);
    assert_eq!(linear(0.0, 1.5e6, 3), ["0", "0.5 M", "1.0 M", "1.5 M"]);
    assert_eq!(
        linear(1e6, 1e6 + 4.0, 4),
        ["1,000,000", "1,000,001", "1,000,002", "1,000,003", "1,000,004"]
    );
    assert_eq!(linear(0.0, 3e-8, 3), ["0", "1e−8", "2e−8", "3e−8"]);
    assert_eq!(linear(0.0, 2e20, 2), ["0", "1e20", "2e20"]);
    assert_eq!(linear(5.0, 5.0, 4), ["5"]);
}

#[test]
fn logarithmic_labels_are_decades_where_there_are_enough_of_them() {
    let log = |low, high, n| labels(Scale::log((low, high), (0.0, 1.0)), n);
    assert_eq!(log(0.0, 500_000.0, 6), ["0", "10", "100", "1,000", "10 k", "100 k"]);
    assert_eq!(log(0.0, 1e9, 5), ["0", "100", "10 k", "1 M", "100 M"]);
    assert_eq!(log(-1_000.0, 1_000.0, 7), ["−1,000", "−100", "−10", "0", "10", "100", "1,000"]);
    assert_eq!(log(0.0, 60.0, 6), ["0", "1", "2", "5", "10", "20", "50"]);
    // Less than a decade: the ticks of a linear axis, logarithmically spaced.
    assert_eq!(log(100.0, 150.0, 5), ["100", "110", "120", "130", "140", "150"]);
    assert_eq!(log(0.0, 0.5, 5), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
}

#[test]
fn ticks_of_time_stand_on_the_calendar() {
    let day = 1_795_219_200.0; // 2026-11-21, a Saturday
    let time = |low, high, n| labels(Scale::time((low, high), (0.0, 1.0)), n);
    assert_eq!(time(day + 4.75, day + 5.5, 3), [".8", ":05", ".2", ".4"]);
    assert_eq!(time(day + 50.0, day + 75.0, 5), [":50", ":55", "00:01", ":05", ":10", ":15"]);
    assert_eq!(
        time(day + 8.5 * 3_600.0, day + 12.0 * 3_600.0, 4),
        ["09:00", "10:00", "11:00", "12:00"]
    );
    assert_eq!(time(day, day + 1.2e5, 4), ["21 Nov", "06:00", "12:00", "18:00", "22 Nov", "06:00"]);
    assert_eq!(time(day, day + 21.0 * 86_400.0, 3), ["23 Nov", "30 Nov", "7 Dec"]);
    assert_eq!(time(day, day + 100.0 * 86_400.0, 4), ["Dec", "2027", "Feb", "Mar"]);
    assert_eq!(time(0.0, day, 6), ["1970", "1980", "1990", "2000", "2010", "2020"]);
    let nice = Scale::time((day + 3_000.0, day + 80_000.0), (0.0, 1.0)).nice(8);
    assert_eq!(nice.domain(), (day, day + 86_400.0));
}
