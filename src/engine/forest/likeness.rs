//! Which rows a forest finds alike: the leaves that they share.

use super::{
    Node, Scorer,
    kernel::{Gather, View, walk},
    model::Model,
    pass::{Batch, Pass},
};
use crate::matrix::Codes;

/// The leaves that a row falls into, tree after tree and from left to right: each leaf's place among all
/// nodes in the upper 32 bits, the share of the row that falls into it, as a multiple of 2⁻³¹, in
/// the lower ones.
///
/// Equal leaves are all that a forest knows of a row: rows that have them score the same bits.
pub type Leaves = Vec<u64>;

/// A whole row, in shares. Whole numbers, so that shares of a tree add up to exactly one.
const WHOLE: u32 = 1 << 31;

/// How like one row others are.
///
/// The *proximity* of two rows is the share of the trees in which both fall into one leaf. A row that
/// a cut says nothing about, as it misses that value, goes both ways, split as the sample rows
/// were; two rows then share of each leaf what both have there, the lesser of their shares. So
/// proximity is symmetric, between 0 and 1, and 1 just where rows have the same leaves, as equal
/// rows do. What verdicts made of the leaves plays no part.
///
/// # Examples
///
/// ```
/// use isoscope_engine::forest::{ForestParams, Grower, Likeness, Samples, Scorer};
/// use isoscope_engine::matrix::{Codes, Feature};
/// use ndarray::Array2;
///
/// // Ninety-nine ones and a nine.
/// let features = [Feature::ranked(vec![1.0, 9.0])];
/// let samples = Samples::draw(ForestParams::default(), 100)?;
/// let sample = Array2::from_shape_fn((100, 1), |(row, _)| u16::from(row == 42));
/// let forest = Grower::new(&samples, &features, sample.view())?.finish();
///
/// let scorer = Scorer::new(&forest);
/// let mut proximities = [0.0; 3];
/// Likeness::new(&scorer, &[1]).proximities(&scorer, &[Codes::U8(&[0, 1, 0])], &mut proximities);
/// assert_eq!(proximities, [0.0, 1.0, 0.0]);
/// # Ok::<(), isoscope_engine::forest::FitError>(())
/// ```
///
/// # References
///
/// L. Breiman, A. Cutler, *Random Forests*, 2003: proximities.
#[derive(Debug, Clone)]
pub struct Likeness {
    leaves: Leaves,
    /// Per node the share of the row that ends there, and what fills the last window.
    shares: Vec<f64>,
    pass: Pass<f64>,
}

impl Likeness {
    /// Prepares to compare rows with one.
    ///
    /// # Panics
    ///
    /// Unless `codes` holds a code per feature.
    pub fn new(scorer: &Scorer, codes: &[u16]) -> Self {
        let model = scorer.model();
        let leaves = scorer.leaves(&[codes]).remove(0);
        let mut shares = vec![0.0; model.node_paths().len()];
        for leaf in &leaves {
            shares[(leaf >> 32) as usize] = f64::from(*leaf as u32);
        }
        Self { leaves, shares, pass: Pass::new(model.missing().len(), model.stride) }
    }

    /// The leaves of the row.
    pub fn leaves(&self) -> &Leaves {
        &self.leaves
    }

    /// Writes the proximities of some rows to the one, in [0, 1], to `proximities`: exactly, so that
    /// rows are equally near where they share as much. As long as scoring them takes.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `proximities`, and `scorer` is the one it
    /// was made with.
    pub fn proximities(&mut self, scorer: &Scorer, columns: &[Codes<'_>], proximities: &mut [f64]) {
        let model = scorer.model();
        assert_eq!(self.shares.len(), model.node_paths().len(), "leaves are those of one forest");
        let shared = Shared { model, shares: &self.shares };
        self.pass.run(&shared, model.missing(), columns, proximities, Shared::proximities);
    }
}

impl Scorer {
    /// The leaves of some rows.
    ///
    /// # Panics
    ///
    /// Unless each row holds a code per feature.
    pub fn leaves(&self, rows: &[&[u16]]) -> Vec<Leaves> {
        let model = self.model();
        let mut batch = Batch::incomplete(model.stride);
        for (codes, number) in rows.iter().zip(0..) {
            assert_eq!(codes.len(), model.missing().len(), "a code per feature");
            batch.push(codes, number);
        }
        let mut leaves = vec![Leaves::with_capacity(model.forest.n_trees()); rows.len()];
        model.each_tree(&batch, |tree, codes| {
            for (leaves, row) in leaves.iter_mut().zip(codes.chunks_exact(model.stride)) {
                model.fall(tree, 0, WHOLE, row, &mut |leaf, share| {
                    leaves.push((leaf as u64) << 32 | u64::from(share));
                });
            }
        });
        leaves
    }
}

/// What rows share with one.
struct Shared<'a> {
    model: &'a Model,
    shares: &'a [f64],
}

impl Shared<'_> {
    fn proximities(&self, batch: &Batch) -> Vec<f64> {
        let model = self.model;
        // Whole numbers of at most 45 bits: no sum is rounded.
        let mut sums = vec![0.0; batch.codes().len() / model.stride];
        model.each_tree(batch, |tree, codes| {
            if batch.is_complete() {
                let view = model.view(tree);
                let start = model.forest.starts[tree] as usize;
                let paths = &self.shares[start..start + view.paths.len()];
                // All of the row falls into one leaf, and so shares what the other has there.
                walk(View { paths, ..view }, codes, model.stride, &mut Gather::Paths(&mut sums));
                return;
            }
            let rows = codes.chunks_exact(model.stride).take(batch.n_rows());
            for (sum, row) in sums.iter_mut().zip(rows) {
                model.fall(tree, 0, WHOLE, row, &mut |leaf, share| {
                    *sum += self.shares[leaf].min(f64::from(share));
                });
            }
        });
        sums.truncate(batch.n_rows());
        let whole = f64::from(WHOLE) * model.forest.n_trees() as f64;
        sums.into_iter().map(|sum| sum / whole).collect()
    }
}

impl Model {
    /// Lets `share` of a row fall from a node of a tree; `visit` hears of the leaves that it falls
    /// into, as places among all nodes, from left to right, and of the share of each.
    fn fall(
        &self,
        tree: usize,
        index: u32,
        share: u32,
        row: &[u16],
        visit: &mut impl FnMut(usize, u32),
    ) {
        let start = self.forest.starts[tree];
        let nodes = self.view(tree).nodes;
        let mut index = index;
        loop {
            let node = Node(nodes[index as usize]);
            if node.is_leaf() {
                visit((start + index) as usize, share);
                return;
            }
            let cell = usize::from(node.cell());
            let code = row[cell];
            if code == self.missing()[self.owners[cell]] && node.cut() != code {
                let n_rows = |index| u64::from(self.forest.n_rows[(start + index) as usize]);
                let (left, all) = (n_rows(node.left()), n_rows(index));
                // Rounded, and the rest goes right: nothing is lost.
                let left = ((u64::from(share) * left + all / 2) / all) as u32;
                for (child, share) in [(node.left(), left), (node.left() + 1, share - left)] {
                    if share > 0 {
                        self.fall(tree, child, share, row, visit);
                    }
                }
                return;
            }
            index = node.child(code);
        }
    }
}
