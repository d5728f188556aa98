//! Curves of two classes: ROC, precision by recall, how far probabilities hold; and what they mean where
//! the class looked for is rarer than here.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use crate::chart::{Scale, format, path};
use crate::protocol::{Point, ReliabilityBin, RowSet, Trained, precision_at_base_rate};
use crate::ui::outside;
use crate::ui::plots::axes::{self, Area};
use crate::ui::words;

const HEIGHT: f64 = 250.0;
const MARGINS: (f64, f64, f64, f64) = (12.0, 14.0, 26.0, 46.0);
/// Base rates that the slider goes through: a tenth of a decade a step, from one in a million.
const STEPS: i32 = 60;

/// The curves of the test; nothing where there are more than two classes.
#[component]
pub fn Quality(
    /// The model.
    trained: Arc<Trained>,
) -> impl IntoView {
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test)?;
    if test.roc.is_empty() {
        return None;
    }
    let rate = |hits: u64, all: u64| if all > 0 { Some(hits as f64 / all as f64) } else { None };
    // The last line, if there is one, is of classes never learnt: they count as others.
    let cells = &test.confusion;
    let recall = rate(cells[3], cells[2] + cells[3])?;
    let others: (u64, u64) =
        (cells[0] + cells.get(4).unwrap_or(&0), cells[1] + cells.get(5).unwrap_or(&0));
    let false_alarms = rate(others.1, others.0 + others.1)?;
    let here = rate(cells[2] + cells[3], cells.iter().sum())?;
    let positive = trained.classes[1].clone();
    let roc = test.roc.clone();
    let curve = test.precision_recall.clone();
    let precision = rate(cells[3], cells[3] + others.1);
    let bins = test.reliability.clone();
    let figure = |name: &str| {
        test.figures.iter().find(|measure| measure.name == name).and_then(|m| m.value.ok())
    };
    let interval = |name: &str| {
        test.figures.iter().find(|measure| measure.name == name).and_then(|m| m.interval)
    };
    let worst = interval("recall").zip(interval("false-positive-rate"));
    let worst = worst.map(|(recall, alarms)| (recall.low, alarms.high));
    let area = figure("roc-auc").map_or("—".to_owned(), |value| format::fixed(value, 4));
    let average =
        figure("average-precision").map_or("—".to_owned(), |value| format::fixed(value, 4));
    let has_bins = bins.len() > 1;
    Some(
        view! {
            <div class="trio">
                <section class="card">
                    <h2>"ROC · area " {area}</h2>
                    <CurvePlot
                        label="True positive rate by false positive rate" points=roc
                        at=Some((false_alarms, recall)) diagonal=true
                        caption="Across: share of others that are taken for it. Up: share of it that is found. Look for a curve that hugs the upper left corner; the ring is where the model stands."
                        axes=("false positive rate", "true positive rate")
                    />
                </section>
                <section class="card">
                    <h2>"Precision by recall · average " {average}</h2>
                    <CurvePlot
                        label="Precision by recall" points=curve
                        at=precision.map(|precision| (recall, precision)) diagonal=false
                        caption="Across: share of it that is found. Up: share of alarms that are right, at the share of it in this test."
                        axes=("recall", "precision")
                    />
                </section>
                <section class="card">
                    <BaseRate positive recall false_alarms worst here />
                    {has_bins.then(|| view! { <Reliability bins /> })}
                </section>
            </div>
        }
        .into_any(),
    )
}

/// A curve in the unit square.
#[component]
fn CurvePlot(
    label: &'static str,
    points: Vec<Point>,
    at: Option<(f64, f64)>,
    diagonal: bool,
    caption: &'static str,
    axes: (&'static str, &'static str),
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let behind = {
        let apart = points.len().div_ceil(20).max(1);
        points
            .iter()
            .step_by(apart)
            .map(|point| {
                view! {
                    <tr>
                        <td class="num">{format::fixed(point.x, 4)}</td>
                        <td class="num">{format::fixed(point.y, 4)}</td>
                    </tr>
                }
            })
            .collect_view()
    };
    let drawn = move || {
        let area = Area::within((size.get().0, HEIGHT), MARGINS);
        let x = Scale::linear((0.0, 1.0), area.x_range());
        let y = Scale::linear((0.0, 1.0), area.y_range());
        let d = path::line(points.iter().map(|point| Some((x.map(point.x), y.map(point.y)))));
        let corner = diagonal.then(|| {
            view! { <line class="chance" x1=area.left x2=area.right y1=area.bottom y2=area.top /> }
        });
        let ring = at.map(|(across, up)| {
            view! { <circle class="ring" cx=x.map(across) cy=y.map(up) r="6" /> }
        });
        view! {
            {axes::y_axis(&y.ticks(5), area)}
            {corner}
            <path class="curve" d=d />
            {ring}
            {axes::x_axis(&x.ticks(5), area)}
        }
    };
    view! {
        <figure class="figure">
            <div node_ref=node style:height=format!("{HEIGHT}px")>
                <svg class="plot" role="img" aria-label=label width=move || size.get().0 height=HEIGHT>
                    {drawn}
                </svg>
            </div>
            <figcaption class="cap">{caption}</figcaption>
            <details class="behind">
                <summary>"The table behind it"</summary>
                <table class="table">
                    <thead>
                        <tr>
                            <th class="num">{axes.0}</th>
                            <th class="num">{axes.1}</th>
                        </tr>
                    </thead>
                    <tbody>{behind}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

/// What precision becomes where the class is rarer.
#[component]
fn BaseRate(
    positive: String,
    recall: f64,
    false_alarms: f64,
    worst: Option<(f64, f64)>,
    here: f64,
) -> impl IntoView {
    let step = RwSignal::new(30_i32);
    // What is shown is rounded: the browser's own power will do.
    let rate = move || js_sys::Math::pow(10.0, f64::from(step.get()) / 10.0 - 6.0);
    let precision = move || precision_at_base_rate(recall, false_alarms, rate()).ok();
    // Where a test saw no false alarm, there may be some all the same.
    let at_worst = move || {
        let (recall, false_alarms) = worst?;
        let share = precision_at_base_rate(recall, false_alarms, rate()).ok()?;
        Some(format!(", {} at worst", words::percent(share)))
    };
    let one_in = move || format::compact((1.0 / rate()).round());
    let per_day = move || {
        let n = 1e6 * (recall * rate() + false_alarms * (1.0 - rate()));
        format::compact(n.round())
    };
    view! {
        <h2>"Where it is rarer than here"</h2>
        <p class="soft">{format!("In this test {} of the rows are “{positive}”.", words::percent(here))}</p>
        <label class="field base-rate">
            {move || format!("Suppose it is 1 row in {}", one_in())}
            <input
                type="range" data-testid="base-rate" min="0" max=STEPS step="1"
                prop:value=move || step.get().to_string()
                aria-valuetext=move || format!("1 row in {}", one_in())
                on:input:target=move |event| {
                    if let Ok(n) = event.target().value().parse() {
                        step.set(n);
                    }
                }
            />
        </label>
        <div class="facts">
            <div
                data-testid="base-rate-precision"
                data-value=move || precision().map_or(String::new(), |share| share.to_string())
            >
                <b>{move || precision().map_or("—".to_owned(), words::percent)}</b>
                <span title="At worst: by the unfavourable ends of the 95 % intervals of recall and false alarms">"of alarms would be right" {at_worst}</span>
            </div>
            <div>
                <b>{per_day}</b>
                <span>"alarms in a million rows"</span>
            </div>
        </div>
    }
    .into_any()
}

/// How often rows that are said to be so probable are of the class.
#[component]
fn Reliability(bins: Vec<ReliabilityBin>) -> impl IntoView {
    let line = |bin: &ReliabilityBin| {
        view! {
            <tr>
                <td class="num">{words::percent(bin.predicted)}</td>
                <td class="num">
                    {words::percent(bin.observed)}
                </td>
                <td class="num">{format::count(bin.n_rows)}</td>
            </tr>
        }
    };
    view! {
        <details class="behind" data-testid="reliability">
            <summary>"How far its probabilities hold"</summary>
            <p class="cap">
                "Votes are made probabilities (Platt 1999) on every other row of the test, and compared with what \
                 is true of the rest. Look for lines whose two shares differ."
            </p>
            <table class="table">
                <thead>
                    <tr>
                        <th class="num">"said to be"</th>
                        <th class="num">"are"</th>
                        <th class="num">"rows"</th>
                    </tr>
                </thead>
                <tbody>{bins.iter().map(line).collect_view()}</tbody>
            </table>
        </details>
    }
    .into_any()
}
