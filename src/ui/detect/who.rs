//! The columns that may tell who takes part.

use crate::chart::format;
use crate::protocol::{ColumnProfile, ColumnType, MOST_CODES, Role};

/// Columns that are offered.
const OFFERED: usize = 500;

/// The columns that may tell who: those that have this role, then those of texts.
pub(super) fn candidates(
    columns: &[ColumnProfile],
    role_of: impl Fn(&ColumnProfile) -> Role,
) -> Vec<u32> {
    let is_text = |column: &ColumnProfile| {
        matches!(column.kind, ColumnType::Text | ColumnType::Address)
            && column.n_distinct > 1
            && can_be_told(column)
            // Where nearly every row has a name of its own, names say no more than rows.
            && role_of(column) != Role::Id
    };
    let (mut first, mut then) = (Vec::new(), Vec::new());
    for (index, column) in (0..).zip(columns) {
        if role_of(column) == Role::Entity && column.values.is_some() {
            first.push(index);
        } else if is_text(column) {
            then.push(index);
        }
    }
    first.append(&mut then);
    first.truncate(OFFERED);
    first
}

/// Whether each value of a column has a code of its own.
pub(super) fn can_be_told(column: &ColumnProfile) -> bool {
    column.values.is_some() && column.n_distinct as usize <= MOST_CODES
}

/// What to do where a column has more values than can be told apart.
pub(super) fn too_many(column: &ColumnProfile) -> Option<String> {
    (!can_be_told(column)).then(|| {
        format!(
            "{} has {} different values, more than the {} that can be told one by one. Choose a \
             column that puts them together, like a network, a user or a service; or filter the \
             rows by a value, in the table on the first page.",
            column.name,
            format::count(u64::from(column.n_distinct)),
            format::count(MOST_CODES as u64),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Values;
    use crate::ui::session::tests;

    fn column(kind: ColumnType, role: Role, n_distinct: u32) -> ColumnProfile {
        let values = (n_distinct > 0).then(|| Values::Unordered { top: vec![] });
        ColumnProfile { n_distinct, values, ..tests::column("a", kind, role) }
    }

    #[test]
    fn who_takes_part_is_told_by_entities_and_else_by_texts() {
        use ColumnType::{Address, Integer, Text};
        let columns = [
            column(Text, Role::Feature, 3),
            column(Integer, Role::Feature, 3),
            column(Address, Role::Entity, 90_000),
            column(Text, Role::Id, 900),
            column(Text, Role::Feature, 1),
            column(Integer, Role::Entity, 40),
            column(Text, Role::Entity, 0),
            column(Text, Role::Ignore, 65_534),
            column(Text, Role::Ignore, 65_535),
        ];
        assert_eq!(candidates(&columns, |column| column.role), [2, 5, 0, 7]);
        let too_many: Vec<bool> = columns.iter().map(|it| too_many(it).is_some()).collect();
        assert_eq!(too_many, [false, false, true, false, false, false, true, false, true]);
    }
}
