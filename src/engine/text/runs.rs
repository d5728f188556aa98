//! Runs of plain rows, found 64 bytes at a time.
//!
//! Most rows of most files are plain: as many cells as the row before, each row on a line of its
//! own, every quote around a whole cell. Of these nothing is looked at but bit masks of separators
//! (Langdale & Lemire 2019, section 3.1). A row that is anything else ends the run, and is left to
//! the [tokenizer](super::records), whose rules are the law here as well.

use std::ops::Range;

use wide::u8x16;

use super::{
    Escape, Rules,
    records::{Cell, Extent, PADDING, Padded},
};

/// Cells after which a run ends: its places stay in the processor's first cache.
const ENOUGH: usize = 1 << 13;

/// Rows of `width` cells one after the other, each on its own line.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    text: Padded<'a>,
    /// Where the first row begins, and one past every separator.
    after: &'a [u32],
    width: usize,
    /// What quotes cells, if any is quoted.
    quote: Option<u8>,
    /// Whether a quoted cell holds quotes itself, all doubled.
    has_doubled: bool,
    has_crlf: bool,
}

impl<'a> Run<'a> {
    /// The text its rows stand in.
    pub fn text(&self) -> Padded<'a> {
        self.text
    }

    /// Cells in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows, at least one.
    pub fn n_rows(&self) -> usize {
        (self.after.len() - 1) / self.width
    }

    /// Its first rows.
    ///
    /// # Panics
    ///
    /// If it has fewer.
    #[must_use]
    pub fn head(self, n_rows: usize) -> Self {
        Self { after: &self.after[..=n_rows * self.width], ..self }
    }

    /// Where a row begins, or, one past the last, what follows.
    pub fn start(&self, row: usize) -> usize {
        self.after[row * self.width] as usize
    }

    /// Calls `visit` with a column's cells from the first row to the last: where each stands in the
    /// text, and whether it holds doubled quotes.
    #[inline]
    pub fn column(&self, column: usize, mut visit: impl FnMut(usize, usize, bool)) {
        let ends_row = column + 1 == self.width && self.has_crlf;
        let mut at = column;
        match self.quote {
            None if !ends_row => {
                while at + 1 < self.after.len() {
                    visit(self.after[at] as usize, self.after[at + 1] as usize - 1, false);
                    at += self.width;
                }
            }
            Some(quote) if !ends_row && !self.has_doubled => {
                let bytes = self.text.bytes();
                while at + 1 < self.after.len() {
                    let (start, end) = (self.after[at] as usize, self.after[at + 1] as usize - 1);
                    // A separator is no quote: an empty cell is not quoted.
                    let quoted = usize::from(bytes[start] == quote);
                    visit(start + quoted, end - quoted, false);
                    at += self.width;
                }
            }
            _ => {
                while at + 1 < self.after.len() {
                    let cell = self.cell(at, ends_row);
                    visit(cell.start as usize, cell.end as usize, cell.has_doubled);
                    at += self.width;
                }
            }
        }
    }

    /// Puts the cells of `row` into `cells` and returns where its text stands, without the line end.
    pub fn row(&self, row: usize, cells: &mut Vec<Cell>) -> Range<usize> {
        cells.clear();
        let first = row * self.width;
        let cell = |i| self.cell(first + i, i + 1 == self.width && self.has_crlf);
        cells.extend((0..self.width).map(cell));
        self.range(row)
    }

    /// Where the text of `row` stands, without its line end.
    pub fn range(&self, row: usize) -> Range<usize> {
        let (start, end) = (self.start(row), self.start(row + 1) - 1);
        start..end - usize::from(self.has_crlf && self.text.bytes()[end - 1] == b'\r')
    }

    #[inline]
    fn cell(&self, at: usize, ends_row: bool) -> Cell {
        let bytes = self.text.bytes();
        let (mut start, mut end) = (self.after[at], self.after[at + 1] - 1);
        if ends_row && end > start && bytes[end as usize - 1] == b'\r' {
            end -= 1;
        }
        let mut has_doubled = false;
        if let Some(quote) = self.quote
            && end > start
            && bytes[start as usize] == quote
        {
            start += 1;
            end -= 1;
            has_doubled = self.has_doubled
                && memchr::memchr(quote, &bytes[start as usize..end as usize]).is_some();
        }
        Cell { start, end, has_doubled }
    }
}

/// Finds runs.
#[derive(Debug)]
pub(super) struct RunFinder<'a> {
    text: Padded<'a>,
    delimiter: u8,
    quote: Option<u8>,
    /// Whether two quotes in a quoted cell stand for one; otherwise a row that has them is not plain.
    is_doubled: bool,
    limit: usize,
    /// Only blocks that end before it are looked at: all they need is there.
    end: usize,
    /// Where `end` can be at most.
    last: usize,
    width: usize,
    after: Vec<u32>,
}

impl<'a> RunFinder<'a> {
    pub(super) fn new(text: Padded<'a>, rules: &Rules, extent: Extent) -> Self {
        // A cell that begins behind a blank is none of what is looked at here.
        let width = if rules.dialect.skips_blanks { 0 } else { rules.width };
        // A quote that must be text changes what separates: no runs from there on.
        let literal = usize::try_from(extent.literal.record).unwrap_or(usize::MAX);
        let last = text.text().len().min(literal);
        let room = if width == 0 { 0 } else { ENOUGH.max(2 * width) + 2 * PADDING };
        Self {
            text,
            delimiter: rules.dialect.delimiter,
            quote: rules.dialect.quote,
            is_doubled: rules.dialect.escape == Escape::Doubled,
            limit: extent.limit,
            end: last,
            last,
            width,
            after: vec![0; room],
        }
    }

    /// Looks at nothing from `end` on.
    pub(super) fn stop_at(&mut self, end: usize) {
        self.end = end.min(self.last);
    }

    /// The rows from `first` on, as far as they are plain.
    // Never inlined: engines compile well what is called often, and a run is short.
    #[inline(never)]
    pub(super) fn find(&mut self, first: usize) -> Option<Run<'_>> {
        if self.width == 0 {
            return None;
        }
        let [delimiter, quote] = [self.delimiter, self.quote.unwrap_or(self.delimiter)];
        let needles = [delimiter, b'\n', b'\r', quote].map(u8x16::splat);
        let has_quote = self.quote.is_some();
        let width = self.width;
        let enough = self.after.len() - 2 * PADDING;
        self.after[0] = first as u32;
        // Separators found; those of whole rows; and the same as a number of the current block's.
        let (mut n, mut whole) = (0, 0);
        let mut block = first & !(PADDING - 1);
        let mut fresh = u64::MAX << (first - block);
        let (mut inside, mut before) = (0_u64, 1_u64 << (first - block));
        let (mut closed_before, mut doubled) = (0, 0);
        let (mut any_quote, mut any_crlf) = (false, false);
        let mut row_start = first;
        'blocks: while block + PADDING < self.end && n < enough {
            let masks = Masks::of(self.text, block, needles);
            let mut lines = masks.lf & fresh;
            let mut delimiters = masks.delimiter & fresh;
            if masks.cr & fresh != 0 {
                let next_is_lf = u64::from(self.text.bytes()[block + PADDING] == b'\n') << 63;
                let crlf = masks.cr & (masks.lf >> 1 | next_is_lf);
                any_crlf |= crlf != 0;
                lines |= masks.cr & fresh & !crlf;
            }
            let quotes = masks.quote & fresh;
            if has_quote && quotes | inside != 0 {
                any_quote = true;
                let within = prefix_xor(quotes) ^ inside;
                let separators = delimiters | lines;
                let closing = quotes & !within;
                let opening = quotes & within;
                let may_open = (separators & !within | closing) << 1 | before;
                let next = self.text.bytes()[block + PADDING];
                let next_may = next == delimiter || next == b'\n' || next == b'\r' || next == quote;
                let may_close = (masks.delimiter | masks.lf | masks.cr | quotes) >> 1
                    | u64::from(next_may) << 63;
                if opening & !may_open | closing & !may_close | lines & within != 0 {
                    break;
                }
                // What closes and opens at once is two quotes in a cell that stand for one.
                doubled |= opening & (closing << 1 | closed_before);
                if doubled != 0 && !self.is_doubled {
                    break;
                }
                closed_before = closing >> 63;
                inside = 0_u64.wrapping_sub(within >> 63);
                delimiters &= !within;
                before = (closing | separators & !within) >> 63;
            } else {
                closed_before = 0;
                before = (delimiters | lines) >> 63;
            }
            let separators = delimiters | lines;
            self.write(separators, n, block);
            while lines != 0 {
                let end = lines.trailing_zeros();
                let rank = (separators & ((1 << end) - 1)).count_ones() as usize + 1;
                let line_end = block + end as usize;
                let is_blank = line_end - row_start <= 1
                    && (line_end == row_start || self.text.bytes()[row_start] == b'\r');
                if n + rank != whole + width || is_blank || row_start >= self.limit {
                    break 'blocks;
                }
                whole = n + rank;
                row_start = line_end + 1;
                lines &= lines - 1;
            }
            n += separators.count_ones() as usize;
            if n > whole + width {
                break;
            }
            fresh = u64::MAX;
            block += PADDING;
        }
        (whole > 0).then(|| Run {
            text: self.text,
            after: &self.after[..=whole],
            width,
            quote: self.quote.filter(|_| any_quote),
            has_doubled: doubled != 0,
            has_crlf: any_crlf,
        })
    }

    /// Writes one past each of the separators of a block.
    #[inline]
    fn write(&mut self, mut separators: u64, n: usize, block: usize) {
        let there: &mut [u32] = &mut self.after[n + 1..n + 1 + PADDING];
        let block = block as u32 + 1;
        // More are written than there are: the next block overwrites them.
        let mut at = 0;
        while separators != 0 {
            let four: &mut [u32] = &mut there[at..at + 4];
            for slot in four {
                *slot = block + separators.trailing_zeros();
                separators &= separators.wrapping_sub(1);
            }
            at += 4;
        }
    }
}

/// Where the bytes that matter stand in a block.
struct Masks {
    delimiter: u64,
    lf: u64,
    cr: u64,
    quote: u64,
}

impl Masks {
    #[inline]
    fn of(text: Padded<'_>, block: usize, needles: [u8x16; 4]) -> Self {
        let (lanes, _) = text.bytes()[block..block + PADDING].as_chunks::<16>();
        let mut masks = [0; 4];
        for &lane in lanes.iter().rev() {
            let lane = u8x16::from(lane);
            for (mask, needle) in masks.iter_mut().zip(needles) {
                *mask = *mask << 16 | u64::from(lane.simd_eq(needle).to_bitmask());
            }
        }
        let [delimiter, lf, cr, quote] = masks;
        Self { delimiter, lf, cr, quote }
    }
}

/// Every bit becomes the parity of itself and those below.
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}
