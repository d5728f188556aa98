//! Bad input: each gives a sentence or a sensible table, and nothing that stood is lost.

use isoscope::{
    cluster::{JobError, local::Local},
    engine::{forest::ForestParams, text::Overrides},
    protocol::{ColumnType, Event, NoticeKind, Profile, Role},
};

fn load(file: impl Into<Vec<u8>>) -> Result<(Local, Profile), JobError> {
    let mut local = Local::new(2);
    let profile = local.load(file.into(), &Overrides::default())?.profile.clone();
    Ok((local, profile))
}

fn table(file: impl Into<Vec<u8>>) -> (Local, Profile) {
    load(file).expect("a table")
}

fn count(profile: &Profile, kind: NoticeKind) -> u64 {
    profile.notices.iter().filter(|notice| notice.kind == kind).map(|notice| notice.count).sum()
}

fn lines(profile: &Profile, kind: NoticeKind) -> Vec<u64> {
    let of_kind = profile.notices.iter().filter(|notice| notice.kind == kind);
    of_kind.flat_map(|notice| notice.lines.clone()).collect()
}

#[test]
fn one_row_is_a_table_in_which_nothing_varies() {
    let (mut local, profile) = table("a,b\n1,2\n");
    assert_eq!(profile.n_rows, 1);
    assert!(profile.columns.iter().all(|column| column.role == Role::Ignore));
    assert_eq!(local.detect(&[], ForestParams::default()).err(), Some(JobError::NoFeatures));
    // Taken all the same, it is neither odd nor ordinary.
    let found = &local.detect(&[0, 1], ForestParams::default()).expect("scores").found;
    assert_eq!(found.scores.0, [0.5]);
    assert_eq!(found.proposal, None);
}

#[test]
fn one_column_is_a_table() {
    let csv: String = (0..40).map(|i| format!("{}\n", i % 7)).chain(["99\n".to_owned()]).collect();
    let (mut local, profile) = table(format!("n\n{csv}"));
    assert_eq!((profile.n_rows, profile.columns.len()), (41, 1));
    let found = &local.detect(&[0], ForestParams::default()).expect("scores").found;
    assert_eq!(found.ranking[0], 40);
}

#[test]
fn ragged_rows_are_filled_or_kept_and_told() {
    let (mut local, profile) = table("a,b,c\n1,2,3\n4,5\n6,7,8,9\n\n1,1,1\n");
    assert_eq!(profile.n_rows, 4);
    assert_eq!(lines(&profile, NoticeKind::ShortRow), [3]);
    assert_eq!(lines(&profile, NoticeKind::LongRow), [4]);
    assert_eq!(lines(&profile, NoticeKind::BlankLine), [5]);
    assert_eq!(profile.columns[2].n_missing, 1);
    let rows = local.rows(&[1, 2, 3]).expect("rows");
    assert_eq!(rows[0].cells, ["4", "5"]);
    assert_eq!(rows[1].cells, ["6", "7", "8", "9"]);
    assert_eq!(rows[2].line, 6);
}

#[test]
fn nul_bytes_and_foreign_bytes_are_kept_and_told() {
    let (mut local, profile) = table(b"a,b\nx\0y,1\nz,2\ncaf\xE9,3\n".to_vec());
    assert_eq!(lines(&profile, NoticeKind::NulByte), [2]);
    assert_eq!(lines(&profile, NoticeKind::InvalidUtf8), [4]);
    assert_eq!(local.rows(&[0, 2]).expect("rows")[0].cells[0], "x\0y");
    assert_eq!(local.rows(&[2]).expect("rows")[0].cells[0], "caf\u{FFFD}");
}

#[test]
fn a_line_without_end_is_no_row() {
    let mut line = b"a,b\n1,2\n".to_vec();
    line.resize(100_000_000, b'7');
    let error = load(line).map(drop).expect_err("no table");
    assert!(matches!(error, JobError::LongLine { line: 3, .. }), "{error}");
    let error = load(vec![b'7'; 100_000_000]).map(drop).expect_err("no table");
    assert!(matches!(error, JobError::LongLine { line: 1, .. }), "{error}");
}

#[test]
fn five_thousand_columns_are_a_table() {
    let name = |i: usize| format!("c{i}");
    let header: Vec<String> = (0..5_000).map(name).collect();
    let row = |k: usize| -> String {
        let cells: Vec<String> = (0..5_000).map(|i| ((i * k) % 17).to_string()).collect();
        cells.join(",")
    };
    let rows: Vec<String> = (1..60).map(row).collect();
    let (mut local, profile) = table(format!("{}\n{}\n", header.join(","), rows.join("\n")));
    assert_eq!((profile.n_rows, profile.columns.len()), (59, 5_000));
    let features: Vec<u32> = (0..5_000).collect();
    local.detect(&features, ForestParams::default()).expect("scores");
    let error = load(format!("{}\n", "1,".repeat(30_000))).map(drop).expect_err("no table");
    assert_eq!(error, JobError::TooManyColumns { found: 30_001, limit: 20_000 });
}

#[test]
fn columns_without_values_or_numbers_are_set_aside_or_taken_as_text() {
    let rows = "7,,red\n7,,blue\n".repeat(20);
    let (mut local, profile) = table(format!("same,none,colour\n{rows}"));
    let kinds: Vec<_> = profile.columns.iter().map(|column| (column.kind, column.role)).collect();
    assert_eq!(
        kinds,
        [
            (ColumnType::Integer, Role::Ignore),
            (ColumnType::Empty, Role::Ignore),
            (ColumnType::Text, Role::Feature)
        ]
    );
    assert_eq!(profile.columns[1].n_missing, 40);
    local.detect(&[2], ForestParams::default()).expect("a forest over text");
    // Even what cannot tell anything may be taken: then nothing is odd.
    let scores =
        local.detect(&[0, 1], ForestParams::default()).expect("scores").found.scores.0.clone();
    assert!(scores.iter().all(|&score| score == 0.5));
}

#[test]
fn big_integers_and_leading_zeros_stay_text() {
    let (mut local, profile) = table("id,zip\n9007199254740993,00501\n9007199254740992,10001\n");
    assert!(profile.columns.iter().all(|column| column.kind == ColumnType::Text));
    assert_eq!(count(&profile, NoticeKind::BigInteger), 1);
    assert_eq!(count(&profile, NoticeKind::LeadingZero), 1);
    assert_eq!(local.rows(&[0]).expect("a row")[0].cells, ["9007199254740993", "00501"]);
}

#[test]
fn what_is_asked_for_but_not_there_is_said() {
    let mut local = Local::new(2);
    assert_eq!(local.rows(&[0]).err(), Some(JobError::NoTable));
    assert_eq!(local.detect(&[0], ForestParams::default()).err(), Some(JobError::NoTable));
    let (mut local, _) = table("a,b\n1,2\n3,4\n");
    assert_eq!(local.rows(&[2]).err(), Some(JobError::NoSuchRow { row: 2, n_rows: 2 }));
    assert_eq!(local.inspect(0).err(), Some(JobError::NoScores));
    assert_eq!(local.export(0.5).err(), Some(JobError::NoScores));
    assert_eq!(local.detect(&[9], ForestParams::default()).err(), Some(JobError::NoFeatures));
}

#[test]
fn a_header_that_was_said_to_be_longer_than_the_file_is_what_is_wrong() {
    let file = b"a,b\n1,2\n3,4\n".to_vec();
    for said in [
        Overrides { header_lines: Some(500), ..Overrides::default() },
        Overrides { preamble_lines: Some(499), header_lines: Some(1), ..Overrides::default() },
    ] {
        let error = Local::new(2).load(file.clone(), &said).expect_err("no row");
        assert_eq!(
            error.to_string(),
            "the file holds no row below its header: 500 lines were said to stand before its rows, and it has \
             no more. Say fewer, or take header= and preamble= out of the address"
        );
    }
    let one = Overrides { header_lines: Some(1), ..Overrides::default() };
    assert_eq!(Local::new(2).load(b"a,b\n".to_vec(), &one).err(), Some(JobError::NoRows));
}

#[test]
fn a_failure_crosses_to_the_page_as_it_is() {
    let event = Event::Failed(load("").map(drop).expect_err("no table"));
    let text = serde_json::to_string(&event).expect("plain data");
    assert_eq!(serde_json::from_str::<Event>(&text).expect("the same data"), event);
}
