//! Back and Forward: stages are steps, and nothing that was done is lost by them.

use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::Page;
use serde_json::Value;

in_every_browser!(
    back_and_forward_go_from_stage_to_stage_and_lose_nothing,
    an_address_that_is_pasted_still_says_everything,
);

/// The stage that is open, once it is this one.
#[track_caller]
fn wait_for_stage(page: &Page, stage: &str) {
    page.wait(stage, 10, |page| {
        let is_on = page.evaluate("document.querySelector('[aria-current=step]')?.dataset.testid");
        let stands =
            page.evaluate("new URLSearchParams(location.hash.slice(1)).get('stage') ?? 'load'");
        (is_on == format!("stage-{stage}").as_str() && stands == stage).then_some(())
    });
}

fn scores(page: &Page) -> Vec<Value> {
    page.all("anomaly-row").iter().map(|row| row["score"].clone()).collect()
}

fn back_and_forward_go_from_stage_to_stage_and_lose_nothing(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.evaluate("window.isTheSame = true");
    page.load(&scratch.write("a.csv", rows()));
    page.click("stage-inspect");
    wait_for_stage(&page, "inspect");
    page.detect();
    let before = scores(&page);
    page.click("stage-export");
    wait_for_stage(&page, "export");
    let n_entries = page.evaluate("history.length");
    for stage in ["detect", "inspect", "load"] {
        page.evaluate("history.back()");
        wait_for_stage(&page, stage);
    }
    for stage in ["inspect", "detect"] {
        page.evaluate("history.forward()");
        wait_for_stage(&page, stage);
    }
    assert_eq!(page.value("app-state").as_deref(), Some("detected"), "nothing runs again");
    page.wait("the same rows", 10, |page| (scores(page) == before).then_some(()));
    assert_eq!(page.evaluate("history.length"), n_entries, "Back and Forward add no steps");
    assert_eq!(page.evaluate("window.isTheSame"), true, "it is the same page");
}

fn an_address_that_is_pasted_still_says_everything(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&scratch.write("a.csv", rows()));
    page.click("stage-inspect");
    wait_for_stage(&page, "inspect");
    page.evaluate("location.hash = 'stage=detect&seed=77&trees=33'");
    wait_for_stage(&page, "detect");
    // Back goes to the stage alone: what the pasted address said of the forest still holds.
    page.evaluate("history.back()");
    wait_for_stage(&page, "inspect");
    page.wait("its settings in the address", 10, |page| {
        let hash = page.evaluate("location.hash").as_str()?.to_owned();
        (hash.contains("seed=77") && hash.contains("trees=33")).then_some(())
    });
}

fn rows() -> String {
    let line = |row: u32| format!("{},{},{}\n", row * 7 % 10, row * 11 % 23, row * row % 41);
    std::iter::once("x,y,z\n".to_owned()).chain((0..300).map(line)).collect()
}
