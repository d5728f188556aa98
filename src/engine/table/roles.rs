//! What each column is used for, unless a person says otherwise.

use super::{ColumnType, Role, RoleReason, dictionary::MOST_CODES};

/// Names of columns that hold classes, in lower case, letters and digits only.
const LABELS: [&str; 17] = [
    "label",
    "labels",
    "class",
    "classlabel",
    "target",
    "attack",
    "attackcat",
    "attacktype",
    "attackname",
    "outlier",
    "isoutlier",
    "anomaly",
    "isanomaly",
    "isattack",
    "groundtruth",
    "malicious",
    "isfraud",
];
/// Names of columns that hold points in time even where these are plain numbers.
const CLOCKS: [&str; 8] =
    ["ts", "time", "timestamp", "epoch", "datetime", "starttime", "stime", "unixtime"];
/// Fewer rows than this prove no pattern.
pub const FEW: u32 = 10;

/// What is known of a column when its role is chosen.
#[derive(Debug)]
pub struct Facts<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it holds.
    pub kind: ColumnType,
    /// Rows of the table.
    pub n_rows: u32,
    /// Rows without a value.
    pub n_missing: u32,
    /// Different values.
    pub n_distinct: u32,
    /// Whether each value is the one before plus one.
    pub is_sequence: bool,
}

/// Chooses a column's role.
pub fn role(facts: &Facts<'_>) -> (Role, RoleReason) {
    let n_present = facts.n_rows - facts.n_missing;
    let is_unique =
        n_present >= FEW && u64::from(facts.n_distinct) * 20 >= u64::from(n_present) * 19;
    let words = words(facts.name);
    match facts.kind {
        ColumnType::Empty => (Role::Ignore, RoleReason::Empty),
        _ if LABELS.contains(&words.as_str()) && facts.n_distinct as usize <= MOST_CODES => {
            (Role::Label, RoleReason::NamedLabel)
        }
        _ if facts.n_distinct == 1 && facts.n_missing == 0 => (Role::Ignore, RoleReason::Constant),
        ColumnType::Time => (Role::Time, RoleReason::Clock),
        ColumnType::Address => (Role::Entity, RoleReason::Addresses),
        ColumnType::Integer if facts.is_sequence && facts.n_rows >= FEW => {
            (Role::Id, RoleReason::RowNumber)
        }
        ColumnType::Integer if is_unique && is_named_id(facts.name) => {
            (Role::Id, RoleReason::NamedId)
        }
        ColumnType::Text if is_unique => (Role::Id, RoleReason::Unique),
        ColumnType::Text if facts.n_distinct as usize > MOST_CODES => {
            (Role::Id, RoleReason::TooManyTexts)
        }
        _ => (Role::Feature, RoleReason::Varies),
    }
}

/// Whether a column is named `id`, or `flow_id`, `Flow ID`, `userId`, `uuid`, `index` …
fn is_named_id(name: &str) -> bool {
    let name = name.trim();
    let lower = name.to_ascii_lowercase();
    let last = lower
        .rsplit(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default();
    ["id", "uid", "uuid", "guid", "index", "key"].contains(&last)
        || name.ends_with("Id")
        || name.ends_with("ID")
}

/// Whether a column is named like a clock.
pub fn is_named_clock(name: &str) -> bool {
    CLOCKS.contains(&words(name).as_str())
}

/// A name as it is compared: its letters and digits, in lower case.
fn words(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(name: &str, kind: ColumnType, n_distinct: u32) -> Facts<'_> {
        Facts { name, kind, n_rows: 100, n_missing: 0, n_distinct, is_sequence: false }
    }

    #[test]
    fn what_is_no_measurement_is_set_aside() {
        use ColumnType::{Address, Decimal, Integer, Text, Time};
        let of = |name, kind, n_distinct| role(&facts(name, kind, n_distinct)).0;
        assert_eq!(of("bytes", Integer, 100), Role::Feature);
        assert_eq!(of("bytes", Integer, 1), Role::Ignore);
        assert_eq!(of(" Label", Text, 4), Role::Label);
        assert_eq!(of("attack_cat", Text, 10), Role::Label);
        assert_eq!(of("Flow ID", Integer, 100), Role::Id);
        assert_eq!(of("paid", Integer, 100), Role::Feature);
        assert_eq!(of("name", Text, 99), Role::Id);
        assert_eq!(of("service", Text, 12), Role::Feature);
        assert_eq!(of("src", Address, 12), Role::Entity);
        assert_eq!(of("when", Time, 12), Role::Time);
        assert_eq!(of("time", Decimal, 12), Role::Feature);
        assert!(is_named_clock("Start Time") && !is_named_clock("time to live"));
        let rows = Facts { is_sequence: true, ..facts("no", Integer, 100) };
        assert_eq!(role(&rows), (Role::Id, RoleReason::RowNumber));
    }

    #[test]
    fn a_constant_with_gaps_may_still_tell_something() {
        let gaps = Facts { n_missing: 3, ..facts("flag", ColumnType::Text, 1) };
        assert_eq!(role(&gaps).0, Role::Feature);
    }
}
