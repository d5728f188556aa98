//! Those who train a model: the conductor, with the rows of the first shard or of all, and the others.

use std::ops::Range;

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            learning::code_of,
            message::{Answer, LearnQuestion, Question},
        },
        Shards, Table, ask_all,
    },
    lesson::Lesson,
};
use crate::engine::boost::{Census, Order, Part, Plan, Report, Rows, Use};

/// Codes that shards hand over at most: more would be twice in memory for a while.
const MOST_CODES: usize = 1 << 24;

/// A round of stumps takes a millisecond or two, and as much goes into its messages: threads that wake
/// others are put aside for them, where there are no more cores than shards. The conductor would wait
/// while shards work; so it takes the first one's rows, and works itself. It takes all rows where helpers
/// cost more than they take off it: of two workers, 114 trees of depth 5 on the rows of NSL-KDD then take
/// two thirds of the time.
pub(super) struct Crew {
    /// The rows that were handed over.
    own: Own,
    /// The shards that have rows of their own.
    others: Range<u32>,
}

enum Own {
    None,
    Gathered(Rows),
    Begun(Part),
}

impl Crew {
    /// Has all shards gather their rows, and counts them.
    pub(super) async fn gather<S: Shards>(
        shards: &mut S,
        table: &Table,
        lesson: &Lesson,
        uses: &[Use],
    ) -> Result<(Self, Census), JobError> {
        let n_rows = table.n_rows() as usize;
        let (mut classes, mut codes) = (vec![0; n_rows], vec![code_of(Use::Out); n_rows]);
        for ((&row, &class), &of) in lesson.rows.iter().zip(&lesson.classes).zip(uses) {
            classes[row as usize] = class;
            codes[row as usize] = code_of(of);
        }
        let n_shards = shards.n_shards();
        let n_helpers = n_helpers(lesson, uses, n_shards, shards.grain().worth_a_message);
        let question = |(shard, rows): (u32, Range<usize>)| {
            let question = LearnQuestion::Gather {
                columns: lesson.columns.clone(),
                classes: Bulk(classes[rows.clone()].to_vec()),
                uses: Bulk(codes[rows].to_vec()),
                n_classes: lesson.n_classes.into(),
                is_handed_over: shard < n_shards - n_helpers,
            };
            (shard, Question::Learn(Box::new(question)))
        };
        let parts = (0..).zip(table.parts.iter().map(super::super::table::Part::rows));
        let questions: Vec<_> = parts.map(question).collect();
        let (mut own, mut sum) = (Own::None, None);
        for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
            let census = match answer {
                Answer::Census(census) => *census,
                Answer::Gathered(rows) => {
                    let census = rows.census().clone();
                    match &mut own {
                        Own::Gathered(own) => own.append(&rows),
                        _ => own = Own::Gathered(*rows),
                    }
                    census
                }
                _ => unreachable!("a census was asked for"),
            };
            match &mut sum {
                None => sum = Some(census),
                Some(sum) => Census::merge(sum, &census),
            }
        }
        let others = n_shards - n_helpers..n_shards;
        Ok((Self { own, others }, sum.expect("there is a shard")))
    }

    /// Has all weigh their rows.
    pub(super) async fn begin<S: Shards>(
        &mut self,
        shards: &mut S,
        plan: &Plan,
    ) -> Result<(), JobError> {
        let n_asked = self.ask(shards, || LearnQuestion::Begin(Box::new(plan.clone())));
        if let Own::Gathered(rows) = std::mem::replace(&mut self.own, Own::None) {
            self.own = Own::Begun(Part::new(rows, plan));
        }
        for _ in 0..n_asked {
            shards.answer().await?;
        }
        Ok(())
    }

    /// Has all do what is next, and adds up what came of it.
    pub(super) async fn obey<S: Shards>(
        &mut self,
        shards: &mut S,
        order: &Order,
    ) -> Result<Report, JobError> {
        let n_asked = self.ask(shards, || LearnQuestion::Obey(Box::new(order.clone())));
        if n_asked == 0 {
            // Nothing is waited for: whoever would stop it must be heard all the same.
            shards.rest().await;
        }
        let mut sum = match &mut self.own {
            Own::Begun(part) => Some(part.obey(order)),
            _ => None,
        };
        for _ in 0..n_asked {
            let (_, Answer::Reported(report)) = shards.answer().await? else {
                unreachable!("a report was asked for")
            };
            match &mut sum {
                None => sum = Some(*report),
                Some(sum) => sum.merge(&report),
            }
        }
        Ok(sum.expect("there is a shard"))
    }

    /// Asks the shards that have rows of their own; returns how many they are.
    fn ask<S: Shards>(&self, shards: &mut S, question: impl Fn() -> LearnQuestion) -> usize {
        for shard in self.others.clone() {
            shards.ask(shard, Question::Learn(Box::new(question())));
        }
        self.others.len()
    }
}

/// How many shards keep their rows and help the conductor.
fn n_helpers(lesson: &Lesson, uses: &[Use], n_shards: u32, worth_a_message: usize) -> u32 {
    let n_rows = uses.iter().filter(|of| **of != Use::Out).count();
    let n_codes = n_rows * lesson.columns.len();
    let of_each = n_codes / n_shards as usize;
    let taken_off = (n_codes - of_each) * lesson.n_votes();
    // With more, a conductor that is alone would be deaf for too long in every round.
    if taken_off <= worth_a_message && n_codes * lesson.n_votes() <= MOST_CODES {
        return 0;
    }
    let is_shared = n_shards > 1 && of_each <= MOST_CODES;
    n_shards - u32::from(is_shared)
}
