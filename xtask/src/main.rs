//! The two commands of the README, and the rest of the chores.

use std::process::ExitCode;

use xtask::run::{Outcome, root};
use xtask::{bench, check, fuzz, page, server::Server};

const USAGE: &str = "\
usage: cargo xtask <command>

  serve [--port 8080]   build the page and serve it on this machine
  test                  run every check; the last line is `N passed, M failed`
  dist                  build the static site into dist/
  bench [part]          measure the page beside its peers; all parts: benches/RESULTS.md
  fuzz [seconds]        look for bytes that break the reader or the sniffer
  shot <what> [...]     take a picture of the page: see `cargo xtask shot`";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.as_slice() {
        ["serve"] => serve(8080),
        ["serve", "--port", port] => port
            .parse()
            .map_err(|_| format!("`{port}` is no port: give a number from 0 to 65535"))
            .and_then(serve),
        ["test"] if check::everything() => Ok(()),
        ["test"] => return ExitCode::FAILURE,
        ["dist"] => page::build().map(|_| ()),
        ["bench", rest @ ..] => bench::run(rest),
        ["fuzz"] => fuzz::run(60),
        ["fuzz", seconds] => seconds
            .parse()
            .map_err(|_| format!("`{seconds}` is no number of seconds"))
            .and_then(fuzz::run),
        ["shot", rest @ ..] => bench::shot(rest),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => Err(format!("no such command: {}\n\n{USAGE}", args.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the page, serves it, and says where, once it answers.
fn serve(port: u16) -> Outcome<()> {
    page::build()?;
    let server = Server::start(&root().join("dist"), "/", port)
        .map_err(|error| format!("port {port} cannot be used ({error}); try --port 8081"))?;
    println!("isoscope stands at {}   (Ctrl-C ends it)", server.url());
    server.wait();
    Ok(())
}
