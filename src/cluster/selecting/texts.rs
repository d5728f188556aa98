//! Rows that meet conditions by what the file says.

use super::{
    super::{
        condition::{CellTest, Condition, OfText},
        message::{Answer, SortBy},
        shard::Shard,
    },
    order::{by_text, ordered},
};
use crate::engine::{
    table::{
        missing::Missing,
        reader::{PieceSink, ReadPlan},
    },
    text::{
        Dialect,
        records::{Cell, Padded, Record, Sink, Skipped, unquoted},
        runs::Run,
    },
};

/// A test of a text: the column, if not any, the test, and whether the row must fail it.
pub(super) type TextTest = (Option<usize>, OfText, bool);

/// Those of some conditions that are about texts.
pub(super) fn of_text(conditions: Vec<Condition>) -> Vec<TextTest> {
    let of_text = |condition: Condition| match condition.test {
        CellTest::Text(test) => {
            Some((condition.column.map(|column| column as usize), test, condition.is_negated))
        }
        _ => None,
    };
    conditions.into_iter().filter_map(of_text).collect()
}

/// A rule that leaves rows out, as far as it is about texts.
#[derive(Debug)]
pub(super) struct Rule {
    /// Which rows meet those of its conditions that need no text.
    pub(super) held: Vec<bool>,
    pub(super) texts: Vec<TextTest>,
}

impl Rule {
    /// Whether a row meets those of its conditions that need no text.
    fn holds(&self, row: usize) -> bool {
        self.held.get(row).copied().unwrap_or(false)
    }
}

/// Tests the texts of rows as they are read, and keeps those that rows are sorted by.
#[derive(Debug)]
pub(super) struct Finder {
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
    pub(super) fn new(
        plan: &ReadPlan,
        conditions: Vec<Condition>,
        except: Vec<Rule>,
        sort: Option<SortBy>,
        matches: Vec<bool>,
    ) -> Self {
        let text_sort = match sort {
            Some(SortBy::Texts { column, is_descending }) => Some((column as usize, is_descending)),
            _ => None,
        };
        Self {
            dialect: plan.rules.dialect.clone(),
            missing: plan.missing.clone(),
            conditions: of_text(conditions),
            except,
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

    /// The rows that matched, in their order.
    #[inline(never)]
    pub(super) fn answer(&mut self, shard: &Shard) -> Answer {
        let Some((_, is_descending)) = self.text_sort else {
            return ordered(shard, &self.matches, self.sort);
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
        by_text(present, missing, is_descending)
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
