//! The verdict on one row, in a sentence and in sums.

use crate::chart::format;
use crate::protocol::{
    CellValue, ColumnProfile, Contribution, Counterfactual, Direction, Eye, Inspection, Profile,
};

use super::sight;
use super::words::{self, cell, percent};

/// A piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phrase {
    /// Said plainly.
    Plain(String),
    /// A column's name.
    Strong(String),
}

/// How many reasons a sentence names at most.
const NAMED: usize = 3;
/// Reasons weaker than this share of the strongest are left to the bars.
const WORTH_NAMING: f64 = 0.15;

/// The verdict in a sentence: why this row is odd, or that it is not.
pub fn sentence(inspection: &Inspection, profile: &Profile, threshold: f64) -> Vec<Phrase> {
    let odd: Vec<&Contribution> =
        inspection.contributions.iter().filter(|c| c.steps < 0.0).collect();
    let Some(strongest) = odd.first() else {
        return vec![Phrase::Plain("Ordinary: nothing about this row stands out.".to_owned())];
    };
    let least = strongest.steps * WORTH_NAMING;
    let whom = sight::name(inspection.eye).to_lowercase();
    let opening = match (inspection.score >= threshold, inspection.eye) {
        (true, Eye::Forest) => "Odd because ".to_owned(),
        (true, _) => format!("Odd to the {whom} because "),
        (false, Eye::Forest) => "Below the threshold; what stands out most: ".to_owned(),
        (false, _) => format!("Below the threshold; what stands out most to the {whom}: "),
    };
    let mut phrases = vec![Phrase::Plain(opening)];
    for (i, &part) in odd.iter().take(NAMED).take_while(|part| part.steps <= least).enumerate() {
        let Some(column) = profile.columns.get(part.column as usize) else { continue };
        if i > 0 {
            phrases.push(Phrase::Plain("; ".to_owned()));
        }
        let text = inspection.text.cells.get(part.column as usize).map_or("", String::as_str);
        phrases.push(Phrase::Strong(column.name.clone()));
        phrases.push(Phrase::Plain(clause(part, column, text, profile.n_rows)));
    }
    phrases.push(Phrase::Plain(".".to_owned()));
    phrases
}

/// What would make a row ordinary, in a sentence.
pub fn otherwise(found: &Counterfactual, profile: &Profile) -> Vec<Phrase> {
    let plain = |text: &str| Phrase::Plain(text.to_owned());
    let Some(score) = found.score else {
        return vec![plain("No other value of one or two columns was found to make it ordinary.")];
    };
    let mut phrases = vec![plain("It would be ordinary with ")];
    for (place, (column, value)) in found.changes.iter().enumerate() {
        let Some(column) = profile.columns.get(*column as usize) else { continue };
        if place > 0 {
            phrases.push(plain(" and "));
        }
        let value = match value {
            CellValue::Number(number) => words::value(column.kind, *number),
            CellValue::Text(text) => cell(column.kind, text),
            CellValue::Missing => "missing".to_owned(),
        };
        phrases.push(Phrase::Strong(column.name.clone()));
        phrases.push(Phrase::Plain(format!(" {value}")));
    }
    phrases.push(Phrase::Plain(format!(" (score {}).", format::fixed(score, 3))));
    phrases
}

/// A sentence as plain text, for the clipboard and for screen readers.
pub fn plain(phrases: &[Phrase]) -> String {
    phrases
        .iter()
        .map(|phrase| match phrase {
            Phrase::Plain(text) | Phrase::Strong(text) => text.as_str(),
        })
        .collect()
}

/// ` is 54,540: higher than 99.97 % of rows`.
fn clause(part: &Contribution, column: &ColumnProfile, text: &str, n_rows: u32) -> String {
    let value = cell(column.kind, text);
    let holders = || {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to n_rows")]
        let n = (part.share * f64::from(n_rows)).round() as u64;
        match n {
            0 | 1 => "no other row has it".to_owned(),
            2..=99 => format!("only {} of {} rows have it", n, format::count(u64::from(n_rows))),
            _ => format!("{} of the rows have it", percent(part.share)),
        }
    };
    match (part.direction, Beside::of(part, column, n_rows)) {
        (Direction::Missing, _) => {
            format!(" is missing, as in {} of the rows", percent(part.share))
        }
        (Direction::High, Some(beside)) if beside.below > 0.5 => {
            format!(" is {value}: higher than in {} of the rows", percent(beside.below))
        }
        (Direction::Low, Some(beside)) if beside.above > 0.5 => {
            format!(" is {value}: lower than in {} of the rows", percent(beside.above))
        }
        _ => format!(" is {value}: {}", holders()),
    }
}

/// Which shares of the rows with a value have a smaller and a larger one.
struct Beside {
    below: f64,
    above: f64,
}

impl Beside {
    /// The quantile counts equal values half; their share among the rows with a value undoes that.
    fn of(part: &Contribution, column: &ColumnProfile, n_rows: u32) -> Option<Self> {
        let quantile = part.quantile?;
        let n_present = f64::from(n_rows.saturating_sub(column.n_missing).max(1));
        let same = (part.share * f64::from(n_rows) / n_present).min(1.0);
        let below = (quantile - same / 2.0).clamp(0.0, 1.0);
        Some(Self { below, above: (1.0 - quantile - same / 2.0).clamp(0.0, 1.0) })
    }
}

/// Where a value stands among its column's: `99.97th percentile`, or how many rows have it.
pub fn standing(part: &Contribution) -> String {
    match part.quantile {
        Some(quantile) => {
            let number = percent(quantile);
            let number = number.trim_end_matches('%').trim_end();
            // After a fraction no ordinal is right but `th`.
            let last = number.chars().last().unwrap_or('0');
            let teen = number.len() > 1 && number.as_bytes()[number.len() - 2] == b'1';
            let ending = match last {
                _ if number.contains('.') || teen => "th",
                '1' => "st",
                '2' => "nd",
                '3' => "rd",
                _ => "th",
            };
            format!("{number}{ending} percentile")
        }
        None if part.direction == Direction::Missing => {
            format!("missing in {} of rows", percent(part.share))
        }
        None => format!("in {} of rows", percent(part.share)),
    }
}

/// A signed number of steps, as the bars show it.
pub fn steps(steps: f64) -> String {
    let sign = if steps > 0.0 { "+" } else { "" };
    format!("{sign}{}", format::fixed(steps, 2))
}

/// How the bars make the score: the sum is exact, only its digits are cut.
#[expect(clippy::disallowed_methods, reason = "a few digits for the eye, and no result")]
pub fn sum(inspection: &Inspection) -> String {
    if inspection.eye == Eye::Neighbours {
        let bits = -inspection.path_length;
        let factor = format::fixed(bits.exp2(), 2);
        return format!(
            "Its surroundings are {factor} times as thin as those of its neighbours: log₂ {factor} = {} \
             bits, which the bars share as they share in the distance to them.",
            format::fixed(bits, 2)
        );
    }
    let sum: f64 = inspection.contributions.iter().map(|part| part.steps).sum();
    format!(
        "Every row starts at {} steps; the bars add {}. That makes a path of {}, where {} would be \
         ordinary: score 2^(−{} ∕ {}) = {}.",
        format::fixed(inspection.expected_path, 2),
        steps(sum),
        format::fixed(inspection.path_length, 2),
        format::fixed(inspection.average_path, 2),
        format::fixed(inspection.path_length, 2),
        format::fixed(inspection.average_path, 2),
        format::fixed(own_score(inspection), 3),
    )
}

/// s by the eye that tells the row's path; what all eyes see together is another number.
#[expect(clippy::disallowed_methods, reason = "a few digits for the eye, and no result")]
fn own_score(inspection: &Inspection) -> f64 {
    match inspection.average_path {
        0.0 => inspection.score,
        average => (-inspection.path_length / average).exp2(),
    }
}

/// A direction's word.
pub fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::High => "high",
        Direction::Low => "low",
        Direction::Rare => "rare",
        Direction::Missing => "missing",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ColumnType, Profile, Role, RowText};
    use crate::ui::session::tests;

    fn column(name: &str, kind: ColumnType) -> ColumnProfile {
        tests::column(name, kind, Role::Feature)
    }

    fn profile() -> Profile {
        let columns = vec![
            column("src_bytes", ColumnType::Integer),
            column("service", ColumnType::Text),
            column("flag", ColumnType::Text),
        ];
        tests::profile(10_000, columns)
    }

    fn part(column: u32, steps: f64, direction: Direction) -> Contribution {
        Contribution { column, steps, direction, quantile: None, share: 0.0002 }
    }

    fn inspection(contributions: Vec<Contribution>) -> Inspection {
        let expected_path = 9.0;
        let path_length = expected_path + contributions.iter().map(|part| part.steps).sum::<f64>();
        Inspection {
            eye: Eye::Forest,
            text: RowText {
                row: 4,
                line: 5,
                cells: ["54540", "aol", "SF"].map(str::to_owned).into(),
                text: "54540,aol,SF".to_owned(),
            },
            score: 0.8,
            path_length,
            expected_path,
            average_path: 10.25,
            contributions,
            times: vec![],
        }
    }

    #[test]
    fn a_sentence_names_the_strongest_reasons_and_no_more() {
        let high =
            Contribution { quantile: Some(0.9997), share: 0.0, ..part(0, -2.0, Direction::High) };
        let parts = vec![high, part(1, -0.9, Direction::Rare), part(2, -0.01, Direction::Rare)];
        let said = plain(&sentence(&inspection(parts), &profile(), 0.6));
        assert_eq!(
            said,
            "Odd because src_bytes is 54,540: higher than in 99.97\u{a0}% of the rows; \
             service is aol: only 2 of 10,000 rows have it."
        );
    }

    #[test]
    fn an_ordinary_row_is_called_so() {
        let part = part(0, 0.5, Direction::High);
        let said = plain(&sentence(&inspection(vec![part]), &profile(), 0.9));
        assert_eq!(said, "Ordinary: nothing about this row stands out.");
    }

    #[test]
    fn the_sum_says_what_the_bars_add() {
        let said = sum(&inspection(vec![part(0, -4.75, Direction::High)]));
        assert!(said.contains("starts at 9.00 steps; the bars add −4.75"), "{said}");
        assert!(said.contains("a path of 4.25, where 10.25"), "{said}");
    }

    #[test]
    fn percentiles_have_their_endings() {
        let standing = |quantile| {
            standing(&Contribution { quantile: Some(quantile), ..part(0, -1.0, Direction::High) })
        };
        assert_eq!(standing(0.9997), "99.97th percentile");
        assert_eq!(standing(0.42), "42nd percentile");
        assert_eq!(standing(0.12), "12th percentile");
    }
}
