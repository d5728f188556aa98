//! How often a tree cuts each column: by the kurtosis that its sample shows.

use crate::{
    arrange::sort_u16,
    matrix::{Feature, Order},
};

/// With so few columns all are cut alike: each is in nearly every tree anyway, and a weight would only
/// make one of them rule.
const FEW: usize = 3;

/// Returns how often a tree cuts each feature against the others, by the codes of its sample, column
/// after column; `None` where all are cut alike.
pub(super) fn weights(features: &[Feature], codes: &[u16]) -> Option<Vec<f64>> {
    let n_rows = codes.len() / features.len();
    let columns = codes.chunks_exact(n_rows);
    (features.len() > FEW)
        .then(|| features.iter().zip(columns).map(|(f, c)| weight(f, c)).collect())
}

/// Returns the weight that a tree gives a feature: ∛k, k its kurtosis.
///
/// `column` holds the codes of the tree's sample. Where values vary and some are missing, the
/// feature offers two kinds of cuts, equally often, and weighs the mean of what either is worth.
/// From 1, also where nothing varies, to ∛ψ, where one row of ψ stands apart: for 256 rows six times as
/// much. Takes O(ψ) time, for categories O(ψ log ψ).
fn weight(feature: &Feature, column: &[u16]) -> f64 {
    // Many columns are constant in a sample, and need no look at their values.
    if column.iter().all(|code| *code == column[0]) {
        return 1.0;
    }
    let mut codes = column.to_vec();
    codes.retain(|&code| code != feature.missing());
    let values = match feature.order() {
        Order::Ranked { lows, .. } => {
            of_numbers(codes.iter().map(|&code| lows[usize::from(code)]).collect())
        }
        Order::Unordered => {
            sort_u16(&mut codes);
            of_categories(codes.chunk_by(|a, b| a == b).map(<[u16]>::len))
        }
    };
    let missingness = of_categories([codes.len(), column.len() - codes.len()].into_iter());
    let weigh = |kurtosis: Option<f64>| kurtosis.map(libm::cbrt);
    match (weigh(values), weigh(missingness)) {
        (Some(values), Some(missingness)) => f64::midpoint(values, missingness),
        (values, missingness) => values.or(missingness).unwrap_or(1.0),
    }
}

/// Returns the kurtosis of numbers, E d⁴ / (E d²)² of their distances d from the mean, at least 1;
/// `None` where they are all equal.
fn of_numbers(mut values: Vec<f64>) -> Option<f64> {
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    if largest == 0.0 {
        return None;
    }
    let n = values.len() as f64;
    // In units of the largest, no power overflows; a column in other units weighs the same.
    for value in &mut values {
        *value /= largest;
    }
    let mean = values.iter().sum::<f64>() / n;
    let (mut second, mut fourth) = (0.0, 0.0);
    for value in values {
        let square = (value - mean) * (value - mean);
        second += square;
        fourth += square * square;
    }
    (second > 0.0).then(|| (n * fourth / (second * second)).max(1.0))
}

/// Returns the kurtosis of categories that so many rows have, at least 1; `None` where there are
/// fewer than two.
///
/// It is the same E d⁴ / (E d²)², d being Mahalanobis' distance of a row from the mean of all, with
/// an axis for each category: d² = 1 / p − 1 for a category of share p. For two categories that
/// is the kurtosis of the numbers 0 and 1; where all categories are equally frequent, it is 1.
///
/// # References
///
/// K. V. Mardia, *Measures of Multivariate Skewness and Kurtosis with Applications*, Biometrika 57,
/// 1970.
fn of_categories(counts: impl Iterator<Item = usize>) -> Option<f64> {
    let counts: Vec<f64> = counts.filter(|&n| n > 0).map(|n| n as f64).collect();
    let (n, axes) = (counts.iter().sum::<f64>(), counts.len() as f64 - 1.0);
    let fourth: f64 = counts.iter().map(|count| (n - count) * (n - count) / (n * count)).sum();
    (axes > 0.0).then(|| (fourth / (axes * axes)).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kurtosis_of_numbers_is_pearsons() {
        // Of 0, 0, 0, 4 about the mean 1: (3 · 1 + 81) / 4 over ((3 · 1 + 9) / 4)².
        let kurtosis = of_numbers(vec![0.0, 0.0, 0.0, 4.0]).expect("they vary");
        assert!((kurtosis - 21.0 / 9.0).abs() < 1e-14, "{kurtosis}");
        assert_eq!(of_numbers(vec![-1e308, 1e308]), Some(1.0));
        assert_eq!(of_numbers(vec![0.0, 5e-324]), Some(1.0));
        assert_eq!([of_numbers(vec![]), of_numbers(vec![0.0; 3])], [None; 2]);
    }

    #[test]
    fn two_categories_are_like_0_and_1() {
        for n_ones in 1..50 {
            let mut numbers = vec![0.0; 50];
            numbers[..n_ones].fill(1.0);
            let numbers = of_numbers(numbers).expect("they vary");
            let categories = of_categories([n_ones, 50 - n_ones].into_iter()).expect("two");
            assert!((numbers - categories).abs() < 1e-9, "{numbers} {categories}");
        }
    }

    #[test]
    fn equally_frequent_categories_weigh_least_and_a_rare_one_more() {
        assert_eq!(of_categories([7, 7, 7, 7].into_iter()), Some(1.0));
        assert_eq!([of_categories([7].into_iter()), of_categories([7, 0].into_iter())], [None; 2]);
        let rare = of_categories([7, 7, 7, 1].into_iter()).expect("four categories");
        assert!(rare > 2.0, "{rare}");
    }

    #[test]
    fn both_kinds_of_cuts_count() {
        let feature = Feature::ranked(vec![1.0, 2.0]);
        let weight = |column: &[u16]| weight(&feature, column);
        assert_eq!([&[0, 1, 0, 1][..], &[2, 2], &[0, 0]].map(weight), [1.0; 3]);
        // Bernoulli's with p = 1/5: (1 − 3 p q) / (p q) = 3.25.
        let expected = f64::midpoint(1.0, libm::cbrt(3.25));
        assert!((weight(&[0, 1, 0, 1, 2]) - expected).abs() < 1e-14);
        assert!((weight(&[0, 0, 0, 0, 2]) - libm::cbrt(3.25)).abs() < 1e-14);
    }
}
