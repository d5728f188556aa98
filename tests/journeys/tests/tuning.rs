//! Which settings do best, whether more rows would help, and trainings side by side.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use isoscope::cluster::added::Eyes;
use isoscope::cluster::counting::{Counting, Weights};
use isoscope::cluster::learned::{ClassesBy, SplitBy, TrainSpec};
use isoscope::cluster::local::Local;
use isoscope::engine::boost::Params;
use isoscope::engine::text::Overrides;
use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::Page;
use serde_json::{Value, json};

in_every_browser!(
    what_tune_finds_goes_into_the_settings,
    tune_keeps_what_it_knows_when_it_is_stopped,
    the_page_says_whether_more_rows_would_help,
    two_trainings_stand_side_by_side_and_go_out,
);

/// Two classes that two numbers tell together, with some noise.
fn labelled(scratch: &Scratch, n_rows: usize) -> PathBuf {
    let mut text = String::from("x,y,word,class\n");
    for row in 0..n_rows {
        let (x, y) = (row * 7919 % 101, row * 104_729 % 97);
        let class = if (x > 50) != (y > 60) || row % 23 == 0 { "bad" } else { "good" };
        writeln!(text, "{x},{y},{},{class}", ["tcp", "udp", "icmp"][row % 3]).expect("memory");
    }
    scratch.write("labelled.csv", text)
}

/// Opens the page with such a file where trainings are.
fn open(browser: Browser, scratch: &Scratch, n_rows: usize) -> Page {
    let file = labelled(scratch, n_rows);
    let page = Page::open_at(browser, "#positive=bad&rounds=20");
    page.load(&file);
    page.click("stage-classify");
    page
}

#[track_caller]
fn train(page: &Page, nth: usize) {
    page.click("classify-run");
    page.wait("a model", 120, |page| {
        let is_over = page.value("app-state").as_deref() == Some("trained");
        (is_over && page.all("run").len() == nth).then_some(())
    });
}

/// Waits until the search is over: then it says what to do.
#[track_caller]
fn tuned(page: &Page) {
    page.wait("settings", 180, |page| page.has("tune-said").then_some(()));
    assert!(!page.has("job-progress"), "the job is over");
}

fn what_tune_finds_goes_into_the_settings(browser: Browser) {
    let scratch = Scratch::new();
    let page = open(browser, &scratch, 800);
    page.choose("tune-limit", "120");
    page.click("tune-run");
    tuned(&page);
    // As natively, whatever the number of shards.
    let mut local = Local::new(3);
    let file = fs::read(labelled(&scratch, 800)).expect("it is there");
    local.load(file, &Overrides::default()).expect("a table");
    let train = TrainSpec {
        target: 3,
        classes: ClassesBy::Against("bad".to_owned()),
        features: vec![0, 1, 2],
        split: SplitBy::Random { share: 0.2 },
        params: Params { n_rounds: 20, ..Params::default() },
        weights: Weights::default(),
        holds_out: false,
        eyes: Eyes::default(),
        counting: Counting::default(),
        seed: 7,
    };
    let native = local
        .tune(
            isoscope::cluster::tuned::TuneSpec { train, seconds: 1e9 },
            &mut isoscope::cluster::conductor::TuneWatch {
                tell: &mut |_, _| {},
                so_far: &mut |_| {},
                is_enough: &|| false,
                now: &|| 0.0,
            },
        )
        .expect("settings");
    let names = ["depth", "rate", "rounds", "value", "folds", "dropped"];
    let line = |line: &Value| names.map(|name| line[name].as_str().expect("it is told").to_owned());
    let mut shown: Vec<[String; 6]> = page.all("tune-line").iter().map(line).collect();
    let mut expected: Vec<[String; 6]> = native
        .tried
        .iter()
        .map(|it| {
            [
                it.depth.to_string(),
                it.rate.to_string(),
                it.n_rounds.to_string(),
                it.error.expect("all were tried").to_string(),
                it.folds.len().to_string(),
                it.is_dropped.to_string(),
            ]
        })
        .collect();
    shown.sort();
    expected.sort();
    assert_eq!(shown, expected);
    // One click puts the best into the settings and the address, one more trains with them.
    page.click("tune-use");
    let chosen = &native.tried[native.chosen.expect("one is chosen") as usize];
    for (setting, value) in [
        ("depth", chosen.depth.to_string()),
        ("rate", chosen.rate.to_string()),
        ("rounds", chosen.n_rounds.to_string()),
    ] {
        let selector = format!("[data-testid=classify-{setting}]");
        page.wait(&format!("{setting} {value}"), 10, |page| {
            let stands = page.run_on(&selector, "return element.value;", &Value::Null);
            (stands == value.as_str()).then_some(())
        });
    }
    page.wait("the address", 10, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str()?.contains(&format!("rounds={}", chosen.n_rounds)).then_some(())
    });
    page.click("tune-train");
    page.wait("a model", 120, |page| (page.all("run").len() == 1).then_some(()));
}

fn tune_keeps_what_it_knows_when_it_is_stopped(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let page = Page::open_at(browser, "#positive=!normal&rounds=1000");
    page.load(&file);
    page.click("stage-classify");
    page.choose("tune-limit", "120");
    page.click("tune-run");
    page.wait("a fit", 120, |page| {
        let has_fits = page.all("tune-line").iter().any(|line| line["folds"] != "0");
        (has_fits && page.text("job-cancel") == "Stop here").then_some(())
    });
    page.click("job-cancel");
    tuned(&page);
    let lines = page.all("tune-line");
    assert_eq!(lines.len(), 20);
    let n_known = lines.iter().filter(|line| line["folds"] != "0").count();
    assert!((1..20).contains(&n_known), "{n_known} settings are known");
    let said = page.text("tune");
    assert!(said.contains("You stopped it"), "{said}");
    assert!(page.has("tune-use"));
}

fn the_page_says_whether_more_rows_would_help(browser: Browser) {
    let scratch = Scratch::new();
    let page = open(browser, &scratch, 2_000);
    train(&page, 1);
    page.click("curve-by-rows");
    page.click("by-rows-run");
    page.wait("the curve", 120, |page| page.has("by-rows-said").then_some(()));
    let points = page.all("curve-rows");
    let rows = points.iter().filter_map(|point| point["rows"].as_str()?.parse::<u32>().ok());
    // Parts are drawn class by class, each to the nearest row.
    for (n, wanted) in rows.zip([100, 200, 400, 800, 1_600]) {
        assert!(n.abs_diff(wanted) <= 1, "{n} rows are not {wanted}");
    }
    assert_eq!(points.len(), 5);
    // The last point is the model's own.
    let accuracy = page.run_on(
        "[data-testid=metric][data-name=accuracy][data-set=test]",
        "return element.dataset.value;",
        &Value::Null,
    );
    let number = |value: &Value| value.as_str().and_then(|it| it.parse::<f64>().ok());
    let sum = number(&accuracy).expect("a figure") + number(&points[4]["value"]).expect("a share");
    assert!((sum - 1.0).abs() < 1e-12, "{sum}");
    let said = page.text("by-rows-said");
    assert!(said.starts_with("Twice the rows"), "{said}");
    page.click("curve-by-rounds");
    page.wait("the rounds", 10, |page| (page.all("curve-round").len() == 20).then_some(()));
}

fn two_trainings_stand_side_by_side_and_go_out(browser: Browser) {
    let scratch = Scratch::new();
    let page = open(browser, &scratch, 800);
    train(&page, 1);
    page.run_on(
        "[data-testid=classify-depth]",
        "element.value = '1'; element.dispatchEvent(new Event('input', { bubbles: true }));",
        &Value::Null,
    );
    train(&page, 2);
    assert!(!page.has("run-diff"));
    page.click_at("[data-testid=run]:nth-child(2) [data-testid=run-tick]");
    page.click_at("[data-testid=run]:nth-child(1) [data-testid=run-tick]");
    page.wait("a comparison", 10, |page| page.has("run-diff").then_some(()));
    let settings = page.all("run-diff-setting");
    assert_eq!(settings, [json!({ "testid": "run-diff-setting", "name": "depth" })]);
    let figures = page.all("run-diff-figure");
    let accuracy = figures.iter().find(|it| it["name"] == "accuracy").expect("it is compared");
    // An exclusive or is nothing for stumps.
    let difference: f64 = accuracy["value"].as_str().expect("a figure").parse().expect("a number");
    assert!(difference < -0.1 && accuracy["overlap"] == "apart", "{accuracy}");
    let text = page.saved_by("runs-export", "isoscope-runs.csv");
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.starts_with("file,fingerprint,ended,seconds,target,"), "{text}");
    // Another file's are listed apart, and beside these where a person wants them.
    page.load(&labelled(&scratch, 900));
    page.click("stage-classify");
    train(&page, 1);
    page.click("runs-all");
    page.wait("trainings of both files", 10, |page| (page.all("run").len() == 3).then_some(()));
    page.click_at("[data-testid=run]:nth-child(1) [data-testid=run-tick]");
    page.click_at("[data-testid=run]:nth-child(2) [data-testid=run-tick]");
    page.wait("a comparison", 10, |page| {
        page.all("run-diff-setting").iter().any(|setting| setting["name"] == "file").then_some(())
    });
    page.click("runs-all");
    page.wait("its own alone", 10, |page| (page.all("run").len() == 1).then_some(()));
}
