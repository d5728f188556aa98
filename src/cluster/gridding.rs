//! A shard's rows on a grid of two axes.

use super::{
    bulk::Bulk,
    findings::{AxisScale, GroupBy},
    message::{Answer, Axis, GridQuestion, Grouped},
    shard::Shard,
};

/// No cell: there is no value.
pub(super) const NOWHERE: u16 = u16::MAX;
/// No cell: the value is not among those that are shown.
pub(super) const ELSEWHERE: u16 = u16::MAX - 1;

pub(super) const N_GROUPS: usize = GroupBy::MOST as usize;

/// Puts all rows of a shard on a grid.
pub(super) fn grid(shard: &Shard, question: &GridQuestion) -> Answer {
    let n_cells = question.width as usize * question.height as usize;
    let mut counts = vec![0_u32; n_cells];
    let mut top_rows = vec![u32::MAX; n_cells];
    let groups = question.by.as_ref().map(|by| groups(shard, by));
    let mut by_group = vec![0_u32; groups.as_ref().map_or(0, |_| n_cells * N_GROUPS)];
    let (mut n_missing, mut n_elsewhere) = (0, 0);
    let scores = shard.sights.scores();
    let across = cells(shard, &question.x, question.width);
    let up = cells(shard, &question.y, question.height);
    for (row, (&x, &y)) in across.iter().zip(&up).enumerate() {
        if x == ELSEWHERE || y == ELSEWHERE {
            n_elsewhere += 1;
            continue;
        }
        if x == NOWHERE || y == NOWHERE {
            n_missing += 1;
            continue;
        }
        let cell = y as usize * question.width as usize + x as usize;
        counts[cell] += 1;
        if let Some(group) = groups.as_ref().map(|groups| usize::from(groups[row]))
            && group < N_GROUPS
        {
            by_group[cell * N_GROUPS + group] += 1;
        }
        let top = &mut top_rows[cell];
        let is_higher = |scores: &[f64]| scores[row] > scores[(*top - shard.first_row) as usize];
        // Rows come in ascending order, so the first of equal ones stays.
        if *top == u32::MAX || scores.is_some_and(is_higher) {
            *top = shard.first_row + row as u32;
        }
    }
    let by_group = Bulk(by_group);
    Answer::Grid {
        counts: Bulk(counts),
        top_rows: Bulk(top_rows),
        by_group,
        n_missing,
        n_elsewhere,
    }
}

/// The group of each row.
fn groups(shard: &Shard, by: &Grouped) -> Vec<u8> {
    match by {
        Grouped::Column(column, of_codes) => {
            let mut groups = Vec::with_capacity(shard.n_rows);
            shard.column(*column).codes.for_each(|code| groups.push(of_codes[code as usize]));
            groups
        }
        Grouped::Each(groups) => {
            let mut groups = groups.to_vec();
            groups.resize(shard.n_rows, GroupBy::MOST);
            groups
        }
        Grouped::Rows(rows) => {
            let mut groups = vec![GroupBy::MOST; shard.n_rows];
            for &(row, group) in rows {
                let place = row.checked_sub(shard.first_row);
                if let Some(there) = place.and_then(|place| groups.get_mut(place as usize)) {
                    *there = group;
                }
            }
            groups
        }
    }
}

/// The cell of each row along one axis.
fn cells(shard: &Shard, axis: &Axis, n: u32) -> Vec<u16> {
    let mut places = Vec::with_capacity(shard.n_rows);
    match axis {
        Axis::Column { column, cells } => {
            shard.column(*column).codes.for_each(|code| places.push(cells[code as usize]));
        }
        Axis::Each(cells) => places.extend(cells.iter()),
        Axis::Score(from, to) => {
            let ruler = Ruler::new((*from, *to), AxisScale::Linear, n);
            let scores = shard.sights.scores().unwrap_or_default();
            places.extend(scores.iter().map(|&score| ruler.cell(score)));
        }
        Axis::Component { component, domain, scale } => {
            let ruler = Ruler::new(*domain, *scale, n);
            let cell = |place: &[f32; 2]| ruler.cell(place[*component as usize].into());
            places.extend(shard.sights.places.iter().map(cell));
        }
    }
    // Other rows may stand now than those that were asked about.
    places.resize(shard.n_rows, NOWHERE);
    places
}

/// An axis that is cut into cells.
pub(super) struct Ruler {
    scale: AxisScale,
    from: f64,
    to: f64,
    n: u32,
}

impl Ruler {
    /// Cuts a scaled domain into `n` equal cells, one at least.
    pub(super) fn new((from, to): (f64, f64), scale: AxisScale, n: u32) -> Self {
        Self { scale, from: scaled(from, scale), to: scaled(to, scale), n }
    }

    /// The cell of a value; of one beyond the ends, that at the end.
    pub(super) fn cell(&self, value: f64) -> u16 {
        let extent = self.to - self.from;
        let share =
            if extent > 0.0 { (scaled(value, self.scale) - self.from) / extent } else { 0.5 };
        (share * f64::from(self.n)).floor().clamp(0.0, f64::from(self.n - 1)) as u16
    }
}

fn scaled(value: f64, scale: AxisScale) -> f64 {
    match scale {
        // Halved, so that the extent of ±1e308 is finite.
        AxisScale::Linear => value / 2.0,
        AxisScale::Log => libm::log10(1.0 + value.abs()).copysign(value),
    }
}
