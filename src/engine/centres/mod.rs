//! k-means: centres that rows stand around, and how far from each a row is.
//!
//! Beside a classifier these distances are columns of their own: a cut of one is a ball, where cuts of
//! the table's columns are walls.
//!
//! # References
//!
//! S. P. Lloyd, *Least Squares Quantization in PCM*, IEEE Transactions on Information Theory 28, 1982;
//! the first centres by D. Arthur, S. Vassilvitskii, *k-means++: The Advantages of Careful Seeding*,
//! SODA 2007, § 2.2.

mod lloyd;

use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::{
    bulk::Bulk,
    matrix::{Codes, Feature, Numbers},
};

/// Centres of a table's rows.
///
/// Columns are standardised by the rows that the centres were found among; numbers count as they are, a
/// category by how rare it is, and what is missing stands at the mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Centres {
    /// Feature after feature, code after code: the standardised number.
    by_code: Bulk<f64>,
    /// Where each feature's numbers begin.
    starts: Bulk<u32>,
    /// Centre after centre, feature after feature; the centre of most rows first.
    places: Bulk<f64>,
}

impl Centres {
    /// Finds `k` centres of some rows, `rows × features`; fewer where there are not as many different
    /// rows. The same seed finds the same centres.
    ///
    /// # Panics
    ///
    /// If there are no rows, or not a code per feature.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn find(features: &[Feature], codes: ArrayView2<'_, u16>, k: u32, seed: u64) -> Self {
        assert!(codes.nrows() > 0, "rows to stand around");
        assert_eq!(codes.ncols(), features.len(), "a code per feature");
        let numbers = Numbers::with_rarity(features, codes);
        let (mut by_code, mut starts) = (Vec::new(), Vec::new());
        for feature in 0..features.len() {
            starts.push(by_code.len() as u32);
            let own = numbers.of_feature(feature);
            let rows = codes.column(feature);
            by_code.extend(standardised(own, rows.iter().map(|&code| own[usize::from(code)])));
        }
        let cells = Array2::from_shape_fn(codes.dim(), |(row, feature)| {
            by_code[starts[feature] as usize + usize::from(codes[[row, feature]])]
        });
        let places = lloyd::centres(&cells, k as usize, seed);
        Self { by_code: Bulk(by_code), starts: Bulk(starts), places: Bulk(places) }
    }

    /// How many there are.
    pub fn n_centres(&self) -> usize {
        self.places.len() / self.starts.len()
    }

    /// Writes each row's distances to all centres, row after row; `columns[feature]` are the rows' codes.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as there are rows in `distances`.
    pub fn distances(&self, columns: &[Codes<'_>], distances: &mut [f64]) {
        assert_eq!(columns.len(), self.starts.len(), "a column per feature");
        let n_centres = self.n_centres();
        distances.fill(0.0);
        for (feature, column) in columns.iter().enumerate() {
            let there: Vec<f64> =
                self.places.iter().skip(feature).step_by(columns.len()).copied().collect();
            let numbers = &self.by_code[self.starts[feature] as usize..];
            for (row, distances) in distances.chunks_exact_mut(n_centres).enumerate() {
                let number = numbers[usize::from(column.get(row))];
                for (distance, there) in distances.iter_mut().zip(&there) {
                    *distance += (number - there) * (number - there);
                }
            }
        }
        for distance in distances {
            *distance = distance.sqrt();
        }
    }
}

/// The numbers of a feature's codes with the mean 0 and the variance 1 among some rows; what is missing,
/// or varies among none of them, is 0.
fn standardised(by_code: &[f64], rows: impl Iterator<Item = f64> + Clone) -> Vec<f64> {
    let (mut n, mut sum) = (0.0, 0.0);
    for number in rows.clone().filter(|number| !number.is_nan()) {
        n += 1.0;
        sum += number;
    }
    let mean = if n > 0.0 { sum / n } else { 0.0 };
    let mut squares = 0.0;
    for number in rows.filter(|number| !number.is_nan()) {
        squares += (number - mean) * (number - mean);
    }
    let deviation = if n > 0.0 { (squares / n).sqrt() } else { 0.0 };
    let scale = if deviation > 0.0 && deviation.is_finite() { 1.0 / deviation } else { 0.0 };
    let standard = |&number: &f64| if number.is_nan() { 0.0 } else { (number - mean) * scale };
    by_code.iter().map(standard).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three heaps of rows in two columns, the second of which is sometimes missing.
    fn heaps() -> (Vec<Feature>, Array2<u16>) {
        let values: Vec<f64> = (0..100).map(f64::from).collect();
        let features = vec![Feature::ranked(values.clone()), Feature::ranked(values)];
        let codes = Array2::from_shape_fn((90, 2), |(row, feature)| {
            let heap = [[10, 10], [50, 90], [90, 20]][row % 3][feature];
            heap + (row / 3) as u16 % 5
        });
        (features, codes)
    }

    #[test]
    fn centres_stand_in_the_heaps_and_the_distances_are_from_them() {
        let (features, mut codes) = heaps();
        let missing = features[1].missing();
        codes[[0, 1]] = missing;
        let centres = Centres::find(&features, codes.view(), 3, 7);
        assert_eq!(centres.n_centres(), 3);
        let columns: Vec<Vec<u16>> = codes.columns().into_iter().map(|c| c.to_vec()).collect();
        let columns: Vec<Codes<'_>> = columns.iter().map(|codes| Codes::U16(codes)).collect();
        let mut distances = vec![0.0; 270];
        centres.distances(&columns, &mut distances);
        let nearest = |row: usize| {
            let own = &distances[row * 3..][..3];
            (0..3).min_by(|&a, &b| own[a].total_cmp(&own[b])).expect("three")
        };
        for row in 3..90 {
            assert_eq!(nearest(row), nearest(3 + row % 3), "row {row}");
            // A naive distance, from the parts that are plain data.
            let centre = nearest(row);
            let square: f64 = (0..2)
                .map(|feature| {
                    let at = centres.starts[feature] as usize + usize::from(codes[[row, feature]]);
                    let apart = centres.by_code[at] - centres.places[centre * 2 + feature];
                    apart * apart
                })
                .sum();
            assert!((square.sqrt() - distances[row * 3 + centre]).abs() < 1e-12);
        }
    }

    #[test]
    fn equal_rows_have_one_centre_and_columns_that_do_not_vary_no_say() {
        let features = [Feature::ranked(vec![1.0, 2.0]), Feature::unordered(2)];
        let codes = Array2::from_shape_fn((20, 2), |(row, feature)| (feature * (row % 2)) as u16);
        let centres = Centres::find(&features, codes.view(), 8, 1);
        // Two different rows there are, and half of the rows have each.
        assert_eq!(centres.n_centres(), 1, "categories are equally rare, so rows are equal");
        let mut distances = [9.0; 2];
        centres.distances(&[Codes::U8(&[0, 1]), Codes::U8(&[0, 0])], &mut distances);
        assert_eq!(distances, [0.0; 2]);
    }
}
