//! Rows that a model is applied to, below the rows that it learns from.
//!
//! What is known of the table above stands: its columns come first, with the types and the roles that they
//! have without the rows below. So a model of the rows above is the same whatever is put below them.

use super::{
    super::{JobError, conductor::Table, step::Step},
    Store, Tables,
    append::{FILE, cell, distinct},
    finished,
    merge::{Behind, CellsOf, Merging, Source, has_header, names},
};
use crate::engine::{
    source::conversion::SourceError,
    table::{ColumnType, Role, RoleReason},
    text::NoticeKind,
};

/// Puts the rows of further files below a table. Columns that they lack are missing there; those that the
/// table lacks come behind its own and take no part, but for one that holds labels.
///
/// # Errors
///
/// [`OtherColumns`](SourceError::OtherColumns): a file has no column of the table.
pub(super) async fn put_below<S: Store>(
    store: &S,
    tables: &mut impl Tables<S::File>,
    above: Source<S::File>,
    below: &[Source<S::File>],
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Source<S::File>, JobError> {
    let (header, orders) = orders(&above, below)?;
    let is_lacking = |at: &usize| orders.iter().any(|order| order[*at] == NOWHERE);
    let n_other = (0..header.len()).filter(is_lacking).count();
    let mut merging = Merging::new(store, header.into_iter().chain([FILE]));
    merging.note(NoticeKind::OtherColumns, n_other as u64);

    let origins = above.0.origins.iter().map(|origin| origin.name.clone());
    let files = distinct(origins.chain(below.iter().map(|(text, _)| text.name())));
    let cells: Vec<Vec<u8>> = files.iter().map(|name| cell(name)).collect();
    let n_above = files.len() - below.len();
    let sources = || [&above].into_iter().chain(below);
    for (at, ((text, table), order)) in sources().zip(&orders).enumerate() {
        // Of several parts each row says which it is from.
        let key = if at == 0 { file_at(table) } else { None };
        let usual = if at == 0 { 0 } else { n_above + at - 1 };
        let named: CellsOf<'_, '_> = &mut |text, _| {
            let is_named = |name: &String| key.is_some() && name.trim().as_bytes() == text;
            Some(&cells[files.iter().position(is_named).unwrap_or(usual)][..])
        };
        let behind = Behind { key, cells: named, n_cells: 1 };
        let done = |share: f64| (at as f64 + share) / orders.len() as f64;
        let tell = &mut |share| tell(Step::Unpack, done(share));
        merging.write(text, table, Some(order), behind, tell).await?;
    }
    let text = merging.finish(sources().map(|(text, _)| text))?;
    read_alike(tables, text, &above.1, tell).await
}

/// The column that says from which file a row is.
fn file_at(table: &Table) -> Option<usize> {
    table.profile.columns.iter().position(|column| column.reason == RoleReason::File)
}

/// All columns but that of the files, and where each of them stands in each table.
fn orders<'n, F>(
    above: &'n Source<F>,
    below: &'n [Source<F>],
) -> Result<(Vec<&'n str>, Vec<Vec<usize>>), SourceError> {
    let mut header = names(&above.1);
    let mut own: Vec<usize> = (0..header.len()).collect();
    if let Some(at) = file_at(&above.1) {
        header.remove(at);
        own.remove(at);
    }
    let mut orders = vec![own];
    for (other, table) in below {
        orders.push(order(&above.0.name(), &mut header, orders[0].len(), &other.name(), table)?);
    }
    for order in &mut orders {
        order.resize(header.len(), NOWHERE);
    }
    Ok((header, orders))
}

/// A column that a file does not have: beyond the end of every row.
const NOWHERE: usize = usize::MAX;

/// Where each column of the header stands in another table; what only that has is put behind the header.
fn order<'n>(
    first: &str,
    header: &mut Vec<&'n str>,
    n_own: usize,
    other: &str,
    table: &'n Table,
) -> Result<Vec<usize>, SourceError> {
    let others = names(table);
    if !has_header(table) && others.len() == n_own {
        return Ok((0..n_own).collect());
    }
    let is_known = |name: &&str| header[..n_own].contains(name);
    if !others.iter().any(is_known) {
        let all = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        let (missing, surplus) = (all(&header[..n_own]), all(&others));
        let (first, other) = (first.to_owned(), other.to_owned());
        return Err(SourceError::OtherColumns { first, other, missing, surplus });
    }
    let new: Vec<&str> = others.iter().copied().filter(|name| !header.contains(name)).collect();
    header.extend(new);
    let place = |name: &&str| others.iter().position(|there| there == name).unwrap_or(NOWHERE);
    Ok(header.iter().map(place).collect())
}

/// Reads what was put together with the types and roles that its columns had above.
async fn read_alike<F>(
    tables: &mut impl Tables<F>,
    text: super::Text<F>,
    above: &Table,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Source<F>, JobError> {
    let (mut text, mut table) = finished(tables, text, tell).await?;
    let own = |name: &str| above.profile.columns.iter().find(|column| column.name == name);
    // A number is one even where a row below has a word in its place: that counts as missing.
    let mut is_other = false;
    for column in &table.profile.columns {
        if let Some(own) = own(&column.name)
            && own.kind.is_ordered()
            && !column.kind.is_ordered()
        {
            let kind = match own.kind {
                ColumnType::Time => ColumnType::Time,
                _ => ColumnType::Decimal,
            };
            text.overrides.types.insert(column.name.clone(), kind);
            is_other = true;
        }
    }
    if is_other {
        (text, table) = finished(tables, text, tell).await?;
    }
    let file_at = file_at(above);
    // The column of files went to the end.
    let moved = |reason: &RoleReason| match (reason, file_at) {
        (RoleReason::Copy(of), Some(at)) if *of as usize > at => RoleReason::Copy(of - 1),
        _ => reason.clone(),
    };
    for column in &mut table.profile.columns {
        let (role, reason) = match own(&column.name) {
            Some(own) if own.reason != RoleReason::File => (own.role, moved(&own.reason)),
            None if column.role == Role::Label => continue,
            _ => (Role::Ignore, RoleReason::Elsewhere),
        };
        // A column that has no codes cannot take part, whatever it was before.
        if column.reason != RoleReason::TooManyTexts {
            (column.role, column.reason) = (role, reason);
        }
    }
    if let Some(file) = table.profile.columns.last_mut() {
        (file.role, file.reason) = (Role::Ignore, RoleReason::File);
    }
    Ok((text, table))
}
