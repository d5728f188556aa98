//! Signed bars around a common zero.

/// A bar that starts at zero, in pixels from the left edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignedBar {
    /// Its left end.
    pub x: f64,
    /// Its length; at least one pixel unless its value is zero.
    pub width: f64,
    /// Whether its value is below zero, so that it lies left of the middle.
    pub is_negative: bool,
}

/// Bars for `values` in `width` pixels: zero in the middle, the largest reaching the edge.
///
/// One scale serves both sides, so lengths can be compared across zero.
///
/// # Examples
///
/// ```
/// use isoscope::chart::signed_bars;
///
/// let bars = signed_bars(&[-2.0, 1.0, 0.0], 100.0);
/// assert_eq!((bars[0].x, bars[0].width, bars[0].is_negative), (0.0, 50.0, true));
/// assert_eq!((bars[1].x, bars[1].width, bars[1].is_negative), (50.0, 25.0, false));
/// assert_eq!(bars[2].width, 0.0);
/// ```
pub fn signed_bars(values: &[f64], width: f64) -> Vec<SignedBar> {
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let middle = width / 2.0;
    let bar = |&value: &f64| {
        let share = if largest == 0.0 { 0.0 } else { value.abs() / largest };
        let least = if value == 0.0 { 0.0 } else { middle.min(1.0) };
        let length = (share * middle).max(least);
        let is_negative = value < 0.0;
        SignedBar {
            x: if is_negative { middle - length } else { middle },
            width: length,
            is_negative,
        }
    };
    values.iter().map(bar).collect()
}
