//! The browsers and drivers that the journeys are made in.

use std::path::Path;

use crate::run::{Outcome, command, output, say, step};
use crate::tools;

/// What must answer, and Debian's package that brings it.
const PROGRAMS: [(&str, &str); 5] = [
    ("chromium", "chromium"),
    ("chromedriver", "chromium-driver"),
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("Xvfb", "xvfb"),
];

/// Installs what is missing: Debian's packages where apt is there and we are root.
///
/// # Errors
///
/// * something is missing and cannot be installed here; the sentence names it.
pub fn install() -> Outcome<()> {
    let missing = || -> Vec<&str> {
        PROGRAMS.iter().filter(|(name, _)| !is_there(name)).map(|(_, package)| *package).collect()
    };
    let packages = missing();
    if !packages.is_empty() {
        let list = packages.join(" ");
        let is_root = output(&mut command("id", &["-u"])).is_some_and(|id| id.trim() == "0");
        if !is_root || !is_there("apt-get") {
            return Err(format!(
                "the journeys need browsers that are not here; on Debian: sudo apt-get install {list}"
            ));
        }
        apt("update", &["update", "--quiet"])?;
        let mut install = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
        install.extend(&packages);
        apt(&list, &install)?;
        let still = missing();
        if !still.is_empty() {
            return Err(format!("apt-get installed, but these are missing: {}", still.join(" ")));
        }
    }
    tools::geckodriver()?;
    say("Chromium, Firefox and WebKit are there");
    Ok(())
}

fn apt(what: &str, args: &[&str]) -> Outcome<()> {
    // Another apt may be at work, as on a machine that has just started.
    let mut apt = command("apt-get", &["-o", "DPkg::Lock::Timeout=300"]);
    apt.args(args);
    step(&format!("apt-get: {what}"), apt.env("DEBIAN_FRONTEND", "noninteractive"))
}

fn is_there(program: &str) -> bool {
    std::env::split_paths(&tools::path())
        .any(|directory| Path::new(&directory).join(program).is_file())
}
