//! The threshold's handle on a score histogram.

use super::histogram::Histogram;
use super::scale::Scale;

/// A handle to drag along a score axis, and to move by keyboard.
///
/// # Examples
///
/// ```
/// use isoscope::chart::{Handle, Scale};
///
/// let handle = Handle::new(Scale::linear((0.4, 0.8), (40.0, 440.0)));
/// assert_eq!(handle.score_from_x(440.0), 0.8);
/// assert_eq!(handle.x_from_score(0.6).round(), 240.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Handle {
    x: Scale,
}

/// A press of a key while the handle has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nudge {
    /// To the next lower edge that flags more rows.
    Down,
    /// To the next higher edge that flags fewer rows.
    Up,
    /// To the lowest edge: everything is flagged.
    First,
    /// To the highest edge.
    Last,
}

impl Handle {
    /// Puts a handle on the axis of a histogram.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Handle, Scale};
    ///
    /// let handle = Handle::new(Scale::linear((0.0, 1.0), (0.0, 10.0)));
    /// assert_eq!(handle.x_from_score(0.5), 5.0);
    /// ```
    pub fn new(x: Scale) -> Self {
        Self { x }
    }

    /// The score under a pointer; beyond the axis, the nearer end.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Handle, Scale};
    ///
    /// let handle = Handle::new(Scale::linear((0.3, 0.9), (0.0, 600.0)));
    /// assert_eq!(handle.score_from_x(-20.0), 0.3);
    /// ```
    pub fn score_from_x(&self, x: f64) -> f64 {
        self.x.invert(x)
    }

    /// Where the handle stands at a score; it stays within the axis.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Handle, Scale};
    ///
    /// let handle = Handle::new(Scale::linear((0.3, 0.9), (0.0, 600.0)));
    /// assert_eq!(handle.x_from_score(1.0), 600.0);
    /// ```
    pub fn x_from_score(&self, score: f64) -> f64 {
        let (low, high) = self.x.domain();
        self.x.map(score.clamp(low, high))
    }

    /// The score after a press of a key.
    ///
    /// Steps go from edge to edge and over bins without rows, so every press changes what is
    /// flagged, as long as there is anything left to change.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Handle, Histogram, Nudge, Scale};
    ///
    /// let histogram = Histogram::from_bins([(0.0, 0.25, 9), (0.25, 0.5, 0), (0.5, 0.75, 0), (0.75, 1.0, 1)]);
    /// let handle = Handle::new(Scale::linear(histogram.domain(), (0.0, 100.0)));
    /// assert_eq!(handle.nudge(&histogram, 0.1, Nudge::Up), 0.25);
    /// assert_eq!(handle.nudge(&histogram, 0.25, Nudge::Up), 1.0);
    /// assert_eq!(handle.nudge(&histogram, 0.75, Nudge::Down), 0.0);
    /// ```
    pub fn nudge(&self, histogram: &Histogram, score: f64, nudge: Nudge) -> f64 {
        let (first, last) = histogram.domain();
        let mut taken =
            histogram.edges().windows(2).zip(histogram.counts()).filter(|&(_, &n)| n > 0);
        match nudge {
            Nudge::First => first,
            Nudge::Last => last,
            Nudge::Up => taken.find(|(edges, _)| edges[1] > score).map_or(last, |(e, _)| e[1]),
            Nudge::Down => taken.rfind(|(edges, _)| edges[0] < score).map_or(first, |(e, _)| e[0]),
        }
    }
}
