//! Rows of codes, gathered from columns.

/// The codes of one column, row by row, as narrow as they fit.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "the width of a code")]
pub enum Codes<'a> {
    U8(&'a [u8]),
    U16(&'a [u16]),
}

impl<'a> Codes<'a> {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::U8(codes) => codes.len(),
            Self::U16(codes) => codes.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row.
    pub fn get(&self, row: usize) -> u16 {
        match self {
            Self::U8(codes) => codes[row].into(),
            Self::U16(codes) => codes[row],
        }
    }

    /// Some of the rows.
    #[must_use]
    pub fn slice(&self, rows: std::ops::Range<usize>) -> Codes<'a> {
        match self {
            Self::U8(codes) => Codes::U8(&codes[rows]),
            Self::U16(codes) => Codes::U16(&codes[rows]),
        }
    }
}

/// A few rows of codes, row after row: what a tree is walked with.
///
/// Columns are how a table is kept, rows are how it is scored; a block is small enough for its
/// rows to stay in the nearest cache while all trees pass over them.
#[derive(Debug, Clone)]
pub struct Block {
    /// `codes[row · stride + feature]`; cells beyond the last feature are 0.
    codes: Vec<u16>,
    stride: usize,
    /// Cells of each row that hold a feature's code.
    n_filled: usize,
    /// Per row, whether any of its values is missing.
    incomplete: Vec<bool>,
}

impl Block {
    /// A block without rows, of `stride` cells a row.
    pub fn new(stride: usize) -> Self {
        Self { codes: Vec::new(), stride, n_filled: 0, incomplete: Vec::new() }
    }

    /// Takes the rows of `columns`, which are all of one length, in place of what it held.
    ///
    /// `missing[feature]` is the code that stands for a missing value.
    ///
    /// # Panics
    ///
    /// If columns are not of one length, or more than cells.
    pub fn gather(&mut self, columns: &[Codes<'_>], missing: &[u16]) {
        let n_rows = columns.first().map_or(0, Codes::len);
        if n_rows != self.n_rows() {
            self.codes = vec![0; n_rows * self.stride];
            self.incomplete = vec![false; n_rows];
        }
        self.incomplete.fill(false);
        // Cells beyond the last feature stay 0, unless there were more features before.
        if columns.len() < self.n_filled {
            self.codes.fill(0);
        }
        self.n_filled = columns.len();
        for (feature, (column, &missing)) in columns.iter().zip(missing).enumerate() {
            assert_eq!(column.len(), n_rows, "columns of one table have the same rows");
            match *column {
                Codes::U8(codes) => self.fill(feature, codes, missing),
                Codes::U16(codes) => self.fill(feature, codes, missing),
            }
        }
    }

    fn fill<T: Copy + Into<u16>>(&mut self, feature: usize, codes: &[T], missing: u16) {
        let cells = self.codes[feature..].iter_mut().step_by(self.stride);
        for ((cell, incomplete), &code) in cells.zip(&mut self.incomplete).zip(codes) {
            *cell = code.into();
            *incomplete |= *cell == missing;
        }
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.incomplete.len()
    }

    /// The codes of a row, and as many zeros as fill the stride.
    pub fn row(&self, row: usize) -> &[u16] {
        &self.codes[row * self.stride..][..self.stride]
    }

    /// Whether any value of a row is missing.
    pub fn is_incomplete(&self, row: usize) -> bool {
        self.incomplete[row]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_both_widths_become_rows() {
        let mut block = Block::new(4);
        let columns = [Codes::U8(&[1, 2, 3]), Codes::U16(&[700, 800, 900])];
        block.gather(&columns, &[3, 1000]);
        assert_eq!(block.n_rows(), 3);
        assert_eq!(block.row(1), [2, 800, 0, 0]);
        assert!(!block.is_incomplete(1) && block.is_incomplete(2));
    }

    #[test]
    fn nothing_of_an_earlier_block_stays() {
        let mut block = Block::new(2);
        block.gather(&[Codes::U8(&[5, 5])], &[5]);
        block.gather(&[Codes::U8(&[1])], &[5]);
        assert_eq!((block.n_rows(), block.row(0)), (1, &[1, 0][..]));
        assert!(!block.is_incomplete(0));
    }
}
