//! Sorting, made once.
//!
//! The standard library's sorts are made anew for every type and every order, some kilobytes each.
//! What is sorted by the million is brought to one of four types here; for all else [`arrange`] sorts
//! places, stably.

use std::{cmp::Ordering, mem};

/// Sorts things; equal ones stay in their order.
pub fn arrange<T>(things: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = order(things.len(), &mut |a, b| compare(&things[a], &things[b]));
    let mut taken: Vec<Option<T>> = Vec::with_capacity(things.len());
    for thing in mem::take(things) {
        taken.push(Some(thing));
    }
    for at in order {
        things.extend(taken[at].take());
    }
}

/// The numbers below `n` in the order that `compare` gives them; equal ones ascend.
pub fn order(n: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| compare(a, b));
    order
}

/// Sorts codes.
#[inline(never)]
pub fn sort_u16(numbers: &mut [u16]) {
    numbers.sort_unstable();
}

/// Sorts rows.
#[inline(never)]
pub fn sort_u32(numbers: &mut [u32]) {
    numbers.sort_unstable();
}

/// Sorts keys; numbers by their [`ascending_bits`].
#[inline(never)]
pub fn sort_u64(keys: &mut [u64]) {
    keys.sort_unstable();
}

/// Sorts pairs.
#[inline(never)]
pub fn sort_pairs(pairs: &mut [(u64, u32)]) {
    pairs.sort_unstable();
}

/// Sorts numbers, −0 before 0, and NaN behind all.
pub fn sort_f64(numbers: &mut [f64]) {
    // In place: an f64 has room for its own key.
    for number in &mut *numbers {
        *number = f64::from_bits(ascending_bits(*number));
    }
    sort_u64(bytemuck::cast_slice_mut(numbers));
    for number in numbers {
        *number = of_ascending_bits(number.to_bits());
    }
}

/// Bits that are ordered as numbers are (`f64::total_cmp`).
pub fn ascending_bits(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The number of some [`ascending_bits`].
pub fn of_ascending_bits(bits: u64) -> f64 {
    f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_sorted_as_their_total_order_has_them(mut numbers: Vec<f64>) {
            let mut expected = numbers.clone();
            expected.sort_by(f64::total_cmp);
            sort_f64(&mut numbers);
            let bits = |numbers: &[f64]| numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&numbers), bits(&expected));
        }

        #[test]
        fn it_is_the_standard_librarys_order(mut things: Vec<(u8, u32)>) {
            let mut expected = things.clone();
            expected.sort_by_key(|&(key, _)| key);
            arrange(&mut things, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(things, expected);
        }
    }
}
