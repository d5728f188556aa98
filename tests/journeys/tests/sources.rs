//! Whatever a person gives: packed, in another encoding, as JSON, in parts.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};

use flate2::{Compression, write::GzEncoder};
use journeys::browser::Browser;
use journeys::files::{Scratch, shared};
use journeys::page::{Page, key};
use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

in_every_browser!(
    reads_gzip_as_it_lies_there,
    asks_which_member_of_a_zip_archive,
    reads_utf_16_and_windows_1252,
    reads_json_lines,
    puts_two_files_below_each_other,
    joins_labels_by_what_is_said,
    says_what_is_wrong_and_keeps_the_table,
);

/// A table in which every row is told apart by its number.
fn table(n_rows: usize) -> String {
    let mut text = String::from("host,bytes,note\n");
    for row in 0..n_rows {
        let _ = writeln!(text, "{},{row},café – €", ["ada", "ben"][row % 2]);
    }
    text
}

/// Gives a file and waits for a table of so many rows; whose bytes are not the file's.
#[track_caller]
fn load(page: &Page, file: &Path, n_rows: usize) {
    page.give("file-input", file);
    wait_for_rows(page, n_rows);
}

#[track_caller]
fn wait_for_rows(page: &Page, n_rows: usize) {
    page.wait(&format!("{n_rows} rows"), 120, |page| {
        let is_done = page.value("app-state").as_deref() == Some("loaded");
        (is_done && page.value("table-rows") == Some(n_rows.to_string())).then_some(())
    });
}

#[track_caller]
fn sees(page: &Page, text: &str) {
    page.wait(text, 10, |page| {
        let script = "return document.querySelector('main').textContent.includes(arguments[0]);";
        page.run(script, &json!([text])).as_bool().filter(|&is_there| is_there)
    });
}

/// Brings a row into view.
fn go_to(page: &Page, row: &str) {
    page.click("preview-goto");
    let digits: Vec<&str> = row.split_inclusive(|_: char| true).collect();
    page.keys(&digits);
    page.keys(&[key::ENTER]);
}

fn kinds(page: &Page) -> Vec<String> {
    let kind = |notice: &serde_json::Value| notice["kind"].as_str().unwrap_or_default().to_owned();
    page.all("notice").iter().map(kind).collect()
}

fn reads_gzip_as_it_lies_there(browser: Browser) {
    let page = Page::open(browser);
    load(&page, &shared("nsl-kdd/KDDTest+.txt.gz"), 22_544);
    assert_eq!(page.value("table-columns").as_deref(), Some("43"));
    load(&page, &shared("kdd99/kddcup.data_10_percent.gz"), 494_021);
    assert_eq!(page.value("table-bytes").as_deref(), Some("74889749"), "as many as it unpacks to");
    assert!(!page.has("job-progress"), "the bar goes with the job");
}

fn asks_which_member_of_a_zip_archive(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, n_rows) in [("mon.csv", 40), ("day/tue.csv", 50)] {
        writer.start_file(name, SimpleFileOptions::default()).expect("memory takes all");
        writer.write_all(table(n_rows).as_bytes()).expect("memory takes all");
    }
    let bytes = writer.finish().expect("memory takes all").into_inner();
    page.give("file-input", &scratch.write("week.zip", bytes));
    page.wait("the question", 20, |page| page.has("members").then_some(()));
    let members = page.all("member");
    assert_eq!(members[1]["name"], "day/tue.csv");
    assert_eq!(members[1]["value"], table(50).len().to_string());
    page.click_at("[data-testid=\"member\"][data-name=\"day/tue.csv\"]");
    wait_for_rows(&page, 50);
    assert!(!page.has("members"), "it is answered");
    sees(&page, "café – €");
}

fn reads_utf_16_and_windows_1252(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let wide: Vec<u8> =
        ["\u{feff}", &table(61)].concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
    load(&page, &scratch.write("wide.csv", wide), 61);
    sees(&page, "café – €");
    // ASCII alone is read as it stands. A later character beyond it makes the file be decoded, while
    // other workers still read on as if it were none.
    let wide = |n_rows: u32, name: &str| -> Vec<u8> {
        let mut text = "name,size\n".to_owned();
        for row in 0..n_rows {
            let name = if row == 30_000 { name } else { "plain" };
            let _ = writeln!(text, "{name} {row},{}", row % 97);
        }
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    };
    load(&page, &scratch.write("ascii.csv", wide(40_000, "cafe")), 40_000);
    assert!(!kinds(&page).contains(&"decoded".to_owned()), "{:?}", kinds(&page));
    go_to(&page, "30000");
    sees(&page, "cafe 30000");
    load(&page, &scratch.write("late.csv", wide(400_000, "café – €")), 400_000);
    assert!(kinds(&page).contains(&"decoded".to_owned()), "{:?}", kinds(&page));
    go_to(&page, "30000");
    sees(&page, "café – € 30000");
    let western: Vec<u8> = table(62)
        .chars()
        .map(|character| match character {
            '–' => 0x96,
            '€' => 0x80,
            other => u8::try_from(u32::from(other)).expect("Latin-1"),
        })
        .collect();
    load(&page, &scratch.write("western.csv", western), 62);
    sees(&page, "café – €");
    assert!(kinds(&page).contains(&"decoded".to_owned()), "{:?}", kinds(&page));
}

fn reads_json_lines(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let mut text = String::new();
    for row in 0..70 {
        let event = json!({"event_type": "flow", "src_ip": format!("10.0.0.{row}"),
                           "flow": {"bytes_toserver": row * 7 % 13, "tags": ["a", "b"]}});
        let _ = writeln!(text, "{event}");
    }
    text += "{\"event_type\": \n{\"event_type\": \"dns\", \"src_ip\": \"10.0.0.99\"}\n";
    load(&page, &scratch.write("eve.json", text), 71);
    assert_eq!(page.value("table-columns").as_deref(), Some("4"));
    assert!(kinds(&page).contains(&"broken-json".to_owned()), "{:?}", kinds(&page));
    page.click("stage-inspect");
    sees(&page, "flow.bytes_toserver");
}

fn puts_two_files_below_each_other(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let both: Vec<PathBuf> = [("mon.csv", 30), ("tue.csv", 45)]
        .map(|(name, n_rows)| scratch.write(name, table(n_rows)))
        .to_vec();
    // As WebDriver gives several files to one input.
    let both = both.iter().map(|path| path.to_str().expect("ours")).collect::<Vec<_>>().join("\n");
    load(&page, Path::new(&both), 75);
    assert_eq!(page.value("table-columns").as_deref(), Some("4"));
    sees(&page, "mon.csv");
}

fn says_what_is_wrong_and_keeps_the_table(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    load(&page, &scratch.write("table.csv", table(33)), 33);
    let nested = scratch.write("nested.gz", gzip(&gzip(table(10).as_bytes())));
    page.give("file-input", &nested);
    page.wait_for_state("failed", 20);
    assert!(page.text("job-error").contains("another gzip archive"), "{}", page.text("job-error"));
    assert_eq!(page.value("table-rows").as_deref(), Some("33"));
    // What is cut short is read up to the cut, and told.
    let whole = gzip(fs::read(shared("nsl-kdd/small-1011.csv")).expect("it was found").as_slice());
    page.give("file-input", &scratch.write("cut.csv.gz", &whole[..whole.len() / 2]));
    page.wait_for_state("loaded", 20);
    let n_rows = page.number("table-rows");
    assert!((100.0..1_000.0).contains(&n_rows), "{n_rows} rows");
    assert!(kinds(&page).contains(&"cut-short".to_owned()), "{:?}", kinds(&page));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn joins_labels_by_what_is_said(browser: Browser) {
    let scratch = Scratch::new();
    let (mut table, mut labels) = ("id,day,bytes\n".to_owned(), "id,day,verdict\n".to_owned());
    for row in 0..30 {
        let _ = writeln!(table, "{row},{},{}", row % 7, row * 11 % 13);
        let _ = writeln!(labels, "{},{},v{}", 29 - row, row % 7, 29 - row);
    }
    let page = Page::open(browser);
    load(&page, &scratch.write("flows.csv", table), 30);
    page.give("labels-input", &scratch.write("truth.csv", labels));
    let verdict = |page: &Page| {
        let script =
            "const row = document.querySelector('[data-testid=preview-row][data-row=\"0\"]');
             return row && row.lastElementChild.textContent;";
        page.run(script, &json!([])).as_str().map(str::to_owned)
    };
    // Two columns are common, so it goes row by row until a key is said.
    page.wait("labels by position", 20, |page| {
        (verdict(page)? == "v29" && page.value("app-state")? == "loaded").then_some(())
    });
    page.choose("load-join", "=id");
    page.wait("labels by key", 20, |page| (verdict(page)? == "v0").then_some(()));
}
