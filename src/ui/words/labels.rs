//! Words for labels: which mean nothing special, and what they do not say.

use super::{cell, percent};
use crate::protocol::{ColumnProfile, Profile, Role, Values};

/// Labels that mean "nothing special", in the data sets people use.
const NORMAL: [&str; 7] =
    ["normal", "normal.", "benign", "background", "no label", "none", "legit"];

/// Whether a label means "nothing special".
pub fn is_normal(label: &str) -> bool {
    NORMAL.contains(&label.trim().to_ascii_lowercase().as_str())
}

/// A sentence where the labels say that rare and bad are not the same thing here.
///
/// A forest finds what is rare; where a fifth of the rows or more is labelled as something else
/// than normal, flagged rows must not be read as attacks (and attacks will not be flagged).
pub fn label_warning(
    profile: &Profile,
    role_of: impl Fn(&ColumnProfile) -> Role,
) -> Option<String> {
    const WORTH_SAYING: f64 = 0.2;
    let labels = profile.columns.iter().filter(|&column| role_of(column) == Role::Label);
    labels.into_iter().find_map(|column| {
        let Some(Values::Unordered { top }) = &column.values else { return None };
        let most = top.first()?;
        let n_labelled = f64::from(profile.n_rows.saturating_sub(column.n_missing).max(1));
        let n_normal: u32 = top.iter().filter(|f| is_normal(&f.text)).map(|f| f.count).sum();
        let rest = 1.0 - f64::from(n_normal) / n_labelled;
        if n_normal > 0 && rest > WORTH_SAYING {
            return Some(format!(
                "Rare is not attack: {} of the rows carry another {} than normal. A forest finds \
                 what is rare, so most of those will look ordinary to it.",
                percent(rest),
                column.name
            ));
        }
        let is_class = column.n_distinct <= 100 && n_normal == 0;
        let share = f64::from(most.count) / n_labelled;
        (is_class && share > WORTH_SAYING).then(|| {
            format!(
                "Rare is not bad: {} of the rows carry the {} {}. A forest finds what is rare; \
                 whether that is what the labels mean is yours to judge.",
                percent(share),
                column.name,
                cell(column.kind, &most.text)
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ColumnType, Frequency};
    use crate::ui::session::tests::{column, profile};

    fn labelled(top: &[(&str, u32)]) -> Profile {
        let n_rows = top.iter().map(|&(_, count)| count).sum();
        let top: Vec<_> =
            top.iter().map(|&(text, count)| Frequency { text: text.to_owned(), count }).collect();
        let label = ColumnProfile {
            n_distinct: u32::try_from(top.len()).unwrap_or(u32::MAX),
            values: Some(Values::Unordered { top }),
            ..column("label", ColumnType::Text, Role::Label)
        };
        profile(n_rows, vec![label])
    }

    #[test]
    fn many_attacks_are_warned_of_and_few_are_not() {
        let warning = |top: &[(&str, u32)]| label_warning(&labelled(top), |column| column.role);
        let many = warning(&[("normal", 53), ("neptune", 47)]).expect("47 % are attacks");
        assert!(many.starts_with("Rare is not attack: 47\u{a0}%"), "{many}");
        assert!(warning(&[("smurf.", 57), ("normal.", 20)]).is_some());
        assert_eq!(warning(&[("BENIGN", 99), ("XSS", 1)]), None);
    }
}
