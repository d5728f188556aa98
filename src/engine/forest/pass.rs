//! A pass over rows: repeated ones aside, in batches that stay in the nearest cache.

pub(crate) use super::kernel::LANES;
use super::memo::{Memo, Met};
use crate::matrix::{Block, Codes};

/// A pass over all rows: each different row is answered once, in batches.
#[derive(Debug, Clone)]
pub(crate) struct Pass<T> {
    memo: Memo,
    /// Answers, by the numbers that the memo gave.
    answers: Vec<T>,
    block: Block,
    complete: Batch,
    incomplete: Batch,
}

impl<T: Copy + Default> Pass<T> {
    /// Rows that are gathered at once.
    const BLOCK: usize = 256;

    /// A pass over rows of `n_features` codes, in batches whose rows have `stride` cells.
    pub(crate) fn new(n_features: usize, stride: usize) -> Self {
        // In fours, as the memo wants it.
        let width = n_features.next_multiple_of(4);
        Self {
            memo: Memo::new(width),
            answers: Vec::new(),
            block: Block::new(width),
            complete: Batch::complete(stride),
            incomplete: Batch::incomplete(stride),
        }
    }

    /// The same, but every row is answered anew.
    pub(crate) fn without_memo(self, n_features: usize) -> Self {
        Self { memo: Memo::asleep(n_features.next_multiple_of(4)), ..self }
    }

    /// Answers for some rows: `answers` gives those of a batch.
    ///
    /// `missing[feature]` is the code that stands for a missing value.
    pub(crate) fn run<M>(
        &mut self,
        model: &M,
        missing: &[u16],
        columns: &[Codes<'_>],
        out: &mut [T],
        answers: fn(&M, &Batch) -> Vec<T>,
    ) {
        assert_eq!(columns.len(), missing.len(), "a column per feature");
        assert!(columns.iter().all(|column| column.len() == out.len()), "an answer per row");
        if self.memo.begin() {
            self.answers.clear();
        }
        let mut numbers = Vec::with_capacity(out.len());
        for first in (0..out.len()).step_by(Self::BLOCK) {
            let rows = first..out.len().min(first + Self::BLOCK);
            let columns: Vec<_> = columns.iter().map(|column| column.slice(rows.clone())).collect();
            self.block.gather(&columns, missing);
            for row in 0..self.block.n_rows() {
                let codes = self.block.row(row);
                let number = match self.memo.meet(codes) {
                    Met::Before(number) => number,
                    Met::Now(number) => {
                        self.answers.push(T::default());
                        let is_incomplete = self.block.is_incomplete(row);
                        let batch =
                            if is_incomplete { &mut self.incomplete } else { &mut self.complete };
                        batch.push(codes, number);
                        if batch.is_full() {
                            batch.answer(&mut self.answers, |batch| answers(model, batch));
                        }
                        number
                    }
                };
                numbers.push(number);
            }
        }
        for batch in [&mut self.complete, &mut self.incomplete] {
            batch.answer(&mut self.answers, |batch| answers(model, batch));
        }
        for (out, number) in out.iter_mut().zip(numbers) {
            *out = self.answers[number as usize];
        }
    }
}

/// Rows that wait for their answer.
#[derive(Debug, Clone)]
pub(crate) struct Batch {
    /// Rows; behind those that wait there may be some that were answered.
    codes: Vec<u16>,
    /// Which answer each row is for.
    numbers: Vec<u32>,
    is_complete: bool,
    stride: usize,
}

impl Batch {
    /// How many cells stay in the nearest cache beside a tree.
    const CELLS: usize = 8192;

    /// A batch for rows that have all values.
    pub(crate) fn complete(stride: usize) -> Self {
        Self { codes: Vec::new(), numbers: Vec::new(), is_complete: true, stride }
    }

    /// A batch for rows that may miss values.
    pub(crate) fn incomplete(stride: usize) -> Self {
        Self { is_complete: false, ..Self::complete(stride) }
    }

    /// Adds a row, of at most `stride` cells; its answer gets the place `number`.
    pub(crate) fn push(&mut self, row: &[u16], number: u32) {
        let start = self.n_rows() * self.stride;
        if start == self.codes.len() {
            self.codes.resize(start + LANES * self.stride, 0);
        }
        self.codes[start..][..row.len()].copy_from_slice(row);
        self.numbers.push(number);
    }

    /// Writes the answers of its rows to their places, and is empty again.
    fn answer<T>(&mut self, answers: &mut [T], answer: impl FnOnce(&Self) -> Vec<T>) {
        if self.numbers.is_empty() {
            return;
        }
        for (&number, value) in self.numbers.iter().zip(answer(self)) {
            answers[number as usize] = value;
        }
        self.numbers.clear();
    }

    /// The rows' codes; what rows there are beyond its own fill the last group of the walk.
    pub(crate) fn codes(&self) -> &[u16] {
        &self.codes[..self.n_rows().next_multiple_of(LANES) * self.stride]
    }

    /// Cells of a row.
    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    /// The number of rows, padding not counted.
    pub(crate) fn n_rows(&self) -> usize {
        self.numbers.len()
    }

    /// Whether its rows have all values, which the walk needs.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn is_full(&self) -> bool {
        let n_rows = self.n_rows();
        n_rows.is_multiple_of(LANES) && n_rows * self.stride >= Self::CELLS
    }
}
