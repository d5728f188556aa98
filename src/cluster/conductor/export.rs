//! The scored CSV.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{Judgement, Step},
        message::{Answer, Question, WriteQuestion},
        writing::write_cell,
    },
    Detection, Shards, Table, ask_all,
    table::Part,
};
use crate::engine::{evaluate::ranks, eyes::Eye, text::LineEnd};

/// The columns that are added.
const ADDED: [&str; 4] = ["isoscope_score", "isoscope_rank", "isoscope_flag", "isoscope_why"];
/// Those that are added where a person judged rows.
const JUDGED: [&str; 2] = ["isoscope_verdict", "isoscope_note"];

/// Writes all rows with the scores that are shown, and behind them those of other eyes that have
/// looked; `write` takes blocks of bytes of each shard, in order.
///
/// `judgements` are what a person said about rows, by row.
///
/// The header line is shard 0's first block; shards' bytes are to be joined in their order.
///
/// # Errors
///
/// [`Unreadable`](JobError::Unreadable): the file is gone or changed.
pub async fn export<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    threshold: f64,
    judgements: &[Judgement],
    tell: &mut dyn FnMut(Step, f64),
    mut write: impl FnMut(u32, Bulk<u8>),
) -> Result<(), JobError> {
    let line_end = match table.layout.rules.dialect.line_end {
        LineEnd::CrLf => "\r\n",
        LineEnd::Cr => "\r",
        LineEnd::Lf | LineEnd::Mixed => "\n",
    };
    let others: Vec<Eye> = detection.others().collect();
    write(0, Bulk(header(table, line_end, &others, !judgements.is_empty())));
    let ranks = ranks(&detection.found.scores, &detection.found.ranking);
    let features = &detection.found.features;
    let name = |&column: &u32| table.profile.columns[column as usize].name.clone();
    let high_from = |&column: &u32| table.dictionaries[column as usize].high_from();
    let names: Vec<String> = features.iter().map(name).collect();
    let high_from: Vec<_> = features.iter().map(high_from).collect();
    let questions: Vec<_> = (0..)
        .zip(&table.parts)
        .map(|(shard, part)| {
            let rows = part.first_row as usize..(part.first_row + part.n_rows) as usize;
            let question = WriteQuestion {
                read: table.range_to_read(shard),
                line_end: line_end.to_owned(),
                threshold,
                ranks: Bulk(ranks[rows].to_vec()),
                names: names.clone(),
                high_from: high_from.clone(),
                others: others.clone(),
                judgements: (!judgements.is_empty()).then(|| of_rows(judgements, part)),
            };
            (shard, Question::Write(Box::new(question)))
        })
        .collect();
    drop(ranks);
    let n_rows = f64::from(table.n_rows());
    let (mut n_explained, mut n_written) = (0.0, 0.0);
    let expected = table.profile.n_bytes as f64 + 60.0 * n_rows;
    ask_all(shards, questions, |shard, answer| match answer {
        Answer::Progress(n) => {
            n_explained += n as f64;
            tell(Step::Explain, 0.4 * n_explained / n_rows);
        }
        Answer::Written(bytes) => {
            n_written += bytes.len() as f64;
            tell(Step::Write, 0.4 + 0.6 * (n_written / expected).min(1.0));
            write(shard, bytes);
        }
        _ => {}
    })
    .await?;
    Ok(())
}

/// The file's own header, filled up and with the new names; where it has none, the names given.
fn header(table: &Table, line_end: &str, others: &[Eye], has_judgements: bool) -> Vec<u8> {
    let layout = &table.layout;
    let mut line = layout.header_line.clone();
    let own = &table.profile.columns[layout.n_names..];
    let mut is_first = line.is_empty();
    let judged = if has_judgements { &JUDGED[..] } else { &[] };
    let others: Vec<String> =
        others.iter().map(|eye| format!("isoscope_{}_score", eye.word())).collect();
    let others = others.iter().map(String::as_str);
    let added = ADDED.iter().copied().chain(others).chain(judged.iter().copied());
    for name in own.iter().map(|column| column.name.as_str()).chain(added) {
        if !is_first {
            line.push(layout.rules.dialect.delimiter);
        }
        is_first = false;
        write_cell(&mut line, name.as_bytes(), &layout.rules.dialect);
    }
    line.extend(line_end.bytes());
    line
}

/// What was said about the rows of a shard.
fn of_rows(judgements: &[Judgement], part: &Part) -> Vec<Judgement> {
    let rows = part.first_row..part.first_row + part.n_rows;
    judgements.iter().filter(|judgement| rows.contains(&judgement.row)).cloned().collect()
}
