//! A shard's odd rows, put together by what makes them odd.

use std::collections::BTreeMap;

use super::{
    bulk::Bulk,
    message::{Answer, CaseQuestion, OddRows, Pattern},
    shard::{Outcome, Shard},
    sights::Sights,
};
use crate::engine::{arrange::arrange, forest::TopReasons, matrix, table::Direction};

/// Rows that are explained between two looks at the mailbox.
const BLOCK: usize = 1 << 13;
/// Reasons weaker than this share of the strongest are no part of the pattern: they vary from row to
/// row where the cause is the same.
const WORTH: f64 = 0.5;

/// The cases of a shard, as far as its rows are explained.
#[derive(Debug)]
pub(super) struct Casing {
    question: CaseQuestion,
    /// The odd rows, within the shard, and when they were.
    rows: Option<(u64, Vec<u32>)>,
    n_done: usize,
    cases: BTreeMap<Pattern, Vec<u32>>,
}

impl Casing {
    pub(super) fn new(question: CaseQuestion) -> Self {
        Self { question, rows: None, n_done: 0, cases: BTreeMap::new() }
    }

    pub(super) fn step(&mut self, shard: &mut Shard) -> Outcome {
        let mut sights = std::mem::take(&mut shard.sights);
        let outcome = self.go_on(shard, &mut sights);
        shard.sights = sights;
        outcome
    }

    fn go_on(&mut self, shard: &Shard, sights: &mut Sights) -> Outcome {
        // Other scores may have come since the question was asked, or since the last step.
        let Some(scores) = sights.scores() else { return Outcome::Ends(Answer::Cases(None)) };
        let has_changed = self.rows.as_ref().is_some_and(|(when, _)| *when != shard.n_changes);
        if has_changed || self.question.high_from.len() != sights.columns.len() {
            return Outcome::Ends(Answer::Cases(None));
        }
        let threshold = self.question.threshold;
        let is_odd = |row: &u32| scores[*row as usize] >= threshold;
        let (_, rows) = self.rows.get_or_insert_with(|| {
            (shard.n_changes, (0..shard.n_rows as u32).filter(is_odd).collect())
        });
        let block = &rows[self.n_done..rows.len().min(self.n_done + BLOCK)];
        let columns: Vec<_> = sights.columns.iter().map(|&column| shard.column(column)).collect();
        let codes = shard.gathered(&sights.columns, block);
        let views: Vec<_> = codes.iter().map(|codes| matrix::Codes::U16(codes)).collect();
        let mut reasons: Vec<TopReasons> = vec![[None; 3]; block.len()];
        sights.reasons(block, &views, &mut reasons);
        for ((place, &row), reasons) in block.iter().enumerate().zip(&reasons) {
            let direction = |feature: u16| {
                let feature = usize::from(feature);
                let high_from = self.question.high_from[feature];
                Direction::of(codes[feature][place], columns[feature].missing, high_from)
            };
            let rows = self.cases.entry(pattern(reasons, direction)).or_default();
            rows.push(shard.first_row + row);
        }
        let n_new = block.len();
        self.n_done += n_new;
        let is_over = self.n_done == rows.len();
        if is_over {
            sights.forget();
        }
        if !is_over {
            return Outcome::Tells(Answer::Progress(n_new as u64));
        }
        let cases = std::mem::take(&mut self.cases);
        let odd_rows = |(pattern, rows)| OddRows { pattern, rows: Bulk(rows) };
        Outcome::Ends(Answer::Cases(Some(cases.into_iter().map(odd_rows).collect())))
    }
}

/// The strong ones among a row's reasons, by feature.
fn pattern(reasons: &TopReasons, direction: impl Fn(u16) -> Direction) -> Pattern {
    let strongest = reasons[0].map_or(0.0, |reason| reason.contribution);
    let strong = reasons.iter().flatten().filter(|reason| reason.contribution >= WORTH * strongest);
    let mut pattern: Pattern =
        strong.map(|reason| (reason.feature, direction(reason.feature))).collect();
    arrange(&mut pattern, Ord::cmp);
    pattern
}
