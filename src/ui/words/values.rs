//! Words for numbers and cells.

use crate::chart::format;
use crate::protocol::ColumnType;

/// `1 row`, `2 rows`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", format::count(n), if n == 1 { one } else { many })
}

/// A share of a whole, as exactly as shares are compared with one another: `0.083 %`.
pub fn closely(share: f64) -> String {
    let hundredths = share * 100.0;
    format!("{}\u{a0}%", format::fixed(hundredths, if hundredths < 1.0 { 3 } else { 2 }))
}

/// A share of a whole, with as many digits as keep it apart from none and all: `99.97 %`.
pub fn percent(share: f64) -> String {
    let hundredths = share * 100.0;
    let is_told_apart = |text: &str| {
        (share <= 0.0 || text.bytes().any(|b| (b'1'..=b'9').contains(&b)))
            && (share >= 1.0 || text.trim_end_matches('0') != "100.")
            && text != "100"
    };
    let exact = share <= 0.0 || share >= 1.0;
    let digits = if exact {
        format::fixed(hundredths, 0)
    } else {
        let least = usize::from((1.0..99.0).contains(&hundredths)) ^ 1;
        (least..=4)
            .map(|digits| format::fixed(hundredths, digits))
            .find(|text| is_told_apart(text))
            .unwrap_or_else(|| {
                let near = if share < 0.5 { "<\u{a0}0.0001" } else { ">\u{a0}99.9999" };
                near.to_owned()
            })
    };
    format!("{digits}\u{a0}%")
}

/// A number of a column: integers in full, others with about four digits.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size < 1e15 && size.fract() == 0.0 {
        format::fixed(value, 0)
    } else if (1.0..1e6).contains(&size) {
        let text = format::fixed(value, if size < 100.0 { 3 } else { 1 });
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format::compact(value)
    }
}

/// A number of a column of this type: times on the calendar, in UTC.
pub fn value(kind: ColumnType, value: f64) -> String {
    match kind {
        ColumnType::Time => format::time(value),
        _ => number(value),
    }
}

/// A cell's own text, integers grouped; long texts are cut.
pub fn cell(kind: ColumnType, text: &str) -> String {
    const LONGEST: usize = 48;
    let text = text.trim();
    match (kind, text.parse::<i64>()) {
        (ColumnType::Integer, Ok(number)) if number.unsigned_abs() < 1 << 53 => {
            let sign = if number < 0 { "−" } else { "" };
            format!("{sign}{}", format::count(number.unsigned_abs()))
        }
        _ if text.chars().count() > LONGEST => {
            text.chars().take(LONGEST - 1).chain(['…']).collect()
        }
        _ if text.is_empty() => "(empty)".to_owned(),
        _ => text.to_owned(),
    }
}

/// A cell as it stands; beyond what any screen shows it is cut, so that a cell of megabytes does
/// not stall the page. The inspector shows the whole line.
pub fn cut(cell: &str) -> String {
    const MOST: usize = 4_000;
    match cell.char_indices().nth(MOST) {
        None => cell.to_owned(),
        Some((end, _)) => format!("{}…", &cell[..end]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_stay_apart_from_none_and_all() {
        let cases = [
            (0.0, "0\u{a0}%"),
            (1.0, "100\u{a0}%"),
            (0.4, "40\u{a0}%"),
            (0.9997, "99.97\u{a0}%"),
            (0.999_992, "99.999\u{a0}%"),
            (0.000_1, "0.01\u{a0}%"),
            (0.006, "0.6\u{a0}%"),
            (1e-9, "<\u{a0}0.0001\u{a0}%"),
            (1.0 - 1e-9, ">\u{a0}99.9999\u{a0}%"),
        ];
        for (share, words) in cases {
            assert_eq!(percent(share), words);
        }
    }

    #[test]
    fn cells_keep_their_text() {
        assert_eq!(cell(ColumnType::Integer, "-54540"), "−54,540");
        assert_eq!(cell(ColumnType::Text, "007"), "007");
        assert_eq!(cell(ColumnType::Text, &"x".repeat(99)).chars().count(), 48);
    }
}
