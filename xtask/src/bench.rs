//! The figures, beside those of the peers; and pictures of the page.

use crate::run::{Outcome, command, step};
use crate::{browsers, page};

/// Measures the page and its peers; `args` pick what is measured.
///
/// # Errors
///
/// * a tool is missing and cannot be installed, the build fails, or the measuring.
pub fn run(args: &[&str]) -> Outcome<()> {
    in_the_browser("measuring", "page-bench", args)
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
