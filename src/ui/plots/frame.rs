//! A grid with its scales: where rows stand on it, and what stands where, in words.

use std::sync::Arc;

use leptos::prelude::*;

use super::axes::{self, Area};
use super::hue;
use super::pixels::CELL;
use crate::chart::{Cells, Kind, Scale, Tick, format};
use crate::protocol::{AxisOf, AxisScale, ColumnType, Found, Grid, Inspection, Profile, arrange};
use crate::ui::session::Session;
use crate::ui::words;

/// Room for ticks: above, right, below, left.
pub const MARGINS: (f64, f64, f64, f64) = (10.0, 12.0, 26.0, 66.0);
/// Rows of the table behind a plot.
const BEHIND: usize = 20;

/// A grid with its scales.
pub struct Frame {
    /// What is shown.
    pub grid: Arc<Grid>,
    /// Where it is shown.
    pub area: Area,
    /// Left to right.
    pub x: Scale,
    /// Bottom to top.
    pub y: Scale,
    /// Its cells, from the area's upper left corner.
    pub cells: Cells,
    kinds: (Option<ColumnType>, Option<ColumnType>),
}

impl Frame {
    /// Puts scales to a grid.
    pub fn new(grid: Arc<Grid>, profile: &Profile) -> Self {
        let spec = &grid.spec;
        let (width, height) = (f64::from(spec.width * CELL), f64::from(spec.height * CELL));
        let (top, _, _, left) = MARGINS;
        let area = Area { left, right: left + width, top, bottom: top + height };
        let kind_of = |of: &AxisOf| match *of {
            AxisOf::Score | AxisOf::Values { .. } | AxisOf::Component(_) | AxisOf::Margin(_) => {
                None
            }
            AxisOf::Column(column) => profile.columns.get(column as usize).map(|c| c.kind),
        };
        let kinds = (kind_of(&spec.x), kind_of(&spec.y));
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

    /// Ticks and lines.
    pub fn axes(&self) -> impl IntoView + use<> {
        let ticks = |scale: &Scale, names: &[String], most: u32, longest| -> Vec<Tick> {
            if scale.kind() == Kind::Log {
                // Decades are few; labels that would run into each other are left out later.
                scale.ticks(most.max(6))
            } else if names.is_empty() {
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
    pub fn place_of(&self, row: u32, inspection: Option<&Inspection>) -> Option<(f64, f64)> {
        if let Some(cell) = self.grid.top_rows.iter().position(|&top| top == row) {
            let (x, y) = self.cells.middle(cell);
            return Some((x + self.area.left, y + self.area.top));
        }
        let inspection = inspection?;
        let value = |of: &AxisOf, names: &[String]| -> Option<f64> {
            let column = match *of {
                AxisOf::Column(column) | AxisOf::Values { column, .. } => column,
                AxisOf::Score => return Some(inspection.score),
                AxisOf::Component(_) | AxisOf::Margin(_) => return None,
            };
            let text = inspection.text.cells.get(column as usize)?.trim();
            match names.iter().position(|name| name == text) {
                Some(rank) => Some(rank as f64),
                None if matches!(of, AxisOf::Values { .. }) => None,
                None => text.parse().ok().filter(|value: &f64| value.is_finite()),
            }
        };
        let (spec, grid) = (&self.grid.spec, &self.grid);
        let x = self.x.map(value(&spec.x, &grid.x_names)?);
        let y = self.y.map(value(&spec.y, &grid.y_names)?);
        Some((x, y))
    }

    /// The middle of a cell in words, across and up.
    pub fn values(&self, cell: usize) -> (String, String) {
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
pub fn tip(frame: &Frame, cell: usize, found: &Found) -> impl IntoView + use<> {
    let (x, y) = frame.cells.middle(cell);
    let (across, up) = frame.values(cell);
    let row = frame.grid.top_rows[cell];
    let count = frame.grid.counts[cell];
    let group = frame.grid.groups.get(cell).and_then(|&group| hue::name(&frame.grid, group));
    let of_group = group.map(|name| format!(", most of them {name}"));
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
            <span>{words::counted(u64::from(count), "row", "rows")} " here" {of_group}</span>
            <span>"oddest: row " {format::count(u64::from(row))} ", score " {score}</span>
        </div>
    }
}

/// The cells with the highest scores, as a table whose rows can be opened; its head names the axes.
pub fn behind(
    frame: &Frame,
    found: &Found,
    session: Session,
    axes: (&'static str, &'static str),
) -> AnyView {
    let mut cells: Vec<(f64, usize)> = frame
        .grid
        .top_rows
        .iter()
        .enumerate()
        .filter_map(|(cell, &row)| Some((*found.scores.get(row as usize)?, cell)))
        .collect();
    arrange(&mut cells, |a, b| b.0.total_cmp(&a.0));
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
                    <th class="num">{axes.0}</th>
                    <th class="num">{axes.1}</th>
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
