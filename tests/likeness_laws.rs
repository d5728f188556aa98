//! Laws of proximity and of what is told of it, against naive leaves.
#![expect(clippy::cast_possible_truncation, reason = "test tables are small")]

mod forest_support;

use std::collections::BTreeMap;

use forest_support::{
    Column, Table,
    drawn::columns,
    held::{loaded, tables},
    oracle::{Cell, Oracle},
};
use isoscope::{
    cluster::{JobError, local::Local},
    engine::forest::{ForestParams, Judged, Leaves, Likeness, Scorer, Verdict},
    protocol::{Similar, SimilarRow},
};
use proptest::prelude::*;

fn params() -> impl Strategy<Value = ForestParams> {
    (1..31_u32, 1..70_u32, any::<u64>()).prop_map(|(n_trees, sample_size, seed)| ForestParams {
        n_trees,
        sample_size,
        seed,
        ..ForestParams::default()
    })
}

fn proximities(scorer: &Scorer, table: &Table, row: usize) -> Vec<f64> {
    let mut proximities = vec![f64::NAN; table.n_rows()];
    let mut likeness = Likeness::new(scorer, &table.row(row));
    likeness.proximities(scorer, &table.columns(), &mut proximities);
    proximities
}

fn cells(columns: &[Column], table: &Table, row: usize) -> Vec<Cell> {
    columns.iter().zip(table.row(row)).map(|(column, code)| column.cell(row, code)).collect()
}

fn leaves(scorer: &Scorer, table: &Table) -> Vec<Leaves> {
    let rows: Vec<Vec<u16>> = (0..table.n_rows()).map(|row| table.row(row)).collect();
    scorer.leaves(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// What is to be told, by looking at all rows and sorting all that are alike.
fn similar(scorer: &Scorer, table: &Table, scores: &[f64], row: u32, n: u32) -> Similar {
    let near = proximities(scorer, table, row as usize);
    let mut alike = BTreeMap::<&Leaves, Vec<u32>>::new();
    let leaves = leaves(scorer, table);
    for other in (0..table.n_rows() as u32).filter(|&other| other != row) {
        alike.entry(&leaves[other as usize]).or_default().push(other);
    }
    let n_same = alike.get(&leaves[row as usize]).map_or(0, Vec::len) as u32;
    let mut rows: Vec<SimilarRow> = alike
        .values()
        .map(|rows| SimilarRow {
            row: rows[0],
            n_rows: rows.len() as u32,
            proximity: near[rows[0] as usize],
            score: scores[rows[0] as usize],
        })
        .filter(|told| told.proximity > 0.0)
        .collect();
    // Stable: those that are equally near stay by their leaves.
    rows.sort_by(|a, b| b.proximity.total_cmp(&a.proximity));
    rows.truncate(n as usize);
    rows.sort_by(|a, b| b.proximity.total_cmp(&a.proximity).then(a.row.cmp(&b.row)));
    Similar { row, n_same, rows }
}

proptest! {
    #[test]
    fn proximity_is_what_leaves_are_shared(
        columns in columns(),
        params in params(),
        row in 0..1000_usize,
    ) {
        let table = Table::new(&columns);
        let row = row % table.n_rows();
        let forest = table.grow(params);
        let (scorer, oracle) = (Scorer::new(&forest), Oracle::new(&forest, &table.features));
        let own = oracle.leaves(&cells(&columns, &table, row));
        for (other, found) in proximities(&scorer, &table, row).into_iter().enumerate() {
            let there = oracle.leaves(&cells(&columns, &table, other));
            let shared = |(a, b): (&BTreeMap<u64, f64>, &BTreeMap<u64, f64>)| -> f64 {
                a.iter().filter_map(|(leaf, share)| b.get(leaf).map(|other| share.min(*other))).sum()
            };
            let expected = own.iter().zip(&there).map(shared).sum::<f64>() / own.len() as f64;
            prop_assert!((found - expected).abs() <= 1e-7, "{found} {expected}");
            prop_assert_eq!(found == 0.0, expected == 0.0);
            prop_assert_eq!(found == 1.0, own == there);
        }
    }

    #[test]
    fn proximity_is_symmetric_and_1_just_for_equal_leaves(
        columns in columns(),
        params in params(),
    ) {
        let table = Table::new(&columns);
        let scorer = Scorer::new(&table.grow(params));
        let n_rows = table.n_rows();
        let near: Vec<_> = (0..n_rows).map(|row| proximities(&scorer, &table, row)).collect();
        let leaves = leaves(&scorer, &table);
        let mut scores = vec![0.0; n_rows];
        scorer.clone().scores(&table.columns(), &mut scores);
        for a in 0..n_rows {
            prop_assert_eq!(near[a][a], 1.0);
            for b in 0..a {
                prop_assert!((0.0..=1.0).contains(&near[a][b]));
                prop_assert_eq!(near[a][b].to_bits(), near[b][a].to_bits());
                prop_assert_eq!(near[a][b] == 1.0, leaves[a] == leaves[b]);
                prop_assert!(leaves[a] == leaves[b] || table.row(a) != table.row(b));
                prop_assert!(leaves[a] != leaves[b] || scores[a] == scores[b]);
            }
        }
    }

    #[test]
    fn chunks_and_verdicts_change_nothing(
        columns in columns(),
        params in params(),
        row in 0..1000_usize,
        chunk in 1..20_usize,
    ) {
        let table = Table::new(&columns);
        let row = row % table.n_rows();
        let forest = table.grow(params);
        let whole = proximities(&Scorer::new(&forest), &table, row);
        let judged = [Judged { codes: table.row(row), verdict: Verdict::Benign }];
        let scorer = Scorer::with_verdicts(&forest, &judged);
        let mut likeness = Likeness::new(&scorer, &table.row(row));
        for first in (0..table.n_rows()).step_by(chunk) {
            let rows = first..table.n_rows().min(first + chunk);
            let columns: Vec<_> =
                table.columns().iter().map(|codes| codes.slice(rows.clone())).collect();
            let mut there = vec![f64::NAN; rows.len()];
            likeness.proximities(&scorer, &columns, &mut there);
            prop_assert_eq!(&there, &whole[rows]);
        }
    }

    #[test]
    fn similar_rows_are_what_the_oracle_says_however_rows_are_held(
        (columns, csv) in tables(),
        params in params(),
        n_shards in 1..6_usize,
        row in 0..1000_u32,
        n in 0..12_u32,
    ) {
        let table = Table::new(&columns);
        let row = row % table.n_rows() as u32;
        let mut local = loaded(n_shards, &csv, params);
        let scores = local.detection().expect("scores").found.scores.clone();
        let scorer = Scorer::new(&table.grow(params));
        let expected = similar(&scorer, &table, &scores, row, n);
        prop_assert_eq!(local.similar(row, n), Ok(expected));
    }
}

#[test]
fn rows_that_are_alike_take_one_place() {
    // Three kinds of rows, the last one near the second.
    let kinds = ["1.5,0.5,0.5", "90.5,70.5,0.5", "90.5,71.5,0.5"];
    let rows: Vec<&str> = (0..300).map(|row| kinds[[0, 0, 1, 0, 2][row % 5]]).collect();
    let csv = format!("a,b,c\n{}\n", rows.join("\n"));
    // Few rows for each tree: not every one sees the third kind, and keeps it apart.
    let params = ForestParams { sample_size: 8, ..ForestParams::default() };
    let mut local = loaded(3, csv.as_bytes(), params);
    let found = local.similar(2, 8).expect("rows");
    assert_eq!((found.row, found.n_same), (2, 59));
    let told: Vec<_> = found.rows.iter().map(|told| (told.row, told.n_rows)).collect();
    assert_eq!(told[..2], [(7, 59), (4, 60)]);
    assert!(found.rows[0].proximity == 1.0 && found.rows[1].proximity < 1.0);
    assert_eq!(local.similar(2, 1).expect("rows").rows, found.rows[..1]);
    let none = local.similar(2, 0).expect("none");
    assert_eq!((none.n_same, none.rows), (59, vec![]));
    assert_eq!(local.similar(300, 8), Err(JobError::NoSuchRow { row: 300, n_rows: 300 }));
    assert_eq!(Local::new(1).similar(0, 8), Err(JobError::NoTable));
}
