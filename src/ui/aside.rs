//! The panel at the right: beside the stage where there is room, else a sheet over it.

use leptos::{ev, prelude::*};

/// A panel that follows a selection.
#[component]
pub fn Aside(
    /// What it shows, for those who cannot see it.
    label: &'static str,
    /// Changes when another thing is selected: where the panel is a sheet, it then slides in.
    #[prop(into)]
    subject: Signal<Option<u32>>,
    /// The content.
    children: Children,
) -> impl IntoView {
    let is_open = RwSignal::new(false);
    // What is selected at first was not asked for by anybody.
    Effect::new(move |before: Option<Option<u32>>| {
        let now = subject.get();
        if before.is_some_and(|before| before.is_some() && before != now) {
            is_open.set(now.is_some());
        }
        now
    });
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            is_open.set(false);
        }
    });
    on_cleanup(move || escape.remove());
    view! {
        <aside class="aside" class:is-open=is_open aria-label=label>
            <button class="aside__close" aria-label="Close" on:click=move |_| is_open.set(false)>
                "×"
            </button>
            {children()}
        </aside>
    }
}
