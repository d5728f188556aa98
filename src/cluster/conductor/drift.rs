//! How some rows differ from all others, column by column.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{ColumnDrift, Drift, Unseen},
        message::{Answer, DriftQuestion, Question},
        view::Selection,
    },
    Dictionary, Shards, Table, ask_all, selected,
};
use crate::engine::{
    arrange::arrange,
    evaluate::{Sides, by_category, by_quantile, largest_gap, stability_index},
    table::dictionary::{Categories, Ranked},
};

/// Categories that are named.
const NAMED: usize = 20;

/// Compares the rows of a selection with all others, in each of some columns that have codes.
///
/// Shards count the codes of the baseline; all others are the rest of the table.
///
/// # Errors
///
/// - [`NothingSelected`](JobError::NothingSelected): the baseline holds no row; and all errors of
///   [`selected`].
/// - [`NothingToCompare`](JobError::NothingToCompare): it holds all rows.
/// - [`NoSuchColumn`](JobError::NoSuchColumn): a column is beyond the table.
pub async fn drift<S: Shards>(
    shards: &mut S,
    table: &Table,
    baseline: Selection,
    columns: &[u32],
) -> Result<Drift, JobError> {
    for &column in columns {
        table.dictionary(column)?;
    }
    if baseline.is_all() {
        return Err(JobError::NothingToCompare);
    }
    let rows = selected(shards, table, &baseline, &mut |_, _| {}).await?;
    let n_baseline = rows.len() as u32;
    let n_others = table.n_rows() - n_baseline;
    if n_baseline == 0 {
        return Err(JobError::NothingSelected);
    }
    if n_others == 0 {
        return Err(JobError::NothingToCompare);
    }
    let has_codes = |column: &u32| table.dictionaries[*column as usize] != Dictionary::None;
    let columns: Vec<u32> = columns.iter().copied().filter(has_codes).collect();
    let counts = counted(shards, table, &rows, &columns).await?;
    let of = |(&column, baseline): (&u32, Vec<u32>)| column_drift(table, column, &baseline);
    let columns = columns.iter().zip(counts).map(of).collect();
    Ok(Drift { baseline, n_baseline, n_others, columns })
}

/// How many of some rows have each code, column by column.
async fn counted<S: Shards>(
    shards: &mut S,
    table: &Table,
    rows: &[u32],
    columns: &[u32],
) -> Result<Vec<Vec<u32>>, JobError> {
    let n_codes = |&column: &u32| usize::from(table.dictionaries[column as usize].n_codes()) + 1;
    let mut counts: Vec<Vec<u32>> = columns.iter().map(|column| vec![0; n_codes(column)]).collect();
    let questions = table.by_shard(rows).into_iter().map(|(shard, _, rows)| {
        let question = DriftQuestion { rows: Bulk(rows), columns: columns.to_vec() };
        (shard, Question::Drift(Box::new(question)))
    });
    ask_all(shards, questions, |_, answer| {
        if let Answer::Drifted { place, counts: there } = answer {
            for (sum, &count) in counts[place as usize].iter_mut().zip(there.iter()) {
                *sum += count;
            }
        }
    })
    .await?;
    Ok(counts)
}

/// What the counts of the baseline and those of all rows come to.
#[inline(never)]
fn column_drift(table: &Table, column: u32, baseline: &[u32]) -> ColumnDrift {
    let dictionary = &table.dictionaries[column as usize];
    let n_missing = table.profile.columns[column as usize].n_missing;
    let all = dictionary.counts().iter().chain([&n_missing]);
    let sides: Vec<Sides> =
        baseline.iter().zip(all).map(|(&there, &all)| [there, all - there]).collect();
    let (bins, ks, unseen) = match dictionary {
        Dictionary::Ranked(ranked) => {
            (by_quantile(&sides), largest_gap(&sides), beyond(ranked, &sides))
        }
        Dictionary::Unordered(categories) => {
            (by_category(&sides), None, Some(unseen(categories, &sides)))
        }
        Dictionary::None => unreachable!("columns without codes were left out"),
    };
    let missing = sides.last().copied().unwrap_or_default();
    ColumnDrift { column, psi: stability_index(&bins), ks, n_missing: missing, unseen }
}

/// The rows whose numbers lie beyond all of the baseline.
fn beyond(ranked: &Ranked, sides: &[Sides]) -> Option<Unseen> {
    let present = &sides[..ranked.n_codes()];
    let is_known = |sides: &Sides| sides[0] > 0;
    let (first, last) = (present.iter().position(is_known)?, present.iter().rposition(is_known)?);
    let others = |sides: &[Sides]| sides.iter().map(|sides| sides[1]).sum();
    Some(Unseen::Beyond {
        range: (ranked.lows[first], ranked.high(last)),
        n_below: others(&present[..first]),
        n_above: others(&present[last + 1..]),
    })
}

/// The categories that no row of the baseline has.
fn unseen(categories: &Categories, sides: &[Sides]) -> Unseen {
    let mut new: Vec<(&[u8], u32)> = categories
        .texts
        .iter()
        .zip(sides)
        .filter(|(_, sides)| sides[0] == 0 && sides[1] > 0)
        .map(|(text, sides)| (text.as_slice(), sides[1]))
        .collect();
    let (n_distinct, n_rows) = (new.len() as u32, new.iter().map(|&(_, count)| count).sum());
    // Stable: equally common ones stay in the order of their texts.
    arrange(&mut new, |a, b| b.1.cmp(&a.1));
    let name = |(text, count): (&[u8], u32)| (String::from_utf8_lossy(text).into_owned(), count);
    Unseen::Categories {
        n_distinct,
        n_rows,
        names: new.into_iter().take(NAMED).map(name).collect(),
    }
}
