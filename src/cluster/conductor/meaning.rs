//! What a file's columns are, from all their texts, before their values are counted.

use super::{
    super::message::ReadAnswer,
    repairs::{Notices, names},
};
use crate::engine::{
    table::{
        format::{Reading, Settled},
        value::{Kinds, Usage},
    },
    text::{Overrides, sniff::Layout},
};

/// What a file's columns are.
pub(super) struct Meaning {
    /// Their names.
    pub(super) names: Vec<String>,
    /// What their texts can be read as.
    pub(super) kinds: Vec<Kinds>,
    /// How they are read.
    pub(super) readings: Vec<Reading>,
    /// What had to be done to the names.
    pub(super) notices: Notices,
}

impl Meaning {
    /// Settles what the columns are: by a person's word, or else by all texts of the file.
    pub(super) fn of(layout: &Layout, answers: &[ReadAnswer], overrides: &Overrides) -> Self {
        let mut notices = Notices::default();
        let names = names(layout, &mut notices);
        let mut kinds = vec![Kinds::default(); layout.width];
        for answer in answers {
            for (merged, &seen) in kinds.iter_mut().zip(&answer.kinds) {
                merged.merge(seen);
            }
        }
        let usage = Usage::of(&kinds, overrides.decimal_mark, overrides.date_order);
        let reading = |(name, kinds): (&String, &Kinds)| match overrides.types.get(name) {
            Some(&kind) => Reading { settled: Settled::Person, ..kinds.reading_as(kind, usage) },
            None => kinds.reading(usage),
        };
        let readings = names.iter().zip(&kinds).map(reading).collect();
        Self { names, kinds, readings, notices }
    }
}
