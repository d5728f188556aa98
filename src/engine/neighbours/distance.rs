//! The distance of two rows: one definition, called by fitting, scoring and explaining.
//!
//! Rows are standardised, NaN stands for missing, and zeros fill them up to whole groups of
//! [`GROUP`] columns.

/// How many running sums a distance is added up in: column `j` goes to sum `j % GROUP`.
///
/// One sum would wait for each addition before the next. The order is part of the result.
pub(super) const GROUP: usize = 4;

/// Returns the squared Euclidean distance of two rows without a gap.
pub(super) fn squared(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; GROUP];
    for (a, b) in a.as_chunks::<GROUP>().0.iter().zip(b.as_chunks::<GROUP>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += (a - b) * (a - b);
        }
    }
    total(sums)
}

/// Returns the squared distance of two rows of `n_columns`, either of which may have gaps.
///
/// It is that over the columns both have, times all columns over those, and so the same bits as
/// [`squared`] where nothing is missing.
pub(super) fn squared_with_gaps(a: &[f64], b: &[f64], n_columns: usize) -> f64 {
    let mut sums = [0.0; GROUP];
    let mut n_missing = 0;
    for (a, b) in a.as_chunks::<GROUP>().0.iter().zip(b.as_chunks::<GROUP>().0) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            let step = a - b;
            n_missing += usize::from(step.is_nan());
            *sum += if step.is_nan() { 0.0 } else { step * step };
        }
    }
    let n_present = n_columns - n_missing;
    if n_present == 0 {
        return NOTHING_IN_COMMON * n_columns as f64;
    }
    total(sums) * (n_columns as f64 / n_present as f64)
}

/// Adds to each column's sum its part of the squared distance of two rows.
///
/// The parts add up to [`squared_with_gaps`], but for rounding.
pub(super) fn add_parts(a: &[f64], b: &[f64], sums: &mut [f64]) {
    let steps = || a.iter().zip(b).map(|(a, b)| a - b);
    let n_columns = sums.len();
    let n_present = n_columns - steps().take(n_columns).filter(|step| step.is_nan()).count();
    for (sum, step) in sums.iter_mut().zip(steps()) {
        *sum += match n_present {
            0 => NOTHING_IN_COMMON,
            _ if step.is_nan() => 0.0,
            _ => step * step * (n_columns as f64 / n_present as f64),
        };
    }
}

/// What a column adds to the squared distance of two rows that have no column in common: the mean
/// squared difference of two numbers of variance 1.
const NOTHING_IN_COMMON: f64 = 2.0;

fn total([a, b, c, d]: [f64; GROUP]) -> f64 {
    (a + b) + (c + d)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAN: f64 = f64::NAN;

    #[test]
    fn gaps_are_made_up_for_by_the_columns_that_are_there() {
        // Three columns, filled up to four.
        let row = [1.0, 2.0, 3.0, 0.0];
        for (other, expected) in [
            ([2.0, 4.0, 6.0, 0.0], 14.0),
            ([2.0, NAN, 6.0, 0.0], 10.0 * 1.5),
            ([NAN, NAN, 6.0, 0.0], 9.0 * 3.0),
            ([NAN, NAN, NAN, 0.0], 6.0),
        ] {
            assert_eq!(squared_with_gaps(&row, &other, 3), expected);
            let mut parts = [0.0; 3];
            add_parts(&row, &other, &mut parts);
            assert_eq!(parts.iter().sum::<f64>(), expected);
        }
        assert_eq!(squared(&row, &[2.0, 4.0, 6.0, 0.0]), 14.0);
    }
}
