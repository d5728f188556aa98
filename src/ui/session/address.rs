//! What an address says of the page, and what only a table and its scores can fulfil.

use leptos::prelude::*;

use super::Session;
use crate::protocol::Found;
use crate::ui::recipe::Recipe;
use crate::ui::triage;

/// What an address wishes for that only a table and its scores can fulfil.
#[derive(Debug, Clone, Default)]
pub(super) struct Wishes {
    threshold: Option<f64>,
    row: Option<u32>,
    workers: Option<u32>,
}

impl Session {
    /// Takes the settings of an address. The stage is opened once there is a table to show in it.
    pub fn restore(self, recipe: &Recipe) {
        self.params.set(recipe.params);
        self.eye.set(recipe.eye);
        self.roles.set(recipe.roles.clone());
        self.overrides.set(recipe.overrides.clone());
        self.draft.begin(&recipe.overrides);
        self.lens.set(recipe.lens.clone());
        self.grow_on.set(recipe.grow_on.clone());
        self.lists_selected.set(recipe.lists_selected);
        self.who.set(recipe.who.clone());
        self.hue.set(recipe.hue);
        self.lesson.set(recipe.lesson.clone());
        self.axes.0.set(recipe.x.clone());
        self.axes.1.set(recipe.y.clone());
        self.stage.set(recipe.stage);
        let Recipe { threshold, row, workers, .. } = *recipe;
        self.wishes.set_value(Wishes { threshold, row, workers });
    }

    /// The settings, as the address keeps them.
    pub fn recipe(self) -> Recipe {
        let moved = self.found.with(|found| {
            let threshold = self.threshold.get();
            let usual = found.as_ref().map(|found| triage::default_threshold(found));
            usual.filter(|&usual| usual != threshold).map(|_| threshold)
        });
        // Until a file shows what they mean, the wishes of the address stay in it.
        let wishes = self.wishes.get_value();
        let first = self.found.with(|found| found.as_ref()?.ranking.first().copied());
        let chosen = self.selected_row.get().filter(|&row| Some(row) != first);
        Recipe {
            stage: self.stage.get(),
            params: self.params.get(),
            eye: self.eye.get(),
            threshold: moved.or(wishes.threshold),
            row: chosen.or(wishes.row),
            roles: self.roles.get(),
            overrides: self.overrides.get(),
            lens: self.lens.get(),
            grow_on: self.grow_on.get(),
            lists_selected: self.lists_selected.get(),
            who: self.who.get(),
            hue: self.hue.get(),
            lesson: self.lesson.get(),
            x: self.axes.0.get(),
            y: self.axes.1.get(),
            workers: wishes.workers,
        }
    }

    /// Puts the threshold where the address wishes it, and returns the row that it wishes to look at;
    /// wishes wait for the eye that they are about.
    pub(super) fn fulfil(self, found: &Found) -> Option<u32> {
        let take = |wishes: &mut Wishes| (wishes.threshold.take(), wishes.row.take());
        let is_meant = self.eye.get_untracked() == found.eye;
        let wishes = is_meant.then(|| self.wishes.try_update_value(take)).flatten();
        let (threshold, row) = wishes.unwrap_or_default();
        self.threshold.set(threshold.unwrap_or_else(|| triage::default_threshold(found)));
        row.filter(|&row| row < triage::n_rows(found))
    }
}
