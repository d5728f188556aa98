//! What a known schema says of one of its columns.

use serde::{Deserialize, Serialize};

use super::super::{ColumnType, Role, RoleReason, value::Kinds};

/// What a column means, for the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Help {
    /// What it means, in a sentence.
    pub meaning: String,
    /// What it is measured in; empty where it has no unit.
    pub unit: String,
}

/// A column of a known schema.
#[derive(Debug)]
pub struct Field {
    /// The names it goes by in the tools' versions, joined by `|`.
    pub(super) names: &'static str,
    pub(super) is: Is,
    pub(super) meaning: &'static str,
    pub(super) unit: &'static str,
}

/// What a column of a known schema is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Is {
    /// A measurement, or words: what its values say.
    Measure,
    /// A measurement in which this number means "not seen".
    Without(f64),
    /// A name, even where it is written as a number.
    Category,
    /// A point in time, even where it is written as a number.
    Time,
    /// The address or name of a machine or person.
    Entity,
    /// The answer.
    Label(&'static str),
    /// It names the row or the connection.
    Id(&'static str),
    /// It must take no part, and this is why.
    Aside(&'static str),
}

/// A measurement.
pub(super) const fn m(names: &'static str, meaning: &'static str, unit: &'static str) -> Field {
    Field { names, is: Is::Measure, meaning, unit }
}

/// A category.
pub(super) const fn c(names: &'static str, meaning: &'static str) -> Field {
    Field { names, is: Is::Category, meaning, unit: "" }
}

/// Anything else.
pub(super) const fn f(names: &'static str, is: Is, meaning: &'static str) -> Field {
    Field { names, is, meaning, unit: "" }
}

/// A port that a client takes from a range.
pub(super) const EPHEMERAL: Is = Is::Aside(
    "clients take their port from a range, by turns: it says little about the connection",
);

impl Field {
    /// What it means.
    pub fn help(&self) -> Help {
        Help { meaning: self.meaning.to_owned(), unit: self.unit.to_owned() }
    }

    /// The type it has whatever its texts look like.
    pub(super) fn kind(&self, kinds: Kinds) -> Option<ColumnType> {
        match self.is {
            Is::Category => kinds.column_type().is_ordered().then_some(ColumnType::Text),
            Is::Time => kinds.epoch().map(|_| ColumnType::Time),
            _ => None,
        }
    }

    /// The number that means "not seen".
    pub(super) fn sentinel(&self) -> Option<f64> {
        match self.is {
            Is::Without(number) => Some(number),
            _ => None,
        }
    }

    /// The role it must have, and why.
    pub(super) fn role(&self) -> Option<(Role, RoleReason)> {
        let because = |role, why: &str| Some((role, RoleReason::Schema(why.to_owned())));
        match self.is {
            Is::Measure | Is::Without(_) | Is::Category => None,
            Is::Time => because(Role::Time, "when it happened"),
            Is::Entity => because(Role::Entity, "who took part in it"),
            Is::Label(why) => because(Role::Label, why),
            Is::Id(why) => because(Role::Id, why),
            Is::Aside(why) => because(Role::Ignore, why),
        }
    }
}

/// A name as schemas are compared: letters and digits, in lower case; ` (2)`, which a doubled name
/// was given, aside.
pub(super) fn key(name: &str) -> String {
    let bare = match name.rsplit_once(" (") {
        Some((bare, number)) if number.trim_end_matches(')').parse::<u32>().is_ok() => bare,
        _ => name,
    };
    bare.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase()
}
