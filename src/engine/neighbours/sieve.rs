//! A first look at many rows, in whole numbers: which rows are certainly far.
//!
//! Cells are rounded to steps of a fixed width and cut at eight standard deviations. Rounding moves
//! a row little, by an amount that is known; cutting only brings rows nearer to each other. So what
//! is too far here is too far, and one instruction squares and adds eight numbers.

use wide::{i16x8, i32x4};

use super::block::LANES;

/// Where cells are cut, in standard deviations.
const FARTHEST: f64 = 8.0;
/// Rows, and columns, that one register holds.
const ROWS: usize = 4;
const COLUMNS: usize = 2;
/// After how many pairs of columns a look may give up.
const STRIPE: usize = 6;

/// Rows of whole numbers, in blocks of [`LANES`].
#[derive(Debug, Clone)]
pub(super) struct Sieve {
    /// For each block and pair of columns: four rows of two cells each, eight times.
    cells: Vec<[i16x8; LANES / ROWS]>,
    n_columns: usize,
    /// What cells are multiplied by before they are rounded.
    per_deviation: f64,
    /// The largest whole number a cell may be: no sum of squared differences overflows.
    largest: f64,
}

/// A row as a sieve looks for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Sought(Vec<i16x8>);

impl Sieve {
    /// Lays out rows of `n_columns` cells each, none of them missing.
    pub(super) fn new(rows: &[Vec<f64>], n_columns: usize) -> Self {
        let widest = (f64::from(i32::MAX) / (n_columns + 1) as f64).sqrt() / 2.0;
        let largest = widest.floor().min(f64::from(i16::MAX / 2));
        let mut sieve =
            Self { cells: Vec::new(), n_columns, per_deviation: largest / FARTHEST, largest };
        let cell = |row: &[Vec<f64>], lane: usize, column: usize| {
            let row = row.get(lane)?;
            row.get(column).map(|&cell| sieve.whole(cell))
        };
        let four = |rows: &[Vec<f64>], first: usize, pair: usize| {
            let at = |place| (first + place / COLUMNS, pair * COLUMNS + place % COLUMNS);
            i16x8::from(std::array::from_fn::<i16, 8, _>(|place| {
                // What fills blocks and pairs up is never read, or equal in all rows.
                cell(rows, at(place).0, at(place).1).unwrap_or(0)
            }))
        };
        let mut cells = Vec::new();
        for rows in rows.chunks(LANES) {
            for pair in 0..n_columns.div_ceil(COLUMNS) {
                cells.push(std::array::from_fn(|quarter| four(rows, quarter * ROWS, pair)));
            }
        }
        sieve.cells = cells;
        sieve
    }

    /// Takes the cells of a row without a gap, columns as in the blocks.
    pub(super) fn seek(&self, row: &[f64], sought: &mut Sought) {
        sought.0.clear();
        sought.0.extend(row.chunks(COLUMNS).map(|pair| {
            let (a, b) = (self.whole(pair[0]), pair.get(1).map_or(0, |&b| self.whole(b)));
            i16x8::from([a, b, a, b, a, b, a, b])
        }));
    }

    /// The sum of squares, in whole numbers, beyond which a row's squared distance is certainly
    /// above `bound`; `None` if no sum is.
    pub(super) fn limit(&self, bound: f64) -> Option<i32> {
        // Rounding moves each of two rows by half a step in every column at most.
        let root = bound.sqrt() * self.per_deviation + (self.n_columns as f64).sqrt();
        let limit = (root * root * (1.0 + 1e-9)).ceil();
        (limit < f64::from(i32::MAX)).then_some(limit as i32)
    }

    /// The lanes of a block, as bits, whose rows are not beyond a limit.
    #[inline]
    pub(super) fn within(&self, block: usize, sought: &Sought, limit: i32) -> u32 {
        let limit = i32x4::splat(limit);
        let n_pairs = sought.0.len();
        let cells = &self.cells[block * n_pairs..][..n_pairs];
        let mut sums = [i32x4::ZERO; LANES / ROWS];
        for (cells, sought) in cells.chunks(STRIPE).zip(sought.0.chunks(STRIPE)) {
            for (cells, &sought) in cells.iter().zip(sought) {
                // Spelled out: a loop would keep its sums in memory.
                let next = |at: usize| {
                    let step = cells[at] - sought;
                    sums[at] + step.dot(step)
                };
                sums = [next(0), next(1), next(2), next(3), next(4), next(5), next(6), next(7)];
            }
            // Sums only grow.
            let nearest = sums.iter().fold(i32x4::splat(i32::MAX), |least, &sum| least.min(sum));
            if nearest.simd_gt(limit).all() {
                return 0;
            }
        }
        let fours = sums.iter().map(|sum| !sum.simd_gt(limit).to_bitmask() & 0xf);
        fours.rev().fold(0, |lanes, four| lanes << ROWS | four)
    }

    fn whole(&self, cell: f64) -> i16 {
        (cell * self.per_deviation).clamp(-self.largest, self.largest).round_ties_even() as i16
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{stream, unit};

    #[test]
    fn no_near_row_is_ever_beyond() {
        let (mut rng, mut n_beyond) = (stream(3, 0), 0);
        for n_columns in [1, 2, 7, 60, 501] {
            // Some columns stray far beyond where cells are cut.
            let mut cell = |column: usize| {
                let spread = if column.is_multiple_of(5) { 200.0 } else { 3.0 };
                (unit(&mut rng) - 0.5) * spread
            };
            let mut rows: Vec<Vec<f64>> =
                (0..70).map(|_| (0..n_columns).map(&mut cell).collect()).collect();
            let query = rows.pop().expect("a row");
            let sieve = Sieve::new(&rows, n_columns);
            let mut sought = Sought::default();
            sieve.seek(&query, &mut sought);
            let squared = |row: &Vec<f64>| {
                row.iter().zip(&query).map(|(a, b)| (a - b) * (a - b)).sum::<f64>()
            };
            for (block, rows) in rows.chunks(LANES).enumerate() {
                let nearest = rows.iter().map(squared).fold(f64::INFINITY, f64::min);
                for bound in [nearest, nearest * 0.9, nearest * 0.2] {
                    let limit = sieve.limit(bound);
                    let within = limit.map_or(u32::MAX, |it| sieve.within(block, &sought, it));
                    let is_within = |lane: usize| within >> lane & 1 == 1;
                    assert!(
                        (0..rows.len()).all(|lane| is_within(lane) || squared(&rows[lane]) > bound)
                    );
                    n_beyond += within.count_zeros();
                }
            }
        }
        assert!(n_beyond > 300, "{n_beyond}");
    }

    #[test]
    fn sums_of_the_farthest_rows_do_not_overflow() {
        for n_columns in [1, 60, 3_000] {
            let sieve = Sieve::new(&[vec![1e9; n_columns]], n_columns);
            let mut sought = Sought::default();
            sieve.seek(&vec![-1e9; n_columns], &mut sought);
            let limit = sieve.limit(1.0).expect("a limit");
            assert_eq!(sieve.within(0, &sought, limit) & 1, 0);
        }
    }
}
