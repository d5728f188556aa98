//! What codes are worth as numbers.

use serde::{Deserialize, Serialize};

use crate::{
    bulk::Bulk,
    matrix::{Feature, Order},
};

/// How far from 0 a number may be, so that no square overflows.
const FARTHEST: f64 = 1e150;

/// The number of every code of every ordered feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Numbers {
    /// Feature after feature, code after code; NaN for missing, the last one. None for features
    /// without an order.
    by_code: Bulk<f64>,
    /// Where each feature's numbers begin, and the end.
    starts: Bulk<u32>,
    /// Each feature's code for missing values.
    missing: Bulk<u16>,
}

impl Numbers {
    /// Reads the values of codes: of a code that stands for a range, its middle.
    pub(super) fn of(features: &[Feature]) -> Self {
        let (mut numbers, mut starts) = (Vec::new(), vec![0]);
        for feature in features {
            if let Order::Ranked { lows, highs } = feature.order() {
                let high = |code: usize| highs.get(code).unwrap_or(&lows[code]);
                let middle = |code: usize| lows[code] / 2.0 + high(code) / 2.0;
                // Halves of tiny numbers are rounded: values that are not ranges stay themselves.
                let number = |code| if highs.is_empty() { lows[code] } else { middle(code) };
                let present = (0..lows.len()).map(|code| number(code).clamp(-FARTHEST, FARTHEST));
                numbers.extend(present.chain([f64::NAN]));
            }
            starts.push(numbers.len() as u32);
        }
        let missing = features.iter().map(Feature::missing).collect();
        Self { by_code: Bulk(numbers), starts: Bulk(starts), missing: Bulk(missing) }
    }

    /// Each feature's code for missing values.
    pub(super) fn missing(&self) -> &[u16] {
        &self.missing
    }

    /// The numbers of a feature by code; none if it has no order.
    pub(super) fn of_feature(&self, feature: usize) -> &[f64] {
        &self.by_code[self.starts[feature] as usize..self.starts[feature + 1] as usize]
    }
}

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
