//! A model as JSON, as it is shown: `docs/model.md` says how it is read.
//!
//! What is muted is left out of the votes: where a tree asks a muted column, its leaves lack what that
//! question moved, and a muted step is a tree more that takes its vote back. So a reader need not know.

use std::fmt::Write;

use super::{
    super::{
        super::{
            counting::Weights,
            learned::{ClassesBy, SplitBy, TrainSpec},
        },
        Dictionary, Table,
    },
    Classifier,
    count::except,
};
use crate::engine::{
    boost::{Learner, Model, Mute, Scorer, Sides, Test, Tree, VOTE},
    table::ColumnType,
};

/// Writes the model that stands as JSON in UTF-8; `file` is the name of what it was learnt from.
pub fn model(table: &Table, classifier: &Classifier, file: &str) -> String {
    let (trained, model) = (&classifier.trained, &classifier.model);
    let columns = &trained.spec.features;
    let writer = Writer {
        table,
        model,
        columns,
        except: except(table, columns, model, &trained.spec.counting.muted),
    };
    let mut out = String::from("{\n\"format\": \"isoscope-model\",\n\"version\": 1,\n\"file\": ");
    text(&mut out, file);
    out.push_str(",\n\"target\": ");
    writer.name(&mut out, trained.spec.target);
    out.push_str(",\n\"classes\": ");
    list(&mut out, &trained.classes, |out, name| text(out, name));
    out.push_str(",\n\"features\": ");
    list(&mut out, columns, |out, &column| {
        let kind = match (&table.dictionaries[column as usize], writer.kind(column)) {
            (Dictionary::Unordered(_), _) => "text",
            (_, ColumnType::Time) => "time",
            _ => "number",
        };
        out.push_str("{\"name\": ");
        writer.name(out, column);
        say(out, format_args!(", \"kind\": \"{kind}\"}}"));
    });
    let line = (trained.line * VOTE) as i64;
    say(&mut out, format_args!(",\n\"votes_per_unit\": {VOTE},\n\"line\": {line}"));
    out.push_str(",\n\"settings\": ");
    settings(&mut out, table, &trained.spec, trained.n_rounds);
    out.push_str(",\n\"rounds\": [");
    let mut joint = "\n";
    for round in &model.rounds {
        out.push_str(joint);
        writer.node(&mut out, &round.tree, 0, vec![0; model.n_votes()]);
        joint = ",\n";
    }
    writer.take_back(&mut out, joint);
    out.push_str("\n]\n}\n");
    out
}

/// Text as a string of JSON.
fn text(out: &mut String, text: &str) {
    out.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                out.push('\\');
                out.push(char);
            }
            '\0'..='\u{1f}' => say(out, format_args!("\\u{:04x}", u32::from(char))),
            _ => out.push(char),
        }
    }
    out.push('"');
}

fn say(out: &mut String, what: std::fmt::Arguments<'_>) {
    out.write_fmt(what).expect("a string takes all");
}

/// A list of JSON.
fn list<T>(
    out: &mut String,
    items: impl IntoIterator<Item = T>,
    mut item: impl FnMut(&mut String, T),
) {
    out.push('[');
    for (place, next) in items.into_iter().enumerate() {
        out.push_str(if place > 0 { ", " } else { "" });
        item(out, next);
    }
    out.push(']');
}

/// What the model was trained with.
fn settings(out: &mut String, table: &Table, spec: &TrainSpec, n_rounds: u32) {
    let params = &spec.params;
    let learner = match params.learner {
        Learner::Confidence => "confidence",
        Learner::Samme => "samme",
    };
    say(
        out,
        format_args!(
            "{{\"learner\": \"{learner}\", \"depth\": {}, \"rounds\": {n_rounds}, \"rate\": {}, \"seed\": {}",
            params.depth, params.rate, spec.seed
        ),
    );
    out.push_str(", \"classes\": ");
    let classes = match &spec.classes {
        ClassesBy::Values => "each value".to_owned(),
        ClassesBy::Against(value) => format!("{value} against all others"),
        ClassesBy::AllBut(value) => format!("all but {value} against it"),
        ClassesBy::Families => "families".to_owned(),
        ClassesBy::From(cut) => format!("numbers from {cut} on"),
    };
    text(out, &classes);
    out.push_str(", \"split\": ");
    let named = |column: &u32| &table.profile.columns[*column as usize].name;
    let split = match &spec.split {
        SplitBy::Random { share } => format!("a share of {share} at random is the test"),
        SplitBy::Time { column, share } => {
            format!("the last share of {share} by {} is the test", named(column))
        }
        SplitBy::Group { column, share } => {
            format!("groups by {}, a share of {share}, are the test", named(column))
        }
        SplitBy::Folds { k } => format!("{k} folds"),
        SplitBy::File { name, .. } => format!("{name} is the test"),
    };
    text(out, &split);
    let weights = match &spec.weights {
        Weights::Alike => "alike",
        Weights::Balanced => "balanced",
        Weights::Costs(_) => "costs",
    };
    let is_held = spec.holds_out || params.patience.is_some();
    let patience = params.patience.unwrap_or(0);
    say(
        out,
        format_args!(
            ", \"weights\": \"{weights}\", \"patience\": {patience}, \"held_out\": {is_held}}}"
        ),
    );
}

struct Writer<'a> {
    table: &'a Table,
    model: &'a Model,
    columns: &'a [u32],
    except: Vec<Mute>,
}

impl Writer<'_> {
    fn kind(&self, column: u32) -> ColumnType {
        self.table.profile.columns[column as usize].kind
    }

    fn name(&self, out: &mut String, column: u32) {
        text(out, &self.table.profile.columns[column as usize].name);
    }

    /// A node of a tree with all below it; `kept` are the votes on the way to it that count.
    fn node(&self, out: &mut String, tree: &Tree, node: u32, kept: Vec<i64>) {
        let n_votes = kept.len();
        let Some(place) = tree.splits.iter().position(|split| split.node == node) else {
            return leaf(out, &kept);
        };
        let test = &tree.splits[place].test;
        let votes = |node: u32| &tree.votes[node as usize * n_votes..][..n_votes];
        let is_muted = self.except.contains(&Mute::Column(test.feature));
        let mut child = |out: &mut String, side: u32| {
            let child = 2 * place as u32 + 1 + side;
            let mut kept = kept.clone();
            if !is_muted {
                let moved = votes(child).iter().zip(votes(node));
                for (kept, (to, from)) in kept.iter_mut().zip(moved) {
                    *kept += to - from;
                }
            }
            self.node(out, tree, child, kept);
        };
        self.split(out, test, &mut child);
    }

    /// A question and its two sides, 0 for the left.
    fn split(&self, out: &mut String, test: &Test, child: &mut dyn FnMut(&mut String, u32)) {
        let column = self.columns[test.feature as usize];
        let dictionary = &self.table.dictionaries[column as usize];
        let missing = dictionary.n_codes();
        out.push_str("{\"column\": ");
        self.name(out, column);
        match (&test.sides, dictionary) {
            (Sides::Cut { cut, .. }, Dictionary::Ranked(ranked)) => {
                out.push_str(", \"from\": ");
                match ranked.lows.get(usize::from(*cut)) {
                    // To have no value is what is asked: no number goes right.
                    None => out.push_str("null"),
                    Some(&low) => {
                        let below = cut.checked_sub(1).map(|code| ranked.high(code.into()));
                        say(out, format_args!("{}", between(below, low)));
                    }
                }
            }
            _ => {
                // The side with fewer names is named, so that a name nobody knows goes with most.
                let side = |is_right: bool| {
                    (0..missing).filter(move |&code| test.goes_right(code) == is_right)
                };
                let names_right = side(true).count() <= side(false).count();
                out.push_str(if names_right { ", \"in\": " } else { ", \"not_in\": " });
                list(out, side(names_right), |out, code| text(out, &dictionary.name(code)));
            }
        }
        let side = if test.goes_right(missing) { "right" } else { "left" };
        say(out, format_args!(", \"missing\": \"{side}\", \"left\": "));
        child(out, 0);
        out.push_str(", \"right\": ");
        child(out, 1);
        out.push('}');
    }

    /// Trees that take back the votes of muted steps.
    fn take_back(&self, out: &mut String, mut joint: &'static str) {
        let n_votes = self.model.n_votes();
        let stepped = |mute: &Mute| match mute {
            Mute::Step { feature, .. } if !self.except.contains(&Mute::Column(*feature)) => {
                Some(*feature)
            }
            _ => None,
        };
        let mut features: Vec<u32> = self.except.iter().filter_map(stepped).collect();
        features.sort_unstable();
        features.dedup();
        if features.is_empty() {
            return;
        }
        let [whole, left] = [&[][..], &self.except].map(|except| Scorer::new(self.model, except));
        for feature in features {
            let missing = self.model.missing[feature as usize];
            let is_ranked = self.model.ranked.binary_search(&feature).is_ok();
            let mut codes = vec![0; self.columns.len()];
            // Codes that lose the same: of an ordered feature neighbours, the missing apart.
            let mut taken: Vec<(Vec<u16>, Vec<i64>)> = Vec::new();
            for code in 0..=missing {
                codes[feature as usize] = code;
                let own = feature as usize * n_votes..(feature as usize + 1) * n_votes;
                let [whole, left] = [&whole, &left].map(|scorer| scorer.contributions(&codes));
                let both = whole.by_feature[own.clone()].iter().zip(&left.by_feature[own]);
                let votes: Vec<i64> = both.map(|(whole, left)| left - whole).collect();
                let joins = |(those, same): &&mut (Vec<u16>, Vec<i64>)| {
                    let is_next = code < missing && those.last() == Some(&(code.wrapping_sub(1)));
                    *same == votes && (is_next || !is_ranked)
                };
                match taken.iter_mut().find(joins) {
                    Some((those, _)) => those.push(code),
                    None => taken.push((vec![code], votes)),
                }
            }
            for (codes, votes) in taken.iter().filter(|(_, votes)| votes.iter().any(|&v| v != 0)) {
                out.push_str(joint);
                joint = ",\n";
                if is_ranked {
                    self.of_run(out, feature, (codes[0], codes[codes.len() - 1]), votes);
                } else {
                    self.of_set(out, feature, codes, votes);
                }
            }
        }
    }

    /// A tree that votes for some codes of a feature without an order.
    fn of_set(&self, out: &mut String, feature: u32, codes: &[u16], votes: &[i64]) {
        let n_codes = usize::from(self.model.missing[feature as usize]) + 1;
        let mut bits = vec![0_u64; n_codes.div_ceil(64)];
        for code in codes {
            bits[usize::from(code / 64)] |= 1 << (code % 64);
        }
        let test = Test { feature, sides: Sides::Set(bits.into()) };
        let none = vec![0; votes.len()];
        self.split(out, &test, &mut |out, side| {
            leaf(out, if side == 1 { votes } else { &none });
        });
    }

    /// A tree that votes for a run of codes of an ordered feature.
    fn of_run(&self, out: &mut String, feature: u32, (first, last): (u16, u16), votes: &[i64]) {
        let missing = self.model.missing[feature as usize];
        let none = vec![0; votes.len()];
        let ask = |cut: u16, lost: Option<u16>| Test { feature, sides: Sides::Cut { cut, lost } };
        let up_to_last = |out: &mut String| {
            self.split(out, &ask(last + 1, None), &mut |out, side| {
                leaf(out, if side == 0 { votes } else { &none });
            });
        };
        if first == 0 && first < missing {
            return up_to_last(out);
        }
        let lost = (first < missing).then_some(missing);
        self.split(out, &ask(first, lost), &mut |out, side| match side {
            0 => leaf(out, &none),
            _ if last + 1 < missing => up_to_last(out),
            _ => leaf(out, votes),
        });
    }
}

fn leaf(out: &mut String, votes: &[i64]) {
    out.push_str("{\"votes\": ");
    list(out, votes, |out, vote| say(out, format_args!("{vote}")));
    out.push('}');
}

/// A number that parts two neighbouring values: half-way, or the upper one where nothing is between.
fn between(below: Option<f64>, low: f64) -> f64 {
    let middle = below.map_or(low, |below| f64::midpoint(below, low));
    if below.is_some_and(|below| middle <= below) { low } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_a_string_of_json() {
        for said in ["plain", "a\"b\\c", "tab\tline\nnull\0end", "größe „…“ 😀"] {
            let mut out = String::new();
            text(&mut out, said);
            assert_eq!(serde_json::from_str::<String>(&out).expect("JSON"), said);
        }
    }

    #[test]
    fn what_parts_two_numbers_is_above_the_lower_one() {
        let next = 1.0_f64.next_up();
        for (below, low) in [(1.0, 2.0), (1.0, next), (-f64::MAX, f64::MAX), (-0.0, 5e-324)] {
            let parts = between(Some(below), low);
            assert!(below < parts && parts <= low, "{below} {low} {parts}");
        }
        assert_eq!(between(None, -3.0), -3.0);
    }
}
