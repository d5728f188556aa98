//! Logistic regression, round by round.

use std::rc::Rc;

use super::{Learn, LearnError, LearntFrom, Rows, log_sum, sigmoid, vote};

/// Rounds at most: scikit-learn's `max_iter`.
const ROUNDS: usize = 100;
/// Rounds that are remembered.
const REMEMBERED: usize = 10;
/// It is done where no slope of the mean loss is steeper.
const FLAT: f64 = 1e-6;
/// The part of what the slope promises that a step must bring.
const ARMIJO: f64 = 1e-4;
/// Halvings of a step at most.
const HALVINGS: u32 = 30;

/// Weights of numbers, one set for the second of two classes, or one for each class.
///
/// What is made least is the sum of the rows' losses plus half the sum of squared weights, the intercept
/// left out: scikit-learn's `LogisticRegression` with `C = 1`.
///
/// # References
///
/// J. Nocedal, S. J. Wright, *Numerical Optimization*, 2nd edition, 2006, algorithms 7.4 and 7.5 (L-BFGS)
/// and 3.1 (backtracking).
pub(super) struct Logistic {
    rows: Rc<Rows>,
    cells: Vec<f32>,
    weights: Vec<f64>,
    loss: f64,
    slopes: Vec<f64>,
    /// Steps, and by how much slopes changed in them.
    memory: Vec<(Vec<f64>, Vec<f64>)>,
    n_rounds: usize,
}

impl Logistic {
    pub(super) fn new(rows: Rc<Rows>) -> Self {
        let weights = vec![0.0; (rows.design.width() + 1) * rows.n_votes()];
        let cells = rows.cells();
        Self {
            rows,
            cells,
            weights,
            loss: f64::NAN,
            slopes: Vec::new(),
            memory: Vec::new(),
            n_rounds: 0,
        }
    }

    /// The mean loss with some weights, and its slopes.
    fn loss(&self, weights: &[f64]) -> (f64, Vec<f64>) {
        let width = self.rows.design.width();
        let mut slopes = vec![0.0; weights.len()];
        let (mut loss, mut mass) = (0.0, 0.0);
        let mut sums = vec![0.0; self.rows.n_votes()];
        for (row, cells) in self.cells.chunks_exact(width).enumerate() {
            let weight = self.rows.weight(row);
            mass += weight;
            score(weights, cells, &mut sums);
            loss += weight * self.off(row, &mut sums);
            for (off, slopes) in sums.iter().zip(slopes.chunks_exact_mut(width + 1)) {
                let off = weight * off;
                for (slope, &cell) in slopes.iter_mut().zip(cells) {
                    *slope += off * f64::from(cell);
                }
                slopes[width] += off;
            }
        }
        for (slopes, weights) in
            slopes.chunks_exact_mut(width + 1).zip(weights.chunks_exact(width + 1))
        {
            for (slope, weight) in slopes.iter_mut().zip(&weights[..width]) {
                *slope += weight;
                loss += 0.5 * weight * weight;
            }
        }
        for slope in &mut slopes {
            *slope /= mass;
        }
        (loss / mass, slopes)
    }

    /// The loss of a row; `sums` become by how much its probabilities are off.
    fn off(&self, row: usize, sums: &mut [f64]) -> f64 {
        if let [sum] = sums {
            let truth = self.rows.is_for(0, row);
            let loss = log_sum(&[0.0, *sum]) - truth * *sum;
            *sum = sigmoid(*sum) - truth;
            return loss;
        }
        let all = log_sum(sums);
        let loss = all - sums[usize::from(self.rows.classes[row])];
        for (class, sum) in sums.iter_mut().enumerate() {
            *sum = libm::exp(*sum - all) - self.rows.is_for(class, row);
        }
        loss
    }

    /// Where to go: down the slopes, bent by what is remembered.
    fn direction(&self) -> Vec<f64> {
        let mut direction = self.slopes.clone();
        let mut parts = Vec::with_capacity(self.memory.len());
        for (step, change) in self.memory.iter().rev() {
            let part = dot(step, &direction) / dot(step, change);
            add(&mut direction, -part, change);
            parts.push(part);
        }
        let scale = match self.memory.last() {
            Some((step, change)) => dot(step, change) / dot(change, change),
            None => 1.0 / dot(&self.slopes, &self.slopes).sqrt().max(1.0),
        };
        for part in &mut direction {
            *part *= scale;
        }
        for ((step, change), part) in self.memory.iter().zip(parts.into_iter().rev()) {
            let back = dot(change, &direction) / dot(step, change);
            add(&mut direction, part - back, step);
        }
        for part in &mut direction {
            *part = -*part;
        }
        direction
    }

    /// Takes a step; says whether it is done.
    fn round(&mut self) -> bool {
        if self.slopes.is_empty() {
            (self.loss, self.slopes) = self.loss(&self.weights);
        }
        if self.slopes.iter().all(|slope| slope.abs() <= FLAT) {
            return true;
        }
        let direction = self.direction();
        let promise = dot(&direction, &self.slopes);
        let mut length = 1.0;
        for _ in 0..HALVINGS {
            let mut weights = self.weights.clone();
            add(&mut weights, length, &direction);
            let (loss, slopes) = self.loss(&weights);
            if loss <= self.loss + ARMIJO * length * promise {
                let difference = |new: &[f64], old: &[f64]| -> Vec<f64> {
                    new.iter().zip(old).map(|(new, old)| new - old).collect()
                };
                let step = difference(&weights, &self.weights);
                let change = difference(&slopes, &self.slopes);
                if dot(&step, &change) > 0.0 {
                    if self.memory.len() == REMEMBERED {
                        self.memory.remove(0);
                    }
                    self.memory.push((step, change));
                }
                (self.weights, self.loss, self.slopes) = (weights, loss, slopes);
                return false;
            }
            length /= 2.0;
        }
        // No step is better than none: this is as far as numbers go.
        true
    }
}

impl Learn for Logistic {
    fn step(&mut self) -> Result<f64, LearnError> {
        let is_done = self.round();
        self.n_rounds += 1;
        let done = if is_done { 1.0 } else { self.n_rounds as f64 / ROUNDS as f64 };
        Ok(done)
    }

    fn votes(&mut self, cells: Vec<f32>, votes: &mut Vec<i64>) {
        let mut sums = vec![0.0; self.rows.n_votes()];
        for row in cells.chunks_exact(self.rows.design.width()) {
            score(&self.weights, row, &mut sums);
            let all = if sums.len() == 1 { 0.0 } else { log_sum(&sums) };
            votes.extend(sums.iter().map(|sum| vote(sum - all)));
        }
    }

    fn learnt_from(&self) -> LearntFrom {
        self.rows.all()
    }
}

/// What some weights make of a row.
fn score(weights: &[f64], cells: &[f32], sums: &mut [f64]) {
    for (sum, weights) in sums.iter_mut().zip(weights.chunks_exact(cells.len() + 1)) {
        // Four sums, so that one addition need not wait for another.
        let mut lanes = [0.0; 4];
        let (fours, rest) = cells.as_chunks::<4>();
        for (cells, weights) in fours.iter().zip(weights.chunks_exact(4)) {
            for lane in 0..4 {
                lanes[lane] += f64::from(cells[lane]) * weights[lane];
            }
        }
        *sum = weights[cells.len()] + (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        for (&cell, weight) in rest.iter().zip(&weights[4 * fours.len()..]) {
            *sum += f64::from(cell) * weight;
        }
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Adds so many times `b` to `a`.
fn add(a: &mut [f64], times: f64, b: &[f64]) {
    for (a, b) in a.iter_mut().zip(b) {
        *a += times * b;
    }
}
