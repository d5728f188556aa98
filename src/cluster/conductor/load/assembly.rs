//! The table, put together of what the shards told.

use super::{
    super::{
        super::{JobError, message::ReadAnswer},
        columns::CountedColumn,
        meaning::Meaning,
        table::{Part, Table, TableLayout},
    },
    ReadingJob,
};
use crate::engine::{
    table::{Profile, missing::Missing, schema::Known},
    text::{NoticeKind, sniff::Layout},
};

impl ReadingJob {
    /// The table, once its columns are counted.
    #[inline(never)]
    pub(super) fn table(
        self,
        sample: &[u8],
        answers: &[ReadAnswer],
        meaning: Meaning,
        columns: Vec<CountedColumn>,
    ) -> Result<Table, JobError> {
        let (parts, n_rows) = self.parts(answers)?;
        let n_left_out = answers.iter().map(|answer| answer.n_left_out).sum();
        if n_rows == 0 {
            return Err(match n_left_out {
                0 => JobError::NoRows,
                n_rows => JobError::EmptySample { n_rows },
            });
        }
        let layout = self.layout;
        let known = meaning.known(&columns);
        let names = known.and_then(Known::names).unwrap_or(&meaning.names);
        let profiles: Vec<_> = (0..columns.len())
            .map(|i| {
                let known = known.map(|known| (known, i));
                columns[i].profile(names[i].clone(), meaning.readings[i], n_rows, known)
            })
            .collect();
        let schema = known.map(|known| (known.schema, known.evidence.clone()));
        let Meaning { mut notices, kinds, readings, .. } = meaning;
        notices.add_layout(&layout);
        for (answer, part) in answers.iter().zip(&parts) {
            notices.add_part(answer, part);
        }
        if n_left_out > 0 {
            notices.add(NoticeKind::LeftOut, None, n_left_out, Vec::new());
        }
        if let Some(line) = self.open_line {
            notices.add(NoticeKind::UnclosedQuote, None, 1, vec![line]);
        }
        if let Some(behind) = self.behind {
            notices.take(behind);
        }
        for (i, counted) in columns.iter().enumerate() {
            notices.add_column(i as u32, counted, kinds[i], &readings[i], &parts);
            notices.add_known(i as u32, &profiles[i]);
        }
        let header_line = header_line(&layout, sample);
        Ok(Table {
            profile: Profile {
                n_bytes: self.n_bytes,
                n_rows,
                sample: self.share.map(|share| (share, u64::from(n_rows) + n_left_out)),
                columns: profiles,
                dialect: layout.rules.dialect.clone(),
                schema: schema.as_ref().map(|(schema, _)| *schema),
                schema_evidence: schema.map(|(_, evidence)| evidence).unwrap_or_default(),
                evidence: layout.evidence,
                missing: self.missing.clone().unwrap_or_else(Missing::usual_words),
                notices: notices.sorted(),
            },
            dictionaries: columns.into_iter().map(|column| column.dictionary).collect(),
            readings,
            parts,
            layout: TableLayout {
                n_names: if header_line.is_empty() { 0 } else { layout.header.len() },
                header_line,
                file_length: self.file_length,
                literal: self.literal,
                piece: self.grain.piece,
                record_length: u32::try_from(layout.record_length).unwrap_or(u32::MAX),
                missing: self.missing,
                share: self.share,
                rules: layout.rules,
            },
        })
    }

    /// What each shard holds, and the rows of all.
    fn parts(&self, answers: &[ReadAnswer]) -> Result<(Vec<Part>, u32), JobError> {
        let mut parts = Vec::new();
        let mut n_rows: u32 = 0;
        let mut line = self.layout.lines_before;
        for (answer, range) in answers.iter().zip(&self.ranges) {
            parts.push(Part {
                first_row: n_rows,
                n_rows: answer.n_rows,
                range: range.clone(),
                first_line: line,
                marks: answer.marks.as_chunks().0.to_vec(),
            });
            n_rows = n_rows
                .checked_add(answer.n_rows)
                .ok_or(JobError::TooManyRows { limit: u64::from(u32::MAX) })?;
            line += answer.n_lines;
        }
        Ok((parts, n_rows))
    }
}

/// The header's line as it stands, with the mark before it; empty where there is not just one.
fn header_line(layout: &Layout, sample: &[u8]) -> Vec<u8> {
    let is_plain = layout.rules.dialect.n_header_lines == 1
        && layout.notices.iter().all(|n| n.kind != NoticeKind::OtherDelimiter);
    if !is_plain {
        return Vec::new();
    }
    let line = &sample[layout.start..layout.first_row];
    let mark: &[u8] = if layout.has_mark { b"\xEF\xBB\xBF" } else { b"" };
    let end = line.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |at| at + 1);
    [mark, &line[..end]].concat()
}
