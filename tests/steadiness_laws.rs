//! Laws of bands: where rows stand in half-forests, against naive ones.
#![expect(clippy::cast_possible_truncation, reason = "test tables are small")]

mod forest_support;

use std::{
    cell::RefCell,
    collections::VecDeque,
    fmt::Write,
    ops::Range,
    pin::pin,
    task::{Context, Poll, Waker},
};

use forest_support::{Column, Table, drawn::columns, oracle::Oracle};
use isoscope::{
    cluster::{
        JobError, Outcome, Shard, Task,
        bulk::Bulk,
        conductor::{self, DetectSpec, Shards},
        local::Local,
        message::{Answer, Question},
        view::Selection,
    },
    engine::{
        forest::{ForestParams, HalfPaths, Judged, Scorer, Verdict},
        random::{below, stream},
        text::Overrides,
    },
    protocol::Band,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

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

/// Columns of numbers of which some are missing, but in the first, and the file that holds them.
fn tables() -> impl Strategy<Value = (Vec<Column>, Vec<u8>)> {
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

fn loaded(n_shards: usize, csv: &[u8], params: ForestParams) -> Local {
    let grain = conductor::Grain { least_range: 1, ..conductor::Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    let overrides = Overrides { header_lines: Some(1), ..Overrides::default() };
    local.load(csv.to_vec(), &overrides).expect("a table");
    local.detect(&[0, 1, 2], params).expect("scores");
    local
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

/// A table of more rows than a shard walks in one step, most of them in the middle.
fn large() -> Vec<u8> {
    let mut rng = stream(3, 0);
    let mut csv = String::from("a,b,c\n");
    for _ in 0..20_000 {
        let mut number = || (0..6).map(|_| below(&mut rng, 300)).sum::<u32>();
        writeln!(csv, "{}.5,{}.5,{}.5", number(), number(), number()).expect("a string takes all");
    }
    csv.into_bytes()
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

/// The shards of several requests at once, as the workers of a browser see them.
struct Desk<'a> {
    shards: &'a RefCell<Vec<Shard>>,
    file: &'a [u8],
    tasks: VecDeque<(u32, Task)>,
}

impl<'a> Desk<'a> {
    fn new(shards: &'a RefCell<Vec<Shard>>, file: &'a [u8]) -> Self {
        Self { shards, file, tasks: VecDeque::new() }
    }

    /// Works on the next task for one step.
    fn step(&mut self) -> Option<(u32, Answer)> {
        let (at, mut task) = self.tasks.pop_front().expect("an answer is due");
        let shard = &mut self.shards.borrow_mut()[at as usize];
        let answer = match shard.step(&mut task) {
            Outcome::Needs { range, .. } => {
                let bytes = &self.file[range.start as usize..range.end as usize];
                shard.feed(&mut task, bytes.len(), |there| there.copy_from_slice(bytes));
                None
            }
            Outcome::GoesOn => None,
            Outcome::Tells(answer) => Some(answer),
            Outcome::Ends(answer) => return Some((at, answer)),
            Outcome::Silent => return None,
        };
        self.tasks.push_back((at, task));
        answer.map(|answer| (at, answer))
    }
}

impl Shards for Desk<'_> {
    fn n_shards(&self) -> u32 {
        self.shards.borrow().len() as u32
    }

    fn ask(&mut self, shard: u32, question: Question) {
        let task = self.shards.borrow_mut()[shard as usize].begin(question);
        self.tasks.push_back((shard, task));
    }

    async fn answer(&mut self) -> Result<(u32, Answer), JobError> {
        loop {
            if let Some(answer) = self.step() {
                return Ok(answer);
            }
        }
    }

    async fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        Ok(self.file[range.start as usize..range.end as usize].to_vec())
    }
}

fn run<T>(job: impl Future<Output = T>) -> T {
    match pin!(job).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => unreachable!("these shards never wait"),
    }
}

#[test]
fn other_scores_and_other_tables_may_come_in_between() {
    let file = large();
    let shards = RefCell::new(vec![Shard::default(), Shard::default()]);
    let desk = || Desk::new(&shards, &file);
    let load = || {
        let (length, overrides) = (file.len() as u64, Overrides::default());
        run(conductor::load(&mut desk(), length, &overrides, &mut |_, _| {})).expect("a table")
    };
    let table = load();
    let detect = |seed| {
        let spec = DetectSpec {
            features: vec![0, 1, 2],
            params: ForestParams { n_trees: 20, seed, ..ForestParams::default() },
            grow_on: Selection::default(),
            verdicts: Vec::new(),
        };
        run(conductor::detect(&mut desk(), &table, spec, &mut |_, _| {})).expect("scores")
    };
    let rows = [777, 3, 19_999];
    detect(2);
    let expected = run(conductor::steadiness(&mut desk(), &table, &rows));
    detect(1);
    let mut asking = desk();
    let begin = |asking: &mut Desk<'_>| {
        let paths = Bulk(vec![1 << 29; 10]);
        asking.ask(0, Question::Shorter { paths: paths.clone() });
        asking.ask(1, Question::Shorter { paths });
        assert_eq!((asking.step(), asking.step(), asking.step()), (None, None, None));
    };
    let end = |asking: &mut Desk<'_>| -> Vec<bool> {
        let mut answer = || match run(asking.answer()) {
            Ok((_, Answer::Shorter(answer))) => answer.is_some(),
            other => panic!("counts were asked for: {other:?}"),
        };
        vec![answer(), answer()]
    };
    begin(&mut asking);
    detect(2);
    // What was begun for the old scores is done for the new ones, and those asked for meanwhile get
    // what they would have got alone.
    assert_eq!(run(conductor::steadiness(&mut desk(), &table, &rows)), expected);
    assert_eq!(end(&mut asking), [true, true]);
    detect(1);
    begin(&mut asking);
    load();
    assert_eq!(end(&mut asking), [false, false]);
}
