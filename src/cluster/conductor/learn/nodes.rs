//! The trees of a model as JSON.
//!
//! What is muted is left out of the votes: where a tree asks a muted column, its leaves lack what that
//! question moved, and a muted step is a tree more that takes its vote back. So a reader need not know.

use super::{
    super::{super::learned::Trained, Dictionary},
    json::{list, say, text},
    widened::Wide,
};
use crate::engine::{
    arrange::sort_u32,
    boost::{Model, Mute, Scorer, Sides, Test, Tree},
};

/// Writes the trees of a model.
pub(super) struct Writer<'a> {
    pub(super) wide: Wide<'a>,
    pub(super) trained: &'a Trained,
    pub(super) model: &'a Model,
    /// The column of each feature.
    pub(super) columns: &'a [u32],
    /// What does not vote.
    pub(super) except: Vec<Mute>,
}

impl Writer<'_> {
    /// The name of a column.
    pub(super) fn name(&self, out: &mut String, column: u32) {
        text(out, self.trained.name(&self.wide.table.profile, column));
    }

    /// A node of a tree with all below it; `kept` are the votes on the way to it that count.
    pub(super) fn node(&self, out: &mut String, tree: &Tree, node: u32, kept: &[i64]) {
        let n_votes = kept.len();
        let Some(place) = tree.splits.iter().position(|split| split.node == node) else {
            return leaf(out, kept);
        };
        let test = &tree.splits[place].test;
        let votes = |node: u32| &tree.votes[node as usize * n_votes..][..n_votes];
        let is_muted = self.except.contains(&Mute::Column(test.feature));
        let mut child = |out: &mut String, side: u32| {
            let child = 2 * place as u32 + 1 + side;
            let mut kept = kept.to_vec();
            if !is_muted {
                let moved = votes(child).iter().zip(votes(node));
                for (kept, (to, from)) in kept.iter_mut().zip(moved) {
                    *kept += to - from;
                }
            }
            self.node(out, tree, child, &kept);
        };
        self.split(out, test, &mut child);
    }

    /// A question and its two sides, 0 for the left.
    fn split(&self, out: &mut String, test: &Test, child: &mut dyn FnMut(&mut String, u32)) {
        let column = self.columns[test.feature as usize];
        let dictionary = self.wide.dictionary(column).unwrap_or(&Dictionary::None);
        let missing = dictionary.n_codes();
        out.push_str("{\"column\": ");
        self.name(out, column);
        if let (Sides::Cut { cut, .. }, Dictionary::Ranked(ranked)) = (&test.sides, dictionary) {
            out.push_str(", \"from\": ");
            match ranked.lows.get(usize::from(*cut)) {
                // To have no value is what is asked: no number goes right.
                None => out.push_str("null"),
                Some(&low) => {
                    let below = cut.checked_sub(1).map(|code| ranked.high(code.into()));
                    say(out, format_args!("{}", between(below, low)));
                }
            }
        } else {
            // The side with fewer names is named, so that a name nobody knows goes with most.
            let side = |is_right: bool| {
                (0..missing).filter(move |&code| test.goes_right(code) == is_right)
            };
            let names_right = side(true).count() <= side(false).count();
            out.push_str(if names_right { ", \"in\": " } else { ", \"not_in\": " });
            list(out, side(names_right), |out, code| text(out, &dictionary.name(code)));
        }
        let side = if test.goes_right(missing) { "right" } else { "left" };
        say(out, format_args!(", \"missing\": \"{side}\", \"left\": "));
        child(out, 0);
        out.push_str(", \"right\": ");
        child(out, 1);
        out.push('}');
    }

    /// Trees that take back the votes of muted steps.
    pub(super) fn take_back(&self, out: &mut String, mut joint: &'static str) {
        let n_votes = self.model.n_votes();
        let stepped = |mute: &Mute| match mute {
            Mute::Step { feature, .. } if !self.except.contains(&Mute::Column(*feature)) => {
                Some(*feature)
            }
            _ => None,
        };
        let mut features: Vec<u32> = self.except.iter().filter_map(stepped).collect();
        sort_u32(&mut features);
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
    fn what_parts_two_numbers_is_above_the_lower_one() {
        let next = 1.0_f64.next_up();
        for (below, low) in [(1.0, 2.0), (1.0, next), (-f64::MAX, f64::MAX), (-0.0, 5e-324)] {
            let parts = between(Some(below), low);
            assert!(below < parts && parts <= low, "{below} {low} {parts}");
        }
        assert_eq!(between(None, -3.0), -3.0);
    }
}
