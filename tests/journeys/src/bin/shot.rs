//! Takes pictures of the page: `cargo xtask shot OUT.png [options] [steps]`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use journeys::browser::{Browser, Look};
use journeys::files::Scratch;
use journeys::page::{Page, dist};
use serde_json::json;

const USAGE: &str = "\
usage: cargo xtask shot OUT.png [options] [steps in order]
  options  --width 1440  --height 900  --dark  --firefox  --webkit  --site DIR  --at '#seed=8'
  steps    file:PATH      load a file (a name below ../shared/data is unpacked first)
           sample:office  load a sample        detect         find anomalies and wait
           click:TESTID   click                select:CSS     click what a selector finds
           wait:MS        wait                 key:TEXT       type into what has the focus
           top            scroll to the top
           text:TESTID    print its text       print:JS       print an expression's value";

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((out, rest)) = args.split_first().filter(|(out, _)| has_extension(out, "png")) else {
        eprintln!("{USAGE}");
        std::process::exit(2);
    };
    let mut look = Look::default();
    let mut browser = Browser::Chromium;
    let (mut site, mut address) = (dist(), String::new());
    let mut steps = Vec::new();
    let mut rest = rest.iter();
    while let Some(arg) = rest.next() {
        let mut next = || rest.next().unwrap_or_else(|| panic!("{arg} wants a value"));
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("{text} is no number"));
        match arg.as_str() {
            "--width" => look.width = number(next()),
            "--height" => look.height = number(next()),
            "--dark" => look.dark = true,
            "--firefox" => browser = Browser::Firefox,
            "--webkit" => browser = Browser::WebKit,
            "--site" => site = PathBuf::from(next()),
            "--at" => address.clone_from(next()),
            step => steps.push(step),
        }
    }
    let page = Page::serve(browser, look, &site, "/");
    page.go(&address);
    let scratch = Scratch::new();
    page.wait_for_state("empty", 20);
    for step in steps {
        take(&page, &scratch, step);
    }
    std::fs::write(out, page.picture()).unwrap_or_else(|error| panic!("{out}: {error}"));
    if browser == Browser::Chromium {
        for line in page.console() {
            println!("console: {line}");
        }
    }
    println!("wrote {out}");
}

/// Does one step of the picture's way.
fn take(page: &Page, scratch: &Scratch, step: &str) {
    match step.split_once(':').unwrap_or((step, "")) {
        ("file", path) if has_extension(path, "gz") => page.load(&scratch.unpack(path)),
        ("file", path) => page.load(&std::path::absolute(path).expect("a path")),
        ("sample", name) => {
            page.click(&format!("sample-{name}"));
            page.wait_for_state("loaded", 60);
        }
        ("detect", _) => page.detect(),
        ("top", _) => drop(page.run("scrollTo({ top: 0, behavior: 'instant' });", &json!([]))),
        ("click", testid) => page.click(testid),
        ("select", selector) => page.click_at(selector),
        ("wait", milliseconds) => {
            let milliseconds = milliseconds.parse().expect("milliseconds are a number");
            std::thread::sleep(Duration::from_millis(milliseconds));
        }
        ("key", text) => page.keys(&text.split_inclusive(|_| true).collect::<Vec<_>>()),
        ("text", testid) => println!("{testid}: {}", page.text(testid)),
        ("print", expression) => println!("{expression} = {}", page.evaluate(expression)),
        _ => panic!("no such step: {step}\n{USAGE}"),
    }
}

fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}
