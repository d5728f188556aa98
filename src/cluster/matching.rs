//! A shard's rows that are most like one.

use std::collections::HashMap;

use super::{
    bulk::Bulk,
    message::{Alike, Answer, LikeQuestion},
    nearest::Nearest,
    shard::{BLOCK, Outcome, Shard},
    sights::{Grown, Sights},
};
use crate::engine::{
    arrange::arrange,
    forest::{Likeness, Scorer},
};

/// Rows whose leaves are looked up at once: the nearer ones may leave no place for the next.
const AT_ONCE: usize = 64;

/// The rows of a shard that are most like one, as far as they are compared.
#[derive(Debug)]
pub(super) struct Matching {
    question: LikeQuestion,
    /// What rows are compared by, and the number of the scoring that it belongs to.
    likeness: Option<(u64, Likeness)>,
    n_done: usize,
    n_same: u32,
    nearest: Nearest,
}

impl Matching {
    pub(super) fn new(question: LikeQuestion) -> Self {
        let nearest = Nearest::new(question.n);
        Self { question, likeness: None, n_done: 0, n_same: 0, nearest }
    }

    /// Compares a block of rows, or answers after the last.
    pub(super) fn step(&mut self, shard: &mut Shard) -> Outcome {
        let mut sights = std::mem::take(&mut shard.sights);
        let outcome = self.go_on(shard, &mut sights);
        shard.sights = sights;
        outcome
    }

    fn go_on(&mut self, shard: &Shard, sights: &mut Sights) -> Outcome {
        // Other scores may have been adopted since the question was asked, or since the last step.
        let columns = sights.columns.clone();
        let Some(Grown { number: standing, scorer, .. }) = sights.forest() else {
            return Outcome::Ends(Answer::Like(None));
        };
        let codes = &self.question.codes;
        if codes.len() != columns.len() {
            return Outcome::Ends(Answer::Like(None));
        }
        let (number, likeness) =
            self.likeness.get_or_insert_with(|| (standing, Likeness::new(scorer, codes)));
        if *number != standing {
            return Outcome::Ends(Answer::Like(None));
        }
        let start = self.n_done;
        let end = shard.n_rows.min(start + BLOCK);
        if start == end {
            let nearest = std::mem::replace(&mut self.nearest, Nearest::new(0));
            return Outcome::Ends(Answer::Like(Some((self.n_same, nearest.finish()))));
        }
        let views = shard.views(&columns);
        let block: Vec<_> = views.iter().map(|column| column.slice(start..end)).collect();
        let mut proximities = vec![0.0; end - start];
        likeness.proximities(scorer, &block, &mut proximities);
        let rows = (start as u32..).zip(proximities);
        let others = rows.filter(|&(row, _)| shard.first_row + row != self.question.row);
        let (same, others): (Vec<_>, Vec<_>) = others.partition(|&(_, near)| near == 1.0);
        self.n_same += same.len() as u32;
        if let Some(&(row, proximity)) = same.first()
            && self.nearest.may_take(proximity)
        {
            let leaves = Bulk(likeness.leaves().clone());
            let (row, n_rows) = (shard.first_row + row, same.len() as u32);
            self.nearest.take(Alike { proximity, row, n_rows, leaves });
        }
        let near: Vec<_> =
            others.into_iter().filter(|&(_, near)| self.nearest.may_take(near)).collect();
        self.take(shard, scorer, &columns, &near);
        self.n_done = end;
        Outcome::GoesOn
    }

    /// Takes rows of a block and their proximities in.
    fn take(&mut self, shard: &Shard, scorer: &Scorer, columns: &[u32], near: &[(u32, f64)]) {
        let views = shard.views(columns);
        let codes: Vec<u16> = near
            .iter()
            .flat_map(|&(row, _)| views.iter().map(move |codes| codes.get(row as usize)))
            .collect();
        // Rows repeat in logs, and equal ones have the same leaves.
        let mut places = HashMap::<&[u16], usize>::new();
        let mut different: Vec<(f64, u32, u32, &[u16])> = Vec::new();
        for (&(row, proximity), codes) in near.iter().zip(codes.chunks_exact(columns.len())) {
            let place = *places.entry(codes).or_insert(different.len());
            match different.get_mut(place) {
                Some((_, _, n_rows, _)) => *n_rows += 1,
                None => different.push((proximity, shard.first_row + row, 1, codes)),
            }
        }
        // The nearest first, so that most of the others need not be looked at.
        arrange(&mut different, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for rows in different.chunks(AT_ONCE) {
            if !self.nearest.may_take(rows[0].0) {
                return;
            }
            let codes: Vec<&[u16]> = rows.iter().map(|row| row.3).collect();
            for (&(proximity, row, n_rows, _), leaves) in rows.iter().zip(scorer.leaves(&codes)) {
                self.nearest.take(Alike { proximity, row, n_rows, leaves: Bulk(leaves) });
            }
        }
    }
}
