//! What a shard knows of each value of a column: its rows, the oddest of them, and its times.

use super::{
    bulk::Bulk,
    message::{Answer, EntityQuestion},
    shard::Shard,
};

/// Goes once over all rows of a shard.
pub(super) fn entities(shard: &Shard, question: &EntityQuestion) -> Answer {
    let scores = shard.sights.scores().expect("rows are scored before they are listed");
    let column = shard.column(question.column);
    let n = usize::from(column.missing) + 1;
    let (mut counts, mut flagged, mut top_rows) = (vec![0; n], vec![0; n], vec![u32::MAX; n]);
    let mut top_scores = vec![f64::NEG_INFINITY; n];
    let is_meant = question.of.as_ref().map(|of| {
        let mut is_meant = vec![false; shard.n_rows];
        for &row in of.iter() {
            is_meant[(row - shard.first_row) as usize] = true;
        }
        is_meant
    });
    let is_left_out = |row: usize| is_meant.as_ref().is_some_and(|is_meant| !is_meant[row]);
    let mut row = 0;
    column.codes.for_each(|code| {
        let (code, score) = (code as usize, scores[row]);
        if is_left_out(row) {
            row += 1;
            return;
        }
        counts[code] += 1;
        flagged[code] += u32::from(score >= question.threshold);
        // Rows come in ascending order, so the first of equal ones stays.
        if score > top_scores[code] {
            (top_scores[code], top_rows[code]) = (score, shard.first_row + row as u32);
        }
        row += 1;
    });
    let (mut first, mut last) = (vec![f64::INFINITY; n], vec![f64::NEG_INFINITY; n]);
    let mut row = 0;
    let times = times(shard, question);
    column.codes.for_each(|code| {
        let code = code as usize;
        if let Some(&time) = times.get(row).filter(|_| !is_left_out(row)) {
            // What is missing is NaN, and neither smaller nor larger.
            first[code] = time.min(first[code]);
            last[code] = time.max(last[code]);
        }
        row += 1;
    });
    Answer::Entities {
        counts: Bulk(counts),
        flagged: Bulk(flagged),
        top_rows: Bulk(top_rows),
        first: Bulk(first),
        last: Bulk(last),
    }
}

/// The time of each row, NaN where there is none; nothing where no times are wanted.
fn times(shard: &Shard, question: &EntityQuestion) -> Vec<f64> {
    let Some((column, of_codes)) = &question.time else { return Vec::new() };
    let column = shard.column(*column);
    if of_codes.is_empty() {
        return column.numbers.clone();
    }
    let mut times = Vec::with_capacity(shard.n_rows);
    let time = |code: u32| of_codes.get(code as usize).copied().unwrap_or(f64::NAN);
    column.codes.for_each(|code| times.push(time(code)));
    times
}
