//! Principal components: the two directions in which a table's rows differ most.
//!
//! Features are standardised, so that each counts as much as any other; their two strongest
//! components make a map on which rows that are alike stand together.
//!
//! ```text
//! Components::of(features, codes of some rows) ─▶ Components (plain data, sent to every shard)
//! Components::project ─▶ where rows stand
//! ```
//!
//! # What is measured
//!
//! Numbers and times count as they are; of codes that stand for a range, the middle. A category
//! counts by how rare it is among the rows, in bits. Each feature is then brought to mean 0 and
//! standard deviation 1 (divisor n), and what is missing stands at the mean. One that does not vary
//! has no part in anything.
//!
//! # The same bits everywhere
//!
//! Sums have a fixed order, the search for the components a fixed start, and nothing but + − × ÷ √
//! is done to numbers. A row's place depends on no other row, so no cutting into shards shows.
//!
//! # Examples
//!
//! ```
//! use isoscope_engine::{components::Components, matrix::{Codes, Feature}};
//! use ndarray::Array2;
//!
//! // Two columns that rise together, and one that does not vary.
//! let features = [vec![1.0, 2.0, 3.0], vec![10.0, 20.0, 30.0], vec![5.0]].map(Feature::ranked);
//! let codes = Array2::from_shape_fn((3, 3), |(row, column)| if column < 2 { row as u16 } else { 0 });
//! let components = Components::of(&features, codes.view());
//! let [first, second] = components.each();
//! assert!((first.share - 1.0).abs() < 1e-12 && second.share == 0.0);
//! assert!((first.loadings[1] - 0.5_f64.sqrt()).abs() < 1e-12 && first.loadings[2] == 0.0);
//!
//! let mut places = [[0.0; 2]; 3];
//! components.project(&[Codes::U8(&[0, 1, 2]), Codes::U8(&[0, 1, 2]), Codes::U8(&[0; 3])], &mut places);
//! assert!((places[2][0] - 3.0_f64.sqrt()).abs() < 1e-12 && places[1] == [0.0; 2]);
//! ```
//!
//! # References
//!
//! H. Hotelling, *Analysis of a Complex of Statistical Variables into Principal Components*, Journal
//! of Educational Psychology 24, 1933.

mod eigen;
mod krylov;
mod rows;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use self::rows::{Rows, standardised};
use crate::{
    bulk::Bulk,
    matrix::{Codes, Feature},
};

/// How close to the largest a loading is that counts as large: so that rounding does not choose
/// between equal ones.
const AS_LARGE: f64 = 1.0 - 1e-9;

/// The two strongest components of some rows, and what codes are worth in them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Components {
    /// By feature, how many standard deviations each code is off the mean; 0 for missing, the last.
    standard: Vec<Bulk<f64>>,
    each: [Component; 2],
}

/// A direction in which rows differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// The variance of the rows along it, with the divisor n: an eigenvalue of the correlation matrix.
    pub variance: f64,
    /// Its share of the variance of all features together; 0 where nothing varies.
    pub share: f64,
    /// The part of each feature, of length 1 together: the eigenvector, its largest part positive.
    /// All 0 where rows do not vary in any direction that is left.
    pub loadings: Bulk<f64>,
}

impl Components {
    /// Finds the components of some rows of a table, `codes` being theirs, `rows × features`.
    ///
    /// What scikit-learn's `PCA` finds in columns that `StandardScaler` has scaled.
    ///
    /// # Panics
    ///
    /// Unless there is a column of codes per feature.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn of(features: &[Feature], codes: ArrayView2<'_, u16>) -> Self {
        let standard = standardised(features, &codes);
        let rows = Rows::new(&standard, &codes);
        let whole = rows.variance();
        let each = krylov::strongest(&rows).map(|(variance, mut loadings)| {
            loadings.truncate(features.len());
            let largest = loadings.iter().fold(0.0, |largest: f64, part| largest.max(part.abs()));
            let first = loadings.iter().find(|part| part.abs() >= AS_LARGE * largest);
            if first.is_some_and(|&part| part < 0.0) {
                for part in &mut loadings {
                    *part = 0.0 - *part;
                }
            }
            let share = if whole > 0.0 { variance / whole } else { 0.0 };
            Component { variance, share, loadings: Bulk(loadings) }
        });
        Self { standard, each }
    }

    /// The components, the stronger first.
    pub fn each(&self) -> &[Component; 2] {
        &self.each
    }

    /// Writes where rows stand along both components; `columns[feature]` holds their codes. The rows
    /// that the components were found in have the mean 0 there.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `places`.
    pub fn project(&self, columns: &[Codes<'_>], places: &mut [[f64; 2]]) {
        assert_eq!(columns.len(), self.standard.len(), "a column per feature");
        places.fill([0.0; 2]);
        for (feature, column) in columns.iter().enumerate() {
            assert_eq!(column.len(), places.len(), "columns of one table have the same rows");
            let loadings = self.each.each_ref().map(|component| component.loadings[feature]);
            // Nothing is added where it has no part.
            if loadings == [0.0; 2] {
                continue;
            }
            let standard = &self.standard[feature];
            match *column {
                Codes::U8(codes) => add(codes, standard, loadings, places),
                Codes::U16(codes) => add(codes, standard, loadings, places),
            }
        }
    }
}

/// Adds what a feature brings.
fn add<T: Copy + Into<u16>>(
    codes: &[T],
    standard: &[f64],
    loadings: [f64; 2],
    places: &mut [[f64; 2]],
) {
    for (place, &code) in places.iter_mut().zip(codes) {
        let value = standard[usize::from(code.into())];
        place[0] += loadings[0] * value;
        place[1] += loadings[1] * value;
    }
}
