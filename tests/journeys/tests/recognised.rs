//! What was recognised can be said otherwise, and what was repaired can be seen and chosen.

use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::Page;
use serde_json::{Value, json};

in_every_browser!(another_reading_is_previewed_before_it_is_read, repairs_are_shown_and_chosen,);

fn wait_for_columns(page: &Page, n_columns: u32) {
    page.wait(&format!("{n_columns} columns"), 20, |page| {
        let is_done = page.value("app-state").as_deref() == Some("loaded");
        (is_done && page.value("table-columns") == Some(n_columns.to_string())).then_some(())
    });
}

fn another_reading_is_previewed_before_it_is_read(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.write("two.csv", "a;b,c\n1;2,5\n3;4,5\n5;6,5\n");
    let page = Page::open(browser);
    page.load(&file);
    wait_for_columns(&page, 2);
    page.click("recognised-open");
    page.choose("load-delimiter", "comma");
    page.wait("the first rows, read otherwise", 20, |page| {
        (page.all("draft-row").len() == 3).then_some(())
    });
    assert!(page.text("draft").contains("1;2"), "{}", page.text("draft"));
    assert!(!page.has("preview-row"), "the rows as they stand give way");
    page.click("draft-back");
    page.wait("the rows as they stand", 20, |page| page.has("preview-row").then_some(()));
    let delimiter =
        page.run_on("[data-testid=load-delimiter]", "return element.value;", &Value::Null);
    assert_eq!(delimiter, "semicolon", "what was taken back is no longer said");
    page.choose("load-delimiter", "pipe");
    page.wait("a preview", 20, |page| page.has("draft-row").then_some(()));
    page.click("draft-read");
    wait_for_columns(&page, 1);
    page.wait("the address", 5, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str().is_some_and(|hash| hash.contains("delimiter=pipe")).then_some(())
    });
    page.click("load-recognise");
    wait_for_columns(&page, 2);
}

fn repairs_are_shown_and_chosen(browser: Browser) {
    let scratch = Scratch::new();
    let rows: Vec<String> = (0..40).map(|i| format!("{i},x{i},{}", i * 7)).collect();
    let rows = rows.join("\n") + "\n";
    let file = scratch.write("short.csv", format!("n,name,size\n{rows}40,x40\n41,x41,9\n"));
    let page = Page::open(browser);
    page.load(&file);
    assert_eq!(page.number("table-rows"), 42.0);
    let notices = page.all("notice");
    let short = notices.iter().find(|notice| notice["kind"] == "short-row");
    let short = short.unwrap_or_else(|| panic!("no short row among {notices:?}"));
    assert_eq!((&short["count"], &short["lines"]), (&json!("1"), &json!("42")));
    let example =
        page.run_on("[data-kind=short-row] .example", "return element.textContent;", &Value::Null);
    assert!(example.as_str().is_some_and(|text| text.contains("40,x40")), "{example}");
    page.choose("treat-short-row", "drop");
    page.wait("the row to be left out", 20, |page| {
        (page.value("table-rows").as_deref() == Some("41")).then_some(())
    });
    page.wait("the address", 5, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str().is_some_and(|hash| hash.contains("treat.short-row=drop")).then_some(())
    });
    // What stands further right in an export than its header is told there, until it is left out.
    page.load(&scratch.write("long.csv", format!("n,name,size\n{rows}40,x40,280,9,9\n41,x41,9\n")));
    page.click("stage-export");
    page.wait("a word about long rows", 10, |page| {
        page.text("export-shifted").contains("Long rows: 1.").then_some(())
    });
    page.click("stage-load");
    page.choose("treat-long-row", "drop");
    page.wait("the row to be left out", 20, |page| {
        (page.value("table-rows").as_deref() == Some("41")).then_some(())
    });
    page.click("stage-export");
    page.wait("the export", 10, |page| page.has("export-scored-csv").then_some(()));
    assert!(!page.has("export-shifted"));
}
