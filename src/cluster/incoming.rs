//! The table that a shard is reading, until it stands.

use super::{
    bulk::Bulk,
    message::{Answer, CountedValues, RangeToRead, ReadAnswer, Reading, Recode},
    shard::CodedColumn,
};
use crate::engine::{
    table::{
        Codes,
        builder::{Built, Numbers, Texts},
        dictionary::Counted,
        reader::{Lines, Part, RangeReader},
        value::{Kinds, Value, read},
    },
    text::Notice,
};

/// A shard's part of a table that does not stand yet.
#[derive(Debug)]
pub(super) struct Incoming {
    reader: Option<RangeReader<Part>>,
    columns: Vec<Option<Built>>,
    readings: Vec<Reading>,
    lines: Lines,
    n_rows: u32,
    coded: Vec<Option<CodedColumn>>,
}

impl Incoming {
    pub(super) fn new(range: RangeToRead) -> Self {
        Self {
            reader: Some(RangeReader::columns(range.plan())),
            columns: Vec::new(),
            readings: Vec::new(),
            lines: Lines::default(),
            n_rows: 0,
            coded: Vec::new(),
        }
    }

    pub(super) fn reader(&mut self) -> Option<&mut RangeReader<Part>> {
        self.reader.as_mut()
    }

    /// Ends the reading and tells what it came to.
    pub(super) fn finish(&mut self) -> ReadAnswer {
        let reader = self.reader.take().expect("a range is finished once");
        let part = reader.finish();
        let mut numbers = Vec::new();
        let mut kinds = Vec::new();
        for (column, built) in (0..).zip(&part.columns) {
            kinds.push(match built {
                Built::Texts(texts, _) => kinds_of(texts),
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
            n_lines: part.n_lines,
            notices: part.notices,
            marks: Bulk(part.marks.into_iter().flat_map(<[u64; 2]>::from).collect()),
            ending: part.ending,
            kinds,
            numbers,
        }
    }

    pub(super) fn take_as(&mut self, readings: Vec<Reading>) {
        self.readings = readings;
    }

    /// Counts the values of a column.
    pub(super) fn count(&self, column: u32) -> Answer {
        let reading = self.readings[column as usize];
        let built = self.columns[column as usize].as_ref().expect("counted before it is recoded");
        match built {
            Built::Texts(texts, codes) if reading.kind.is_ordered() => {
                self.count_ordered(column, reading, texts, codes)
            }
            Built::Texts(texts, codes) => count_unordered(column, texts, codes),
            Built::Numbers(numbers) => self.count_numbers(column, numbers),
        }
    }

    fn count_ordered(&self, column: u32, reading: Reading, texts: &Texts, codes: &Codes) -> Answer {
        let counts = codes.counts(texts.len());
        let places: Vec<Option<f64>> =
            texts.iter().map(|text| reading.kinds.ordered(text)).collect();
        let mut pairs = Vec::new();
        let mut n_missing = 0;
        for (place, &count) in places.iter().zip(&counts) {
            match place {
                Some(value) => pairs.push((*value + 0.0, count)),
                None => n_missing += count,
            }
        }
        let infinite: Vec<bool> = texts.iter().map(|text| read(text) == Value::Infinity).collect();
        let mut infinite_rows = Vec::new();
        if infinite.contains(&true) {
            let mut row = 0;
            codes.for_each(|code| {
                if infinite[code as usize] {
                    infinite_rows.push(row);
                }
                row += 1;
            });
        }
        let value = |row| places[codes.get(row) as usize];
        Answer::Counted {
            column,
            counted: ordered(Counted::of_pairs(pairs)),
            n_missing,
            infinite: self.infinite(&infinite_rows),
            sequence: self.sequence(value),
        }
    }

    fn count_numbers(&self, column: u32, numbers: &Numbers) -> Answer {
        let counted = Counted::of(numbers.values.clone());
        let n_present: u32 = counted.counts.iter().sum();
        let value = |row: usize| Some(numbers.values[row]).filter(|value| !value.is_nan());
        Answer::Counted {
            column,
            n_missing: self.n_rows - n_present,
            counted: ordered(counted),
            infinite: self.infinite(&numbers.infinite_rows),
            sequence: self.sequence(value),
        }
    }

    fn infinite(&self, rows: &[u32]) -> (u64, Vec<u64>) {
        let lines = rows.iter().take(Notice::SHOWN).map(|&row| self.lines.of(row)).collect();
        (rows.len() as u64, lines)
    }

    fn sequence(&self, value: impl Fn(usize) -> Option<f64>) -> Option<(f64, f64)> {
        let n = self.n_rows as usize;
        let first = (n > 0).then(|| value(0)).flatten()?;
        let is_next = |row: usize| value(row) == Some(first + row as f64);
        (0..n).all(is_next).then(|| (first, first + (n - 1) as f64))
    }

    /// Gives a column its codes.
    pub(super) fn recode(&mut self, recode: Recode) {
        let column = self.coded.len();
        let built = self.columns[column].take().expect("every column is recoded once");
        let kinds = self.readings[column].kinds;
        let coded = match (built, recode) {
            (Built::Texts(texts, codes), Recode::Ranked { lows }) => {
                let code = |text: &[u8]| kinds.ordered(text).map(|value| code_of(&lows, value));
                let places: Vec<Option<u16>> = texts.iter().map(code).collect();
                let missing = lows.len() as u16;
                let map: Vec<u16> = places.iter().map(|place| place.unwrap_or(missing)).collect();
                let numbers = Vec::new();
                Some(CodedColumn { codes: codes.recode(&map, missing), missing, numbers })
            }
            (Built::Texts(_, codes), Recode::Unordered { map, n_codes }) => Some(CodedColumn {
                codes: codes.recode(&map, n_codes),
                missing: n_codes,
                numbers: Vec::new(),
            }),
            (Built::Numbers(numbers), Recode::Ranked { lows }) => {
                let missing = lows.len() as u16;
                let mut codes = Codes::default();
                codes.reserve(numbers.values.len());
                for &value in &numbers.values {
                    let code = if value.is_nan() { missing } else { code_of(&lows, value) };
                    codes.push(u32::from(code));
                }
                Some(CodedColumn { codes, missing, numbers: numbers.values })
            }
            (_, Recode::None) => None,
            (Built::Numbers(_), Recode::Unordered { .. }) => {
                unreachable!("a column of texts is read again as text")
            }
        };
        self.coded.push(coded);
    }

    /// The coded columns and the number of rows.
    pub(super) fn into_columns(self) -> (Vec<Option<CodedColumn>>, u32) {
        (self.coded, self.n_rows)
    }
}

/// The code of the last of `lows` that is not above `value`.
fn code_of(lows: &[f64], value: f64) -> u16 {
    (lows.partition_point(|&low| low <= value).max(1) - 1) as u16
}

fn kinds_of(texts: &Texts) -> Kinds {
    let mut kinds = Kinds::default();
    texts.iter().for_each(|text| kinds.see(read(text)));
    kinds
}

fn ordered(counted: Counted) -> CountedValues {
    CountedValues::Ordered { values: Bulk(counted.values), counts: Bulk(counted.counts) }
}

fn count_unordered(column: u32, texts: &Texts, codes: &Codes) -> Answer {
    let mut counts = codes.counts(texts.len());
    let mut n_missing = 0;
    for (text, count) in texts.iter().zip(&mut counts) {
        if read(text) == Value::Missing {
            n_missing += std::mem::take(count);
        }
    }
    let (bytes, ends) = texts.clone().into_parts();
    Answer::Counted {
        column,
        counted: CountedValues::Unordered {
            bytes: Bulk(bytes),
            ends: Bulk(ends),
            counts: Bulk(counts),
        },
        n_missing,
        infinite: (0, Vec::new()),
        sequence: None,
    }
}
