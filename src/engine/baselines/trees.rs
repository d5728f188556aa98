//! A tree and a forest, of smartcore's trees.

use std::rc::Rc;

use smartcore::{
    ensemble::random_forest_regressor::{RandomForestRegressor, RandomForestRegressorParameters},
    error::Failed,
    linalg::basic::matrix::DenseMatrix,
    tree::decision_tree_regressor::{DecisionTreeRegressor, DecisionTreeRegressorParameters},
};

use super::{Learn, LearnError, LearntFrom, Rows, draw, vote};

/// Trees of a forest, where they are of one class alone.
const TREES: usize = 100;
/// Trees of a forest for all classes together, unless that is too few for each.
const ALL_TREES: usize = 200;
/// Trees of a forest for each of many classes, at least.
const LEAST_TREES: usize = 10;
/// Trees that are grown in one step, on the same rows.
const AT_ONCE: usize = 5;

/// Numbers of rows, as smartcore has them.
pub(super) type Matrix = DenseMatrix<f32>;
/// One tree: it says the mean of what is to be said of the rows in a leaf. Of 0 and 1 that is a
/// probability, and the squared error that it makes least is half of Gini's impurity.
pub(super) type OneTree = DecisionTreeRegressor<f32, f64, Matrix, Vec<f64>>;
type SmallForest = RandomForestRegressor<f32, f64, Matrix, Vec<f64>>;

/// Rows by which a tree is grown.
pub(super) struct Sample {
    pub(super) rows: Vec<u32>,
    pub(super) matrix: Matrix,
}

impl Sample {
    /// As many rows as a tree can be grown from in one step, drawn anew for each `index`.
    pub(super) fn draw(rows: &Rows, index: u64) -> Result<Self, LearnError> {
        let drawn = draw(rows.tree_rows(), rows.n_rows() as u32, rows.seed, index);
        let mut codes = Vec::with_capacity(drawn.len() * rows.design.n_columns());
        for &row in &drawn {
            codes.extend_from_slice(rows.codes_of(row as usize));
        }
        let cells = rows.design.cells(&codes);
        // Trees go through the rows number by number.
        let width = rows.design.width();
        let mut columns = Vec::with_capacity(cells.len());
        for place in 0..width {
            columns.extend(cells.iter().skip(place).step_by(width));
        }
        let matrix = DenseMatrix::new(drawn.len(), width, columns, true).map_err(no_tree)?;
        Ok(Self { rows: drawn, matrix })
    }

    /// What there is of each row.
    pub(super) fn each(&self, of: impl Fn(usize) -> f64) -> Vec<f64> {
        self.rows.iter().map(|&row| of(row as usize)).collect()
    }
}

/// Grows a tree of at most so many questions in a row.
pub(super) fn grow(
    matrix: &Matrix,
    targets: &Vec<f64>,
    weights: &[f64],
    depth: Option<u16>,
    seed: u64,
) -> Result<OneTree, LearnError> {
    let params = DecisionTreeRegressorParameters {
        // It counts levels of nodes.
        max_depth: depth.map(|depth| depth + 1),
        seed: Some(seed),
        ..DecisionTreeRegressorParameters::default()
    };
    OneTree::fit_with_weights(matrix, targets, weights, params).map_err(no_tree)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err gives")]
pub(super) fn no_tree(failed: Failed) -> LearnError {
    LearnError::NoTree { reason: failed.to_string() }
}

/// Which rows trees learn from, each from its own.
pub(super) fn each_learnt_from(rows: &Rows) -> LearntFrom {
    if rows.tree_rows() < rows.n_train {
        LearntFrom::EachDrawn(rows.tree_rows())
    } else {
        LearntFrom::All
    }
}

/// Rows to say something of.
pub(super) fn matrix(cells: Vec<f32>, width: usize) -> Matrix {
    DenseMatrix::new(cells.len() / width, width, cells, false).expect("whole rows")
}

/// A probability as a vote: with two classes above 0 where the second is more likely.
pub(super) fn probability_vote(probability: f64, n_votes: usize) -> i64 {
    vote(if n_votes == 1 { probability - 0.5 } else { probability })
}

/// One tree, or of more than two classes one for each against all others.
pub(super) struct Tree {
    rows: Rc<Rows>,
    sample: Option<Sample>,
    trees: Vec<OneTree>,
}

impl Tree {
    pub(super) fn new(rows: Rc<Rows>) -> Self {
        Self { rows, sample: None, trees: Vec::new() }
    }
}

impl Learn for Tree {
    fn step(&mut self) -> Result<f64, LearnError> {
        let sample = match self.sample.take() {
            Some(sample) => sample,
            None => Sample::draw(&self.rows, 0)?,
        };
        let targets = sample.each(|row| self.rows.is_for(self.trees.len(), row));
        let weights = sample.each(|row| self.rows.weight(row));
        self.trees.push(grow(&sample.matrix, &targets, &weights, None, self.rows.seed)?);
        if self.trees.len() < self.rows.n_votes() {
            self.sample = Some(sample);
        }
        Ok(self.trees.len() as f64 / self.rows.n_votes() as f64)
    }

    fn votes(&mut self, cells: Vec<f32>, votes: &mut Vec<i64>) {
        let matrix = matrix(cells, self.rows.design.width());
        let said = self.trees.iter().map(|tree| tree.predict(&matrix).expect("it has grown"));
        interleave(&said.collect::<Vec<_>>(), votes);
    }

    fn learnt_from(&self) -> LearntFrom {
        let n = self.rows.tree_rows();
        if n < self.rows.n_train { LearntFrom::Drawn(n) } else { LearntFrom::All }
    }
}

/// Many trees, each from rows drawn with replacement and with some numbers to choose from in each node;
/// they say the mean. Of more than two classes each has trees of its own, against all others.
pub(super) struct Forest {
    rows: Rc<Rows>,
    sample: Option<Sample>,
    /// By class, and in each class the same number in the end.
    forests: Vec<Vec<SmallForest>>,
    n_grown: usize,
}

impl Forest {
    pub(super) fn new(rows: Rc<Rows>) -> Self {
        let forests = (0..rows.n_votes()).map(|_| Vec::new()).collect();
        Self { rows, sample: None, forests, n_grown: 0 }
    }

    /// How many small forests there are to be for each class.
    fn n_wanted(&self) -> usize {
        (ALL_TREES / self.forests.len()).clamp(LEAST_TREES, TREES) / AT_ONCE
    }
}

impl Learn for Forest {
    fn step(&mut self) -> Result<f64, LearnError> {
        let n_votes = self.forests.len();
        let (round, class) = (self.n_grown / n_votes, self.n_grown % n_votes);
        let sample = match self.sample.take() {
            Some(sample) => sample,
            None => Sample::draw(&self.rows, round as u64)?,
        };
        let params = RandomForestRegressorParameters {
            n_trees: AT_ONCE,
            seed: self.rows.seed.wrapping_add((self.n_grown * AT_ONCE) as u64),
            ..RandomForestRegressorParameters::default()
        };
        let targets = sample.each(|row| self.rows.is_for(class, row));
        let weights = sample.each(|row| self.rows.weight(row));
        let forest = SmallForest::fit_with_weights(&sample.matrix, &targets, &weights, params);
        self.forests[class].push(forest.map_err(no_tree)?);
        self.n_grown += 1;
        if class + 1 < n_votes {
            self.sample = Some(sample);
        }
        Ok(self.n_grown as f64 / (self.n_wanted() * n_votes) as f64)
    }

    fn votes(&mut self, cells: Vec<f32>, votes: &mut Vec<i64>) {
        let matrix = matrix(cells, self.rows.design.width());
        let mean = |forests: &Vec<SmallForest>| {
            let mut sums = Vec::new();
            for forest in forests {
                let said = forest.predict(&matrix).expect("it has grown");
                sums.resize(said.len(), 0.0);
                for (sum, said) in sums.iter_mut().zip(said) {
                    *sum += said / forests.len() as f64;
                }
            }
            sums
        };
        interleave(&self.forests.iter().map(mean).collect::<Vec<_>>(), votes);
    }

    fn learnt_from(&self) -> LearntFrom {
        each_learnt_from(&self.rows)
    }

    fn block(&self) -> usize {
        1 << 11
    }
}

/// Writes probabilities, class by class, as votes, row by row.
fn interleave(said: &[Vec<f64>], votes: &mut Vec<i64>) {
    for row in 0..said.first().map_or(0, Vec::len) {
        votes.extend(said.iter().map(|of_class| probability_vote(of_class[row], said.len())));
    }
}
