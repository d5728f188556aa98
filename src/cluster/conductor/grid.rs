//! All rows on a grid of two axes.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{AxisOf, AxisScale, Grid, GridSpec, GroupBy},
        gridding::{ELSEWHERE, N_GROUPS, NOWHERE, Ruler},
        learned::{NO_CLASS, Trained},
        message::{Answer, Axis, GridQuestion, Grouped, Question},
    },
    Detection, Dictionary, Shards, Table, ask_all,
    entities::each_value,
    map::{Map, map},
    table::Part,
};
use crate::engine::arrange::order;

/// Categories whose names are told.
const NAMED: usize = 200;
/// Cells that are worked with along an axis.
const MOST_CELLS: u32 = 4_096;

/// Puts all rows on a grid.
///
/// # Errors
///
/// - [`NoScores`](JobError::NoScores): an axis is the score or a component, and nothing has been scored.
/// - [`NoSuchComponent`](JobError::NoSuchComponent): an axis is a component beyond the second.
/// - [`NoModel`](JobError::NoModel): a margin or a class is asked for, and nothing has been trained.
/// - [`NotAFeature`](JobError::NotAFeature): an axis is a column without codes.
/// - [`NoSuchColumn`](JobError::NoSuchColumn), [`TooManyValues`](JobError::TooManyValues): an axis is
///   some values of a column that is beyond the table, or has no code for each.
pub async fn grid<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: Option<&Detection>,
    trained: Option<&Trained>,
    spec: GridSpec,
) -> Result<Grid, JobError> {
    let spec = GridSpec {
        width: n_cells(&spec.x, spec.width),
        height: n_cells(&spec.y, spec.height),
        ..spec
    };
    let map = if [&spec.x, &spec.y].iter().any(|of| matches!(of, AxisOf::Component(_))) {
        Some(map(shards, table, detection.ok_or(JobError::NoScores)?).await?)
    } else {
        None
    };
    let lay = |of: &AxisOf, scale, n| match of {
        AxisOf::Margin(_) => Ok(Laid::margins(trained.ok_or(JobError::NoModel)?, scale, n)),
        _ => Laid::of(table, detection, map, of, scale, n),
    };
    let x = lay(&spec.x, spec.x_scale, spec.width)?;
    let y = lay(&spec.y, spec.y_scale, spec.height)?;
    let (by, group_names) = match &spec.by {
        None => (None, Vec::new()),
        Some(GroupBy::Rows(rows)) => (Some(Grouped::Rows(rows.clone())), Vec::new()),
        Some(GroupBy::Column(column)) => {
            let (of_codes, names) = groups(each_value(table, *column)?);
            (Some(Grouped::Column(*column, Bulk(of_codes))), names)
        }
        Some(by @ (GroupBy::Class(_) | GroupBy::Right(_))) => {
            let (of_rows, names) = told(trained.ok_or(JobError::NoModel)?, by);
            (Some(Grouped::Each(Bulk(of_rows))), names)
        }
    };
    let (width, height) = (spec.width, spec.height);
    let question = GridQuestion { x: x.axis, y: y.axis, width, height, by };
    let questions: Vec<_> =
        (0..).zip(&table.parts).map(|(shard, part)| (shard, of_part(&question, part))).collect();
    let scores: &[f64] = detection.map_or(&[], |detection| &detection.found.scores);
    let n_cells = spec.width as usize * spec.height as usize;
    let mut counts = vec![0; n_cells];
    let mut top_rows = vec![u32::MAX; n_cells];
    let mut by_group = vec![0; if spec.by.is_some() { n_cells * N_GROUPS } else { 0 }];
    let (mut n_missing, mut n_elsewhere) = (0, 0);
    // Shards come in the order of their rows, so the first of equal rows stays.
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Grid {
            counts: there,
            top_rows: tops,
            by_group: groups,
            n_missing: missing,
            n_elsewhere: elsewhere,
        } = answer
        else {
            unreachable!("a grid was asked for")
        };
        n_missing += missing;
        n_elsewhere += elsewhere;
        for (sum, &n) in by_group.iter_mut().zip(groups.iter()) {
            *sum += n;
        }
        for (cell, (&count, &row)) in there.iter().zip(tops.iter()).enumerate() {
            counts[cell] += count;
            let top = &mut top_rows[cell];
            let score = |row: u32| scores.get(row as usize);
            if row != u32::MAX && (*top == u32::MAX || score(row) > score(*top)) {
                *top = row;
            }
        }
    }
    let top_score = |&row: &u32| scores.get(row as usize).map_or(0.0, |&score| score as f32);
    Ok(Grid {
        spec,
        x_domain: x.domain,
        y_domain: y.domain,
        x_names: x.names,
        y_names: y.names,
        counts: Bulk(counts),
        top_scores: Bulk(top_rows.iter().map(top_score).collect()),
        top_rows: Bulk(top_rows),
        groups: Bulk(by_group.chunks_exact(N_GROUPS).map(largest).collect()),
        group_names,
        n_missing,
        n_elsewhere,
        components: map.map_or_else(Vec::new, |map| map.components.clone()),
    })
}

/// The question for a shard: of what is told row by row it gets its own rows.
fn of_part(question: &GridQuestion, part: &Part) -> Question {
    let axis = |axis: &Axis| match axis {
        Axis::Each(cells) => Axis::Each(Bulk(cells[part.rows()].to_vec())),
        axis => axis.clone(),
    };
    let by = question.by.as_ref().map(|by| match by {
        Grouped::Each(groups) => Grouped::Each(Bulk(groups[part.rows()].to_vec())),
        by => by.clone(),
    });
    let (x, y) = (axis(&question.x), axis(&question.y));
    let GridQuestion { width, height, .. } = *question;
    Question::Grid(Box::new(GridQuestion { x, y, width, height, by }))
}

/// The group of each row by what a model says of it, and the names of the groups.
fn told(trained: &Trained, by: &GroupBy) -> (Vec<u8>, Vec<String>) {
    if let GroupBy::Right(_) = by {
        let of = |(said, truth): (&u8, &u8)| match *truth {
            NO_CLASS => GroupBy::MOST,
            truth => u8::from(*said != truth),
        };
        let of_rows = trained.predicted.iter().zip(trained.truth.iter()).map(of).collect();
        return (of_rows, vec!["right".to_owned(), "wrong".to_owned()]);
    }
    let last = GroupBy::MOST - 1;
    let mut names = trained.classes.clone();
    if names.len() > N_GROUPS {
        names.truncate(N_GROUPS);
        names[usize::from(last)].clear();
    }
    (trained.predicted.iter().map(|&class| class.min(last)).collect(), names)
}

/// The group of each code, that of missing values last, and their names: the most common values each their
/// own, as far as there are groups.
fn groups(dictionary: &Dictionary) -> (Vec<u8>, Vec<String>) {
    let n_codes = dictionary.n_codes();
    let counts = dictionary.counts();
    // Equal counts stay in the order of their codes.
    let by_frequency = order(counts.len(), &mut |a, b| counts[b].cmp(&counts[a]));
    let mut groups = vec![GroupBy::MOST; usize::from(n_codes) + 1];
    let mut names = Vec::new();
    for (rank, code) in by_frequency.into_iter().enumerate() {
        let is_own = rank + 1 < N_GROUPS || usize::from(n_codes) <= N_GROUPS;
        groups[code] = if is_own { rank as u8 } else { GroupBy::MOST - 1 };
        if names.len() < N_GROUPS {
            names.push(if is_own { dictionary.name(code as u16) } else { String::new() });
        }
    }
    (groups, names)
}

/// The group that most rows of a cell are in.
fn largest(counts: &[u32]) -> u8 {
    let most = counts.iter().copied().max().unwrap_or(0);
    let place = counts.iter().position(|&n| n == most && n > 0);
    place.map_or(GroupBy::MOST, |place| place as u8)
}

/// How many cells there are along an axis.
fn n_cells(of: &AxisOf, asked: u32) -> u32 {
    let n = match of {
        AxisOf::Values { codes, .. } => codes.len() as u32,
        AxisOf::Column(_) | AxisOf::Score | AxisOf::Component(_) | AxisOf::Margin(_) => asked,
    };
    n.clamp(1, MOST_CELLS)
}

/// An axis with its cells laid out.
struct Laid {
    axis: Axis,
    domain: (f64, f64),
    names: Vec<String>,
}

impl Laid {
    #[inline(never)]
    fn of(
        table: &Table,
        detection: Option<&Detection>,
        map: Option<&Map>,
        of: &AxisOf,
        scale: AxisScale,
        n: u32,
    ) -> Result<Self, JobError> {
        match of {
            AxisOf::Score => {
                let found = &detection.ok_or(JobError::NoScores)?.found;
                let at = |place: Option<&u32>| place.map_or(0.0, |&row| found.scores[row as usize]);
                let domain = (at(found.ranking.last()), at(found.ranking.first()));
                Ok(Self { axis: Axis::Score(domain.0, domain.1), domain, names: Vec::new() })
            }
            &AxisOf::Component(component) => {
                let map = map.ok_or(JobError::NoScores)?;
                let domain = map.extents.get(component as usize).copied();
                let domain = domain.ok_or(JobError::NoSuchComponent { component })?;
                let axis = Axis::Component { component, domain, scale };
                Ok(Self { axis, domain, names: Vec::new() })
            }
            AxisOf::Margin(_) => Err(JobError::NoModel),
            AxisOf::Values { column, codes } => Self::values(table, *column, codes),
            &AxisOf::Column(column) => {
                let dictionary = table.dictionaries.get(column as usize);
                let name = || {
                    let profile = table.profile.columns.get(column as usize);
                    profile.map_or_else(String::new, |profile| profile.name.clone())
                };
                match dictionary {
                    Some(Dictionary::Ranked(ranked)) => {
                        let places: Vec<f64> =
                            (0..ranked.n_codes()).map(|code| ranked.middle(code)).collect();
                        let last = places.len().saturating_sub(1);
                        let domain = if places.is_empty() {
                            (0.0, 0.0)
                        } else {
                            (ranked.lows[0], ranked.high(last))
                        };
                        Ok(Self::along(column, &places, domain, scale, n, Vec::new()))
                    }
                    Some(Dictionary::Unordered(categories)) => {
                        let by_frequency = categories.by_frequency();
                        let mut places = vec![0.0; by_frequency.len()];
                        for (rank, &code) in by_frequency.iter().enumerate() {
                            places[code] = rank as f64;
                        }
                        let name = |&code: &usize| {
                            String::from_utf8_lossy(&categories.texts[code]).into_owned()
                        };
                        let names = by_frequency.iter().take(NAMED).map(name).collect();
                        let domain = (-0.5, places.len() as f64 - 0.5);
                        Ok(Self::along(column, &places, domain, AxisScale::Linear, n, names))
                    }
                    Some(Dictionary::None) | None => Err(JobError::NotAFeature { column: name() }),
                }
            }
        }
    }

    /// Margins, from the lowest to the highest.
    fn margins(trained: &Trained, scale: AxisScale, n: u32) -> Self {
        let margins = &trained.margins;
        let low = margins.iter().copied().fold(f64::INFINITY, f64::min);
        let high = margins.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let ruler = Ruler::new((low, high), scale, n);
        let cells = margins.iter().map(|&margin| ruler.cell(margin)).collect();
        Self { axis: Axis::Each(Bulk(cells)), domain: (low, high), names: Vec::new() }
    }

    /// A cell for each of some values.
    fn values(table: &Table, column: u32, codes: &[u16]) -> Result<Self, JobError> {
        let dictionary = each_value(table, column)?;
        let n_codes = dictionary.n_codes();
        let codes = &codes[..codes.len().min(MOST_CELLS as usize)];
        let mut cells = vec![ELSEWHERE; usize::from(n_codes)];
        let mut names = Vec::with_capacity(codes.len());
        for (cell, &code) in (0_u16..).zip(codes) {
            // A code that no value has is that of an empty line without a name.
            names.push(if code < n_codes { dictionary.name(code) } else { String::new() });
            if let Some(place) = cells.get_mut(usize::from(code)).filter(|at| **at == ELSEWHERE) {
                *place = cell;
            }
        }
        cells.push(NOWHERE);
        let domain = (-0.5, codes.len().max(1) as f64 - 0.5);
        Ok(Self { axis: Axis::Column { column, cells: Bulk(cells) }, domain, names })
    }

    fn along(
        column: u32,
        places: &[f64],
        domain: (f64, f64),
        scale: AxisScale,
        n: u32,
        names: Vec<String>,
    ) -> Self {
        let ruler = Ruler::new(domain, scale, n);
        let mut cells: Vec<u16> = places.iter().map(|&place| ruler.cell(place)).collect();
        cells.push(NOWHERE);
        Self { axis: Axis::Column { column, cells: Bulk(cells) }, domain, names }
    }
}
