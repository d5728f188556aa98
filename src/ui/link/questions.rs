//! What the page asks, and does so only where it is not known and nothing else is asked about it.

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::Link;
use crate::protocol::{EntitySpec, Found, GridSpec, Request};
use crate::ui::ledger::Topic;
use crate::ui::outside;

impl Link {
    /// Asks how the file would read under the draft.
    pub fn want_preview(self) {
        if self.session.is_drafting.get_untracked() {
            let overrides = self.session.draft.said.get_untracked();
            self.question(&Request::Preview { overrides });
        }
    }

    /// Asks for the texts of those rows that are not known yet.
    pub fn want_rows(self, rows: impl IntoIterator<Item = u32>) {
        // A list that still shows an older, longer table may ask once more before it goes.
        let n_rows = self.with_profile(|_, profile| profile.n_rows).unwrap_or(0);
        let rows = rows.into_iter().filter(|&row| row < n_rows);
        let rows = self.session.rows.with(|known| known.missing(rows));
        if !rows.is_empty()
            && self.session.may_ask(Topic::Rows)
            && let Some(job) = self.send(&Request::Rows { rows }, &[])
        {
            self.session.asked(Topic::Rows, job);
        }
    }

    /// Asks which rows are to be shown now, if others than before.
    pub fn want_view(self) {
        let spec = self.session.table.with(|table| {
            let table = table.as_ref()?;
            Some(self.session.lens.with(|lens| lens.spec(&table.profile)))
        });
        let Some(spec) = spec else { return };
        let is_shown = self.session.view.with_untracked(|view| view.spec == spec);
        // A view that is being made is not asked for again, but given up for another.
        let is_idle = self.session.may_ask(Topic::View);
        if !(is_shown && is_idle)
            && let Some(job) = self.send(&Request::View(spec), &[])
        {
            self.session.asked(Topic::View, job);
        }
    }

    /// Asks for the reasons of those rows that are not known yet.
    pub fn want_reasons(self, rows: impl IntoIterator<Item = u32>) {
        let rows = self.session.reasons.with(|known| known.missing(rows));
        if !rows.is_empty()
            && self.session.may_ask(Topic::Reasons)
            && let Some(job) = self.send(&Request::Reasons { rows }, &[])
        {
            self.session.asked(Topic::Reasons, job);
        }
    }

    /// Asks which of the flagged rows are odd for the same reasons, if that is not known.
    pub fn want_cases(self) {
        let spec = untrack(|| self.session.case_spec());
        let is_known =
            self.session.cases.with(|cases| cases.as_ref().is_some_and(|cases| cases.spec == spec));
        if !is_known
            && self.session.may_ask(Topic::Cases)
            && let Some(job) = self.send(&Request::Cases(spec), &[])
        {
            self.session.asked(Topic::Cases, job);
            self.sources.update_value(|sources| sources.cases = outside::now());
        }
    }

    /// Asks where those rows stand in ten half-forests of which that is not known yet.
    pub fn want_bands(self, rows: Vec<u32>) {
        let rows = self.session.bands.with(|known| known.missing(rows));
        if !rows.is_empty()
            && self.session.may_ask(Topic::Bands)
            && let Some(job) = self.send(&Request::Steadiness { rows }, &[])
        {
            self.session.asked(Topic::Bands, job);
        }
    }

    /// Asks for the rows that are most like one.
    pub fn want_similar(self, row: u32) {
        /// As many as are read.
        const SHOWN: u32 = 8;
        self.question(&Request::Similar { row, n: SHOWN });
    }

    /// Asks where some rows stand in some columns.
    pub fn want_positions(self, rows: Vec<u32>, columns: Vec<u32>) {
        self.question(&Request::Positions { rows, columns });
    }

    /// Asks how the rows that the forest grew on differ from the others.
    pub fn want_drift(self, found: &Found) {
        let (baseline, columns) = (found.grown_on.clone(), found.features.clone());
        self.question(&Request::Drift { baseline, columns });
    }

    /// Asks who takes part, if that is not known.
    pub fn want_entities(self, spec: EntitySpec) {
        let is_known = self
            .session
            .entities
            .with_untracked(|known| known.as_ref().is_some_and(|known| known.spec == spec));
        if !is_known
            && self.session.may_ask(Topic::Entities)
            && let Some(job) = self.send(&Request::Entities(spec), &[])
        {
            self.session.asked(Topic::Entities, job);
        }
    }

    /// Asks for the votes of the model to be counted as they are to be, if they are counted otherwise.
    pub fn want_count(self) {
        let wanted = self.session.lesson.with(|lesson| {
            self.session.trained.with(|trained| {
                let trained = trained.as_ref()?;
                let counting =
                    self.with_profile(|_, profile| lesson.ballot.counting_of(profile, trained));
                counting.filter(|counting| *counting != trained.spec.counting)
            })
        });
        let Some(wanted) = wanted else { return };
        // What was refused is not asked for again.
        let was_asked = self.sources.with_value(|sources| {
            sources.counting.as_ref().is_some_and(|(counting, _)| *counting == wanted)
        });
        if !was_asked
            && self.session.may_ask(Topic::Recount)
            && let Some(job) = self.send(&Request::Recount(Box::new(wanted.clone())), &[])
        {
            self.session.asked(Topic::Recount, job);
            let asked = Some((wanted, outside::now()));
            self.sources.update_value(|sources| sources.counting = asked);
        }
    }

    /// Asks what decided about a row.
    pub fn want_votes(self, row: u32) {
        self.question(&Request::Votes { row });
    }

    /// Asks for everything about a row.
    pub fn inspect(self, row: u32) {
        self.question(&Request::Inspect { row });
    }

    /// Asks what would make a row ordinary, as the threshold stands.
    pub fn want_counterfactual(self, row: u32) {
        let threshold = self.session.threshold.get_untracked();
        self.question(&Request::Counterfactual { row, threshold });
    }

    /// Asks for a grid.
    pub fn want_grid(self, spec: &GridSpec) {
        self.question(&Request::Grid(spec.clone()));
    }
}
