//! The first two seconds.

use std::fs;

use journeys::browser::{Browser, Look};
use journeys::page::{Page, dist};

in_every_browser!(stands_with_all_its_parts, works_below_any_path);

fn stands_with_all_its_parts(browser: Browser) {
    let page = Page::open(browser);
    for part in ["drop-zone", "file-input", "sample-office", "sample-scan", "sample-rings"] {
        assert!(page.has(part), "{part} is missing");
    }
    if browser == Browser::Chromium {
        assert_eq!(page.console(), [""; 0], "the console has complaints");
    }
}

fn works_below_any_path(browser: Browser) {
    let page = Page::serve(browser, Look::default(), &dist(), "/some/where/below/");
    page.go("");
    page.wait_for_state("empty", 20);
    let asked = page.server.asked();
    let elsewhere = asked.iter().find(|line| !line.starts_with("GET /some/where/below/"));
    // Firefox and WebKit may look for an icon where no page asked them to.
    assert!(elsewhere.is_none_or(|line| line == "GET /favicon.ico"), "{elsewhere:?} of {asked:?}");
}

#[test]
fn the_site_does_not_tell_where_it_was_built() {
    let home = std::env::home_dir().expect("there is a home directory").join(".cargo");
    let home = home.to_str().expect("it is UTF-8").as_bytes();
    for entry in fs::read_dir(dist()).expect("the page is built").filter_map(Result::ok) {
        let content = fs::read(entry.path()).expect("it can be read");
        let tells = content.windows(home.len()).any(|window| window == home);
        assert!(!tells, "{} holds a path of this machine", entry.path().display());
    }
}

/// The policy is what binds the page; here it is read as it was shipped.
#[test]
fn the_policy_allows_nothing_but_the_pages_own_files() {
    let html = fs::read_to_string(dist().join("index.html")).expect("the page is built");
    let (_, policy) = html.split_once("Content-Security-Policy\" content=\"").expect("a policy");
    let (policy, _) = policy.split_once('"').expect("it ends");
    let connect = policy.split("; ").find(|part| part.starts_with("connect-src"));
    assert_eq!(connect, Some("connect-src 'self'"));
    assert!(policy.starts_with("default-src 'none'"));
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert!(!policy.contains("http") && !policy.contains('*'), "{policy}");
}
