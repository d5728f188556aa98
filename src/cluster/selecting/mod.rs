//! A shard's rows that meet some conditions, sorted.

mod order;
mod texts;

use self::{
    order::ordered,
    texts::{Finder, Rule, of_text},
};
use super::{
    condition::{CellTest, Condition},
    message::{Answer, SelectQuestion},
    shard::{Outcome, Shard},
};
use crate::engine::table::reader::RangeReader;

/// The selection of a shard: by codes at once, then by what the file says, as far as that is asked.
#[derive(Debug)]
pub(super) struct Selecting {
    question: Option<SelectQuestion>,
    reader: Option<RangeReader<Finder>>,
    n_told: u64,
}

impl Selecting {
    pub(super) fn new(question: SelectQuestion) -> Self {
        Self { question: Some(question), reader: None, n_told: 0 }
    }

    pub(super) fn step(&mut self, shard: &Shard) -> Outcome {
        if let Some(question) = self.question.take() {
            let mut matches = by_codes(shard, &question.conditions);
            if let Some(within) = question.within {
                keep_within(shard, within, &mut matches);
            }
            let except = mute(shard, question.except, &mut matches);
            let Some(range) = question.read else {
                return Outcome::Ends(ordered(shard, &matches, question.sort));
            };
            let plan = range.plan();
            let finder = Finder::new(&plan, question.conditions, except, question.sort, matches);
            self.reader = Some(RangeReader::new(plan, finder));
        }
        let reader = self.reader.as_mut().expect("a question that reads has a reader");
        let n_new = reader.n_read().saturating_sub(self.n_told);
        if n_new > 0 {
            self.n_told += n_new;
            return Outcome::Tells(Answer::Progress(n_new));
        }
        match reader.wants() {
            Some(range) => Outcome::Needs { range, until: reader.until() },
            None => Outcome::Ends(reader.sink().answer(shard)),
        }
    }

    pub(super) fn feed(&mut self, n: usize, fill: impl FnOnce(&mut [u8])) {
        self.reader.as_mut().expect("it asked for bytes").feed(n, fill);
    }
}

/// Which rows meet those conditions that need no text.
#[inline(never)]
fn by_codes(shard: &Shard, conditions: &[Condition]) -> Vec<bool> {
    let mut matches = vec![true; shard.n_rows];
    for condition in conditions {
        let column = |at: Option<u32>| shard.column(at.expect("codes are those of a column"));
        match &condition.test {
            CellTest::Code(verdicts) => {
                let mut rows = matches.iter_mut();
                column(condition.column).codes.for_each(|code| {
                    if let Some(matches) = rows.next() {
                        *matches &= (verdicts[code as usize] != 0) != condition.is_negated;
                    }
                });
            }
            CellTest::Number(test) => {
                for (matches, &number) in matches.iter_mut().zip(&column(condition.column).numbers)
                {
                    *matches &= test.holds(number) != condition.is_negated;
                }
            }
            CellTest::Text(_) => {}
        }
    }
    matches
}

/// Leaves out what stands outside a box on the map.
fn keep_within(shard: &Shard, within: [(f64, f64); 2], matches: &mut [bool]) {
    let mut places = shard.sights.places.iter();
    for matches in matches {
        let is_inside = |place: &[f32; 2]| {
            let between = |(&at, (from, to)): (&f32, (f64, f64))| (from..=to).contains(&at.into());
            place.iter().zip(within).all(between)
        };
        *matches &= places.next().is_some_and(is_inside);
    }
}

/// Leaves out what rules mute by codes and numbers, and returns the rules that ask for texts.
#[inline(never)]
fn mute(shard: &Shard, rules: Vec<Vec<Condition>>, matches: &mut [bool]) -> Vec<Rule> {
    let mut of_texts = Vec::new();
    for rule in rules {
        let held = by_codes(shard, &rule);
        let texts = of_text(rule);
        if texts.is_empty() {
            for (matches, held) in matches.iter_mut().zip(held) {
                *matches &= !held;
            }
        } else {
            of_texts.push(Rule { held, texts });
        }
    }
    of_texts
}
