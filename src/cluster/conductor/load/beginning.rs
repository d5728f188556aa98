//! The beginning of a file: what it says of the rest.

use super::super::{super::JobError, Shards};
use crate::engine::{
    table::{reader::LONGEST_RECORD, zeek::ZeekHeader},
    text::{
        Overrides, Sign,
        sniff::{self, Layout},
    },
};

/// Columns that can be worked with.
const MOST_COLUMNS: u64 = 20_000;

/// Reads the file's beginning and finds its layout.
pub(in crate::cluster::conductor) async fn look<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
) -> Result<(Vec<u8>, Layout, Option<ZeekHeader>), JobError> {
    let mut n = (sniff::SAMPLE as u64).min(file_length);
    let sample = loop {
        let sample = shards.read(0..n).await?;
        if let Some(format) = sniff::foreign_format(&sample) {
            return Err(JobError::NotText { format: format.to_owned() });
        }
        if n == file_length || memchr::memchr2(b'\n', b'\r', &sample).is_some() {
            break sample;
        }
        if n >= LONGEST_RECORD {
            return Err(JobError::LongLine { line: 1, limit: LONGEST_RECORD });
        }
        n = (n * 8).min(LONGEST_RECORD).min(file_length);
    };
    let zeek = ZeekHeader::of(&sample);
    let mut overrides = overrides.clone();
    if let Some(zeek) = &zeek {
        overrides.delimiter = overrides.delimiter.or(Some(zeek.separator));
        overrides.header_lines = overrides.header_lines.or(Some(0));
        overrides.quote = overrides.quote.or(Some(Sign::Absent));
        overrides.comment = overrides.comment.or_else(|| Some(Sign::Is("#".to_owned())));
    }
    let mut layout = sniff::sniff(&sample, n == file_length, &overrides);
    if let Some(zeek) = &zeek
        && !layout.rules.dialect.has_header()
    {
        layout.header = zeek.fields.iter().map(|name| name.clone().into_bytes()).collect();
        layout.width = layout.width.max(layout.header.len());
        layout.rules.width = layout.width;
        layout.rules.named = zeek.fields_line();
    }
    let found = layout.width as u64;
    if found > MOST_COLUMNS {
        return Err(JobError::TooManyColumns { found, limit: MOST_COLUMNS });
    }
    Ok((sample, layout, zeek))
}
