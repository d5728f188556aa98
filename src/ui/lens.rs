//! Which rows a person looks at, as the address keeps it: by the names of columns.

use crate::protocol::{
    Bound, ColumnProfile, Filter, Profile, RoleReason, Selection, Sort, Test, ViewSpec,
};

/// A filter of one column.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    /// The column's name.
    pub column: String,
    /// What its value must be.
    pub test: Test,
    /// Whether the rows are meant that fail the test.
    pub is_negated: bool,
}

/// Which rows a person looks at, and in which order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lens {
    /// The filters; all must hold.
    pub chips: Vec<Chip>,
    /// Rows that pass all filters of one of these are muted: shown nowhere, flagged nowhere.
    pub rules: Vec<Vec<Chip>>,
    /// The text that some cell must contain.
    pub search: String,
    /// The box on the map that they must stand in. It goes with the map, and is in no address.
    pub within: Option<[(f64, f64); 2]>,
    /// The column that rows are sorted by, and whether downwards.
    pub sort: Option<(String, bool)>,
}

/// The rows that a forest grows on.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum GrowOn {
    /// All.
    #[default]
    All,
    /// Those that pass the filters.
    Filter,
    /// Those whose label is this.
    Label(String),
    /// Those of this file, where several were given.
    File(String),
    /// Those from one time until before another; an empty end is open.
    Time(String, String),
}

impl Lens {
    /// Whether any row is left out.
    pub fn selects(&self) -> bool {
        !self.chips.is_empty()
            || !self.search.is_empty()
            || !self.rules.is_empty()
            || self.within.is_some()
    }

    /// Makes a rule of the filters that stand: from now on the rows that pass them are muted.
    pub fn mute(&mut self) {
        if !self.chips.is_empty() {
            self.rules.push(std::mem::take(&mut self.chips));
        }
    }

    /// The same, without what is about columns that a table does not have.
    #[must_use]
    pub fn for_table(mut self, profile: &Profile) -> Self {
        let has = |name: &str| column_of(profile, name).is_some();
        self.chips.retain(|chip| has(&chip.column));
        self.rules.retain(|rule| rule.iter().all(|chip| has(&chip.column)));
        self.sort = self.sort.filter(|(name, _)| has(name));
        self.within = None;
        self
    }

    /// What it selects of a table.
    pub fn selection(&self, profile: &Profile) -> Selection {
        let filter = |chip: &Chip| {
            let column = column_of(profile, &chip.column)?;
            Some(Filter { column, test: chip.test.clone(), is_negated: chip.is_negated })
        };
        let filters = |chips: &[Chip]| chips.iter().filter_map(filter).collect::<Vec<Filter>>();
        let except = self.rules.iter().map(|rule| filters(rule)).collect();
        let (search, within) = (self.search.clone(), self.within);
        Selection { filters: filters(&self.chips), search, except, within }
    }

    /// What it shows of a table.
    pub fn spec(&self, profile: &Profile) -> ViewSpec {
        let sort = self.sort.as_ref().and_then(|(name, is_descending)| {
            let column = column_of(profile, name)?;
            Some(Sort { column, is_descending: *is_descending })
        });
        ViewSpec { selection: self.selection(profile), sort }
    }

    /// The chips of a column.
    pub fn of_column<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Chip> {
        self.chips.iter().filter(move |chip| chip.column == name)
    }

    /// Whether the filters of some columns are just these.
    pub fn is_narrowed(&self, columns: &[String], chips: &[Chip]) -> bool {
        let standing = || self.chips.iter().filter(|chip| columns.contains(&chip.column));
        standing().count() == chips.len() && chips.iter().all(|chip| standing().any(|c| c == chip))
    }

    /// Puts filters in place of all those of some columns; where they stand already, takes them away.
    pub fn narrow(&mut self, columns: &[String], chips: &[Chip]) {
        let is_there = self.is_narrowed(columns, chips);
        self.chips.retain(|chip| !columns.contains(&chip.column));
        if !is_there {
            self.chips.extend_from_slice(chips);
        }
    }

    /// Sorts by a column: upwards, then downwards, then not at all.
    pub fn turn(&mut self, name: &str) {
        self.sort = match self.sort.take() {
            Some((column, true)) if column == name => None,
            Some((column, false)) if column == name => Some((column, true)),
            _ => Some((name.to_owned(), false)),
        };
    }
}

impl GrowOn {
    /// The rows that are meant; `label` is the column that holds labels, `time` that of times.
    pub fn selection(
        &self,
        lens: &Lens,
        profile: &Profile,
        label: Option<u32>,
        time: Option<u32>,
    ) -> Selection {
        let is = |column: Option<u32>, value: &str| {
            let test = Test::OneOf(vec![value.to_owned()]);
            let filter = column.map(|column| Filter { column, test, is_negated: false });
            Selection { filters: Vec::from_iter(filter), ..Selection::default() }
        };
        match self {
            Self::All => Selection::default(),
            Self::Filter => lens.selection(profile),
            Self::Label(value) => is(label, value),
            Self::File(name) => is(file_column(profile), name),
            Self::Time(from, until) => {
                let end = |value: &String, is_strict| {
                    (!value.is_empty()).then(|| Bound { value: value.clone(), is_strict })
                };
                let test = Test::Between(end(from, false), end(until, true));
                let filter = time.map(|column| Filter { column, test, is_negated: false });
                Selection { filters: Vec::from_iter(filter), ..Selection::default() }
            }
        }
    }
}

/// The column that says from which of several files a row is.
pub fn file_column(profile: &Profile) -> Option<u32> {
    let is_file = |column: &ColumnProfile| column.reason == RoleReason::File;
    (0..).zip(&profile.columns).find(|(_, column)| is_file(column)).map(|(index, _)| index)
}

fn column_of(profile: &Profile, name: &str) -> Option<u32> {
    (0..).zip(&profile.columns).find(|(_, column)| column.name == name).map(|(index, _)| index)
}

impl Chip {
    /// The test as words behind the column's name: `is tcp or udp`, `≥ 5`, `is missing`.
    pub fn words(&self) -> String {
        let or = |texts: &[String]| match texts {
            [few @ .., last] if !few.is_empty() && texts.len() <= 3 => {
                format!("{} or {last}", few.join(", "))
            }
            [first, second, rest @ ..] if !rest.is_empty() => {
                format!("{first}, {second} or {} others", rest.len())
            }
            _ => texts.join(""),
        };
        let not = if self.is_negated { "not " } else { "" };
        let sign = |bound: &Bound, strict, loose| {
            format!("{not}{} {}", if bound.is_strict { strict } else { loose }, bound.value)
        };
        match &self.test {
            Test::OneOf(texts) => format!("is {not}{}", or(texts)),
            Test::Contains(text) => {
                format!("{}contains {text}", if self.is_negated { "never " } else { "" })
            }
            Test::Missing if self.is_negated => "has a value".to_owned(),
            Test::Missing => "has no value".to_owned(),
            Test::Between(Some(low), Some(high)) if !low.is_strict && !high.is_strict => {
                format!("{not}{} to {}", low.value, high.value)
            }
            Test::Between(Some(low), Some(high)) => {
                format!("{} and {}", sign(low, ">", "≥"), sign(high, "<", "≤"))
            }
            Test::Between(Some(low), None) => sign(low, ">", "≥"),
            Test::Between(None, Some(high)) => sign(high, "<", "≤"),
            Test::Between(None, None) => format!("{not}any value"),
        }
    }

    /// The test as the address holds it: `is tcp|udp`, `>=5|<10`, `has http`, `missing`; with
    /// `not ` before it where it is negated. In values `|` and `\` are escaped by `\`.
    pub fn format(&self) -> String {
        let not = if self.is_negated { "not " } else { "" };
        let test = match &self.test {
            Test::OneOf(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| escape(text)).collect();
                format!("is {}", texts.join("|"))
            }
            Test::Contains(text) => format!("has {text}"),
            Test::Missing => "missing".to_owned(),
            Test::Between(low, high) => {
                let end = |bound: &Option<Bound>, sign: &str| {
                    bound.as_ref().map_or_else(String::new, |bound| {
                        let loose = if bound.is_strict { "" } else { "=" };
                        format!("{sign}{loose}{}", escape(&bound.value))
                    })
                };
                format!("{}|{}", end(low, ">"), end(high, "<"))
            }
        };
        format!("{not}{test}")
    }

    /// The inverse of [`format`](Self::format).
    pub fn parse(column: &str, text: &str) -> Option<Self> {
        let (is_negated, text) = match text.strip_prefix("not ") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let end = |text: &str, sign: char| -> Option<Option<Bound>> {
            if text.is_empty() {
                return Some(None);
            }
            let rest = text.strip_prefix(sign)?;
            let (is_strict, value) = match rest.strip_prefix('=') {
                Some(value) => (false, value),
                None => (true, rest),
            };
            Some(Some(Bound { value: value.to_owned(), is_strict }))
        };
        let test = if text == "missing" {
            Test::Missing
        } else if let Some(text) = text.strip_prefix("has ") {
            Test::Contains(text.to_owned())
        } else if let Some(texts) = text.strip_prefix("is ") {
            Test::OneOf(split(texts))
        } else {
            let ends = split(text);
            let [low, high] = ends.as_slice() else { return None };
            Test::Between(end(low, '>')?, end(high, '<')?)
        };
        Some(Self { column: column.to_owned(), test, is_negated })
    }
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|")
}

/// Splits at bars that are not escaped.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let last = parts.last_mut().expect("there is always one");
        match character {
            '|' => parts.push(String::new()),
            '\\' => last.extend(characters.next()),
            _ => last.push(character),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chip(test: Test, is_negated: bool) -> Chip {
        Chip { column: "a b".to_owned(), test, is_negated }
    }

    fn bound(value: &str, is_strict: bool) -> Bound {
        Bound { value: value.to_owned(), is_strict }
    }

    #[test]
    fn a_filter_survives_the_address() {
        let texts = ["", "tcp", "a|b\\", "not is", ">=5", "missing", "..", "é=&"];
        let mut tests = vec![
            Test::Missing,
            Test::OneOf(texts.map(str::to_owned).to_vec()),
            Test::OneOf(vec![String::new()]),
            Test::Between(Some(bound("5", true)), None),
            Test::Between(None, Some(bound("=<2017-07-07 09:00|", false))),
            Test::Between(Some(bound("", true)), Some(bound("\\", false))),
            Test::Between(None, None),
        ];
        tests.extend(texts.map(|text| Test::Contains(text.to_owned())));
        for test in tests {
            for is_negated in [false, true] {
                let chip = chip(test.clone(), is_negated);
                assert_eq!(Chip::parse("a b", &chip.format()), Some(chip));
            }
        }
        for nonsense in ["", "tcp", "is", "5..6", "a|b", ">1|<2|<3"] {
            assert_eq!(Chip::parse("a", nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_filter_reads_like_a_sentence() {
        let one_of = |texts: &[&str]| Test::OneOf(texts.iter().map(ToString::to_string).collect());
        let cases = [
            (chip(one_of(&["tcp"]), false), "is tcp"),
            (chip(one_of(&["tcp", "udp"]), true), "is not tcp or udp"),
            (chip(one_of(&["a", "b", "c"]), false), "is a, b or c"),
            (chip(one_of(&["a", "b", "c", "d"]), false), "is a, b or 2 others"),
            (
                chip(Test::Between(Some(bound("5", false)), Some(bound("9", false))), false),
                "5 to 9",
            ),
            (
                chip(Test::Between(Some(bound("5", true)), Some(bound("9", false))), false),
                "> 5 and ≤ 9",
            ),
            (chip(Test::Between(None, Some(bound("9", true))), false), "< 9"),
            (chip(Test::Missing, true), "has a value"),
            (chip(Test::Contains("x".to_owned()), true), "never contains x"),
        ];
        for (chip, words) in cases {
            assert_eq!(chip.words(), words);
        }
    }

    #[test]
    fn filters_give_way_to_those_of_the_same_columns_and_go_when_asked_for_again() {
        let is = |column: &str, value: &str| Chip {
            column: column.to_owned(),
            test: Test::OneOf(vec![value.to_owned()]),
            is_negated: false,
        };
        let (who, when) = (["who".to_owned()], ["who", "when"].map(str::to_owned));
        let mut lens = Lens { chips: vec![is("who", "eve"), is("port", "22")], ..Lens::default() };
        lens.narrow(&who, &[is("who", "bob")]);
        assert_eq!(lens.chips, [is("port", "22"), is("who", "bob")]);
        assert!(lens.is_narrowed(&when, &[is("who", "bob")]));
        lens.narrow(&when, &[is("who", "bob"), is("when", "now")]);
        assert!(!lens.is_narrowed(&when, &[is("who", "bob")]));
        assert_eq!(lens.chips, [is("port", "22"), is("who", "bob"), is("when", "now")]);
        lens.narrow(&when, &[is("when", "now"), is("who", "bob")]);
        assert_eq!(lens.chips, [is("port", "22")]);
    }

    #[test]
    fn a_column_turns_from_up_to_down_to_none() {
        let mut lens = Lens::default();
        let mut seen = Vec::new();
        for name in ["a", "a", "a", "a", "b"] {
            lens.turn(name);
            seen.push(lens.sort.clone());
        }
        let sorted = |name: &str, down| Some((name.to_owned(), down));
        assert_eq!(
            seen,
            [sorted("a", false), sorted("a", true), None, sorted("a", false), sorted("b", false)]
        );
    }
}
