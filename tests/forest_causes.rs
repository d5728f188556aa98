//! Planted causes are found, and named first.
#![expect(clippy::similar_names, reason = "a scorer gives scores")]

mod forest_support;

use forest_support::{Column, Table, roc_auc};
use isoscope::engine::{
    extended::{DEFAULT_LEVEL, ExtendedGrower, ExtendedScorer},
    forest::{ForestParams, Scorer, TopReasons},
    matrix::Feature,
    random::{below, stream, unit},
};
use rand_chacha::ChaCha8Rng;

const N_ROWS: usize = 4000;
const N_PLANTED: usize = 200;

/// Six columns of different shapes, and the stream to plant with.
fn mixed_columns(seed: u64) -> (Vec<Column>, ChaCha8Rng) {
    let mut rng = stream(seed, 0);
    let mut column = |shape: fn(&mut ChaCha8Rng) -> f64| {
        Column::Numbers((0..N_ROWS).map(|_| Some(shape(&mut rng))).collect())
    };
    let mut columns = vec![
        column(normal),
        column(|rng| libm::exp(normal(rng))),
        column(|rng| 10.0 * unit(rng)),
        column(|rng| f64::from(below(rng, 5))),
        column(|rng| if below(rng, 2) == 0 { normal(rng) } else { 12.0 + normal(rng) }),
    ];
    // Shares of one half, a quarter, an eighth …
    let category = |rng: &mut ChaCha8Rng| (below(rng, 256) + 1).leading_zeros().min(30) - 23;
    columns
        .push(Column::Texts((0..N_ROWS).map(|_| Some(category(&mut rng).to_string())).collect()));
    (columns, rng)
}

/// Irwin and Hall's: twelve uniform numbers add up to nearly a normal one.
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| unit(rng)).sum::<f64>() - 6.0
}

/// How well rows are found, and the share of the planted whose first reason is the cause.
fn found(columns: &[Column], causes: &[Option<usize>], seed: u64) -> (f64, f64) {
    let table = Table::new(columns);
    let mut scorer = Scorer::new(&table.grow(ForestParams { seed, ..ForestParams::default() }));
    let mut scores = vec![f64::NAN; N_ROWS];
    let mut reasons = vec![TopReasons::default(); N_ROWS];
    scorer.scores(&table.columns(), &mut scores);
    scorer.reasons(&table.columns(), &mut reasons);
    let is_planted: Vec<bool> = causes.iter().map(Option::is_some).collect();
    let is_named = |&(row, cause): &(usize, usize)| {
        reasons[row][0].is_some_and(|reason| usize::from(reason.feature) == cause)
    };
    let planted = || (0..).zip(causes).filter_map(|(row, cause)| Some((row, (*cause)?)));
    let share = planted().filter(is_named).count() as f64 / planted().count() as f64;
    (roc_auc(&scores, &is_planted), share)
}

#[test]
fn the_planted_cause_comes_first() {
    let (mut columns, mut rng) = mixed_columns(11);
    let mut causes = vec![None; N_ROWS];
    for (row, cause) in causes.iter_mut().enumerate().take(N_PLANTED) {
        let column = row % 5;
        let Column::Numbers(values) = &mut columns[column] else { panic!("five are numbers") };
        // Far outside of what the column holds: its largest value is 10 to 40.
        values[row] = Some(60.0 + 20.0 * unit(&mut rng));
        *cause = Some(column);
    }
    let (auc, share) = found(&columns, &causes, 7);
    println!("values: AUC {auc:.4}, cause first {share:.3}");
    assert!(share >= 0.97, "{share}");
    assert!(auc >= 0.95, "{auc}");
}

/// A value that is usual by itself, beside one that it never goes with: of those rows that a detector
/// ranks among the oddest twentieth, both columns must be among the first three reasons.
#[test]
fn of_a_planted_pair_both_columns_are_named() {
    const SEEDS: u64 = 5;
    let (mut columns, mut rng) = mixed_columns(15);
    let Column::Numbers(first) = &columns[0] else { panic!("the first one is numbers") };
    let mut second: Vec<Option<f64>> =
        first.iter().map(|value| value.map(|value| value + 0.2 * normal(&mut rng))).collect();
    let mut first = first.clone();
    for row in 0..N_PLANTED {
        let value = (1.5 + unit(&mut rng)).copysign(unit(&mut rng) - 0.5);
        (first[row], second[row]) = (Some(value), Some(-value));
    }
    columns[0] = Column::Numbers(first);
    columns.push(Column::Numbers(second));
    let table = Table::new(&columns);
    let pair = [0, columns.len() - 1];
    let both = |name: &str, scored: &mut dyn FnMut(u64) -> (Vec<f64>, Vec<TopReasons>)| {
        let (mut n_ranked, mut n_named) = (0, 0);
        for seed in 0..SEEDS {
            let (scores, reasons) = scored(seed);
            let mut ranking: Vec<usize> = (0..N_ROWS).collect();
            ranking.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
            for &row in ranking[..N_ROWS / 20].iter().filter(|&&row| row < N_PLANTED) {
                let named = |column: &usize| {
                    let mut there = reasons[row].iter().flatten();
                    there.any(|reason| usize::from(reason.feature) == *column)
                };
                n_ranked += 1;
                n_named += usize::from(pair.iter().all(named));
            }
        }
        let of = N_PLANTED as u64 * SEEDS;
        let share = f64::from(n_named as u32) / f64::from(n_ranked.max(1));
        println!("{name}: {n_ranked} of {of} in the top twentieth, both named in {share:.3}");
        assert!(n_ranked > 0 && share >= 0.8, "{name}: {n_named} of {n_ranked}");
    };
    both("forest", &mut |seed| {
        let mut scorer = Scorer::new(&table.grow(ForestParams { seed, ..ForestParams::default() }));
        let mut scores = vec![f64::NAN; N_ROWS];
        let mut reasons = vec![TopReasons::default(); N_ROWS];
        scorer.scores(&table.columns(), &mut scores);
        scorer.reasons(&table.columns(), &mut reasons);
        (scores, reasons)
    });
    both("extended forest", &mut |seed| {
        let samples = table.samples(ForestParams { seed, ..ForestParams::default() });
        let codes = table.sample_codes(&samples);
        let grower = ExtendedGrower::new(&samples, &table.features, codes.view(), DEFAULT_LEVEL);
        let mut scorer = ExtendedScorer::new(&grower.expect("there are features").finish());
        let mut scores = vec![f64::NAN; N_ROWS];
        let mut reasons = vec![TopReasons::default(); N_ROWS];
        scorer.scores(&table.columns(), &mut scores);
        scorer.reasons(&table.columns(), &mut reasons);
        (scores, reasons)
    });
}

/// Missing values take both ways at cuts between values; only the cuts that part missing from
/// present ones make them a reason, and those need some in the sample.
#[test]
fn a_missing_value_is_a_cause() {
    let (mut columns, mut rng) = mixed_columns(12);
    let mut causes = vec![None; N_ROWS];
    for (row, cause) in causes.iter_mut().enumerate().take(80) {
        let column = below(&mut rng, 6) as usize;
        match &mut columns[column] {
            Column::Numbers(values) => values[row] = None,
            Column::Texts(texts) => texts[row] = None,
        }
        *cause = Some(column);
    }
    let (auc, share) = found(&columns, &causes, 7);
    println!("missing: AUC {auc:.4}, cause first {share:.3}");
    assert!(auc >= 0.8 && share >= 0.85, "{auc} {share}");
}

/// Even where most samples hold no row of the category.
#[test]
fn a_rare_category_is_a_cause() {
    const SEEDS: u32 = 5;
    for (n_rare, least_auc) in [(4, 0.85), (20, 0.8), (80, 0.72)] {
        let (mut columns, _) = mixed_columns(13);
        let mut causes = vec![None; N_ROWS];
        let Column::Texts(texts) = &mut columns[5] else { panic!("the last one is text") };
        for row in 0..n_rare {
            texts[row] = Some(format!("rare {}", row % 2));
            causes[row] = Some(5);
        }
        let (mut auc, mut share) = (0.0, 0.0);
        for seed in 0..SEEDS {
            let found = found(&columns, &causes, seed.into());
            auc += found.0 / f64::from(SEEDS);
            share += found.1 / f64::from(SEEDS);
        }
        println!("category of {n_rare} rows: AUC {auc:.4}, cause first {share:.3}");
        assert!(auc >= least_auc && share >= 0.8, "{auc} {share}");
    }
}

/// More values than codes: those in between share codes, the extreme ones must not.
#[test]
fn an_outlier_beyond_the_last_quantile_stands_alone() {
    const OWN: usize = 1000;
    const SHARED: usize = 50;
    let mut rng = stream(14, 0);
    let mut values: Vec<f64> = (0..70_000).map(|_| normal(&mut rng)).collect();
    values.push(1e6);
    values.sort_unstable_by(f64::total_cmp);
    values.dedup();
    let n = values.len();
    let (low, rest) = values.split_at(OWN);
    let (middle, high) = rest.split_at(n - 2 * OWN);
    let bins = || low.chunks(1).chain(middle.chunks(SHARED)).chain(high.chunks(1));
    let feature = Feature::quantiles(
        bins().map(|bin| bin[0]).collect(),
        bins().map(|bin| bin[bin.len() - 1]).collect(),
    );
    let codes = (0..).zip(bins()).flat_map(|(code, bin)| bin.iter().map(move |_| code)).collect();
    let table = Table { features: vec![feature], codes: vec![codes] };

    let scores = table.scores(ForestParams {
        n_trees: 30,
        sample_size: 8192,
        seed: 7,
        ..ForestParams::default()
    });
    let (outlier, others) = scores.split_last().expect("there are rows");
    assert!(others.iter().all(|score| score < outlier));
}
