//! How the file was read, why so, and how else it could be.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::joined::Joined;
use super::setting::{SETTINGS, entry};
use crate::protocol::{Loaded, Overrides};
use crate::ui::link::Link;
use crate::ui::said;
use crate::ui::session::Session;
use crate::ui::words;

/// What was recognised, each finding with its evidence and a way to say otherwise.
#[component]
pub fn Recognised(
    /// The table that was read.
    table: Arc<Loaded>,
    /// Whether a person may say otherwise: a sample is what it is.
    #[prop(into)]
    is_file: Signal<bool>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let profile = &table.profile;
    let evidence = profile.schema_evidence.clone();
    let schema = profile.schema.map(|schema| {
        view! { <p>{words::schema(schema)} ": " {evidence} "."</p> }
    });
    // Few open it, and all wait for the table: the controls are made when they are asked for.
    let is_open = session.draft.is_open;
    let details = NodeRef::<html::Details>::new();
    let on_toggle = move |_| {
        is_open.set(details.get_untracked().is_some_and(|details| details.open()));
    };
    let settings = {
        let table = table.clone();
        move || {
            let settings = || SETTINGS.map(|setting| entry(&setting, &table)).collect_view();
            is_open.get().then(|| view! { {settings()} <Missing table=table.clone() /> })
        }
    };
    let joined = link.joined().map(|by| view! { <Joined table=table.clone() by /> });
    let is_said = move || session.overrides.with(|said| *said != Overrides::default());
    let forget = move |_| {
        session.draft.said.set(Overrides::default());
        link.read_as_drafted();
    };
    view! {
        <section class="card">
            <h2>"Recognised"</h2>
            <p>{words::dialect(&profile.dialect)} "."</p>
            {schema}
            <details
                class="recognised" open=is_open.get_untracked() node_ref=details
                on:toggle=on_toggle
            >
                <summary data-testid="recognised-open">"Evidence, and how else to read it"</summary>
                <fieldset disabled=move || !is_file.get()>
                    <legend class="visually-hidden">"Read it otherwise"</legend>
                    {settings}
                </fieldset>
            </details>
            {joined}
            <Show when=is_said>
                <button class="quiet quiet--small" data-testid="load-recognise" on:click=forget>
                    "Recognise everything again"
                </button>
            </Show>
        </section>
    }
}

/// The words that mean no value.
#[component]
fn Missing(
    /// The table that was read.
    table: Arc<Loaded>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let found = table.profile.missing.join(" ");
    let value = {
        let found = found.clone();
        move || session.draft.said.with(said::MISSING.get).unwrap_or_else(|| found.clone())
    };
    let say = move |words: String| {
        let is_found = words.split_whitespace().eq(found.split_whitespace());
        let words = if is_found {
            session.overrides.with_untracked(said::MISSING.get)
        } else {
            Some(words)
        };
        session.draft.said.update(|draft| {
            (said::MISSING.set)(draft, words.as_deref());
        });
        link.read_as_drafted();
    };
    view! {
        <div class="setting setting--wide">
            <label for="recognised-missing">"Words that mean no value"</label>
            <input
                id="recognised-missing" class="input" data-testid="load-missing"
                spellcheck="false" autocomplete="off"
                title="Beside the empty cell; blanks between them"
                prop:value=value
                on:change:target=move |event| say(event.target().value())
            />
        </div>
    }
    .into_any()
}
