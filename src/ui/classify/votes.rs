//! What the columns say in the model: one step function each.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::mute::{Mute, MutedNote, value_of};
use crate::chart::{Kind, Scale, format, path};
use crate::protocol::{ColumnType, ColumnVotes, Loaded, StepValues, Trained, Values, VoteStep};
use crate::ui::ballot::is_folded;
use crate::ui::link::Link;
use crate::ui::outside;
use crate::ui::plots::axes::{self, Area};
use crate::ui::words;

/// Columns that are shown before more are asked for.
const SHOWN: usize = 8;
/// Rules that are told in words.
const RULES: usize = 12;
const HEIGHT: f64 = 150.0;
const MARGINS: (f64, f64, f64, f64) = (10.0, 12.0, 24.0, 46.0);

/// The columns of the model, the one with most to say first.
#[component]
pub fn Columns(
    /// The table.
    table: Arc<Loaded>,
    /// The model.
    trained: Arc<Trained>,
) -> impl IntoView {
    let most = trained.columns.first().map_or(0.0, |column| column.weight);
    let is_additive = trained.spec.params.depth == 1;
    let is_two = trained.classes.len() == 2;
    let link = expect_context::<Link>();
    let may_mute = !is_folded(&trained.spec);
    let shown = RwSignal::new(SHOWN);
    let n_columns = trained.columns.len();
    let one = move |place: usize| {
        let column = &trained.columns[place];
        let name = trained.name(&table.profile, column.column).to_owned();
        let share = if most > 0.0 { column.weight / most } else { 0.0 };
        let plot = (!column.steps.is_empty()).then(|| steps(&table, &trained, column));
        view! {
            <li data-testid="votes" data-name=name.clone() data-value=column.weight.to_string()>
                <header>
                    <b class="ellipsis">{name.clone()}</b>
                    <span class="weight" aria-hidden="true">
                        <i style:width=format!("{:.1}%", share * 100.0)></i>
                    </span>
                    <span class="num soft">{format::fixed(column.weight, 3)}</span>
                    {may_mute.then(|| view! { <Mute name=name.clone() at=None /> })}
                </header>
                {plot}
            </li>
        }
        .into_any()
    };
    let list = move || (0..shown.get().min(n_columns)).map(&one).collect_view();
    let more = move || {
        (shown.get() < n_columns).then(|| {
            view! {
                <button class="quiet" type="button" on:click=move |_| shown.set(usize::MAX / 2)>
                    {format!("All {n_columns} columns")}
                </button>
            }
        })
    };
    let said = if is_additive && !is_two {
        "Each column votes for and against every class by its value, whatever the others hold, and all votes are added up: \
         the class with most wins. Told is the strongest vote of a step, with its class; one below 0 speaks least \
         against it. Columns come by how much they have to say on the mean."
    } else if is_additive {
        "Each column votes by its value, whatever the others hold, and all votes are added up: above 0 for the class \
         looked for, below for the others. Columns come by how much they have to say on the mean."
    } else {
        "Deeper trees ask for several columns at once, so a column has no vote of its own. Columns come by how much \
         they change the votes on the mean; train with depth 1 to read the model as rules."
    };
    view! {
        <section class="card" data-testid="model">
            <header class="head-line">
                <h2>"What it has learnt"</h2>
                <span class="grow"></span>
                <button
                    class="quiet quiet--small" type="button"
                    title="The model as it is shown, to be read by other programs"
                    on:click=move |_| link.export_model()
                >
                    "Model as JSON"
                </button>
            </header>
            <p class="soft">{said}</p>
            <MutedNote />
            <ol class="votes">{list}</ol>
            {more}
        </section>
    }
    .into_any()
}

/// The vote of a step that is shown: that for the second of two classes, or the largest for any.
fn vote(step: &VoteStep) -> f64 {
    match step.votes[..] {
        [only] => only,
        ref votes => votes.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    }
}

/// The class a step votes for most.
fn class_of(step: &VoteStep, classes: &[String]) -> String {
    let class = match step.votes[..] {
        [only] => usize::from(only > 0.0),
        ref votes => {
            let best = vote(step);
            votes.iter().position(|&vote| vote == best).unwrap_or(0)
        }
    };
    classes.get(class).cloned().unwrap_or_default()
}

/// The step function of a column, and its rules in words.
fn steps(table: &Loaded, trained: &Trained, column: &ColumnVotes) -> AnyView {
    // An added column has no profile: it holds numbers.
    let profile = table.profile.columns.get(column.column as usize);
    let name = trained.name(&table.profile, column.column).to_owned();
    let is_two = trained.classes.len() == 2;
    let is_time = profile.is_some_and(|it| it.kind == ColumnType::Time);
    let values = profile.and_then(|it| it.values.as_ref());
    let is_log = matches!(values, Some(Values::Ordered { log_bins: true, .. }));
    let ranges: Vec<(f64, f64, f64)> = column
        .steps
        .iter()
        .filter_map(|step| match step.values {
            StepValues::Range(low, high) => Some((low, high, vote(step))),
            _ => None,
        })
        .collect();
    let has_plot = is_two && ranges.len() > 1;
    let plot = has_plot.then(|| {
        let kind = match (is_time, is_log) {
            (true, _) => Kind::Time,
            (_, true) => Kind::Log,
            _ => Kind::Linear,
        };
        view! { <StepPlot ranges kind name=name.clone() /> }
    });
    let number = |value: f64| if is_time { format::time(value) } else { format::compact(value) };
    let may_mute = !is_folded(&trained.spec);
    let rule = |step: &VoteStep| {
        let values = match &step.values {
            StepValues::Range(low, high) if low == high => format!("is {}", number(*low)),
            StepValues::Range(low, high) => format!("{} to {}", number(*low), number(*high)),
            StepValues::Names(names, n) => {
                let more = *n as usize - names.len();
                let more = if more > 0 { format!(" or {more} others") } else { String::new() };
                format!("is {}{more}", names.join(", "))
            }
            StepValues::Missing => "has no value".to_owned(),
        };
        let class = class_of(step, &trained.classes);
        view! {
            <tr>
                <td>{values}</td>
                <td class="num">{format::fixed(vote(step), 3)}</td>
                <td class="ellipsis">{class}</td>
                <td class="num soft">{format::count(step.n_rows)}</td>
                {may_mute.then(|| view! { <td><Mute name=name.clone() at=Some(value_of(&step.values)) /></td> })}
            </tr>
        }
    };
    let mut by_weight: Vec<&VoteStep> =
        column.steps.iter().filter(|step| step.n_rows > 0).collect();
    let n_rules = by_weight.len();
    crate::protocol::arrange(&mut by_weight, |a, b| {
        let weight = |step: &VoteStep| vote(step).abs() * step.n_rows as f64;
        weight(b).total_cmp(&weight(a))
    });
    let rules = by_weight.into_iter().take(RULES).map(rule).collect_view();
    let (is_short, is_open) = (n_rules <= RULES, !has_plot || n_rules <= 4);
    view! {
        {plot}
        <details class="behind" open=is_open>
            <summary>{words::counted(n_rules as u64, "rule", "rules")}</summary>
            <table class="table">
                <thead>
                    <tr>
                        <th>"value"</th>
                        <th class="num">"vote"</th>
                        <th>"for"</th>
                        <th class="num">"rows"</th>
                        {may_mute.then(|| view! { <th></th> })}
                    </tr>
                </thead>
                <tbody>{rules}</tbody>
            </table>
            {(!is_short).then(|| view! { <p class="cap">"Those that decide most."</p> })}
        </details>
    }
    .into_any()
}

/// Votes by value.
#[component]
fn StepPlot(ranges: Vec<(f64, f64, f64)>, kind: Kind, name: String) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let drawn = move || {
        let area = Area::within((size.get().0, HEIGHT), MARGINS);
        let domain = (ranges[0].0, ranges[ranges.len() - 1].1);
        let x = Scale::new(kind, domain, area.x_range());
        let (low, high) = ranges
            .iter()
            .fold((0.0_f64, 0.0_f64), |(low, high), &(.., vote)| (low.min(vote), high.max(vote)));
        let y = Scale::linear((low, high), area.y_range()).nice(4);
        // A step reaches to the middle between its last value and the next one's first.
        let mut points = Vec::new();
        for (place, &(from, to, vote)) in ranges.iter().enumerate() {
            let before = place.checked_sub(1).map(|before| ranges[before].1);
            let after = ranges.get(place + 1).map(|after| after.0);
            let middle = |a: f64, b: f64| f64::midpoint(x.map(a), x.map(b));
            let left = before.map_or(x.map(from), |before| middle(before, from));
            let right = after.map_or(x.map(to), |after| middle(to, after));
            points.extend([Some((left, y.map(vote))), Some((right, y.map(vote)))]);
        }
        let zero = y.map(0.0);
        view! {
            {axes::y_axis(&y.ticks(3), area)}
            <line class="axis" x1=area.left x2=area.right y1=zero y2=zero />
            <path class="curve" d=path::line(points) />
            {axes::x_axis(&x.ticks(axes::room(area.width(), 72.0)), area)}
        }
    };
    view! {
        <div node_ref=node style:height=format!("{HEIGHT}px")>
            <svg
                class="plot" role="img" aria-label=format!("Votes by {name}")
                width=move || size.get().0 height=HEIGHT
            >
                {drawn}
            </svg>
        </div>
    }
    .into_any()
}
