//! Growing an extended forest from sample rows, tree by tree.

use ndarray::ArrayView2;

use super::{growing::Growing, places::Places, tree::Extended};
use crate::{
    arrange::sort_u16,
    bulk::Bulk,
    forest::{FitError, Samples},
    matrix::{Feature, Numbers},
    random,
};

/// Grows an extended forest tree by tree: an iterator, so that its driver may report or stop in
/// between.
#[derive(Debug)]
pub struct ExtendedGrower<'a> {
    samples: &'a Samples,
    codes: ArrayView2<'a, u16>,
    places: Places,
    next_tree: u32,
    extended: Extended,
}

impl<'a> ExtendedGrower<'a> {
    /// Prepares to grow a forest on the rows that `samples` names, whose cuts read
    /// `extension_level` + 1 columns, or all that vary if there are fewer.
    ///
    /// `codes` is `samples.rows().len() × features.len()`: line `i` is the row `samples.rows()[i]`.
    ///
    /// # Errors
    ///
    /// - [`NoFeatures`](FitError::NoFeatures): `features` is empty.
    /// - [`TooManyFeatures`](FitError::TooManyFeatures): `features` are more than 65,534.
    ///
    /// # Panics
    ///
    /// Unless `codes` has that shape.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub fn new(
        samples: &'a Samples,
        features: &'a [Feature],
        codes: ArrayView2<'a, u16>,
        extension_level: u32,
    ) -> Result<Self, FitError> {
        const LIMIT: u16 = u16::MAX - 1;
        if features.is_empty() {
            return Err(FitError::NoFeatures);
        }
        if features.len() > LIMIT.into() {
            let found = features.len() as u64;
            return Err(FitError::TooManyFeatures { found, limit: LIMIT.into() });
        }
        assert_eq!(codes.dim(), (samples.rows().len(), features.len()), "a code for every cell");
        let unordered = (0..).zip(features).filter(|(_, feature)| !feature.is_ranked());
        let extended = Extended {
            params: samples.params(),
            extension_level,
            numbers: Numbers::of(features),
            unordered: Bulk(unordered.map(|(feature, _)| feature).collect()),
            lefts: Bulk::default(),
            n_rows: Bulk::default(),
            thresholds: Bulk::default(),
            first_terms: Bulk::default(),
            n_terms: Bulk::default(),
            features: Bulk::default(),
            weights: Bulk::default(),
            centres: Bulk::default(),
            starts: Bulk::default(),
            orders: Bulk::default(),
            order_starts: Bulk(vec![0]),
        };
        Ok(Self { samples, codes, places: Places::default(), next_tree: 0, extended })
    }

    /// Grows what is left and returns the forest.
    pub fn finish(mut self) -> Extended {
        self.by_ref().for_each(drop);
        self.extended
    }
}

/// Grows one more tree; yields how many there are.
impl Iterator for ExtendedGrower<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.next_tree == self.samples.params().n_trees {
            return None;
        }
        let (tree, samples, extended) = (self.next_tree, self.samples, &mut self.extended);
        let rows: Vec<usize> = samples.places(tree).collect();
        let mut rng = samples.stream(tree);
        let mut numbers = vec![f64::NAN; rows.len() * extended.n_features()];
        for (feature, cells) in numbers.chunks_exact_mut(rows.len()).enumerate() {
            let codes = rows.iter().map(|&row| self.codes[(row, feature)]);
            if extended.unordered.binary_search(&(feature as u16)).is_err() {
                let numbers = extended.numbers.of_feature(feature);
                for (cell, code) in cells.iter_mut().zip(codes) {
                    *cell = numbers[usize::from(code)];
                }
                continue;
            }
            let missing = extended.numbers.missing()[feature];
            let mut order: Vec<u16> = codes.clone().filter(|&code| code != missing).collect();
            sort_u16(&mut order);
            order.dedup();
            random::shuffle(&mut rng, &mut order);
            self.places.write(&order, missing, codes, cells);
            extended.orders.0.extend(order);
            extended.order_starts.0.push(extended.orders.len() as u32);
        }
        let growing = Growing::new(rng, numbers, rows.len(), extended.extension_level);
        let grown = growing.grow(samples.params().sample_size);
        let n_terms = extended.features.len() as u32;
        extended.starts.0.push(extended.lefts.len() as u32);
        extended.lefts.0.extend(grown.lefts);
        extended.n_rows.0.extend(grown.n_rows);
        extended.thresholds.0.extend(grown.thresholds);
        extended.first_terms.0.extend(grown.first_terms.iter().map(|first| n_terms + first));
        extended.n_terms.0.extend(grown.n_terms);
        extended.features.0.extend(grown.features);
        extended.weights.0.extend(grown.weights);
        extended.centres.0.extend(grown.centres);
        self.next_tree += 1;
        Some(self.next_tree)
    }
}
