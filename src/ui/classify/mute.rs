//! Leaving votes of a model out, and what that does to the test.

use leptos::prelude::*;

use crate::protocol::{Measure, RowSet, StepValues};
use crate::ui::ballot::is_folded;
use crate::ui::session::Session;
use crate::ui::words;

/// Muted columns and rules that are named.
const NAMED: usize = 4;

/// Leaves the votes of a column or of one of its rules out, and lets them in again.
#[component]
pub fn Mute(
    /// The column.
    name: String,
    /// A value of the rule, as the file has it; without, the whole column.
    at: Option<String>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let is_muted = {
        let (name, at) = (name.clone(), at.clone());
        Memo::new(move |_| {
            lesson.with(|lesson| {
                let is_muted = |at: Option<&str>| lesson.ballot.is_muted(&name, at);
                is_muted(at.as_deref()) || is_muted(None)
            })
        })
    };
    // What its column does not say it need not be muted for.
    let is_off = {
        let (name, has_step) = (name.clone(), at.is_some());
        move || has_step && lesson.with(|lesson| lesson.ballot.is_muted(&name, None))
    };
    let value = at.clone();
    let toggled = name.clone();
    view! {
        <button
            class="chip chip--act" type="button" data-testid="mute-votes" data-name=name data-step=value
            class:is-on=is_muted aria-pressed=move || is_muted.get().to_string() disabled=is_off
            title="Leaves its votes out: nothing is trained again"
            on:click=move |_| lesson.update(|lesson| lesson.ballot.toggle(&toggled, at.as_deref()))
        >
            {move || if is_muted.get() { "muted" } else { "mute" }}
        </button>
    }
    .into_any()
}

/// The value by which a rule is muted.
pub fn value_of(values: &StepValues) -> String {
    match values {
        StepValues::Range(low, _) => low.to_string(),
        StepValues::Names(names, _) => names.first().cloned().unwrap_or_default(),
        StepValues::Missing => String::new(),
    }
}

/// What is muted, and what that does to the test.
#[component]
pub fn MutedNote() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson;
    let is_folded =
        move || session.trained.with(|t| t.as_ref().is_some_and(|t| is_folded(&t.spec)));
    let is_counted = move || {
        session.table.with(|table| {
            session.trained.with(|trained| {
                let (Some(table), Some(trained)) = (table, trained) else { return true };
                let wanted =
                    lesson.with(|lesson| lesson.ballot.counting_of(&table.profile, trained));
                wanted.muted == trained.spec.counting.muted
            })
        })
    };
    let said = move || {
        let muted = lesson.with(|lesson| lesson.ballot.muted.clone());
        if is_folded() {
            return "In folds several models are judged, and none alone can be changed: split otherwise to mute."
                .to_owned();
        }
        if muted.is_empty() {
            return "Mute a column, or a rule of stumps, to see at once what it is worth: nothing is trained again."
                .to_owned();
        }
        let effect = if is_counted() { effect(session) } else { "counting again …".to_owned() };
        format!("Without {}: {effect}", named(&muted))
    };
    let accuracy = move || {
        let trained = session.trained.get()?;
        let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test)?;
        of(&test.figures, "accuracy")
    };
    let n_muted = move || lesson.with(|lesson| lesson.ballot.muted.len());
    view! {
        <p
            class="shortcuts" role="status" data-testid="muted-votes" data-count=n_muted
            data-value=move || accuracy().map_or(String::new(), |value| value.to_string())
        >
            <span>{said}</span>
            <button
                class="link" type="button" data-testid="unmute-all" hidden=move || n_muted() == 0
                on:click=move |_| lesson.update(|lesson| lesson.ballot.muted.clear())
            >
                "Let all vote again"
            </button>
        </p>
    }
    .into_any()
}

fn named(muted: &[(String, Option<String>)]) -> String {
    let one = |(name, at): &(String, Option<String>)| match at.as_deref() {
        None => format!("“{name}”"),
        Some("") => format!("“{name}” has no value"),
        Some(at) => format!("the rule of “{name}” at {at}"),
    };
    let names: Vec<String> = muted.iter().take(NAMED).map(one).collect();
    let more = muted.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    names.join(", ") + &more
}

fn of(figures: &[Measure], name: &str) -> Option<f64> {
    figures.iter().find(|measure| measure.name == name)?.value.ok()
}

/// The accuracy of the test as it was and as it is.
fn effect(session: Session) -> String {
    let shares = session.trained.with(|trained| {
        let trained = trained.as_ref()?;
        let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test)?;
        Some((of(&trained.unmuted, "accuracy"), of(&test.figures, "accuracy")?))
    });
    match shares {
        Some((Some(whole), left)) => {
            format!("accuracy on the test {} → {}.", words::percent(whole), words::percent(left))
        }
        _ => "nothing changes, as this model does not ask for it.".to_owned(),
    }
}
