//! Laws of reading: whatever the bytes, however they are cut.

use std::{fs, path::PathBuf};

use isoscope::{
    cluster::{JobError, conductor::Grain, local::Local},
    engine::{
        forest::ForestParams,
        text::{Escape, NoticeKind, Overrides, Sign, sniff},
    },
    protocol::{Profile, RowText},
};
use proptest::prelude::*;

fn read(bytes: &[u8], n_shards: usize, grain: Grain) -> Result<(Profile, Vec<RowText>), JobError> {
    read_as(bytes, &Overrides::default(), n_shards, grain)
}

fn read_as(
    bytes: &[u8],
    overrides: &Overrides,
    n_shards: usize,
    grain: Grain,
) -> Result<(Profile, Vec<RowText>), JobError> {
    let mut local = Local::new(n_shards).with_grain(grain);
    let profile = local.load(bytes.to_vec(), overrides)?.profile.clone();
    let rows: Vec<u32> = (0..profile.n_rows).collect();
    let rows = local.rows(&rows)?;
    Ok((profile, rows))
}

fn grains() -> impl Strategy<Value = Grain> {
    let piece = prop_oneof![1..9_u64, 1..300_u64];
    (1..40_u64, piece, prop_oneof![Just(0), 0..200_u64]).prop_map(
        |(least_range, piece, patience)| Grain { least_range, piece, patience, worth_a_message: 0 },
    )
}

/// Bytes in which everything special is frequent.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let odd = prop::sample::select(b"a1,\"\n\r;\t |\0\xE9-#'\\".to_vec());
    let csv = prop::sample::select(b"a1b2,,,,\"\n\n#\\ ".to_vec());
    prop_oneof![
        prop::collection::vec(odd, 0..400),
        prop::collection::vec(csv, 0..600),
        prop::collection::vec(any::<u8>(), 0..200),
        almost_plain_rows(),
    ]
}

/// Many rows of one width, as they are read in runs, and now and then something else.
fn almost_plain_rows() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        20 => "[a1]{0,5}",
        3 => "\"[a1,]{0,4}\"",
        3 => "'[a1,]{0,4}'",
        2 => "\"[a1]{0,2}(\"\"|\\\\\"|\"\",)[a1]{0,2}\"",
        2 => "'[a1]{0,2}(''|\\\\'|'',)[a1]{0,2}'",
        1 => "[a1,\"'\\\\# \n\r]{0,3}",
    ];
    let end = prop_oneof![20 => Just("\n"), 4 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n")];
    let row = (2..4_usize).prop_flat_map(move |width| {
        let row = (prop::collection::vec(cell.clone(), width), end.clone());
        prop::collection::vec(row, 20..80)
    });
    row.prop_map(|rows| {
        rows.into_iter().flat_map(|(cells, end)| (cells.join(",") + end).into_bytes()).collect()
    })
}

/// Whatever a person may say about a file.
fn overrides() -> impl Strategy<Value = Overrides> {
    let delimiter = prop::sample::select(vec![None, Some(b','), Some(b' '), Some(b'a')]);
    let quotes = [None, Some(Sign::Absent), Some(Sign::Is(b'"')), Some(Sign::Is(b'\''))];
    let quote = prop::sample::select(quotes.to_vec());
    let escapes = vec![Escape::Doubled, Escape::Backslash, Escape::None];
    let escape = prop::option::of(prop::sample::select(escapes));
    let sign = |sign: &str| Some(Sign::Is(sign.to_owned()));
    let comment = prop::sample::select(vec![None, Some(Sign::Absent), sign("#"), sign("a1")]);
    let kinds = vec![
        NoticeKind::BlankLine,
        NoticeKind::CommentLine,
        NoticeKind::RepeatedHeader,
        NoticeKind::AfterTable,
        NoticeKind::ShortRow,
        NoticeKind::LongRow,
        NoticeKind::SurplusDelimiter,
        NoticeKind::OtherDelimiter,
        NoticeKind::StrayQuote,
    ];
    let treatment = (prop::sample::select(kinds), any::<prop::sample::Index>())
        .prop_map(|(kind, i)| (kind, *i.get(kind.choices())));
    let treatments = prop::collection::vec(treatment, 0..4);
    let lines = (prop::option::of(0..3_u32), prop::option::of(0..3_u32));
    (delimiter, quote, escape, comment, prop::option::of(any::<bool>()), lines, treatments)
        .prop_map(|(delimiter, quote, escape, comment, skips_blanks, lines, treatments)| {
            Overrides {
                delimiter,
                quote,
                escape,
                comment,
                skips_blanks,
                preamble_lines: lines.0,
                header_lines: lines.1,
                treatments: treatments.into_iter().collect(),
                ..Overrides::default()
            }
        })
}

/// Rows of a table, some of them quoted over lines.
fn tables() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        (-50..50_i32).prop_map(|n| n.to_string()),
        Just(String::new()),
        Just("Infinity".to_owned()),
        Just("\"two\nlines, \"\"said\"\" he\"".to_owned()),
        Just("word".to_owned()),
    ];
    let row = prop::collection::vec(cell, 3);
    prop::collection::vec(row, 1..60).prop_map(|rows| {
        let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        format!("x,y,z\n{}\n", lines.join("\n")).into_bytes()
    })
}

const WHOLE: Grain =
    Grain { least_range: 1, piece: 1 << 20, patience: 1 << 20, worth_a_message: 0 };

proptest! {
    #[test]
    fn any_bytes_are_the_same_table_however_they_are_cut(bytes in bytes(), n_shards in 2..7_usize, grain in grains()) {
        prop_assert_eq!(read(&bytes, n_shards, grain), read(&bytes, 1, WHOLE));
    }

    #[test]
    fn so_they_are_whatever_is_said_about_them(
        bytes in bytes(), overrides in overrides(), n_shards in 2..7_usize, grain in grains()
    ) {
        prop_assert_eq!(
            read_as(&bytes, &overrides, n_shards, grain),
            read_as(&bytes, &overrides, 1, WHOLE)
        );
    }

    #[test]
    fn the_number_of_shards_changes_no_score(table in tables(), n_shards in 2..7_usize, grain in grains(), seed: u64) {
        let params = ForestParams { n_trees: 5, sample_size: 16, seed, ..ForestParams::default() };
        let scores = |n_shards, grain| {
            let mut local = Local::new(n_shards).with_grain(grain);
            local.load(table.clone(), &Overrides::default())?;
            local.detect(&[0, 1, 2], params)?;
            let found = local.detection().expect("just scored").found.clone();
            let reasons = local.reasons(&found.ranking)?;
            let export = local.export(0.5)?;
            Ok::<_, JobError>((found, reasons, export))
        };
        prop_assert_eq!(scores(n_shards, grain), scores(1, WHOLE));
    }

    #[test]
    fn what_is_shown_is_what_stands_in_the_file(table in tables(), n_shards in 1..5_usize, grain in grains()) {
        let (_, rows) = read(&table, n_shards, grain).expect("a table");
        let shown: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
        let text = String::from_utf8(table).expect("UTF-8");
        prop_assert_eq!(format!("x,y,z\n{}\n", shown.join("\n")), text);
    }

    #[test]
    fn no_beginning_of_a_file_confuses_the_sniffer(bytes in bytes(), is_whole: bool) {
        let layout = sniff::sniff(&bytes, is_whole, &Overrides::default());
        prop_assert!(layout.first_row <= bytes.len());
    }
}

#[test]
fn csv_spectrum_reads_as_its_answers_say() {
    let spectrum = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/csv/spectrum");
    let mut n_files = 0;
    for entry in fs::read_dir(spectrum.join("csvs")).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let answer =
            fs::read(spectrum.join("json").join(format!("{stem}.json"))).expect("an answer");
        check(&stem, &fs::read(&path).expect("a file"), &answer);
        n_files += 1;
    }
    for (name, stem) in [("newlines_cr.csv", "newlines_cr"), ("null.csv", "null")] {
        let folder = spectrum.join("from-history");
        let answer = fs::read(folder.join(format!("{stem}.json"))).expect("an answer");
        check(stem, &fs::read(folder.join(name)).expect("a file"), &answer);
    }
    assert_eq!(n_files, 12);
}

fn check(stem: &str, csv: &[u8], answer: &[u8]) {
    let answer: Vec<serde_json::Map<String, serde_json::Value>> =
        match serde_json::from_slice(answer).expect("JSON") {
            serde_json::Value::Object(object) => vec![object],
            list => serde_json::from_value(list).expect("a list of objects"),
        };
    for n_shards in [1, 3] {
        let grain = Grain { least_range: 1, piece: 5, patience: 0, ..Grain::default() };
        let mut local = Local::new(n_shards).with_grain(grain);
        let overrides = Overrides { header_lines: Some(1), ..Overrides::default() };
        let profile = local.load(csv.to_vec(), &overrides).expect("a table").profile.clone();
        let rows = local.rows(&(0..profile.n_rows).collect::<Vec<_>>()).expect("rows");
        assert_eq!(rows.len(), answer.len(), "{stem}");
        for (row, object) in rows.iter().zip(&answer) {
            for (column, cell) in profile.columns.iter().zip(&row.cells) {
                let expected = match (stem, column.name.as_str()) {
                    // The one wrong answer of the collection: the file says otherwise.
                    ("location_coordinates", "Contact Phone Number") => continue,
                    // Text or missing: both are right.
                    ("null", _) if cell == "NULL" => continue,
                    (_, name) => object[name].as_str().expect("a text"),
                };
                assert_eq!(cell, expected, "{stem}, {}", column.name);
            }
        }
    }
}
