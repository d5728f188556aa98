//! The share of test rows that are told wrong, by the number of rows that were learnt from.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use crate::chart::{Scale, format, path};
use crate::protocol::{ByRows, RowsPoint};
use crate::ui::link::Link;
use crate::ui::outside;
use crate::ui::plots::axes::{self, Area};
use crate::ui::session::{Phase, Session};
use crate::ui::words;

use super::curve::{HEIGHT, MARGINS};

/// The curve, or the way to it.
#[component]
pub fn RowsCurve() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let is_busy = move || !matches!(session.phase.get(), Phase::Idle);
    let shown = move || {
        match session.by_rows.get() {
        Some(curve) => view! { <Drawn curve /> }.into_any(),
        None => view! {
            <p>
                "Would more labelled rows help? Four more models, of a sixteenth, an eighth, a quarter and half of \
                 the rows and with the same settings, are judged by the same test. Together they take about as \
                 long as the training did."
            </p>
            <button
                class="go" type="button" data-testid="by-rows-run" disabled=is_busy
                on:click=move |_| link.by_rows()
            >
                "Find out"
            </button>
        }
        .into_any(),
    }
    };
    view! { <div class="stack">{shown}</div> }.into_any()
}

/// The points with their intervals, what they mean, and the table behind them.
#[component]
fn Drawn(curve: Arc<ByRows>) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let points = curve.points.clone();
    let drawn = move || {
        let area = Area::within((size.get().0, HEIGHT), MARGINS);
        let n_rows = |point: &RowsPoint| f64::from(point.n_rows);
        let ends = points.first().zip(points.last()).map(|(a, b)| (n_rows(a), n_rows(b)));
        let x = Scale::log(ends.unwrap_or((0.0, 1.0)), area.x_range());
        let most = points.iter().map(|point| point.interval.high).fold(0.0, f64::max);
        let y = Scale::linear((0.0, most), area.y_range()).nice(4);
        let place = |point: &RowsPoint| x.map(n_rows(point));
        let line = path::line(points.iter().map(|it| Some((place(it), y.map(share(it))))));
        let whisker = |it: &RowsPoint| {
            let (low, high) = (y.map(it.interval.low), y.map(it.interval.high));
            view! { <line class="curve" x1=place(it) x2=place(it) y1=low y2=high /> }
        };
        let tick = |it: &RowsPoint| {
            let (value, label) = (n_rows(it), format::compact(n_rows(it)));
            crate::chart::Tick { value, position: place(it), label }
        };
        let ticks: Vec<_> = points.iter().map(tick).collect();
        view! {
            {axes::y_axis(&y.ticks(4), area)}
            <path class="curve" d=line />
            {points.iter().map(whisker).collect_view()}
            {axes::x_axis(&ticks, area)}
        }
    };
    let line = |point: &RowsPoint| {
        let (low, high) = (words::closely(point.interval.low), words::closely(point.interval.high));
        view! {
            <tr data-testid="curve-rows" data-rows=point.n_rows data-value=share(point).to_string()>
                <td class="num">{format::count(point.n_rows.into())}</td>
                <td class="num">{words::closely(share(point))}</td>
                <td class="num soft">{format!("{low} to {high}")}</td>
            </tr>
        }
    };
    view! {
        <figure class="figure">
            <p data-testid="by-rows-said" role="status">{said(&curve.points)}</p>
            <div node_ref=node style:height=format!("{HEIGHT}px")>
                <svg
                    class="plot" role="img" width=move || size.get().0 height=HEIGHT
                    aria-label="Share of test rows told wrong, by rows learnt from"
                >
                    {drawn}
                </svg>
            </div>
            <figcaption class="cap">
                "Rows that were learnt from, each step twice as many; upright lines are 95 % intervals."
            </figcaption>
            <details class="behind">
                <summary>"The table behind it"</summary>
                <table class="table">
                    <thead>
                        <tr>
                            <th class="num">"rows"</th>
                            <th class="num">"test told wrong"</th>
                            <th class="num">"95 % interval"</th>
                        </tr>
                    </thead>
                    <tbody>{curve.points.iter().map(line).collect_view()}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

fn share(point: &RowsPoint) -> f64 {
    f64::from(point.n_wrong) / f64::from(point.n_test)
}

/// What the curve means.
///
/// The rows that tell two models apart are at most those that either gets wrong: a difference of twice
/// the root of their number is no chance.
fn said(points: &[RowsPoint]) -> String {
    let [.., before, last] = points else {
        return "There is one point only, and nothing to compare it with.".to_owned();
    };
    let times = f64::from(last.n_rows) / f64::from(before.n_rows.max(1));
    let more = if (times - 2.0).abs() < 0.1 {
        "Twice the rows".to_owned()
    } else {
        format!("{} times the rows", format::fixed(times, 1))
    };
    let (from, to) = (words::closely(share(before)), words::closely(share(last)));
    let fewer = f64::from(before.n_wrong) - f64::from(last.n_wrong);
    let by_chance = 2.0 * f64::from(before.n_wrong + last.n_wrong).sqrt();
    if fewer > by_chance {
        format!("{more} took the error from {from} to {to}: more labelled rows would still help.")
    } else if -fewer > by_chance {
        format!(
            "{more} took the error from {from} up to {to}: the rows that were added are unlike the test, and more of \
             them would not help."
        )
    } else {
        format!(
            "{more} made no difference beyond chance ({from} before, {to} now): more rows of the same kind would gain \
             little."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Interval;

    fn point(n_rows: u32, n_wrong: u32) -> RowsPoint {
        RowsPoint { n_rows, n_wrong, n_test: 1_000, interval: Interval { low: 0.0, high: 1.0 } }
    }

    #[test]
    fn the_sentence_says_whether_more_rows_would_help() {
        let ends = |points: &[RowsPoint], end: &str| {
            let said = said(points);
            assert!(said.ends_with(end), "{said}");
        };
        ends(&[point(500, 90), point(1_000, 50)], "would still help.");
        ends(&[point(500, 55), point(1_000, 50)], "would gain little.");
        ends(&[point(500, 50), point(1_000, 90)], "would not help.");
        ends(&[point(1_000, 50)], "nothing to compare it with.");
        let said = said(&[point(250, 120), point(1_000, 50)]);
        assert!(said.starts_with("4.0 times the rows took the error from 12.00\u{a0}%"), "{said}");
    }
}
