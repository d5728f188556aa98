//! The page by the names of its `data-testid`s.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use xtask::server::Server;

use crate::browser::{Browser, Look, Session};
use crate::wire::WireError;

/// The key under which WebDriver hands out elements.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Keys that are no characters, as WebDriver writes them.
pub mod key {
    pub const TAB: &str = "\u{e004}";
    pub const ENTER: &str = "\u{e007}";
    pub const ESCAPE: &str = "\u{e00c}";
    pub const SPACE: &str = " ";
    pub const END: &str = "\u{e010}";
    pub const HOME: &str = "\u{e011}";
    pub const LEFT: &str = "\u{e012}";
    pub const UP: &str = "\u{e013}";
    pub const RIGHT: &str = "\u{e014}";
    pub const DOWN: &str = "\u{e015}";
}

/// The page in a browser, with the server that it came from.
pub struct Page {
    /// The browser's window.
    pub session: Session,
    /// Who served the page, and knows what was asked.
    pub server: Server,
    /// The time between two looks at what is waited for: to look takes time from the page's workers,
    /// so what is measured is looked at rarely.
    pub between_looks: Duration,
}

impl Page {
    /// Opens the built page and waits until it is ready for a file.
    #[track_caller]
    pub fn open(browser: Browser) -> Self {
        Self::open_at(browser, "")
    }

    /// As [`open`](Self::open), with a recipe in the address, as `#workers=1`.
    #[track_caller]
    pub fn open_at(browser: Browser, recipe: &str) -> Self {
        let page = Self::serve(browser, Look::default(), &dist(), "/");
        page.go(recipe);
        page.wait_for_state("empty", 20);
        page
    }

    /// Serves a directory and starts a browser, which does not look at it yet.
    #[track_caller]
    pub fn serve(browser: Browser, look: Look, root: &Path, mount: &str) -> Self {
        let server = Server::start(root, mount, 0)
            .unwrap_or_else(|error| panic!("{} cannot be served: {error}", root.display()));
        let session = Session::start(browser, look);
        Self { session, server, between_looks: Duration::from_millis(20) }
    }

    /// Goes to the page, with what follows its address.
    #[track_caller]
    pub fn go(&self, recipe: &str) {
        self.session.post("/url", &json!({"url": self.server.url() + recipe}));
    }

    /// Runs a function body in the page and returns what it returns.
    #[track_caller]
    pub fn run(&self, script: &str, args: &Value) -> Value {
        self.session.post("/execute/sync", &json!({"script": script, "args": args}))
    }

    /// Runs an expression in the page, awaits it, and returns its value.
    #[track_caller]
    pub fn evaluate(&self, expression: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             Promise.resolve().then(() => ({expression}))
               .then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
        );
        let mut answer =
            self.session.post("/execute/async", &json!({"script": script, "args": []}));
        assert!(answer["error"].is_null(), "{expression}: {}", answer["error"]);
        answer["value"].take()
    }

    /// An attribute of the first element of this name.
    #[track_caller]
    pub fn attribute(&self, testid: &str, name: &str) -> Option<String> {
        let script = "const element = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
             return element && element.getAttribute(arguments[1]);";
        self.run(script, &json!([testid, name])).as_str().map(str::to_owned)
    }

    /// The `data-value` of the first element of this name.
    #[track_caller]
    pub fn value(&self, testid: &str) -> Option<String> {
        self.attribute(testid, "data-value")
    }

    /// The `data-value` of the first element of this name, once it is a number.
    #[track_caller]
    pub fn number(&self, testid: &str) -> f64 {
        self.wait(&format!("the number of {testid}"), 10, |page| page.value(testid)?.parse().ok())
    }

    /// Whether there is an element of this name.
    #[track_caller]
    pub fn has(&self, testid: &str) -> bool {
        let script = "return !!document.querySelector(`[data-testid=\"${arguments[0]}\"]`);";
        self.run(script, &json!([testid])).as_bool() == Some(true)
    }

    /// What a person reads in the first element of this name; empty where there is none.
    #[track_caller]
    pub fn text(&self, testid: &str) -> String {
        let script = "const element = document.querySelector(`[data-testid=\"${arguments[0]}\"]`);
             return element ? element.innerText : '';";
        self.run(script, &json!([testid])).as_str().unwrap_or_default().to_owned()
    }

    /// The `data-…` attributes of all elements of this name that are in the page, in order.
    #[track_caller]
    pub fn all(&self, testid: &str) -> Vec<Value> {
        let script = "return Array.from(
               document.querySelectorAll(`[data-testid=\"${arguments[0]}\"]`),
               (element) => ({ ...element.dataset }));";
        self.run(script, &json!([testid])).as_array().cloned().unwrap_or_default()
    }

    /// Waits until `look` sees something.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, seconds: u64, look: impl Fn(&Self) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(seen) = look(self) {
                return seen;
            }
            assert!(
                start.elapsed() < Duration::from_secs(seconds),
                "waited {seconds} s for {what}; state {:?}, error {:?}",
                self.value("app-state"),
                self.text("job-error"),
            );
            thread::sleep(self.between_looks);
        }
    }

    /// Waits until the page is in this state.
    #[track_caller]
    pub fn wait_for_state(&self, state: &str, seconds: u64) {
        self.wait(&format!("the state {state}"), seconds, |page| {
            (page.value("app-state").as_deref() == Some(state)).then_some(())
        });
    }

    /// Clicks the first element of this name, as a mouse does.
    #[track_caller]
    pub fn click(&self, testid: &str) {
        let selector = format!("[data-testid=\"{testid}\"]");
        self.click_at(&selector);
    }

    /// Clicks the first element that a selector finds, as a mouse does: once it is there, scrolled to
    /// where it is seen well, and stands still, as people aim. A page that moves under the mouse
    /// takes the click elsewhere: then, as people do, once more. What stays covered fails.
    #[track_caller]
    pub fn click_at(&self, selector: &str) {
        let start = Instant::now();
        while let Err(error) = self.try_click(selector) {
            assert!(
                start.elapsed() < Duration::from_secs(10),
                "{:?}, a click at {selector}: {error}; state {:?}, error {:?}",
                self.session.browser,
                self.value("app-state"),
                self.text("job-error"),
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// One click, and whether it arrived.
    fn try_click(&self, selector: &str) -> Result<(), String> {
        let element = self.find(selector).map_err(|error| error.to_string())?;
        // In view already it may be under the bar, where people would scroll on.
        let place = "const element = arguments[0];
             const { top, bottom } = element.getBoundingClientRect();
             if (top < 60 || bottom > innerHeight) element.scrollIntoView({ block: 'center' });
             if (!window.aim) {
               window.aim = {};
               addEventListener('click', (event) => {
                 window.aim.hit ||= event.composedPath().includes(window.aim.at);
               }, { capture: true });
             }
             window.aim.at = element;
             delete window.aim.hit;
             const { left, top: y } = element.getBoundingClientRect();
             return [left, y];";
        let element = json!({ ELEMENT: element });
        let look = || {
            let script = json!({"script": place, "args": [element]});
            let seen = self.session.try_ask("POST", "/execute/sync", Some(&script));
            seen.map_err(|error| error.to_string())
        };
        let before = look()?;
        thread::sleep(Duration::from_millis(60));
        if look()? != before {
            return Err(String::from("it moves"));
        }
        let click = format!("/element/{}/click", element[ELEMENT].as_str().unwrap_or_default());
        self.session
            .try_ask("POST", &click, Some(&json!({})))
            .map_err(|error| error.to_string())?;
        // A click that leads to another page takes the mark with it. One that is late must not be
        // taken for one that went elsewhere: a second would undo what it does.
        let arrived = "return window.aim ? window.aim.hit ?? null : true;";
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(3) {
            match self.run(arrived, &json!([])).as_bool() {
                Some(true) => return Ok(()),
                Some(false) => break,
                None => thread::sleep(Duration::from_millis(20)),
            }
        }
        Err(String::from("it went elsewhere"))
    }

    fn find(&self, selector: &str) -> Result<String, WireError> {
        let body = json!({"using": "css selector", "value": selector});
        let element = self.session.try_ask("POST", "/element", Some(&body))?;
        Ok(element[ELEMENT].as_str().expect("an element has an id").to_owned())
    }

    /// Runs a function body with the first `element` that a selector finds, once it is there, and
    /// an `argument`; returns what the body returns.
    #[track_caller]
    pub fn run_on(&self, selector: &str, body: &str, argument: &Value) -> Value {
        let script = format!(
            "const element = document.querySelector(arguments[0]);
             if (!element) return null;
             const argument = arguments[1];
             return {{ value: (() => {{ {body} }})() }};"
        );
        self.wait(selector, 10, |page| {
            let mut answer = page.run(&script, &json!([selector, argument]));
            answer.is_object().then(|| answer["value"].take())
        })
    }

    /// Sets a `<select>`, as a person does who opens it, once it is there.
    #[track_caller]
    pub fn choose(&self, testid: &str, option: &str) {
        self.choose_at(&format!("[data-testid=\"{testid}\"]"), option);
    }

    /// As [`choose`](Self::choose), for the first that a selector finds.
    #[track_caller]
    pub fn choose_at(&self, selector: &str, option: &str) {
        let body = "element.value = argument;
             element.dispatchEvent(new Event('change', { bubbles: true }));
             return element.value;";
        let chosen = self.run_on(selector, body, &json!(option));
        assert_eq!(chosen, option, "{selector} offers {option}");
    }

    /// Gives a file to an input, as a file chooser does, once the input is there.
    #[track_caller]
    pub fn give(&self, testid: &str, file: &Path) {
        let selector = format!("[data-testid=\"{testid}\"]");
        let element = self.wait(&selector, 10, |page| page.find(&selector).ok());
        let text = json!({"text": file.to_str().expect("a path of ours is UTF-8")});
        let given = self.session.try_ask("POST", &format!("/element/{element}/value"), Some(&text));
        if let Err(error) = given {
            panic!("{:?}, a file for {testid}: {error}", self.session.browser);
        }
    }

    /// Loads a file and waits until its table stands.
    #[track_caller]
    pub fn load(&self, file: &Path) {
        self.give("file-input", file);
        self.wait_for_file(file, 120);
    }

    /// Waits until the table that stands has as many bytes as this file.
    #[track_caller]
    pub fn wait_for_file(&self, file: &Path, seconds: u64) {
        let bytes = fs::metadata(file).expect("the file is there").len();
        let begun = Instant::now();
        self.wait(&format!("{} to stand", file.display()), seconds, |page| {
            let state = page.value("app-state");
            // Not at once: the failure of another file may still be leaving.
            let has_failed =
                state.as_deref() == Some("failed") && begun.elapsed() > Duration::from_secs(2);
            assert!(!has_failed, "{} does not load: {}", file.display(), page.text("job-error"));
            let stands = page.value("table-bytes") == Some(bytes.to_string());
            // An address that holds a search has it made again at once.
            let is_done = matches!(state.as_deref(), Some("loaded" | "detected"));
            (stands && is_done).then_some(())
        });
    }

    /// Finds anomalies with the settings as they are, and waits for the scores.
    #[track_caller]
    pub fn detect(&self) {
        self.click("stage-detect");
        self.click("detect-run");
        self.wait_for_state("detected", 120);
        self.wait("the ranked list", 10, |page| page.has("anomaly-row").then_some(()));
    }

    /// Sends keys to whatever has the focus, one after the other.
    #[track_caller]
    pub fn keys(&self, keys: &[&str]) {
        let strokes: Vec<Value> = keys
            .iter()
            .flat_map(|key| {
                [json!({"type": "keyDown", "value": key}), json!({"type": "keyUp", "value": key})]
            })
            .collect();
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes});
        self.session.post("/actions", &json!({"actions": [keyboard]}));
    }

    /// Puts the focus on the first element of this name, as a script: for journeys that are not
    /// about how it gets there.
    #[track_caller]
    pub fn focus(&self, testid: &str) {
        self.focus_at(&format!("[data-testid=\"{testid}\"]"));
    }

    /// As [`focus`](Self::focus), on the first element that a selector finds.
    #[track_caller]
    pub fn focus_at(&self, selector: &str) {
        self.run_on(selector, "element.focus();", &Value::Null);
    }

    /// A picture of the window, as PNG.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        let encoded = self.session.get("/screenshot");
        decode_base64(encoded.as_str().expect("a picture is text"))
    }

    /// Waits for a download of this name and returns where it lies.
    #[track_caller]
    pub fn downloaded(&self, name: &str, seconds: u64) -> PathBuf {
        let path = self.session.downloads().join(name);
        // Browsers write under another name, or beside one, until all is there.
        let unfinished = self.session.downloads().join(format!("{name}.part"));
        self.wait(&format!("the download of {name}"), seconds, |_| {
            let is_whole = fs::metadata(&path).is_ok_and(|file| file.len() > 0);
            (is_whole && !unfinished.exists()).then(|| path.clone())
        })
    }

    /// Goes to Export, downloads the scored table, and returns what the file of this name says.
    #[track_caller]
    pub fn exported(&self, name: &str) -> String {
        self.exported_by("export-scored-csv", name)
    }

    /// As [`exported`](Self::exported), by the button of this name.
    #[track_caller]
    pub fn exported_by(&self, button: &str, name: &str) -> String {
        self.click("stage-export");
        self.saved_by(button, name)
    }

    /// The text that a press of a button saves under a name.
    #[track_caller]
    pub fn saved_by(&self, button: &str, name: &str) -> String {
        self.run(
            "window.exported = null;
             const original = URL.createObjectURL;
             URL.createObjectURL = (blob) => { window.exported = blob; return original.call(URL, blob); };",
            &json!([]),
        );
        self.click(button);
        // MiniBrowser under automation keeps no downloads: the bytes are read where they are made.
        if self.session.browser == Browser::WebKit {
            self.wait("the export", 30, |page| {
                (page.evaluate("!!window.exported") == true).then_some(())
            });
            let text = self.evaluate("window.exported.text()");
            return text.as_str().expect("text").to_owned();
        }
        fs::read_to_string(self.downloaded(name, 30)).expect("it is text")
    }

    /// What the browser's console has said since it was last asked (Chromium only).
    #[track_caller]
    pub fn console(&self) -> Vec<String> {
        let log = self.session.post("/se/log", &json!({"type": "browser"}));
        let entries = log.as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                let word = |name| entry[name].as_str().unwrap_or_default().to_owned();
                format!("{} {}", word("level"), word("message"))
            })
            .collect()
    }
}

/// The built page.
pub fn dist() -> PathBuf {
    xtask::run::root().join("dist")
}

/// The name of the page's script, which is the workers' too, and its text.
pub fn script() -> (String, String) {
    let entries = std::fs::read_dir(dist()).expect("the page is built").filter_map(Result::ok);
    let path =
        entries.map(|entry| entry.path()).find(|path| path.extension() == Some("js".as_ref()));
    let path = path.expect("a page has a script");
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    (name, std::fs::read_to_string(&path).expect("it can be read"))
}

/// Decodes standard base64; WebDriver sends nothing else.
fn decode_base64(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut group, mut bits) = (0_u32, 0);
    for digit in text.bytes().filter(|&byte| byte != b'=') {
        let six = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            // Some drivers break lines.
            _ => continue,
        };
        group = group << 6 | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(group >> bits & 0xff).expect("eight bits"));
        }
    }
    bytes
}
