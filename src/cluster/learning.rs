//! A shard's rows in training: gathered, weighed and judged as the conductor says.

use super::{
    bulk::Bulk,
    fitting::{Fitting, Lent},
    message::{Answer, FitQuestion, LearnQuestion},
    shard::{Outcome, Shard},
};
use crate::engine::{
    boost::{FitError, Part, Plan, Rows, Scorer, Use, tally},
    matrix::Feature,
    random::hash,
};

/// Rows that are classified between two looks at the mailbox.
const BLOCK: usize = 1 << 15;

/// What a shard keeps for the one training there is.
#[derive(Debug, Default)]
pub(super) enum Learning {
    /// Nothing.
    #[default]
    None,
    /// Its rows, counted.
    Gathered(Box<Rows>),
    /// Its rows, weighed.
    Begun(Box<Part>),
    /// Rows of all shards, to fit models on alone.
    Lent(Box<Lent>),
}

impl Shard {
    /// Does what training asks, at once.
    pub(super) fn learn(&mut self, question: LearnQuestion) -> Answer {
        match question {
            LearnQuestion::Gather { columns, classes, uses, n_classes, is_handed_over } => {
                let uses: Vec<Use> = uses.iter().map(|&code| use_of(code)).collect();
                let views = self.views(&columns);
                // Rows are counted by code: whether codes have an order is the conductor's business.
                let feature = |&column: &u32| Feature::unordered(self.column(column).missing);
                let features: Vec<Feature> = columns.iter().map(feature).collect();
                let rows = Rows::gather(&views, &features, &classes, &uses, n_classes);
                if is_handed_over {
                    return Answer::Gathered(Box::new(rows));
                }
                let census = rows.census().clone();
                self.learning = Learning::Gathered(Box::new(rows));
                Answer::Census(Box::new(census))
            }
            LearnQuestion::Begin(plan) => self.begin_learning_from(&plan),
            LearnQuestion::Obey(order) => {
                let Learning::Begun(part) = &mut self.learning else {
                    unreachable!("training begins before it goes on")
                };
                Answer::Reported(Box::new(part.obey(&order)))
            }
            LearnQuestion::Lend(loan) => {
                self.learning = Learning::Lent(Box::new(Lent::new(*loan)));
                Answer::Done
            }
            LearnQuestion::End => {
                self.learning = Learning::None;
                Answer::Done
            }
            LearnQuestion::Hashes(columns) => Answer::Hashes(Bulk(self.hashes(&columns))),
            LearnQuestion::Tally { columns, classes, n_classes } => {
                Answer::Tallied(Bulk(self.tallies(&columns, &classes, n_classes)))
            }
        }
    }

    /// Begins to fit a model on rows it was lent.
    pub(super) fn fit(&mut self, question: FitQuestion) -> Result<Fitting, FitError> {
        let Learning::Lent(lent) = &mut self.learning else {
            unreachable!("rows are lent before models are fitted on them")
        };
        lent.fit(question)
    }

    fn begin_learning_from(&mut self, plan: &Plan) -> Answer {
        let Learning::Gathered(rows) = std::mem::take(&mut self.learning) else {
            unreachable!("rows are gathered before they are weighed")
        };
        self.learning = Learning::Begun(Box::new(Part::new(*rows, plan)));
        Answer::Done
    }

    /// What each column adds to the votes of some rows.
    pub(super) fn credit(&self, scorer: &Scorer, columns: &[u32], rows: &[u32]) -> Answer {
        let views = self.views(columns);
        let mut credits = Vec::new();
        for row in rows {
            let row = (row - self.first_row) as usize;
            let codes: Vec<u16> = views.iter().map(|column| column.get(row)).collect();
            credits.extend(scorer.contributions(&codes).by_feature);
        }
        Answer::Credited(Bulk(credits))
    }

    /// Two hashes of each row's codes: equal for equal rows, and for no others that will ever be met.
    fn hashes(&self, columns: &[u32]) -> Vec<u64> {
        let mut hashes = vec![0; 2 * self.n_rows];
        for (place, codes) in (0..).zip(self.views(columns)) {
            for (row, pair) in hashes.chunks_exact_mut(2).enumerate() {
                let code = u64::from(codes.get(row));
                for (which, there) in (0..).zip(pair) {
                    *there = hash(*there ^ (2 * place + which), code);
                }
            }
        }
        hashes
    }

    /// How often each code comes with each class: for each column `[code · n_classes + class]`.
    fn tallies(&self, columns: &[u32], classes: &[u8], n_classes: u32) -> Vec<u32> {
        let mut counts = Vec::new();
        for (&column, codes) in columns.iter().zip(self.views(columns)) {
            counts.extend(tally(codes, self.column(column).missing, classes, n_classes));
        }
        counts
    }
}

/// A model on its way through all rows of a shard.
#[derive(Debug)]
pub(super) struct Classifying {
    scorer: Scorer,
    columns: Vec<u32>,
    n_done: usize,
    /// The code of a missing value, by feature.
    missing: Vec<u16>,
}

impl Classifying {
    pub(super) fn new(scorer: Scorer, columns: Vec<u32>, missing: Vec<u16>) -> Self {
        Self { scorer, columns, n_done: 0, missing }
    }

    /// Classifies a block of rows.
    pub(super) fn step(&mut self, shard: &Shard) -> Outcome {
        let (start, end) = (self.n_done, shard.n_rows.min(self.n_done + BLOCK));
        // Where its columns are those of another model or of another table by now, nobody takes the answer.
        let is_its = |(&column, &missing): (&u32, &u16)| {
            shard.coded(column).is_some_and(|column| column.missing == missing)
        };
        if start >= end || !self.columns.iter().zip(&self.missing).all(is_its) {
            return Outcome::Ends(Answer::Done);
        }
        let views = shard.views(&self.columns);
        let block: Vec<_> = views.iter().map(|column| column.slice(start..end)).collect();
        let mut votes = vec![0; (end - start) * self.scorer.n_votes()];
        self.scorer.scores(&block, &mut votes);
        self.n_done = end;
        let first_row = shard.first_row + start as u32;
        Outcome::Tells(Answer::Voted { first_row, votes: Bulk(votes) })
    }
}

/// What a row is there for, as it crosses.
fn use_of(code: u8) -> Use {
    match code {
        0 => Use::Train,
        1 => Use::Held,
        _ => Use::Out,
    }
}

/// The same the other way round.
pub(super) fn code_of(of: Use) -> u8 {
    match of {
        Use::Train => 0,
        Use::Held => 1,
        Use::Out => 2,
    }
}
