//! The columns: which take part, and what a person said of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::{Session, Told};
use crate::protocol::{ColumnProfile, Loaded, Overrides, Role};

impl Session {
    /// The role of a column: what a person said, or else what was found.
    pub fn role_of(self, column: &ColumnProfile) -> Role {
        self.roles.with(|roles| role_of(roles, column))
    }

    /// The column of a role, the first of several.
    pub fn column_of(self, role: Role) -> Option<u32> {
        self.table.with(|table| {
            let columns = &table.as_ref()?.profile.columns;
            (0..).zip(columns).find(|(_, c)| self.role_of(c) == role).map(|(index, _)| index)
        })
    }

    /// Leaves a column out of what is looked for, or lets it in again.
    pub fn mute(self, name: &str, is_muted: bool) {
        self.roles.update(|roles| {
            if is_muted {
                roles.insert(name.to_owned(), Role::Ignore);
            } else {
                roles.remove(name);
            }
        });
    }

    /// The columns that would take part, had a person not left them out.
    pub fn muted(self) -> Vec<String> {
        let roles = self.roles.read();
        self.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let is_muted = |column: &&ColumnProfile| {
                column.role == Role::Feature && roles.get(&column.name) == Some(&Role::Ignore)
            };
            columns.iter().filter(is_muted).map(|column| column.name.clone()).collect()
        })
    }

    /// Says something about the file at once, and not as a draft.
    pub fn say(self, change: impl FnOnce(&mut Overrides)) {
        self.overrides.update(change);
        self.overrides.with_untracked(|holds| self.draft.begin(holds));
    }
}

fn role_of(roles: &BTreeMap<String, Role>, column: &ColumnProfile) -> Role {
    roles.get(&column.name).copied().unwrap_or(column.role)
}

pub(super) fn features(
    table: Told<Option<Arc<Loaded>>>,
    roles: RwSignal<BTreeMap<String, Role>>,
) -> Vec<u32> {
    let roles = roles.read();
    table.with(|table| {
        let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
        (0..)
            .zip(columns)
            .filter(|(_, column)| role_of(&roles, column) == Role::Feature)
            .map(|(index, _)| index)
            .collect()
    })
}
