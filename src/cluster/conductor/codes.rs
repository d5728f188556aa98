//! The codes of some rows, asked for or drawn, from whichever shards hold them.

use ndarray::Array2;

use super::{
    super::{
        JobError,
        bulk::Bulk,
        message::{Answer, Question},
    },
    Shards, Table, ask_all,
};
use crate::engine::forest::{ForestParams, Samples};

/// Returns the codes of `rows`, in the order asked: `rows × columns`, which have codes.
pub(super) async fn codes<S: Shards>(
    shards: &mut S,
    table: &Table,
    rows: &[u32],
    columns: &[u32],
) -> Result<Vec<u16>, JobError> {
    let mut codes = vec![0; rows.len() * columns.len()];
    let by_shard = table.by_shard(rows);
    let questions: Vec<_> = by_shard
        .iter()
        .map(|(shard, _, rows)| {
            let rows = Bulk(rows.clone());
            (*shard, Question::Codes { rows, columns: columns.to_vec() })
        })
        .collect();
    let answers = ask_all(shards, questions, |_, _| {}).await?;
    for ((_, places, _), (_, answer)) in by_shard.iter().zip(answers) {
        let Answer::Codes(there) = answer else { unreachable!("codes were asked for") };
        for (&place, row) in places.iter().zip(there.chunks(columns.len())) {
            codes[place * columns.len()..][..columns.len()].copy_from_slice(row);
        }
    }
    Ok(codes)
}

/// Draws the rows that trees grow on, of those selected; returns them with their codes, `rows × columns`.
pub(super) async fn sample<S: Shards>(
    shards: &mut S,
    table: &Table,
    columns: &[u32],
    params: ForestParams,
    selected: Option<&[u32]>,
) -> Result<(Samples, Array2<u16>), JobError> {
    let n_rows = selected.map_or(table.n_rows(), |rows| rows.len() as u32);
    let samples = Samples::draw(params, n_rows)?;
    let row = |&drawn: &u32| selected.map_or(drawn, |rows| rows[drawn as usize]);
    let rows: Vec<u32> = samples.rows().iter().map(row).collect();
    let codes = codes(shards, table, &rows, columns).await?;
    let shape = (rows.len(), columns.len());
    Ok((samples, Array2::from_shape_vec(shape, codes).expect("a code for every sampled cell")))
}
