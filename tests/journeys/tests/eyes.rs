//! Columns that eyes add to a training, and whether they help.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use isoscope::cluster::added::Eyes;
use isoscope::cluster::counting::{Counting, Weights};
use isoscope::cluster::learned::{ClassesBy, SplitBy, TrainSpec, Trained};
use isoscope::cluster::local::Local;
use isoscope::engine::boost::Params;
use isoscope::engine::text::Overrides;
use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::Page;

in_every_browser!(
    added_columns_are_compared_read_and_left_out_by_a_click,
    a_model_with_added_columns_outlives_a_training_that_is_cancelled,
);

/// Four heaps, two of each class: no column alone tells them.
fn heaps(scratch: &Scratch, n_rows: usize) -> PathBuf {
    let mut text = String::from("x,y,word,class\n");
    for row in 0..n_rows {
        let (left, up) = (row % 2, row / 2 % 2);
        let (x, y) = (left * 500 + row * 7919 % 101, up * 500 + row * 104_729 % 97);
        let class = if (left == up) == (row % 37 == 0) { "good" } else { "bad" };
        writeln!(text, "{x},{y},{},{class}", ["tcp", "udp"][row % 3 % 2]).expect("memory");
    }
    scratch.write("heaps.csv", text)
}

fn native(file: &PathBuf, eyes: Eyes) -> Trained {
    let mut local = Local::new(3);
    let file = fs::read(file).expect("it is there");
    local.load(file, &Overrides::default()).expect("a table");
    let spec = TrainSpec {
        target: 3,
        classes: ClassesBy::Against("bad".to_owned()),
        features: vec![0, 1, 2],
        split: SplitBy::Random { share: 0.2 },
        params: Params { depth: 1, n_rounds: 20, ..Params::default() },
        weights: Weights::default(),
        holds_out: false,
        eyes,
        counting: Counting::default(),
        seed: 7,
    };
    (*local.train(spec, &|| false).expect("a model").trained).clone()
}

#[track_caller]
fn train(page: &Page, button: &str, nth: usize) {
    page.click(button);
    page.wait("a model", 120, |page| {
        let is_over = page.value("app-state").as_deref() == Some("trained");
        (is_over && page.all("run").len() == nth).then_some(())
    });
}

fn added_columns_are_compared_read_and_left_out_by_a_click(browser: Browser) {
    let scratch = Scratch::new();
    let file = heaps(&scratch, 800);
    let page = Page::open_at(browser, "#positive=bad&rounds=20&depth=1");
    page.load(&file);
    page.click("stage-classify");
    for eye in ["forest", "lof", "centres"] {
        page.click(&format!("classify-eye-{eye}"));
    }
    train(&page, "classify-run", 1);
    let all = Eyes { forest: true, neighbours: true, centres: true };
    let trained = native(&file, all);
    let helped = trained.helped.expect("they were compared");
    assert_eq!(page.value("eyes").as_deref(), Some("helped"));
    assert_eq!(page.value("eyes-p"), Some(helped.p.to_string()));
    let shares: Vec<String> = page
        .all("eyes-line")
        .iter()
        .map(|line| line["value"].as_str().expect("a share").to_owned())
        .collect();
    let share = |n: u32| (f64::from(n) / f64::from(helped.n_rows)).to_string();
    assert_eq!(shares, helped.right.map(share));
    // They are columns as others are: named, with votes, and muted by a click.
    let first = page.all("votes")[0]["name"].as_str().expect("a name").to_owned();
    assert!(first.starts_with("distance to centre"), "{first}");
    page.click_at(&format!("[data-testid=mute-votes][data-name='{first}']:not([data-step])"));
    page.wait("the votes without it", 20, |page| {
        let said = page.text("muted-votes");
        (said.contains(&first) && said.contains("accuracy on the test")).then_some(())
    });
    page.click("unmute-all");
    page.wait("the address", 10, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str()?.contains("eyes=forest_lof_centres").then_some(())
    });
    // One box less is another training.
    for eye in ["lof", "centres"] {
        page.click(&format!("classify-eye-{eye}"));
    }
    train(&page, "classify-run", 2);
    let forest = Eyes { neighbours: false, centres: false, ..all };
    let helped = native(&file, forest).helped.expect("they were compared");
    assert_eq!(page.value("eyes-p"), Some(helped.p.to_string()));
    if page.value("eyes").as_deref() != Some("helped") {
        train(&page, "eyes-leave-out", 3);
        assert!(!page.has("eyes"), "there are none any more");
    }
}

fn a_model_with_added_columns_outlives_a_training_that_is_cancelled(browser: Browser) {
    let scratch = Scratch::new();
    let file = heaps(&scratch, 4_000);
    let page = Page::open_at(browser, "#positive=bad&rounds=20&depth=1&eyes=centres");
    page.load(&file);
    page.click("stage-classify");
    train(&page, "classify-run", 1);
    let accuracy = page.value("muted-votes");
    page.click("classify-eye-lof");
    // From within the page: a driver's second press might come when all is done.
    page.evaluate(
        "(async () => {
           document.querySelector('[data-testid=classify-run]').click();
           for (let frame = 0; frame < 300; frame++) {
             const cancel = document.querySelector('[data-testid=job-cancel]');
             if (cancel) { cancel.click(); return; }
             await new Promise(requestAnimationFrame);
           }
         })()",
    );
    page.wait("the end of it", 60, |page| (!page.has("job-cancel")).then_some(()));
    // Whether it was cancelled in time or not: what stands counts its votes anew.
    let first = page.all("votes")[0]["name"].as_str().expect("a name").to_owned();
    let mute = format!("[data-testid=mute-votes][data-name='{first}']:not([data-step])");
    page.click_at(&mute);
    page.wait("other votes", 20, |page| (page.value("muted-votes") != accuracy).then_some(()));
    page.click("unmute-all");
    page.wait("all votes", 20, |page| {
        let is_back = page.value("muted-votes") == accuracy || page.all("run").len() == 2;
        is_back.then_some(())
    });
}
