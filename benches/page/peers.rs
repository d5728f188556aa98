//! Those who do the same work: natively through Python, and in the same browser.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use journeys::browser::{Browser, Look};
use journeys::page::Page;
use serde_json::Value;
use xtask::run::{cache, command, output, root};

use crate::table::median;

/// One peer and its median.
#[derive(Debug)]
pub(crate) struct Peer {
    /// Its name and version.
    pub(crate) name: String,
    /// Seconds.
    pub(crate) seconds: f64,
}

/// The native peers.
#[derive(Debug)]
pub(crate) struct Native {
    pub(crate) pandas: Peer,
    pub(crate) scikit_learn: Peer,
    /// scikit-learn told to score in threads too, which `n_jobs` alone does not.
    pub(crate) threaded: Peer,
    pub(crate) isotree: Peer,
}

/// scikit-learn's `AdaBoost`, work by work.
#[derive(Debug)]
pub(crate) struct Boosting {
    /// Fitting 114 stumps.
    pub(crate) stumps: Peer,
    /// Fitting 114 trees of depth 5.
    pub(crate) trees: Peer,
    /// The votes of 114 stumps on every row of KDD'99.
    pub(crate) score: Peer,
}

/// The peers in the browser.
#[derive(Debug)]
pub(crate) struct InTheBrowser {
    pub(crate) papaparse: Peer,
    pub(crate) duckdb: Peer,
}

impl Native {
    /// The median of each peer.
    pub(crate) fn median(runs: &[Self]) -> Self {
        let of = |peer: fn(&Self) -> &Peer| Peer {
            name: peer(&runs[0]).name.clone(),
            seconds: median(&runs.iter().map(|run| peer(run).seconds).collect::<Vec<_>>()),
        };
        Self {
            pandas: of(|run| &run.pandas),
            scikit_learn: of(|run| &run.scikit_learn),
            threaded: of(|run| &run.threaded),
            isotree: of(|run| &run.isotree),
        }
    }
}

/// Runs the peers of Python's world.
pub(crate) fn native(file: &Path, runs: usize) -> Native {
    let said = python("peers.py", &[file.as_os_str(), runs.to_string().as_ref()]);
    let peer = |name: &str| Peer { name: name.to_owned(), seconds: middle(&said[name]) };
    Native {
        pandas: peer("pandas"),
        scikit_learn: peer("scikit-learn"),
        threaded: peer("scikit-learn, threaded"),
        isotree: peer("isotree"),
    }
}

/// Runs scikit-learn's `AdaBoost` once: it takes minutes.
pub(crate) fn boosting(nsl: &Path, kdd: &Path) -> Boosting {
    let said = python("boosting.py", &[nsl.as_os_str(), kdd.as_os_str()]);
    println!("  {said}");
    let peer = |work: &str| Peer {
        name: "scikit-learn".to_owned(),
        seconds: said[work].as_f64().expect("seconds"),
    };
    Boosting { stumps: peer("fit 1"), trees: peer("fit 5"), score: peer("score") }
}

/// Runs a script of ours in the peers' environment, and returns the JSON that it prints.
fn python(script: &str, args: &[&OsStr]) -> Value {
    let python = cache().join("venv/bin/python");
    let path = root().join("benches/page").join(script);
    let mut peers = command(python.to_str().expect("a path of ours is UTF-8"), &[]);
    let said = output(peers.arg(path).args(args));
    let said = said.unwrap_or_else(|| panic!("{script} runs: try it by hand"));
    serde_json::from_str(&said).expect("it prints JSON")
}

/// Runs the peers of the browser's world, each on a fresh page.
pub(crate) fn in_the_browser(file: &Path, runs: usize) -> InTheBrowser {
    // Beside node_modules, where the page finds the packages by relative paths.
    let site = cache().join("bench-npm");
    for name in ["peers.html", "papaparse.js"] {
        let from = root().join("benches/page").join(name);
        fs::copy(from, site.join(name)).expect("the cache can be written to");
    }
    let measure = |peer: &str| {
        let seconds: Vec<f64> = (0..runs)
            .map(|_| {
                let page = Page::serve(Browser::Chromium, Look::default(), &site, "/");
                page.go("peers.html");
                page.wait("the peers' page", 30, |page| {
                    (page.evaluate("window.ready === true") == true).then_some(())
                });
                page.give("file-input", file);
                page.session.post("/timeouts", &serde_json::json!({"script": 300_000}));
                let answer = page.evaluate(&format!("window.{peer}()"));
                assert_eq!(answer["rows"], 494_021.0, "{peer} read all rows: {answer}");
                let seconds = answer["seconds"].as_f64().expect("seconds");
                println!("  {peer} {seconds:.2} s");
                seconds
            })
            .collect();
        median(&seconds)
    };
    InTheBrowser {
        papaparse: Peer { name: "PapaParse".to_owned(), seconds: measure("papaparse") },
        duckdb: Peer { name: "DuckDB-WASM".to_owned(), seconds: measure("duckdb") },
    }
}

fn middle(list: &Value) -> f64 {
    let values: Vec<f64> =
        list.as_array().expect("a list per peer").iter().filter_map(Value::as_f64).collect();
    median(&values)
}

/// What this was measured on.
pub(crate) fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("an unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let browser = output(&mut command("chromium", &["--version"])).unwrap_or_default();
    format!("{cores} cores of {model}, {}", browser.trim())
}
