//! How a column's values are spread: small in the list, larger where a column is opened.

use leptos::prelude::*;

use super::axes::{self, Area};
use crate::chart::{Histogram, Kind, Scale, format, path};
use crate::protocol::{Bin, ColumnProfile, ColumnType, Frequency, Values};
use crate::ui::words;

/// A histogram of the size of a word, or the most common values in words.
pub fn spark(column: &ColumnProfile, n_rows: u32) -> AnyView {
    const SIZE: (f64, f64) = (132.0, 28.0);
    match &column.values {
        Some(Values::Ordered { bins, log_bins, .. }) => {
            let area = Area::within(SIZE, (1.0, 0.0, 0.0, 0.0));
            view! {
                <svg class="spark" viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) aria-hidden="true">
                    <path class="mark" d=bars(bins, *log_bins, area).0 />
                </svg>
            }
            .into_any()
        }
        Some(Values::Unordered { top }) => {
            let said = top
                .iter()
                .take(3)
                .map(|value| {
                    let share = f64::from(value.count) / f64::from(n_rows.max(1));
                    view! {
                        <span class="common">
                            {words::cell(column.kind, &value.text)}
                            <i>{words::percent(share)}</i>
                        </span>
                    }
                })
                .collect_view();
            view! { <div class="commons">{said}</div> }.into_any()
        }
        None => view! { <span class="soft">"no values"</span> }.into_any(),
    }
}

/// The bars of a histogram as a path, and the scale under them.
fn bars(bins: &[Bin], is_log: bool, area: Area) -> (String, Scale) {
    let histogram = Histogram::from_bins(bins.iter().map(|bin| (bin.low, bin.high, bin.count)));
    let kind = if is_log { Kind::Log } else { Kind::Linear };
    let x = Scale::new(kind, histogram.domain(), area.x_range());
    let y = Scale::linear((0.0, f64::from(histogram.max().max(1))), area.y_range());
    (path::rects(&histogram.bars(&x, &y)), x)
}

/// A histogram with its axis, a sentence, and the table behind it.
#[component]
pub fn Spread(
    /// The column.
    column: ColumnProfile,
    /// Rows of the table.
    n_rows: u32,
) -> impl IntoView {
    match column.values.clone() {
        Some(Values::Ordered { bins, log_bins, .. }) => {
            ordered(column.kind, &bins, log_bins).into_any()
        }
        Some(Values::Unordered { top }) => {
            unordered(column.kind, &top, column.n_distinct, n_rows).into_any()
        }
        None => view! { <p class="soft">"No row has a value here."</p> }.into_any(),
    }
}

fn ordered(kind: ColumnType, bins: &[Bin], is_log: bool) -> AnyView {
    const SIZE: (f64, f64) = (320.0, 150.0);
    let area = Area::within(SIZE, (6.0, 8.0, 24.0, 8.0));
    let (d, x) = bars(bins, is_log, area);
    let x =
        if kind == ColumnType::Time && !is_log { Scale::time(x.domain(), x.range()) } else { x };
    let rows = bins
        .iter()
        .map(|bin| {
            view! {
                <tr>
                    <td class="num">{words::value(kind, bin.low)}</td>
                    <td class="num">{words::value(kind, bin.high)}</td>
                    <td class="num">{format::count(u64::from(bin.count))}</td>
                </tr>
            }
        })
        .collect_view();
    let scale = if is_log { "logarithmic axis" } else { "linear axis" };
    view! {
        <figure class="figure">
            <svg viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) role="img" aria-label="Rows by value">
                <path class="mark" d=d />
                {axes::x_axis(&x.ticks(4), area)}
            </svg>
            <figcaption class="cap">
                "Rows by value, " {scale} ". Look for bars that stand alone."
            </figcaption>
            <details class="behind">
                <summary>"The table behind it"</summary>
                <table class="table">
                    <thead>
                        <tr>
                            <th class="num">"from"</th>
                            <th class="num">"to"</th>
                            <th class="num">"rows"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

fn unordered(kind: ColumnType, top: &[Frequency], n_distinct: u32, n_rows: u32) -> AnyView {
    let most = top.first().map_or(1, |value| value.count.max(1));
    let rest = n_distinct.saturating_sub(u32::try_from(top.len()).unwrap_or(u32::MAX));
    let rows = top
        .iter()
        .map(|value| {
            let width = format!("{}%", 100.0 * f64::from(value.count) / f64::from(most));
            let share = f64::from(value.count) / f64::from(n_rows.max(1));
            view! {
                <tr>
                    <td class="ellipsis">{words::cell(kind, &value.text)}</td>
                    <td class="meter"><i style:width=width></i></td>
                    <td class="num">{format::count(u64::from(value.count))}</td>
                    <td class="num soft">{words::percent(share)}</td>
                </tr>
            }
        })
        .collect_view();
    let more = (rest > 0).then(|| format!(" {} more are rarer.", format::count(u64::from(rest))));
    view! {
        <figure class="figure">
            <table class="table table--values">
                <thead>
                    <tr>
                        <th>"value"</th>
                        <th></th>
                        <th class="num">"rows"</th>
                        <th class="num">"share"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <figcaption class="cap">
                "The most common values." {more} " Look for values that hardly any row has."
            </figcaption>
        </figure>
    }
    .into_any()
}
