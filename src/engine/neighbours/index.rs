//! Where a reference's rows stand, so that most need not be looked at.

use super::{
    block::{Blocks, LANES, Lanes, Look, lanes, numbers},
    distance,
    partition::partition,
    rows::Rows,
};

/// Blocks of a leaf. With fewer, balls are tighter but more.
const LEAF_BLOCKS: usize = 1;
const LEAF_SIZE: usize = LEAF_BLOCKS * LANES;

/// A reference's rows in blocks: those without a gap by leaves, each in a ball; then those with
/// gaps, which no ball can hold.
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
    /// The centre of each leaf's ball.
    centres: Blocks,
    /// How far a leaf's rows are from its centre, at most.
    radii: Vec<f64>,
    /// Of every block of rows with gaps, the share of the columns that each row has.
    shares: Vec<Lanes>,
}

/// Rows in blocks, and which ones they are.
#[derive(Debug, Clone)]
pub(super) struct Section {
    pub(super) blocks: Blocks,
    rows: Vec<u32>,
}

impl Section {
    /// The rows of a block.
    pub(super) fn rows(&self, block: usize) -> &[u32] {
        &self.rows[block * LANES..self.rows.len().min((block + 1) * LANES)]
    }
}

impl Index {
    pub(super) fn new(rows: &Rows) -> Self {
        let columns = columns(rows);
        let n_columns = columns.len();
        let cells = |&row: &u32| -> Vec<f64> { ordered(rows.row(row), &columns).collect() };
        let section = |members: Vec<u32>| {
            let cells: Vec<Vec<f64>> = members.iter().map(cells).collect();
            Section { blocks: Blocks::new(&cells, n_columns), rows: members }
        };

        let has_gap = |&row: &u32| rows.row(row).iter().any(|cell| cell.is_nan());
        let (gappy, mut whole): (Vec<u32>, Vec<u32>) = (0..rows.n_rows()).partition(has_gap);
        partition(rows, &mut whole, LEAF_SIZE);
        let leaves = whole.chunks(LEAF_SIZE).map(|leaf| centre(rows, leaf));
        let (centres, radii): (Vec<Vec<f64>>, Vec<f64>) = leaves.unzip();
        let centres: Vec<Vec<f64>> =
            centres.iter().map(|centre| ordered(centre, &columns).collect()).collect();
        let share = |&row: &u32| {
            let cells = &rows.row(row)[..n_columns];
            let n_present = cells.iter().filter(|cell| !cell.is_nan()).count();
            n_present.max(1) as f32 / n_columns as f32
        };
        let shares = |block: &[u32]| lanes(|lane| block.get(lane).map_or(1.0, share));
        Self {
            shares: gappy.chunks(LANES).map(shares).collect(),
            centres: Blocks::new(&centres, n_columns),
            radii,
            whole: section(whole),
            gappy: section(gappy),
            columns,
        }
    }

    /// A query's cells as blocks hold them.
    pub(super) fn ordered<'a>(&'a self, query: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        ordered(query, &self.columns)
    }

    /// Rows without a gap.
    pub(super) fn whole(&self) -> &Section {
        &self.whole
    }

    /// Rows with gaps.
    pub(super) fn gappy(&self) -> &Section {
        &self.gappy
    }

    /// The shares of the columns that a block's rows with gaps have.
    pub(super) fn shares(&self, block: usize) -> &Lanes {
        &self.shares[block]
    }

    /// The blocks of a leaf, in the section of whole rows.
    pub(super) fn blocks(&self, leaf: u32) -> std::ops::Range<usize> {
        let first = leaf as usize * LEAF_BLOCKS;
        first..self.whole.blocks.n_blocks().min(first + LEAF_BLOCKS)
    }

    /// Writes all leaves to `out`, the nearest first, as pairs of the least distance that any of
    /// its rows may have, over the query's columns, and leaf.
    pub(super) fn leaves(&self, look: &Look, out: &mut Vec<(f32, u32)>) {
        out.clear();
        let no_limit = lanes(|_| f32::INFINITY);
        for (block, radii) in self.radii.chunks(LANES).enumerate() {
            let sums = self.centres.squared_distances::<false>(block, look, &no_limit);
            let sums = numbers(sums.unwrap_or_default());
            for ((sum, radius), leaf) in sums.into_iter().zip(radii).zip((block * LANES) as u32..) {
                let to_centre = (f64::from(sum) * (1.0 - look.slack())).sqrt();
                let least = (to_centre - look.rounding() - radius).max(0.0);
                out.push(((least * (1.0 - look.slack())) as f32, leaf));
            }
        }
        // Positive numbers are ordered like their bits.
        out.sort_unstable_by_key(|&(least, leaf)| u64::from(least.to_bits()) << 32 | u64::from(leaf));
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
    columns.sort_by(|&a, &b| sums[b as usize].total_cmp(&sums[a as usize]));
    columns
}

fn ordered<'a>(row: &'a [f64], columns: &'a [u32]) -> impl Iterator<Item = f64> + 'a {
    columns.iter().map(|&column| row[column as usize])
}

/// The middle of a leaf's rows, in numbers that single precision holds, and the largest distance
/// of a row to it.
fn centre(rows: &Rows, leaf: &[u32]) -> (Vec<f64>, f64) {
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
