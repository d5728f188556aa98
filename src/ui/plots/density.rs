//! All rows on two axes: density on a canvas, flagged rows on top, axes and pointer above.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::{MouseEvent, PointerEvent};

use super::axes::Area;
use super::brush::Brush;
use super::canvas;
use super::frame::{self, Frame, MARGINS};
use super::hue::{self, Hue};
use super::pixels::{CELL, Picture};
use crate::protocol::{AxisOf, AxisScale, Found, Grid, GridSpec, GroupBy, Loaded};
use crate::ui::link::Link;
use crate::ui::outside;
use crate::ui::session::Session;
use crate::ui::sight;
use crate::ui::theme::Theme;
use crate::ui::words;

/// How far from a cell a pointer may be, in pixels.
const REACH: f64 = 9.0;

/// What an axis shows and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// A column or the score.
    pub of: AxisOf,
    /// Linear or logarithmic.
    pub scale: AxisScale,
}

/// A value that is shared: a memo of it changes when it is another one, whatever it holds.
pub type Shared<T> = Memo<Option<Arc<T>>>;

/// All rows on two axes.
#[component]
pub fn Density(
    /// Left to right, and bottom to top.
    #[prop(into)]
    axes: Signal<Option<(Axis, Axis)>>,
    /// The scores.
    found: Arc<Found>,
    /// The table.
    table: Arc<Loaded>,
    /// The height of the plot, in CSS pixels.
    height: f64,
    /// What the plot is, for those who cannot see it.
    label: &'static str,
    /// What to look for.
    caption: &'static str,
    /// What marks are coloured by.
    #[prop(into)]
    hue: Signal<Hue>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let node = NodeRef::<html::Div>::new();
    let size = outside::size_of(node);
    let spec = Memo::new(move |_| {
        let by = hue.get().group_by(session);
        spec(axes.get()?, (size.get().0, height), by)
    });
    let grid = grid_of(spec);
    let (brushed, told) = (table.clone(), table.clone());
    let canvas = painted(node, grid, found.clone());
    let frame: Shared<Frame> = Memo::new_with_compare(
        move |_| grid.get().map(|grid| Arc::new(Frame::new(grid, &table.profile))),
        is_another,
    );
    let side = move |side: fn(&Area) -> f64| {
        move || frame.get().map_or_else(String::new, |frame| format!("{}px", side(&frame.area)))
    };
    let told = {
        let table = told;
        move || {
            let grid = grid.get().filter(|grid| !grid.components.is_empty())?;
            Some(sight::components(&grid.components, &table.profile))
        }
    };
    let behind = {
        let found = found.clone();
        move || frame.get().map(|frame| frame::behind(&frame, &found, session, ("across", "up")))
    };
    view! {
        <div class="density" node_ref=node style:height=format!("{height}px")>
            <canvas
                class="density__canvas" node_ref=canvas style:left=side(|area| area.left)
                style:top=side(|area| area.top)
            ></canvas>
            <svg class="plot" role="img" aria-label=label width=move || size.get().0 height=height>
                {move || frame.get().map(|frame| frame.axes())} <Marks frame />
            </svg>
            <Pointer frame found table=brushed />
        </div>
        <div class="legend" aria-hidden="true">
            {move || hue::legend(grid.get())}
        </div>
        <figcaption class="cap">{caption} " " {told}</figcaption>
        <details class="behind">
            <summary>"The table behind it"</summary>
            {behind}
        </details>
    }
    .into_any()
}

/// The selected row and, where scores go up, the threshold.
#[component]
fn Marks(frame: Shared<Frame>) -> impl IntoView {
    let session = expect_context::<Session>();
    let ring = move || {
        let (frame, row) = (frame.get()?, session.selected_row.get()?);
        let inspection = session.inspection.get().filter(|i| i.text.row == row);
        let (x, y) = frame.place_of(row, inspection.as_deref())?;
        Some(view! { <circle class="ring" cx=x cy=y r="7" /> })
    };
    let cut = move || {
        let frame = frame.get()?;
        (frame.grid.spec.y == AxisOf::Score).then(|| {
            let y = frame.y.map(session.threshold.get());
            view! { <line class="cut" x1=frame.area.left x2=frame.area.right y1=y y2=y /> }
        })
    };
    view! { {cut} {ring} }
}

/// What is under the pointer; a click selects the oddest row there.
#[component]
fn Pointer(frame: Shared<Frame>, found: Arc<Found>, table: Arc<Loaded>) -> impl IntoView {
    let session = expect_context::<Session>();
    let (hovered, set_hovered) = signal(None::<usize>);
    let brush = RwSignal::new(None::<Brush>);
    let was_drawn = StoredValue::new(false);
    let point = |event: &MouseEvent| (f64::from(event.offset_x()), f64::from(event.offset_y()));
    let cell_at = move |event: &MouseEvent| {
        let frame = frame.get_untracked()?;
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        frame.cells.nearest(&frame.grid.counts, x, y, REACH)
    };
    let begin = move |event: PointerEvent| {
        if event.button() == 0 && event.is_primary() {
            outside::capture(&event);
            brush.set(Some(Brush::at(point(&event))));
        }
    };
    let go_on = move |event: PointerEvent| {
        let here = point(&event);
        match brush.get_untracked() {
            Some(Brush { corners: [from, _] }) => {
                let start = outside::now();
                brush.set(Some(Brush { corners: [from, here] }));
                set_hovered.set(None);
                outside::after_paint(move || {
                    outside::measure("brush.update", start, outside::now(), &JsValue::UNDEFINED);
                });
            }
            None => set_hovered.set(cell_at(&event)),
        }
    };
    let end = move |_| {
        let drawn = brush.get_untracked().filter(|brush| brush.is_drawn());
        brush.set(None);
        if let (Some(drawn), Some(frame)) = (drawn, frame.get_untracked()) {
            was_drawn.set_value(true);
            let chips = drawn.chips(&frame, &table.profile);
            let columns: Vec<String> = chips.iter().map(|chip| chip.column.clone()).collect();
            let within = drawn.within(&frame);
            if within.is_some() {
                session.lens.update(|lens| lens.within = within);
            }
            if !chips.is_empty() || within.is_some() {
                session.narrow(&columns, &chips);
            }
        }
    };
    let box_of = move || brush.get().filter(|brush| brush.is_drawn());
    let size = move || frame.get().map(|frame| (frame.area.width(), frame.area.height()));
    let drawn = move || {
        let (brush, frame) = (box_of()?, frame.get()?);
        let (left, top, width, height) = brush.rect(size()?);
        let n = brush.n_rows(&frame);
        Some(view! {
            <div
                class="brush" style:left=format!("{left}px") style:top=format!("{top}px")
                style:width=format!("{width}px") style:height=format!("{height}px")
            >
                <span>{words::counted(n, "row", "rows")}</span>
            </div>
        })
    };
    let select = move |event: MouseEvent| {
        // The click that ends a drawing is none.
        if was_drawn.get_value() {
            was_drawn.set_value(false);
            return;
        }
        if let (Some(cell), Some(frame)) = (cell_at(&event), frame.get_untracked()) {
            session.selected_row.set(Some(frame.grid.top_rows[cell]));
        }
    };
    let side = move |side: fn(&Area) -> f64| {
        move || frame.get().map_or_else(String::new, |frame| format!("{}px", side(&frame.area)))
    };
    view! {
        <div
            class="density__pointer" class:is-on=move || hovered.get().is_some()
            style:left=side(|area| area.left) style:top=side(|area| area.top)
            style:width=side(Area::width) style:height=side(Area::height)
            on:pointerdown=begin on:pointermove=go_on on:pointerup=end
            on:pointercancel=move |_| brush.set(None)
            on:pointerleave=move |_| set_hovered.set(None) on:click=select
        >
            {drawn}
        </div>
        {move || Some(frame::tip(&*frame.get()?, hovered.get()?, &found))}
    }
}

/// The grid to ask for: as many cells as fit.
fn spec((x, y): (Axis, Axis), size: (f64, f64), by: Option<GroupBy>) -> Option<GridSpec> {
    let area = (size.0 > 0.0).then(|| Area::within(size, MARGINS))?;
    let width = cells(area.width());
    let height = cells(area.height());
    Some(GridSpec { x: x.of, y: y.of, x_scale: x.scale, y_scale: y.scale, width, height, by })
}

/// The grid of a specification. Until that of a new size or axis comes, the last one stays.
pub fn grid_of(spec: Memo<Option<GridSpec>>) -> Shared<Grid> {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let exact: Shared<Grid> = Memo::new_with_compare(
        move |_| spec.with(|spec| session.grids.with(|grids| grids.get(spec.as_ref()?))),
        is_another,
    );
    Effect::new(move |_| {
        if let Some(spec) = spec.get()
            && exact.with(Option::is_none)
        {
            link.want_grid(&spec);
        }
    });
    Memo::new_with_compare(
        move |last: Option<&Option<Arc<Grid>>>| exact.get().or_else(|| last.and_then(Clone::clone)),
        is_another,
    )
}

/// A canvas on which the grid is kept painted, at any threshold and in any theme.
fn painted(
    node: NodeRef<html::Div>,
    grid: Shared<Grid>,
    found: Arc<Found>,
) -> NodeRef<html::Canvas> {
    let session = expect_context::<Session>();
    let theme = expect_context::<Theme>();
    let surface = NodeRef::<html::Canvas>::new();
    let picture: Shared<Picture> = Memo::new_with_compare(
        move |_| {
            theme.changes.track();
            let node = node.get()?;
            let palette = canvas::palette(&node)?;
            grid.get().map(|grid| Arc::new(Picture::new(&grid, &found, &palette)))
        },
        is_another,
    );
    Effect::new(move |_| {
        let threshold = session.threshold.get();
        if let (Some(picture), Some(surface)) = (picture.get(), surface.get()) {
            canvas::paint(&surface, &picture, threshold);
        }
    });
    surface
}

fn cells(pixels: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let cells = (pixels / f64::from(CELL)) as u32;
    cells.max(1)
}

/// Whether a memo's value is not the very one it was.
pub fn is_another<T>(a: Option<&Option<Arc<T>>>, b: Option<&Option<Arc<T>>>) -> bool {
    match (a, b) {
        (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
        (Some(None), Some(None)) => false,
        _ => true,
    }
}
