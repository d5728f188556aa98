//! Lloyd's rounds: every row to its nearest centre, every centre to the mean of its rows.

use ndarray::Array2;

use crate::{
    arrange::arrange,
    random::{below, stream, unit, weighted},
};

/// Rounds after which what still moves hardly does.
const MOST_ROUNDS: u32 = 100;

/// The centres of some rows, one after the other, the one of most rows first.
pub(super) fn centres(rows: &Array2<f64>, k: usize, seed: u64) -> Vec<f64> {
    let mut centres = first_centres(rows, k, seed);
    let mut nearest = vec![usize::MAX; rows.nrows()];
    for _ in 0..MOST_ROUNDS {
        let mut has_moved = false;
        for (row, own) in each(rows).zip(&mut nearest) {
            let (place, _) = nearest_of(row, &centres);
            has_moved |= place != *own;
            *own = place;
        }
        if !has_moved {
            break;
        }
        means(rows, &nearest, &mut centres);
    }
    let mut sizes = vec![0; centres.len()];
    for &place in &nearest {
        sizes[place] += 1;
    }
    let mut order: Vec<usize> = (0..centres.len()).collect();
    arrange(&mut order, |&a, &b| sizes[b].cmp(&sizes[a]));
    order.into_iter().flat_map(|place| centres[place].clone()).collect()
}

/// k-means++: a row by chance, then rows by the square of their distance to the nearest so far.
fn first_centres(rows: &Array2<f64>, k: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut rng = stream(seed, 0);
    let first = below(&mut rng, rows.nrows() as u32) as usize;
    let mut centres = vec![rows.row(first).to_vec()];
    let mut squares = vec![f64::INFINITY; rows.nrows()];
    while centres.len() < k {
        let last = centres.last().expect("there is one");
        for (row, least) in each(rows).zip(&mut squares) {
            *least = least.min(square(row, last));
        }
        if squares.iter().all(|&square| square == 0.0) {
            break;
        }
        let next = weighted(unit(&mut rng), squares.iter().copied());
        centres.push(rows.row(next).to_vec());
    }
    centres
}

fn each(rows: &Array2<f64>) -> impl Iterator<Item = &[f64]> {
    let cells = rows.as_slice().expect("rows stand one after the other");
    cells.chunks_exact(rows.ncols())
}

fn nearest_of(row: &[f64], centres: &[Vec<f64>]) -> (usize, f64) {
    let mut best = (0, f64::INFINITY);
    for (place, centre) in centres.iter().enumerate() {
        let square = square(row, centre);
        if square < best.1 {
            best = (place, square);
        }
    }
    best
}

fn square(row: &[f64], centre: &[f64]) -> f64 {
    row.iter().zip(centre).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Moves centres to the means of their rows; one that has none stays.
fn means(rows: &Array2<f64>, nearest: &[usize], centres: &mut [Vec<f64>]) {
    let mut sums = vec![vec![0.0; rows.ncols()]; centres.len()];
    let mut sizes = vec![0_u32; centres.len()];
    for (row, &place) in each(rows).zip(nearest) {
        sizes[place] += 1;
        for (sum, number) in sums[place].iter_mut().zip(row) {
            *sum += number;
        }
    }
    for ((centre, sums), size) in centres.iter_mut().zip(sums).zip(sizes) {
        if size > 0 {
            *centre = sums.into_iter().map(|sum| sum / f64::from(size)).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn inertia(rows: &Array2<f64>, centres: &[Vec<f64>]) -> f64 {
        each(rows).map(|row| nearest_of(row, centres).1).sum()
    }

    proptest! {
        #[test]
        fn every_round_brings_rows_nearer(cells in prop::collection::vec(-9.0..9.0_f64, 60), seed: u64) {
            let rows = Array2::from_shape_vec((20, 3), cells).expect("so many cells");
            let mut centres = first_centres(&rows, 4, seed);
            let mut last = inertia(&rows, &centres);
            for _ in 0..10 {
                let nearest: Vec<usize> =
                    each(&rows).map(|row| nearest_of(row, &centres).0).collect();
                means(&rows, &nearest, &mut centres);
                let now = inertia(&rows, &centres);
                prop_assert!(now <= last + 1e-9, "{now} after {last}");
                last = now;
            }
            let found = super::centres(&rows, 4, seed);
            let found: Vec<Vec<f64>> = found.chunks(3).map(<[f64]>::to_vec).collect();
            prop_assert!(inertia(&rows, &found) <= last + 1e-9);
        }
    }
}
