//! Gradient boosting, of smartcore's trees.

use std::rc::Rc;

use super::{
    Learn, LearnError, LearntFrom, Rows, log_sum, sigmoid,
    trees::{Matrix, OneTree, Sample, each_learnt_from, grow, matrix},
    vote,
};

/// Rounds, with two classes.
const ROUNDS: usize = 100;
/// Trees for all classes together, unless that is too few for each.
const ALL_TREES: usize = 250;
/// Rounds at least.
const LEAST_ROUNDS: usize = 20;
/// Questions in a row.
const DEPTH: u16 = 4;
/// What every tree is multiplied by.
const RATE: f64 = 0.2;
/// What a row may be worth that is surely told wrong.
const MOST: f64 = 4.0;
/// The least that a row weighs which is surely told right.
const LEAST: f64 = 1e-6;

/// Trees, each of which takes a Newton step of the log loss where those before it left off: the weighted
/// mean that a leaf says is the sum of the gradients in it over that of the second derivatives.
/// Each round learns from rows drawn for it.
///
/// # References
///
/// J. Friedman, T. Hastie, R. Tibshirani, *Additive Logistic Regression*, Annals of Statistics 28, 2000,
/// algorithms 3 and 6, with the bound on responses of § 5 and a rate as in J. Friedman, *Greedy Function
/// Approximation*, Annals of Statistics 29, 2001; drawn rows as in his *Stochastic Gradient Boosting*, 2002.
pub(super) struct Boosting {
    rows: Rc<Rows>,
    matrix: Matrix,
    sample: Option<Sample>,
    /// What the trees so far say, by row and vote.
    sums: Vec<f64>,
    /// What the trees of this round add to it, vote by vote.
    added: Vec<Vec<f64>>,
    starts: Vec<f64>,
    /// Round by round, in each by vote.
    trees: Vec<OneTree>,
}

impl Boosting {
    pub(super) fn new(rows: Rc<Rows>) -> Self {
        let n_votes = rows.n_votes();
        let mut counts = vec![0.0; rows.n_classes()];
        for row in 0..rows.n_rows() {
            counts[usize::from(rows.classes[row])] += rows.weight(row);
        }
        // A class that was not drawn is as rare as one with half a row.
        let log = |count: &f64| libm::log(count.max(0.5));
        let starts: Vec<f64> = match &counts[..] {
            [first, second] => vec![log(second) - log(first)],
            counts => counts.iter().map(log).collect(),
        };
        let sums = starts.repeat(rows.n_rows());
        debug_assert_eq!(starts.len(), n_votes);
        let matrix = matrix(rows.cells(), rows.design.width());
        Self { rows, matrix, sample: None, sums, added: Vec::new(), starts, trees: Vec::new() }
    }

    fn n_rounds(&self) -> usize {
        (ALL_TREES / self.starts.len()).clamp(LEAST_ROUNDS, ROUNDS)
    }

    /// How likely a row is of the class of a vote, by the trees so far.
    fn probability(&self, row: usize, vote: usize) -> f64 {
        match &self.sums[row * self.starts.len()..][..self.starts.len()] {
            [sum] => sigmoid(*sum),
            sums => libm::exp(sums[vote] - log_sum(sums)),
        }
    }

    /// The part of a tree's word that counts.
    fn rate(&self) -> f64 {
        let n = self.starts.len() as f64;
        if n == 1.0 { RATE } else { RATE * (n - 1.0) / n }
    }
}

impl Learn for Boosting {
    fn step(&mut self) -> Result<f64, LearnError> {
        let n_votes = self.starts.len();
        let (round, class) = (self.trees.len() / n_votes, self.trees.len() % n_votes);
        let sample = match self.sample.take() {
            Some(sample) => sample,
            None => Sample::draw(&self.rows, round as u64)?,
        };
        let spread = |row| {
            let probability = self.probability(row, class);
            (probability, (probability * (1.0 - probability)).max(LEAST))
        };
        let weights = sample.each(|row| self.rows.weight(row) * spread(row).1);
        let targets = sample.each(|row| {
            let (probability, spread) = spread(row);
            ((self.rows.is_for(class, row) - probability) / spread).clamp(-MOST, MOST)
        });
        let seed = self.rows.seed.wrapping_add(self.trees.len() as u64);
        let tree = grow(&sample.matrix, &targets, &weights, Some(DEPTH), seed)?;
        self.added.push(tree.predict(&self.matrix).expect("it has grown"));
        self.trees.push(tree);
        if class + 1 < n_votes {
            self.sample = Some(sample);
        } else {
            let rate = self.rate();
            for (class, added) in std::mem::take(&mut self.added).into_iter().enumerate() {
                for (row, added) in added.into_iter().enumerate() {
                    self.sums[row * n_votes + class] += rate * added;
                }
            }
        }
        Ok(self.trees.len() as f64 / (self.n_rounds() * n_votes) as f64)
    }

    fn votes(&mut self, cells: Vec<f32>, votes: &mut Vec<i64>) {
        let matrix = matrix(cells, self.rows.design.width());
        let n_votes = self.starts.len();
        let mut sums: Vec<f64> = Vec::new();
        for (place, tree) in self.trees.iter().enumerate() {
            let said = tree.predict(&matrix).expect("it has grown");
            if sums.is_empty() {
                sums = self.starts.repeat(said.len());
            }
            for (row, said) in said.into_iter().enumerate() {
                sums[row * n_votes + place % n_votes] += self.rate() * said;
            }
        }
        for sums in sums.chunks_exact(n_votes) {
            let all = if n_votes == 1 { 0.0 } else { log_sum(sums) };
            votes.extend(sums.iter().map(|sum| vote(sum - all)));
        }
    }

    fn learnt_from(&self) -> LearntFrom {
        each_learnt_from(&self.rows)
    }

    fn block(&self) -> usize {
        1 << 11
    }
}
