//! A forest made ready: what every node is worth, laid out for walking.

use super::{
    Forest, Node,
    kernel::{STRIDES, View, WINDOWS},
    path::Grid,
    settle::{Averages, settle},
};

/// Tables of a forest, as scoring reads them.
#[derive(Debug, Clone)]
pub(super) struct Model {
    /// All but its nodes, which have moved to `nodes`.
    pub(super) forest: Forest,
    /// The bits of all nodes, and of leaves behind them that fill the last tree's window.
    nodes: Vec<u64>,
    /// Per node v, the mean path of the sample rows that passed it, on the grid.
    paths: Vec<f64>,
    /// Per node, its v less its parent's.
    steps: Vec<f64>,
    /// How many steps lead to every leaf of a tree.
    heights: Vec<u32>,
    /// The feature that each cell belongs to.
    pub(super) owners: Vec<usize>,
    /// Cells of a row: more than trees cut.
    pub(super) stride: usize,
    window: usize,
    /// c(ψ), on the grid.
    pub(super) average_path: f64,
    /// The mean v of the roots.
    pub(super) expected_path: f64,
}

impl Model {
    #[inline(never)]
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
        model.expected_path = model.mean_root();
        // The last tree has a whole window, too.
        let padded = model.paths.len() + model.window;
        model.nodes = std::mem::take(&mut model.forest.nodes.0);
        model.nodes.resize(padded, Node::leaf(0, 0).0);
        model.paths.resize(padded, f64::NAN);
        model.steps.resize(padded, f64::NAN);
        model
    }

    fn push_tree(&mut self, tree: usize, grid: Grid, averages: &mut Averages) {
        let tree = self.forest.tree(tree);
        let child = |node: Node| (!node.is_leaf()).then(|| node.left() as usize);
        let children: Vec<_> = tree.nodes().map(child).collect();
        let n_rows: Vec<u32> = (0..).take(children.len()).map(|index| tree.n_rows(index)).collect();
        let settled = settle(&children, &n_rows, grid, averages);
        self.paths.extend(settled.paths);
        self.steps.extend(settled.steps);
        self.heights.push(settled.height);
    }

    /// Gives some leaves, by their places among all nodes, other paths on the grid; v and steps of
    /// the nodes above them follow, all others keep their bits.
    pub(super) fn set_leaves(&mut self, leaves: impl Iterator<Item = (usize, f64)>) {
        let grid = Grid::new(self.forest.params.n_trees);
        let mut is_moved = vec![false; self.forest.n_rows.len()];
        for (leaf, path) in leaves {
            self.paths[leaf] = path;
            is_moved[leaf] = true;
        }
        let n_rows = &self.forest.n_rows;
        let ends = self.forest.starts.iter().skip(1).map(|&start| start as usize);
        let trees = self.forest.starts.iter().map(|&start| start as usize);
        for (start, end) in trees.zip(ends.chain([n_rows.len()])) {
            for index in (start..end).rev() {
                let node = Node(self.nodes[index]);
                let left = start + node.left() as usize;
                if node.is_leaf() || !(is_moved[left] || is_moved[left + 1]) {
                    continue;
                }
                let part = |child: usize| f64::from(n_rows[child]) * self.paths[child];
                let mean = (part(left) + part(left + 1)) / f64::from(n_rows[index]);
                self.paths[index] = grid.snap(mean);
                is_moved[index] = true;
                // Children's paths are settled, their parent's is now.
                for child in [left, left + 1] {
                    self.steps[child] = self.paths[child] - self.paths[index];
                }
            }
        }
        self.expected_path = self.mean_root();
    }

    /// Per node v, and what fills the last window.
    pub(super) fn node_paths(&self) -> &[f64] {
        &self.paths
    }

    fn mean_root(&self) -> f64 {
        let roots = self.forest.starts.iter().map(|&start| self.paths[start as usize]);
        roots.sum::<f64>() / self.forest.n_trees() as f64
    }

    /// Each feature's code for missing values.
    pub(super) fn missing(&self) -> &[u16] {
        &self.forest.missing
    }

    /// A tree, as walks see it.
    pub(super) fn view(&self, tree: usize) -> View<'_> {
        let start = self.forest.starts[tree] as usize;
        let window = start..start + self.window;
        View {
            nodes: &self.nodes[window.clone()],
            paths: &self.paths[window.clone()],
            steps: &self.steps[window],
            height: self.heights[tree],
        }
    }
}
