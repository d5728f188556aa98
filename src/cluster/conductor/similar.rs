//! The rows that are most like one.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{Similar, SimilarRow},
        message::{Alike, Answer, LikeQuestion, Question},
        nearest::Nearest,
    },
    Detection, Shards, Table, ask_all,
    codes::codes,
    to_all,
};
use crate::engine::arrange::arrange;

/// Rows that are told at most: nobody reads on, and each comes with all its leaves.
const MOST: u32 = 1_000;

/// The `n` rows that are most like one by the forest that stands, odd or not; at most a thousand.
///
/// Takes a pass over all rows. Where other scores are adopted meanwhile, some shards answer about
/// those: whoever adopts them drops the answer.
///
/// # Errors
///
/// - [`NoSuchRow`](JobError::NoSuchRow): the row is beyond the table.
/// - [`NoScores`](JobError::NoScores): other scores have replaced these meanwhile.
pub async fn similar<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    row: u32,
    n: u32,
) -> Result<Similar, JobError> {
    let n_rows = table.n_rows();
    if row >= n_rows {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let n = n.min(MOST);
    let codes = Bulk(codes(shards, table, &[row], &detection.found.features).await?);
    let questions = to_all(shards.n_shards(), |_| {
        Question::Like(Box::new(LikeQuestion { row, codes: codes.clone(), n }))
    });
    let (mut n_same, mut nearest) = (0, Nearest::new(n));
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Like(there) = answer else { unreachable!("likes were asked for") };
        let (n_there, there) = there.ok_or(JobError::NoScores)?;
        n_same += n_there;
        for alike in there {
            nearest.take(alike);
        }
    }
    let mut nearest = nearest.finish();
    arrange(&mut nearest, |a, b| b.proximity.total_cmp(&a.proximity).then(a.row.cmp(&b.row)));
    let told = nearest.iter().map(|alike| {
        let score = *detection.found.scores.get(alike.row as usize)?;
        let Alike { row, n_rows, proximity, .. } = *alike;
        Some(SimilarRow { row, n_rows, proximity, score })
    });
    // A row that has no score is one of another table.
    let rows = told.collect::<Option<_>>().ok_or(JobError::NoScores)?;
    Ok(Similar { row, n_same, rows })
}
