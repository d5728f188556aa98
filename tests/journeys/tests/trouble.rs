//! Bad files, and jobs that end early: a clear sentence, nothing lost, and the page goes on.

use std::fs;
use std::path::{Path, PathBuf};

use journeys::browser::{Browser, Look};
use journeys::files::{Scratch, shared};
use journeys::page::{Page, dist, script};
use serde_json::json;

in_every_browser!(
    bad_files_are_told_and_forgiven,
    odd_tables_can_be_searched,
    a_job_can_be_cancelled,
    a_second_file_overtakes_the_first,
    a_file_that_vanishes_is_told,
    a_worker_that_dies_is_told,
    a_worker_that_ends_without_a_word_is_told,
);

/// How a load ended.
#[derive(Debug, PartialEq)]
enum Ended {
    /// The table of the file stands.
    Stands,
    /// The page said why not.
    Refused(String),
}

/// Gives a file and waits until the page has made up its mind.
fn give(page: &Page, file: &Path, seconds: u64) -> Ended {
    let bytes = fs::metadata(file).expect("the file is there").len().to_string();
    page.give("file-input", file);
    page.wait(&format!("a word about {}", file.display()), seconds, |page| {
        let error = page.text("job-error");
        if page.has("job-progress") {
            None
        } else if !error.is_empty() {
            Some(Ended::Refused(error))
        } else {
            (page.value("table-bytes").as_ref() == Some(&bytes)).then_some(Ended::Stands)
        }
    })
}

/// A sentence tells what is wrong and what to do, in more than a word and without Rust's own.
#[track_caller]
fn assert_sentence(what: &str, sentence: &str) {
    let is_plain = ["panicked", "RuntimeError", "unreachable", "Err(", "None", "undefined"]
        .iter()
        .all(|word| !sentence.contains(word));
    assert!(sentence.split_whitespace().count() >= 5 && is_plain, "{what}: {sentence:?}");
}

/// The files that hold no table: (name, content).
fn hopeless() -> Vec<(&'static str, Vec<u8>)> {
    let picture: Vec<u8> =
        [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0, 255, 13, 7, 200].repeat(999)].concat();
    vec![
        ("empty.csv", Vec::new()),
        ("header-only.csv", b"host,port,bytes\n".to_vec()),
        ("picture.png", picture),
    ]
}

fn bad_files_are_told_and_forgiven(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let good = shared("nsl-kdd/small-1011.csv");
    page.load(&good);
    for (name, content) in hopeless() {
        let file = scratch.write(name, content);
        match give(&page, &file, 30) {
            Ended::Refused(sentence) => {
                assert_sentence(name, &sentence);
                assert_eq!(page.number("table-rows"), 1_011.0, "{name}: the old table is gone");
            }
            // A header is a table without rows: the page may show it as one.
            Ended::Stands => {
                assert_eq!((name, page.number("table-rows")), ("header-only.csv", 0.0));
            }
        }
        page.load(&good);
    }
}

/// Files that hold a table, if a strange one: (name, content, rows, columns).
fn strange() -> Vec<(&'static str, Vec<u8>, f64, f64)> {
    let lines = |n: usize, line: &dyn Fn(usize) -> String| -> Vec<u8> {
        (0..n).map(line).collect::<String>().into_bytes()
    };
    let with_header = |header: &str, rest: Vec<u8>| [header.as_bytes(), &rest].concat();
    let wide = |value: &str| format!("{}\n", vec![value; 5_000].join(","));
    vec![
        ("one-row.csv", b"a,b,c\n1,2,3\n".to_vec(), 1.0, 3.0),
        ("one-column.csv", with_header("n\n", lines(90, &|i| format!("{i}\n"))), 90.0, 1.0),
        ("nul.csv", with_header("a,b\nx\0y,1\n", lines(60, &|i| format!("z,{i}\n"))), 61.0, 2.0),
        (
            "ragged.csv",
            with_header("a,b,c\n", lines(60, &|i| ["1,2,3\n", "1,2\n", "1,2,3,4\n"][i % 3].into())),
            60.0,
            // One more column than the header where rows are longer: the page may show it or not.
            f64::NAN,
        ),
        ("unclosed.csv", b"a,b\n1,2\n3,4\n5,6\n7,\"8\n".to_vec(), 4.0, 2.0),
        ("wide.csv", with_header(&wide("c"), lines(20, &|i| wide(&i.to_string()))), 20.0, 5_000.0),
        ("constant.csv", with_header("a,b\n", lines(70, &|_| "5,5\n".into())), 70.0, 2.0),
        ("missing.csv", with_header("a,b\n", lines(80, &|_| "NA,\n".into())), 80.0, 2.0),
        (
            "words.csv",
            with_header("a,b\n", lines(66, &|i| format!("w{},v{}\n", i % 5, i % 3))),
            66.0,
            2.0,
        ),
    ]
}

fn odd_tables_can_be_searched(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    for (name, content, rows, columns) in strange() {
        let file = scratch.write(name, content);
        assert_eq!(give(&page, &file, 30), Ended::Stands, "{name}");
        assert_eq!(page.number("table-rows"), rows, "{name}");
        let shown = page.number("table-columns");
        assert!(columns.is_nan() || shown == columns, "{name} has {shown} columns");
        if ["ragged.csv", "unclosed.csv", "nul.csv"].contains(&name) {
            assert!(!page.all("notice").is_empty(), "{name} deserves a notice");
        }
        // Where nothing can be found the page says so, by a button that is off or by a sentence.
        page.click("stage-detect");
        if page.attribute("detect-run", "disabled").is_none() {
            page.click("detect-run");
            page.wait(&format!("a word about {name}"), 60, |page| {
                let found = page.value("app-state").as_deref() == Some("detected");
                let error = page.text("job-error");
                if !found && !error.is_empty() {
                    assert_sentence(name, &error);
                }
                (found || !error.is_empty()).then_some(())
            });
        }
    }
    page.load(&shared("nsl-kdd/small-1011.csv"));
}

/// A line of a hundred megabytes, once: making it takes longer than reading it.
#[test]
fn a_line_without_an_end_is_told() {
    let scratch = Scratch::new();
    let file = scratch.write("line.csv", vec![b'x'; 100_000_000]);
    let page = Page::open(Browser::Chromium);
    match give(&page, &file, 60) {
        Ended::Refused(sentence) => assert_sentence("a long line", &sentence),
        Ended::Stands => assert!(page.number("table-rows") <= 1.0),
    }
    page.load(&shared("nsl-kdd/small-1011.csv"));
}

fn a_job_can_be_cancelled(browser: Browser) {
    let scratch = Scratch::new();
    let big = scratch.unpack("kdd99/kddcup.data_10_percent.gz");
    let page = Page::open(browser);
    page.load(&shared("nsl-kdd/small-1011.csv"));
    cancel_on_sight(&page);
    page.give("file-input", &big);
    page.wait("the job to be gone", 10, |page| {
        let seen = page.evaluate("window.cancelled === true") == true;
        (seen && !page.has("job-progress")).then_some(())
    });
    assert_eq!(page.number("table-rows"), 1_011.0, "what stood before stands");
    assert_eq!(page.value("app-state").as_deref(), Some("loaded"));
    page.load(&big);
    page.click("stage-detect");
    cancel_on_sight(&page);
    page.click("detect-run");
    page.wait("the search to be gone", 10, |page| {
        let seen = page.evaluate("window.cancelled === true") == true;
        (seen && !page.has("job-progress")).then_some(())
    });
    assert_eq!(page.number("table-rows"), 494_021.0);
    page.detect();
}

/// Has the button clicked as soon as it is there: jobs are quicker than drivers.
fn cancel_on_sight(page: &Page) {
    page.run(
        "window.cancelled = false;
         const observer = new MutationObserver(() => {
           const button = document.querySelector('[data-testid=\"job-cancel\"]');
           if (!button) return;
           observer.disconnect();
           window.cancelled = true;
           setTimeout(() => button.click());
         });
         observer.observe(document, { subtree: true, childList: true });",
        &json!([]),
    );
}

fn a_second_file_overtakes_the_first(browser: Browser) {
    let scratch = Scratch::new();
    let big = scratch.unpack("kdd99/kddcup.data_10_percent.gz");
    let small = shared("nsl-kdd/small-1011.csv");
    let page = Page::open(browser);
    page.give("file-input", &big);
    page.give("file-input", &small);
    page.wait_for_file(&small, 60);
    assert_eq!(page.number("table-rows"), 1_011.0);
    // Long enough for the first one to come back from the dead, if it could.
    std::thread::sleep(std::time::Duration::from_secs(3));
    assert_eq!(page.number("table-rows"), 1_011.0);
    page.detect();
}

fn a_file_that_vanishes_is_told(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&shared("nsl-kdd/small-1011.csv"));
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    page.load(&file);
    fs::remove_file(&file).expect("it was there");
    // The table is in memory; the text of a row far down is not.
    let other: PathBuf = scratch.write("other.csv", "a,b\n1,2\n".repeat(100_000));
    page.run(
        "const input = document.querySelector('[data-testid=\"file-input\"]');
         window.release = null;
         input.addEventListener('change', (event) => {
           if (window.release) return;
           event.stopImmediatePropagation();
           window.release = () => input.dispatchEvent(new Event('change', { bubbles: true }));
         }, { capture: true });",
        &json!([]),
    );
    page.give("file-input", &other);
    fs::remove_file(&other).expect("it was there");
    page.run("window.release();", &json!([]));
    let sentence = page.wait("a word about the file", 20, |page| {
        let error = page.text("job-error");
        (!error.is_empty()).then_some(error)
    });
    assert_sentence("a vanished file", &sentence);
    assert_eq!(page.number("table-rows"), 22_544.0, "what stood before stands");
    page.load(&shared("nsl-kdd/small-1011.csv"));
}

fn a_worker_that_dies_is_told(browser: Browser) {
    // As one does whose code has a bug.
    worker_dies("throw new Error('told to')", browser);
}

fn a_worker_that_ends_without_a_word_is_told(browser: Browser) {
    // As one does that the browser ends for want of memory: no error is ever heard.
    worker_dies("self.close()", browser);
}

/// The site as it is, but for workers that do `how` when they are told to.
fn worker_dies(how: &str, browser: Browser) {
    let scratch = Scratch::new();
    for entry in fs::read_dir(dist()).expect("the page is built").filter_map(Result::ok) {
        fs::copy(entry.path(), scratch.path().join(entry.file_name())).expect("there is room");
    }
    let (name, script) = script();
    let die = format!(
        "if (typeof document === 'undefined') {{
           new BroadcastChannel('die').onmessage = () => {{ {how}; }}; }}\n"
    );
    scratch.write(&name, die + &script);
    let page = Page::serve(browser, Look::default(), scratch.path(), "/");
    page.go("#workers=2");
    page.wait_for_state("empty", 20);
    page.load(&shared("nsl-kdd/small-1011.csv"));
    page.run("new BroadcastChannel('die').postMessage('now');", &json!([]));
    let sentence = page.wait("a word about the worker", 30, |page| {
        let error = page.text("job-error");
        (!error.is_empty()).then_some(error)
    });
    assert_sentence("a dead worker", &sentence);
    page.load(&scratch.unpack("nsl-kdd/KDDTest+.txt.gz"));
    page.detect();
}
