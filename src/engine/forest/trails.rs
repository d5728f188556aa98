//! Where rows end in every tree, so that a forest that learns need not walk them again.

use std::cell::RefCell;

use super::{
    Node, Scorer,
    kernel::{Gather, View, walk},
    model::Model,
    pass::{Batch, Pass},
    score,
};
use crate::matrix::Codes;

/// Leaves of a tree, at most: a byte tells them apart. A sample of 256 rows has no more.
const MOST_LEAVES: usize = 256;
/// Bytes of leaves that are kept at most; longer tables are walked again.
const MOST_BYTES: usize = 1 << 25;
/// The trail of a row that misses values: it may end in several leaves of a tree.
const SEVERAL: u32 = u32::MAX;

/// The leaves of rows: a trail per different row, a byte per tree.
///
/// Verdicts move the paths of leaves and nothing else, so the leaves of a row stay the same, and its
/// new score is a sum of look-ups.
#[derive(Debug)]
pub struct Trails {
    n_trees: usize,
    /// Trail after trail.
    leaves: Vec<u8>,
    /// Which trail is each row's.
    rows: Vec<u32>,
    /// Per tree, the places among all nodes of its leaves; the first where there are fewer.
    places: Vec<usize>,
    /// Per node, its number among the leaves of its tree.
    numbers: Vec<f64>,
    pass: Option<Pass<u32>>,
}

impl Trails {
    /// No rows so far; `None` where a tree has more leaves than a byte tells apart.
    pub fn new(scorer: &Scorer) -> Option<Self> {
        let model = scorer.model();
        let n_trees = model.forest.n_trees();
        let mut numbers = vec![0.0; model.node_paths().len()];
        let mut places = Vec::with_capacity(n_trees * MOST_LEAVES);
        let ends = model.forest.starts.iter().skip(1).map(|&start| start as usize);
        let starts = model.forest.starts.iter().map(|&start| start as usize);
        for (tree, (start, end)) in starts.zip(ends.chain([model.forest.n_rows.len()])).enumerate()
        {
            let nodes = model.view(tree).nodes;
            let leaves = (start..end).filter(|&place| Node(nodes[place - start]).is_leaf());
            let first = places.len();
            for (number, place) in leaves.enumerate() {
                numbers[place] = number as f64;
                places.push(place);
            }
            if places.len() - first > MOST_LEAVES {
                return None;
            }
            places.resize(first + MOST_LEAVES, start);
        }
        let pass = Some(Pass::new(model.missing().len(), model.stride));
        Some(Self { n_trees, leaves: Vec::new(), rows: Vec::new(), places, numbers, pass })
    }

    /// How many rows have their trails.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// Walks the next rows, and says whether there is room for more.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, all of them `n_rows` long, and `scorer` has the forest
    /// that it was made with.
    pub fn record(&mut self, scorer: &Scorer, columns: &[Codes<'_>], n_rows: usize) -> bool {
        let model = scorer.model();
        let walker = Walker {
            model,
            numbers: &self.numbers,
            leaves: RefCell::new(std::mem::take(&mut self.leaves)),
        };
        let mut rows = vec![0; n_rows];
        let pass = self.pass.as_mut().expect("rows come before the end");
        pass.run(&walker, model.missing(), columns, &mut rows, Walker::trails);
        self.rows.extend(rows);
        self.leaves = walker.leaves.into_inner();
        self.leaves.len() <= MOST_BYTES
    }

    /// There are no more rows.
    pub fn finish(&mut self) {
        self.pass = None;
        self.leaves.shrink_to_fit();
    }

    /// The scores of all trails by a forest that may have learnt meanwhile: what walking would give, to
    /// the bit.
    pub fn scores(&self, scorer: &Scorer) -> Vec<f64> {
        let model = scorer.model();
        let paths: Vec<f64> = self.places.iter().map(|&place| model.node_paths()[place]).collect();
        let n_trees = self.n_trees as f64;
        let score_of = |leaves: &[u8]| {
            let paths = leaves.iter().zip(paths.chunks_exact(MOST_LEAVES));
            let sum: f64 = paths.fold(0.0, |sum, (&leaf, paths)| sum + paths[usize::from(leaf)]);
            score(sum / n_trees, model.average_path)
        };
        self.leaves.chunks_exact(self.n_trees).map(score_of).collect()
    }

    /// Writes the scores of the rows from `first` on to `out`, given those of all trails; rows that miss
    /// values are walked, so their codes must be there.
    ///
    /// # Panics
    ///
    /// As [`record`](Self::record).
    pub fn spread(
        &self,
        of_trails: &[f64],
        scorer: &mut Scorer,
        first: usize,
        columns: &[Codes<'_>],
        out: &mut [f64],
    ) {
        let rows = &self.rows[first..first + out.len()];
        let mut walked = Vec::new();
        for (place, (out, &trail)) in out.iter_mut().zip(rows).enumerate() {
            match of_trails.get(trail as usize) {
                Some(&score) => *out = score,
                None => walked.push(place),
            }
        }
        if walked.is_empty() {
            return;
        }
        let gathered = |codes: &Codes<'_>| -> Vec<u16> {
            walked.iter().map(|&place| codes.get(place)).collect()
        };
        let codes: Vec<Vec<u16>> = columns.iter().map(gathered).collect();
        let codes: Vec<_> = codes.iter().map(|codes| Codes::U16(codes)).collect();
        let mut scores = vec![0.0; walked.len()];
        scorer.scores(&codes, &mut scores);
        for (place, score) in walked.into_iter().zip(scores) {
            out[place] = score;
        }
    }
}

/// What writes down the leaves of batches.
struct Walker<'a> {
    model: &'a Model,
    numbers: &'a [f64],
    leaves: RefCell<Vec<u8>>,
}

impl Walker<'_> {
    /// The trails of a batch's rows.
    fn trails(&self, batch: &Batch) -> Vec<u32> {
        let n_rows = batch.n_rows();
        if !batch.is_complete() {
            return vec![SEVERAL; n_rows];
        }
        let (model, n_trees) = (self.model, self.model.forest.n_trees());
        let mut leaves = self.leaves.borrow_mut();
        let first = leaves.len();
        leaves.resize(first + n_rows * n_trees, 0);
        let mut sums = vec![0.0; batch.codes().len() / model.stride];
        model.each_tree(batch, |tree, codes| {
            // A walk that adds the numbers of leaves in place of their paths.
            let start = model.forest.starts[tree] as usize;
            let view = model.view(tree);
            let view = View { paths: &self.numbers[start..start + view.paths.len()], ..view };
            sums.fill(0.0);
            walk(view, codes, model.stride, &mut Gather::Paths(&mut sums));
            let trails = leaves[first..].chunks_exact_mut(n_trees);
            for (trail, &number) in trails.zip(&sums) {
                trail[tree] = number as u8;
            }
        });
        let first = (first / n_trees) as u32;
        (first..).take(n_rows).collect()
    }
}
