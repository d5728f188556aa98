//! What a person says about rows, over shards: learnt, taken back, written out.

use std::fmt::Write;

use isoscope::{
    cluster::{JobError, conductor::Grain, local::Local},
    engine::{
        forest::{ForestParams, Verdict},
        random::{below, stream},
        text::Overrides,
    },
    protocol::{CellValue, Found, Judgement},
};

/// Rows of two kinds that stand apart, fifty each, among two thousand.
fn table() -> String {
    let mut rng = stream(5, 0);
    let mut table = String::from("bytes,seconds,port\n");
    for row in 0..2_000_u32 {
        let (mut bytes, mut seconds) = (below(&mut rng, 100), below(&mut rng, 20));
        match row % 40 {
            7 => bytes = 5_000 + below(&mut rng, 500),
            23 => seconds = 900 + below(&mut rng, 90),
            _ => {}
        }
        writeln!(table, "{bytes},{seconds},{}", below(&mut rng, 5)).expect("a string takes all");
    }
    table
}

fn scored(n_shards: usize) -> Local {
    let mut local = Local::new(n_shards);
    local.load(table().into_bytes(), &Overrides::default()).expect("a table");
    local.detect(&[0, 1, 2], ForestParams::default()).expect("scores");
    local
}

/// How many of the hundred oddest rows are of a kind.
fn n_of(found: &Found, kind: u32) -> usize {
    found.ranking[..100].iter().filter(|&&row| row % 40 == kind).count()
}

#[test]
fn a_verdict_moves_all_rows_of_its_kind() {
    let mut local = scored(2);
    let before = local.detection().expect("scores").found.clone();
    assert!(n_of(&before, 7) > 30 && n_of(&before, 23) > 30);
    let benign: Vec<_> = [7, 47, 87].map(|row| (row, Verdict::Benign)).to_vec();
    let after = local.judge(&benign).expect("scores").found.clone();
    assert!(n_of(&after, 7) < 10 && n_of(&after, 23) > 40, "{}", n_of(&after, 7));
    assert_eq!(after.verdicts, benign);
    assert!(benign.iter().all(|&(row, _)| !after.ranking[..20].contains(&row)));
    // The bars of a row still make its score.
    let inspection = local.inspect(7).expect("a row");
    let steps: f64 = inspection.contributions.iter().map(|part| part.steps).sum();
    assert!((inspection.expected_path + steps - inspection.path_length).abs() < 1e-9);
    assert_eq!(inspection.score, after.scores[7]);
    // Taken back, everything is as it was, to the bit.
    assert_eq!(local.judge(&[]).expect("scores").found, before);
}

#[test]
fn what_is_learnt_does_not_depend_on_shards() {
    let said = [(7, Verdict::Benign), (23, Verdict::Real), (50, Verdict::Unsure)];
    let one = scored(1).judge(&said).expect("scores").found.clone();
    for n_shards in [2, 3, 6] {
        assert_eq!(scored(n_shards).judge(&said).expect("scores").found, one);
    }
}

#[test]
fn verdicts_go_out_with_the_export() {
    let mut local = scored(3);
    let judgement = |row, verdict, note: &str| Judgement { row, verdict, note: note.to_owned() };
    let said =
        [judgement(7, Verdict::Benign, "backup, every night"), judgement(1_999, Verdict::Real, "")];
    let text = local.export_judged(0.6, &said).expect("a file");
    let text = String::from_utf8(text).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with("isoscope_why,isoscope_verdict,isoscope_note"), "{}", lines[0]);
    assert!(lines[8].ends_with(",benign,\"backup, every night\""), "{}", lines[8]);
    assert!(lines[2_000].ends_with(",real,"), "{}", lines[2_000]);
    assert!(lines[9].ends_with(",,"), "{}", lines[9]);
    // Where nothing was said there is no column for it.
    let plain = String::from_utf8(local.export(0.6).expect("a file")).expect("it is text");
    assert!(plain.lines().next().is_some_and(|names| names.ends_with("isoscope_why")));
}

#[test]
fn a_verdict_on_no_row_is_told() {
    let mut local = scored(2);
    let refused = local.judge(&[(2_000, Verdict::Real)]);
    assert_eq!(refused.err(), Some(JobError::NoSuchRow { row: 2_000, n_rows: 2_000 }));
}

#[test]
fn an_odd_row_is_told_what_would_make_it_ordinary() {
    let mut local = scored(3);
    let threshold = 0.55;
    let found = local.counterfactual(7, threshold).expect("a row");
    assert!(found.is_odd);
    let [(column, CellValue::Number(bytes))] = found.changes[..] else {
        panic!("one column is odd: {found:?}")
    };
    assert!(column == 0 && (0.0..100.0).contains(&bytes), "{found:?}");
    assert!(found.score.is_some_and(|score| score < threshold));
    // With verdicts the row is ordinary as it is, and nothing need change.
    local.judge(&[(7, Verdict::Benign)]).expect("scores");
    let after = local.counterfactual(7, threshold).expect("a row");
    assert!(!after.is_odd && after.changes.is_empty(), "{after:?}");
    let n_rows = 2_000;
    let beyond = local.counterfactual(n_rows, threshold);
    assert_eq!(beyond.err(), Some(JobError::NoSuchRow { row: n_rows, n_rows }));
}

#[test]
fn where_rows_end_is_written_down_and_cannot_be_seen_in_a_score() {
    // Numbers, categories and gaps: rows without a value end in several leaves.
    let mut text = "a,b,kind\n".to_owned();
    for row in 0..700_u32 {
        let a = if row % 9 == 4 { String::new() } else { (row * 37 % 101).to_string() };
        let b = if row % 100 == 50 { 9_000 + row } else { row * 11 % 23 };
        let kind = ["x", "y", "z", "rare"][(row % 23 / 7) as usize];
        writeln!(text, "{a},{b},{kind}").expect("a string takes all");
    }
    let open = |n_shards| {
        let grain = Grain { least_range: 64, piece: 256, ..Grain::default() };
        let mut local = Local::new(n_shards).with_grain(grain);
        local.load(text.clone().into_bytes(), &Overrides::default()).expect("a table");
        local.detect(&[0, 1, 2], ForestParams::default()).expect("scores");
        local
    };
    for n_shards in [1, 3] {
        let (mut walked, mut looked_up) = (open(n_shards), open(n_shards));
        let sets: [&[(u32, Verdict)]; 3] =
            [&[(50, Verdict::Benign)], &[(50, Verdict::Benign), (4, Verdict::Real)], &[]];
        for verdicts in sets {
            // Ranks in half-forests are what makes leaves be written down.
            looked_up.steadiness(&[0]).expect("bands");
            let expected = walked.judge(verdicts).expect("scores").found.clone();
            let found = looked_up.judge(verdicts).expect("scores").found.clone();
            assert_eq!(found, expected);
        }
    }
}
