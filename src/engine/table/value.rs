//! What one cell can mean, and what a column of them can be.

use core::net::IpAddr;
use std::str;

use serde::{Deserialize, Serialize};

use super::{
    ColumnType,
    format::{EpochUnit, Format, Reading, Settled},
    missing::Missing,
    number::{self, Mark, Number, NumberFormat, Unit},
    time::{DateOrder, TimeFormat, parse_time},
};

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

/// Reads a cell as programs write numbers and times.
pub fn read(text: &[u8], missing: &Missing) -> Value {
    let text = text.trim_ascii();
    if missing.has(text) {
        return Value::Missing;
    }
    let first = text[0];
    if (first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.'))
        && let Some(value) = number(text)
    {
        return value;
    }
    if (first.is_ascii_digit() || is_named_day(text))
        && let Some((seconds, format)) = parse_time(text)
    {
        return Value::Time(seconds, format);
    }
    let unsigned = text.strip_prefix(b"-").unwrap_or(text);
    if INFINITY.iter().any(|infinity| unsigned.eq_ignore_ascii_case(infinity)) {
        return Value::Infinity;
    }
    if let Some(value) = boolean(text) {
        return Value::Boolean(value);
    }
    if is_address(text) { Value::Address } else { Value::Text }
}

/// Whether a text could begin with the name of a month or a weekday.
fn is_named_day(text: &[u8]) -> bool {
    text.len() >= 12 && text[0].is_ascii_alphabetic() && text[text.len() - 1].is_ascii_digit()
        || text.ends_with(b"UTC")
        || text.ends_with(b"GMT")
}

/// An address of the Internet Protocol, or a hardware address like `00:1b:44:11:3a:b7`.
fn is_address(text: &[u8]) -> bool {
    let may_be = text.len() <= 45 && (text[0].is_ascii_hexdigit() || text[0] == b':');
    if !may_be {
        return false;
    }
    let is_pair = |pair: &[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_hexdigit);
    let is_hardware = text.len() == 17
        && [b':', b'-'].iter().any(|separator| text.split(|byte| byte == separator).all(is_pair));
    is_hardware || str::from_utf8(text).is_ok_and(|text| text.parse::<IpAddr>().is_ok())
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

/// What the values of a column can be read as, all of them, and what was seen among them. Shards
/// add theirs in any order.
///
/// The first is a set that shrinks with every text, the second one that grows: so a column's type
/// is that of the whole file, whoever read which part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinds {
    ways: u32,
    seen: u16,
}

impl Default for Kinds {
    fn default() -> Self {
        Self { ways: u32::MAX, seen: 0 }
    }
}

/// Ways to read a text.
mod way {
    /// By place in [`NumberFormat::ALL`](super::NumberFormat::ALL).
    pub(super) const NUMBERS: u32 = 0xFF;
    pub(super) const PLAIN: u32 = 1;
    pub(super) const POINT: u32 = 0x0F;
    pub(super) const POINT_GROUPED: u32 = 1 << 1;
    pub(super) const COMMA: u32 = 0xF0;
    pub(super) const COMMA_GROUPED: u32 = 1 << 5;
    pub(super) const BOOLEAN: u32 = 1 << 8;
    pub(super) const ISO: u32 = 1 << 9;
    pub(super) const NAMED: u32 = 1 << 10;
    pub(super) const DAY_FIRST: u32 = 1 << 11;
    pub(super) const MONTH_FIRST: u32 = 1 << 12;
    pub(super) const ADDRESS: u32 = 1 << 13;
    /// By place in [`EpochUnit::ALL`](super::EpochUnit::ALL).
    pub(super) const EPOCH: u32 = 7 << EPOCH_AT;
    pub(super) const EPOCH_AT: u32 = 14;
    pub(super) const TIMES: u32 = ISO | NAMED | DAY_FIRST | MONTH_FIRST;
}

/// What was seen.
mod seen {
    pub(super) const VALUE: u16 = 1;
    /// A fraction, where numbers have a decimal point, and where they have a decimal comma.
    pub(super) const FRACTION: [u16; 2] = [1 << 1, 1 << 2];
    /// A point or a comma in a number.
    pub(super) const MARK: u16 = 1 << 3;
    pub(super) const BIG_INTEGER: u16 = 1 << 4;
    pub(super) const LEADING_ZERO: u16 = 1 << 5;
    pub(super) const BARE: u16 = 1 << 6;
    pub(super) const SCALED: u16 = 1 << 7;
    pub(super) const PERCENT: u16 = 1 << 8;
    /// What cannot be kept exactly as a number.
    pub(super) const INEXACT: u16 = BIG_INTEGER | LEADING_ZERO;
}

impl Kinds {
    /// Adds a text and what [`read`] makes of it.
    #[inline]
    pub fn see(&mut self, text: &[u8], value: Value) {
        let (ways, seen) = match value {
            Value::Missing => return,
            Value::Integer(value) => (way::NUMBERS | self.epochs(value), seen::BARE),
            Value::Decimal(value) => {
                // What shuts out the comma has a point: from there on no decimal tells more.
                let is_known = self.ways & way::NUMBERS & !way::POINT == 0;
                let known = (way::POINT, seen::BARE | seen::FRACTION[0]);
                let (ways, seen) = if is_known { known } else { decimal(text) };
                (ways | self.epochs(value), seen)
            }
            Value::Infinity => (way::NUMBERS | way::EPOCH, 0),
            Value::BigInteger => (way::NUMBERS, seen::BIG_INTEGER),
            Value::LeadingZero => (way::NUMBERS, seen::LEADING_ZERO),
            Value::Boolean(_) => (way::BOOLEAN, 0),
            Value::Time(_, TimeFormat::Iso) => (way::ISO, 0),
            Value::Time(_, TimeFormat::Named) => (way::NAMED, 0),
            Value::Time(_, TimeFormat::DayFirst) => (way::DAY_FIRST, 0),
            Value::Time(_, TimeFormat::MonthFirst) => (way::MONTH_FIRST, 0),
            Value::Time(_, TimeFormat::SlashEither) => (way::DAY_FIRST | way::MONTH_FIRST, 0),
            Value::Address => (way::ADDRESS, 0),
            Value::Text => numbers(text.trim_ascii()),
        };
        self.add(ways, seen | seen::VALUE);
    }

    /// Adds what another shard saw.
    pub fn merge(&mut self, other: Self) {
        self.add(other.ways, other.seen);
    }

    #[inline]
    fn add(&mut self, ways: u32, seen: u16) {
        self.ways &= ways;
        self.seen |= seen;
        // What says nothing any more is forgotten: so it cannot matter in which order texts came.
        if self.ways & way::NUMBERS == 0 {
            self.seen &= seen::VALUE;
        } else if self.ways & way::COMMA == 0 {
            self.seen &= !seen::FRACTION[1];
        }
    }

    /// The units in which a number is a likely time, of those that are left.
    #[inline]
    fn epochs(self, value: f64) -> u32 {
        if self.ways & way::EPOCH == 0 {
            return 0;
        }
        let likely = |(i, unit): (u32, &EpochUnit)| u32::from(unit.is_likely(value)) << i;
        (0..).zip(&EpochUnit::ALL).map(likely).sum::<u32>() << way::EPOCH_AT
    }

    fn can_be(self, ways: u32) -> bool {
        self.ways & ways != 0
    }

    fn has(self, seen: u16) -> bool {
        self.seen & seen != 0
    }

    /// Whether every value so far is a number as programs write them, or every one an ISO time:
    /// then it can be kept as an `f64`, whatever comes later.
    pub fn is_plain(self) -> bool {
        self.can_be(way::ISO) || self.can_be(way::PLAIN) && self.are_numbers() && !self.has_units()
    }

    /// Whether a column of these that was kept as `f64` is what `reading` makes of its texts.
    pub fn is_plain_for(self, reading: &Reading) -> bool {
        let is_time = reading.kind == ColumnType::Time;
        self.is_plain()
            && reading.kind.is_ordered()
            && match reading.format {
                Format::Plain => is_time == self.can_be(way::ISO),
                Format::Epoch(_) => self.can_be(way::PLAIN),
                Format::Number(_) | Format::Date(_) => false,
            }
    }

    /// Whether numbers are what all values can be read as, and kept as.
    fn are_numbers(self) -> bool {
        let is_share_and_amount = self.has(seen::PERCENT) && self.has(seen::BARE | seen::SCALED);
        self.can_be(way::NUMBERS) && !self.has(seen::INEXACT) && !is_share_and_amount
    }

    /// Whether whole numbers beyond 2⁵³ are what keeps a column from being numeric.
    pub fn has_big_integers(self) -> bool {
        self.has(seen::BIG_INTEGER) && self.can_be(way::NUMBERS)
    }

    /// Whether leading zeros are what keeps a column from being numeric.
    pub fn has_leading_zeros(self) -> bool {
        self.has(seen::LEADING_ZERO) && self.can_be(way::NUMBERS)
    }

    /// Whether all values are numbers with units: `6.3 M`, `45 %`.
    pub fn has_units(self) -> bool {
        self.has(seen::SCALED | seen::PERCENT)
    }

    /// The decimal mark of the column, where its texts leave only one open.
    pub fn only_mark(self) -> Option<Mark> {
        if !self.are_numbers() || !self.has(seen::MARK) {
            return None;
        }
        match (self.can_be(way::POINT), self.can_be(way::COMMA)) {
            (true, false) => Some(Mark::Point),
            (false, true) => Some(Mark::Comma),
            _ => None,
        }
    }

    /// The order of day and month, where the texts leave only one open.
    pub fn only_order(self) -> Option<DateOrder> {
        if !self.has(seen::VALUE) {
            return None;
        }
        match (self.can_be(way::DAY_FIRST), self.can_be(way::MONTH_FIRST)) {
            (true, false) => Some(DateOrder::DayFirst),
            (false, true) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }

    /// The unit in which all values are likely times, if they are numbers.
    pub fn epoch(self) -> Option<EpochUnit> {
        let is_likely = |i: &usize| self.can_be(1 << (way::EPOCH_AT + *i as u32));
        let unit = (0..EpochUnit::ALL.len()).find(is_likely).map(|i| EpochUnit::ALL[i]);
        unit.filter(|_| self.has(seen::VALUE) && self.are_numbers())
    }

    /// What a column of these is. Where kinds conflict it is text: as it stands in the file.
    pub fn column_type(self) -> ColumnType {
        self.reading(Usage::default()).kind
    }

    /// What a column of these is, and how its texts are read; `usage` settles what they leave
    /// open.
    #[inline(never)]
    pub fn reading(self, usage: Usage) -> Reading {
        if !self.has(seen::VALUE) {
            Reading::plain(ColumnType::Empty)
        } else if self.are_numbers() {
            let (format, settled) = self.number_format(usage);
            let fraction = seen::FRACTION[usize::from(format.mark == Mark::Comma)];
            // Infinities alone are no integers.
            let is_decimal =
                self.has(fraction) || !self.has(seen::BARE | seen::SCALED | seen::PERCENT);
            let kind = if is_decimal { ColumnType::Decimal } else { ColumnType::Integer };
            let is_plain = format == NumberFormat::PLAIN && !self.has_units();
            let format = if is_plain { Format::Plain } else { Format::Number(format) };
            Reading { kind, format, settled, sentinel: None }
        } else if self.can_be(way::BOOLEAN) {
            Reading::plain(ColumnType::Boolean)
        } else if self.can_be(way::TIMES) {
            let (format, settled) = self.time_format(usage);
            Reading { kind: ColumnType::Time, format, settled, sentinel: None }
        } else if self.can_be(way::ADDRESS) {
            Reading::plain(ColumnType::Address)
        } else {
            Reading::plain(ColumnType::Text)
        }
    }

    /// How a column of these is read as another type than its texts suggest: what is no value of
    /// that type counts as missing.
    pub fn reading_as(self, kind: ColumnType, usage: Usage) -> Reading {
        let by_itself = self.reading(usage);
        if by_itself.kind == kind {
            return by_itself;
        }
        let plain = Reading::plain(kind);
        match kind {
            ColumnType::Integer | ColumnType::Decimal
                if by_itself.kind == ColumnType::Integer
                    || by_itself.kind == ColumnType::Decimal =>
            {
                Reading { kind, ..by_itself }
            }
            ColumnType::Integer | ColumnType::Decimal if usage.mark == Some(Mark::Comma) => {
                let format = NumberFormat { mark: Mark::Comma, ..NumberFormat::PLAIN };
                Reading { format: Format::Number(format), ..plain }
            }
            ColumnType::Time if by_itself.kind.is_ordered() => {
                let unit = self.epoch().unwrap_or(EpochUnit::Seconds);
                Reading { format: Format::Epoch(unit), ..plain }
            }
            _ => plain,
        }
    }

    fn number_format(self, usage: Usage) -> (NumberFormat, Settled) {
        let first = |mark: Mark| {
            let fits =
                |&(i, format): &(usize, &NumberFormat)| format.mark == mark && self.can_be(1 << i);
            NumberFormat::ALL.iter().enumerate().find(fits).map(|(_, format)| *format)
        };
        let wanted = usage.mark.unwrap_or(Mark::Point);
        let format = first(wanted).or(first(wanted.other())).unwrap_or(NumberFormat::PLAIN);
        // The two marks say different things only where one of them parts thousands.
        let is_open = self.has(seen::MARK)
            && (self.can_be(way::POINT_GROUPED) && self.can_be(way::COMMA)
                || self.can_be(way::COMMA_GROUPED) && self.can_be(way::POINT));
        (format, if is_open { usage.mark_by } else { Settled::Texts })
    }

    fn time_format(self, usage: Usage) -> (Format, Settled) {
        let orders = self.ways & (way::DAY_FIRST | way::MONTH_FIRST);
        if orders == 0 {
            (Format::Plain, Settled::Texts)
        } else if let Some(order) = self.only_order() {
            (Format::Date(order), Settled::Texts)
        } else {
            (Format::Date(usage.order.unwrap_or(DateOrder::DayFirst)), usage.order_by)
        }
    }
}

/// The formats that a plain number with a fraction or an exponent is written in, and what is seen.
#[inline]
fn decimal(text: &[u8]) -> (u32, u16) {
    let text = text.trim_ascii();
    let Some(point) = text.iter().position(|&byte| byte == b'.') else {
        return (way::NUMBERS, seen::BARE | seen::FRACTION[0] | seen::FRACTION[1]);
    };
    let may_be_grouped = text.len() - point == 4
        && number::parse(
            text,
            NumberFormat { mark: Mark::Comma, grouping: number::Grouping::Mark },
        )
        .is_some();
    let ways = way::POINT | if may_be_grouped { way::COMMA_GROUPED } else { 0 };
    (ways, seen::BARE | seen::MARK | seen::FRACTION[0])
}

/// The ways in which a text that is no plain value is a number, and what is seen in it.
#[cold]
fn numbers(text: &[u8]) -> (u32, u16) {
    let (mut ways, mut seen) = (0, seen::MARK);
    for (place, Number { has_fraction, unit, .. }) in number::formats(text) {
        ways |= 1 << place;
        let mark = usize::from(NumberFormat::ALL[place].mark == Mark::Comma);
        seen |= if has_fraction { seen::FRACTION[mark] } else { 0 };
        seen |= match unit {
            Unit::None => seen::BARE,
            Unit::Scale(..) => seen::SCALED,
            Unit::Percent => seen::PERCENT,
        };
    }
    if ways == way::NUMBERS {
        // Without a mark they mean the same in all formats.
        seen &= !seen::MARK;
    }
    (ways, seen)
}

/// How a file writes what single columns may leave open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// The decimal mark, and who says so.
    pub mark: Option<Mark>,
    /// What settled it.
    pub mark_by: Settled,
    /// The order of day and month.
    pub order: Option<DateOrder>,
    /// What settled it.
    pub order_by: Settled,
}

impl Default for Usage {
    /// Nothing is known.
    fn default() -> Self {
        Self { mark: None, mark_by: Settled::Nothing, order: None, order_by: Settled::Nothing }
    }
}

impl Usage {
    /// How a file writes: what a person says, or else what its columns agree on.
    pub fn of(columns: &[Kinds], mark: Option<Mark>, order: Option<DateOrder>) -> Self {
        let (mark, mark_by) = said_or_agreed(mark, columns.iter().map(|kinds| kinds.only_mark()));
        let (order, order_by) =
            said_or_agreed(order, columns.iter().map(|kinds| kinds.only_order()));
        Self { mark, mark_by, order, order_by }
    }
}

fn said_or_agreed<T: PartialEq>(
    said: Option<T>,
    columns: impl Iterator<Item = Option<T>>,
) -> (Option<T>, Settled) {
    if said.is_some() {
        return (said, Settled::Person);
    }
    let mut columns = columns.flatten();
    match columns.next() {
        Some(first) if columns.all(|other| other == first) => (Some(first), Settled::File),
        _ => (None, Settled::Nothing),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cell(text: &[u8]) -> Value {
        read(text, &Missing::default())
    }

    fn kinds(texts: &[&str]) -> Kinds {
        let mut kinds = Kinds::default();
        for text in texts {
            kinds.see(text.as_bytes(), cell(text.as_bytes()));
        }
        kinds
    }

    fn column(texts: &[&str]) -> ColumnType {
        kinds(texts).column_type()
    }

    /// The places of texts in a column of them alone.
    fn places(texts: &[&str], usage: Usage) -> Vec<Option<f64>> {
        let reading = kinds(texts).reading(usage);
        let place = |text: &&str| reading.place(text.as_bytes(), &Missing::default());
        texts.iter().map(place).collect()
    }

    #[test]
    fn cells_are_read_for_what_they_are() {
        assert_eq!(cell(b" 42 "), Value::Integer(42.0));
        assert_eq!(cell(b"-1"), Value::Integer(-1.0));
        assert_eq!(cell(b"9007199254740992"), Value::Integer(9_007_199_254_740_992.0));
        assert_eq!(cell(b"9007199254740993"), Value::BigInteger);
        assert_eq!(cell(b"4.2003756E7"), Value::Decimal(42_003_756.0));
        assert_eq!(cell(b".5"), Value::Decimal(0.5));
        assert_eq!(cell(b"007"), Value::LeadingZero);
        assert_eq!(cell(b"0.50"), Value::Decimal(0.5));
        assert_eq!(cell(b"-Infinity"), Value::Infinity);
        assert_eq!(cell(b"1e999"), Value::Infinity);
        assert_eq!(cell(b"10.0.0.1"), Value::Address);
        assert_eq!(cell(b"10.100.200.123"), Value::Address);
        assert_eq!(cell(b"fe80::1"), Value::Address);
        assert_eq!(cell(b"00:1b:44:11:3a:B7"), Value::Address);
        assert_eq!(cell(b"TRUE"), Value::Boolean(true));
        for text in [&b"--1"[..], b"1,5", b"0x1F", b"N/A", b"+", b"1e", b"nanny", b"-inf1"] {
            assert_eq!(cell(text), Value::Text, "{}", String::from_utf8_lossy(text));
        }
        for text in Missing::USUAL.iter().chain(&["", "  "]) {
            assert_eq!(cell(text.as_bytes()), Value::Missing);
        }
    }

    #[test]
    fn a_column_is_what_all_its_texts_can_be() {
        use ColumnType::{Address, Boolean, Decimal, Empty, Integer, Text, Time};
        assert_eq!(column(&["1", "", "3"]), Integer);
        assert_eq!(column(&["1", "2.5", "Infinity"]), Decimal);
        assert_eq!(column(&["Infinity"]), Decimal);
        assert_eq!(column(&["", "-"]), Empty);
        assert_eq!(column(&["true", "no"]), Boolean);
        assert_eq!(column(&["10.0.0.1", "::1"]), Address);
        assert_eq!(column(&["13/05/2024", "01/02/2024"]), Time);
        assert_eq!(column(&["13/05/2024", "05/13/2024"]), Text);
        assert_eq!(column(&["1,5", "2"]), Decimal);
        assert_eq!(column(&["1,234,567", "17"]), Integer);
        assert_eq!(column(&["1,5", "1.5"]), Text);
        assert_eq!(column(&["6.3 M", "512"]), Decimal);
        assert_eq!(column(&["12K", "512"]), Integer);
        assert_eq!(column(&["45%", "5%"]), Integer);
        assert_eq!(column(&["45%", "5"]), Text);
        assert_eq!(column(&["1,5", "007"]), Text);
    }

    /// One text of each kind that no other kind can be read as.
    const OF_EACH: [&str; 15] = [
        "1.5",
        "1,5",
        "1,234,567",
        "1.234.567",
        "1'234.5",
        "45 %",
        "true",
        "2024-01-01",
        "21/Nov/2026:10:26:52 +0000",
        "13/05/2024",
        "05/13/2024",
        "10.0.0.1",
        "word",
        "007",
        "9007199254740993",
    ];

    #[test]
    fn every_pair_of_kinds_in_conflict_is_text() {
        for (i, one) in OF_EACH.iter().enumerate() {
            for other in &OF_EACH[i + 1..] {
                // `1,234,567` and `1.5` are one way of writing, and so are the other such pairs.
                let kinds = kinds(&[one, other]);
                let is_one_way = NumberFormat::ALL.iter().any(|&format| {
                    [one, other].iter().all(|text| number::parse(text.as_bytes(), format).is_some())
                }) && !kinds.has_units();
                assert_eq!(kinds.column_type() == ColumnType::Text, !is_one_way, "{one} {other}");
            }
        }
        let n_pairs = |with: &str| {
            OF_EACH.iter().filter(|other| column(&[with, other]) != ColumnType::Text).count()
        };
        assert_eq!(["1.5", "1,5", "1,234,567", "1.234.567"].map(n_pairs), [3, 2, 2, 2]);
    }

    #[test]
    fn the_whole_column_settles_what_one_text_leaves_open() {
        let none = Usage::default();
        assert_eq!(places(&["1,234", "1,5"], none), [Some(1.234), Some(1.5)]);
        assert_eq!(places(&["1,234", "1,234,567"], none), [Some(1234.0), Some(1_234_567.0)]);
        assert_eq!(places(&["1.234", "1.234,5"], none), [Some(1234.0), Some(1234.5)]);
        assert_eq!(places(&["1.234", "0.5"], none), [Some(1.234), Some(0.5)]);
        assert_eq!(places(&["1 234", "5"], none), [Some(1234.0), Some(5.0)]);
        assert_eq!(places(&["6.3 M", "512", "-"], none), [Some(6.3e6), Some(512.0), None]);
        assert_eq!(kinds(&["1,234", "1,5"]).reading(none).settled, Settled::Texts);
        let day = kinds(&["05/07/2024", "13/07/2024"]).reading(none);
        assert_eq!((day.format, day.settled), (Format::Date(DateOrder::DayFirst), Settled::Texts));
        let month = kinds(&["05/07/2024", "05/13/2024"]).reading(none);
        assert_eq!(month.format, Format::Date(DateOrder::MonthFirst));
    }

    #[test]
    fn the_file_or_a_person_settles_what_a_column_leaves_open() {
        let open = kinds(&["1,234", "5,678"]);
        assert_eq!(open.reading(Usage::default()).settled, Settled::Nothing);
        let comma = Usage::of(&[open, kinds(&["0,5"]), kinds(&["7"])], None, None);
        assert_eq!((comma.mark, comma.mark_by), (Some(Mark::Comma), Settled::File));
        assert_eq!(open.reading(comma).settled, Settled::File);
        assert_eq!(open.reading(comma).kind, ColumnType::Decimal);
        assert_eq!(places(&["1.234"], comma), [Some(1234.0)]);
        let point = Usage::of(&[open, kinds(&["0.5"])], None, None);
        assert_eq!(open.reading(point).kind, ColumnType::Integer);
        assert_eq!(places(&["1.234"], point), [Some(1.234)]);
        // Columns that disagree settle nothing; a person settles everything.
        assert_eq!(Usage::of(&[kinds(&["0.5"]), kinds(&["0,5"])], None, None).mark, None);
        let said = Usage::of(&[kinds(&["0.5"])], Some(Mark::Comma), Some(DateOrder::MonthFirst));
        assert_eq!(open.reading(said).settled, Settled::Person);
        assert_eq!(places(&["0.5"], said), [Some(0.5)], "no one is bent to what cannot be");
        let date = kinds(&["05/07/2024"]);
        assert_eq!(date.reading(Usage::default()).settled, Settled::Nothing);
        assert_eq!(date.reading(said).format, Format::Date(DateOrder::MonthFirst));
    }

    #[test]
    fn numbers_may_count_from_1970() {
        assert_eq!(kinds(&["1499419800.25", "1499419801"]).epoch(), Some(EpochUnit::Seconds));
        assert_eq!(kinds(&["1499419800000"]).epoch(), Some(EpochUnit::Milliseconds));
        assert_eq!(kinds(&["1499419800000000"]).epoch(), Some(EpochUnit::Microseconds));
        assert_eq!(kinds(&["1499419800", "5"]).epoch(), None);
        assert_eq!(kinds(&["", "word"]).epoch(), None);
        let time = kinds(&["1499419800000"]).reading_as(ColumnType::Time, Usage::default());
        assert_eq!(time.place(b"1499419800250", &Missing::default()), Some(1_499_419_800.25));
    }

    #[test]
    fn another_type_can_be_said() {
        let usual = Missing::default();
        let codes = kinds(&["007", "8", "x"]);
        let number = codes.reading_as(ColumnType::Integer, Usage::default());
        assert_eq!(number.place(b"8", &usual), Some(8.0));
        assert_eq!(number.place(b"007", &usual), Some(7.0));
        assert_eq!(number.place(b"x", &usual), None);
        let comma = Usage { mark: Some(Mark::Comma), ..Usage::default() };
        let number = kinds(&["1,5", "x"]).reading_as(ColumnType::Decimal, comma);
        assert_eq!(number.place(b"1,5", &usual), Some(1.5));
        let ports = kinds(&["80", "443"]).reading_as(ColumnType::Text, Usage::default());
        assert_eq!(ports, Reading::plain(ColumnType::Text));
    }

    fn texts() -> impl Strategy<Value = Vec<&'static str>> {
        let more = [
            "1",
            "1.234",
            "1,234",
            "05/07/2024",
            "1499419800",
            "6.3 M",
            "Infinity",
            "",
            "1e5",
            "0",
        ];
        let all: Vec<_> = OF_EACH.into_iter().chain(more).collect();
        prop::collection::vec(prop::sample::select(all), 0..6)
    }

    proptest! {
        #[test]
        fn who_saw_which_text_cannot_be_seen(mut texts in texts(), at in 0..6_usize) {
            let at = at.min(texts.len());
            let all = kinds(&texts);
            let (mut one, mut other) = (kinds(&texts[..at]), kinds(&texts[at..]));
            let first = one;
            one.merge(other);
            other.merge(first);
            texts.reverse();
            prop_assert_eq!((one, other, kinds(&texts)), (all, all, all));
        }

        #[test]
        fn a_column_of_numbers_or_times_has_a_place_for_each(texts in texts()) {
            let reading = kinds(&texts).reading(Usage::default());
            if reading.kind.is_ordered() {
                for (text, place) in texts.iter().zip(places(&texts, Usage::default())) {
                    prop_assert_eq!(place.is_none(), ["", "Infinity"].contains(text), "{}", text);
                }
            }
        }
    }
}
