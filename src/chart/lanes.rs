//! Lanes: strips of equal cells, each as high as what it holds is worth.

use super::path::Rect;

/// The bars of one strip, level by level; a cell of level `n` is `heights[n - 1]` high, one of level
/// 0 is empty.
///
/// Bars stand on the strip's lower edge, which is as far down as the largest height; neighbours of
/// one level are one bar.
///
/// # Examples
///
/// ```
/// use isoscope::chart::{Rect, lanes::bars};
///
/// let [low, high] = bars(&[1, 1, 0, 2], 6.0, [4.0, 10.0]);
/// assert_eq!(low, [Rect { x: 0.0, y: 6.0, width: 12.0, height: 4.0 }]);
/// assert_eq!(high, [Rect { x: 18.0, y: 0.0, width: 6.0, height: 10.0 }]);
/// ```
pub fn bars<const N: usize>(levels: &[u8], cell: f64, heights: [f64; N]) -> [Vec<Rect>; N] {
    let bottom = heights.iter().copied().fold(0.0, f64::max);
    let mut bars = [const { Vec::new() }; N];
    let mut start = 0;
    for run in levels.chunk_by(|a, b| a == b) {
        let level = usize::from(run[0]);
        if (1..=N).contains(&level) {
            let height = heights[level - 1];
            let (x, width) = (start as f64 * cell, run.len() as f64 * cell);
            bars[level - 1].push(Rect { x, y: bottom - height, width, height });
        }
        start += run.len();
    }
    bars
}

/// The cell that is not empty whose middle is nearest to `x`, no further than `reach` pixels from
/// it; of equally near ones the first.
///
/// # Examples
///
/// ```
/// use isoscope::chart::lanes::nearest;
///
/// assert_eq!(nearest(&[0, 7, 0, 1], 6.0, 13.0, 9.0), Some(1));
/// assert_eq!(nearest(&[0, 7, 0, 1], 6.0, 40.0, 9.0), None);
/// ```
pub fn nearest(counts: &[u32], cell: f64, x: f64, reach: f64) -> Option<usize> {
    let distance = |i: usize| ((i as f64 + 0.5) * cell - x).abs();
    let taken = (0..counts.len()).filter(|&i| counts[i] > 0 && distance(i) <= reach);
    taken.min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
}
