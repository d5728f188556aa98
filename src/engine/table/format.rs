//! How the texts of a column are read, and what settled it.

use serde::{Deserialize, Serialize};

use super::{
    ColumnType,
    missing::Missing,
    number::{self, Mark, NumberFormat},
    time::{DateOrder, parse_date},
    value::{Value, read},
};

/// How the texts of an ordered column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// As programs write numbers, or times that can be read in one way only.
    Plain,
    /// Numbers with other marks.
    Number(NumberFormat),
    /// Dates of which day and month could be swapped.
    Date(DateOrder),
    /// Numbers that count from 1970-01-01 UTC.
    Epoch(EpochUnit),
}

/// What a time that is a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "plain words")]
pub enum EpochUnit {
    Seconds,
    Milliseconds,
    Microseconds,
}

impl EpochUnit {
    /// All, the likelier first.
    pub const ALL: [Self; 3] = [Self::Seconds, Self::Milliseconds, Self::Microseconds];

    /// How many make a second.
    pub fn per_second(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e3,
            Self::Microseconds => 1e6,
        }
    }

    /// Whether a number of these is a time between 1985 and 2100.
    pub fn is_likely(self, value: f64) -> bool {
        (4.7e8..=4.1e9).contains(&(value / self.per_second()))
    }
}

/// What settled how a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Settled {
    /// Its texts, all of them: they can be read in one way only, or mean the same in every way.
    Texts,
    /// Its texts leave two ways open; other columns of the file are written in this one.
    File,
    /// Its name, with numbers that are likely times.
    Name,
    /// A known schema, or the file's own header.
    Schema,
    /// A person.
    Person,
    /// Nothing: its texts can be read in another way too.
    Nothing,
}

/// How the texts of a column are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What the column holds.
    pub kind: ColumnType,
    /// How its texts are read, where they have an order.
    pub format: Format,
    /// A number that means "no value" in this column.
    pub sentinel: Option<f64>,
    /// What settled this.
    pub settled: Settled,
}

impl Reading {
    /// A column of this type, read as programs write.
    pub fn plain(kind: ColumnType) -> Self {
        Self { kind, format: Format::Plain, sentinel: None, settled: Settled::Texts }
    }

    /// The place of a text on the axis of this column; `None` where it has none (missing,
    /// infinite, not a value of this type).
    pub fn place(&self, text: &[u8], missing: &Missing) -> Option<f64> {
        let text = text.trim_ascii();
        if missing.has(text) {
            return None;
        }
        let value = match self.format {
            Format::Plain => match read(text, missing) {
                Value::Integer(value) | Value::Decimal(value) => value,
                Value::Time(value, _) if self.kind == ColumnType::Time => value,
                // A column of these is a number only where a person says so.
                Value::LeadingZero | Value::BigInteger if self.kind != ColumnType::Time => {
                    fast_float2::parse(text).ok()?
                }
                _ => return None,
            },
            Format::Number(format) => match number::parse(text, format) {
                Some(number) => number.value,
                // What only programs write, like `5.`.
                None if format.mark == Mark::Point => plain_number(text, missing)?,
                None => return None,
            },
            Format::Date(order) => parse_date(text, order)?,
            Format::Epoch(unit) => plain_number(text, missing)? / unit.per_second(),
        };
        self.present(value)
    }

    /// The place of a number that was read plainly; `None` where it means "no value".
    pub fn place_of(&self, number: f64) -> Option<f64> {
        let unit = if let Format::Epoch(unit) = self.format { unit.per_second() } else { 1.0 };
        self.present(number / unit)
    }

    /// Whether numbers that were read plainly are their own places.
    pub fn takes_numbers_as_they_are(&self) -> bool {
        self.format == Format::Plain && self.sentinel.is_none()
    }

    fn present(&self, value: f64) -> Option<f64> {
        (!value.is_nan() && self.sentinel != Some(value)).then_some(value + 0.0)
    }
}

fn plain_number(text: &[u8], missing: &Missing) -> Option<f64> {
    match read(text, missing) {
        Value::Integer(value) | Value::Decimal(value) => Some(value),
        _ => None,
    }
}
