//! Odd rows that are odd for the same reasons.

use std::collections::{BTreeMap, HashMap};

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{Case, CaseSpec, Cases, Involved},
        message::{Answer, CaseQuestion, Pattern, Question},
    },
    Detection, Dictionary, Shards, Table, ask_all,
    codes::codes,
    to_all,
};
use crate::engine::arrange::arrange;

/// Names that a case tells.
const NAMED: usize = 3;
/// Cases whose times and names are told; those behind them are the least odd ones.
const TOLD: usize = 1_000;

/// Puts the rows that score at least a threshold together by their strong reasons.
///
/// Of columns without codes nothing is told.
///
/// # Errors
///
/// [`NoScores`](JobError::NoScores): other scores have replaced these meanwhile.
pub async fn cases<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    spec: CaseSpec,
) -> Result<Cases, JobError> {
    let features = &detection.found.features;
    let high_from: Vec<_> =
        features.iter().map(|&column| table.dictionaries[column as usize].high_from()).collect();
    let questions = to_all(shards.n_shards(), |_| {
        let high_from = high_from.clone();
        Question::Cases(Box::new(CaseQuestion { threshold: spec.threshold, high_from }))
    });
    let mut together = BTreeMap::<Pattern, Vec<u32>>::new();
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Cases(there) = answer else { unreachable!("cases were asked for") };
        for odd in there.ok_or(JobError::NoScores)? {
            together.entry(odd.pattern).or_default().extend(odd.rows.iter());
        }
    }
    let scores = &detection.found.scores;
    let by_score =
        |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
    let mut cases: Vec<Case> = together
        .into_iter()
        .map(|(pattern, mut rows)| {
            arrange(&mut rows, by_score);
            let reason = |(feature, direction)| (features[usize::from(feature)], direction);
            let reasons = pattern.into_iter().map(reason).collect();
            Case { reasons, rows: Bulk(rows), seen: None, involved: Vec::new() }
        })
        .collect();
    arrange(&mut cases, |a, b| by_score(&a.rows[0], &b.rows[0]));
    tell(shards, table, &spec, &mut cases).await?;
    Ok(Cases { spec, cases })
}

/// Adds when cases were first and last seen, and who is involved.
async fn tell<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: &CaseSpec,
    cases: &mut [Case],
) -> Result<(), JobError> {
    let has_codes = |column: &u32| {
        let dictionary = table.dictionaries.get(*column as usize);
        dictionary.is_some_and(|dictionary| !matches!(dictionary, Dictionary::None))
    };
    let time = spec.time.filter(has_codes);
    let entities: Vec<u32> = spec.entities.iter().copied().filter(has_codes).collect();
    let columns: Vec<u32> = time.into_iter().chain(entities.iter().copied()).collect();
    if columns.is_empty() {
        return Ok(());
    }
    let told = cases.len().min(TOLD);
    let rows: Vec<u32> = cases[..told].iter().flat_map(|case| case.rows.iter().copied()).collect();
    let codes = codes(shards, table, &rows, &columns).await?;
    let mut codes = codes.chunks_exact(columns.len());
    for case in &mut cases[..told] {
        let of_case: Vec<&[u16]> = codes.by_ref().take(case.rows.len()).collect();
        case.seen = time.and_then(|column| {
            let Dictionary::Ranked(times) = &table.dictionaries[column as usize] else {
                return None;
            };
            // The code of missing values is the highest, and stands for no time.
            let present =
                of_case.iter().map(|codes| codes[0]).filter(|&c| c < times.n_codes() as u16);
            let first = present.clone().min()?;
            Some((times.lows[usize::from(first)], times.high(present.max()?.into())))
        });
        let at = usize::from(time.is_some());
        case.involved = (at..columns.len())
            .map(|place| involved(table, columns[place], of_case.iter().map(|codes| codes[place])))
            .collect();
    }
    Ok(())
}

/// The most common values of a column among some rows.
fn involved(table: &Table, column: u32, codes: impl Iterator<Item = u16>) -> Involved {
    let dictionary = &table.dictionaries[column as usize];
    let mut counts = HashMap::<u16, u32>::new();
    for code in codes.filter(|&code| code < dictionary.n_codes()) {
        *counts.entry(code).or_default() += 1;
    }
    let n_distinct = counts.len() as u32;
    let mut counts: Vec<(u16, u32)> = counts.into_iter().collect();
    arrange(&mut counts, |a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    counts.truncate(NAMED);
    let names = counts.into_iter().map(|(code, count)| (dictionary.name(code), count)).collect();
    Involved { column, n_distinct, names }
}
