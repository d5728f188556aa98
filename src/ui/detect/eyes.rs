//! Who looks at the rows: one eye or all together, and how far they agree.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use crate::chart::format;
use crate::protocol::{Eye, Found};
use crate::ui::session::{Phase, Session};
use crate::ui::{sight, triage};

/// How many of the oddest rows are compared.
const HEAD: usize = 100;

/// A choice of eyes. One that has not looked yet does so.
#[component]
pub fn Eyes(
    /// The scores that are shown.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let sights = untrack(|| session.sights.get());
    let agreement = agreement(&found, &sights);
    let is_busy = move || session.phase.get() != Phase::Idle;
    let button = |eye: Eye| {
        let is_on = move || session.eye.get() == eye;
        view! {
            <button
                class="quiet quiet--small" type="button" class:is-on=is_on title=sight::hint(eye)
                aria-pressed=move || is_on().to_string() disabled=is_busy
                data-testid=format!("eye-{}", eye.word())
                on:click=move |_| session.eye.set(eye)
            >
                {sight::name(eye)}
            </button>
        }
    };
    view! {
        <div class="eyes" role="group" aria-label="Who looks">
            <span class="soft">"Seen by"</span>
            {Eye::ALL.map(button)}
            <p class="soft" data-testid="agreement">{agreement}</p>
        </div>
    }
    .into_any()
}

/// How far other eyes agree with the one that is shown; what it looks for, while it is the only one.
fn agreement(found: &Found, sights: &[Arc<Found>]) -> String {
    let others: Vec<String> = sights
        .iter()
        .filter(|there| there.eye != found.eye && there.eye != Eye::Consensus)
        .map(|there| {
            let n = triage::shared(found, there, HEAD);
            format!("{} by the {}", format::count(n as u64), sight::name(there.eye).to_lowercase())
        })
        .collect();
    if others.is_empty() {
        return sight::hint(found.eye).to_owned();
    }
    let n = HEAD.min(found.ranking.len()) as u64;
    format!(
        "Of the {} oddest rows here, among the oddest too: {}.",
        format::count(n),
        others.join(", ")
    )
}

/// What every eye makes of a row, where more than one has looked.
#[component]
pub fn Sights(
    /// The row.
    row: u32,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let sights = untrack(|| session.sights.get());
    let line = |found: &Arc<Found>| {
        let score = found.scores[row as usize];
        let factor = (found.eye == Eye::Neighbours)
            .then(|| format!("(×{})", format::fixed(score / (1.0 - score), 2)));
        view! {
            <tr data-testid="sight" data-eye=found.eye.word() data-score=score.to_string()>
                <th scope="row">{sight::name(found.eye)}</th>
                <td class="num">{factor} " " {format::fixed(score, 3)}</td>
                <td class="num">"rank " {format::count(u64::from(triage::rank(found, score)))}</td>
            </tr>
        }
    };
    (sights.len() > 1).then(|| {
        view! {
            <section class="sights">
                <table>
                    <caption class="visually-hidden">"What each eye makes of it"</caption>
                    <tbody>{sights.iter().map(line).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any()
    })
}
