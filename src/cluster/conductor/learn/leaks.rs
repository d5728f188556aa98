//! What could flatter a test.

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            learned::{Judged, Leakage, NO_CLASS, RowSet},
            message::{Answer, LearnQuestion, Question},
        },
        Shards, Table, ask_all, to_all,
    },
    judge::{Answers, judged},
    lesson::Lesson,
};
use crate::engine::{
    arrange::arrange,
    evaluate::{Part, Telltale, Twins},
};

/// Looks for what could flatter the test of a lesson; `votes` are those of its rows, by place.
pub(super) async fn leakage<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    parts: &[Part],
    votes: &[i64],
    unseen: Vec<(String, u32)>,
) -> Result<Leakage, JobError> {
    let hashes = hashes(shards, lesson).await?;
    let twins = Twins::find(&hashes, &lesson.classes, parts);
    let without_twins = (twins.n_twins > 0).then(|| without(&twins, lesson, parts, votes));
    Ok(Leakage {
        n_twins: twins.n_twins,
        n_twins_of_another_class: twins.n_twins_of_another_class,
        without_twins: without_twins.flatten(),
        contradictions: (twins.n_contradictions, twins.n_contradicting),
        telltales: telltales(shards, table, lesson, parts).await?,
        unseen,
    })
}

/// The figures of the test rows that have no twin; none if there are none.
fn without(twins: &Twins, lesson: &Lesson, parts: &[Part], votes: &[i64]) -> Option<Judged> {
    let n_votes = lesson.n_votes();
    let (mut truth, mut own) = (Vec::new(), Vec::new());
    for (place, part) in parts.iter().enumerate() {
        if *part == Part::Test && !twins.has_twin[place] {
            truth.push(lesson.classes[place]);
            own.extend_from_slice(&votes[place * n_votes..][..n_votes]);
        }
    }
    let answers = Answers { votes: &own, truth: &truth, n_classes: lesson.n_classes };
    (!truth.is_empty()).then(|| judged(RowSet::Test, &answers, None))
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
    let train = tallies(shards, table, lesson, parts, Part::Train).await?;
    let test = tallies(shards, table, lesson, parts, Part::Test).await?;
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

/// How often each code comes with each class in a part, column after column.
pub(super) async fn tallies<S: Shards>(
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
    let questions: Vec<_> = (0..)
        .zip(&table.parts)
        .map(|(shard, there)| {
            let question = LearnQuestion::Tally {
                columns: lesson.columns.clone(),
                classes: Bulk(classes[there.rows()].to_vec()),
                n_classes: lesson.n_classes.into(),
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
