//! What holds for every reference and every row: the factors are those of comparing all rows.

use isoscope::engine::{
    neighbours::{Explanation, FitError, Reference, Scorer},
    random::{stream, unit},
};
use ndarray::{Array2, ArrayView2, Axis};
use proptest::{collection::vec, prelude::*, sample::select};

/// LOF as the paper defines it, by comparing every row with every other.
struct Oracle {
    k: usize,
    scales: Vec<(f64, f64)>,
    rows: Vec<Vec<f64>>,
    k_distances: Vec<f64>,
    densities: Vec<f64>,
}

impl Oracle {
    fn new(rows: &ArrayView2<'_, f64>, k: usize) -> Self {
        let scales: Vec<(f64, f64)> = (0..rows.ncols())
            .map(|column| {
                let values = rows.column(column);
                let values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
                if values.iter().all(|value| *value == values[0]) {
                    return (values.first().copied().unwrap_or(0.0), 1.0);
                }
                let n = values.len() as f64;
                let mean = values.iter().sum::<f64>() / n;
                let squares = values.iter().map(|value| (value - mean) * (value - mean));
                (mean, (squares.sum::<f64>() / n).sqrt())
            })
            .collect();
        let rows = rows.outer_iter().map(|row| standardised(&scales, row.to_vec())).collect();
        let mut oracle = Self { k, scales, rows, k_distances: Vec::new(), densities: Vec::new() };
        let neighbours: Vec<_> =
            (0..oracle.rows.len()).map(|row| oracle.nearest(&oracle.rows[row], row)).collect();
        oracle.k_distances = neighbours.iter().map(|found| found[k - 1].0.sqrt()).collect();
        oracle.densities = neighbours.iter().map(|found| oracle.density(found)).collect();
        oracle
    }

    fn nearest(&self, query: &[f64], except: usize) -> Vec<(f64, usize)> {
        let others = self.rows.iter().enumerate().filter(|&(row, _)| row != except);
        let mut found: Vec<(f64, usize)> =
            others.map(|(row, cells)| (squared_distance(query, cells), row)).collect();
        found.sort_by(|a, b| a.partial_cmp(b).expect("distances are numbers"));
        found.truncate(self.k);
        found
    }

    fn density(&self, found: &[(f64, usize)]) -> f64 {
        let reach = |&(square, row): &(f64, usize)| square.sqrt().max(self.k_distances[row]);
        1.0 / (found.iter().map(reach).sum::<f64>() / self.k as f64 + 1e-10)
    }

    fn score(&self, row: &[f64]) -> f64 {
        let found = self.nearest(&standardised(&self.scales, row.to_vec()), usize::MAX);
        let density = self.density(&found);
        found.iter().map(|&(_, row)| self.densities[row] / density).sum::<f64>() / self.k as f64
    }
}

fn standardised(scales: &[(f64, f64)], row: Vec<f64>) -> Vec<f64> {
    let cell = |(value, (mean, deviation)): (f64, &(f64, f64))| {
        if value.is_finite() { (value - mean) / deviation } else { f64::NAN }
    };
    row.into_iter().zip(scales).map(cell).collect()
}

/// In four running sums, as the engine promises.
fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let mut n_present = 0_usize;
    for (column, (a, b)) in a.iter().zip(b).enumerate() {
        if !a.is_nan() && !b.is_nan() {
            sums[column % 4] += (a - b) * (a - b);
            n_present += 1;
        }
    }
    if n_present == 0 {
        return 2.0 * a.len() as f64;
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])) * (a.len() as f64 / n_present as f64)
}

/// Ties in masses, clusters of very different density, far values, gaps.
fn cells() -> impl Strategy<Value = Vec<f64>> {
    let lump = (0..3_i32, -1e-6..1e-6).prop_map(|(lump, off)| f64::from(lump) * 5.0 + off);
    let awkward = select(vec![0.0, -0.0, 1e12, -1e100, 5e-324, f64::NAN, f64::INFINITY]);
    prop_oneof![
        3 => vec((-2..3_i32).prop_map(f64::from), 1600),
        3 => vec(lump, 1600),
        2 => vec(-1.0..1.0_f64, 1600),
        2 => vec(prop_oneof![8 => (-2..3_i32).prop_map(f64::from), 1 => Just(f64::NAN)], 1600),
        1 => vec(prop_oneof![9 => -3.0..3.0_f64, 1 => awkward], 1600),
    ]
}

/// Rows of one of some widths: reference rows, and some more to score.
fn tables() -> impl Strategy<Value = (Array2<f64>, Array2<f64>)> {
    (cells(), 1..30_usize, 3..200_usize).prop_map(|(cells, n_columns, n_reference)| {
        let n_rows = (cells.len() / n_columns).min(n_reference + 20);
        let rows = Array2::from_shape_fn((n_rows, n_columns), |(i, j)| cells[i * n_columns + j]);
        let n_reference = n_reference.min(n_rows - 5);
        let (reference, others) = rows.view().split_at(Axis(0), n_reference);
        (reference.to_owned(), others.to_owned())
    })
}

fn scorer(rows: &Array2<f64>, k: u32) -> Scorer {
    Scorer::new(&Reference::fit(rows.view(), k).expect("there are more than k rows"))
}

fn row(rows: &Array2<f64>, row: usize) -> Vec<f64> {
    rows.row(row).to_vec()
}

fn bits(scores: &[f64]) -> Vec<u64> {
    scores.iter().map(|score| score.to_bits()).collect()
}

proptest! {
    #[test]
    fn factors_are_to_the_bit_those_of_comparing_all_rows((rows, others) in tables(), k in 1..40_u32) {
        let k = k.min(rows.nrows() as u32 - 1);
        let oracle = Oracle::new(&rows.view(), k as usize);
        let reference = Reference::fit(rows.view(), k).expect("there are more than k rows");
        prop_assert_eq!(bits(reference.k_distances()), bits(&oracle.k_distances));
        prop_assert_eq!(bits(reference.densities()), bits(&oracle.densities));
        let mut scorer = Scorer::new(&reference);
        for other in 0..others.nrows() {
            let other = row(&others, other);
            let (found, expected) = (scorer.score(&other), oracle.score(&other));
            prop_assert_eq!(found.to_bits(), expected.to_bits(), "{}, not {}", found, expected);
        }
    }

    #[test]
    fn batches_change_nothing((rows, others) in tables(), size in 1..30_usize) {
        let mut scorer = scorer(&rows, 2);
        let mut scores = vec![f64::NAN; others.nrows()];
        for (batch, scores) in (0..).step_by(size).zip(scores.chunks_mut(size)) {
            scorer.scores(others.slice_axis(Axis(0), (batch..batch + scores.len()).into()), scores);
        }
        let single: Vec<f64> =
            (0..others.nrows()).map(|other| scorer.clone().score(&row(&others, other))).collect();
        prop_assert_eq!(bits(&scores), bits(&single));
        prop_assert!(scores.iter().all(|&score| score >= 0.0), "{:?}", scores);
    }

    #[test]
    fn contributions_add_up_to_the_distance((rows, others) in tables(), k in 1..9_u32) {
        let k = k.min(rows.nrows() as u32 - 1);
        let mut scorer = scorer(&rows, k);
        for other in 0..others.nrows() {
            let other = row(&others, other);
            let Explanation { score, neighbours, squared_distance, contributions } =
                scorer.explain(&other);
            prop_assert_eq!(score.to_bits(), scorer.score(&other).to_bits());
            prop_assert_eq!(neighbours.len(), k as usize);
            let sum: f64 = contributions.iter().sum();
            prop_assert!((sum - squared_distance).abs() <= 1e-12 * squared_distance);
            prop_assert!(contributions.iter().all(|&part| part >= 0.0));
        }
    }
}

/// Enough rows for dozens of leaves, most of which a search leaves out.
#[test]
fn what_an_index_leaves_out_cannot_be_seen() {
    let mut rng = stream(3, 0);
    let mut rows = Array2::from_shape_fn((1_600, 22), |(row, column)| {
        // Lumps of all sizes and densities, some cells equal, some huge.
        let lump = (row * row % 9) as f64;
        let off = unit(&mut rng) - 0.5;
        match (row + column) % 11 {
            0 => lump,
            1 => lump * 10.0 + (off * 4.0).round(),
            _ => lump * (column % 3) as f64 + off / (1.0 + lump * lump * lump),
        }
    });
    rows.row_mut(1_550).mapv_inplace(|cell| cell * 1e6);
    for gaps in [0, 3, 1] {
        if gaps > 0 {
            for row in (0..1_600).step_by(gaps) {
                rows[[row, row % 22]] = f64::NAN;
            }
        }
        let (known, others) = rows.view().split_at(Axis(0), 1_500);
        let oracle = Oracle::new(&known, 35);
        let reference = Reference::fit(known, 35).expect("there are rows");
        assert_eq!(bits(reference.densities()), bits(&oracle.densities));
        let mut scores = vec![f64::NAN; others.nrows()];
        Scorer::new(&reference).scores(others, &mut scores);
        let expected: Vec<f64> =
            others.outer_iter().map(|other| oracle.score(&other.to_vec())).collect();
        assert_eq!(bits(&scores), bits(&expected));
    }
}

#[test]
fn a_reference_scores_alike_behind_a_port() {
    let cell = |(row, column): (usize, usize)| {
        if row % 9 == column { f64::NAN } else { (row * row % (17 + column)) as f64 }
    };
    let rows = Array2::from_shape_fn((120, 6), cell);
    let (known, others) = rows.view().split_at(Axis(0), 100);
    let reference = Reference::fit(known, 10).expect("there are rows");
    let bytes = postcard::to_allocvec(&reference).expect("plain data");
    let crossed: Reference = postcard::from_bytes(&bytes).expect("the same data");
    let scores = [reference, crossed].map(|reference| {
        let mut scores = vec![f64::NAN; others.nrows()];
        Scorer::new(&reference).scores(others, &mut scores);
        bits(&scores)
    });
    assert_eq!(scores[0], scores[1]);
}

#[test]
fn too_few_rows_are_told() {
    let rows = Array2::<f64>::zeros((35, 2));
    let error = Reference::fit(rows.view(), 35).expect_err("a row is no neighbour of itself");
    assert_eq!(error, FitError::TooFewRows { k: 35, found: 35 });
    assert_eq!(
        error.to_string(),
        "35 neighbours of every row need more than 35 reference rows, found 35"
    );
    assert_eq!(Reference::fit(rows.view(), 0), Err(FitError::NoNeighbours));
    assert_eq!(Reference::fit(Array2::zeros((35, 0)).view(), 1), Err(FitError::NoColumns));
    assert!(Reference::fit(rows.view(), 34).is_ok());
}

#[test]
fn more_equal_rows_than_neighbours_have_a_finite_density() {
    let rows = Array2::from_shape_fn((60, 3), |(row, _)| if row < 50 { 1.0 } else { row as f64 });
    let reference = Reference::fit(rows.view(), 35).expect("there are rows");
    assert_eq!(reference.k_distances()[0], 0.0);
    assert_eq!(reference.densities()[0], 1.0 / 1e-10);
    let mut scorer = Scorer::new(&reference);
    assert_eq!(scorer.score(&[1.0; 3]), 1.0);
    // Beside so many equal rows anything else is odd.
    assert!(scorer.score(&[1.001; 3]) > 1e5);
}

#[test]
fn a_column_that_never_varied_counts_in_its_own_unit() {
    let rows = Array2::from_shape_fn((40, 2), |(row, column)| [row as f64, 0.1][column]);
    let mut scorer = scorer(&rows, 5);
    let explanation = scorer.explain(&[20.5, 10.1]);
    assert_eq!(explanation.contributions[1], 100.0);
    assert!(explanation.score > 30.0);
    assert!((scorer.score(&[20.5, 0.1]) - 1.0).abs() < 0.2);
}

#[test]
fn a_row_without_any_number_still_has_a_score() {
    let rows = Array2::from_shape_fn((40, 2), |(row, column)| (row * (column + 1) % 7) as f64);
    let explanation = scorer(&rows, 5).explain(&[f64::NAN; 2]);
    assert!(explanation.score.is_finite() && explanation.score > 1.0);
    assert_eq!(explanation.neighbours, [0, 1, 2, 3, 4]);
    assert_eq!(explanation.contributions, [2.0, 2.0]);
}

#[test]
fn a_number_at_the_end_of_what_a_double_holds_is_odd_and_no_trouble() {
    let rows = Array2::from_shape_fn((200, 30), |(row, column)| (row * (column + 3) % 11) as f64);
    let mut scorer = scorer(&rows, 5);
    let mut last = 0.0;
    for far in [1e2, 1e8, 1e20, 1e140] {
        let mut cells = vec![5.0; 30];
        cells[7] = far;
        let score = scorer.score(&cells);
        assert!(score > last && score.is_finite(), "{far}: {score}");
        last = score;
    }
    let score = scorer.score(&[f64::MAX; 30]);
    assert!(score > last && score.is_finite(), "{score}");
}
