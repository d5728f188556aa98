//! A model at another file: its rows get classes, and nothing is lost where that cannot be.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use isoscope::cluster::added::Eyes;
use isoscope::cluster::counting::{Counting, Weights};
use isoscope::cluster::learned::{ClassesBy, SplitBy, TrainSpec};
use isoscope::cluster::local::Local;
use isoscope::cluster::source::{Choice, Given};
use isoscope::engine::boost::Params;
use isoscope::engine::text::Overrides;
use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::Page;
use serde_json::{Value, json};

in_every_browser!(
    a_model_goes_to_a_file_without_labels_and_stays_the_same,
    rows_of_the_other_file_are_listed_by_margin_and_by_score,
    what_a_file_lacks_and_how_many_of_its_rows_judge_is_said,
    what_cannot_be_applied_is_said_and_the_model_stays,
);

const N_KNOWN: usize = 400;
const N_LATER: usize = 120;

/// Two classes that two numbers tell nearly.
fn rows(from: usize, n: usize) -> String {
    let mut text = String::from("x,noise,word,class\n");
    for row in from..from + n {
        let (x, noise) = (row * 7 % 10 + 4 * (row % 2), row * 11 % 23);
        let word = ["tcp", "udp", "icmp"][row / 2 % 3];
        // Some labels are wrong: no rule explains them all.
        let class = (row + usize::from(row % 31 == 7)) % 2;
        writeln!(text, "{x},{noise},{word},{}", ["a", "b"][class]).expect("memory");
    }
    text
}

/// The same without some of its columns.
fn without(text: &str, columns: &[usize]) -> String {
    let line = |line: &str| {
        let cells = line.split(',').enumerate().filter(|(at, _)| !columns.contains(at));
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",") + "\n"
    };
    text.lines().map(line).collect()
}

/// The page with a model of a labelled file.
fn open(browser: Browser, scratch: &Scratch) -> (Page, PathBuf) {
    let known = scratch.write("known.csv", rows(0, N_KNOWN));
    let page = Page::open_at(browser, "#positive=b&rounds=20");
    page.load(&known);
    page.click("stage-classify");
    page.click("classify-run");
    page.wait_for_state("trained", 120);
    (page, known)
}

fn unlabelled(scratch: &Scratch) -> PathBuf {
    scratch.write("later.csv", without(&rows(N_KNOWN, N_LATER), &[3]))
}

/// Gives a file to apply the model to, and waits for what it says.
#[track_caller]
fn apply(page: &Page, file: &Path) {
    page.give("test-input", file);
    page.wait("classes of the other file", 60, |page| {
        let is_over = page.value("app-state").as_deref() == Some("trained");
        (is_over && page.has("applied-class")).then_some(())
    });
}

/// All figures, cell by cell.
fn figures(page: &Page) -> Vec<Value> {
    let figures = page.all("metric");
    assert!(!figures.is_empty(), "there are figures");
    figures
}

fn a_model_goes_to_a_file_without_labels_and_stays_the_same(browser: Browser) {
    let scratch = Scratch::new();
    let (page, known) = open(browser, &scratch);
    let later = unlabelled(&scratch);
    let before = figures(&page);
    page.focus("classify-apply");
    let focused = page.evaluate("document.activeElement.dataset.testid");
    assert_eq!(focused, "classify-apply", "a key reaches it");
    assert!(!page.has("applied-class"), "it has not been applied yet");
    apply(&page, &later);
    assert_eq!(figures(&page), before, "the same model, judged by the same rows");
    let said = page.text("no-labels");
    let words = ["later.csv has no labels", "rows of known.csv", "20"];
    assert!(words.iter().all(|word| said.contains(word)), "{said}");
    let head = page.evaluate("document.querySelector('.stage__head').textContent");
    assert!(head.as_str().is_some_and(|head| head.contains("rows kept back")), "{head}");

    // As natively, in three shards.
    let mut local = Local::new(3);
    let given = |path: &Path| Given {
        name: path.file_name().expect("a name").to_string_lossy().into_owned(),
        file: fs::read(path).expect("it is there"),
    };
    let choice = Choice { n_applied: 1, ..Choice::default() };
    let files = [given(&known), given(&later)];
    let answer = local.gather(&files, None, &choice, &Overrides::default());
    answer.expect("a table").expect("nothing is to be asked");
    let spec = TrainSpec {
        target: 3,
        classes: ClassesBy::Against("b".to_owned()),
        features: vec![0, 1, 2],
        split: SplitBy::File { column: 4, name: "later.csv".to_owned(), share: 0.2 },
        params: Params { n_rounds: 20, ..Params::default() },
        weights: Weights::Alike,
        eyes: Eyes::default(),
        holds_out: false,
        seed: 7,
        counting: Counting::default(),
    };
    let trained = local.train(spec, &|| false).expect("a model").trained.clone();
    let applied = trained.applied.as_ref().expect("another file");
    let shown: Vec<(String, String)> = page
        .all("applied-class")
        .iter()
        .map(|line| ["name", "value"].map(|name| line[name].as_str().expect("told").to_owned()))
        .map(|[name, value]| (name, value))
        .collect();
    let counts = applied.of_classes.iter().map(ToString::to_string);
    let expected: Vec<(String, String)> = trained.classes.iter().cloned().zip(counts).collect();
    assert_eq!(shown, expected);
    assert_eq!(applied.of_classes.iter().sum::<u32>() as usize, N_LATER);
    let text = page.exported("known.csv and 1 more-scored.csv");
    let native = local.export(0.5).expect("an export");
    assert!(native == text.as_bytes(), "both files go out, with a class and a margin each");
}

/// Some attribute of the rows in the list, as numbers.
fn listed(page: &Page, testid: &str, name: &str) -> Vec<f64> {
    let number = |row: &Value| row[name].as_str()?.parse().ok();
    page.all(testid).iter().map(|row| number(row).expect("a number")).collect()
}

fn rows_of_the_other_file_are_listed_by_margin_and_by_score(browser: Browser) {
    let scratch = Scratch::new();
    let (page, _) = open(browser, &scratch);
    apply(&page, &unlabelled(&scratch));
    page.click("applied-list");
    let count = N_LATER.to_string();
    page.wait("the rows of the other file", 60, |page| {
        let is_over = page.value("app-state").as_deref() == Some("detected");
        let shown = page.evaluate("document.querySelector('.ranking')?.dataset.count");
        (is_over && shown == count.as_str() && page.has("row-class")).then_some(())
    });
    assert!(page.text("filter-chip").contains("later.csv"), "{}", page.text("filter-chip"));
    let is_new =
        |page: &Page| listed(page, "anomaly-row", "row").iter().all(|&row| row >= N_KNOWN as f64);
    let falls = |numbers: &[f64]| numbers.is_sorted_by(|a, b| a >= b);
    let margins = listed(&page, "row-class", "margin");
    assert!(is_new(&page) && falls(&margins) && margins.len() > 5, "{margins:?}");
    page.wait("the first row", 10, |page| {
        let at = "[...document.querySelectorAll('.ranking [role=row].is-open')]
             .map((row) => row.getAttribute('aria-rowindex')).join()";
        let top = page.evaluate("document.querySelector('.ranking').scrollTop");
        (page.evaluate(at) == "2" && top == 0).then_some(())
    });
    let top = page.attribute("anomaly-row", "data-row");
    assert!(top.is_some(), "a row is listed");
    page.wait("the inspector", 10, |page| {
        (page.attribute("inspector", "data-row") == top).then_some(())
    });
    page.click("by-margin");
    page.wait("the order of scores", 10, |page| {
        falls(&listed(page, "anomaly-row", "score")).then_some(())
    });
    assert!(is_new(&page));
    // Odd rows that the model takes for ordinary are found among them, too.
    page.click("disagreements");
    page.wait("ordinary ones only", 10, |page| {
        let classes = page.all("row-class");
        classes.iter().all(|class| class["value"] == "not b").then_some(())
    });
    assert!(is_new(&page));
}

fn what_a_file_lacks_and_how_many_of_its_rows_judge_is_said(browser: Browser) {
    let scratch = Scratch::new();
    let (page, _) = open(browser, &scratch);
    let text = without(&rows(N_KNOWN, N_LATER), &[1]);
    let line = |(at, line): (usize, &str)| match line.rsplit_once(',') {
        Some((cells, _)) if at > 40 => format!("{cells},\n"),
        _ => format!("{line}\n"),
    };
    let later: String = text.lines().enumerate().map(line).collect();
    apply(&page, &scratch.write("later.csv", later));
    let said = page.text("applied-lacking");
    assert!(said.contains("noise") && !said.contains("word"), "{said}");
    let said = page.text("apply").replace('\u{a0}', " ");
    assert!(said.contains("120 rows 40 judge") && said.contains("80 without a label"), "{said}");
    assert!(!page.has("no-labels"), "there is something to judge by");
}

/// Types a setting, as a person does who leaves the field then.
#[track_caller]
fn set(page: &Page, setting: &str, value: &str) {
    let body = "element.value = argument;
         element.dispatchEvent(new Event('input', { bubbles: true }));
         element.dispatchEvent(new Event('change', { bubbles: true }));
         return element.value;";
    let selector = format!("[data-testid=classify-{setting}]");
    assert_eq!(page.run_on(&selector, body, &json!(value)), value);
}

/// The sentence of the remark that stands.
#[track_caller]
fn remark(page: &Page, with: &str) {
    page.wait(with, 10, |page| {
        let said = page.evaluate("document.querySelector('.toast')?.textContent");
        said.as_str()?.contains(with).then_some(())
    });
}

fn what_cannot_be_applied_is_said_and_the_model_stays(browser: Browser) {
    let scratch = Scratch::new();
    let (page, known) = open(browser, &scratch);
    let before = figures(&page);
    page.give("test-input", &known);
    remark(&page, "known.csv is in the table already");
    let foreign = ["p,1", "q,2"].repeat(N_KNOWN / 2).join("\n");
    for (name, text, word) in
        [("foreign.csv", foreign.as_str(), "other columns"), ("empty.csv", "", "is empty")]
    {
        page.give("test-input", &scratch.write(name, text));
        page.wait(word, 20, |page| page.text("job-error").contains(word).then_some(()));
        assert_eq!(figures(&page), before, "{name}");
        assert_eq!(page.value("table-rows"), Some(N_KNOWN.to_string()));
    }
    // While a job runs, it runs on.
    set(&page, "rounds", "10000");
    set(&page, "depth", "6");
    page.click("classify-run");
    page.wait("a training", 20, |page| page.has("job-progress").then_some(()));
    page.give("test-input", &unlabelled(&scratch));
    remark(&page, "A job is running");
    page.click("job-cancel");
    page.wait_for_state("trained", 60);
    assert!(!page.has("applied-class"));
    set(&page, "rounds", "20");
    apply(&page, &unlabelled(&scratch));
}
