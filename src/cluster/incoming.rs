//! The table that a shard is reading, until it stands.

use std::collections::BTreeMap;

use super::{
    bulk::Bulk,
    message::{Answer, CountedValues, RangeToRead, ReadAnswer, Recode},
    shard::CodedColumn,
};
use crate::engine::{
    table::{
        Codes,
        builder::{Built, Numbers, Texts},
        dictionary::Counted,
        format::Reading,
        missing::Missing,
        reader::{Lines, Part, RangeReader},
        value::{Kinds, Value, read},
    },
    text::{Notice, NoticeKind},
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

    /// Counts the values of a column.
    pub(super) fn count(&self, column: u32) -> Answer {
        let reading = self.readings[column as usize];
        let built = self.columns[column as usize].as_ref().expect("counted before it is recoded");
        match built {
            Built::Texts(texts, codes) if reading.kind.is_ordered() => {
                self.count_ordered(column, reading, texts, codes)
            }
            Built::Texts(texts, codes) => self.count_unordered(column, texts, codes),
            Built::Numbers(numbers) => self.count_numbers(column, numbers),
        }
    }

    #[inline(never)]
    fn count_ordered(&self, column: u32, reading: Reading, texts: &Texts, codes: &Codes) -> Answer {
        let counts = codes.counts(texts.len());
        let fates: Vec<Fate> =
            texts.iter().map(|text| Fate::of(text, &reading, &self.missing)).collect();
        let mut pairs = Vec::new();
        let mut n_missing = 0;
        for (fate, &count) in fates.iter().zip(&counts) {
            match fate {
                Fate::Place(value) => pairs.push((*value, count)),
                _ => n_missing += count,
            }
        }
        let value = |row| match fates[codes.get(row) as usize] {
            Fate::Place(value) => Some(value),
            _ => None,
        };
        Answer::Counted {
            column,
            counted: ordered(Counted::of_pairs(pairs)),
            n_missing,
            notices: self.notices_of(column, &fates, codes),
            sequence: self.sequence(value),
        }
    }

    fn count_numbers(&self, column: u32, numbers: &Numbers) -> Answer {
        let counted = Counted::of(numbers.values.clone());
        let n_present: u32 = counted.counts.iter().sum();
        let sentinels = self.sentinels.get(&column).cloned().unwrap_or_default();
        let told = [
            (Fate::Infinite.notice(), numbers.infinite_rows.clone()),
            (Fate::Sentinel.notice(), sentinels),
            (Fate::Word.notice(), numbers.worded_rows.clone()),
        ];
        let value = |row: usize| Some(numbers.values[row]).filter(|value| !value.is_nan());
        Answer::Counted {
            column,
            n_missing: self.n_rows - n_present,
            counted: ordered(counted),
            notices: self.notices(column, &told),
            sequence: self.sequence(value),
        }
    }

    #[inline(never)]
    fn count_unordered(&self, column: u32, texts: &Texts, codes: &Codes) -> Answer {
        let mut counts = codes.counts(texts.len());
        let fate = |text: &[u8]| match text.trim_ascii() {
            b"" => Fate::Missing,
            text if self.missing.has(text) => Fate::Word,
            _ => Fate::Place(0.0),
        };
        let fates: Vec<Fate> = texts.iter().map(fate).collect();
        let mut n_missing = 0;
        for (fate, count) in fates.iter().zip(&mut counts) {
            if !matches!(fate, Fate::Place(_)) {
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
            notices: self.notices_of(column, &fates, codes),
            sequence: None,
        }
    }

    /// What is told of the rows whose texts have no place; `fates` by text.
    fn notices_of(&self, column: u32, fates: &[Fate], codes: &Codes) -> Vec<Notice> {
        let told = Fate::TOLD.map(|wanted| {
            let mut rows = Vec::new();
            if fates.contains(&wanted) {
                let mut row = 0;
                codes.for_each(|code| {
                    if fates[code as usize] == wanted {
                        rows.push(row);
                    }
                    row += 1;
                });
            }
            (wanted.notice(), rows)
        });
        self.notices(column, &told)
    }

    /// A notice for each kind that some rows gave reason for.
    fn notices(&self, column: u32, told: &[(Option<NoticeKind>, Vec<u32>)]) -> Vec<Notice> {
        let notice = |(kind, rows): &(Option<NoticeKind>, Vec<u32>)| {
            let kind = kind.filter(|_| !rows.is_empty())?;
            let lines = rows.iter().take(Notice::SHOWN).map(|&row| self.lines.of(row) + 1);
            let (column, count) = (Some(column), rows.len() as u64);
            Some(Notice { count, lines: lines.collect(), ..Notice::new(kind, column) })
        };
        told.iter().filter_map(notice).collect()
    }

    fn sequence(&self, value: impl Fn(usize) -> Option<f64>) -> Option<(f64, f64)> {
        let n = self.n_rows as usize;
        let first = (n > 0).then(|| value(0)).flatten()?;
        let is_next = |row: usize| value(row) == Some(first + row as f64);
        (0..n).all(is_next).then(|| (first, first + (n - 1) as f64))
    }

    /// Gives a column its codes.
    #[inline(never)]
    pub(super) fn recode(&mut self, recode: Recode) {
        let column = self.coded.len();
        let built = self.columns[column].take().expect("every column is recoded once");
        let reading = self.readings[column];
        let coded = match (built, recode) {
            (Built::Texts(texts, codes), Recode::Ranked { lows, keeps_numbers }) => {
                let values: Vec<Option<f64>> =
                    texts.iter().map(|text| reading.place(text, &self.missing)).collect();
                let missing = lows.len() as u16;
                let code = |value: &Option<f64>| value.map_or(missing, |v| code_of(&lows, v));
                let map: Vec<u16> = values.iter().map(code).collect();
                let mut numbers = Vec::new();
                if keeps_numbers {
                    numbers.reserve_exact(codes.len());
                    codes.for_each(|code| numbers.push(values[code as usize].unwrap_or(f64::NAN)));
                }
                Some(CodedColumn { codes: codes.recode(&map, missing), missing, numbers })
            }
            (Built::Texts(_, codes), Recode::Unordered { map, n_codes }) => Some(CodedColumn {
                codes: codes.recode(&map, n_codes),
                missing: n_codes,
                numbers: Vec::new(),
            }),
            (Built::Numbers(numbers), Recode::Ranked { lows, keeps_numbers }) => {
                let missing = lows.len() as u16;
                let mut codes = Codes::default();
                codes.reserve(numbers.values.len());
                for &value in &numbers.values {
                    let code = if value.is_nan() { missing } else { code_of(&lows, value) };
                    codes.push(u32::from(code));
                }
                let numbers = if keeps_numbers { numbers.values } else { Vec::new() };
                Some(CodedColumn { codes, missing, numbers })
            }
            (_, Recode::None) => None,
            (Built::Numbers(_), Recode::Unordered { .. }) => {
                unreachable!("a column of texts is read again as text")
            }
        };
        self.coded.push(coded);
    }

    fn coded(&self, column: u32) -> &CodedColumn {
        self.coded[column as usize].as_ref().expect("only coded columns are compared")
    }

    /// A number per column, equal for equal columns.
    pub(super) fn fingerprints(&self, columns: &[u32]) -> Answer {
        let fingerprint = |&column: &u32| self.coded(column).codes.fingerprint();
        Answer::Fingerprints(Bulk(columns.iter().map(fingerprint).collect()))
    }

    /// Whether columns are equal, row by row; where codes are quantiles, number by number.
    pub(super) fn are_same(&self, pairs: &[(u32, u32)]) -> Answer {
        let is_same = |&(a, b): &(u32, u32)| {
            let (a, b) = (self.coded(a), self.coded(b));
            let numbers = a.numbers.iter().zip(&b.numbers);
            a.codes == b.codes
                && numbers.into_iter().all(|(a, b)| a == b || a.is_nan() && b.is_nan())
        };
        Answer::AreSame(pairs.iter().map(is_same).collect())
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

/// What becomes of a text.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Fate {
    /// It stands here on the column's axis, where that has an order.
    Place(f64),
    /// There is nothing.
    Missing,
    /// It is a word that means no value.
    Word,
    /// It is beyond the axis.
    Infinite,
    /// It is a number that a schema says means "no value".
    Sentinel,
    /// It is no value of the type that the column is said to have.
    Unread,
}

impl Fate {
    /// Those that a notice tells of.
    const TOLD: [Self; 4] = [Self::Infinite, Self::Sentinel, Self::Unread, Self::Word];

    fn of(text: &[u8], reading: &Reading, missing: &Missing) -> Self {
        if let Some(place) = reading.place(text, missing) {
            return Self::Place(place);
        }
        match read(text, missing) {
            Value::Missing if text.trim_ascii().is_empty() => Self::Missing,
            Value::Missing => Self::Word,
            Value::Infinity => Self::Infinite,
            Value::Integer(value) | Value::Decimal(value) if reading.sentinel == Some(value) => {
                Self::Sentinel
            }
            _ => Self::Unread,
        }
    }

    fn notice(self) -> Option<NoticeKind> {
        match self {
            Self::Place(_) | Self::Missing => None,
            Self::Word => Some(NoticeKind::MissingWord),
            Self::Infinite => Some(NoticeKind::Infinity),
            Self::Sentinel => Some(NoticeKind::Sentinel),
            Self::Unread => Some(NoticeKind::NotOfType),
        }
    }
}

fn kinds_of(texts: &Texts, missing: &Missing) -> Kinds {
    let mut kinds = Kinds::default();
    texts.iter().for_each(|text| kinds.see(text, read(text, missing)));
    kinds
}

fn ordered(counted: Counted) -> CountedValues {
    CountedValues::Ordered { values: Bulk(counted.values), counts: Bulk(counted.counts) }
}
