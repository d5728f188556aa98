//! Scoring rows by a grown forest.

use super::{
    Explanation, Forest, Node, TopReasons, average_path_length,
    kernel::{Gather, LANES, STRIDES, View, WINDOWS, walk},
    memo::{Memo, Met},
    path::Grid,
    reasons, score,
};
use crate::engine::matrix::{Block, Codes};

/// A forest made ready to score and explain rows: tables built once, then many chunks of rows.
#[derive(Debug, Clone)]
pub struct Scorer {
    model: Model,
    scores: Pass<f64>,
    reasons: Pass<TopReasons>,
}

impl Scorer {
    /// Prepares a forest.
    pub fn new(forest: &Forest) -> Self {
        let model = Model::new(forest);
        let (scores, reasons) = (Pass::new(&model), Pass::new(&model));
        Self { model, scores, reasons }
    }

    /// The same, but every row is scored anew, even if it was met before: results are the same.
    #[must_use]
    pub fn without_memo(mut self) -> Self {
        self.scores.memo = None;
        self.reasons.memo = None;
        self
    }

    /// Frees the memory of rows met before; needed only when a job is over.
    pub fn forget(&mut self) {
        (self.scores, self.reasons) = (Pass::new(&self.model), Pass::new(&self.model));
    }

    /// Writes s of some rows, in (0, 1], high is odd, to `scores`.
    ///
    /// `columns[feature]` holds the rows' codes; any cutting of a table into chunks gives the same
    /// bits. Chunks of some thousand rows are fastest.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `scores`.
    pub fn scores(&mut self, columns: &[Codes<'_>], scores: &mut [f64]) {
        self.scores.run(&self.model, columns, scores, Model::score_batch);
    }

    /// Writes the features that made each of some rows odd, strongest first, to `reasons`.
    ///
    /// As [`scores`](Self::scores), to which it adds about as much time again.
    ///
    /// # Panics
    ///
    /// Unless there is a column per feature, each as long as `reasons`.
    pub fn reasons(&mut self, columns: &[Codes<'_>], reasons: &mut [TopReasons]) {
        self.reasons.run(&self.model, columns, reasons, Model::explain_batch);
    }

    /// Returns everything about one row: its path, and how far each feature moved it.
    ///
    /// `codes` holds a code per feature.
    pub fn explain(&self, codes: &[u16]) -> Explanation {
        let mut batch = Batch::new(&self.model);
        batch.push(codes, 0);
        let (path_sums, step_sums) = (self.model.path_sums(&batch), self.model.step_sums(&batch));
        reasons::explanation(&self.model, path_sums[0], &step_sums[..self.model.n_features()])
    }

    /// The mean path over the trees' roots, where every row starts.
    pub fn expected_path(&self) -> f64 {
        self.model.expected_path
    }

    /// c(ψ), the yardstick of the score, as the scores use it: rounded by less than 10⁻⁹.
    pub fn average_path(&self) -> f64 {
        self.model.average_path
    }
}

/// Tables of a forest, as scoring reads them.
#[derive(Debug, Clone)]
pub(super) struct Model {
    forest: Forest,
    /// Nodes of all trees, and leaves behind them that fill the last tree's window.
    nodes: Vec<Node>,
    /// Per node v, the mean path of the sample rows that passed it, on the grid.
    paths: Vec<f64>,
    /// Per node, its v less its parent's.
    steps: Vec<f64>,
    /// How many steps lead to every leaf of a tree.
    heights: Vec<u32>,
    stride: usize,
    window: usize,
    pub(super) average_path: f64,
    pub(super) expected_path: f64,
}

impl Model {
    fn new(forest: &Forest) -> Self {
        let grid = Grid::new(forest.n_trees() as u32);
        let sample_size = forest.params.sample_size;
        let averages: Vec<f64> = (0..=sample_size).map(average_path_length).collect();
        let fits = |size: usize| move |&limit: &usize| size <= limit;
        let window = WINDOWS.into_iter().find(fits(2 * sample_size as usize));
        // One cell more than features: leaves read and write there.
        let stride = STRIDES.into_iter().find(fits(forest.n_features() + 1));
        let mut model = Self {
            nodes: Vec::new(),
            paths: Vec::new(),
            steps: Vec::new(),
            heights: Vec::new(),
            stride: stride.expect("features are counted in 16 bits"),
            window: window.expect("ψ is at most 65,536"),
            average_path: grid.snap(averages[sample_size as usize]),
            expected_path: 0.0,
            forest: forest.clone(),
        };
        for tree in 0..forest.n_trees() {
            model.push_tree(tree, grid, &averages);
        }
        let roots = forest.starts.iter().map(|&start| model.paths[start as usize]);
        model.expected_path = roots.sum::<f64>() / forest.n_trees() as f64;
        let padded = model.nodes.len() + model.window;
        model.nodes.resize(padded, Node::leaf(0, 0));
        model.paths.resize(padded, f64::NAN);
        model.steps.resize(padded, f64::NAN);
        model
    }

    /// Children stand behind their parents: depths run forwards, v backwards.
    fn push_tree(&mut self, tree: usize, grid: Grid, averages: &[f64]) {
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
                None => f64::from(depths[index]) + averages[n_rows[index] as usize],
                // The mean of its children by rows, not depth + c of its own count: steps along a
                // path would not add up to it.
                Some(left) => {
                    let part = |child: usize| f64::from(n_rows[child]) * paths[child];
                    (part(left) + part(left + 1)) / f64::from(n_rows[index])
                }
            };
        }
        paths.iter_mut().for_each(|path| *path = grid.snap(*path));
        let mut steps = vec![0.0; depths.len()];
        for (index, node) in tree.nodes().enumerate() {
            if let Some(left) = children(node) {
                for child in [left, left + 1] {
                    steps[child] = paths[child] - paths[index];
                }
            }
        }
        self.nodes.extend(tree.nodes());
        self.paths.extend(paths);
        self.steps.extend(steps);
        self.heights.push(depths.into_iter().max().unwrap_or(0));
    }

    pub(super) fn n_features(&self) -> usize {
        self.forest.n_features()
    }

    pub(super) fn n_trees(&self) -> f64 {
        self.forest.n_trees() as f64
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

    fn score_batch(&self, batch: &Batch, set: &mut dyn FnMut(u32, f64)) {
        for (&number, sum) in batch.numbers.iter().zip(self.path_sums(batch)) {
            set(number, score(sum / self.n_trees(), self.average_path));
        }
    }

    fn explain_batch(&self, batch: &Batch, set: &mut dyn FnMut(u32, TopReasons)) {
        let sums = self.step_sums(batch);
        for (&number, sums) in batch.numbers.iter().zip(sums.chunks_exact(self.stride)) {
            set(number, reasons::top(self, &sums[..self.n_features()]));
        }
    }

    /// Per row of a batch, the sum of its paths over all trees.
    fn path_sums(&self, batch: &Batch) -> Vec<f64> {
        let mut sums = vec![0.0; batch.n_padded()];
        self.each_tree(batch, |tree, codes| {
            if batch.is_incomplete {
                for (sum, row) in sums.iter_mut().zip(codes.chunks_exact(self.stride)) {
                    *sum += self.weighted(tree, 0, 1.0, row, &mut |_, _| ());
                }
            } else {
                walk(self.view(tree), codes, self.stride, &mut Gather::Paths(&mut sums));
            }
        });
        sums
    }

    /// Per row of a batch and cell of a row, the sum of the feature's steps over all trees.
    fn step_sums(&self, batch: &Batch) -> Vec<f64> {
        let mut sums = vec![0.0; batch.n_padded() * self.stride];
        self.each_tree(batch, |tree, codes| {
            if batch.is_incomplete {
                let rows = codes.chunks_exact(self.stride);
                for (sums, row) in sums.chunks_exact_mut(self.stride).zip(rows) {
                    self.weighted(tree, 0, 1.0, row, &mut |feature, step| sums[feature] += step);
                }
            } else {
                walk(self.view(tree), codes, self.stride, &mut Gather::Steps(&mut sums));
            }
        });
        sums
    }

    /// Calls `visit` for each tree with the batch's rows as that tree sees them: categories are
    /// replaced by their ranks in its order.
    fn each_tree(&self, batch: &Batch, mut visit: impl FnMut(usize, &[u16])) {
        const UNKNOWN: u16 = u16::MAX;
        let unordered = &self.forest.unordered;
        let mut codes = batch.codes.clone();
        let mut ranks: Vec<Vec<u16>> = unordered
            .iter()
            .map(|&feature| {
                let missing = self.forest.missing[usize::from(feature)];
                let mut ranks = vec![UNKNOWN; usize::from(missing) + 1];
                ranks[usize::from(missing)] = missing;
                ranks
            })
            .collect();
        for tree in 0..self.forest.n_trees() {
            for (place, (&feature, ranks)) in unordered.iter().zip(&mut ranks).enumerate() {
                let order = self.forest.drawn_order(tree, place);
                let mut other = UNKNOWN;
                for (rank, &category) in (0..).zip(order) {
                    match category {
                        Forest::OTHER => other = rank,
                        category => ranks[usize::from(category)] = rank,
                    }
                }
                let feature = usize::from(feature);
                let categories = batch.codes[feature..].iter().step_by(self.stride);
                let cells = codes[feature..].iter_mut().step_by(self.stride);
                for (cell, &category) in cells.zip(categories) {
                    let rank = ranks[usize::from(category)];
                    *cell = if rank == UNKNOWN { other } else { rank };
                }
                for &category in order.iter().filter(|&&category| category != Forest::OTHER) {
                    ranks[usize::from(category)] = UNKNOWN;
                }
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
            let node = self.nodes[at(index)];
            if node.is_leaf() {
                return weight * self.paths[at(index)];
            }
            let feature = usize::from(node.feature());
            let code = row[feature];
            if code == self.forest.missing[feature] && node.cut() != code {
                let n_rows = |index| f64::from(self.forest.n_rows[at(index)]);
                let mut sum = 0.0;
                for child in [node.left(), node.left() + 1] {
                    let weight = weight * n_rows(child) / n_rows(index);
                    visit(feature, weight * self.steps[at(child)]);
                    sum += self.weighted(tree, child, weight, row, visit);
                }
                return sum;
            }
            index = node.child(code);
            visit(feature, weight * self.steps[at(index)]);
        }
    }
}

/// Rows that wait for their answer.
#[derive(Debug, Clone)]
struct Batch {
    codes: Vec<u16>,
    /// Which answer each row is for.
    numbers: Vec<u32>,
    /// Whether its rows may have missing values, which the walk cannot do.
    is_incomplete: bool,
    stride: usize,
}

impl Batch {
    /// How many cells stay in the nearest cache beside a tree.
    const CELLS: usize = 8192;

    fn new(model: &Model) -> Self {
        Self { codes: Vec::new(), numbers: Vec::new(), is_incomplete: true, stride: model.stride }
    }

    fn complete(self) -> Self {
        Self { is_incomplete: false, ..self }
    }

    fn push(&mut self, row: &[u16], number: u32) {
        self.codes.truncate(self.numbers.len() * self.stride);
        self.codes.extend_from_slice(row);
        self.numbers.push(number);
        self.codes.resize(self.n_padded() * self.stride, 0);
    }

    fn clear(&mut self) {
        self.codes.clear();
        self.numbers.clear();
    }

    /// Rows with those that fill the last group of the walk.
    fn n_padded(&self) -> usize {
        self.numbers.len().next_multiple_of(LANES)
    }

    fn is_full(&self) -> bool {
        self.codes.len() >= Self::CELLS.max(LANES * self.stride) && self.numbers.len() % LANES == 0
    }
}

/// A pass over all rows: each different row is answered once, in batches.
#[derive(Debug, Clone)]
struct Pass<T> {
    /// `None` where rows hardly repeat.
    memo: Option<Memo>,
    /// Answers, by the numbers that rows were given.
    answers: Vec<T>,
    block: Block,
    complete: Batch,
    incomplete: Batch,
}

impl<T: Copy + Default> Pass<T> {
    /// Rows that are gathered at once.
    const BLOCK: usize = 256;

    fn new(model: &Model) -> Self {
        Self {
            memo: Some(Memo::new(model.n_features().next_multiple_of(4))),
            answers: Vec::new(),
            block: Block::new(model.stride),
            complete: Batch::new(model).complete(),
            incomplete: Batch::new(model),
        }
    }

    /// Answers for some rows. `answer` is given a batch and calls back with numbers and answers.
    fn run(
        &mut self,
        model: &Model,
        columns: &[Codes<'_>],
        out: &mut [T],
        answer: fn(&Model, &Batch, &mut dyn FnMut(u32, T)),
    ) {
        assert_eq!(columns.len(), model.n_features(), "a column per feature");
        assert!(columns.iter().all(|column| column.len() == out.len()), "an answer per row");
        match &self.memo {
            Some(memo) if memo.is_idle() => (self.memo, self.answers) = (None, Vec::new()),
            Some(memo) if memo.is_full() => *self = Self::new(model),
            Some(_) => (),
            None => self.answers.clear(),
        }
        let mut numbers = Vec::with_capacity(out.len());
        for first in (0..out.len()).step_by(Self::BLOCK) {
            let rows = first..out.len().min(first + Self::BLOCK);
            let columns: Vec<_> = columns.iter().map(|column| column.slice(rows.clone())).collect();
            self.block.gather(&columns, &model.forest.missing);
            for row in 0..self.block.n_rows() {
                let codes = self.block.row(row);
                if let Some(Met::Before(number)) = self.memo.as_mut().map(|memo| memo.meet(codes)) {
                    numbers.push(number);
                    continue;
                }
                let number = self.answers.len() as u32;
                numbers.push(number);
                self.answers.push(T::default());
                let is_incomplete = self.block.is_incomplete(row);
                let batch = if is_incomplete { &mut self.incomplete } else { &mut self.complete };
                batch.push(codes, number);
                if batch.is_full() {
                    let answers = &mut self.answers;
                    answer(model, batch, &mut |number, value| answers[number as usize] = value);
                    batch.clear();
                }
            }
        }
        for batch in [&mut self.complete, &mut self.incomplete] {
            let answers = &mut self.answers;
            answer(model, batch, &mut |number, value| answers[number as usize] = value);
            batch.clear();
        }
        for (out, number) in out.iter_mut().zip(numbers) {
            *out = self.answers[number as usize];
        }
    }
}
