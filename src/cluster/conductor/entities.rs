//! Who takes part, the oddest first.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        findings::{Entities, Entity, EntitySpec},
        message::{Answer, EntityQuestion, Question},
    },
    Detection, Dictionary, Shards, Table, ask_all,
    select::selected,
    to_all,
};
use crate::engine::{arrange::order, table::dictionary::MOST_CODES};

/// Tells of each value of a column how many rows have it, how odd they are, and when they were seen.
///
/// Where the column that was named for the time is none of numbers or times, no times are told.
///
/// # Errors
///
/// - [`NoSuchColumn`](JobError::NoSuchColumn): a column is beyond the table.
/// - [`TooManyValues`](JobError::TooManyValues): the column has more values than codes.
/// - As [`selected`].
pub async fn entities<S: Shards>(
    shards: &mut S,
    table: &Table,
    detection: &Detection,
    spec: EntitySpec,
) -> Result<Entities, JobError> {
    let dictionary = each_value(table, spec.column)?;
    let time = match spec.time {
        Some(column) => times(table, column)?,
        None => None,
    };
    let of = match &spec.of {
        of if of.is_all() => None,
        of => Some(selected(shards, table, of, &mut |_, _| {}).await?),
    };
    let questions = to_all(shards.n_shards(), |shard| {
        let part = &table.parts[shard as usize];
        let of = of.as_ref().map(|rows| {
            let at = |row: u32| rows.partition_point(|&there| there < row);
            Bulk(rows[at(part.first_row)..at(part.first_row + part.n_rows)].to_vec())
        });
        let (column, threshold, time) = (spec.column, spec.threshold, time.clone());
        Question::Entities(Box::new(EntityQuestion { column, of, threshold, time }))
    });
    let mut merged = Merged::new(dictionary);
    // Shards come in the order of their rows, so the first of equal rows stays.
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        merged.add(&answer, &detection.found.scores);
    }
    Ok(merged.listed(dictionary, &detection.found.scores, spec))
}

/// The dictionary of a column whose values each have a code of their own.
///
/// # Errors
///
/// [`NoSuchColumn`](JobError::NoSuchColumn), [`TooManyValues`](JobError::TooManyValues).
pub(super) fn each_value(table: &Table, column: u32) -> Result<&Dictionary, JobError> {
    let dictionary = table.dictionary(column)?;
    let has_codes = match dictionary {
        Dictionary::Ranked(ranked) => ranked.highs.is_empty(),
        Dictionary::Unordered(_) => true,
        Dictionary::None => false,
    };
    if has_codes {
        return Ok(dictionary);
    }
    let profile = &table.profile.columns[column as usize];
    let (column, n_distinct) = (profile.name.clone(), profile.n_distinct);
    Err(JobError::TooManyValues { column, n_distinct, limit: MOST_CODES as u32 })
}

/// A column that tells when, and the time of each of its codes; none where shards keep the numbers.
fn times(table: &Table, column: u32) -> Result<Option<(u32, Bulk<f64>)>, JobError> {
    Ok(match table.dictionary(column)? {
        Dictionary::Ranked(times) if !times.highs.is_empty() => Some((column, Bulk(Vec::new()))),
        Dictionary::Ranked(times) if times.n_codes() > 0 => {
            Some((column, Bulk(times.lows.clone())))
        }
        _ => None,
    })
}

/// What is known of each code, the last that of missing values.
struct Merged {
    counts: Vec<u32>,
    flagged: Vec<u32>,
    top_rows: Vec<u32>,
    first: Vec<f64>,
    last: Vec<f64>,
}

impl Merged {
    fn new(dictionary: &Dictionary) -> Self {
        let n = usize::from(dictionary.n_codes()) + 1;
        Self {
            counts: vec![0; n],
            flagged: vec![0; n],
            top_rows: vec![u32::MAX; n],
            first: vec![f64::INFINITY; n],
            last: vec![f64::NEG_INFINITY; n],
        }
    }

    fn add(&mut self, answer: &Answer, scores: &[f64]) {
        let Answer::Entities { counts, flagged, top_rows, first, last } = answer else {
            unreachable!("entities were asked for")
        };
        let score = |row: u32| scores.get(row as usize);
        for code in 0..self.counts.len() {
            self.counts[code] += counts[code];
            self.flagged[code] += flagged[code];
            // No row has no score, and that is less than any.
            if score(top_rows[code]) > score(self.top_rows[code]) {
                self.top_rows[code] = top_rows[code];
            }
            self.first[code] = self.first[code].min(first[code]);
            self.last[code] = self.last[code].max(last[code]);
        }
    }

    #[inline(never)]
    fn listed(&self, dictionary: &Dictionary, scores: &[f64], spec: EntitySpec) -> Entities {
        let missing = self.counts.len() - 1;
        let there: Vec<usize> = (0..missing).filter(|&code| self.counts[code] > 0).collect();
        let score = |code: usize| scores[self.top_rows[code] as usize];
        // Equal ones stay in the order of their codes, which is that of their names.
        let ranking = order(there.len(), &mut |a, b| {
            let (a, b) = (there[a], there[b]);
            score(b).total_cmp(&score(a)).then(self.flagged[b].cmp(&self.flagged[a]))
        });
        let entity = |&at: &usize| {
            let code = there[at];
            Entity {
                code: code as u16,
                name: dictionary.name(code as u16),
                n_rows: self.counts[code],
                n_flagged: self.flagged[code],
                top_score: score(code),
                top_row: self.top_rows[code],
                seen: (self.first[code] <= self.last[code])
                    .then_some((self.first[code], self.last[code])),
            }
        };
        let page = ranking.iter().skip(spec.from as usize).take(spec.most as usize);
        Entities {
            spec,
            n_entities: there.len() as u32,
            n_flagged: there.iter().filter(|&&code| self.flagged[code] > 0).count() as u32,
            n_missing: self.counts[missing],
            n_missing_flagged: self.flagged[missing],
            entities: page.map(entity).collect(),
        }
    }
}
