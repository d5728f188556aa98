//! Laws of bands: where rows stand in half-forests, against naive ones.
#![expect(clippy::cast_possible_truncation, reason = "test tables are small")]

mod forest_support;

use std::ops::Range;

use forest_support::{
    Table,
    drawn::columns,
    held::{large, loaded, tables},
    oracle::Oracle,
};
use isoscope::{
    cluster::{JobError, local::Local},
    engine::forest::{ForestParams, HalfPaths, Judged, Scorer, Verdict},
    protocol::Band,
};
use proptest::{collection::vec, prelude::*, sample::select};

/// The tenths of each half, as they are to be.
fn tenths(half: usize) -> [usize; 5] {
    [0, 1, 2, 4, 7].map(|tenth| (half + tenth) % 10)
}

/// The trees of a half, those that count twice named twice.
fn trees(half: usize, n_trees: usize) -> Vec<usize> {
    let of_tenth = |tenth: usize| match n_trees {
        0..10 => vec![tenth % n_trees],
        _ => (0..n_trees).filter(|tree| tree % 10 == tenth).collect(),
    };
    tenths(half).into_iter().flat_map(of_tenth).collect()
}

fn params(n_trees: Range<u32>) -> impl Strategy<Value = ForestParams> {
    (n_trees, 1..70_u32, any::<u64>()).prop_map(|(n_trees, sample_size, seed)| ForestParams {
        n_trees,
        sample_size,
        seed,
        ..ForestParams::default()
    })
}

fn half_paths(mut scorer: Scorer, table: &Table) -> Vec<HalfPaths> {
    let mut paths = vec![HalfPaths::default(); table.n_rows()];
    scorer.half_paths(&table.columns(), &mut paths);
    paths
}

/// Bands by comparing all rows with all.
fn bands(paths: &[HalfPaths], rows: &[u32]) -> Vec<Band> {
    let band = |&row: &u32| {
        let ranks = (0..10).map(|half| {
            let own = paths[row as usize][half];
            1 + paths.iter().filter(|paths| paths[half] < own).count() as u32
        });
        let (best, worst) = (ranks.clone().min(), ranks.max());
        Band { row, best: best.expect("ten halves"), worst: worst.expect("ten halves") }
    };
    rows.iter().map(band).collect()
}

proptest! {
    #[test]
    fn halves_are_those_of_the_naive_forest(columns in columns(), params in params(1..31)) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let oracle = Oracle::new(&forest, &table.features);
        for (row, found) in half_paths(Scorer::new(&forest), &table).iter().enumerate() {
            let codes = table.row(row);
            let cells: Vec<_> =
                columns.iter().zip(&codes).map(|(column, &code)| column.cell(row, code)).collect();
            let paths = oracle.paths(&cells);
            for (half, &found) in found.iter().enumerate() {
                let trees = trees(half, paths.len());
                let expected = trees.iter().map(|&tree| paths[tree]).sum::<f64>() / trees.len() as f64;
                let step = 1.0 / f64::from(1 << 26);
                prop_assert!((f64::from(found) * step - expected).abs() <= 0.51 * step);
            }
        }
    }

    /// Every tenth counts alike; and verdicts count in the halves as in the whole.
    #[test]
    fn the_halves_have_the_forests_mean(
        columns in columns(),
        params in params(1..4),
        said in vec((0..1000_usize, select(Verdict::ALL.to_vec())), 0..6),
    ) {
        let params = ForestParams { n_trees: 10 * params.n_trees, ..params };
        let table = Table::new(&columns);
        let judged: Vec<Judged> = said
            .iter()
            .map(|&(row, verdict)| Judged { codes: table.row(row % table.n_rows()), verdict })
            .collect();
        let scorer = Scorer::with_verdicts(&table.grow(params), &judged);
        for (row, halves) in half_paths(scorer.clone(), &table).iter().enumerate() {
            let mean = halves.iter().map(|&path| f64::from(path)).sum::<f64>() / 10.0;
            let whole = scorer.explain(&table.row(row)).path_length * f64::from(1 << 26);
            prop_assert!((mean - whole).abs() <= 0.51, "{mean} {whole}");
        }
    }

    #[test]
    fn the_memo_and_chunks_change_nothing(
        columns in columns(),
        params in params(1..31),
        chunk in 1..20_usize,
    ) {
        let table = Table::new(&columns);
        let mut scorer = Scorer::new(&table.grow(params));
        let whole = half_paths(scorer.clone(), &table);
        prop_assert_eq!(&half_paths(scorer.clone().without_memo(), &table), &whole);
        for first in (0..table.n_rows()).step_by(chunk) {
            let rows = first..table.n_rows().min(first + chunk);
            let columns: Vec<_> =
                table.columns().iter().map(|codes| codes.slice(rows.clone())).collect();
            let mut paths = vec![HalfPaths::default(); rows.len()];
            scorer.half_paths(&columns, &mut paths);
            prop_assert_eq!(&paths, &whole[rows]);
        }
    }

    #[test]
    fn bands_are_what_the_oracle_says_however_rows_are_held(
        (columns, csv) in tables(),
        params in params(1..31),
        n_shards in 1..6_usize,
        said in vec((0..1000_u32, select(Verdict::ALL.to_vec())), 1..4),
        asked in vec(0..1000_u32, 0..20),
    ) {
        let table = Table::new(&columns);
        let n_rows = table.n_rows() as u32;
        let mut local = loaded(n_shards, &csv, params);
        let forest = table.grow(params);
        // The table here grows the same forest, so it says what the bands must be.
        let mut expected = vec![0.0; table.n_rows()];
        Scorer::new(&forest).scores(&table.columns(), &mut expected);
        prop_assert_eq!(&local.detection().expect("scores").found.scores.0, &expected);
        let asked: Vec<u32> = asked.iter().map(|row| row % n_rows).collect();
        let all: Vec<u32> = (0..n_rows).collect();
        let paths = half_paths(Scorer::new(&forest), &table);
        for rows in [&asked, &all] {
            let found = local.steadiness(rows).expect("bands");
            prop_assert!(found.iter().all(|band| 1 <= band.best && band.best <= band.worst));
            prop_assert!(found.iter().all(|band| band.worst <= n_rows));
            prop_assert_eq!(found, bands(&paths, rows));
        }
        // Nothing of the halves outlives the scores that they belong to.
        let mut verdicts: Vec<_> = said.iter().map(|&(row, said)| (row % n_rows, said)).collect();
        verdicts.sort_unstable();
        verdicts.dedup_by_key(|&mut (row, _)| row);
        local.judge(&verdicts).expect("scores");
        let judged = |&(row, verdict): &(u32, Verdict)| Judged {
            codes: table.row(row as usize),
            verdict,
        };
        let judged: Vec<Judged> = verdicts.iter().map(judged).collect();
        let paths = half_paths(Scorer::with_verdicts(&forest, &judged), &table);
        prop_assert_eq!(local.steadiness(&all).expect("bands"), bands(&paths, &all));
    }

    /// All halves of a single tree are that tree, so ranks are those of the scores.
    #[test]
    fn where_all_halves_are_equal_a_row_has_one_rank((_, csv) in tables(), params in params(1..2)) {
        let mut local = loaded(2, &csv, params);
        let scores = local.detection().expect("scores").found.scores.clone();
        let rows: Vec<u32> = (0..scores.len() as u32).collect();
        for band in local.steadiness(&rows).expect("bands") {
            let own = scores[band.row as usize];
            // Paths of rows that miss values are rounded, and so equal ones may differ in their last bit.
            let rank = 1 + scores.iter().filter(|&&score| score > own + 1e-12).count() as u32;
            prop_assert_eq!((band.best, band.worst), (rank, rank));
        }
    }
}

#[test]
fn rows_that_are_all_alike_are_all_first() {
    let csv = format!("a,b,c\n{}", "1.5,2.5,3.5\n".repeat(40));
    let mut local = loaded(3, csv.as_bytes(), ForestParams::default());
    let first = |row| Band { row, best: 1, worst: 1 };
    assert_eq!(local.steadiness(&[39, 0, 0]), Ok([39, 0, 0].map(first).to_vec()));
    assert_eq!(local.steadiness(&[]), Ok(vec![]));
    let beyond = JobError::NoSuchRow { row: 40, n_rows: 40 };
    assert_eq!(local.steadiness(&[40]), Err(beyond));
    assert_eq!(Local::new(1).steadiness(&[0]), Err(JobError::NoTable));
}

#[test]
fn rows_far_out_are_steady_and_those_on_the_edge_are_not() {
    let mut local = loaded(2, &large(), ForestParams::default());
    let ranking = local.detection().expect("scores").found.ranking.clone();
    let found = local.steadiness(&ranking[..1000]).expect("bands");
    let n_steady = |bands: &[Band]| bands.iter().filter(|band| band.worst <= 500).count();
    assert_eq!(n_steady(&found[..20]), 20);
    assert!(n_steady(&found[480..500]) < 10);
    assert_eq!(n_steady(&found[980..]), 0);
}
