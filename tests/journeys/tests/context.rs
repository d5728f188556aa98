//! What stands around an odd row: other eyes, similar rows, rules, boxes drawn in charts, baselines.

use std::fmt::Write;
use std::path::PathBuf;

use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::{Page, key};
use serde_json::Value;

in_every_browser!(
    several_eyes_look_at_the_same_rows,
    rows_that_a_rule_mutes_are_listed_no_more,
    a_box_drawn_in_a_chart_lists_its_rows,
    a_baseline_is_compared_with_the_rest,
    similar_rows_lead_to_one_another,
);

const N_ROWS: usize = 900;

/// Two thirds of the rows are of kind `a`; later rows are larger, and know a kind of their own.
fn table(scratch: &Scratch) -> PathBuf {
    let mut text = String::from("time,kind,bytes,ms\n");
    for row in 0..N_ROWS {
        let (minute, second) = (row / 60, row % 60);
        let is_late = row >= N_ROWS / 2;
        let kind = match row {
            700..720 => "new",
            _ if row % 3 == 0 => "b",
            _ => "a",
        };
        let bytes = row * 7 % 90 + if is_late { 60 } else { 0 };
        let ms = if row % 300 == 33 { 9_000 } else { row * 11 % 50 };
        writeln!(text, "2026-05-04T10:{minute:02}:{second:02}Z,{kind},{bytes},{ms}")
            .expect("memory");
    }
    scratch.write("context.csv", text)
}

fn listed(page: &Page) -> usize {
    let count = page.evaluate("document.querySelector('.ranking').dataset.count");
    count.as_str().and_then(|count| count.parse().ok()).expect("a list has a length")
}

fn wait_for_listed(page: &Page, n: usize) {
    page.wait(&format!("{n} rows in the ranked list"), 10, |page| {
        (listed(page) == n).then_some(())
    });
}

/// Presses something that stands in the inspector: in a narrow window that is a sheet, which nobody has
/// opened yet.
fn press(page: &Page, selector: &str) {
    page.run_on(selector, "element.click();", &Value::Null);
}

fn wait_for_eye(page: &Page, eye: &str) {
    let id = format!("eye-{eye}");
    page.wait("another eye's scores", 20, |page| {
        let is_on = page.attribute(&id, "aria-pressed").as_deref() == Some("true");
        (is_on && page.value("app-state")? == "detected" && page.has("anomaly-row")).then_some(())
    });
}

fn several_eyes_look_at_the_same_rows(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&table(&scratch));
    page.detect();
    let scores = |page: &Page| -> Vec<Value> {
        page.all("anomaly-row").iter().map(|row| row["score"].clone()).collect()
    };
    let forest = page.wait("the forest's rows", 10, |page| {
        let scores = scores(page);
        (scores.len() > 5).then_some(scores)
    });
    for eye in ["extended", "lof", "consensus"] {
        page.focus(&format!("eye-{eye}"));
        page.keys(&[key::ENTER]);
        wait_for_eye(&page, eye);
        page.wait("the eye in the address", 10, |page| {
            let address = page.evaluate("location.hash");
            address.as_str()?.contains(&format!("eye={eye}")).then_some(())
        });
    }
    assert!(page.text("agreement").contains("isolation forest"), "{}", page.text("agreement"));
    page.wait("what each eye makes of the row", 10, |page| {
        (page.all("sight").len() == 4).then_some(())
    });
    page.click("eye-forest");
    wait_for_eye(&page, "forest");
    page.wait("the forest's rows as they were", 10, |page| {
        let again = scores(page);
        (again.len() >= forest.len() && again[..forest.len()] == forest).then_some(())
    });
}

fn rows_that_a_rule_mutes_are_listed_no_more(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open_at(browser, "#filter.kind=is%20a");
    let file = table(&scratch);
    page.load(&file);
    page.detect();
    page.wait("the filter", 10, |page| page.has("mute-filtered").then_some(()));
    page.click("mute-filtered");
    let left = (0..N_ROWS).filter(|row| row % 3 == 0 || (700..720).contains(row)).count();
    wait_for_listed(&page, left);
    assert!(page.text("muted").contains("kind is a"), "{}", page.text("muted"));
    // The address keeps it.
    let address = page.wait("the rule in the address", 10, |page| {
        let hash = page.evaluate("location.hash").as_str()?.to_owned();
        hash.contains("mute=").then_some(hash)
    });
    page.session.post("/url", &serde_json::json!({"url": "about:blank"}));
    page.go(&address);
    page.wait_for_state("empty", 20);
    page.load(&file);
    page.detect();
    wait_for_listed(&page, left);
    page.click_at("[data-testid=mute-rule] button");
    wait_for_listed(&page, N_ROWS);
}

fn a_box_drawn_in_a_chart_lists_its_rows(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open_at(browser, "#x=bytes&y=ms&x-scale=linear&y-scale=linear");
    page.load(&table(&scratch));
    page.detect();
    page.wait("the chart", 10, |page| {
        let is_there = "!!document.querySelector('[data-testid=scatter] .density__pointer')";
        let is_painted =
            "document.querySelector('[data-testid=scatter] .density__pointer')?.clientWidth > 50";
        (page.evaluate(is_there) == true && page.evaluate(is_painted) == true).then_some(())
    });
    // The upper half: the rows that took long.
    page.run_on(
        "[data-testid=scatter] .density__pointer",
        "const { left, top, width, height } = element.getBoundingClientRect();
         const send = (kind, x, y) => element.dispatchEvent(new PointerEvent(kind, {
           clientX: left + x * width, clientY: top + y * height, button: 0, isPrimary: true, pointerId: 1,
           bubbles: true }));
         send('pointerdown', -0.02, -0.02);
         send('pointermove', 0.5, 0.2);
         send('pointermove', 1.02, 0.5);
         send('pointerup', 1.02, 0.5);",
        &Value::Null,
    );
    wait_for_listed(&page, (0..N_ROWS).filter(|row| row % 300 == 33).count());
    page.wait("the filter as a chip", 10, |page| page.has("filter-chip").then_some(()));
    press(&page, "[data-testid=chip-remove]");
    wait_for_listed(&page, N_ROWS);
}

fn a_baseline_is_compared_with_the_rest(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&table(&scratch));
    page.detect();
    assert!(!page.has("drift"), "there is nothing to compare all rows with");
    page.choose("detect-train-on", "time");
    page.wait("the first half of the time", 10, |page| {
        let until =
            page.evaluate("document.querySelector('[data-testid=detect-train-until]')?.value");
        until.as_str().is_some_and(|until| until.starts_with("2026-05-04 10:07")).then_some(())
    });
    page.click("detect-run");
    let drifted = page.wait("the drift of each column", 20, |page| {
        let columns = page.all("drift-column");
        (!columns.is_empty()).then_some(columns)
    });
    assert_eq!(drifted[0]["name"], "bytes", "later rows are larger");
    let psi = |column: &Value| column["psi"].as_str().and_then(|psi| psi.parse::<f64>().ok());
    assert!(psi(&drifted[0]).is_some_and(|psi| psi > 0.25), "{:?}", drifted[0]);
    assert!(page.text("drift").contains("new (20)"), "{}", page.text("drift"));
    page.run(
        "[...document.querySelectorAll('[data-testid=unseen]')].find(
           (chip) => chip.textContent.startsWith('new')).click();",
        &Value::Array(vec![]),
    );
    wait_for_listed(&page, 20);
}

fn similar_rows_lead_to_one_another(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open_at(browser, "#row=33");
    page.load(&table(&scratch));
    page.detect();
    page.wait("the row", 10, |page| {
        (page.attribute("inspector", "data-row").as_deref() == Some("33")).then_some(())
    });
    press(&page, "[data-testid=similar] summary");
    let first = page.wait("similar rows", 10, |page| page.all("similar-row").first().cloned());
    let near: f64 = first["value"].as_str().and_then(|v| v.parse().ok()).expect("a number");
    assert!(near > 0.0 && near <= 1.0, "{first}");
    let row = first["row"].as_str().expect("a row").to_owned();
    press(&page, "[data-testid=similar-row]");
    page.wait("the other row", 10, |page| {
        (page.attribute("inspector", "data-row").as_deref() == Some(&row)).then_some(())
    });
}
