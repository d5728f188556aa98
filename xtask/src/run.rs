//! Starting programs, and saying so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::Instant;

/// What a step gives, or the sentence that says why it could not.
pub type Outcome<T> = Result<T, String>;

/// The project's root: where `Trunk.toml` lies, above the package that cargo runs.
///
/// Asked at run time: two checkouts may share a target directory, and with it this program.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let mut above = package.ancestors();
        above
            .find(|path| path.join("Trunk.toml").is_file())
            .expect("every package lies below the project's root")
            .to_owned()
    });
    &ROOT
}

/// Where tools and other things that outlive a checkout are kept: `$ISOSCOPE_CACHE`, or
/// `~/.cache/isoscope`.
pub fn cache() -> PathBuf {
    std::env::var_os("ISOSCOPE_CACHE").map_or_else(
        || std::env::home_dir().unwrap_or_else(std::env::temp_dir).join(".cache/isoscope"),
        PathBuf::from,
    )
}

/// Says what happens now.
pub fn say(what: &str) {
    println!("▸ {what}");
}

/// A command in the project's root, with our tools first in its `PATH`.
///
/// What cargo told *this* program about itself is taken away, lest a cargo inside the command
/// believes that it builds xtask.
pub fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).stdin(Stdio::null()).env("PATH", crate::tools::path());
    for (name, _) in std::env::vars_os() {
        let ours = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
        });
        if ours {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a step to its end and says how long it took; its output goes to the terminal.
///
/// # Errors
///
/// * the program cannot be started, or ends with another code than 0.
pub fn step(what: &str, command: &mut Command) -> Outcome<()> {
    say(what);
    let start = Instant::now();
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if !status.success() {
        return Err(format!("failed: {what} ({status})"));
    }
    say(&format!("done in {:.1} s: {what}", start.elapsed().as_secs_f64()));
    Ok(())
}

/// What a program prints, or `None` where it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The sentence for a program that is not there.
pub fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("{} cannot be started: {error}", command.get_program().to_string_lossy())
}
