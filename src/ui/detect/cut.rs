//! Where the ranking is cut: in figures, and by a number of rows, a share or a score.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::chart::format;
use crate::protocol::{Basis, Found};
use crate::ui::session::Session;
use crate::ui::triage::{self, Asked};

/// The cut in figures.
#[component]
pub fn Facts(
    /// The scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let usual = triage::default_threshold(&found);
    let basis = found.proposal.map(|proposal| proposal.basis);
    let origin = move || match (session.threshold.get() == usual, basis) {
        (true, Some(Basis::Chance)) => "threshold, beyond chance",
        (true, Some(Basis::Gap)) => "threshold, at a gap",
        (true, Some(Basis::Eyes)) => "threshold, as many as one eye flags",
        (true, None) => "threshold, to start with",
        (false, _) => "threshold, set by you",
    };
    let ties = move || match session.tied.get() {
        0 => "tie there",
        _ => "tie there, all taken",
    };
    // What chance gives is known of all rows together only.
    let by_chance = move || {
        let is_whole = session.kept.with(Option::is_none);
        is_whole.then(|| triage::by_chance(&found, session.threshold.get())).flatten()
    };
    let by_chance = Memo::new(move |_| by_chance().map(f64::round));
    let flagged = move || match (session.listed.get(), session.flagged.get()) {
        (listed, all) if listed < all => {
            format!("of {} flagged are listed", format::count(all.into()))
        }
        _ => "flagged".to_owned(),
    };
    let count = move || by_chance.get().map_or("—".to_owned(), |n| format::count(n as u64));
    view! {
        <div class="facts">
            <div>
                <b>{move || format::fixed(session.threshold.get(), 3)}</b>
                <span>{origin}</span>
            </div>
            <div data-testid="flagged-count" data-value=move || session.listed.get().to_string()>
                <b>{move || format::count(u64::from(session.listed.get()))}</b>
                <span>{flagged}</span>
            </div>
            <div
                data-testid="chance-count"
                data-value=move || by_chance.get().map_or(String::new(), |n| n.to_string())
                title="Rows that would score as high if columns had nothing to do with each other: \
                       measured on made-up rows, each column shuffled by itself."
            >
                <b>{count}</b>
                <span>"by chance"</span>
            </div>
            <div data-testid="tied-count" data-value=move || session.tied.get().to_string()>
                <b>{move || format::count(u64::from(session.tied.get()))}</b>
                <span>{ties}</span>
            </div>
        </div>
    }
    .into_any()
}

/// What a person says to move the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Rows,
    Percent,
    Score,
}

impl Unit {
    const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Rows, "rows", "the oddest rows"),
        (Self::Percent, "percent", "the oddest percent"),
        (Self::Score, "score", "scores from"),
    ];

    /// How the cut that stands reads.
    fn say(self, found: &Found, threshold: f64) -> String {
        let flagged = f64::from(triage::flagged(found, threshold));
        match self {
            Self::Rows => flagged.to_string(),
            Self::Percent => {
                let percent = flagged * 100.0 / f64::from(triage::n_rows(found).max(1));
                // To the second digit that is not 0.
                format!("{percent:.*}", if percent < 1.0 { 4 } else { 2 })
            }
            Self::Score => format::fixed(threshold, 4),
        }
    }

    /// How many rows are asked for, if rows are.
    fn n_rows(self, found: &Found, number: f64) -> Option<u32> {
        let share = match self {
            Self::Rows => return Some(number as u32),
            Self::Percent => number / 100.0,
            Self::Score => return None,
        };
        Some((share * f64::from(triage::n_rows(found))).round() as u32)
    }
}

/// Ways to move the cut without dragging. Equal scores cannot be parted: what that does to a number
/// of rows is said, and taking them or leaving them is a click.
#[component]
pub fn FlagBy(
    /// The scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let usual = triage::default_threshold(&found);
    let unit = RwSignal::new(Unit::Rows);
    let asked = RwSignal::new(None::<Asked>);
    let shown = {
        let found = found.clone();
        move || unit.get().say(&found, session.threshold.get())
    };
    let apply = {
        let found = found.clone();
        move |field: HtmlInputElement| {
            let number = field.value().trim().parse().ok();
            let unit = unit.get_untracked();
            let Some(number) = number.filter(|n: &f64| *n >= 0.0 && n.is_finite()) else {
                return field.set_value(&unit.say(&found, session.threshold.get_untracked()));
            };
            let wanted = unit.n_rows(&found, number);
            asked.set(wanted.filter(|&n| n > 0).and_then(|n| Asked::new(&found, n)));
            session.threshold.set(match (wanted, asked.get_untracked()) {
                (Some(_), Some(asked)) => asked.threshold(true),
                (Some(_), None) => triage::above_all(&found),
                (None, _) => number,
            });
        }
    };
    let options = Unit::ALL.map(|(this, key, words)| {
        view! { <option value=key selected=move || unit.get() == this>{words}</option> }
    });
    let choose = move |key: String| {
        if let Some(&(this, ..)) = Unit::ALL.iter().find(|(_, other, _)| *other == key) {
            unit.set(this);
        }
    };
    let ties = move || {
        let asked = asked.get().filter(|asked| !asked.is_exact())?;
        let is_taken = |takes| session.threshold.get() == asked.threshold(takes);
        (is_taken(true) || is_taken(false)).then(|| view! { <Ties asked takes=is_taken(true) /> })
    };
    view! {
        <div class="shortcuts">
            <label>
                "Flag"
                <select
                    class="input" data-testid="flag-unit"
                    on:change:target=move |event| choose(event.target().value())
                >
                    {options}
                </select>
            </label>
            <input
                class="input input--number" data-testid="flag-value" inputmode="decimal"
                autocomplete="off" aria-label="How many are flagged" prop:value=shown
                on:change:target=move |event| apply(event.target())
            />
            <span class="grow"></span>
            <button
                class="link" type="button" class:is-hidden=move || session.threshold.get() == usual
                on:click=move |_| session.threshold.set(usual)
            >
                "back to the proposal"
            </button>
        </div>
        {ties}
    }
    .into_any()
}

/// What ties do to the number that was asked for.
#[component]
fn Ties(asked: Asked, takes: bool) -> impl IntoView {
    let session = expect_context::<Session>();
    let sentence = format!(
        "Asked {}: {} above, {} tie at {}, ",
        format::count(asked.n.into()),
        format::count(asked.above.into()),
        format::count(asked.level.into()),
        format::fixed(asked.score, 4),
    );
    let (state, other) = if takes { ("all taken.", "Leave them") } else { ("left.", "Take them") };
    view! {
        <p class="ties" data-testid="flag-ties" role="status">
            {sentence} {state} " "
            <button
                class="link" type="button"
                on:click=move |_| session.threshold.set(asked.threshold(!takes))
            >
                {other}
            </button>
        </p>
    }
}
