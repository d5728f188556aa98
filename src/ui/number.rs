//! A field for a whole number.

use leptos::prelude::*;

/// A whole number between two others. What is typed counts as soon as it is one; on leaving the
/// field it shows again what counts.
#[component]
pub fn Number(
    /// The name for checks.
    id: &'static str,
    /// Above the field.
    label: &'static str,
    /// What it means.
    hint: &'static str,
    /// The smallest and the largest number.
    range: (u64, u64),
    /// What counts.
    #[prop(into)]
    value: Signal<u64>,
    /// Takes another.
    #[prop(into)]
    on_change: Callback<u64>,
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

/// A number between two others, with digits behind its point. As [`Number`].
#[component]
pub fn Decimal(
    /// The name for checks.
    id: &'static str,
    /// Above the field; empty where what stands around it says so.
    label: &'static str,
    /// What it means.
    hint: &'static str,
    /// The smallest and the largest number.
    range: (f64, f64),
    /// What counts.
    #[prop(into)]
    value: Signal<f64>,
    /// Takes another.
    #[prop(into)]
    on_change: Callback<f64>,
) -> impl IntoView {
    let read =
        move |text: &str| text.trim().parse().ok().filter(|n| (range.0..=range.1).contains(n));
    let is_wrong = RwSignal::new(false);
    view! {
        <label class="field" title=hint>
            {label}
            <input
                class="input input--number" data-testid=id inputmode="decimal" autocomplete="off"
                aria-label=if label.is_empty() { hint } else { label }
                aria-invalid=move || is_wrong.get().to_string() prop:value=move || value.get().to_string()
                on:change:target=move |event| {
                    let number = read(&event.target().value());
                    is_wrong.set(number.is_none());
                    match number {
                        Some(number) => on_change.run(number),
                        None => event.target().set_value(&value.get_untracked().to_string()),
                    }
                }
            />
        </label>
    }
    .into_any()
}

/// A number that is known to fit.
///
/// # Panics
///
/// If it does not.
pub fn narrow(n: u64) -> u32 {
    u32::try_from(n).expect("within its range")
}
