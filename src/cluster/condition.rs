//! What a row must meet to be selected, as shards test it.

use serde::{Deserialize, Serialize};

use super::bulk::Bulk;
use crate::engine::table::missing::Missing;

/// What a row must meet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The column whose value is tested; `None`: any cell of the row may meet it.
    pub column: Option<u32>,
    /// The test.
    pub test: CellTest,
    /// Whether the row must fail the test.
    pub is_negated: bool,
}

impl Condition {
    /// That any cell contains a text.
    pub(super) fn any_cell_contains(text: &str) -> Self {
        let test = CellTest::Text(OfText::Contains(Needle::new(text)));
        Self { column: None, test, is_negated: false }
    }

    /// Whether the row's text must be read for it.
    pub fn needs_text(&self) -> bool {
        matches!(self.test, CellTest::Text(_))
    }
}

/// A test of a cell, by what is at hand of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CellTest {
    /// By its code: 1 where it passes, 0 where not; the last is the code of missing values.
    Code(Bulk<u8>),
    /// By its number, where codes stand for ranges of numbers.
    Number(OfNumber),
    /// By its text, which must be read from the file.
    Text(OfText),
}

/// A test of a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum OfNumber {
    /// There is one.
    Present,
    /// It is one of these.
    OneOf(Vec<f64>),
    /// It lies between two ends; an end is a number, and whether it lies outside itself.
    Between(Option<(f64, bool)>, Option<(f64, bool)>),
}

impl OfNumber {
    /// Whether a number passes; NaN stands for none and never does.
    pub fn holds(&self, value: f64) -> bool {
        match self {
            Self::Present => !value.is_nan(),
            Self::OneOf(values) => values.contains(&value),
            Self::Between(low, high) => {
                !value.is_nan()
                    && low.is_none_or(|(end, strict)| value > end || !strict && value == end)
                    && high.is_none_or(|(end, strict)| value < end || !strict && value == end)
            }
        }
    }
}

/// A test of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OfText {
    /// It stands for a value.
    Present,
    /// It is one of these.
    OneOf(Vec<String>),
    /// It lies between two ends, as their code points are ordered; an end is a text, and whether it
    /// lies outside itself.
    Between(Option<(String, bool)>, Option<(String, bool)>),
    /// It contains this; ASCII letters match in either case.
    Contains(Needle),
}

impl OfText {
    /// Whether a text passes. One that stands for no value never does.
    pub fn holds(&self, text: &[u8], missing: &Missing) -> bool {
        !missing.has(text.trim_ascii()) && self.holds_for(text)
    }

    /// Whether a text passes, whatever it stands for.
    pub fn holds_for(&self, text: &[u8]) -> bool {
        match self {
            Self::Present => true,
            // What is no UTF-8 is shown with U+FFFD, and asked for as it is shown.
            Self::OneOf(texts) => match str::from_utf8(text) {
                Ok(text) => texts.iter().any(|there| there == text),
                Err(_) => texts.iter().any(|there| *there == String::from_utf8_lossy(text)),
            },
            Self::Between(low, high) => {
                let is_met = |end: &Option<(String, bool)>, inside: std::cmp::Ordering| {
                    end.as_ref().is_none_or(|(end, is_strict)| {
                        let order = text.cmp(end.as_bytes());
                        order == inside || !is_strict && order.is_eq()
                    })
                };
                is_met(low, std::cmp::Ordering::Greater) && is_met(high, std::cmp::Ordering::Less)
            }
            Self::Contains(needle) => needle.is_in(text),
        }
    }
}

/// A text that is looked for; ASCII letters match in either case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needle(String);

impl Needle {
    /// Looks for `text`.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Whether it is in a text.
    pub fn is_in(&self, text: &[u8]) -> bool {
        let needle = self.0.as_bytes();
        let Some(first) = needle.first() else { return true };
        let Some(last) = text.len().checked_sub(needle.len()) else { return false };
        let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
        memchr::memchr2_iter(lower, upper, &text[..=last])
            .any(|at| text[at..at + needle.len()].eq_ignore_ascii_case(needle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_either_case_and_at_either_end() {
        let is_in = |needle: &str, text: &str| Needle::new(needle).is_in(text.as_bytes());
        assert!(is_in("tcp", "TCP") && is_in("TCP", "a tcp") && is_in("é", "café"));
        assert!(is_in("", "") && is_in("aab", "aaab") && is_in("1", "1"));
        assert!(!is_in("tcp", "tc") && !is_in("x", "") && !is_in("É", "café"));
    }

    #[test]
    fn ends_of_ranges_lie_inside_unless_they_are_strict() {
        let of = |low, high| OfNumber::Between(low, high);
        assert!(of(Some((1.0, false)), Some((1.0, false))).holds(1.0));
        assert!(!of(Some((1.0, true)), None).holds(1.0) && of(Some((1.0, true)), None).holds(1.5));
        assert!(!of(None, Some((1.0, true))).holds(1.0) && !of(None, None).holds(f64::NAN));
        let text = OfText::Between(Some(("b".to_owned(), true)), Some(("d".to_owned(), false)));
        let held =
            ["a", "b", "ba", "c", "d", "da"].map(|t| text.holds(t.as_bytes(), Missing::usual()));
        assert_eq!(held, [false, false, true, true, true, false]);
    }

    #[test]
    fn a_text_that_stands_for_no_value_passes_nothing() {
        let contains = OfText::Contains(Needle::new("a"));
        let holds = |test: &OfText, text: &[u8]| test.holds(text, Missing::usual());
        assert!(holds(&contains, b"alpha") && !holds(&contains, b"NaN"));
        assert!(contains.holds_for(b"NaN"));
        assert!(!holds(&OfText::Present, b" ") && holds(&OfText::Present, b"0"));
    }
}
