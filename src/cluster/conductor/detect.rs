//! A table to scores: draw, grow, score, rank.

use ndarray::ArrayView2;

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{Found, Step},
        message::{Answer, Question},
        view::Selection,
    },
    Shards, Table, ask_all,
    codes::codes,
    selected, to_all,
};
use crate::engine::{
    evaluate::{proposal, ranking, shuffled},
    forest::{Forest, ForestParams, Grower, Samples, Scorer},
    matrix,
};

/// Rows that are made up to see what scores chance gives.
const MADE_UP: usize = 1 << 14;

/// What the last scoring left with the conductor.
#[derive(Debug)]
pub struct Detection {
    /// What the page was told.
    pub found: Found,
}

/// Grows a forest on the rows of a selection and scores all rows.
///
/// A row's score does not depend on what other rows are scored, so all are: whoever wants to see
/// some of them leaves the others out.
///
/// # Errors
///
/// - [`NothingSelected`](JobError::NothingSelected): the selection holds no row; and all errors of
///   [`selected`].
/// - [`NoFeatures`](JobError::NoFeatures): no column with codes is among `features`.
/// - [`Fit`](JobError::Fit): the settings do not make a forest.
pub async fn detect<S: Shards>(
    shards: &mut S,
    table: &Table,
    features: &[u32],
    params: ForestParams,
    grow_on: &Selection,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Detection, JobError> {
    let rows = match grow_on {
        all if all.is_all() => None,
        some => Some(selected(shards, table, some, tell).await?),
    };
    let n_grown_on = rows.as_ref().map_or(table.n_rows(), |rows| rows.len() as u32);
    let (forest, made_up) = grow(shards, table, features, params, rows.as_deref(), tell).await?;
    let params = forest.params;
    let n_rows = table.n_rows() as usize;
    let mut scores = vec![f64::NAN; n_rows];
    let mut n_scored = 0;
    let questions = to_all(shards.n_shards(), |_| Question::Score {
        forest: Box::new(forest.clone()),
        columns: features.to_vec(),
    });
    // While the shards are at it: the conductor has nothing else to do.
    let by_chance = by_chance(&forest, &made_up);
    drop(forest);
    ask_all(shards, questions, |_, answer| {
        if let Answer::Scored { first_row, scores: block } = answer {
            scores[first_row as usize..][..block.len()].copy_from_slice(&block);
            n_scored += block.len();
            tell(Step::Score, 0.1 + 0.85 * n_scored as f64 / n_rows as f64);
        }
    })
    .await?;
    let ranking = ranking(&scores);
    let proposal = proposal(&scores, &ranking, &by_chance);
    let found = Found {
        scores: Bulk(scores),
        ranking: Bulk(ranking),
        by_chance: Bulk(by_chance),
        proposal,
        features: features.to_vec(),
        params,
        grown_on: grow_on.clone(),
        n_grown_on,
    };
    // Nothing waits from here on: the new scores replace the old ones everywhere or nowhere.
    for shard in 0..shards.n_shards() {
        shards.ask(shard, Question::Adopt);
    }
    Ok(Detection { found })
}

async fn grow<S: Shards>(
    shards: &mut S,
    table: &Table,
    columns: &[u32],
    params: ForestParams,
    selected: Option<&[u32]>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<(Forest, Vec<Vec<u16>>), JobError> {
    if selected.is_some_and(<[u32]>::is_empty) {
        return Err(JobError::NothingSelected);
    }
    tell(Step::Grow, 0.0);
    let mut features = Vec::with_capacity(columns.len());
    for &column in columns {
        let dictionary = table.dictionaries.get(column as usize).ok_or(JobError::NoFeatures)?;
        let name = || table.profile.columns[column as usize].name.clone();
        features
            .push(dictionary.feature().ok_or_else(|| JobError::NotAFeature { column: name() })?);
    }
    if features.is_empty() {
        return Err(JobError::NoFeatures);
    }
    let n_rows = selected.map_or(table.n_rows(), |rows| rows.len() as u32);
    let samples = Samples::draw(params, n_rows)?;
    let row = |&drawn: &u32| selected.map_or(drawn, |rows| rows[drawn as usize]);
    let rows: Vec<u32> = samples.rows().iter().map(row).collect();
    let codes = codes(shards, table, &rows, columns).await?;
    tell(Step::Grow, 0.05);
    let made_up = shuffled(&codes, columns.len(), MADE_UP, params.seed);
    let shape = (samples.rows().len(), columns.len());
    let codes = ArrayView2::from_shape(shape, &codes).expect("a code for every sampled cell");
    let forest = Grower::new(&samples, &features, codes)?.finish();
    tell(Step::Score, 0.1);
    Ok((forest, made_up))
}

/// Scores of made-up rows, descending.
fn by_chance(forest: &Forest, columns: &[Vec<u16>]) -> Vec<f64> {
    let mut scores = vec![0.0; columns.first().map_or(0, Vec::len)];
    let columns: Vec<_> = columns.iter().map(|codes| matrix::Codes::U16(codes)).collect();
    Scorer::new(forest).without_memo().scores(&columns, &mut scores);
    scores.sort_unstable_by(|a, b| b.total_cmp(a));
    scores
}
