//! Bytes to records: the tokenizer. It never fails: any bytes are some table.
//!
//! * A record ends at LF, CRLF or CR outside quotes; a line without a byte is no record, nor is one
//!   that begins with a comment sign.
//! * A quote opens a quoted cell only as the cell's first byte. It closes it only before a
//!   delimiter, a line end or the end of the file; escaped, it stands for itself; anywhere else it
//!   is text. So one stray quote spoils its own neighbourhood and not the rest of the file.
//! * A record that has not the table's width is read again as it may have been meant (`mend.rs`).
//!
//! Separators are found 64 bytes at a time as a bit mask, and only they are looked at.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use wide::u8x16;

use super::{
    Dialect, Escape, NoticeKind, Rules, Treatment,
    mend::{Mender, Reading},
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
    /// Whether it holds doubled quotes that stand for one, or others that are escaped.
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
    /// Quotes inside it that neither open, close nor stand escaped: read as text.
    pub has_stray_quote: bool,
    /// What else is odd about it: its width, or how it came to have the table's.
    pub oddity: Option<NoticeKind>,
    /// Whether its cells are others than a plain reading gives.
    pub is_mended: bool,
}

impl<'a> Record<'a> {
    /// A record that is not odd.
    pub fn plain(cells: &'a [Cell], range: Range<usize>, line: u64) -> Self {
        let Range { start, end } = range;
        Self { cells, start, end, line, has_stray_quote: false, oddity: None, is_mended: false }
    }
}

/// Lines that are no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Why not.
    pub kind: NoticeKind,
    /// Where they stand, without the last line end.
    pub range: Range<usize>,
    /// The line they begin on, counted from 0 at the first byte given.
    pub line: u64,
}

/// Takes records as they are found.
pub trait Sink {
    /// The next record is complete.
    fn record(&mut self, text: Padded<'_>, record: Record<'_>);
    /// Something is no row: a blank line, a comment, a header that stands again.
    fn skip(&mut self, text: Padded<'_>, skipped: Skipped);
    /// The next records are plain rows; the first begins on `line`.
    fn run(&mut self, run: Run<'_>, line: u64) {
        let mut cells = Vec::new();
        for (row, line) in (0..run.n_rows()).zip(line..) {
            let range = run.row(row, &mut cells);
            self.record(run.text(), Record::plain(&cells, range, line));
        }
    }
}

/// From where on quotes are text, as one is never closed: in the record that begins at `record`,
/// and in all behind it, those from `quote` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Literal {
    /// Where the record begins.
    pub record: u64,
    /// Where the quote stands.
    pub quote: u64,
}

impl Literal {
    /// Beyond any file, and still a whole number to JavaScript: it crosses to other workers.
    const BEYOND: u64 = (1 << 53) - 1;
    /// All quotes are what they are.
    pub const NOWHERE: Self = Self { record: Self::BEYOND, quote: Self::BEYOND };

    /// The same, counted from `base`.
    #[must_use]
    pub fn within(self, base: u64) -> Self {
        let within = |at: u64| if at == Self::BEYOND { at } else { at.saturating_sub(base) };
        Self { record: within(self.record), quote: within(self.quote) }
    }

    /// The first quote that is text in the record that begins at `record`.
    pub(super) fn from(self, record: usize) -> usize {
        let is_there = record as u64 >= self.record;
        if is_there { usize::try_from(self.quote).unwrap_or(usize::MAX) } else { usize::MAX }
    }
}

/// Which part of a text is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Records that start here or later are left alone.
    pub limit: usize,
    /// From where on quotes are text.
    pub literal: Literal,
    /// Whether the text ends where the file ends.
    pub is_last: bool,
}

impl Extent {
    /// All of a text that is complete.
    pub const WHOLE: Self = Self { limit: usize::MAX, literal: Literal::NOWHERE, is_last: true };
}

/// How far [`tokenize`] came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The first byte that belongs to no complete record.
    pub consumed: usize,
    /// Lines that ended before `consumed`.
    pub n_lines: u64,
    /// The quote that is still open where the text ends, in the record at `consumed`.
    pub open_quote: Option<usize>,
}

impl Progress {
    /// What makes a text complete whose end was read inside a quoted cell.
    pub fn literal(self) -> Option<Literal> {
        let literal = |quote| Literal { record: self.consumed as u64, quote: quote as u64 };
        self.open_quote.map(literal)
    }
}

/// Finds the records of `text`, which begins at the start of one.
pub fn tokenize(text: Padded<'_>, rules: &Rules, extent: Extent, sink: &mut impl Sink) -> Progress {
    let mut scanner = Scanner::new(text, &rules.dialect, extent);
    let mut finder = RunFinder::new(text, rules, extent);
    let mut plain = Plain::new(text, rules);
    let mender = Mender::new(text, rules, extent);
    let (mut start, mut line) = (0, 0);
    while start < extent.limit.min(text.len) {
        finder.stop_at(plain.until(start));
        if let Some(run) = finder.find(start) {
            let n_rows = plain.rows_before_header(&run);
            if n_rows > 0 {
                let run = run.head(n_rows);
                start = run.start(n_rows);
                sink.run(run, line);
                line += n_rows as u64;
                continue;
            }
        }
        if let Some(end) = plain.comment_at(start) {
            let Some((end, next)) = line_end(text, end, extent.is_last) else {
                return Progress { consumed: start, n_lines: line, open_quote: None };
            };
            sink.skip(text, Skipped { kind: NoticeKind::CommentLine, range: start..end, line });
            (start, line) = (next, line + 1);
            continue;
        }
        let (reading, open_quote) = match scanner.record_at(start, None) {
            Scanned::Record(found) => (Some(mender.mend(&mut scanner, start, found)), None),
            Scanned::Incomplete { open_quote } => {
                let open = open_quote.filter(|_| extent.is_last);
                (open.and_then(|open| mender.mend_open(&mut scanner, start, open)), open_quote)
            }
        };
        let Some(Reading { found, oddity, is_mended }) = reading else {
            return Progress { consumed: start, n_lines: line, open_quote };
        };
        let end = found.end;
        match oddity {
            Some(kind) if rules.treatment(kind) == Treatment::Drop => {
                sink.skip(text, Skipped { kind, range: start..end, line });
            }
            _ => {
                let (cells, has_stray_quote) = (scanner.cells(), found.has_stray_quote);
                let record = Record { cells, start, end, line, has_stray_quote, oddity, is_mended };
                sink.record(text, record);
            }
        }
        line += found.n_lines;
        start = found.next;
    }
    Progress { consumed: start.min(text.len), n_lines: line, open_quote: None }
}

/// What keeps rows from being plain, beside what [`RunFinder`] sees itself.
struct Plain<'a> {
    text: Padded<'a>,
    rules: &'a Rules,
    comment: Option<&'a [u8]>,
    /// How the first name of each header line begins: one that stands again is told, whether it is
    /// left out or kept as a row.
    names: Vec<&'a [u8]>,
    /// Nothing that is not plain stands before it.
    until: usize,
}

impl<'a> Plain<'a> {
    fn new(text: Padded<'a>, rules: &'a Rules) -> Self {
        let comment = rules.dialect.comment.as_deref().map(str::as_bytes);
        let comment = comment.filter(|sign| !sign.is_empty());
        // As far as it stands in the file as it reads.
        let first = |names: &'a Vec<Vec<u8>>| {
            let is_plain = |byte: &u8| Some(*byte) != rules.dialect.quote && *byte != b'\\';
            let name = names.first()?;
            Some(&name[..name.iter().take_while(|byte| is_plain(byte)).count()])
        };
        let names = rules.header.iter().filter_map(first).collect();
        Self { text, rules, comment, names, until: 0 }
    }

    /// The first place from `start` on that a run must not reach.
    fn until(&mut self, start: usize) -> usize {
        if start >= self.until {
            let next = |byte| memchr::memchr(byte, &self.text.text()[start..]);
            let comment = self.comment.and_then(|sign| next(sign[0]));
            let is_escaped = self.rules.dialect.escape == Escape::Backslash;
            let escape = is_escaped.then(|| next(b'\\')).flatten();
            let nearest = comment.into_iter().chain(escape).min();
            self.until = nearest.map_or(usize::MAX, |at| start + at + 1);
        }
        self.until
    }

    /// Where the comment line that begins at `start` goes on behind its sign.
    fn comment_at(&self, start: usize) -> Option<usize> {
        let sign = self.comment?;
        self.text.text()[start..].starts_with(sign).then(|| start + sign.len())
    }

    /// How many rows of a run stand before one that repeats the header.
    fn rows_before_header(&self, run: &Run<'_>) -> usize {
        if self.names.is_empty() || run.width() < 2 {
            return run.n_rows();
        }
        let text = run.text();
        let begins = |row: usize, name: &[u8]| {
            let there = &text.bytes()[run.start(row)..];
            there.starts_with(name) || there.get(1..).is_some_and(|there| there.starts_with(name))
        };
        let mut cells = Vec::new();
        let mut repeats = |row: usize| {
            self.names.iter().any(|name| begins(row, name)) && {
                run.row(row, &mut cells);
                self.rules.is_header(text, &cells)
            }
        };
        (0..run.n_rows()).find(|&row| repeats(row)).unwrap_or(run.n_rows())
    }
}

/// Where the line ends that goes on at `from`, and where the next begins; `None` where that is not
/// known yet.
fn line_end(text: Padded<'_>, from: usize, is_last: bool) -> Option<(usize, usize)> {
    let Some(length) = memchr::memchr2(b'\n', b'\r', &text.text()[from..]) else {
        return is_last.then_some((text.len(), text.len()));
    };
    let end = from + length;
    match (text.bytes()[end], text.text().get(end + 1)) {
        // The LF that belongs to it may be the next byte to come.
        (b'\r', None) if !is_last => None,
        (b'\r', Some(b'\n')) => Some((end, end + 2)),
        _ => Some((end, end + 1)),
    }
}

/// Returns a cell's text, with escaped quotes as what they stand for.
pub fn unquoted<'a>(
    text: Padded<'a>,
    cell: Cell,
    dialect: &Dialect,
    scratch: &'a mut Vec<u8>,
) -> &'a [u8] {
    let raw = &text.bytes[cell.range()];
    let (true, Some(quote)) = (cell.has_doubled, dialect.quote) else { return raw };
    scratch.clear();
    let mut rest = raw.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        let meant = match dialect.escape {
            Escape::Doubled if byte == quote => {
                rest.next_if_eq(&quote);
                byte
            }
            Escape::Backslash if byte == b'\\' => {
                rest.next_if(|&next| next == quote || next == b'\\').unwrap_or(byte)
            }
            _ => byte,
        };
        scratch.push(meant);
    }
    scratch
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COMMA: Dialect = Dialect::RFC_4180;

    /// Commas, and rows of a width; nothing is mended.
    fn commas(width: usize) -> Rules {
        use NoticeKind::{OtherDelimiter, ShortRow, StrayQuote, SurplusDelimiter};
        let kinds = [OtherDelimiter, ShortRow, StrayQuote, SurplusDelimiter];
        let treatments = kinds.map(|kind| (kind, Treatment::Keep)).into();
        Rules { width, treatments, ..Rules::of(COMMA) }
    }

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

        fn skip(&mut self, _: Padded<'_>, skipped: Skipped) {
            self.blank.push(skipped.line);
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
        tokenize(Padded::new(&bytes, text.len()), &commas(width), Extent::WHOLE, &mut table);
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

    /// Notes the lines on which the header stands again, as a row or as none.
    #[derive(Default)]
    struct Headers {
        rows: Vec<u64>,
        skipped: Vec<u64>,
    }

    impl Sink for Headers {
        fn record(&mut self, _: Padded<'_>, record: Record<'_>) {
            if record.oddity == Some(NoticeKind::RepeatedHeader) {
                self.rows.push(record.line);
            }
        }

        fn skip(&mut self, _: Padded<'_>, skipped: Skipped) {
            assert_eq!(skipped.kind, NoticeKind::RepeatedHeader);
            self.skipped.push(skipped.line);
        }
    }

    #[test]
    fn a_header_among_plain_rows_is_told_whatever_is_done_with_it() {
        // Plain rows are read in runs only where a whole block of text follows.
        let text = format!("1,2\na,b\n{}a,b\n{}", "3,4\n".repeat(50), "5,6\n".repeat(50));
        let header = vec![vec![b"a".to_vec(), b"b".to_vec()]];
        let bytes = padded(text.as_bytes());
        for treatment in [Treatment::Drop, Treatment::Keep] {
            let treatments = [(NoticeKind::RepeatedHeader, treatment)].into();
            let rules = Rules { header: header.clone(), treatments, ..commas(2) };
            let mut headers = Headers::default();
            tokenize(Padded::new(&bytes, text.len()), &rules, Extent::WHOLE, &mut headers);
            let (told, other) = match treatment {
                Treatment::Drop => (headers.skipped, headers.rows),
                _ => (headers.rows, headers.skipped),
            };
            assert_eq!((told, other), (vec![1, 52], vec![]), "{treatment:?}");
        }
    }

    /// The records whose quotes are odd: their lines and cells.
    #[derive(Default)]
    struct Stray(Vec<(u64, Vec<String>)>);

    impl Sink for Stray {
        fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
            if record.oddity == Some(NoticeKind::StrayQuote) {
                let cell =
                    |cell: &Cell| String::from_utf8_lossy(&text.bytes()[cell.range()]).into();
                self.0.push((record.line, record.cells.iter().map(cell).collect()));
            }
        }

        fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
    }

    #[test]
    fn doubled_quotes_among_plain_rows_are_text_where_they_do_not_stand_for_one() {
        let rows = "1,\"2\"\n".repeat(50);
        let text = format!("{rows}3,\"a\"\"b\"\n{rows}");
        let bytes = padded(text.as_bytes());
        let stray = |escape| {
            let rules = commas(2);
            let rules = Rules { dialect: Dialect { escape, ..rules.dialect }, ..rules };
            let mut stray = Stray::default();
            tokenize(Padded::new(&bytes, text.len()), &rules, Extent::WHOLE, &mut stray);
            stray.0
        };
        let row = vec!["3".to_owned(), "a\"\"b".to_owned()];
        assert_eq!(stray(Escape::Doubled), []);
        assert_eq!(stray(Escape::Backslash), [(50, row.clone())]);
        assert_eq!(stray(Escape::None), [(50, row)]);
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
                let extent = Extent { is_last: to == text.len(), ..Extent::WHOLE };
                let mut part = Table::default();
                let progress = tokenize(Padded::new(&bytes, to - from), &commas(width), extent, &mut part);
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
