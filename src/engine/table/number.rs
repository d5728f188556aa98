//! Numbers as people write them: decimal commas, thousands separators, units.

use serde::{Deserialize, Serialize};

/// From here on not every whole number is an `f64`: 2⁵³.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// No number is longer, exponent and unit included.
const LONGEST: usize = 64;

/// What parts the whole part of a number from its fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "plain words")]
pub enum Mark {
    Point,
    Comma,
}

impl Mark {
    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Point => Self::Comma,
            Self::Comma => Self::Point,
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Point => b'.',
            Self::Comma => b',',
        }
    }
}

/// What stands between groups of three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grouping {
    /// Nothing: `1234567`.
    Nothing,
    /// The mark that parts no fraction: `1,234,567.5`, `1.234.567,5`.
    Mark,
    /// A blank, also one that does not break or is narrow: `1 234 567`.
    Blank,
    /// An apostrophe, straight or curved: `1'234'567`.
    Apostrophe,
}

/// How numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberFormat {
    /// What parts off the fraction.
    pub mark: Mark,
    /// What parts the thousands.
    pub grouping: Grouping,
}

impl NumberFormat {
    /// As programs write numbers.
    pub const PLAIN: Self = Self { mark: Mark::Point, grouping: Grouping::Nothing };

    /// All formats, in the order in which they are preferred.
    pub const ALL: [Self; 8] = {
        const fn of(mark: Mark, grouping: Grouping) -> NumberFormat {
            NumberFormat { mark, grouping }
        }
        [
            Self::PLAIN,
            of(Mark::Point, Grouping::Mark),
            of(Mark::Point, Grouping::Blank),
            of(Mark::Point, Grouping::Apostrophe),
            of(Mark::Comma, Grouping::Nothing),
            of(Mark::Comma, Grouping::Mark),
            of(Mark::Comma, Grouping::Blank),
            of(Mark::Comma, Grouping::Apostrophe),
        ]
    };
}

/// What follows a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Nothing.
    None,
    /// Powers of ten and of two to multiply with: `K` is 10³, `KiB` 2¹⁰, `B` is 1.
    Scale(u8, u8),
    /// `%`: the number before it counts.
    Percent,
}

/// A number of some format.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// Its value, the unit's power multiplied in.
    pub value: f64,
    /// Whether it is written with a fraction or an exponent.
    pub has_fraction: bool,
    /// What follows it.
    pub unit: Unit,
}

/// Reads a number written in `format`; `None` if `text` (trimmed) is none.
///
/// Numbers that could not be kept as they stand are none: whole ones beyond 2⁵³, and those with
/// leading zeros.
pub fn parse(text: &[u8], format: NumberFormat) -> Option<Number> {
    let (body, unit) = split_unit(text)?;
    let (ten, two) = if let Unit::Scale(ten, two) = unit { (ten, two) } else { (0, 0) };
    let mut plain = Plain::default();
    let has_fraction = plain.write(body, format, unit == Unit::None)?;
    if ten > 0 {
        // The power of ten goes into the text, so that the value is the nearest one.
        plain.push(b'e')?;
        plain.push(b'0' + ten / 10)?;
        plain.push(b'0' + ten % 10)?;
    }
    let scale = (1_u64 << two) as f64;
    let value = fast_float2::parse::<f64, _>(plain.text()).ok()? * scale;
    let is_exact = has_fraction || value.abs() < EXACT;
    (value.is_finite() && is_exact).then_some(Number { value, has_fraction, unit })
}

/// The formats that `text` is a number in, as places in [`NumberFormat::ALL`], each with whether
/// it has a fraction there, and the unit.
pub fn formats(text: &[u8]) -> impl Iterator<Item = (usize, Number)> {
    // Most texts are no numbers: their first sign tells.
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let may_be = digits.first().is_some_and(|byte| byte.is_ascii_digit() || b".,".contains(byte));
    let all = NumberFormat::ALL.iter().enumerate().filter(move |_| may_be);
    all.filter_map(|(place, &format)| Some((place, parse(text, format)?)))
}

/// Parts a number from the unit behind it. `None` where letters follow that are no unit.
fn split_unit(text: &[u8]) -> Option<(&[u8], Unit)> {
    if let Some(body) = text.strip_suffix(b"%") {
        return Some((trim_blanks(body), Unit::Percent));
    }
    let n_letters = text.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (body, letters) = text.split_at(text.len() - n_letters);
    let unit = match letters {
        b"" => return Some((text, Unit::None)),
        b"B" => Unit::Scale(0, 0),
        b"K" | b"k" | b"KB" | b"kB" => Unit::Scale(3, 0),
        b"M" | b"MB" => Unit::Scale(6, 0),
        b"G" | b"GB" => Unit::Scale(9, 0),
        b"T" | b"TB" => Unit::Scale(12, 0),
        b"KiB" => Unit::Scale(0, 10),
        b"MiB" => Unit::Scale(0, 20),
        b"GiB" => Unit::Scale(0, 30),
        b"TiB" => Unit::Scale(0, 40),
        _ => return None,
    };
    Some((trim_blanks(body), unit))
}

const BLANKS: [&[u8]; 3] = [b" ", "\u{a0}".as_bytes(), "\u{202f}".as_bytes()];
const APOSTROPHES: [&[u8]; 2] = [b"'", "\u{2019}".as_bytes()];

fn trim_blanks(mut text: &[u8]) -> &[u8] {
    while let Some(rest) = BLANKS.iter().find_map(|blank| text.strip_suffix(*blank)) {
        text = rest;
    }
    text
}

/// A number rewritten as programs write them.
struct Plain {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Default for Plain {
    fn default() -> Self {
        Self { bytes: [0; LONGEST], length: 0 }
    }
}

impl Plain {
    fn text(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.length)? = byte;
        self.length += 1;
        Some(())
    }

    /// Takes the digits at the beginning of `text`; returns the rest.
    fn digits<'a>(&mut self, text: &'a [u8]) -> Option<(usize, &'a [u8])> {
        let n = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = text.split_at(n);
        for &digit in digits {
            self.push(digit)?;
        }
        Some((n, rest))
    }

    /// Rewrites a number; whether it has a fraction or an exponent.
    fn write(
        &mut self,
        text: &[u8],
        format: NumberFormat,
        may_have_exponent: bool,
    ) -> Option<bool> {
        let mut rest = text;
        if let [sign @ (b'-' | b'+'), digits @ ..] = rest {
            self.push(*sign)?;
            rest = digits;
        }
        let starts_with_zero = rest.first() == Some(&b'0');
        let (n_first, after) = self.digits(rest)?;
        if starts_with_zero && n_first > 1 {
            return None;
        }
        rest = after;
        while let Some(group) = format.grouping.strip(rest, format.mark) {
            let is_group = (1..=3).contains(&n_first) && !starts_with_zero;
            let (3, after) = self.digits(group)? else { return None };
            if !is_group {
                return None;
            }
            rest = after;
        }
        let mut has_fraction = false;
        if let [mark, fraction @ ..] = rest
            && *mark == format.mark.byte()
        {
            self.push(b'.')?;
            let (1.., after) = self.digits(fraction)? else { return None };
            has_fraction = true;
            rest = after;
        } else if n_first == 0 {
            return None;
        }
        if let [b'e' | b'E', exponent @ ..] = rest
            && may_have_exponent
        {
            self.push(b'e')?;
            rest = exponent;
            if let [sign @ (b'-' | b'+'), digits @ ..] = rest {
                self.push(*sign)?;
                rest = digits;
            }
            let (1.., after) = self.digits(rest)? else { return None };
            has_fraction = true;
            rest = after;
        }
        rest.is_empty().then_some(has_fraction)
    }
}

impl Grouping {
    fn strip(self, text: &[u8], mark: Mark) -> Option<&[u8]> {
        match self {
            Self::Nothing => None,
            Self::Mark => text.strip_prefix(&[mark.other().byte()]),
            Self::Blank => BLANKS.iter().find_map(|blank| text.strip_prefix(*blank)),
            Self::Apostrophe => APOSTROPHES.iter().find_map(|sign| text.strip_prefix(*sign)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str, format: usize) -> Option<f64> {
        parse(text.as_bytes(), NumberFormat::ALL[format]).map(|number| number.value)
    }

    fn read_as(text: &str) -> Vec<(usize, f64)> {
        formats(text.as_bytes()).map(|(place, number)| (place, number.value)).collect()
    }

    #[test]
    fn a_number_is_read_in_every_format_it_can_be_written_in() {
        assert_eq!(read_as("1,5"), [(4, 1.5), (5, 1.5), (6, 1.5), (7, 1.5)]);
        assert_eq!(read_as("1,234"), [(1, 1234.0), (4, 1.234), (5, 1.234), (6, 1.234), (7, 1.234)]);
        assert_eq!(read_as("0,123"), [(4, 0.123), (5, 0.123), (6, 0.123), (7, 0.123)]);
        assert_eq!(read_as("1,234,567"), [(1, 1_234_567.0)]);
        assert_eq!(read_as("1.234.567,5"), [(5, 1_234_567.5)]);
        assert_eq!(read_as("1 234 567"), [(2, 1_234_567.0), (6, 1_234_567.0)]);
        assert_eq!(read_as("1\u{202f}234,5"), [(6, 1234.5)]);
        assert_eq!(read_as("-1'234.5"), [(3, -1234.5)]);
        assert_eq!(read_as("1\u{2019}234"), [(3, 1234.0), (7, 1234.0)]);
        assert_eq!(read_as("17").len(), 8);
    }

    #[test]
    fn units_multiply() {
        for (text, expected) in [
            ("6.3 M", 6_300_000.0),
            ("12K", 12_000.0),
            ("1.5 GB", 1.5e9),
            ("512 B", 512.0),
            ("1.1\u{a0}kB", 1100.0),
            ("1.5 KiB", 1536.0),
            ("2 TiB", 2_199_023_255_552.0),
            ("45 %", 45.0),
            ("-0.5%", -0.5),
        ] {
            assert_eq!(value(text, 0), Some(expected), "{text}");
        }
        assert_eq!(value("6,3 M", 4), Some(6_300_000.0));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in [
            "",
            "-",
            ",",
            ".",
            "%",
            "K",
            "1,",
            "1.",
            "1,23,456",
            "1234,567,890",
            "0,123,456",
            "1,234 567",
            "007,5",
            "1 2",
            "1e5 K",
            "1..5",
            "--1",
            "1,5,",
            "5 m",
            "12Kb",
            "1,2345,678",
            "9.007.199.254.740.993",
            "1.5.2024",
            "10.0.0.1",
            "1,5 M M",
            "1 234 56",
            "1e",
            "0x1F",
        ] {
            assert_eq!(read_as(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_in_a_format_is_read_in_it(whole in 0..1_000_000_000_u64, thousandths in 0..1000_u32, place in 0..8_usize) {
            let format = NumberFormat::ALL[place];
            let separator = match format.grouping {
                Grouping::Nothing => "",
                Grouping::Mark => if format.mark == Mark::Point { "," } else { "." },
                Grouping::Blank => "\u{a0}",
                Grouping::Apostrophe => "'",
            };
            let digits = whole.to_string();
            let mut text = String::new();
            for (i, digit) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i) % 3 == 0 {
                    text.push_str(separator);
                }
                text.push(digit);
            }
            let mark = if format.mark == Mark::Point { '.' } else { ',' };
            let text = format!("{text}{mark}{thousandths:03}");
            let expected: f64 = format!("{whole}.{thousandths:03}").parse().expect("a number");
            prop_assert_eq!(value(&text, place), Some(expected));
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(prop::sample::select(b"0123456789.,' eE+-%KMBi\xC2\xA0\xE2\x80\xAF\x99x".to_vec()), 0..80)) {
            formats(&bytes).for_each(drop);
        }
    }
}
