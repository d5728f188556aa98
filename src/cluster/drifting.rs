//! How often each code occurs among some rows of a shard.

use super::{
    bulk::Bulk,
    message::{Answer, DriftQuestion},
    shard::{Outcome, Shard},
};

/// The counts of a shard, as far as its columns are counted.
#[derive(Debug)]
pub(super) struct Drifting {
    question: DriftQuestion,
    next: usize,
}

impl Drifting {
    pub(super) fn new(question: DriftQuestion) -> Self {
        Self { question, next: 0 }
    }

    /// Counts one column.
    pub(super) fn step(&mut self, shard: &Shard) -> Outcome {
        let Some(&column) = self.question.columns.get(self.next) else {
            return Outcome::Ends(Answer::Done);
        };
        let column = shard.column(column);
        let codes = column.codes.view();
        let mut counts = vec![0; usize::from(column.missing) + 1];
        for row in self.question.rows.iter() {
            counts[usize::from(codes.get((row - shard.first_row) as usize))] += 1;
        }
        let place = self.next as u32;
        self.next += 1;
        Outcome::Tells(Answer::Drifted { place, counts: Bulk(counts) })
    }
}
