//! Training: the way from a column to a model and its figures.

use std::rc::Rc;

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            findings::Step,
            learned::{Leakage, NO_CLASS, RowSet, TrainSpec, Trained, Wrong},
            message::{Answer, LearnQuestion, Question},
        },
        Shards, Table, ask_all, to_all,
    },
    Classifier,
    crew::Crew,
    judge::{Answers, judged},
    leaks::leakage,
    lesson::{Lesson, Prepared, prepare},
    said,
    split::held_out,
};
use crate::engine::{
    boost::{Booster, Census, Model, Params, Scorer, Use, Watched, predicted},
    evaluate::Part,
};

/// How training is watched, and ended early.
pub struct Watch<'a> {
    /// Hears how far it is.
    pub tell: &'a mut dyn FnMut(Step, f64),
    /// Hears after each round how wrong the model is.
    pub round: &'a mut dyn FnMut(Wrong),
    /// Says whether the rounds so far are enough.
    pub is_enough: &'a dyn Fn() -> bool,
}

/// Trains a model and says what it is worth.
///
/// # Errors
///
/// - [`NoFeatures`](JobError::NoFeatures), [`NotAFeature`](JobError::NotAFeature).
/// - What is wrong with the target, the split or the settings: see [`JobError`].
pub async fn train<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: TrainSpec,
    watch: &mut Watch<'_>,
) -> Result<Classifier, JobError> {
    (watch.tell)(Step::Prepare, 0.0);
    let Prepared { lesson, names, unseen, parts, notes, is_folded } =
        prepare(shards, table, &spec).await?;
    let n_classes = lesson.n_classes;
    let mut params = spec.params.clone();
    let n_votes = lesson.n_votes();
    let n_fits = if is_folded { parts.len() + 1 } else { 1 };
    let votes = if is_folded {
        out_of_fold(shards, table, &spec, &lesson, &parts, watch).await?
    } else {
        Vec::new()
    };
    // With folds the model that stays learns from all.
    let parts = if is_folded { vec![Part::Train; lesson.rows.len()] } else { parts[0].clone() };
    params.class_weights = class_weights(&spec, &lesson, &parts);
    let uses = uses(&lesson, &parts, &params, spec.seed, !is_folded)?;
    let fit = fit(shards, table, &lesson, &uses, &params, watch, (n_fits - 1, n_fits)).await?;
    (watch.tell)(Step::Classify, 0.9);
    let all = classified(shards, table, &lesson, &fit.model).await?;
    (watch.tell)(Step::Judge, 0.92);

    let of = |wanted: &dyn Fn(usize) -> bool, from_folds: bool| {
        let (mut truth, mut own) = (Vec::new(), Vec::new());
        for (place, &row) in lesson.rows.iter().enumerate().filter(|&(place, _)| wanted(place)) {
            truth.push(lesson.classes[place]);
            let (source, at) = if from_folds { (&votes, place) } else { (&all, row as usize) };
            own.extend_from_slice(&source[at * n_votes..][..n_votes]);
        }
        (truth, own)
    };
    let mut sets = Vec::new();
    let mut judge = |set: RowSet, (truth, own): (Vec<u8>, Vec<i64>), seed: Option<u64>| {
        if !truth.is_empty() {
            sets.push(judged(set, &Answers { votes: &own, truth: &truth, n_classes }, seed));
        }
    };
    let is_test = |place: usize| is_folded || parts[place] == Part::Test;
    judge(RowSet::Test, of(&is_test, is_folded), Some(spec.seed));
    (watch.tell)(Step::Judge, 0.93);
    let is_watched = params.patience.is_some();
    if is_watched {
        judge(RowSet::Holdout, of(&|place| uses[place] == Use::Held, false), None);
    }
    judge(RowSet::Train, of(&|place| uses[place] == Use::Train, false), None);
    (watch.tell)(Step::Judge, 0.95);

    let leakage = if is_folded {
        Leakage::default()
    } else {
        let mut own = Vec::with_capacity(lesson.rows.len() * n_votes);
        for &row in &lesson.rows {
            own.extend_from_slice(&all[row as usize * n_votes..][..n_votes]);
        }
        leakage(shards, table, &lesson, &parts, &own, unseen).await?
    };
    let columns =
        said::columns(shards, table, &fit.model, &fit.census, &lesson.columns, &lesson.rows)
            .await?;
    forget(shards).await?;
    let scorer = Scorer::new(&fit.model, &[]);
    let mut truth = vec![NO_CLASS; table.n_rows() as usize];
    for (&row, &class) in lesson.rows.iter().zip(&lesson.classes) {
        truth[row as usize] = class;
    }
    let trained = Trained {
        classes: names,
        n_train: fit.model.train.to_vec(),
        n_unlabelled: table.n_rows() - lesson.rows.len() as u32,
        n_rounds: fit.model.rounds.len() as u32,
        ending: fit.model.ending,
        curve: fit.model.curve.iter().map(|watched| wrong(watched, &fit.model)).collect(),
        watched: match (is_watched, is_folded) {
            (true, _) => Some(RowSet::Holdout),
            (false, true) => None,
            (false, false) => Some(RowSet::Test),
        },
        notes,
        judged: sets,
        columns,
        leakage,
        predicted: Bulk(all.chunks_exact(n_votes).map(predicted).collect()),
        margins: Bulk(all.chunks_exact(n_votes).map(|votes| scorer.margin(votes)).collect()),
        truth: Bulk(truth),
        spec: TrainSpec { features: lesson.columns.clone(), ..spec },
    };
    Ok(Classifier { trained: Rc::new(trained), model: Rc::new(fit.model) })
}

/// The votes of a lesson's rows, each by a model that learnt from the other folds.
async fn out_of_fold<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: &TrainSpec,
    lesson: &Lesson,
    folds: &[Vec<Part>],
    watch: &mut Watch<'_>,
) -> Result<Vec<i64>, JobError> {
    let n_votes = lesson.n_votes();
    let mut votes = vec![0; lesson.rows.len() * n_votes];
    let n_fits = folds.len() + 1;
    for (fold, parts) in folds.iter().enumerate() {
        let class_weights = class_weights(spec, lesson, parts);
        let params = Params { class_weights, ..spec.params.clone() };
        let uses = uses(lesson, parts, &params, spec.seed, false)?;
        let fit = fit(shards, table, lesson, &uses, &params, watch, (fold, n_fits)).await?;
        (watch.tell)(Step::Classify, 0.9 * (fold + 1) as f64 / n_fits as f64);
        let all = classified(shards, table, lesson, &fit.model).await?;
        for (place, part) in parts.iter().enumerate() {
            if *part == Part::Test {
                let row = lesson.rows[place] as usize;
                votes[place * n_votes..][..n_votes]
                    .copy_from_slice(&all[row * n_votes..][..n_votes]);
            }
        }
    }
    Ok(votes)
}

/// What each of a lesson's rows is there for.
pub(super) fn uses(
    lesson: &Lesson,
    parts: &[Part],
    params: &Params,
    seed: u64,
    is_watched: bool,
) -> Result<Vec<Use>, JobError> {
    let is_held = match params.patience {
        Some(_) => Some(held_out(&lesson.classes, parts, seed)?),
        None => None,
    };
    let of = |place: usize| match (parts[place], &is_held) {
        (Part::Train, Some(is_held)) if is_held[place] => Use::Held,
        (Part::Train, _) => Use::Train,
        // Rows of a class that was never learnt cannot be watched: they are wrong in every round.
        (Part::Test, None) if is_watched && lesson.classes[place] < lesson.n_classes => Use::Held,
        (Part::Test, _) => Use::Out,
    };
    Ok((0..parts.len()).map(of).collect())
}

/// Weights by which every class has as much to say as any other, if that is wanted.
pub(super) fn class_weights(spec: &TrainSpec, lesson: &Lesson, parts: &[Part]) -> Vec<f64> {
    if !spec.is_balanced {
        return Vec::new();
    }
    let mut counts = vec![0.0_f64; lesson.n_classes.into()];
    for (&class, part) in lesson.classes.iter().zip(parts) {
        if *part == Part::Train {
            counts[usize::from(class)] += 1.0;
        }
    }
    let most = counts.iter().copied().fold(1.0, f64::max);
    counts.iter().map(|&n| (most / n.max(1.0)).min(Params::MAX_CLASS_WEIGHT)).collect()
}

/// A model, and the rows it learnt from, counted.
pub(super) struct Fit {
    pub(super) model: Model,
    census: Census,
}

/// Trains on the rows that are there for it.
pub(super) async fn fit<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    uses: &[Use],
    params: &Params,
    watch: &mut Watch<'_>,
    (fit, n_fits): (usize, usize),
) -> Result<Fit, JobError> {
    let (mut crew, census) = Crew::gather(shards, table, lesson, uses).await?;
    let mut booster = Booster::new(&lesson.features, params.clone(), &census)?;
    crew.begin(shards, booster.plan()).await?;
    let is_last = fit + 1 == n_fits;
    let mut n_told = 0;
    (watch.tell)(Step::Train, 0.9 * fit as f64 / n_fits as f64);
    while let Some(order) = booster.order() {
        let report = crew.obey(shards, order).await?;
        booster.take(report);
        let model = booster.model();
        if is_last {
            for watched in model.curve.iter().skip(n_told) {
                (watch.round)(wrong(watched, model));
            }
        }
        n_told = model.curve.len();
        let done = n_told as f64 / f64::from(params.n_rounds);
        (watch.tell)(Step::Train, 0.9 * (fit as f64 + done) / n_fits as f64);
        if (watch.is_enough)() {
            booster.give_up();
        }
    }
    Ok(Fit { model: booster.finish(), census })
}

/// The votes of all rows of the table, in units of 2⁻⁴⁰: `rows × votes`.
pub(super) async fn classified<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    model: &Model,
) -> Result<Vec<i64>, JobError> {
    let n_votes = lesson.n_votes();
    let mut all = vec![0; table.n_rows() as usize * n_votes];
    let question = |_| {
        let (model, columns) = (Box::new(model.clone()), lesson.columns.clone());
        Question::Classify { model, columns }
    };
    let questions = to_all(shards.n_shards(), question);
    ask_all(shards, questions, |_, answer| {
        if let Answer::Voted { first_row, votes } = answer {
            all[first_row as usize * n_votes..][..votes.len()].copy_from_slice(&votes);
        }
    })
    .await?;
    Ok(all)
}

/// The training is over: shards need not keep their rows twice.
pub(super) async fn forget<S: Shards>(shards: &mut S) -> Result<(), JobError> {
    let questions = to_all(shards.n_shards(), |_| Question::Learn(Box::new(LearnQuestion::End)));
    ask_all(shards, questions, |_, _| {}).await?;
    Ok(())
}

/// How wrong a model is.
fn wrong(watched: &Watched, model: &Model) -> Wrong {
    let share = |wrong: &[u64], all: &[u64]| {
        let all = all.iter().sum::<u64>();
        (all > 0).then(|| wrong.iter().sum::<u64>() as f64 / all as f64)
    };
    Wrong {
        train: share(&watched.train_wrong, &model.train).unwrap_or(0.0),
        watched: share(&watched.held_wrong, &model.held),
    }
}
