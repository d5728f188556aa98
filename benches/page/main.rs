//! The page in a browser beside its peers: the promises of "speed and size", measured.
//!
//! `cargo xtask bench` builds the page, brings the peers and calls this. Every figure is a median
//! of fresh pages; two workers, two threads.

mod boost;
mod forms;
mod page;
mod peers;
mod table;

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::Path;

use journeys::files::Scratch;
use table::{Line, markdown, median};
use xtask::run::root;

/// How often each figure is measured.
const RUNS: usize = 5;
/// How often the slow peers are.
const PEER_RUNS: usize = 3;

fn main() {
    let part = std::env::args().nth(1);
    let scratch = Scratch::new();
    println!("▸ unpacking KDD'99, ten per cent");
    let file = scratch.unpack("kdd99/kddcup.data_10_percent.gz");
    match part.as_deref() {
        None => write(&everything(&scratch, &file)),
        Some("boost") => print!("{}", markdown(&boost::lines(&scratch, &file))),
        Some("forms") => print!("{}", markdown(&forms::lines(&scratch, &file))),
        Some("ours") => drop(ours(&file)),
        Some("neighbours") => println!("{:.2} s", neighbours(&scratch)),
        Some("tenfold") => drop(tenfold(&scratch, &file)),
        Some("peers") => drop((peers::native(&file, RUNS), in_the_browser(&file))),
        Some(other) => {
            panic!(
                "no such part: {other}; there are `ours`, `boost`, `forms`, `neighbours`, `tenfold` and \
                 `peers`"
            )
        }
    }
}

/// Measures all parts and sets them side by side.
fn everything(scratch: &Scratch, file: &Path) -> Vec<Line> {
    let (ours, native) = side_by_side(file);
    let browser = in_the_browser(file);
    let bytes = fs::metadata(file).expect("it was unpacked").len() as f64;
    let mut lines =
        lines(&ours, &tenfold(scratch, file), neighbours(scratch), &native, &browser, bytes);
    lines.extend(boost::lines(scratch, file));
    lines.extend(forms::lines(scratch, file));
    lines
}

fn ours(file: &Path) -> Vec<page::Run> {
    println!("▸ our page in Chromium: load, find, drag, explain ({RUNS} runs)");
    (0..RUNS).map(|_| page::measure(file)).collect()
}

/// Ours and the native peers in turns: machines have slow minutes, which must be slow for both.
fn side_by_side(file: &Path) -> (Vec<page::Run>, peers::Native) {
    println!(
        "▸ our page in Chromium and pandas, scikit-learn, isotree natively, in turns ({RUNS} runs)"
    );
    let (ours, native): (Vec<_>, Vec<_>) =
        (0..RUNS).map(|_| (page::measure(file), peers::native(file, 1))).unzip();
    (ours, peers::Native::median(&native))
}

fn in_the_browser(file: &Path) -> peers::InTheBrowser {
    println!("▸ PapaParse and DuckDB-WASM in Chromium ({PEER_RUNS} runs)");
    peers::in_the_browser(file, PEER_RUNS)
}

fn tenfold(scratch: &Scratch, file: &Path) -> page::Run {
    println!("▸ our page with ten times the file");
    let path = scratch.path().join("tenfold.csv");
    let once = fs::read(file).expect("it was unpacked");
    let mut out = fs::File::create(&path).expect("a file can be made");
    (0..10).for_each(|_| out.write_all(&once).expect("there is room for ten times the file"));
    page::measure(&path)
}

/// Every row about as far from every other: nothing can be left out.
fn neighbours(scratch: &Scratch) -> f64 {
    println!("▸ the local outlier factor on noise ({PEER_RUNS} runs)");
    let mut rng = isoscope::engine::random::stream(7, 0);
    let mut text = String::new();
    for column in 0..60 {
        write!(text, "c{column},").expect("memory");
    }
    for _ in 0..100_000 {
        text.pop();
        text.push('\n');
        for _ in 0..60 {
            let unit = isoscope::engine::random::unit(&mut rng);
            write!(text, "{unit:.4},").expect("memory");
        }
    }
    text.pop();
    let file = scratch.write("noise.csv", text);
    let runs: Vec<f64> = (0..PEER_RUNS).map(|_| page::neighbours(&file)).collect();
    median(&runs)
}

/// Writes the table for people to read.
fn write(lines: &[Line]) {
    let text = markdown(lines);
    println!("\n{text}");
    let path = root().join("benches/RESULTS.md");
    let head = format!(
        "# The page beside its peers\n\n`cargo xtask bench` wrote this: medians of {RUNS} runs in turns \
         (browser peers: {PEER_RUNS}), {}.\n\n",
        peers::machine()
    );
    fs::write(path, head + &text).expect("the project can be written to");
    println!("wrote benches/RESULTS.md");
}

/// Sets our medians beside the peers'.
fn lines(
    ours: &[page::Run],
    tenfold: &page::Run,
    neighbours: f64,
    native: &peers::Native,
    browser: &peers::InTheBrowser,
    bytes: f64,
) -> Vec<Line> {
    let of = |part: fn(&page::Run) -> f64| median(&ours.iter().map(part).collect::<Vec<_>>());
    let (load, forest, score) = (of(|run| run.load), of(page::Run::forest), of(|run| run.score));
    let (brush, verdict, cases) = (of(|run| run.brush), of(|run| run.verdict), of(|run| run.cases));
    let (explain, drag, memory) = (of(|run| run.explain), of(|run| run.drag), of(|run| run.memory));
    let size = xtask::page::weights().expect("the page was built");
    let size = xtask::page::kilobytes(xtask::page::total(&size));
    let ten = format!("{:.2} s + {:.2} s", tenfold.load, tenfold.forest());
    vec![
        Line::faster("load KDD99 10 %, drop to profile", load, &native.pandas, 1.0, 2.0),
        Line::faster("the same", load, &browser.papaparse, 10.0, 20.0),
        Line::faster("the same", load, &browser.duckdb, 6.0, 15.0),
        Line::faster("forest 100 × 256, fit + score", forest, &native.scikit_learn, 4.0, 8.0),
        Line::faster("the same", forest, &native.threaded, 4.0, 8.0),
        Line::faster("the same", forest, &native.isotree, 2.0, 4.0),
        Line::at_most(
            "explain every row",
            format!("{explain:.2} s"),
            explain / score,
            " × our scoring",
            [2.0, 1.0],
        ),
        Line::at_most(
            "drag the threshold, to the next paint",
            "–".into(),
            drag * 1e3,
            " ms",
            [16.0, 8.0],
        ),
        Line::at_most(
            "draw a box in the scatter, to the next paint",
            "–".into(),
            brush * 1e3,
            " ms",
            [16.0, 8.0],
        ),
        Line::at_most(
            "verdict, to the list in its new order",
            "–".into(),
            verdict * 1e3,
            " ms",
            [200.0, 200.0],
        ),
        Line::at_most("reasons of all rows, as cases", "–".into(), cases, " s", [1.5, 1.5]),
        Line::at_most(
            "local outlier factor, 5,000 reference rows, 100,000 × 60 of noise",
            "–".into(),
            neighbours,
            " s",
            [4.0, 4.0],
        ),
        Line::at_most(
            "memory of all workers at the peak",
            format!("{:.0} MB", memory / 1e6),
            memory / bytes,
            " × the file",
            [2.0, 1.2],
        ),
        Line::at_most("fetched at start, gzip", "–".into(), size, " KB", [900.0, 500.0]),
        Line::at_most(
            "10 × KDD99, load + fit and score",
            ten,
            (tenfold.load + tenfold.forest()) / (load + forest),
            " × one",
            [10.0, 10.0],
        ),
    ]
}
