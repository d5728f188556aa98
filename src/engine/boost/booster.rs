//! The conductor's side of training: it holds no rows, asks, merges and decides.

use super::{
    Census, Ending, FitError, Histogram, Learner, Model, Order, Params, Plan, Report, Round, Split,
    Tree,
    criterion::{Criterion, TIE},
    leaves::{Node, settle},
    plan::Weighing,
    search::{Found, Search},
};
use crate::matrix::Feature;

/// Trains a model, order by order.
///
/// Its driver gives each [`order`](Self::order) to every part, adds their reports up in any order and
/// gives the sum to [`take`](Self::take), until there is no order left.
#[derive(Debug)]
pub struct Booster {
    plan: Plan,
    criterion: Criterion,
    search: Search,
    n_train: u64,
    /// All weight there is, on the mean.
    total: f64,
    model: Model,
    growth: Growth,
    /// The round whose votes the parts are taking.
    voting: Option<Round>,
    order: Order,
    is_over: bool,
}

/// A tree that grows, level by level.
#[derive(Debug, Default)]
struct Growth {
    nodes: Vec<Node>,
    splits: Vec<Split>,
    /// Levels that have been split.
    height: u32,
}

impl Booster {
    /// Prepares to train on the rows that `census` counts, which is that of all parts together.
    ///
    /// # Errors
    ///
    /// - [`Params`](FitError::Params): settings that make no model.
    /// - [`NoRows`](FitError::NoRows), [`OneClass`](FitError::OneClass): there is nothing to learn from.
    /// - [`NothingVaries`](FitError::NothingVaries): every column is constant among the training rows,
    ///   but for categories that fewer than [`FEW_ROWS`](super::FEW_ROWS) have.
    /// - [`TooManyRows`](FitError::TooManyRows): rows, or rows × classes, are 2³¹ or more.
    /// - [`TooManySums`](FitError::TooManySums): values × classes of all columns are more than 2²⁵.
    ///
    /// # Panics
    ///
    /// Unless the census is of these features.
    #[inline(never)]
    pub fn new(features: &[Feature], params: Params, census: &Census) -> Result<Self, FitError> {
        let plan = Plan::new(features, &params, census)?;
        let criterion = Criterion::of(&params, plan.weighing);
        let n_train = census.n_train();
        let total = plan.mean_total(n_train);
        let search = Search::new(features, &plan, criterion, total);
        let is_kept = params.depth > 1;
        let model = Model::new(features, params, census.train.clone(), census.held.clone());
        Ok(Self {
            plan,
            criterion,
            search,
            n_train,
            total: total as f64,
            model,
            growth: Growth::default(),
            voting: None,
            order: Order { ask: vec![0], is_kept, ..Order::default() },
            is_over: false,
        })
    }

    /// What every part is told before the first order.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What every part is asked next; `None` when training is over.
    pub fn order(&self) -> Option<&Order> {
        (!self.is_over).then_some(&self.order)
    }

    /// The model so far, and how training goes.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Ends training now, if it is not over; rounds so far count.
    pub fn give_up(&mut self) {
        self.end(Ending::GivenUp);
    }

    /// The model of all rounds that are done.
    pub fn finish(mut self) -> Model {
        self.give_up();
        self.model
    }

    /// Takes the sum of all parts' reports.
    ///
    /// # Panics
    ///
    /// Unless it answers the order that was given last.
    pub fn take(&mut self, report: Report) {
        if let Some(round) = self.voting.take() {
            let is_explained = round.loss == 0.0;
            self.model.rounds.push(round);
            self.model.curve.push(report.watched.expect("rows have taken votes"));
            if is_explained {
                self.end(Ending::Explained);
            } else if self.is_out_of_patience() {
                self.end(Ending::NoImprovement);
            } else if self.is_last_round(0) {
                self.end(Ending::AllRounds);
            }
        }
        if !self.is_over {
            self.grow(&report.histograms);
        }
    }

    /// Splits the nodes whose histograms have come, and says what is next.
    fn grow(&mut self, histograms: &[Histogram]) {
        let asked = std::mem::take(&mut self.order.ask);
        let first_split = self.growth.splits.len();
        for (&node, histogram) in asked.iter().zip(histograms) {
            self.split(node, histogram);
        }
        self.growth.height += 1;
        let splits = self.growth.splits[first_split..].to_vec();
        if self.growth.splits.is_empty() {
            return self.end(Ending::Chance);
        }
        let mut ask = Vec::new();
        if self.growth.height < self.model.params.depth {
            let made = 2 * first_split as u32 + 1..self.growth.nodes.len() as u32;
            ask.extend(made.filter(|&node| !self.is_pure(&self.growth.nodes[node as usize].sums)));
        }
        if ask.is_empty() {
            self.vote(splits);
        } else {
            let is_kept = self.growth.height + 1 < self.model.params.depth;
            self.order = Order { splits, votes: None, ask, is_kept };
        }
    }

    /// Splits a node, if that gains anything.
    fn split(&mut self, node: u32, histogram: &Histogram) {
        let filled = histogram.cells(self.plan.width());
        let Growth { nodes, splits, .. } = &mut self.growth;
        if node == 0 {
            nodes.push(Node { sums: self.search.sums(&filled), left: None });
        }
        let Some(Found { test, sides, loss }) = self.search.best(&filled) else { return };
        let before = self.criterion.loss(&nodes[node as usize].sums);
        // A stump of least error is one even where both its sides say the same.
        let must_gain = self.criterion != Criterion::Error;
        if must_gain && loss >= before - TIE * self.total {
            return;
        }
        nodes[node as usize].left = Some(nodes.len() as u32);
        nodes.extend(sides.map(|sums| Node { sums, left: None }));
        splits.push(Split { node, test });
    }

    /// Whether a node's rows are of one class.
    fn is_pure(&self, sums: &[u64]) -> bool {
        match self.plan.weighing {
            Weighing::Rows => sums.iter().filter(|&&sum| sum > 0).count() < 2,
            Weighing::RowsByClass => Criterion::ZByClass.loss(sums) == 0.0,
        }
    }

    /// The tree is complete: lets rows take its votes, unless it is no better than chance.
    fn vote(&mut self, splits: Vec<Split>) {
        let Growth { nodes, splits: all, .. } = std::mem::take(&mut self.growth);
        let verdict = settle(&nodes, &self.model.params, &self.plan, self.n_train);
        if self.model.params.learner == Learner::Samme {
            let chance = 1.0 - 1.0 / f64::from(self.model.n_classes);
            if verdict.loss >= chance - TIE {
                return self.end(Ending::Chance);
            }
        }
        let tree = Tree { splits: all, votes: verdict.votes.votes.clone() };
        let is_last = verdict.loss == 0.0 || self.is_last_round(1);
        self.voting = Some(Round { tree, loss: verdict.loss, z: verdict.z, alpha: verdict.alpha });
        let ask = if is_last { Vec::new() } else { vec![0] };
        let is_kept = self.model.params.depth > 1;
        self.order = Order { splits, votes: Some(verdict.votes), ask, is_kept };
    }

    fn is_last_round(&self, n_voting: usize) -> bool {
        self.model.rounds.len() + n_voting >= self.model.params.n_rounds as usize
    }

    fn is_out_of_patience(&self) -> bool {
        let n_rounds = self.model.curve.len();
        self.model.params.patience.is_some_and(|patience| {
            self.best_round().is_some_and(|best| n_rounds - best >= patience as usize)
        })
    }

    /// After how many rounds the fewest held-out rows were wrong; the first such one.
    fn best_round(&self) -> Option<usize> {
        let mut best: Option<(u64, usize)> = None;
        for (n_rounds, watched) in (1..).zip(&self.model.curve) {
            let wrong = watched.held_wrong.iter().sum();
            if best.is_none_or(|(least, _)| wrong < least) {
                best = Some((wrong, n_rounds));
            }
        }
        let has_held = self.model.held.iter().any(|&n| n > 0);
        best.filter(|_| has_held).map(|(_, n_rounds)| n_rounds)
    }

    fn end(&mut self, ending: Ending) {
        if self.is_over {
            return;
        }
        self.is_over = true;
        self.model.ending = ending;
        if self.model.params.patience.is_some()
            && let Some(best) = self.best_round()
        {
            self.model.cut_to(best as u32);
        }
    }
}
