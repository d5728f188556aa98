//! The score histogram, with the handle that draws the line.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use leptos::reactive::graph::untrack;
use wasm_bindgen::JsValue;
use web_sys::KeyboardEvent;

use super::axes::{self, Area};
use crate::chart::{Handle, Histogram, Nudge, Scale, format, path};
use crate::protocol::Found;
use crate::ui::{outside, triage};

const N_BINS: u32 = 80;
const HEIGHT: f64 = 250.0;
/// Above stands the handle's label, below and left the ticks.
const MARGINS: (f64, f64, f64, f64) = (30.0, 14.0, 24.0, 52.0);
/// How wide the native thumb is that lies, unseen, over the handle.
const THUMB: f64 = 24.0;

/// Where scores stand: a scale that follows the width of the chart.
#[derive(Clone, Copy)]
struct ScoreAxis {
    domain: (f64, f64),
    area: Memo<Area>,
}

impl ScoreAxis {
    fn x(self) -> Scale {
        Scale::linear(self.domain, self.area.get().x_range())
    }

    fn handle(self) -> Handle {
        Handle::new(self.x())
    }
}

/// Rows by score, on a logarithmic axis of counts; what is flagged is in the colour of oddness.
///
/// A drag touches three attributes and no bar: the flagged bars are the same path once more, under
/// a clip that begins at the threshold.
#[component]
pub fn ScoreHistogram(
    /// The scores.
    found: Arc<Found>,
    /// The score at or above which a row is flagged.
    threshold: RwSignal<f64>,
    /// How many rows that flags.
    #[prop(into)]
    flagged: Signal<u32>,
    /// How many of the first rows of the ranking are counted; `None`: all.
    #[prop(into)]
    kept: Signal<Option<Arc<Vec<u32>>>>,
    /// What a measure of a drag is about.
    detail: JsValue,
    /// Other ways to move the threshold, below the caption.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let whole = Arc::new(histogram(&found, None));
    let by_chance = Arc::new(by_chance(&found, &whole));
    // The handle keeps its place whatever is left out: all bins stay where they are.
    let domain = whole.domain();
    let histogram = Memo::new(move |_| match kept.get() {
        Some(kept) => Arc::new(histogram(&found, Some(&kept))),
        None => whole.clone(),
    });
    let area = Memo::new(move |_| Area::within((size.get().0, HEIGHT), MARGINS));
    let axis = ScoreAxis { domain, area };
    let handle_x = move || axis.handle().x_from_score(threshold.get());
    let clip_width = move || {
        let width = area.get().right + 1.0 - handle_x();
        if flagged.get() == 0 { 0.0 } else { width }
    };
    let has_chance = by_chance.is_some();
    let bars = move || {
        // What chance gives is known of all rows together only.
        let by_chance = by_chance.as_ref().as_ref().filter(|_| kept.with(Option::is_none));
        bars(&histogram.get(), by_chance, axis)
    };
    let table = move || rows(&histogram.get());
    view! {
        <figure class="figure scores" data-testid="score-histogram">
            <div class="scores__plot" node_ref=node style:height=format!("{HEIGHT}px")>
                <svg
                    class="plot" role="img" aria-label="Rows by score" width=move || size.get().0
                    height=HEIGHT
                >
                    <clipPath id="flagged-part">
                        <rect x=handle_x y="0" height=HEIGHT width=clip_width />
                    </clipPath>
                    {bars}
                    <g class="handle" transform=move || format!("translate({} 0)", handle_x())>
                        <line x1="0" x2="0" y1="22" y2=move || area.get().bottom />
                        <rect x="-26" y="2" width="52" height="20" rx="10" />
                        <text x="0" y="16">{move || format::fixed(threshold.get(), 3)}</text>
                    </g>
                </svg>
                <Slider axis histogram threshold flagged detail />
            </div>
            <figcaption class="cap">
                "Rows by score, high is odd; counts on a logarithmic axis. Drag the handle or use the arrow \
                 keys: look for a gap between the hill and what stands to its right"
                {has_chance.then_some(
                    ", and for bars that rise above the line, which is what chance alone gives",
                )} "."
            </figcaption>
            {children()}
            <details class="behind">
                <summary>"The table behind it"</summary>
                <table class="table">
                    <thead>
                        <tr>
                            <th class="num">"score from"</th>
                            <th class="num">"below"</th>
                            <th class="num">"rows"</th>
                        </tr>
                    </thead>
                    <tbody>{table}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

/// The bars twice, ordinary and flagged, what chance gives, and the axes.
fn bars(histogram: &Histogram, by_chance: Option<&Histogram>, axis: ScoreAxis) -> AnyView {
    let (area, x) = (axis.area.get(), axis.x());
    let most = histogram.max().max(by_chance.map_or(1, Histogram::max)).max(1);
    let y = Scale::log((0.0, f64::from(most)), area.y_range());
    let d = path::rects(&histogram.bars(&x, &y));
    view! {
        {axes::y_axis(&y.ticks(5), area)}
        <path class="mark" d=d.clone() />
        <path class="mark mark--odd" d=d clip-path="url(#flagged-part)" />
        {by_chance.map(|chance| view! { <path class="chance" d=path::steps(&chance.bars(&x, &y)) /> })}
        {axes::x_axis(&x.ticks(axes::room(area.width(), 64.0)), area)}
    }
    .into_any()
}

/// The browser's own slider, unseen over the plot: pointer, touch and keyboard are its business.
#[component]
fn Slider(
    axis: ScoreAxis,
    histogram: Memo<Arc<Histogram>>,
    threshold: RwSignal<f64>,
    flagged: Signal<u32>,
    detail: JsValue,
) -> impl IntoView {
    let (low, high) = axis.domain;
    let detail = StoredValue::new_local(detail);
    let move_to = move |score: f64| {
        let start = outside::now();
        threshold.set(score);
        outside::after_paint(move || {
            // New scores may have taken the chart away in the meantime.
            detail.try_with_value(|detail| {
                outside::measure("threshold.update", start, outside::now(), detail);
            });
        });
    };
    let on_key = move |event: KeyboardEvent| {
        let nudge = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" | "PageDown" => Nudge::Down,
            "ArrowRight" | "ArrowUp" | "PageUp" => Nudge::Up,
            "Home" => Nudge::First,
            "End" => Nudge::Last,
            _ => return,
        };
        event.prevent_default();
        let handle = untrack(|| axis.handle());
        move_to(handle.nudge(&histogram.get_untracked(), threshold.get_untracked(), nudge));
    };
    let said =
        move || format!("{}, {} rows flagged", format::fixed(threshold.get(), 3), flagged.get());
    view! {
        <input
            class="scores__input" type="range" data-testid="threshold" step="any"
            min=low.to_string() max=high.to_string()
            aria-label="Score at or above which rows are flagged" aria-valuetext=said
            data-value=move || threshold.get().to_string()
            prop:value=move || threshold.get().to_string()
            style:left=move || format!("{}px", axis.area.get().left - THUMB / 2.0)
            style:width=move || format!("{}px", axis.area.get().width() + THUMB)
            on:input:target=move |event| {
                if let Ok(score) = event.target().value().parse() {
                    move_to(score);
                }
            }
            on:keydown=on_key
        />
    }
}

/// Bins of the rows that are kept, over all scores and the threshold that stands at first, from one round value to another.
///
/// The ranking is sorted, so each edge costs some twenty comparisons: no scan of all rows.
fn histogram(found: &Found, kept: Option<&[u32]>) -> Histogram {
    let n_rows = triage::n_rows(found);
    let Some(last) = n_rows.checked_sub(1) else {
        return Histogram::from_bins([]);
    };
    let low = triage::score_at(found, last);
    let high = triage::score_at(found, 0).max(triage::default_threshold(found));
    let domain = Scale::linear((low, high), (0.0, 1.0)).nice(8).domain();
    let empty = Histogram::new([], domain, N_BINS);
    let at_least = |edge: f64| match (triage::flagged(found, edge), kept) {
        (n, Some(kept)) => kept[n as usize],
        (n, None) => n,
    };
    let edges = empty.edges();
    Histogram::from_bins(edges.windows(2).enumerate().map(|(i, edge)| {
        // The last bin holds its upper edge too.
        let above = if i + 2 == edges.len() { 0 } else { at_least(edge[1]) };
        (edge[0], edge[1], at_least(edge[0]) - above)
    }))
}

/// The same bins with the rows that chance gives.
fn by_chance(found: &Found, histogram: &Histogram) -> Option<Histogram> {
    triage::by_chance(found, 0.0)?;
    let at_least = |edge: f64| triage::by_chance(found, edge).unwrap_or(0.0);
    let bins = histogram.edges().windows(2).enumerate().map(|(i, edge)| {
        let above = if i + 1 == histogram.counts().len() { 0.0 } else { at_least(edge[1]) };
        (edge[0], edge[1], (at_least(edge[0]) - above).round() as u32)
    });
    Some(Histogram::from_bins(bins))
}

fn rows(histogram: &Histogram) -> impl IntoView + use<> {
    histogram
        .edges()
        .windows(2)
        .zip(histogram.counts())
        .filter(|&(_, &count)| count > 0)
        .map(|(edges, &count)| {
            view! {
                <tr>
                    <td class="num">{format::fixed(edges[0], 4)}</td>
                    <td class="num">{format::fixed(edges[1], 4)}</td>
                    <td class="num">{format::count(u64::from(count))}</td>
                </tr>
            }
        })
        .collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::triage::tests::found;

    #[test]
    fn bins_of_a_ranking_are_those_of_a_scan() {
        let scores = [0.31, 0.4, 0.4, 0.425, 0.5, 0.62, 0.799, 0.8];
        let found = found(&scores, Some(0.6));
        let all = histogram(&found, None);
        let scanned = Histogram::new(scores, all.domain(), N_BINS);
        assert_eq!(all, scanned);
        // Without every other row.
        let passes = [true, false, true, false, true, false, true, false];
        let kept = histogram(&found, Some(&triage::kept(&found, &passes)));
        let scanned = Histogram::new([0.31, 0.4, 0.5, 0.799], all.domain(), N_BINS);
        assert_eq!(kept, scanned);
    }
}
