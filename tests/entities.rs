//! Who takes part, and when: lists and lanes against a naive oracle.

use std::fmt::Write;

use isoscope::{
    cluster::{JobError, local::Local},
    engine::{forest::ForestParams, text::Overrides},
    protocol::{
        AxisOf, AxisScale, Bound, ColumnType, Entities, Entity, EntitySpec, Filter, Grid, GridSpec,
        Selection, Settled, Test,
    },
};
use proptest::prelude::*;

const TIME: u32 = 0;
const WHO: u32 = 1;
const BYTES: u32 = 2;

/// Seconds since nine o'clock, a name, and what the forest reads.
type Row = (Option<u32>, Option<String>, i32);

fn csv(rows: &[Row]) -> String {
    let mut text = String::from("time,who,bytes\n");
    for (time, who, bytes) in rows {
        if let Some(time) = time {
            let (minute, second) = (time / 60, time % 60);
            write!(text, "2026-05-04 09:{minute:02}:{second:02}").expect("a string takes all");
        }
        let who = who.as_deref().unwrap_or_default();
        writeln!(text, ",{who},{bytes}").expect("a string takes all");
    }
    text
}

/// The table, with its rows scored.
fn scored(rows: &[Row], n_shards: usize) -> Local {
    let mut local = Local::new(n_shards);
    let overrides = Overrides {
        header_lines: Some(1),
        types: [
            ("time".to_owned(), ColumnType::Time),
            ("who".to_owned(), ColumnType::Text),
            ("bytes".to_owned(), ColumnType::Integer),
        ]
        .into(),
        ..Overrides::default()
    };
    let table = local.load(csv(rows).into_bytes(), &overrides).expect("a table");
    assert_eq!(table.profile.columns[TIME as usize].reading.settled, Settled::Person);
    let params = ForestParams { n_trees: 10, ..ForestParams::default() };
    local.detect(&[BYTES], params).expect("scores");
    local
}

fn scores(local: &Local) -> Vec<f64> {
    local.detection().expect("scores").found.scores.0.clone()
}

/// Nine o'clock of the day that all is about, since 1970.
const NINE: f64 = 1_777_852_800.0 + 9.0 * 3_600.0;

/// All entities, name by name, of the rows with so many bytes at least.
fn oracle(rows: &[Row], scores: &[f64], threshold: f64, least: i32) -> Vec<Entity> {
    let mut names: Vec<&String> = rows.iter().filter_map(|row| row.1.as_ref()).collect();
    names.sort();
    names.dedup();
    let entity = |(code, name): (u16, &&String)| {
        let is_own = |row: &usize| rows[*row].1.as_ref() == Some(*name) && rows[*row].2 >= least;
        let own = || (0..rows.len()).filter(is_own);
        let top_score = own().map(|row| scores[row]).fold(0.0, f64::max);
        let times = || own().filter_map(|row| rows[row].0).map(|time| NINE + f64::from(time));
        Entity {
            code,
            name: (*name).clone(),
            n_rows: own().count() as u32,
            n_flagged: own().filter(|&row| scores[row] >= threshold).count() as u32,
            top_score,
            top_row: own().find(|&row| scores[row] == top_score).unwrap_or(0) as u32,
            seen: times().reduce(f64::min).zip(times().reduce(f64::max)),
        }
    };
    let mut entities: Vec<Entity> = (0..).zip(&names).map(entity).collect();
    entities.retain(|entity| entity.n_rows > 0);
    entities.sort_by(|a, b| {
        let worst = b.top_score.total_cmp(&a.top_score).then(b.n_flagged.cmp(&a.n_flagged));
        worst.then(a.name.cmp(&b.name))
    });
    entities
}

fn tables() -> impl Strategy<Value = Vec<Row>> {
    let time = prop_oneof![5 => (0..3_600_u32).prop_map(Some), 1 => Just(None)];
    let who = prop_oneof![6 => "[a-c][ab]?".prop_map(Some), 1 => Just(None)];
    let bytes = prop_oneof![9 => 0..9_i32, 1 => 0..9_999_i32];
    prop::collection::vec((time, who, bytes), 3..120)
}

fn lanes(codes: &[u16], width: u32) -> GridSpec {
    GridSpec {
        x: AxisOf::Column(TIME),
        y: AxisOf::Values { column: WHO, codes: codes.to_vec() },
        x_scale: AxisScale::Linear,
        y_scale: AxisScale::Linear,
        width,
        height: 7,
        by: None,
    }
}

/// What a cell must hold, row by row.
fn check_lanes(grid: &Grid, rows: &[Row], scores: &[f64], shown: &[&Entity]) {
    let all: Vec<f64> = rows.iter().filter_map(|row| row.0).map(f64::from).collect();
    let (from, to) = (
        all.iter().copied().fold(f64::INFINITY, f64::min),
        all.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    );
    let width = grid.spec.width;
    let mut cells = vec![Vec::new(); width as usize * shown.len().max(1)];
    let (mut n_missing, mut n_elsewhere) = (0, 0);
    for (row, (time, who, _)) in rows.iter().enumerate() {
        let line = who.as_ref().map(|who| shown.iter().position(|there| there.name == *who));
        match (line, time) {
            (Some(None), _) => n_elsewhere += 1,
            (None, _) | (_, None) => n_missing += 1,
            (Some(Some(line)), &Some(time)) => {
                let share = if to > from { (f64::from(time) - from) / (to - from) } else { 0.5 };
                let cell = ((share * f64::from(width)) as usize).min(width as usize - 1);
                cells[line * width as usize + cell].push(row);
            }
        }
    }
    assert_eq!((grid.n_missing, grid.n_elsewhere), (n_missing, n_elsewhere));
    for (cell, rows) in cells.iter().enumerate() {
        assert_eq!(grid.counts[cell] as usize, rows.len());
        let top = rows.iter().map(|&row| scores[row]).fold(0.0, f64::max);
        let top_row = rows.iter().find(|&&row| scores[row] == top);
        assert_eq!(grid.top_rows[cell], top_row.map_or(u32::MAX, |&row| row as u32));
        assert_eq!(grid.top_scores[cell], top as f32);
    }
    assert_eq!(grid.counts.len(), cells.len());
    let names: Vec<&String> = shown.iter().map(|there| &there.name).collect();
    assert_eq!(grid.y_names.iter().collect::<Vec<_>>(), names);
    assert_eq!(grid.y_domain, (-0.5, shown.len().max(1) as f64 - 0.5));
    let domain = if all.is_empty() { (0.0, 0.0) } else { (NINE + from, NINE + to) };
    assert_eq!(grid.x_domain, domain);
}

#[test]
fn a_row_tells_its_points_in_time() {
    let row = |time: Option<u32>| (time, Some("a".to_owned()), 1);
    let mut rows = vec![row(Some(61)), row(None)];
    rows.extend((0..20).map(|second| row(Some(second))));
    let mut local = scored(&rows, 2);
    assert_eq!(local.inspect(0).expect("a row").times, [(TIME, NINE + 61.0)]);
    assert_eq!(local.inspect(1).expect("a row").times, []);
}

proptest! {
    #[test]
    fn entities_and_their_lanes_are_what_the_oracle_says_with_any_number_of_shards(
        rows in tables(), n_shards in 2..6_usize, cut in 0..100_usize,
        (from, most) in (0..6_u32, 0..8_u32), width in 1..30_u32, least in 0..6_i32,
    ) {
        let mut local = scored(&rows, 1);
        let scores = scores(&local);
        let threshold = scores[cut % scores.len()];
        let expected = oracle(&rows, &scores, threshold, least);
        // Rows with fewer bytes are muted.
        let below = Some(Bound { value: least.to_string(), is_strict: true });
        let test = Test::Between(None, below);
        let rule = vec![Filter { column: BYTES, test, is_negated: false }];
        let of = Selection { except: vec![rule], ..Selection::default() };
        let spec = EntitySpec { column: WHO, of, threshold, time: Some(TIME), most, from };
        let found = local.entities(spec.clone()).expect("entities");
        let page: Vec<&Entity> =
            expected.iter().skip(from as usize).take(most as usize).collect();
        prop_assert_eq!(found.entities.iter().collect::<Vec<_>>(), page.clone());
        let nameless =
            || (0..rows.len()).filter(|&row| rows[row].1.is_none() && rows[row].2 >= least);
        let (n_missing, n_flagged) =
            (nameless().count(), nameless().filter(|&row| scores[row] >= threshold).count());
        let Entities { n_entities, n_missing: missing, n_missing_flagged, .. } = found;
        prop_assert_eq!(n_entities as usize, expected.len());
        prop_assert_eq!(found.n_flagged as usize, expected.iter().filter(|e| e.n_flagged > 0).count());
        prop_assert_eq!((missing as usize, n_missing_flagged as usize), (n_missing, n_flagged));
        let codes: Vec<u16> = found.entities.iter().map(|entity| entity.code).collect();
        let grid = local.grid(lanes(&codes, width)).expect("lanes");
        prop_assert_eq!(grid.spec.height as usize, codes.len().max(1));
        check_lanes(&grid, &rows, &scores, &page);
        let mut many = scored(&rows, n_shards);
        prop_assert_eq!(many.entities(spec), Ok(found));
        prop_assert_eq!(many.grid(lanes(&codes, width)), Ok(grid));
    }
}

/// Rows of two who take turns, at these times.
fn at(times: &[Option<u32>]) -> Vec<Row> {
    let who = |row: usize| Some(["ann", "bob"][row % 2].to_owned());
    times
        .iter()
        .enumerate()
        .map(|(row, &time)| (time, who(row), [3, 1, 4, 1, 5][row % 5]))
        .collect()
}

#[test]
fn times_that_stand_still_go_back_or_are_not_there_make_sensible_lanes() {
    let ask = |times: &[Option<u32>]| {
        let rows = at(times);
        let mut local = scored(&rows, 3);
        let spec = EntitySpec {
            column: WHO,
            of: Selection::default(),
            threshold: 0.9,
            time: Some(TIME),
            most: 9,
            from: 0,
        };
        let found = local.entities(spec).expect("entities");
        let codes: Vec<u16> = found.entities.iter().map(|entity| entity.code).collect();
        let grid = local.grid(lanes(&codes, 10)).expect("lanes");
        let shown: Vec<&Entity> = found.entities.iter().collect();
        check_lanes(&grid, &rows, &scores(&local), &shown);
        (found, grid)
    };
    // One time: all rows stand in the middle.
    let (found, grid) = ask(&[Some(60); 8]);
    assert_eq!(found.entities[0].seen, Some((NINE + 60.0, NINE + 60.0)));
    assert_eq!((grid.counts[5], grid.counts[15]), (4, 4));
    // Backwards is as forwards: a place is that of the time, not of the row.
    let back: Vec<Option<u32>> = (0..40).rev().map(Some).collect();
    let (found, grid) = ask(&back);
    assert!(found.entities.iter().all(|there| there.seen.is_some_and(|(a, b)| a < b)));
    assert!(grid.counts.iter().all(|&count| count == 2));
    // None at all.
    let (found, grid) = ask(&[None; 6]);
    assert!(found.entities.iter().all(|there| there.seen.is_none() && there.n_rows == 3));
    assert_eq!((grid.n_missing, grid.counts.iter().sum::<u32>()), (6, 0));
    // Of one of two none at all.
    let (found, _) = ask(&[Some(1), None, Some(9), None]);
    let seen = |name| found.entities.iter().find(|there| there.name == name).expect(name).seen;
    assert_eq!((seen("ann"), seen("bob")), (Some((NINE + 1.0, NINE + 9.0)), None));
}

#[test]
fn a_code_given_twice_or_by_mistake_has_an_empty_lane() {
    let rows = at(&[Some(1), Some(2), Some(3)]);
    let mut local = scored(&rows, 2);
    let grid = local.grid(lanes(&[1, 1, 900, 0, u16::MAX], 3)).expect("lanes");
    assert_eq!(grid.y_names, ["bob", "bob", "", "ann", ""]);
    let lines: Vec<u32> = grid.counts.chunks(3).map(|line| line.iter().sum()).collect();
    assert_eq!((lines, grid.n_elsewhere), (vec![1, 0, 0, 2, 0], 0));
}

/// More distinct times and names than codes.
#[test]
fn a_column_of_too_many_values_is_said_and_its_times_are_exact() {
    const N: u32 = 70_000;
    let mut csv = String::from("time,uid,port,amount\n");
    for row in 0..N {
        let at = row.wrapping_mul(48_271) % N;
        let (hour, minute, second) = (at / 3_600, at / 60 % 60, at % 60);
        writeln!(csv, "2026-05-04 {hour:02}:{minute:02}:{second:02},u{row}x,{},{at}.5", at / 7_000)
            .expect("a string takes all");
    }
    let mut found = Vec::new();
    for n_shards in [1, 3] {
        let mut local = Local::new(n_shards);
        local.load(csv.clone().into_bytes(), &Overrides::default()).expect("a table");
        let ask = |column| EntitySpec {
            column,
            of: Selection::default(),
            threshold: 0.5,
            time: Some(0),
            most: 3,
            from: 2,
        };
        assert_eq!(local.entities(ask(2)), Err(JobError::NoScores));
        local.detect(&[2, 3], ForestParams { n_trees: 5, ..Default::default() }).expect("scores");
        let many = |column: &str| JobError::TooManyValues {
            column: column.to_owned(),
            n_distinct: N,
            limit: 65_534,
        };
        assert_eq!(local.entities(ask(1)), Err(many("uid")));
        assert_eq!(local.entities(ask(3)), Err(many("amount")));
        assert_eq!(local.grid(GridSpec { width: 2, ..lanes(&[0], 2) }), Err(many("uid")));
        let nowhere = JobError::NoSuchColumn { column: 4, n_columns: 4 };
        assert_eq!(local.entities(ask(4)), Err(nowhere.clone()));
        let time = Some(4);
        assert_eq!(local.entities(EntitySpec { time, ..ask(2) }), Err(nowhere));
        let ports = local.entities(ask(2)).expect("ten ports");
        assert_eq!((ports.n_entities, ports.entities.len()), (10, 3));
        for port in &ports.entities {
            let number: f64 = port.name.parse().expect("a number");
            let first = NINE - 9.0 * 3_600.0 + number * 7_000.0;
            assert_eq!(port.seen, Some((first, first + 6_999.0)));
            assert_eq!(port.n_rows, 7_000);
        }
        // A column of texts tells no times.
        let timeless = local.entities(EntitySpec { time: Some(1), ..ask(2) }).expect("ten ports");
        assert!(timeless.entities.iter().all(|port| port.seen.is_none()));
        found.push(ports);
    }
    assert_eq!(found[0], found[1]);
    let said = JobError::TooManyValues { column: "uid".to_owned(), n_distinct: N, limit: 65_534 };
    assert!(said.to_string().contains("choose a column with fewer"), "{said}");
}
