//! Who takes part: a line for each value of a column, the oddest first, and when its rows were.

use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use super::entity::{head, line};
use super::who::{can_be_told, candidates, too_many};
use crate::chart::format;
use crate::protocol::{Entities, EntitySpec, Found, Loaded};
use crate::ui::link::Link;
use crate::ui::outside::{self, AtRest};
use crate::ui::plots::frame;
use crate::ui::plots::lanes;
use crate::ui::session::Session;
use crate::ui::words;

/// Entities that are shown at once.
const PAGE: u32 = 12;

/// The height of a line, as in the style.
const LINE: u32 = 46;

/// The values of a column that tells who, the oddest first. They follow the threshold once it rests.
#[component]
pub fn EntityList(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
    /// The column that tells when.
    time: Option<u32>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let columns = untrack(|| candidates(&table.profile.columns, |it| session.role_of(it)));
    let profile = |&column: &u32| &table.profile.columns[column as usize];
    let usual = columns.iter().copied().find(|column| can_be_told(profile(column)));
    let Some(usual) = usual.or(columns.first().copied()) else { return ().into_any() };
    let offered: Vec<(u32, String)> =
        columns.iter().map(|column| (*column, profile(column).name.clone())).collect();
    let time = lanes::along(&table.profile, time);
    let from = RwSignal::new(0_u32);
    let column = {
        let offered = offered.clone();
        Memo::new(move |_| {
            let is_meant = |name: &str| offered.iter().find(|(_, there)| there == name);
            session.who.with(|who| is_meant(who.as_deref()?)).map_or(usual, |&(column, _)| column)
        })
    };
    let choice = (offered.len() > 1).then(|| {
        let option = |(index, name): (u32, String)| {
            let is_chosen = move || column.get() == index;
            view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
        };
        view! {
            <select
                class="input" data-testid="entity-column" aria-label="The column that tells who"
                on:change:target=move |event| {
                    session.who.set(Some(event.target().value()));
                    from.set(0);
                }
            >
                {offered.into_iter().map(option).collect_view()}
            </select>
        }
    });
    let name = {
        let table = table.clone();
        move || table.profile.columns[column.get() as usize].name.clone()
    };
    let body = {
        let (table, found) = (table.clone(), found.clone());
        move || {
            let (table, found, column) = (table.clone(), found.clone(), column.get());
            match too_many(&table.profile.columns[column as usize]) {
                Some(sentence) => {
                    view! { <p class="soft cases__none" data-testid="entities-too-many">{sentence}</p> }
                        .into_any()
                }
                None => view! { <Listed table found column time from /> }.into_any(),
            }
        }
    };
    let shown = move || session.entities.get().filter(|it| it.spec.column == column.get());
    let headline = move || {
        shown().map(|entities| {
            let n = words::counted(u64::from(entities.n_flagged), "has", "have");
            format!("{} in all, {n} a flagged row", format::count(u64::from(entities.n_entities)))
        })
    };
    view! {
        <section
            class="card card--flush" data-testid="entities"
            data-count=move || shown().map(|entities| entities.n_entities)
        >
            <header class="card__head">
                <h2>"Who · " {name}</h2>
                <p class="soft">{headline}</p>
                <div class="entities__choice">{choice}</div>
            </header>
            {body}
        </section>
    }
    .into_any()
}

/// The entities of a column that can be told one by one, page by page.
#[component]
fn Listed(
    table: Arc<Loaded>,
    found: Arc<Found>,
    column: u32,
    time: Option<u32>,
    from: RwSignal<u32>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    ask(column, time, from);
    // What is told of another column is not shown under this one's name.
    let shown = Memo::new(move |_| session.entities.get().filter(|it| it.spec.column == column));
    let node = NodeRef::<html::Div>::new();
    let frame = lanes::of(shown, time, outside::size_of(node), table.clone());
    let profile = &table.profile.columns[column as usize];
    let n_lines = profile.n_distinct.min(PAGE);
    let missing = {
        let name = profile.name.clone();
        move || shown.with(|shown| shown.as_ref().and_then(|it| without(it, &name)))
    };
    let kind = time.map(|time| table.profile.columns[time as usize].kind);
    let axis = kind.map(|kind| {
        view! {
            <div class="entity entity--axis">
                <div class="entity__lane" node_ref=node>{lanes::axis(frame, kind)}</div>
            </div>
        }
    });
    let behind = kind.map(|_| {
        let found = found.clone();
        let table = move || {
            frame.get().map(|frame| frame::behind(&frame, &found, session, ("when", "who")))
        };
        view! {
            <details class="behind">
                <summary>"The table behind it"</summary>
                {table}
            </details>
        }
    });
    let head = head(kind.is_some());
    let lines = move || {
        let entities = shown.get()?;
        let lines = entities.entities.iter().enumerate();
        Some(lines.map(|it| line(it, &table, &found, column, kind, frame)).collect_view())
    };
    view! {
        <div class="entities" role="table" class:has-lanes=kind.is_some()>
            {head}
            <div role="rowgroup" style:min-height=format!("{}px", n_lines * LINE)>{lines}</div>
            {axis}
        </div>
        <footer class="card__foot">
            <Pages shown from />
            {kind.map(|_| legend())}
            <p class="cap">{what_to_look_for(kind.is_some())} {missing}</p>
            {behind}
        </footer>
    }
    .into_any()
}

/// Asks for what is to be shown: at once for another page, and once it rests for another threshold.
fn ask(column: u32, time: Option<u32>, from: RwSignal<u32>) {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let at_rest = AtRest::after(Duration::from_millis(150));
    let want = move || {
        let threshold = session.threshold.get_untracked();
        let from = from.get_untracked();
        let of = untrack(|| session.looked_at());
        link.want_entities(EntitySpec { column, of, threshold, time, most: PAGE, from });
    };
    let rules = Memo::new(move |_| session.looked_at());
    Effect::new(move |last: Option<f64>| {
        session.entities.track();
        rules.track();
        from.track();
        let threshold = session.threshold.get();
        if last == Some(threshold) {
            want();
        } else {
            at_rest.run(want);
        }
        threshold
    });
}

/// Which are shown, of how many, and a way to the others.
#[component]
fn Pages(shown: Memo<Option<Arc<Entities>>>, from: RwSignal<u32>) -> impl IntoView {
    let n_entities = move || shown.with(|shown| shown.as_ref().map_or(0, |it| it.n_entities));
    let told = move || {
        shown.with(|shown| {
            let shown = shown.as_ref()?;
            let (first, n) = (shown.spec.from, shown.entities.len() as u32);
            let count = |n: u32| format::count(u64::from(n));
            Some(format!("{}–{} of {}", count(first + 1), count(first + n), count(n_entities())))
        })
    };
    let button = move |word: &'static str, is_back: bool| {
        let is_end = move || {
            if is_back { from.get() == 0 } else { from.get() + PAGE >= n_entities() }
        };
        let turn = move |_| {
            from.update(|from| {
                *from = if is_back { from.saturating_sub(PAGE) } else { *from + PAGE };
            });
        };
        view! {
            <button class="quiet quiet--small" type="button" disabled=is_end on:click=turn>
                {word}
            </button>
        }
    };
    view! {
        <Show when=move || { n_entities() > PAGE }>
            <div class="entities__pages" role="group" aria-label="Pages">
                {button("Previous", true)} {button("Next", false)}
                <span class="soft" role="status" data-testid="entity-page">{told}</span>
            </div>
        </Show>
    }
    .into_any()
}

/// What the colours mean; the height says it too.
fn legend() -> AnyView {
    view! {
        <div class="legend" aria-hidden="true">
            <span><i class="swatch swatch--faint"></i>"no flagged row"</span>
            <span><i class="swatch swatch--odd-1"></i>"flagged"</span>
            <span><i class="swatch swatch--odd-2"></i>"high"</span>
            <span><i class="swatch swatch--odd-3"></i>"critical"</span>
        </div>
    }
    .into_any()
}

fn what_to_look_for(has_lanes: bool) -> &'static str {
    if has_lanes {
        "Look for high marks side by side, which are bursts, for marks of several at the same time, \
         and for who begins late or goes silent. The higher a mark, the odder the oddest row of its \
         moment. A click on a mark opens that row, one on a name lists all its rows."
    } else {
        "Look for those of whose rows many are flagged. A click on a name lists all its rows, one on \
         a score opens the row that has it."
    }
}

/// How many rows belong to nobody.
fn without(entities: &Entities, name: &str) -> Option<String> {
    let n = u64::from(entities.n_missing);
    (n > 0).then(|| {
        let flagged = format::count(u64::from(entities.n_missing_flagged));
        format!(" {} without {name}, {flagged} of them flagged.", words::counted(n, "row", "rows"))
    })
}
