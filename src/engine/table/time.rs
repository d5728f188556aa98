//! Points in time, as logs write them.

use serde::{Deserialize, Serialize};

/// How a text writes a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2017-07-07T09:30:00.5Z` and what ISO 8601 and its looser relatives allow: `/` for `-`, a
    /// blank for `T`, no seconds, no time, an offset.
    Iso,
    /// With the month's name: `Nov 21, 2026 10:26:52.5 UTC`, `21/Nov/2026:10:26:52 +0100`,
    /// `Sat, 21 Nov 2026 10:26:52 GMT`, `Sat Nov 21 10:26:52 2026`.
    Named,
    /// `13/05/2024 12:34:07 PM`: the day can only come first.
    DayFirst,
    /// `05/13/2024 12:34`: the month can only come first.
    MonthFirst,
    /// `05/07/2024 12:34`: either.
    SlashEither,
}

/// Whether dates like `05/07/2024` name the day or the month first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "plain words")]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

/// Returns seconds since 1970-01-01 UTC and the format `text` is written in.
///
/// A time without an offset is taken as UTC; [`TimeFormat::SlashEither`] is read day first.
pub fn parse_time(text: &[u8]) -> Option<(f64, TimeFormat)> {
    let named = || Some((parse_named(text)?, TimeFormat::Named));
    parse_numeric(text).or_else(named)
}

fn parse_numeric(text: &[u8]) -> Option<(f64, TimeFormat)> {
    let mut scan = Scan { rest: text };
    let (first, n_digits) = scan.number(4)?;
    let separator = scan.any(b"-/.")?;
    let (second, _) = scan.number(2)?;
    scan.any(&[separator])?;
    let (third, n_third) = scan.number(4)?;
    let (year, month, day, format) = match (n_digits, separator, n_third) {
        (4, _, 1 | 2) => (first, second, third, TimeFormat::Iso),
        (1 | 2, _, 4) if first > 12 => (third, second, first, TimeFormat::DayFirst),
        (1 | 2, _, 4) if second > 12 => (third, first, second, TimeFormat::MonthFirst),
        (1 | 2, _, 4) => (third, second, first, TimeFormat::SlashEither),
        _ => return None,
    };
    let seconds = if scan.rest.is_empty() { 0.0 } else { scan.clock(b" T")? };
    Some((scan.end(year, month, day, seconds)?, format))
}

/// Returns a date like `05/07/2024 12:34` read in the order given.
pub fn parse_date(text: &[u8], order: DateOrder) -> Option<f64> {
    let (seconds, format) = parse_time(text)?;
    match (format, order) {
        (TimeFormat::DayFirst | TimeFormat::SlashEither, DateOrder::DayFirst)
        | (TimeFormat::MonthFirst, DateOrder::MonthFirst) => Some(seconds),
        (TimeFormat::SlashEither, DateOrder::MonthFirst) => {
            let mut scan = Scan { rest: text };
            let (month, _) = scan.number(2)?;
            let separator = scan.any(b"-/.")?;
            let (day, _) = scan.number(2)?;
            scan.any(&[separator])?;
            let (year, _) = scan.number(4)?;
            let read_day_first = days_from_civil(year, day, month)?;
            let days = days_from_civil(year, month, day)?;
            Some(seconds + (days - read_day_first) as f64 * 86_400.0)
        }
        _ => None,
    }
}

const MONTHS: [&[u8]; 12] = [
    b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec",
];
const WEEKDAYS: [&[u8]; 7] = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"];

/// A time with the month's name, as web servers, mail and packet analysers write it.
fn parse_named(text: &[u8]) -> Option<f64> {
    let mut scan = Scan { rest: text };
    if scan.name(&WEEKDAYS).is_some() {
        let _ = scan.any(b",");
        scan.blanks()?;
    }
    if let Some(month) = scan.name(&MONTHS) {
        scan.blanks()?;
        let (day, _) = scan.number(2)?;
        if scan.any(b",").is_some() {
            // Nov 21, 2026 10:26:52.123456789 UTC
            scan.blanks()?;
            let (year, 4) = scan.number(4)? else { return None };
            let seconds = if scan.rest.is_empty() { 0.0 } else { scan.clock(b" ")? };
            return scan.end(year, month, day, seconds);
        }
        // Nov 21 10:26:52 2026
        let seconds = scan.clock(b" ")?;
        scan.blanks()?;
        let (year, 4) = scan.number(4)? else { return None };
        return scan.end(year, month, day, seconds);
    }
    // 21/Nov/2026:10:26:52 +0100, 21 Nov 2026 10:26:52 GMT
    let (day, _) = scan.number(2)?;
    let separator = scan.any(b"/- ")?;
    let month = scan.name(&MONTHS)?;
    scan.any(&[separator])?;
    let (year, 4) = scan.number(4)? else { return None };
    let seconds = if scan.rest.is_empty() { 0.0 } else { scan.clock(b" :")? };
    scan.end(year, month, day, seconds)
}

struct Scan<'a> {
    rest: &'a [u8],
}

impl Scan<'_> {
    fn any(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        bytes.contains(&first).then(|| {
            self.rest = rest;
            first
        })
    }

    /// A whole number of 1 to `most` digits, and how many it has.
    fn number(&mut self, most: usize) -> Option<(i64, usize)> {
        let n = self.rest.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(n);
        self.rest = rest;
        (n > 0).then(|| {
            (digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')), n)
        })
    }

    /// One of some names of three letters, in any case; its place, from 1.
    fn name(&mut self, names: &[&[u8]]) -> Option<i64> {
        let (name, rest) = self.rest.split_at_checked(3)?;
        let (place, _) = (1..).zip(names).find(|(_, there)| there.eq_ignore_ascii_case(name))?;
        self.rest = rest;
        Some(place)
    }

    /// One blank or more.
    fn blanks(&mut self) -> Option<()> {
        self.any(b" ")?;
        while self.any(b" ").is_some() {}
        Some(())
    }

    /// A date of which the whole text is read.
    fn end(&self, year: i64, month: i64, day: i64, seconds: f64) -> Option<f64> {
        let days = days_from_civil(year, month, day)?;
        self.rest.is_empty().then_some(days as f64 * 86_400.0 + seconds)
    }

    /// ` 12:34:07.25 PM`, `T12:34Z`, ` 12:34:07 +02:00`, ` 12:34 UTC` behind one of `begins`:
    /// seconds since midnight UTC.
    fn clock(&mut self, begins: &[u8]) -> Option<f64> {
        self.any(begins)?;
        while begins.contains(&b' ') && self.any(b" ").is_some() {}
        let (mut hour, _) = self.number(2)?;
        self.any(b":")?;
        let (minute, 2) = self.number(2)? else { return None };
        let mut second = 0.0;
        if self.any(b":").is_some() {
            let (whole, 2) = self.number(2)? else { return None };
            second = whole as f64;
            if self.any(b".,").is_some() {
                let (fraction, n_digits) = self.number(9)?;
                let scale = [1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9][n_digits];
                second += fraction as f64 / scale;
            }
        }
        let half = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
        if let [half @ (b'A' | b'P' | b'a' | b'p'), b'M' | b'm', rest @ ..] = half {
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 };
            self.rest = rest;
        }
        let offset = self.offset()?;
        let is_valid = hour < 24 && minute < 60 && second < 61.0;
        is_valid.then_some(((hour * 60 + minute - offset) * 60) as f64 + second)
    }

    /// `Z`, ` UTC`, `+02:00`, ` -0500` or nothing: minutes ahead of UTC.
    fn offset(&mut self) -> Option<i64> {
        let zone = self.rest.strip_prefix(b" ").unwrap_or(self.rest);
        if let Some(rest) = zone.strip_prefix(b"UTC").or(zone.strip_prefix(b"GMT")) {
            self.rest = rest;
            return Some(0);
        }
        let [sign @ (b'Z' | b'+' | b'-'), rest @ ..] = zone else { return Some(0) };
        self.rest = rest;
        if *sign == b'Z' {
            return Some(0);
        }
        let (hours, 2) = self.number(2)? else { return None };
        let _ = self.any(b":");
        let (minutes, _) = self.number(2).unwrap_or((0, 0));
        Some((hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 })
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
///
/// # References
///
/// H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil`.
fn days_from_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_logs_write_them() {
        let seconds = |text: &str| parse_time(text.as_bytes()).map(|(seconds, _)| seconds);
        assert_eq!(seconds("1970-01-02"), Some(86_400.0));
        assert_eq!(seconds("2017-07-07T09:30:00Z"), Some(1_499_419_800.0));
        assert_eq!(seconds("2017-07-07 09:30"), Some(1_499_419_800.0));
        assert_eq!(seconds("2017/07/07 09:30:00.250"), Some(1_499_419_800.25));
        assert_eq!(seconds("2017-07-07T11:30:00+02:00"), Some(1_499_419_800.0));
        assert_eq!(seconds("07/07/2017 09:30:00 AM"), Some(1_499_419_800.0));
        assert_eq!(seconds("7/7/2017 9:30"), Some(1_499_419_800.0));
        assert_eq!(seconds("13/05/2024 12:34:07 PM"), Some(1_715_603_647.0));
        assert_eq!(seconds("13/05/2024 12:34:07 AM"), Some(1_715_560_447.0));
        for text in ["", "1.5", "2017-13-01", "2017-02-29", "1.2.3.4", "10-20", "2017-07-07 25:00"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn the_order_of_day_and_month_is_told() {
        let format = |text: &str| parse_time(text.as_bytes()).map(|(_, format)| format);
        assert_eq!(format("13/05/2024"), Some(TimeFormat::DayFirst));
        assert_eq!(format("05/13/2024"), Some(TimeFormat::MonthFirst));
        assert_eq!(format("05/07/2024"), Some(TimeFormat::SlashEither));
        let iso = |text: &str| parse_time(text.as_bytes()).map(|(seconds, _)| seconds);
        assert_eq!(parse_date(b"05/13/2024", DateOrder::MonthFirst), iso("2024-05-13"));
        assert_eq!(parse_date(b"05/07/2024 1:30", DateOrder::MonthFirst), iso("2024-05-07 01:30"));
        assert_eq!(parse_date(b"05/07/2024 1:30", DateOrder::DayFirst), iso("2024-07-05 01:30"));
        assert_eq!(parse_date(b"05/13/2024", DateOrder::DayFirst), None);
        assert_eq!(parse_date(b"13/05/2024", DateOrder::MonthFirst), None);
        assert_eq!(parse_date(b"2024-05-13", DateOrder::DayFirst), None);
    }

    #[test]
    fn months_may_be_named() {
        let iso = parse_time(b"2026-11-01T10:26:52").map(|(seconds, _)| seconds);
        for text in [
            "Nov  1, 2026 10:26:52.000000000 UTC",
            "01/Nov/2026:10:26:52 +0000",
            "01/Nov/2026:11:26:52 +0100",
            "Sun, 1 Nov 2026 10:26:52 GMT",
            "Sun Nov  1 10:26:52 2026",
            "1-NOV-2026 10:26:52 AM",
        ] {
            assert_eq!(parse_named(text.as_bytes()), iso, "{text}");
        }
        // Without a year there is no date.
        for text in ["Nov  1 10:26:52", "Nov 2026", "31/Nov/2026", "monday", "1 Now 2026", "Sun"] {
            assert_eq!(parse_named(text.as_bytes()), None, "{text}");
        }
    }
}
