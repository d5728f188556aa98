//! The Pollock benchmark: its files, its score, and plain CSV as Python's `csv` reads it.
//!
//! G. Vitagliano, M. Hameed, L. Jiang, L. Reisener, E. Wu, F. Naumann, *Pollock: A Data Loading
//! Benchmark*, PVLDB 16, 2023. The rules stand in the data folder's manifest, "The Pollock score".

use std::{
    collections::{BTreeMap, HashMap},
    io::Read,
    path::PathBuf,
};

/// Records of cells.
pub(crate) type Cells = Vec<Vec<String>>;

/// The files of the benchmark, all in memory.
pub(crate) struct Pollock {
    files: HashMap<String, Vec<u8>>,
    weights: HashMap<String, f64>,
}

/// What stands in a `parameters` file.
#[derive(serde::Deserialize)]
pub(crate) struct Parameters {
    pub(crate) delimiter: String,
    pub(crate) quotechar: String,
    pub(crate) escapechar: String,
    pub(crate) header_lines: u32,
    pub(crate) preamble_lines: u32,
}

impl Pollock {
    /// Unpacks the archive of the data folder.
    pub(crate) fn read() -> Self {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/data/csv/pollock-polluted.tar.xz");
        let packed = std::fs::read(path).expect("the archive is there");
        let mut unpacked = Vec::new();
        lzma_rs::xz_decompress(&mut packed.as_slice(), &mut unpacked).expect("xz");
        let mut files = HashMap::new();
        for entry in tar::Archive::new(unpacked.as_slice()).entries().expect("tar") {
            let mut entry = entry.expect("an entry");
            let path = entry.path().expect("a path").to_string_lossy().into_owned();
            let path = path.trim_start_matches("./").trim_start_matches("polluted_files/");
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).expect("bytes");
            if entry.header().entry_type().is_file() {
                files.insert(path.to_owned(), bytes);
            }
        }
        let weights = serde_json::from_slice(&files["pollock_weights.json"]).expect("weights");
        Self { files, weights }
    }

    /// The names of all polluted files, sorted.
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.files.keys().filter_map(|name| name.strip_prefix("csv/")).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn polluted(&self, name: &str) -> &[u8] {
        &self.files[&format!("csv/{name}")]
    }

    pub(crate) fn clean(&self, name: &str) -> Cells {
        plain_csv(&self.files[&format!("clean/{name}")], &Python::default())
    }

    pub(crate) fn parameters(&self, name: &str) -> Parameters {
        let path = format!("parameters/{name}_parameters.json");
        serde_json::from_slice(&self.files[&path]).expect("parameters")
    }

    /// The score of a loader: `None` is a file it refused.
    pub(crate) fn score(&self, mut load: impl FnMut(&str) -> Option<Cells>) -> Score {
        let names = self.names();
        let files = names
            .iter()
            .map(|&name| {
                let measures =
                    load(name).map_or([0.0; 10], |loaded| measures(&self.clean(name), &loaded));
                (name.to_owned(), measures.iter().sum())
            })
            .collect();
        Score { files, weights: names.iter().map(|&name| self.weights[name]).collect() }
    }
}

/// The sum of the ten measures of every file, by name.
pub(crate) struct Score {
    pub(crate) files: BTreeMap<String, f64>,
    weights: Vec<f64>,
}

impl Score {
    /// The mean over all files.
    pub(crate) fn simple(&self) -> f64 {
        self.files.values().sum::<f64>() / self.files.len() as f64
    }

    /// The mean weighted by how often a flaw was met in the wild.
    pub(crate) fn weighted(&self) -> f64 {
        let weighted = self.files.values().zip(&self.weights).map(|(score, weight)| score * weight);
        weighted.sum::<f64>() / self.weights.iter().sum::<f64>()
    }

    /// The mean over the files whose names begin so.
    pub(crate) fn of(&self, beginning: &str) -> f64 {
        let of: Vec<f64> = self
            .files
            .iter()
            .filter_map(|(name, &score)| name.starts_with(beginning).then_some(score))
            .collect();
        of.iter().sum::<f64>() / of.len() as f64
    }
}

/// Success; then precision, recall and F1 of header, records and cells.
fn measures(clean: &Cells, loaded: &Cells) -> [f64; 10] {
    if clean.is_empty() {
        return [1.0; 10];
    }
    let header = |table: &Cells| -> Vec<String> {
        table.first().into_iter().flatten().map(|cell| normal(cell)).collect()
    };
    let records = |table: &Cells| -> Vec<String> {
        let joined = |record: &Vec<String>| record.iter().map(|cell| normal(cell)).collect();
        table.iter().skip(1).map(joined).collect()
    };
    let cells = |table: &Cells| -> Vec<String> { table.iter().flatten().cloned().collect() };
    let of = [
        overlap(header(clean), header(loaded)),
        overlap(records(clean), records(loaded)),
        overlap(cells(clean), cells(loaded)),
    ];
    let mut all = [1.0; 10];
    all[1..].copy_from_slice(of.as_flattened());
    all
}

/// Precision, recall and F1 of two multisets.
fn overlap(clean: Vec<String>, loaded: Vec<String>) -> [f64; 3] {
    if clean.is_empty() {
        return [1.0; 3];
    }
    let (n_clean, n_loaded) = (clean.len() as f64, loaded.len() as f64);
    let mut left: HashMap<String, u32> = HashMap::new();
    for text in clean {
        *left.entry(text).or_default() += 1;
    }
    let mut same = 0.0;
    for text in loaded {
        if let Some(n) = left.get_mut(&text)
            && *n > 0
        {
            *n -= 1;
            same += 1.0;
        }
    }
    if same == 0.0 {
        return [0.0; 3];
    }
    let (precision, recall) = (same / n_clean, same / n_loaded);
    [precision, recall, 2.0 * precision * recall / (precision + recall)]
}

/// The benchmark's normal form of a cell, as far as the forms in these files go.
fn normal(cell: &str) -> String {
    if cell.trim().is_empty() {
        return cell.to_owned();
    }
    if let Ok(number) = cell.trim().parse::<i64>() {
        return match (cell, number) {
            ("0" | "1", _) => cell.to_owned(),
            (_, 0) => "False".to_owned(),
            (_, 1) => "True".to_owned(),
            _ => number.to_string(),
        };
    }
    match cell {
        "True" | "true" => return "1".to_owned(),
        "False" | "false" => return "0".to_owned(),
        _ => {}
    }
    if let Ok(number) = cell.trim().parse::<f64>() {
        return format!("{number:?}");
    }
    let shape: String = cell.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    match (shape.as_str(), amount(cell)) {
        ("99:99", _) => format!("{cell}:00"),
        ("99/99/9999", _) => {
            format!("{}-{}-{} 00:00:00", &cell[6..], &cell[3..5], &cell[..2])
        }
        (_, Some(amount)) => format!("${amount:?}"),
        _ => cell.to_lowercase(),
    }
}

/// The number after the first `$` that has one.
fn amount(cell: &str) -> Option<f64> {
    cell.match_indices('$').find_map(|(at, _)| {
        let rest = &cell[at + 1..];
        let n_whole = rest.bytes().take_while(u8::is_ascii_digit).count();
        let fraction = rest[n_whole..].strip_prefix('.').unwrap_or_default();
        let n_digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let end = n_whole + if n_digits > 0 { 1 + n_digits } else { 0 };
        (n_whole > 0).then(|| rest[..end].parse().expect("digits"))
    })
}

/// What Python's `csv.reader` is told.
pub(crate) struct Python {
    pub(crate) delimiter: char,
    pub(crate) quote: char,
    pub(crate) escape: Option<char>,
    pub(crate) skips_blanks: bool,
}

impl Default for Python {
    fn default() -> Self {
        Self { delimiter: ',', quote: '"', escape: None, skips_blanks: false }
    }
}

/// The records that Python's `csv.reader` finds, blank lines as empty records.
pub(crate) fn plain_csv(bytes: &[u8], told: &Python) -> Cells {
    enum At {
        CellStart,
        Bare,
        Quoted,
        QuoteInQuoted,
    }
    let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\r', "\n");
    let mut table = Cells::new();
    let mut record = Vec::new();
    let mut cell = String::new();
    let mut at = At::CellStart;
    let mut chars = text.chars().peekable();
    let mut is_record_open = false;
    while let Some(c) = chars.next() {
        let is_escape = told.escape == Some(c);
        match at {
            At::Quoted if is_escape => cell.extend(chars.next()),
            At::Quoted if c == told.quote => at = At::QuoteInQuoted,
            At::Quoted => cell.push(c),
            At::QuoteInQuoted if c == told.quote && told.escape.is_none() => {
                cell.push(c);
                at = At::Quoted;
            }
            _ if c == '\n' => {
                if is_record_open {
                    record.push(std::mem::take(&mut cell));
                }
                table.push(std::mem::take(&mut record));
                (at, is_record_open) = (At::CellStart, false);
                continue;
            }
            _ if c == told.delimiter => {
                record.push(std::mem::take(&mut cell));
                at = At::CellStart;
            }
            At::CellStart if c == told.quote => at = At::Quoted,
            At::CellStart if c == ' ' && told.skips_blanks => {}
            _ if is_escape => {
                cell.extend(chars.next());
                at = At::Bare;
            }
            _ => {
                cell.push(c);
                at = At::Bare;
            }
        }
        is_record_open = true;
    }
    if is_record_open {
        record.push(cell);
        table.push(record);
    }
    table
}
