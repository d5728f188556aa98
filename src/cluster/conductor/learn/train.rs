//! Training: the way from a column to a model and its figures.

use std::rc::Rc;

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            counting::{Counting, Weights},
            learned::{NO_CLASS, RowSet, TrainSpec, Trained, Wrong},
            message::{LearnQuestion, Question},
            step::Step,
        },
        Shards, Table, ask_all, to_all, to_each,
    },
    Classifier,
    applied::applied,
    count::{Panel, checked, costs_of, recount},
    course::{Attempt, Course},
    crew::Crew,
    eyes::helped,
    leaks::leakage,
    lesson::{Lesson, Prepared, prepare},
    said,
    split::held_out,
    widened::Wide,
};
use crate::engine::{
    boost::{Booster, Census, Model, Params, Use, Watched, value},
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
    let Prepared { lesson, names, unseen, parts: folds, notes, is_folded, of_file } =
        prepare(shards, table, &spec).await?;
    let n_classes = lesson.n_classes;
    let mut params = spec.params.clone();
    checked(&spec.counting, &spec.split, n_classes.into())?;
    // With folds the model that stays learns from all.
    let parts = if is_folded { vec![Part::Train; lesson.rows.len()] } else { folds[0].clone() };
    params.class_weights = class_weights(&spec, &lesson, &parts)?;
    let holds_out = spec.keeps_some();
    let uses = uses(&lesson, &parts, holds_out, spec.seed, !is_folded)?;
    let several = if is_folded { &folds[..] } else { &[] };
    let course = Course { spec: &spec, lesson: &lesson, folds: several, uses: &uses, params };
    let (with, without) = course.run(shards, table, watch).await?;
    let Attempt { fit, lesson: wide, added, all, out_of_fold } = with;
    (watch.tell)(Step::Judge, 0.92);
    let (leakage, alone) = leakage(shards, table, &lesson, &folds, unseen).await?;
    (watch.tell)(Step::Judge, 0.94);
    let applied = match &of_file {
        Some(rows) => Some(applied(shards, table, &lesson, rows).await?),
        None => None,
    };
    let whole = Wide { table, added: &added };
    let columns =
        said::columns(shards, whole, &fit.model, &fit.census, &wide.columns, &lesson.rows).await?;
    forget(shards).await?;
    let mut truth = vec![NO_CLASS; table.n_rows() as usize];
    for (&row, &class) in lesson.rows.iter().zip(&lesson.classes) {
        truth[row as usize] = class;
    }
    let rows_of = |is_of: &dyn Fn(usize) -> bool| -> Vec<u32> {
        (0..parts.len()).filter(|&place| is_of(place)).map(|place| lesson.rows[place]).collect()
    };
    let mut sets = vec![
        (RowSet::Test, rows_of(&|place| is_folded || parts[place] == Part::Test)),
        (RowSet::Holdout, rows_of(&|place| holds_out && uses[place] == Use::Held)),
        (RowSet::Train, rows_of(&|place| uses[place] == Use::Train)),
    ];
    sets.retain(|(_, rows)| !rows.is_empty());
    let panel = Panel { sets, alone, of_file, out_of_fold };
    let counting = spec.counting.clone();
    let names_added = spec.eyes.columns(&table.profile).into_iter().take(added.len());
    let trained = Trained {
        classes: names,
        n_train: fit.model.train.to_vec(),
        n_unlabelled: table.n_rows() - lesson.rows.len() as u32,
        n_rounds: fit.model.rounds.len() as u32,
        ending: fit.model.ending,
        curve: fit.model.curve.iter().map(|watched| wrong(watched, &fit.model)).collect(),
        watched: match (holds_out, is_folded) {
            (true, _) => Some(RowSet::Holdout),
            (false, true) => None,
            (false, false) => Some(RowSet::Test),
        },
        notes,
        added: names_added.map(|(_, name)| name).collect(),
        helped: None,
        columns,
        leakage,
        applied,
        truth: Bulk(truth),
        reach: value(fit.model.reach()),
        spec: TrainSpec { features: lesson.columns.clone(), ..spec },
        judged: Vec::new(),
        predicted: Bulk::default(),
        margins: Bulk::default(),
        line: 0.0,
        unmuted: Vec::new(),
        cheapest: None,
    };
    let mut classifier = Classifier {
        trained: Rc::new(trained),
        model: Rc::new(fit.model),
        columns: wide.columns,
        added: Rc::new(added),
        panel: Rc::new(panel),
        kept: vec![(Vec::new(), Rc::new(all))],
    };
    if let Some(without) = without {
        let helped = helped(&classifier, without)?;
        Rc::make_mut(&mut classifier.trained).helped = Some(helped);
    }
    let mut judging = |done: f64| (watch.tell)(Step::Judge, 0.95 + 0.05 * done);
    let mut classifier = recount(shards, table, &classifier, counting, &mut judging).await?;
    // Nothing waits from here on: the added columns stand with their model, or neither does.
    classifier.columns = classifier.trained.columns_of_model(&table.profile);
    let n_added = classifier.added.len() as u32;
    to_each(shards, || Question::Keep(n_added));
    Ok(classifier)
}

/// What each of a lesson's rows is there for.
pub(super) fn uses(
    lesson: &Lesson,
    parts: &[Part],
    holds_out: bool,
    seed: u64,
    is_watched: bool,
) -> Result<Vec<Use>, JobError> {
    let is_held = if holds_out { Some(held_out(&lesson.classes, parts, seed)?) } else { None };
    let of = |place: usize| match (parts[place], &is_held) {
        (Part::Train, Some(is_held)) if is_held[place] => Use::Held,
        (Part::Train, _) => Use::Train,
        // Rows of a class that was never learnt cannot be watched: they are wrong in every round.
        (Part::Test, None) if is_watched && lesson.classes[place] < lesson.n_classes => Use::Held,
        (Part::Test, _) => Use::Out,
    };
    Ok((0..parts.len()).map(of).collect())
}

/// Weights of classes, if they are to have any.
pub(super) fn class_weights(
    spec: &TrainSpec,
    lesson: &Lesson,
    parts: &[Part],
) -> Result<Vec<f64>, JobError> {
    let n_classes = usize::from(lesson.n_classes);
    match &spec.weights {
        Weights::Alike => Ok(Vec::new()),
        Weights::Costs(costs) => {
            let counting = Counting { costs: costs.clone(), ..Counting::default() };
            let costs = costs_of(&counting, n_classes)?;
            Ok(costs.chunks_exact(n_classes).map(|of_class| of_class.iter().sum()).collect())
        }
        Weights::Balanced => {
            let mut counts = vec![0.0_f64; n_classes];
            for (&class, part) in lesson.classes.iter().zip(parts) {
                if *part == Part::Train {
                    counts[usize::from(class)] += 1.0;
                }
            }
            let most = counts.iter().copied().fold(1.0, f64::max);
            let weight = |&n: &f64| (most / n.max(1.0)).min(Params::MAX_CLASS_WEIGHT);
            Ok(counts.iter().map(weight).collect())
        }
    }
}

/// A model, and the rows it learnt from, counted.
pub(super) struct Fit {
    pub(super) model: Model,
    pub(super) census: Census,
}

/// Trains on the rows that are there for it; `watch` hears that it is between two points of the whole.
pub(super) async fn fit<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    uses: &[Use],
    params: &Params,
    watch: &mut Watch<'_>,
    (from, to): (f64, f64),
) -> Result<Fit, JobError> {
    let (mut crew, census) = Crew::gather(shards, table, lesson, uses).await?;
    let mut booster = Booster::new(&lesson.features, params.clone(), &census)?;
    crew.begin(shards, booster.plan()).await?;
    let mut n_told = 0;
    (watch.tell)(Step::Train, from);
    while let Some(order) = booster.order() {
        let report = crew.obey(shards, order).await?;
        booster.take(report);
        let model = booster.model();
        for watched in model.curve.iter().skip(n_told) {
            (watch.round)(wrong(watched, model));
        }
        n_told = model.curve.len();
        let done = n_told as f64 / f64::from(params.n_rounds);
        (watch.tell)(Step::Train, from + done * (to - from));
        if (watch.is_enough)() {
            booster.give_up();
        }
    }
    Ok(Fit { model: booster.finish(), census })
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
