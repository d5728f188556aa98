//! The settings of the forest, on one card.

use leptos::prelude::*;
use web_sys::SubmitEvent;

use crate::protocol::ForestParams;
use crate::ui::link::Link;
use crate::ui::session::{Phase, Session, Work};

/// Trees, sample size, seed, and the button.
#[component]
pub fn Settings(
    /// What is to be found, or has been.
    headline: AnyView,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let params = session.params;
    let is_running = move || matches!(session.phase.get(), Phase::Working(Work::Detect, ..));
    let is_stale = Memo::new(move |_| {
        session.found.with(|found| {
            found.as_ref().is_some_and(|found| {
                let wanted = params.get();
                let n_rows = u32::try_from(found.ranking.len()).unwrap_or(u32::MAX);
                let sample_size = wanted.sample_size.min(n_rows);
                ForestParams { sample_size, ..wanted } != found.params
                    || *session.features.get() != found.features
            })
        })
    });
    let word = move || {
        if session.found.with(Option::is_some) { "Find again" } else { "Find anomalies" }
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        link.detect();
    };
    view! {
        <form class="stage__head settings" on:submit=submit novalidate=true>
            <div>{headline}</div>
            <div class="settings__fields">
                <Number
                    id="detect-trees" label="Trees" hint="More trees, steadier scores."
                    range=(1, u64::from(ForestParams::MAX_TREES))
                    value=Signal::derive(move || u64::from(params.get().n_trees))
                    on_change=move |n| params.update(|p| p.n_trees = narrow(n))
                />
                <Number
                    id="detect-sample-size" label="Sample ψ"
                    hint="Rows each tree is grown on. Small is good: 256."
                    range=(2, u64::from(ForestParams::MAX_SAMPLE_SIZE))
                    value=Signal::derive(move || u64::from(params.get().sample_size))
                    on_change=move |n| params.update(|p| p.sample_size = narrow(n))
                />
                <Number
                    id="detect-seed" label="Seed" hint="The same seed gives the same scores, bit for bit."
                    range=(0, u64::MAX) value=Signal::derive(move || params.get().seed)
                    on_change=move |n| params.update(|p| p.seed = n)
                />
                <label class="field">
                    "Grow on"
                    <select class="input" data-testid="detect-train-on" title="Rows the trees are grown on">
                        <option value="all">"all rows"</option>
                    </select>
                </label>
                <button
                    class="go" class:is-stale=is_stale data-testid="detect-run" disabled=is_running
                    title=move || is_stale.get().then_some("Settings have changed since the last run.")
                >{word}</button>
            </div>
        </form>
    }
}

/// A whole number between two others. What is typed counts as soon as it is one; on leaving the
/// field it shows again what counts.
#[component]
fn Number(
    id: &'static str,
    label: &'static str,
    hint: &'static str,
    range: (u64, u64),
    #[prop(into)] value: Signal<u64>,
    #[prop(into)] on_change: Callback<u64>,
) -> impl IntoView {
    let read =
        move |text: &str| text.trim().parse().ok().filter(|n| (range.0..=range.1).contains(n));
    let is_wrong = RwSignal::new(false);
    view! {
        <label class="field" title=hint>
            {label}
            <input
                class="input input--number" data-testid=id inputmode="numeric" autocomplete="off"
                aria-invalid=move || is_wrong.get().to_string() prop:value=move || value.get().to_string()
                on:input:target=move |event| {
                    let number = read(&event.target().value());
                    is_wrong.set(number.is_none());
                    if let Some(number) = number {
                        on_change.run(number);
                    }
                }
                on:change:target=move |event| {
                    event.target().set_value(&value.get_untracked().to_string());
                    is_wrong.set(false);
                }
            />
        </label>
    }
}

fn narrow(n: u64) -> u32 {
    u32::try_from(n).expect("within its range")
}
