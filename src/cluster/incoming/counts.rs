//! The values of incoming columns, counted, and what is told of those that are none.

use super::{
    super::{
        bulk::Bulk,
        message::{Answer, CountedValues},
    },
    Incoming,
};
use crate::engine::{
    table::{
        Codes,
        builder::{Built, Numbers, Texts},
        dictionary::Counted,
        format::Reading,
        missing::Missing,
        value::{Value, read},
    },
    text::{Notice, NoticeKind},
};

impl Incoming {
    /// Counts the values of a column.
    pub(in crate::cluster) fn count(&self, column: u32) -> Answer {
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

fn ordered(counted: Counted) -> CountedValues {
    CountedValues::Ordered { values: Bulk(counted.values), counts: Bulk(counted.counts) }
}
