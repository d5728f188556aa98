//! Which ranks stay when half of the trees do.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::Band,
        message::{Answer, Question},
    },
    Shards, Table, ask_all, to_all,
};
use crate::engine::forest::N_HALVES;

/// Where some rows stand in ten half-forests of the forest that stands, in the order asked.
///
/// The first question about a detection takes a pass over all rows, and so much longer than a later
/// one. Where other scores are adopted meanwhile, some shards answer about those: whoever adopts
/// them drops the answer.
///
/// # Errors
///
/// - [`NoSuchRow`](JobError::NoSuchRow): a row is beyond the table.
/// - [`NoScores`](JobError::NoScores): another table has replaced this one meanwhile.
pub async fn steadiness<S: Shards>(
    shards: &mut S,
    table: &Table,
    rows: &[u32],
) -> Result<Vec<Band>, JobError> {
    let n_rows = table.n_rows();
    if let Some(&row) = rows.iter().find(|&&row| row >= n_rows) {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let paths = half_paths(shards, table, rows).await?;
    let questions = to_all(shards.n_shards(), |_| Question::Shorter { paths: paths.clone() });
    let mut n_shorter = vec![0_u32; paths.len()];
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Shorter(there) = answer else { unreachable!("counts were asked for") };
        for (sum, n) in n_shorter.iter_mut().zip(there.ok_or(JobError::NoScores)?.iter()) {
            *sum += n;
        }
    }
    let (halves, _) = n_shorter.as_chunks::<N_HALVES>();
    let band = |(&row, halves): (&u32, &[u32; N_HALVES])| {
        let (best, worst) = halves.iter().fold((u32::MAX, 0), |(best, worst), n_shorter| {
            let rank = n_shorter + 1;
            (rank.min(best), rank.max(worst))
        });
        Band { row, best, worst }
    };
    Ok(rows.iter().zip(halves).map(band).collect())
}

/// The paths of some rows, from whichever shards hold them: `rows × halves`.
async fn half_paths<S: Shards>(
    shards: &mut S,
    table: &Table,
    rows: &[u32],
) -> Result<Bulk<u32>, JobError> {
    let by_shard = table.by_shard(rows);
    let question = |rows: &Vec<u32>| Question::HalfPaths { rows: Bulk(rows.clone()) };
    let questions: Vec<_> =
        by_shard.iter().map(|(shard, _, rows)| (*shard, question(rows))).collect();
    let answers = ask_all(shards, questions, |_, _| {}).await?;
    let mut paths = vec![0; rows.len() * N_HALVES];
    for ((_, places, _), (_, answer)) in by_shard.iter().zip(answers) {
        let Answer::HalfPaths(there) = answer else { unreachable!("paths were asked for") };
        for (place, row) in places.iter().zip(there.chunks_exact(N_HALVES)) {
            paths[place * N_HALVES..][..N_HALVES].copy_from_slice(row);
        }
    }
    Ok(Bulk(paths))
}
