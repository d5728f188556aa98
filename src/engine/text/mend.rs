//! A record that has not the table's width: how it was most likely meant.
//!
//! Each reading changes one thing: one quote is text, one delimiter is too many, the delimiter is
//! another. It counts only where it gives the table's width and where the cells fit the columns no
//! worse than before; and it never reaches beyond the record, so that it does not matter how much
//! of the text is at hand.

use super::{
    Class, Dialect, Escape, NoticeKind, Rules, Treatment,
    records::{Cell, Extent, Padded},
    scanner::{Found, Scanned, Scanner},
};

/// Quotes that are tried as text, the first ones of a record.
const MOST_QUOTES: usize = 64;

/// What a record is read as.
pub(super) struct Reading {
    pub(super) found: Found,
    /// What is odd about it.
    pub(super) oddity: Option<NoticeKind>,
    /// Whether its cells are others than before.
    pub(super) is_mended: bool,
}

/// Mends records.
pub(super) struct Mender<'a> {
    text: Padded<'a>,
    rules: &'a Rules,
    extent: Extent,
}

impl<'a> Mender<'a> {
    pub(super) fn new(text: Padded<'a>, rules: &'a Rules, extent: Extent) -> Self {
        Self { text, rules, extent }
    }

    /// Looks at the record that `scanner` found at `first`, and tells what is odd about it. The
    /// cells it is read as stand in the scanner.
    #[inline(never)]
    pub(super) fn mend(&self, scanner: &mut Scanner<'a>, first: usize, found: Found) -> Reading {
        let n_cells = scanner.cells().len();
        let width = self.rules.width;
        let as_it_is = |oddity| Reading { found, oddity, is_mended: false };
        if n_cells == 0 {
            scanner.cells_mut().push(Cell::new(first, first, false));
            return as_it_is(Some(NoticeKind::BlankLine));
        }
        if n_cells > 1 && self.rules.is_header(self.text, scanner.cells()) {
            return as_it_is(Some(NoticeKind::RepeatedHeader));
        }
        if width == 0 || n_cells == width {
            return as_it_is(found.has_stray_quote.then_some(NoticeKind::StrayQuote));
        }
        if let Some((found, kind)) = self.reread(scanner, first, found) {
            return Reading { found, oddity: Some(kind), is_mended: true };
        }
        let (kind, is_mended) = if n_cells < width {
            let mends = n_cells + 1 == width && self.mends(NoticeKind::ShortRow);
            (NoticeKind::ShortRow, mends && self.insert_missing(scanner.cells_mut()))
        } else {
            let mends = self.mends(NoticeKind::SurplusDelimiter);
            if mends && self.remove_surplus(scanner.cells_mut()) {
                (NoticeKind::SurplusDelimiter, true)
            } else {
                (NoticeKind::LongRow, false)
            }
        };
        Reading { found, oddity: Some(kind), is_mended }
    }

    /// Whether such a record is told from others: to be mended, or to be left out.
    fn mends(&self, kind: NoticeKind) -> bool {
        self.rules.treatment(kind) != Treatment::Keep
    }

    /// The record at `first`, in which the quote at `open` is closed nowhere in the text, with one
    /// of its quotes as text, if that has the width.
    pub(super) fn mend_open(
        &self,
        scanner: &mut Scanner<'a>,
        first: usize,
        open: usize,
    ) -> Option<Reading> {
        if self.rules.width == 0 || !self.mends(NoticeKind::StrayQuote) {
            return None;
        }
        let cells = scanner.cells().to_vec();
        let quotes = self.quotes(&cells).chain([open]);
        let found = self.without_quote(scanner, first, self.text.len(), quotes)?;
        Some(Reading { found, oddity: Some(NoticeKind::StrayQuote), is_mended: true })
    }

    /// The record with one of its quotes as text, or by another delimiter, if that has the width.
    ///
    /// Whether a reading is taken depends on nothing behind its own end: a text that is cut there
    /// gives the same, by [`mend_open`](Self::mend_open) where the cut is inside a quoted cell.
    #[inline(never)]
    fn reread(
        &self,
        scanner: &mut Scanner<'a>,
        first: usize,
        found: Found,
    ) -> Option<(Found, NoticeKind)> {
        let cells = scanner.cells().to_vec();
        // Quotes that all have their place are not to blame.
        if found.has_stray_quote && self.mends(NoticeKind::StrayQuote) {
            let quotes = self.quotes(&cells);
            if let Some(again) = self.without_quote(scanner, first, found.end, quotes) {
                return Some((again, NoticeKind::StrayQuote));
            }
        }
        if found.n_lines == 1
            && self.rules.width > 2
            && cells.len() < self.rules.width
            && self.mends(NoticeKind::OtherDelimiter)
            && let Some(again) = self.by_other_delimiter(scanner, first, found.end)
        {
            return Some((again, NoticeKind::OtherDelimiter));
        }
        *scanner.cells_mut() = cells;
        None
    }

    /// Tries each of the quotes as text, then all that are doubled as two.
    fn without_quote(
        &self,
        scanner: &mut Scanner<'a>,
        first: usize,
        end: usize,
        quotes: impl Iterator<Item = usize>,
    ) -> Option<Found> {
        for quote in quotes.take(MOST_QUOTES) {
            if let Some(found) = self.of_width(scanner, first, end, Some(quote)) {
                return Some(Found { has_stray_quote: true, ..found });
            }
        }
        let dialect = &self.rules.dialect;
        if dialect.escape == Escape::None {
            return None;
        }
        let bare = Dialect { escape: Escape::None, ..dialect.clone() };
        let mut other = Scanner::new(self.text, &bare, self.extent);
        let found = self.of_width(&mut other, first, end, None)?;
        scanner.cells_mut().clone_from(other.cells_mut());
        Some(Found { has_stray_quote: true, ..found })
    }

    /// The record by another delimiter, if its cells then fit the columns.
    fn by_other_delimiter(
        &self,
        scanner: &mut Scanner<'a>,
        first: usize,
        end: usize,
    ) -> Option<Found> {
        let dialect = &self.rules.dialect;
        let record = &self.text.text()[first..end];
        let is_enough = |&delimiter: &u8| {
            delimiter != dialect.delimiter
                && memchr::memchr_iter(delimiter, record).count() + 1 >= self.rules.width
        };
        Dialect::DELIMITERS.into_iter().filter(is_enough).find_map(|delimiter| {
            let foreign = Dialect { delimiter, ..dialect.clone() };
            let mut other = Scanner::new(self.text, &foreign, self.extent);
            let found = self.of_width(&mut other, first, end, None)?;
            let fit = self.rules.fit(&self.rules.classes(self.text, other.cells()));
            let fits = fit > 0 || !self.rules.has_typed();
            fits.then(|| scanner.cells_mut().clone_from(other.cells_mut()))?;
            Some(found)
        })
    }

    /// The record that a scanner finds, if it has the table's width and ends no later than `end`.
    fn of_width(
        &self,
        scanner: &mut Scanner<'a>,
        first: usize,
        end: usize,
        literal: Option<usize>,
    ) -> Option<Found> {
        let Scanned::Record(found) = scanner.record_at(first, literal) else { return None };
        (found.end <= end && scanner.cells().len() == self.rules.width).then_some(found)
    }

    /// The places of the quotes that open cells which would come apart without them.
    fn quotes(&self, cells: &[Cell]) -> impl Iterator<Item = usize> {
        let Dialect { quote, delimiter, .. } = self.rules.dialect;
        let opening = move |cell: &Cell| {
            let before = (cell.start as usize).checked_sub(1)?;
            let is_quoted = Some(self.text.bytes()[before]) == quote;
            let within = &self.text.bytes()[cell.range()];
            let holds = memchr::memchr3(delimiter, b'\n', b'\r', within).is_some();
            (is_quoted && holds).then_some(before)
        };
        cells.iter().filter_map(opening)
    }

    /// One cell too few: an empty one is put where the others fit their columns best. That is the
    /// end, unless another place is better.
    fn insert_missing(&self, cells: &mut Vec<Cell>) -> bool {
        let classes = self.rules.classes(self.text, cells);
        let (stays, moves) = (self.rules.fits(&classes, 0), self.rules.fits(&classes, 1));
        let mut gain = 0;
        let mut best = (0, None);
        for place in (0..cells.len()).rev() {
            gain += moves[place] - stays[place];
            let empty = self.rules.fit_at(place, Class::Missing)
                - self.rules.fit_at(cells.len(), Class::Missing);
            if gain + empty > best.0 {
                best = (gain + empty, Some(place));
            }
        }
        let (_, Some(place)) = best else { return false };
        let at = cells[place].start as usize;
        cells.insert(place, Cell::new(at, at, false));
        true
    }

    /// More cells than columns: empty ones at the end are left out; of one that is too many, the
    /// one whose neighbours then fit their columns best.
    fn remove_surplus(&self, cells: &mut Vec<Cell>) -> bool {
        let width = self.rules.width;
        if cells[width..].iter().all(|cell| cell.range().is_empty()) && cells.len() > width + 1 {
            cells.truncate(width);
            return true;
        }
        if cells.len() != width + 1 {
            return false;
        }
        let classes = self.rules.classes(self.text, cells);
        // What a cell gains where it moves one column to the left; the first cannot.
        let (stays, moves) = (self.rules.fits(&classes, 0), self.rules.fits(&classes, -1));
        let mut gain = 0;
        let mut best = None;
        for place in (0..cells.len()).rev() {
            // Of equal ones the last: it moves the fewest cells.
            let gained = gain - stays[place];
            if cells[place].range().is_empty() && best.is_none_or(|(most, _)| gained > most) {
                best = Some((gained, place));
            }
            gain += moves[place] - stays[place];
        }
        match best {
            Some((gained, place)) if gained >= 0 => {
                cells.remove(place);
                true
            }
            _ => false,
        }
    }
}
