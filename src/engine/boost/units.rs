//! Fixed point: weights and votes are integers, so nobody can tell who added first.

/// The weight that rows have on the mean: every sum of weights is in units of 2⁻³² of it.
///
/// Up to 2³¹ weights stay below 2⁶³ together.
pub const MEAN_WEIGHT: u64 = 1 << 32;

/// A vote of 1: votes are in units of 2⁻³².
pub const VOTE: f64 = 4_294_967_296.0;

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
