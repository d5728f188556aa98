//! From a file to its table.

use std::fmt::Write;
use std::fs;

use journeys::browser::Browser;
use journeys::files::{Scratch, shared};
use journeys::page::{Page, key};
use serde_json::{Value, json};

in_every_browser!(
    reads_connections_without_a_header,
    reads_flows_with_all_their_dirt,
    progress_moves_with_the_work,
    every_row_can_be_seen,
    any_separator_quote_and_line_end_will_do,
    cell_text_never_becomes_markup,
    the_samples_load,
);

fn reads_connections_without_a_header(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    page.load(&file);
    assert_eq!(page.value("table-rows").as_deref(), Some("22544"));
    assert_eq!(page.value("table-columns").as_deref(), Some("43"));
    page.click("stage-inspect");
    let columns = page.wait("the columns", 10, |page| {
        let columns = page.all("column");
        (!columns.is_empty()).then_some(columns)
    });
    assert_eq!(columns[0]["name"], "duration");
    let role = |name: &str| {
        let column = columns.iter().find(|column| column["name"] == name);
        column.map(|column| column["role"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(role("src_bytes").as_deref(), Some("feature"));
    // Virtualised lists hold what is in view; these two, where they are, must be set aside.
    assert!(role("num_outbound_cmds").is_none_or(|role| role == "ignore"), "it is 0 everywhere");
    assert!(role("label").is_none_or(|role| role == "label"));
    // The same connections with bare CR line ends, one fewer.
    page.load(&scratch.unpack("nsl-kdd/KDDTest+.cr-only.csv.gz"));
    assert_eq!(page.value("table-rows").as_deref(), Some("22543"));
}

fn reads_flows_with_all_their_dirt(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&scratch.unpack("cicids2017/thursday_webattacks_sample_10180.csv.gz"));
    assert_eq!(page.value("table-rows").as_deref(), Some("10180"));
    assert_eq!(page.value("table-columns").as_deref(), Some("79"));
    let notices = page.all("notice");
    assert!(!notices.is_empty(), "Infinity and doubled names deserve a notice");
    for notice in notices {
        let count: u64 = notice["count"].as_str().and_then(|c| c.parse().ok()).expect("a count");
        assert!(count > 0 && notice["kind"] != "", "{notice}");
    }
}

fn progress_moves_with_the_work(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.run(
        "window.seen = [];
         const look = () => {
           const bar = document.querySelector('[data-testid=\"job-progress\"]');
           if (bar) window.seen.push(Number(bar.getAttribute('aria-valuenow')));
         };
         new MutationObserver(look).observe(document, {
           subtree: true, childList: true, attributes: true, attributeFilter: ['aria-valuenow'] });",
        &json!([]),
    );
    // Ten times a second the page hears how far it is: a file that is read in a third of one is too short.
    let text = fs::read(scratch.unpack("kdd99/kddcup.data_10_percent.gz")).expect("it can be read");
    page.load(&scratch.write("three.csv", text.repeat(3)));
    assert_eq!(page.value("table-rows").as_deref(), Some("1482063"));
    assert!(!page.has("job-progress"), "the bar goes with the job");
    let seen = page.run("return window.seen;", &json!([]));
    let mut seen: Vec<f64> = seen
        .as_array()
        .expect("a list")
        .iter()
        .map(|value| value.as_f64().expect("aria-valuenow is a number"))
        .collect();
    assert!(seen.is_sorted() && seen.iter().all(|v| (0.0..=100.0).contains(v)), "{seen:?}");
    seen.dedup();
    // WebKit hands on fewer of the workers' messages while they compute.
    let least = if browser == Browser::WebKit { 3 } else { 5 };
    assert!(seen.len() >= least, "the bar moved in {} steps: {seen:?}", seen.len());
}

fn every_row_can_be_seen(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    page.load(&file);
    let text = fs::read_to_string(&file).expect("it is text");
    let lines: Vec<&str> = text.lines().collect();
    for (row, grouped) in [(22_543, "22,543"), (11_111, "11,111"), (0, "0")] {
        page.run_on("[data-testid=preview-goto]", "element.value = '';", &Value::Null);
        page.click("preview-goto");
        let number = row.to_string();
        let digits: Vec<&str> = number.split_inclusive(|_: char| true).collect();
        page.keys(&digits);
        page.keys(&[key::ENTER]);
        // The row's number, then as many of its cells as are in view, once they have come.
        let cells = lines[row].replace(',', "");
        page.wait(&format!("row {row}: {}", lines[row]), 10, |page| {
            let script = "const row = document.querySelector(
                   `[data-testid=\"preview-row\"][data-row=\"${arguments[0]}\"]`);
                 return row && row.textContent;";
            let shown = page.run(script, &json!([row]));
            let in_view = shown.as_str()?.strip_prefix(grouped)?;
            (in_view.len() > 10 && cells.starts_with(in_view)).then_some(())
        });
    }
}

fn any_separator_quote_and_line_end_will_do(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let mut n_rows = 40;
    for separator in [',', ';', '\t', '|'] {
        for (quote, end) in [("", "\n"), ("\"", "\r\n"), ("\"", "\n"), ("", "\r")] {
            for header in [true, false] {
                // Another number of rows each time, so that no older table can pass for this one.
                n_rows += 1;
                let mut text = String::new();
                let mut line = |cells: [&str; 3]| {
                    let cells = cells.map(|cell| format!("{quote}{cell}{quote}"));
                    text += &cells.join(&separator.to_string());
                    text += end;
                };
                if header {
                    line(["host", "port", "share"]);
                }
                for row in 0..n_rows {
                    line([["ada", "ben"][row % 2], &row.to_string(), &format!("0.{}", row % 7)]);
                }
                let file = scratch.write(&format!("{n_rows}.csv"), text);
                page.load(&file);
                let what = format!("{separator:?} {quote:?} {end:?} header {header}");
                let rows = page.number("table-rows");
                assert_eq!((rows, page.number("table-columns")), (n_rows as f64, 3.0), "{what}");
            }
        }
    }
}

fn cell_text_never_becomes_markup(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let evil = "<img src=x onerror=document.title=1><script>document.title=2</script>&amp;";
    let mut text = format!("{evil},n\n");
    for row in 0..60 {
        let _ = writeln!(text, "{evil}{},{}.5", row % 4, row * 7 % 13);
    }
    page.load(&scratch.write(&format!("{}.csv", "<b>name"), text));
    page.wait("the text as it stands in the file", 10, |page| {
        let shown = page.evaluate("document.body.textContent");
        shown.as_str().is_some_and(|shown| shown.contains(evil)).then_some(())
    });
    page.click("stage-inspect");
    page.detect();
    let inserted = page.evaluate("document.querySelectorAll('img, body script').length");
    assert_eq!(inserted, 0);
    assert_eq!(page.evaluate("document.title.includes('isoscope')"), true);
}

fn the_samples_load(browser: Browser) {
    let page = Page::open(browser);
    let mut sizes = Vec::new();
    for sample in ["sample-office", "sample-scan", "sample-rings"] {
        page.go("");
        page.wait_for_state("empty", 20);
        page.click(sample);
        page.wait_for_state("loaded", 30);
        let rows = page.number("table-rows");
        assert!(rows > 100.0 && rows <= 20_000.0, "{sample} has {rows} rows");
        sizes.push((rows, page.number("table-bytes")));
    }
    assert!(sizes[0] != sizes[1] && sizes[1] != sizes[2], "three samples are three tables");
}

/// The manifest's comment: three `#` lines first, CRLF, no final line end.
#[test]
fn comment_lines_are_no_rows() {
    let page = Page::open(Browser::Chromium);
    page.load(&shared("csv/comment-lines-mammography.csv"));
    assert_eq!(page.number("table-rows"), 11_183.0);
    assert_eq!(page.number("table-columns"), 7.0);
}
