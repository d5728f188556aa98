//! The forest on KDD'99's 38 numeric columns, 494,021 rows, one thread: `cargo bench --bench forest`.
#![expect(
    clippy::cast_possible_truncation,
    clippy::similar_names,
    reason = "half a million rows; a scorer gives scores"
)]

#[path = "../tests/forest_support/mod.rs"]
mod forest_support;

use std::{hint::black_box, time::Instant};

use forest_support::{Column, Table, gunzip};
use isoscope::engine::{
    forest::{ForestParams, Grower, Judged, Samples, Scorer, TopReasons, Verdict},
    matrix::Codes,
};

/// Rows that are asked for at once, as shards do.
const CHUNK: usize = 8192;
const REPEATS: usize = 5;

fn main() {
    let text = gunzip("data/kdd99/kddcup.data_10_percent.gz");
    let mut columns = vec![Vec::new(); 42];
    for line in text.lines() {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell);
        }
    }
    columns.pop();
    let is_text = |&column: &usize| (1..4).contains(&column);
    let numbers = |column: usize| {
        let value = |cell: &&str| Some(cell.parse::<f64>().expect("a number"));
        Column::Numbers(columns[column].iter().map(value).collect())
    };
    let texts = |column: usize| {
        Column::Texts(columns[column].iter().map(|&cell| Some(cell.to_owned())).collect())
    };

    println!("38 numeric columns");
    let numeric: Vec<_> = (0..41).filter(|column| !is_text(column)).map(numbers).collect();
    measure(&Table::new(&numeric));
    println!("all 41 columns, 3 of them text");
    let all: Vec<_> = (0..41).map(|i| if is_text(&i) { texts(i) } else { numbers(i) }).collect();
    measure(&Table::new(&all));
}

fn measure(table: &Table) {
    let params = ForestParams::default();
    let samples = Samples::draw(params, table.n_rows() as u32).expect("the settings are good");
    let codes = table.sample_codes(&samples);
    let forest = Grower::new(&samples, &table.features, codes.view()).expect("features").finish();
    report("fit (draw and grow)", 0, || {
        let samples = Samples::draw(params, table.n_rows() as u32).expect("as before");
        let grower = Grower::new(&samples, &table.features, codes.view());
        black_box(grower.expect("as before").finish());
    });

    for n_verdicts in [20, 500] {
        // Rows from all over the table, in turns.
        let judged: Vec<Judged> = (0..n_verdicts)
            .map(|i| Judged {
                codes: table.row(i * (table.n_rows() / n_verdicts)),
                verdict: if i % 2 == 0 { Verdict::Real } else { Verdict::Benign },
            })
            .collect();
        report(&format!("learn {n_verdicts} verdicts"), 0, || {
            black_box(Scorer::with_verdicts(&forest, &judged));
        });
    }

    // A shard keeps codes as narrow as they fit.
    let narrow: Vec<Option<Vec<u8>>> = table
        .codes
        .iter()
        .map(|codes| codes.iter().map(|&code| u8::try_from(code).ok()).collect())
        .collect();
    let columns: Vec<Codes<'_>> = narrow
        .iter()
        .zip(&table.codes)
        .map(|(narrow, wide)| narrow.as_ref().map_or(Codes::U16(wide), |codes| Codes::U8(codes)))
        .collect();
    let n_walks = table.n_rows() * forest.n_trees();
    for (memo, scorer) in
        [("", Scorer::new(&forest)), (", no memo", Scorer::new(&forest).without_memo())]
    {
        report(&format!("score{memo}"), n_walks, || {
            let mut scorer = scorer.clone();
            let mut scores = vec![0.0; table.n_rows()];
            in_chunks(&columns, &mut scores, |columns, scores| scorer.scores(columns, scores));
            black_box(scores);
        });
        report(&format!("reasons{memo}"), n_walks, || {
            let mut scorer = scorer.clone();
            let mut reasons = vec![TopReasons::default(); table.n_rows()];
            in_chunks(&columns, &mut reasons, |columns, out| scorer.reasons(columns, out));
            black_box(reasons);
        });
    }
}

fn in_chunks<T>(columns: &[Codes<'_>], out: &mut [T], mut run: impl FnMut(&[Codes<'_>], &mut [T])) {
    for (index, out) in out.chunks_mut(CHUNK).enumerate() {
        let rows = index * CHUNK..index * CHUNK + out.len();
        let columns: Vec<_> = columns.iter().map(|column| column.slice(rows.clone())).collect();
        run(&columns, out);
    }
}

/// Prints the shortest of some runs: the others met other work on the machine.
fn report(name: &str, n_walks: usize, mut run: impl FnMut()) {
    let shortest = (0..REPEATS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .expect("there are runs");
    let milliseconds = shortest.as_secs_f64() * 1e3;
    print!("  {name:<24} {milliseconds:8.1} ms");
    if n_walks > 0 {
        print!("  {:6.2} ns per row and tree", milliseconds * 1e6 / n_walks as f64);
    }
    println!();
}
