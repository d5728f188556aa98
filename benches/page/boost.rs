//! Classify beside scikit-learn: the same rows, rounds and depths.

use std::{path::Path, time::Instant};

use journeys::files::Scratch;
use journeys::page::Page;

use crate::page::{fresh, measures};
use crate::peers::{self, Boosting};
use crate::{PEER_RUNS, RUNS, median, table::Line};

/// Confidence-rated votes at full rate, every round; a fifth of the rows, drawn at random, judge.
const LESSON: &str = "#workers=2&split=random&test-share=20&learner=confidence&rounds=114&rate=1&\
                      patience=0";

/// What one fresh page needed, in seconds.
#[derive(Debug)]
struct Run {
    /// Finding classes and the split, and gathering the rows.
    prepare: f64,
    /// Growing the trees, and seeing after each how many rows of either side are told right.
    fit: f64,
    /// Classifying every row.
    score: f64,
    /// The share of the test that is told right.
    accuracy: f64,
}

impl Run {
    /// What takes a table to a model.
    fn training(&self) -> f64 {
        self.prepare + self.fit
    }
}

/// Trains stumps and trees of depth 5 on `KDDTrain+`, and scores KDD'99 by stumps.
pub(crate) fn lines(scratch: &Scratch, kdd: &Path) -> Vec<Line> {
    let nsl = scratch.unpack("nsl-kdd/KDDTrain+.txt.gz");
    println!("▸ our page learns to tell attacks apart ({RUNS} runs)");
    let of = |file: &Path, name: &str, depth: u32, part: fn(&Run) -> f64| {
        println!("  {name}, depth {depth}");
        let runs: Vec<f64> = (0..RUNS).map(|_| part(&measure(file, depth))).collect();
        median(&runs)
    };
    let stumps = of(&nsl, "KDDTrain+", 1, Run::training);
    let trees = of(&nsl, "KDDTrain+", 5, Run::training);
    let score = of(kdd, "KDD99", 1, |run| run.score);
    let tune = median(&(0..PEER_RUNS).map(|_| tune(&nsl)).collect::<Vec<_>>());
    println!("▸ scikit-learn's AdaBoost natively (once)");
    let peer = peers::boosting(&nsl, kdd);
    let Boosting { stumps: peer_stumps, trees: peer_trees, score: peer_score } = &peer;
    vec![
        Line::faster("114 stumps on 100,778 rows, fit", stumps, peer_stumps, 40.0, 80.0),
        Line::faster("114 trees of depth 5, the same", trees, peer_trees, 20.0, 50.0),
        Line::faster("classify KDD99 10 % by 114 stumps", score, peer_score, 20.0, 20.0),
        Line::at_most(
            "Tune on the same rows: 20 settings in 5 folds",
            format!("{tune:.1} s"),
            tune,
            " s",
            [60.0, 60.0],
        ),
    ]
}

/// A fresh page that is about to learn from one file: attacks of all kinds against what is normal.
fn lesson(file: &Path, settings: &str) -> Page {
    let page = fresh();
    page.go(settings);
    page.wait_for_state("empty", 20);
    page.give("file-input", file);
    page.wait_for_file(file, 300);
    page.click("stage-classify");
    let positive = page.evaluate("document.querySelector('[data-testid=classify-positive]').value");
    let positive = positive.as_str().unwrap_or_default();
    assert!(positive.starts_with("!normal"), "the page looks for {positive}");
    page
}

/// The seconds that Tune needs for all of its settings, with the page's own defaults: from the press to
/// what it found.
fn tune(file: &Path) -> f64 {
    println!("  KDDTrain+, Tune");
    let page = lesson(file, "#workers=2");
    page.choose("tune-limit", "120");
    let start = Instant::now();
    page.click("tune-run");
    page.wait("settings", 300, |page| page.has("tune-said").then_some(()));
    let seconds = start.elapsed().as_secs_f64();
    let lines = page.all("tune-line");
    assert_eq!(lines.len(), 20, "as many settings");
    let folds: Vec<_> = lines.iter().map(|line| line["folds"].as_str().unwrap_or("0")).collect();
    println!("  {seconds:.1} s; folds of each: {}", folds.join(" "));
    seconds
}

/// Trains on a fresh page.
fn measure(file: &Path, depth: u32) -> Run {
    let page = lesson(file, &format!("{LESSON}&depth={depth}"));
    page.click("classify-run");
    page.wait_for_state("trained", 300);
    let rounds = page.attribute("learning-curve", "data-count");
    assert_eq!(rounds.as_deref(), Some("114"), "every round was learnt");
    let seconds = |name: &str| {
        page.wait(name, 10, |page| {
            let parts = measures(page, name);
            (!parts.is_empty()).then(|| parts.iter().sum::<f64>())
        })
    };
    let run = Run {
        prepare: seconds("boost.prepare"),
        fit: seconds("boost.fit"),
        score: seconds("boost.score"),
        accuracy: accuracy(&page),
    };
    println!("  {run:?}");
    assert!(run.accuracy > 0.98, "fast, and no worse than the peer");
    run
}

/// The share of the test rows that the page says are told right.
fn accuracy(page: &Page) -> f64 {
    let figure =
        |metric: &&serde_json::Value| metric["set"] == "test" && metric["name"] == "accuracy";
    let metrics = page.all("metric");
    let value =
        metrics.iter().find(figure).and_then(|metric| metric["value"].as_str()?.parse().ok());
    value.expect("the test has an accuracy")
}
