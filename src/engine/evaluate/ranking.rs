//! Rows by oddness.

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
    keys.sort_unstable();
    keys.into_iter().map(|(_, row)| row).collect()
}
