//! The codes of incoming columns.

use super::{
    super::{
        bulk::Bulk,
        message::{Answer, Recode},
        shard::CodedColumn,
    },
    Incoming,
};
use crate::engine::table::{Codes, builder::Built};

impl Incoming {
    /// Gives a column its codes.
    #[inline(never)]
    pub(in crate::cluster) fn recode(&mut self, recode: Recode) {
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

    /// A number per column, equal for equal columns.
    pub(in crate::cluster) fn fingerprints(&self, columns: &[u32]) -> Answer {
        let fingerprint = |&column: &u32| self.coded(column).codes.fingerprint();
        Answer::Fingerprints(Bulk(columns.iter().map(fingerprint).collect()))
    }

    /// Whether columns are equal, row by row; where codes are quantiles, number by number.
    pub(in crate::cluster) fn are_same(&self, pairs: &[(u32, u32)]) -> Answer {
        let is_same = |&(a, b): &(u32, u32)| {
            let (a, b) = (self.coded(a), self.coded(b));
            let numbers = a.numbers.iter().zip(&b.numbers);
            a.codes == b.codes
                && numbers.into_iter().all(|(a, b)| a == b || a.is_nan() && b.is_nan())
        };
        Answer::AreSame(pairs.iter().map(is_same).collect())
    }

    fn coded(&self, column: u32) -> &CodedColumn {
        self.coded[column as usize].as_ref().expect("only coded columns are compared")
    }
}

/// The code of the last of `lows` that is not above `value`.
fn code_of(lows: &[f64], value: f64) -> u16 {
    (lows.partition_point(|&low| low <= value).max(1) - 1) as u16
}
