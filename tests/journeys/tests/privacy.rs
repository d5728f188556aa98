//! Nothing leaves the tab.

use std::fs;
use std::path::Path;

use journeys::browser::{Browser, Look};
use journeys::files::Scratch;
use journeys::page::{Page, dist, script};
use serde_json::Value;
use xtask::server::Server;

in_every_browser!(
    nothing_is_asked_for_after_the_start,
    everything_works_with_the_server_gone,
    the_page_cannot_reach_out,
    no_worker_can_reach_out,
);

/// Goes through the main job, with a sample and with a file.
fn main_job(page: &Page, scratch: &Scratch) {
    page.click("sample-office");
    page.wait_for_state("loaded", 30);
    page.detect();
    page.load(&scratch.unpack("nsl-kdd/KDDTest+.txt.gz"));
    page.click("stage-inspect");
    page.detect();
    page.click("anomaly-row");
    page.wait("the inspector", 10, |page| page.has("inspector-sentence").then_some(()));
    page.click("stage-export");
    page.click("export-scored-csv");
    if page.session.browser != Browser::WebKit {
        page.downloaded("KDDTest+-scored.txt", 30);
    }
}

fn nothing_is_asked_for_after_the_start(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::open(browser);
    let at_start = page.server.asked();
    let entries =
        "performance.getEntriesByType('resource').filter((e) => e.name.startsWith('http')).length";
    let entries_at_start = page.evaluate(entries);
    main_job(&page, &scratch);
    assert_eq!(page.server.asked(), at_start, "the server was asked for more");
    assert_eq!(page.evaluate(entries), entries_at_start);
    assert_eq!(page.number("requests-since-start"), 0.0);
    // The file system of the page stays empty as well: nothing of a table is kept.
    assert_eq!(page.evaluate("document.cookie"), "");
}

fn everything_works_with_the_server_gone(browser: Browser) {
    let scratch = Scratch::new();
    let mut page = Page::open(browser);
    page.server.stop();
    main_job(&page, &scratch);
}

/// The one-file page, opened from a disk. WebKit starts no workers there.
fn everything_works_from_a_disk(browser: Browser) {
    let scratch = Scratch::new();
    let page = Page::serve(browser, Look::default(), &dist(), "/");
    let file = dist().join("isoscope.html").canonicalize().expect("the page is built");
    page.session.post("/url", &serde_json::json!({"url": format!("file://{}", file.display())}));
    page.wait_for_state("empty", 20);
    main_job(&page, &scratch);
    assert_eq!(page.server.asked(), [""; 0], "the server was asked for something");
}

#[test]
fn everything_works_from_a_disk_in_chromium() {
    everything_works_from_a_disk(Browser::Chromium);
}

#[test]
fn everything_works_from_a_disk_in_firefox() {
    everything_works_from_a_disk(Browser::Firefox);
}

fn the_page_cannot_reach_out(browser: Browser) {
    let elsewhere = Server::start(&dist(), "/", 0).expect("a port is free");
    let attempts = |url: &str| {
        format!(
            "(async () => {{
               const outcome = (promise) => promise.then(() => 'reached', () => 'refused');
               const image = new Image();
               const loaded = new Promise((yes, no) => {{ image.onload = yes; image.onerror = no; }});
               image.src = '{url}image';
               let socket = 'refused';
               try {{
                 const ws = new WebSocket('{}');
                 socket = await new Promise((done) => {{
                   ws.onopen = () => done('reached'); ws.onerror = () => done('refused'); }});
               }} catch {{ }}
               try {{ navigator.sendBeacon('{url}beacon', 'x'); }} catch {{ }}
               return [await outcome(fetch('{url}fetch', {{ mode: 'no-cors' }})),
                       await outcome(loaded), socket];
             }})()",
            url.replace("http", "ws")
        )
    };
    let page = Page::open(browser);
    let outcome = page.evaluate(&attempts(&elsewhere.url()));
    assert_eq!(outcome, serde_json::json!(["refused", "refused", "refused"]));
    assert_eq!(elsewhere.asked(), [""; 0], "something got out");

    // Without the policy the same attempts do get out: the server would have noticed.
    let scratch = Scratch::new();
    scratch.write("index.html", "<!doctype html><title>free</title>");
    let free = Page::serve(browser, Look::default(), scratch.path(), "/");
    free.go("");
    let outcome = free.evaluate(&attempts(&elsewhere.url()));
    assert_eq!(outcome[0], "reached", "fetch works where nothing forbids it");
    assert!(elsewhere.asked().len() >= 3, "{:?}", elsewhere.asked());
}

fn no_worker_can_reach_out(browser: Browser) {
    let elsewhere = Server::start(&dist(), "/", 0).expect("a port is free");
    let scratch = Scratch::new();
    copy(&dist(), scratch.path());
    // The site as it is, but each worker, conductor or shard, tries to reach out when told to.
    let attempt = format!(
        "if (typeof document === 'undefined') {{ const channel = new BroadcastChannel('probe');
            channel.onmessage = ({{ data }}) => data === 'try' && fetch('{}leak', {{ mode: 'no-cors' }}).then(
              () => channel.postMessage('reached'), () => channel.postMessage('refused')); }}\n",
        elsewhere.url()
    );
    let (name, script) = script();
    scratch.write(&name, attempt + &script);
    let page = Page::serve(browser, Look::default(), scratch.path(), "/");
    page.go("#workers=2");
    page.wait_for_state("empty", 20);
    page.click("sample-rings");
    page.wait_for_state("loaded", 30);
    let outcomes = page.evaluate(
        "new Promise((done) => {
           const heard = [];
           const channel = new BroadcastChannel('probe');
           channel.onmessage = (event) => heard.push(event.data);
           channel.postMessage('try');
           setTimeout(() => done(heard), 1500);
         })",
    );
    let refused = Value::from("refused");
    assert_eq!(outcomes, Value::from(vec![refused; 3]), "a conductor and two shards");
    assert_eq!(elsewhere.asked(), [""; 0], "something got out");
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("the page is built").filter_map(Result::ok) {
        fs::copy(entry.path(), to.join(entry.file_name())).expect("there is room");
    }
}
