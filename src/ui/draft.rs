//! What a person is about to say about the file, and how it would read then.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::{Overrides, Preview};

/// What a person is about to say, and how the file's beginning would read. Copy it.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    /// What would be said.
    pub said: RwSignal<Overrides>,
    /// Whether the page shows what may be said.
    pub is_open: RwSignal<bool>,
    /// How the file's first rows would read, once it is told.
    pub preview: ReadSignal<Option<Arc<Preview>>>,
    set_preview: WriteSignal<Option<Arc<Preview>>>,
}

impl Draft {
    /// A draft that says nothing.
    pub fn new() -> Self {
        let (preview, set_preview) = signal(None);
        Self {
            said: RwSignal::new(Overrides::default()),
            is_open: RwSignal::new(false),
            preview,
            set_preview,
        }
    }

    /// Begins anew with what holds.
    pub fn begin(self, holds: &Overrides) {
        if self.said.with_untracked(|said| said != holds) {
            self.said.set(holds.clone());
        }
        if self.preview.with_untracked(Option::is_some) {
            self.set_preview.set(None);
        }
    }

    /// Takes how the file would read.
    pub fn show(self, preview: Preview) {
        self.set_preview.set(Some(Arc::new(preview)));
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}
