//! Tables as files, and shards that hold them.

use std::fmt::Write;

use isoscope::{
    cluster::{conductor::Grain, local::Local},
    engine::{
        forest::ForestParams,
        random::{below, stream},
        text::Overrides,
    },
};
use proptest::{collection::vec, option, prelude::*};

use super::Column;

/// Columns of numbers of which some are missing, but in the first, and the file that holds them.
pub fn tables() -> impl Strategy<Value = (Vec<Column>, Vec<u8>)> {
    let number = || (-4..5_i32).prop_map(|n| f64::from(n) + 0.5);
    let row = (number(), option::weighted(0.8, number()), option::weighted(0.9, number()));
    vec(row, 2..90).prop_map(|mut rows| {
        // The first row settles the types.
        rows[0] = (0.5, Some(7.25), Some(1.5));
        let mut csv = String::from("a,b,c\n");
        let cell = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        for &(a, b, c) in &rows {
            writeln!(csv, "{a},{},{}", cell(b), cell(c)).expect("a string takes all");
        }
        let columns = [
            rows.iter().map(|row| Some(row.0)).collect(),
            rows.iter().map(|row| row.1).collect(),
            rows.iter().map(|row| row.2).collect(),
        ];
        (columns.map(Column::Numbers).to_vec(), csv.into_bytes())
    })
}

pub fn loaded(n_shards: usize, csv: &[u8], params: ForestParams) -> Local {
    let grain = Grain { least_range: 1, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    let overrides = Overrides { header_lines: Some(1), ..Overrides::default() };
    local.load(csv.to_vec(), &overrides).expect("a table");
    local.detect(&[0, 1, 2], params).expect("scores");
    local
}

/// A table of more rows than a shard walks in one step, most of them in the middle.
pub fn large() -> Vec<u8> {
    let mut rng = stream(3, 0);
    let mut csv = String::from("a,b,c\n");
    for _ in 0..20_000 {
        let mut number = || (0..6).map(|_| below(&mut rng, 300)).sum::<u32>();
        writeln!(csv, "{}.5,{}.5,{}.5", number(), number(), number()).expect("a string takes all");
    }
    csv.into_bytes()
}
