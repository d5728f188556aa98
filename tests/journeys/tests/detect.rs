//! From a table to its odd rows, and why.

use std::cell::Cell;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use isoscope::cluster::local::Local;
use isoscope::engine::forest::ForestParams;
use isoscope::engine::text::Overrides;
use isoscope::protocol::Role;
use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::{Page, key};
use serde_json::Value;

in_every_browser!(
    odd_rows_are_ranked_with_reasons,
    the_threshold_moves_by_keyboard,
    contributions_add_up_to_the_path,
    the_number_of_workers_cannot_be_seen,
    the_address_holds_the_recipe,
    the_scored_csv_is_the_file_and_more,
    what_is_said_about_a_row_moves_its_like,
    a_muted_column_takes_no_part,
);

/// The rows of the ranked list that are in view.
fn ranked(page: &Page) -> Vec<(u64, f64, String)> {
    let word = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    page.all("anomaly-row")
        .iter()
        .map(|row| {
            let number = word(row, "row").parse().expect("data-row is a number");
            let score = word(row, "score").parse().expect("data-score is a number");
            (number, score, word(row, "why"))
        })
        .collect()
}

/// The first five rows of the ranked list, once it has its size and they have their reasons, which
/// come after the scores.
fn ranked_with_reasons(page: &Page) -> Vec<(u64, f64, String)> {
    let before = Cell::new(0);
    page.wait("the reasons of the rows in view", 20, |page| {
        let mut rows = ranked(page);
        let has_its_size = rows.len() >= 5 && before.replace(rows.len()) == rows.len();
        rows.truncate(5);
        (has_its_size && rows.iter().all(|(.., why)| !why.is_empty())).then_some(rows)
    })
}

fn odd_rows_are_ranked_with_reasons(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&scratch.unpack("nsl-kdd/KDDTest+.txt.gz"));
    page.detect();
    let rows = ranked_with_reasons(&page);
    for pair in rows.windows(2) {
        let ((a_row, a, _), (b_row, b, _)) = (&pair[0], &pair[1]);
        assert!(a > b || (a == b && a_row < b_row), "score descending, then row: {pair:?}");
    }
    assert!(rows.iter().all(|(_, score, _)| *score > 0.5 && *score <= 1.0), "{rows:?}");
    assert!(page.has("score-histogram"));
    let (flagged, tied) = (page.number("flagged-count"), page.number("tied-count"));
    assert!(flagged >= 0.0 && tied >= 0.0 && flagged <= 22_544.0);
}

fn the_threshold_moves_by_keyboard(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&scratch.unpack("nsl-kdd/KDDTest+.txt.gz"));
    page.detect();
    page.focus("threshold");
    let (threshold, flagged) = (page.number("threshold"), page.number("flagged-count"));
    page.keys(&[key::LEFT; 12]);
    let lower = page.wait("a lower threshold", 5, |page| {
        let now = page.number("threshold");
        (now < threshold).then_some(now)
    });
    let more = page.number("flagged-count");
    assert!(more >= flagged, "{flagged} rows at {threshold}, {more} at {lower}");
    page.keys(&[key::HOME]);
    page.wait("every row flagged at the lowest threshold", 5, |page| {
        (page.number("flagged-count") == 22_544.0).then_some(())
    });
}

fn contributions_add_up_to_the_path(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    page.load(&scratch.unpack("nsl-kdd/KDDTest+.txt.gz"));
    page.detect();
    let (row, score, why) = ranked_with_reasons(&page).swap_remove(0);
    page.click("anomaly-row");
    let contributions = page.wait("the inspector", 10, |page| {
        let contributions = page.all("contribution");
        (!contributions.is_empty()).then_some(contributions)
    });
    assert!(page.text("inspector-sentence").len() > 20);
    let strongest = contributions[0]["name"].as_str();
    assert_eq!(strongest, why.split('|').next(), "row {row}: list and inspector agree");
    let steps: f64 = contributions
        .iter()
        .map(|c| c["value"].as_str().and_then(|v| v.parse::<f64>().ok()).expect("a number"))
        .sum();
    let told = |name: &str| -> f64 {
        let value = page.attribute("inspector", name);
        value.and_then(|v| v.parse().ok()).unwrap_or_else(|| panic!("the inspector lacks {name}"))
    };
    let path = told("data-path");
    assert!(
        (told("data-expected") + steps - path).abs() < 1e-9,
        "{steps} steps do not lead to {path}"
    );
    let again = libm::exp2(-path / told("data-average"));
    assert!((again - score).abs() < 1e-14, "Liu 2008, eq. 2: {again} is not {score}");
}

fn the_number_of_workers_cannot_be_seen(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let page = Page::open_at(browser, "#workers=1");
    page.load(&file);
    page.detect();
    let alone = ranked_with_reasons(&page);
    for workers in ["#workers=2", "#workers=3"] {
        // A new address fragment alone loads nothing anew.
        page.session.post("/url", &serde_json::json!({"url": "about:blank"}));
        page.go(workers);
        page.wait_for_state("empty", 20);
        page.load(&file);
        page.detect();
        assert_eq!(ranked_with_reasons(&page), alone, "{workers}");
    }
}

fn the_address_holds_the_recipe(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let page = Page::open(browser);
    page.load(&file);
    page.detect();
    let seven = ranked_with_reasons(&page);
    page.session.post("/url", &serde_json::json!({"url": "about:blank"}));
    page.go("#seed=8&trees=50");
    page.wait_for_state("empty", 20);
    page.load(&file);
    page.detect();
    let eight = ranked_with_reasons(&page);
    assert_ne!(eight, seven, "another seed and half the trees: other scores");
    let address = page.evaluate("location.hash");
    let address = address.as_str().unwrap_or_default().to_owned();
    assert!(address.contains("seed=8") && address.contains("trees=50"), "{address}");
    page.session.post("/url", &serde_json::json!({"url": "about:blank"}));
    page.go(&address);
    page.wait_for_state("empty", 20);
    page.load(&file);
    page.detect();
    assert_eq!(ranked_with_reasons(&page), eight, "the same address, the same bits");
}

fn the_scored_csv_is_the_file_and_more(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("cicids2017/thursday_webattacks_sample_10180.csv.gz");
    let page = Page::open(browser);
    page.load(&file);
    page.detect();
    let first = ranked_with_reasons(&page).swap_remove(0);
    let flagged = page.number("flagged-count");
    let threshold = page.number("threshold");
    let text = page.exported("thursday_webattacks_sample_10180-scored.csv");
    let source = fs::read_to_string(&file).expect("it is text");
    assert_eq!(text.lines().count(), source.lines().count());
    let (mut scores, mut ranks, mut flags) = (Vec::new(), Vec::new(), 0.0);
    for (number, (line, before)) in text.lines().zip(source.lines()).enumerate() {
        let before = before.trim_start_matches('\u{feff}');
        let added = line.trim_start_matches('\u{feff}').strip_prefix(before);
        let added = added.unwrap_or_else(|| panic!("line {number} was changed: {line}"));
        let cells: Vec<&str> = added.splitn(5, ',').collect();
        if number == 0 {
            assert_eq!(added, ",isoscope_score,isoscope_rank,isoscope_flag,isoscope_why");
            continue;
        }
        assert_eq!(cells.len(), 5, "line {number}: {added}");
        let score: f64 = cells[1].parse().expect("a score is a number");
        assert_eq!(cells[1], format_17(score), "17 significant digits");
        scores.push(score);
        ranks.push(cells[2].parse::<usize>().expect("a rank is a number"));
        flags += cells[3].parse::<f64>().expect("0 or 1");
        // Nothing makes an ordinary row odd: it may have no reason.
        assert!(cells[4].contains('=') || score < 0.5, "line {number} has no reason: {added}");
    }
    assert_eq!(flags, flagged, "as many flags as the page says");
    let mut sorted = scores.clone();
    sorted.sort_by(|a, b| b.total_cmp(a));
    for (score, rank) in scores.iter().zip(&ranks) {
        assert_eq!(sorted.partition_point(|other| other > score) + 1, *rank);
    }
    assert_eq!(scores[usize::try_from(first.0).expect("a row")], first.1, "page and file agree");
    // The promise of the house: the same bits on every machine.
    let native = natively(&file, threshold);
    let same = native.trim_start_matches('\u{feff}') == text.trim_start_matches('\u{feff}');
    assert!(same, "the browser's export is not, byte for byte, the one made natively");
}

/// The scored CSV as the engine makes it without a browser, by one shard.
fn natively(file: &Path, threshold: f64) -> String {
    let mut local = Local::new(1);
    let bytes = fs::read(file).expect("a file");
    let table = local.load(bytes, &Overrides::default()).expect("a table");
    let features: Vec<u32> = (0..)
        .zip(&table.profile.columns)
        .filter(|(_, column)| column.role == Role::Feature)
        .map(|(column, _)| column)
        .collect();
    local.detect(&features, ForestParams::default()).expect("scores");
    String::from_utf8(local.export(threshold).expect("an export")).expect("it is text")
}

/// A score as the contract writes it.
fn format_17(score: f64) -> String {
    // One digit before the point of the mantissa, sixteen after it.
    let scientific = format!("{score:.16e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("an exponent");
    let exponent: i32 = exponent.parse().expect("a whole number");
    let zeros = usize::try_from(-exponent).expect("scores are at most 1");
    if zeros == 0 {
        return mantissa.to_owned();
    }
    format!("0.{}{}", "0".repeat(zeros - 1), mantissa.replace('.', ""))
}

fn what_is_said_about_a_row_moves_its_like(browser: Browser) {
    let scratch = Scratch::new();
    let mut text = String::from("bytes,ms\n");
    (0..900).for_each(|row| {
        let (bytes, ms) = match row % 100 {
            33 => (90_000 + row, row % 7),
            66 => (row % 20, 40_000 + row),
            _ => (row % 20, row % 7),
        };
        writeln!(text, "{bytes},{ms}").expect("memory");
    });
    let file = scratch.write("kinds.csv", text);
    let page = Page::open(browser);
    page.load(&file);
    page.detect();
    // A number of rows is asked for, and rows that are odd for one reason are one case.
    let flag = |value: &str| {
        let body = "element.value = argument;
             element.dispatchEvent(new Event('change', { bubbles: true }));";
        page.run_on("[data-testid=flag-value]", body, &Value::from(value));
    };
    flag("0");
    page.wait("no row to be flagged", 10, |page| {
        (page.number("flagged-count") == 0.0).then_some(())
    });
    flag("18");
    page.wait("two cases", 10, |page| {
        let cases = page.all("case");
        let whole = cases.len() == 2 && cases.iter().all(|case| case["count"] == "9");
        (page.number("flagged-count") == 18.0 && whole).then_some(())
    });
    page.click("case");
    page.wait("the rows of the case alone", 10, |page| {
        (page.has("because") && page.all("anomaly-row").len() == 9).then_some(())
    });
    let why = page.all("anomaly-row")[0]["why"].as_str().map(str::to_owned).expect("reasons");
    let cause = why.split('|').next().expect("the strongest").to_owned();
    page.wait("the row in the inspector", 10, |page| page.has("verdict-benign").then_some(()));
    page.click("verdict-benign");
    page.wait("what was learnt", 20, |page| {
        (page.text("learnt").contains("1\u{a0}verdict") && page.value("app-state")? == "detected")
            .then_some(())
    });
    let first = |page: &Page| page.all("anomaly-row").first().map(|row| row["why"].clone());
    page.wait("the other kind at the head", 10, |page| {
        let first = first(page)?;
        (!first.as_str()?.starts_with(&cause)).then_some(())
    });
    // The browser keeps it for the next time the file is given.
    page.run("location.reload();", &Value::Array(vec![]));
    page.wait_for_state("empty", 20);
    page.load(&file);
    page.detect();
    assert!(page.text("learnt").contains("1\u{a0}verdict"), "{}", page.text("learnt"));
    // The list may just be made anew under the pointer: then one clicks once more.
    page.wait("nothing learnt", 20, |page| {
        let script = "document.querySelector('[data-testid=learnt] .link')?.click();";
        page.run(script, &Value::Array(vec![]));
        (!page.has("learnt")).then_some(())
    });
}

fn a_muted_column_takes_no_part(browser: Browser) {
    let scratch = Scratch::new();
    let mut text = String::from("bytes,ms,n\n");
    (0..600).for_each(|row| {
        let bytes = if row % 100 == 33 { 90_000 } else { row % 20 };
        writeln!(text, "{bytes},{},{}", row % 7, row % 11).expect("memory");
    });
    let page = Page::open(browser);
    page.load(&scratch.write("muted.csv", text));
    page.detect();
    let cause = |page: &Page| page.all("contribution").first().map(|part| part["name"].clone());
    page.wait("the inspector", 10, |page| (cause(page)? == "bytes").then_some(()));
    page.focus("mute");
    page.keys(&[key::ENTER]);
    page.wait("scores without it", 20, |page| {
        let parts = page.all("contribution");
        let is_gone = !parts.is_empty() && parts.iter().all(|part| part["name"] != "bytes");
        (is_gone && page.text("muted").contains("bytes")).then_some(())
    });
    page.click_at("[data-testid=muted] button");
    page.wait("scores with it", 20, |page| {
        (!page.has("muted") && cause(page)? == "bytes").then_some(())
    });
}
