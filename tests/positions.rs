//! Where values stand in their columns: against counting, value by value.

use std::fmt::Write;

use isoscope::{
    cluster::{JobError, local::Local},
    engine::{forest::ForestParams, text::Overrides},
    protocol::{ColumnType, Positions},
};
use proptest::prelude::*;

/// A number, a second of a minute, and a text.
type Row = (Option<i32>, Option<u32>, Option<String>);

fn loaded(rows: &[Row], n_shards: usize) -> Local {
    let mut csv = String::from("number,time,text\n");
    for (number, time, text) in rows {
        if let Some(number) = number {
            write!(csv, "{number}").expect("a string takes all");
        }
        csv.push(',');
        if let Some(time) = time {
            write!(csv, "2026-05-04 09:00:{time:02}").expect("a string takes all");
        }
        writeln!(csv, ",{}", text.as_deref().unwrap_or_default()).expect("a string takes all");
    }
    let types = [
        ("number".to_owned(), ColumnType::Integer),
        ("time".to_owned(), ColumnType::Time),
        ("text".to_owned(), ColumnType::Text),
    ];
    let overrides =
        Overrides { header_lines: Some(1), types: types.into(), ..Overrides::default() };
    let mut local = Local::new(n_shards);
    local.load(csv.into_bytes(), &overrides).expect("a table");
    local
}

/// The share of the others below, and half of those that are equal.
fn quantile<T: PartialOrd>(value: Option<&T>, all: &[Option<&T>]) -> f32 {
    let Some(value) = value else { return f32::NAN };
    let count = |is: &dyn Fn(&T) -> bool| all.iter().flatten().filter(|other| is(other)).count();
    let (below, equal) = (count(&|other| other < value), count(&|other| other == value));
    ((below as f64 + equal as f64 / 2.0) / count(&|_| true) as f64) as f32
}

/// The rank by frequency among the texts, from 0 to 1.
fn rank(text: Option<&String>, all: &[Option<&String>]) -> f32 {
    let Some(text) = text else { return f32::NAN };
    let count = |text: &String| all.iter().flatten().filter(|&&other| other == text).count();
    let mut texts: Vec<&String> = all.iter().copied().flatten().collect();
    texts.sort_by(|a, b| count(b).cmp(&count(a)).then(a.cmp(b)));
    texts.dedup();
    let rank = texts.iter().position(|&there| there == text).expect("it is one of them");
    if rank == 0 { 0.0 } else { (rank as f64 / (texts.len() - 1) as f64) as f32 }
}

/// By row and column, all rows.
fn oracle(rows: &[Row]) -> Vec<[f32; 3]> {
    let numbers: Vec<_> = rows.iter().map(|row| row.0.as_ref()).collect();
    let times: Vec<_> = rows.iter().map(|row| row.1.as_ref()).collect();
    let texts: Vec<_> = rows.iter().map(|row| row.2.as_ref()).collect();
    let of = |row: usize| {
        [quantile(numbers[row], &numbers), quantile(times[row], &times), rank(texts[row], &texts)]
    };
    (0..rows.len()).map(of).collect()
}

/// NaN is equal to NaN here.
fn bits(positions: &Positions) -> Vec<u32> {
    positions.places.iter().map(|place| place.to_bits()).collect()
}

fn tables() -> impl Strategy<Value = Vec<Row>> {
    let number = prop_oneof![5 => (-9..9_i32).prop_map(Some), 1 => Just(None)];
    let time = prop_oneof![5 => (0..60_u32).prop_map(Some), 1 => Just(None)];
    let text = prop_oneof![6 => "[a-c][ab]?".prop_map(Some), 1 => Just(None)];
    prop::collection::vec((number, time, text), 3..90)
}

proptest! {
    #[test]
    fn places_are_what_counting_gives_with_any_number_of_shards(
        rows in tables(), n_shards in 2..6_usize,
        asked in prop::collection::vec(0..90_usize, 0..20),
        columns in prop::collection::vec(0..3_u32, 0..5),
    ) {
        // In any order, and more than once.
        let asked: Vec<u32> = asked.iter().map(|row| (row % rows.len()) as u32).collect();
        let found = loaded(&rows, 1).positions(&asked, &columns).expect("places");
        prop_assert_eq!((&found.rows, &found.columns), (&asked, &columns));
        let expected = oracle(&rows);
        let place = |row: &u32, column: &u32| expected[*row as usize][*column as usize].to_bits();
        let expected: Vec<u32> =
            asked.iter().flat_map(|row| columns.iter().map(move |column| place(row, column))).collect();
        prop_assert_eq!(bits(&found), expected);
        let many = loaded(&rows, n_shards).positions(&asked, &columns).expect("places");
        prop_assert_eq!(bits(&many), bits(&found));
    }
}

#[test]
fn numbers_and_times_stand_where_a_rows_own_view_says() {
    let rows: Vec<Row> = (0..70_u32)
        .map(|row| {
            let number = (row % 9 > 0).then_some((row * row % 23).cast_signed());
            (number, Some(row * 7 % 60), Some(["a", "b"][row as usize % 2].to_owned()))
        })
        .collect();
    let mut local = loaded(&rows, 3);
    local.detect(&[0, 1], ForestParams { n_trees: 5, ..Default::default() }).expect("scores");
    for row in 0..70 {
        let found = local.positions(&[row], &[0, 1]).expect("places");
        for part in local.inspect(row).expect("a row").contributions {
            let place = found.places[part.column as usize];
            assert_eq!(part.quantile.map(|q| q as f32), (!place.is_nan()).then_some(place));
        }
    }
}

#[test]
fn the_most_common_text_stands_at_0_and_the_rarest_at_1() {
    let rows: Vec<Row> = ["b", "b", "b", "a", "a", "c", ""]
        .map(|text| (Some(1), None, (!text.is_empty()).then(|| text.to_owned())))
        .to_vec();
    let found = loaded(&rows, 2).positions(&[0, 3, 5, 6], &[2, 0, 1]).expect("places");
    let places: Vec<Option<f32>> =
        found.places.iter().map(|place| (!place.is_nan()).then_some(*place)).collect();
    let half = Some(0.5);
    assert_eq!(
        places,
        [[Some(0.0), half, None], [half, half, None], [Some(1.0), half, None], [None, half, None]]
            .concat()
    );
    // One text alone is the most common.
    let found = loaded(&rows[..3], 1).positions(&[2], &[2]).expect("places");
    assert_eq!(found.places[..], [0.0]);
}

#[test]
fn what_is_not_there_is_said() {
    let mut csv = String::from("uid,n\n");
    for row in 0..70_000 {
        writeln!(csv, "u{row}x,{}", row % 5).expect("a string takes all");
    }
    let mut local = Local::new(2);
    assert_eq!(local.positions(&[0], &[0]), Err(JobError::NoTable));
    local.load(csv.into_bytes(), &Overrides::default()).expect("a table");
    let nowhere = JobError::NoSuchRow { row: 70_000, n_rows: 70_000 };
    assert_eq!(local.positions(&[1, 70_000], &[1]), Err(nowhere));
    let nowhere = JobError::NoSuchColumn { column: 2, n_columns: 2 };
    assert_eq!(local.positions(&[1], &[1, 2]), Err(nowhere));
    let codeless = JobError::NotAFeature { column: "uid".to_owned() };
    assert_eq!(local.positions(&[1], &[1, 0]), Err(codeless));
    assert_eq!(local.positions(&[1, 69_999], &[1]).expect("places").places[..], [0.3, 0.9]);
}
