//! How the values of some rows differ from those of others.
//!
//! A column comes as how often each of its codes occurs on either side: first among the rows of the
//! baseline, then among the others; the last code is that of missing values.

/// How many rows of the baseline, and how many others.
pub type Sides = [u32; 2];

/// Bins of about equally many rows of the baseline.
const BINS: u64 = 10;
/// The share that stands for a smaller one, and for none at all.
const FLOOR: f64 = 1e-4;
/// A category is rare on a side where fewer than one row in so many has it.
const RARE: u64 = 100;

/// Returns the counts of an ordered column by bin: ten of about equally many present rows of the
/// baseline, and one for missing values.
///
/// A bin ends with the value that a tenth, two tenths and so on of the present rows do not exceed,
/// and the first and the last are open to what lies beyond. Equal values share a bin, so bins may
/// stay empty.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::by_quantile;
///
/// // Half of the baseline has the first value; none has the third; one row has none.
/// let bins = by_quantile(&[[5, 0], [5, 2], [0, 3], [1, 0]]);
/// let filled: Vec<_> = bins.into_iter().filter(|sides| *sides != [0, 0]).collect();
/// assert_eq!(filled, [[5, 0], [5, 2], [0, 3], [1, 0]]);
/// ```
pub fn by_quantile(counts: &[Sides]) -> Vec<Sides> {
    let mut bins = vec![[0; 2]; BINS as usize + 1];
    let Some((&missing, present)) = counts.split_last() else { return bins };
    bins[BINS as usize] = missing;
    let n = total(present)[0];
    let mut below = 0;
    for &sides in present {
        let bin = (below * BINS).checked_div(n).unwrap_or(0).min(BINS - 1);
        add(&mut bins[bin as usize], sides);
        below += u64::from(sides[0]);
    }
    bins
}

/// Returns the counts of a column without an order by bin: categories each their own, but one bin
/// for all that fewer than 1 % of the rows of either side have, and one for missing values.
///
/// What is rare on both sides differs by chance, and a thousand such categories would outweigh
/// everything else. (Deepchecks pools at the same share, `min_category_size_ratio`.)
pub fn by_category(counts: &[Sides]) -> Vec<Sides> {
    let n = total(counts);
    let mut bins = vec![[0; 2]; 2];
    let Some((&missing, present)) = counts.split_last() else { return bins };
    bins[0] = missing;
    for &sides in present {
        let is_rare = |side: usize| u64::from(sides[side]) * RARE < n[side];
        if is_rare(0) && is_rare(1) {
            add(&mut bins[1], sides);
        } else {
            bins.push(sides);
        }
    }
    bins
}

/// Returns the population stability index of counts by bin: `Σ (p − q) · ln(p / q)` over the shares
/// of the bins among the others and in the baseline. `None` where a side has no rows.
///
/// By convention below 0.1 is calm, and above 0.25 a different population. A share below 0.0001
/// counts as 0.0001: a bin that is empty on one side would make the index infinite otherwise. That
/// is what Evidently puts in place of empty bins (`get_binned_data`); here it is the least of all
/// shares, so that a bin with few rows never weighs more than one with none.
///
/// # References
///
/// N. Siddiqi, *Credit Risk Scorecards*, Wiley, 2006, where the index and its usual bounds are from.
pub fn stability_index(bins: &[Sides]) -> Option<f64> {
    let n = total(bins);
    if n.contains(&0) {
        return None;
    }
    let share = |sides: Sides, side: usize| {
        let share = f64::from(sides[side]) / n[side] as f64;
        share.max(FLOOR)
    };
    let part = |&sides: &Sides| {
        let (q, p) = (share(sides, 0), share(sides, 1));
        (p - q) * libm::log(p / q)
    };
    Some(bins.iter().map(part).sum())
}

/// Returns the largest difference between the two distribution functions of an ordered column, from
/// 0 to 1: the statistic of Kolmogorov and Smirnov. Missing values are left out; `None` where a side
/// has no value.
///
/// It is counted in integers, and is that of the values wherever each has a code of its own.
pub fn largest_gap(counts: &[Sides]) -> Option<f64> {
    let (_, present) = counts.split_last()?;
    let n = total(present);
    if n.contains(&0) {
        return None;
    }
    let (mut below, mut largest) = ([0; 2], 0);
    for &sides in present {
        below = [below[0] + u64::from(sides[0]), below[1] + u64::from(sides[1])];
        // Rows are counted in 32 bits, so no product exceeds 64.
        largest = largest.max((below[0] * n[1]).abs_diff(below[1] * n[0]));
    }
    Some(largest as f64 / (n[0] * n[1]) as f64)
}

/// All rows of each side.
fn total(counts: &[Sides]) -> [u64; 2] {
    counts
        .iter()
        .fold([0; 2], |sum, sides| [sum[0] + u64::from(sides[0]), sum[1] + u64::from(sides[1])])
}

fn add(sum: &mut Sides, sides: Sides) {
    *sum = [sum[0] + sides[0], sum[1] + sides[1]];
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_shares_do_not_differ_whatever_their_number() {
        let counts = [[3, 9], [0, 0], [4, 12], [1, 3]];
        for bins in [by_quantile(&counts), by_category(&counts)] {
            assert_eq!(stability_index(&bins), Some(0.0));
        }
        assert_eq!(largest_gap(&counts), Some(0.0));
    }

    #[test]
    fn what_has_nothing_in_common_differs_by_all() {
        let counts = [[7, 0], [0, 2], [0, 0]];
        assert_eq!(largest_gap(&counts), Some(1.0));
        let expected = 2.0 * (1.0 - FLOOR) * libm::log(1.0 / FLOOR);
        for bins in [by_quantile(&counts), by_category(&counts)] {
            let found = stability_index(&bins).expect("both sides have rows");
            assert!((found - expected).abs() < 1e-12, "{found}");
        }
    }

    #[test]
    fn where_a_side_has_no_rows_nothing_is_said() {
        for counts in [&[][..], &[[0, 0]], &[[3, 0], [0, 0]], &[[0, 3], [0, 1]]] {
            assert_eq!(stability_index(&by_quantile(counts)), None);
            assert_eq!(stability_index(&by_category(counts)), None);
            assert_eq!(largest_gap(counts), None);
        }
        // All are missing on one side: the bins tell, the distribution functions cannot.
        let counts = [[0, 3], [2, 0]];
        assert!(stability_index(&by_quantile(&counts)).is_some_and(|index| index > 1.0));
        assert_eq!(largest_gap(&counts), None);
    }

    #[test]
    fn categories_that_are_rare_on_both_sides_are_one_bin() {
        let mut counts = vec![[900, 800], [9, 9], [0, 20], [8, 0]];
        counts.extend([[1, 1]; 50]);
        counts.push([33, 121]);
        let n = total(&counts);
        assert_eq!(n, [1_000, 1_000]);
        assert_eq!(by_category(&counts), [[33, 121], [67, 59], [900, 800], [0, 20]]);
    }

    #[test]
    fn the_largest_tables_do_not_overflow() {
        let counts = [[u32::MAX, 0], [0, u32::MAX], [0, 0]];
        assert_eq!(largest_gap(&counts), Some(1.0));
        assert!(stability_index(&by_quantile(&counts)).is_some_and(f64::is_finite));
    }

    proptest! {
        #[test]
        fn no_row_is_lost_between_bins(counts in prop::collection::vec(any::<[u8; 2]>(), 1..60)) {
            let counts: Vec<Sides> = counts.iter().map(|sides| sides.map(u32::from)).collect();
            prop_assert_eq!(total(&by_quantile(&counts)), total(&counts));
            prop_assert_eq!(total(&by_category(&counts)), total(&counts));
            prop_assert!(largest_gap(&counts).is_none_or(|gap| (0.0..=1.0).contains(&gap)));
            let index = stability_index(&by_quantile(&counts));
            prop_assert!(index.is_none_or(|index| index >= 0.0 && index.is_finite()));
        }
    }
}
