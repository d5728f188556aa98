//! A shard's rows that meet some conditions, sorted.

use super::{
    bulk::Bulk,
    condition::{CellTest, Condition, Needle, OfText},
    message::{Answer, SelectQuestion, SortBy, SortKeys},
    shard::{CodedColumn, Outcome, Shard},
};
use crate::engine::{
    arrange::{ascending_bits, sort_pairs},
    table::{
        missing::Missing,
        reader::{PieceSink, RangeReader},
    },
    text::{
        Dialect,
        records::{Cell, Padded, Record, Sink, Skipped, unquoted},
        runs::Run,
    },
};

/// The selection of a shard: by codes at once, then by what the file says, as far as that is asked.
#[derive(Debug)]
pub(super) struct Selecting {
    question: Option<SelectQuestion>,
    reader: Option<RangeReader<Finder>>,
    n_told: u64,
}

impl Selecting {
    pub(super) fn new(question: SelectQuestion) -> Self {
        Self { question: Some(question), reader: None, n_told: 0 }
    }

    pub(super) fn step(&mut self, shard: &Shard) -> Outcome {
        if let Some(question) = self.question.take() {
            let mut matches = by_codes(shard, &question.conditions);
            if let Some(within) = question.within {
                keep_within(shard, within, &mut matches);
            }
            let except = mute(shard, question.except, &mut matches);
            let Some(range) = question.read else {
                let answer = match question.sort {
                    Some(sort) => sorted(shard, &matches, sort),
                    None => unsorted(shard, &matches),
                };
                return Outcome::Ends(answer);
            };
            let plan = range.plan();
            let (dialect, missing) = (plan.rules.dialect.clone(), plan.missing.clone());
            let finder = Finder {
                missing,
                except,
                ..Finder::new(dialect, question.conditions, question.sort, matches)
            };
            self.reader = Some(RangeReader::new(plan, finder));
        }
        let reader = self.reader.as_mut().expect("a question that reads has a reader");
        let n_new = reader.n_read().saturating_sub(self.n_told);
        if n_new > 0 {
            self.n_told += n_new;
            return Outcome::Tells(Answer::Progress(n_new));
        }
        match reader.wants() {
            Some(range) => Outcome::Needs { range, until: reader.until() },
            None => Outcome::Ends(reader.sink().answer(shard)),
        }
    }

    pub(super) fn feed(&mut self, n: usize, fill: impl FnOnce(&mut [u8])) {
        self.reader.as_mut().expect("it asked for bytes").feed(n, fill);
    }
}

/// A rule that leaves rows out, as far as it is about texts.
#[derive(Debug)]
struct Rule {
    /// Which rows meet those of its conditions that need no text.
    held: Vec<bool>,
    texts: Vec<TextTest>,
}

impl Rule {
    /// Whether a row meets those of its conditions that need no text.
    fn holds(&self, row: usize) -> bool {
        self.held.get(row).copied().unwrap_or(false)
    }
}

/// Leaves out what rules mute by codes and numbers, and returns the rules that ask for texts.
#[inline(never)]
fn mute(shard: &Shard, rules: Vec<Vec<Condition>>, matches: &mut [bool]) -> Vec<Rule> {
    let mut of_texts = Vec::new();
    for rule in rules {
        let held = by_codes(shard, &rule);
        let texts = of_text(rule);
        if texts.is_empty() {
            for (matches, held) in matches.iter_mut().zip(held) {
                *matches &= !held;
            }
        } else {
            of_texts.push(Rule { held, texts });
        }
    }
    of_texts
}

/// A test of a text: the column, if not any, the test, and whether the row must fail it.
type TextTest = (Option<usize>, OfText, bool);

/// Those of some conditions that are about texts.
fn of_text(conditions: Vec<Condition>) -> Vec<TextTest> {
    let of_text = |condition: Condition| match condition.test {
        CellTest::Text(test) => {
            Some((condition.column.map(|column| column as usize), test, condition.is_negated))
        }
        _ => None,
    };
    conditions.into_iter().filter_map(of_text).collect()
}

/// Which rows meet those conditions that need no text.
#[inline(never)]
fn by_codes(shard: &Shard, conditions: &[Condition]) -> Vec<bool> {
    let mut matches = vec![true; shard.n_rows];
    for condition in conditions {
        let column = |at: Option<u32>| shard.column(at.expect("codes are those of a column"));
        match &condition.test {
            CellTest::Code(verdicts) => {
                let mut rows = matches.iter_mut();
                column(condition.column).codes.for_each(|code| {
                    if let Some(matches) = rows.next() {
                        *matches &= (verdicts[code as usize] != 0) != condition.is_negated;
                    }
                });
            }
            CellTest::Number(test) => {
                for (matches, &number) in matches.iter_mut().zip(&column(condition.column).numbers)
                {
                    *matches &= test.holds(number) != condition.is_negated;
                }
            }
            CellTest::Text(_) => {}
        }
    }
    matches
}

/// Leaves out what stands outside a box on the map.
fn keep_within(shard: &Shard, within: [(f64, f64); 2], matches: &mut [bool]) {
    let mut places = shard.sights.places.iter();
    for matches in matches {
        let is_inside = |place: &[f32; 2]| {
            let between = |(&at, (from, to)): (&f32, (f64, f64))| (from..=to).contains(&at.into());
            place.iter().zip(within).all(between)
        };
        *matches &= places.next().is_some_and(is_inside);
    }
}

fn unsorted(shard: &Shard, matches: &[bool]) -> Answer {
    let rows = (shard.first_row..).zip(matches).filter(|&(_, &there)| there);
    Answer::Selected { rows: Bulk(rows.map(|(row, _)| row).collect()), keys: SortKeys::None }
}

fn sorted(shard: &Shard, matches: &[bool], sort: SortBy) -> Answer {
    match sort {
        SortBy::Codes { column, is_descending } => {
            by_code(shard, matches, shard.column(column), is_descending)
        }
        SortBy::Numbers { column, is_descending } => {
            by_number(shard, matches, &shard.column(column).numbers, is_descending)
        }
        SortBy::Texts { .. } => unreachable!("texts are sorted as they are read"),
    }
}

/// Counting sort: codes are few, and already in order.
#[inline(never)]
fn by_code(shard: &Shard, matches: &[bool], column: &CodedColumn, is_descending: bool) -> Answer {
    let missing = usize::from(column.missing);
    let place = |code: u32| match code as usize {
        code if code == missing => missing,
        code if is_descending => missing - 1 - code,
        code => code,
    };
    let mut counts = vec![0_u32; missing + 1];
    let mut row = 0;
    column.codes.for_each(|code| {
        counts[place(code)] += u32::from(matches[row]);
        row += 1;
    });
    let mut next = Vec::with_capacity(counts.len());
    let mut n_before = 0;
    for &count in &counts {
        next.push(n_before as usize);
        n_before += count;
    }
    let mut rows = vec![0; n_before as usize];
    let mut row = 0;
    column.codes.for_each(|code| {
        if matches[row] {
            let next = &mut next[place(code)];
            rows[*next] = shard.first_row + row as u32;
            *next += 1;
        }
        row += 1;
    });
    counts.pop();
    let (keys, counts) =
        (0_u64..).zip(counts).filter(|&(_, count)| count > 0).collect::<(Vec<_>, Vec<_>)>();
    Answer::Selected {
        rows: Bulk(rows),
        keys: SortKeys::Numbers { keys: Bulk(keys), counts: Bulk(counts) },
    }
}

#[inline(never)]
fn by_number(shard: &Shard, matches: &[bool], numbers: &[f64], is_descending: bool) -> Answer {
    let mut pairs = Vec::new();
    let mut missing = Vec::new();
    for ((row, &number), _) in (shard.first_row..).zip(numbers).zip(matches).filter(|(_, m)| **m) {
        if number.is_nan() {
            missing.push(row);
        } else {
            // −0 counts as 0.
            let key = ascending_bits(number + 0.0);
            pairs.push((if is_descending { !key } else { key }, row));
        }
    }
    sort_pairs(&mut pairs);
    let (mut keys, mut counts) = (Vec::new(), Vec::new());
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        keys.push(run[0].0);
        counts.push(run.len() as u32);
    }
    let rows = pairs.into_iter().map(|(_, row)| row).chain(missing).collect();
    Answer::Selected {
        rows: Bulk(rows),
        keys: SortKeys::Numbers { keys: Bulk(keys), counts: Bulk(counts) },
    }
}

/// Tests the texts of rows as they are read, and keeps those that rows are sorted by.
#[derive(Debug)]
struct Finder {
    dialect: Dialect,
    missing: Missing,
    conditions: Vec<TextTest>,
    except: Vec<Rule>,
    /// The column that rows are sorted by, and whether downwards.
    text_sort: Option<(usize, bool)>,
    /// A sort that needs no text.
    sort: Option<SortBy>,
    matches: Vec<bool>,
    row: usize,
    texts: Vec<u8>,
    /// Where the text of each matching row ends, and the row.
    ends: Vec<(usize, u32)>,
    scratch: Vec<u8>,
    cells: Vec<Cell>,
}

impl Finder {
    #[inline(never)]
    fn new(
        dialect: Dialect,
        conditions: Vec<Condition>,
        sort: Option<SortBy>,
        matches: Vec<bool>,
    ) -> Self {
        let text_sort = match sort {
            Some(SortBy::Texts { column, is_descending }) => Some((column as usize, is_descending)),
            _ => None,
        };
        Self {
            dialect,
            missing: Missing::default(),
            conditions: of_text(conditions),
            except: Vec::new(),
            text_sort,
            sort: sort.filter(|_| text_sort.is_none()),
            matches,
            row: 0,
            texts: Vec::new(),
            ends: Vec::new(),
            scratch: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Whether a row may still match, by a look at its raw text: most rows are done with then.
    fn may_match(&self, raw: &[u8]) -> bool {
        self.matches.get(self.row).copied().unwrap_or(false)
            && self.conditions.iter().all(|test| self.may_hold(test, raw))
    }

    /// Whether the cells of a row that may match are to be looked at: where only rules ask for
    /// texts, most rows match by a look at their raw text.
    fn needs_cells(&self, raw: &[u8]) -> bool {
        let may_mute = |rule: &Rule| {
            rule.holds(self.row) && rule.texts.iter().all(|test| self.may_hold(test, raw))
        };
        !self.conditions.is_empty() || self.text_sort.is_some() || self.except.iter().any(may_mute)
    }

    /// Whether a row of this raw text may pass a test.
    fn may_hold(&self, test: &TextTest, raw: &[u8]) -> bool {
        match test {
            // Only a quote that is doubled or escaped makes a cell's text differ from the line's.
            (_, OfText::Contains(needle), false) => {
                let quote = self.dialect.quote.unwrap_or(b'\\');
                needle.is_in(raw) || memchr::memchr2(quote, b'\\', raw).is_some()
            }
            _ => true,
        }
    }

    #[inline(never)]
    fn answer(&mut self, shard: &Shard) -> Answer {
        let Some((_, is_descending)) = self.text_sort else {
            return match self.sort {
                Some(sort) => sorted(shard, &self.matches, sort),
                None => unsorted(shard, &self.matches),
            };
        };
        let mut start = 0;
        let (mut present, mut missing) = (Vec::new(), Vec::new());
        for &(end, row) in &self.ends {
            let text = &self.texts[start..end];
            start = end;
            let row = shard.first_row + row;
            if self.missing.has(text.trim_ascii()) {
                missing.push(row);
            } else {
                present.push((text, row));
            }
        }
        // Stable: equal texts stay in the order of their rows.
        present.sort_by(|a, b| if is_descending { b.0.cmp(a.0) } else { a.0.cmp(b.0) });
        let (mut bytes, mut ends, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for run in present.chunk_by(|a, b| a.0 == b.0) {
            bytes.extend_from_slice(run[0].0);
            ends.push(bytes.len() as u64);
            counts.push(run.len() as u32);
        }
        let rows = present.into_iter().map(|(_, row)| row).chain(missing).collect();
        let (bytes, ends, counts) = (Bulk(bytes), Bulk(ends), Bulk(counts));
        Answer::Selected { rows: Bulk(rows), keys: SortKeys::Texts { bytes, ends, counts } }
    }

    fn matches(&mut self, text: Padded<'_>, cells: &[Cell]) -> bool {
        let (dialect, scratch) = (&self.dialect, &mut self.scratch);
        let mut passes = |(column, test, is_negated): &TextTest| {
            let holds = match column {
                Some(column) => {
                    let text = match cells.get(*column) {
                        Some(&cell) => unquoted(text, cell, dialect, scratch),
                        None => b"",
                    };
                    test.holds(text, &self.missing)
                }
                None => cells.iter().any(|&cell| {
                    // A search is for what is seen, whether it stands for a value or not.
                    test.holds_for(unquoted(text, cell, dialect, scratch))
                }),
            };
            holds != *is_negated
        };
        let row = self.row;
        self.conditions.iter().all(&mut passes)
            && !self.except.iter().any(|rule| rule.holds(row) && rule.texts.iter().all(&mut passes))
    }

    fn take(&mut self, text: Padded<'_>, cells: &[Cell]) {
        if !self.matches(text, cells) {
            self.matches[self.row] = false;
        } else if let Some((column, _)) = self.text_sort {
            if let Some(&cell) = cells.get(column) {
                self.texts.extend(unquoted(text, cell, &self.dialect, &mut self.scratch));
            }
            self.ends.push((self.texts.len(), self.row as u32));
        }
    }

    fn refuse(&mut self) {
        if let Some(matches) = self.matches.get_mut(self.row) {
            *matches = false;
        }
    }
}

impl PieceSink for Finder {
    fn piece(&mut self, _: &[u8], _: u64, _: u64) {}
}

impl Sink for Finder {
    fn record(&mut self, text: Padded<'_>, record: Record<'_>) {
        let raw = &text.text()[record.start..record.end];
        if !self.may_match(raw) {
            self.refuse();
        } else if self.needs_cells(raw) {
            self.take(text, record.cells);
        }
        self.row += 1;
    }

    fn run(&mut self, run: Run<'_>, _: u64) {
        let mut cells = std::mem::take(&mut self.cells);
        for row in 0..run.n_rows() {
            let raw = &run.text().text()[run.range(row)];
            if !self.may_match(raw) {
                self.refuse();
            } else if self.needs_cells(raw) {
                run.row(row, &mut cells);
                self.take(run.text(), &cells);
            }
            self.row += 1;
        }
        self.cells = cells;
    }

    fn skip(&mut self, _: Padded<'_>, _: Skipped) {}
}

/// A test that any cell contains a text.
pub(super) fn any_cell_contains(text: &str) -> Condition {
    let test = CellTest::Text(OfText::Contains(Needle::new(text)));
    Condition { column: None, test, is_negated: false }
}
