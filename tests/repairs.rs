//! What is odd in a file is told with its lines and as it was read, and a person can say otherwise.

use isoscope::{
    cluster::local::Local,
    engine::text::{Dialect, Overrides},
    protocol::{Notice, NoticeKind, Profile, Treatment},
};

/// Twelve rows of a time, a number and two texts, under their names.
fn rows() -> Vec<String> {
    let row = |i: usize| format!("2026-11-{:02},{},host{i},some text", i + 1, i * 7);
    std::iter::once("day,bytes,host,note".to_owned()).chain((0..12).map(row)).collect()
}

fn with(line: usize, text: &str) -> Vec<String> {
    let mut lines = rows();
    text.clone_into(&mut lines[line]);
    lines
}

struct Read {
    profile: Profile,
    cells: Vec<Vec<String>>,
}

fn read(lines: &[String], overrides: &Overrides) -> Read {
    let mut local = Local::new(2);
    let file = lines.join("\n") + "\n";
    let profile = local.load(file.into_bytes(), overrides).expect("a table").profile.clone();
    let rows = local.rows(&(0..profile.n_rows).collect::<Vec<_>>()).expect("rows");
    Read { profile, cells: rows.into_iter().map(|row| row.cells).collect() }
}

impl Read {
    fn notice(&self, kind: NoticeKind) -> &Notice {
        let notice = self.profile.notices.iter().find(|notice| notice.kind == kind);
        notice.unwrap_or_else(|| panic!("{kind:?} in {:?}", self.profile.notices))
    }
}

fn treated(kind: NoticeKind, treatment: Treatment) -> Overrides {
    Overrides { treatments: [(kind, treatment)].into(), ..Overrides::default() }
}

/// A line in the fifth row's place: how it is read, and what is told.
fn mended(line: &str, kind: NoticeKind, cells: &[&str]) {
    let lines = with(5, line);
    let found = read(&lines, &Overrides::default());
    assert_eq!(found.cells[4], cells, "{line}");
    let notice = found.notice(kind);
    assert_eq!((notice.count, &notice.lines[..]), (1, &[6][..]), "{line}");
    let [example] = &notice.examples[..] else { panic!("{:?}", notice.examples) };
    assert_eq!((example.line, example.before.as_str()), (6, line));
    assert_eq!(example.after, cells, "{line}");
    // Left out, it is told all the same.
    let dropped = read(&lines, &treated(kind, Treatment::Drop));
    assert_eq!(dropped.profile.n_rows, 11, "{line}");
    assert_eq!(dropped.notice(kind).examples[0].after, [""; 0], "{line}");
    assert!(kind.choices().contains(&Treatment::Drop));
}

#[test]
fn a_record_of_another_width_is_read_as_it_was_meant() {
    use NoticeKind::{LongRow, OtherDelimiter, ShortRow, StrayQuote, SurplusDelimiter};
    mended("2026-11-05,,28,host4,text", SurplusDelimiter, &["2026-11-05", "28", "host4", "text"]);
    mended("2026-11-05,28,host4,text,,", SurplusDelimiter, &["2026-11-05", "28", "host4", "text"]);
    mended("2026-11-05;28;host4;a, b", OtherDelimiter, &["2026-11-05", "28", "host4", "a, b"]);
    mended("2026-11-05 28 host4 text", OtherDelimiter, &["2026-11-05", "28", "host4", "text"]);
    mended("2026-11-05,28,\"host4,\"text\"", StrayQuote, &["2026-11-05", "28", "\"host4", "text"]);
    mended("2026-11-05,28,host4,\"", StrayQuote, &["2026-11-05", "28", "host4", "\""]);
    mended("28,host4,text", ShortRow, &["", "28", "host4", "text"]);
    mended("2026-11-05,28", ShortRow, &["2026-11-05", "28"]);
    let long = ["2026-11-05", "28", "host4", "more", "text"];
    mended("2026-11-05,28,host4,more,text", LongRow, &long);
}

#[test]
fn a_record_is_kept_as_it_stands_where_a_person_wants_it_so() {
    for (line, kind, cells) in [
        ("2026-11-05,,28,host4,text", NoticeKind::SurplusDelimiter, 5),
        ("2026-11-05;28;host4;text", NoticeKind::OtherDelimiter, 1),
        ("28,host4,text", NoticeKind::ShortRow, 3),
    ] {
        let found = read(&with(5, line), &treated(kind, Treatment::Keep));
        assert_eq!(found.cells[4].len(), cells, "{line}");
        assert_eq!(found.profile.n_rows, 12, "{line}");
    }
}

#[test]
fn lines_that_are_no_rows_are_left_out_or_kept() {
    let names = rows()[0].clone();
    for (line, kind) in [
        ("", NoticeKind::BlankLine),
        ("# so far", NoticeKind::CommentLine),
        (names.as_str(), NoticeKind::RepeatedHeader),
    ] {
        let lines = with(5, line);
        let found = read(&lines, &Overrides::default());
        assert_eq!(found.profile.n_rows, 11, "{line}");
        let notice = found.notice(kind);
        assert_eq!((notice.count, &notice.lines[..]), (1, &[6][..]), "{line}");
        assert_eq!(notice.examples[0].before, line);
        assert_eq!(kind.choices(), [Treatment::Drop, Treatment::Keep]);
        let kept = read(&lines, &treated(kind, Treatment::Keep));
        assert_eq!(kept.profile.n_rows, 12, "{line}");
        assert_eq!(kept.cells[4].join(","), line);
    }
}

#[test]
fn what_stands_behind_a_table_is_left_out_and_told() {
    let summary = ["Summary", "flows,bytes", "12,462"].map(str::to_owned);
    let others = ["id,name,city,street,zip", "1,Ann,Rome,Via,7", "2,Bob,Oslo,Vei,8"];
    for (behind, line) in [(summary.to_vec(), "\n"), (others.map(str::to_owned).to_vec(), "\r")] {
        let lines = [rows(), behind.clone()].concat();
        let mut local = Local::new(3);
        let file = lines.join(line).into_bytes();
        let profile = local.load(file.clone(), &Overrides::default()).expect("a table");
        let profile = profile.profile.clone();
        assert_eq!((profile.n_rows, profile.columns.len()), (12, 4));
        let notice = profile.notices.iter().find(|n| n.kind == NoticeKind::AfterTable);
        let notice = notice.expect("it is told");
        assert_eq!((notice.count, &notice.lines[..]), (3, &[14, 15, 16][..]));
        let before: Vec<_> = notice.examples.iter().map(|example| &example.before).collect();
        assert_eq!(before, behind.iter().collect::<Vec<_>>());
        let keep = treated(NoticeKind::AfterTable, Treatment::Keep);
        assert_eq!(local.load(file, &keep).expect("a table").profile.n_rows, 15);
    }
}

#[test]
fn one_odd_row_at_the_end_is_a_row() {
    let mut lines = rows();
    lines.push("2026-11-13,4".to_owned());
    assert_eq!(read(&lines, &Overrides::default()).profile.n_rows, 13);
}

#[test]
fn lines_before_a_table_are_left_out_or_kept() {
    let lines = [vec!["Flows of a day".to_owned(), ",,,".to_owned()], rows()].concat();
    let found = read(&lines, &Overrides::default());
    assert_eq!(found.profile.n_rows, 12);
    assert_eq!(found.profile.columns[1].name, "bytes");
    assert_eq!(found.notice(NoticeKind::Preamble).lines, [1, 2]);
    let said = Overrides { preamble_lines: Some(2), ..Overrides::default() };
    let told = read(&lines, &said);
    assert_eq!(told.cells, found.cells);
    assert_eq!(told.notice(NoticeKind::Preamble).lines, [1, 2]);
    let said = Overrides { preamble_lines: Some(0), header_lines: Some(0), ..Overrides::default() };
    assert_eq!(read(&lines, &said).profile.n_rows, 15);
}

#[test]
fn a_preview_shows_what_a_load_would_and_leaves_the_table_alone() {
    let mut local = Local::new(2);
    local.load(b"a,b\n1,2\n3,4\n".to_vec(), &Overrides::default()).expect("a table");
    let lines = with(5, "2026-11-05;28;host4;text");
    let file = (lines.join("\n") + "\n").into_bytes();
    for overrides in [
        Overrides::default(),
        Overrides { delimiter: Some(b';'), ..Overrides::default() },
        Overrides { header_lines: Some(0), ..Overrides::default() },
    ] {
        let preview = local.preview(&file, &overrides).expect("a layout");
        let loaded = read(&lines, &overrides);
        let cells: Vec<_> = preview.rows.iter().map(|row| row.cells.clone()).collect();
        assert_eq!(cells, loaded.cells);
        let names = loaded.profile.columns.iter().map(|column| column.name.clone());
        assert_eq!(preview.names, names.collect::<Vec<_>>());
        assert_eq!(preview.dialect, loaded.profile.dialect);
        assert_eq!(preview.evidence, loaded.profile.evidence);
    }
    assert_eq!(local.table().expect("it stands").n_rows(), 2);
    assert_eq!(local.rows(&[1]).expect("a row")[0].cells, ["3", "4"]);
}

#[test]
fn a_finding_says_what_was_tried_and_how_sure_it_is() {
    let sure = read(&rows(), &Overrides::default()).profile.evidence;
    let first = &sure[0];
    assert_eq!(first.tried[0].value, ",");
    assert_eq!((first.tried[0].count, first.tried[0].of, first.tried[0].width), (13, 13, 4));
    assert!(first.confidence > 0.8 && !first.is_told, "{first:?}");
    let lines: Vec<String> = (0..12).map(|i| format!("{i} some, words; {i}")).collect();
    let unsure = &read(&lines, &Overrides::default()).profile.evidence[0];
    assert!(unsure.confidence < first.confidence, "{unsure:?}");
    let said = Overrides { delimiter: Some(b';'), ..Overrides::default() };
    let told = &read(&rows(), &said).profile.evidence[0];
    assert!(told.is_told && told.confidence == 1.0);
    assert!(Dialect::DELIMITERS.contains(&b';'));
}
