//! Our page, measured through its own User Timing marks.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use journeys::browser::{Browser, Look};
use journeys::page::{Page, dist, key};
use journeys::processes;
use serde_json::Value;

/// KDD'99's three text columns: the peers cannot read them, so ours does not either.
const NUMERIC_ONLY: &str =
    "#workers=2&role.protocol_type=ignore&role.service=ignore&role.flag=ignore";

/// What one fresh page needed; seconds and bytes.
#[derive(Debug)]
pub(crate) struct Run {
    /// From the file's arrival to the profile on the screen.
    pub(crate) load: f64,
    /// Growing the trees.
    pub(crate) fit: f64,
    /// Scoring every row.
    pub(crate) score: f64,
    /// Finding the reasons of every row.
    pub(crate) explain: f64,
    /// One move of the threshold to the next paint: the median of twenty.
    pub(crate) drag: f64,
    /// One move of a box drawn in the scatter to the next paint: the median of twenty.
    pub(crate) brush: f64,
    /// From a verdict to the list in its new order: the median of five.
    pub(crate) verdict: f64,
    /// Putting all rows together by their reasons.
    pub(crate) cases: f64,
    /// What the page's processes held at the peak of load and search, less what they held before.
    pub(crate) memory: f64,
}

impl Run {
    /// Fit and score.
    pub(crate) fn forest(&self) -> f64 {
        self.fit + self.score
    }
}

/// A fresh browser that is seldom looked at.
pub(crate) fn fresh() -> Page {
    let between_looks = Duration::from_millis(400);
    Page { between_looks, ..Page::serve(Browser::Chromium, Look::default(), &dist(), "/") }
}

/// Opens a fresh page and takes one file through it.
pub(crate) fn measure(file: &Path) -> Run {
    let page = fresh();
    page.go(NUMERIC_ONLY);
    page.wait_for_state("empty", 20);
    // Workers start and compile; what they hold then is not the table's.
    thread::sleep(Duration::from_millis(500));
    let watch = Watch::start(page.session.renderers());
    page.give("file-input", file);
    page.wait_for_file(file, 300);
    page.detect();
    let memory = watch.stop();
    drag(&page);
    brush(&page);
    judge(&page);
    cases(&page);
    explain(&page);
    let one = |name: &str| measures(&page, name).first().copied();
    let must = |name: &str| one(name).unwrap_or_else(|| panic!("the page measured no {name}"));
    let run = Run {
        load: must("load"),
        fit: must("forest.fit"),
        score: must("forest.score"),
        explain: must("forest.explain"),
        drag: crate::median(&measures(&page, "threshold.update")),
        brush: crate::median(&measures(&page, "brush.update")),
        verdict: crate::median(&measures(&page, "verdict.update")),
        cases: measures(&page, "forest.cases").last().copied().expect("cases were measured"),
        memory,
    };
    println!("  {run:?}");
    run
}

/// Opens a fresh page, gives it one file, and returns the seconds until its profile is shown.
pub(crate) fn load(file: &Path) -> f64 {
    let page = fresh();
    page.go("#workers=2");
    page.wait_for_state("empty", 20);
    thread::sleep(Duration::from_secs(1));
    page.give("file-input", file);
    let seconds = page.wait("the table", 300, |page| measures(page, "load").first().copied());
    assert!(!page.has("job-error"), "{}", page.text("job-error"));
    seconds
}

/// Moves the threshold twenty times, one frame apart at least.
fn drag(page: &Page) {
    page.evaluate("performance.clearMeasures('threshold.update')");
    page.focus("threshold");
    for step in 0..20 {
        page.keys(&[if step < 10 { key::LEFT } else { key::RIGHT }]);
        thread::sleep(Duration::from_millis(50));
    }
}

/// Draws a box of twenty sizes in the scatter, one frame apart at least.
fn brush(page: &Page) {
    page.evaluate(
        "(async () => {
           const plot = document.querySelector('[data-testid=scatter] .density__pointer');
           const { left, top, width, height } = plot.getBoundingClientRect();
           const send = (kind, part) => plot.dispatchEvent(new PointerEvent(kind, {
             clientX: left + part * width, clientY: top + part * height, button: 0, isPrimary: true,
             pointerId: 1, bubbles: true }));
           send('pointerdown', 0.05);
           for (let step = 1; step <= 20; step++) {
             send('pointermove', 0.05 + 0.045 * step);
             await new Promise((done) => setTimeout(done, 50));
           }
           send('pointercancel', 1);
         })()",
    );
}

/// Says five things about the row in the inspector, each after the last was learnt.
fn judge(page: &Page) {
    for n in 1..=5 {
        page.click(if n % 2 == 1 { "verdict-benign" } else { "verdict-real" });
        page.wait("the new order", 60, |page| {
            (measures(page, "verdict.update").len() == n).then_some(())
        });
        // What follows at rest, as cases and bands, is not waited for by anybody.
        thread::sleep(Duration::from_millis(1_500));
    }
}

/// Flags every row, and waits for the cases of all.
fn cases(page: &Page) {
    let before = measures(page, "forest.cases").len();
    page.focus("threshold");
    page.keys(&[key::HOME]);
    page.wait("the cases of all rows", 60, |page| {
        (measures(page, "forest.cases").len() > before).then_some(())
    });
}

/// The seconds that the local outlier factor takes on a fresh page, from learning to the last score.
pub(crate) fn neighbours(file: &Path) -> f64 {
    let page = fresh();
    page.go("#workers=2");
    page.wait_for_state("empty", 20);
    page.give("file-input", file);
    page.wait_for_file(file, 300);
    page.detect();
    thread::sleep(Duration::from_secs(3));
    page.evaluate("performance.clearMeasures()");
    page.click("eye-lof");
    page.wait("the factor of every row", 120, |page| {
        let of = |name| measures(page, name).first().copied();
        Some(of("forest.fit")? + of("forest.score")?)
    })
}

/// Has every row explained: the export writes the reasons of all.
fn explain(page: &Page) {
    page.click("stage-export");
    page.click("export-scored-csv");
    page.wait("the reasons of all rows", 600, |page| {
        (!measures(page, "forest.explain").is_empty()).then_some(())
    });
}

/// The page's measures of this name, in seconds.
pub(crate) fn measures(page: &Page, name: &str) -> Vec<f64> {
    let list = page.evaluate(&format!(
        "performance.getEntriesByName('{name}', 'measure').map((entry) => entry.duration / 1000)"
    ));
    list.as_array().expect("a list").iter().filter_map(Value::as_f64).collect()
}

/// Watches the memory of some processes until told to stop.
struct Watch {
    stop: Arc<AtomicBool>,
    thread: thread::JoinHandle<u64>,
    before: u64,
}

impl Watch {
    fn start(ids: Vec<u32>) -> Self {
        let held = move || ids.iter().map(|&id| processes::resident(id)).sum::<u64>();
        let before = held();
        assert!(before > 0, "the page's processes are found");
        let stop = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                let mut peak = before;
                while !stop.load(Ordering::Relaxed) {
                    peak = peak.max(held());
                    thread::sleep(Duration::from_millis(20));
                }
                peak
            }
        });
        Self { stop, thread, before }
    }

    /// The peak above what was held at the start, in bytes.
    fn stop(self) -> f64 {
        self.stop.store(true, Ordering::Relaxed);
        let peak = self.thread.join().expect("it only reads and compares");
        (peak - self.before) as f64
    }
}
