//! The rail: the stages, each with its state.

use leptos::prelude::*;

use super::session::Session;
use super::stage::Stage;

/// The stages; those that need a table wait for one.
#[component]
pub fn Rail() -> impl IntoView {
    let session = expect_context::<Session>();
    let item = move |stage: Stage| {
        let is_on = move || session.open_stage() == stage;
        let is_waiting = move || stage != Stage::Load && session.table.with(Option::is_none);
        let is_done = move || match stage {
            Stage::Load | Stage::Inspect => session.table.with(Option::is_some),
            Stage::Detect => session.found.with(Option::is_some),
            Stage::Classify => session.trained.with(Option::is_some),
            Stage::Export => false,
        };
        let sign = move || match () {
            () if is_on() => "●",
            () if is_done() => "✓",
            () => "○",
        };
        view! {
            <button
                class="rail__stage" data-testid=format!("stage-{}", stage.key())
                class:is-on=is_on class:is-done=is_done disabled=is_waiting
                aria-current=move || is_on().then_some("step") title=stage.title()
                on:click=move |_| session.stage.set(stage)
            >
                <span aria-hidden="true">{sign}</span>
                <b>{stage.title()}</b>
            </button>
        }
    };
    view! {
        <nav class="rail" aria-label="Stages">{Stage::ALL.map(item).collect_view()}</nav>
    }
}
