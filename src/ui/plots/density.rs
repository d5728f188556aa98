//! All rows on two axes: density on a canvas, flagged rows on top, axes and pointer above.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData, MouseEvent};

use super::axes::{self, Area};
use super::pixels::{CELL, Palette, Picture, Rgb};
use crate::chart::{Cells, Kind, Scale, Tick, format};
use crate::protocol::{
    AxisOf, AxisScale, ColumnType, Found, Grid, GridSpec, Inspection, Loaded, Profile,
};
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::theme::Theme;
use crate::ui::{outside, words};

const MARGINS: (f64, f64, f64, f64) = (10.0, 12.0, 26.0, 66.0);
/// How far from a cell a pointer may be, in pixels.
const REACH: f64 = 9.0;
/// Rows of the table behind a plot.
const BEHIND: usize = 20;

/// What an axis shows and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// A column or the score.
    pub of: AxisOf,
    /// Linear or logarithmic.
    pub scale: AxisScale,
}

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
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let theme = expect_context::<Theme>();
    let node = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = outside::size_of(node);

    let spec = Memo::new(move |_| {
        let (x, y) = axes.get()?;
        let width = size.get().0;
        let area = (width > 0.0).then(|| Area::within((width, height), MARGINS))?;
        Some(GridSpec {
            x: x.of,
            y: y.of,
            x_scale: x.scale,
            y_scale: y.scale,
            width: cells(area.width()),
            height: cells(area.height()),
        })
    });
    let exact = Memo::new_with_compare(
        move |_| spec.with(|spec| session.grids.with(|grids| grids.get(spec.as_ref()?))),
        |a, b| !same(a, b),
    );
    Effect::new(move |_| {
        if let Some(spec) = spec.get()
            && exact.with(Option::is_none)
        {
            link.want_grid(&spec);
        }
    });
    // Until the grid of a new size or axis comes, the last one stays.
    let grid = Memo::new_with_compare(
        move |last: Option<&Option<Arc<Grid>>>| exact.get().or_else(|| last.and_then(Clone::clone)),
        |a, b| !same(a, b),
    );
    let picture = {
        let found = found.clone();
        Memo::new_with_compare(
            move |_| {
                theme.changes.track();
                let node = node.get()?;
                let palette = palette(&node)?;
                grid.get().map(|grid| Arc::new(Picture::new(&grid, &found, &palette)))
            },
            |a, b| !same(a, b),
        )
    };
    Effect::new(move |_| {
        let threshold = session.threshold.get();
        if let (Some(picture), Some(canvas)) = (picture.get(), canvas.get()) {
            paint(&canvas, &picture, threshold);
        }
    });

    let (hovered, set_hovered) = signal(None::<usize>);
    let frame = {
        let table = table.clone();
        Memo::new_with_compare(
            move |_| grid.get().map(|grid| Arc::new(Frame::new(grid, &table.profile))),
            |a, b| !same(a, b),
        )
    };
    let cell_of = move |event: &MouseEvent| {
        let frame = frame.get_untracked()?;
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        frame.cells.nearest(&frame.grid.counts, x, y, REACH)
    };
    let select = move |event: MouseEvent| {
        if let (Some(cell), Some(frame)) = (cell_of(&event), frame.get_untracked()) {
            session.selected_row.set(Some(frame.grid.top_rows[cell]));
        }
    };
    let axes_view = move || frame.get().map(|frame| frame.axes());
    let tip = {
        let found = found.clone();
        move || Some(tip(&*frame.get()?, hovered.get()?, &found))
    };
    let ring = move || {
        let (frame, row) = (frame.get()?, session.selected_row.get()?);
        let inspection = session.inspection.get().filter(|i| i.text.row == row);
        let (x, y) = frame.place_of(row, inspection.as_deref())?;
        Some(view! { <circle class="ring" cx=x cy=y r="7" /> })
    };
    let line = move || {
        let frame = frame.get()?;
        (frame.grid.spec.y == AxisOf::Score).then(|| {
            let y = frame.y.map(session.threshold.get());
            view! { <line class="cut" x1=frame.area.left x2=frame.area.right y1=y y2=y /> }
        })
    };
    let overlay = move |side: fn(&Area) -> f64| {
        move || frame.get().map_or_else(String::new, |frame| format!("{}px", side(&frame.area)))
    };
    let missing = move || {
        let n = grid.get().map_or(0, |grid| grid.n_missing);
        (n > 0).then(|| {
            format!(
                " {} without a value are not shown.",
                words::counted(u64::from(n), "row", "rows")
            )
        })
    };
    let behind = move || frame.get().map(|frame| behind(&frame, &found, session));
    view! {
        <div class="density" node_ref=node style:height=format!("{height}px")>
            <canvas
                class="density__canvas" node_ref=canvas
                style:left=overlay(|area| area.left) style:top=overlay(|area| area.top)
            ></canvas>
            <svg class="plot" role="img" aria-label=label width=move || size.get().0 height=height>
                {axes_view} {line} {ring}
            </svg>
            <div
                class="density__pointer" class:is-on=move || hovered.get().is_some()
                style:left=overlay(|area| area.left) style:top=overlay(|area| area.top)
                style:width=overlay(Area::width) style:height=overlay(Area::height)
                on:pointermove=move |event| set_hovered.set(cell_of(&event))
                on:pointerleave=move |_| set_hovered.set(None) on:click=select
            ></div>
            {tip}
        </div>
        <div class="legend" aria-hidden="true">
            <span><i class="swatch swatch--calm"></i>"all rows, darker where there are more"</span>
            <span><i class="swatch swatch--odd-1"></i>"flagged"</span>
            <span><i class="swatch swatch--odd-2"></i>"high"</span>
            <span><i class="swatch swatch--odd-3"></i>"critical"</span>
            <span class="soft">{missing}</span>
        </div>
        <figcaption class="cap">{caption}</figcaption>
        <details class="behind">
            <summary>"The table behind it"</summary>
            {behind}
        </details>
    }
    .into_any()
}

/// A grid with its scales.
struct Frame {
    grid: Arc<Grid>,
    area: Area,
    x: Scale,
    y: Scale,
    cells: Cells,
    kinds: (Option<ColumnType>, Option<ColumnType>),
}

impl Frame {
    fn new(grid: Arc<Grid>, profile: &Profile) -> Self {
        let spec = &grid.spec;
        let (width, height) = (f64::from(spec.width * CELL), f64::from(spec.height * CELL));
        let (top, _, _, left) = MARGINS;
        let area = Area { left, right: left + width, top, bottom: top + height };
        let kind_of = |of| match of {
            AxisOf::Score => None,
            AxisOf::Column(column) => profile.columns.get(column as usize).map(|c| c.kind),
        };
        let kinds = (kind_of(spec.x), kind_of(spec.y));
        let scale = |kind: Option<ColumnType>, scale, domain, range| {
            let kind = match (kind, scale) {
                (_, AxisScale::Log) => Kind::Log,
                (Some(ColumnType::Time), _) => Kind::Time,
                _ => Kind::Linear,
            };
            Scale::new(kind, domain, range)
        };
        Self {
            x: scale(kinds.0, spec.x_scale, grid.x_domain, area.x_range()),
            y: scale(kinds.1, spec.y_scale, grid.y_domain, area.y_range()),
            cells: Cells::new((spec.width, spec.height), (width, height)),
            area,
            kinds,
            grid,
        }
    }

    fn axes(&self) -> impl IntoView + use<> {
        let ticks = |scale: &Scale, names: &[String], most: u32, longest| -> Vec<Tick> {
            if names.is_empty() {
                scale.ticks(most)
            } else {
                axes::category_ticks(scale, names, most as usize, longest)
            }
        };
        let x = ticks(&self.x, &self.grid.x_names, axes::room(self.area.width(), 72.0), 9);
        let y = ticks(&self.y, &self.grid.y_names, axes::room(self.area.height(), 40.0), 9);
        view! { {axes::y_axis(&y, self.area)} {axes::x_axis(&x, self.area)} }
    }

    /// Where a row stands: as the top of its cell, or else by its values.
    fn place_of(&self, row: u32, inspection: Option<&Inspection>) -> Option<(f64, f64)> {
        if let Some(cell) = self.grid.top_rows.iter().position(|&top| top == row) {
            let (x, y) = self.cells.middle(cell);
            return Some((x + self.area.left, y + self.area.top));
        }
        let inspection = inspection?;
        let value = |of, names: &[String]| -> Option<f64> {
            let AxisOf::Column(column) = of else { return Some(inspection.score) };
            let text = inspection.text.cells.get(column as usize)?.trim();
            match names.iter().position(|name| name == text) {
                Some(rank) => Some(rank as f64),
                None => text.parse().ok().filter(|value: &f64| value.is_finite()),
            }
        };
        let (spec, grid) = (&self.grid.spec, &self.grid);
        Some((self.x.map(value(spec.x, &grid.x_names)?), self.y.map(value(spec.y, &grid.y_names)?)))
    }

    /// The middle of a cell in words, across and up.
    fn values(&self, cell: usize) -> (String, String) {
        let (x, y) = self.cells.middle(cell);
        let words = |scale: &Scale, names: &[String], kind: Option<ColumnType>, position| {
            let value = scale.invert(position);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank")]
            let name = names.get(value.round().max(0.0) as usize);
            match (name, kind) {
                (Some(name), _) => name.clone(),
                (None, None) => format::fixed(value, 3),
                (None, Some(ColumnType::Time)) => format::time(value.round()),
                (None, Some(_)) => format::compact(value),
            }
        };
        (
            words(&self.x, &self.grid.x_names, self.kinds.0, x + self.area.left),
            words(&self.y, &self.grid.y_names, self.kinds.1, y + self.area.top),
        )
    }
}

/// What the pointer is at.
fn tip(frame: &Frame, cell: usize, found: &Found) -> impl IntoView + use<> {
    let (x, y) = frame.cells.middle(cell);
    let (across, up) = frame.values(cell);
    let row = frame.grid.top_rows[cell];
    let count = frame.grid.counts[cell];
    let score = found.scores.get(row as usize).map(|&score| format::fixed(score, 3));
    // It flips where it would leave the plot.
    let is_right = x > frame.area.width() * 0.6;
    let is_low = y > frame.area.height() * 0.6;
    let left = frame.area.left + x;
    let top = frame.area.top + y;
    view! {
        <div
            class="tip" class:tip--left=is_right class:tip--up=is_low
            style:left=format!("{left}px") style:top=format!("{top}px")
        >
            <b>"≈ " {across} " × " {up}</b>
            <span>{words::counted(u64::from(count), "row", "rows")} " here"</span>
            <span>"oddest: row " {format::count(u64::from(row))} ", score " {score}</span>
        </div>
    }
}

/// The cells with the highest scores, as a table whose rows can be opened.
fn behind(frame: &Frame, found: &Found, session: Session) -> AnyView {
    let mut cells: Vec<(f64, usize)> = frame
        .grid
        .top_rows
        .iter()
        .enumerate()
        .filter_map(|(cell, &row)| Some((*found.scores.get(row as usize)?, cell)))
        .collect();
    cells.sort_by(|a, b| b.0.total_cmp(&a.0));
    let rows = cells
        .into_iter()
        .take(BEHIND)
        .map(|(score, cell)| {
            let (across, up) = frame.values(cell);
            let row = frame.grid.top_rows[cell];
            view! {
                <tr>
                    <td class="num">{across}</td>
                    <td class="num">{up}</td>
                    <td class="num">{format::count(u64::from(frame.grid.counts[cell]))}</td>
                    <td class="num">{format::fixed(score, 3)}</td>
                    <td class="num">
                        <button
                            class="link" on:click=move |_| session.selected_row.set(Some(row))
                        >
                            {format::count(u64::from(row))}
                        </button>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="table">
            <caption class="cap">"The cells with the oddest rows; values are those of the cell's middle."</caption>
            <thead>
                <tr>
                    <th class="num">"across"</th>
                    <th class="num">"up"</th>
                    <th class="num">"rows"</th>
                    <th class="num">"highest score"</th>
                    <th class="num">"its row"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Puts the pixels on the canvas.
fn paint(canvas: &web_sys::HtmlCanvasElement, picture: &Picture, threshold: f64) {
    if (canvas.width(), canvas.height()) != (picture.width, picture.height) {
        canvas.set_width(picture.width);
        canvas.set_height(picture.height);
    }
    let pixels = picture.paint(threshold);
    let image = ImageData::new_with_u8_clamped_array(Clamped(&pixels), picture.width);
    let context = canvas.get_context("2d").ok().flatten();
    if let (Ok(image), Some(context)) = (image, context) {
        let context: CanvasRenderingContext2d = context.unchecked_into();
        context.put_image_data(&image, 0.0, 0.0).expect("pixels of our own may be painted");
    }
}

/// Reads the colours from the legend, where CSS has resolved them for the theme.
fn palette(node: &web_sys::Element) -> Option<Palette> {
    let figure = node.parent_element()?;
    let colour = |name: &str| -> Option<Rgb> {
        let swatch = figure.query_selector(&format!(".swatch--{name}")).ok()??;
        let style = window().get_computed_style(&swatch).ok()??;
        rgb(&style.get_property_value("color").ok()?)
    };
    Some(Palette {
        calm: colour("calm")?,
        odd: [colour("odd-1")?, colour("odd-2")?, colour("odd-3")?],
    })
}

/// `rgb(185, 191, 201)`, as browsers serialise every colour of ours.
fn rgb(text: &str) -> Option<Rgb> {
    let inside = text.trim().strip_prefix("rgb(")?.strip_suffix(')')?;
    let mut parts = inside.split(',').map(|part| part.trim().parse::<u8>().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

fn cells(pixels: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let cells = (pixels / f64::from(CELL)) as u32;
    cells.max(1)
}

/// Whether a memo's value is the very one it was.
fn same<T>(a: Option<&Option<Arc<T>>>, b: Option<&Option<Arc<T>>>) -> bool {
    match (a, b) {
        (Some(Some(a)), Some(Some(b))) => Arc::ptr_eq(a, b),
        (Some(None), Some(None)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::rgb;

    #[test]
    fn colours_are_read_as_browsers_write_them() {
        assert_eq!(rgb("rgb(185, 191, 201)"), Some([185, 191, 201]));
        assert_eq!(rgb("light-dark(#fff, #000)"), None);
    }
}
