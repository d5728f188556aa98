//! Drawing rows.

use crate::random::{below, stream};

/// Draws `n` of the numbers below `of`, each set equally likely; ascending. All, where there are no more.
///
/// # References
///
/// D. E. Knuth, *The Art of Computer Programming* 2, 3rd edition, § 3.4.2, algorithm S.
pub fn draw(n: u32, of: u32, seed: u64, index: u64) -> Vec<u32> {
    let mut rng = stream(seed, index);
    let mut drawn = Vec::with_capacity(n.min(of) as usize);
    for number in 0..of {
        let wanted = n.min(of) - drawn.len() as u32;
        if wanted > 0 && below(&mut rng, of - number) < wanted {
            drawn.push(number);
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_drawn_as_often_as_any_other() {
        let mut counts = [0_u32; 10];
        for index in 0..10_000 {
            let drawn = draw(3, 10, 7, index);
            assert_eq!(drawn.len(), 3);
            assert!(drawn.is_sorted_by(|a, b| a < b));
            for number in drawn {
                counts[number as usize] += 1;
            }
        }
        // Four standard deviations of a binomial with 10,000 draws of 3/10 are 183.
        assert!(counts.iter().all(|count| count.abs_diff(3_000) < 183), "{counts:?}");
        assert_eq!(draw(5, 3, 7, 0), [0, 1, 2]);
    }
}
