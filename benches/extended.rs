//! The extended forest on 100,000 rows of KDD'99's 38 numeric columns and 3 of noise, none alike,
//! and on all 494,021 rows: `cargo bench --bench extended`. One thread.
#![expect(clippy::similar_names, reason = "a scorer gives scores")]

#[path = "../tests/extended_support/mod.rs"]
mod extended_support;

use std::{hint::black_box, time::Instant};

use extended_support::{
    forest_support::{Table, gunzip},
    grow,
};
use isoscope::engine::{
    extended::ExtendedScorer,
    forest::{ForestParams, TopReasons},
    matrix::Codes,
    random::{below, stream},
};

/// Rows that are asked for at once, as shards do.
const CHUNK: usize = 8192;
const REPEATS: usize = 5;

fn main() {
    let text = gunzip("data/kdd99/kddcup.data_10_percent.gz");
    let mut columns = vec![Vec::new(); 41];
    for line in text.lines() {
        for (column, cell) in columns.iter_mut().zip(line.split(',')) {
            column.push(cell.parse::<f64>().unwrap_or(f64::NAN));
        }
    }
    columns.retain(|column| !column[0].is_nan());
    println!("{} rows × {} columns", columns[0].len(), columns.len());
    measure(&Table::of_numbers(&columns), &[1]);

    let mut rng = stream(1, 0);
    for column in &mut columns {
        column.truncate(100_000);
    }
    for _ in 0..3 {
        columns.push((0..100_000).map(|_| f64::from(below(&mut rng, 50_000))).collect());
    }
    println!("{} rows × {} columns", columns[0].len(), columns.len());
    measure(&Table::of_numbers(&columns), &[0, 1, 3, 40]);
}

fn measure(table: &Table, levels: &[u32]) {
    for &level in levels {
        let params = ForestParams::default();
        report(&format!("level {level}: grow"), || {
            black_box(grow(table, params, level));
        });
        let scorer = ExtendedScorer::new(&grow(table, params, level));
        report(&format!("level {level}: score"), || {
            let (mut scorer, mut scores) = (scorer.clone(), vec![0.0; table.n_rows()]);
            in_chunks(table, &mut scores, |columns, scores| scorer.scores(columns, scores));
            black_box(scores);
        });
        report(&format!("level {level}: reasons"), || {
            let (mut scorer, mut reasons) =
                (scorer.clone(), vec![TopReasons::default(); table.n_rows()]);
            in_chunks(table, &mut reasons, |columns, out| scorer.reasons(columns, out));
            black_box(reasons);
        });
    }
}

fn in_chunks<T>(table: &Table, out: &mut [T], mut run: impl FnMut(&[Codes<'_>], &mut [T])) {
    let columns = table.columns();
    for (index, out) in out.chunks_mut(CHUNK).enumerate() {
        let rows = index * CHUNK..index * CHUNK + out.len();
        let columns: Vec<_> = columns.iter().map(|column| column.slice(rows.clone())).collect();
        run(&columns, out);
    }
}

/// Prints the shortest of some runs: the others met other work on the machine.
fn report(name: &str, mut run: impl FnMut()) {
    let shortest = (0..REPEATS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .min()
        .expect("there are runs");
    println!("  {name:<20} {:8.1} ms", shortest.as_secs_f64() * 1e3);
}
