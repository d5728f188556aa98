//! The Pollock benchmark: 2,290 files with one flaw each, loaded as a person's file is.

mod pollock_support;

use isoscope::{
    cluster::{JobError, local::Local},
    engine::text::{Escape, Overrides, Sign},
};
use pollock_support::{Cells, Parameters, Pollock, Python, Score, plain_csv};

/// The table as the page shows it: the names, where the file has them, and every row's cells.
fn load(file: &[u8], overrides: &Overrides) -> Option<Cells> {
    let mut local = Local::new(2);
    let table = match local.load(file.to_vec(), overrides) {
        Ok(table) => table,
        // Nothing at all is no table, and that is what is said.
        Err(JobError::EmptyFile) => return Some(Cells::new()),
        // Nothing to work with; the page shows the names, and asks for rows.
        Err(JobError::NoRows) => {
            let preview = local.preview(file, overrides).expect("a layout");
            return Some(vec![preview.names]);
        }
        Err(_) => return None,
    };
    let has_header = table.profile.dialect.has_header();
    let names = table.profile.columns.iter().map(|column| column.name.clone()).collect();
    let rows: Vec<u32> = (0..table.n_rows()).collect();
    let rows = local.rows(&rows).expect("rows of the table");
    let header = has_header.then_some(names);
    Some(header.into_iter().chain(rows.into_iter().map(|row| row.cells)).collect())
}

fn print(title: &str, score: &Score) {
    println!("{title}: simple {:.3}, weighted {:.3}", score.simple(), score.weighted());
    for (name, score) in score.files.iter().filter(|(name, _)| name.starts_with("file_")) {
        println!("  {score:6.3}  {name}");
    }
    for kind in ["row_less_sep", "row_more_sep", "row_extra_quote", "row_field_delimiter"] {
        println!("  {:6.3}  {kind} (mean)", score.of(kind));
    }
}

#[test]
fn the_scorer_gives_the_reference_figures() {
    let pollock = Pollock::read();
    let reference = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/reference/pollock.json");
    let reference: serde_json::Value =
        serde_json::from_slice(&std::fs::read(reference).expect("the reference")).expect("JSON");
    let check = |loader: &str, score: &Score| {
        let expected = &reference["loaders"][loader];
        let same = |found: f64, expected: &serde_json::Value, what: &str| {
            let expected = expected.as_f64().expect("a number");
            assert!((found - expected).abs() < 1e-9, "{loader}, {what}: {found}, not {expected}");
        };
        for (name, value) in expected["files"].as_object().expect("files") {
            same(score.files[name], value, name);
        }
        for (kind, value) in expected["rows"].as_object().expect("rows") {
            same(score.of(kind), value, kind);
        }
        same(score.simple(), &expected["simple"], "simple");
        same(score.weighted(), &expected["weighted"], "weighted");
    };
    check("nothing", &pollock.score(|_| Some(Cells::new())));
    check("the clean file", &pollock.score(|name| Some(pollock.clean(name))));
    let plain = |name: &str| Some(plain_csv(pollock.polluted(name), &Python::default()));
    check("comma and quote only", &pollock.score(plain));
    let told = |name: &str| {
        let parameters = pollock.parameters(name);
        let char = |text: &str, default| text.chars().next().unwrap_or(default);
        let python = Python {
            delimiter: char(&parameters.delimiter, ','),
            quote: char(&parameters.quotechar, '"'),
            escape: (parameters.escapechar == "\\").then_some('\\'),
            skips_blanks: parameters.delimiter.len() > 1,
        };
        let mut table = plain_csv(pollock.polluted(name), &python);
        table.drain(..table.len().min(parameters.preamble_lines as usize));
        table.retain(|record| !record.is_empty());
        let n = parameters.header_lines as usize;
        if n > 1 {
            let lines: Cells = table.drain(..n).collect();
            let name =
                |i: usize| lines.iter().map(|line| line[i].as_str()).collect::<Vec<_>>().join(" ");
            table.insert(0, (0..lines[0].len()).map(name).collect());
        }
        Some(table)
    };
    check("told the dialect", &pollock.score(told));
}

#[test]
fn told_nothing_the_polluted_files_are_understood() {
    let pollock = Pollock::read();
    let score = pollock.score(|name| load(pollock.polluted(name), &Overrides::default()));
    print("told nothing", &score);
    assert!(score.simple() >= 9.75, "simple {}", score.simple());
    assert!(score.weighted() >= 9.50, "weighted {}", score.weighted());
}

#[test]
fn told_their_parameters_the_polluted_files_are_understood() {
    let pollock = Pollock::read();
    let score =
        pollock.score(|name| load(pollock.polluted(name), &overrides(&pollock.parameters(name))));
    print("told the parameters", &score);
    assert!(score.simple() >= 9.97, "simple {}", score.simple());
    assert!(score.weighted() >= 9.93, "weighted {}", score.weighted());
}

/// What a person sets who knows a file's parameters.
fn overrides(parameters: &Parameters) -> Overrides {
    let mut delimiter = parameters.delimiter.bytes();
    let quote = parameters.quotechar.bytes().next().map_or(Sign::Absent, Sign::Is);
    let escape = match parameters.escapechar.as_str() {
        "\\" => Escape::Backslash,
        "" => Escape::None,
        _ => Escape::Doubled,
    };
    Overrides {
        delimiter: delimiter.next(),
        skips_blanks: Some(delimiter.next() == Some(b' ')),
        quote: Some(quote),
        escape: Some(escape),
        preamble_lines: Some(parameters.preamble_lines),
        header_lines: Some(parameters.header_lines),
        ..Overrides::default()
    }
}
