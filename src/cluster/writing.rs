//! A shard's rows as lines of the scored CSV.

use super::{
    bulk::Bulk,
    findings::Judgement,
    message::{Answer, Classified, WriteQuestion},
    shard::{Outcome, Shard},
    sights::Sights,
};
use crate::engine::{
    table::{
        Direction,
        reader::{PieceSink, RangeReader},
    },
    text::{
        Dialect, Escape,
        records::{Cell, Padded, Record, Sink, Skipped, unquoted},
    },
};

/// Rows that are explained between two looks at the mailbox.
const BLOCK: usize = 1 << 13;

/// The export of a shard: first the reasons of all its rows, then its lines.
#[derive(Debug)]
pub(super) struct Writing {
    question: Option<WriteQuestion>,
    high_from: Vec<Option<u16>>,
    reasons: Vec<[Why; 3]>,
    reader: Option<RangeReader<LineWriter>>,
}

/// A feature and the direction of its value.
type Why = Option<(u16, Direction)>;

impl Writing {
    pub(super) fn new(mut question: WriteQuestion) -> Self {
        let high_from = std::mem::take(&mut question.high_from);
        Self { question: Some(question), high_from, reasons: Vec::new(), reader: None }
    }

    pub(super) fn step(&mut self, shard: &mut Shard) -> Outcome {
        let has_scores = self.question.as_ref().is_some_and(|it| it.threshold.is_some());
        if has_scores && self.reasons.len() < shard.n_rows {
            return self.explain(shard);
        }
        if let Some(question) = self.question.take() {
            shard.sights.forget();
            let reasons = std::mem::take(&mut self.reasons);
            let writer = LineWriter::new(&question, &shard.sights, reasons, shard.first_row);
            self.reader = Some(RangeReader::new(question.read.plan(), writer));
        }
        let reader = self.reader.as_mut().expect("it was just made");
        let lines = std::mem::take(&mut reader.sink().lines);
        if !lines.is_empty() {
            return Outcome::Tells(Answer::Written(Bulk(lines)));
        }
        match reader.wants() {
            Some(range) => Outcome::Needs { range, until: reader.until() },
            None => Outcome::Ends(Answer::Done),
        }
    }

    pub(super) fn feed(&mut self, n: usize, fill: impl FnOnce(&mut [u8])) {
        self.reader.as_mut().expect("it asked for bytes").feed(n, fill);
    }

    fn explain(&mut self, shard: &mut Shard) -> Outcome {
        let start = self.reasons.len();
        let end = shard.n_rows.min(start + BLOCK);
        let mut sights = std::mem::take(&mut shard.sights);
        let columns: Vec<_> = sights.columns.iter().map(|&column| shard.column(column)).collect();
        let block: Vec<_> =
            columns.iter().map(|column| column.codes.view().slice(start..end)).collect();
        let mut reasons = vec![[None; 3]; end - start];
        let rows: Vec<u32> = (start as u32..end as u32).collect();
        sights.reasons(&rows, &block, &mut reasons);
        for (row, reasons) in (start..end).zip(reasons) {
            self.reasons.push(reasons.map(|reason| {
                let feature = reason?.feature;
                let column = columns[usize::from(feature)];
                let code = column.codes.get(row) as u16;
                let high_from = self.high_from[usize::from(feature)];
                Some((feature, Direction::of(code, column.missing, high_from)))
            }));
        }
        shard.sights = sights;
        Outcome::Tells(Answer::Progress((end - start) as u64))
    }
}

/// Writes each record as it stands, and what was found about it behind it.
#[derive(Debug)]
struct LineWriter {
    dialect: Dialect,
    width: usize,
    line_end: String,
    threshold: Option<f64>,
    ranks: Bulk<u32>,
    names: Vec<String>,
    columns: Vec<u32>,
    scores: Vec<f64>,
    others: Vec<Vec<f64>>,
    reasons: Vec<[Why; 3]>,
    first_row: u32,
    judgements: Option<Vec<Judgement>>,
    classified: Option<Classified>,
    row: usize,
    lines: Vec<u8>,
    scratch: Vec<u8>,
}

impl LineWriter {
    fn new(
        question: &WriteQuestion,
        sights: &Sights,
        reasons: Vec<[Why; 3]>,
        first_row: u32,
    ) -> Self {
        Self {
            dialect: question.read.rules.dialect.clone(),
            width: question.read.rules.width,
            line_end: question.line_end.clone(),
            threshold: question.threshold,
            ranks: question.ranks.clone(),
            names: question.names.clone(),
            columns: sights.columns.clone(),
            scores: sights.scores().unwrap_or_default().to_vec(),
            others: question
                .others
                .iter()
                .filter_map(|&eye| Some(sights.of(eye)?.scores.clone()))
                .collect(),
            reasons,
            first_row,
            judgements: question.judgements.clone(),
            classified: question.classified.clone(),
            row: 0,
            lines: Vec::new(),
            scratch: Vec::new(),
        }
    }

    /// `column=value (high) …`, strongest first.
    fn why(&mut self, text: Padded<'_>, cells: &[Cell]) -> Vec<u8> {
        let mut why = Vec::new();
        for (feature, direction) in self.reasons[self.row].into_iter().flatten() {
            let column = self.columns[usize::from(feature)] as usize;
            if !why.is_empty() {
                why.push(b' ');
            }
            why.extend(self.names[usize::from(feature)].bytes());
            why.push(b'=');
            if let Some(&cell) = cells.get(column) {
                why.extend(unquoted(text, cell, &self.dialect, &mut self.scratch));
            }
            why.extend(format!(" ({})", direction.word()).bytes());
        }
        why
    }
}

impl LineWriter {
    /// What a person said about the row, and the note; empty where nothing was.
    fn said(&self) -> Option<[Vec<u8>; 2]> {
        let judgements = self.judgements.as_ref()?;
        let row = self.first_row + self.row as u32;
        let place = judgements.binary_search_by_key(&row, |judgement| judgement.row);
        Some(place.map_or_else(
            |_| Default::default(),
            |place| {
                let Judgement { verdict, note, .. } = &judgements[place];
                [verdict.word().as_bytes().to_vec(), note.clone().into_bytes()]
            },
        ))
    }
}

impl PieceSink for LineWriter {
    fn piece(&mut self, _: &[u8], _: u64, _: u64) {}
}

impl Sink for LineWriter {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let delimiter = self.dialect.delimiter;
        if record.is_mended {
            // As it stands, its cells would not be under their names.
            for (i, &cell) in record.cells.iter().enumerate() {
                if i > 0 {
                    self.lines.push(delimiter);
                }
                let cell = unquoted(text, cell, &self.dialect, &mut self.scratch).to_vec();
                write_cell(&mut self.lines, &cell, &self.dialect);
            }
        } else {
            self.lines.extend(&text.text()[record.start..record.end]);
        }
        // A short row is filled up, so that what follows stands under its name.
        let n_absent = self.width.saturating_sub(record.cells.len());
        self.lines.extend(std::iter::repeat_n(delimiter, n_absent));
        let cells = self.threshold.map(|threshold| {
            let score = self.scores[self.row];
            let flag = u8::from(score >= threshold);
            [
                digits(score).into_bytes(),
                self.ranks[self.row].to_string().into_bytes(),
                flag.to_string().into_bytes(),
                self.why(text, record.cells),
            ]
        });
        let classified = self.classified.as_ref().map(|classified| {
            let class = &classified.names[usize::from(classified.classes[self.row])];
            [class.clone().into_bytes(), classified.margins[self.row].to_string().into_bytes()]
        });
        let others = self.others.iter().map(|scores| digits(scores[self.row]).into_bytes());
        let said = self.said();
        let found = cells.into_iter().flatten().chain(classified.into_iter().flatten());
        for cell in found.chain(others).chain(said.into_iter().flatten()) {
            self.lines.push(delimiter);
            write_cell(&mut self.lines, &cell, &self.dialect);
        }
        self.lines.extend(self.line_end.bytes());
        self.row += 1;
    }

    fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
}

/// A number in (0, 1] with 17 significant digits.
fn digits(score: f64) -> String {
    let leading = (-libm::log10(score)).ceil().max(0.0) as usize;
    format!("{score:.*}", 16 + leading)
}

/// Writes a cell, in quotes if it must be.
pub(super) fn write_cell(line: &mut Vec<u8>, cell: &[u8], dialect: &Dialect) {
    let quote = dialect.quote.unwrap_or(b'"');
    let special = [dialect.delimiter, quote, b'\n', b'\r'];
    let begins_blank = dialect.skips_blanks && cell.first() == Some(&b' ');
    if !begins_blank && !cell.iter().any(|byte| special.contains(byte)) {
        line.extend(cell);
        return;
    }
    line.push(quote);
    for &byte in cell {
        match dialect.escape {
            Escape::Backslash if byte == quote || byte == b'\\' => line.push(b'\\'),
            Escape::Doubled if byte == quote => line.push(quote),
            _ => {}
        }
        line.push(byte);
    }
    line.push(quote);
}
