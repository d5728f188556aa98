//! Twenty verdicts of a person on real sets: what comes next is what was looked for.

mod forest_support;

use std::time::{Duration, Instant};

use forest_support::{Table, anomaly_set};
use isoscope::engine::forest::{Forest, ForestParams, Judged, Scorer, Verdict};

const N_VERDICTS: usize = 20;
const N_NEXT: usize = 100;
const SEEDS: u64 = 5;

/// Rows by score, descending, then by number.
fn ranking(mut scorer: Scorer, table: &Table) -> Vec<usize> {
    let mut scores = vec![f64::NAN; table.n_rows()];
    scorer.scores(&table.columns(), &mut scores);
    let mut ranking: Vec<usize> = (0..scores.len()).collect();
    ranking.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    ranking
}

/// What comes of judging, again and again, the first `page` rows of the list that are not judged
/// yet.
struct Judging {
    /// The share of anomalies among the rows that come next, before and after.
    before: f64,
    after: f64,
    n_real: usize,
    /// Benign rows among the first twenty.
    n_stayed: usize,
    /// How long learning took with all verdicts.
    learning: Duration,
}

fn judge(forest: &Forest, table: &Table, is_anomaly: &[bool], page: usize) -> Judging {
    let precision = |rows: &mut dyn Iterator<Item = usize>| {
        rows.take(N_NEXT).filter(|&row| is_anomaly[row]).count() as f64 / N_NEXT as f64
    };
    let mut ranking_now = ranking(Scorer::new(forest), table);
    let before = precision(&mut ranking_now.iter().copied().skip(N_VERDICTS));
    let (mut rows, mut judged, mut learning) = (Vec::new(), Vec::new(), Duration::ZERO);
    while rows.len() < N_VERDICTS {
        let unjudged = ranking_now.iter().copied().filter(|row| !rows.contains(row));
        let page: Vec<usize> = unjudged.take(page).collect();
        for row in page {
            let verdict = if is_anomaly[row] { Verdict::Real } else { Verdict::Benign };
            rows.push(row);
            judged.push(Judged { codes: table.row(row), verdict });
        }
        let start = Instant::now();
        let scorer = Scorer::with_verdicts(forest, &judged);
        learning = start.elapsed();
        ranking_now = ranking(scorer, table);
    }
    let mut next = ranking_now.iter().copied().filter(|row| !rows.contains(row));
    let top = &ranking_now[..N_VERDICTS];
    Judging {
        before,
        after: precision(&mut next),
        n_real: rows.iter().filter(|&&row| is_anomaly[row]).count(),
        n_stayed: top.iter().filter(|row| rows.contains(row) && !is_anomaly[**row]).count(),
        learning,
    }
}

#[test]
fn precision_rises_and_nothing_benign_stays_at_the_top() {
    for name in ["shuttle", "mammography"] {
        let (table, is_anomaly) = anomaly_set(name);
        let (mut before, mut after) = (0.0, 0.0);
        for seed in 1..=SEEDS {
            let forest = table.grow(ForestParams { seed, ..ForestParams::default() });
            let found = judge(&forest, &table, &is_anomaly, 1);
            println!(
                "{name}, seed {seed}: precision of the next {N_NEXT} {:.2} → {:.2}; {} of \
                 {N_VERDICTS} real, {} benign in the top {N_VERDICTS}; learnt in {:?}",
                found.before, found.after, found.n_real, found.n_stayed, found.learning
            );
            assert!(found.after >= found.before, "{name}, seed {seed}");
            assert_eq!(found.n_stayed, 0, "{name}, seed {seed}");
            before += found.before / SEEDS as f64;
            after += found.after / SEEDS as f64;
        }
        println!("{name}: {before:.3} → {after:.3}");
        assert!(after > before, "{name}: {before} → {after}");
    }
}

/// Where the forest's idea of odd is not the person's, most verdicts are benign.
#[test]
fn benign_verdicts_clear_the_top() {
    for name in ["wilt", "landsat", "annthyroid"] {
        let (table, is_anomaly) = anomaly_set(name);
        let forest = table.grow(ForestParams::default());
        let found = judge(&forest, &table, &is_anomaly, 1);
        println!(
            "{name}: {:.2} → {:.2}, {} of {N_VERDICTS} real, {} stayed",
            found.before, found.after, found.n_real, found.n_stayed
        );
        assert!(found.after >= found.before);
        assert_eq!(found.n_stayed, 0, "{name}");
    }
}

/// A person may also judge all rows in sight before the list changes.
#[test]
fn a_page_judged_at_once_teaches_as_well() {
    for name in ["shuttle", "mammography", "annthyroid", "cardio"] {
        let (table, is_anomaly) = anomaly_set(name);
        let (mut before, mut after, mut n_benign) = (0.0, 0.0, 0);
        for seed in 1..=SEEDS {
            let forest = table.grow(ForestParams { seed, ..ForestParams::default() });
            let found = judge(&forest, &table, &is_anomaly, N_VERDICTS);
            assert_eq!(found.n_stayed, 0, "{name}, seed {seed}");
            before += found.before / SEEDS as f64;
            after += found.after / SEEDS as f64;
            n_benign += N_VERDICTS - found.n_real;
        }
        println!("{name}: {before:.3} → {after:.3}, {n_benign} benign in {SEEDS} pages");
        assert!(after > before, "{name}: {before} → {after}");
    }
}
