//! Codes as numbers that any learner can read.

use serde::{Deserialize, Serialize};

use crate::{
    arrange::arrange,
    bulk::Bulk,
    matrix::{Feature, Numbers},
};

/// Values of a text column that get a number of their own, at most.
const MOST_VALUES: usize = 32;
/// No number is 1 for this code.
const NONE: u16 = u16::MAX;

/// What codes are as numbers, by the training rows alone.
///
/// Numbers and times are brought to mean 0 and standard deviation 1 (divisor n); what is missing counts
/// as their median. Of a text column each of its 32 most common values is a number, 1 in the
/// rows that have it. A column that does not vary is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    columns: Vec<Column>,
    width: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Column {
    /// It does not vary, and has so many codes.
    Out { n_codes: u32 },
    /// The number of each code.
    Number(Bulk<f32>),
    /// For each code, which of so many numbers is 1.
    Indicators { of: Bulk<u16>, n: u16 },
}

impl Column {
    fn width(&self) -> usize {
        match self {
            Self::Out { .. } => 0,
            Self::Number(_) => 1,
            Self::Indicators { n, .. } => usize::from(*n),
        }
    }
}

impl Design {
    /// Measures features by the training rows: `tallies` says how often each code comes with each class,
    /// column after column, `[code · n_classes + class]`, missing the last code.
    pub fn of(features: &[Feature], tallies: &[u32], n_classes: usize) -> Self {
        let numbers = Numbers::of(features);
        let mut rest = tallies;
        let mut columns = Vec::with_capacity(features.len());
        for (index, feature) in features.iter().enumerate() {
            let n_codes = usize::from(feature.n_codes()) + 1;
            let (own, others) = rest.split_at(n_codes * n_classes);
            rest = others;
            let counts: Vec<u64> = own
                .chunks_exact(n_classes)
                .map(|of_code| of_code.iter().map(|&n| u64::from(n)).sum())
                .collect();
            columns.push(if feature.is_ranked() {
                number(numbers.of_feature(index), &counts)
            } else {
                indicators(&counts)
            });
        }
        let width = columns.iter().map(Column::width).sum::<usize>() as u32;
        Self { columns, width }
    }

    /// How many numbers a row is.
    pub fn width(&self) -> usize {
        self.width as usize
    }

    /// How many columns it reads.
    pub fn n_columns(&self) -> usize {
        self.columns.len()
    }

    /// Rows as numbers, one after the other, `rows × width`, given their codes, `rows × columns`.
    pub fn cells(&self, codes: &[u16]) -> Vec<f32> {
        let n_columns = self.columns.len().max(1);
        let mut cells = vec![0.0; codes.len() / n_columns * self.width()];
        if self.width > 0 {
            let rows = cells.chunks_exact_mut(self.width());
            for (codes, row) in codes.chunks_exact(n_columns).zip(rows) {
                self.row(codes, row);
            }
        }
        cells
    }

    /// Writes a row of codes as numbers over zeros.
    pub(super) fn row(&self, codes: &[u16], mut out: &mut [f32]) {
        for (column, &code) in self.columns.iter().zip(codes) {
            let (own, rest) = out.split_at_mut(column.width());
            out = rest;
            match column {
                Column::Out { .. } => {}
                Column::Number(numbers) => own[0] = numbers[usize::from(code)],
                Column::Indicators { of, .. } => {
                    if let Some(number) = own.get_mut(usize::from(of[usize::from(code)])) {
                        *number = 1.0;
                    }
                }
            }
        }
    }

    /// For each number of a row, in turn, what it can be and how often that comes with each class,
    /// `[value · n_classes + class]`, given tallies as [`of`](Self::of) has them.
    pub(super) fn each(
        &self,
        tallies: &[u32],
        n_classes: usize,
        hear: &mut dyn FnMut(&[f64], &[u64]),
    ) {
        let mut rest = tallies;
        for column in &self.columns {
            let n_codes = match column {
                Column::Number(numbers) => numbers.len(),
                Column::Indicators { of, .. } => of.len(),
                Column::Out { n_codes } => *n_codes as usize,
            };
            let (own, others) = rest.split_at(n_codes * n_classes);
            rest = others;
            match column {
                Column::Out { .. } => {}
                Column::Number(numbers) => {
                    let values: Vec<f64> = numbers.iter().copied().map(f64::from).collect();
                    hear(&values, &own.iter().copied().map(u64::from).collect::<Vec<u64>>());
                }
                Column::Indicators { of, n } => {
                    for indicator in 0..*n {
                        let mut counts = vec![0; 2 * n_classes];
                        for (there, own) in of.iter().zip(own.chunks_exact(n_classes)) {
                            let value = usize::from(*there == indicator);
                            for (sum, &n) in counts[value * n_classes..].iter_mut().zip(own) {
                                *sum += u64::from(n);
                            }
                        }
                        hear(&[0.0, 1.0], &counts);
                    }
                }
            }
        }
    }
}

/// A column of numbers, given what each code is worth, the last missing, and how many rows have it.
fn number(values: &[f64], counts: &[u64]) -> Column {
    let n_codes = counts.len() as u32;
    let Some(median) = median(values, counts) else { return Column::Out { n_codes } };
    let value = |code: usize| if values[code].is_nan() { median } else { values[code] };
    let n_rows = counts.iter().sum::<u64>() as f64;
    let mean_of = |of: &dyn Fn(f64) -> f64| {
        let parts = counts.iter().enumerate().filter(|&(_, &n)| n > 0);
        parts.map(|(code, &n)| n as f64 / n_rows * of(value(code))).sum::<f64>()
    };
    let mean = mean_of(&|value| value);
    let deviation = mean_of(&|value| (value - mean) * (value - mean)).sqrt();
    // Asked of the values: a mean that is rounded would give a constant column a tiny deviation.
    let present = || (0..counts.len()).filter(|&code| counts[code] > 0).map(value);
    let varies = present().any(|value| Some(value) != present().next());
    if !varies || deviation == 0.0 {
        return Column::Out { n_codes };
    }
    let scaled = |code: usize| ((value(code) - mean) / deviation) as f32;
    Column::Number(Bulk((0..counts.len()).map(scaled).collect()))
}

/// The median of a column; none without a value.
fn median(values: &[f64], counts: &[u64]) -> Option<f64> {
    let n_present: u64 = counts[..counts.len() - 1].iter().sum();
    let at = |place: u64| {
        let mut below = 0;
        let place_is_here = |&code: &usize| {
            below += counts[code];
            place < below
        };
        (0..counts.len() - 1).find(place_is_here).map(|code| values[code])
    };
    let (low, high) = (at(n_present.checked_sub(1)? / 2)?, at(n_present / 2)?);
    Some(low / 2.0 + high / 2.0)
}

/// A text column, given how many rows have each code, the last missing.
fn indicators(counts: &[u64]) -> Column {
    let n_codes = counts.len();
    if counts.iter().filter(|&&n| n > 0).count() < 2 {
        return Column::Out { n_codes: n_codes as u32 };
    }
    let mut common: Vec<usize> = (0..n_codes - 1).filter(|&code| counts[code] > 0).collect();
    arrange(&mut common, |&a, &b| counts[b].cmp(&counts[a]));
    common.truncate(MOST_VALUES);
    let mut of = vec![NONE; n_codes];
    for (indicator, &code) in (0..).zip(&common) {
        of[code] = indicator;
    }
    Column::Indicators { of: Bulk(of), n: common.len() as u16 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A column of numbers, a constant one, and one of words; ten rows, the last of which miss something.
    fn design() -> Design {
        let features = [
            Feature::ranked(vec![1.0, 2.0, 4.0]),
            Feature::ranked(vec![5.0]),
            Feature::unordered(3),
        ];
        // By code, for one class: 1 four times, 2 once, 4 three times, missing twice.
        let tallies = [4, 1, 3, 2, 10, 0, 2, 7, 0, 1];
        Design::of(&features, &tallies, 1)
    }

    #[test]
    fn numbers_are_standardised_and_what_is_missing_is_their_median() {
        let design = design();
        // The median of 1 1 1 1 2 4 4 4 is 1.5; with it the mean is 2.1 and the variance 1.64.
        let cell = |code| f64::from(design.cells(&[code, 0, 3])[0]);
        for (code, value) in [(0, 1.0), (1, 2.0), (2, 4.0), (3, 1.5)] {
            let expected = (value - 2.1) / f64::sqrt(1.64);
            assert!((cell(code) - expected).abs() < 1e-6, "{code}: {}", cell(code));
        }
    }

    #[test]
    fn words_are_indicators_the_most_common_first_and_constants_nothing() {
        let design = design();
        assert_eq!((design.width(), design.n_columns()), (3, 3));
        let words = |code| design.cells(&[0, 0, code])[1..].to_vec();
        assert_eq!([words(0), words(1)], [[0.0, 1.0], [1.0, 0.0]]);
        assert_eq!([words(2), words(3)], [[0.0; 2], [0.0; 2]], "none such was trained on");
    }

    #[test]
    fn a_column_of_many_words_keeps_the_most_common() {
        let tallies: Vec<u32> = (0..100).chain([0]).collect();
        let design = Design::of(&[Feature::unordered(100)], &tallies, 1);
        assert_eq!(design.width(), MOST_VALUES);
        assert_eq!(design.cells(&[99])[0], 1.0);
        assert_eq!(design.cells(&[68])[31], 1.0);
        assert_eq!(design.cells(&[67]), [0.0; 32]);
    }
}
