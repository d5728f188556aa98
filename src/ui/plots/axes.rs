//! Ticks and their lines.

use leptos::prelude::*;

use crate::chart::{Scale, Tick};

/// The area of a chart: its size, less the margins in which the ticks stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge of the plot.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Area {
    /// Takes `(top, right, bottom, left)` margins off a size.
    pub fn within((width, height): (f64, f64), margins: (f64, f64, f64, f64)) -> Self {
        let (top, right, bottom, left) = margins;
        Self {
            left,
            right: (width - right).max(left + 1.0),
            top,
            bottom: (height - bottom).max(top + 1.0),
        }
    }

    /// Left to right.
    pub fn x_range(&self) -> (f64, f64) {
        (self.left, self.right)
    }

    /// Bottom to top.
    pub fn y_range(&self) -> (f64, f64) {
        (self.bottom, self.top)
    }

    /// Width of the plot.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height of the plot.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

/// How many labels of a size fit a length, in CSS pixels.
pub fn room(length: f64, label: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let room = (length / label) as u32;
    room.clamp(4, 10)
}

/// The ticks whose labels do not run into the one before; on a logarithmic axis they may be near.
fn apart(ticks: &[Tick]) -> Vec<&Tick> {
    const CHARACTER: f64 = 6.4;
    const GAP: f64 = 10.0;
    let width = |tick: &Tick| tick.label.chars().count() as f64 * CHARACTER;
    let mut kept: Vec<&Tick> = Vec::new();
    for tick in ticks {
        let is_free = kept.last().is_none_or(|last| {
            tick.position - last.position >= f64::midpoint(width(tick), width(last)) + GAP
        });
        if is_free {
            kept.push(tick);
        }
    }
    kept
}

/// Ticks below the plot.
pub fn x_axis(ticks: &[Tick], area: Area) -> AnyView {
    let ticks = apart(ticks);
    let last = ticks.len().saturating_sub(1);
    let labels = ticks
        .iter()
        .enumerate()
        .map(|(i, tick)| {
            // The outermost labels stay within the chart.
            let class = match i {
                0 if tick.position < area.left + 12.0 => "tick tick--start",
                i if i == last && tick.position > area.right - 12.0 => "tick tick--end",
                _ => "tick",
            };
            view! {
                <text class=class x=tick.position y=area.bottom + 17.0>{tick.label.clone()}</text>
            }
        })
        .collect_view();
    view! {
        <g>
            <line class="axis" x1=area.left x2=area.right y1=area.bottom y2=area.bottom />
            {labels}
        </g>
    }
    .into_any()
}

/// Ticks left of the plot, with lines across it.
pub fn y_axis(ticks: &[Tick], area: Area) -> AnyView {
    let lines = ticks
        .iter()
        .map(|tick| {
            view! {
                <line class="grid" x1=area.left x2=area.right y1=tick.position y2=tick.position />
                <text class="tick tick--y" x=area.left - 8.0 y=tick.position + 4.0>
                    {tick.label.clone()}
                </text>
            }
        })
        .collect_view();
    view! { <g>{lines}</g> }.into_any()
}

/// Ticks at the categories of a text column, where its cells are wide enough for their names.
pub fn category_ticks(scale: &Scale, names: &[String], most: usize, longest: usize) -> Vec<Tick> {
    let (first, last) = scale.domain();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ranks of names")]
    let ranks = first.max(0.0).ceil() as usize..=last.max(0.0) as usize;
    let step = ranks.end().saturating_sub(*ranks.start()).div_ceil(most.max(1)).max(1);
    ranks
        .step_by(step)
        .filter_map(|rank| {
            let name = names.get(rank)?;
            let label = if name.chars().count() > longest {
                name.chars().take(longest - 1).chain(['…']).collect()
            } else {
                name.clone()
            };
            let value = rank as f64;
            Some(Tick { value, position: scale.map(value), label })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_run_into_each_other() {
        let tick = |position, label: &str| Tick { value: 0.0, position, label: label.to_owned() };
        let ticks = [tick(0.0, "10 k"), tick(20.0, "20 k"), tick(60.0, "40 k")];
        let kept: Vec<_> = apart(&ticks).into_iter().map(|tick| tick.position).collect();
        assert_eq!(kept, [0.0, 60.0]);
    }
}
