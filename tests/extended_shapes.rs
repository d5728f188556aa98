//! What cuts across columns are for: odd combinations, no ghosts; and planted causes.
#![expect(clippy::similar_names, reason = "a scorer gives scores")]

mod extended_support;

use extended_support::{
    forest_support::{Column, Table, roc_auc},
    grow, reasons, scores,
};
use isoscope::engine::{
    extended::{DEFAULT_LEVEL, ExtendedGrower, ExtendedScorer},
    forest::{ForestParams, Grower, Samples, Scorer},
    random::{below, normal, stream, unit},
};

const SEEDS: u64 = 5;

fn params(seed: u64) -> ForestParams {
    ForestParams { seed, ..ForestParams::default() }
}

/// Tall or heavy is ordinary, tall and light is not.
#[test]
fn rows_odd_as_a_combination_are_found_where_a_forest_ranks_them_lower() {
    let mut rng = stream(21, 0);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    let is_planted: Vec<bool> = (0..2000).map(|row| row >= 1980).collect();
    for &is_planted in &is_planted {
        let along = 3.0 * normal(&mut rng);
        // Beside the line by three of its widths, well within both columns' ranges.
        let off = if is_planted { 0.9 } else { 0.3 * normal(&mut rng) };
        x.push(along / 2.0 + off);
        y.push(along / 2.0 - off);
    }
    let table = Table::of_numbers(&[x, y]);
    let (mut plain, mut oblique) = (0.0, 0.0);
    for seed in 0..SEEDS {
        let extended = grow(&table, params(seed), DEFAULT_LEVEL);
        let found = scores(&mut ExtendedScorer::new(&extended), &table);
        oblique += roc_auc(&found, &is_planted) / SEEDS as f64;
        plain += roc_auc(&table.scores(params(seed)), &is_planted) / SEEDS as f64;
    }
    println!("combination: AUC {oblique:.4}, forest {plain:.4}");
    assert!(oblique > plain + 0.02, "{oblique} {plain}");
}

/// The paper's second example: two clusters at (0, 10) and (10, 0). Where the one's range of x
/// crosses the other's range of y, at (0, 0) and (10, 10), no row is, but a forest sees ghosts.
#[test]
fn no_ghosts_stand_where_the_ranges_of_clusters_cross() {
    const N_GROWN_ON: usize = 4000;
    let mut rng = stream(22, 0);
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for row in 0..N_GROWN_ON {
        let (a, b) = if row % 2 == 0 { (0.0, 10.0) } else { (10.0, 0.0) };
        x.push(a + normal(&mut rng));
        y.push(b + normal(&mut rng));
    }
    // Ghosts, and as far from the nearest cluster, off the axes: away from the other cluster.
    let diagonal = 10.0 / f64::sqrt(2.0);
    let ghosts = [(0.0, 0.0), (10.0, 10.0)];
    let others = [(-diagonal, 10.0 + diagonal), (10.0 + diagonal, -diagonal)];
    for (a, b) in ghosts.into_iter().chain(others) {
        x.push(a);
        y.push(b);
    }
    let table = Table::of_numbers(&[x, y]);
    // How much lower a ghost scores.
    let shadow = |scores: &[f64]| {
        let points = &scores[N_GROWN_ON..];
        (points[2] + points[3] - points[0] - points[1]) / 2.0
    };
    let (mut plain, mut oblique) = (0.0, 0.0);
    for seed in 0..SEEDS {
        let samples = Samples::draw(params(seed), N_GROWN_ON as u32).expect("there are rows");
        let codes = table.sample_codes(&samples);
        let forest = Grower::new(&samples, &table.features, codes.view()).expect("two columns");
        let mut found = vec![0.0; table.n_rows()];
        Scorer::new(&forest.finish()).scores(&table.columns(), &mut found);
        plain += shadow(&found) / SEEDS as f64;
        let extended = ExtendedGrower::new(&samples, &table.features, codes.view(), DEFAULT_LEVEL);
        let extended = extended.expect("two columns").finish();
        oblique += shadow(&scores(&mut ExtendedScorer::new(&extended), &table)) / SEEDS as f64;
    }
    println!("ghosts score lower by {oblique:.4}, in a forest by {plain:.4}");
    assert!(oblique < plain / 2.0, "{oblique} {plain}");
}

/// Six columns, a cause planted in one.
#[test]
fn the_planted_cause_comes_first() {
    const N_ROWS: usize = 4000;
    let mut rng = stream(23, 0);
    let mut columns = vec![Vec::new(); 6];
    for _ in 0..N_ROWS {
        columns[0].push(normal(&mut rng));
        columns[1].push(libm::exp(normal(&mut rng)));
        columns[2].push(10.0 * unit(&mut rng));
        columns[3].push(f64::from(below(&mut rng, 5)));
        let far = if below(&mut rng, 2) == 0 { 0.0 } else { 12.0 };
        columns[4].push(far + normal(&mut rng));
        columns[5].push(f64::from(below(&mut rng, 100)));
    }
    let mut causes = vec![None; N_ROWS];
    for (row, cause) in causes.iter_mut().enumerate().take(200) {
        columns[row % 5][row] = 60.0 + 20.0 * unit(&mut rng);
        *cause = Some(row % 5);
    }
    let is_planted: Vec<bool> = causes.iter().map(Option::is_some).collect();
    let table = Table::of_numbers(&columns);
    for (level, least) in [(0, 0.97), (1, 0.9), (5, 0.7)] {
        let mut scorer = ExtendedScorer::new(&grow(&table, params(7), level));
        let auc = roc_auc(&scores(&mut scorer, &table), &is_planted);
        let reasons = reasons(&mut scorer, &table);
        let planted = (0..).zip(&causes).filter_map(|(row, cause)| Some((row, (*cause)?)));
        let is_named = |&(row, cause): &(usize, usize)| {
            reasons[row][0].is_some_and(|reason| usize::from(reason.feature) == cause)
        };
        let share = planted.filter(is_named).count() as f64 / 200.0;
        println!("level {level}: AUC {auc:.4}, cause first {share:.3}");
        assert!(share >= least && auc >= 0.95, "level {level}: {share} {auc}");
    }
}

/// Category and gaps: nothing breaks, and rows with either are scored like others.
#[test]
fn categories_and_missing_values_take_part() {
    let mut rng = stream(24, 0);
    let mut numbers = |gap: bool| -> Column {
        let number = |row: usize| (!gap || row % 7 != 3).then(|| normal(&mut rng));
        Column::Numbers((0..2000).map(number).collect())
    };
    let columns = [numbers(false), numbers(true)];
    // Four rows have a category that most samples do not hold.
    let text = |row: usize| Some(if row < 4 { "rare".to_owned() } else { (row % 3).to_string() });
    let texts = Column::Texts((0..2000).map(text).collect());
    let [a, b] = columns;
    let table = Table::new(&[a, b, texts]);
    let is_rare: Vec<bool> = (0..2000).map(|row| row < 4).collect();
    let is_missing: Vec<bool> = (0..2000).map(|row| row % 7 == 3).collect();
    let (mut rare, mut missing) = (0.0, 0.0);
    for seed in 0..SEEDS {
        let extended = grow(&table, params(seed), DEFAULT_LEVEL);
        let found = scores(&mut ExtendedScorer::new(&extended), &table);
        rare += roc_auc(&found, &is_rare) / SEEDS as f64;
        missing += roc_auc(&found, &is_missing) / SEEDS as f64;
    }
    println!("rare category: AUC {rare:.3}; missing value: AUC {missing:.3}");
    assert!(rare > 0.6, "{rare}");
    // As the mean in the missing column, so rather more ordinary than others.
    assert!(missing < 0.5, "{missing}");
}
