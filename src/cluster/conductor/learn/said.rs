//! What the columns say in a model.

use super::{
    super::{
        super::{
            JobError,
            bulk::Bulk,
            learned::{ColumnVotes, StepValues, VoteStep},
            message::{Answer, Question},
        },
        Dictionary, Shards, Table, ask_all,
    },
    widened::Wide,
};
use crate::engine::{
    arrange::arrange,
    boost::{Census, Model, Mute, Rules, Step, steps, value},
};

/// Rows whose votes are looked at where no table of votes is to be had.
const LOOKED_AT: usize = 2_000;
/// Names of categories that are told.
const NAMED: usize = 12;

/// What each column says, the one with most to say first. Stumps have a table of votes for each; of deeper
/// trees the mean over some of these rows is told.
pub(super) async fn columns<S: Shards>(
    shards: &mut S,
    wide: Wide<'_>,
    model: &Model,
    census: &Census,
    columns: &[u32],
    rows: &[u32],
) -> Result<Vec<ColumnVotes>, JobError> {
    if model.params.depth > 1 {
        return weights(shards, wide, model, columns, rows).await;
    }
    let of = |rules: Rules| {
        let column = columns[rules.feature as usize];
        let dictionary = wide.dictionary(column).unwrap_or(&Dictionary::None);
        let step = |step: &Step| VoteStep {
            values: values(dictionary, &step.codes),
            votes: step.votes.iter().map(|&vote| value(vote)).collect(),
            n_rows: step.n_rows,
        };
        let steps = rules.steps.iter().map(step).collect();
        ColumnVotes { column: wide.told(column), weight: rules.weight, steps }
    };
    Ok(steps(model, census).into_iter().map(of).collect())
}

fn values(dictionary: &Dictionary, codes: &[u16]) -> StepValues {
    let missing = dictionary.n_codes();
    match dictionary {
        Dictionary::Ranked(ranked) if codes[0] < missing => {
            let last = codes.iter().copied().rfind(|&code| code < missing);
            let last = usize::from(last.unwrap_or(codes[0]));
            StepValues::Range(ranked.lows[usize::from(codes[0])], ranked.high(last))
        }
        Dictionary::Unordered(_) if codes[0] < missing => {
            let present = codes.iter().filter(|&&code| code < missing);
            let names = present.clone().take(NAMED).map(|&code| dictionary.name(code)).collect();
            StepValues::Names(names, present.count() as u32)
        }
        _ => StepValues::Missing,
    }
}

/// The mean of the largest part that each column has in the votes of some rows.
async fn weights<S: Shards>(
    shards: &mut S,
    wide: Wide<'_>,
    model: &Model,
    columns: &[u32],
    rows: &[u32],
) -> Result<Vec<ColumnVotes>, JobError> {
    let apart = rows.len().div_ceil(LOOKED_AT).max(1);
    let rows: Vec<u32> = rows.iter().copied().step_by(apart).collect();
    let credits = credits(shards, wide.table, model, columns, &[], &rows).await?;
    let n_votes = model.n_votes();
    let mut sums = vec![0.0; columns.len()];
    for row in credits.chunks_exact(columns.len() * n_votes) {
        for (sum, votes) in sums.iter_mut().zip(row.chunks_exact(n_votes)) {
            *sum += votes.iter().map(|&vote| value(vote).abs()).fold(0.0, f64::max);
        }
    }
    let n_rows = rows.len().max(1) as f64;
    let weighed = columns.iter().zip(sums).filter(|&(_, sum)| sum > 0.0);
    let of = |(&column, sum): (&u32, f64)| ColumnVotes {
        column: wide.told(column),
        weight: sum / n_rows,
        steps: Vec::new(),
    };
    let mut columns: Vec<ColumnVotes> = weighed.map(of).collect();
    arrange(&mut columns, |a, b| b.weight.total_cmp(&a.weight));
    Ok(columns)
}

/// What each column adds to the votes of some rows: `rows × columns × votes`, in units of 2⁻⁴⁰.
pub(super) async fn credits<S: Shards>(
    shards: &mut S,
    table: &Table,
    model: &Model,
    columns: &[u32],
    except: &[Mute],
    rows: &[u32],
) -> Result<Vec<i64>, JobError> {
    let by_shard = table.by_shard(rows);
    let questions: Vec<_> = by_shard
        .iter()
        .map(|(shard, _, rows)| {
            let (model, columns) = (Box::new(model.clone()), columns.to_vec());
            let (rows, except) = (Bulk(rows.clone()), except.to_vec());
            (*shard, Question::Credit { model, columns, rows, except })
        })
        .collect();
    let width = columns.len() * model.n_votes();
    let mut all = vec![0; rows.len() * width];
    let answers = ask_all(shards, questions, |_, _| {}).await?;
    for ((_, places, _), (_, answer)) in by_shard.iter().zip(answers) {
        let Answer::Credited(there) = answer else { unreachable!("credits were asked for") };
        for (&place, credits) in places.iter().zip(there.chunks_exact(width)) {
            all[place * width..][..width].copy_from_slice(credits);
        }
    }
    Ok(all)
}
