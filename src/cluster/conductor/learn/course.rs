//! Fits of a training: one for each fold and one for all; and where eyes add columns, the same without.

use super::{
    super::{
        super::{JobError, added::Eyes, learned::TrainSpec, step::Step},
        Dictionary, Shards, Table,
    },
    count::classified,
    eyes::widened,
    lesson::Lesson,
    train::{Fit, Watch, class_weights, fit, uses},
};
use crate::engine::{
    boost::{Ending, Params, Use},
    evaluate::Part,
};

/// Of the whole training the part that are fits.
const FITS: f64 = 0.9;
/// Of a fit the part in which eyes look, where there are any.
const LOOKS: f64 = 0.4;

/// What is fitted.
pub(super) struct Course<'a> {
    pub(super) spec: &'a TrainSpec,
    pub(super) lesson: &'a Lesson,
    /// The parts of each fold; none where the split is none by folds.
    pub(super) folds: &'a [Vec<Part>],
    /// What rows are there for in the fit that stays.
    pub(super) uses: &'a [Use],
    pub(super) params: Params,
}

/// What fits came to.
pub(super) struct Attempt {
    /// That which stays.
    pub(super) fit: Fit,
    /// The lesson with the columns it has learnt from.
    pub(super) lesson: Lesson,
    pub(super) added: Vec<Dictionary>,
    /// Its votes of all rows.
    pub(super) all: Vec<i64>,
    /// With folds, the votes of each of the lesson's rows by a model of the other folds.
    pub(super) out_of_fold: Option<Vec<i64>>,
}

impl Course<'_> {
    /// Fits with the eyes that are asked for; where there are any, without them too, to compare.
    pub(super) async fn run<S: Shards>(
        self,
        shards: &mut S,
        table: &Table,
        watch: &mut Watch<'_>,
    ) -> Result<(Attempt, Option<Attempt>), JobError> {
        let eyes = self.spec.eyes;
        let middle = if eyes.is_any() { 0.6 * FITS } else { FITS };
        let with = self.attempt(shards, table, eyes, watch, (0.0, middle)).await?;
        // Whoever has enough does not wait for a comparison, and rounds that were cut off are none.
        if !eyes.is_any() || with.fit.model.ending == Ending::GivenUp {
            return Ok((with, None));
        }
        let mut quiet = Watch { tell: watch.tell, round: &mut |_| {}, is_enough: watch.is_enough };
        let span = (middle, FITS);
        let without = self.attempt(shards, table, Eyes::default(), &mut quiet, span).await?;
        let is_whole = without.fit.model.ending != Ending::GivenUp;
        Ok((with, is_whole.then_some(without)))
    }

    async fn attempt<S: Shards>(
        &self,
        shards: &mut S,
        table: &Table,
        eyes: Eyes,
        watch: &mut Watch<'_>,
        (from, to): (f64, f64),
    ) -> Result<Attempt, JobError> {
        let Self { spec, lesson, folds, .. } = self;
        let n_fits = folds.len() as f64 + 1.0;
        let span = |nth: usize| {
            let at = |nth: f64| from + (to - from) * nth / n_fits;
            (at(nth as f64), at(nth as f64 + 1.0))
        };
        let n_votes = lesson.n_votes();
        let mut votes = vec![0; lesson.rows.len() * n_votes];
        for (fold, parts) in folds.iter().enumerate() {
            let class_weights = class_weights(spec, lesson, parts)?;
            let params = Params { class_weights, ..spec.params.clone() };
            let uses = uses(lesson, parts, params.patience.is_some(), spec.seed, false)?;
            let mut quiet =
                Watch { tell: watch.tell, round: &mut |_| {}, is_enough: watch.is_enough };
            let one = self.one(shards, table, eyes, &uses, &params, &mut quiet, span(fold));
            let (.., all) = one.await?;
            for (place, part) in parts.iter().enumerate() {
                if *part == Part::Test {
                    let row = lesson.rows[place] as usize;
                    votes[place * n_votes..][..n_votes]
                        .copy_from_slice(&all[row * n_votes..][..n_votes]);
                }
            }
        }
        let span = span(folds.len());
        let one = self.one(shards, table, eyes, self.uses, &self.params, watch, span);
        let (fit, lesson, added, all) = one.await?;
        let out_of_fold = (!folds.is_empty()).then_some(votes);
        Ok(Attempt { fit, lesson, added, all, out_of_fold })
    }

    /// One fit, and what it says of all rows.
    #[expect(clippy::too_many_arguments, reason = "each is another thing")]
    async fn one<S: Shards>(
        &self,
        shards: &mut S,
        table: &Table,
        eyes: Eyes,
        uses: &[Use],
        params: &Params,
        watch: &mut Watch<'_>,
        (from, to): (f64, f64),
    ) -> Result<(Fit, Lesson, Vec<Dictionary>, Vec<i64>), JobError> {
        let middle = if eyes.is_any() { from + LOOKS * (to - from) } else { from };
        let mut tell = |step, done: f64| (watch.tell)(step, from + done * (middle - from));
        let looks = widened(shards, table, self.spec, eyes, self.lesson, uses, &mut tell);
        let (lesson, added) = looks.await?;
        let fit = fit(shards, table, &lesson, uses, params, watch, (middle, to)).await?;
        (watch.tell)(Step::Classify, to);
        let all = classified(shards, table, &lesson.columns, &fit.model, &[]).await?;
        Ok((fit, lesson, added, all))
    }
}
