//! A forest made ready: what every node is worth, and the walks of a batch of rows.

use std::borrow::Cow;

use super::{
    Explanation, Forest, Node, TopReasons, average_path_length,
    kernel::{Gather, STRIDES, View, WINDOWS, walk},
    pass::Batch,
    path::Grid,
    ranks::Ranks,
    reasons, score,
};

/// Tables of a forest, as scoring reads them.
#[derive(Debug, Clone)]
pub(super) struct Model {
    /// All but its nodes, which have moved to `nodes`.
    forest: Forest,
    /// The bits of all nodes, and of leaves behind them that fill the last tree's window.
    nodes: Vec<u64>,
    /// Per node v, the mean path of the sample rows that passed it, on the grid.
    paths: Vec<f64>,
    /// Per node, its v less its parent's.
    steps: Vec<f64>,
    /// How many steps lead to every leaf of a tree.
    heights: Vec<u32>,
    /// The feature that each cell belongs to.
    owners: Vec<usize>,
    stride: usize,
    window: usize,
    average_path: f64,
    expected_path: f64,
}

impl Model {
    pub(super) fn new(forest: &Forest) -> Self {
        let grid = Grid::new(forest.params.n_trees);
        let sample_size = forest.params.sample_size;
        let mut averages = Averages::default();
        let fits = |size: usize| move |&limit: &usize| size <= limit;
        let window = WINDOWS.into_iter().find(fits(2 * sample_size as usize));
        // One cell more than trees cut: leaves read and write there.
        let stride = STRIDES.into_iter().find(fits(forest.n_cells() + 1));
        let mut model = Self {
            forest: forest.clone(),
            nodes: Vec::new(),
            paths: Vec::with_capacity(forest.nodes.len()),
            steps: Vec::with_capacity(forest.nodes.len()),
            heights: Vec::new(),
            owners: (0..forest.n_features())
                .chain(forest.unordered.iter().map(|&feature| feature.into()))
                .collect(),
            stride: stride.expect("cells are counted in 16 bits"),
            window: window.expect("ψ is at most 65,536"),
            average_path: grid.snap(averages.of(sample_size)),
            expected_path: 0.0,
        };
        for tree in 0..forest.n_trees() {
            model.push_tree(tree, grid, &mut averages);
        }
        let roots = forest.starts.iter().map(|&start| model.paths[start as usize]);
        model.expected_path = roots.sum::<f64>() / forest.n_trees() as f64;
        // The last tree has a whole window, too.
        let padded = model.paths.len() + model.window;
        model.nodes = std::mem::take(&mut model.forest.nodes.0);
        model.nodes.resize(padded, Node::leaf(0, 0).0);
        model.paths.resize(padded, f64::NAN);
        model.steps.resize(padded, f64::NAN);
        model
    }

    /// Children stand behind their parents: depths run forwards, v backwards.
    fn push_tree(&mut self, tree: usize, grid: Grid, averages: &mut Averages) {
        let tree = self.forest.tree(tree);
        let children = |node: Node| (!node.is_leaf()).then(|| node.left() as usize);
        let mut depths = vec![0_u32; tree.nodes().len()];
        for (index, node) in tree.nodes().enumerate() {
            if let Some(left) = children(node) {
                let depth = depths[index] + 1;
                depths[left..left + 2].fill(depth);
            }
        }
        let n_rows: Vec<u32> = (0..).take(depths.len()).map(|index| tree.n_rows(index)).collect();
        let mut paths = vec![0.0; depths.len()];
        for (index, node) in tree.nodes().enumerate().rev() {
            paths[index] = match children(node) {
                None => f64::from(depths[index]) + averages.of(n_rows[index]),
                // The mean of its children by rows, not depth + c of its own count: steps along a
                // path would not add up to it.
                Some(left) => {
                    let part = |child: usize| f64::from(n_rows[child]) * paths[child];
                    (part(left) + part(left + 1)) / f64::from(n_rows[index])
                }
            };
        }
        for path in &mut paths {
            *path = grid.snap(*path);
        }
        let mut steps = vec![0.0; depths.len()];
        for (index, node) in tree.nodes().enumerate() {
            if let Some(left) = children(node) {
                for child in [left, left + 1] {
                    steps[child] = paths[child] - paths[index];
                }
            }
        }
        self.paths.extend(paths);
        self.steps.extend(steps);
        self.heights.push(depths.into_iter().max().unwrap_or(0));
    }

    /// Cells of a row: more than trees cut.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// Each feature's code for missing values.
    pub(super) fn missing(&self) -> &[u16] {
        &self.forest.missing
    }

    pub(super) fn average_path(&self) -> f64 {
        self.average_path
    }

    pub(super) fn expected_path(&self) -> f64 {
        self.expected_path
    }

    fn view(&self, tree: usize) -> View<'_> {
        let start = self.forest.starts[tree] as usize;
        let window = start..start + self.window;
        View {
            nodes: &self.nodes[window.clone()],
            paths: &self.paths[window.clone()],
            steps: &self.steps[window],
            height: self.heights[tree],
        }
    }

    /// The scores of a batch's rows.
    pub(super) fn scores(&self, batch: &Batch) -> Vec<f64> {
        self.paths(batch).map(|path| score(path, self.average_path)).collect()
    }

    /// The strongest features of a batch's rows.
    pub(super) fn reasons(&self, batch: &Batch) -> Vec<TopReasons> {
        let n_features = self.missing().len();
        let sums = self.step_sums(batch);
        let rows = sums.chunks_exact(self.stride).take(batch.n_rows());
        let yardstick = self.average_path * self.forest.n_trees() as f64;
        rows.map(|sums| reasons::top(&sums[..n_features], yardstick)).collect()
    }

    /// Everything about a row.
    pub(super) fn explain(&self, codes: &[u16]) -> Explanation {
        assert_eq!(codes.len(), self.missing().len(), "a code per feature");
        let mut batch = Batch::incomplete(self.stride);
        batch.push(codes, 0);
        let path_length = self.paths(&batch).next().expect("the batch holds a row");
        let step_sums = &self.step_sums(&batch)[..codes.len()];
        Explanation {
            score: score(path_length, self.average_path),
            path_length,
            expected_path: self.expected_path,
            average_path: self.average_path,
            steps: step_sums.iter().map(|sum| sum / self.forest.n_trees() as f64).collect(),
        }
    }

    /// h of a batch's rows.
    fn paths(&self, batch: &Batch) -> impl Iterator<Item = f64> {
        let mut sums = vec![0.0; batch.codes().len() / self.stride];
        self.each_tree(batch, |tree, codes| {
            if batch.is_complete() {
                walk(self.view(tree), codes, self.stride, &mut Gather::Paths(&mut sums));
                return;
            }
            // Rows beyond the batch only fill the last group of the walk.
            let rows = codes.chunks_exact(self.stride).take(batch.n_rows());
            for (sum, row) in sums.iter_mut().zip(rows) {
                *sum += self.weighted(tree, 0, 1.0, row, &mut |_, _| ());
            }
        });
        sums.truncate(batch.n_rows());
        let n_trees = self.forest.n_trees() as f64;
        sums.into_iter().map(move |sum| sum / n_trees)
    }

    /// Per row of a batch and feature, in the row's first cells, the sum of the feature's steps
    /// over all trees.
    fn step_sums(&self, batch: &Batch) -> Vec<f64> {
        let mut sums = vec![0.0; batch.codes().len()];
        self.each_tree(batch, |tree, codes| {
            if batch.is_complete() {
                walk(self.view(tree), codes, self.stride, &mut Gather::Steps(&mut sums));
                return;
            }
            let rows = codes.chunks_exact(self.stride).take(batch.n_rows());
            for (sums, row) in sums.chunks_exact_mut(self.stride).zip(rows) {
                self.weighted(tree, 0, 1.0, row, &mut |cell, step| sums[cell] += step);
            }
        });
        let n_features = self.missing().len();
        for row in sums.chunks_exact_mut(self.stride) {
            for (cell, &owner) in self.owners.iter().enumerate().skip(n_features) {
                row[owner] += row[cell];
            }
        }
        sums
    }

    /// Calls `visit` for each tree with the batch's rows as that tree sees them: categories are
    /// replaced by their ranks in its order.
    fn each_tree(&self, batch: &Batch, mut visit: impl FnMut(usize, &[u16])) {
        let mut codes = Cow::Borrowed(batch.codes());
        // Per unordered feature its pair of cells, and the batch's categories.
        let pairs = self.owners.iter().enumerate().skip(self.missing().len());
        let unordered: Vec<([usize; 2], Vec<u16>)> = pairs
            .map(|(cell, &feature)| {
                let rows = codes.chunks_exact(self.stride);
                ([feature, cell], rows.map(|row| row[feature]).collect())
            })
            .collect();
        let mut ranks = Ranks::default();
        for tree in 0..self.forest.n_trees() {
            for (place, (cells, categories)) in unordered.iter().enumerate() {
                let order = self.forest.drawn_order(tree, place);
                if order.is_empty() {
                    continue;
                }
                let missing = self.missing()[cells[0]];
                let rows = codes.to_mut().chunks_exact_mut(self.stride);
                ranks.write(order, missing, categories, rows, *cells);
            }
            visit(tree, &codes);
        }
    }

    /// Returns the mean path below a node of a row that takes a cut of a missing value both ways,
    /// times `weight`; `visit` hears of every step, weighted.
    ///
    /// Both ways are weighted by the sample rows that went there, so that such a cut moves the
    /// expected path by nothing: only a cut that parts missing from present makes a missing value
    /// a cause.
    fn weighted(
        &self,
        tree: usize,
        index: u32,
        weight: f64,
        row: &[u16],
        visit: &mut impl FnMut(usize, f64),
    ) -> f64 {
        let start = self.forest.starts[tree];
        let at = |index: u32| (start + index) as usize;
        let mut index = index;
        loop {
            let node = Node(self.nodes[at(index)]);
            if node.is_leaf() {
                return weight * self.paths[at(index)];
            }
            let cell = usize::from(node.cell());
            let code = row[cell];
            if code == self.missing()[self.owners[cell]] && node.cut() != code {
                let n_rows = |index| f64::from(self.forest.n_rows[at(index)]);
                let mut sum = 0.0;
                for child in [node.left(), node.left() + 1] {
                    let weight = weight * n_rows(child) / n_rows(index);
                    visit(cell, weight * self.steps[at(child)]);
                    sum += self.weighted(tree, child, weight, row, visit);
                }
                return sum;
            }
            index = node.child(code);
            visit(cell, weight * self.steps[at(index)]);
        }
    }
}

/// c(n), computed when first asked for: leaves are mostly small.
#[derive(Default)]
struct Averages(Vec<Option<f64>>);

impl Averages {
    fn of(&mut self, n_rows: u32) -> f64 {
        let place = n_rows as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        *self.0[place].get_or_insert_with(|| average_path_length(n_rows))
    }
}
