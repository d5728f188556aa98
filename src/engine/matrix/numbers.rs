//! What codes are worth as numbers.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::{Feature, Order};
use crate::bulk::Bulk;

/// How far from 0 a number may be, so that no square overflows.
const FARTHEST: f64 = 1e150;

/// The number of every code of every feature that has one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Numbers {
    /// Feature after feature, code after code; NaN for missing, the last one. None for features
    /// without an order, unless their categories were weighed.
    by_code: Bulk<f64>,
    /// Where each feature's numbers begin, and the end.
    starts: Bulk<u32>,
    /// Each feature's code for missing values.
    missing: Bulk<u16>,
}

impl Numbers {
    /// Reads the values of codes: of a code that stands for a range, its middle.
    pub(crate) fn of(features: &[Feature]) -> Self {
        Self::with(features, |_, _| Vec::new())
    }

    /// The same, and categories count by how rare they are among some rows, in bits: −log₂ of
    /// the share that has them. `codes` are those rows', feature by feature.
    ///
    /// One that no row has is as rare as one that half a row had.
    #[expect(clippy::needless_pass_by_value, reason = "a view is passed as a slice is")]
    pub(crate) fn with_rarity(features: &[Feature], codes: ArrayView2<'_, u16>) -> Self {
        Self::with(features, |index, feature| {
            let mut counts = vec![0_u32; usize::from(feature.n_codes()) + 1];
            for &code in codes.column(index) {
                counts[usize::from(code)] += 1;
            }
            counts.pop();
            let n_rows = codes.nrows().max(1) as f64;
            let share = |n: u32| f64::from(n).max(0.5) / n_rows;
            counts.into_iter().map(|n| -libm::log2(share(n))).chain([f64::NAN]).collect()
        })
    }

    /// Numbers of ordered features; `categories` gives those of the others.
    fn with(features: &[Feature], categories: impl Fn(usize, &Feature) -> Vec<f64>) -> Self {
        let (mut numbers, mut starts) = (Vec::new(), vec![0]);
        for (index, feature) in features.iter().enumerate() {
            if let Order::Ranked { lows, highs } = feature.order() {
                let high = |code: usize| highs.get(code).unwrap_or(&lows[code]);
                let middle = |code: usize| lows[code] / 2.0 + high(code) / 2.0;
                // Halves of tiny numbers are rounded: values that are not ranges stay themselves.
                let number = |code| if highs.is_empty() { lows[code] } else { middle(code) };
                let present = (0..lows.len()).map(|code| number(code).clamp(-FARTHEST, FARTHEST));
                numbers.extend(present.chain([f64::NAN]));
            } else {
                numbers.extend(categories(index, feature));
            }
            starts.push(numbers.len() as u32);
        }
        let missing = features.iter().map(Feature::missing).collect();
        Self { by_code: Bulk(numbers), starts: Bulk(starts), missing: Bulk(missing) }
    }

    /// Each feature's code for missing values.
    pub(crate) fn missing(&self) -> &[u16] {
        &self.missing
    }

    /// The numbers of a feature by code; none if it has none.
    pub(crate) fn of_feature(&self, feature: usize) -> &[f64] {
        &self.by_code[self.starts[feature] as usize..self.starts[feature + 1] as usize]
    }
}
