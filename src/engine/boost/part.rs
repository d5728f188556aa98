//! What one part does in every round: take sides, take votes, sum weights.

use std::ops::Range;

use super::{
    Histogram, Order, Plan, Report, Split, Test, Votes, Watched,
    cells::Cells,
    census::add,
    model::n_votes,
    plan::Weighing,
    predicted,
    rows::{Column, Rows},
    units::scaled,
};
use crate::{bulk::Bulk, matrix::Codes};

/// The rows of one part in training, with their weights and the votes they got so far.
#[derive(Debug)]
pub struct Part {
    cells: Cells,
    /// By feature, the codes of rows: training rows as `cells` lists them, then those held out. Empty
    /// where the feature does not vary.
    columns: Vec<Column>,
    /// The classes of rows that are held out.
    held: Vec<u8>,
    /// The training rows' weights: one each, or one for each class.
    weights: Vec<u64>,
    /// F: the sums of votes of all rows.
    sums: Vec<i64>,
    /// All rows, those of a node side by side; training rows before those held out.
    order: Vec<u32>,
    nodes: Vec<Node>,
    weighing: Weighing,
    n_classes: usize,
}

/// The rows of a node.
#[derive(Debug, Clone)]
struct Node {
    train: Range<usize>,
    held: Range<usize>,
    parent: u32,
    is_split: bool,
    /// Kept until its children have theirs.
    histogram: Option<Histogram>,
}

impl Part {
    /// Makes the rows of one part ready to train on as `plan` says.
    ///
    /// # Panics
    ///
    /// Unless the plan is of the rows' features, and of a census in which these rows are counted.
    #[inline(never)]
    #[expect(clippy::needless_pass_by_value, reason = "a second copy of the rows is of no use")]
    pub fn new(rows: Rows, plan: &Plan) -> Self {
        let (cells, mut kept) = Cells::new(&rows, plan);
        let n_classes = plan.n_classes as usize;
        let n_votes = n_votes(plan.n_classes);
        let n_weights = match plan.weighing {
            Weighing::Rows => 1,
            Weighing::RowsByClass => n_classes,
        };
        let n_train = kept.len();
        let start = |row: usize| plan.start[usize::from(cells.class(row))];
        let weights = (0..n_train * n_weights).map(|place| start(place / n_weights)).collect();
        kept.extend(rows.n_train() as u32..rows.classes.len() as u32);
        let mut columns = vec![Column::U8(Bulk::default()); rows.columns.len()];
        for &column in &plan.columns.0 {
            columns[column as usize] = rows.columns[column as usize].pick(&kept);
        }
        let held = rows.classes[rows.n_train()..].to_vec();
        let mut part = Self {
            cells,
            columns,
            sums: vec![0; kept.len() * n_votes],
            order: Vec::with_capacity(kept.len()),
            held,
            weights,
            nodes: Vec::new(),
            weighing: plan.weighing,
            n_classes,
        };
        part.begin_tree();
        part
    }

    fn begin_tree(&mut self) {
        let n_train = self.cells.n_rows();
        let n_rows = n_train + self.held.len();
        self.order.clear();
        self.order.extend(0..n_rows as u32);
        self.nodes.clear();
        self.nodes.push(Node {
            train: 0..n_train,
            held: n_train..n_rows,
            parent: 0,
            is_split: false,
            histogram: None,
        });
    }

    /// Does what the conductor asks, in this order: rows take sides, rows take votes, weights are
    /// summed.
    ///
    /// # Panics
    ///
    /// If orders do not come in the order in which a [`Booster`](super::Booster) gives them.
    #[inline(never)]
    pub fn obey(&mut self, order: &Order) -> Report {
        let watched = match (&order.splits[..], &order.votes) {
            ([split], Some(votes)) if split.node == 0 && votes.is_of_two() => {
                Some(self.vote_by_stump(&split.test, votes))
            }
            (splits, votes) => {
                for split in splits {
                    self.split(split);
                }
                votes.as_ref().map(|votes| {
                    let watched = self.vote(votes);
                    self.begin_tree();
                    watched
                })
            }
        };
        Report { watched, histograms: self.histograms(&order.ask, order.is_kept) }
    }

    /// Does what splitting, voting and beginning anew come to where a tree of two classes has one test:
    /// no row need be moved for it, so they are gone through as they lie.
    #[inline(never)]
    fn vote_by_stump(&mut self, test: &Test, votes: &Votes) -> Watched {
        let Self { cells, columns, held, weights, sums, nodes, .. } = self;
        nodes[0].histogram = None;
        match columns[test.feature as usize].codes() {
            Codes::U8(codes) => stump_of_two(cells, held, weights, sums, codes, (test, votes)),
            Codes::U16(codes) => stump_of_two(cells, held, weights, sums, codes, (test, votes)),
        }
    }

    fn split(&mut self, split: &Split) {
        let column = &self.columns[split.test.feature as usize];
        let node = &mut self.nodes[split.node as usize];
        node.is_split = true;
        let (train, held) = (node.train.clone(), node.held.clone());
        let middles = [train.clone(), held.clone()]
            .map(|rows| rows.start + part(&mut self.order[rows], column, &split.test));
        for (train, held) in [
            (train.start..middles[0], held.start..middles[1]),
            (middles[0]..train.end, middles[1]..held.end),
        ] {
            let (parent, is_split, histogram) = (split.node, false, None);
            self.nodes.push(Node { train, held, parent, is_split, histogram });
        }
    }

    /// Gives every row its leaf's vote, and training rows new weights.
    #[inline(never)]
    fn vote(&mut self, votes: &Votes) -> Watched {
        let n_nodes = self.nodes.len();
        let [n_votes, n_factors] = [votes.votes.len(), votes.factors.len()].map(|n| n / n_nodes);
        let n_train = self.cells.n_rows();
        let none = || Bulk(vec![0; self.n_classes]);
        let mut watched = Watched { train_wrong: none(), held_wrong: none() };
        for (index, node) in self.nodes.iter().enumerate().filter(|(_, node)| !node.is_split) {
            let factors = &votes.factors[index * n_factors..][..n_factors];
            let votes = &votes.votes[index * n_votes..][..n_votes];
            let rows = &self.order[node.train.clone()];
            match (votes, factors) {
                (&[vote], &[other, second]) => {
                    let Self { cells, sums, weights, .. } = self;
                    let wrong = vote_of_two(cells, sums, weights, rows, (vote, [other, second]));
                    add(&mut watched.train_wrong.0, &wrong);
                }
                _ => {
                    for &row in rows {
                        let row = row as usize;
                        let class = self.cells.class(row);
                        if take(&mut self.sums[row * n_votes..][..n_votes], votes) != class {
                            watched.train_wrong.0[usize::from(class)] += self.cells.count(row);
                        }
                        reweigh(&mut self.weights, row, class, factors, self.weighing);
                    }
                }
            }
            for &row in &self.order[node.held.clone()] {
                let row = row as usize;
                let class = self.held[row - n_train];
                if take(&mut self.sums[row * n_votes..][..n_votes], votes) != class {
                    watched.held_wrong.0[usize::from(class)] += 1;
                }
            }
        }
        watched
    }

    /// The histograms of some nodes: of two children only the one with fewer rows is summed, the
    /// other one's is what is left of their parent's.
    fn histograms(&mut self, asked: &[u32], is_kept: bool) -> Vec<Histogram> {
        for &node in asked {
            let node = node as usize;
            if self.nodes[node].histogram.is_some() {
                continue;
            }
            if node == 0 {
                self.nodes[0].histogram = Some(self.sum(0));
                continue;
            }
            // Left children have odd numbers.
            let sibling = if node % 2 == 1 { node + 1 } else { node - 1 };
            let n_rows = |node: usize| self.nodes[node].train.len();
            let is_smaller = n_rows(node) <= n_rows(sibling);
            let [small, large] = if is_smaller { [node, sibling] } else { [sibling, node] };
            let of_small = self.sum(small);
            if asked.contains(&(large as u32)) {
                let parent = self.nodes[node].parent as usize;
                let of_parent = self.nodes[parent].histogram.take();
                let of_parent = of_parent.expect("its test was found there");
                self.nodes[large].histogram = Some(of_parent.less(&of_small));
            }
            self.nodes[small].histogram = Some(of_small);
        }
        let histogram = |&node: &u32| {
            let own = &mut self.nodes[node as usize].histogram;
            let histogram = if is_kept { own.clone() } else { own.take() };
            histogram.expect("it was just summed")
        };
        asked.iter().map(histogram).collect()
    }

    fn sum(&mut self, node: usize) -> Histogram {
        self.cells.histogram(&self.order[self.nodes[node].train.clone()], &self.weights)
    }
}

/// Gives all rows the vote of the side they take, and training rows new weights, where there are two
/// classes and so one vote. Nothing in it hangs on what a row is: no branch is guessed wrong.
#[inline(never)]
fn stump_of_two<T: Copy + Into<u16>>(
    cells: &Cells,
    held: &[u8],
    weights: &mut [u64],
    sums: &mut [i64],
    codes: &[T],
    (test, votes): (&Test, &Votes),
) -> Watched {
    let highest = codes.iter().fold(0, |highest, &code| highest.max(code.into()));
    let sides: Vec<u8> = (0..=highest).map(|code| test.goes_right(code).into()).collect();
    let [left, right] = [votes.votes[1], votes.votes[2]];
    let factors: [f64; 4] = std::array::from_fn(|place| votes.factors[2 + place]);
    let side = |code: &T| usize::from(sides[usize::from((*code).into())]);
    let (own, of_held) = sums.split_at_mut(weights.len());
    let (codes, codes_of_held) = codes.split_at(weights.len());
    let (mut train_wrong, mut held_wrong) = ([0; 2], [0; 2]);
    let rows = own.iter_mut().zip(weights).zip(codes).zip(cells.kinds());
    for (((sum, weight), code), (class, count)) in rows {
        let (side, class) = (side(code), usize::from(class) & 1);
        *sum += if side == 0 { left } else { right };
        train_wrong[class] +=
            u64::from(count) * u64::from(usize::from(predicted(&[*sum])) != class);
        *weight = scaled(*weight, factors[(side * 2 + class) & 3]);
    }
    for ((sum, code), &class) in of_held.iter_mut().zip(codes_of_held).zip(held) {
        *sum += if side(code) == 0 { left } else { right };
        held_wrong[usize::from(class) & 1] += u64::from(predicted(&[*sum]) != class);
    }
    Watched { train_wrong: Bulk(train_wrong.to_vec()), held_wrong: Bulk(held_wrong.to_vec()) }
}

/// Gives training rows their leaf's vote and new weights where there are two classes and so one vote;
/// returns how many are wrong now. Nothing in it hangs on what a row is: no branch is guessed wrong.
#[inline(never)]
fn vote_of_two(
    cells: &Cells,
    sums: &mut [i64],
    weights: &mut [u64],
    rows: &[u32],
    (vote, factors): (i64, [f64; 2]),
) -> [u64; 2] {
    let mut wrong = [0; 2];
    for &row in rows {
        let row = row as usize;
        let class = usize::from(cells.class(row)) & 1;
        let sum = &mut sums[row];
        *sum += vote;
        wrong[class] += cells.count(row) * u64::from(usize::from(predicted(&[*sum])) != class);
        weights[row] = scaled(weights[row], factors[class]);
    }
    wrong
}

/// Adds a leaf's votes to a row's; returns the class that has most of them now.
fn take(sums: &mut [i64], votes: &[i64]) -> u8 {
    for (sum, vote) in sums.iter_mut().zip(votes) {
        *sum += vote;
    }
    predicted(sums)
}

fn reweigh(weights: &mut [u64], row: usize, class: u8, factors: &[f64], weighing: Weighing) {
    let class = usize::from(class);
    match weighing {
        Weighing::Rows => weights[row] = scaled(weights[row], factors[class]),
        Weighing::RowsByClass => {
            let n_classes = factors.len() / 2;
            let weights = &mut weights[row * n_classes..][..n_classes];
            let own = scaled(weights[class], factors[n_classes + class]);
            for (weight, factor) in weights.iter_mut().zip(factors) {
                *weight = scaled(*weight, *factor);
            }
            weights[class] = own;
        }
    }
}

/// Puts rows that go left before those that go right, both in the order they were; returns how many
/// go left.
fn part(rows: &mut [u32], column: &Column, test: &Test) -> usize {
    match column.codes() {
        Codes::U8(codes) => part_by(rows, |row| test.goes_right(codes[row].into())),
        Codes::U16(codes) => part_by(rows, |row| test.goes_right(codes[row])),
    }
}

#[inline(never)]
fn part_by(rows: &mut [u32], goes_right: impl Fn(usize) -> bool) -> usize {
    let mut right = vec![0; rows.len()];
    let (mut n_left, mut n_right) = (0, 0);
    for place in 0..rows.len() {
        let row = rows[place];
        let is_right = goes_right(row as usize);
        // Both are written, one of them stays: no branch that chance decides.
        rows[n_left] = row;
        right[n_right] = row;
        n_left += usize::from(!is_right);
        n_right += usize::from(is_right);
    }
    rows[n_left..].copy_from_slice(&right[..n_right]);
    n_left
}
