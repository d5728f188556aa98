//! Eyes for a training: each learns from the rows that the model learns from, and measures all.
//!
//! ```text
//! rows to learn from ─▶ some, drawn ─▶ a forest, a reference, centres ─▶ what they measure there ─▶ cuts
//! each with its cuts to all shards ─▶ all rows measured, a code for each ─▶ columns beside the features
//! ```

use std::rc::Rc;

use ndarray::Array2;

use super::{
    super::{
        super::{
            JobError,
            added::{CENTRES, Eyes, Helped},
            adding::Gauging,
            bulk::Bulk,
            learned::TrainSpec,
            message::{AddQuestion, Answer, Gauge, Question},
            step::Step,
        },
        Dictionary, Shards, Table, ask_all,
        codes::sample,
        to_all,
    },
    Classifier,
    count::{Panel, of_test},
    course::Attempt,
    lesson::Lesson,
    widened::Wide,
};
use crate::engine::{
    arrange::sort_f64,
    boost::{Use, predicted},
    centres::Centres,
    evaluate::{Curve, mcnemar},
    eyes::Model,
    forest::{ForestParams, Grower},
    matrix,
    neighbours::Surroundings,
    table::dictionary::Ranked,
};

/// Rows that the local outlier factor compares with, that centres are found among, and that say which
/// measures are large.
const SHOWN: u32 = 5_000;
/// Codes of an added column.
const CODES: usize = 254;

/// The lesson with the columns that eyes add to it, and what the codes of these stand for. The eyes learn
/// from the rows to train on alone, and from the features alone; `tell` hears how far it is, from 0 to 1.
///
/// # Errors
///
/// [`Neighbours`](JobError::Neighbours), [`Fit`](JobError::Fit): there is too little to learn from.
pub(super) async fn widened<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: &TrainSpec,
    eyes: Eyes,
    lesson: &Lesson,
    uses: &[Use],
    tell: &mut dyn FnMut(Step, f64),
) -> Result<(Lesson, Vec<Dictionary>), JobError> {
    let (mut wide, mut added) = (lesson.clone(), Vec::new());
    if !eyes.is_any() {
        return Ok((wide, added));
    }
    tell(Step::Add, 0.0);
    let is_train = |place: &usize| uses[*place] == Use::Train;
    let train: Vec<u32> =
        (0..uses.len()).filter(is_train).map(|place| lesson.rows[place]).collect();
    let columns = &lesson.columns;
    let (_, shown) = sample(shards, table, columns, drawn(spec.seed), Some(&train)).await?;
    let n_eyes = eyes.each().iter().filter(|is_on| **is_on).count() as f64;
    let n_rows = f64::from(table.n_rows());
    let mut n_done = 0.0;
    for (eye, _) in eyes.each().iter().enumerate().filter(|(_, is_on)| **is_on) {
        let gauge = learnt(shards, table, lesson, eye, &train, spec.seed).await?;
        let cuts = cuts(&gauge, &shown);
        let place = added.len() as u32;
        let question = AddQuestion { gauge, columns: columns.clone(), place, cuts };
        for cuts in &question.cuts {
            let dictionary = Dictionary::Ranked(ranges(cuts));
            wide.features.extend(dictionary.feature());
            wide.columns.push(Wide { table, added: &[] }.first_fresh() + added.len() as u32);
            added.push(dictionary);
        }
        let ask = |_| Question::Add(Box::new(question.clone()));
        let mut n_measured = 0.0;
        ask_all(shards, to_all(shards.n_shards(), ask), |_, answer| {
            if let Answer::Progress(n) = answer {
                n_measured += n as f64;
                tell(Step::Add, (n_done + n_measured / n_rows) / n_eyes);
            }
        })
        .await?;
        n_done += 1.0;
    }
    Ok((wide, added))
}

/// So many rows, drawn once.
fn drawn(seed: u64) -> ForestParams {
    ForestParams { seed, n_trees: 1, sample_size: SHOWN, ..ForestParams::default() }
}

/// What an eye learns from some rows of the table.
async fn learnt<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    eye: usize,
    rows: &[u32],
    seed: u64,
) -> Result<Gauge, JobError> {
    let Lesson { columns, features, .. } = lesson;
    let params = match eye {
        0 => ForestParams { seed, ..ForestParams::default() },
        _ => drawn(seed),
    };
    let (samples, codes) = sample(shards, table, columns, params, Some(rows)).await?;
    let codes = codes.view();
    Ok(match eye {
        0 => {
            let forest = Grower::new(&samples, features, codes)?.finish();
            Gauge::Eye(Box::new(Model::Forest(Box::new(forest))))
        }
        1 => Gauge::Eye(Box::new(Model::Neighbours(Box::new(Surroundings::fit(features, codes)?)))),
        _ => Gauge::Centres(Box::new(Centres::find(features, codes, CENTRES as u32, seed))),
    })
}

/// Of each number that a gauge has for rows, the smallest of each code: so that codes have about equally
/// many of the rows it was shown.
fn cuts(gauge: &Gauge, shown: &Array2<u16>) -> Vec<Bulk<f64>> {
    let columns: Vec<Vec<u16>> =
        shown.columns().into_iter().map(|column| column.to_vec()).collect();
    let views: Vec<_> = columns.iter().map(|codes| matrix::Codes::U16(codes)).collect();
    let mut gauging = Gauging::new(gauge);
    let numbers = gauging.measured(&views);
    let n_columns = gauging.n_columns();
    let of_column = |column: usize| {
        let mut own: Vec<f64> = numbers.iter().skip(column).step_by(n_columns).copied().collect();
        sort_f64(&mut own);
        let mut cuts: Vec<f64> = (0..CODES).map(|code| own[code * own.len() / CODES]).collect();
        cuts.dedup();
        Bulk(cuts)
    };
    (0..n_columns).map(of_column).collect()
}

/// Codes that each stand for the numbers from their own on.
fn ranges(cuts: &[f64]) -> Ranked {
    let mut highs: Vec<f64> = cuts.iter().skip(1).map(|cut| cut.next_down()).collect();
    highs.extend(cuts.last());
    Ranked { lows: cuts.to_vec(), highs, counts: Vec::new(), n_distinct: cuts.len() as u32 }
}

/// Compares a model with what was fitted without eyes, by the test.
///
/// # Errors
///
/// [`NoneHeldOut`](JobError::NoneHeldOut), [`NotCosts`](JobError::NotCosts): votes cannot be counted so.
pub(super) fn helped(with: &Classifier, without: Attempt) -> Result<Helped, JobError> {
    let Attempt { fit, lesson, all, out_of_fold, .. } = without;
    let n_votes = fit.model.n_votes();
    let without = Classifier {
        model: Rc::new(fit.model),
        columns: lesson.columns,
        added: Rc::default(),
        panel: Rc::new(Panel { out_of_fold, ..(*with.panel).clone() }),
        kept: vec![(Vec::new(), Rc::new(all))],
        ..with.clone()
    };
    let ((votes, truth), (others, _)) = (of_test(&without)?, of_test(with)?);
    let votes = [&votes, &others];
    let (mut right, mut only) = ([0, 0], [0, 0]);
    for (row, &class) in truth.iter().enumerate() {
        let is_right = votes.map(|votes| predicted(&votes[row * n_votes..][..n_votes]) == class);
        for which in 0..2 {
            right[which] += u32::from(is_right[which]);
            only[which] += u32::from(is_right[which] && !is_right[1 - which]);
        }
    }
    let area = |votes: &Vec<i64>| Curve::of(votes, &truth, 1).roc_auc().ok();
    Ok(Helped {
        n_rows: truth.len() as u32,
        right,
        only,
        p: mcnemar(only[0].into(), only[1].into()),
        roc_auc: if n_votes == 1 { votes.map(area) } else { [None; 2] },
    })
}
