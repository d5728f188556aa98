//! Fuzzing the reader and the sniffer. What is found stays in `fuzz/corpus`, and tests replay it.

use crate::run::{Outcome, command, output, root, say, step};
use crate::tools;

const TARGETS: [&str; 2] = ["reader", "sniffer"];
/// Longer inputs find no more, and slower.
const LONGEST: u32 = 4096;

/// Fuzzes each target for some seconds.
///
/// Where no nightly compiler can be had, which fuzzing needs and nothing else here does, it says so
/// and does nothing.
///
/// # Errors
///
/// * cargo-fuzz cannot be installed, or a law does not hold: the input is in `fuzz/artifacts`.
pub fn run(seconds: u32) -> Outcome<()> {
    if !has_nightly() {
        say("no nightly compiler can be had: fuzzing is left out, its corpus is still replayed");
        return Ok(());
    }
    tools::cargo_fuzz()?;
    for target in TARGETS {
        let mut fuzz = command("cargo", &["+nightly", "fuzz", "run", target, "--"]);
        fuzz.current_dir(root());
        fuzz.args([format!("-max_total_time={seconds}"), format!("-max_len={LONGEST}")]);
        fuzz.args(["-timeout=20", "-rss_limit_mb=4096", "-print_final_stats=0", "-verbosity=0"]);
        step(&format!("fuzzing the {target} for {seconds} seconds"), &mut fuzz)?;
    }
    Ok(())
}

fn has_nightly() -> bool {
    let answers = || output(&mut command("rustc", &["+nightly", "--version"])).is_some();
    let install = ["toolchain", "install", "nightly", "--profile", "minimal"];
    answers() || (output(&mut command("rustup", &install)).is_some() && answers())
}
