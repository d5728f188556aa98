//! What a fresh machine lacks, and how it comes there: through rustup, cargo and npm alone.
//!
//! Tools go to [`cache`]`/tools`, outside the checkout; one of the right version that is in `PATH`
//! already is used as it stands.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::run::{Outcome, cache, command, output, root, say, step};

/// Trunk: builds the page from `index.html`.
const TRUNK: &str = "0.21.14";
/// geckodriver: Firefox' side of WebDriver.
const GECKODRIVER: &str = "0.37.1";
/// cargo-fuzz: builds fuzz targets and runs them.
const CARGO_FUZZ: &str = "0.13.2";
/// npm's binaryen, which brings wasm-opt. Trunk.toml names the same version.
const BINARYEN: &str = "132.0.0";

fn bin() -> PathBuf {
    cache().join("tools/bin")
}

fn npm_prefix() -> PathBuf {
    cache().join("tools/npm")
}

/// `PATH` with our tools in front.
pub fn path() -> OsString {
    let ours = [bin(), npm_prefix().join("node_modules/.bin")];
    let theirs = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(ours.into_iter().chain(std::env::split_paths(&theirs)))
        .expect("no directory of PATH holds a colon")
}

/// Installs what building the page takes.
///
/// # Errors
///
/// * a tool cannot be installed; the sentence names it.
pub fn for_the_page() -> Outcome<()> {
    wasm_target()?;
    cargo_tool("trunk", "trunk", TRUNK, &["--locked", "--no-default-features"])?;
    // Not `--locked`: the command's own lock file may name releases that were withdrawn.
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", &locked_version("wasm-bindgen")?, &[])?;
    wasm_opt()
}

/// Installs Firefox' driver; the other browsers bring theirs.
///
/// # Errors
///
/// * it cannot be installed.
pub fn geckodriver() -> Outcome<()> {
    cargo_tool("geckodriver", "geckodriver", GECKODRIVER, &["--locked"])
}

/// Installs the fuzzers' driver.
///
/// # Errors
///
/// * it cannot be installed.
pub fn cargo_fuzz() -> Outcome<()> {
    cargo_tool("cargo-fuzz", "cargo-fuzz", CARGO_FUZZ, &["--locked"])
}

fn wasm_target() -> Outcome<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    // Without rustup (a distribution's compiler), the target is there or the build says so.
    match output(&mut command("rustup", &["target", "list", "--installed"])) {
        Some(list) if !list.lines().any(|line| line == TARGET) => {
            step("adding the wasm target", &mut command("rustup", &["target", "add", TARGET]))
        }
        _ => Ok(()),
    }
}

/// Installs `krate` unless its `program` of that version answers already.
fn cargo_tool(program: &str, krate: &str, version: &str, flags: &[&str]) -> Outcome<()> {
    if has_version(program, version) {
        return Ok(());
    }
    let root = cache().join("tools");
    let spec = format!("{krate}@{version}");
    let mut install = command("cargo", &["install", &spec, "--force"]);
    install.args(flags).arg("--root").arg(root);
    // A tool runs for seconds, its build for minutes: quick to build beats quick to run. One
    // target directory, because the tools share many crates.
    install
        .env("CARGO_TARGET_DIR", cache().join("tools-target"))
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
        // The page's own flags are for wasm; a compiler wrapper's are the machine's.
        .env_remove("RUSTFLAGS");
    step(&format!("installing {program} {version} (once; takes minutes)"), &mut install)?;
    if has_version(program, version) {
        Ok(())
    } else {
        Err(format!("{program} was installed, but `{program} --version` does not say {version}"))
    }
}

fn has_version(program: &str, version: &str) -> bool {
    output(&mut command(program, &["--version"]))
        .is_some_and(|said| said.split_whitespace().any(|word| word == version))
}

fn wasm_opt() -> Outcome<()> {
    let major = BINARYEN.split('.').next().expect("a version has a first part");
    if has_version("wasm-opt", major) {
        return Ok(());
    }
    npm_install_once("tools/npm", &[&format!("binaryen@{BINARYEN}")])?;
    if has_version("wasm-opt", major) {
        Ok(())
    } else {
        Err("binaryen was installed, but `wasm-opt --version` does not answer".to_owned())
    }
}

/// Installs npm packages, as `name@version`, into a prefix of their own below the [`cache`], unless
/// they are there; no script of theirs runs.
///
/// # Errors
///
/// * npm is missing, or fails.
pub fn npm_install_once(prefix: &str, packages: &[&str]) -> Outcome<()> {
    let prefix = cache().join(prefix);
    // npm's own list of what it put there.
    let lock = prefix.join("node_modules/.package-lock.json");
    let lock = std::fs::read_to_string(lock).unwrap_or_default();
    let is_there = |package: &&str| {
        let (name, version) = package.rsplit_once('@').expect("packages are named with a version");
        lock.split_once(&format!("\"node_modules/{name}\": {{"))
            .and_then(|(_, rest)| rest.split_once("\"version\": \""))
            .is_some_and(|(_, rest)| rest.starts_with(&format!("{version}\"")))
    };
    if packages.iter().all(is_there) {
        return Ok(());
    }
    std::fs::create_dir_all(&prefix)
        .map_err(|error| format!("{} cannot be made: {error}", prefix.display()))?;
    if output(&mut command("npm", &["--version"])).is_none() {
        return Err("npm is missing: install Node.js (Debian: `apt install nodejs npm`)".to_owned());
    }
    let mut install = command("npm", &["install", "--ignore-scripts", "--no-fund", "--no-audit"]);
    install.arg("--loglevel=error").arg("--prefix").arg(&prefix).args(packages);
    step(&format!("installing {} from npm", packages.join(", ")), &mut install)
}

/// The version of a crate that `Cargo.lock` holds.
fn locked_version(krate: &str) -> Outcome<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock"))
        .map_err(|error| format!("Cargo.lock cannot be read: {error}"))?;
    let entry = format!("name = \"{krate}\"\nversion = \"");
    lock.split_once(&entry)
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(version, _)| version.to_owned())
        .ok_or_else(|| format!("Cargo.lock does not name {krate}"))
}

/// Says which tools are used, once they are all there.
pub fn say_what_is_there() {
    for program in ["trunk", "wasm-bindgen", "wasm-opt"] {
        if let Some(said) = output(&mut command(program, &["--version"])) {
            say(said.lines().next().unwrap_or_default());
        }
    }
}
