//! Lines across parallel axes.

use std::fmt::Write;

/// Where the `n` axes of an area stand that reaches from `left` to `right`: evenly, the outer ones at
/// its ends; a single one in the middle.
pub fn axes(n: usize, (left, right): (f64, f64)) -> Vec<f64> {
    let step = if n > 1 { (right - left) / (n - 1) as f64 } else { 0.0 };
    let first = if n > 1 { left } else { f64::midpoint(left, right) };
    (0..n).map(|axis| first + step * axis as f64).collect()
}

/// The line of one row as an SVG path: `places` are from 0 (below) to 1 (above), NaN where there is no
/// value: such a point stands on `floor`.
///
/// # Examples
///
/// ```
/// use isoscope::chart::parallel::{axes, line};
///
/// let xs = axes(3, (0.0, 20.0));
/// assert_eq!(line(&[0.0, 1.0, f32::NAN], &xs, (100.0, 0.0), 120.0), "M0 100L10 0L20 120");
/// ```
pub fn line(places: &[f32], xs: &[f64], (below, above): (f64, f64), floor: f64) -> String {
    let mut path = String::new();
    for (place, x) in places.iter().zip(xs) {
        let place = f64::from(*place);
        let y = if place.is_nan() { floor } else { below + (above - below) * place };
        let pen = if path.is_empty() { 'M' } else { 'L' };
        // To a tenth of a pixel.
        let tenth = |number: f64| (number * 10.0).round() / 10.0;
        write!(path, "{pen}{} {}", tenth(*x), tenth(y)).expect("writing to a string cannot fail");
    }
    path
}
