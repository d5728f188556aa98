//! Nothing is lost: what stands in a file can be put together again from what was read of it.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use isoscope::{
    cluster::{JobError, local::Local},
    engine::{forest::ForestParams, text::Overrides},
    protocol::{LineEnd, NoticeKind, Profile},
};

/// Rows that are asked for at a time.
const ROWS: u32 = 1 << 14;

/// Every file below the data folder, unpacked where it is packed with gzip.
fn files() -> Vec<(PathBuf, Vec<u8>)> {
    fn visit(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                visit(&path, found);
                continue;
            }
            let name = path.to_string_lossy().into_owned();
            let mut bytes = fs::read(&path).expect("a file");
            if path.extension().is_some_and(|extension| extension == "gz") {
                let packed = std::mem::take(&mut bytes);
                MultiGzDecoder::new(packed.as_slice()).read_to_end(&mut bytes).expect("gzip");
            }
            let is_table = [".csv", ".csv.gz", ".txt.gz", "percent.gz"];
            if is_table.iter().any(|end| name.ends_with(end)) && str::from_utf8(&bytes).is_ok() {
                found.push((path, bytes));
            }
        }
    }
    let mut found = Vec::new();
    visit(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), &mut found);
    found
}

fn line_end(profile: &Profile) -> &'static str {
    match profile.dialect.line_end {
        LineEnd::CrLf => "\r\n",
        LineEnd::Cr => "\r",
        LineEnd::Lf | LineEnd::Mixed => "\n",
    }
}

#[test]
fn the_texts_of_all_rows_are_the_file() {
    let files = files();
    assert!(files.len() > 35, "{} files", files.len());
    for (path, file) in files {
        let mut local = Local::new(3);
        let profile = match local.load(file.clone(), &Overrides::default()) {
            Ok(table) => table.profile.clone(),
            // One file holds nothing but names.
            Err(JobError::NoRows) if path.ends_with("header.csv") => continue,
            Err(error) => panic!("{}: {error}", path.display()),
        };
        for notice in &profile.notices {
            // Between the rows nothing was skipped.
            let is_skipped = matches!(notice.kind, NoticeKind::BlankLine | NoticeKind::AfterTable);
            assert!(!is_skipped, "{}: {notice:?}", path.display());
        }
        let end = line_end(&profile);
        let mut written = String::with_capacity(file.len());
        for first in (0..profile.n_rows).step_by(ROWS as usize) {
            let rows: Vec<u32> = (first..profile.n_rows.min(first + ROWS)).collect();
            for row in local.rows(&rows).expect("rows of the table") {
                written.push_str(&row.text);
                written.push_str(end);
            }
        }
        let text = str::from_utf8(&file).expect("UTF-8 was asked for");
        // The last line may go without its end.
        let written = if text.ends_with(end) { &written } else { written.trim_end_matches(end) };
        let before = text.len() - written.len();
        assert!(text[before..] == *written, "{}", path.display());
        // All that stands before the rows are the header and comments, each of which was told.
        let n_lines = text[..before].matches(end).count() as u64;
        let count = |kind| -> u64 {
            let of_kind = profile.notices.iter().filter(|notice| notice.kind == kind);
            of_kind.map(|notice| notice.count).sum()
        };
        let n_told = count(NoticeKind::CommentLine) + count(NoticeKind::Preamble);
        assert_eq!(
            n_lines,
            n_told + u64::from(profile.dialect.n_header_lines),
            "{}",
            path.display()
        );
    }
}

#[test]
fn an_export_begins_each_line_with_the_files_own_text() {
    let all = files();
    // Reasons repeat cells: where those go over lines, a line's end is harder to find than it is
    // worth here.
    let is_simple = |file: &[u8]| file.len() < 300_000 && !file.contains(&b'"');
    let small = all.iter().filter(|(_, file)| is_simple(file));
    let mut n = 0;
    for (path, file) in small {
        let mut local = Local::new(2);
        let Ok(_) = local.load(file.clone(), &Overrides::default()) else { continue };
        let table = local.table().expect("just loaded");
        let n_rows = table.n_rows();
        let end = line_end(&table.profile);
        let has_header = table.profile.dialect.has_header();
        let features: Vec<u32> = (0..table.profile.columns.len() as u32).collect();
        let params = ForestParams { n_trees: 5, ..ForestParams::default() };
        if local.detect(&features, params).is_err() {
            continue;
        }
        n += 1;
        let export = String::from_utf8(local.export(0.5).expect("an export")).expect("UTF-8");
        let mut rest = export.as_str();
        if has_header {
            let text = str::from_utf8(file).expect("UTF-8 was asked for");
            let own = &text[..text.find(end).expect("a header")];
            assert!(rest.starts_with(own), "{}", path.display());
        }
        rest = &rest[rest.find(end).expect("a header") + end.len()..];
        for row in local.rows(&(0..n_rows).collect::<Vec<_>>()).expect("rows") {
            assert!(rest.starts_with(&row.text), "{}, line {}", path.display(), row.line);
            rest = &rest[row.text.len()..];
            rest = &rest[rest.find(end).expect("a line") + end.len()..];
        }
        assert!(rest.is_empty(), "{}", path.display());
    }
    assert!(n > 10, "{n} files were exported");
}
