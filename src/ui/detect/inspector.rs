//! One row: the verdict in a sentence, the bars that make its score, the original line.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use super::around::Around;
use super::eyes::Sights;
use crate::chart::{SignedBar, format, signed_bars};
use crate::protocol::{Contribution, Eye, Found, Inspection, Loaded, SimilarRow, Verdict};
use crate::ui::aside::Aside;
use crate::ui::classify::row::Decided;
use crate::ui::link::Link;
use crate::ui::outside::{self, AtRest};
use crate::ui::session::Session;
use crate::ui::sight;
use crate::ui::triage;
use crate::ui::verdict::{self, Phrase};
use crate::ui::words;

/// Bars shown at first; the others wait behind a click.
const SHOWN: usize = 8;
/// Bars made at all: of 5,000 columns the weakest are told in one sum.
const MADE: usize = 400;
/// The width of the bars, both sides together, in CSS pixels.
const BARS: f64 = 96.0;

/// Everything about the selected row.
#[component]
pub fn Inspector(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    Effect::new(move |_| {
        if let Some(row) = session.selected_row.get() {
            link.inspect(row);
        }
    });
    let body = move || match (session.selected_row.get(), session.inspection.get()) {
        (Some(_), Some(inspection)) => {
            let (table, found) = (table.clone(), found.clone());
            view! { <Row table found inspection /> }.into_any()
        }
        (Some(_), None) => ().into_any(),
        (None, _) => view! {
            <p class="soft">"Select a row in the list or in a chart to see what makes it odd."</p>
        }
        .into_any(),
    };
    view! { <Aside label="Row inspector" subject=session.selected_row>{body}</Aside> }.into_any()
}

#[component]
fn Row(table: Arc<Loaded>, found: Arc<Found>, inspection: Arc<Inspection>) -> impl IntoView {
    let session = expect_context::<Session>();
    let row = inspection.text.row;
    let rank = triage::rank(&found, inspection.score);
    let severity = {
        let (found, score) = (found.clone(), inspection.score);
        Memo::new(move |_| triage::severity(&found, score, session.threshold.get()))
    };
    let phrases = {
        let (table, inspection) = (table.clone(), inspection.clone());
        Memo::new(move |_| {
            // Only the side of the threshold matters: a drag must not build sentences.
            let is_flagged = severity.get() > triage::Severity::Ordinary;
            let threshold = if is_flagged { 0.0 } else { f64::INFINITY };
            verdict::sentence(&inspection, &table.profile, threshold)
        })
    };
    let sentence = move || said(phrases.get());
    let band = move || {
        let band = session.bands.with(|known| known.get(row))?;
        let is_steady = band.worst <= session.flagged.get();
        let (best, worst) = (format::count(band.best.into()), format::count(band.worst.into()));
        Some(view! {
            <span data-testid="band" title=sight::band(*band, is_steady)>
                {format!(" ({best} to {worst}{})", if is_steady { ", ★ steady" } else { "" })}
            </span>
        })
    };
    let bars = bars(&inspection, &table);
    let cells = inspection.text.cells.len();
    let width = table.profile.columns.len();
    let ragged =
        (cells != width).then(|| format!("This row has {cells} cells, the table {width} columns."));
    let note = {
        let inspection = inspection.clone();
        move || {
            format!(
                "{} (row {row}, score {}, rank {rank})\n{}",
                verdict::plain(&phrases.get_untracked()),
                format::fixed(inspection.score, 3),
                inspection.text.text
            )
        }
    };
    view! {
        <div
            class="inspector" data-testid="inspector" data-row=row.to_string()
            data-score=inspection.score.to_string() data-path=inspection.path_length.to_string()
            data-expected=inspection.expected_path.to_string()
            data-average=inspection.average_path.to_string()
        >
            <header>
                <p class="soft">
                    "row " {format::count(u64::from(row))} " · rank "
                    {format::count(u64::from(rank))} {band} " · "
                    <span class=move || format!("severity severity--{}", severity.get().word())>
                        {move || severity.get().sign()} " " {move || severity.get().word()}
                    </span>
                </p>
                <p class="inspector__sentence" data-testid="inspector-sentence" aria-live="polite">
                    {sentence}
                </p>
            </header>
            <Sights row />
            <Judge row />
            <Otherwise row table=table.clone() />
            <Around table=table.clone() inspection=inspection.clone() />
            <section aria-label="What made its score">
                <div class="contribution contribution--head">
                    <span>"column"</span>
                    <span class="contribution__sides"><i>"odd"</i> <i>"ordinary"</i></span>
                    <span class="num">{if inspection.eye == Eye::Neighbours { "bits" } else { "steps" }}</span>
                </div>
                {bars}
                <p class="cap" data-testid="inspector-sum">{verdict::sum(&inspection)}</p>
            </section>
            <Decided row />
            <SimilarRows row />
            <section>
                <h2>"As it was read: " {words::place(&table, &inspection.text)}</h2>
                <p class="original">{inspection.text.text.clone()}</p>
                {ragged.map(|sentence| view! { <p class="cap">{sentence}</p> })}
                <Copy text=note />
            </section>
        </div>
    }
}

/// A sentence, with names set apart.
fn said(phrases: Vec<Phrase>) -> AnyView {
    let phrase = |phrase: Phrase| match phrase {
        Phrase::Plain(text) => text.into_any(),
        Phrase::Strong(name) => view! { <b>{name}</b> }.into_any(),
    };
    phrases.into_iter().map(phrase).collect_view().into_any()
}

/// What would make the row ordinary. It follows the threshold once it rests.
#[component]
fn Otherwise(row: u32, table: Arc<Loaded>) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let at_rest = AtRest::after(Duration::from_millis(150));
    Effect::new(move |_| {
        session.threshold.track();
        at_rest.run(move || link.want_counterfactual(row));
    });
    let sentence = move || {
        let found =
            session.counterfactual.get().filter(|found| found.row == row && found.is_odd)?;
        Some(verdict::otherwise(&found, &table.profile))
    };
    view! {
        <p class="otherwise" data-testid="counterfactual" aria-live="polite">
            {move || sentence().map(said)}
        </p>
    }
    .into_any()
}

/// The rows that the forest takes for nearly the same, odd or not; asked for when it is opened.
#[component]
fn SimilarRows(row: u32) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let similar = move || session.similar.get().filter(|similar| similar.row == row);
    let open = move |_| {
        if similar().is_none() {
            link.want_similar(row);
        }
    };
    let line = move |like: &SimilarRow| {
        let (row, stands_for) = (like.row, like.n_rows);
        let rows = match stands_for {
            1 => String::new(),
            n => format!("and {} like it", format::count(u64::from(n - 1))),
        };
        let is_odd = move || like_is_odd(session, row);
        view! {
            <button
                class="similar" type="button" data-testid="similar-row" data-row=row.to_string()
                data-value=like.proximity.to_string()
                on:click=move |_| session.selected_row.set(Some(row))
            >
                <span class="num">{words::percent(like.proximity)}</span>
                <span>"row " {format::count(u64::from(row))} " " <i class="soft">{rows}</i></span>
                <span class="num soft">{format::fixed(like.score, 3)} {is_odd}</span>
            </button>
        }
        .into_any()
    };
    let body = move || match similar() {
        None => view! { <p class="cap">"Looking …"</p> }.into_any(),
        Some(similar) if similar.rows.is_empty() => {
            view! { <p class="cap">"No other row shares a leaf with it."</p> }.into_any()
        }
        Some(similar) => view! {
            <p class="cap">"Share of the trees in which both end in the same leaf."</p>
            {similar.rows.iter().map(line).collect_view()}
        }
        .into_any(),
    };
    let is_open = RwSignal::new(false);
    let toggle = move |event: web_sys::Event| {
        is_open.update(|is_open| *is_open = !*is_open);
        open(event);
    };
    view! {
        <details class="behind" data-testid="similar" on:toggle=toggle>
            <summary>"Similar rows"</summary>
            {move || is_open.get().then(body)}
        </details>
    }
    .into_any()
}

/// A sign where a row is flagged.
fn like_is_odd(session: Session, row: u32) -> Option<&'static str> {
    let score = session.found.with(|found| found.as_ref()?.scores.get(row as usize).copied())?;
    (score >= session.threshold.get()).then_some("flagged")
}

/// What a person says about the row: all others are ranked anew by it.
#[component]
fn Judge(row: u32) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let judgements = session.judgements;
    let said = Memo::new(move |_| judgements.said.with(|said| said.get(&row).map(|said| said.0)));
    let buttons = Verdict::ALL.map(|verdict| {
        let is_on = move || said.get() == Some(verdict);
        view! {
            <button
                class="quiet quiet--small" class:is-on=is_on type="button"
                aria-pressed=move || is_on().to_string()
                data-testid=format!("verdict-{}", verdict.word()) title=words::verdict(verdict)
                on:click=move |_| {
                    let is_on = said.get_untracked() == Some(verdict);
                    link.judge(row, (!is_on).then_some(verdict));
                }
            >
                {words::verdict_sign(verdict)} " " {verdict.word()}
            </button>
        }
    });
    let note = move || judgements.said.with(|said| said.get(&row).map(|said| said.1.clone()));
    view! {
        <section class="judge" aria-label="Your verdict">
            <div class="judge__choice" role="group" aria-label="Your verdict">{buttons}</div>
            <Show when=move || said.get().is_some()>
                <input
                    class="input judge__note" data-testid="verdict-note" placeholder="A note for the export"
                    aria-label="A note for the export" autocomplete="off" prop:value=note
                    on:change:target=move |event| judgements.note(row, event.target().value())
                />
            </Show>
        </section>
    }
    .into_any()
}

/// The bars; the weaker ones behind a click.
fn bars(inspection: &Inspection, table: &Loaded) -> AnyView {
    let steps: Vec<f64> = inspection.contributions.iter().map(|part| part.steps).collect();
    let bars = signed_bars(&steps, BARS);
    let (session, link) = (expect_context::<Session>(), expect_context::<Link>());
    let mut rows: Vec<AnyView> = inspection
        .contributions
        .iter()
        .zip(bars)
        .take(MADE)
        .map(|(part, bar)| contribution(part, bar, inspection, table, session, link))
        .collect();
    let rest = rows.split_off(rows.len().min(SHOWN));
    let more = (!rest.is_empty()).then(|| {
        let sum: f64 = steps[SHOWN..].iter().sum();
        let n_rest = (steps.len() - SHOWN) as u64;
        let said = words::counted(n_rest, "weaker column", "weaker columns");
        let unmade = steps.get(MADE..).filter(|steps| !steps.is_empty()).map(|steps| {
            let said = words::counted(steps.len() as u64, "column", "columns");
            let sum = verdict::steps(steps.iter().sum());
            view! { <p class="cap">"The weakest " {said} " together: " {sum}</p> }
        });
        view! {
            <details class="behind">
                <summary>{said} ", together " {verdict::steps(sum)}</summary>
                {rest}
                {unmade}
            </details>
        }
    });
    view! { {rows} {more} }.into_any()
}

fn contribution(
    part: &Contribution,
    bar: SignedBar,
    inspection: &Inspection,
    table: &Loaded,
    session: Session,
    link: Link,
) -> AnyView {
    let Some(column) = table.profile.columns.get(part.column as usize) else {
        return ().into_any();
    };
    let text = inspection.text.cells.get(part.column as usize).map_or("", String::as_str);
    let value = words::cell(column.kind, text);
    let typical = words::typical(column, table.profile.n_rows).unwrap_or_default();
    let (name, about) = (column.name.clone(), words::about(column));
    let mute = {
        let name = name.clone();
        move |_| {
            session.mute(&name, true);
            link.detect();
        }
    };
    view! {
        <div
            class="contribution" data-testid="contribution" data-name=name.clone()
            data-value=part.steps.to_string()
        >
            <span
                class="contribution__name ellipsis" tabindex="0" data-help=about.clone()
                aria-description=about
            >
                {name.clone()}
            </span>
            <span class="contribution__bar" style:width=format!("{BARS}px")>
                <i
                    class:is-odd=bar.is_negative style:left=format!("{}px", bar.x)
                    style:width=format!("{}px", bar.width)
                ></i>
            </span>
            <span class="num">{verdict::steps(part.steps)}</span>
            <span class="contribution__typical">
                <b title=text.to_owned()>{value}</b> " · " {verdict::standing(part)} " · " {typical}
                <button
                    class="contribution__mute" type="button" data-testid="mute"
                    title="Leave this column out and find again" on:click=mute
                >
                    "mute"
                </button>
            </span>
        </div>
    }
    .into_any()
}

/// Copies a note about the row, to paste into a ticket.
#[component]
fn Copy(text: impl Fn() -> String + 'static) -> impl IntoView {
    let word = RwSignal::new("Copy as a note");
    let copy = move |_| {
        outside::copy(&text(), move |done| {
            word.set(if done { "Copied" } else { "The browser did not allow it" });
        });
    };
    view! { <button class="quiet quiet--small" on:click=copy>{move || word.get()}</button> }
}
