//! A table, and the columns that a training added to it.

use super::super::{super::added::MOST_ADDED, Dictionary, Table};

/// A table with the added columns behind its own.
#[derive(Clone, Copy)]
pub(super) struct Wide<'a> {
    pub(super) table: &'a Table,
    pub(super) added: &'a [Dictionary],
}

impl<'a> Wide<'a> {
    /// The codes of a column.
    pub(super) fn dictionary(&self, column: u32) -> Option<&'a Dictionary> {
        let n_own = self.table.dictionaries.len();
        let added = || self.added.get((column as usize - n_own) % MOST_ADDED as usize);
        self.table.dictionaries.get(column as usize).or_else(added)
    }

    /// The number that a column has for the page, whether its model stands yet or not.
    pub(super) fn told(&self, column: u32) -> u32 {
        let n_own = self.table.dictionaries.len() as u32;
        column.checked_sub(n_own).map_or(column, |place| n_own + place % MOST_ADDED)
    }

    /// The number of the first added column of a training that is still on its way.
    pub(super) fn first_fresh(&self) -> u32 {
        self.table.dictionaries.len() as u32 + MOST_ADDED
    }
}
