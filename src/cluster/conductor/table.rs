//! A table that stands in the shards, as the conductor knows it.

use std::ops::Range;

use super::super::{JobError, findings::CellValue, message::RangeToRead};
use crate::engine::{
    matrix::Feature,
    table::{
        Direction, Profile,
        dictionary::{Categories, Ranked},
        format::Reading,
        share::RowShare,
    },
    text::{Rules, records::Literal},
};

/// A table that stands in the shards.
#[derive(Debug)]
pub struct Table {
    /// What the page is told of it.
    pub profile: Profile,
    pub(super) dictionaries: Vec<Dictionary>,
    /// How the texts of each column are taken.
    pub(super) readings: Vec<Reading>,
    pub(super) parts: Vec<Part>,
    pub(super) layout: TableLayout,
}

/// How the file is read again.
#[derive(Debug)]
pub(super) struct TableLayout {
    pub(super) rules: Rules,
    /// The header's line as it stands, with the mark before it; empty where there is not just one.
    pub(super) header_line: Vec<u8>,
    /// How many names it holds.
    pub(super) n_names: usize,
    /// Where the table's text ends: at the file's end, unless something else follows.
    pub(super) file_length: u64,
    pub(super) literal: Literal,
    pub(super) piece: u64,
    pub(super) record_length: u32,
    /// Words that mean no value, if not the usual ones.
    pub(super) missing: Option<Vec<String>>,
    /// The rows that were read, if not all.
    pub(super) share: Option<RowShare>,
}

/// What a shard holds.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) first_row: u32,
    pub(super) n_rows: u32,
    /// The bytes its records begin in.
    pub(super) range: Range<u64>,
    /// The line its range begins on, from 0.
    pub(super) first_line: u64,
    /// Byte in the file and line (from 0 in the range) of every 64th row.
    pub(super) marks: Vec<[u64; 2]>,
}

/// The codes of a column.
#[derive(Debug, PartialEq)]
pub enum Dictionary {
    /// Numbers and times.
    Ranked(Ranked),
    /// Texts.
    Unordered(Categories),
    /// None: more texts than codes.
    None,
}

impl Part {
    /// Its rows, as places in what is known of all rows.
    pub(super) fn rows(&self) -> Range<usize> {
        self.first_row as usize..(self.first_row + self.n_rows) as usize
    }
}

impl Dictionary {
    pub(super) fn n_codes(&self) -> u16 {
        match self {
            Self::Ranked(ranked) => ranked.n_codes() as u16,
            Self::Unordered(categories) => categories.texts.len() as u16,
            Self::None => 0,
        }
    }

    pub(super) fn counts(&self) -> &[u32] {
        match self {
            Self::Ranked(ranked) => &ranked.counts,
            Self::Unordered(categories) => &categories.counts,
            Self::None => &[],
        }
    }

    /// The column as a forest sees it; `None` without codes.
    pub(super) fn feature(&self) -> Option<Feature> {
        match self {
            Self::Ranked(ranked) if ranked.highs.is_empty() => {
                Some(Feature::ranked(ranked.lows.clone()))
            }
            Self::Ranked(ranked) => {
                Some(Feature::quantiles(ranked.lows.clone(), ranked.highs.clone()))
            }
            Self::Unordered(_) => Some(Feature::unordered(self.n_codes())),
            Self::None => None,
        }
    }

    /// The first code in the upper half of the present rows; `None` where codes have no order.
    pub(super) fn high_from(&self) -> Option<u16> {
        let Self::Ranked(ranked) = self else { return None };
        let present: u64 = ranked.counts.iter().map(|&n| u64::from(n)).sum();
        let mut below = 0;
        let in_lower_half = |count: &&u32| {
            let twice_middle = 2 * below + u64::from(**count);
            below += u64::from(**count);
            twice_middle < present
        };
        Some(ranked.counts.iter().take_while(in_lower_half).count() as u16)
    }

    /// In which way a code is odd.
    pub(super) fn direction(&self, code: u16) -> Direction {
        Direction::of(code, self.n_codes(), self.high_from())
    }

    /// Share of the present rows below a code, and half of those with it; `None` where codes have
    /// no order, and for missing values.
    pub(super) fn quantile(&self, code: u16) -> Option<f64> {
        let Self::Ranked(ranked) = self else { return None };
        let sum = |counts: &[u32]| counts.iter().map(|&n| f64::from(n)).sum::<f64>();
        let own = f64::from(*ranked.counts.get(usize::from(code))?);
        let below = sum(&ranked.counts[..usize::from(code)]);
        Some((below + own / 2.0) / sum(&ranked.counts))
    }

    /// The value that stands for a code.
    pub(super) fn value(&self, code: u16) -> CellValue {
        match self {
            Self::Ranked(ranked) if code < self.n_codes() => {
                CellValue::Number(ranked.middle(code.into()))
            }
            Self::Unordered(categories) if code < self.n_codes() => {
                let text = &categories.texts[usize::from(code)];
                CellValue::Text(String::from_utf8_lossy(text).into_owned())
            }
            _ => CellValue::Missing,
        }
    }

    /// The value of a code as a name; of a range of numbers the smallest.
    pub(super) fn name(&self, code: u16) -> String {
        let code = usize::from(code);
        match self {
            Self::Unordered(categories) => {
                String::from_utf8_lossy(&categories.texts[code]).into_owned()
            }
            Self::Ranked(ranked) => ranked.lows[code].to_string(),
            Self::None => String::new(),
        }
    }

    /// Rows that have this code.
    pub(super) fn count(&self, code: u16, n_missing: u32) -> u32 {
        self.counts().get(usize::from(code)).copied().unwrap_or(n_missing)
    }
}

impl Table {
    /// Rows.
    pub fn n_rows(&self) -> u32 {
        self.profile.n_rows
    }

    /// The codes of a column.
    ///
    /// # Errors
    ///
    /// [`NoSuchColumn`](JobError::NoSuchColumn): it is beyond the table.
    pub(super) fn dictionary(&self, column: u32) -> Result<&Dictionary, JobError> {
        let n_columns = self.dictionaries.len() as u32;
        self.dictionaries.get(column as usize).ok_or(JobError::NoSuchColumn { column, n_columns })
    }

    /// The columns of some features, as models see them.
    ///
    /// # Errors
    ///
    /// [`NoFeatures`](JobError::NoFeatures), [`NotAFeature`](JobError::NotAFeature).
    pub(super) fn features(&self, columns: &[u32]) -> Result<Vec<Feature>, JobError> {
        let mut features = Vec::with_capacity(columns.len());
        for &column in columns {
            let dictionary = self.dictionaries.get(column as usize).ok_or(JobError::NoFeatures)?;
            let name = || self.profile.columns[column as usize].name.clone();
            features.push(
                dictionary.feature().ok_or_else(|| JobError::NotAFeature { column: name() })?,
            );
        }
        if features.is_empty() { Err(JobError::NoFeatures) } else { Ok(features) }
    }

    /// The shard that holds a row.
    pub(super) fn shard_of(&self, row: u32) -> u32 {
        (self.parts.partition_point(|part| part.first_row <= row) - 1) as u32
    }

    /// Some rows by the shard that holds them, with their places in `rows`.
    pub(super) fn by_shard(&self, rows: &[u32]) -> Vec<(u32, Vec<usize>, Vec<u32>)> {
        let mut asked: Vec<_> =
            (0..self.parts.len() as u32).map(|shard| (shard, vec![], vec![])).collect();
        for (place, &row) in rows.iter().enumerate() {
            let (_, places, there) = &mut asked[self.shard_of(row) as usize];
            places.push(place);
            there.push(row);
        }
        asked.retain(|(_, places, _)| !places.is_empty());
        asked
    }

    /// The ranges of all shards, to be read again one after the other.
    pub(in crate::cluster) fn ranges_to_read(
        &self,
    ) -> impl Iterator<Item = (u64, RangeToRead)> + '_ {
        (0..).zip(&self.parts).map(|(shard, part)| (part.first_line, self.range_to_read(shard)))
    }

    /// A shard's range of the file, to be read again.
    pub(super) fn range_to_read(&self, shard: u32) -> RangeToRead {
        let layout = &self.layout;
        RangeToRead {
            rules: layout.rules.clone(),
            range: self.parts[shard as usize].range.clone(),
            file_length: layout.file_length,
            literal: layout.literal,
            text_columns: Vec::new(),
            missing: layout.missing.clone(),
            share: layout.share,
            patience: None,
            piece: layout.piece,
            record_length: layout.record_length,
        }
    }
}
