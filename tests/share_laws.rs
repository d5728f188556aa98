//! Laws of samples: the same rows however the file is cut, and nothing but rows of the file.

use std::fmt::Write;

use isoscope::{
    cluster::{
        JobError,
        conductor::Grain,
        local::Local,
        view::{Selection, ViewSpec},
    },
    engine::{forest::ForestParams, table::share::RowShare, text::Overrides},
    protocol::{NoticeKind, Profile},
};
use proptest::prelude::*;

const WHOLE: Grain =
    Grain { least_range: 1, piece: 1 << 20, patience: 1 << 20, worth_a_message: 0 };

fn tables() -> impl Strategy<Value = Vec<u8>> {
    let cell = prop_oneof![
        6 => (-50..50_i32).prop_map(|n| n.to_string()),
        1 => Just(String::new()),
        1 => Just("\"two\nlines, \"\"said\"\" he\"".to_owned()),
    ];
    let row = prop::collection::vec(cell, 3).prop_map(|cells| cells.join(","));
    let end = prop_oneof![8 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\n\n")];
    prop::collection::vec((row, end), 1..80).prop_map(|rows| {
        let lines: String = rows.into_iter().map(|(row, end)| row + end).collect();
        format!("x,y,z\n{lines}").into_bytes()
    })
}

fn grains() -> impl Strategy<Value = Grain> {
    (1..40_u64, 1..300_u64, 0..200_u64).prop_map(|(least_range, piece, patience)| Grain {
        least_range,
        piece,
        patience,
        worth_a_message: 0,
    })
}

fn share_of(per_mille: u16, seed: u64) -> Overrides {
    let share = Some(RowShare { per_mille, seed });
    Overrides { share, header_lines: Some(1), delimiter: Some(b','), ..Overrides::default() }
}

/// Everything that is told of a table: its profile, its rows, its scores, its export.
type Told = (Profile, Vec<(u64, String)>, Vec<f64>, Vec<u8>);

fn told(
    bytes: &[u8],
    overrides: &Overrides,
    n_shards: usize,
    grain: Grain,
) -> Result<Told, JobError> {
    let mut local = Local::new(n_shards).with_grain(grain);
    let profile = local.load(bytes.to_vec(), overrides)?.profile.clone();
    let all: Vec<u32> = (0..profile.n_rows).collect();
    let rows = local.rows(&all)?.into_iter().map(|row| (row.line, row.text)).collect();
    let params = ForestParams { n_trees: 3, sample_size: 8, seed: 1, ..ForestParams::default() };
    let scores = local.detect(&[0, 1, 2], params)?.found.scores.0.clone();
    let export = local.export(0.5)?;
    let search = Selection { search: "\n".to_owned(), ..Selection::default() };
    local.view(ViewSpec { selection: search, sort: None })?;
    Ok((profile, rows, scores, export))
}

proptest! {
    #[test]
    fn a_sample_is_the_same_however_the_file_is_cut(
        table in tables(), per_mille in 1..1_000_u16, seed: u64,
        n_shards in 2..6_usize, grain in grains(),
    ) {
        let overrides = share_of(per_mille, seed);
        let once = told(&table, &overrides, 1, WHOLE);
        prop_assert_eq!(&told(&table, &overrides, n_shards, grain), &once);
        let all = told(&table, &share_of(1_000, seed), 1, WHOLE).expect("a table");
        prop_assert_eq!(all.0.sample, None);
        match once {
            Ok((profile, rows, scores, export)) => {
                prop_assert_eq!(profile.sample.map(|(_, n)| n), Some(all.1.len() as u64));
                let left_out = all.1.len() - rows.len();
                let notice = profile.notices.iter().find(|n| n.kind == NoticeKind::LeftOut);
                prop_assert_eq!(notice.map_or(0, |notice| notice.count), left_out as u64);
                // The rows of the file, in their order, at their lines.
                let mut rest = all.1.iter();
                prop_assert!(rows.iter().all(|row| rest.any(|there| there == row)));
                prop_assert_eq!(scores.len(), rows.len());
                let export = String::from_utf8(export).expect("UTF-8");
                prop_assert!(rows.iter().all(|(_, text)| export.contains(text.as_str())));
            }
            Err(error) => {
                prop_assert_eq!(error, JobError::EmptySample { n_rows: all.1.len() as u64 });
            }
        }
    }
}

/// A file of about a million bytes, twenty to a row.
fn large() -> Vec<u8> {
    let mut csv = String::from("a,b,c\n");
    for row in 0..60_000_u32 {
        let many = row.wrapping_mul(2_654_435_761) % 1_000_000;
        writeln!(csv, "{},{},{many:06}.25", row % 10, row % 1_000).expect("a string takes all");
    }
    csv.into_bytes()
}

#[test]
fn what_will_not_fit_is_refused_with_the_share_that_will() {
    let mut local = Local::new(2).with_room(50_000_000);
    local.load(b"a,b\n1,2\n3,4\n".to_vec(), &Overrides::default()).expect("it is small");
    let refused = local.load(large(), &Overrides::default()).expect_err("it is large");
    let JobError::TooLarge { n_rows, needed, room, per_mille } = refused else {
        panic!("{refused}")
    };
    assert!(n_rows.abs_diff(60_000) < 3_000, "{n_rows}");
    assert!(needed > room && room == 50_000_000);
    assert_eq!(local.table().expect("the table before stays").n_rows(), 2);
    let share = Some(RowShare { per_mille, seed: 7 });
    let sampled = Overrides { share, ..Overrides::default() };
    let n = f64::from(local.load(large(), &sampled).expect("a sample").n_rows());
    let expected = 60.0 * f64::from(per_mille);
    assert!((n - expected).abs() < 4.0 * expected.sqrt() + 1.0, "{n} of {expected}");
    // Whoever wants it all the same gets all of it.
    let share = Some(RowShare { per_mille: 1_000, seed: 7 });
    let all = Overrides { share, ..Overrides::default() };
    assert_eq!(local.load(large(), &all).expect("a table").n_rows(), 60_000);
}
