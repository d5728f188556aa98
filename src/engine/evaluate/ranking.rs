//! Rows by oddness.

use crate::arrange::sort_pairs;

/// Returns all rows by score descending, then row ascending.
///
/// Scores lie in (0, 1]; takes O(n log n) time.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::ranking;
///
/// assert_eq!(ranking(&[0.4, 0.7, 0.4, 0.9]), [3, 1, 0, 2]);
/// ```
pub fn ranking(scores: &[f64]) -> Vec<u32> {
    // Positive doubles are ordered like their bits; turned over, the largest comes first.
    let mut keys: Vec<(u64, u32)> =
        scores.iter().zip(0..).map(|(score, row)| (!score.to_bits(), row)).collect();
    sort_pairs(&mut keys);
    keys.into_iter().map(|(_, row)| row).collect()
}

/// Returns the rank of each row, 1 = oddest; equal scores share the smallest.
///
/// `ranking` holds all rows by score descending.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::{ranking, ranks};
///
/// let scores = [0.4, 0.7, 0.4, 0.9];
/// assert_eq!(ranks(&scores, &ranking(&scores)), [3, 2, 3, 1]);
/// ```
pub fn ranks(scores: &[f64], ranking: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; scores.len()];
    let mut rank = 0;
    let mut before = f64::NAN;
    for (place, &row) in (1..).zip(ranking) {
        let score = scores[row as usize];
        if score != before {
            rank = place;
            before = score;
        }
        ranks[row as usize] = rank;
    }
    ranks
}
