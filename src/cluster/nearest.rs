//! The nearest rows to one, those that a forest cannot tell apart taken together.

use super::message::Alike;

/// The nearest of all that were taken in.
///
/// Which these are does not depend on the order: those that are equally near stand by their leaves,
/// and not by what row came first, so that whatever is among the nearest of a whole is among the
/// nearest of each part that holds a row of it, and its rows can be counted part by part.
#[derive(Debug)]
pub(super) struct Nearest {
    n: usize,
    alike: Vec<Alike>,
}

impl Nearest {
    /// Has room for `n`.
    pub(super) fn new(n: u32) -> Self {
        Self { n: n as usize, alike: Vec::new() }
    }

    /// Whether what is so near may still be among the nearest; where no leaf is shared nothing is.
    pub(super) fn may_take(&self, proximity: f64) -> bool {
        let least = self.alike.get(self.n.wrapping_sub(1)).map_or(0.0, |alike| alike.proximity);
        self.n > 0 && proximity > 0.0 && proximity >= least
    }

    /// Takes in some rows that are alike; ones like them may have been taken in before.
    pub(super) fn take(&mut self, alike: Alike) {
        let order = |other: &Alike| {
            let by_proximity = alike.proximity.total_cmp(&other.proximity);
            by_proximity.then_with(|| other.leaves.cmp(&alike.leaves))
        };
        match self.alike.binary_search_by(order) {
            Ok(place) => {
                let there = &mut self.alike[place];
                there.row = there.row.min(alike.row);
                there.n_rows += alike.n_rows;
            }
            Err(place) => {
                self.alike.insert(place, alike);
                self.alike.truncate(self.n);
            }
        }
    }

    /// All of them, the nearest first.
    pub(super) fn finish(self) -> Vec<Alike> {
        self.alike
    }
}
