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

    /// Lists the rows of one of several files, the clearest votes first, from the first row on.
    pub fn list_votes_of(self, name: &str) {
        self.list_file(name, false);
        self.by_margin.set(true);
        self.disagrees.set(false);
        self.starts_over.set(true);
    }

    /// Looks at the first row of the list, where the list is to start over and holds what was asked for.
    pub fn start_over(self, first: Option<u32>) {
        let stands = self.table.with(|table| {
            let wanted = table.as_ref().map(|table| self.lens.with(|it| it.spec(&table.profile)));
            self.view.with(|view| wanted.as_ref() == Some(&view.spec))
        });
        if self.starts_over.get() && stands {
            self.starts_over.set(false);
            if first.is_some() {
                self.selected_row.set(first);
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, JobId, RoleReason};
    use crate::ui::ledger::Topic;
    use crate::ui::session::Work;
    use crate::ui::session::tests::{detected, loaded, tell, with_table};

    #[test]
    fn the_list_of_a_file_starts_at_its_first_row_once_it_stands() {
        Owner::new().with(|| {
            let session = with_table();
            session.begin(JobId(2), Work::Load);
            let Event::Loaded(mut table) = loaded(4) else { unreachable!("a table") };
            table.profile.columns[1].reason = RoleReason::File;
            tell(session, 2, Event::Loaded(table));
            session.begin(JobId(3), Work::Detect);
            tell(session, 3, detected(&[0.7, 0.4, 0.6, 0.5]));
            session.start_over(Some(3));
            assert_eq!(session.selected_row.get(), Some(0), "nobody asked for it");
            session.list_votes_of("b.csv");
            session.start_over(Some(3));
            assert_eq!(session.selected_row.get(), Some(0), "other rows are still listed");
            session.asked(Topic::View, JobId(4));
            let spec = session.table.with(|table| {
                session.lens.with(|lens| lens.spec(&table.as_ref().expect("a table").profile))
            });
            assert_eq!(spec.selection.filters.len(), 1);
            let rows = Some(vec![1, 3].into());
            tell(session, 4, Event::Viewed(Box::new(View { spec, rows })));
            session.start_over(Some(3));
            assert_eq!(session.selected_row.get(), Some(3));
            session.start_over(Some(1));
            assert_eq!(session.selected_row.get(), Some(3), "once");
        });
    }
}
