//! The orders of selected rows.

use super::super::{
    bulk::Bulk,
    message::{Answer, SortBy, SortKeys},
    shard::{CodedColumn, Shard},
};
use crate::engine::arrange::{ascending_bits, sort_pairs};

/// The rows that match, in an order that needs no text; without any, in that of the file.
pub(super) fn ordered(shard: &Shard, matches: &[bool], sort: Option<SortBy>) -> Answer {
    let Some(sort) = sort else { return unsorted(shard, matches) };
    match sort {
        SortBy::Codes { column, is_descending } => {
            by_code(shard, matches, shard.column(column), is_descending)
        }
        SortBy::Numbers { column, is_descending } => {
            by_number(shard, matches, &shard.column(column).numbers, is_descending)
        }
        SortBy::Texts { .. } => unreachable!("texts are sorted as they are read"),
    }
}

fn unsorted(shard: &Shard, matches: &[bool]) -> Answer {
    let rows = (shard.first_row..).zip(matches).filter(|&(_, &there)| there);
    Answer::Selected { rows: Bulk(rows.map(|(row, _)| row).collect()), keys: SortKeys::None }
}

/// Counting sort: codes are few, and already in order.
#[inline(never)]
fn by_code(shard: &Shard, matches: &[bool], column: &CodedColumn, is_descending: bool) -> Answer {
    let missing = usize::from(column.missing);
    let place = |code: u32| match code as usize {
        code if code == missing => missing,
        code if is_descending => missing - 1 - code,
        code => code,
    };
    let mut counts = vec![0_u32; missing + 1];
    let mut row = 0;
    column.codes.for_each(|code| {
        counts[place(code)] += u32::from(matches[row]);
        row += 1;
    });
    let mut next = Vec::with_capacity(counts.len());
    let mut n_before = 0;
    for &count in &counts {
        next.push(n_before as usize);
        n_before += count;
    }
    let mut rows = vec![0; n_before as usize];
    let mut row = 0;
    column.codes.for_each(|code| {
        if matches[row] {
            let next = &mut next[place(code)];
            rows[*next] = shard.first_row + row as u32;
            *next += 1;
        }
        row += 1;
    });
    counts.pop();
    let (keys, counts) =
        (0_u64..).zip(counts).filter(|&(_, count)| count > 0).collect::<(Vec<_>, Vec<_>)>();
    Answer::Selected {
        rows: Bulk(rows),
        keys: SortKeys::Numbers { keys: Bulk(keys), counts: Bulk(counts) },
    }
}

#[inline(never)]
fn by_number(shard: &Shard, matches: &[bool], numbers: &[f64], is_descending: bool) -> Answer {
    let mut pairs = Vec::new();
    let mut missing = Vec::new();
    for ((row, &number), _) in (shard.first_row..).zip(numbers).zip(matches).filter(|(_, m)| **m) {
        if number.is_nan() {
            missing.push(row);
        } else {
            // −0 counts as 0.
            let key = ascending_bits(number + 0.0);
            pairs.push((if is_descending { !key } else { key }, row));
        }
    }
    sort_pairs(&mut pairs);
    let (mut keys, mut counts) = (Vec::new(), Vec::new());
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        keys.push(run[0].0);
        counts.push(run.len() as u32);
    }
    let rows = pairs.into_iter().map(|(_, row)| row).chain(missing).collect();
    Answer::Selected {
        rows: Bulk(rows),
        keys: SortKeys::Numbers { keys: Bulk(keys), counts: Bulk(counts) },
    }
}

/// Texts are sorted with their rows; those without a value come last.
pub(super) fn by_text(
    mut present: Vec<(&[u8], u32)>,
    missing: Vec<u32>,
    is_descending: bool,
) -> Answer {
    // Stable: equal texts stay in the order of their rows.
    present.sort_by(|a, b| if is_descending { b.0.cmp(a.0) } else { a.0.cmp(b.0) });
    let (mut bytes, mut ends, mut counts) = (Vec::new(), Vec::new(), Vec::new());
    for run in present.chunk_by(|a, b| a.0 == b.0) {
        bytes.extend_from_slice(run[0].0);
        ends.push(bytes.len() as u64);
        counts.push(run.len() as u32);
    }
    let rows = present.into_iter().map(|(_, row)| row).chain(missing).collect();
    let (bytes, ends, counts) = (Bulk(bytes), Bulk(ends), Bulk(counts));
    Answer::Selected { rows: Bulk(rows), keys: SortKeys::Texts { bytes, ends, counts } }
}
