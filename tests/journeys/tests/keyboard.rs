//! The whole way without a mouse.

use journeys::browser::Browser;
use journeys::page::{Page, key};
use serde_json::json;

in_every_browser!(the_whole_way_by_keyboard);

/// Presses Tab until what a selector finds has the focus.
fn tab_to(page: &Page, selector: &str) {
    let mut met = Vec::new();
    for _ in 0..200 {
        page.keys(&[key::TAB]);
        let script = "const focused = document.activeElement;
             return [focused.matches(arguments[0]), focused.outerHTML.slice(0, 60)];";
        let answer = page.run(script, &json!([selector]));
        if answer[0] == true {
            return;
        }
        met.push(answer[1].to_string());
    }
    met.dedup();
    panic!("Tab does not lead to {selector}; it met {met:#?}");
}

fn tab_to_name(page: &Page, testid: &str) {
    tab_to(page, &format!("[data-testid='{testid}']"));
}

fn the_whole_way_by_keyboard(browser: Browser) {
    let page = Page::open(browser);
    tab_to_name(&page, "sample-office");
    page.keys(&[key::ENTER]);
    page.wait_for_state("loaded", 30);
    tab_to_name(&page, "stage-detect");
    page.keys(&[key::ENTER]);
    tab_to_name(&page, "detect-run");
    page.keys(&[key::ENTER]);
    page.wait_for_state("detected", 60);
    tab_to_name(&page, "threshold");
    let before = page.number("threshold");
    page.keys(&[key::RIGHT, key::RIGHT]);
    page.wait("a higher threshold", 5, |page| (page.number("threshold") > before).then_some(()));
    tab_to(&page, "[role='grid']:has([data-testid='anomaly-row'])");
    page.keys(&[key::DOWN, key::ENTER]);
    page.wait("the inspector", 10, |page| page.has("inspector-sentence").then_some(()));
}
