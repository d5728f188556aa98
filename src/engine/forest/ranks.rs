//! Categories as a tree sees them: their ranks in the order it drew.

/// Looks up the ranks of categories in drawn orders.
#[derive(Default)]
pub(super) struct Ranks(Vec<u16>);

impl Ranks {
    const UNKNOWN: u16 = u16::MAX;

    /// Writes the ranks that `categories` have in `order` to the rows of `codes`.
    ///
    /// A row has a pair of cells for the feature. A category that is not in the order ranks above
    /// all others in the first cell and lowest in the second: a cut that reads the first sends it
    /// right, one that reads the second sends it left. Missing stays missing.
    pub(super) fn write(
        &mut self,
        order: &[u16],
        missing: u16,
        categories: &[u16],
        rows: std::slice::ChunksExactMut<'_, u16>,
        cells: [usize; 2],
    ) {
        // An array with a place for every code needs no check.
        self.0.resize(1 << 16, Self::UNKNOWN);
        let ranks: &mut [u16; 1 << 16] = self.0.first_chunk_mut().expect("that many places");
        let mut above = 0;
        for &category in order {
            ranks[usize::from(category)] = above;
            above += 1;
        }
        ranks[usize::from(missing)] = missing;
        for (row, &category) in rows.zip(categories) {
            let rank = ranks[usize::from(category)];
            let is_unknown = rank == Self::UNKNOWN;
            row[cells[0]] = if is_unknown { above } else { rank };
            row[cells[1]] = if is_unknown { 0 } else { rank };
        }
        // Only the used places are cleared: there may be far more categories than a tree knows.
        for &category in order.iter().chain([&missing]) {
            ranks[usize::from(category)] = Self::UNKNOWN;
        }
    }
}
