//! Values as a file would write them, so that a filter reads what is meant.

use crate::chart::format;
use crate::protocol::{ColumnProfile, ColumnType, DateOrder, Format, Mark, Reading};

/// A number, or seconds since 1970-01-01 UTC, as the texts of a column are read; `None` for a time
/// that no calendar has.
pub fn written(reading: &Reading, value: f64) -> Option<String> {
    Some(match reading.format {
        Format::Epoch(unit) => (value * unit.per_second()).to_string(),
        Format::Date(order) => in_order(&calendar(value)?, order),
        Format::Plain if reading.kind == ColumnType::Time => calendar(value)?,
        Format::Number(format) if format.mark == Mark::Comma => value.to_string().replace('.', ","),
        Format::Plain | Format::Number(_) => value.to_string(),
    })
}

/// The name of an entity as a filter wants it: names of numbers are how programs write them.
pub fn of_name(column: &ColumnProfile, name: &str) -> String {
    let value = name.parse().ok().filter(|_| column.kind.is_ordered());
    value.and_then(|value| written(&column.reading, value)).unwrap_or_else(|| name.to_owned())
}

/// `2026-11-21 08:36:45`, which columns of times can read in one way only.
fn calendar(seconds: f64) -> Option<String> {
    // Beyond the calendar it would be a short number.
    Some(format::time(seconds)).filter(|text| text.len() >= "2026-11-21 08:36:45".len())
}

/// The same with the day or the month first: columns that are written so are read in no other way.
fn in_order(time: &str, order: DateOrder) -> String {
    let (year, month, day, clock) = (&time[..4], &time[5..7], &time[8..10], &time[10..]);
    match order {
        DateOrder::DayFirst => format!("{day}/{month}/{year}{clock}"),
        DateOrder::MonthFirst => format!("{month}/{day}/{year}{clock}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::table::{missing::Missing, number::NumberFormat};
    use crate::protocol::{EpochUnit, Grouping};

    #[test]
    fn what_is_written_is_read_as_it_was_meant() {
        let time = |format| Reading { format, ..Reading::plain(ColumnType::Time) };
        let number = |format| Reading { format, ..Reading::plain(ColumnType::Decimal) };
        let mut readings = vec![
            time(Format::Plain),
            time(Format::Date(DateOrder::DayFirst)),
            time(Format::Date(DateOrder::MonthFirst)),
            number(Format::Plain),
        ];
        readings.extend(EpochUnit::ALL.map(|unit| time(Format::Epoch(unit))));
        readings.extend(NumberFormat::ALL.map(|format| number(Format::Number(format))));
        for reading in readings {
            // The fourth of May, which is the fifth of April the other way round.
            for value in [1_777_885_200.25, 1_777_885_200.0, 981_173_106.0, 0.0, -3_600.5] {
                let text = written(&reading, value).expect("a time of the calendar");
                let read = reading.place(text.as_bytes(), Missing::usual());
                assert_eq!(read, Some(value), "{text} by {reading:?}");
            }
        }
        assert_eq!(written(&time(Format::Plain), 1e18), None);
        let grouping = Grouping::Mark;
        let comma = number(Format::Number(NumberFormat { mark: Mark::Comma, grouping }));
        assert_eq!(written(&comma, 1234.5).as_deref(), Some("1234,5"));
    }
}
