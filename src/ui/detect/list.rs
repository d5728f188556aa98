//! The ranked list: all rows, the oddest first, each with its reasons.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::narrowing::{Because, Learnt, Narrowing};
use super::ranked::{Ranked, head, telling};
use super::ranking::Ranking;
use crate::chart::format;
use crate::protocol::{Eye, Found, Loaded};
use crate::ui::link::Link;
use crate::ui::load::finder::Chips;
use crate::ui::outside::AtRest;
use crate::ui::session::Session;
use crate::ui::triage::{self, Severity};
use crate::ui::virtual_list::{MakeRow, Virtual};

const ROW_HEIGHT: f64 = 34.0;

/// All rows by score; the flagged ones stand out.
#[component]
pub fn RankedList(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let (view, set_view) = signal(0..0_u32);
    let ranking = {
        let found = found.clone();
        Memo::new(move |_| Ranking::of(&found, session))
    };
    let in_view =
        move || ranking.with(|all| view.get().filter_map(|at| all.row(at)).collect::<Vec<_>>());
    Effect::new(move |_| link.want_reasons(in_view()));
    Effect::new(move |_| link.want_rows(in_view()));
    Effect::new(move |_| session.start_over(ranking.with(|ranking| ranking.row(0))));
    let knows_halves = found.eye == Eye::Forest;
    let at_rest = AtRest::after(Duration::from_millis(400));
    Effect::new(move |_| {
        let rows = in_view();
        session.bands.track();
        if knows_halves {
            at_rest.run(move || untrack(|| link.want_bands(rows)));
        }
    });

    // Selected elsewhere, a row is found by its score, and among equal scores by its number.
    let cursor = {
        let found = found.clone();
        Memo::new(move |_| {
            let row = session.selected_row.get()?;
            ranking.with(|ranking| ranking.position(&found, row))
        })
    };
    let go = move |position: u32| {
        session.selected_row.set(ranking.with_untracked(|ranking| ranking.row(position)));
    };
    let telling =
        Arc::new(untrack(|| telling(&table.profile.columns, |column| session.role_of(column))));
    let title = telling
        .iter()
        .map(|&column| table.profile.columns[column as usize].name.as_str())
        .collect::<Vec<_>>()
        .join(" · ");
    let n_rows = triage::n_rows(&found);
    let n_listed = Memo::new(move |_| ranking.with(Ranking::len));
    let narrowed = move || match session.because.with(Vec::is_empty) {
        _ if n_listed.get() == n_rows => "",
        true => " that pass the filters",
        false => " with these reasons",
    };
    let because = table.clone();
    let n_flagged = {
        let found = found.clone();
        Memo::new(move |_| {
            let threshold = session.threshold.get();
            ranking.with(|ranking| ranking.n_flagged(&found, threshold))
        })
    };
    let others = Arc::new(others(session, &found));
    let row: MakeRow = {
        let (found, others) = (found.clone(), others.clone());
        Arc::new(move |position| {
            let (table, found, telling) = (table.clone(), found.clone(), telling.clone());
            let others = others.clone();
            // Another row comes to a position when the list is narrowed.
            let row = Memo::new(move |_| ranking.with(|ranking| ranking.row(position)));
            (move || {
                let (table, found, telling) = (table.clone(), found.clone(), telling.clone());
                let others = others.clone();
                row.get().map(|row| view! { <Ranked row table found telling others /> })
            })
            .into_any()
        })
    };
    let head = head(title, &others);
    view! {
        <section class="card card--flush">
            <header class="card__head">
                <h2>{move || ranking.with(Ranking::title)}</h2>
                <p class="soft">
                    {move || format::count(n_flagged.get() as u64)} " flagged of "
                    {move || format::count(u64::from(n_listed.get()))}
                    {narrowed}
                </p>
                <Because table=because />
                <Learnt />
                <Narrowing />
            </header>
            <Chips />
            <Virtual
                n_rows=n_listed row_height=ROW_HEIGHT cursor on_move=go
                set_view label="Rows by score" class="ranking" head row
            />
            <footer class="card__foot">
                <p class="cap">
                    <kbd>"↑"</kbd> " " <kbd>"↓"</kbd> " " <kbd>"PgDn"</kbd> " " <kbd>"End"</kbd>
                    " move through all rows. " {Severity::RULE}
                </p>
            </footer>
        </section>
    }
    .into_any()
}

/// What other eyes see, beside the one that is shown.
fn others(session: Session, found: &Found) -> Vec<Arc<Found>> {
    let mut sights = untrack(|| session.sights.get());
    sights.retain(|there| there.eye != found.eye);
    sights
}
