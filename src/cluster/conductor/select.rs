//! Which rows pass filters, and their order.

use super::{
    super::{
        JobError,
        bulk::Bulk,
        condition::{CellTest, Condition, Needle, OfNumber, OfText},
        message::{Answer, Question, SelectQuestion, SortBy, SortKeys},
        step::Step,
        view::{Bound, Filter, Selection, Sort, Test, View, ViewSpec},
    },
    Dictionary, Shards, Table, ask_all, to_all,
};
use crate::engine::table::{ColumnType, dictionary::Ranked, format::Reading, missing::Missing};

/// The rows that are to be shown, in their order.
///
/// Filters of columns with codes, and their order, need no text: a test becomes a verdict per code.
/// A search, and what is about texts without codes, reads the file once more.
///
/// # Errors
///
/// - [`NoSuchColumn`](JobError::NoSuchColumn): a filter or the order is about no column.
/// - [`NotComparable`](JobError::NotComparable): a column of numbers is to be compared with a word.
/// - [`Unreadable`](JobError::Unreadable): the file is gone or changed.
pub async fn view<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: ViewSpec,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<View, JobError> {
    if spec.is_whole() {
        return Ok(View { spec, rows: None });
    }
    let rows = select(shards, table, &spec.selection, spec.sort, tell).await?;
    Ok(View { spec, rows: Some(Bulk(rows)) })
}

/// The rows that pass a selection, ascending.
///
/// # Errors
///
/// As [`view`].
pub async fn selected<S: Shards>(
    shards: &mut S,
    table: &Table,
    selection: &Selection,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Vec<u32>, JobError> {
    select(shards, table, selection, None, tell).await
}

async fn select<S: Shards>(
    shards: &mut S,
    table: &Table,
    selection: &Selection,
    sort: Option<Sort>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Vec<u32>, JobError> {
    tell(Step::Select, 0.0);
    let mut conditions = conditions_of(table, &selection.filters)?;
    if !selection.search.is_empty() {
        conditions.push(Condition::any_cell_contains(&selection.search));
    }
    // A rule that asks for nothing would be met by every row.
    let rules = selection.except.iter().filter(|rule| !rule.is_empty());
    let except: Vec<Vec<Condition>> =
        rules.map(|rule| conditions_of(table, rule)).collect::<Result<_, _>>()?;
    let sort = sort.map(|sort| sort_by(table, sort)).transpose()?;
    let needs_text = conditions.iter().chain(except.iter().flatten()).any(Condition::needs_text)
        || matches!(sort, Some(SortBy::Texts { .. }));
    let questions = to_all(shards.n_shards(), |shard| {
        let read = needs_text.then(|| table.range_to_read(shard));
        let (conditions, except) = (conditions.clone(), except.clone());
        let within = selection.within;
        Question::Select(Box::new(SelectQuestion { conditions, except, within, sort, read }))
    });
    let (mut n_read, n_bytes) = (0, table.layout.file_length.max(1));
    let answers = ask_all(shards, questions, |_, answer| {
        if let Answer::Progress(n) = answer {
            n_read += n;
            tell(Step::Select, (n_read as f64 / n_bytes as f64).min(1.0));
        }
    })
    .await?;
    let parts = answers.into_iter().map(|(_, answer)| match answer {
        Answer::Selected { rows, keys } => Sorted { rows: rows.0, keys, run: 0, row: 0, start: 0 },
        _ => unreachable!("rows were to be selected"),
    });
    let is_descending = matches!(sort, Some(SortBy::Texts { is_descending: true, .. }));
    Ok(merge(parts.collect(), is_descending))
}

fn sort_by(table: &Table, Sort { column, is_descending }: Sort) -> Result<SortBy, JobError> {
    Ok(match table.dictionary(column)? {
        Dictionary::Ranked(ranked) if !ranked.highs.is_empty() => {
            SortBy::Numbers { column, is_descending }
        }
        Dictionary::Ranked(_) | Dictionary::Unordered(_) => SortBy::Codes { column, is_descending },
        Dictionary::None => SortBy::Texts { column, is_descending },
    })
}

fn conditions_of(table: &Table, filters: &[Filter]) -> Result<Vec<Condition>, JobError> {
    filters.iter().map(|filter| condition(table, filter)).collect()
}

/// A filter by what is at hand of its column: codes, exact numbers, or nothing but the file.
fn condition(table: &Table, filter: &Filter) -> Result<Condition, JobError> {
    let Filter { column, test, is_negated } = filter;
    // Nothing there is the opposite of something.
    let is_negated = *is_negated != (*test == Test::Missing);
    let test = match (table.dictionary(*column)?, test) {
        (Dictionary::Ranked(_), Test::Contains(text)) => {
            CellTest::Text(OfText::Contains(Needle::new(text)))
        }
        (Dictionary::Ranked(ranked), test) => of_ranked(ranked, of_number(table, *column, test)?),
        (Dictionary::Unordered(categories), test) => {
            let (test, missing) = (of_text(test), missing(table));
            verdicts(categories.texts.iter().map(|text| test.holds(text, &missing)))
        }
        (Dictionary::None, test) => CellTest::Text(of_text(test)),
    };
    Ok(Condition { column: Some(*column), test, is_negated })
}

fn of_ranked(ranked: &Ranked, test: OfNumber) -> CellTest {
    if ranked.highs.is_empty() {
        verdicts(ranked.lows.iter().map(|&value| test.holds(value)))
    } else {
        CellTest::Number(test)
    }
}

/// A missing value passes no test.
fn verdicts(of_codes: impl Iterator<Item = bool>) -> CellTest {
    CellTest::Code(Bulk(of_codes.chain([false]).map(u8::from).collect()))
}

fn of_number(table: &Table, column: u32, test: &Test) -> Result<OfNumber, JobError> {
    let (reading, missing) = (table.readings[column as usize], missing(table));
    // A time may be asked for as the page writes it, however the file does.
    let iso = (reading.kind == ColumnType::Time).then(|| Reading::plain(ColumnType::Time));
    let value = |text: &String| {
        let place = |reading: Reading| reading.place(text.as_bytes(), &missing);
        place(reading).or_else(|| place(iso?)).ok_or_else(|| JobError::NotComparable {
            column: table.profile.columns[column as usize].name.clone(),
            text: text.clone(),
        })
    };
    let end = |bound: &Option<Bound>| match bound {
        Some(bound) => Ok::<_, JobError>(Some((value(&bound.value)?, bound.is_strict))),
        None => Ok(None),
    };
    Ok(match test {
        Test::OneOf(texts) => OfNumber::OneOf(texts.iter().map(value).collect::<Result<_, _>>()?),
        Test::Between(low, high) => OfNumber::Between(end(low)?, end(high)?),
        Test::Contains(_) => unreachable!("what a number contains is a matter of its text"),
        Test::Missing => OfNumber::Present,
    })
}

pub(super) fn missing(table: &Table) -> Missing {
    table.layout.missing.as_ref().map_or_else(Missing::default, Missing::new)
}

fn of_text(test: &Test) -> OfText {
    let end =
        |bound: &Option<Bound>| bound.as_ref().map(|bound| (bound.value.clone(), bound.is_strict));
    match test {
        Test::OneOf(texts) => OfText::OneOf(texts.clone()),
        Test::Between(low, high) => OfText::Between(end(low), end(high)),
        Test::Contains(text) => OfText::Contains(Needle::new(text)),
        Test::Missing => OfText::Present,
    }
}

/// The sorted rows of a shard, and how far they are merged.
struct Sorted {
    rows: Vec<u32>,
    keys: SortKeys,
    run: usize,
    /// The first row of the run.
    row: usize,
    /// Where the text of the run begins.
    start: usize,
}

/// The key of a run of equal rows.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Number(u64),
    Text(&'a [u8]),
}

impl Sorted {
    fn key(&self) -> Option<Key<'_>> {
        match &self.keys {
            SortKeys::None => None,
            SortKeys::Numbers { keys, .. } => Some(Key::Number(*keys.get(self.run)?)),
            SortKeys::Texts { bytes, ends, .. } => {
                Some(Key::Text(&bytes[self.start..*ends.get(self.run)? as usize]))
            }
        }
    }

    /// Hands over the next run.
    fn take(&mut self, merged: &mut Vec<u32>) {
        let n = match &self.keys {
            SortKeys::None => 0,
            SortKeys::Numbers { counts, .. } | SortKeys::Texts { counts, .. } => counts[self.run],
        };
        if let SortKeys::Texts { ends, .. } = &self.keys {
            self.start = ends[self.run] as usize;
        }
        let end = self.row + n as usize;
        merged.extend_from_slice(&self.rows[self.row..end]);
        self.row = end;
        self.run += 1;
    }
}

/// Merges sorted rows. Shards hold rows one after the other, so the first of shards with the same
/// key goes first, and no cut between shards can be seen.
fn merge(mut parts: Vec<Sorted>, is_descending: bool) -> Vec<u32> {
    let mut merged = Vec::with_capacity(parts.iter().map(|part| part.rows.len()).sum());
    loop {
        let mut first: Option<(usize, Key<'_>)> = None;
        for (shard, part) in parts.iter().enumerate() {
            let Some(key) = part.key() else { continue };
            let is_before = first
                .as_ref()
                .is_none_or(|(_, there)| if is_descending { key > *there } else { key < *there });
            if is_before {
                first = Some((shard, key));
            }
        }
        let Some((shard, _)) = first else { break };
        parts[shard].take(&mut merged);
    }
    // What has no value, or where there is no order, follows as it stands.
    for part in &parts {
        merged.extend_from_slice(&part.rows[part.row..]);
    }
    merged
}
