//! Many rows side by side in single precision: a quick look at their distances.
//!
//! A look never decides who is near. It tells who is certainly not, and the distances of all
//! others are computed exactly; so it may be inexact, if only it knows how much.

use wide::f32x4;

/// Rows of a block: as many as registers hold running sums of, beside what is added to them.
pub(super) const LANES: usize = 32;

/// One number for every row of a block.
pub(super) type Lanes = [f32x4; LANES / 4];

/// After how many columns a look may give up.
const STRIPE: usize = 12;

/// Where numbers are cut, as the squares of farther ones would overflow. A cut counts as rounding.
const FARTHEST: f64 = 1e15;

/// A distance larger than all that is lost where squares underflow.
const UNDERFLOW: f64 = 1e-18;

/// Returns a block's lanes, given the number of each lane.
pub(super) fn lanes(number: impl Fn(usize) -> f32) -> Lanes {
    std::array::from_fn(|four| {
        f32x4::from(std::array::from_fn::<f32, 4, _>(|at| number(4 * four + at)))
    })
}

/// The numbers of a block's rows.
#[inline]
pub(super) fn numbers(lanes: Lanes) -> [f32; LANES] {
    let mut numbers = [0.0; LANES];
    for (numbers, four) in numbers.as_chunks_mut::<4>().0.iter_mut().zip(lanes) {
        *numbers = four.to_array();
    }
    numbers
}

/// Rows in blocks of [`LANES`].
#[derive(Debug, Clone)]
pub(super) struct Blocks {
    /// `n_columns` lanes for each block.
    cells: Vec<Lanes>,
    n_columns: usize,
    /// How far a row is from its cells here, at most.
    rounding: f64,
}

impl Blocks {
    /// Lays out rows of `n_columns` cells each; NaN stands for missing.
    pub(super) fn new(rows: &[Vec<f64>], n_columns: usize) -> Self {
        let block = |rows: &[Vec<f64>]| -> Vec<Lanes> {
            // What fills the last block up is never read.
            let cell = |lane: usize, column| rows.get(lane).map_or(0.0, |row| single(row[column]));
            (0..n_columns).map(|column| lanes(|lane| cell(lane, column))).collect()
        };
        let rounding = rows.iter().map(|row| rounding(row)).fold(0.0, f64::max);
        Self { cells: rows.chunks(LANES).flat_map(block).collect(), n_columns, rounding }
    }

    pub(super) fn rounding(&self) -> f64 {
        self.rounding
    }

    /// Returns the squared distances of a query to a block's rows, over the columns that both
    /// have, within the factors 1 ± [`slack`](Look::slack); or `None` if all are beyond `limits`.
    ///
    /// Where `GAPS` is false the rows must not have any.
    #[inline]
    pub(super) fn squared_distances<const GAPS: bool>(
        &self,
        block: usize,
        look: &Look,
        limits: &Lanes,
    ) -> Option<Lanes> {
        let cells = &self.cells[block * self.n_columns..][..self.n_columns];
        let mut sums = Lanes::default();
        for stripe in look.cells.chunks(STRIPE) {
            for &(column, value) in stripe {
                let value = f32x4::splat(value);
                let cells = &cells[column as usize];
                // Spelled out: a loop would keep its sums in memory.
                let next = |at: usize| {
                    let step = cells[at] - value;
                    let square = step * step;
                    sums[at] + if GAPS { square & !square.is_nan() } else { square }
                };
                sums = [next(0), next(1), next(2), next(3), next(4), next(5), next(6), next(7)];
            }
            // Sums only grow: a row that is beyond its limit now will stay beyond it.
            if beyond(&sums, limits) == ALL_LANES {
                return None;
            }
        }
        Some(sums)
    }
}

const ALL_LANES: u32 = u32::MAX >> (32 - LANES);

/// The lanes, as bits, whose sum is beyond its limit.
#[inline]
pub(super) fn beyond(sums: &Lanes, limits: &Lanes) -> u32 {
    let fours = sums.iter().zip(limits).map(|(sum, &limit)| sum.simd_gt(limit).to_bitmask());
    fours.rev().fold(0, |lanes, four| lanes << 4 | four)
}

/// A query as blocks are looked through for it: its present cells in single precision.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    /// Column and value.
    cells: Vec<(u32, f32)>,
    rounding: f64,
    n_columns: usize,
}

impl Look {
    /// Takes a query's cells, columns as in the blocks; NaN stands for missing.
    pub(super) fn set(&mut self, query: &[f64]) {
        self.cells.clear();
        let present = (0..).zip(query).filter(|(_, value)| !value.is_nan());
        self.cells.extend(present.map(|(column, &value)| (column, single(value))));
        self.rounding = rounding(query);
        self.n_columns = query.len();
    }

    /// How many cells are missing.
    pub(super) fn n_missing(&self) -> u32 {
        (self.n_columns - self.cells.len()) as u32
    }

    /// How far the query is from its cells here.
    pub(super) fn rounding(&self) -> f64 {
        self.rounding
    }

    /// The share of the columns that are present; that of one if none is.
    pub(super) fn share(&self) -> f64 {
        self.cells.len().max(1) as f64 / self.n_columns as f64
    }

    /// By what share of itself a sum of squares may be off; more than twice that, in truth, which
    /// covers the few roundings of what is compared with it.
    pub(super) fn slack(&self) -> f64 {
        // Twice that of a difference, that of its square, and one for every addition.
        (self.cells.len() + 8) as f64 * f64::from(f32::EPSILON)
    }
}

fn single(value: f64) -> f32 {
    value.clamp(-FARTHEST, FARTHEST) as f32
}

/// The distance of a row to its cells in single precision.
fn rounding(row: &[f64]) -> f64 {
    let present = row.iter().filter(|value| !value.is_nan());
    let off = present.map(|&value| value - f64::from(single(value)));
    off.map(|off| off * off).sum::<f64>().sqrt() + UNDERFLOW
}
