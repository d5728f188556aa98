//! A shard's rows on their way through an eye.

use super::{
    bulk::Bulk,
    halving::Halves,
    message::Answer,
    shard::{BLOCK, Outcome, Shard},
    sights::{By, Standing},
};
use crate::engine::{
    eyes::{Eye, Model, Sight},
    forest::{Judged, Trails},
};

/// An eye on its way through the rows.
#[derive(Debug)]
pub(super) struct Scoring {
    model: Box<Model>,
    sight: Sight,
    columns: Vec<u32>,
    scores: Vec<f64>,
    /// Whether what other eyes saw does not hold any more.
    is_afresh: bool,
    /// No other scoring of this shard has it: so what takes several steps sees that it is another.
    number: u64,
    /// Where the rows end in the trees, and the scores of those trails, where the forest has only learnt.
    trails: Option<(Trails, Vec<f64>)>,
}

impl Shard {
    /// Begins to score all rows by an eye.
    pub(super) fn begin_scoring(
        &mut self,
        model: Box<Model>,
        columns: Vec<u32>,
        judged: &[Judged],
        is_afresh: bool,
    ) -> Box<Scoring> {
        let sight = Sight::new(&model, judged);
        let scores = Vec::with_capacity(self.n_rows);
        self.n_scorings += 1;
        let number = self.n_scorings;
        let trails = None;
        Box::new(Scoring { model, sight, columns, scores, is_afresh, number, trails })
    }

    /// As [`begin_scoring`](Self::begin_scoring) for a forest that has only learnt: where rows end in
    /// its trees is known, or most of it is.
    pub(super) fn begin_judging(&mut self, judged: &[Judged]) -> Box<Scoring> {
        let Some(Standing { by: By::Own(model, _), .. }) = self.sights.of(Eye::Forest) else {
            unreachable!("rows are scored before they are judged")
        };
        let (model, columns) = (model.clone(), self.sights.columns.clone());
        let trails = self.sights.forest().and_then(|forest| forest.trails.take());
        let mut scoring = self.begin_scoring(model, columns, judged, false);
        let whole = trails.filter(|trails| trails.n_rows() == self.n_rows);
        if let (Sight::Forest(scorer), Some(trails)) = (&scoring.sight, whole) {
            let scores = trails.scores(scorer);
            scoring.trails = Some((trails, scores));
        }
        scoring
    }

    /// Scores a block of rows.
    pub(super) fn score(&mut self, scored: &mut Option<Box<Scoring>>) -> Outcome {
        let scoring = scored.as_mut().expect("scoring ends once");
        let start = scoring.scores.len();
        let end = self.n_rows.min(start + block(scoring.sight.eye()));
        if start == end {
            scoring.sight.forget();
            self.scored = scored.take();
            return Outcome::Ends(Answer::Done);
        }
        let views = self.views(&scoring.columns);
        let block: Vec<_> = views.iter().map(|column| column.slice(start..end)).collect();
        let first_row = self.first_row + start as u32;
        scoring.scores.resize(end, 0.0);
        let out = &mut scoring.scores[start..];
        match (&scoring.trails, &mut scoring.sight) {
            (Some((trails, scores)), Sight::Forest(scorer)) => {
                trails.spread(scores, scorer, start, &block, out);
            }
            (_, sight) => sight.scores(&block, out),
        }
        let scores = Bulk(scoring.scores[start..].to_vec());
        Outcome::Tells(Answer::Scored { first_row, scores })
    }

    /// What was scored last stands from now on.
    pub(super) fn adopt(&mut self) {
        let scored = *self.scored.take().expect("scored before it is adopted");
        let Scoring { model, sight, columns, scores, is_afresh, number, trails } = scored;
        let trails = trails.map(|(trails, _)| trails);
        let (eye, by, halves) = (sight.eye(), By::Own(model, sight), Halves::default());
        let standing = Standing { eye, by, scores, number, halves, trails };
        self.sights.adopt(columns, standing, is_afresh);
    }
}

/// Rows that an eye scores between two looks at the mailbox.
pub(super) fn block(eye: Eye) -> usize {
    // To compare a row with thousands of others takes longer than to walk it down some trees.
    if eye == Eye::Neighbours { BLOCK / 32 } else { BLOCK }
}
