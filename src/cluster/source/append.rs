//! Tables of the same columns below each other.

use std::collections::HashMap;

use super::{
    super::{JobError, conductor::Table, step::Step},
    Store, Text,
    merge::{Behind, CellsOf, Merging, Source, has_header, names},
};
use crate::engine::{
    source::{conversion::SourceError, flatten::write_cell},
    text::NoticeKind,
};

/// The column that says from which file a row is.
pub(super) const FILE: &str = "file";

/// Puts tables of the same columns below each other, with a column of the files' names.
pub(super) async fn append<S: Store>(
    store: &S,
    sources: &[Source<S::File>],
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Text<S::File>, JobError> {
    // Parts that a tool has cut have a header only in the first.
    let named = sources.iter().find(|(_, table)| has_header(table)).unwrap_or(&sources[0]);
    let names = names(&named.1);
    let mut merging = Merging::new(store, names.iter().copied().chain([FILE]));
    let files = distinct(sources.iter().map(|(text, _)| text.name()));
    for (i, (text, table)) in sources.iter().enumerate() {
        let order = order(&named.0.name(), &names, &text.name(), table)?;
        if order.iter().enumerate().any(|(at, &from)| at != from) {
            merging.note(NoticeKind::ReorderedColumns, 1);
        }
        if i > 0 && has_header(table) {
            merging.note(NoticeKind::LaterHeader, 1);
        }
        let name = cell(&files[i]);
        let done = |share: f64| (i as f64 + share) / sources.len() as f64;
        let cells: CellsOf<'_, '_> = &mut |_, _| Some(&name[..]);
        let behind = Behind { key: None, cells, n_cells: 1 };
        let tell = &mut |share| tell(Step::Unpack, done(share));
        merging.write(text, table, Some(&order), behind, tell).await?;
    }
    merging.finish(sources.iter().map(|(text, _)| text))
}

/// Where the columns `names` of a first table stand in another one.
fn order(
    first: &str,
    names: &[&str],
    other: &str,
    table: &Table,
) -> Result<Vec<usize>, SourceError> {
    let others = self::names(table);
    if !has_header(table) && others.len() == names.len() {
        return Ok((0..names.len()).collect());
    }
    let places: HashMap<&str, usize> = others.iter().copied().zip(0..).collect();
    let lacking = |of: &[&str], from: &[&str]| -> Vec<String> {
        from.iter().filter(|name| !of.contains(name)).map(ToString::to_string).collect()
    };
    let order: Option<Vec<usize>> = names.iter().map(|name| places.get(name).copied()).collect();
    order.filter(|order| order.len() == others.len()).ok_or_else(|| SourceError::OtherColumns {
        first: first.to_owned(),
        other: other.to_owned(),
        missing: lacking(&others, names),
        surplus: lacking(names, &others),
    })
}

/// A text as a cell that can be written.
pub(super) fn cell(text: &str) -> Vec<u8> {
    let mut cell = Vec::new();
    write_cell(text.as_bytes(), &mut cell);
    cell
}

/// Names of files as the column of files holds them, no two the same: the second `a.csv` becomes
/// `a.csv (2)`.
pub fn distinct(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut distinct: Vec<String> = Vec::new();
    for name in names {
        let mut free = name.clone();
        let mut n = 1;
        while distinct.contains(&free) {
            n += 1;
            free = format!("{name} ({n})");
        }
        distinct.push(free);
    }
    distinct
}
