//! Those who train a model: the shards, and the conductor, which does the first one's part.

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            learning::code_of,
            message::{Answer, LearnQuestion, Question},
        },
        Shards, Table, ask_all, to_all,
    },
    lesson::Lesson,
};
use crate::engine::boost::{Census, Order, Part, Plan, Report, Rows, Use};

/// Codes that the first shard hands over at most: more would be twice in memory for a while, and where
/// rounds take that long messages do not count.
const MOST_CODES: usize = 1 << 24;

/// A round of stumps takes a millisecond or two, and a third of that were messages: threads that wake
/// others are put aside for them, where there are no more cores than shards. The conductor waits while
/// shards work; so it takes the first one's rows, and works itself.
pub(super) struct Crew {
    /// The rows of the first shard, if they were handed over.
    own: Own,
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
        // Alone the conductor would never wait, and nobody could stop it.
        let has_others = shards.n_shards() > 1;
        let question = |(shard, rows): (u32, std::ops::Range<usize>)| {
            let n_codes = rows.len() * lesson.columns.len();
            let question = LearnQuestion::Gather {
                columns: lesson.columns.clone(),
                classes: Bulk(classes[rows.clone()].to_vec()),
                uses: Bulk(codes[rows].to_vec()),
                n_classes: lesson.n_classes.into(),
                is_handed_over: shard == 0 && n_codes <= MOST_CODES && has_others,
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
                    own = Own::Gathered(*rows);
                    census
                }
                _ => unreachable!("a census was asked for"),
            };
            match &mut sum {
                None => sum = Some(census),
                Some(sum) => Census::merge(sum, &census),
            }
        }
        Ok((Self { own }, sum.expect("there is a shard")))
    }

    /// Has all weigh their rows.
    pub(super) async fn begin<S: Shards>(
        &mut self,
        shards: &mut S,
        plan: &Plan,
    ) -> Result<(), JobError> {
        let n_asked = self.ask(shards, |_| LearnQuestion::Begin(Box::new(plan.clone())));
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
        let n_asked = self.ask(shards, |_| LearnQuestion::Obey(Box::new(order.clone())));
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
    fn ask<S: Shards>(&self, shards: &mut S, question: impl Fn(u32) -> LearnQuestion) -> usize {
        let first = usize::from(!matches!(self.own, Own::None));
        let questions =
            to_all(shards.n_shards(), |shard| Question::Learn(Box::new(question(shard))));
        let n_asked = questions.len() - first;
        for (shard, question) in questions.into_iter().skip(first) {
            shards.ask(shard, question);
        }
        n_asked
    }
}
