//! What a file's separators are, from its first records.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Dialect, LineEnd, Overrides,
    records::{Extent, PADDING, Padded, Record, Sink, tokenize, unquoted},
};
use crate::engine::table::{
    missing::Missing,
    value::{self, Value},
};

/// How many bytes of a file are looked at.
pub const SAMPLE: usize = 1 << 18;
/// How many records of them.
const RECORDS: usize = 1_000;

/// How a file is laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// How it separates cells and records.
    pub dialect: Dialect,
    /// Where the first record (header or row) begins: after a mark and comment lines.
    pub start: usize,
    /// Whether it begins with a byte-order mark.
    pub has_mark: bool,
    /// Comment lines before the first record.
    pub n_comments: u64,
    /// How many columns the table has.
    pub width: usize,
    /// The header's cells as they stand, where there is a header.
    pub header: Vec<Vec<u8>>,
    /// Where the first row begins.
    pub first_row: usize,
    /// Lines before the first row.
    pub lines_before: u64,
    /// Mean length of a record in the sample, line end included.
    pub record_length: usize,
}

/// Why a file is no table of text.
pub fn foreign_format(sample: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 17] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"BM", "a BMP picture"),
        (b"RIFF", "a RIFF file (picture, sound or video)"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive (or a spreadsheet: save it as CSV)"),
        (b"\x1F\x8B", "a gzip archive: unpack it first"),
        (b"BZh", "a bzip2 archive: unpack it first"),
        (b"\xFD7zXZ", "an xz archive: unpack it first"),
        (b"\x28\xB5\x2F\xFD", "a zstd archive: unpack it first"),
        (b"PAR1", "a Parquet file: save it as CSV"),
        (b"SQLite format 3", "an SQLite database: export a table as CSV"),
        (b"\xFF\xFE\0\0", "UTF-32 text: save it as UTF-8"),
        (b"\xFF\xFE", "UTF-16 text: save it as UTF-8"),
        (b"\xFE\xFF", "UTF-16 text: save it as UTF-8"),
        (b"\x7FELF", "a program"),
    ];
    let by_magic = MAGIC.iter().find(|(magic, _)| sample.starts_with(magic));
    if let Some(&(magic, name)) = by_magic
        && (magic != b"BM" || has_controls(sample))
    {
        return Some(name);
    }
    has_controls(sample).then_some("binary data")
}

/// Whether more than a tenth of the bytes is what no text holds.
fn has_controls(sample: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < b' ' && !b"\t\r\n\x01\x02".contains(byte);
    sample.iter().filter(is_control).count() * 10 > sample.len()
}

/// Reads a cell with the usual words for no value.
fn read(cell: &[u8]) -> Value {
    value::read(cell, Missing::usual())
}

/// Finds the layout of the file that begins with `sample` (all of it if `is_whole`).
///
/// # Panics
///
/// Never: there is always a delimiter to try.
pub fn sniff(sample: &[u8], is_whole: bool, overrides: &Overrides) -> Layout {
    let has_mark = sample.starts_with(b"\xEF\xBB\xBF");
    let mark = if has_mark { 3 } else { 0 };
    let (n_comments, start) = comments(&sample[mark..]);
    let start = mark + start;
    let candidates = match overrides.delimiter {
        Some(delimiter) => vec![delimiter],
        None => Dialect::DELIMITERS.to_vec(),
    };
    let mut best: Option<(f64, Dialect, Records)> = None;
    for delimiter in candidates {
        let dialect =
            Dialect { delimiter, quote: Some(b'"'), has_header: false, line_end: LineEnd::Lf };
        let records = Records::of(&sample[start..], is_whole, &dialect);
        let score = records.score(delimiter);
        if best.as_ref().is_none_or(|(highest, ..)| score > *highest) {
            best = Some((score, dialect, records));
        }
    }
    let (_, mut dialect, records) = best.expect("there is always a candidate");
    dialect.has_header = overrides.has_header.unwrap_or_else(|| records.has_header());
    dialect.line_end = line_end(&sample[start..]);
    let header = match records.cells.first() {
        Some(cells) if dialect.has_header => cells.clone(),
        _ => Vec::new(),
    };
    let width = records.width().max(header.len());
    let (first_row, lines_before) = if dialect.has_header { records.second } else { (0, 0) };
    let n_records = records.cells.len().max(1);
    Layout {
        dialect,
        start,
        has_mark,
        n_comments,
        width,
        header,
        first_row: start + first_row,
        lines_before: n_comments + lines_before,
        record_length: records.n_bytes.div_ceil(n_records).max(1),
    }
}

/// Lines at the beginning that start with `#`: how many, and where they end.
fn comments(sample: &[u8]) -> (u64, usize) {
    let mut n = 0;
    let mut at = 0;
    while sample[at..].starts_with(b"#") {
        let Some(length) = memchr::memchr2(b'\n', b'\r', &sample[at..]) else { break };
        let end = at + length;
        at = end + if sample[end..].starts_with(b"\r\n") { 2 } else { 1 };
        n += 1;
    }
    (n, at)
}

fn line_end(sample: &[u8]) -> LineEnd {
    let n_lf = memchr::memchr_iter(b'\n', sample).count();
    let n_cr = memchr::memchr_iter(b'\r', sample).count();
    let n_crlf = memchr::memmem::find_iter(sample, b"\r\n").count();
    match (n_lf - n_crlf, n_cr - n_crlf, n_crlf) {
        (_, 0, 0) => LineEnd::Lf,
        (0, _, 0) => LineEnd::Cr,
        (0, 0, _) => LineEnd::CrLf,
        _ => LineEnd::Mixed,
    }
}

/// The first records of a file under one dialect.
#[derive(Default)]
struct Records {
    cells: Vec<Vec<Vec<u8>>>,
    /// Where the second record begins, and on which line.
    second: (usize, u64),
    n_bytes: usize,
    dialect: Option<Dialect>,
    scratch: Vec<u8>,
}

impl Sink for Records {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        if self.cells.len() >= RECORDS {
            return;
        }
        if self.cells.len() == 1 {
            self.second = (record.start, record.line);
        }
        let Some(dialect) = &self.dialect else { return };
        let cell = |cell: &_| unquoted(text, *cell, dialect, &mut self.scratch).to_vec();
        self.cells.push(record.cells.iter().map(cell).collect());
        self.n_bytes = record.end + 1;
    }

    fn blank(&mut self, _: u64) {}
}

impl Records {
    fn of(sample: &[u8], is_whole: bool, dialect: &Dialect) -> Self {
        let bytes = [sample, &[0; PADDING]].concat();
        let text = Padded::new(&bytes, sample.len());
        let mut records = Self { dialect: Some(dialect.clone()), ..Self::default() };
        let extent = Extent { is_last: is_whole, ..Extent::WHOLE };
        let progress = tokenize(text, dialect, extent, &mut records);
        if let Some(quote) = progress.open_quote {
            // A quote that is open at the end of the sample hides records: look past it.
            records = Self { dialect: Some(dialect.clone()), ..Self::default() };
            let extent = Extent { literal_from: quote, ..extent };
            tokenize(text, dialect, extent, &mut records);
        }
        if records.cells.is_empty() && !sample.is_empty() {
            // One line that is longer than the sample: its beginning tells the separators.
            let extent = Extent { is_last: true, ..extent };
            tokenize(text, dialect, extent, &mut records);
        }
        if records.cells.len() <= 1 {
            records.second = (progress.consumed, progress.n_lines);
        }
        records
    }

    /// The most frequent number of cells; of equally frequent ones the largest.
    fn width(&self) -> usize {
        let mut counts = BTreeMap::new();
        for cells in &self.cells {
            *counts.entry(cells.len()).or_insert(0) += 1;
        }
        counts.into_iter().max_by_key(|&(width, n)| (n, width)).map_or(0, |(width, _)| width)
    }

    /// How much these look like a table: the share of records of the usual width, the share of
    /// cells that are more than text, and the width itself (G. van den Burg, A. Nazábal, C. Sutton,
    /// *Wrangling Messy CSV Files by Detecting Row and Type Patterns*, 2019, in small).
    fn score(&self, delimiter: u8) -> f64 {
        let width = self.width();
        if width < 2 {
            return 0.0;
        }
        let usual = self.cells.iter().filter(|cells| cells.len() == width).count();
        let consistency = usual as f64 / self.cells.len() as f64;
        let cells = self.cells.iter().flatten();
        let n_typed = cells.clone().filter(|cell| is_typed(cell, delimiter)).count();
        let typed = n_typed as f64 / cells.count() as f64;
        consistency * consistency * (0.1 + typed) * (1.0 - 1.0 / width as f64)
    }

    /// Whether the first record names the columns: texts over columns of something else speak for
    /// it, anything else than texts against it; among texts alone a name is not one of the values.
    fn has_header(&self) -> bool {
        let Some((first, rest)) = self.cells.split_first() else { return false };
        let (mut n_for, mut n_against, mut n_texts) = (0, 0, 0);
        for (column, name) in first.iter().enumerate() {
            match read(name) {
                Value::Text => {
                    n_texts += 1;
                    let values = rest.iter().filter_map(|cells| cells.get(column));
                    let (mut n_values, mut n_typed) = (0, 0);
                    for value in values.map(|cell| read(cell)).filter(|&v| v != Value::Missing) {
                        n_values += 1;
                        n_typed += usize::from(value != Value::Text);
                    }
                    n_for += usize::from(n_values > 0 && n_typed * 10 >= n_values * 9);
                }
                Value::Missing => {}
                _ => n_against += 1,
            }
        }
        if n_for + n_against > 0 {
            return n_for > n_against;
        }
        let names: BTreeSet<_> = first.iter().collect();
        let recurs = |(column, name): (usize, &Vec<u8>)| {
            rest.iter().any(|cells| cells.get(column) == Some(name))
        };
        n_texts == first.len()
            && names.len() == first.len()
            && !first.iter().enumerate().any(recurs)
    }
}

/// Whether a cell is more than text; `1,5` is, unless the comma separates cells.
fn is_typed(cell: &[u8], delimiter: u8) -> bool {
    match read(cell) {
        Value::Text if delimiter != b',' => {
            let mut point = cell.to_vec();
            let comma = memchr::memchr(b',', cell);
            comma.is_some_and(|at| {
                point[at] = b'.';
                matches!(read(&point), Value::Decimal(_))
            })
        }
        Value::Text | Value::Missing => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> Layout {
        sniff(text.as_bytes(), true, &Overrides::default())
    }

    #[test]
    fn separators_are_told_by_consistent_records_of_typed_cells() {
        for (text, delimiter, width) in [
            ("a,b\n1,2\n", b',', 2),
            ("a;b\n1,5;2,5\n3,5;4,5\n", b';', 2),
            ("a\tb c\n1\t2 3\n", b'\t', 2),
            ("t|v\n2017-07-07 09:30|1\n2017-07-07 09:31|2\n", b'|', 2),
            ("a b c\n1 2 3\n4 5 6\n", b' ', 3),
            ("name,said\nAnn,\"well; yes; no\"\nBob,\"ah; so\"\n", b',', 2),
            ("word\nother\n", b',', 1),
        ] {
            let layout = layout(text);
            assert_eq!((layout.dialect.delimiter, layout.width), (delimiter, width), "{text}");
        }
    }

    #[test]
    fn a_header_is_told_from_a_row() {
        for (text, has_header) in [
            ("a,b\n1,2\n", true),
            ("1,2\n3,4\n", false),
            ("0,tcp,http\n0,udp,dns\n", false),
            ("name,city\nAnn,Rome\nBob,Oslo\n", true),
            ("Ann,Rome\nBob,Rome\nAnn,Oslo\n", false),
            ("x\n1\n", true),
            ("a,b,c\n", true),
            ("5\n", false),
        ] {
            assert_eq!(layout(text).dialect.has_header, has_header, "{text}");
        }
    }

    #[test]
    fn marks_comments_and_line_ends_are_seen() {
        let layout = layout("\u{FEFF}# made by hand\r\n#\r\na,b\r\n\r\n1,2\r\n");
        assert!(layout.has_mark);
        assert_eq!((layout.n_comments, layout.start), (2, 3 + 16 + 3));
        assert_eq!(layout.dialect.line_end, LineEnd::CrLf);
        assert_eq!(layout.header, [b"a", b"b"]);
        assert_eq!((layout.first_row, layout.lines_before), (22 + 5 + 2, 4));
    }
}
