//! What is to be learnt, from which rows and how: as a person chose it, and as the address keeps it.

mod offered;

use leptos::prelude::*;

pub use offered::{OFFERED, cut_of, files, groups, has_families, values};

use crate::protocol::{
    BoostParams, ClassesBy, ColumnProfile, Eyes, Learner, Line, Profile, Role, SplitBy, TrainSpec,
};
use crate::ui::ballot::{Ballot, Weighing};
use crate::ui::lens::file_column;
use crate::ui::session::Session;
use crate::ui::words;

/// How rows are parted into those that are learnt from and those to judge by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SplitKind {
    /// At random, class by class.
    #[default]
    Random,
    /// By time: the last rows judge.
    Time,
    /// By whole groups.
    Group,
    /// In folds.
    Folds,
    /// By file.
    File,
}

impl SplitKind {
    /// All of them, each with its word and its name on the page.
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Random, "random", "at random"),
        (Self::Time, "time", "by time: the last rows"),
        (Self::Group, "group", "by whole groups"),
        (Self::Folds, "folds", "in folds"),
        (Self::File, "file", "by file"),
    ];

    fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, there, _)| *there == word).map(|(kind, ..)| kind)
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, ..)| *kind == self).map_or("", |(_, word, _)| word)
    }
}

/// Classes a model can tell apart.
pub const MOST_CLASSES: u32 = 50;

/// The word that stands for the families of a known data set.
pub const FAMILIES: &str = "~families";
/// Before a number from which on rows are told from those below.
pub const FROM: &str = "~from ";

/// The word for a class that is told from all others: its name, behind `=` where that could be taken for
/// another word.
pub fn against(class: &str) -> String {
    let is_plain = !class.starts_with(['!', '=']) && class != FAMILIES && !class.starts_with(FROM);
    if is_plain { class.to_owned() } else { format!("={class}") }
}

/// What such a word asks for; `None` where a cut is no number.
fn classes_by(positive: &str) -> Option<ClassesBy> {
    Some(match positive {
        "" => ClassesBy::Values,
        FAMILIES => ClassesBy::Families,
        text => match (text.strip_prefix(FROM), text.strip_prefix('!')) {
            (Some(number), _) => ClassesBy::From(number.trim().parse().ok()?),
            (None, Some(name)) => ClassesBy::AllBut(name.to_owned()),
            (None, None) => ClassesBy::Against(text.strip_prefix('=').unwrap_or(text).to_owned()),
        },
    })
}

/// What is to be learnt, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// The column, by name; without, the label column.
    pub target: Option<String>,
    /// The class looked for: a value by its [word](against), `!value` for all others, [`FAMILIES`],
    /// [`FROM`] and a number, or nothing for each value its own; without, what is usual.
    pub positive: Option<String>,
    /// The split.
    pub split: SplitKind,
    /// The column that tells groups, or the file to judge by.
    pub by: Option<String>,
    /// The share of the rows to judge by, in percent.
    pub share: u32,
    /// How many folds.
    pub folds: u32,
    /// How trees vote.
    pub learner: Learner,
    /// How deep they are.
    pub depth: u32,
    /// Rounds at most.
    pub rounds: u32,
    /// What every vote is multiplied by.
    pub rate: f64,
    /// Of split and intervals.
    pub seed: u64,
    /// How rows of different classes weigh.
    pub weighing: Weighing,
    /// Whether rows are held out of training to set the line by.
    pub holds_out: bool,
    /// After how many rounds without gain to stop; 0 for never.
    pub patience: u32,
    /// The eyes whose measures are columns too.
    pub eyes: Eyes,
    /// How votes are counted.
    pub ballot: Ballot,
}

impl Default for Lesson {
    fn default() -> Self {
        let params = BoostParams::default();
        Self {
            target: None,
            positive: None,
            split: SplitKind::default(),
            by: None,
            share: 20,
            folds: 5,
            learner: params.learner,
            depth: params.depth,
            rounds: params.n_rounds,
            rate: params.rate,
            seed: 7,
            weighing: Weighing::default(),
            holds_out: false,
            patience: params.patience.unwrap_or(0),
            eyes: Eyes::default(),
            ballot: Ballot::default(),
        }
    }
}

impl Lesson {
    /// The column that is learnt: the one chosen, or else the one that holds labels.
    pub fn target_of(&self, session: Session, profile: &Profile) -> Option<u32> {
        let named = |name: &String| {
            let columns = (0..).zip(&profile.columns);
            columns.filter(|(_, column)| column.name == *name).map(|(index, _)| index).next()
        };
        self.target.as_ref().and_then(named).or_else(|| session.column_of(Role::Label))
    }

    /// The class looked for, or what is usual where nothing was chosen.
    pub fn positive_of(&self, column: &ColumnProfile) -> String {
        let values = values(column);
        let has_few = column.n_distinct <= MOST_CLASSES;
        let is_there = |positive: &String| match positive.strip_prefix(FROM) {
            Some(_) => cut_of(column).is_some(),
            None if positive.is_empty() => has_few,
            None if positive == FAMILIES => has_families(column),
            None => {
                let class = positive.strip_prefix(['!', '=']).unwrap_or(positive);
                values.iter().any(|value| value == class)
            }
        };
        // A class of another column is no choice.
        if let Some(positive) = self.positive.clone().filter(is_there) {
            return positive;
        }
        let all_but = |value: &String| format!("!{value}");
        if let Some(normal) = values.iter().find(|value| words::is_normal(value)) {
            return all_but(normal);
        }
        if has_few {
            return String::new();
        }
        if has_families(column) {
            return FAMILIES.to_owned();
        }
        let cut = cut_of(column).map(|cut| format!("{FROM}{cut}"));
        cut.or_else(|| values.first().map(all_but)).unwrap_or_default()
    }

    /// The column that tells groups, or the file to judge by: the one chosen, if it is there, or else the
    /// first column or the last file.
    pub fn by_of(&self, session: Session, profile: &Profile) -> Option<String> {
        let (offered, usual) = match self.split {
            SplitKind::Group => (groups(session, profile), 0),
            SplitKind::File => {
                let files = files(profile);
                let last = files.len().saturating_sub(1);
                (files, last)
            }
            _ => return None,
        };
        let chosen = self.by.clone().filter(|by| offered.contains(by));
        chosen.or_else(|| offered.get(usual).cloned())
    }

    /// What is asked of training; `None` where there is nothing to learn.
    pub fn spec(&self, session: Session, profile: &Profile) -> Option<TrainSpec> {
        let target = self.target_of(session, profile)?;
        let positive = self.positive_of(profile.columns.get(target as usize)?);
        let classes = classes_by(&positive)?;
        let share = f64::from(self.share) / 100.0;
        let split = match self.split {
            SplitKind::Random => SplitBy::Random { share },
            SplitKind::Time => SplitBy::Time { column: session.column_of(Role::Time)?, share },
            SplitKind::Group => {
                let by = self.by_of(session, profile)?;
                let column = profile.columns.iter().position(|c| c.name == by)? as u32;
                SplitBy::Group { column, share }
            }
            SplitKind::Folds => SplitBy::Folds { k: u8::try_from(self.folds).ok()? },
            SplitKind::File => {
                let column = file_column(profile)?;
                let name = self.by_of(session, profile)?;
                SplitBy::File { column, name, share }
            }
        };
        let params = BoostParams {
            learner: self.learner,
            depth: self.depth,
            n_rounds: self.rounds,
            rate: self.rate,
            class_weights: Vec::new(),
            patience: (self.patience > 0).then_some(self.patience),
        };
        let features = session.features.get().iter().copied().filter(|&c| c != target).collect();
        let weights = self.weighing.weights(&self.ballot.costs);
        let mut counting = self.ballot.counting(profile, self.eyes);
        let is_folded = matches!(split, SplitBy::Folds { .. });
        if is_folded {
            // Several models judge then, and none of them alone can be changed.
            counting.muted.clear();
            counting.line = Some(counting.line)
                .filter(|line| !line.is_set_by_held_out_rows())
                .unwrap_or_default();
        }
        let holds_out = (self.holds_out || self.patience > 0) && !is_folded;
        let seed = self.seed;
        Some(TrainSpec {
            target,
            classes,
            features,
            split,
            params,
            weights,
            holds_out,
            eyes: self.eyes,
            seed,
            counting,
        })
    }

    /// Puts the line elsewhere; where rows held out of training set it, some are held out from now on.
    pub fn put_line(&mut self, line: Line) {
        self.ballot.line = line;
        self.holds_out |= line.is_set_by_held_out_rows();
    }

    /// Holds rows out of training, or no more; a line that is set by such rows goes back to even votes.
    pub fn hold_out(&mut self, is_on: bool) {
        self.holds_out = is_on;
        if !is_on && self.patience == 0 && self.ballot.line.is_set_by_held_out_rows() {
            self.ballot.line = Line::Even;
        }
    }

    /// Takes the settings that find most attacks of kinds that no row to learn from is of: the usual
    /// ones, and a line that one in a hundred of the ordinary rows held out is above.
    pub fn for_unknown_kinds(&mut self) {
        let usual = Self::default();
        (self.learner, self.depth, self.rounds) = (usual.learner, usual.depth, usual.rounds);
        (self.rate, self.weighing, self.patience) = (usual.rate, usual.weighing, usual.patience);
        self.eyes = usual.eyes;
        if self.split == SplitKind::Folds {
            self.split = usual.split;
        }
        // Several classes have no line between them.
        self.positive = self.positive.take().filter(|of| !of.is_empty() && of != FAMILIES);
        self.put_line(Line::FalseAlarms(0.01));
    }

    /// Judges by the rows of a file from now on.
    pub fn test_on(&mut self, file: String) {
        (self.split, self.by) = (SplitKind::File, Some(file));
    }

    /// Takes one `key=value` of the address; `None` where it is none of its own.
    pub fn take(&mut self, key: &str, value: &str) -> Option<()> {
        let within =
            |least: u32, most: u32| value.parse().ok().filter(|n| (least..=most).contains(n));
        match key {
            "target" => self.target = Some(value.to_owned()),
            "positive" => self.positive = Some(value.to_owned()),
            "split" => self.split = SplitKind::of_word(value)?,
            "split-by" => self.by = Some(value.to_owned()),
            "test-share" => self.share = within(1, 99)?,
            "folds" => self.folds = within(2, 20)?,
            "learner" => {
                self.learner = LEARNERS.into_iter().find(|(_, word)| *word == value)?.0;
            }
            "depth" => self.depth = within(1, BoostParams::MAX_DEPTH)?,
            "rounds" => self.rounds = within(1, BoostParams::MAX_ROUNDS)?,
            "rate" => self.rate = value.parse().ok().filter(|&rate| rate > 0.0 && rate <= 1.0)?,
            "train-seed" => self.seed = value.parse().ok()?,
            "weights" => self.weighing = Weighing::of_word(value)?,
            "balanced" if value == "yes" => self.weighing = Weighing::Balanced,
            "hold-out" => self.holds_out = value == "yes",
            "patience" => self.patience = within(0, BoostParams::MAX_ROUNDS)?,
            "eyes" => {
                let mut each = [false; 3];
                for word in value.split([',', '_']) {
                    each[Eyes::WORDS.iter().position(|there| *there == word)?] = true;
                }
                self.eyes = Eyes::of(each);
            }
            _ => {
                self.ballot.take(key, value)?;
                self.put_line(self.ballot.line);
            }
        }
        Some(())
    }

    /// What differs from the defaults, as the address keeps it.
    pub fn told(&self) -> Vec<(&'static str, String)> {
        let usual = Self::default();
        let mut told = Vec::new();
        let mut put = |key, value: Option<String>| told.extend(value.map(|value| (key, value)));
        put("target", self.target.clone());
        put("positive", self.positive.clone());
        put("split", (self.split != usual.split).then(|| self.split.word().to_owned()));
        put("split-by", self.by.clone());
        put("test-share", (self.share != usual.share).then(|| self.share.to_string()));
        put("folds", (self.folds != usual.folds).then(|| self.folds.to_string()));
        put("learner", (self.learner != usual.learner).then(|| word(self.learner).to_owned()));
        put("depth", (self.depth != usual.depth).then(|| self.depth.to_string()));
        put("rounds", (self.rounds != usual.rounds).then(|| self.rounds.to_string()));
        put("rate", (self.rate != usual.rate).then(|| self.rate.to_string()));
        put("train-seed", (self.seed != usual.seed).then(|| self.seed.to_string()));
        put("weights", (self.weighing != usual.weighing).then(|| self.weighing.word().to_owned()));
        let is_said = self.holds_out && !self.ballot.line.is_set_by_held_out_rows();
        put("hold-out", is_said.then(|| "yes".to_owned()));
        put("patience", (self.patience != usual.patience).then(|| self.patience.to_string()));
        put("eyes", self.eyes.is_any().then(|| self.eyes.words()));
        told.extend(self.ballot.told());
        told
    }
}

/// The learners with their words.
pub const LEARNERS: [(Learner, &str); 2] =
    [(Learner::Confidence, "confidence"), (Learner::Samme, "samme")];

/// The word of a learner.
pub fn word(learner: Learner) -> &'static str {
    LEARNERS.into_iter().find(|(there, _)| *there == learner).map_or("", |(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ColumnType, Frequency, Values};
    use crate::ui::session::tests::column;

    fn ordered(n_distinct: u32, [min, median, upper, max]: [f64; 4]) -> ColumnProfile {
        let values = Values::Ordered {
            min,
            lower: min,
            median,
            upper,
            max,
            bins: Vec::new(),
            log_bins: false,
        };
        let column = column("price", ColumnType::Decimal, Role::Feature);
        ColumnProfile { n_distinct, values: Some(values), ..column }
    }

    fn texts(n_distinct: u32, names: &[&str]) -> ColumnProfile {
        let top = names.iter().map(|&text| Frequency { text: text.to_owned(), count: 1 }).collect();
        let values = Some(Values::Unordered { top });
        let column = column("kind", ColumnType::Text, Role::Label);
        ColumnProfile { n_distinct, values, ..column }
    }

    #[test]
    fn what_is_told_apart_is_always_possible() {
        let usual = |column| Lesson::default().positive_of(&column);
        assert_eq!(usual(ordered(540, [1.0, 12.5, 20.0, 99.0])), "~from 12.5");
        // Most prices are 0: from there on, all rows would be of one class.
        assert_eq!(usual(ordered(540, [0.0, 0.0, 0.0, 9.0])), "~from 9");
        assert_eq!(usual(ordered(50, [0.0, 2.0, 3.0, 9.0])), "");
        assert_eq!(usual(texts(10_000, &["c0", "c1"])), "!c0");
        assert_eq!(usual(texts(10_000, &["c0", "normal"])), "!normal");
        assert_eq!(usual(texts(2, &["good", "bad"])), "");
        // All classes of ten thousand were asked for by an address.
        let all = Lesson { positive: Some(String::new()), ..Lesson::default() };
        assert_eq!(all.positive_of(&texts(10_000, &["c0", "c1"])), "!c0");
        assert_eq!(all.positive_of(&texts(3, &["normal", "b"])), "");
        let cut = Lesson { positive: Some("~from 5".to_owned()), ..Lesson::default() };
        assert_eq!(cut.positive_of(&ordered(540, [1.0, 12.5, 20.0, 99.0])), "~from 5");
        assert_eq!(cut.positive_of(&texts(2, &["good", "bad"])), "");
    }

    #[test]
    fn a_class_may_have_any_name() {
        let names = ["x", "!x", "=x", "=!x", "~families", "~from 3", "~"];
        let column = texts(7, &names);
        for name in names {
            for (positive, classes) in [
                (against(name), ClassesBy::Against(name.to_owned())),
                (format!("!{name}"), ClassesBy::AllBut(name.to_owned())),
            ] {
                let lesson = Lesson { positive: Some(positive.clone()), ..Lesson::default() };
                assert_eq!(lesson.positive_of(&column), positive);
                assert_eq!(classes_by(&positive), Some(classes));
            }
        }
        assert_eq!(classes_by("~from 3"), Some(ClassesBy::From(3.0)));
    }

    #[test]
    fn a_lesson_survives_the_address() {
        let lesson = Lesson {
            target: Some("class".to_owned()),
            positive: Some("!normal".to_owned()),
            split: SplitKind::File,
            by: Some("b.csv".to_owned()),
            share: 30,
            folds: 10,
            learner: Learner::Samme,
            depth: 5,
            rounds: 114,
            rate: 0.8065,
            seed: u64::MAX,
            weighing: Weighing::Costs,
            holds_out: true,
            patience: 20,
            eyes: Eyes { neighbours: false, ..Eyes::of([true; 3]) },
            ballot: Ballot { line: Line::At(0.5), ..Ballot::default() },
        };
        let mut read = Lesson::default();
        for (key, value) in lesson.told() {
            read.take(key, &value).expect("it is one of its own");
        }
        assert_eq!(read, lesson);
        assert!(Lesson::default().told().is_empty());
        for (key, value) in [
            ("depth", "0"),
            ("depth", "7"),
            ("rate", "NaN"),
            ("split", "odd"),
            ("eyes", "forest_x"),
            ("x", "1"),
        ] {
            assert_eq!(Lesson::default().take(key, value), None, "{key}={value}");
        }
    }
}
