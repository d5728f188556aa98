//! What narrows the ranked list or moves its rows, and the ways to undo it.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::cases::{CaseActions, chips};
use crate::chart::format;
use crate::protocol::Loaded;
use crate::ui::lens::Lens;
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::words;

/// Whether filters narrow the list, and a way to mute the rows that pass them.
#[component]
pub fn Narrowing() -> impl IntoView {
    let session = expect_context::<Session>();
    let selects = Memo::new(move |_| session.view.with(|view| !view.spec.selection.is_all()));
    view! {
        <Show when=move || session.lens.with(|lens| !lens.chips.is_empty())>
            <button
                class="quiet quiet--small" type="button" data-testid="mute-filtered"
                title="Make a rule of the filters: rows that pass them are shown no more"
                on:click=move |_| session.lens.update(Lens::mute)
            >
                "Mute these rows"
            </button>
        </Show>
        <Show when=move || session.trained.with(Option::is_some)>
            {check(
                "disagreements",
                "Only odd rows that the model takes for ordinary",
                Some("Flagged rows that the model takes for ordinary: a new kind of attack, or a new kind of ordinary"),
                session.disagrees,
            )}
            {check(
                "by-margin",
                "By the model’s margin",
                Some("The clearest votes first: of two classes, those for the one that is looked for"),
                session.by_margin,
            )}
        </Show>
        <Show when=move || selects.get()>
            {check("only-filtered", "Only rows that pass the filters", None, session.lists_selected)}
        </Show>
    }
    .into_any()
}

fn check(
    id: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    is_on: RwSignal<bool>,
) -> AnyView {
    view! {
        <label class="check" title=hint>
            <input
                type="checkbox" data-testid=id prop:checked=is_on
                on:change:target=move |event| is_on.set(event.target().checked())
            />
            {label}
        </label>
    }
    .into_any()
}

/// The reasons that all listed rows share, and a way out.
#[component]
pub fn Because(
    /// The table.
    table: Arc<Loaded>,
) -> impl IntoView {
    let because = expect_context::<Session>().because;
    let chip = move || {
        let reasons = because.get();
        (!reasons.is_empty()).then(|| {
            view! {
                <span class="because" data-testid="because">
                    "odd because of " {chips(&reasons, &table)}
                    <button
                        class="lens__remove" type="button" aria-label="All reasons"
                        on:click=move |_| because.set(Vec::new())
                    >
                        "×"
                    </button>
                </span>
                <CaseActions table=table.clone() reasons />
            }
        })
    };
    view! { {chip} }.into_any()
}

/// What was learnt from verdicts, and a way to take it back.
#[component]
pub fn Learnt() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let n_said = move || session.judgements.said.with(BTreeMap::len);
    let moved = move || {
        let moved = session.judgements.moved.get()?;
        Some(match (moved.up, moved.down) {
            (0, 0) => ": no row crossed the line".to_owned(),
            (up, down) => format!(
                ": {} rose above the line, {} fell below it",
                format::count(up.into()),
                format::count(down.into())
            ),
        })
    };
    view! {
        <Show when=move || { n_said() > 0 }>
            <p class="soft learnt" data-testid="learnt" role="status">
                {move || words::counted(n_said() as u64, "verdict", "verdicts")} {moved} ". "
                <button class="link" type="button" on:click=move |_| link.forget_verdicts()>
                    "Take all back"
                </button>
            </p>
        </Show>
    }
    .into_any()
}
