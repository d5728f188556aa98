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
    forest::{Forest, ForestParams, Grower, Judged, Samples, Scorer, Verdict},
    matrix,
};

/// Rows that are made up to see what scores chance gives.
const MADE_UP: usize = 1 << 14;

/// What the last scoring left with the conductor.
#[derive(Debug)]
pub struct Detection {
    /// What the page was told.
    pub found: Found,
    /// The forest as it grew.
    forest: Forest,
    /// Rows as chance would make them, column by column.
    made_up: Vec<Vec<u16>>,
    /// What it learns from.
    judged: Vec<Judged>,
}

impl Detection {
    /// What scores and explains single rows here, as the shards do all.
    pub(super) fn scorer(&self) -> Scorer {
        Scorer::with_verdicts(&self.forest, &self.judged)
    }
}

/// What is looked for, and by which rows.
#[derive(Debug, Clone, PartialEq)]
pub struct DetectSpec {
    /// Columns that take part, ascending.
    pub features: Vec<u32>,
    /// Trees, sample size, seed.
    pub params: ForestParams,
    /// The rows to grow on.
    pub grow_on: Selection,
    /// What a person said about rows, by row.
    pub verdicts: Vec<(u32, Verdict)>,
}

/// Grows a forest on the rows of a selection, learns from verdicts and scores all rows.
///
/// A row's score does not depend on what other rows are scored, so all are: whoever wants to see
/// some of them leaves the others out.
///
/// # Errors
///
/// - [`NothingSelected`](JobError::NothingSelected): the selection holds no row; and all errors of
///   [`selected`].
/// - [`NoFeatures`](JobError::NoFeatures): no column with codes is among the features.
/// - [`Fit`](JobError::Fit): the settings do not make a forest.
/// - [`NoSuchRow`](JobError::NoSuchRow): a row that was judged is beyond the table.
pub async fn detect<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: DetectSpec,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Detection, JobError> {
    let DetectSpec { features, params, grow_on, verdicts } = spec;
    let rows = match &grow_on {
        all if all.is_all() => None,
        some => Some(selected(shards, table, some, tell).await?),
    };
    let n_grown_on = rows.as_ref().map_or(table.n_rows(), |rows| rows.len() as u32);
    let (forest, made_up) = grow(shards, table, &features, params, rows.as_deref(), tell).await?;
    let judged = judged(shards, table, &features, &verdicts).await?;
    let questions = to_all(shards.n_shards(), |_| Question::Score {
        forest: Box::new(forest.clone()),
        columns: features.clone(),
        judged: judged.clone(),
    });
    let params = forest.params;
    let context = Context { features, params, grown_on: grow_on, n_grown_on, verdicts };
    score(shards, table, questions, (forest, made_up), judged, context, tell).await
}

/// Scores all rows again by a forest that learns from other verdicts: as
/// [`detect`] with them, but for the growing.
///
/// # Errors
///
/// [`NoSuchRow`](JobError::NoSuchRow): a row that was judged is beyond the table.
pub async fn judge<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    verdicts: Vec<(u32, Verdict)>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Detection, JobError> {
    let Found { features, params, grown_on, n_grown_on, .. } = &detection.found;
    let (features, grown_on) = (features.clone(), grown_on.clone());
    let judged = judged(shards, table, &features, &verdicts).await?;
    let questions = to_all(shards.n_shards(), |_| Question::Judge(judged.clone()));
    let grown = (detection.forest.clone(), detection.made_up.clone());
    let (params, n_grown_on) = (*params, *n_grown_on);
    let context = Context { features, params, grown_on, n_grown_on, verdicts };
    score(shards, table, questions, grown, judged, context, tell).await
}

/// The codes of the rows that were judged, with the verdicts.
async fn judged<S: Shards>(
    shards: &mut S,
    table: &Table,
    features: &[u32],
    verdicts: &[(u32, Verdict)],
) -> Result<Vec<Judged>, JobError> {
    let n_rows = table.n_rows();
    let rows: Vec<u32> = verdicts.iter().map(|&(row, _)| row).collect();
    if let Some(&row) = rows.iter().find(|&&row| row >= n_rows) {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let codes = codes(shards, table, &rows, features).await?;
    let codes = codes.chunks_exact(features.len());
    let pairs = codes.zip(verdicts);
    Ok(pairs.map(|(codes, &(_, verdict))| Judged { codes: codes.to_vec(), verdict }).collect())
}

/// What scores are about.
struct Context {
    features: Vec<u32>,
    params: ForestParams,
    grown_on: Selection,
    n_grown_on: u32,
    verdicts: Vec<(u32, Verdict)>,
}

/// Has all rows scored, ranks them and proposes a cut.
async fn score<S: Shards>(
    shards: &mut S,
    table: &Table,
    questions: Vec<(u32, Question)>,
    (forest, made_up): (Forest, Vec<Vec<u16>>),
    judged: Vec<Judged>,
    context: Context,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Detection, JobError> {
    let n_rows = table.n_rows() as usize;
    let mut scores = vec![f64::NAN; n_rows];
    let mut n_scored = 0;
    // While the shards are at it: the conductor has nothing else to do.
    let by_chance = by_chance(Scorer::with_verdicts(&forest, &judged), &made_up);
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
    let Context { features, params, grown_on, n_grown_on, verdicts } = context;
    let found = Found {
        scores: Bulk(scores),
        ranking: Bulk(ranking),
        by_chance: Bulk(by_chance),
        proposal,
        features,
        params,
        grown_on,
        n_grown_on,
        verdicts,
    };
    // Nothing waits from here on: the new scores replace the old ones everywhere or nowhere.
    for shard in 0..shards.n_shards() {
        shards.ask(shard, Question::Adopt);
    }
    Ok(Detection { found, forest, made_up, judged })
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
fn by_chance(scorer: Scorer, columns: &[Vec<u16>]) -> Vec<f64> {
    let mut scores = vec![0.0; columns.first().map_or(0, Vec::len)];
    let columns: Vec<_> = columns.iter().map(|codes| matrix::Codes::U16(codes)).collect();
    scorer.without_memo().scores(&columns, &mut scores);
    scores.sort_unstable_by(|a, b| b.total_cmp(a));
    scores
}
