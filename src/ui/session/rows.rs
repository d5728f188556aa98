//! The rows: which are looked at, which are listed, and which a forest grows on.

use leptos::prelude::*;

use super::Session;
use crate::protocol::{CaseSpec, Role, Selection, Test, View};
use crate::ui::lens::{Chip, GrowOn, Lens, file_column};

impl Session {
    /// The rows that no rule mutes.
    pub fn looked_at(self) -> Selection {
        // Filters come and go with a click on one of those who take part: they must not leave out the others.
        let except = self.view.with(|view| view.spec.selection.except.clone());
        Selection { except, ..Selection::default() }
    }

    /// Whether a row may be listed.
    pub fn may_list(self, row: u32) -> bool {
        self.passes.with(|passes| {
            passes.as_ref().is_none_or(|passes| passes.get(row as usize) == Some(&true))
        })
    }

    /// What is asked about the rows that are flagged now.
    pub fn case_spec(self) -> CaseSpec {
        let entities = self.table.with(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let of_role = (0..).zip(columns).filter(|(_, c)| self.role_of(c) == Role::Entity);
            of_role.map(|(index, _)| index).collect()
        });
        let time = self.column_of(Role::Time);
        CaseSpec { threshold: self.threshold.get(), time, entities }
    }

    /// The rows that a forest is to grow on.
    pub fn wanted_rows(self) -> Selection {
        let (label, time) = (self.column_of(Role::Label), self.column_of(Role::Time));
        self.table.with(|table| {
            table.as_ref().map_or_else(Selection::default, |table| {
                self.lens.with(|lens| {
                    self.grow_on.with(|rows| rows.selection(lens, &table.profile, label, time))
                })
            })
        })
    }

    /// Grows forests on the rows of one of several files, and looks at those of the others.
    pub fn judge_against(self, baseline: &str) {
        if self.list_file(baseline, true) {
            self.grow_on.set(GrowOn::File(baseline.to_owned()));
        }
    }

    /// Lists the rows of one of several files, or all others; `false` where there is but one file.
    pub fn list_file(self, name: &str, is_negated: bool) -> bool {
        let column = self.table.with_untracked(|table| {
            let profile = &table.as_ref()?.profile;
            Some(profile.columns[file_column(profile)? as usize].name.clone())
        });
        let Some(column) = column else { return false };
        self.lens.update(|lens| {
            lens.chips.retain(|chip| chip.column != column);
            let test = Test::OneOf(vec![name.to_owned()]);
            lens.chips.push(Chip { column, test, is_negated });
        });
        self.because.set(Vec::new());
        self.lists_selected.set(true);
        true
    }

    /// Lists the rows that pass some filters in place of all those of these columns, whatever their
    /// reasons; where they stand already, takes them away.
    pub fn narrow(self, columns: &[String], chips: &[Chip]) {
        self.lens.update(|lens| lens.narrow(columns, chips));
        self.because.set(Vec::new());
        self.lists_selected.set(self.lens.with_untracked(Lens::selects));
    }
}

/// Which rows a view shows; `None`: all of them.
pub(super) fn passes(view: &View, n_rows: usize) -> Option<Vec<bool>> {
    let shown = view.rows.as_ref().filter(|_| !view.spec.selection.is_all())?;
    let mut passes = vec![false; n_rows];
    for &row in shown.iter() {
        if let Some(there) = passes.get_mut(row as usize) {
            *there = true;
        }
    }
    Some(passes)
}
