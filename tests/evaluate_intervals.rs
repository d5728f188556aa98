//! Intervals: formulas against naive ones, and how often they hold the truth.

use isoscope::engine::{
    evaluate::{Confusion, Counts, Curve, Figure, Interval, Undefined, Weight, bootstrap, wilson},
    random::{normal, stream, unit},
};
use proptest::prelude::*;

fn holds(interval: Interval, truth: f64) -> bool {
    (interval.low..=interval.high).contains(&truth)
}

/// Positive rows from a bell around `shift`, negative ones around 0, in lumps as large as `grain`.
fn curve(n_positives: u32, n_negatives: u32, shift: f64, grain: i64, seed: u64) -> Curve {
    let mut rng = stream(seed, 0);
    let (mut scores, mut truth) = (Vec::new(), Vec::new());
    for row in 0..n_positives + n_negatives {
        let is_positive = row < n_positives;
        let score = normal(&mut rng) + if is_positive { shift } else { 0.0 };
        scores.push((score * 1e6) as i64 / grain);
        truth.push(u8::from(is_positive));
    }
    Curve::of(&scores, &truth, 1)
}

/// The variance from every row's placement, pair by pair (DeLong et al. 1988, eq. 3 to 5).
fn naive_variance(positives: &[i64], negatives: &[i64]) -> f64 {
    let kernel = |p: i64, n: i64| match p.cmp(&n) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    };
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let variance_of_mean = |values: &[f64]| {
        let centre = mean(values);
        let squares = values.iter().map(|value| (value - centre) * (value - centre));
        squares.sum::<f64>() / (values.len() as f64 - 1.0) / values.len() as f64
    };
    let of_positives: Vec<f64> = positives
        .iter()
        .map(|&p| mean(&negatives.iter().map(|&n| kernel(p, n)).collect::<Vec<_>>()))
        .collect();
    let of_negatives: Vec<f64> = negatives
        .iter()
        .map(|&n| mean(&positives.iter().map(|&p| kernel(p, n)).collect::<Vec<_>>()))
        .collect();
    variance_of_mean(&of_positives) + variance_of_mean(&of_negatives)
}

proptest! {
    #[test]
    fn delongs_variance_is_that_of_placements(
        positives in prop::collection::vec(-9..9_i64, 2..40),
        negatives in prop::collection::vec(-9..9_i64, 2..40),
    ) {
        let scores = [&positives[..], &negatives].concat();
        let truth = [vec![1; positives.len()], vec![0; negatives.len()]].concat();
        let curve = Curve::of(&scores, &truth, 1);
        let found = curve.roc_auc_variance().expect("two rows of each side");
        let expected = naive_variance(&positives, &negatives);
        prop_assert!((found - expected).abs() <= 1e-12, "{}, not {}", found, expected);
        match curve.roc_auc_interval() {
            Ok(Interval { low, high }) => {
                let auc = curve.roc_auc().expect("both sides");
                prop_assert!(0.0 < low && low < auc && auc < high && high < 1.0);
            }
            Err(reason) => prop_assert!(reason == Undefined::NoSpread && expected < 1e-15),
        }
    }

    #[test]
    fn wilsons_interval_holds_what_was_seen(n_hits in 0..5_000_u64, n_misses in 0..5_000_u64) {
        let n = n_hits + n_misses;
        prop_assume!(n > 0);
        let Interval { low, high } = wilson(n_hits, n).expect("there are rows");
        let share = n_hits as f64 / n as f64;
        prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0 && low < high);
        // Its ends are the shares that are 1.96 of their own deviations away from what was seen.
        for end in [low, high] {
            let deviation = (end * (1.0 - end) / n as f64).sqrt();
            prop_assert!(((share - end).abs() - 1.959_963_984_540_054 * deviation).abs() < 1e-9);
        }
    }
}

/// R. G. Newcombe, *Two-sided confidence intervals for the single proportion*, Statistics in Medicine
/// 17, 1998, table I: method 3.
#[test]
fn wilsons_interval_is_the_published_one() {
    let Interval { low, high } = wilson(81, 263).expect("there are rows");
    assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5, "{low} {high}");
    assert_eq!(wilson(0, 0), Err(Undefined::NoRows));
}

/// How many of `n` intervals hold the truth.
fn covered(n: u64, truth: f64, interval: impl Fn(u64) -> Result<Interval, Undefined>) -> f64 {
    let found = (0..n).filter_map(|seed| interval(seed).ok());
    let n_holding = found.filter(|interval| holds(*interval, truth)).count();
    n_holding as f64 / n as f64
}

#[test]
fn wilsons_interval_holds_the_truth_95_times_in_100() {
    for (n, p) in [(40, 0.5), (150, 0.1), (400, 0.97)] {
        let share = covered(1_000, p, |seed| {
            let mut rng = stream(seed, n);
            wilson((0..n).filter(|_| unit(&mut rng) < p).count() as u64, n)
        });
        println!("{n} rows, {p}: {share}");
        assert!((share - 0.95).abs() < 0.02, "{share}");
    }
}

#[test]
fn delongs_interval_holds_the_truth_95_times_in_100() {
    for (n_positives, n_negatives, shift, grain) in
        [(60, 60, 1.0, 1), (30, 300, 1.5, 1), (200, 100, 2.2, 1), (80, 80, 0.0, 500_000)]
    {
        // Two bells a distance d apart have an area of Φ(d / √2); in lumps it is that of many rows.
        let truth = curve(400_000, 400_000, shift, grain, 99).roc_auc().expect("both sides");
        let share = covered(1_000, truth, |seed| {
            curve(n_positives, n_negatives, shift, grain, seed).roc_auc_interval()
        });
        println!("{n_positives} and {n_negatives}, area {truth}: {share}");
        assert!((share - 0.95).abs() < 0.02, "{share}");
    }
}

#[test]
fn what_does_not_vary_has_no_interval() {
    let of = |scores: &[i64], truth: &[u8]| Curve::of(scores, truth, 1);
    let perfect = of(&[1, 2, 3, 4], &[0, 0, 1, 1]);
    assert_eq!(perfect.roc_auc_interval(), Err(Undefined::NoSpread));
    assert_eq!(perfect.average_precision_interval(1), Err(Undefined::NoSpread));
    assert_eq!(of(&[1, 2, 3], &[0, 1, 0]).roc_auc_interval(), Err(Undefined::NoSpread));
    assert_eq!(of(&[1, 2, 3], &[0, 0, 0]).roc_auc_interval(), Err(Undefined::NoPositives));
    assert_eq!(
        of(&[1, 2, 3], &[0, 0, 0]).average_precision_interval(1),
        Err(Undefined::NoPositives)
    );
    let right = Confusion::from_cells(2, vec![50, 0, 0, 50, 0, 0]);
    let blind = Confusion::from_cells(2, vec![50, 0, 50, 0, 0, 0]);
    // One row in a hundred is flagged, and is not in every draw.
    let seldom = Confusion::from_cells(2, vec![50, 0, 49, 1, 0, 0]);
    let precision: &dyn Fn(&Confusion) -> Figure = &|drawn| drawn.against_rest(1).precision();
    assert_eq!(bootstrap(&right, 1, &[&Confusion::mcc]), [Err(Undefined::NoSpread)]);
    assert_eq!(bootstrap(&blind, 1, &[precision]), [Err(Undefined::NothingFlagged)]);
    assert_eq!(bootstrap(&seldom, 1, &[precision]), [Err(Undefined::NothingFlagged)]);
    assert_eq!(bootstrap(&Confusion::from_cells(0, vec![]), 1, &[precision; 0]), []);
}

/// Rows of three true classes, one of them rare, predicted with mistakes.
const CELLS: [f64; 12] = [0.55, 0.04, 0.01, 0.05, 0.22, 0.03, 0.01, 0.02, 0.05, 0.0, 0.01, 0.01];

type Named = (&'static str, fn(&Confusion) -> Figure);

const FIGURES: [Named; 5] = [
    ("mcc", Confusion::mcc),
    ("balanced accuracy", Confusion::balanced_accuracy),
    ("macro F1", |confusion| confusion.mean(Counts::f1, Weight::Equal).figure),
    ("F2 of the second", |confusion| confusion.against_rest(1).f2()),
    ("accuracy", Confusion::accuracy),
];

#[test]
fn the_bootstrap_holds_the_truth_95_times_in_100() {
    const N: u64 = 400;
    let truth = Confusion::from_cells(3, CELLS.map(|p| (p * 1e6) as u64).to_vec());
    let mut n_holding = [0_u64; FIGURES.len()];
    for seed in 0..N {
        let mut rng = stream(seed, 0);
        let mut cells = vec![0; CELLS.len()];
        for (truth, weights) in CELLS.chunks(3).enumerate() {
            // As many rows of each class in every table: what is drawn apart by class.
            let n: f64 = weights.iter().sum::<f64>() * 800.0;
            for _ in 0..n.round() as u32 {
                let drawn =
                    isoscope::engine::random::weighted(unit(&mut rng), weights.iter().copied());
                cells[truth * 3 + drawn] += 1;
            }
        }
        let confusion = Confusion::from_cells(3, cells);
        let wanted = FIGURES.each_ref().map(|(_, figure)| figure as &dyn Fn(&Confusion) -> Figure);
        for ((interval, (_, figure)), n_holding) in
            bootstrap(&confusion, seed, &wanted).iter().zip(&FIGURES).zip(&mut n_holding)
        {
            let interval = interval.expect("there are mistakes");
            let (seen, truth) = (figure(&confusion), figure(&truth));
            assert!(holds(interval, seen.expect("all classes have rows")));
            *n_holding += u64::from(holds(interval, truth.expect("all classes have rows")));
        }
    }
    for ((name, _), n_holding) in FIGURES.iter().zip(n_holding) {
        let share = n_holding as f64 / N as f64;
        println!("{name}: {share}");
        assert!((share - 0.95).abs() < 0.035, "{name}: {share}");
    }
}

#[test]
fn average_precisions_interval_holds_the_truth_95_times_in_100() {
    for (n_positives, n_negatives, shift, grain, n_tables) in
        [(100, 400, 1.5, 1, 300), (1_500, 3_000, 1.0, 1, 80), (200, 300, 1.0, 300_000, 300)]
    {
        // The share of positive rows is part of the figure: the truth is that of many like tables.
        let (many_positives, many_negatives) = (n_positives * 200, n_negatives * 200);
        let truth = curve(many_positives, many_negatives, shift, grain, 99).average_precision();
        let truth = truth.expect("both sides");
        let share = covered(n_tables, truth, |seed| {
            curve(n_positives, n_negatives, shift, grain, seed).average_precision_interval(seed)
        });
        println!("{n_positives} and {n_negatives}, average precision {truth}: {share}");
        // Three standard deviations.
        let chance = 3.0 * (0.95 * 0.05 / n_tables as f64).sqrt();
        assert!((share - 0.95).abs() < chance, "{share}");
    }
}

#[test]
fn blocks_of_a_long_ranking_draw_as_its_rows_do() {
    // 512 scores with positive rows are drawn exactly; the same rows, told apart further, in blocks.
    let exact = curve(20_000, 20_000, 1.0, 20_000, 3);
    let blocks = curve(20_000, 20_000, 1.0, 1, 3);
    let of = |curve: &Curve| {
        let Interval { low, high } = curve.average_precision_interval(5).expect("both sides");
        let found = curve.average_precision().expect("both sides");
        [found - low, high - found]
    };
    for (exact, blocks) in of(&exact).into_iter().zip(of(&blocks)) {
        println!("{exact} {blocks}");
        assert!((exact / blocks - 1.0).abs() < 0.1, "{exact} {blocks}");
    }
}

#[test]
fn a_seed_gives_one_interval() {
    let confusion = Confusion::from_cells(2, vec![90, 10, 4, 16, 1, 0]);
    let of = |seed| bootstrap(&confusion, seed, &[&Confusion::mcc, &Confusion::accuracy]);
    assert_eq!(of(7), of(7));
    assert_ne!(of(7), of(8));
    // What else is asked for changes nothing.
    assert_eq!(of(7)[1..], bootstrap(&confusion, 7, &[&Confusion::accuracy]));
    let curve = curve(300, 700, 1.0, 1, 1);
    assert_eq!(curve.average_precision_interval(7), curve.average_precision_interval(7));
    assert_ne!(curve.average_precision_interval(7), curve.average_precision_interval(8));
}

#[test]
fn average_precision_by_formula_holds_the_truth_often_enough() {
    let truth = curve(40_000, 200_000, 1.5, 1, 1).average_precision().expect("rows of both sides");
    let interval = |seed| curve(80, 400, 1.5, 1, seed).average_precision_logit_interval();
    let n_held = (0..400).filter(|&seed| holds(interval(seed).expect("a spread"), truth)).count();
    assert!(n_held >= 376, "{n_held} of 400");
    // Where nothing is wrong there is nothing to tell the spread by.
    let perfect = Curve::of(&[3, 2, 1], &[1, 1, 0], 1).average_precision_logit_interval();
    assert_eq!(perfect, Err(Undefined::NoSpread));
}
