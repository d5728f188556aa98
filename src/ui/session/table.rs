//! A table comes, or goes: what was said of another is forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::{REMEMBERED, Session, Work};
use crate::protocol::{Loaded, Profile, View};
use crate::ui::cache::RowCache;
use crate::ui::ledger::Ledger;
use crate::ui::lens::{GrowOn, file_column};
use crate::ui::recipe::AxisChoice;

impl Session {
    /// Forgets the table, when even its second reading failed.
    pub fn forget_table(self) {
        self.forget_results();
        self.table.set(None);
    }

    pub(super) fn loaded(self, loaded: Loaded, work: Work) {
        self.ledger.update_value(Ledger::table_changed);
        self.forget_results();
        self.rows.set(RowCache::new(REMEMBERED));
        self.votes.set(None);
        self.learning.set(Vec::new());
        self.view.set(Arc::new(View::whole()));
        self.viewing.set(None);
        self.starts_over.set(false);
        self.fit_settings(&loaded.profile);
        self.overrides.with_untracked(|holds| self.draft.begin(holds));
        self.judgements.said.set(BTreeMap::new());
        self.table.set(Some(Arc::new(loaded)));
        if work == Work::Load {
            self.problem.set(None);
        }
        self.rest();
    }

    fn forget_results(self) {
        self.forget_answers();
        self.sights.set(Vec::new());
        self.found.set(None);
        self.forget_model();
    }

    /// Drops what was set about columns of another table.
    fn fit_settings(self, profile: &Profile) {
        let lens = self.lens.get_untracked().for_table(profile);
        if self.lens.with_untracked(|there| *there != lens) {
            self.lens.set(lens);
        }
        // A role that was given to a column of another table, or that is the usual one, is none.
        self.roles.update(|roles| {
            roles.retain(|name, role| {
                profile.columns.iter().any(|c| c.name == *name && c.role != *role)
            });
        });
        for axis in [self.axes.0, self.axes.1] {
            let is_elsewhere = |name: &str| {
                !name.is_empty()
                    && !name.starts_with('~')
                    && profile.columns.iter().all(|c| c.name != name)
            };
            if axis.with_untracked(|axis| axis.name.as_deref().is_some_and(is_elsewhere)) {
                axis.set(AxisChoice::default());
            }
        }
        let is_one_file = file_column(profile).is_none();
        if is_one_file && self.grow_on.with_untracked(|rows| matches!(rows, GrowOn::File(_))) {
            self.grow_on.set(GrowOn::All);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, JobId, RowText, Step, ViewSpec};
    use crate::ui::ledger::Topic;
    use crate::ui::recipe::Recipe;
    use crate::ui::session::tests::{detected, loaded, tell, with_table};

    #[test]
    fn rows_of_an_older_table_are_not_taken() {
        Owner::new().with(|| {
            let row = || RowText { row: 0, line: 1, cells: vec![], text: String::new() };
            let session = with_table();
            session.asked(Topic::Rows, JobId(2));
            session.begin(JobId(3), Work::Load);
            tell(session, 3, loaded(4));
            assert!(session.may_ask(Topic::Rows));
            tell(session, 2, Event::Rows(vec![row()]));
            assert_eq!(session.rows.with(|rows| rows.missing([0])), [0]);
            session.asked(Topic::Rows, JobId(4));
            tell(session, 4, Event::Rows(vec![row()]));
            assert_eq!(session.rows.with(|rows| rows.missing([0])), [0_u32; 0]);
        });
    }

    #[test]
    fn only_the_latest_view_is_shown_and_none_of_an_older_table() {
        Owner::new().with(|| {
            let session = with_table();
            let view = |rows: Vec<u32>| {
                let spec = ViewSpec::default();
                Event::Viewed(Box::new(View { spec, rows: Some(rows.into()) }))
            };
            let n_shown = || session.view.with(|view| view.n_shown(4));
            session.asked(Topic::View, JobId(2));
            session.asked(Topic::View, JobId(3));
            tell(session, 3, Event::Progress { step: Step::Select, done: 0.5 });
            assert_eq!(session.viewing.get(), Some(0.5));
            tell(session, 2, view(vec![1]));
            assert_eq!((n_shown(), session.viewing.get()), (4, Some(0.5)));
            tell(session, 3, view(vec![1, 3]));
            assert_eq!((n_shown(), session.viewing.get()), (2, None));
            session.asked(Topic::View, JobId(4));
            session.begin(JobId(5), Work::Load);
            tell(session, 5, loaded(4));
            tell(session, 4, view(vec![]));
            assert_eq!(n_shown(), 4);
        });
    }

    #[test]
    fn roles_and_axes_of_another_table_are_dropped() {
        Owner::new().with(|| {
            let hash = "x=gone&y=c&role.a=ignore&role.b=ignore&role.z=label&threshold=0.45&row=2";
            let session = Session::new(&Recipe::parse(hash).0);
            let kept = "threshold=0.45&row=2&x=gone&y=c&role.a=ignore&role.b=ignore&role.z=label";
            assert_eq!(session.recipe().format(), kept);
            session.begin(JobId(1), Work::Load);
            tell(session, 1, loaded(4));
            assert_eq!(*session.features.get(), [2]);
            session.begin(JobId(2), Work::Detect);
            tell(session, 2, detected(&[0.7, 0.4, 0.5, 0.5]));
            assert_eq!((session.flagged.get(), session.selected_row.get()), (3, Some(2)));
            assert_eq!(session.recipe().format(), "threshold=0.45&row=2&y=c&role.a=ignore");
        });
    }
}
