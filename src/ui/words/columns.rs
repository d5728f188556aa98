//! Words for columns: their roles, their types, and why they have them.

use super::{cell, number, percent, value};
use crate::protocol::{
    ColumnProfile, ColumnType, DateOrder, EpochUnit, Format, Grouping, Help, Mark, NumberFormat,
    Reading, Role, RoleReason, Settled, Values,
};

/// All roles, in the order of the selection.
pub const ROLES: [Role; 6] =
    [Role::Feature, Role::Label, Role::Time, Role::Entity, Role::Id, Role::Ignore];

/// A role's word in the contract and in the address.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Feature => "feature",
        Role::Label => "label",
        Role::Time => "time",
        Role::Entity => "entity",
        Role::Id => "id",
        Role::Ignore => "ignore",
    }
}

/// The role of a [`role_key`].
pub fn role_of_key(key: &str) -> Option<Role> {
    ROLES.into_iter().find(|&role| role_key(role) == key)
}

/// Why a column has its role, as half a sentence; `columns` are for the names.
pub fn reason(reason: &RoleReason, columns: &[ColumnProfile]) -> String {
    match reason {
        RoleReason::Varies => "takes part".to_owned(),
        RoleReason::Constant => "set aside: every row has the same value".to_owned(),
        RoleReason::Empty => "set aside: no row has a value".to_owned(),
        RoleReason::RowNumber => "set aside: it counts the rows".to_owned(),
        RoleReason::Unique => "set aside: nearly every row has its own value".to_owned(),
        RoleReason::TooManyTexts => {
            "set aside: text with more values than there are codes".to_owned()
        }
        RoleReason::NamedId => {
            "set aside: named like an identifier, nearly every row has its own".to_owned()
        }
        RoleReason::NamedLabel => "set aside: named like a class label".to_owned(),
        RoleReason::Schema(why) => why.clone(),
        RoleReason::Clock => "set aside: points in time".to_owned(),
        RoleReason::Addresses => "set aside: addresses of machines".to_owned(),
        RoleReason::Copy(of) => {
            let name = columns.get(*of as usize).map_or("an earlier column", |c| &c.name);
            format!("set aside: the same values as {name}")
        }
        RoleReason::Elsewhere => "set aside: rows to learn from have no such column".to_owned(),
        RoleReason::File => "set aside: from which file a row is".to_owned(),
    }
}

/// The types that a person can give a column, in the order of the selection.
pub const TYPES: [ColumnType; 6] = [
    ColumnType::Integer,
    ColumnType::Decimal,
    ColumnType::Boolean,
    ColumnType::Time,
    ColumnType::Address,
    ColumnType::Text,
];

/// A type's word in the contract.
pub fn type_key(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Integer => "integer",
        ColumnType::Decimal => "decimal",
        ColumnType::Boolean => "boolean",
        ColumnType::Time => "time",
        ColumnType::Address => "address",
        ColumnType::Text => "text",
        ColumnType::Empty => "empty",
    }
}

/// The type of a [`type_key`].
pub fn type_of_key(key: &str) -> Option<ColumnType> {
    TYPES.into_iter().find(|&kind| type_key(kind) == key)
}

/// What settled a column's type, as half a sentence.
pub fn type_reason(column: &ColumnProfile) -> &'static str {
    match (column.reading.settled, column.kind) {
        (Settled::Person, _) => "your choice",
        (Settled::Schema, _) => "known of this kind of file",
        (Settled::Name, _) => "by its name",
        (Settled::File, _) => "as in other columns",
        (Settled::Nothing, _) => "could be read in another way",
        (Settled::Texts, ColumnType::Integer) => "all are whole numbers",
        (Settled::Texts, ColumnType::Decimal) => "all are numbers",
        (Settled::Texts, ColumnType::Boolean) => "all are yes or no",
        (Settled::Texts, ColumnType::Time) => "all are times",
        (Settled::Texts, ColumnType::Address) => "all are addresses",
        (Settled::Texts, ColumnType::Text) => "what its texts are",
        (Settled::Texts, ColumnType::Empty) => "no value at all",
    }
}

/// How a column's texts are read, where that is not as programs write; and what settled it.
pub fn reading(reading: &Reading) -> Option<String> {
    let how = match reading.format {
        Format::Plain if reading.sentinel.is_none() => return None,
        Format::Plain => format!("{} means \u{201c}not seen\u{201d}", number(reading.sentinel?)),
        Format::Number(NumberFormat { mark, grouping }) => {
            let mark = match mark {
                Mark::Point => "decimal point",
                Mark::Comma => "decimal comma",
            };
            let groups = match grouping {
                Grouping::Nothing => "units or no thousands separators",
                Grouping::Mark => "thousands parted by the other mark",
                Grouping::Blank => "thousands parted by blanks",
                Grouping::Apostrophe => "thousands parted by apostrophes",
            };
            format!("read with a {mark}, {groups}")
        }
        Format::Date(DateOrder::DayFirst) => "read day first".to_owned(),
        Format::Date(DateOrder::MonthFirst) => "read month first".to_owned(),
        Format::Epoch(unit) => {
            let unit = match unit {
                EpochUnit::Seconds => "seconds",
                EpochUnit::Milliseconds => "milliseconds",
                EpochUnit::Microseconds => "microseconds",
            };
            format!("read as {unit} since 1970")
        }
    };
    let why = match reading.settled {
        Settled::Texts => "its texts allow nothing else",
        Settled::File => "as the file's other columns are written",
        Settled::Name => "by its name and its size",
        Settled::Schema => "as the known schema says",
        Settled::Person => "as you said",
        Settled::Nothing => "a guess: its texts can be read otherwise too",
    };
    let why = if reading.sentinel.is_some() { "as the known schema says" } else { why };
    Some(format!("{how}: {why}"))
}

/// A column's name, and what it means where that is known, line by line.
pub fn about(column: &ColumnProfile) -> String {
    let Some(Help { meaning, unit }) = &column.help else { return column.name.clone() };
    let unit = if unit.is_empty() { String::new() } else { format!("\nin {unit}") };
    format!("{}\n{meaning}{unit}", column.name)
}

/// What is typical for a column: its median, or its most common value.
pub fn typical(column: &ColumnProfile, n_rows: u32) -> Option<String> {
    match column.values.as_ref()? {
        Values::Ordered { median, .. } => Some(format!("typical {}", value(column.kind, *median))),
        Values::Unordered { top } => {
            let most = top.first()?;
            let share = f64::from(most.count) / f64::from(n_rows.max(1));
            Some(format!("most common {} ({})", cell(column.kind, &most.text), percent(share)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_key_of_its_own() {
        for role in ROLES {
            assert_eq!(role_of_key(role_key(role)), Some(role));
        }
    }
}
