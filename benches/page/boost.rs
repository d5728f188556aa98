//! Classify beside scikit-learn: the same rows, rounds and depths.

use std::path::Path;

use journeys::browser::{Browser, Look};
use journeys::files::Scratch;
use journeys::page::{Page, dist};

use crate::page::measures;
use crate::peers::{self, Boosting};
use crate::{RUNS, median, table::Line};

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
    println!("▸ scikit-learn's AdaBoost natively (once)");
    let peer = peers::boosting(&nsl, kdd);
    let Boosting { stumps: peer_stumps, trees: peer_trees, score: peer_score } = &peer;
    vec![
        Line::faster("114 stumps on 100,778 rows, fit", stumps, peer_stumps, 40.0, 80.0),
        Line::faster("114 trees of depth 5, the same", trees, peer_trees, 20.0, 50.0),
        Line::faster("classify KDD99 10 % by 114 stumps", score, peer_score, 20.0, 20.0),
    ]
}

/// Opens a fresh page and trains on one file: attacks of all kinds against what is normal.
fn measure(file: &Path, depth: u32) -> Run {
    let page = Page::serve(Browser::Chromium, Look::default(), &dist(), "/");
    page.go(&format!("{LESSON}&depth={depth}"));
    page.wait_for_state("empty", 20);
    page.give("file-input", file);
    page.wait_for_file(file, 300);
    page.click("stage-classify");
    let positive = page.evaluate("document.querySelector('[data-testid=classify-positive]').value");
    let positive = positive.as_str().unwrap_or_default();
    assert!(positive.starts_with("!normal"), "the page looks for {positive}");
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
