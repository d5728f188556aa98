//! The whole way without a mouse.

use journeys::browser::Browser;
use journeys::page::{Page, key};

in_every_browser!(the_whole_way_by_keyboard);

/// Presses Tab until this element has the focus.
fn tab_to(page: &Page, testid: &str) {
    let mut met = Vec::new();
    for _ in 0..200 {
        page.keys(&[key::TAB]);
        let focused = page.focused();
        if focused.as_deref() == Some(testid) {
            return;
        }
        met.push(focused.unwrap_or_default());
    }
    met.dedup();
    panic!("Tab does not lead to {testid}; it met {met:?}");
}

fn the_whole_way_by_keyboard(browser: Browser) {
    let page = Page::open(browser);
    tab_to(&page, "sample-office");
    page.keys(&[key::ENTER]);
    page.wait_for_state("loaded", 30);
    tab_to(&page, "stage-detect");
    page.keys(&[key::ENTER]);
    tab_to(&page, "detect-run");
    page.keys(&[key::ENTER]);
    page.wait_for_state("detected", 60);
    tab_to(&page, "threshold");
    let before = page.number("threshold");
    page.keys(&[key::RIGHT, key::RIGHT]);
    page.wait("a higher threshold", 5, |page| (page.number("threshold") > before).then_some(()));
    tab_to(&page, "anomaly-row");
    page.keys(&[key::DOWN, key::ENTER]);
    page.wait("the inspector", 10, |page| page.has("inspector-sentence").then_some(()));
}
