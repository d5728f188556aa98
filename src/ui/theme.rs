//! Light, dark, or as the system has it.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use super::outside;

/// What a person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// As the system has it.
    Auto,
    /// Ink on paper.
    Light,
    /// Paper on ink.
    Dark,
}

impl Choice {
    fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The one that follows when the switch is pressed.
    fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// The theme; provided once.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// What was chosen.
    pub choice: ReadSignal<Choice>,
    /// Counts changes of the colours in effect, so that a canvas can be painted anew.
    pub changes: ReadSignal<u32>,
    set_choice: WriteSignal<Choice>,
    set_changes: WriteSignal<u32>,
}

/// Where the choice is remembered.
const KEY: &str = "isoscope-theme";

impl Theme {
    /// Takes up the choice of the last visit and listens to the system.
    pub fn start() -> Self {
        let last = outside::storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        let last = [Choice::Light, Choice::Dark]
            .into_iter()
            .find(|choice| last.as_deref() == Some(choice.key()));
        let (choice, set_choice) = signal(last.unwrap_or(Choice::Auto));
        let (changes, set_changes) = signal(0);
        let theme = Self { choice, changes, set_choice, set_changes };
        theme.show();
        if let Ok(Some(system)) = window().match_media("(prefers-color-scheme: dark)") {
            let changed = Closure::<dyn Fn()>::new(move || set_changes.update(|n| *n += 1));
            system.set_onchange(Some(changed.as_ref().unchecked_ref()));
            // It listens for as long as the page lives.
            changed.forget();
            std::mem::forget(system);
        }
        theme
    }

    /// Goes on to the next choice and remembers it.
    pub fn switch(self) {
        let next = self.choice.get_untracked().next();
        self.set_choice.set(next);
        self.show();
        // Where the browser forbids to remember, the choice holds for this visit.
        if let Some(storage) = outside::storage() {
            drop(storage.set_item(KEY, next.key()));
        }
    }

    fn show(self) {
        if let Some(root) = document().document_element() {
            let key = self.choice.get_untracked().key();
            root.set_attribute("data-theme", key).expect("a plain attribute can be set");
        }
        self.set_changes.update(|n| *n += 1);
    }
}
