//! Training: the way from a column to a model and its figures.

use std::rc::Rc;

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            counting::{Counting, Weights},
            findings::Step,
            learned::{Leakage, NO_CLASS, RowSet, SplitBy, TrainSpec, Trained, Wrong},
            learning::code_of,
            message::{Answer, LearnQuestion, Question},
        },
        Shards, Table, ask_all,
        detect::features,
        to_all,
    },
    Classifier,
    count::{Panel, checked, classified, costs_of, recount},
    leaks::leakage,
    said,
    split::{Parting, held_out, parting},
    target::{Target, target},
};
use crate::engine::{
    boost::{Booster, Census, Model, Order, Params, Report, Use, Watched, value},
    evaluate::{Part, unseen_classes},
    matrix::Feature,
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

/// What there is to learn: rows that have a class, and what of them is looked at.
pub(super) struct Lesson<'a> {
    pub(super) columns: Vec<u32>,
    pub(super) features: &'a [Feature],
    /// Rows of the table.
    pub(super) rows: Vec<u32>,
    /// Their classes; the number of classes for one that is never learnt.
    pub(super) classes: Vec<u8>,
    pub(super) n_classes: u8,
}

impl Lesson<'_> {
    pub(super) fn n_votes(&self) -> usize {
        if self.n_classes == 2 { 1 } else { self.n_classes.into() }
    }
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
    let columns: Vec<u32> =
        spec.features.iter().copied().filter(|&column| column != spec.target).collect();
    let features = features(table, &columns)?;
    let Target { mut names, classes } = target(shards, table, spec.target, &spec.classes).await?;
    let Parting { rows, parts, notes } = parting(shards, table, &spec, &classes).await?;
    let there: Vec<u8> = rows.iter().map(|&row| classes[row as usize]).collect();
    let is_folded = matches!(spec.split, SplitBy::Folds { .. });

    // Classes that are learnt come first, those that never are have one number together.
    let unseen = if is_folded { Vec::new() } else { unseen_classes(&there, &parts[0]) };
    let told = |&(class, n): &(u8, u32)| (names[usize::from(class)].clone(), n);
    let unseen_names: Vec<(String, u32)> = unseen.iter().map(told).collect();
    let renumbered = renumbered(&there, &parts[0], is_folded, &mut names);
    let n_classes = names.len() as u8;
    let mut lesson = Lesson { columns, features: &features, rows, classes: Vec::new(), n_classes };
    lesson.classes = there.iter().map(|&class| renumbered[usize::from(class)]).collect();

    let mut params = spec.params.clone();
    checked(&spec.counting, &spec.split, n_classes.into())?;
    let n_fits = if is_folded { parts.len() + 1 } else { 1 };
    let votes = if is_folded {
        out_of_fold(shards, table, &spec, &lesson, &parts, watch).await?
    } else {
        Vec::new()
    };
    // With folds the model that stays learns from all.
    let parts = if is_folded { vec![Part::Train; lesson.rows.len()] } else { parts[0].clone() };
    params.class_weights = class_weights(&spec, &lesson, &parts)?;
    let holds_out = spec.holds_out && !is_folded || params.patience.is_some();
    let uses = uses(&lesson, &parts, holds_out, spec.seed, !is_folded)?;
    let fit = fit(shards, table, &lesson, &uses, &params, watch, (n_fits - 1, n_fits)).await?;
    (watch.tell)(Step::Classify, 0.9);
    let all = classified(shards, table, &lesson.columns, &fit.model, &[]).await?;
    (watch.tell)(Step::Judge, 0.92);
    let (leakage, alone) = if is_folded {
        (Leakage::default(), None)
    } else {
        leakage(shards, table, &lesson, &parts, unseen_names).await?
    };
    (watch.tell)(Step::Judge, 0.94);
    let columns =
        said::columns(shards, table, &fit.model, &fit.census, &lesson.columns, &lesson.rows)
            .await?;
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
    let panel = Panel { sets, alone, out_of_fold: is_folded.then_some(votes) };
    let counting = spec.counting.clone();
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
        columns,
        leakage,
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
    let classifier = Classifier {
        trained: Rc::new(trained),
        model: Rc::new(fit.model),
        panel: Rc::new(panel),
        kept: vec![(Vec::new(), Rc::new(all))],
    };
    let mut judging = |done: f64| (watch.tell)(Step::Judge, 0.95 + 0.05 * done);
    recount(shards, table, &classifier, counting, &mut judging).await
}

/// The votes of a lesson's rows, each by a model that learnt from the other folds.
async fn out_of_fold<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: &TrainSpec,
    lesson: &Lesson<'_>,
    folds: &[Vec<Part>],
    watch: &mut Watch<'_>,
) -> Result<Vec<i64>, JobError> {
    let n_votes = lesson.n_votes();
    let mut votes = vec![0; lesson.rows.len() * n_votes];
    let n_fits = folds.len() + 1;
    for (fold, parts) in folds.iter().enumerate() {
        let class_weights = class_weights(spec, lesson, parts)?;
        let params = Params { class_weights, ..spec.params.clone() };
        let uses = uses(lesson, parts, params.patience.is_some(), spec.seed, false)?;
        let fit = fit(shards, table, lesson, &uses, &params, watch, (fold, n_fits)).await?;
        (watch.tell)(Step::Classify, 0.9 * (fold + 1) as f64 / n_fits as f64);
        let all = classified(shards, table, &lesson.columns, &fit.model, &[]).await?;
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

/// New numbers for classes: those that are learnt in their order, all others the one behind; the names
/// are those that are learnt from now on.
fn renumbered(classes: &[u8], parts: &[Part], is_folded: bool, names: &mut Vec<String>) -> Vec<u8> {
    let mut is_learnt = vec![false; names.len()];
    for (&class, part) in classes.iter().zip(parts) {
        is_learnt[usize::from(class)] |= is_folded || *part == Part::Train;
    }
    let n_learnt = is_learnt.iter().filter(|&&is| is).count() as u8;
    let mut next = 0;
    let mut numbers = Vec::with_capacity(names.len());
    for &is_learnt in &is_learnt {
        numbers.push(if is_learnt { next } else { n_learnt });
        next += u8::from(is_learnt);
    }
    let mut kept = is_learnt.into_iter();
    names.retain(|_| kept.next() == Some(true));
    numbers
}

/// What each of a lesson's rows is there for.
fn uses(
    lesson: &Lesson<'_>,
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
fn class_weights(
    spec: &TrainSpec,
    lesson: &Lesson<'_>,
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
struct Fit {
    model: Model,
    census: Census,
}

/// Trains on the rows that are there for it.
async fn fit<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson<'_>,
    uses: &[Use],
    params: &Params,
    watch: &mut Watch<'_>,
    (fit, n_fits): (usize, usize),
) -> Result<Fit, JobError> {
    let census = gather(shards, table, lesson, uses).await?;
    let mut booster = Booster::new(lesson.features, params.clone(), &census)?;
    let plan = booster.plan().clone();
    let begin = |_| Question::Learn(Box::new(LearnQuestion::Begin(Box::new(plan.clone()))));
    let questions = to_all(shards.n_shards(), begin);
    ask_all(shards, questions, |_, _| {}).await?;
    let is_last = fit + 1 == n_fits;
    let mut n_told = 0;
    (watch.tell)(Step::Train, 0.9 * fit as f64 / n_fits as f64);
    while let Some(order) = booster.order() {
        let report = obey(shards, order).await?;
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

/// Has all shards do what is next, and adds up what came of it.
async fn obey<S: Shards>(shards: &mut S, order: &Order) -> Result<Report, JobError> {
    let question = |_| Question::Learn(Box::new(LearnQuestion::Obey(Box::new(order.clone()))));
    let questions = to_all(shards.n_shards(), question);
    let mut sum: Option<Report> = None;
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Reported(report) = answer else { unreachable!("a report was asked for") };
        match &mut sum {
            Some(sum) => sum.merge(&report),
            None => sum = Some(*report),
        }
    }
    Ok(sum.expect("there is a shard"))
}

/// Has all shards gather their rows, and counts them.
async fn gather<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson<'_>,
    uses: &[Use],
) -> Result<Census, JobError> {
    let n_rows = table.n_rows() as usize;
    let (mut classes, mut codes) = (vec![0; n_rows], vec![code_of(Use::Out); n_rows]);
    for ((&row, &class), &of) in lesson.rows.iter().zip(&lesson.classes).zip(uses) {
        classes[row as usize] = class;
        codes[row as usize] = code_of(of);
    }
    let questions: Vec<_> = (0..)
        .zip(&table.parts)
        .map(|(shard, part)| {
            let rows = part.rows();
            let question = LearnQuestion::Gather {
                columns: lesson.columns.clone(),
                classes: Bulk(classes[rows.clone()].to_vec()),
                uses: Bulk(codes[rows].to_vec()),
                n_classes: lesson.n_classes.into(),
            };
            (shard, Question::Learn(Box::new(question)))
        })
        .collect();
    let mut sum: Option<Census> = None;
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Census(census) = answer else { unreachable!("a census was asked for") };
        match &mut sum {
            Some(sum) => sum.merge(&census),
            None => sum = Some(*census),
        }
    }
    Ok(sum.expect("there is a shard"))
}

/// The training is over: shards need not keep their rows twice.
async fn forget<S: Shards>(shards: &mut S) -> Result<(), JobError> {
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
