//! Categories as numbers: their places in a drawn order.

/// Looks up the places of categories in drawn orders.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<u16>);

impl Places {
    const UNKNOWN: u16 = u16::MAX;

    /// Writes the places that `categories` have in `order`, as numbers, to `cells`: behind the
    /// last for those that are not in it, NaN for missing.
    pub(super) fn write<'a>(
        &mut self,
        order: &[u16],
        missing: u16,
        categories: impl IntoIterator<Item = u16>,
        cells: impl IntoIterator<Item = &'a mut f64>,
    ) {
        self.0.resize(1 << 16, Self::UNKNOWN);
        for (place, &category) in (0..).zip(order) {
            self.0[usize::from(category)] = place;
        }
        for (cell, category) in cells.into_iter().zip(categories) {
            let place = self.0[usize::from(category)];
            *cell = match place {
                _ if category == missing => f64::NAN,
                Self::UNKNOWN => order.len() as f64,
                place => f64::from(place),
            };
        }
        // Only the used places are cleared: there may be far more categories than a tree knows.
        for &category in order {
            self.0[usize::from(category)] = Self::UNKNOWN;
        }
    }
}
