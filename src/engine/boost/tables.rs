//! The additive view: what a model of stumps says is a sum over columns.
//!
//! `F(x) = Σ f_column(code)`: every stump asks for one column, so those of a column add up to one
//! vote per code, exactly, as votes are integers.

use super::{Census, Model, Mute};
use crate::{arrange::arrange, matrix::Codes};

/// The votes of one feature by code.
#[derive(Debug, Clone)]
pub(super) struct Table {
    feature: u32,
    /// Code after code.
    votes: Vec<i64>,
    n_votes: usize,
}

impl Table {
    pub(super) fn feature(&self) -> u32 {
        self.feature
    }

    pub(super) fn votes(&self, code: u16) -> &[i64] {
        &self.votes[usize::from(code) * self.n_votes..][..self.n_votes]
    }

    /// Adds the votes of some rows.
    pub(super) fn add(&self, codes: Codes<'_>, sums: &mut [i64]) {
        match codes {
            Codes::U8(codes) => self.add_all(codes, sums),
            Codes::U16(codes) => self.add_all(codes, sums),
        }
    }

    fn add_all<T: Copy + Into<u16>>(&self, codes: &[T], sums: &mut [i64]) {
        if self.n_votes == 1 {
            for (sum, &code) in sums.iter_mut().zip(codes) {
                *sum += self.votes[usize::from(code.into())];
            }
            return;
        }
        for (sums, &code) in sums.chunks_mut(self.n_votes).zip(codes) {
            for (sum, vote) in sums.iter_mut().zip(self.votes(code.into())) {
                *sum += vote;
            }
        }
    }

    fn is_same(&self, a: u16, b: u16) -> bool {
        self.votes(a) == self.votes(b)
    }
}

/// The tables of all features that a model of stumps uses, by feature.
pub(super) fn tables(model: &Model, except: &[Mute]) -> Vec<Table> {
    let n_votes = model.n_votes();
    let table = |feature: u32| {
        let n_codes = usize::from(model.missing[feature as usize]) + 1;
        Table { feature, votes: vec![0; n_codes * n_votes], n_votes }
    };
    let mut tables: Vec<Table> = model.used().into_iter().map(table).collect();
    for round in &model.rounds {
        let [split] = &round.tree.splits[..] else { panic!("a stump has one split") };
        let place = tables.binary_search_by_key(&split.test.feature, |table| table.feature);
        let table = &mut tables[place.expect("its feature is used")];
        for (code, votes) in (0..).zip(table.votes.chunks_mut(n_votes)) {
            let node = 1 + usize::from(split.test.goes_right(code));
            for (vote, own) in votes.iter_mut().zip(&round.tree.votes[node * n_votes..]) {
                *vote += own;
            }
        }
    }
    mute(&mut tables, model, except);
    tables
}

fn mute(tables: &mut [Table], model: &Model, except: &[Mute]) {
    // Steps are those of the whole model: muting one does not join its neighbours.
    let whole: Vec<Table> = if except.is_empty() { Vec::new() } else { tables.to_vec() };
    for mute in except {
        let (Mute::Column(feature) | Mute::Step { feature, .. }) = *mute;
        let Ok(place) = whole.binary_search_by_key(&feature, |table| table.feature) else {
            continue;
        };
        let muted = match *mute {
            Mute::Column(_) => (0..=model.missing[feature as usize]).collect(),
            Mute::Step { code, .. } => step(&whole[place], model, code),
        };
        for code in muted {
            tables[place].votes[usize::from(code) * model.n_votes()..][..model.n_votes()].fill(0);
        }
    }
}

/// The codes of the step that a code is on: of an ordered feature its neighbours with the same votes,
/// missing values apart; else all categories with the same votes.
fn step(table: &Table, model: &Model, code: u16) -> Vec<u16> {
    let missing = model.missing[table.feature as usize];
    if model.ranked.binary_search(&table.feature).is_err() {
        return (0..=missing).filter(|&other| table.is_same(code, other)).collect();
    }
    if code == missing {
        return vec![missing];
    }
    let is_same = |other: &u16| table.is_same(code, *other);
    let below = (0..code).rev().take_while(is_same).last().unwrap_or(code);
    (below..missing).take_while(is_same).collect()
}

/// Codes of a feature on which a model of stumps says the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// They, ascending: of an ordered feature neighbours, or the one for missing values alone.
    pub codes: Vec<u16>,
    /// What they add to F.
    pub votes: Vec<i64>,
    /// Training rows that have one of them.
    pub n_rows: u64,
}

/// What a feature says in a model of stumps.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The feature.
    pub feature: u32,
    /// Its steps, by their first codes. Categories and missing values that no training row has are in
    /// them, too.
    pub steps: Vec<Step>,
    /// How much it has to say: the mean of its largest vote, |f(x)|, over the training rows.
    pub weight: f64,
}

/// Returns what each used feature says, the one with most to say first; `census` is that of training.
///
/// # Panics
///
/// If the model is not of stumps, or the census not of its features.
pub fn steps(model: &Model, census: &Census) -> Vec<Rules> {
    let mut starts = vec![0];
    for (feature, &missing) in model.missing.iter().enumerate() {
        starts.push(starts[feature] + usize::from(missing) + 1);
    }
    assert_eq!(starts.last(), Some(&census.codes.len()), "the census of its features");
    let mut rules: Vec<Rules> = tables(model, &[])
        .iter()
        .map(|table| rules(table, model, &census.codes[starts[table.feature as usize]..]))
        .collect();
    arrange(&mut rules, |a, b| b.weight.total_cmp(&a.weight));
    rules
}

fn rules(table: &Table, model: &Model, counts: &[u32]) -> Rules {
    let missing = model.missing[table.feature as usize];
    let (mut steps, mut weight) = (Vec::new(), 0.0);
    let mut is_taken = vec![false; usize::from(missing) + 1];
    for code in 0..=missing {
        if is_taken[usize::from(code)] {
            continue;
        }
        let codes = step(table, model, code);
        let mut n_rows = 0;
        for &code in &codes {
            is_taken[usize::from(code)] = true;
            n_rows += u64::from(counts[usize::from(code)]);
        }
        let votes = table.votes(code).to_vec();
        let largest = votes.iter().map(|vote| vote.abs()).max().unwrap_or(0);
        weight += super::value(largest) * n_rows as f64;
        steps.push(Step { codes, votes, n_rows });
    }
    let n_train = model.train.iter().sum::<u64>() as f64;
    Rules { feature: table.feature, steps, weight: weight / n_train }
}
