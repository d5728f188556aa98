//! What would make an odd row ordinary, in the values of its columns.

use std::rc::Rc;

use super::{
    super::{
        JobError,
        findings::{CellValue, Counterfactual, Found},
    },
    Detection, Dictionary, Shards, Table,
    codes::codes,
};
use crate::engine::{
    arrange::arrange,
    eyes::Eye,
    forest::{Candidate, counterfactual as nearest},
    matrix,
};

/// Columns that are tried, those that made the row oddest first.
const TRIED: usize = 8;
/// Values of a column that are tried.
const VALUES: u32 = 32;

/// The smallest change of one column, or else of two, with which a row scores below `threshold`.
///
/// Values that are tried are spread evenly over the rows of the table; those of a column without an
/// order are its most common ones. How far a change is, is the share of rows whose value lies
/// between; without an order, a common value is nearer than a rare one.
///
/// # Errors
///
/// [`NoSuchRow`](JobError::NoSuchRow): the row is beyond the table.
pub async fn counterfactual<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    row: u32,
    threshold: f64,
) -> Result<Counterfactual, JobError> {
    let n_rows = table.n_rows();
    if row >= n_rows {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let features = &detection.found.features;
    let codes = codes(shards, table, &[row], features).await?;
    let asked = threshold;
    let (eye, threshold) = by_whom(detection, row, threshold);
    let mut sight = detection.sight(eye);
    let explanation = sight.explain(&codes);
    let is_odd = explanation.score >= threshold;
    let mut order: Vec<u16> = (0..features.len() as u16).collect();
    let step = |feature: &u16| explanation.steps[usize::from(*feature)];
    order.retain(|feature| is_odd && step(feature) < 0.0);
    arrange(&mut order, |a, b| step(a).total_cmp(&step(b)).then(a.cmp(b)));
    let tried = order.into_iter().take(TRIED).flat_map(|feature| {
        let column = features[usize::from(feature)] as usize;
        candidates(&table.dictionaries[column], feature, codes[usize::from(feature)], n_rows)
    });
    let tried: Vec<Candidate> = tried.collect();
    let mut scores = |columns: &[matrix::Codes<'_>], scores: &mut [f64]| {
        sight.scores(columns, scores);
    };
    let found = nearest(&mut scores, &codes, &tried, threshold);
    let value = |change: &Candidate| {
        let column = features[usize::from(change.feature)];
        (column, table.dictionaries[column as usize].value(change.code))
    };
    let changes: Vec<(u32, CellValue)> =
        found.iter().flat_map(|found| &found.changes).map(value).collect();
    let score = found.map(|found| found.score);
    Ok(Counterfactual { row, threshold: asked, is_odd, changes, score })
}

/// Who judges a change, and by which threshold: the eye that is shown; where that is all of them
/// together, the one that ranks the row highest, cut at as many rows.
fn by_whom(detection: &Detection, row: u32, threshold: f64) -> (Eye, f64) {
    let shown = &detection.found;
    if shown.eye != Eye::Consensus {
        return (shown.eye, threshold);
    }
    let is_above = |found: &Found, score: f64| {
        found.ranking.partition_point(|&row| found.scores[row as usize] >= score)
    };
    let n_flagged = is_above(shown, threshold);
    let own = Eye::OWN.into_iter().filter_map(|eye| Some((eye, &detection.of(eye)?.found)));
    let rank =
        |(_, found): &(Eye, &Rc<Found>)| is_above(found, found.scores[row as usize].next_up());
    let (eye, found) = own.min_by_key(rank).expect("the forest has looked");
    let last = n_flagged.saturating_sub(1);
    (eye, found.ranking.get(last).map_or(1.0, |&row| found.scores[row as usize]))
}

/// The values that a column could have instead of the one that stands.
fn candidates(dictionary: &Dictionary, feature: u16, standing: u16, n_rows: u32) -> Vec<Candidate> {
    let candidate = |code, distance| Candidate { feature, code, distance };
    match dictionary {
        Dictionary::Ranked(ranked) => {
            let present: u64 = ranked.counts.iter().map(|&n| u64::from(n)).sum();
            let here = dictionary.quantile(standing).unwrap_or(0.5);
            let (mut below, mut next) = (0_u64, 0_u64);
            let mut candidates = Vec::new();
            for (code, &count) in (0_u16..).zip(&ranked.counts) {
                below += u64::from(count);
                // The value of the row in the middle of each of equally many parts.
                let is_due = 2 * below * u64::from(VALUES) > (2 * next + 1) * present;
                if is_due && code != standing {
                    let there = dictionary.quantile(code).unwrap_or(0.5);
                    candidates.push(candidate(code, (there - here).abs()));
                }
                while 2 * below * u64::from(VALUES) > (2 * next + 1) * present {
                    next += 1;
                }
            }
            candidates
        }
        Dictionary::Unordered(categories) => {
            let common = categories.by_frequency().into_iter().take(VALUES as usize);
            let others = common.filter(|&code| code != usize::from(standing));
            let distance = |code: usize| {
                1.0 - f64::from(categories.counts[code]) / f64::from(n_rows.max(1)) / 2.0
            };
            others.map(|code| candidate(code as u16, distance(code))).collect()
        }
        Dictionary::None => Vec::new(),
    }
}
