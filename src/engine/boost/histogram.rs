//! Sums of weights by cell, kept and sent without those that are 0.

use serde::{Deserialize, Serialize};

use crate::bulk::Bulk;

/// How much weight each cell of each column carries in a node.
///
/// Weights are integers, so histograms of parts are added in any order, and that of a node is its
/// parent's less its sibling's, exactly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Histogram {
    /// A bit for every sum, set where it is not 0.
    filled: Bulk<u64>,
    /// Those sums.
    sums: Bulk<u64>,
}

impl Histogram {
    /// Keeps what is not 0, and leaves zeros behind.
    pub(super) fn drain(dense: &mut [u64]) -> Self {
        let mut histogram = Self::default();
        for chunk in dense.chunks_mut(64) {
            let mut word = 0;
            for (bit, sum) in chunk.iter_mut().enumerate() {
                if *sum != 0 {
                    word |= 1 << bit;
                    histogram.sums.0.push(*sum);
                    *sum = 0;
                }
            }
            histogram.filled.0.push(word);
        }
        histogram
    }

    /// Adds another part's.
    ///
    /// # Panics
    ///
    /// Unless both are of the same plan.
    pub fn merge(&mut self, other: &Self) {
        *self = self.with(other, u64::wrapping_add);
    }

    /// What is left without a part of it.
    pub(super) fn less(&self, other: &Self) -> Self {
        self.with(other, u64::wrapping_sub)
    }

    #[inline(never)]
    fn with(&self, other: &Self, combined: impl Fn(u64, u64) -> u64) -> Self {
        assert_eq!(self.filled.len(), other.filled.len(), "the same cells");
        let mut sums = Vec::with_capacity(self.sums.len().max(other.sums.len()));
        let mut filled = Vec::with_capacity(self.filled.len());
        let (mut own, mut others) = (self.sums.iter(), other.sums.iter());
        for (&a, &b) in self.filled.iter().zip(&other.filled.0) {
            let (mut left, mut word) = (a | b, 0);
            while left != 0 {
                let bit = left & left.wrapping_neg();
                left ^= bit;
                let x = if a & bit == 0 { None } else { own.next() };
                let y = if b & bit == 0 { None } else { others.next() };
                let sum = combined(x.copied().unwrap_or(0), y.copied().unwrap_or(0));
                if sum != 0 {
                    word |= bit;
                    sums.push(sum);
                }
            }
            filled.push(word);
        }
        Self { filled: Bulk(filled), sums: Bulk(sums) }
    }

    /// The cells that hold any weight, and their sums, `width` each.
    pub(super) fn cells(&self, width: usize) -> Filled {
        let (n_cells, n_sums) = (self.sums.len(), self.sums.len() + width);
        let (cells, sums) = (Vec::with_capacity(n_cells), Vec::with_capacity(n_sums));
        let mut filled = Filled { cells, sums, width };
        let mut sums = self.sums.iter();
        // The first sum of the next cell.
        let mut end = 0;
        for (word, &bits) in self.filled.iter().enumerate() {
            let mut left = bits;
            while left != 0 {
                let place = word * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                if place >= end {
                    let cell = place / width;
                    end = (cell + 1) * width;
                    filled.cells.push(cell as u32);
                    filled.sums.resize(filled.sums.len() + width, 0);
                }
                let back = end - place;
                let at = filled.sums.len() - back;
                filled.sums[at] = *sums.next().expect("a sum for every bit");
            }
        }
        filled
    }
}

/// The cells that hold weight, ascending, with their sums.
#[derive(Debug, Clone)]
pub(super) struct Filled {
    cells: Vec<u32>,
    sums: Vec<u64>,
    width: usize,
}

impl Filled {
    /// Those of `first..end`.
    pub(super) fn range(&self, first: u32, end: u32) -> Slice<'_> {
        let from = self.cells.partition_point(|&cell| cell < first);
        let to = self.cells.partition_point(|&cell| cell < end);
        Slice {
            cells: &self.cells[from..to],
            sums: &self.sums[from * self.width..to * self.width],
            first,
            width: self.width,
        }
    }
}

/// The filled cells of one column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slice<'a> {
    cells: &'a [u32],
    sums: &'a [u64],
    first: u32,
    width: usize,
}

impl<'a> Slice<'a> {
    pub(super) fn len(&self) -> usize {
        self.cells.len()
    }

    /// Which cell of its column the `place`-th filled one is.
    pub(super) fn cell(&self, place: usize) -> u16 {
        (self.cells[place] - self.first) as u16
    }

    /// The sums of the `place`-th filled cell.
    pub(super) fn sums(&self, place: usize) -> &'a [u64] {
        &self.sums[place * self.width..][..self.width]
    }

    /// The sums of all cells together.
    pub(super) fn total(&self) -> Vec<u64> {
        let mut total = vec![0; self.width];
        for place in 0..self.len() {
            super::census::add(&mut total, self.sums(place));
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dense() -> impl Strategy<Value = Vec<u64>> {
        prop::collection::vec(prop_oneof![Just(0), 1..1_000_u64], 150)
    }

    proptest! {
        #[test]
        fn adding_and_taking_away_are_those_of_every_sum(a in dense(), b in dense()) {
            let sum: Vec<u64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
            let [of_a, of_b, of_sum] =
                [&a, &b, &sum].map(|dense| Histogram::drain(&mut dense.clone()));
            let mut merged = of_a.clone();
            merged.merge(&of_b);
            prop_assert_eq!(&merged, &of_sum);
            prop_assert_eq!(of_sum.less(&of_b), of_a);
            let cells = merged.cells(3);
            let all = cells.range(0, 50);
            let mut read = vec![0; 150];
            for place in 0..all.len() {
                read[usize::from(all.cell(place)) * 3..][..3].copy_from_slice(all.sums(place));
            }
            prop_assert_eq!(read, sum);
        }
    }
}
