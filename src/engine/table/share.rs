//! A uniform sample of a file's rows.

use serde::{Deserialize, Serialize};

use super::reader::PieceSink;
use crate::{
    random::hash,
    text::{
        records::{Padded, Record, Sink, Skipped},
        runs::Run,
    },
};

/// A share of a file's rows, chosen by a seed.
///
/// Whether a row is in it depends on the seed and on where its record begins in the file, and on
/// nothing else: however the file is cut, the same rows are chosen, and a larger share of the same
/// seed holds all rows of a smaller one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowShare {
    /// How many of a thousand rows, about; 1000 are all.
    pub per_mille: u16,
    /// The seed.
    pub seed: u64,
}

impl RowShare {
    /// Whether all rows are chosen.
    pub fn is_all(self) -> bool {
        self.per_mille >= 1_000
    }

    /// Whether the row is chosen whose record begins at this byte of the file.
    pub fn has(self, byte: u64) -> bool {
        ((hash(self.seed, byte) >> 32) * 1_000) >> 32 < u64::from(self.per_mille)
    }
}

/// Hands on the records of a share, or all.
#[derive(Debug)]
pub struct Sampled<S> {
    share: Option<RowShare>,
    sink: S,
    /// Where in the file the text begins that is being read.
    base: u64,
    n_left_out: u64,
}

impl<S> Sampled<S> {
    /// Hands on to `sink`; the text begins at byte `base` of the file until a piece says otherwise.
    pub fn new(share: Option<RowShare>, base: u64, sink: S) -> Self {
        Self { share: share.filter(|share| !share.is_all()), sink, base, n_left_out: 0 }
    }

    /// What the records are handed on to.
    pub fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// What the records were handed on to, and how many were not.
    pub fn into_parts(self) -> (S, u64) {
        (self.sink, self.n_left_out)
    }
}

impl<S: Sink> Sink for Sampled<S> {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        if self.share.is_none_or(|share| share.has(self.base + record.start as u64)) {
            self.sink.record(text, record);
        } else {
            self.n_left_out += 1;
        }
    }

    fn run(&mut self, run: Run<'_>, line: u64) {
        let Some(share) = self.share else { return self.sink.run(run, line) };
        let mut cells = Vec::new();
        for (row, line) in (0..run.n_rows()).zip(line..) {
            if !share.has(self.base + run.start(row) as u64) {
                self.n_left_out += 1;
                continue;
            }
            let range = run.row(row, &mut cells);
            let (start, end) = (range.start, range.end);
            let record = Record::plain(&cells, start..end, line);
            self.sink.record(run.text(), record);
        }
    }

    fn skip(&mut self, text: Padded<'_>, skipped: Skipped) {
        self.sink.skip(text, skipped);
    }
}

impl<S: PieceSink> PieceSink for Sampled<S> {
    fn piece(&mut self, text: &[u8], base: u64, first_line: u64) {
        self.base = base;
        self.sink.piece(text, base, first_line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_as_large_as_it_says_and_grows_by_adding() {
        let n_bytes = 200_000;
        for seed in [0, 7, u64::MAX] {
            let of = |per_mille| RowShare { per_mille, seed };
            for per_mille in [1_u16, 100, 500, 999] {
                let n = (0..n_bytes).filter(|&byte| of(per_mille).has(byte)).count() as f64;
                let share = f64::from(per_mille) / 1e3;
                let expected = n_bytes as f64 * share;
                // Four standard deviations of a binomial.
                let most = 4.0 * (expected * (1.0 - share)).sqrt();
                assert!((n - expected).abs() < most, "{per_mille} of 1000: {n}");
            }
            assert!((0..n_bytes).all(|byte| !of(100).has(byte) || of(200).has(byte)));
            assert!((0..n_bytes).all(|byte| of(1_000).has(byte) && !of(0).has(byte)));
        }
    }

    #[test]
    fn seeds_choose_apart_from_each_other() {
        let of = |seed| RowShare { per_mille: 500, seed };
        let n_both = (0..100_000).filter(|&byte| of(1).has(byte) && of(2).has(byte)).count();
        assert!(n_both.abs_diff(25_000) < 600, "{n_both}");
    }
}
