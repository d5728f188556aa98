//! The table that a shard is reading, until it stands.

mod codes;
mod counts;

use std::collections::BTreeMap;

use super::{
    bulk::Bulk,
    message::{RangeToRead, ReadAnswer},
    shard::CodedColumn,
};
use crate::engine::table::{
    builder::{Built, Texts},
    format::Reading,
    missing::Missing,
    reader::{Lines, Part, RangeReader},
    value::{Kinds, read},
};

/// A shard's part of a table that does not stand yet.
#[derive(Debug)]
pub(super) struct Incoming {
    reader: Option<RangeReader<Part>>,
    missing: Missing,
    columns: Vec<Option<Built>>,
    readings: Vec<Reading>,
    lines: Lines,
    n_rows: u32,
    /// Rows of "no value" in columns kept as numbers.
    sentinels: BTreeMap<u32, Vec<u32>>,
    coded: Vec<Option<CodedColumn>>,
}

impl Incoming {
    pub(super) fn new(range: RangeToRead) -> Self {
        let plan = range.plan();
        Self {
            missing: plan.missing.clone(),
            reader: Some(RangeReader::columns(plan)),
            columns: Vec::new(),
            readings: Vec::new(),
            lines: Lines::default(),
            n_rows: 0,
            sentinels: BTreeMap::new(),
            coded: Vec::new(),
        }
    }

    pub(super) fn reader(&mut self) -> Option<&mut RangeReader<Part>> {
        self.reader.as_mut()
    }

    /// Ends the reading and tells what it came to.
    #[inline(never)]
    pub(super) fn finish(&mut self) -> ReadAnswer {
        let reader = self.reader.take().expect("a range is finished once");
        let part = reader.finish();
        let mut numbers = Vec::new();
        let mut kinds = Vec::new();
        for (column, built) in (0..).zip(&part.columns) {
            kinds.push(match built {
                Built::Texts(texts, _) => kinds_of(texts, &self.missing),
                Built::Numbers(there) => {
                    numbers.push(column);
                    there.kinds
                }
            });
        }
        self.columns = part.columns.into_iter().map(Some).collect();
        self.lines = part.lines;
        self.n_rows = part.n_rows;
        ReadAnswer {
            n_rows: part.n_rows,
            n_left_out: part.n_left_out,
            n_lines: part.n_lines,
            notices: part.notices,
            marks: Bulk(part.marks.into_iter().flat_map(<[u64; 2]>::from).collect()),
            ending: part.ending,
            tail: part.tail,
            kinds,
            numbers,
        }
    }

    pub(super) fn take_as(&mut self, readings: Vec<Reading>) {
        for (column, (built, reading)) in (0..).zip(self.columns.iter_mut().zip(&readings)) {
            let Some(Built::Numbers(numbers)) = built else { continue };
            if reading.takes_numbers_as_they_are() {
                continue;
            }
            let is_sentinel = |&(_, value): &(u32, &f64)| reading.sentinel == Some(*value);
            let sentinels = (0..).zip(&numbers.values).filter(is_sentinel).map(|(row, _)| row);
            self.sentinels.insert(column, sentinels.collect());
            for value in &mut numbers.values {
                *value = reading.place_of(*value).unwrap_or(f64::NAN);
            }
        }
        self.readings = readings;
    }

    /// The coded columns and the number of rows.
    pub(super) fn into_columns(self) -> (Vec<Option<CodedColumn>>, u32) {
        (self.coded, self.n_rows)
    }
}

fn kinds_of(texts: &Texts, missing: &Missing) -> Kinds {
    let mut kinds = Kinds::default();
    texts.iter().for_each(|text| kinds.see(text, read(text, missing)));
    kinds
}
