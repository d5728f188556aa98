//! Categories as a tree sees them: their ranks in the order it drew.

use super::Forest;

/// Looks up the ranks of categories in a drawn order.
pub(super) struct Ranks(Vec<u16>);

impl Default for Ranks {
    fn default() -> Self {
        Self(vec![Self::UNKNOWN; 1 << 16])
    }
}

impl Ranks {
    const UNKNOWN: u16 = u16::MAX;

    /// Writes the ranks of `categories` to `cells`.
    ///
    /// Only places that are used are set and cleared, as there may be far more categories than
    /// one tree knows.
    pub(super) fn replace<'a>(
        &mut self,
        order: &[u16],
        missing: u16,
        categories: &[u16],
        cells: impl Iterator<Item = &'a mut u16>,
    ) {
        let ranks: &mut [u16; 1 << 16] = self.0.first_chunk_mut().expect("a place for every code");
        for (rank, &category) in (0..).zip(order) {
            ranks[usize::from(category)] = rank;
        }
        // Set by `OTHER`, which is no category; where there is none every category is known.
        let other = ranks[usize::from(Forest::OTHER)];
        ranks[usize::from(missing)] = missing;
        for (cell, &category) in cells.zip(categories) {
            let rank = ranks[usize::from(category)];
            *cell = if rank == Self::UNKNOWN { other } else { rank };
        }
        for &category in order.iter().chain([&missing]) {
            ranks[usize::from(category)] = Self::UNKNOWN;
        }
    }
}
