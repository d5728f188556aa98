//! Bytes to records: the tokenizer. It never fails: any bytes are some table.
//!
//! * A record ends at LF, CRLF or CR outside quotes; a line without a byte is no record.
//! * A quote opens a quoted cell only as the cell's first byte. It closes it only before a
//!   delimiter, a line end or the end of the file; doubled, it stands for itself; anywhere else it
//!   is text. So one stray quote spoils its own neighbourhood and not the rest of the file.
//!
//! Separators are found 64 bytes at a time as a bit mask, and only they are looked at.

use std::ops::Range;

use wide::u8x16;

use super::{
    Dialect,
    runs::{Run, RunFinder},
    scanner::{Scanned, Scanner},
};

/// How many zero bytes must follow the text: a whole block can be read at any place.
pub const PADDING: usize = 64;

/// Text with [`PADDING`] readable bytes behind it.
#[derive(Debug, Clone, Copy)]
pub struct Padded<'a> {
    bytes: &'a [u8],
    len: usize,
}

impl<'a> Padded<'a> {
    /// Takes the first `len` of `bytes` as text.
    ///
    /// # Panics
    ///
    /// If fewer than [`PADDING`] bytes follow.
    pub fn new(bytes: &'a [u8], len: usize) -> Self {
        assert!(bytes.len() >= len + PADDING, "text needs padding");
        Self { bytes, len }
    }

    /// The text and what follows it.
    pub fn bytes(self) -> &'a [u8] {
        self.bytes
    }

    /// How long the text is.
    #[expect(clippy::len_without_is_empty, reason = "nobody asks")]
    pub fn len(self) -> usize {
        self.len
    }

    /// The text itself.
    pub fn text(self) -> &'a [u8] {
        &self.bytes[..self.len]
    }

    /// The eight bytes at `start`, which may reach into the padding.
    pub fn word(self, start: usize) -> u64 {
        let mut word = [0; 8];
        word.copy_from_slice(&self.bytes[start..start + 8]);
        u64::from_le_bytes(word)
    }
}

/// Whether a text holds a NUL, and whether it holds anything beyond ASCII, in one pass.
pub fn dirt(text: &[u8]) -> (bool, bool) {
    let (blocks, rest) = text.as_chunks::<16>();
    let zero = u8x16::splat(0);
    let mut has_nul = u8x16::splat(0);
    let mut high = u8x16::splat(0);
    for &block in blocks {
        let block = u8x16::from(block);
        has_nul |= block.simd_eq(zero);
        high |= block;
    }
    (
        has_nul.to_bitmask() != 0 || rest.contains(&0),
        !high.to_array().is_ascii() || !rest.is_ascii(),
    )
}

/// Where a cell's text stands, its quotes not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// First byte.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Whether it holds doubled quotes that stand for one.
    pub has_doubled: bool,
}

impl Cell {
    pub(super) fn new(start: usize, end: usize, has_doubled: bool) -> Self {
        let place = |at: usize| u32::try_from(at).expect("a text in memory is below 4 GiB");
        Self { start: place(start), end: place(end), has_doubled }
    }

    /// Where it stands.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A record that was just completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its cells, at least one.
    pub cells: &'a [Cell],
    /// First byte.
    pub start: usize,
    /// One past the last byte before its line end.
    pub end: usize,
    /// The line it begins on, counted from 0 at the first byte given.
    pub line: u64,
    /// Quotes inside it that neither open, close nor double: read as text.
    pub has_stray_quote: bool,
}

/// Takes records as they are found.
pub trait Sink {
    /// The next record is complete.
    fn record(&mut self, text: Padded<'_>, record: Record<'_>);
    /// A line without a byte, on `line`.
    fn blank(&mut self, line: u64);
    /// The next records are plain rows; the first begins on `line`.
    fn run(&mut self, run: Run<'_>, line: u64) {
        let mut cells = Vec::new();
        for (row, line) in (0..run.n_rows()).zip(line..) {
            let range = run.row(row, &mut cells);
            let (start, end) = (range.start, range.end);
            let record = Record { cells: &cells, start, end, line, has_stray_quote: false };
            self.record(run.text(), record);
        }
    }
}

/// Which part of a text is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Records that start here or later are left alone.
    pub limit: usize,
    /// From here on quotes are text (an unclosed one stands here).
    pub literal_from: usize,
    /// Whether the text ends where the file ends.
    pub is_last: bool,
    /// Cells of most rows: such rows are handed over as runs. 0 where that is not known.
    pub width: usize,
}

impl Extent {
    /// All of a text that is complete.
    pub const WHOLE: Self =
        Self { limit: usize::MAX, literal_from: usize::MAX, is_last: true, width: 0 };
}

/// How far [`tokenize`] came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The first byte that belongs to no complete record.
    pub consumed: usize,
    /// Lines that ended before `consumed`.
    pub n_lines: u64,
    /// The quote that is still open where the text ends.
    pub open_quote: Option<usize>,
}

/// Finds the records of `text`, which begins at the start of one.
pub fn tokenize(
    text: Padded<'_>,
    dialect: &Dialect,
    extent: Extent,
    sink: &mut impl Sink,
) -> Progress {
    let mut scanner = Scanner::new(text, dialect, extent);
    let mut line = 0;
    let mut start = 0;
    let mut finder = RunFinder::new(text, dialect, extent);
    while start < extent.limit.min(text.len) {
        if let Some(run) = finder.find(start) {
            start = run.start(run.n_rows());
            let n_lines = run.n_rows() as u64;
            sink.run(run, line);
            line += n_lines;
            continue;
        }
        match scanner.record_at(start) {
            Scanned::Record { end, next, n_lines, has_stray_quote } => {
                if scanner.cells().is_empty() {
                    sink.blank(line);
                } else {
                    let cells = scanner.cells();
                    sink.record(text, Record { cells, start, end, line, has_stray_quote });
                }
                line += n_lines;
                start = next;
            }
            Scanned::Incomplete { open_quote } => {
                return Progress { consumed: start, n_lines: line, open_quote };
            }
        }
    }
    Progress { consumed: start.min(text.len), n_lines: line, open_quote: None }
}

/// Returns a cell's text, with doubled quotes as the one they stand for.
pub fn unquoted<'a>(
    text: Padded<'a>,
    cell: Cell,
    dialect: &Dialect,
    scratch: &'a mut Vec<u8>,
) -> &'a [u8] {
    let raw = &text.bytes[cell.range()];
    let (true, Some(quote)) = (cell.has_doubled, dialect.quote) else { return raw };
    scratch.clear();
    let mut previous_was_quote = false;
    for &byte in raw {
        if byte == quote && previous_was_quote {
            previous_was_quote = false;
            continue;
        }
        previous_was_quote = byte == quote;
        scratch.push(byte);
    }
    scratch
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::text::LineEnd;

    const COMMA: Dialect =
        Dialect { delimiter: b',', quote: Some(b'"'), has_header: false, line_end: LineEnd::Lf };

    #[derive(Debug, Default, PartialEq)]
    struct Table {
        records: Vec<(u64, Vec<Vec<u8>>)>,
        blank: Vec<u64>,
    }

    impl Sink for Table {
        fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
            let cell = |&cell: &Cell| unquoted(text, cell, &COMMA, &mut Vec::new()).to_vec();
            self.records.push((record.line, record.cells.iter().map(cell).collect()));
        }

        fn blank(&mut self, line: u64) {
            self.blank.push(line);
        }
    }

    fn padded(text: &[u8]) -> Vec<u8> {
        [text, &[0; PADDING]].concat()
    }

    fn table(text: &[u8]) -> Table {
        table_of_width(text, 0)
    }

    fn table_of_width(text: &[u8], width: usize) -> Table {
        let mut table = Table::default();
        let bytes = padded(text);
        let extent = Extent { width, ..Extent::WHOLE };
        tokenize(Padded::new(&bytes, text.len()), &COMMA, extent, &mut table);
        table
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        let texts = |cells: &Vec<Vec<u8>>| {
            cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
        };
        table(text.as_bytes()).records.iter().map(|(_, cells)| texts(cells)).collect()
    }

    /// The same rules, one byte at a time over the whole text.
    fn naive(text: &[u8]) -> Table {
        let mut table = Table::default();
        let mut at = 0;
        let mut line = 0;
        while at < text.len() {
            let begins_on = line;
            let mut cells = vec![];
            let start = at;
            loop {
                let mut cell = vec![];
                if text.get(at) == Some(&b'"') {
                    at += 1;
                    loop {
                        let Some(&byte) = text.get(at) else { return table };
                        let after = text.get(at + 1);
                        if byte == b'"' && matches!(after, None | Some(b',' | b'\n' | b'\r')) {
                            at += 1;
                            break;
                        }
                        line += u64::from(byte == b'\n' || byte == b'\r' && after != Some(&b'\n'));
                        at += 1 + usize::from(byte == b'"' && after == Some(&b'"'));
                        cell.push(byte);
                    }
                } else {
                    while let Some(&byte) = text.get(at)
                        && !b",\n\r".contains(&byte)
                    {
                        cell.push(byte);
                        at += 1;
                    }
                }
                cells.push(cell);
                if text.get(at) != Some(&b',') {
                    break;
                }
                at += 1;
            }
            if at == start {
                table.blank.push(begins_on);
            } else {
                table.records.push((begins_on, cells));
            }
            at += 1 + usize::from(text[at.min(text.len())..].starts_with(b"\r\n"));
            line += 1;
        }
        table
    }

    #[test]
    fn cells_are_read_as_rfc_4180_says_and_more_kindly() {
        assert_eq!(cells("a,b\n1,2\n"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("a,b\r\n1,2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("a,b\r1,2\r"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("\"a,b\",\"c\"\"d\"\n"), [["a,b", "c\"d"]]);
        assert_eq!(cells("\"a\nb\",\"\"\n"), [["a\nb", ""]]);
        assert_eq!(cells("a\"b,c\"\n"), [["a\"b", "c\""]]);
        assert_eq!(cells("\"a\"b\",c\n"), [["a\"b", "c"]]);
        assert_eq!(cells(",\n\n,"), [["", ""], ["", ""]]);
        assert_eq!(cells("\"a\rb\"\rc\r"), [["a\rb"], ["c"]]);
        assert_eq!(cells(""), Vec::<Vec<String>>::new());
    }

    #[test]
    fn dirt_is_seen_wherever_it_is() {
        for n in 1..40 {
            for at in 0..n {
                let mut text = vec![b'a'; n];
                assert_eq!(dirt(&text), (false, false));
                text[at] = 0;
                assert_eq!(dirt(&text), (true, false));
                text[at] = 0xE9;
                assert_eq!(dirt(&text), (false, true));
            }
        }
    }

    fn texts() -> impl Strategy<Value = Vec<u8>> {
        let bytes = prop::sample::select(b"ab,\"\n\r,,\"1".to_vec());
        prop::collection::vec(bytes, 0..300)
    }

    /// Many rows of three cells, and now and then something else.
    fn almost_plain_texts() -> impl Strategy<Value = Vec<u8>> {
        let cell = prop_oneof![
            20 => "[a-c]{0,9}",
            8 => "\"[a-c,]{0,9}\"",
            4 => "\"[a-c,]{0,3}(\"\"){0,2}[a,]{0,3}\"",
            1 => "[ab,\"\r\n]{0,4}",
        ];
        let row = prop::collection::vec(cell, 3).prop_map(|cells| cells.join(","));
        let end =
            prop_oneof![20 => Just("\n"), 8 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n")];
        prop::collection::vec((row, end), 0..60).prop_map(|rows| {
            rows.into_iter().flat_map(|(row, end)| (row + end).into_bytes()).collect()
        })
    }

    proptest! {
        #[test]
        fn the_tokenizer_agrees_with_the_naive_one(text in texts()) {
            prop_assert_eq!(table(&text), naive(&text));
        }

        #[test]
        fn runs_change_nothing(text in almost_plain_texts(), width in 1..5_usize) {
            prop_assert_eq!(table_of_width(&text, width), naive(&text));
        }

        #[test]
        fn where_the_text_is_cut_changes_nothing(
            text in prop_oneof![texts(), almost_plain_texts()],
            width in 0..5_usize,
            sizes in prop::collection::vec(1..400_usize, 1..20),
        ) {
            let mut table = Table::default();
            let mut sizes = sizes.iter().cycle();
            let (mut from, mut to, mut lines) = (0, 0, 0);
            loop {
                to = text.len().min(to + sizes.next().expect("a cycle goes on"));
                let bytes = padded(&text[from..to]);
                let extent = Extent { is_last: to == text.len(), width, ..Extent::WHOLE };
                let mut part = Table::default();
                let progress = tokenize(Padded::new(&bytes, to - from), &COMMA, extent, &mut part);
                table.records.extend(part.records.into_iter().map(|(line, cells)| (line + lines, cells)));
                table.blank.extend(part.blank.into_iter().map(|line| line + lines));
                from += progress.consumed;
                lines += progress.n_lines;
                if to == text.len() {
                    break;
                }
            }
            prop_assert_eq!(table, naive(&text));
        }
    }
}
