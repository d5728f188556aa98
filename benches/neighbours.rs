//! 100,000 rows of 60 columns against 5,000: `cargo bench --bench neighbours`.
//!
//! One thread. Web traffic, where much can be left out; noise, where all rows are about as far and
//! nothing can; and noise in which no row is without a gap.

#[path = "../tests/neighbours_support/mod.rs"]
mod neighbours_support;

use std::{hint::black_box, time::Instant};

use isoscope::engine::{
    neighbours::{DEFAULT_K, Reference, Scorer},
    random::{stream, unit},
};
use ndarray::{Array2, ArrayView2, Axis};
use neighbours_support::Novelty;

const N_REFERENCE: usize = 5_000;
const N_ROWS: usize = 100_000;
const N_COLUMNS: usize = 60;

fn main() {
    let flows = Novelty::read();
    let flow = |rows: &Array2<f64>, row: usize, column: usize| {
        // No two rows alike, as there are not so many flows in the file.
        let value = rows[[row % rows.nrows(), column]];
        let repeat = row / rows.nrows();
        value * (1.0 + 1e-3 * repeat as f64 * (column % 7) as f64)
    };
    let known = Array2::from_shape_fn((N_REFERENCE, N_COLUMNS), |(i, j)| flow(&flows.train, i, j));
    let others = Array2::from_shape_fn((N_ROWS, N_COLUMNS), |(i, j)| flow(&flows.test, i, j));
    measure("flows", &known.view(), &others.view());

    let mut rng = stream(7, 0);
    let mut noise =
        Array2::from_shape_simple_fn((N_REFERENCE + N_ROWS, N_COLUMNS), || unit(&mut rng));
    let whole = noise.clone();
    let parts = |noise: &Array2<f64>, name: &str| {
        let (reference, rows) = noise.view().split_at(Axis(0), N_REFERENCE);
        measure(name, &reference, &rows);
    };
    parts(&whole, "noise");
    for ((row, column), cell) in noise.indexed_iter_mut() {
        if row % N_COLUMNS == column {
            *cell = f64::NAN;
        }
    }
    parts(&noise, "noise, a gap in every row");
}

fn measure(name: &str, reference: &ArrayView2<'_, f64>, rows: &ArrayView2<'_, f64>) {
    println!(
        "{name}: {} rows of {} columns against {}",
        rows.nrows(),
        rows.ncols(),
        reference.nrows()
    );
    let start = Instant::now();
    let reference = Reference::fit(reference.view(), DEFAULT_K).expect("there are rows");
    println!("  fit    {:6.2} s", start.elapsed().as_secs_f64());
    let mut scorer = Scorer::new(&reference);
    let mut scores = vec![f64::NAN; rows.nrows()];
    let start = Instant::now();
    scorer.scores(rows.view(), &mut scores);
    println!("  score  {:6.2} s", start.elapsed().as_secs_f64());
    black_box(scores);
}
