//! Growing a forest from sample rows, tree by tree.
#![expect(clippy::cast_possible_truncation, reason = "a forest's nodes are counted in 32 bits")]

use ndarray::{ArrayView2, Axis};

use super::{
    FitError, Forest, Samples,
    growing::{Growing, Grown},
};
use crate::{bulk::Bulk, matrix::Feature, random};

/// Grows a forest tree by tree: an iterator, so that its driver may report or stop in between.
#[derive(Debug)]
pub struct Grower<'a> {
    samples: &'a Samples,
    features: &'a [Feature],
    codes: ArrayView2<'a, u16>,
    next_tree: u32,
    forest: Forest,
}

impl<'a> Grower<'a> {
    /// Prepares to grow a forest on the rows that `samples` names.
    ///
    /// `codes` is `samples.rows().len() × features.len()`: line `i` is the row `samples.rows()[i]`.
    ///
    /// # Errors
    ///
    /// - [`NoFeatures`](FitError::NoFeatures): `features` is empty.
    /// - [`TooManyFeatures`](FitError::TooManyFeatures): features, those without an order counted
    ///   twice, are more than 65,534.
    ///
    /// # Panics
    ///
    /// Unless `codes` has that shape.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    #[inline(never)]
    pub fn new(
        samples: &'a Samples,
        features: &'a [Feature],
        codes: ArrayView2<'a, u16>,
    ) -> Result<Self, FitError> {
        const LIMIT: u16 = u16::MAX - 1;
        if features.is_empty() {
            return Err(FitError::NoFeatures);
        }
        let is_unordered = |feature: &Feature| !feature.is_ranked();
        // Those without an order take up two cells of a row.
        let n_unordered = features.iter().filter(|feature| is_unordered(feature)).count();
        let n_cells = features.len() + n_unordered;
        if n_cells > LIMIT.into() {
            return Err(FitError::TooManyFeatures { found: n_cells as u64, limit: LIMIT.into() });
        }
        assert_eq!(codes.dim(), (samples.rows().len(), features.len()), "a code for every cell");
        let forest = Forest {
            params: samples.params(),
            missing: Bulk(features.iter().map(Feature::missing).collect()),
            unordered: Bulk(
                (0..).zip(features).filter(|(_, f)| is_unordered(f)).map(|(i, _)| i).collect(),
            ),
            nodes: Bulk(Vec::new()),
            n_rows: Bulk(Vec::new()),
            starts: Bulk(Vec::new()),
            orders: Bulk(Vec::new()),
            order_starts: Bulk(vec![0]),
        };
        Ok(Self { samples, features, codes, next_tree: 0, forest })
    }

    /// Grows what is left and returns the forest.
    pub fn finish(mut self) -> Forest {
        self.by_ref().for_each(drop);
        self.forest
    }
}

/// Grows one more tree; yields how many there are.
impl Iterator for Grower<'_> {
    type Item = u32;

    #[inline(never)]
    fn next(&mut self) -> Option<u32> {
        if self.next_tree == self.samples.params().n_trees {
            return None;
        }
        let (tree, samples) = (self.next_tree, self.samples);
        let places: Vec<usize> = samples.places(tree).collect();
        let grown = Growing::new(
            samples.stream(tree),
            random::spread(samples.params().seed, tree),
            self.features,
            &self.forest.unordered,
            &self.codes.select(Axis(0), &places).view(),
        );
        let Grown { nodes, counts, orders } = grown.grow(samples.params());
        let forest = &mut self.forest;
        forest.starts.0.push(forest.nodes.len() as u32);
        forest.nodes.0.extend(nodes.iter().map(|node| node.0));
        forest.n_rows.0.extend(counts);
        for order in orders {
            forest.orders.0.extend(order);
            forest.order_starts.0.push(forest.orders.len() as u32);
        }
        self.next_tree += 1;
        Some(self.next_tree)
    }
}
