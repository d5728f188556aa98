//! What judges must keep to, held against naive oracles.

use isoscope::engine::evaluate::{
    Confusion, Costs, Counts, Curve, Figure, MOST_POINTS, Platt, Point, ReliabilityBin, Undefined,
    Weight, calibration_error, comparable, precision_at_base_rate, thinned,
};
use isoscope::engine::random::{below, normal, stream, unit};
use proptest::prelude::*;

/// Scores and whether rows are positive; few scores, so that many tie.
fn ranked_rows() -> impl Strategy<Value = Vec<(i64, bool)>> {
    let spread = prop_oneof![Just(1_i64), Just(1 << 40), Just(i64::MAX / 8)];
    let rows = prop::collection::vec((-8..8_i64, any::<bool>()), 1..60);
    (spread, rows).prop_map(|(spread, rows)| {
        rows.into_iter().map(|(score, is_positive)| (score * spread, is_positive)).collect()
    })
}

fn curve(rows: &[(i64, bool)]) -> Curve {
    let (scores, truth): (Vec<i64>, Vec<u8>) =
        rows.iter().map(|&(score, is_positive)| (score, u8::from(is_positive))).unzip();
    Curve::of(&scores, &truth, 1)
}

fn sides(rows: &[(i64, bool)]) -> [Vec<i64>; 2] {
    let of = |side| rows.iter().filter(|row| row.1 == side).map(|row| row.0).collect();
    [of(true), of(false)]
}

/// 1 where the positive row scores higher, ½ where they tie.
fn kernel(positive: i64, negative: i64) -> f64 {
    match positive.cmp(&negative) {
        std::cmp::Ordering::Greater => 1.0,
        std::cmp::Ordering::Equal => 0.5,
        std::cmp::Ordering::Less => 0.0,
    }
}

/// Two bells, that of the positive rows to the right.
fn bells(n_positives: u32, n_negatives: u32, shift: f64, seed: u64) -> Vec<(i64, bool)> {
    let mut rng = stream(seed, 0);
    let mut rows = Vec::new();
    for row in 0..n_positives + n_negatives {
        let is_positive = row < n_positives;
        let score = normal(&mut rng) + if is_positive { shift } else { 0.0 };
        rows.push(((score * 1e6) as i64, is_positive));
    }
    rows
}

fn area(points: &[Point]) -> f64 {
    points
        .windows(2)
        .map(|pair| (pair[1].x - pair[0].x) * f64::midpoint(pair[0].y, pair[1].y))
        .sum()
}

proptest! {
    #[test]
    fn auc_is_the_share_of_pairs(rows in ranked_rows()) {
        let [positives, negatives] = sides(&rows);
        let n_pairs = (positives.len() * negatives.len()) as f64;
        let pairs = positives.iter().flat_map(|&p| negatives.iter().map(move |&n| kernel(p, n)));
        let n_right: f64 = pairs.sum();
        let auc = curve(&rows).roc_auc();
        prop_assert_eq!(auc.ok(), (n_pairs > 0.0).then_some(n_right / n_pairs));
    }

    #[test]
    fn the_area_under_the_drawn_curve_is_auc(rows in ranked_rows()) {
        let curve = curve(&rows);
        let roc = curve.roc();
        prop_assert_eq!(roc.is_err(), curve.roc_auc().is_err());
        if let (Ok(points), Ok(auc)) = (roc, curve.roc_auc()) {
            prop_assert!((area(&points) - auc).abs() < 1e-12);
            let (first, last) = (points[0], points[points.len() - 1]);
            prop_assert_eq!((first.x, first.y, last.x, last.y), (0.0, 0.0, 1.0, 1.0));
            prop_assert_eq!(points.len(), curve.steps().len() + 1);
        }
    }

    #[test]
    fn average_precision_of_distinct_scores_is_the_mean_precision_at_hits(
        truth in prop::collection::vec(any::<bool>(), 1..80),
    ) {
        let rows: Vec<(i64, bool)> = (0..).zip(&truth).map(|(score, &hit)| (-score, hit)).collect();
        let mut n_hits = 0.0;
        let mut sum = 0.0;
        for (place, _) in truth.iter().enumerate().filter(|(_, hit)| **hit) {
            n_hits += 1.0;
            sum += n_hits / (place as f64 + 1.0);
        }
        match curve(&rows).average_precision() {
            Ok(found) => prop_assert!((found - sum / n_hits).abs() < 1e-12),
            Err(reason) => prop_assert!(n_hits == 0.0 && reason == Undefined::NoPositives),
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing(rows in ranked_rows()) {
        let reversed: Vec<_> = rows.iter().rev().copied().collect();
        prop_assert_eq!(curve(&rows), curve(&reversed));
    }

    #[test]
    fn a_cut_does_what_it_says(rows in ranked_rows(), threshold in -9..9_i64) {
        for threshold in [threshold, rows[0].0, i64::MIN, i64::MAX] {
            let count = |flagged: bool, positive: bool| {
                let is_meant = |row: &&(i64, bool)| (row.0 >= threshold) == flagged && row.1 == positive;
                rows.iter().filter(is_meant).count() as u64
            };
            let expected = Counts {
                true_positives: count(true, true),
                false_positives: count(true, false),
                false_negatives: count(false, true),
                true_negatives: count(false, false),
            };
            prop_assert_eq!(curve(&rows).at(threshold), expected);
        }
    }

    /// Each turn of the rows that tie has another of them in front; all turns together are fair.
    #[test]
    fn precision_at_k_is_its_mean_over_turns_of_ties(mut rows in ranked_rows(), k in 1..70_u32) {
        rows.sort_by_key(|row| -row.0);
        let n_above = rows.partition_point(|row| row.0 > rows[(k as usize).min(rows.len()) - 1].0);
        let tie: Vec<_> =
            rows.iter().filter(|row| row.0 == rows[(k as usize).min(rows.len()) - 1].0).collect();
        let room = (k as usize).min(rows.len()) - n_above;
        let hits_above = rows[..n_above].iter().filter(|row| row.1).count();
        let mut sum = 0;
        for turn in 0..tie.len() {
            let drawn = (0..room).map(|place| tie[(place + turn) % tie.len()]);
            sum += hits_above + drawn.filter(|row| row.1).count();
        }
        let expected = sum as f64 / tie.len() as f64 / f64::from(k).min(rows.len() as f64);
        let found = curve(&rows).precision_at(k).expect("there are rows");
        prop_assert!((found - expected).abs() < 1e-12, "{}, not {}", found, expected);
    }

    #[test]
    fn the_best_cut_is_the_best_of_all(
        rows in ranked_rows(),
        missed in 0..20_u32,
        false_alarm in 0..20_u32,
        base_rate in 0.0..1.0,
    ) {
        let curve = curve(&rows);
        let thresholds = || rows.iter().map(|row| row.0).chain([i64::MAX]);
        if let Ok(best) = curve.best_f(2.0) {
            let f = |threshold| curve.at(threshold).f2().unwrap_or(0.0);
            prop_assert_eq!(best.value, thresholds().map(f).fold(0.0, f64::max));
            prop_assert_eq!(best.threshold.map(|threshold| curve.at(threshold)), Some(best.counts));
            prop_assert_eq!(best.counts.f2(), Ok(best.value));
        } else {
            prop_assert_eq!(curve.n_positives(), 0);
        }
        let costs = Costs { missed: missed.into(), false_alarm: false_alarm.into() };
        if let Ok(best) = curve.least_cost(costs, Some(base_rate)) {
            let cost = |threshold| {
                let counts = curve.at(threshold);
                let (fpr, recall) = (counts.false_positive_rate(), counts.recall());
                base_rate * costs.missed * (1.0 - recall.expect("there are positive rows"))
                    + (1.0 - base_rate) * costs.false_alarm * fpr.expect("there are others")
            };
            let least = thresholds().map(cost).fold(f64::INFINITY, f64::min);
            prop_assert!((best.value - least).abs() < 1e-9);
            prop_assert!((cost(best.threshold.unwrap_or(i64::MAX)) - least).abs() < 1e-9);
        } else {
            prop_assert!(curve.roc_auc().is_err());
        }
        // At the rows' own share the expected cost is the mean cost of the rows.
        if let Ok(best) = curve.least_cost(costs, None) {
            let counts = best.counts;
            let cells = [counts.true_negatives, counts.false_positives, counts.false_negatives,
                counts.true_positives, 0, 0].to_vec();
            let matrix = [0.0, costs.false_alarm, costs.missed, 0.0, 0.0, 0.0];
            let cost = Confusion::from_cells(2, cells).cost(&matrix) / rows.len() as f64;
            prop_assert!((best.value - cost).abs() < 1e-9);
        }
    }

    #[test]
    fn the_cut_by_false_alarms_is_the_lowest_that_has_so_few(
        rows in ranked_rows(),
        share in 0.0..=1.0,
    ) {
        let curve = curve(&rows);
        let Ok(cut) = curve.most_found(share) else {
            prop_assert_eq!(curve.n_negatives(), 0);
            return Ok(());
        };
        let n_allowed = share * f64::from(curve.n_negatives());
        let n_alarms = |threshold| curve.at(threshold).false_positives as f64;
        prop_assert_eq!(curve.at(cut.threshold.unwrap_or(i64::MAX)), cut.counts);
        prop_assert_eq!(cut.counts.false_positive_rate(), Ok(cut.value));
        for &(score, _) in &rows {
            let is_allowed = n_alarms(score) <= n_allowed;
            prop_assert_eq!(is_allowed, cut.threshold.is_some_and(|lowest| score >= lowest));
        }
    }

    #[test]
    fn precision_at_the_rows_own_base_rate_is_precision(cells: [u16; 4]) {
        let [true_positives, false_positives, false_negatives, true_negatives] = cells.map(u64::from);
        let counts = Counts { true_positives, false_positives, false_negatives, true_negatives };
        if let (Ok(tpr), Ok(fpr)) = (counts.recall(), counts.false_positive_rate()) {
            let base_rate = counts.n_positives() as f64 / counts.n_rows() as f64;
            match (precision_at_base_rate(tpr, fpr, base_rate), counts.precision()) {
                (Ok(found), Ok(expected)) => prop_assert!((found - expected).abs() < 1e-12),
                (found, expected) => prop_assert_eq!(found, expected),
            }
        }
    }

    #[test]
    fn a_matrix_is_the_sum_of_its_parts(
        rows in prop::collection::vec((0..6_u8, 0..4_u8), 0..80),
        cut in 0..80_usize,
    ) {
        let of = |rows: &[(u8, u8)]| {
            let (truth, predicted): (Vec<u8>, Vec<u8>) = rows.iter().copied().unzip();
            Confusion::of(4, &truth, &predicted)
        };
        let cut = cut.min(rows.len());
        let mut merged = of(&rows[cut..]);
        merged.merge(&of(&rows[..cut]));
        prop_assert_eq!(&merged, &of(&rows));
        let count = |is_meant: &dyn Fn(&(u8, u8)) -> bool| rows.iter().filter(|row| is_meant(row)).count() as u64;
        // Classes 4 and 5 were never seen.
        prop_assert_eq!(merged.n_unseen(), count(&|row| row.0 >= 4));
        for class in 0..4 {
            let counts = merged.against_rest(class);
            prop_assert_eq!(counts.true_positives, count(&|row| row.0 == class && row.1 == class));
            prop_assert_eq!(counts.false_positives, count(&|row| row.0 != class && row.1 == class));
            prop_assert_eq!(counts.false_negatives, count(&|row| row.0 == class && row.1 != class));
            prop_assert_eq!(counts.n_rows(), rows.len() as u64);
        }
    }

    /// R_K as the covariance of indicators, row by row (Gorodkin 2004, eq. 2 to 4).
    #[test]
    fn r_k_is_the_correlation_of_indicators(rows in prop::collection::vec((0..5_u8, 0..4_u8), 1..60)) {
        let (truth, predicted): (Vec<u8>, Vec<u8>) = rows.iter().copied().unzip();
        let n = rows.len() as f64;
        let is = |list: &[u8], row: usize, class| f64::from(u8::from(list[row] == class));
        let covariance = |a: &[u8], b: &[u8]| -> f64 {
            (0..5).map(|class| {
                let mean = |list| (0..rows.len()).map(|row| is(list, row, class)).sum::<f64>() / n;
                let (of_a, of_b) = (mean(a), mean(b));
                (0..rows.len())
                    .map(|row| (is(a, row, class) - of_a) * (is(b, row, class) - of_b))
                    .sum::<f64>()
            }).sum()
        };
        let spread = covariance(&truth, &truth) * covariance(&predicted, &predicted);
        match Confusion::of(4, &truth, &predicted).mcc() {
            Ok(found) => prop_assert!((found - covariance(&truth, &predicted) / spread.sqrt()).abs() < 1e-9),
            Err(_) => prop_assert!(spread < 1e-9),
        }
    }

    #[test]
    fn numbers_stay_in_order_as_scores(a: f64, b: f64) {
        prop_assume!(!a.is_nan() && !b.is_nan());
        prop_assert_eq!(comparable(a).cmp(&comparable(b)), a.partial_cmp(&b).expect("numbers"));
    }

    #[test]
    fn bins_hold_all_rows_and_no_score_twice(rows in ranked_rows(), n_bins in 1..12_u32) {
        let bins = curve(&rows).reliability(n_bins, &|_| 0.25);
        prop_assert!(bins.len() <= n_bins as usize);
        prop_assert_eq!(bins.iter().map(|bin| bin.n_rows).sum::<u64>(), rows.len() as u64);
        prop_assert!(bins.is_sorted_by(|a, b| a.scores.1 < b.scores.0));
        for bin in &bins {
            let inside = || rows.iter().filter(|row| (bin.scores.0..=bin.scores.1).contains(&row.0));
            prop_assert_eq!(inside().count() as u64, bin.n_rows);
            prop_assert_eq!(inside().filter(|row| row.1).count() as u64, bin.n_positives);
            prop_assert!((bin.predicted - 0.25).abs() < 1e-12);
            prop_assert!(bin.interval.low <= bin.observed && bin.observed <= bin.interval.high);
        }
        let observed = rows.iter().filter(|row| row.1).count() as f64 / rows.len() as f64;
        if n_bins == 1 {
            prop_assert_eq!(bins.len(), 1);
            let error = calibration_error(&bins).expect("there are rows");
            prop_assert!((error - (observed - 0.25).abs()).abs() < 1e-12);
        }
    }

    #[test]
    fn the_brier_score_is_the_mean_square(rows in ranked_rows()) {
        let probability = |score: i64| 1.0 / (1.0 + libm::exp(-(score as f64) / 1e12));
        let square = |row: &(i64, bool)| {
            let off = probability(row.0) - f64::from(u8::from(row.1));
            off * off
        };
        let expected = rows.iter().map(square).sum::<f64>() / rows.len() as f64;
        let found = curve(&rows).brier_score(&probability).expect("there are rows");
        prop_assert!((found - expected).abs() < 1e-12);
    }
}

#[test]
fn the_largest_matrices_do_not_overflow() {
    for n in [1_000_000, u64::from(u32::MAX) / 4 - 1] {
        let even = Confusion::from_cells(2, vec![n, n, n, n, 0, 0]);
        assert_eq!((even.mcc(), even.against_rest(1).mcc()), (Ok(0.0), Ok(0.0)));
        let right = Confusion::from_cells(2, vec![n, 0, 0, n, 0, 0]);
        assert_eq!((right.mcc(), right.against_rest(0).mcc()), (Ok(1.0), Ok(1.0)));
        let most = Confusion::from_cells(2, vec![3 * n / 2, n / 2, n / 2, 3 * n / 2, 0, 0]);
        assert_eq!((most.mcc(), most.against_rest(1).mcc()), (Ok(0.5), Ok(0.5)));
    }
    // As many rows as are counted: half positive, all pairs right but for ties.
    let half = u32::MAX / 2;
    let curve = Curve::of_counts(&[1, 0], &[[half, half], [0, 0]]);
    assert_eq!((curve.roc_auc(), curve.roc_auc_variance()), (Ok(0.5), Ok(0.0)));
    let curve = Curve::of_counts(&[3, 2, 1], &[[half / 2, 0], [half / 2, half / 2], [0, half / 2]]);
    let (auc, variance) = (curve.roc_auc(), curve.roc_auc_variance());
    assert_eq!(auc, Ok(0.875));
    assert!(variance.is_ok_and(|variance| variance > 0.0 && variance < 1e-9), "{variance:?}");
}

#[test]
fn classes_never_seen_are_wrong_in_every_figure() {
    let confusion = Confusion::of(2, &[0, 0, 1, 1, 9, 7], &[0, 0, 1, 1, 0, 1]);
    assert_eq!((confusion.n_unseen(), confusion.count(2, 0)), (2, 1));
    assert_eq!(confusion.accuracy(), Ok(4.0 / 6.0));
    assert_eq!(confusion.balanced_accuracy(), Ok(2.0 / 3.0));
    let mean = confusion.mean(Counts::precision, Weight::Equal);
    assert_eq!((mean.n_classes, mean.n_undefined), (3, 1));
    assert_eq!(mean.figure, Ok((2.0 / 3.0 + 2.0 / 3.0 + 0.0) / 3.0));
    assert_eq!(confusion.against_rest(2).recall(), Ok(0.0));
    assert_eq!(confusion.against_rest(2).precision(), Err(Undefined::NothingFlagged));
}

/// Curves of many shapes: bells, lumps that tie, steps.
fn shapes() -> Vec<Vec<(i64, bool)>> {
    let mut shapes = vec![
        bells(3_000, 3_000, 1.0, 1),
        bells(200, 20_000, 2.0, 2),
        bells(20_000, 200, 0.1, 3),
        bells(5_000, 5_000, -1.0, 4),
    ];
    let mut lumps = bells(10_000, 10_000, 1.5, 5);
    for (row, (score, _)) in lumps.iter_mut().enumerate() {
        if row % 3 == 0 {
            *score = *score / 400_000 * 400_000;
        }
    }
    shapes.push(lumps);
    // Runs of one class, each longer than the last.
    shapes.push((0..20_000).map(|row: i64| (-row, (row as f64).sqrt() as i64 % 2 == 0)).collect());
    shapes
}

#[test]
fn a_thinned_curve_stays_by_the_curve() {
    for rows in shapes() {
        let curve = curve(&rows);
        for points in [curve.roc(), curve.precision_recall()] {
            let points = points.expect("rows of both sides");
            let thin = thinned(&points);
            assert!(points.len() > MOST_POINTS && thin.len() <= MOST_POINTS, "{}", thin.len());
            assert_eq!((thin[0], thin[thin.len() - 1]), (points[0], points[points.len() - 1]));
            let off = (area(&points) - area(&thin)).abs();
            // No point left out is farther from its line than a pixel or so.
            let (mut line, mut farthest) = (0, 0.0_f64);
            for point in &points {
                if *point == thin[line + 1] && line + 2 < thin.len() {
                    line += 1;
                }
                farthest = farthest.max(distance(*point, thin[line], thin[line + 1]));
            }
            println!("{} of {} points, {off:e} off, {farthest} away", thin.len(), points.len());
            assert!(off < 1e-3, "{off}");
            assert!(farthest < 0.005, "{farthest}");
            assert_eq!(line + 2, thin.len(), "they are points of the curve, in order");
        }
    }
}

fn distance(point: Point, from: Point, to: Point) -> f64 {
    let [x, y] = [to.x - from.x, to.y - from.y];
    let [px, py] = [point.x - from.x, point.y - from.y];
    let length = x * x + y * y;
    let t = if length > 0.0 { ((px * x + py * y) / length).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(px - t * x, py - t * y)
}

#[test]
fn short_curves_are_drawn_whole() {
    let points = curve(&bells(100, 100, 1.0, 1)).roc().expect("both sides");
    assert_eq!(thinned(&points), points);
    assert!(thinned(&[]).is_empty());
}

/// The error that Platt's method makes least, row by row.
fn error(rows: &[(i64, bool)], slope: f64, offset: f64) -> f64 {
    let [p, n] = sides(rows).map(|side| side.len() as f64);
    let part = |&(score, is_positive): &(i64, bool)| {
        let target = if is_positive { (p + 1.0) / (p + 2.0) } else { 1.0 / (n + 2.0) };
        let logit = slope * score as f64 + offset;
        logit.max(0.0) + libm::log1p(libm::exp(-logit.abs())) - target * logit
    };
    rows.iter().map(part).sum()
}

#[test]
fn no_sigmoid_beside_platts_is_likelier() {
    for (seed, shift) in [(1, 0.3), (2, 1.5), (3, -2.0), (4, 20.0)] {
        let rows = bells(300, 700, shift, seed);
        let Platt { slope, offset } = Platt::fit(&curve(&rows)).expect("both sides");
        let least = error(&rows, slope, offset);
        println!("{slope:e} {offset} {least}");
        assert_eq!(slope > 0.0, shift > 0.0);
        for (by_slope, by_offset) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0)] {
            for far in [1e-4, 1e-2, 0.5] {
                let beside = error(&rows, slope * (1.0 + by_slope * far), offset + by_offset * far);
                assert!(beside > least, "{beside} at {by_slope} {by_offset} {far}, not {least}");
            }
        }
    }
}

#[test]
fn a_sigmoid_is_found_again() {
    let mut rng = stream(5, 0);
    let rows: Vec<(i64, bool)> = (0..200_000)
        .map(|_| {
            let score = i64::from(below(&mut rng, 8_000_001)) - 4_000_000;
            let probability = 1.0 / (1.0 + libm::exp(-(score as f64 * 1e-6 - 0.5)));
            (score, unit(&mut rng) < probability)
        })
        .collect();
    let platt = Platt::fit(&curve(&rows)).expect("both sides");
    assert!(
        (platt.slope * 1e6 - 1.0).abs() < 0.02 && (platt.offset + 0.5).abs() < 0.02,
        "{platt:?}"
    );
    let bins = curve(&rows).reliability(20, &|score| platt.probability(score));
    assert_eq!(bins.len(), 20);
    let inside =
        |bin: &&ReliabilityBin| (bin.interval.low..=bin.interval.high).contains(&bin.predicted);
    assert!(bins.iter().filter(inside).count() >= 17);
    assert!(calibration_error(&bins).is_ok_and(|error| error < 0.005));
    // Scores in other units say the same.
    let far: Vec<_> = rows.iter().map(|row| (row.0 * (1 << 20) + (1 << 50), row.1)).collect();
    let other = Platt::fit(&curve(&far)).expect("both sides");
    for (row, far) in rows.iter().zip(&far).step_by(1_000) {
        assert!((platt.probability(row.0) - other.probability(far.0)).abs() < 1e-9);
    }
}

#[test]
fn a_perfect_score_and_one_that_says_nothing_have_probabilities() {
    let perfect: Vec<(i64, bool)> = (0..100).map(|row| (row, row >= 60)).collect();
    let platt = Platt::fit(&curve(&perfect)).expect("both sides");
    assert!(platt.slope.is_finite() && platt.offset.is_finite());
    assert!((0..99).all(|score| platt.probability(score) < platt.probability(score + 1)));
    assert!(platt.probability(59) < 0.5 && platt.probability(60) > 0.5);
    let brier = curve(&perfect).brier_score(&|score| platt.probability(score));
    assert!(brier.is_ok_and(|brier| brier < 0.03), "{brier:?}");

    for score in [0, 7, -(1 << 60)] {
        let constant: Vec<(i64, bool)> = (0..1_000_000).map(|row| (score, row % 4 == 0)).collect();
        let curve = curve(&constant);
        let platt = Platt::fit(&curve).expect("both sides");
        assert_eq!(platt.slope, 0.0);
        assert!((platt.probability(score) - 0.25).abs() < 1e-5, "{platt:?}");
        let brier = curve.brier_score(&|score| platt.probability(score));
        assert!(brier.is_ok_and(|brier| (brier - 0.25 * 0.75).abs() < 1e-5));
        let bins = curve.reliability(10, &|score| platt.probability(score));
        assert_eq!((bins.len(), bins[0].scores, bins[0].n_rows), (1, (score, score), 1_000_000));
    }
    let one_side: Vec<(i64, bool)> = (0..9).map(|row| (row, true)).collect();
    assert_eq!(Platt::fit(&curve(&one_side)), Err(Undefined::NoNegatives));
    assert_eq!(calibration_error(&[]), Err(Undefined::NoRows));
}

#[test]
fn a_large_tie_does_not_break_bins_to_pieces() {
    // Half of the rows tie at the top; the others are in as many bins as they fill.
    let rows: Vec<(i64, bool)> = (0..1_000).map(|row: i64| (row.min(500), row % 2 == 0)).collect();
    let bins = curve(&rows).reliability(10, &|_| 0.5);
    let sizes: Vec<u64> = bins.iter().map(|bin| bin.n_rows).collect();
    assert_eq!(sizes, [100, 100, 100, 100, 100, 500]);
}

#[test]
fn figures_are_those_of_the_papers_formulas() {
    let counts =
        Counts { true_positives: 6, false_positives: 2, false_negatives: 4, true_negatives: 88 };
    let near = |found: Figure, expected: f64| {
        assert!(found.is_ok_and(|found| (found - expected).abs() < 1e-15), "{found:?}");
    };
    near(counts.f(0.5), 1.25 * 6.0 / (1.25 * 6.0 + 0.25 * 4.0 + 2.0));
    near(counts.mcc(), (6.0 * 88.0 - 2.0 * 4.0) / (8.0_f64 * 10.0 * 90.0 * 92.0).sqrt());
    near(counts.balanced_accuracy(), f64::midpoint(0.6, 88.0 / 90.0));
    near(counts.false_positive_rate(), 2.0 / 90.0);
}
