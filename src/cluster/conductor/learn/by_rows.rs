//! How the error on the test falls with the rows that are learnt from.

use super::{
    super::{
        super::{
            JobError,
            counting::Counting,
            learned::{RowSet, SplitBy},
            step::Step,
            tuned::{ByRows, RowsPoint},
        },
        Shards, Table,
    },
    Classifier,
    count::{classified, recount},
    eyes::widened,
    lesson::{Lesson, Prepared, prepare},
    train::{Watch, class_weights, fit, forget, uses},
};
use crate::engine::{
    boost::{Ending, FitError, Params, predicted},
    evaluate::{Part, stratified, wilson},
};

/// The parts of the rows, besides all of them.
const SHARES: [f64; 4] = [1.0 / 16.0, 1.0 / 8.0, 1.0 / 4.0, 1.0 / 2.0];

/// Trains again on a sixteenth, an eighth, a quarter and half of the rows that a model learnt from, with
/// its settings, and judges by its test. Parts are drawn with the model's seed, class by class, and each
/// is within the next. What is known when it was enough is the answer; the last point is the model's own.
///
/// A part in which there is nothing to learn, as too few rows are of a second class, has no point.
///
/// # Errors
///
/// As [`train`](super::train).
pub async fn by_rows<S: Shards>(
    shards: &mut S,
    table: &Table,
    classifier: &Classifier,
    watch: &mut Watch<'_>,
) -> Result<ByRows, JobError> {
    (watch.tell)(Step::Prepare, 0.0);
    // Parts are judged at even votes and with nothing muted; so must the whole be.
    let plain = Counting::default();
    let classifier = &recount(shards, table, classifier, plain, &mut |_| {}).await?;
    let spec = &classifier.trained.spec;
    let Prepared { lesson, parts, .. } = prepare(shards, table, spec).await?;
    // With folds the work is the same for each.
    let whole = SHARES.iter().sum::<f64>() * parts.len() as f64;
    let mut done = 0.0;
    let mut points = Vec::new();
    for share in SHARES {
        let mut sum = Counted::default();
        for parts in &parts {
            let so_far = done / whole;
            let mut tell = |_, of_fit| (watch.tell)(Step::Train, so_far + of_fit * share / whole);
            let is_enough = watch.is_enough;
            let mut watch = Watch { tell: &mut tell, round: &mut |_| {}, is_enough };
            let part = part(&lesson, parts, share, spec.seed)?;
            let Some(part) = part else { break };
            let counted = judged(shards, table, classifier, part, &mut watch).await?;
            // Rounds that were cut off say nothing about the rows.
            if is_enough() {
                forget(shards).await?;
                return Ok(ended(points, classifier));
            }
            let Some(counted) = counted else { break };
            sum.add(&counted);
            done += share;
        }
        points.extend(sum.point(parts.len() as u32));
    }
    forget(shards).await?;
    Ok(ended(points, classifier))
}

/// Test rows, and those of them that are told wrong, over all folds.
#[derive(Debug, Default)]
struct Counted {
    folds: u32,
    learnt_from: u32,
    wrong: u32,
    test: u32,
}

impl Counted {
    fn add(&mut self, other: &Self) {
        self.folds += other.folds;
        self.learnt_from += other.learnt_from;
        self.wrong += other.wrong;
        self.test += other.test;
    }

    /// `None` unless all folds are in it.
    fn point(&self, n_folds: u32) -> Option<RowsPoint> {
        let Self { learnt_from, wrong: n_wrong, test: n_test, .. } = *self;
        let interval = wilson(n_wrong.into(), n_test.into()).ok()?;
        let n_rows = learnt_from / n_folds;
        (self.folds == n_folds).then_some(RowsPoint { n_rows, n_wrong, n_test, interval })
    }
}

/// The points, and that of the model itself behind them.
fn ended(mut points: Vec<RowsPoint>, classifier: &Classifier) -> ByRows {
    let trained = &classifier.trained;
    let n_classes = trained.classes.len();
    if let Some(test) = trained.judged.iter().find(|judged| judged.set == RowSet::Test) {
        let right: u64 =
            (0..n_classes).map(|class| test.confusion[class * n_classes + class]).sum();
        let held = trained.judged.iter().find(|judged| judged.set == RowSet::Holdout);
        let n_train = trained.n_train.iter().sum::<u64>() as u32;
        let n_rows = n_train + held.map_or(0, |held| held.n_rows);
        // With folds each row was judged by a model of all folds but one; that which stands learnt from all.
        let apart =
            if let SplitBy::Folds { k } = trained.spec.split { n_rows / u32::from(k) } else { 0 };
        let (learnt_from, wrong) = (n_rows - apart, test.n_rows - right as u32);
        let counted = Counted { folds: 1, learnt_from, wrong, test: test.n_rows };
        points.extend(counted.point(1));
    }
    ByRows { points }
}

/// The lesson with a part of the rows to learn from, and all of its test.
fn part(
    lesson: &Lesson,
    parts: &[Part],
    share: f64,
    seed: u64,
) -> Result<Option<(Lesson, Vec<Part>)>, JobError> {
    let train: Vec<usize> = (0..parts.len()).filter(|&at| parts[at] == Part::Train).collect();
    let classes: Vec<u8> = train.iter().map(|&at| lesson.classes[at]).collect();
    // What a split keeps to judge by is drawn class by class, a smaller share within a larger one: here
    // it is what is learnt from.
    let drawn = stratified(&classes, share, seed ^ 2)?;
    let mut is_kept: Vec<bool> = parts.iter().map(|part| *part == Part::Test).collect();
    let mut is_there = [false; 256];
    for (&at, part) in train.iter().zip(&drawn.parts) {
        is_kept[at] = *part == Part::Test;
        is_there[usize::from(lesson.classes[at])] |= *part == Part::Test;
    }
    if is_there.iter().filter(|&&is| is).count() < 2 {
        return Ok(None);
    }
    let kept: Vec<usize> = (0..parts.len()).filter(|&at| is_kept[at]).collect();
    let part = Lesson {
        columns: lesson.columns.clone(),
        features: lesson.features.clone(),
        rows: kept.iter().map(|&at| lesson.rows[at]).collect(),
        classes: kept.iter().map(|&at| lesson.classes[at]).collect(),
        n_classes: lesson.n_classes,
    };
    Ok(Some((part, kept.iter().map(|&at| parts[at]).collect())))
}

/// Trains on a part of the rows and counts what is wrong of the test; `None` where no column varies.
async fn judged<S: Shards>(
    shards: &mut S,
    table: &Table,
    classifier: &Classifier,
    (lesson, parts): (Lesson, Vec<Part>),
    watch: &mut Watch<'_>,
) -> Result<Option<Counted>, JobError> {
    let spec = &classifier.trained.spec;
    let class_weights = class_weights(spec, &lesson, &parts)?;
    let mut params = Params { class_weights, ..spec.params.clone() };
    if classifier.trained.ending == Ending::GivenUp {
        params.n_rounds = classifier.trained.n_rounds.max(1);
    }
    let uses = uses(&lesson, &parts, spec.keeps_some(), spec.seed, false)?;
    let quiet = &mut |_, _| {};
    let (lesson, _) = widened(shards, table, spec, spec.eyes, &lesson, &uses, quiet).await?;
    let fit = match fit(shards, table, &lesson, &uses, &params, watch, (0.0, 1.0)).await {
        Err(JobError::Boost(FitError::NothingVaries | FitError::OneClass)) => return Ok(None),
        fit => fit?,
    };
    let all = classified(shards, table, &lesson.columns, &fit.model, &[]).await?;
    let n_votes = lesson.n_votes();
    let parts = &parts;
    let is = |wanted: Part| (0..parts.len()).filter(move |&at| parts[at] == wanted);
    let is_wrong = |&at: &usize| {
        let votes = &all[lesson.rows[at] as usize * n_votes..][..n_votes];
        predicted(votes) != lesson.classes[at]
    };
    Ok(Some(Counted {
        folds: 1,
        learnt_from: is(Part::Train).count() as u32,
        wrong: is(Part::Test).filter(is_wrong).count() as u32,
        test: is(Part::Test).count() as u32,
    }))
}
