//! What a table offers to be learnt and parted by.

use crate::protocol::{ColumnProfile, Frequency, Profile, Role, Values, arrange};
use crate::ui::lens::file_column;
use crate::ui::session::Session;

/// Columns that are offered.
pub const OFFERED: usize = 300;

/// The values of a column that are known by name, the most common first; all of them for known labels.
pub fn values(column: &ColumnProfile) -> Vec<String> {
    if !column.known_values.is_empty() {
        return column.known_values.iter().map(|value| value.text.clone()).collect();
    }
    let text = |value: &Frequency| value.text.clone();
    match &column.values {
        Some(Values::Unordered { top }) => top.iter().map(text).collect(),
        // Two classes that are numbers, as 0 and 1.
        Some(Values::Ordered { min, max, .. }) if column.n_distinct == 2 => {
            vec![min.to_string(), max.to_string()]
        }
        _ => Vec::new(),
    }
}

/// Where numbers are cut in two unless it is said otherwise: at the median, or above it where nothing is
/// below. `None` where a column has no numbers to cut.
pub fn cut_of(column: &ColumnProfile) -> Option<f64> {
    match column.values {
        Some(Values::Ordered { min, median, upper, max, .. }) if column.n_distinct > 2 => {
            [median, upper, max].into_iter().find(|&cut| cut > min)
        }
        _ => None,
    }
}

/// Whether the families of a column's values are known.
pub fn has_families(column: &ColumnProfile) -> bool {
    column.known_values.iter().any(|value| !value.family.is_empty())
}

/// The columns whose values may stay together: those of entities first, then those of texts.
pub fn groups(session: Session, profile: &Profile) -> Vec<String> {
    let may_group = |c: &&ColumnProfile| {
        c.values.is_some()
            && c.n_distinct > 1
            && matches!(session.role_of(c), Role::Entity | Role::Id | Role::Feature)
    };
    let rank = |c: &ColumnProfile| match session.role_of(c) {
        Role::Entity => 0,
        _ if !c.kind.is_ordered() => 1,
        _ => 2,
    };
    let mut named: Vec<(u8, String)> =
        profile.columns.iter().filter(may_group).map(|c| (rank(c), c.name.clone())).collect();
    arrange(&mut named, |a, b| a.0.cmp(&b.0));
    named.into_iter().map(|(_, name)| name).take(OFFERED).collect()
}

/// The files that the rows are from, where these are several.
pub fn files(profile: &Profile) -> Vec<String> {
    let column = file_column(profile).and_then(|at| profile.columns.get(at as usize));
    match column.and_then(|column| column.values.as_ref()) {
        Some(Values::Unordered { top }) => top.iter().map(|value| value.text.clone()).collect(),
        _ => Vec::new(),
    }
}
