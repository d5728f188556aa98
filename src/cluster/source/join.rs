//! Labels beside the rows that they belong to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{
    super::{JobError, conductor::Table, step::Step},
    Store, Text,
    merge::{Behind, CellsOf, Merging, Source, has_header, names, stream},
};
use crate::engine::{
    source::{conversion::SourceError, flatten::write_cell},
    table::reader::PieceSink,
    text::{
        Dialect, Example, Notice, NoticeKind,
        records::{Padded, Record, Sink, Skipped, unquoted},
    },
};

/// How the rows of a second table find those they belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum JoinBy {
    /// The first to the first, the second to the second.
    Position,
    /// By the values of a column that both have.
    Key(String),
}

/// A table and its labels, if that is what two tables are that have not the same columns: the
/// narrower one shares just one column with the wider one, or none and has as many rows.
pub(super) fn table_and_labels<F>(sources: &[Source<F>]) -> Option<(&Source<F>, &Source<F>)> {
    let [first, second] = sources else { return None };
    let (first_names, second_names) = (names(&first.1), names(&second.1));
    if first_names.len() == second_names.len() {
        return None;
    }
    let n_common = first_names.iter().filter(|name| second_names.contains(name)).count();
    let is_beside = match n_common {
        0 => n_rows(&first.1) == n_rows(&second.1),
        1 => first_names.len().min(second_names.len()) > 1,
        _ => false,
    };
    let is_first_wider = first_names.len() > second_names.len();
    is_beside.then_some(if is_first_wider { (first, second) } else { (second, first) })
}

/// Puts the columns of a second table beside the rows of the first.
pub(super) async fn join<S: Store>(
    store: &S,
    source: &Source<S::File>,
    labels: &Source<S::File>,
    by: Option<&JoinBy>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Text<S::File>, JobError> {
    let (text, table) = source;
    let (own, others) = (names(table), names(&labels.1));
    let common: Vec<&str> = others.iter().copied().filter(|name| own.contains(name)).collect();
    let key = match (by, &common[..]) {
        (Some(JoinBy::Key(key)), _) => Some(key.as_str()),
        (None, [key]) if others.len() > 1 => Some(*key),
        (Some(JoinBy::Position) | None, _) => None,
    };
    let place = |names: &[&str], name: &str, file: String| {
        let found = names.iter().position(|there| *there == name);
        found.ok_or(SourceError::NoKey { key: name.to_owned(), file })
    };
    let keys = match key {
        Some(key) => Some((place(&own, key, text.name())?, place(&others, key, labels.0.name())?)),
        None => None,
    };
    let (n_rows, n_labels) = (n_rows(table), n_rows(&labels.1));
    if keys.is_none() && n_rows != n_labels {
        let (file, labels) = (text.name(), labels.0.name());
        return Err(SourceError::LabelCount { n_rows, n_labels, file, labels }.into());
    }
    let mut lines = Lines::new(&labels.1, keys.map(|(_, other)| other));
    let half = &mut |share| tell(Step::Unpack, share / 2.0);
    stream(store, &labels.0, &labels.1, &mut lines, &mut |_| Ok(()), half).await?;

    let added = others.iter().enumerate().filter(|&(at, _)| Some(at) != keys.map(|(_, it)| it));
    let added = added.map(|(_, name)| if has_header(&labels.1) { *name } else { "label" });
    let mut merging = Merging::new(store, own.iter().copied().chain(added));
    let told = |notice: Notice| Notice { files: vec![labels.0.name()], ..notice };
    if lines.repeated.count > 0 {
        merging.add(&told(lines.repeated.clone()));
    }
    // Of what became of the labels' file on the way; its lines are not those of the rows.
    for notice in &labels.0.notices {
        let (lines, examples) = (Vec::new(), Vec::new());
        merging.add(&Notice { lines, examples, ..notice.clone() });
    }
    let n_cells = others.len() - usize::from(keys.is_some());
    // One that repeats another is told as such, and not as left over.
    let mut is_used = std::mem::take(&mut lines.is_repeated);
    let cells: CellsOf<'_, '_> = &mut |key, row| {
        let row = if keys.is_some() { *lines.rows.get(key)? as usize } else { row };
        is_used[row] = true;
        Some(lines.get(row))
    };
    let behind = Behind { key: keys.map(|(own, _)| own), cells, n_cells };
    let tell = &mut |share| tell(Step::Unpack, 0.5 + share / 2.0);
    merging.write(text, table, None, behind, tell).await?;
    let mut unused = Notice::new(NoticeKind::UnusedLabel, None);
    for (&line, _) in lines.starts.iter().zip(&is_used).filter(|(_, is_used)| !**is_used) {
        unused.count += 1;
        if unused.lines.len() < Notice::SHOWN {
            unused.lines.push(line);
        }
    }
    if unused.count > 0 {
        merging.add(&told(unused));
    }
    merging.finish([text, &labels.0])
}

/// How many rows a table has, those included that were left out of it.
fn n_rows(table: &Table) -> u64 {
    table.profile.sample.map_or(u64::from(table.profile.n_rows), |(_, n_rows)| n_rows)
}

/// The cells of a table's rows, ready to be written, and where each key is.
struct Lines {
    dialect: Dialect,
    width: usize,
    key: Option<usize>,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    rows: HashMap<Vec<u8>, u32>,
    /// The line that the piece at hand begins on, from 0.
    first_line: u64,
    /// The line of each row, from 1.
    starts: Vec<u64>,
    /// Whether a row before has its key.
    is_repeated: Vec<bool>,
    repeated: Notice,
}

impl Lines {
    fn new(table: &Table, key: Option<usize>) -> Self {
        Self {
            dialect: table.profile.dialect.clone(),
            width: table.profile.columns.len(),
            key,
            bytes: Vec::new(),
            ends: Vec::new(),
            rows: HashMap::new(),
            first_line: 0,
            starts: Vec::new(),
            is_repeated: Vec::new(),
            repeated: Notice::new(NoticeKind::RepeatedJoinKey, None),
        }
    }

    fn get(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
    }
}

impl PieceSink for Lines {
    fn piece(&mut self, _: &[u8], _: u64, first_line: u64) {
        self.first_line = first_line;
    }
}

impl Sink for Lines {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let (mut scratch, mut is_first) = (Vec::new(), true);
        let line = self.first_line + record.line + 1;
        let mut is_repeated = false;
        for column in 0..self.width {
            let cell = record
                .cells
                .get(column)
                .map_or(&[][..], |cell| unquoted(text, *cell, &self.dialect, &mut scratch));
            if Some(column) == self.key {
                let row = self.ends.len() as u32;
                is_repeated = *self.rows.entry(cell.trim_ascii().to_vec()).or_insert(row) != row;
                continue;
            }
            if !std::mem::take(&mut is_first) {
                self.bytes.push(b',');
            }
            if !cell.is_empty() {
                write_cell(cell, &mut self.bytes);
            }
        }
        if is_repeated {
            let row = &text.text()[record.start..record.end];
            self.repeated.count_line(line, || Example::new(line, row, std::iter::empty()));
        }
        self.is_repeated.push(is_repeated);
        self.starts.push(line);
        self.ends.push(self.bytes.len());
    }

    fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
}
