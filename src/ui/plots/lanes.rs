//! Lanes: for each of some values of a column a strip of moments, by the oddest row of each.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::MouseEvent;

use super::axes::{self, Area};
use super::density::{Shared, grid_of, is_another};
use super::frame::Frame;
use crate::chart::{Scale, format, lanes, path};
use crate::protocol::{
    AxisOf, AxisScale, ColumnType, Entities, Found, Grid, GridSpec, Loaded, Profile,
};
use crate::ui::session::Session;
use crate::ui::triage::{self, Severity};
use crate::ui::words;

/// The width of a moment, in CSS pixels.
const CELL: f64 = 6.0;
/// How high a moment is in which no row is flagged, and one that has a flagged, a high, a critical one.
const HEIGHTS: [f64; 4] = [6.0, 13.0, 18.0, 22.0];
const COLOURS: [&str; 4] = ["lane__calm", "lane__odd-1", "lane__odd-2", "lane__odd-3"];
const HEIGHT: f64 = HEIGHTS[3];
/// How far from a moment a pointer may be, in pixels.
const REACH: f64 = 9.0;

/// When the rows of some entities were, as many moments as fit; `None` until it is known of these
/// very ones.
pub fn of(
    shown: Memo<Option<Arc<Entities>>>,
    time: Option<u32>,
    size: ReadSignal<(f64, f64)>,
    table: Arc<Loaded>,
) -> Shared<Frame> {
    let spec = Memo::new(move |_| shown.with(|shown| spec(shown.as_deref()?, time?, size.get().0)));
    let grid = grid_of(spec);
    Memo::new_with_compare(
        move |_| {
            let grid = grid.get()?;
            // The last grid stays while the window is drawn wider, not while others are shown.
            let is_of_these = spec.with(|spec| spec.as_ref().is_some_and(|it| it.y == grid.spec.y));
            is_of_these.then(|| Arc::new(Frame::new(grid, &table.profile)))
        },
        is_another,
    )
}

/// The column that tells when, if its values have places along an axis.
pub fn along(profile: &Profile, time: Option<u32>) -> Option<u32> {
    time.filter(|&time| {
        let column = profile.columns.get(time as usize);
        column.is_some_and(|column| column.kind.is_ordered() && column.values.is_some())
    })
}

/// The grid to ask for: as many cells as fit, and a line for each entity.
fn spec(entities: &Entities, time: u32, width: f64) -> Option<GridSpec> {
    let codes: Vec<u16> = entities.entities.iter().map(|entity| entity.code).collect();
    let n_cells = (width / CELL) as u32;
    (n_cells > 0 && !codes.is_empty()).then_some(GridSpec {
        x: AxisOf::Column(time),
        x_scale: AxisScale::Linear,
        y_scale: AxisScale::Linear,
        width: n_cells,
        // The answer has a line for each value, and is found by what was asked: both must agree.
        height: codes.len() as u32,
        by: None,
        y: AxisOf::Values { column: entities.spec.column, codes },
    })
}

/// The moments of one line, `counts` or `top_rows`; none where the grid has no such line.
fn line_of<'a, T>(grid: &Grid, line: usize, cells: &'a [T]) -> &'a [T] {
    let n_cells = grid.spec.width as usize;
    cells.get(line * n_cells..(line + 1) * n_cells).unwrap_or_default()
}

/// How high the moment of a row stands, and in which colour.
fn level(severity: Severity) -> u8 {
    match severity {
        Severity::Ordinary => 1,
        Severity::Low | Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    }
}

/// One line of the lanes.
#[component]
pub fn Lane(
    /// Which.
    line: usize,
    /// All lines.
    frame: Shared<Frame>,
    /// The scores.
    found: Arc<Found>,
    /// What it is, for those who cannot see it.
    label: String,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let (hovered, set_hovered) = signal(None::<usize>);
    let scores = found.clone();
    let bars = move || {
        let (frame, threshold) = (frame.get()?, session.threshold.get());
        let level_of = |&row: &u32| match scores.scores.get(row as usize) {
            Some(&score) => level(triage::severity(&scores, score, threshold)),
            None => 0,
        };
        let tops = line_of(&frame.grid, line, &frame.grid.top_rows);
        let levels: Vec<u8> = tops.iter().map(level_of).collect();
        let bars = lanes::bars(&levels, CELL, HEIGHTS);
        let bars = bars.iter().zip(COLOURS).filter(|(bars, _)| !bars.is_empty());
        Some(
            bars.map(|(bars, class)| view! { <path class=class d=path::rects(bars) /> })
                .collect_view(),
        )
    };
    let ring = move || {
        let (frame, row) = (frame.get()?, session.selected_row.get()?);
        let tops = line_of(&frame.grid, line, &frame.grid.top_rows);
        let x = tops.iter().position(|&top| top == row)? as f64 * CELL;
        Some(view! { <rect class="ring" x=x - 1.0 y="-1" width=CELL + 2.0 height=HEIGHT + 2.0 /> })
    };
    let cell_at = move |event: &MouseEvent| {
        let frame = frame.get_untracked()?;
        let counts = line_of(&frame.grid, line, &frame.grid.counts);
        lanes::nearest(counts, CELL, f64::from(event.offset_x()), REACH)
    };
    let select = move |event: MouseEvent| {
        if let (Some(cell), Some(frame)) = (cell_at(&event), frame.get_untracked()) {
            let tops = line_of(&frame.grid, line, &frame.grid.top_rows);
            session.selected_row.set(tops.get(cell).copied());
        }
    };
    let tip = move || Some(tip(&*frame.get()?, line, hovered.get()?, &found));
    view! {
        <div class="lane">
            <svg
                data-testid="lane" role="img" aria-label=label width="100%" height=HEIGHT
                class:is-on=move || hovered.get().is_some()
                on:pointermove=move |event| set_hovered.set(cell_at(&event))
                on:pointerleave=move |_| set_hovered.set(None) on:click=select
            >
                {bars}
                {ring}
            </svg>
            {tip}
        </div>
    }
    .into_any()
}

/// What the pointer is at.
fn tip(frame: &Frame, line: usize, cell: usize, found: &Found) -> AnyView {
    let at = line * frame.grid.spec.width as usize + cell;
    let (Some(&row), Some(&count)) = (frame.grid.top_rows.get(at), frame.grid.counts.get(at))
    else {
        return ().into_any();
    };
    let (when, _) = frame.values(at);
    let score = found.scores.get(row as usize).map(|&score| format::fixed(score, 3));
    let is_right = cell as f64 > f64::from(frame.grid.spec.width) * 0.5;
    view! {
        <div
            class="tip tip--up" class:tip--left=is_right
            style:left=format!("{}px", (cell as f64 + 0.5) * CELL)
        >
            <b>"≈ " {when}</b>
            <span>{words::counted(u64::from(count), "row", "rows")} " here"</span>
            <span>"oddest: row " {format::count(u64::from(row))} ", score " {score}</span>
        </div>
    }
    .into_any()
}

/// The time that all lanes share; its width is theirs.
pub fn axis(frame: Shared<Frame>, kind: ColumnType) -> impl Fn() -> Option<AnyView> {
    move || {
        let frame = frame.get()?;
        let right = f64::from(frame.grid.spec.width) * CELL;
        let area = Area { left: 0.0, right, top: 0.0, bottom: 2.0 };
        let scale = match kind {
            ColumnType::Time => Scale::time(frame.grid.x_domain, area.x_range()),
            _ => Scale::linear(frame.grid.x_domain, area.x_range()),
        };
        let ticks = scale.ticks(axes::room(right, 84.0));
        Some(
            view! {
                <svg class="plot" width=right height="24" aria-hidden="true">
                    {axes::x_axis(&ticks, area)}
                </svg>
            }
            .into_any(),
        )
    }
}
