//! Fixed point: weights and votes are integers, so nobody can tell who added first.

/// The weight of which `n_weights` have on the mean: every sum of them is in units of a part of it.
///
/// The largest power of two for which they stay below 2⁶³ together, but 2⁴⁴ at most: 2³¹ of them have
/// 2³². What is rounded away in each round then is far below what the criterion can tell.
pub(super) fn mean_weight(n_weights: u64) -> u64 {
    let bits = u64::BITS - n_weights.leading_zeros();
    1 << (63 - bits).min(44)
}

/// A vote of 1: votes are in units of 2⁻⁴⁰, and ten thousand of the largest stay below 2⁶³ together.
pub const VOTE: f64 = (1_u64 << 40) as f64;

/// A vote in fixed point, rounded once.
pub(super) fn vote(value: f64) -> i64 {
    (value * VOTE).round() as i64
}

/// A vote as a number.
pub fn value(vote: i64) -> f64 {
    vote as f64 / VOTE
}

/// A weight times a factor, rounded, and never less than one unit.
#[inline]
pub(super) fn scaled(weight: u64, factor: f64) -> u64 {
    // Weights are below 2⁶³, and signed numbers are converted faster.
    let scaled = (weight.cast_signed() as f64 * factor + 0.5) as i64;
    scaled.max(1) as u64
}
