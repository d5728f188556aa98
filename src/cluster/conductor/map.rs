//! All rows on a map: where they stand along the principal components of what was looked at.

use super::{
    super::{
        JobError,
        findings::Component,
        message::{Answer, ProjectQuestion, Question},
    },
    Detection, Shards, Table, ask_all,
    codes::sample,
    to_all,
};
use crate::engine::{arrange::order, components, components::Components, forest::ForestParams};

/// Rows that the components are found in.
const MOST_ROWS: u32 = 10_000;
/// Their cells at most: 64 MB of numbers. From 839 columns on there are fewer rows.
const MOST_CELLS: u32 = 1 << 23;
/// Loadings that are told.
const TOLD: usize = 6;

/// What is known of a map. The shards keep where their rows stand on it.
#[derive(Debug)]
pub(super) struct Map {
    /// What its axes mean.
    pub(super) components: Vec<Component>,
    /// The smallest and the largest place of any row along each.
    pub(super) extents: [(f64, f64); 2],
}

/// The map of a detection: made when it is first asked for, it stands as long as its features do.
///
/// The components are those of rows that are drawn by the forest's seed from the whole table; all rows
/// are put on it.
///
/// # Errors
///
/// [`NoScores`](JobError::NoScores): other scores have replaced these meanwhile.
pub(super) async fn map<'a, S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &'a Detection,
) -> Result<&'a Map, JobError> {
    if let Some(map) = detection.map.get() {
        return Ok(map);
    }
    let columns = &detection.found.features;
    let features = table.features(columns)?;
    let sample_size = MOST_ROWS.min(MOST_CELLS / features.len() as u32).max(1);
    let drawn = ForestParams { n_trees: 1, sample_size, ..detection.found.params };
    let (_, codes) = sample(shards, table, columns, drawn, None).await?;
    let components = Components::of(&features, codes.view());
    let told = components.each().iter().map(|component| told(component, columns)).collect();
    let question = ProjectQuestion { components, columns: columns.clone(), seed: drawn.seed };
    let questions = to_all(shards.n_shards(), |_| Question::Project(Box::new(question.clone())));
    let mut extents = [(f64::INFINITY, f64::NEG_INFINITY); 2];
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Projected(there) = answer else { unreachable!("places were asked for") };
        for (extent, there) in extents.iter_mut().zip(there.ok_or(JobError::NoScores)?) {
            *extent = (extent.0.min(there.0), extent.1.max(there.1));
        }
    }
    // Whoever asked at the same time has made the same.
    Ok(detection.map.get_or_init(|| Map { components: told, extents }))
}

/// A component by its strongest columns.
fn told(component: &components::Component, columns: &[u32]) -> Component {
    let loadings = &component.loadings;
    // Equal ones stay in the order of their columns.
    let strongest =
        order(loadings.len(), &mut |a, b| loadings[b].abs().total_cmp(&loadings[a].abs()));
    let there = strongest.into_iter().filter(|&feature| loadings[feature] != 0.0);
    let loadings = there.take(TOLD).map(|feature| (columns[feature], loadings[feature])).collect();
    Component { share: component.share, loadings }
}
