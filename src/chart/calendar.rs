//! Time on an axis: seconds since 1970-01-01 UTC, in steps that a calendar has.

/// Seconds of a day.
const DAY: i64 = 86_400;
/// Days from Thursday 1970-01-01 to the first Monday.
const FIRST_MONDAY: i64 = 4;
/// Beyond the years 0 to 9999 there is nothing to label.
const SUPPORTED: std::ops::RangeInclusive<f64> = -62_167_219_200.0..=253_402_300_799.0;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The time between two ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    /// A divisor of a day.
    Seconds(i64),
    /// Days, from the first of 1970; seven of them begin on Mondays.
    Days(i64),
    /// Months, from January of the year 0.
    Months(i64),
}

/// The steps on offer, each beside its usual length in seconds.
const LADDER: [(f64, Span); 18] = [
    (1.0, Span::Seconds(1)),
    (5.0, Span::Seconds(5)),
    (15.0, Span::Seconds(15)),
    (30.0, Span::Seconds(30)),
    (60.0, Span::Seconds(60)),
    (300.0, Span::Seconds(300)),
    (900.0, Span::Seconds(900)),
    (1_800.0, Span::Seconds(1_800)),
    (3_600.0, Span::Seconds(3_600)),
    (10_800.0, Span::Seconds(10_800)),
    (21_600.0, Span::Seconds(21_600)),
    (43_200.0, Span::Seconds(43_200)),
    (86_400.0, Span::Days(1)),
    (172_800.0, Span::Days(2)),
    (604_800.0, Span::Days(7)),
    (2_592_000.0, Span::Months(1)),
    (7_776_000.0, Span::Months(3)),
    (31_536_000.0, Span::Months(12)),
];

impl Span {
    /// The step that comes nearest to `n` steps across `domain`; at least a second.
    ///
    /// `None` outside the years 0 to 9999: there an axis is merely linear.
    pub(super) fn between((start, end): (f64, f64), n: u32) -> Option<Self> {
        if !SUPPORTED.contains(&start) || !SUPPORTED.contains(&end) {
            return None;
        }
        let target = (end - start) / f64::from(n.max(2));
        let (last, _) = LADDER[LADDER.len() - 1];
        if target > last {
            let years = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
            let fits = |&years: &i64| years as f64 * last * 1.5 >= target;
            return Some(Self::Months(12 * years.into_iter().find(fits).unwrap_or(5_000)));
        }
        let distance =
            |length: f64| if length < target { target / length } else { length / target };
        LADDER
            .into_iter()
            .min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)))
            .map(|(_, span)| span)
    }

    /// The multiples of this step within `domain`, ascending.
    pub(super) fn within(self, (start, end): (f64, f64)) -> impl Iterator<Item = f64> {
        let first = self.index(start.ceil());
        (first..)
            .map(move |i| self.at(i))
            .skip_while(move |&time| time < start)
            .take_while(move |&time| time <= end)
    }

    /// The last multiple at or before `time`.
    pub(super) fn floor(self, time: f64) -> f64 {
        self.at(self.index(time.floor()))
    }

    /// The first multiple at or after `time`.
    pub(super) fn ceil(self, time: f64) -> f64 {
        let i = self.index(time.floor());
        if self.at(i) < time { self.at(i + 1) } else { self.at(i) }
    }

    /// What stands beside a tick at `time`: the coarsest field that it begins.
    pub(super) fn label(self, time: f64) -> String {
        let time = whole(time);
        let Civil { year, month, day } = Civil::from_days(time.div_euclid(DAY));
        let name = MONTHS[month_index(month)];
        let clock = time.rem_euclid(DAY);
        match self {
            Self::Seconds(_) if clock % 60 != 0 => format!(":{:02}", clock % 60),
            Self::Seconds(_) if clock != 0 => {
                format!("{:02}:{:02}", clock / 3_600, clock / 60 % 60)
            }
            Self::Seconds(_) | Self::Days(_) if (month, day) == (1, 1) => format!("1 Jan {year}"),
            Self::Seconds(_) | Self::Days(_) => format!("{day} {name}"),
            Self::Months(_) if month == 1 => year.to_string(),
            Self::Months(_) => name.to_owned(),
        }
    }

    /// The number of the multiple at or before a whole second.
    fn index(self, time: f64) -> i64 {
        let time = whole(time);
        let days = time.div_euclid(DAY);
        match self {
            Self::Seconds(step) => time.div_euclid(step),
            Self::Days(step) => (days - offset(step)).div_euclid(step),
            Self::Months(step) => {
                let Civil { year, month, .. } = Civil::from_days(days);
                (year * 12 + month - 1).div_euclid(step)
            }
        }
    }

    /// The `i`-th multiple.
    fn at(self, i: i64) -> f64 {
        let time = match self {
            Self::Seconds(step) => i * step,
            Self::Days(step) => (i * step + offset(step)) * DAY,
            Self::Months(step) => {
                let (year, month) = ((i * step).div_euclid(12), (i * step).rem_euclid(12) + 1);
                Civil { year, month, day: 1 }.days() * DAY
            }
        };
        time as f64
    }
}

/// `2026-11-21 08:30:05`, with milliseconds where there are any; `None` outside the years 0 to 9999.
pub(super) fn date_time(time: f64) -> Option<String> {
    if !SUPPORTED.contains(&time) {
        return None;
    }
    let milliseconds = whole((time * 1_000.0).round());
    let seconds = milliseconds.div_euclid(1_000);
    let Civil { year, month, day } = Civil::from_days(seconds.div_euclid(DAY));
    let clock = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (clock / 3_600, clock / 60 % 60, clock % 60);
    let text = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    Some(match milliseconds.rem_euclid(1_000) {
        0 => text,
        fraction => format!("{text}.{fraction:03}"),
    })
}

/// A day of the Gregorian calendar, extended backwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Civil {
    year: i64,
    /// 1 to 12.
    month: i64,
    /// 1 to 31.
    day: i64,
}

/// Days of 400 years, after which the calendar repeats.
const ERA: i64 = 146_097;
/// Days from 0000-03-01 to 1970-01-01: years are counted from March, so leap days come last.
const EPOCH: i64 = 719_468;

impl Civil {
    /// # References
    ///
    /// H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `civil_from_days`.
    fn from_days(days: i64) -> Self {
        let days = days + EPOCH;
        let era = days.div_euclid(ERA);
        let of_era = days.rem_euclid(ERA);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month, day }
    }

    /// # References
    ///
    /// H. Hinnant, *chrono-Compatible Low-Level Date Algorithms*, `days_from_civil`.
    fn days(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let of_year =
            (153 * (self.month + if self.month > 2 { -3 } else { 9 }) + 2) / 5 + self.day - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
        era * ERA + of_era - EPOCH
    }
}

fn offset(step: i64) -> i64 {
    if step == 7 { FIRST_MONDAY } else { 0 }
}

#[expect(clippy::cast_possible_truncation, reason = "years 0 to 9999 are far from the ends of i64")]
fn whole(time: f64) -> i64 {
    time.floor() as i64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 12")]
fn month_index(month: i64) -> usize {
    (month - 1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_ten_thousand_years_comes_back() {
        for days in -719_528..2_932_897 {
            assert_eq!(Civil::from_days(days).days(), days);
        }
        assert_eq!(Civil::from_days(-719_528), Civil { year: 0, month: 1, day: 1 });
        assert_eq!(Civil::from_days(0), Civil { year: 1970, month: 1, day: 1 });
        assert_eq!(Civil::from_days(11_016), Civil { year: 2000, month: 2, day: 29 });
        assert_eq!(Civil::from_days(20_778), Civil { year: 2026, month: 11, day: 21 });
    }

    #[test]
    fn weeks_begin_on_mondays() {
        // 2026-11-21 is a Saturday; the Monday before is the 16th.
        assert_eq!(Span::Days(7).label(Span::Days(7).floor(20_778.0 * 86_400.0)), "16 Nov");
    }
}
