//! The figures, beside those of the peers; and pictures of the page.

use crate::run::{Outcome, cache, command, output, step};
use crate::{browsers, page, tools};

/// Measures the page and its peers; `args` pick what is measured.
///
/// # Errors
///
/// * a tool is missing and cannot be installed, the build fails, or the measuring.
pub fn run(args: &[&str]) -> Outcome<()> {
    python_peers()?;
    tools::npm_install_once("bench-npm", &["papaparse@5.7.1", "@duckdb/duckdb-wasm@1.32.0"])?;
    in_the_browser("measuring", "page-bench", args)
}

/// Brings pandas, scikit-learn and isotree into a virtual environment of their own.
fn python_peers() -> Outcome<()> {
    let venv = cache().join("venv");
    let python = venv.join("bin/python");
    let python = python.to_str().ok_or("the cache's path is not UTF-8")?;
    if output(&mut command(python, &["-c", "import pandas, sklearn, isotree"])).is_some() {
        return Ok(());
    }
    let mut make = command("python3", &["-m", "venv"]);
    step("making a Python environment for the peers", make.arg(venv))?;
    let install = ["-m", "pip", "install", "--quiet", "pandas", "scikit-learn", "isotree"];
    step("installing pandas, scikit-learn and isotree", &mut command(python, &install))
}

/// Takes a picture of the page.
///
/// # Errors
///
/// * as [`run`].
pub fn shot(args: &[&str]) -> Outcome<()> {
    in_the_browser("taking a picture", "shot", args)
}

fn in_the_browser(what: &str, program: &str, args: &[&str]) -> Outcome<()> {
    page::build()?;
    browsers::install()?;
    let mut cargo = command("cargo", &["run", "--locked", "--quiet", "--bin"]);
    step(what, cargo.arg(program).args(["--package=journeys", "--"]).args(args))
}
