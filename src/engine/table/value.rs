//! What one cell can mean, and what a column of them is.

use core::net::IpAddr;
use std::str;

use serde::{Deserialize, Serialize};

use super::{
    ColumnType,
    time::{TimeFormat, parse_month_first, parse_time},
};

/// Texts that stand for no value.
const MISSING: [&[u8]; 8] = [b"", b"NA", b"NaN", b"nan", b"null", b"NULL", b"-", b"?"];
const INFINITY: [&[u8]; 3] = [b"infinity", b"inf", b"+inf"];
/// The largest whole number up to which every one is an exact `f64`: 2⁵³.
const EXACT: u64 = 1 << 53;

/// What a text can be read as.
#[expect(missing_docs, reason = "plain words")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    Missing,
    Integer(f64),
    Decimal(f64),
    /// Of either sign.
    Infinity,
    /// A whole number beyond 2⁵³.
    BigInteger,
    /// A whole number like `007`.
    LeadingZero,
    Boolean(bool),
    Time(f64, TimeFormat),
    Address,
    Text,
}

/// Reads a cell.
pub fn read(text: &[u8]) -> Value {
    let text = text.trim_ascii();
    let Some(&first) = text.first() else { return Value::Missing };
    if text.len() <= 4 && MISSING.contains(&text) {
        return Value::Missing;
    }
    if first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.') {
        if let Some(value) = number(text) {
            return value;
        }
        if let Some((seconds, format)) = parse_time(text) {
            return Value::Time(seconds, format);
        }
    }
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    if INFINITY.iter().any(|infinity| unsigned.eq_ignore_ascii_case(infinity)) {
        return Value::Infinity;
    }
    if let Some(value) = boolean(text) {
        return Value::Boolean(value);
    }
    let may_be_address = text.len() <= 45 && (first.is_ascii_hexdigit() || first == b':');
    if may_be_address && str::from_utf8(text).is_ok_and(|text| text.parse::<IpAddr>().is_ok()) {
        return Value::Address;
    }
    Value::Text
}

fn boolean(text: &[u8]) -> Option<bool> {
    let is = |word: &[u8]| text.eq_ignore_ascii_case(word);
    if is(b"true") || is(b"yes") {
        Some(true)
    } else if is(b"false") || is(b"no") {
        Some(false)
    } else {
        None
    }
}

fn number(text: &[u8]) -> Option<Value> {
    let digits = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    let n_whole = digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if n_whole > 1 && digits[0] == b'0' {
        let is_decimal = digits[n_whole..].starts_with(b".");
        let is_number =
            n_whole == digits.len() || is_decimal && fast_float2::parse::<f64, _>(text).is_ok();
        return is_number.then_some(Value::LeadingZero);
    }
    if n_whole == digits.len() && n_whole > 0 {
        let value = digits.iter().try_fold(0_u64, |value, digit| {
            value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
        });
        return Some(match value.filter(|&value| value <= EXACT) {
            Some(value) if text[0] == b'-' => Value::Integer(-(value as f64)),
            Some(value) => Value::Integer(value as f64),
            None => Value::BigInteger,
        });
    }
    // What follows a sign must be a digit or a point: not a second sign, not `inf` or `nan`.
    if !digits.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return None;
    }
    let value: f64 = fast_float2::parse(text).ok()?;
    // 1e999 is beyond what a number can hold: as odd as the word itself.
    Some(if value.is_finite() { Value::Decimal(value) } else { Value::Infinity })
}

/// The kinds of values seen in a column. Shards add theirs in any order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds(u16);

impl Kinds {
    const INTEGER: u16 = 1;
    const DECIMAL: u16 = 1 << 1;
    const INFINITY: u16 = 1 << 2;
    const BIG_INTEGER: u16 = 1 << 3;
    const LEADING_ZERO: u16 = 1 << 4;
    const BOOLEAN: u16 = 1 << 5;
    const ISO: u16 = 1 << 6;
    const DAY_FIRST: u16 = 1 << 7;
    const MONTH_FIRST: u16 = 1 << 8;
    const SLASH_EITHER: u16 = 1 << 9;
    const ADDRESS: u16 = 1 << 10;
    const TEXT: u16 = 1 << 11;

    const NUMBERS: u16 = Self::INTEGER | Self::DECIMAL | Self::INFINITY;
    const INTEGERS: u16 = Self::INTEGER | Self::BIG_INTEGER | Self::LEADING_ZERO;

    /// Adds the kind of a value.
    pub fn see(&mut self, value: Value) {
        self.0 |= match value {
            Value::Missing => 0,
            Value::Integer(_) => Self::INTEGER,
            Value::Decimal(_) => Self::DECIMAL,
            Value::Infinity => Self::INFINITY,
            Value::BigInteger => Self::BIG_INTEGER,
            Value::LeadingZero => Self::LEADING_ZERO,
            Value::Boolean(_) => Self::BOOLEAN,
            Value::Time(_, TimeFormat::Iso) => Self::ISO,
            Value::Time(_, TimeFormat::DayFirst) => Self::DAY_FIRST,
            Value::Time(_, TimeFormat::MonthFirst) => Self::MONTH_FIRST,
            Value::Time(_, TimeFormat::SlashEither) => Self::SLASH_EITHER,
            Value::Address => Self::ADDRESS,
            Value::Text => Self::TEXT,
        };
    }

    /// Adds what another shard saw.
    pub fn merge(&mut self, other: Self) {
        self.0 |= other.0;
    }

    fn is_within(self, kinds: u16) -> bool {
        self.0 & !kinds == 0
    }

    fn has(self, kinds: u16) -> bool {
        self.0 & kinds != 0
    }

    /// Whether every value so far is a number, or every one an ISO time: then it can be kept as
    /// an `f64`, whatever comes later.
    pub fn is_plain(self) -> bool {
        self.is_within(Self::NUMBERS) || self.is_within(Self::ISO)
    }

    /// Whether whole numbers beyond 2⁵³ are what keeps a column from being numeric.
    pub fn has_big_integers(self) -> bool {
        self.has(Self::BIG_INTEGER) && self.is_within(Self::NUMBERS | Self::INTEGERS)
    }

    /// Whether leading zeros are what keeps a column from being numeric.
    pub fn has_leading_zeros(self) -> bool {
        self.has(Self::LEADING_ZERO) && self.is_within(Self::NUMBERS | Self::INTEGERS)
    }

    /// What a column of these is. Where kinds conflict it is text: as it stands in the file.
    pub fn column_type(self) -> ColumnType {
        let slash = Self::SLASH_EITHER | Self::DAY_FIRST;
        if self.0 == 0 {
            ColumnType::Empty
        } else if self.is_within(Self::INTEGER) {
            ColumnType::Integer
        } else if self.is_within(Self::NUMBERS) {
            ColumnType::Decimal
        } else if self.is_within(Self::BOOLEAN) {
            ColumnType::Boolean
        } else if self.is_within(Self::ISO)
            || self.is_within(slash)
            || self.is_within(Self::SLASH_EITHER | Self::MONTH_FIRST)
        {
            ColumnType::Time
        } else if self.is_within(Self::ADDRESS) {
            ColumnType::Address
        } else {
            ColumnType::Text
        }
    }

    /// The place of a text on the axis of an ordered column of these kinds; `None` where it has
    /// none (missing, infinite).
    pub fn ordered(self, text: &[u8]) -> Option<f64> {
        match read(text) {
            Value::Integer(value) | Value::Decimal(value) => Some(value),
            Value::Time(..) if self.has(Self::MONTH_FIRST) => parse_month_first(text.trim_ascii()),
            Value::Time(seconds, _) => Some(seconds),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[&str]) -> ColumnType {
        let mut kinds = Kinds::default();
        for text in texts {
            kinds.see(read(text.as_bytes()));
        }
        kinds.column_type()
    }

    #[test]
    fn cells_are_read_for_what_they_are() {
        assert_eq!(read(b" 42 "), Value::Integer(42.0));
        assert_eq!(read(b"-1"), Value::Integer(-1.0));
        assert_eq!(read(b"9007199254740992"), Value::Integer(9_007_199_254_740_992.0));
        assert_eq!(read(b"9007199254740993"), Value::BigInteger);
        assert_eq!(read(b"4.2003756E7"), Value::Decimal(42_003_756.0));
        assert_eq!(read(b".5"), Value::Decimal(0.5));
        assert_eq!(read(b"007"), Value::LeadingZero);
        assert_eq!(read(b"0.50"), Value::Decimal(0.5));
        assert_eq!(read(b"-Infinity"), Value::Infinity);
        assert_eq!(read(b"1e999"), Value::Infinity);
        assert_eq!(read(b"10.0.0.1"), Value::Address);
        assert_eq!(read(b"fe80::1"), Value::Address);
        assert_eq!(read(b"TRUE"), Value::Boolean(true));
        for text in [&b"--1"[..], b"1,5", b"0x1F", b"N/A", b"+", b"1e", b"nanny", b"-inf1"] {
            assert_eq!(read(text), Value::Text, "{}", String::from_utf8_lossy(text));
        }
        for text in MISSING {
            assert_eq!(read(text), Value::Missing);
        }
    }

    #[test]
    fn a_conflict_of_kinds_is_text() {
        use ColumnType::{Address, Boolean, Decimal, Empty, Integer, Text, Time};
        assert_eq!(column(&["1", "", "3"]), Integer);
        assert_eq!(column(&["1", "2.5", "Infinity"]), Decimal);
        assert_eq!(column(&["", "-"]), Empty);
        assert_eq!(column(&["true", "no"]), Boolean);
        assert_eq!(column(&["10.0.0.1", "::1"]), Address);
        assert_eq!(column(&["13/05/2024", "01/02/2024"]), Time);
        assert_eq!(column(&["13/05/2024", "05/13/2024"]), Text);
        let of_each = ["1.5", "true", "2024-01-01", "10.0.0.1", "word", "007", "9007199254740993"];
        for (i, one) in of_each.iter().enumerate() {
            for other in &of_each[i + 1..] {
                assert_eq!(column(&[one, other]), Text, "{one} {other}");
            }
        }
    }
}
