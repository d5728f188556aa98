//! Two classifiers on the same rows: is one better, or was it chance?

use std::f64::consts::LN_2;

/// Returns the probability that two equally good classifiers part as far as they did, or farther, by
/// chance: `only_first` rows only the first told right, `only_second` only the second. Rows that both told
/// right, or both wrong, say nothing about which is better.
///
/// It is the exact two-sided binomial test, in (0, 1]; 1 where they never part. Takes O(of the smaller)
/// time.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::mcnemar;
///
/// // All of six the same way: 2 / 2⁶.
/// assert!((mcnemar(0, 6) - 0.031_25).abs() < 1e-12);
/// assert_eq!(mcnemar(5, 5), 1.0);
/// ```
///
/// # References
///
/// Q. Mc Nemar, *Note on the Sampling Error of the Difference between Correlated Proportions or
/// Percentages*, Psychometrika 12, 1947; for classifiers T. G. Dietterich, *Approximate Statistical Tests
/// for Comparing Supervised Classification Learning Algorithms*, Neural Computation 10, 1998.
pub fn mcnemar(only_first: u64, only_second: u64) -> f64 {
    let (fewer, n) = (only_first.min(only_second), only_first + only_second);
    // The logarithm of what this many and no other come to.
    let binomial: f64 = (1..=fewer).map(|i| libm::log((n - fewer + i) as f64 / i as f64)).sum();
    let mut term = libm::exp(binomial - n as f64 * LN_2);
    let mut tail = 0.0;
    for left in (0..=fewer).rev() {
        tail += term;
        term *= left as f64 / (n - left + 1) as f64;
        // What is left is a geometric series at most, and below what can be seen.
        if term < tail * 1e-18 {
            break;
        }
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same by whole numbers.
    fn by_counting(a: u64, b: u64) -> f64 {
        let n = a + b;
        let mut row = vec![1_u128];
        for _ in 0..n {
            let next = |i: usize| {
                row.get(i).copied().unwrap_or(0) + i.checked_sub(1).map_or(0, |before| row[before])
            };
            row = (0..=row.len()).map(next).collect();
        }
        let tail: u128 = row[..=a.min(b) as usize].iter().sum();
        (2.0 * tail as f64 / (1_u128 << n) as f64).min(1.0)
    }

    #[test]
    fn it_is_the_share_of_all_ways_to_part_as_far() {
        for a in 0..50 {
            for b in 0..50 {
                let (found, wanted) = (mcnemar(a, b), by_counting(a, b));
                assert!((found - wanted).abs() < 1e-12 * wanted, "{a} {b}: {found} {wanted}");
            }
        }
    }

    #[test]
    fn many_rows_are_counted_as_well() {
        // scipy.stats.binomtest(4_900, 10_000).pvalue
        assert!((mcnemar(4_900, 5_100) - 0.046_585_5).abs() < 1e-6, "{}", mcnemar(4_900, 5_100));
        assert_eq!(mcnemar(0, 5_000), 0.0);
    }
}
