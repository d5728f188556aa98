//! A file to a table that stands in the shards.

mod assembly;
mod beginning;
mod cuts;
mod ranges;

use std::ops::Range;

pub(super) use self::beginning::look;
use self::cuts::cut;
use super::{
    super::{JobError, message::Question, step::Step},
    Grain, Shards,
    columns::{count, recode},
    copies::copies,
    meaning::Meaning,
    memory,
    table::Table,
};
use crate::engine::{
    table::{Profile, Role, RoleReason, roles, share::RowShare, zeek::ZeekHeader},
    text::{Notice, Overrides, records::Literal, sniff::Layout},
};

/// Reads a file into the shards; its table replaces the one that stood.
///
/// # Errors
///
/// As [`read`].
pub async fn load<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Table, JobError> {
    let table = read(shards, file_length, overrides, tell).await?;
    commit(shards, &table);
    Ok(table)
}

/// Lets a table that was read replace the one that stood: at once, so everywhere or nowhere.
pub fn commit<S: Shards>(shards: &mut S, table: &Table) {
    for (shard, part) in (0..).zip(&table.parts) {
        shards.ask(shard, Question::Commit { first_row: part.first_row });
    }
}

/// Reads a file into the shards, beside the table that stands there until [`commit`].
///
/// Each shard begins after a line end near its share of the bytes, as if no quoted cell went on
/// there. Whether that was right is known when the shard before it is done: where its last record
/// ends, the next one begins. If not, the shard reads again from there. So a file is read once,
/// and the result is that of one reader, whatever it holds.
///
/// # Errors
///
/// All of [`JobError`] that is about files.
pub async fn read<S: Shards>(
    shards: &mut S,
    file_length: u64,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Table, JobError> {
    if file_length == 0 {
        return Err(JobError::EmptyFile);
    }
    let (sample, layout, zeek) = look(shards, file_length, overrides).await?;
    if overrides.share.is_none() {
        memory::fits(&sample, &layout, file_length, shards.n_shards(), shards.room())?;
    }
    let mut reading = ReadingJob {
        ranges: cut(shards, &layout, file_length).await?,
        grain: shards.grain(),
        layout,
        n_bytes: file_length,
        file_length,
        literal: Literal::NOWHERE,
        open_line: None,
        behind: None,
        text_columns: Vec::new(),
        missing: overrides.missing.clone().or(zeek.as_ref().map(ZeekHeader::missing)),
        share: overrides.share.filter(|share| !share.is_all()),
        n_told: 0,
    };
    let mut answers = reading.read_all(shards, tell).await?;
    reading.end_at_tail(shards, &mut answers, tell).await?;
    let meaning = Meaning::of(&reading.layout, zeek.as_ref(), &answers, overrides);
    reading.settle(shards, &mut answers, &meaning, tell).await?;
    tell(Step::Profile, 0.85);
    let mut columns = count(shards, &meaning.readings).await?;
    tell(Step::Profile, 0.93);
    recode(shards, &mut columns).await?;
    let copies = copies(shards, &columns).await?;
    let table = reading.table(&sample, &answers, meaning, columns);
    // More than one line is never ours to have said.
    let n_lines = [overrides.preamble_lines, overrides.header_lines]
        .into_iter()
        .flatten()
        .map(u64::from)
        .sum();
    let mut table = table.map_err(|error| match error {
        JobError::NoRows if n_lines > 1 => JobError::NoRowsBelow { n_lines },
        error => error,
    })?;
    set_copies_aside(&mut table.profile, &copies);
    Ok(table)
}

/// The reading of a file's ranges, until every one begins where the one before it ended.
struct ReadingJob {
    layout: Layout,
    /// The file's size.
    n_bytes: u64,
    /// Where the table's text ends: at the file's end, unless something else follows.
    file_length: u64,
    ranges: Vec<Range<u64>>,
    grain: Grain,
    literal: Literal,
    /// The line of the quote that is never closed.
    open_line: Option<u64>,
    /// What stands behind the table, where something does.
    behind: Option<Notice>,
    text_columns: Vec<u32>,
    /// Words that mean no value, if not the usual ones.
    missing: Option<Vec<String>>,
    /// The rows that are read, if not all.
    share: Option<RowShare>,
    n_told: u64,
}

/// A feature that repeats an earlier column says nothing new. Few rows prove no copy.
fn set_copies_aside(profile: &mut Profile, originals: &[Option<u32>]) {
    if profile.n_rows < roles::FEW {
        return;
    }
    for (column, original) in profile.columns.iter_mut().zip(originals) {
        if let Some(original) = *original
            && column.role == Role::Feature
        {
            (column.role, column.reason) = (Role::Ignore, RoleReason::Copy(original));
        }
    }
}
