//! Bins and their bars.

use super::path::Rect;
use super::scale::Scale;

/// How many values lie in each of adjacent intervals.
///
/// Bin `i` holds the values from `edges[i]` up to, but not including, `edges[i + 1]`; the last bin
/// also holds its upper edge. The comparison is exact, so "at or above an edge" and "in the bins
/// from there on" are the same rows.
///
/// # Examples
///
/// ```
/// use isoscope::chart::Histogram;
///
/// let histogram = Histogram::new([0.0, 0.4, 0.5, 1.0], (0.0, 1.0), 2);
/// assert_eq!(histogram.counts(), [2, 2]);
/// assert_eq!(histogram.edges(), [0.0, 0.5, 1.0]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    edges: Vec<f64>,
    counts: Vec<u32>,
}

impl Histogram {
    /// Counts `values` in `n_bins` bins of equal width over `domain`; those outside are left out.
    ///
    /// A domain too narrow for so many distinct edges gets as many bins as it has; one of a single
    /// value gets one bin.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Histogram;
    ///
    /// assert_eq!(Histogram::new([7.0, 7.0], (7.0, 7.0), 40).counts(), [2]);
    /// ```
    pub fn new(values: impl IntoIterator<Item = f64>, domain: (f64, f64), n_bins: u32) -> Self {
        let n_bins = n_bins.max(1);
        let bins = Scale::linear(domain, (0.0, f64::from(n_bins)));
        // `invert` stays within the domain, so the last edge is the largest value there can be.
        let mut edges: Vec<f64> = (0..=n_bins).map(|edge| bins.invert(f64::from(edge))).collect();
        // In a domain of a few doubles, edges meet or even cross in the last bit.
        let mut highest = f64::NEG_INFINITY;
        edges.retain(|&edge| {
            let is_higher = edge > highest;
            highest = highest.max(edge);
            is_higher
        });
        if edges.len() == 1 {
            edges.push(edges[0]);
        }
        let mut histogram = Self { counts: vec![0; edges.len() - 1], edges };
        for value in values {
            if let Some(bin) = histogram.bin_of(value) {
                histogram.counts[bin] += 1;
            }
        }
        histogram
    }

    /// Takes bins that were counted elsewhere: `(low, high, count)`, adjacent and ascending.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Histogram;
    ///
    /// let histogram = Histogram::from_bins([(0.0, 9.0, 4), (9.0, 99.0, 1)]);
    /// assert_eq!(histogram.domain(), (0.0, 99.0));
    /// ```
    pub fn from_bins(bins: impl IntoIterator<Item = (f64, f64, u32)>) -> Self {
        let (mut edges, mut counts) = (Vec::new(), Vec::new());
        for (low, high, count) in bins {
            if edges.is_empty() {
                edges.push(low);
            }
            edges.push(high);
            counts.push(count);
        }
        if edges.is_empty() {
            edges = vec![0.0, 0.0];
            counts = vec![0];
        }
        Self { edges, counts }
    }

    /// The bins' edges, ascending; one more than there are bins.
    pub fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// How many values each bin holds.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// The lowest and the highest edge.
    pub fn domain(&self) -> (f64, f64) {
        (self.edges[0], self.edges[self.counts.len()])
    }

    /// The largest count.
    pub fn max(&self) -> u32 {
        self.counts.iter().copied().max().unwrap_or(0)
    }

    /// The bin that holds `value`, or would; `None` outside the domain.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Histogram;
    ///
    /// let histogram = Histogram::new([], (0.0, 1.0), 4);
    /// assert_eq!(histogram.bin_of(0.25), Some(1));
    /// assert_eq!(histogram.bin_of(1.0), Some(3));
    /// assert_eq!(histogram.bin_of(1.1), None);
    /// ```
    pub fn bin_of(&self, value: f64) -> Option<usize> {
        let (low, high) = self.domain();
        if !(low..=high).contains(&value) {
            return None;
        }
        let n_edges_at_or_below = self.edges.partition_point(|&edge| edge <= value);
        Some((n_edges_at_or_below - 1).min(self.counts.len() - 1))
    }

    /// The bars: one rectangle per bin, empty bins included, in pixels.
    ///
    /// `y` maps counts, zero at its foot. A bin that is not empty is at least one pixel high, and
    /// neighbours wide enough stand a pixel apart. The one bin of a single value fills the range.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Histogram, Scale};
    ///
    /// let histogram = Histogram::from_bins([(0.0, 1.0, 100_000), (1.0, 2.0, 1), (2.0, 3.0, 0)]);
    /// let x = Scale::linear(histogram.domain(), (0.0, 30.0));
    /// let y = Scale::linear((0.0, 100_000.0), (100.0, 0.0));
    /// let heights: Vec<_> = histogram.bars(&x, &y).iter().map(|bar| bar.height).collect();
    /// assert_eq!(heights, [100.0, 1.0, 0.0]);
    /// ```
    pub fn bars(&self, x: &Scale, y: &Scale) -> Vec<Rect> {
        const GAP: f64 = 1.0;
        let foot = y.map(0.0);
        let bar = |(edges, &count): (&[f64], &u32)| {
            let is_point = x.domain().0 == x.domain().1;
            let (left, right) =
                if is_point { x.range() } else { (x.map(edges[0]), x.map(edges[1])) };
            let (left, right) = (left.min(right), left.max(right));
            let inset = if right - left > 3.0 * GAP { GAP / 2.0 } else { 0.0 };
            let least = if count == 0 { 0.0 } else { 1.0 };
            let height = (foot - y.map(f64::from(count))).abs().max(least);
            Rect { x: left + inset, y: foot - height, width: right - left - 2.0 * inset, height }
        };
        self.edges.windows(2).zip(&self.counts).map(bar).collect()
    }
}
