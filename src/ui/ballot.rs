//! How votes are to be counted: as a person chose it, and as the address keeps it.

use super::recipe::{decode, encode};
use crate::protocol::{
    Counting, Eyes, Line, Muted, Profile, RowSet, SplitBy, TrainSpec, Trained, Weights,
};

/// How votes are to be counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ballot {
    /// What does not count: columns by name, each whole or with a value of the step that does not.
    pub muted: Vec<(String, Option<String>)>,
    /// The line between two classes.
    pub line: Line,
    /// What mistakes cost, as [`Counting::costs`]; empty where nothing was said.
    pub costs: Vec<f64>,
}

impl Ballot {
    /// The same, by the columns of a table and those that eyes add; what is muted in no column of these is
    /// left out.
    pub fn counting(&self, profile: &Profile, eyes: Eyes) -> Counting {
        let added = eyes.columns(profile);
        let muted = |(name, at): &(String, Option<String>)| {
            let own = profile.columns.iter().map(|column| &column.name);
            let column = own.chain(added.iter().map(|(_, name)| name)).position(|it| it == name)?;
            Some(Muted { column: column as u32, at: at.clone() })
        };
        let muted = self.muted.iter().filter_map(muted).collect();
        Counting { muted, line: self.line, costs: self.costs.clone() }
    }

    /// The same for a model that stands, as far as its votes can be counted so without training.
    pub fn counting_of(&self, profile: &Profile, trained: &Trained) -> Counting {
        let mut counting = self.counting(profile, trained.spec.eyes);
        let stands = &trained.spec.counting;
        let is_held = trained.judged.iter().any(|judged| judged.set == RowSet::Holdout);
        if is_folded(&trained.spec) || !is_held && counting.line.is_set_by_held_out_rows() {
            let by_itself = Some(counting.line).filter(|line| !line.is_set_by_held_out_rows());
            counting.line = by_itself.unwrap_or(stands.line);
        }
        if is_folded(&trained.spec) {
            counting.muted = Vec::new();
        }
        if counting.costs_of(trained.classes.len()).is_none() {
            counting.costs = Vec::new();
        }
        counting
    }

    /// Mutes a column or a step, or lets it vote again.
    pub fn toggle(&mut self, name: &str, at: Option<&str>) {
        let muted = (name.to_owned(), at.map(str::to_owned));
        match self.muted.iter().position(|there| *there == muted) {
            Some(place) => drop(self.muted.remove(place)),
            None => self.muted.push(muted),
        }
    }

    /// Whether a column or a step is muted by itself.
    pub fn is_muted(&self, name: &str, at: Option<&str>) -> bool {
        self.muted.iter().any(|(there, step)| there == name && step.as_deref() == at)
    }

    /// Takes one `key=value` of the address; `None` where it is none of its own.
    pub fn take(&mut self, key: &str, value: &str) -> Option<()> {
        let number = |text: &str| text.parse().ok().filter(|number: &f64| number.is_finite());
        match key {
            "muted-votes" => self.muted.push(match value.split_once('=') {
                Some((name, at)) => (decode(name), Some(decode(at))),
                None => (decode(value), None),
            }),
            "line" if value == "cheapest" => self.line = Line::Cheapest,
            "line" => self.line = Line::At(number(value)?),
            "line-alarms" => {
                let percent = number(value).filter(|share| (0.0..=100.0).contains(share))?;
                self.line = Line::FalseAlarms(percent / 100.0);
            }
            "costs" => {
                let costs: Option<Vec<f64>> = value.split('_').map(number).collect();
                self.costs = costs.filter(|costs| costs.iter().all(|&cost| cost >= 0.0))?;
            }
            _ => return None,
        }
        Some(())
    }

    /// What differs from the defaults, as the address keeps it.
    pub fn told(&self) -> Vec<(&'static str, String)> {
        let mut told = Vec::new();
        for (name, at) in &self.muted {
            let at = at.as_ref().map_or(String::new(), |at| format!("={}", encode(at)));
            told.push(("muted-votes", encode(name) + &at));
        }
        match self.line {
            Line::Even => {}
            Line::At(sum) => told.push(("line", sum.to_string())),
            Line::FalseAlarms(share) => told.push(("line-alarms", percent(share).to_string())),
            Line::Cheapest => told.push(("line", "cheapest".to_owned())),
        }
        if !self.costs.is_empty() {
            let costs: Vec<String> = self.costs.iter().map(f64::to_string).collect();
            told.push(("costs", costs.join("_")));
        }
        told
    }
}

/// A share in percent, as it was typed.
pub fn percent(share: f64) -> f64 {
    // A share that was typed in percent has few digits: rounding takes off what dividing put on.
    (share * 1e8).round() / 1e6
}

/// Whether a model is judged in folds: then several are, and none can be changed by itself.
pub fn is_folded(spec: &TrainSpec) -> bool {
    matches!(spec.split, SplitBy::Folds { .. })
}

/// How rows of different classes weigh in training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weighing {
    /// All rows alike.
    #[default]
    Alike,
    /// All classes alike.
    Balanced,
    /// Rows by what their mistakes cost.
    Costs,
}

impl Weighing {
    /// All of them, each with its word and its name on the page.
    pub const ALL: [(Self, &'static str, &'static str); 3] = [
        (Self::Alike, "alike", "rows alike"),
        (Self::Balanced, "balanced", "classes alike"),
        (Self::Costs, "cost", "by cost of mistakes"),
    ];

    /// The one of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, there, _)| *there == word).map(|(of, ..)| of)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(of, ..)| *of == self).map_or("", |(_, word, _)| word)
    }

    /// What it means for training.
    pub fn weights(self, costs: &[f64]) -> Weights {
        match self {
            Self::Alike => Weights::Alike,
            Self::Balanced => Weights::Balanced,
            Self::Costs => Weights::Costs(costs.to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ballot_survives_the_address() {
        let muted = |name: &str, at: Option<&str>| (name.to_owned(), at.map(str::to_owned));
        let muted = vec![
            muted("src bytes", None),
            muted("a=b&c%", Some("x=y&|")),
            muted("größe", Some("")),
        ];
        for line in [Line::Even, Line::At(-1.25), Line::FalseAlarms(0.07 / 100.0), Line::Cheapest] {
            let ballot = Ballot { muted: muted.clone(), line, costs: vec![0.0, 1.0, 2.5, 0.0] };
            let mut read = Ballot::default();
            for (key, value) in ballot.told() {
                read.take(key, &value).expect("it is one of its own");
            }
            assert_eq!(read, ballot);
        }
        assert!(Ballot::default().told().is_empty());
        for (key, value) in [
            ("line", "NaN"),
            ("line", "even"),
            ("line-alarms", "101"),
            ("line-alarms", "x"),
            ("costs", "1_-1"),
            ("costs", ""),
            ("lines", "1"),
        ] {
            assert_eq!(Ballot::default().take(key, value), None, "{key}={value}");
        }
    }

    #[test]
    fn shares_are_told_in_percent_as_they_were_typed() {
        for typed in ["1", "0.1", "0.07", "29", "2.3", "0.0001"] {
            let number: f64 = typed.parse().expect("a number");
            assert_eq!(percent(number / 100.0).to_string(), typed);
        }
    }

    #[test]
    fn what_is_muted_is_let_in_again_by_the_same_click() {
        let mut ballot = Ballot::default();
        ballot.toggle("a", None);
        ballot.toggle("a", Some("3"));
        assert!(ballot.is_muted("a", None) && ballot.is_muted("a", Some("3")));
        assert!(!ballot.is_muted("a", Some("4")) && !ballot.is_muted("b", None));
        ballot.toggle("a", None);
        assert_eq!(ballot.muted, [("a".to_owned(), Some("3".to_owned()))]);
    }
}
