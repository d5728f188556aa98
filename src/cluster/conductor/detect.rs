//! A table to scores: draw, grow, score, rank.

use std::rc::Rc;

use super::{
    super::{
        JobError,
        findings::Found,
        message::{Answer, Question},
        step::Step,
        view::{Bound, Filter, Selection, Test},
    },
    Shards, Table, ask_all,
    codes::{codes, sample},
    detection::{Context, Detection, Seen},
    look::show,
    selected, to_all, to_each,
};
use crate::engine::{
    arrange::sort_f64,
    evaluate::shuffled,
    eyes::{Eye, Model, Sight},
    forest::{ForestParams, Grower, Judged, Verdict},
    matrix,
};

/// Rows that are made up to see what scores chance gives.
const MADE_UP: usize = 1 << 14;

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

/// Why a selection holds no row. One filter may be a label or a span of time, of which nobody thinks as
/// of a filter.
fn nothing_selected(table: &Table, selection: &Selection) -> JobError {
    let one = |filter: &Filter| {
        let end = |word: &str, bound: &Option<Bound>| {
            bound.as_ref().map_or_else(String::new, |bound| [word, &bound.value].concat())
        };
        let test = match &filter.test {
            Test::OneOf(values) => ["is ", &values.join(" or ")].concat(),
            Test::Between(low, high) => {
                ["lies", &end(" from ", low), &end(" up to ", high)].concat()
            }
            Test::Contains(_) | Test::Missing => return None,
        };
        let column = table.profile.columns[filter.column as usize].name.clone();
        (!filter.is_negated).then_some(JobError::NoSuchRows { column, test })
    };
    let alone = match &selection.filters[..] {
        [only] if selection.search.is_empty() && selection.within.is_none() => one(only),
        _ => None,
    };
    let mutes = selection.except.iter().any(|rule| !rule.is_empty());
    alone.filter(|_| !mutes).unwrap_or(JobError::NothingSelected)
}

/// Grows a forest on the rows of a selection, learns from verdicts and scores all rows.
///
/// A row's score does not depend on what other rows are scored, so all are: whoever wants to see
/// some of them leaves the others out.
///
/// # Errors
///
/// - [`NothingSelected`](JobError::NothingSelected), [`NoSuchRows`](JobError::NoSuchRows): the selection
///   holds no row; and all errors of [`selected`].
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
    if rows.as_ref().is_some_and(Vec::is_empty) {
        return Err(nothing_selected(table, &grow_on));
    }
    let n_grown_on = rows.as_ref().map_or(table.n_rows(), |rows| rows.len() as u32);
    let (model, params, made_up) =
        grow(shards, table, &features, params, rows.as_deref(), tell).await?;
    let judged = judged(shards, table, &features, &verdicts).await?;
    let questions = to_all(shards.n_shards(), |_| Question::Score {
        model: Box::new(model.clone()),
        columns: features.clone(),
        judged: judged.clone(),
        is_afresh: true,
    });
    let context = Context { features, params, grown_on: grow_on, n_grown_on, verdicts };
    let found = score(shards, table, questions, &model, &judged, &made_up, context, tell).await?;
    // Nothing waits from here on: the new scores replace the old ones everywhere or nowhere.
    to_each(shards, || Question::Adopt);
    let found = Rc::new(found);
    let seen = vec![Seen { found: Rc::clone(&found), model: Some(Rc::new(model)) }];
    let (made_up, judged, map) = (Rc::new(made_up), Rc::new(judged), Rc::default());
    Ok(Detection { found, seen, made_up, judged, map })
}

/// Scores all rows again by a forest that learns from other verdicts: as
/// [`detect`] with them, but for the growing. Other eyes do not learn; the one that is shown stays.
///
/// # Errors
///
/// [`NoSuchRow`](JobError::NoSuchRow): a row that was judged is beyond the table.
///
/// # Panics
///
/// Never: a forest looks before others do.
pub async fn judge<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    verdicts: Vec<(u32, Verdict)>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Detection, JobError> {
    let mut context = Context::of(&detection.found);
    let judged = judged(shards, table, &context.features, &verdicts).await?;
    context.verdicts = verdicts;
    let questions = to_all(shards.n_shards(), |_| Question::Judge(judged.clone()));
    let model = detection.of(Eye::Forest).and_then(|seen| seen.model.clone());
    let model = model.expect("the forest has looked");
    let made_up = &detection.made_up;
    let found = score(shards, table, questions, &model, &judged, made_up, context, tell).await?;
    to_each(shards, || Question::Adopt);
    let shown = detection.found.eye;
    let mut detection = Detection { judged: Rc::new(judged), ..detection.clone() };
    let found = Rc::new(found);
    detection.take(Seen { found: Rc::clone(&found), model: Some(model) });
    detection.found = found;
    Ok(show(shards, table, detection, shown))
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

/// Has all rows scored by a model, ranks them and proposes a cut.
#[expect(clippy::too_many_arguments, reason = "each is another thing")]
pub(super) async fn score<S: Shards>(
    shards: &mut S,
    table: &Table,
    questions: Vec<(u32, Question)>,
    model: &Model,
    judged: &[Judged],
    made_up: &[Vec<u16>],
    context: Context,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Found, JobError> {
    let n_rows = table.n_rows() as usize;
    let mut scores = vec![f64::NAN; n_rows];
    let mut n_scored = 0;
    // While the shards are at it: the conductor has nothing else to do.
    let by_chance = by_chance(model, judged, made_up);
    ask_all(shards, questions, |_, answer| {
        if let Answer::Scored { first_row, scores: block } = answer {
            scores[first_row as usize..][..block.len()].copy_from_slice(&block);
            n_scored += block.len();
            tell(Step::Score, 0.1 + 0.85 * n_scored as f64 / n_rows as f64);
        }
    })
    .await?;
    Ok(context.found(model.eye(), scores, by_chance))
}

async fn grow<S: Shards>(
    shards: &mut S,
    table: &Table,
    columns: &[u32],
    params: ForestParams,
    selected: Option<&[u32]>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<(Model, ForestParams, Vec<Vec<u16>>), JobError> {
    tell(Step::Grow, 0.0);
    let features = table.features(columns)?;
    let (samples, codes) = sample(shards, table, columns, params, selected).await?;
    tell(Step::Grow, 0.05);
    let cells = codes.as_slice().expect("rows stand one after the other");
    let made_up = shuffled(cells, columns.len(), MADE_UP, params.seed);
    let forest = Grower::new(&samples, &features, codes.view())?.finish();
    tell(Step::Score, 0.1);
    let params = forest.params;
    Ok((Model::Forest(Box::new(forest)), params, made_up))
}

/// Scores of made-up rows, descending; none by the local outlier factor, to which every row is
/// odd whose columns have nothing to do with each other.
fn by_chance(model: &Model, judged: &[Judged], columns: &[Vec<u16>]) -> Vec<f64> {
    if model.eye() == Eye::Neighbours {
        return Vec::new();
    }
    let mut scores = vec![0.0; columns.first().map_or(0, Vec::len)];
    let columns: Vec<_> = columns.iter().map(|codes| matrix::Codes::U16(codes)).collect();
    Sight::new(model, judged).scores(&columns, &mut scores);
    sort_f64(&mut scores);
    scores.reverse();
    scores
}
