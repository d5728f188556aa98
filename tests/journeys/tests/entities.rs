//! From the oddest of those who take part to their rows, and from a row to those around it.

use std::fmt::Write;

use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::Page;
use serde_json::{Value, json};

in_every_browser!(who_takes_part_is_told_with_lanes, from_a_row_there_are_ways_to_those_around_it,);

/// Seconds between two rows.
const STEP: usize = 7;
const N_ROWS: usize = 2_000;

/// Twenty hosts talk by turns; for some minutes one of them alone, and much.
fn host(row: usize) -> usize {
    if (1_000..1_040).contains(&row) { 7 } else { 1 + row * 13 % 20 }
}

fn rows_of(of: usize) -> Vec<usize> {
    (0..N_ROWS).filter(|&row| host(row) == of).collect()
}

fn talk(scratch: &Scratch) -> std::path::PathBuf {
    let mut text = String::from("time,src,service,bytes,ms\n");
    for row in 0..N_ROWS {
        let seconds = 9 * 3_600 + row * STEP;
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let bytes = if (1_000..1_040).contains(&row) { 90_000 + row } else { row % 37 };
        let service = ["dns", "http", "ssh"][row % 3];
        let host = host(row);
        writeln!(
            text,
            "2026-05-04T{hour:02}:{minute:02}:{second:02}Z,10.0.0.{host},{service},{bytes},{}",
            row % 11
        )
        .expect("memory");
    }
    scratch.write("talk.csv", text)
}

fn wait_for_listed(page: &Page, n: usize) {
    page.wait(&format!("{n} rows in the ranked list"), 10, |page| {
        let count = page.evaluate("document.querySelector('.ranking').dataset.count");
        (count.as_str() == Some(&n.to_string())).then_some(())
    });
}

fn wait_for_page(page: &Page, told: &str, n_lines: usize) {
    page.wait(told, 10, |page| {
        let is_there = page.text("entity-page") == told && page.all("entity").len() == n_lines;
        is_there.then_some(())
    });
}

fn who_takes_part_is_told_with_lanes(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&talk(&scratch));
    page.detect();
    page.wait("all hosts", 10, |page| {
        (page.attribute("entities", "data-count").as_deref() == Some("20")).then_some(())
    });
    wait_for_page(&page, "1–12 of 20", 12);
    let first = page.all("entity").swap_remove(0);
    assert_eq!(first["name"], "10.0.0.7");
    assert_eq!(first["rows"], rows_of(7).len().to_string());
    let flagged: usize = first["flagged"].as_str().and_then(|n| n.parse().ok()).expect("a number");
    assert!(flagged > 0 && flagged as f64 <= page.number("flagged-count"), "{first}");

    // A mark of its lane opens the oddest row of that moment.
    page.wait("the marks of the first lane", 10, |page| {
        let marks = "document.querySelectorAll('[data-testid=lane] path[class*=odd]').length";
        (page.evaluate(marks) != 0).then_some(())
    });
    assert_eq!(page.all("lane").len(), 12);
    page.run_on(
        "[data-testid=lane] path[class*=odd]",
        "const { left, top } = element.getBoundingClientRect();
         const at = { clientX: left + 3, clientY: top + 3, bubbles: true };
         element.parentElement.dispatchEvent(new MouseEvent('click', at));",
        &Value::Null,
    );
    page.wait("a row of the burst in the inspector", 10, |page| {
        let row: usize = page.attribute("inspector", "data-row")?.parse().ok()?;
        (1_000..1_040).contains(&row).then_some(())
    });
    let top = first["row"].as_str().expect("a row").to_owned();
    page.click_at("[data-testid=entity] .entity__score");
    page.wait("the strongest row in the inspector", 10, |page| {
        (page.attribute("inspector", "data-row").as_deref() == Some(&top)).then_some(())
    });

    // A name lists its rows, another one those of another, and pressed again all.
    wait_for_listed(&page, N_ROWS);
    let name = |host: usize| format!("[data-name='10.0.0.{host}'] .entity__name");
    let second = page.all("entity").swap_remove(1);
    let second = second["name"].as_str().and_then(|name| name.strip_prefix("10.0.0."));
    let second = second.and_then(|host| host.parse().ok()).expect("a host");
    page.click_at(&name(7));
    wait_for_listed(&page, rows_of(7).len());
    page.click_at(&name(second));
    wait_for_listed(&page, rows_of(second).len());
    page.click_at(&name(second));
    wait_for_listed(&page, N_ROWS);

    page.click_at(".entities__pages button:last-of-type");
    wait_for_page(&page, "13–20 of 20", 8);
    page.choose("entity-column", "service");
    page.wait("the services", 10, |page| {
        let names: Vec<Value> =
            page.all("entity").iter().map(|entity| entity["name"].clone()).collect();
        (names.len() == 3 && names.contains(&json!("ssh"))).then_some(())
    });
    page.wait("the choice in the address", 10, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str().is_some_and(|hash| hash.contains("who=service")).then_some(())
    });
}

fn from_a_row_there_are_ways_to_those_around_it(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open_at(browser, "#row=1010");
    page.load(&talk(&scratch));
    page.detect();
    page.wait("the ways from the row", 10, |page| {
        let is_there = page.attribute("inspector", "data-row").as_deref() == Some("1010");
        (is_there && page.all("around").len() == 3).then_some(())
    });
    let near = |seconds: usize| {
        let is_near = |row: &&usize| row.abs_diff(1_010) * STEP <= seconds;
        rows_of(7).iter().filter(is_near).count()
    };
    // In a narrow window the inspector is a sheet, which nobody has opened yet.
    let press = |n: usize| {
        let selector = format!("[data-testid=around]:nth-of-type({n})");
        page.run_on(&selector, "element.click();", &Value::Null);
    };
    press(2);
    wait_for_listed(&page, near(600));
    press(3);
    wait_for_listed(&page, near(3_600));
    press(1);
    wait_for_listed(&page, rows_of(7).len());
    press(1);
    wait_for_listed(&page, N_ROWS);
}
