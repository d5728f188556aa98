//! Where an axis is marked: round values, by integer steps.

use super::calendar::Span;
use super::format;
use super::scale::Kind;

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Its value, in data units.
    pub value: f64,
    /// Where it stands, in pixels.
    pub position: f64,
    /// What stands beside it.
    pub label: String,
}

/// About `n` round values within `domain`, ascending, with their labels.
pub(super) fn ticks(kind: Kind, domain: (f64, f64), n: u32) -> Vec<(f64, String)> {
    match kind {
        Kind::Linear => linear(domain, n),
        Kind::Log => logarithmic(domain, n),
        Kind::Time => match Span::between(domain, n) {
            Some(_) if is_within_seconds(domain, n) => fractions(domain, n),
            Some(span) => span.within(domain).map(|time| (time, span.label(time))).collect(),
            None => linear(domain, n),
        },
    }
}

/// Whether `n` ticks of a time axis would stand less than a second apart.
fn is_within_seconds((start, end): (f64, f64), n: u32) -> bool {
    end - start < 0.5 * f64::from(n.max(2))
}

/// Ticks between seconds: `.25`, and the second itself as ever.
fn fractions(domain: (f64, f64), n: u32) -> Vec<(f64, String)> {
    let Some(step) = Step::between(domain, n) else {
        return vec![(domain.0, format::time(domain.0))];
    };
    let decimals = usize::try_from(-step.power).unwrap_or(0);
    let label = |time: f64| match time.rem_euclid(1.0) {
        0.0 => Span::Seconds(1).label(time),
        fraction => format::fixed(fraction, decimals).trim_start_matches('0').to_owned(),
    };
    step.within(domain).into_iter().map(|time| (time, label(time))).collect()
}

/// The domain widened to values that would be ticks.
pub(super) fn nice(kind: Kind, domain: (f64, f64), n: u32) -> (f64, f64) {
    match kind {
        Kind::Linear => nice_linear(domain, n),
        Kind::Log => (-decade_beyond(-domain.0), decade_beyond(domain.1)),
        Kind::Time => match Span::between(domain, n) {
            Some(_) if is_within_seconds(domain, n) => nice_linear(domain, n),
            Some(span) => (span.floor(domain.0), span.ceil(domain.1)),
            None => nice_linear(domain, n),
        },
    }
}

/// A step of `factor · 10^power`. Ticks are integers times a step, so they do not add up errors.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Step {
    /// 1, 2 or 5.
    factor: f64,
    power: i32,
}

impl Step {
    /// The step that comes nearest to `n` steps across the domain; `None` if it has no extent.
    ///
    /// # References
    ///
    /// M. Bostock, *d3-array*, `tickIncrement`.
    fn between((start, end): (f64, f64), n: u32) -> Option<Self> {
        // Divided first: the difference of two doubles may be too large for one.
        let n = f64::from(n.max(2));
        let target = end / n - start / n;
        if target <= 0.0 {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a double's exponent is small")]
        let power = (libm::log10(target).floor() as i32).max(-300);
        let excess = target / power_of_ten(power);
        // The geometric means between 1, 2, 5 and 10.
        let (factor, power) = match excess {
            _ if power >= 308 => (1.0, 308),
            _ if excess >= 50_f64.sqrt() => (1.0, power + 1),
            _ if excess >= 10_f64.sqrt() => (5.0, power),
            _ if excess >= 2_f64.sqrt() => (2.0, power),
            _ => (1.0, power),
        };
        Some(Self { factor, power })
    }

    /// The `i`-th multiple of the step. Negative powers divide: 3 / 10 is 0.3, 3 · 0.1 is not.
    fn at(self, i: f64) -> f64 {
        if self.power < 0 {
            i * self.factor / power_of_ten(-self.power)
        } else {
            i * self.factor * power_of_ten(self.power)
        }
    }

    /// How many steps `value` is from zero.
    fn index(self, value: f64) -> f64 {
        if self.power < 0 {
            value * power_of_ten(-self.power) / self.factor
        } else {
            value / power_of_ten(self.power) / self.factor
        }
    }

    /// The last multiple that does not exceed `value`; rounding must not lose one that equals it.
    fn floor(self, value: f64) -> f64 {
        let i = self.index(value).round();
        if self.at(i) > value { i - 1.0 } else { i }
    }

    /// The first multiple that is not below `value`.
    fn ceil(self, value: f64) -> f64 {
        let i = self.index(value).round();
        if self.at(i) < value { i + 1.0 } else { i }
    }

    /// The multiples within a domain, ascending.
    fn within(self, (start, end): (f64, f64)) -> Vec<f64> {
        let (first, last) = (self.ceil(start), self.floor(end));
        #[expect(clippy::cast_possible_truncation, reason = "about as many as were asked for")]
        let n_steps = (last - first) as i32;
        // Adding zero turns −0 into 0.
        let mut values: Vec<f64> =
            (0..=n_steps).map(|i| self.at(first + f64::from(i)) + 0.0).collect();
        // Far from zero, neighbouring multiples of a tiny step can be one and the same double.
        values.dedup();
        values
    }
}

fn linear(domain: (f64, f64), n: u32) -> Vec<(f64, String)> {
    let Some(step) = Step::between(domain, n) else {
        return vec![(domain.0, format::compact(domain.0))];
    };
    let values = step.within(domain);
    let labels = format::labels(&values, step.power);
    values.into_iter().zip(labels).collect()
}

fn nice_linear(mut domain: (f64, f64), n: u32) -> (f64, f64) {
    // A wider domain may ask for a wider step. It only ever grows, so this ends, soon.
    while let Some(step) = Step::between(domain, n) {
        let wider = (step.at(step.floor(domain.0)), step.at(step.ceil(domain.1)));
        if wider == domain || wider.0.is_infinite() || wider.1.is_infinite() {
            break;
        }
        domain = wider;
    }
    domain
}

/// Decades; where they are too few, 1–2–5; where these are too few, as on a linear axis.
fn logarithmic(domain: (f64, f64), n: u32) -> Vec<(f64, String)> {
    let extent = (Kind::Log.forward(domain.0), Kind::Log.forward(domain.1));
    let gap = (extent.1 - extent.0) / f64::from(n.max(2));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 309")]
    let stride = (gap.ceil() as usize).max(1);
    let decades = || (0..=308).step_by(stride).map(power_of_ten);
    let fine =
        || (0..=308).flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * power_of_ten(power)));

    let enough = |values: &Vec<f64>| values.len() >= 3 && 2 * values.len() > n as usize;
    let coarse = spaced(decades(), domain, 0.5 * stride as f64);
    let values = if enough(&coarse) || stride > 1 {
        coarse
    } else {
        spaced(fine().filter(|value| value.is_finite()), domain, 0.4 * gap)
    };
    if values.len() < 3 {
        return linear(domain, n);
    }
    values.into_iter().map(|value| (value, format::compact(value))).collect()
}

/// Zero, `sizes` (ascending) and their negatives, as far as they lie in the domain and at least
/// `gap` from the one before on the way out from zero.
fn spaced(sizes: impl Iterator<Item = f64>, domain: (f64, f64), gap: f64) -> Vec<f64> {
    let has_zero = (domain.0..=domain.1).contains(&0.0);
    let mut before = if has_zero { 0.0 } else { f64::NEG_INFINITY };
    let (mut below, mut values) = (Vec::new(), Vec::from_iter(has_zero.then_some(0.0)));
    for size in sizes {
        let is_near = |value: &f64| (domain.0..=domain.1).contains(value);
        let place = Kind::Log.forward(size);
        if [size, -size].iter().any(is_near) && place - before >= gap {
            before = place;
            values.extend(Some(size).filter(is_near));
            below.extend(Some(-size).filter(is_near));
        }
    }
    below.reverse();
    below.append(&mut values);
    below
}

/// The power of ten at or beyond a value, as seen from below: 900 → 1,000, −900 → −100, 0 → 0.
fn decade_beyond(value: f64) -> f64 {
    let decades = || (0..=308).map(power_of_ten);
    if value > 0.0 {
        decades().find(|&decade| decade >= value).unwrap_or(f64::MAX)
    } else {
        0.0 - decades().rev().find(|&decade| decade <= -value).unwrap_or(0.0)
    }
}

/// 10^`power`, to the last bit: the parser of std rounds correctly, no exponential does.
fn power_of_ten(power: i32) -> f64 {
    format!("1e{power}").parse().expect("a literal of a double")
}
