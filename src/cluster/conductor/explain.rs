//! Why rows are odd.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{Contribution, Inspection, Reason, RowReasons},
        message::{Answer, Question},
    },
    Detection, Shards, Table, ask_all, rows,
    select::missing,
};
use crate::engine::{arrange::order, eyes::Eye, forest::average_path_length, table::ColumnType};

/// How many reasons a row shows.
const SHOWN: usize = 3;

/// What a shard told of one row.
struct Explained {
    codes: Vec<u16>,
    steps: Vec<f64>,
    score: f64,
    path_length: f64,
    eye: Eye,
}

async fn explained<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    wanted: &[u32],
) -> Result<Vec<Explained>, JobError> {
    let n_rows = table.n_rows();
    if let Some(&row) = wanted.iter().find(|&&row| row >= n_rows) {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let n_features = detection.found.features.len();
    let by_shard = table.by_shard(wanted);
    let questions: Vec<_> = by_shard
        .iter()
        .map(|(shard, _, rows)| (*shard, Question::Explain { rows: Bulk(rows.clone()) }))
        .collect();
    let answers = ask_all(shards, questions, |_, _| {}).await?;
    let mut explained: Vec<Option<Explained>> = wanted.iter().map(|_| None).collect();
    for ((_, places, _), (_, answer)) in by_shard.iter().zip(answers) {
        let Answer::Explained { codes, steps, scores, eyes } = answer else {
            unreachable!("explanations were asked for")
        };
        for (i, &place) in places.iter().enumerate() {
            explained[place] = Some(Explained {
                codes: codes[i * n_features..][..n_features].to_vec(),
                steps: steps[i * n_features..][..n_features].to_vec(),
                score: scores[2 * i],
                path_length: scores[2 * i + 1],
                eye: eyes[i],
            });
        }
    }
    Ok(explained.into_iter().map(|row| row.expect("every row has a shard")).collect())
}

/// The strongest columns of some rows, in the order asked.
///
/// # Errors
///
/// [`NoSuchRow`](JobError::NoSuchRow): a row is beyond the table.
pub async fn reasons<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    wanted: &[u32],
) -> Result<Vec<RowReasons>, JobError> {
    let features = &detection.found.features;
    let explained = explained(shards, table, detection, wanted).await?;
    let reasons = |row: &Explained| {
        let mut reasons = Vec::new();
        let average_path = yardstick(detection, row.eye);
        for feature in strongest_first(&row.steps).into_iter().take(SHOWN) {
            let column = features[feature];
            let step = row.steps[feature];
            if step < 0.0 {
                reasons.push(Reason {
                    column,
                    contribution: -step / average_path,
                    direction: table.dictionaries[column as usize].direction(row.codes[feature]),
                });
            }
        }
        reasons
    };
    Ok(wanted
        .iter()
        .zip(&explained)
        .map(|(&row, explained)| RowReasons {
            row,
            eye: explained.eye,
            reasons: reasons(explained),
        })
        .collect())
}

/// Everything about one row.
///
/// # Errors
///
/// As [`reasons`] and [`rows`](super::rows).
pub async fn inspect<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    row: u32,
) -> Result<Inspection, JobError> {
    let mut explained = explained(shards, table, detection, &[row]).await?;
    let explained = explained.remove(0);
    let text = rows(shards, table, &[row]).await?.remove(0);
    let contribution = |feature: usize| {
        let column = detection.found.features[feature];
        let dictionary = &table.dictionaries[column as usize];
        let n_missing = table.profile.columns[column as usize].n_missing;
        let code = explained.codes[feature];
        Contribution {
            column,
            steps: explained.steps[feature],
            direction: dictionary.direction(code),
            quantile: dictionary.quantile(code),
            share: f64::from(dictionary.count(code, n_missing)) / f64::from(table.n_rows()),
        }
    };
    let expected_path = explained.path_length - explained.steps.iter().sum::<f64>();
    Ok(Inspection {
        times: times(table, &text.cells),
        text,
        score: explained.score,
        eye: explained.eye,
        path_length: explained.path_length,
        expected_path,
        average_path: yardstick(detection, explained.eye),
        contributions: strongest_first(&explained.steps).into_iter().map(contribution).collect(),
    })
}

/// The points in time among a row's cells, by column.
fn times(table: &Table, cells: &[String]) -> Vec<(u32, f64)> {
    let missing = missing(table);
    let readings = (0..).zip(&table.readings).zip(cells);
    readings
        .filter(|((_, reading), _)| reading.kind == ColumnType::Time)
        .filter_map(|((column, reading), cell)| {
            Some((column, reading.place(cell.as_bytes(), &missing)?))
        })
        .collect()
}

/// What a step is measured by, to be bits.
fn yardstick(detection: &Detection, eye: Eye) -> f64 {
    match eye {
        Eye::Neighbours => 1.0,
        _ => average_path_length(detection.found.params.sample_size),
    }
}

/// Features by their step, the most negative (the oddest) first; of equal ones the first.
fn strongest_first(steps: &[f64]) -> Vec<usize> {
    order(steps.len(), &mut |a, b| steps[a].total_cmp(&steps[b]))
}
