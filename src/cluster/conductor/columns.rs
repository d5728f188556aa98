//! The values of columns over all shards, and the codes they get.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        message::{Answer, CountedValues, Question, Recode},
    },
    Shards, ask_all,
    table::Dictionary,
    to_all,
};
use crate::engine::table::{
    ColumnProfile, ColumnType, Role, Values,
    dictionary::{Categories, Counted, MOST_CODES, Ranked},
    format::Reading,
    roles::{self, Facts},
    schema::{Known, known_values},
};
use crate::engine::text::Notice;

/// The values of a column over all shards.
pub(super) struct CountedColumn {
    pub(super) dictionary: Dictionary,
    pub(super) n_missing: u32,
    pub(super) n_distinct: u32,
    /// What each shard tells of its cells.
    pub(super) notices: Vec<Vec<Notice>>,
    pub(super) is_sequence: bool,
    pub(super) values: Option<Values>,
    /// Each shard's codes for its texts.
    pub(super) maps: Vec<Vec<u16>>,
}

/// Lets the shards count the columns' values, and gives them codes.
pub(super) async fn count<S: Shards>(
    shards: &mut S,
    readings: &[Reading],
) -> Result<Vec<CountedColumn>, JobError> {
    let n_shards = shards.n_shards();
    let mut answers: Vec<Vec<(u32, Answer)>> = readings.iter().map(|_| Vec::new()).collect();
    let mut columns: Vec<Option<CountedColumn>> = readings.iter().map(|_| None).collect();
    let questions = to_all(n_shards, |_| Question::Count(readings.to_vec()));
    ask_all(shards, questions, |shard, answer| {
        if let Answer::Counted { column, .. } = answer {
            let column = column as usize;
            let place = answers[column].partition_point(|&(there, _)| there < shard);
            answers[column].insert(place, (shard, answer));
            if answers[column].len() == n_shards as usize {
                // A column is merged when its last part is here: never are all parts in memory.
                let parts = std::mem::take(&mut answers[column]);
                columns[column] =
                    Some(CountedColumn::merge(parts.into_iter().map(|(_, part)| part)));
            }
        }
    })
    .await?;
    Ok(columns.into_iter().map(|column| column.expect("every shard counts every column")).collect())
}

impl CountedColumn {
    #[inline(never)]
    fn merge(parts: impl Iterator<Item = Answer>) -> Self {
        let mut ordered = Counted::default();
        let mut texts = Vec::new();
        let mut n_missing = 0;
        let mut notices = Vec::new();
        let mut sequences = Vec::new();
        for part in parts {
            let Answer::Counted { counted, n_missing: missing, notices: told, sequence, .. } = part
            else {
                unreachable!("only counts are collected")
            };
            n_missing += missing;
            notices.push(told);
            match counted {
                CountedValues::Ordered { values, counts } => {
                    // A shard without rows breaks no sequence.
                    sequences.extend((!values.is_empty() || missing > 0).then_some(sequence));
                    ordered = ordered.merge(&Counted { values: values.0, counts: counts.0 });
                }
                CountedValues::Unordered { bytes, ends, counts } => {
                    texts.push((bytes, ends, counts));
                }
            }
        }
        let is_next = |pair: &[Option<(f64, f64)>]| matches!(pair, [Some((_, last)), Some((first, _))] if last + 1.0 == *first);
        let is_sequence = !sequences.is_empty()
            && sequences.iter().all(Option::is_some)
            && sequences.windows(2).all(is_next);
        let column = Self {
            dictionary: Dictionary::None,
            n_missing,
            n_distinct: 0,
            notices,
            is_sequence,
            values: None,
            maps: Vec::new(),
        };
        if texts.is_empty() { column.ranked(ordered) } else { column.unordered(&texts) }
    }

    fn ranked(self, counted: Counted) -> Self {
        let ranked = Ranked::new(counted);
        let (n_distinct, values) = (ranked.n_distinct, ranked.spread());
        Self { n_distinct, values, dictionary: Dictionary::Ranked(ranked), ..self }
    }

    #[inline(never)]
    fn unordered(self, parts: &[(Bulk<u8>, Bulk<u32>, Bulk<u32>)]) -> Self {
        let categories = Categories::of(
            parts
                .iter()
                .flat_map(|(bytes, ends, counts)| texts_of(bytes, ends).zip(counts.iter().copied()))
                // Texts that stand for no value were counted as missing, not here.
                .filter(|&(_, count)| count > 0),
        );
        let n_distinct = categories.texts.len();
        let values = categories.spread();
        if n_distinct > MOST_CODES {
            return Self { n_distinct: n_distinct as u32, values, ..self };
        }
        let missing = n_distinct as u16;
        let code = |(text, &count): (&[u8], &u32)| match categories.code(text) {
            Some(code) if count > 0 => code as u16,
            _ => missing,
        };
        let maps = parts
            .iter()
            .map(|(bytes, ends, counts)| {
                texts_of(bytes, ends).zip(counts.iter()).map(code).collect()
            })
            .collect();
        let n_distinct = n_distinct as u32;
        Self { n_distinct, values, maps, dictionary: Dictionary::Unordered(categories), ..self }
    }

    pub(super) fn texts(&self) -> &[Vec<u8>] {
        match &self.dictionary {
            Dictionary::Unordered(categories) => &categories.texts,
            _ => &[],
        }
    }

    /// What the page is told of the column; `known` is what is known of the table.
    #[inline(never)]
    pub(super) fn profile(
        &self,
        name: String,
        reading: Reading,
        n_rows: u32,
        known: Option<(&Known, usize)>,
    ) -> ColumnProfile {
        let is_empty = reading.kind == ColumnType::Empty;
        let by_schema = known.filter(|_| !is_empty).and_then(|(known, column)| known.role(column));
        let (role, reason) = by_schema.unwrap_or_else(|| {
            roles::role(&Facts {
                name: &name,
                kind: reading.kind,
                n_rows,
                n_missing: self.n_missing,
                n_distinct: self.n_distinct,
                is_sequence: self.is_sequence,
            })
        });
        let known_values = match (&self.dictionary, known) {
            (Dictionary::Unordered(categories), Some((known, _))) if role == Role::Label => {
                known_values(known.schema, &categories.values())
            }
            _ => Vec::new(),
        };
        let quantile_codes =
            matches!(&self.dictionary, Dictionary::Ranked(ranked) if !ranked.highs.is_empty());
        ColumnProfile {
            name,
            kind: reading.kind,
            role,
            reason,
            n_missing: self.n_missing,
            n_distinct: self.n_distinct,
            values: self.values.clone(),
            quantile_codes,
            reading,
            help: known.and_then(|(known, column)| known.help(column)),
            known_values,
        }
    }
}

fn texts_of<'a>(bytes: &'a [u8], ends: &'a [u32]) -> impl Iterator<Item = &'a [u8]> {
    let mut start = 0;
    ends.iter().map(move |&end| {
        let text = &bytes[start..end as usize];
        start = end as usize;
        text
    })
}

/// Tells the shards the codes of their values.
pub(super) async fn recode<S: Shards>(
    shards: &mut S,
    columns: &mut [CountedColumn],
) -> Result<(), JobError> {
    let mut questions = Vec::new();
    for shard in 0..shards.n_shards() {
        let recode = |column: &mut CountedColumn| match &column.dictionary {
            Dictionary::Ranked(ranked) => Recode::Ranked {
                lows: Bulk(ranked.lows.clone()),
                keeps_numbers: !ranked.highs.is_empty(),
            },
            Dictionary::Unordered(categories) => Recode::Unordered {
                map: Bulk(std::mem::take(&mut column.maps[shard as usize])),
                n_codes: categories.texts.len() as u16,
            },
            Dictionary::None => Recode::None,
        };
        questions.push((shard, Question::Recode(columns.iter_mut().map(recode).collect())));
    }
    ask_all(shards, questions, |_, _| {}).await?;
    Ok(())
}
