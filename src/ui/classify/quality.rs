//! Curves of two classes: ROC, precision by recall, how far probabilities hold; and what they mean where
//! the class looked for is rarer than here.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::graph::untrack;
use web_sys::PointerEvent;

use crate::chart::{Scale, format, path};
use crate::protocol::{
    Judged, Line, Point, ReliabilityBin, RowSet, Trained, VOTE, precision_at_base_rate,
};
use crate::ui::outside;
use crate::ui::plots::axes::{self, Area};
use crate::ui::session::Session;
use crate::ui::words;

const HEIGHT: f64 = 250.0;
const MARGINS: (f64, f64, f64, f64) = (12.0, 14.0, 26.0, 46.0);
/// Base rates that the slider goes through: a tenth of a decade a step, from one in a million.
const STEPS: i32 = 60;

/// The curves of the test; nothing where there are more than two classes.
#[component]
pub fn Quality(
    /// The model, as its votes are counted.
    trained: Signal<Arc<Trained>>,
) -> impl IntoView {
    trained.with_untracked(|trained| stand(test(trained)?))?;
    let stand = Signal::derive(move || trained.with(|trained| stand(test(trained)?)));
    let of_test = move |of: fn(&Judged) -> Vec<Point>| {
        Signal::derive(move || trained.with(|trained| test(trained).map_or_else(Vec::new, of)))
    };
    let roc = of_test(|test| test.roc.clone());
    // To find fewer than the clearest ones would be as precise as to find those.
    let curve = of_test(|test| {
        let first = test.precision_recall.first().map(|first| Point { x: 0.0, ..*first });
        first.into_iter().chain(test.precision_recall.iter().copied()).collect()
    });
    let figure = move |name: &'static str| {
        move || {
            let value = trained.with(|trained| {
                let figures = &test(trained)?.figures;
                figures.iter().find(|measure| measure.name == name)?.value.ok()
            });
            value.map_or("—".to_owned(), |value| format::fixed(value, 4))
        }
    };
    let bins = Memo::new(move |_| {
        trained.with(|trained| test(trained).map_or_else(Vec::new, |test| test.reliability.clone()))
    });
    let reliability = move || {
        let bins = bins.get();
        (bins.len() > 1).then(|| view! { <Reliability bins /> })
    };
    Some(
        view! {
            <div class="trio">
                <section class="card">
                    <h2>"ROC · area " {figure("roc-auc")}</h2>
                    <CurvePlot
                        label="True positive rate by false positive rate" points=roc trained=trained
                        at=Signal::derive(move || stand.get().map(|at| (at.false_alarms, at.recall))) diagonal=true
                        caption="Across: share of others that are taken for it. Up: share of it that is found. Look for a curve that hugs the upper left corner; the ring is where the line stands: drag it along the curve."
                        axes=("false positive rate", "true positive rate")
                    />
                </section>
                <section class="card">
                    <h2>"Precision by recall · average " {figure("average-precision")}</h2>
                    <CurvePlot
                        label="Precision by recall" points=curve trained=trained
                        at=Signal::derive(move || stand.get().and_then(|at| Some((at.recall, at.precision?)))) diagonal=false
                        caption="Across: share of it that is found. Up: share of alarms that are right, at the share of it in this test."
                        axes=("recall", "precision")
                    />
                </section>
                <section class="card">
                    <BaseRate positive=trained.with_untracked(|trained| trained.classes[1].clone()) stand />
                    {reliability}
                </section>
            </div>
        }
        .into_any(),
    )
}

/// The rows that judge.
pub fn test(trained: &Trained) -> Option<&Judged> {
    trained.judged.iter().find(|judged| judged.set == RowSet::Test)
}

/// Where a line stands on a set of rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stand {
    /// The share of the second class that is found.
    pub recall: f64,
    /// The share of all others that are taken for it.
    pub false_alarms: f64,
    /// The share of alarms that are right, where there are any.
    pub precision: Option<f64>,
    /// The share of rows that are of the second class.
    pub here: f64,
    /// Recall and false alarms by the unfavourable ends of their intervals.
    pub worst: Option<(f64, f64)>,
}

/// Where the line stands on a set of rows of two classes; none where a class has no row.
pub fn stand(judged: &Judged) -> Option<Stand> {
    if judged.roc.is_empty() {
        return None;
    }
    let rate = |hits: u64, all: u64| if all > 0 { Some(hits as f64 / all as f64) } else { None };
    // The last line, if there is one, is of classes never learnt: they count as others.
    let cells = &judged.confusion;
    let others: (u64, u64) =
        (cells[0] + cells.get(4).unwrap_or(&0), cells[1] + cells.get(5).unwrap_or(&0));
    let interval = |name: &str| {
        judged.figures.iter().find(|measure| measure.name == name).and_then(|m| m.interval)
    };
    let worst = interval("recall").zip(interval("false-positive-rate"));
    Some(Stand {
        recall: rate(cells[3], cells[2] + cells[3])?,
        false_alarms: rate(others.1, others.0 + others.1)?,
        precision: rate(cells[3], cells[3] + others.1),
        here: rate(cells[2] + cells[3], cells.iter().sum())?,
        worst: worst.map(|(recall, alarms)| (recall.low, alarms.high)),
    })
}

/// A curve in the unit square; the line between the classes is dragged along it.
#[component]
fn CurvePlot(
    label: &'static str,
    points: Signal<Vec<Point>>,
    trained: Signal<Arc<Trained>>,
    at: Signal<Option<(f64, f64)>>,
    diagonal: bool,
    caption: &'static str,
    axes: (&'static str, &'static str),
) -> impl IntoView {
    let lesson = expect_context::<Session>().lesson;
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let scales = move || {
        let area = Area::within((size.get().0, HEIGHT), MARGINS);
        let x = Scale::linear((0.0, 1.0), area.x_range());
        (area, x, Scale::linear((0.0, 1.0), area.y_range()))
    };
    let behind = move || points.with(|points| lines(points));
    let drawn = move || {
        let (area, x, y) = scales();
        let d = points.with(|points| {
            path::line(points.iter().map(|point| Some((x.map(point.x), y.map(point.y)))))
        });
        let corner = diagonal.then(|| {
            view! { <line class="chance" x1=area.left x2=area.right y1=area.bottom y2=area.top /> }
        });
        let ring = at.get().map(|(across, up)| {
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
    let is_dragged = StoredValue::new(false);
    let drag = move |event: &PointerEvent| {
        let (_, x, y) = untrack(scales);
        let Some((across, up)) = outside::within(event) else { return };
        let apart = |point: &Point| {
            let (x, y) = (x.map(point.x) - across, y.map(point.y) - up);
            x * x + y * y
        };
        let line = trained.with_untracked(|trained| {
            points.with_untracked(|points| {
                let nearest = points.iter().min_by(|a, b| apart(a).total_cmp(&apart(b)))?;
                // Points tell votes counted from the line.
                let below = |score: i64| trained.line + (score - 1) as f64 / VOTE;
                Some(nearest.threshold.map_or(trained.reach, below))
            })
        });
        if let Some(line) = line {
            lesson.update(|lesson| lesson.put_line(Line::At(line)));
        }
    };
    let begin = move |event: PointerEvent| {
        if event.button() == 0 && event.is_primary() {
            outside::capture(&event);
            is_dragged.set_value(true);
            drag(&event);
        }
    };
    let go_on = move |event: PointerEvent| {
        if is_dragged.get_value() {
            drag(&event);
        }
    };
    view! {
        <figure class="figure">
            <div node_ref=node style:height=format!("{HEIGHT}px")>
                <svg
                    class="plot plot--line" role="img" aria-label=label width=move || size.get().0 height=HEIGHT
                    on:pointerdown=begin on:pointermove=go_on
                    on:pointerup=move |_| is_dragged.set_value(false)
                    on:pointercancel=move |_| is_dragged.set_value(false)
                >
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

/// Some points as lines of a table.
fn lines(points: &[Point]) -> AnyView {
    let apart = points.len().div_ceil(20).max(1);
    let line = |point: &Point| {
        view! {
            <tr>
                <td class="num">{format::fixed(point.x, 4)}</td>
                <td class="num">{format::fixed(point.y, 4)}</td>
            </tr>
        }
    };
    points.iter().step_by(apart).map(line).collect_view().into_any()
}

/// What precision becomes where the class is rarer.
#[component]
fn BaseRate(positive: String, stand: Signal<Option<Stand>>) -> impl IntoView {
    let step = RwSignal::new(30_i32);
    // What is shown is rounded: the browser's own power will do.
    let rate = move || js_sys::Math::pow(10.0, f64::from(step.get()) / 10.0 - 6.0);
    let precision = move || {
        let at = stand.get()?;
        precision_at_base_rate(at.recall, at.false_alarms, rate()).ok()
    };
    // Where a test saw no false alarm, there may be some all the same.
    let at_worst = move || {
        let (recall, false_alarms) = stand.get()?.worst?;
        let share = precision_at_base_rate(recall, false_alarms, rate()).ok()?;
        Some(format!(", {} at worst", words::percent(share)))
    };
    let one_in = move || format::compact((1.0 / rate()).round());
    let per_day = move || {
        let n = |at: Stand| 1e6 * (at.recall * rate() + at.false_alarms * (1.0 - rate()));
        stand.get().map_or_else(String::new, |at| format::compact(n(at).round()))
    };
    let here = move || {
        let here = stand.get().map_or(0.0, |at| at.here);
        format!("In this test {} of the rows are “{positive}”.", words::percent(here))
    };
    view! {
        <h2>"Where it is rarer than here"</h2>
        <p class="soft">{here}</p>
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
