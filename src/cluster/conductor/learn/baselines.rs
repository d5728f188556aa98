//! What other learners make of the same rows.
//!
//! ```text
//! the lesson again ─▶ majority, and the best single stump, in all shards at once
//! tallies of the training rows ─▶ design; drawn rows to all shards, and each takes the next baseline:
//!     it learns, then votes on the test block by block ─▶ figures
//! ```

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            learned::{Compared, RowSet, Told},
            message::{Answer, Question, StudyQuestion},
            step::Step,
        },
        Shards, Table, ask_all,
        codes::codes,
        to_all,
    },
    Classifier,
    count::classified,
    fold::Fold,
    judge::{Answers, judged},
    lesson::{Lesson, Prepared, prepare},
    train::{Watch, class_weights, fit, forget, uses},
};
use crate::engine::{
    baselines::{Baseline, LearntFrom},
    boost::Params,
    evaluate::Part,
};

/// Test rows whose codes are sent at a time.
const BLOCK: usize = 1 << 13;
/// What each baseline takes of the whole, about, in the order of [`Baseline::ALL`].
const COSTS: [f64; 8] = [0.0, 0.03, 0.02, 0.2, 0.05, 0.2, 0.2, 0.3];
/// The part of it that is learning; the rest is voting.
const LEARNING: f64 = 0.7;

/// How a comparison is watched.
pub struct Comparison<'a> {
    /// Hears how far it is.
    pub tell: &'a mut dyn FnMut(Step, f64),
    /// Hears what each baseline came to, as soon as it is done.
    pub found: &'a mut dyn FnMut(Compared),
    /// The time, in seconds from any start.
    pub clock: &'a dyn Fn() -> f64,
}

/// Has every baseline learn from the rows that a model learnt from, and judges it by those that the model
/// was judged by. A baseline that cannot learn says why, and the others go on.
///
/// # Errors
///
/// As [`train`](super::train()): those of the model's own settings.
pub async fn compare<S: Shards>(
    shards: &mut S,
    table: &Table,
    classifier: &Classifier,
    watch: &mut Comparison<'_>,
) -> Result<(), JobError> {
    (watch.tell)(Step::Prepare, 0.0);
    let spec = &classifier.trained.spec;
    let Prepared { lesson, parts: folds, .. } = prepare(shards, table, spec).await?;
    let lines = Baseline::ALL.map(|_| Line::default());
    let mut course = Course { lesson: &lesson, lines, truth: Vec::new(), n_folds: folds.len() };
    for parts in &folds {
        // Rows that were held out to end the training in time are neither learnt from nor judged by.
        let uses = uses(&lesson, parts, spec.keeps_some(), spec.seed, false)?;
        let class_weights = class_weights(spec, &lesson, parts)?;
        let is_test = |place: &usize| parts[*place] == Part::Test;
        let test: Vec<usize> = (0..parts.len()).filter(is_test).collect();
        course.truth.extend(test.iter().map(|&place| lesson.classes[place]));
        let fold = Fold { uses, test, class_weights, seed: spec.seed };
        course.majority(&fold, watch);
        course.stump(shards, table, &fold, watch).await?;
        course.others(shards, table, &fold, watch).await?;
    }
    let questions = to_all(shards.n_shards(), |_| study(StudyQuestion::End));
    ask_all(shards, questions, |_, _| {}).await?;
    Ok(())
}

fn study(question: StudyQuestion) -> Question {
    Question::Study(Box::new(question))
}

/// What a baseline has come to so far.
struct Line {
    /// Of the test rows, fold after fold.
    votes: Vec<i64>,
    seconds: f64,
    /// Folds that are over.
    n_done: usize,
    outcome: Result<(LearntFrom, u32), JobError>,
}

impl Default for Line {
    fn default() -> Self {
        Self { votes: Vec::new(), seconds: 0.0, n_done: 0, outcome: Ok((LearntFrom::All, 0)) }
    }
}

/// All baselines on their way through the folds.
struct Course<'a> {
    lesson: &'a Lesson,
    lines: [Line; 8],
    /// The classes of the test rows, fold after fold.
    truth: Vec<u8>,
    n_folds: usize,
}

/// What a shard is at.
struct Busy {
    which: usize,
    /// When it began.
    begun: f64,
    /// How far it has learnt, in thousandths.
    n_learnt: u64,
    learnt_from: LearntFrom,
    /// Test rows that it has been asked about.
    n_asked: usize,
}

impl Course<'_> {
    /// The most common class, the first of equally common ones.
    fn majority(&mut self, fold: &Fold, watch: &mut Comparison<'_>) {
        let begun = (watch.clock)();
        let lesson = self.lesson;
        let train = fold.train();
        let mut masses = vec![0.0; lesson.n_classes.into()];
        let weights = fold.mean_weights(lesson);
        for &place in &train {
            let class = usize::from(lesson.classes[place]);
            masses[class] += weights[class];
        }
        let most = masses.iter().copied().fold(0.0, f64::max);
        let most = masses.iter().position(|&mass| mass == most).unwrap_or(0);
        let votes: Vec<i64> = match lesson.n_votes() {
            1 => vec![if most == 1 { 1 } else { -1 }],
            n => (0..n).map(|class| i64::from(class == most)).collect(),
        };
        self.lines[0].votes.extend(votes.repeat(fold.test.len()));
        self.done(0, Ok((LearntFrom::All, train.len() as u32)), begun, watch);
    }

    /// A round of our own boosting, by all shards.
    async fn stump<S: Shards>(
        &mut self,
        shards: &mut S,
        table: &Table,
        fold: &Fold,
        watch: &mut Comparison<'_>,
    ) -> Result<(), JobError> {
        let begun = (watch.clock)();
        let params = Params {
            depth: 1,
            n_rounds: 1,
            rate: 1.0,
            class_weights: fold.class_weights.clone(),
            ..Params::default()
        };
        let mut quiet = Watch { tell: &mut |_, _| {}, round: &mut |_| {}, is_enough: &|| false };
        let fit =
            fit(shards, table, self.lesson, &fold.uses, &params, &mut quiet, (0.0, 1.0)).await;
        let fit = match fit {
            Err(JobError::Boost(error)) => {
                self.done(1, Err(error.into()), begun, watch);
                return Ok(());
            }
            fit => fit?,
        };
        let all = classified(shards, table, &self.lesson.columns, &fit.model, &[]).await?;
        forget(shards).await?;
        let n_votes = self.lesson.n_votes();
        for &place in &fold.test {
            let row = self.lesson.rows[place] as usize;
            self.lines[1].votes.extend_from_slice(&all[row * n_votes..][..n_votes]);
        }
        let n_train = fit.model.train.iter().sum::<u64>() as u32;
        self.done(1, Ok((LearntFrom::All, n_train)), begun, watch);
        Ok(())
    }

    /// The others: each shard takes the next as soon as it is free.
    async fn others<S: Shards>(
        &mut self,
        shards: &mut S,
        table: &Table,
        fold: &Fold,
        watch: &mut Comparison<'_>,
    ) -> Result<(), JobError> {
        let rows = fold.rows(shards, table, self.lesson).await?;
        let (n_train, n_columns) = (rows.n_train, self.lesson.columns.len());
        let questions = to_all(shards.n_shards(), |_| study(StudyQuestion::Keep(rows.clone())));
        drop(rows);
        ask_all(shards, questions, |_, _| {}).await?;
        let test: Vec<u32> = fold.test.iter().map(|&place| self.lesson.rows[place]).collect();
        let test = codes(shards, table, &test, &self.lesson.columns).await?;

        let mut waiting = 2..Baseline::ALL.len();
        let mut busy: Vec<Option<Busy>> = (0..shards.n_shards()).map(|_| None).collect();
        let mut begin = |shard: u32, shards: &mut S, watch: &Comparison<'_>| {
            let which = waiting.next()?;
            shards.ask(shard, study(StudyQuestion::Learn(Baseline::ALL[which])));
            let (begun, learnt_from) = ((watch.clock)(), LearntFrom::All);
            Some(Busy { which, begun, n_learnt: 0, learnt_from, n_asked: 0 })
        };
        for (shard, at) in (0..).zip(&mut busy) {
            *at = begin(shard, shards, watch);
        }
        while busy.iter().any(Option::is_some) {
            let (shard, answer) = shards.answer().await?;
            let place = &mut busy[shard as usize];
            let at = place.as_mut().expect("who answers was asked");
            let outcome = match answer {
                Answer::Progress(n) => {
                    at.n_learnt += n;
                    None
                }
                Answer::Studied(Ok(learnt_from)) => {
                    at.n_learnt = 1_000;
                    at.learnt_from = learnt_from;
                    Some(Ok((learnt_from, n_train)))
                }
                Answer::Studied(Err(error)) => Some(Err(error.into())),
                Answer::Votes(votes) => {
                    self.lines[at.which].votes.extend_from_slice(&votes);
                    Some(Ok((at.learnt_from, n_train)))
                }
                _ => unreachable!("only baselines were asked about"),
            };
            if let Some(outcome) = outcome {
                let from = at.n_asked * n_columns;
                if outcome.is_ok() && from < test.len() {
                    at.n_asked = fold.test.len().min(at.n_asked + BLOCK);
                    let block = Bulk(test[from..at.n_asked * n_columns].to_vec());
                    shards.ask(shard, study(StudyQuestion::Vote(block)));
                } else {
                    let (which, begun) = (at.which, at.begun);
                    *place = begin(shard, shards, watch);
                    self.done(which, outcome, begun, watch);
                }
            }
            self.tell(&busy, fold.test.len(), watch);
        }
        Ok(())
    }

    /// A baseline is done with a fold; after the last it is judged.
    fn done(
        &mut self,
        which: usize,
        outcome: Result<(LearntFrom, u32), JobError>,
        begun: f64,
        watch: &mut Comparison<'_>,
    ) {
        let line = &mut self.lines[which];
        line.seconds += (watch.clock)() - begun;
        line.n_done += 1;
        line.outcome = std::mem::replace(&mut line.outcome, outcome.clone()).and(outcome);
        if line.n_done < self.n_folds {
            return;
        }
        let votes = std::mem::take(&mut line.votes);
        let told = line.outcome.clone().map(|(learnt_from, n_train)| {
            let n_classes = self.lesson.n_classes;
            let answers = Answers { votes: &votes, truth: &self.truth, n_classes };
            let figures = judged(RowSet::Test, &answers, None).figures;
            Told { figures, learnt_from, n_train }
        });
        let (baseline, seconds) = (Baseline::ALL[which], line.seconds);
        (watch.found)(Compared { baseline, outcome: told, seconds });
    }

    /// Tells how far all of it is.
    fn tell(&self, busy: &[Option<Busy>], n_test: usize, watch: &mut Comparison<'_>) {
        let mut done = 0.0;
        for (which, (line, cost)) in self.lines.iter().zip(COSTS).enumerate() {
            let at = busy.iter().flatten().find(|at| at.which == which);
            let part = at.map_or(0.0, |at| {
                let learnt = at.n_learnt as f64 / 1e3;
                LEARNING * learnt + (1.0 - LEARNING) * at.n_asked as f64 / n_test.max(1) as f64
            });
            done += cost * (line.n_done as f64 + part) / self.n_folds as f64;
        }
        (watch.tell)(Step::Train, done);
    }
}
