//! Points in time, as logs write them.

/// How a text writes a point in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// `2017-07-07T09:30:00.5Z` and what ISO 8601 and its looser relatives allow: `/` for `-`, a
    /// blank for `T`, no seconds, no time, an offset.
    Iso,
    /// `13/05/2024 12:34:07 PM`: the day can only come first.
    DayFirst,
    /// `05/13/2024 12:34`: the month can only come first.
    MonthFirst,
    /// `05/07/2024 12:34`: either.
    SlashEither,
}

/// Returns seconds since 1970-01-01 UTC and the format `text` is written in.
///
/// A time without an offset is taken as UTC; [`TimeFormat::SlashEither`] is read day first, as
/// `CICFlowMeter` writes it.
pub fn parse_time(text: &[u8]) -> Option<(f64, TimeFormat)> {
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
    let days = days_from_civil(year, month, day)?;
    let seconds = if scan.rest.is_empty() { 0.0 } else { scan.clock()? };
    Some((days as f64 * 86_400.0 + seconds, format))
}

/// Returns a slash date read month first.
pub fn parse_month_first(text: &[u8]) -> Option<f64> {
    let mut scan = Scan { rest: text };
    let (month, _) = scan.number(2)?;
    let separator = scan.any(b"-/.")?;
    let (day, _) = scan.number(2)?;
    scan.any(&[separator])?;
    let (year, 4) = scan.number(4)? else { return None };
    let seconds = if scan.rest.is_empty() { 0.0 } else { scan.clock()? };
    Some(days_from_civil(year, month, day)? as f64 * 86_400.0 + seconds)
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

    /// ` 12:34:07.25 PM`, `T12:34Z`, ` 12:34:07+02:00`: seconds since midnight UTC, to the end.
    fn clock(&mut self) -> Option<f64> {
        self.any(b" T")?;
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
        let offset = match self.any(b"Z+-") {
            None | Some(b'Z') => 0,
            Some(sign) => {
                let (hours, 2) = self.number(2)? else { return None };
                let _ = self.any(b":");
                let (minutes, _) = self.number(2).unwrap_or((0, 0));
                (hours * 60 + minutes) * if sign == b'-' { -1 } else { 1 }
            }
        };
        let is_valid = self.rest.is_empty() && hour < 24 && minute < 60 && second < 61.0;
        is_valid.then_some(((hour * 60 + minute - offset) * 60) as f64 + second)
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
        assert_eq!(parse_month_first(b"05/13/2024"), parse_time(b"2024-05-13").map(|(s, _)| s));
    }
}
