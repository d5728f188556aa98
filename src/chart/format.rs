//! Numbers as people read them: `1,000`, `10 k`, `1.5 M`, `−0.25`.
//!
//! Units are the SI's, after a narrow no-break space; the minus sign is a real one (U+2212).

use super::calendar::date_time;

/// The space between a number and its unit: narrow, and no line breaks there.
const SPACE: char = '\u{202f}';
/// The units of [`compact`] and of ticks, with their powers of ten.
const UNITS: [(i32, &str); 5] = [(0, ""), (3, "k"), (6, "M"), (9, "G"), (12, "T")];

/// A count, its thousands set apart.
///
/// # Examples
///
/// ```
/// use isoscope::chart::format::count;
///
/// assert_eq!(count(494_021), "494,021");
/// assert_eq!(count(12), "12");
/// ```
pub fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// A number with exactly `decimals` digits after the point.
///
/// # Examples
///
/// ```
/// use isoscope::chart::format::fixed;
///
/// assert_eq!(fixed(-1234.5, 2), "−1,234.50");
/// assert_eq!(fixed(-0.001, 2), "0.00");
/// ```
pub fn fixed(value: f64, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    match digits.split_once('.') {
        Some((whole, part)) => format!("{sign}{}.{part}", grouped(whole)),
        None => format!("{sign}{}", grouped(&digits)),
    }
}

/// A number in about four characters and a unit: three digits that count, no idle zeros.
///
/// Integers below 10,000 are shown in full.
///
/// # Examples
///
/// ```
/// use isoscope::chart::format::compact;
///
/// assert_eq!(compact(9_800.0), "9,800");
/// assert_eq!(compact(54_540.0), "54.5\u{202f}k");
/// assert_eq!(compact(-1_500_000.0), "−1.5\u{202f}M");
/// assert_eq!(compact(0.012_345), "0.0123");
/// assert_eq!(compact(2.5e-9), "2.5e−9");
/// ```
pub fn compact(value: f64) -> String {
    const DIGITS: i32 = 3;
    let size = value.abs();
    if size < 10_000.0 && size.fract() == 0.0 {
        return fixed(value, 0);
    }
    let power = power_of_ten(size, DIGITS);
    if !(-4..15).contains(&power) {
        return scientific(value, 2);
    }
    let (unit_power, unit) =
        if power < 4 { UNITS[0] } else { unit_where(|unit_power| unit_power <= power) };
    let digits = fixed(scaled(value, unit_power), decimals(DIGITS - 1 - (power - unit_power)));
    with_unit(trimmed(&digits), unit)
}

/// A size in bytes, in decimal units.
///
/// # Examples
///
/// ```
/// use isoscope::chart::format::bytes;
///
/// assert_eq!(bytes(19_109_424), "19.1\u{202f}MB");
/// assert_eq!(bytes(512), "512\u{202f}B");
/// ```
pub fn bytes(n: u64) -> String {
    let size = n as f64;
    let power = power_of_ten(size, 3);
    let (unit_power, unit) = unit_where(|unit_power| unit_power <= power);
    let digits =
        fixed(scaled(size, unit_power), decimals((2 - (power - unit_power)).min(unit_power)));
    format!("{}{SPACE}{unit}B", trimmed(&digits))
}

/// A point in time, in seconds since 1970-01-01 UTC, to the millisecond.
///
/// Outside the years 0 to 9999 it stays a number.
///
/// # Examples
///
/// ```
/// use isoscope::chart::format::time;
///
/// assert_eq!(time(1_795_250_205.0), "2026-11-21 08:36:45");
/// assert_eq!(time(0.25), "1970-01-01 00:00:00.250");
/// ```
pub fn time(seconds: f64) -> String {
    date_time(seconds).unwrap_or_else(|| compact(seconds))
}

/// Labels for the values of one axis, `10^power` (or a small multiple of it) apart.
///
/// All share one unit, chosen so that no label needs more than two decimals for it.
///
/// # Examples
///
/// ```
/// use isoscope::chart::format::labels;
///
/// assert_eq!(labels(&[0.0, 5e5, 1e6, 1.5e6], 5), ["0", "0.5\u{202f}M", "1.0\u{202f}M", "1.5\u{202f}M"]);
/// assert_eq!(labels(&[1_000_002.0, 1_000_004.0], 0), ["1,000,002", "1,000,004"]);
/// ```
pub fn labels(values: &[f64], power: i32) -> Vec<String> {
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()));
    let largest_power = power_of_ten(largest, 3);
    if largest_power >= 15 || power < -6 {
        let digits = decimals(largest_power - power);
        return values.iter().map(|&value| scientific(value, digits)).collect();
    }
    let (unit_power, unit) = if largest_power < 4 {
        UNITS[0]
    } else {
        unit_where(|unit_power| unit_power <= largest_power && unit_power - power <= 2)
    };
    let label = |&value: &f64| {
        if value == 0.0 {
            return "0".to_owned();
        }
        with_unit(&fixed(scaled(value, unit_power), decimals(unit_power - power)), unit)
    };
    values.iter().map(label).collect()
}

/// The largest unit whose power of ten fits; the plain one always does.
fn unit_where(fits: impl Fn(i32) -> bool) -> (i32, &'static str) {
    UNITS.into_iter().rev().find(|&(power, _)| fits(power)).unwrap_or(UNITS[0])
}

fn with_unit(digits: &str, unit: &str) -> String {
    if unit.is_empty() { digits.to_owned() } else { format!("{digits}{SPACE}{unit}") }
}

fn decimals(n: i32) -> usize {
    usize::try_from(n).unwrap_or(0)
}

/// The exponent of a number once it is rounded to `digits` digits: 999.9 at three has 3.
fn power_of_ten(size: f64, digits: i32) -> i32 {
    if size == 0.0 {
        return 0;
    }
    // The formatter of std rounds exactly, where a logarithm might not.
    let text = format!("{size:.*e}", decimals(digits - 1));
    text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// `value / 10^power`, for the powers of [`UNITS`], which are exact doubles.
fn scaled(value: f64, power: i32) -> f64 {
    value / libm::exp10(f64::from(power))
}

fn scientific(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let text = format!("{value:.digits$e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{}e{power}", trimmed(digits)).replace('-', "−")
}

/// Without the zeros that end a fraction.
fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.char_indices() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
