//! The recipe in the address: settings and seed, never data.
//!
//! `#seed=8&trees=200&psi=512&role.num_root=ignore`: what differs from the defaults, one readable
//! key each. Opening such an address and giving the same file shows the same view.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::lens::{Chip, GrowOn, Lens};
use super::lesson::Lesson;
use super::plots::hue::Hue;
use super::said;
use super::stage::Stage;
use super::words::{notice_key, role_key, role_of_key, type_key, type_of_key};
use crate::protocol::{AxisScale, Eye, ForestParams, Overrides, Role, RowShare};

/// One axis of the scatter, as a person chose it; what is `None` is proposed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AxisChoice {
    /// The column's name; the empty name stands for the score.
    pub name: Option<String>,
    /// Linear or logarithmic.
    pub scale: Option<AxisScale>,
}

/// All that a view is made of, besides the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Recipe {
    /// The stage that is open.
    pub stage: Stage,
    /// Trees, sample size, seed.
    pub params: ForestParams,
    /// The eye whose scores are shown.
    pub eye: Eye,
    /// The line between ordinary and flagged, where it was moved.
    pub threshold: Option<f64>,
    /// The row that is looked at.
    pub row: Option<u32>,
    /// Roles that a person gave, by column name.
    pub roles: BTreeMap<String, Role>,
    /// What a person said about the file.
    pub overrides: Overrides,
    /// Which rows are looked at.
    pub lens: Lens,
    /// The rows that a forest grows on.
    pub grow_on: GrowOn,
    /// Whether the ranked list holds only the rows that pass the filters.
    pub lists_selected: bool,
    /// The column that tells who.
    pub who: Option<String>,
    /// What the scatter's marks are coloured by.
    pub hue: Hue,
    /// What is learnt, and how.
    pub lesson: Lesson,
    /// The scatter's horizontal axis.
    pub x: AxisChoice,
    /// The scatter's vertical axis.
    pub y: AxisChoice,
    /// A forced number of shards, for checks and teaching.
    pub workers: Option<u32>,
}

impl Recipe {
    /// Reads the part of an address after `#`. The second half of the answer is what could not be
    /// understood, part by part: it is told, not guessed at.
    pub fn parse(hash: &str) -> (Self, Vec<String>) {
        let mut recipe = Self::default();
        let mut strange = Vec::new();
        for part in hash.trim_start_matches('#').split('&').filter(|part| !part.is_empty()) {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            if recipe.set(&decode(key), &decode(value)).is_none() {
                strange.push(decode(part));
            }
        }
        (recipe, strange)
    }

    /// Takes one `key=value`; `None` when it means nothing.
    fn set(&mut self, key: &str, value: &str) -> Option<()> {
        match key {
            "stage" => self.stage = Stage::of_key(value)?,
            "seed" => self.params.seed = value.parse().ok()?,
            "trees" => self.params.n_trees = within(value, 1, ForestParams::MAX_TREES)?,
            "psi" => {
                self.params.sample_size = within(value, 2, ForestParams::MAX_SAMPLE_SIZE)?;
            }
            "eye" => self.eye = Eye::ALL.into_iter().find(|eye| eye.word() == value)?,
            "threshold" => {
                let threshold: f64 = value.parse().ok()?;
                self.threshold = Some(Some(threshold).filter(|it| *it >= 0.0 && it.is_finite())?);
            }
            "row" => self.row = Some(value.parse().ok()?),
            "sample" => self.share().per_mille = share_of(value)?,
            "sample-seed" => self.share().seed = value.parse().ok()?,
            "search" => value.clone_into(&mut self.lens.search),
            "sort" => self.lens.sort = Some((value.to_owned(), false)),
            "sort-down" => self.lens.sort = Some((value.to_owned(), true)),
            "train-on" if value == "filter" => self.grow_on = GrowOn::Filter,
            "list" if value == "filter" => self.lists_selected = true,
            "train-file" => self.grow_on = GrowOn::File(value.to_owned()),
            "train-from" => value.clone_into(self.train_time().0),
            "train-until" => value.clone_into(self.train_time().1),
            "mute" => self.lens.rules.push(rule_of(value)?),
            "train-label" => self.grow_on = GrowOn::Label(value.to_owned()),
            "who" => self.who = Some(value.to_owned()),
            "colour" => self.hue = Hue::ALL.into_iter().find(|hue| hue.word() == value)?,
            "x" => self.x.name = Some(value.to_owned()),
            "y" => self.y.name = Some(value.to_owned()),
            "x-scale" => self.x.scale = Some(scale_of_key(value)?),
            "y-scale" => self.y.scale = Some(scale_of_key(value)?),
            "workers" => self.workers = Some(within(value, 1, 64)?),
            _ if self.lesson.take(key, value).is_some() => {}
            _ => match key.split_once('.') {
                Some(("role", name)) => {
                    self.roles.insert(name.to_owned(), role_of_key(value)?);
                }
                Some(("type", name)) => {
                    self.overrides.types.insert(name.to_owned(), type_of_key(value)?);
                }
                Some(("treat", kind)) => said::treat(&mut self.overrides, kind, value)?,
                Some(("filter", name)) => self.lens.chips.push(Chip::parse(name, value)?),
                _ => {
                    let said = said::ALL.iter().find(|said| said.key == key)?;
                    (said.set)(&mut self.overrides, Some(value))?;
                }
            },
        }
        Some(())
    }

    /// The times between which rows are that a forest grows on.
    fn train_time(&mut self) -> (&mut String, &mut String) {
        if !matches!(self.grow_on, GrowOn::Time(..)) {
            self.grow_on = GrowOn::Time(String::new(), String::new());
        }
        match &mut self.grow_on {
            GrowOn::Time(from, until) => (from, until),
            _ => unreachable!("it was just set"),
        }
    }

    /// The share of the rows that is loaded; all of them until it is said otherwise.
    fn share(&mut self) -> &mut RowShare {
        let seed = ForestParams::default().seed;
        self.overrides.share.get_or_insert(RowShare { per_mille: 1_000, seed })
    }

    /// Writes what differs from the defaults, without `#`; empty when nothing does.
    pub fn format(&self) -> String {
        let usual = Self::default();
        let mut out = Parts::default();
        out.put_if(self.stage != usual.stage, "stage", self.stage.key());
        out.put_if(self.params.seed != usual.params.seed, "seed", self.params.seed);
        out.put_if(self.params.n_trees != usual.params.n_trees, "trees", self.params.n_trees);
        let psi = self.params.sample_size;
        out.put_if(psi != usual.params.sample_size, "psi", psi);
        out.put_if(self.eye != usual.eye, "eye", self.eye.word());
        for (key, value) in self.lesson.told() {
            out.put(key, value);
        }
        out.put_if(self.hue != usual.hue, "colour", self.hue.word());
        out.put_some("threshold", self.threshold);
        out.put_some("row", self.row);
        for said in &said::ALL {
            out.put_some(said.key, (said.get)(&self.overrides));
        }
        for (kind, treatment) in said::treatments(&self.overrides) {
            out.put(&format!("treat.{}", notice_key(kind)), treatment);
        }
        if let Some(share) = self.overrides.share {
            out.put("sample", f64::from(share.per_mille) / 1e3);
            out.put_if(share.seed != usual.params.seed, "sample-seed", share.seed);
        }
        out.put_if(!self.lens.search.is_empty(), "search", &self.lens.search);
        for chip in &self.lens.chips {
            out.put(&format!("filter.{}", chip.column), chip.format());
        }
        for rule in &self.lens.rules {
            out.put("mute", rule_words(rule));
        }
        if let Some((name, is_descending)) = &self.lens.sort {
            out.put(if *is_descending { "sort-down" } else { "sort" }, name);
        }
        match &self.grow_on {
            GrowOn::All => {}
            GrowOn::Filter => out.put("train-on", "filter"),
            GrowOn::Label(label) => out.put("train-label", label),
            GrowOn::File(name) => out.put("train-file", name),
            GrowOn::Time(from, until) => {
                out.put("train-from", from);
                out.put_if(!until.is_empty(), "train-until", until);
            }
        }
        out.put_if(self.lists_selected, "list", "filter");
        out.put_some("who", self.who.as_deref());
        out.put_some("x", self.x.name.as_deref());
        out.put_some("y", self.y.name.as_deref());
        out.put_some("x-scale", self.x.scale.map(scale_key));
        out.put_some("y-scale", self.y.scale.map(scale_key));
        for (name, &role) in &self.roles {
            out.put(&format!("role.{name}"), role_key(role));
        }
        for (name, &kind) in &self.overrides.types {
            out.put(&format!("type.{name}"), type_key(kind));
        }
        out.put_some("workers", self.workers);
        out.0
    }
}

/// `key=value` pairs joined by `&`.
#[derive(Default)]
struct Parts(String);

impl Parts {
    fn put(&mut self, key: &str, value: impl ToString) {
        let joint = if self.0.is_empty() { "" } else { "&" };
        let (key, value) = (encode(key), encode(&value.to_string()));
        write!(self.0, "{joint}{key}={value}").expect("writing to a string cannot fail");
    }

    fn put_if(&mut self, differs: bool, key: &str, value: impl ToString) {
        if differs {
            self.put(key, value);
        }
    }

    fn put_some(&mut self, key: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }
}

fn within(value: &str, low: u32, high: u32) -> Option<u32> {
    value.parse().ok().filter(|number| (low..=high).contains(number))
}

/// A share of the rows, to a thousandth.
fn share_of(value: &str) -> Option<u16> {
    let share: f64 = value.parse().ok()?;
    let per_mille = (share * 1e3).round();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within its range")]
    (1.0..=1e3).contains(&per_mille).then_some(per_mille as u16)
}

fn scale_key(scale: AxisScale) -> &'static str {
    match scale {
        AxisScale::Linear => "linear",
        AxisScale::Log => "log",
    }
}

fn scale_of_key(key: &str) -> Option<AxisScale> {
    [AxisScale::Linear, AxisScale::Log].into_iter().find(|&scale| scale_key(scale) == key)
}

/// A rule as the address holds it: each column and its test, escaped once more, joined by `&`.
fn rule_words(rule: &[Chip]) -> String {
    let chip = |chip: &Chip| format!("{}={}", encode(&chip.column), encode(&chip.format()));
    rule.iter().map(chip).collect::<Vec<_>>().join("&")
}

fn rule_of(text: &str) -> Option<Vec<Chip>> {
    let chip = |part: &str| {
        let (column, test) = part.split_once('=')?;
        Chip::parse(&decode(column), &decode(test))
    };
    text.split('&').map(chip).collect()
}

/// Escapes all but the unreserved characters of RFC 3986.
pub fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("writing to a string cannot fail");
        }
    }
    out
}

/// The inverse of [`encode`]; what is no valid escape stays as it is.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = (byte == b'%')
            .then(|| tail.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ColumnType, Test};

    fn full() -> Recipe {
        Recipe {
            stage: Stage::Detect,
            params: ForestParams {
                n_trees: 200,
                sample_size: 512,
                seed: u64::MAX,
                ..ForestParams::default()
            },
            eye: Eye::Consensus,
            threshold: Some(0.612_345_678_901_234_5),
            row: Some(81_204),
            roles: [("a=b&c %".to_owned(), Role::Ignore), ("größe".to_owned(), Role::Label)].into(),
            overrides: Overrides {
                delimiter: Some(b'\t'),
                header_lines: Some(0),
                share: Some(RowShare { per_mille: 125, seed: 3 }),
                types: [("po.rt".to_owned(), ColumnType::Text)].into(),
                ..Overrides::default()
            },
            lens: Lens {
                within: None,
                chips: vec![
                    Chip {
                        column: "a.b=c|d".to_owned(),
                        test: Test::OneOf(vec!["x|y&z".to_owned(), String::new()]),
                        is_negated: true,
                    },
                    Chip { column: "n".to_owned(), test: Test::Missing, is_negated: false },
                ],
                search: "a=b & c".to_owned(),
                rules: vec![vec![
                    Chip {
                        column: "a&b".to_owned(),
                        test: Test::OneOf(vec!["x=y|%".to_owned()]),
                        is_negated: false,
                    },
                    Chip { column: "n".to_owned(), test: Test::Missing, is_negated: true },
                ]],
                sort: Some(("src bytes".to_owned(), true)),
            },
            grow_on: GrowOn::Label("normal.".to_owned()),
            lists_selected: true,
            who: Some("src ip".to_owned()),
            hue: Hue::Label,
            lesson: Lesson { depth: 3, positive: Some("!a=b&".to_owned()), ..Lesson::default() },
            x: AxisChoice { name: Some("src bytes".to_owned()), scale: Some(AxisScale::Log) },
            y: AxisChoice { name: Some(String::new()), scale: None },
            workers: Some(3),
        }
    }

    #[test]
    fn a_recipe_survives_the_address_bit_for_bit() {
        assert_eq!(Recipe::parse(&full().format()), (full(), vec![]));
    }

    #[test]
    fn times_to_grow_on_survive_it_too() {
        for (from, until) in [("2026-03-01", ""), ("", "2026-03-02 10:00:00")] {
            let grow_on = GrowOn::Time(from.to_owned(), until.to_owned());
            let recipe = Recipe { grow_on, ..Recipe::default() };
            assert_eq!(Recipe::parse(&recipe.format()), (recipe, vec![]));
        }
    }

    #[test]
    fn defaults_leave_the_address_empty() {
        assert_eq!(Recipe::default().format(), "");
        assert_eq!(Recipe::parse("#"), (Recipe::default(), vec![]));
    }

    #[test]
    fn keys_are_readable() {
        let recipe = Recipe {
            params: ForestParams { seed: 8, ..ForestParams::default() },
            roles: [("num_root".to_owned(), Role::Ignore)].into(),
            ..Recipe::default()
        };
        assert_eq!(recipe.format(), "seed=8&role.num_root=ignore");
        let hash = "sample=0.25&search=tcp&filter.port=not%20%3E%3D5%7C&sort=port&train-on=filter";
        let recipe = Recipe::parse(hash).0;
        let share = recipe.overrides.share.expect("a share");
        assert_eq!((share.per_mille, share.seed), (250, ForestParams::default().seed));
        assert_eq!(recipe.lens.chips[0].words(), "not ≥ 5");
        assert_eq!(recipe.format(), hash);
    }

    #[test]
    fn what_means_nothing_is_told_and_changes_nothing() {
        let hash = "#sample=2&filter.a=huh&type.a=blob&train-on=luck&seed=x&psi=1&threshold=NaN&colour=red&role.a=king&%zz";
        let (recipe, strange) = Recipe::parse(hash);
        assert_eq!(recipe, Recipe::default());
        assert_eq!(strange, hash[1..].split('&').collect::<Vec<_>>());
        // A threshold that no score reaches can be said.
        assert_eq!(Recipe::parse("#threshold=1.5").0.threshold, Some(1.5));
    }
}
