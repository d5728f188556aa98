//! The codes of some rows, from whichever shards hold them.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        message::{Answer, Question},
    },
    Shards, Table, ask_all,
};

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
