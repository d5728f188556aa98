//! Everything that CI runs. There is no second list of steps.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use crate::run::{Outcome, cannot_start, command, say, step};
use crate::{browsers, fuzz, page};

/// How many checks passed and failed so far.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    /// The steps that failed, for the summary.
    names: Vec<String>,
}

/// Runs every check, also after one has failed; the last line printed is `N passed, M failed`.
///
/// Returns whether all passed: what failed has been said by then.
pub fn everything() -> bool {
    const NATIVE: [&str; 3] = ["clippy", "--workspace", "--all-targets"];
    let start = Instant::now();
    let mut tally = Tally::default();
    let lint = |what: &str, args: &[&str]| {
        step(what, command("cargo", args).args(["--locked", "--quiet", "--", "-D", "warnings"]))
    };
    tally.check(
        "formatting",
        step("formatting", &mut command("cargo", &["fmt", "--all", "--check"])),
    );
    tally.check("clippy", lint("clippy", &NATIVE));
    let web = [&NATIVE[..], &["--features", "web"]].concat();
    tally.check("clippy, web", lint("clippy, the page natively", &web));
    let wasm = ["clippy", "--target", "wasm32-unknown-unknown", "--features", "web"];
    tally.check("clippy, wasm", lint("clippy, the page in wasm", &wasm));
    let mut docs = command("cargo", &["doc", "--locked", "--no-deps", "--quiet", "--features=web"]);
    tally.check("documentation", step("documentation", docs.env("RUSTDOCFLAGS", "-D warnings")));
    let mut tests = command("cargo", &["test", "--locked", "--no-fail-fast"]);
    let packages = ["isoscope", "isoscope-engine", "xtask"].map(|name| format!("--package={name}"));
    tally.tests("tests", tests.args(packages));
    let mut page = command("cargo", &["test", "--locked", "--no-fail-fast", "--features=web"]);
    tally.tests("tests of the page", page.args(["--package=isoscope", "--lib"]));
    tally.check("fuzzing", fuzz::run(60));

    match page::build() {
        Ok(weights) => {
            tally.check("page", Ok(()));
            let total = page::total(&weights);
            let fits = format!(
                "a start fetches {:.1} KB, the budget is {:.0} KB",
                page::kilobytes(total),
                page::kilobytes(page::BUDGET)
            );
            say(&fits);
            tally.check("size", if total <= page::BUDGET { Ok(()) } else { Err(fits) });
            tally.journeys();
        }
        Err(why) => tally.check("page", Err(why)),
    }

    for name in &tally.names {
        println!("failed: {name}");
    }
    say(&format!("all checks took {:.0} s", start.elapsed().as_secs_f64()));
    println!("{} passed, {} failed", tally.passed, tally.failed);
    tally.failed == 0
}

impl Tally {
    fn check(&mut self, name: &str, outcome: Outcome<()>) {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(why) => self.fail(format!("{name}: {why}")),
        }
    }

    fn fail(&mut self, name: String) {
        eprintln!("{name}");
        self.failed += 1;
        self.names.push(name);
    }

    fn journeys(&mut self) {
        if let Err(why) = browsers::install() {
            return self.fail(format!("browsers: {why}"));
        }
        let mut journeys = command("cargo", &["test", "--locked", "--no-fail-fast"]);
        // One at a time: some journeys measure time, and a page uses every core anyway.
        journeys.args(["--package=journeys", "--", "--test-threads=1"]);
        self.tests("journeys", &mut journeys);
    }

    /// Runs test programs, shows what they print, and counts their results.
    fn tests(&mut self, name: &str, cargo: &mut Command) {
        say(name);
        let mut child = match cargo.stdout(Stdio::piped()).spawn() {
            Ok(child) => child,
            Err(error) => return self.fail(format!("{name}: {}", cannot_start(cargo, &error))),
        };
        let stdout = child.stdout.take().expect("it was asked for");
        let lines = thread::spawn(move || {
            let mut counted = (0, 0, Vec::new());
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                println!("{line}");
                if let Some((passed, failed)) = result_of(&line) {
                    counted.0 += passed;
                    counted.1 += failed;
                } else if let Some(test) =
                    line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"))
                {
                    counted.2.push(test.to_owned());
                }
            }
            counted
        });
        let status = child.wait();
        let (passed, failed, names) = lines.join().expect("it only reads and counts");
        self.passed += passed;
        self.failed += failed;
        self.names.extend(names.into_iter().map(|test| format!("{name}: {test}")));
        // A program that did not compile, or died, counts nothing itself.
        if failed == 0 && !status.is_ok_and(|status| status.success()) {
            self.fail(format!("{name}: could not be built, or ended early"));
        }
    }
}

/// Reads `test result: ok. 12 passed; 0 failed; …`.
fn result_of(line: &str) -> Option<(u64, u64)> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ").map(|count| count.split(' ').next()?.parse().ok());
    Some((counts.next()??, counts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_test_programs_are_read() {
        let line =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(result_of(line), Some((12, 3)));
        assert_eq!(result_of("test engine::x ... ok"), None);
    }
}
