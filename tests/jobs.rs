//! Whole jobs, from the bytes of real files to rankings, over shards in this process.

use std::{fs::File, io::Read, path::PathBuf};

use flate2::read::GzDecoder;
use isoscope::{
    cluster::{JobError, local::Local},
    engine::{forest::ForestParams, text::Overrides},
    protocol::{ColumnType, KnownSchema, NoticeKind, Profile, Role, RoleReason},
};

fn data(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(name);
    let mut file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut bytes = Vec::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(file).read_to_end(&mut bytes).expect("a gzip file");
    } else {
        file.read_to_end(&mut bytes).expect("a file");
    }
    bytes
}

fn loaded(bytes: Vec<u8>, n_shards: usize) -> Local {
    let mut local = Local::new(n_shards);
    local.load(bytes, &Overrides::default()).expect("a table");
    local
}

fn profile(local: &Local) -> &Profile {
    &local.table().expect("a table").profile
}

fn features(profile: &Profile) -> Vec<u32> {
    let is_feature = |i: &u32| profile.columns[*i as usize].role == Role::Feature;
    (0..profile.columns.len() as u32).filter(is_feature).collect()
}

fn detected(local: &mut Local, seed: u64) -> Vec<f64> {
    let features = features(profile(local));
    let params = ForestParams { seed, ..ForestParams::default() };
    local.detect(&features, params).expect("scores").found.scores.0.clone()
}

#[test]
fn nsl_kdd_is_recognised_and_its_leak_set_aside() {
    let local = loaded(data("nsl-kdd/KDDTest+.txt.gz"), 3);
    let profile = profile(&local);
    assert_eq!((profile.n_rows, profile.columns.len()), (22_544, 43));
    assert_eq!(profile.schema, Some(KnownSchema::NslKdd));
    assert_eq!(profile.columns[4].name, "src_bytes");
    assert_eq!(profile.columns[1].kind, ColumnType::Text);
    assert_eq!((profile.columns[2].n_distinct, profile.columns[41].n_distinct), (64, 38));
    assert_eq!(profile.columns[41].role, Role::Label);
    assert_eq!(profile.columns[42].role, Role::Ignore);
    assert_eq!(profile.columns[19].reason, RoleReason::Constant);
    let kinds: Vec<_> = profile.notices.iter().map(|notice| notice.kind).collect();
    assert_eq!(kinds, [NoticeKind::NoHeader]);
}

#[test]
fn every_column_of_the_known_files_is_explained_and_every_attack_has_its_family() {
    let count = |profile: &Profile, family: &str| -> u32 {
        let label = profile.columns.iter().find(|column| column.role == Role::Label);
        let values = &label.expect("a label").known_values;
        values.iter().filter(|value| value.family == family).map(|value| value.count).sum()
    };
    let families = ["Normal", "DoS", "Probe", "R2L", "U2R", ""];
    for (name, expected) in [
        ("nsl-kdd/KDDTrain+.txt.gz", [67_343, 45_927, 11_656, 995, 52, 0]),
        ("nsl-kdd/KDDTest+.txt.gz", [9_711, 7_460, 2_421, 2_885, 67, 0]),
        ("kdd99/kddcup.data_10_percent.gz", [97_278, 391_458, 4_107, 1_126, 52, 0]),
    ] {
        let local = loaded(data(name), 2);
        assert_eq!(families.map(|family| count(profile(&local), family)), expected, "{name}");
        assert!(profile(&local).columns.iter().all(|column| column.help.is_some()), "{name}");
    }
    let local = loaded(data("cicids2017/thursday_webattacks_sample_10180.csv.gz"), 2);
    let cic = profile(&local);
    assert_eq!(["Benign", "Web attack", ""].map(|family| count(cic, family)), [8_000, 2_180, 0]);
    assert!(cic.columns.iter().all(|column| column.help.is_some()));
}

#[test]
fn bare_carriage_returns_end_records() {
    let local = loaded(data("nsl-kdd/KDDTest+.cr-only.csv.gz"), 2);
    assert_eq!((profile(&local).n_rows, profile(&local).columns.len()), (22_543, 43));
}

#[test]
fn cicids_dirt_is_repaired_and_told() {
    let mut local = loaded(data("cicids2017/thursday_webattacks_sample_10180.csv.gz"), 2);
    let profile = profile(&local);
    assert_eq!((profile.n_rows, profile.columns.len()), (10_180, 79));
    let count = |kind| {
        let of_kind = profile.notices.iter().filter(|notice| notice.kind == kind);
        of_kind.map(|notice| notice.count).sum::<u64>()
    };
    assert_eq!(count(NoticeKind::ByteOrderMark), 1);
    assert_eq!(count(NoticeKind::Infinity), 20);
    assert_eq!(count(NoticeKind::PaddedName), 65);
    assert_eq!(count(NoticeKind::DuplicateName), 1);
    let by_name = |name| profile.columns.iter().find(|column| column.name == name);
    let rate = by_name("Flow Bytes/s").expect("the name is trimmed");
    assert_eq!((rate.kind, rate.role, rate.n_missing), (ColumnType::Decimal, Role::Feature, 11));
    assert_eq!(by_name("Label").expect("a label").role, Role::Label);
    let n_constant = profile.columns.iter().filter(|c| c.reason == RoleReason::Constant).count();
    assert_eq!(n_constant, 10);
    let scores = detected(&mut local, 7);
    assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
}

#[test]
fn a_column_that_repeats_another_is_set_aside_as_its_copy() {
    for n_shards in [1, 3] {
        let local = loaded(data("cicids2017/thursday_webattacks_sample_10180.csv.gz"), n_shards);
        let columns = &profile(&local).columns;
        let at = |name| columns.iter().position(|column| column.name == name).expect("a column");
        let (first, second) = (at("Fwd Header Length"), at("Fwd Header Length (2)"));
        assert_eq!(columns[first].role, Role::Feature);
        let copy = (Role::Ignore, RoleReason::Copy(first as u32));
        assert_eq!((columns[second].role, columns[second].reason.clone()), copy);
    }
    // The same values, each as often, but not in the same rows; equal numbers that are written
    // otherwise; quantile codes, and one number in their midst that differs; texts.
    let mut csv = String::from("a,b,c,x,y,z,t,u\n");
    for row in 0..70_000_u32 {
        let many = f64::from(row.wrapping_mul(7919) % 70_000);
        let other = if many == 35_001.0 { 35_001.5 } else { many };
        let (few, next) = (row % 9, (row + 1) % 9);
        let text = ["aa", "bb", "cc"][row as usize % 3];
        let cells = [few, next].map(|n| n.to_string()).join(",");
        csv += &[cells, format!("{few}.0,{many},{many:.2},{other},{text},{text}\n")].join(",");
    }
    let (own, copy) = (RoleReason::Varies, RoleReason::Copy);
    let expected = [&own, &own, &copy(0), &own, &copy(3), &own, &own, &copy(6)].map(Clone::clone);
    for n_shards in [1, 3] {
        let local = loaded(csv.clone().into_bytes(), n_shards);
        let reasons: Vec<_> = profile(&local).columns.iter().map(|c| c.reason.clone()).collect();
        assert_eq!(reasons, expected);
    }
}

#[test]
fn comment_lines_are_skipped_and_told() {
    let local = loaded(data("csv/comment-lines-mammography.csv"), 2);
    let profile = profile(&local);
    assert_eq!((profile.n_rows, profile.columns.len()), (11_183, 7));
    let comments = profile.notices.iter().find(|n| n.kind == NoticeKind::CommentLine);
    assert_eq!(comments.map(|notice| notice.count), Some(3));
}

#[test]
fn the_number_of_shards_changes_nothing_on_real_files() {
    for name in [
        "nsl-kdd/small-1011.csv",
        "cicids2017/friday_ddos_first9998_benign.csv.gz",
        "anomaly/mammography.csv.gz",
    ] {
        let bytes = data(name);
        let mut one = loaded(bytes.clone(), 1);
        let expected = (profile(&one).clone(), detected(&mut one, 3));
        let export = one.export(0.6).expect("an export");
        let wanted: Vec<u32> = (0..profile(&one).n_rows).step_by(97).collect();
        let (texts, reasons) =
            (one.rows(&wanted).expect("rows"), one.reasons(&wanted).expect("reasons"));
        for n_shards in [2, 5, 16] {
            let mut many = loaded(bytes.clone(), n_shards);
            assert_eq!(profile(&many), &expected.0, "{name}");
            assert_eq!(detected(&mut many, 3), expected.1, "{name}");
            assert!(many.export(0.6).expect("an export") == export, "{name}");
            assert_eq!(many.rows(&wanted).expect("rows"), texts, "{name}");
            assert_eq!(many.reasons(&wanted).expect("reasons"), reasons, "{name}");
        }
    }
}

#[test]
fn a_rows_steps_add_up_to_its_path() {
    let mut local = loaded(data("nsl-kdd/small-1011.csv"), 2);
    let scores = detected(&mut local, 7);
    for row in [0, 17, 1010] {
        let inspection = local.inspect(row).expect("a row");
        let sum: f64 = inspection.contributions.iter().map(|part| part.steps).sum();
        assert!((inspection.expected_path + sum - inspection.path_length).abs() < 1e-12);
        let score = libm::exp2(-inspection.path_length / inspection.average_path);
        assert!((score - scores[row as usize]).abs() < 1e-12);
        assert_eq!(inspection.text.row, row);
    }
}

#[test]
fn the_export_is_the_file_and_four_columns() {
    let bytes = data("cicids2017/friday_ddos_first9998_benign.csv.gz");
    let mut local = loaded(bytes.clone(), 3);
    let scores = detected(&mut local, 7);
    let export = String::from_utf8(local.export(0.55).expect("an export")).expect("UTF-8");
    let original = String::from_utf8(bytes).expect("UTF-8");
    let mut ranks: Vec<(u32, f64)> = Vec::new();
    for (i, (line, before)) in export.lines().zip(original.lines()).enumerate() {
        let added = line.strip_prefix(before).expect("the file's own text comes first");
        if i == 0 {
            assert_eq!(added, ",isoscope_score,isoscope_rank,isoscope_flag,isoscope_why");
            continue;
        }
        let cells: Vec<&str> = added.splitn(5, ',').collect();
        let score = scores[i - 1];
        assert_eq!(cells[1].parse::<f64>(), Ok(score));
        assert_eq!(cells[1].trim_start_matches(['0', '.']).len(), 17, "{}", cells[1]);
        assert_eq!(cells[3], if score >= 0.55 { "1" } else { "0" });
        assert!(score < 0.5 || cells[4].contains('='), "{line}");
        ranks.push((cells[2].parse().expect("a rank"), score));
    }
    assert_eq!(ranks.len(), 9_998);
    for (rank, score) in ranks {
        assert_eq!(rank as usize, 1 + scores.iter().filter(|other| **other > score).count());
    }
}

#[test]
fn what_is_no_table_is_said_and_the_table_before_stays() {
    let mut local = loaded(b"a,b\n1,2\n3,4\n".to_vec(), 2);
    let none = Overrides::default();
    assert_eq!(local.load(vec![], &none).err(), Some(JobError::EmptyFile));
    assert_eq!(local.load(b"a,b\n".to_vec(), &none).err(), Some(JobError::NoRows));
    let png = b"\x89PNG\r\n\x1A\n\0\0\0".to_vec();
    assert!(matches!(local.load(png, &none), Err(JobError::NotText { .. })));
    assert_eq!(profile(&local).n_rows, 2);
    assert_eq!(local.rows(&[1]).expect("rows")[0].cells, ["3", "4"]);
}

#[test]
fn an_unclosed_quote_is_text() {
    let mut csv = String::from("a,b\n");
    csv.extend((0..20_000).map(|i| format!("{i},x\n")));
    let at = csv.len();
    csv.push_str("1,\"never closed\n2,y\n3,z\n");
    let mut local = loaded(csv.into_bytes(), 4);
    assert_eq!(profile(&local).n_rows, 20_003, "the quote at {at} hides no row");
    let lines = |kind| {
        let notice = profile(&local).notices.iter().find(|notice| notice.kind == kind);
        notice.map(|notice| notice.lines.clone())
    };
    // Its row has the table's width when the quote is text: so it is, and no more is.
    assert_eq!(lines(NoticeKind::StrayQuote), Some(vec![20_002]));
    assert_eq!(lines(NoticeKind::UnclosedQuote), None);
    assert_eq!(local.rows(&[20_000]).expect("a row")[0].cells[1], "\"never closed");
    assert_eq!(local.rows(&[20_002]).expect("a row")[0].cells, ["3", "z"]);
}

#[test]
fn a_text_that_comes_late_makes_its_column_text() {
    let mut csv = String::from("n,m\n");
    csv.extend((0..140_000).map(|i| format!("{}.5,007\n", i % 90_000)));
    csv.push_str("late,8\n");
    let local = loaded(csv.into_bytes(), 2);
    let columns = &profile(&local).columns;
    assert_eq!((columns[0].kind, columns[0].n_distinct), (ColumnType::Text, 90_001));
    assert_eq!((columns[1].kind, columns[1].n_distinct), (ColumnType::Text, 2));
}
