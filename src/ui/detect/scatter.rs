//! The scatter of any two columns, and scores over time.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::{
    AxisOf, AxisScale, ColumnType, Direction, Found, Loaded, Reason, Role, Values, arrange,
};
use crate::ui::link::Link;
use crate::ui::plots::density::{Axis, Density};
use crate::ui::plots::hue::Hue;
use crate::ui::recipe::AxisChoice;
use crate::ui::session::Session;

/// The head of the ranking whose reasons propose the axes.
const HEAD: usize = 40;
/// Columns that weigh less than this share of the heaviest do not become axes by themselves.
const WORTH_AN_AXIS: f64 = 0.25;
/// Fewer values than this are few for an axis.
const FEW: u32 = 16;
/// The axes of the map: as the address has them, and in words.
const MAP: [(&str, &str); 2] = [("~1", "map: first component"), ("~2", "map: second component")];
/// The axis of margins, as the address has it.
const MARGIN: &str = "~margin";
/// Names that a selection offers.
const OFFERED: usize = 500;
const HEIGHT: f64 = 290.0;

/// All rows on two columns; by default on the two that made most of the oddest rows odd.
#[component]
pub fn Scatter(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let head: Vec<u32> = found.ranking.iter().take(HEAD).copied().collect();
    Effect::new({
        let head = head.clone();
        move |_| link.want_reasons(head.iter().copied())
    });
    let proposed = {
        let (features, table) = (found.features.clone(), table.clone());
        Memo::new(move |last: Option<&Option<(AxisOf, AxisOf)>>| {
            // Once proposed, axes stay: reasons may be forgotten, a chart must not jump.
            last.cloned().flatten().or_else(|| propose(session, &table, &head, &features))
        })
    };
    let axes = {
        let table = table.clone();
        Memo::new(move |_| {
            let (x, y) = (session.axes.0.get(), session.axes.1.get());
            let count = session.trained.with(Option::is_some).then(|| session.n_counts.get());
            let proposed = proposed.get();
            let x = axis(&table, &x, count, proposed.as_ref().map(|axes| axes.0.clone()))?;
            // The column that was proposed for one axis may have been chosen for the other.
            let left = proposed.map(|(first, second)| if x.of == second { first } else { second });
            Some((x, axis(&table, &y, count, left)?))
        })
    };
    let is_map = move || session.axes.0.with(|x| x.name.as_deref() == Some(MAP[0].0));
    let x = Signal::derive(move || axes.get().map(|axes| axes.0));
    let y = Signal::derive(move || axes.get().map(|axes| axes.1));
    view! {
        <section class="card">
            <header class="row-of-fields row-of-fields--head">
                <h2 class="visually-hidden">"All rows on two columns"</h2>
                <AxisPicker
                    id="scatter-x" word="across" choice=session.axes.0 axis=x table=table.clone()
                />
                <AxisPicker id="scatter-y" word="up" choice=session.axes.1 axis=y table=table.clone() />
                <button
                    class="quiet quiet--small" type="button" data-testid="map" class:is-on=is_map
                    aria-pressed=move || is_map().to_string()
                    title="A map of all rows by the two directions in which they differ most (principal components)"
                    on:click=move |_| show_map(session, !is_map())
                >
                    "Map"
                </button>
                <HuePicker />
            </header>
            <figure class="figure" data-testid="scatter">
                <Density
                    axes table found height=HEIGHT label="All rows on two columns" hue=session.hue
                    caption="Look for marks away from the grey. Hover to read, click to open the oddest row there, draw a box to list its rows."
                />
            </figure>
        </section>
    }
    .into_any()
}

/// What marks are coloured by.
#[component]
fn HuePicker() -> impl IntoView {
    let session = expect_context::<Session>();
    let options = Hue::ALL.map(|hue| {
        let is_chosen = move || session.hue.get() == hue;
        // Without labels there is nothing to tell apart.
        let is_off = move || match hue {
            Hue::Label => session.column_of(Role::Label).is_none(),
            Hue::Class | Hue::Right => session.trained.with(Option::is_none),
            Hue::Oddness | Hue::Verdict => false,
        };
        view! {
            <option value=hue.word() selected=is_chosen disabled=is_off>{format!("colours: {}", hue.name())}</option>
        }
    });
    view! {
        <div class="axis-picker">
            <select
                class="input" data-testid="scatter-hue" aria-label="Colours"
                title="What the colours tell"
                on:change:target=move |event| {
                    let word = event.target().value();
                    if let Some(hue) = Hue::ALL.into_iter().find(|hue| hue.word() == word) {
                        session.hue.set(hue);
                    }
                }
            >
                {options.collect_view()}
            </select>
        </div>
    }
}

/// Which column an axis shows, and on which scale.
#[component]
fn AxisPicker(
    id: &'static str,
    word: &'static str,
    choice: RwSignal<AxisChoice>,
    #[prop(into)] axis: Signal<Option<Axis>>,
    table: Arc<Loaded>,
) -> impl IntoView {
    let of = move || axis.get().map(|axis| axis.of);
    let columns = &table.profile.columns;
    let options = (0_u32..)
        .zip(columns)
        .filter(|(_, column)| column.values.is_some())
        .take(OFFERED)
        .map(|(index, column)| {
            let is_chosen = move || of() == Some(AxisOf::Column(index));
            view! { <option value=column.name.clone() selected=is_chosen>{column.name.clone()}</option> }
        })
        .collect_view();
    let more = (columns.len() > OFFERED).then(|| {
        view! { <option disabled=true>{format!("… and more: name one in the address, as {id}=…")}</option> }
    });
    let component = |(at, (name, words)): (usize, &(&'static str, &'static str))| {
        let is_chosen = move || of() == Some(AxisOf::Component(at as u32));
        view! { <option value=*name selected=is_chosen>{*words}</option> }
    };
    let session = expect_context::<Session>();
    let margin = move || {
        let is_chosen = move || matches!(of(), Some(AxisOf::Margin(_)));
        session.trained.with(Option::is_some).then(|| {
            view! { <option value=MARGIN selected=is_chosen>"margin of the model"</option> }
        })
    };
    let is_log = move || axis.get().is_some_and(|axis| axis.scale == AxisScale::Log);
    let can_be_log = {
        let table = table.clone();
        move || match of() {
            Some(AxisOf::Column(column)) => matches!(
                table.profile.columns[column as usize].kind,
                ColumnType::Integer | ColumnType::Decimal
            ),
            Some(AxisOf::Component(_)) => true,
            _ => false,
        }
    };
    let toggle = move |is_log: bool| {
        let scale = if is_log { AxisScale::Log } else { AxisScale::Linear };
        choice.update(|choice| choice.scale = Some(scale));
    };
    view! {
        <div class="axis-picker">
            <select
                class="input" data-testid=id aria-label=word title=word
                on:change:target=move |event| {
                    choice.set(AxisChoice { name: Some(event.target().value()), scale: None });
                }
            >
                {options}
                {more}
                <option value="" selected=move || of() == Some(AxisOf::Score)>"score"</option>
                {MAP.iter().enumerate().map(component).collect_view()}
                {margin}
            </select>
            <label class="check" title="Logarithmic axis">
                <input
                    type="checkbox" data-testid=format!("{id}-log") prop:checked=is_log
                    disabled=move || !can_be_log()
                    on:change:target=move |event| toggle(event.target().checked())
                />
                "log"
            </label>
        </div>
    }
}

/// Scores over time.
#[component]
pub fn Timeline(
    /// The table.
    table: Arc<Loaded>,
    /// Its scores.
    found: Arc<Found>,
    /// The column that holds the time.
    column: u32,
) -> impl IntoView {
    const HEIGHT: f64 = 220.0;
    let name = table.profile.columns[column as usize].name.clone();
    let x = Axis { of: AxisOf::Column(column), scale: AxisScale::Linear };
    let y = Axis { of: AxisOf::Score, scale: AxisScale::Linear };
    view! {
        <section class="card">
            <h2>"Scores over time · " {name} ", UTC"</h2>
            <figure class="figure" data-testid="timeline">
                <Density
                    axes=Signal::derive(move || Some((x.clone(), y.clone()))) table found height=HEIGHT
                    hue=Signal::derive(Hue::default)
                    label="Scores over time"
                    caption="The line is the threshold. Look for columns of marks, which are bursts, and for marks at quiet hours."
                />
            </figure>
        </section>
    }
    .into_any()
}

/// Puts all rows on a map, or back on columns.
fn show_map(session: Session, is_map: bool) {
    let axis = |at: usize| {
        let name = is_map.then(|| MAP[at].0.to_owned());
        AxisChoice { name, scale: None }
    };
    session.axes.0.set(axis(0));
    session.axes.1.set(axis(1));
}

/// What an axis shows: the choice, or what is proposed; `count` is the count of a model's votes.
fn axis(
    table: &Loaded,
    choice: &AxisChoice,
    count: Option<u32>,
    proposed: Option<AxisOf>,
) -> Option<Axis> {
    let column_of = |name: &str| {
        let index = table.profile.columns.iter().position(|column| column.name == name)?;
        Some(AxisOf::Column(u32::try_from(index).ok()?))
    };
    let chosen = match choice.name.as_deref() {
        Some("") => Some(AxisOf::Score),
        Some(name) if name == MAP[0].0 => Some(AxisOf::Component(0)),
        Some(name) if name == MAP[1].0 => Some(AxisOf::Component(1)),
        Some(MARGIN) => count.map(AxisOf::Margin),
        // A name of another table is no choice.
        Some(name) => column_of(name),
        None => None,
    };
    let of = chosen.or(proposed)?;
    let usual = match of {
        AxisOf::Score | AxisOf::Values { .. } | AxisOf::Margin(_) => AxisScale::Linear,
        // Outliers stretch it: linear, all others would share a dot.
        AxisOf::Component(_) => AxisScale::Log,
        AxisOf::Column(column) => match &table.profile.columns.get(column as usize)?.values {
            Some(Values::Ordered { log_bins: true, .. }) => AxisScale::Log,
            _ => AxisScale::Linear,
        },
    };
    Some(Axis { of, scale: choice.scale.unwrap_or(usual) })
}

/// The two columns that count most among the reasons of the oddest rows.
fn propose(
    session: Session,
    table: &Loaded,
    head: &[u32],
    features: &[u32],
) -> Option<(AxisOf, AxisOf)> {
    let mut parts: Vec<(u32, f64)> = features.iter().map(|&column| (column, 0.0)).collect();
    let is_known = session.reasons.with(|known| {
        let reasons: Vec<_> = head.iter().filter_map(|&row| known.get(row)).collect();
        // What is missing has no place on an axis.
        let has_place = |reason: &&Reason| reason.direction != Direction::Missing;
        for reason in reasons.iter().flat_map(|row| &row.reasons).filter(has_place) {
            if let Ok(at) = parts.binary_search_by_key(&reason.column, |&(column, _)| column) {
                parts[at].1 += reason.contribution;
            }
        }
        reasons.len() == head.len()
    });
    if !is_known {
        return None;
    }
    arrange(&mut parts, |a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    // A column of few values makes a chart of few lines: it comes after those of many, as far as
    // these weigh enough.
    let least = parts.first().map_or(0.0, |&(_, part)| part * WORTH_AN_AXIS);
    let n_worthy = parts.iter().take_while(|&&(_, part)| part >= least).count();
    parts.truncate(n_worthy.max(2));
    let has_few = |column: u32| table.profile.columns[column as usize].n_distinct < FEW;
    arrange(&mut parts, |a, b| has_few(a.0).cmp(&has_few(b.0)));
    match parts[..] {
        [] => None,
        [(only, _)] => Some((AxisOf::Column(only), AxisOf::Score)),
        [(first, _), (second, _), ..] => Some((AxisOf::Column(first), AxisOf::Column(second))),
    }
}
