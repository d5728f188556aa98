//! Scales: between data and pixels, both ways.

use super::ticks::{self, Tick};

/// How a scale spaces its domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Equal differences, equal distances.
    Linear,
    /// Symmetric logarithm, `sign(v) · log10(1 + |v|)`: zero and negatives have a place.
    Log,
    /// Linear in seconds since 1970-01-01 UTC, with ticks on the calendar.
    Time,
}

impl Kind {
    /// From data to the space in which this kind is linear.
    pub(super) fn forward(self, value: f64) -> f64 {
        match self {
            Self::Linear | Self::Time => value,
            Self::Log => libm::log10(1.0 + value.abs()).copysign(value),
        }
    }

    /// The inverse of `forward`.
    fn backward(self, value: f64) -> f64 {
        match self {
            Self::Linear | Self::Time => value,
            // expm1, since exp(x) - 1 would lose what is near zero; the largest double overshoots.
            Self::Log => {
                libm::expm1(value.abs() * core::f64::consts::LN_10).min(f64::MAX).copysign(value)
            }
        }
    }
}

/// A continuous scale: maps a domain of data onto a range of pixels, and back.
///
/// The domain ascends (ends given the other way round are swapped); the range may descend, as that
/// of a vertical axis does. Infinite ends become the largest finite number, NaN becomes zero.
///
/// # Examples
///
/// ```
/// use isoscope::chart::Scale;
///
/// let y = Scale::linear((0.0, 50.0), (200.0, 0.0));
/// assert_eq!(y.map(10.0), 160.0);
/// assert_eq!(y.invert(160.0), 10.0);
/// ```
///
/// # References
///
/// M. Bostock et al., *d3-scale*: continuous scales.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    kind: Kind,
    domain: (f64, f64),
    /// The domain's ends in the space in which the kind is linear.
    extent: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// Returns a scale of a kind that is only known at run time.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Kind, Scale};
    ///
    /// assert_eq!(Scale::new(Kind::Linear, (0.0, 1.0), (0.0, 9.0)), Scale::linear((0.0, 1.0), (0.0, 9.0)));
    /// ```
    pub fn new(kind: Kind, domain: (f64, f64), range: (f64, f64)) -> Self {
        let (a, b) = (finite(domain.0), finite(domain.1));
        let domain = (a.min(b), a.max(b));
        let extent = (kind.forward(domain.0), kind.forward(domain.1));
        Self { kind, domain, extent, range: (finite(range.0), finite(range.1)) }
    }

    /// Returns a linear scale.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Scale;
    ///
    /// assert_eq!(Scale::linear((0.0, 10.0), (0.0, 100.0)).map(5.0), 50.0);
    /// ```
    pub fn linear(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self::new(Kind::Linear, domain, range)
    }

    /// Returns a symmetric logarithmic scale.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Scale;
    ///
    /// let x = Scale::log((0.0, 999.0), (0.0, 300.0));
    /// assert_eq!(x.map(9.0).round(), 100.0);
    /// assert_eq!(x.map(99.0).round(), 200.0);
    /// ```
    pub fn log(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self::new(Kind::Log, domain, range)
    }

    /// Returns a scale of seconds since 1970-01-01 UTC.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Scale;
    ///
    /// let x = Scale::time((0.0, 86_400.0), (0.0, 800.0));
    /// let labels: Vec<_> = x.ticks(5).into_iter().map(|tick| tick.label).collect();
    /// assert_eq!(labels, ["1 Jan 1970", "06:00", "12:00", "18:00", "2 Jan"]);
    /// ```
    pub fn time(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self::new(Kind::Time, domain, range)
    }

    /// How this scale spaces its domain.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Smallest and largest value, in data units.
    pub fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// Where the domain's ends stand, in pixels.
    pub fn range(&self) -> (f64, f64) {
        self.range
    }

    /// Maps a data value to a position; a domain without extent maps to the middle of the range.
    ///
    /// Values outside the domain land outside the range, where a clip path hides them.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Scale;
    ///
    /// assert_eq!(Scale::linear((0.0, 1.0), (0.0, 80.0)).map(1.5), 120.0);
    /// assert_eq!(Scale::linear((3.0, 3.0), (0.0, 80.0)).map(3.0), 40.0);
    /// ```
    pub fn map(&self, value: f64) -> f64 {
        // Further than this nobody looks, and infinity times zero would be no position at all.
        const FAR: f64 = 1e6;
        let t = unlerp(self.extent, self.kind.forward(finite(value)));
        lerp(self.range, t.clamp(-FAR, FAR))
    }

    /// Maps a position back to a data value: the inverse of [`map`](Self::map) within the domain.
    ///
    /// A position beyond the range gives the nearer end, as a dragged handle wants it.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Scale;
    ///
    /// let x = Scale::linear((0.3, 0.8), (40.0, 740.0));
    /// assert_eq!(x.invert(740.0), 0.8);
    /// assert_eq!(x.invert(9_999.0), 0.8);
    /// ```
    pub fn invert(&self, position: f64) -> f64 {
        let t = unlerp(self.range, finite(position)).clamp(0.0, 1.0);
        // The ends have gone through the logarithm and may not come back exactly.
        self.kind.backward(lerp(self.extent, t)).clamp(self.domain.0, self.domain.1)
    }

    /// Widens the domain to round values, about `n` ticks apart.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Scale;
    ///
    /// let x = Scale::linear((0.317, 0.846), (0.0, 700.0)).nice(5);
    /// assert_eq!(x.domain(), (0.3, 0.9));
    /// ```
    #[must_use]
    pub fn nice(&self, n: u32) -> Self {
        Self::new(self.kind, ticks::nice(self.kind, self.domain, n), self.range)
    }

    /// Returns about `n` ticks at round values within the domain, ascending.
    ///
    /// Their labels have as many digits as tell them apart, and no more.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Scale;
    ///
    /// let ticks = Scale::linear((0.32, 0.81), (0.0, 490.0)).ticks(5);
    /// let labels: Vec<_> = ticks.iter().map(|tick| tick.label.as_str()).collect();
    /// assert_eq!(labels, ["0.4", "0.5", "0.6", "0.7", "0.8"]);
    /// assert_eq!(ticks[0].position.round(), 80.0);
    /// ```
    pub fn ticks(&self, n: u32) -> Vec<Tick> {
        ticks::ticks(self.kind, self.domain, n)
            .into_iter()
            .map(|(value, label)| Tick { value, position: self.map(value), label })
            .collect()
    }
}

/// The nearest finite number; NaN is taken for zero.
fn finite(value: f64) -> f64 {
    if value.is_nan() { 0.0 } else { value.clamp(f64::MIN, f64::MAX) }
}

// Not `start + t * (end - start)`: this form meets both ends exactly.
fn lerp((start, end): (f64, f64), t: f64) -> f64 {
    (1.0 - t) * start + t * end
}

fn unlerp((start, end): (f64, f64), value: f64) -> f64 {
    if start == end {
        0.5
    } else if (end - start).is_finite() && (value - start).is_finite() {
        (value - start) / (end - start)
    } else {
        // From one end of the doubles to the other the difference overflows; half of it does not.
        (value / 2.0 - start / 2.0) / (end / 2.0 - start / 2.0)
    }
}
