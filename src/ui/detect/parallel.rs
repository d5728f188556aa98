//! The oddest listed rows across several columns at once.

use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::cases::rows_because;
use crate::chart::{format, parallel};
use crate::protocol::{Found, Loaded, Positions, arrange};
use crate::ui::link::Link;
use crate::ui::outside::{self, AtRest};
use crate::ui::session::Session;
use crate::ui::triage::{self, Severity};
use crate::ui::words;

/// Rows at most: more lines are none.
const ROWS: usize = 60;
/// Columns at most.
const COLUMNS: usize = 9;
const HEIGHT: f64 = 250.0;
/// Above, below (for the names), and at both sides.
const MARGINS: (f64, f64, f64) = (22.0, 52.0, 64.0);

/// A line per row, over the columns that made most of them odd; they follow the list.
#[component]
pub fn Parallel(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let rows = {
        let found = found.clone();
        Memo::new(move |_| listed(&found, session))
    };
    Effect::new(move |_| link.want_reasons(rows.get()));
    let columns = {
        let features = found.features.clone();
        Memo::new(move |last: Option<&Vec<u32>>| {
            strongest(&rows.get(), &features, session).or_else(|| last.cloned()).unwrap_or_default()
        })
    };
    let at_rest = AtRest::after(Duration::from_millis(200));
    Effect::new(move |_| {
        let (rows, columns) = (rows.get(), columns.get());
        if !rows.is_empty() && !columns.is_empty() {
            at_rest.run(move || untrack(|| link.want_positions(rows, columns)));
        }
    });
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let drawn = {
        let (table, found) = (table.clone(), found.clone());
        move || {
            let positions = session.positions.get()?;
            let width = size.get().0;
            (width > 0.0).then(|| lines(&positions, width, &table, &found, session))
        }
    };
    let behind = {
        let table = table.clone();
        move || session.positions.get().map(|positions| behind(&positions, &table))
    };
    let n_shown = move || rows.with(Vec::len) as u64;
    let is_any = move || n_shown() > 0;
    view! {
        <Show when=is_any>
            <section class="card" data-testid="parallel">
                <h2>
                    {move || words::counted(n_shown(), "flagged row", "flagged rows")} " side by side"
                </h2>
                <figure class="figure">
                    <div class="density" node_ref=node style:height=format!("{HEIGHT}px")>
                        {drawn.clone()}
                    </div>
                    <figcaption class="cap">
                        "Each line is a row, each upright a column, the strongest reasons first: at the top \
                         its highest value or rarest category, at the foot its lowest or most common. Look \
                         for bundles, which are one cause, and for lines that leave them. A click opens the \
                         row."
                    </figcaption>
                    <details class="behind">
                        <summary>"The table behind it"</summary>
                        {behind.clone()}
                    </details>
                </figure>
            </section>
        </Show>
    }
    .into_any()
}

/// The oddest flagged rows of the list.
fn listed(found: &Found, session: Session) -> Vec<u32> {
    let threshold = session.threshold.get();
    let because = session.because.get();
    let n_flagged = triage::flagged(found, threshold) as usize;
    let cases = if because.is_empty() { None } else { session.cases.get() };
    let of_cases = cases.map(|cases| rows_because(&cases, &because, found));
    let rows = of_cases.as_deref().unwrap_or(&found.ranking[..n_flagged]);
    rows.iter().copied().filter(|&row| session.may_list(row)).take(ROWS).collect()
}

/// The columns that weigh most among the reasons of some rows, the strongest first; `None` while those
/// are not known.
fn strongest(rows: &[u32], features: &[u32], session: Session) -> Option<Vec<u32>> {
    let mut weights: Vec<(u32, f64)> = features.iter().map(|&column| (column, 0.0)).collect();
    let n_known = session.reasons.with(|known| {
        let told = rows.iter().filter_map(|&row| known.get(row));
        told.map(|told| {
            for reason in &told.reasons {
                if let Ok(at) = weights.binary_search_by_key(&reason.column, |&(column, _)| column)
                {
                    weights[at].1 += reason.contribution;
                }
            }
        })
        .count()
    });
    if n_known < rows.len() {
        return None;
    }
    arrange(&mut weights, |a, b| b.1.total_cmp(&a.1));
    weights.truncate(COLUMNS);
    Some(weights.into_iter().map(|(column, _)| column).collect())
}

fn lines(
    positions: &Positions,
    width: f64,
    table: &Loaded,
    found: &Found,
    session: Session,
) -> AnyView {
    let (top, foot, side) = MARGINS;
    let below = HEIGHT - foot;
    let xs = parallel::axes(positions.columns.len(), (side, width - side));
    let uprights = positions
        .columns
        .iter()
        .zip(&xs)
        .map(|(&column, &x)| {
            let name = table.profile.columns.get(column as usize).map(|column| column.name.clone());
            let name = name.unwrap_or_default();
            let short: String = name.chars().take(14).collect();
            let short = if short == name { name.clone() } else { format!("{short}…") };
            view! {
                <line class="grid" x1=x x2=x y1=top y2=below />
                <text class="tick" x=x y={below + 34.0} text-anchor="middle">
                    <title>{name}</title>
                    {short}
                </text>
            }
        })
        .collect_view();
    let places = positions.places.chunks_exact(positions.columns.len());
    let row_line = |(&row, places): (&u32, &[f32])| {
        let score = found.scores.get(row as usize).copied().unwrap_or_default();
        let severity = Severity::of_rank(triage::rank(found, score), triage::n_rows(found));
        let is_on = move || session.selected_row.get() == Some(row);
        view! {
            <path
                class=format!("thread thread--{}", severity.word()) class:is-on=is_on
                d=parallel::line(places, &xs, (below, top), below + 14.0)
                data-testid="thread" data-row=row.to_string()
                on:click=move |_| session.selected_row.set(Some(row))
            >
                <title>{format!("row {}, score {}", format::count(row.into()), format::fixed(score, 3))}</title>
            </path>
        }
    };
    // The oddest last, so that no other one hides it.
    let mut threads: Vec<_> = positions.rows.iter().zip(places).map(row_line).collect();
    threads.reverse();
    view! {
        <svg class="plot" role="img" aria-label="Flagged rows across columns" width=width height=HEIGHT>
            <text class="tick tick--free" x="4" y={top + 4.0}>"high, rare"</text>
            <text class="tick tick--free" x="4" y=below>"low, common"</text>
            <text class="tick tick--free" x="4" y={below + 17.0}>"missing"</text>
            {uprights} {threads}
        </svg>
    }
    .into_any()
}

/// Where each row stands in each column, in words.
fn behind(positions: &Positions, table: &Loaded) -> AnyView {
    let name = |&column: &u32| table.profile.columns.get(column as usize).map(|c| c.name.clone());
    let names = positions.columns.iter().filter_map(name);
    let names = names.map(|name| view! { <th class="num">{name}</th> }).collect_view();
    let places = positions.places.chunks_exact(positions.columns.len());
    let place = |place: &f32| match place {
        place if place.is_nan() => "missing".to_owned(),
        place => words::percent(f64::from(*place)),
    };
    let line = |(&row, places): (&u32, &[f32])| {
        let cells = places.iter().map(|there| view! { <td class="num">{place(there)}</td> });
        view! { <tr><td class="num">{format::count(row.into())}</td> {cells.collect_view()}</tr> }
    };
    let lines = positions.rows.iter().zip(places).map(line).collect_view();
    view! {
        <div class="scrolls">
            <table class="table">
                <thead>
                    <tr>
                        <th class="num">"row"</th>
                        {names}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        </div>
    }
    .into_any()
}
