//! A browser with its driver, from start to certain end.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::files::Scratch;
use crate::processes;
use crate::wire::{WireError, ask};

/// How long a driver may take for one answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// The three engines that the web is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// Blink.
    Chromium,
    /// Gecko.
    Firefox,
    /// WebKitGTK's MiniBrowser.
    WebKit,
}

/// How a browser is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Width of the window, in CSS pixels.
    pub width: u32,
    /// Height of the window.
    pub height: u32,
    /// Whether the system asks for dark colours (Chromium and Firefox).
    pub dark: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 1440, height: 900, dark: false }
    }
}

/// A browser's window under control. Everything it started ends with it.
pub struct Session {
    /// Which browser it is.
    pub browser: Browser,
    id: String,
    port: u16,
    driver: Process,
    // Dropped after the driver, in this order.
    _display: Option<Process>,
    scratch: Scratch,
}

impl Session {
    /// Starts a browser with a fresh profile.
    pub fn start(browser: Browser, look: Look) -> Self {
        let scratch = Scratch::new();
        let display = (browser == Browser::WebKit).then(|| display(look));
        let port = free_port();
        let mut command = match browser {
            Browser::Chromium => Command::new("chromedriver"),
            Browser::Firefox => Command::new("geckodriver"),
            Browser::WebKit => Command::new("WebKitWebDriver"),
        };
        command.arg(format!("--port={port}")).env("PATH", xtask::tools::path());
        if browser == Browser::Firefox {
            // A second port of its own, so that sessions do not meet.
            command.arg(format!("--websocket-port={}", free_port())).arg("--log=fatal");
        }
        if let Some((display, _)) = &display {
            command.env("DISPLAY", display).env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
        }
        // Firefox and WebKit keep caches in the home directory; theirs ends with the session.
        command.env("XDG_CACHE_HOME", scratch.path().join("cache"));
        let driver = Process::start(command.stdout(Stdio::null()).stderr(Stdio::null()));
        let mut session = Self {
            browser,
            id: String::new(),
            port,
            driver,
            _display: display.map(|(_, process)| process),
            scratch,
        };
        session.wait_for_driver();
        let capabilities = capabilities(browser, look, session.scratch.path());
        let body = json!({"capabilities": {"alwaysMatch": capabilities}});
        let answer = ask(port, "POST", "/session", Some(&body), PATIENCE)
            .unwrap_or_else(|error| panic!("{browser:?} does not start: {error}"));
        let id = answer["sessionId"].as_str().expect("a session has an id");
        id.clone_into(&mut session.id);
        session.fit(look);
        if look.dark && browser == Browser::Chromium {
            let features = json!([{"name": "prefers-color-scheme", "value": "dark"}]);
            session.devtools("Emulation.setEmulatedMedia", &json!({"features": features}));
        }
        session
    }

    /// Makes the window so large that the page in it has the size asked for.
    fn fit(&self, look: Look) {
        let inner = json!({"script": "return [innerWidth, innerHeight];", "args": []});
        let (mut width, mut height) = (look.width, look.height);
        for _ in 0..2 {
            self.post("/window/rect", &json!({"width": width, "height": height}));
            let inner = self.post("/execute/sync", &inner);
            let missing = |asked: u32, i: usize| {
                let found = inner[i].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(asked);
                asked.saturating_sub(found)
            };
            width += missing(look.width, 0);
            height += missing(look.height, 1);
        }
    }

    fn wait_for_driver(&self) {
        let start = Instant::now();
        let soon = Duration::from_secs(5);
        while ask(self.port, "GET", "/status", None, soon).is_err() {
            assert!(start.elapsed() < PATIENCE, "the driver of {:?} does not answer", self.browser);
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks the driver about this session.
    ///
    /// # Errors
    ///
    /// * as [`ask`].
    pub fn try_ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, WireError> {
        ask(self.port, method, &format!("/session/{}{path}", self.id), body, PATIENCE)
    }

    /// Tells the driver something that must work.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.try_ask("POST", path, Some(body))
            .unwrap_or_else(|error| panic!("{:?}, {path}: {error}", self.browser))
    }

    /// Asks the driver something that must have an answer.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        self.try_ask("GET", path, None)
            .unwrap_or_else(|error| panic!("{:?}, {path}: {error}", self.browser))
    }

    /// A command of Chromium's own protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// Where downloads of this session go.
    pub fn downloads(&self) -> &Path {
        self.scratch.path()
    }

    /// The processes of this browser that run pages and their workers (Chromium only).
    pub fn renderers(&self) -> Vec<u32> {
        let all = processes::tree(self.driver.0.id());
        all.into_iter().filter(|&id| processes::is_renderer(id)).collect()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Politely first; whoever does not listen is ended with the driver's whole tree.
        let path = format!("/session/{}", self.id);
        let _ = ask(self.port, "DELETE", &path, None, Duration::from_secs(5));
    }
}

/// A child process that ends, with all it started, when dropped.
struct Process(Child);

impl Process {
    fn start(command: &mut Command) -> Self {
        let child = command.stdin(Stdio::null()).spawn().unwrap_or_else(|error| {
            panic!("{} cannot be started: {error}", command.get_program().to_string_lossy())
        });
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        processes::end(self.0.id());
        // Collects its exit, so that no zombie stays.
        let _ = self.0.wait();
    }
}

/// A screen for a browser that cannot do without one.
fn display(look: Look) -> (String, Process) {
    let mut command = Command::new("Xvfb");
    let screen = format!("{}x{}x24", look.width.max(1024), look.height.max(768));
    command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp"]);
    let mut process = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::null()));
    let stdout = process.0.stdout.take().expect("it was asked for");
    let mut number = String::new();
    BufReader::new(stdout).read_line(&mut number).expect("Xvfb tells its display");
    (format!(":{}", number.trim()), process)
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a port is free")
        .port()
}

fn capabilities(browser: Browser, look: Look, scratch: &Path) -> Value {
    match browser {
        Browser::Chromium => json!({
            "goog:chromeOptions": {
                "args": [
                    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                    format!("--window-size={},{}", look.width, look.height),
                    format!("--user-data-dir={}", scratch.join("profile").display()),
                ],
                "prefs": {
                    "download.default_directory": scratch,
                    "download.prompt_for_download": false,
                },
            },
            "goog:loggingPrefs": {"browser": "ALL"},
        }),
        Browser::Firefox => json!({
            "moz:firefoxOptions": {
                "binary": "firefox-esr",
                "args": ["-headless"],
                "prefs": {
                    "browser.download.folderList": 2,
                    "browser.download.dir": scratch,
                    "browser.download.always_ask_before_handling_new_types": false,
                    "browser.helperApps.neverAsk.saveToDisk": "text/csv",
                    "ui.systemUsesDarkTheme": i32::from(look.dark),
                    "layout.css.prefers-color-scheme.content-override": i32::from(!look.dark),
                },
            },
        }),
        Browser::WebKit => json!({
            "webkitgtk:browserOptions": {
                "binary": mini_browser(),
                "args": ["--automation"],
            },
        }),
    }
}

/// Debian puts WebKit's MiniBrowser beside its library, outside `PATH`.
fn mini_browser() -> String {
    let lib = Path::new("/usr/lib");
    let below = |path: &Path| -> Vec<std::path::PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        entries.map(|entry| entry.path()).collect()
    };
    below(lib)
        .iter()
        .flat_map(|machine| below(machine))
        .filter(|path| path.file_name().is_some_and(|n| n.to_string_lossy().starts_with("webkit")))
        .map(|path| path.join("MiniBrowser"))
        .find(|path| path.is_file())
        .expect("webkit2gtk-driver brings MiniBrowser")
        .to_string_lossy()
        .into_owned()
}
