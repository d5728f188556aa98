//! Odd rows that are odd for the same reasons are one case.

use std::fmt::Write;

use isoscope::{
    cluster::local::Local,
    engine::{
        forest::ForestParams,
        random::{below, stream},
        text::Overrides,
    },
    protocol::{CaseSpec, Cases, Direction, Reason},
};

const TIME: u32 = 0;
const HOST: u32 = 1;
const BYTES: u32 = 2;
const SECONDS: u32 = 3;

/// An hour of traffic: thirty bursts of many bytes by two hosts, and ten long waits by a third.
fn traffic() -> String {
    let mut rng = stream(1, 0);
    let mut table = String::from("time,host,bytes,seconds\n");
    for row in 0..4_000_u32 {
        let (mut host, mut bytes) = (below(&mut rng, 9), 100 + below(&mut rng, 100));
        let mut seconds = below(&mut rng, 10);
        match row {
            1_000..1_030 => (host, bytes) = (20 + row % 2, 90_000 + below(&mut rng, 100)),
            2_000..2_010 => (host, seconds) = (30, 5_000 + below(&mut rng, 10)),
            _ => {}
        }
        let (hour, minute, second) = (9 + row / 3_600, row / 60 % 60, row % 60);
        writeln!(table, "2026-05-04 {hour:02}:{minute:02}:{second:02},h{host},{bytes},{seconds}")
            .expect("a string takes all");
    }
    table
}

fn cases(n_shards: usize, n_odd: usize) -> (Local, Cases) {
    let mut local = Local::new(n_shards);
    local.load(traffic().into_bytes(), &Overrides::default()).expect("a table");
    let found = &local.detect(&[BYTES, SECONDS], ForestParams::default()).expect("scores").found;
    let threshold = found.scores[found.ranking[n_odd - 1] as usize];
    let spec = CaseSpec { threshold, time: Some(TIME), entities: vec![HOST] };
    let cases = local.cases(spec).expect("cases");
    (local, cases)
}

#[test]
fn rows_with_one_cause_are_one_case_and_tell_when_and_who() {
    let (_, found) = cases(3, 40);
    let bursts = found.cases.iter().find(|case| case.rows.contains(&1_007)).expect("a case");
    assert_eq!(bursts.reasons, [(BYTES, Direction::High)]);
    let mut rows = bursts.rows.to_vec();
    rows.sort_unstable();
    assert_eq!(rows, (1_000..1_030).collect::<Vec<_>>());
    let (first, last) = bursts.seen.expect("there are times");
    assert_eq!(last - first, 29.0);
    let [hosts] = &bursts.involved[..] else { panic!("one column tells who") };
    assert_eq!((hosts.column, hosts.n_distinct), (HOST, 2));
    assert_eq!(hosts.names, [("h20".to_owned(), 15), ("h21".to_owned(), 15)]);
    let waits = found.cases.iter().find(|case| case.rows.contains(&2_003)).expect("a case");
    assert_eq!(waits.reasons, [(SECONDS, Direction::High)]);
    assert_eq!(waits.involved[0].names, [("h30".to_owned(), 10)]);
}

#[test]
fn every_odd_row_is_in_one_case_with_its_strong_reasons() {
    let (mut local, found) = cases(2, 200);
    let mut rows: Vec<u32> = found.cases.iter().flat_map(|case| case.rows.to_vec()).collect();
    rows.sort_unstable();
    let scores = local.detection().expect("scores").found.scores.clone();
    let odd: Vec<u32> =
        (0..4_000).filter(|&row| scores[row as usize] >= found.spec.threshold).collect();
    assert_eq!(rows, odd);
    for case in &found.cases {
        let by_score = |pair: &[u32]| scores[pair[0] as usize] >= scores[pair[1] as usize];
        assert!(case.rows.windows(2).all(by_score));
        for told in local.reasons(&case.rows).expect("reasons") {
            let strongest = told.reasons[0].contribution;
            let strong = told.reasons.iter().filter(|r| r.contribution >= strongest / 2.0);
            let mut strong: Vec<_> = strong.map(|r: &Reason| (r.column, r.direction)).collect();
            strong.sort_unstable();
            assert_eq!(case.reasons, strong, "row {}", told.row);
        }
    }
    let tops: Vec<f64> = found.cases.iter().map(|case| scores[case.rows[0] as usize]).collect();
    assert!(tops.is_sorted_by(|a, b| a >= b));
}

#[test]
fn cases_do_not_depend_on_shards() {
    let (_, one) = cases(1, 300);
    for n_shards in [2, 3, 7] {
        assert_eq!(cases(n_shards, 300).1, one);
    }
}
