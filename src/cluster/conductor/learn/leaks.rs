//! What could flatter a test.

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            learned::{Leakage, NO_CLASS},
            message::{Answer, LearnQuestion, Question},
        },
        Shards, Table, ask_all, to_all,
    },
    lesson::Lesson,
};
use crate::engine::{
    arrange::arrange,
    evaluate::{Part, Telltale, Twins},
};

/// Test rows that a class, and all others together, need for a column to be said to tell it.
const LEAST_TOLD: u32 = 5;

/// Looks for what could flatter the test of a lesson, whose parts are `folds`: one, or several of which
/// each row is the test of one. Beside it, where any row of the test has its equal
/// among those learnt from, the rows of the test that have none: what they are told is yet to be judged.
pub(super) async fn leakage<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    folds: &[Vec<Part>],
    unseen: Vec<(String, u32)>,
) -> Result<(Leakage, Option<Vec<u32>>), JobError> {
    let hashes = hashes(shards, lesson).await?;
    let mut leakage = Leakage { unseen, ..Leakage::default() };
    let mut alone = Vec::new();
    for parts in folds {
        let twins = Twins::find(&hashes, &lesson.classes, parts);
        leakage.n_twins += twins.n_twins;
        leakage.n_twins_of_another_class += twins.n_twins_of_another_class;
        leakage.contradictions = (twins.n_contradictions, twins.n_contradicting);
        let is_alone = |&place: &usize| parts[place] == Part::Test && !twins.has_twin[place];
        alone.extend((0..parts.len()).filter(is_alone).map(|place| lesson.rows[place]));
    }
    if folds.len() > 1 {
        // The model that stays learns from all rows.
        let twins = Twins::find(&hashes, &lesson.classes, &vec![Part::Train; hashes.len()]);
        leakage.contradictions = (twins.n_contradictions, twins.n_contradicting);
    }
    arrange(&mut alone, Ord::cmp);
    leakage.telltales = telltales(shards, table, lesson, &folds[0]).await?;
    let alone = (leakage.n_twins > 0).then_some(alone);
    Ok((leakage, alone))
}

/// Two hashes of the features of each of a lesson's rows.
async fn hashes<S: Shards>(shards: &mut S, lesson: &Lesson) -> Result<Vec<[u64; 2]>, JobError> {
    let question = |_| Question::Learn(Box::new(LearnQuestion::Hashes(lesson.columns.clone())));
    let questions = to_all(shards.n_shards(), question);
    let mut all = Vec::new();
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Hashes(there) = answer else { unreachable!("hashes were asked for") };
        all.extend_from_slice(&there);
    }
    let pair = |&row: &u32| [all[2 * row as usize], all[2 * row as usize + 1]];
    Ok(lesson.rows.iter().map(pair).collect())
}

/// The columns that alone tell a class from all others nearly always, the best first.
async fn telltales<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    parts: &[Part],
) -> Result<Vec<(u32, f64, u8)>, JobError> {
    let train = tallies_of(shards, table, lesson, parts, Part::Train).await?;
    let test = tallies_of(shards, table, lesson, parts, Part::Test).await?;
    let mut found = Vec::new();
    let mut start = 0;
    for (&column, feature) in lesson.columns.iter().zip(&lesson.features) {
        let n = (usize::from(feature.n_codes()) + 1) * usize::from(lesson.n_classes);
        let cells = start..start + n;
        start += n;
        let told = Telltale::find(
            &train[cells.clone()],
            &test[cells],
            lesson.n_classes,
            feature.is_ranked(),
            LEAST_TOLD,
        );
        if let Ok(told) = told.as_ref()
            && told.is_too_good()
        {
            found.push((column, told.roc_auc, told.class));
        }
    }
    arrange(&mut found, |a, b| b.1.total_cmp(&a.1));
    Ok(found)
}

/// How often each code comes with each class in a part of a lesson, column after column.
pub(super) async fn tallies_of<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    parts: &[Part],
    wanted: Part,
) -> Result<Vec<u32>, JobError> {
    let mut classes = vec![NO_CLASS; table.n_rows() as usize];
    for ((&row, &class), part) in lesson.rows.iter().zip(&lesson.classes).zip(parts) {
        if *part == wanted {
            classes[row as usize] = class;
        }
    }
    tallies(shards, table, &lesson.columns, &classes, lesson.n_classes).await
}

/// How often each code comes with each class below `n_classes`, column after column; by row of the table.
pub(super) async fn tallies<S: Shards>(
    shards: &mut S,
    table: &Table,
    columns: &[u32],
    classes: &[u8],
    n_classes: u8,
) -> Result<Vec<u32>, JobError> {
    let questions: Vec<_> = (0..)
        .zip(&table.parts)
        .map(|(shard, there)| {
            let question = LearnQuestion::Tally {
                columns: columns.to_vec(),
                classes: Bulk(classes[there.rows()].to_vec()),
                n_classes: n_classes.into(),
            };
            (shard, Question::Learn(Box::new(question)))
        })
        .collect();
    let mut sums: Vec<u32> = Vec::new();
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Tallied(there) = answer else { unreachable!("tallies were asked for") };
        sums.resize(there.len(), 0);
        for (sum, n) in sums.iter_mut().zip(there.iter()) {
            *sum += n;
        }
    }
    Ok(sums)
}
