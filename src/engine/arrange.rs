//! Stable sorting where it is not the speed that counts.
//!
//! The standard library's sorts are made anew for every type and every order, some kilobytes each;
//! here they are made once. What is sorted by the million uses them directly.

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_standard_librarys_order(mut things: Vec<(u8, u32)>) {
            let mut expected = things.clone();
            expected.sort_by_key(|&(key, _)| key);
            arrange(&mut things, |a, b| a.0.cmp(&b.0));
            prop_assert_eq!(things, expected);
        }
    }
}
