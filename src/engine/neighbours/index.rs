//! Where a reference's rows stand, so that most need not be looked at.

use super::{
    block::{Blocks, LANES, Lanes, Look, lanes, numbers},
    distance,
    partition::partition,
    rows::Rows,
    sieve::Sieve,
};
use crate::arrange::{arrange, sort_u64};

/// A reference's rows in blocks: those without a gap parted into leaves, each a block in a ball;
/// then those with gaps, which no ball can hold.
///
/// # References
///
/// S. M. Omohundro, *Five Balltree Construction Algorithms*, ICSI TR-89-063, 1989. Here one level
/// of balls stands for the tree: there are some hundred leaves, and all are looked at at once.
#[derive(Debug, Clone)]
pub(super) struct Index {
    /// Columns as blocks hold them: those in which rows differ most come first.
    columns: Vec<u32>,
    whole: Section,
    gappy: Section,
    /// The rows of `whole` once more.
    sieve: Sieve,
    /// The centre of each leaf's ball.
    centres: Blocks,
    /// How far a leaf's rows are from its centre, at most.
    radii: Vec<f64>,
}

/// Rows in blocks, and which ones they are.
#[derive(Debug, Clone)]
pub(super) struct Section {
    blocks: Blocks,
    rows: Vec<u32>,
    /// How many cells each row misses.
    n_missing: Vec<u32>,
    /// Of every block, the share of the columns that each row has; that of one if it has none.
    shares: Vec<Lanes>,
}

impl Section {
    fn new(rows: &Rows, members: Vec<u32>, columns: &[u32]) -> Self {
        let cells = |&row: &u32| -> Vec<f64> { ordered(rows.row(row), columns).collect() };
        let cells: Vec<Vec<f64>> = members.iter().map(cells).collect();
        let n_missing = |cells: &Vec<f64>| cells.iter().filter(|cell| cell.is_nan()).count() as u32;
        let n_missing: Vec<u32> = cells.iter().map(n_missing).collect();
        let n_columns = columns.len() as u32;
        let share = |&n_missing: &u32| (n_columns - n_missing).max(1) as f32 / n_columns as f32;
        let shares = |block: &[u32]| lanes(|lane| block.get(lane).map_or(1.0, share));
        Self {
            blocks: Blocks::new(&cells, columns.len()),
            shares: n_missing.chunks(LANES).map(shares).collect(),
            rows: members,
            n_missing,
        }
    }

    pub(super) fn n_blocks(&self) -> usize {
        self.shares.len()
    }

    pub(super) fn blocks(&self) -> &Blocks {
        &self.blocks
    }

    /// A block's rows, and how many cells each misses.
    pub(super) fn rows(&self, block: usize) -> (&[u32], &[u32]) {
        let places = block * LANES..self.rows.len().min((block + 1) * LANES);
        (&self.rows[places.clone()], &self.n_missing[places])
    }

    /// The share of the columns that each of a block's rows has; that of one if it has none.
    pub(super) fn shares(&self, block: usize) -> &Lanes {
        &self.shares[block]
    }
}

impl Index {
    pub(super) fn new(rows: &Rows) -> Self {
        let columns = columns(rows);
        let has_gap = |&row: &u32| rows.row(row).iter().any(|cell| cell.is_nan());
        let (gappy, mut whole): (Vec<u32>, Vec<u32>) = (0..rows.n_rows()).partition(has_gap);
        partition(rows, &mut whole, LANES);
        let balls = whole.chunks(LANES).map(|leaf| ball(rows, leaf));
        let (centres, radii): (Vec<Vec<f64>>, Vec<f64>) = balls.unzip();
        let cells = |&row: &u32| ordered(rows.row(row), &columns).collect();
        let sieve = Sieve::new(&whole.iter().map(cells).collect::<Vec<Vec<f64>>>(), columns.len());
        let centres: Vec<Vec<f64>> =
            centres.iter().map(|centre| ordered(centre, &columns).collect()).collect();
        Self {
            whole: Section::new(rows, whole, &columns),
            sieve,
            gappy: Section::new(rows, gappy, &columns),
            centres: Blocks::new(&centres, columns.len()),
            radii,
            columns,
        }
    }

    /// A query's cells as blocks hold them.
    pub(super) fn ordered<'a>(&'a self, query: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        ordered(query, &self.columns)
    }

    /// Rows without a gap; every block is a leaf.
    pub(super) fn whole(&self) -> &Section {
        &self.whole
    }

    /// The rows without a gap as whole numbers, leaf by leaf.
    pub(super) fn sieve(&self) -> &Sieve {
        &self.sieve
    }

    /// Rows with gaps.
    pub(super) fn gappy(&self) -> &Section {
        &self.gappy
    }

    /// How far a row is from its cells in the blocks, at most.
    pub(super) fn rounding(&self) -> f64 {
        self.whole.blocks.rounding().max(self.gappy.blocks.rounding())
    }

    /// Writes all leaves to `out`, the nearest first: above the leaf the bits of the least distance, in
    /// single precision, that any of its rows may have, over the query's columns.
    pub(super) fn leaves(&self, look: &Look, out: &mut Vec<u64>) {
        out.clear();
        let no_limit = lanes(|_| f32::INFINITY);
        for (block, radii) in self.radii.chunks(LANES).enumerate() {
            let sums = self.centres.squared_distances::<false>(block, look, &no_limit);
            let sums = numbers(sums.unwrap_or_default());
            for ((sum, radius), leaf) in sums.into_iter().zip(radii).zip((block * LANES) as u32..) {
                let to_centre = (f64::from(sum) * (1.0 - look.slack())).sqrt();
                let least = (to_centre - look.rounding() - radius).max(0.0);
                // Positive numbers are ordered like their bits.
                let least = ((least * (1.0 - look.slack())) as f32).to_bits();
                out.push(u64::from(least) << 32 | u64::from(leaf));
            }
        }
        sort_u64(out);
    }
}

/// The columns by how much rows differ in them, most first: a look at a row that is far is over
/// the sooner.
///
/// As all have variance 1, those with a few far values have a small mean deviation: between most
/// rows they make no difference.
fn columns(rows: &Rows) -> Vec<u32> {
    let mut sums = vec![0.0; rows.n_columns()];
    for row in 0..rows.n_rows() {
        for (sum, cell) in sums.iter_mut().zip(rows.row(row)) {
            *sum += if cell.is_nan() { 0.0 } else { cell.abs() };
        }
    }
    let mut columns: Vec<u32> = (0..rows.n_columns() as u32).collect();
    arrange(&mut columns, |&a, &b| sums[b as usize].total_cmp(&sums[a as usize]));
    columns
}

fn ordered<'a>(row: &'a [f64], columns: &'a [u32]) -> impl Iterator<Item = f64> + 'a {
    columns.iter().map(|&column| row[column as usize])
}

/// The middle of a leaf's rows, in numbers that single precision holds, and the largest distance
/// of a row to it.
fn ball(rows: &Rows, leaf: &[u32]) -> (Vec<f64>, f64) {
    let mut centre = vec![0.0; rows.row(0).len()];
    for &row in leaf {
        for (sum, cell) in centre.iter_mut().zip(rows.row(row)) {
            *sum += cell;
        }
    }
    for sum in &mut centre {
        *sum = f64::from((*sum / leaf.len() as f64) as f32);
    }
    let farthest = leaf.iter().map(|&row| distance::squared(rows.row(row), &centre));
    // Its own rounding is below a part in 10¹².
    let radius = farthest.fold(0.0, f64::max).sqrt() * (1.0 + 1e-12);
    (centre, radius)
}
