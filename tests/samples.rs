//! The built-in tables: the same everywhere, well formed, and odd where they say so.

mod forest_support;

use std::collections::{BTreeMap, BTreeSet};

use forest_support::{Column, Table, roc_auc};
use isoscope::engine::{forest::ForestParams, samples::Sample};

/// Cells by line, the header first. The samples use no quotes, so this is all there is to it.
fn table(file: &str) -> Vec<Vec<&str>> {
    file.lines().map(|line| line.split(',').collect()).collect()
}

fn text(sample: Sample, seed: u64) -> String {
    String::from_utf8(sample.csv(seed)).expect("samples are plain ASCII")
}

/// FNV-1a, 64 bits: enough to notice one changed byte.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Cells of one column, of the rows that carry `label`.
fn column<'a>(table: &[Vec<&'a str>], name: &str, label: &str) -> Vec<&'a str> {
    let place = table[0].iter().position(|&cell| cell == name).expect("a column of the file");
    let is_wanted = |row: &&Vec<&str>| row.last() == Some(&label);
    table[1..].iter().filter(is_wanted).map(|row| row[place]).collect()
}

fn numbers(cells: &[&str]) -> Vec<f64> {
    cells.iter().filter_map(|cell| cell.parse().ok()).collect()
}

/// `2026-03-10 08:30:00.000` as minutes since midnight.
fn minutes(start: &str) -> f64 {
    let clock = start.strip_prefix("2026-03-10 ").expect("the one day");
    let parts: Vec<f64> = clock.split(':').map(|part| part.parse().expect("a number")).collect();
    parts[0] * 60.0 + parts[1] + parts[2] / 60.0
}

#[test]
fn the_bytes_of_a_seed_are_the_same_everywhere() {
    // Natively and in wasm; whoever changes a sample writes down its new bytes.
    let hashes = Sample::ALL.map(|sample| hash(&sample.csv(7)));
    let pinned = [0x289f_11ee_5af2_b8ee, 0x5ec6_c088_0e01_6010, 0xff85_1a00_f846_1294];
    assert_eq!(hashes, pinned, "{hashes:#x?}");
}

#[test]
fn every_line_has_a_cell_for_every_column_whatever_the_seed() {
    for seed in [0, 7, u64::MAX] {
        for sample in Sample::ALL {
            let file = text(sample, seed);
            let table = table(&file);
            assert_eq!(table.len(), sample.n_rows() as usize + 1, "{sample:?}");
            assert_eq!(table[0].last(), Some(&"label"));
            assert!(table.iter().all(|row| row.len() == table[0].len()), "{sample:?}");
            assert!(table.iter().flatten().all(|cell| !cell.is_empty()), "{sample:?}");
            assert!(file.ends_with('\n'));
        }
    }
}

#[test]
fn flows_come_in_the_order_of_time_and_some_lack_an_answer() {
    for sample in [Sample::Office, Sample::Scan] {
        let file = text(sample, 7);
        let table = table(&file);
        let starts: Vec<&str> = table[1..].iter().map(|row| row[0]).collect();
        assert!(starts.is_sorted(), "{sample:?}");
        let unanswered = column(&table, "duration", "normal").iter().filter(|&&c| c == "-").count();
        let share = unanswered as f64 / f64::from(sample.n_rows());
        assert!((0.002..0.05).contains(&share), "{sample:?}: {share}");
    }
}

#[test]
fn the_office_sleeps_at_night_and_goes_out_for_lunch() {
    let file = text(Sample::Office, 7);
    let table = table(&file);
    let mut by_hour = [0_u32; 24];
    for start in column(&table, "start", "normal") {
        let hour: usize = start["2026-03-10 ".len()..][..2].parse().expect("an hour");
        by_hour[hour] += 1;
    }
    assert!(by_hour[3] * 8 < by_hour[10], "{by_hour:?}");
    assert!(by_hour[12] < by_hour[10] && by_hour[12] < by_hour[14], "{by_hour:?}");
}

#[test]
fn sizes_are_heavy_tailed() {
    let file = text(Sample::Office, 7);
    let mut bytes = numbers(&column(&table(&file), "bytes_in", "normal"));
    bytes.sort_by(f64::total_cmp);
    let (median, top) = (bytes[bytes.len() / 2], bytes[bytes.len() - bytes.len() / 100]);
    assert!(top > 50.0 * median, "median {median}, 99th percentile {top}");
}

#[test]
fn the_four_intrusions_of_the_office_are_odd_each_in_its_way() {
    let file = text(Sample::Office, 7);
    let table = table(&file);
    let mut counts = BTreeMap::<&str, u32>::new();
    for row in &table[1..] {
        *counts.entry(row[row.len() - 1]).or_default() += 1;
    }
    let intrusions = ["beaconing", "exfiltration", "lateral movement", "password guessing"];
    let mut labels: Vec<&str> = counts.keys().copied().collect();
    labels.retain(|&label| label != "normal");
    assert_eq!(labels, intrusions);
    let n_odd: u32 = intrusions.iter().map(|label| counts[label]).sum();
    assert!(50 * n_odd < counts["normal"], "anomalies are few: {counts:?}");

    // Size: at night, more than nearly everything else sends.
    let sent = numbers(&column(&table, "bytes_out", "exfiltration"));
    let least = sent.iter().copied().fold(f64::INFINITY, f64::min);
    let usual = numbers(&column(&table, "bytes_out", "normal"));
    assert!(usual.iter().filter(|&&bytes| bytes >= least).count() < 10);
    assert!(
        column(&table, "start", "exfiltration").iter().all(|start| minutes(start) < 5.0 * 60.0)
    );

    // Number: more connections of one kind in twelve minutes than on all the rest of the day.
    let guesses: Vec<f64> =
        column(&table, "start", "password guessing").into_iter().map(minutes).collect();
    assert!(guesses[guesses.len() - 1] - guesses[0] <= 12.0);
    let ssh = column(&table, "service", "normal").iter().filter(|&&s| s == "ssh").count();
    assert!(guesses.len() > 2 * ssh);

    // Direction: one desk, many neighbours, hardly any of whom answers.
    let neighbours = column(&table, "destination", "lateral movement");
    assert!(neighbours.iter().collect::<BTreeSet<_>>().len() > 10);
    assert!(neighbours.iter().all(|address| address.starts_with("10.20.1.")));

    // Regularity: ten minutes, again and again.
    let calls: Vec<f64> = column(&table, "start", "beaconing").into_iter().map(minutes).collect();
    assert!(calls.windows(2).all(|pair| (pair[1] - pair[0] - 10.0).abs() < 3.0));
}

#[test]
fn the_scanner_tries_more_doors_than_anybody_else() {
    let file = text(Sample::Scan, 7);
    let table = table(&file);
    let (source, port) = (3, 6);
    assert_eq!((table[0][source], table[0][port]), ("source", "port"));
    let mut doors = BTreeMap::<&str, BTreeSet<&str>>::new();
    for row in &table[1..] {
        doors.entry(row[source]).or_default().insert(row[port]);
    }
    let scanner = column(&table, "source", "port scan")[0];
    let n_doors = doors.remove(scanner).expect("the scanner's own rows").len();
    let next = doors.values().map(BTreeSet::len).max().expect("visitors");
    assert!(n_doors > 250 && next < 12, "{n_doors} against {next}");
    // Spread over the two hours, it is never fast.
    let starts: Vec<f64> = column(&table, "start", "port scan").into_iter().map(minutes).collect();
    let busiest = starts
        .iter()
        .map(|&from| starts.iter().filter(|&&at| (from..from + 1.0).contains(&at)).count());
    assert!(busiest.max() < Some(8));
}

#[test]
fn outliers_lie_apart_from_the_rings_and_the_core() {
    let file = text(Sample::Rings, 7);
    let table = table(&file);
    let radius = |x: f64, y: f64| (x * x + y * y).sqrt();
    let radii = |label| -> Vec<f64> {
        let (x, y) = (numbers(&column(&table, "x", label)), numbers(&column(&table, "y", label)));
        x.into_iter().zip(y).map(|(x, y)| radius(x, y)).collect()
    };
    let mean = |radii: Vec<f64>| radii.iter().sum::<f64>() / radii.len() as f64;
    assert!((mean(radii("outer ring")) - 8.0).abs() < 0.05);
    assert!((mean(radii("inner ring")) - 4.0).abs() < 0.05);
    assert!(mean(radii("core")) < 1.0);
    let outliers = radii("outlier");
    assert_eq!(outliers.len(), 100);
    assert!(outliers.iter().all(|r| (r - 8.0).abs() > 0.89 && (r - 4.0).abs() > 0.89 && *r > 1.7));
}

/// Scores of all rows by a forest of default settings, and every row's label. Times, addresses and
/// the label take no part.
fn scored(sample: Sample) -> (Vec<f64>, Vec<String>) {
    const ASIDE: [&str; 4] = ["start", "source", "destination", "label"];
    let file = text(sample, 7);
    let table = table(&file);
    let present = |cell: &str| (cell != "-").then(|| cell.to_owned());
    let columns: Vec<Column> = (0..table[0].len())
        .filter(|&column| !ASIDE.contains(&table[0][column]))
        .map(|column| {
            let cells: Vec<Option<String>> =
                table[1..].iter().map(|row| present(row[column])).collect();
            let numbers: Option<Vec<Option<f64>>> = cells
                .iter()
                // None where a cell is no number, and so the column is text.
                .map(|cell| match cell {
                    Some(cell) => cell.parse().ok().map(Some),
                    None => Some(None),
                })
                .collect();
            numbers.map_or_else(|| Column::Texts(cells), Column::Numbers)
        })
        .collect();
    let labels = table[1..].iter().map(|row| (*row.last().expect("a label")).to_owned()).collect();
    (Table::new(&columns).scores(ForestParams::default()), labels)
}

/// How a forest ranks one kind of row: the area under its curve against the usual rows, and how
/// many are among the `n` highest of all.
fn found(sample: Sample, label: &str, n: usize) -> (f64, usize) {
    const USUAL: [&str; 4] = ["normal", "outer ring", "inner ring", "core"];
    let (scores, labels) = scored(sample);
    let (compared, is_odd): (Vec<f64>, Vec<bool>) = scores
        .iter()
        .zip(&labels)
        .filter(|(_, other)| *other == label || USUAL.contains(&other.as_str()))
        .map(|(score, other)| (score, other == label))
        .unzip();
    let mut ranking: Vec<usize> = (0..scores.len()).collect();
    ranking.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let n_found = ranking[..n].iter().filter(|&&row| labels[row] == label).count();
    (roc_auc(&compared, &is_odd), n_found)
}

#[test]
fn of_the_four_intrusions_a_forest_finds_some_at_once_and_some_late() {
    let (auc, n_found) = found(Sample::Office, "exfiltration", 200);
    assert!(auc > 0.99 && n_found >= 5, "exfiltration: {auc}, {n_found} of 9");
    let (auc, n_found) = found(Sample::Office, "lateral movement", 60);
    assert!(auc > 0.95 && n_found >= 6, "lateral movement: {auc}, {n_found}");
    let (auc, n_found) = found(Sample::Office, "beaconing", 60);
    assert!(auc > 0.95 && n_found < 10, "beaconing: {auc}, {n_found}");
    // A dense lump hides itself: that is the lesson of this one.
    let (auc, n_found) = found(Sample::Office, "password guessing", 200);
    assert!((0.7..0.95).contains(&auc) && n_found < 20, "password guessing: {auc}, {n_found}");
}

#[test]
fn the_scan_comes_first_but_not_alone() {
    let (auc, n_first) = found(Sample::Scan, "port scan", 20);
    assert!((0.93..0.999).contains(&auc) && (8..20).contains(&n_first), "{auc}, {n_first} of 20");
}

#[test]
fn outliers_at_the_corners_come_first_and_those_in_the_hollows_are_missed() {
    let (auc, n_first) = found(Sample::Rings, "outlier", 20);
    assert!((0.8..0.95).contains(&auc) && n_first >= 18, "{auc}, {n_first} of 20");
}
