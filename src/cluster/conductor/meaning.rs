//! What a file's columns are, from all their texts, before their values are counted.

use super::{
    super::message::ReadAnswer,
    columns::CountedColumn,
    repairs::{Notices, names},
};
use crate::engine::{
    table::{
        ColumnType,
        format::{Reading, Settled},
        roles,
        schema::{self, Known},
        value::{Kinds, Usage},
        zeek::ZeekHeader,
    },
    text::{Overrides, sniff::Layout},
};

/// What a file's columns are.
pub(super) struct Meaning {
    /// Their names.
    pub(super) names: Vec<String>,
    /// What their texts can be read as.
    pub(super) kinds: Vec<Kinds>,
    /// What names and types say of where they come from.
    known: Option<Known>,
    /// How they are read.
    pub(super) readings: Vec<Reading>,
    /// What had to be done to the names.
    pub(super) notices: Notices,
}

impl Meaning {
    /// Settles what the columns are: by a person's word, by what is known of the tool that wrote
    /// them, or else by all texts of the file.
    #[inline(never)]
    pub(super) fn of(
        layout: &Layout,
        zeek: Option<&ZeekHeader>,
        answers: &[ReadAnswer],
        overrides: &Overrides,
    ) -> Self {
        let mut notices = Notices::default();
        let names = names(layout, &mut notices);
        let mut kinds = vec![Kinds::default(); layout.width];
        for answer in answers {
            for (merged, &seen) in kinds.iter_mut().zip(&answer.kinds) {
                merged.merge(seen);
            }
        }
        let known = match zeek {
            Some(header) => Some(schema::zeek_log(header)),
            None => schema::recognise(layout.rules.dialect.has_header().then_some(&names), &kinds),
        };
        let shown = known.as_ref().and_then(Known::names).unwrap_or(&names);
        let usage = Usage::of(&kinds, overrides.decimal_mark, overrides.date_order);
        let reading = |(column, &kinds): (usize, &Kinds)| {
            let name = &shown[column];
            match (overrides.types.get(name), &known) {
                (Some(&kind), _) => {
                    Reading { settled: Settled::Person, ..kinds.reading_as(kind, usage) }
                }
                (None, Some(known)) => known.reading(column, kinds, usage),
                (None, None) if roles::is_named_clock(name) && kinds.epoch().is_some() => {
                    Reading { settled: Settled::Name, ..kinds.reading_as(ColumnType::Time, usage) }
                }
                (None, None) => kinds.reading(usage),
            }
        };
        let readings = kinds.iter().enumerate().map(reading).collect();
        Self { names, kinds, known, readings, notices }
    }

    /// What is known of the table, where the values agree with what names and types say.
    pub(super) fn known(&self, columns: &[CountedColumn]) -> Option<&Known> {
        self.known.as_ref().filter(|known| known.agrees_with(|column| columns[column].texts()))
    }
}
