//! One record after the other, byte by byte where it matters: the rules of [`records`](super::records).

use wide::u8x16;

use super::{
    Dialect, Escape,
    records::{Cell, Extent, PADDING, Padded},
};

/// What stands where a record is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scanned {
    /// A record; the scanner holds its cells, none for a line without a byte.
    Record(Found),
    /// The text ends first, perhaps inside a quote.
    Incomplete { open_quote: Option<usize> },
}

/// Where a record stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) end: usize,
    pub(super) next: usize,
    pub(super) n_lines: u64,
    pub(super) has_stray_quote: bool,
}

/// Finds records.
pub(super) struct Scanner<'a> {
    text: Padded<'a>,
    delimiter: u8,
    quote: u8,
    escape: Escape,
    skips_blanks: bool,
    extent: Extent,
    specials: Specials<'a>,
    cells: Vec<Cell>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: Padded<'a>, dialect: &Dialect, extent: Extent) -> Self {
        let delimiter = dialect.delimiter;
        let quote = dialect.quote.unwrap_or(delimiter);
        Self {
            text,
            delimiter,
            quote,
            escape: dialect.escape,
            skips_blanks: dialect.skips_blanks,
            extent,
            specials: Specials::new(text, [delimiter, quote]),
            cells: Vec::new(),
        }
    }

    /// The cells of the record found last.
    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The same, to be changed.
    pub(super) fn cells_mut(&mut self) -> &mut Vec<Cell> {
        &mut self.cells
    }

    /// Finds the record that begins at `first`. A quote that stands at `literal` is text.
    // Never inlined: engines compile a function of wasm well once it was called often, but do not
    // exchange one that is running, and a loop over a whole piece runs for long.
    #[inline(never)]
    pub(super) fn record_at(&mut self, first: usize, literal: Option<usize>) -> Scanned {
        let Self { text, delimiter, quote, extent, .. } = *self;
        // A copy can live in registers.
        let mut specials = self.specials;
        specials.seek(first);
        self.cells.clear();
        let literal_from = extent.literal.from(first);
        let mut n_lines = 1;
        let mut start = self.cell_start(first);
        let mut quoted: Option<Cell> = None;
        let mut has_stray_quote = false;
        let end = loop {
            let at = specials.next().unwrap_or(text.len());
            if at == text.len() {
                if extent.is_last {
                    break at;
                }
                return Scanned::Incomplete { open_quote: None };
            }
            if at < start {
                // A blank that separates, after one that did.
                continue;
            }
            let byte = text.bytes()[at];
            if byte == delimiter {
                self.cells.push(quoted.take().unwrap_or_else(|| Cell::new(start, at, false)));
                start = self.cell_start(at + 1);
            } else if byte != quote {
                break at;
            } else if at != start || at >= literal_from || literal == Some(at) {
                // RFC 4180 would call it an error; here it is text.
                has_stray_quote = true;
            } else {
                match self.close(&mut specials, at) {
                    Close::At { cell, n_lines: inside, has_stray } => {
                        quoted = Some(cell);
                        n_lines += inside;
                        has_stray_quote |= has_stray;
                    }
                    Close::Never => return Scanned::Incomplete { open_quote: Some(at) },
                }
            }
        };
        let mut next = end + 1;
        if end < text.len() && text.bytes()[end] == b'\r' {
            if next == text.len() && !extent.is_last {
                // The LF that belongs to it may be the next byte to come.
                return Scanned::Incomplete { open_quote: None };
            }
            if text.bytes()[next] == b'\n' && next < text.len() {
                specials.next();
                next += 1;
            }
        }
        if end > first {
            self.cells.push(quoted.unwrap_or_else(|| Cell::new(start, end, false)));
        }
        self.specials = specials;
        Scanned::Record(Found { end, next, n_lines, has_stray_quote })
    }

    /// Where the cell begins that follows a delimiter: behind blanks, where they are skipped.
    fn cell_start(&self, at: usize) -> usize {
        if !self.skips_blanks {
            return at;
        }
        let text = self.text.text();
        at + text[at.min(text.len())..].iter().take_while(|&&byte| byte == b' ').count()
    }

    /// Finds the end of the quoted cell that opens at `open`.
    fn close(&self, specials: &mut Specials<'_>, open: usize) -> Close {
        let Self { text, delimiter, quote, escape, extent, .. } = *self;
        let mut n_lines = 0;
        let mut has_escape = false;
        let mut has_stray = false;
        while let Some(at) = specials.next() {
            let byte = text.bytes()[at];
            let after = text.bytes()[at + 1];
            if byte == b'\n' || (byte == b'\r' && after != b'\n') {
                n_lines += 1;
            }
            if byte != quote {
                continue;
            }
            if escape == Escape::Backslash {
                let before = text.text()[open + 1..at].iter().rev();
                let n_backslashes = before.take_while(|&&byte| byte == b'\\').count();
                if n_backslashes % 2 == 1 {
                    continue;
                }
            }
            let is_last = at + 1 == text.len();
            if is_last && !extent.is_last {
                // What follows decides, and it is not here yet.
                return Close::Never;
            }
            if is_last || [delimiter, b'\n', b'\r'].contains(&after) {
                let is_escaped = || memchr::memchr(b'\\', &text.bytes()[open + 1..at]).is_some();
                let has_escape = has_escape || escape == Escape::Backslash && is_escaped();
                let cell = Cell::new(open + 1, at, has_escape);
                return Close::At { cell, n_lines, has_stray };
            }
            if after == quote && escape == Escape::Doubled {
                has_escape = true;
                specials.next();
            } else {
                has_stray = true;
            }
        }
        Close::Never
    }
}

enum Close {
    At { cell: Cell, n_lines: u64, has_stray: bool },
    Never,
}

/// The places of delimiters, quotes and line ends, in order.
#[derive(Clone, Copy)]
struct Specials<'a> {
    text: Padded<'a>,
    needles: [u8x16; 4],
    block: usize,
    mask: u64,
}

impl<'a> Specials<'a> {
    fn new(text: Padded<'a>, [delimiter, quote]: [u8; 2]) -> Self {
        let needles = [delimiter, quote, b'\n', b'\r'].map(u8x16::splat);
        Self { text, needles, block: 0, mask: 0 }
    }

    /// Goes to `at`: the next place is there or behind.
    fn seek(&mut self, at: usize) {
        self.block = at & !(PADDING - 1);
        self.mask = self.look() & u64::MAX << (at - self.block);
    }

    #[inline]
    fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            if self.block + PADDING >= self.text.len() {
                return None;
            }
            self.block += PADDING;
            self.mask = self.look();
        }
        let at = self.block + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        // Only zero padding lies beyond the text, but a caller may hand in anything.
        (at < self.text.len()).then_some(at)
    }

    #[inline]
    fn look(&self) -> u64 {
        let block = &self.text.bytes()[self.block..self.block + PADDING];
        let (lanes, _) = block.as_chunks::<16>();
        lanes.iter().rev().fold(0, |mask, &lane| {
            let lane = u8x16::from(lane);
            let [delimiter, quote, lf, cr] = self.needles;
            let hits = (lane.simd_eq(delimiter) | lane.simd_eq(quote))
                | (lane.simd_eq(lf) | lane.simd_eq(cr));
            mask << 16 | u64::from(hits.to_bitmask())
        })
    }
}
