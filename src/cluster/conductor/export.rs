//! The scored CSV.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::Judgement,
        message::{Answer, Classified, Question, WriteQuestion},
        step::Step,
        writing::write_cell,
    },
    Classifier, Detection, Shards, Table, ask_all,
    table::Part,
};
use crate::engine::{evaluate::ranks, eyes::Eye, text::LineEnd};

/// The columns that are added.
const ADDED: [&str; 4] = ["isoscope_score", "isoscope_rank", "isoscope_flag", "isoscope_why"];
/// Those that are added where a model stands.
const CLASSIFIED: [&str; 2] = ["isoscope_class", "isoscope_margin"];
/// Those that are added where a person judged rows.
const JUDGED: [&str; 2] = ["isoscope_verdict", "isoscope_note"];

/// What there is to tell of rows.
#[derive(Debug, Clone, Copy)]
pub struct Results<'a> {
    /// Scores, and the one from which on rows are flagged.
    pub scores: Option<(&'a Detection, f64)>,
    /// A model.
    pub classifier: Option<&'a Classifier>,
}

/// Writes all rows with the scores that are shown and the classes of the model that stands, and behind them those of other eyes that have
/// looked; `write` takes blocks of bytes of each shard, in order.
///
/// `judgements` are what a person said about rows, by row.
///
/// The header line is shard 0's first block; shards' bytes are to be joined in their order.
///
/// # Errors
///
/// - [`NoScores`](JobError::NoScores): there is nothing to tell.
/// - [`Unreadable`](JobError::Unreadable): the file is gone or changed.
pub async fn export<S: Shards>(
    shards: &mut S,
    table: &Table,
    of: Results<'_>,
    judgements: &[Judgement],
    tell: &mut dyn FnMut(Step, f64),
    mut write: impl FnMut(u32, Bulk<u8>),
) -> Result<(), JobError> {
    if of.scores.is_none() && of.classifier.is_none() {
        return Err(JobError::NoScores);
    }
    let line_end = match table.layout.rules.dialect.line_end {
        LineEnd::CrLf => "\r\n",
        LineEnd::Cr => "\r",
        LineEnd::Lf | LineEnd::Mixed => "\n",
    };
    let found = of.scores.map(|(detection, _)| &detection.found);
    let others: Vec<Eye> =
        of.scores.map_or_else(Vec::new, |(detection, _)| detection.others().collect());
    let mut added = if of.scores.is_some() { ADDED.to_vec() } else { Vec::new() };
    if of.classifier.is_some() {
        added.extend(CLASSIFIED);
    }
    write(0, Bulk(header(table, line_end, &added, &others, !judgements.is_empty())));
    let ranks = found.map_or_else(Vec::new, |found| ranks(&found.scores, &found.ranking));
    let features: &[u32] = found.map_or(&[], |found| &found.features);
    let name = |&column: &u32| table.profile.columns[column as usize].name.clone();
    let high_from = |&column: &u32| table.dictionaries[column as usize].high_from();
    let names: Vec<String> = features.iter().map(name).collect();
    let high_from: Vec<_> = features.iter().map(high_from).collect();
    let questions: Vec<_> = (0..)
        .zip(&table.parts)
        .map(|(shard, part)| {
            let rows = part.rows();
            let question = WriteQuestion {
                read: table.range_to_read(shard),
                line_end: line_end.to_owned(),
                threshold: of.scores.map(|(_, threshold)| threshold),
                ranks: Bulk(ranks.get(rows.clone()).unwrap_or(&[]).to_vec()),
                names: names.clone(),
                high_from: high_from.clone(),
                others: others.clone(),
                classified: of.classifier.map(|classifier| classified(classifier, rows)),
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
fn header(
    table: &Table,
    line_end: &str,
    added: &[&str],
    others: &[Eye],
    has_judgements: bool,
) -> Vec<u8> {
    let layout = &table.layout;
    let mut line = layout.header_line.clone();
    let own = &table.profile.columns[layout.n_names..];
    let mut is_first = line.is_empty();
    let judged = if has_judgements { &JUDGED[..] } else { &[] };
    let others: Vec<String> =
        others.iter().map(|eye| format!("isoscope_{}_score", eye.word())).collect();
    let others = others.iter().map(String::as_str);
    let added = added.iter().copied().chain(others).chain(judged.iter().copied());
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

/// What a model says of the rows of a shard.
fn classified(classifier: &Classifier, rows: std::ops::Range<usize>) -> Classified {
    let trained = &classifier.trained;
    Classified {
        names: trained.classes.clone(),
        classes: Bulk(trained.predicted[rows.clone()].to_vec()),
        margins: Bulk(trained.margins[rows].to_vec()),
    }
}

/// What was said about the rows of a shard.
fn of_rows(judgements: &[Judgement], part: &Part) -> Vec<Judgement> {
    let rows = part.first_row..part.first_row + part.n_rows;
    judgements.iter().filter(|judgement| rows.contains(&judgement.row)).cloned().collect()
}
