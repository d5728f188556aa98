//! A field for one of several words.

use leptos::prelude::*;
use web_sys::HtmlSelectElement;

/// One of several words.
#[component]
pub fn Select(
    /// The name for checks.
    id: &'static str,
    /// Above the field.
    label: &'static str,
    /// What it means, where its label does not say so.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// The words.
    options: AnyView,
    /// Takes the field, with another word in it.
    #[prop(into)]
    on_change: Callback<HtmlSelectElement>,
) -> impl IntoView {
    view! {
        <label class="field" title=hint>
            {label}
            <select
                class="input" data-testid=id
                on:change:target=move |event| on_change.run(event.target())
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}
