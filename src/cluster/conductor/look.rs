//! Other eyes on the rows that a forest has scored.

use std::rc::Rc;

use super::{
    super::{JobError, bulk::Bulk, findings::Found, message::Question, step::Step},
    Detection, Shards, Table,
    codes::sample,
    detect::score,
    detection::{Context, Seen},
    selected, to_all, to_each,
};
use crate::engine::{
    evaluate::{Basis, Proposal, ranks},
    extended::{DEFAULT_LEVEL, ExtendedGrower},
    eyes::{Consensus, Eye, Model, consensus},
    forest::ForestParams,
    neighbours::Surroundings,
};

/// Rows that others are compared with.
const REFERENCE: u32 = 5_000;

/// Has an eye look at the rows, if it has not yet, and shows what it sees: all questions are about
/// that from then on.
///
/// It learns from the rows that the forest grew on. All eyes together need each to look first.
///
/// # Errors
///
/// [`Neighbours`](JobError::Neighbours): there are too few rows to compare others with.
pub async fn look<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    eye: Eye,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Detection, JobError> {
    let wanted: &[Eye] = if eye == Eye::Consensus { &Eye::OWN } else { &[eye] };
    let mut detection = detection.clone();
    let missing: Vec<Eye> =
        wanted.iter().copied().filter(|&eye| detection.of(eye).is_none()).collect();
    let n_missing = missing.len() as f64;
    for (n_done, missing) in missing.into_iter().enumerate() {
        let mut tell = |step, done| tell(step, (n_done as f64 + done) / n_missing);
        let seen = look_anew(shards, table, &detection, missing, &mut tell).await?;
        // Should the job end here, what is shown is what was shown.
        to_each(shards, || Question::Adopt);
        show_where(shards, detection.found.eye);
        detection.take(seen);
    }
    Ok(show(shards, table, detection, eye))
}

/// Shows an eye that has looked, or all together.
pub(super) fn show<S: Shards>(
    shards: &mut S,
    table: &Table,
    mut detection: Detection,
    eye: Eye,
) -> Detection {
    if eye == Eye::Consensus {
        blend(shards, table, &mut detection);
    } else {
        show_where(shards, eye);
    }
    let seen = detection.of(eye).expect("it has looked");
    detection.found = Rc::clone(&seen.found);
    detection
}

fn show_where<S: Shards>(shards: &mut S, eye: Eye) {
    to_each(shards, || Question::Show(eye));
}

/// Has an eye learn and score all rows.
async fn look_anew<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    eye: Eye,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Seen, JobError> {
    tell(Step::Grow, 0.0);
    let context = Context::of(&detection.found);
    let rows = match &context.grown_on {
        all if all.is_all() => None,
        some => Some(selected(shards, table, some, tell).await?),
    };
    let model = match eye {
        Eye::Neighbours => surroundings(shards, table, &context, rows.as_deref()).await?,
        _ => extended(shards, table, &context, rows.as_deref()).await?,
    };
    let questions = to_all(shards.n_shards(), |_| Question::Score {
        model: Box::new(model.clone()),
        columns: context.features.clone(),
        judged: Vec::new(),
        is_afresh: false,
    });
    tell(Step::Score, 0.1);
    let made_up = &detection.made_up;
    let found = score(shards, table, questions, &model, &[], made_up, context, tell).await?;
    Ok(Seen { found: Rc::new(found), model: Some(Rc::new(model)) })
}

/// An extended forest on the rows of the forest's trees.
async fn extended<S: Shards>(
    shards: &mut S,
    table: &Table,
    context: &Context,
    selected: Option<&[u32]>,
) -> Result<Model, JobError> {
    let columns = &context.features;
    let features = table.features(columns)?;
    let (samples, codes) = sample(shards, table, columns, context.params, selected).await?;
    let grower = ExtendedGrower::new(&samples, &features, codes.view(), DEFAULT_LEVEL)?;
    Ok(Model::Extended(Box::new(grower.finish())))
}

/// Reference rows, drawn by the forest's seed.
async fn surroundings<S: Shards>(
    shards: &mut S,
    table: &Table,
    context: &Context,
    selected: Option<&[u32]>,
) -> Result<Model, JobError> {
    let columns = &context.features;
    let features = table.features(columns)?;
    let drawn = ForestParams { n_trees: 1, sample_size: REFERENCE, ..context.params };
    let (_, codes) = sample(shards, table, columns, drawn, selected).await?;
    Ok(Model::Neighbours(Box::new(Surroundings::fit(&features, codes.view())?)))
}

/// How many rows an eye's own proposal flags.
fn n_flagged(found: &Found) -> Option<usize> {
    let threshold = found.proposal?.threshold;
    Some(found.ranking.partition_point(|&row| found.scores[row as usize] >= threshold))
}

/// Puts the ranks of all eyes together. Ranks leave no gaps, so as many rows are proposed as the eye
/// flags that is the most careful.
fn blend<S: Shards>(shards: &mut S, table: &Table, detection: &mut Detection) {
    let eyes = Eye::OWN.map(|eye| detection.of(eye).expect("each has looked"));
    let ranks = eyes.map(|seen| ranks(&seen.found.scores, &seen.found.ranking));
    let Consensus { scores, leaders } = consensus(&ranks.each_ref().map(Vec::as_slice));
    for (shard, part) in (0..).zip(&table.parts) {
        let rows = part.rows();
        let leaders =
            leaders[rows.clone()].iter().map(|&place| Eye::OWN[usize::from(place)]).collect();
        shards.ask(shard, Question::Blend { scores: Bulk(scores[rows].to_vec()), leaders });
    }
    let own = Eye::OWN.iter().filter_map(|&eye| Some(&detection.of(eye)?.found));
    let n_flagged = own.filter_map(|found| n_flagged(found)).min();
    let mut found = Context::of(&detection.found).found(Eye::Consensus, scores, Vec::new());
    let last = n_flagged.and_then(|n| found.ranking.get(n.checked_sub(1)?));
    found.proposal =
        last.map(|&row| Proposal { threshold: found.scores[row as usize], basis: Basis::Eyes });
    detection.take(Seen { found: Rc::new(found), model: None });
}
