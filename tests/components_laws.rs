//! What holds for the principal components of every table.

mod forest_support;

use forest_support::{Column, Table, drawn::columns};
use isoscope::engine::{
    components::Components,
    matrix::{Codes, Order},
    random::{normal, stream, unit},
};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

fn codes(table: &Table) -> Array2<u16> {
    let shape = (table.n_rows(), table.codes.len());
    Array2::from_shape_fn(shape, |(row, feature)| table.codes[feature][row])
}

fn components(table: &Table) -> Components {
    Components::of(&table.features, codes(table).view())
}

fn projected(components: &Components, table: &Table) -> Vec<[f64; 2]> {
    let mut places = vec![[f64::NAN; 2]; table.n_rows()];
    components.project(&table.columns(), &mut places);
    places
}

/// Rows in standard deviations off the mean, straight from the definition.
fn standardised(table: &Table) -> Array2<f64> {
    let n_rows = table.n_rows();
    let mut rows = Array2::zeros((n_rows, table.codes.len()));
    for (feature, codes) in table.codes.iter().enumerate() {
        let missing = table.features[feature].missing();
        let number = |code: u16| match table.features[feature].order() {
            Order::Ranked { lows, .. } => lows[usize::from(code)].clamp(-1e150, 1e150),
            Order::Unordered => {
                let n = codes.iter().filter(|&&other| other == code).count();
                -libm::log2(n as f64 / n_rows as f64)
            }
        };
        let present: Vec<f64> =
            codes.iter().filter(|&&code| code != missing).map(|&code| number(code)).collect();
        if present.iter().all(|&there| there == present[0]) {
            continue;
        }
        let n = present.len() as f64;
        let mean = present.iter().sum::<f64>() / n;
        let deviation = (present.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
        for (row, &code) in codes.iter().enumerate() {
            if code != missing && deviation > 0.0 {
                rows[(row, feature)] = (number(code) - mean) / deviation;
            }
        }
    }
    rows
}

/// Eigenvalues of a symmetric matrix, largest first: the largest entry off the diagonal is turned away
/// until none is left.
fn eigenvalues(mut matrix: Array2<f64>) -> Vec<f64> {
    let n = matrix.nrows();
    for _ in 0..100 * n * n {
        let pairs = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
        let largest = pairs.max_by(|&a, &b| matrix[a].abs().total_cmp(&matrix[b].abs()));
        let Some((i, j)) = largest.filter(|&at| matrix[at].abs() > 1e-16) else { break };
        let angle = (2.0 * matrix[(i, j)]).atan2(matrix[(j, j)] - matrix[(i, i)]) / 2.0;
        let (sine, cosine) = angle.sin_cos();
        let mut turn = Array2::eye(n);
        (turn[(i, i)], turn[(j, j)]) = (cosine, cosine);
        (turn[(i, j)], turn[(j, i)]) = (sine, -sine);
        matrix = turn.t().dot(&matrix).dot(&turn);
    }
    let mut values = matrix.diag().to_vec();
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Everything that makes two directions the principal components of a table.
fn check(table: &Table) {
    let found = components(table);
    let [first, second] = found.each();
    let rows = standardised(table);
    let n_rows = rows.nrows() as f64;
    let correlations = rows.t().dot(&rows) / n_rows;
    let whole = correlations.diag().sum();
    let close = |a: f64, b: f64| (a - b).abs() < 1e-10 * whole.max(1.0);
    let values = eigenvalues(correlations.clone());
    let places = projected(&found, table);
    for (component, found) in [first, second].into_iter().enumerate() {
        let value = values.get(component).copied().unwrap_or(0.0);
        assert!(close(found.variance, value), "{} is not {value}", found.variance);
        let share = if whole > 0.0 { value / whole } else { 0.0 };
        assert!((found.share - share).abs() < 1e-10, "{} is not {share}", found.share);
        assert_eq!(found.loadings.len(), table.features.len());
        let vector = ndarray::ArrayView1::from(&found.loadings[..]);
        let image = correlations.dot(&vector);
        for (image, loading) in image.iter().zip(&vector) {
            assert!(close(*image, found.variance * loading), "no eigenvector");
        }
        let length = vector.dot(&vector);
        assert!(length == 0.0 || (length - 1.0).abs() < 1e-12, "{length}");
        assert_eq!(length == 0.0, found.variance == 0.0);
        let largest = found.loadings.iter().fold(0.0_f64, |largest, part| largest.max(part.abs()));
        let lowest = found.loadings.iter().fold(0.0_f64, |lowest, part| lowest.min(*part));
        assert!(largest + lowest > -1e-9, "the largest is positive");
        let along = || places.iter().map(|place| place[component]);
        // Not always 0: the mean of two neighbouring numbers is none itself.
        let middle = rows.sum_axis(Axis(0)).dot(&vector) / n_rows;
        assert!(close(along().sum::<f64>() / n_rows, middle), "rows have no mean");
        let variance = along().map(|place| place * place).sum::<f64>() / n_rows;
        assert!(close(variance, found.variance), "{variance} along {}", found.variance);
        // The same, row by row.
        for (place, row) in along().zip(rows.rows()) {
            assert!((place - row.dot(&vector)).abs() < 1e-9 * n_rows, "{place}");
        }
    }
    let product: f64 = first.loadings.iter().zip(second.loadings.iter()).map(|(a, b)| a * b).sum();
    assert!(product.abs() < 1e-12, "{product}");
    let joint = places.iter().map(|[x, y]| x * y).sum::<f64>() / n_rows;
    assert!(close(joint, 0.0), "{joint}");
}

proptest! {
    #[test]
    fn they_are_those_of_the_correlations(columns in columns()) {
        check(&Table::new(&columns));
    }

    #[test]
    fn a_rows_place_depends_on_no_other(columns in columns(), cut in 0..60_usize) {
        let table = Table::new(&columns);
        let found = components(&table);
        let whole = projected(&found, &table);
        let cut = cut.min(table.n_rows());
        let (mut left, mut right) = (vec![[0.0; 2]; cut], vec![[0.0; 2]; table.n_rows() - cut]);
        let part = |rows: std::ops::Range<usize>| -> Vec<Codes<'_>> {
            table.columns().iter().map(|column| column.slice(rows.clone())).collect()
        };
        found.project(&part(0..cut), &mut left);
        found.project(&part(cut..table.n_rows()), &mut right);
        left.extend(right);
        prop_assert_eq!(left, whole);
    }
}

/// Columns that `n_causes` hidden causes of falling strength move, and noise.
fn caused(n_rows: usize, n_columns: usize, n_causes: usize, noise: f64) -> Table {
    let mut rng = stream(11, n_columns as u64);
    let causes = Array2::from_shape_simple_fn((n_rows, n_causes), || normal(&mut rng));
    let weights = Array2::from_shape_fn((n_causes, n_columns), |(cause, _)| {
        normal(&mut rng) / (1.0 + cause as f64)
    });
    let rows = causes.dot(&weights).map(|cell| cell + noise * normal(&mut rng));
    let columns: Vec<Vec<f64>> = rows.columns().into_iter().map(|column| column.to_vec()).collect();
    Table::of_numbers(&columns)
}

#[test]
fn they_are_found_among_many_columns() {
    check(&caused(300, 40, 5, 0.3));
    check(&caused(300, 33, 5, 0.0));
    // Nothing but noise: eigenvalues are close to each other.
    check(&caused(200, 30, 1, 1e6));
    // More columns than rows.
    check(&caused(20, 45, 6, 0.1));
}

#[test]
fn equal_eigenvalues_have_two_directions() {
    // Every row of a design: no column has to do with any other, and all eigenvalues are 1.
    let columns: Vec<Vec<f64>> =
        (0..5).map(|bit| (0..32).map(|row| f64::from(row >> bit & 1)).collect()).collect();
    check(&Table::of_numbers(&columns));
    // Three lumps of three equal columns each.
    let columns: Vec<Vec<f64>> =
        (0..9).map(|i| (0..8).map(|row| f64::from(row >> (i / 3) & 1)).collect()).collect();
    let table = Table::of_numbers(&columns);
    check(&table);
    let shares = components(&table).each().each_ref().map(|component| component.share);
    assert!(shares.iter().all(|share| (share - 1.0 / 3.0).abs() < 1e-12), "{shares:?}");
}

#[test]
fn tables_with_little_in_them_have_components_of_nothing() {
    let of = |columns: &[Vec<f64>]| {
        let table = Table::of_numbers(columns);
        check(&table);
        let found = components(&table);
        let shares = found.each().each_ref().map(|component| component.share);
        (shares, projected(&found, &table))
    };
    // One column; two rows; rows that are all alike; one row.
    let (shares, places) = of(&[vec![1.0, 2.0, 3.0]]);
    assert_eq!((shares, places[1]), ([1.0, 0.0], [0.0, 0.0]));
    assert!(places[0][0] < -1.2 && places[0][1] == 0.0);
    let (shares, places) = of(&[vec![1.0, 2.0], vec![5.0, -7.0], vec![3.0, 3.0]]);
    assert!((shares[0] - 1.0).abs() < 1e-12 && shares[1] == 0.0);
    assert!((places[0][0] + 2.0_f64.sqrt()).abs() < 1e-12, "{places:?}");
    assert_eq!(of(&[vec![4.0; 9], vec![0.1; 9]]), ([0.0; 2], vec![[0.0; 2]; 9]));
    assert_eq!(of(&[vec![4.0]]), ([0.0; 2], vec![[0.0; 2]]));
    // Nothing but gaps.
    let empty = Table::new(&[Column::Numbers(vec![None; 4]), Column::Texts(vec![None; 4])]);
    check(&empty);
    assert_eq!(projected(&components(&empty), &empty), [[0.0; 2]; 4]);
}

#[test]
fn rows_that_were_not_looked_at_have_a_place() {
    // A constant among the rows looked at, and a category that none of them has.
    let numbers = |column: &[f64]| Column::Numbers(column.iter().copied().map(Some).collect());
    let texts =
        |column: [&str; 5]| Column::Texts(column.map(|text| Some(text.to_owned())).to_vec());
    let table = Table::new(&[
        numbers(&[1.0, 2.0, 3.0, 1e308, 2.0]),
        numbers(&[7.0, 7.0, 7.0, 9.0, 7.0]),
        texts(["a", "b", "a", "c", "a"]),
    ]);
    let found = Components::of(&table.features, codes(&table).view().split_at(Axis(0), 3).0);
    let places = projected(&found, &table);
    assert!(places.iter().flatten().all(|place| place.is_finite()), "{places:?}");
    assert!(places[3][0].abs() > 1e149, "far out is far out");
    assert_eq!(found.each().each_ref().map(|component| component.loadings[1]), [0.0; 2]);
}

/// FNV-1a, 64 bits.
fn hash(numbers: impl Iterator<Item = f64>) -> u64 {
    numbers
        .flat_map(|number| number.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

#[test]
fn they_have_the_pinned_bits() {
    let mut rng = stream(8, 0);
    let columns: Vec<Vec<f64>> = (0..37)
        .map(|column| {
            (0..150).map(|row| f64::from((row * row) % (column + 5)) + unit(&mut rng)).collect()
        })
        .collect();
    let table = Table::of_numbers(&columns);
    let found = components(&table);
    let loadings = found.each().iter().flat_map(|component| component.loadings.0.clone());
    let places = projected(&found, &table).into_iter().flatten();
    let bits = (hash(loadings), hash(places));
    assert_eq!(bits, (0x87ed_efd8_4c97_5d65, 0x5862_9f51_30b2_8bb0), "{bits:#x?}");
}
