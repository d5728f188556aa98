//! Laws of views: which rows pass, and in which order, against a naive oracle.

use std::{cmp::Ordering, fmt::Write};

use isoscope::{
    cluster::{
        JobError,
        conductor::Grain,
        local::Local,
        view::{Bound, Filter, Selection, Sort, Test, ViewSpec},
    },
    engine::{eyes::Eye, forest::ForestParams, text::Overrides},
};
use proptest::prelude::*;

/// The columns of the tables here: numbers, words, and numbers that stand in quotes.
const NUMBERS: [u32; 2] = [0, 2];

fn value(column: u32, cell: &str) -> Option<f64> {
    NUMBERS.contains(&column).then(|| cell.parse::<f64>().ok()).flatten()
}

fn is_missing(cell: &str) -> bool {
    ["", "NA", "-"].contains(&cell)
}

/// Two cells of one column, in order.
fn compare(column: u32, a: &str, b: &str) -> Ordering {
    match (value(column, a), value(column, b)) {
        (Some(a), Some(b)) => a.partial_cmp(&b).expect("finite"),
        _ => a.as_bytes().cmp(b.as_bytes()),
    }
}

fn passes(filter: &Filter, cell: &str) -> bool {
    let is_on = |bound: &Option<Bound>, inside: Ordering| {
        bound.as_ref().is_none_or(|bound| {
            let order = compare(filter.column, cell, &bound.value);
            order == inside || !bound.is_strict && order.is_eq()
        })
    };
    let holds = match &filter.test {
        Test::Missing => is_missing(cell),
        _ if is_missing(cell) => false,
        Test::OneOf(texts) => texts.iter().any(|text| compare(filter.column, cell, text).is_eq()),
        Test::Between(low, high) => is_on(low, Ordering::Greater) && is_on(high, Ordering::Less),
        Test::Contains(text) => cell.to_ascii_lowercase().contains(&text.to_ascii_lowercase()),
    };
    holds != filter.is_negated
}

/// What a view must show, row by row and by comparing all with all.
fn oracle(rows: &[Vec<String>], spec: &ViewSpec) -> Vec<u32> {
    let search = spec.selection.search.to_ascii_lowercase();
    let is_shown = |&row: &u32| {
        let cells = &rows[row as usize];
        let passes = |filter: &Filter| passes(filter, &cells[filter.column as usize]);
        // A rule without filters is none.
        let mutes = |rule: &Vec<Filter>| !rule.is_empty() && rule.iter().all(passes);
        spec.selection.filters.iter().all(passes)
            && !spec.selection.except.iter().any(mutes)
            && cells.iter().any(|cell| cell.to_ascii_lowercase().contains(&search))
    };
    let mut shown: Vec<u32> = (0..rows.len() as u32).filter(is_shown).collect();
    if let Some(Sort { column, is_descending }) = spec.sort {
        let cell = |row: u32| rows[row as usize][column as usize].as_str();
        shown.sort_by(|&a, &b| {
            let (a, b) = (cell(a), cell(b));
            let order = compare(column, a, b);
            is_missing(a).cmp(&is_missing(b)).then_with(|| match () {
                () if is_missing(a) => Ordering::Equal,
                () if is_descending => order.reverse(),
                () => order,
            })
        });
    }
    shown
}

/// Cells, and the text of a file that holds them.
fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let number = prop_oneof![
        6 => (-5..5_i32).prop_map(|n| n.to_string()),
        2 => (-9..9_i32).prop_map(|n| format!("{n}.5")),
        1 => Just("1.50".to_owned()),
        1 => prop::sample::select(vec!["", "NA", "-"]).prop_map(str::to_owned),
    ];
    let word = prop_oneof![
        6 => "[abAB]{1,3}",
        1 => Just("two\nlines, \"said\" he".to_owned()),
        1 => Just(String::new()),
    ];
    let row = (number.clone(), word, number).prop_map(|(a, b, c)| vec![a, b, c]);
    // The first row settles the types.
    prop::collection::vec(row, 1..80).prop_map(|mut rows| {
        rows.insert(0, vec!["0.5".to_owned(), "word".to_owned(), "7.25".to_owned()]);
        rows
    })
}

fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut text = String::from("number,word,quoted\n");
    for row in rows {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let (word, number) = (quoted(&row[1]), quoted(&row[2]));
        writeln!(text, "{},{word},{number}", row[0]).expect("a string takes all");
    }
    text.into_bytes()
}

fn filters() -> impl Strategy<Value = Filter> {
    let text = |column: u32| match column {
        1 => prop_oneof!["[abAB]{0,2}", Just("said\" h".to_owned())].boxed(),
        _ => prop_oneof![(-5..5_i32).prop_map(|n| n.to_string()), Just("1.5".to_owned())].boxed(),
    };
    (0..3_u32, any::<bool>()).prop_flat_map(move |(column, is_negated)| {
        let bound =
            (text(column), any::<bool>()).prop_map(|(value, is_strict)| Bound { value, is_strict });
        let test = prop_oneof![
            prop::collection::vec(text(column), 0..3).prop_map(Test::OneOf),
            (prop::option::of(bound.clone()), prop::option::of(bound))
                .prop_map(|(low, high)| Test::Between(low, high)),
            text(column).prop_map(Test::Contains),
            Just(Test::Missing),
        ];
        test.prop_map(move |test| Filter { column, test, is_negated })
    })
}

fn specs() -> impl Strategy<Value = ViewSpec> {
    let search = prop_oneof![3 => Just(String::new()), 1 => "[ab1.\"]{1,2}"];
    let sort = (0..3_u32, any::<bool>())
        .prop_map(|(column, is_descending)| Sort { column, is_descending });
    let rules = prop::collection::vec(prop::collection::vec(filters(), 0..3), 0..3);
    (prop::collection::vec(filters(), 0..3), search, rules, prop::option::of(sort)).prop_map(
        |(filters, search, except, sort)| ViewSpec {
            selection: Selection { filters, search, except, within: None },
            sort,
        },
    )
}

fn grains() -> impl Strategy<Value = Grain> {
    (1..40_u64, 1..300_u64, 0..200_u64).prop_map(|(least_range, piece, patience)| Grain {
        least_range,
        piece,
        patience,
        worth_a_message: 0,
    })
}

proptest! {
    #[test]
    fn a_view_is_what_the_oracle_says_however_the_file_is_cut(
        rows in tables(), spec in specs(), n_shards in 1..6_usize, grain in grains(),
    ) {
        let mut local = Local::new(n_shards).with_grain(grain);
        let overrides = Overrides { header_lines: Some(1), ..Overrides::default() };
        let n_rows = local.load(csv(&rows), &overrides).expect("a table").n_rows();
        prop_assert_eq!(n_rows as usize, rows.len());
        let view = local.view(spec.clone()).expect("a view");
        let shown: Vec<u32> =
            (0..view.n_shown(n_rows)).map(|at| view.row(at).expect("within")).collect();
        prop_assert_eq!(shown, oracle(&rows, &spec));
    }
}

/// More distinct values than codes: exact numbers and texts decide, not codes.
#[test]
fn columns_without_a_code_for_every_value_are_exact_too() {
    const N: u32 = 70_000;
    let shuffled = |row: u32| row.wrapping_mul(48_271) % N;
    let mut csv = String::from("many,uid\n");
    for row in 0..N {
        let at = shuffled(row);
        writeln!(csv, "{}.25,u{at:05}x", at / 2 * 2).expect("a string takes all");
    }
    for n_shards in [1, 4] {
        let mut local = Local::new(n_shards);
        let columns = local.load(csv.clone().into_bytes(), &Overrides::default()).expect("a table");
        assert_eq!(columns.profile.columns[1].n_distinct, N);
        let mut rows = |test, column, sort| {
            let filters = vec![Filter { column, test, is_negated: false }];
            let selection = Selection { filters, ..Selection::default() };
            local.view(ViewSpec { selection, sort }).expect("a view").rows.expect("some rows").0
        };
        let bound = |value: &str| Some(Bound { value: value.to_owned(), is_strict: true });
        let up = |column| Some(Sort { column, is_descending: false });
        let down = |column| Some(Sort { column, is_descending: true });
        let between = Test::Between(bound("30000.25"), bound("30004.25"));
        let found = rows(between.clone(), 0, up(1));
        assert_eq!(found.iter().map(|&row| shuffled(row)).collect::<Vec<_>>(), [30_002, 30_003]);
        let found = rows(between, 0, down(1));
        assert_eq!(found.iter().map(|&row| shuffled(row)).collect::<Vec<_>>(), [30_003, 30_002]);
        let found = rows(Test::Contains("U0001".to_owned()), 1, down(0));
        let numbers: Vec<u32> = found.iter().map(|&row| shuffled(row) / 2 * 2).collect();
        assert_eq!(numbers, [18, 18, 16, 16, 14, 14, 12, 12, 10, 10]);
        assert!(found.chunks(2).all(|pair| pair[0] < pair[1]), "equal ones stay by row");
        let found = rows(Test::OneOf(vec!["u69999x".to_owned()]), 1, None);
        assert_eq!(found.iter().map(|&row| shuffled(row)).collect::<Vec<_>>(), [69_999]);
    }
}

fn is(column: u32, value: &str) -> Filter {
    Filter { column, test: Test::OneOf(vec![value.to_owned()]), is_negated: false }
}

/// "Ignore port 443 from the proxy", by codes, exact numbers and texts that have no codes.
#[test]
fn rules_mute_what_passes_all_their_filters_and_nothing_else() {
    const N: u32 = 66_000;
    let mut csv = String::from("many,uid,port,host\n");
    for row in 0..N {
        let (port, host) =
            ([443, 80][row as usize % 2], ["proxy", "mail", "web"][row as usize % 3]);
        writeln!(csv, "{row}.5,u{row:05}x,{port},{host}").expect("a string takes all");
    }
    let contains = |column, text: &str| Filter {
        column,
        test: Test::Contains(text.to_owned()),
        is_negated: false,
    };
    let below = |value: &str| Filter {
        column: 0,
        test: Test::Between(None, Some(Bound { value: value.to_owned(), is_strict: true })),
        is_negated: false,
    };
    let quiet = || vec![is(2, "443"), is(3, "proxy")];
    let is_quiet = |row: &u32| row.is_multiple_of(2) && row.is_multiple_of(3);
    for n_shards in [1, 4] {
        let mut local = Local::new(n_shards);
        local.load(csv.clone().into_bytes(), &Overrides::default()).expect("a table");
        let mut rows = |except, sort| {
            let selection = Selection { except, ..Selection::default() };
            let view = local.view(ViewSpec { selection, sort }).expect("a view");
            view.rows.map(|rows| rows.0)
        };
        let without = |muted: &dyn Fn(&u32) -> bool| -> Option<Vec<u32>> {
            Some((0..N).filter(|row| !muted(row)).collect())
        };
        assert_eq!(rows(vec![quiet()], None), without(&is_quiet));
        // A rule that asks for nothing is none; so is a list of them.
        assert_eq!(rows(vec![vec![], quiet(), vec![]], None), without(&is_quiet));
        assert_eq!(rows(vec![vec![], vec![]], None), None);
        let mixed = vec![quiet(), vec![below("500"), contains(1, "U0001")]];
        let is_mixed = |row: &u32| is_quiet(row) || (10..20).contains(row);
        assert_eq!(rows(mixed.clone(), None), without(&is_mixed));
        let down = Some(Sort { column: 1, is_descending: true });
        let backwards = without(&is_mixed).map(|rows| rows.into_iter().rev().collect());
        assert_eq!(rows(mixed, down), backwards);
        let up = Some(Sort { column: 0, is_descending: false });
        assert_eq!(rows(vec![vec![contains(1, "x")]], up), Some(vec![]));
        let text_only = vec![vec![contains(1, "u6")], vec![contains(0, "7.5")]];
        let is_text = |row: &u32| *row >= 60_000 || row % 10 == 7;
        assert_eq!(rows(text_only, up), without(&is_text));
    }
}

#[test]
fn what_a_rule_cannot_compare_is_said() {
    let mut local = Local::new(2);
    local.load(b"n,w\n1,a\n2,b\n".to_vec(), &Overrides::default()).expect("a table");
    let mut ask = |rule| {
        let selection = Selection { except: vec![rule], ..Selection::default() };
        local.view(ViewSpec { selection, sort: None }).map(|view| view.n_shown(2))
    };
    let of_word = JobError::NotComparable { column: "n".to_owned(), text: "word".to_owned() };
    assert_eq!(ask(vec![is(1, "a"), is(0, "word")]), Err(of_word));
    assert_eq!(ask(vec![is(2, "a")]), Err(JobError::NoSuchColumn { column: 2, n_columns: 2 }));
    assert_eq!(ask(vec![is(1, "a")]), Ok(1));
    // The answer to a question of no effect is still the answer to that question.
    let selection = Selection { except: vec![vec![]], ..Selection::default() };
    let spec = ViewSpec { selection, sort: None };
    assert!(spec.is_whole() && spec.selection.is_all());
    assert_eq!(local.view(spec.clone()).map(|view| (view.spec, view.rows)), Ok((spec, None)));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let mut local = Local::new(2);
    local.load(b"n,w\n1,a\n2,b\n".to_vec(), &Overrides::default()).expect("a table");
    let mut ask = |column, test| {
        let filters = vec![Filter { column, test, is_negated: false }];
        let selection = Selection { filters, ..Selection::default() };
        local.view(ViewSpec { selection, sort: None }).map(|view| view.n_shown(2))
    };
    let of_word = JobError::NotComparable { column: "n".to_owned(), text: "word".to_owned() };
    assert_eq!(ask(0, Test::OneOf(vec!["word".to_owned()])), Err(of_word));
    let nowhere = JobError::NoSuchColumn { column: 2, n_columns: 2 };
    assert_eq!(ask(2, Test::Missing), Err(nowhere));
    assert_eq!(ask(1, Test::OneOf(vec!["b".to_owned()])), Ok(1));
}

/// Two lumps of rows: to a forest that grew on one, all of the other are alike.
#[test]
fn a_forest_grows_on_the_rows_that_are_meant_and_judges_all() {
    let mut csv = String::from("x,y,kind\n");
    for i in 0..600 {
        let (base, kind) = if i % 3 == 0 { (1_000, "far") } else { (0, "near") };
        let (x, y) = (base + i % 17, base + i % 13);
        writeln!(csv, "{x},{y},{kind}").expect("a string takes all");
    }
    let one_of = Test::OneOf(vec!["near".to_owned()]);
    let filters = vec![Filter { column: 2, test: one_of, is_negated: false }];
    let near = Selection { filters, ..Selection::default() };
    let params = ForestParams { n_trees: 20, ..ForestParams::default() };
    let found = |n_shards, rows: &Selection| {
        let mut local = Local::new(n_shards);
        local.load(csv.clone().into_bytes(), &Overrides::default()).expect("a table");
        local.detect_on(&[0, 1], params, rows).map(|detection| detection.found.clone())
    };
    let some = found(1, &near).expect("scores");
    assert_eq!((some.n_grown_on, some.scores.len()), (400, 600));
    // No cut lies beyond the rows it grew on, so all that lie beyond share one leaf of each tree.
    let far = |scores: &[f64]| scores.iter().copied().step_by(3).collect::<Vec<f64>>();
    assert!(far(&some.scores).windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(found(5, &near), Ok(some.clone()));
    // To mute all that is far is to mean what is near.
    let muted = Selection { except: vec![vec![is(2, "far")]], ..Selection::default() };
    let quiet = found(3, &muted).expect("scores");
    assert_eq!((&quiet.scores, quiet.n_grown_on), (&some.scores, 400));
    assert_eq!(quiet.grown_on, muted);
    let both = vec![vec![is(2, "far")], vec![is(2, "near")]];
    let nothing = Selection { except: both, ..Selection::default() };
    assert_eq!(found(2, &nothing), Err(JobError::NothingSelected));
    let all = found(1, &Selection::default()).expect("scores");
    assert_eq!(all.n_grown_on, 600);
    assert!(far(&all.scores).windows(2).any(|pair| pair[0] != pair[1]));
    let none = Selection { search: "nowhere".to_owned(), ..Selection::default() };
    assert_eq!(found(2, &none), Err(JobError::NothingSelected));
}

#[test]
fn a_forest_that_has_no_row_to_grow_on_says_what_no_row_is() {
    let csv = "x,kind,time\n1,near,2026-01-07 00:00:00\n2,far,2026-01-07 00:00:01\n";
    let mut local = Local::new(2);
    local.load(csv.into(), &Overrides::default()).expect("a table");
    let mut said = |column, test: Test| {
        let filters = vec![Filter { column, test, is_negated: false }];
        let rows = Selection { filters, ..Selection::default() };
        let found = local.detect_on(&[0], ForestParams::default(), &rows).map(drop);
        found.expect_err("no row").to_string()
    };
    assert_eq!(
        said(1, Test::OneOf(vec!["nosuch".to_owned()])),
        "no row's kind is nosuch: choose other rows to grow on"
    );
    let bound = |value: &str| Some(Bound { value: value.to_owned(), is_strict: false });
    assert_eq!(
        said(2, Test::Between(bound("2027-01-01 00:00:00"), bound("2027-02-01 00:00:00"))),
        "no row's time lies from 2027-01-01 00:00:00 up to 2027-02-01 00:00:00: choose other rows to grow on"
    );
    assert_eq!(
        said(2, Test::Between(None, bound("2025-01-01"))),
        "no row's time lies up to 2025-01-01: choose other rows to grow on"
    );
}

#[test]
fn neighbours_among_one_row_are_asked_for_in_vain_and_that_is_said() {
    let mut local = Local::new(2);
    let csv = "x,kind\n1,base\n2,other\n3,other\n4,other\n4,other\n";
    local.load(csv.into(), &Overrides::default()).expect("a table");
    let filters = vec![is(1, "base")];
    let rows = Selection { filters, ..Selection::default() };
    local.detect_on(&[0], ForestParams::default(), &rows).expect("a forest grows on one row");
    let error = local.look(Eye::Neighbours).map(drop).expect_err("no row has a neighbour");
    assert_eq!(
        error.to_string(),
        "the local outlier factor compares a row with its neighbours, so it needs at least two different rows to \
         grow on, and there is one: choose other rows to grow on, or the forest"
    );
}
