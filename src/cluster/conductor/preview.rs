//! How a file would be read: its layout and first rows, without a table.

use serde::{Deserialize, Serialize};

use super::{
    super::{JobError, findings::RowText},
    Shards,
    load::look,
    repairs::{Notices, names},
    rows::row_text,
};
use crate::engine::text::{
    Dialect, Evidence, Notice, Overrides, Rules,
    records::{Extent, PADDING, Padded, Record, Sink, Skipped, tokenize},
    sniff::Layout,
};

/// Rows of a preview at most.
const MOST_ROWS: usize = 50;

/// How a file would be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// How it separates cells and records.
    pub dialect: Dialect,
    /// Why it was found to be so.
    pub evidence: Vec<Evidence>,
    /// The columns' names.
    pub names: Vec<String>,
    /// The first rows, at most 50.
    pub rows: Vec<RowText>,
    /// What was skipped or mended before the first row, and in the names.
    pub notices: Vec<Notice>,
}

/// Reads the beginning of a file, and only that.
///
/// # Errors
///
/// Those of [`load`](super::load) that show in a file's first bytes.
pub async fn preview<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
) -> Result<Preview, JobError> {
    if file_length == 0 {
        return Err(JobError::EmptyFile);
    }
    let (sample, layout, _) = look(shards, file_length, overrides).await?;
    let rows = first_rows(&sample, &layout, sample.len() as u64 == file_length);
    let mut notices = Notices::default();
    notices.add_layout(&layout);
    let names = names(&layout, &mut notices);
    let Layout { rules, evidence, .. } = layout;
    Ok(Preview { dialect: rules.dialect, evidence, names, rows, notices: notices.sorted() })
}

fn first_rows(sample: &[u8], layout: &Layout, is_whole: bool) -> Vec<RowText> {
    let sample = &sample[layout.first_row..];
    let bytes = [sample, &[0; PADDING]].concat();
    let text = Padded::new(&bytes, sample.len());
    let mut rows = FirstRows { rules: &layout.rules, line: layout.lines_before, rows: Vec::new() };
    let extent = Extent { is_last: is_whole, ..Extent::WHOLE };
    let progress = tokenize(text, &layout.rules, extent, &mut rows);
    if let Some(literal) = progress.literal() {
        rows.rows.clear();
        tokenize(text, &layout.rules, Extent { literal, ..extent }, &mut rows);
    }
    rows.rows
}

struct FirstRows<'a> {
    rules: &'a Rules,
    line: u64,
    rows: Vec<RowText>,
}

impl Sink for FirstRows<'_> {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let row = self.rows.len();
        if row < MOST_ROWS {
            self.rows.push(row_text(text, record, self.rules, row as u32, self.line));
        }
    }

    fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
}
