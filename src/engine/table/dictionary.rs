//! What the values of a column are, over all shards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Bin, Frequency, Values};
use crate::{
    arrange::order,
    arrange::{ascending_bits, of_ascending_bits, sort_f64, sort_pairs},
};

/// The most codes a column can have; one more stands for missing, one for no row at all.
pub const MOST_CODES: usize = 65_534;
/// Codes of a column with more distinct numbers than that: its extremes, and quantiles between.
const QUANTILE_CODES: usize = 16_384;
/// How many of the smallest and of the largest distinct numbers keep codes of their own then.
const EXTREMES: usize = 1_000;
/// Bars of a profile's histogram, and values it names.
const SHOWN: usize = 24;

/// Distinct numbers, ascending, and how many rows have each.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counted {
    /// Distinct numbers, ascending, no NaN.
    pub values: Vec<f64>,
    /// Rows of each.
    pub counts: Vec<u32>,
}

impl Counted {
    /// Counts `values`; NaN is left out, −0 counts as 0.
    pub fn of(mut values: Vec<f64>) -> Self {
        values.retain(|value| !value.is_nan());
        for value in &mut values {
            *value += 0.0;
        }
        sort_f64(&mut values);
        let mut counted = Self::default();
        for run in values.chunk_by(|a, b| a == b) {
            counted.values.push(run[0]);
            counted.counts.push(run.len() as u32);
        }
        counted
    }

    /// The same from values with their counts, in any order, without NaN and −0.
    pub fn of_pairs(pairs: Vec<(f64, u32)>) -> Self {
        let key = |(number, count)| (ascending_bits(number), count);
        let mut pairs: Vec<(u64, u32)> = pairs.into_iter().map(key).collect();
        sort_pairs(&mut pairs);
        let mut counted = Self::default();
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            counted.values.push(of_ascending_bits(run[0].0));
            counted.counts.push(run.iter().map(|pair| pair.1).sum());
        }
        counted
    }

    /// Adds what another shard counted. The order of merging cannot be seen in the result.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        let mut merged = Self::default();
        let (mut a, mut b) = (0, 0);
        loop {
            let (value, count) = match (self.values.get(a), other.values.get(b)) {
                (None, None) => return merged,
                (Some(&x), Some(&y)) if x == y => (x, self.counts[a] + other.counts[b]),
                (Some(&x), y) if y.is_none_or(|&y| x < y) => (x, self.counts[a]),
                (_, Some(&y)) => (y, other.counts[b]),
                (Some(_), None) => unreachable!("a value without a rival comes first"),
            };
            a += usize::from(self.values.get(a) == Some(&value));
            b += usize::from(other.values.get(b) == Some(&value));
            merged.values.push(value);
            merged.counts.push(count);
        }
    }
}

/// The codes of an ordered column: which values each stands for, and how many rows have it.
///
/// Up to 65,534 distinct values have a code each, which is lossless. Beyond that the 1,000
/// smallest and largest keep their own and the rest share codes of about equally many rows, with
/// the true bounds of each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The smallest value of each code, ascending.
    pub lows: Vec<f64>,
    /// The largest value of each code; empty where every code is one value.
    pub highs: Vec<f64>,
    /// Rows of each code.
    pub counts: Vec<u32>,
    /// Distinct values.
    pub n_distinct: u32,
}

impl Ranked {
    /// Gives codes to counted values.
    ///
    /// # Panics
    ///
    /// Never: a bin is widened only once it has begun.
    #[inline(never)]
    pub fn new(counted: Counted) -> Self {
        let n = counted.values.len();
        if n <= MOST_CODES {
            let Counted { values, counts } = counted;
            return Self { lows: values, highs: Vec::new(), counts, n_distinct: n as u32 };
        }
        let inner = EXTREMES..n - EXTREMES;
        let n_inner: u64 = counted.counts[inner.clone()].iter().map(|&n| u64::from(n)).sum();
        let n_bins = (QUANTILE_CODES - 2 * EXTREMES) as u64;
        let mut ranked = Self { lows: vec![], highs: vec![], counts: vec![], n_distinct: n as u32 };
        let mut below = 0;
        let mut bin = None;
        for (i, (&value, &count)) in counted.values.iter().zip(&counted.counts).enumerate() {
            let next = inner.contains(&i).then(|| below * n_bins / n_inner);
            if next.is_some() {
                below += u64::from(count);
            }
            if next.is_some() && next == bin {
                *ranked.highs.last_mut().expect("a bin has begun") = value;
                *ranked.counts.last_mut().expect("a bin has begun") += count;
            } else {
                ranked.lows.push(value);
                ranked.highs.push(value);
                ranked.counts.push(count);
            }
            bin = next;
        }
        ranked
    }

    /// How many codes there are.
    pub fn n_codes(&self) -> usize {
        self.lows.len()
    }

    /// The code of a value that was counted.
    #[cfg(test)]
    fn code(&self, value: f64) -> u16 {
        (self.lows.partition_point(|&low| low <= value).max(1) - 1) as u16
    }

    /// The largest value of a code.
    pub fn high(&self, code: usize) -> f64 {
        self.highs.get(code).copied().unwrap_or(self.lows[code])
    }

    /// A value that stands for a code.
    pub fn middle(&self, code: usize) -> f64 {
        self.lows[code] / 2.0 + self.high(code) / 2.0
    }

    /// The value below which a share `q` of the present rows lies; needs one code at least.
    fn quantile(&self, q: f64) -> f64 {
        let total: u64 = self.counts.iter().map(|&n| u64::from(n)).sum();
        // The smallest value that at least this share of the rows does not exceed.
        let wanted = ((q * total as f64).ceil() as u64).max(1);
        let mut below = 0;
        let code = self.counts.iter().position(|&count| {
            below += u64::from(count);
            below >= wanted
        });
        self.lows[code.unwrap_or(self.n_codes() - 1)]
    }

    /// How the values are spread; `None` where there is none.
    pub fn spread(&self) -> Option<Values> {
        let (&min, last) = (self.lows.first()?, self.n_codes() - 1);
        let (median, max) = (self.quantile(0.5), self.high(last));
        let (lower, upper) = (self.quantile(0.25), self.quantile(0.75));
        // Heavy tails (bytes, durations) are one bar on a linear scale.
        let log_bins = max - median > 20.0 * (median - min).max(upper - lower).max(0.0)
            && max.abs().max(min.abs()) > 100.0;
        let n = SHOWN.min(self.n_codes());
        let scale = if log_bins { symlog } else { |value| value };
        let unscale = if log_bins { symexp } else { |value| value };
        let (from, to) = (scale(min), scale(max));
        let edge = |i: usize| match i {
            0 => min,
            i if i == n => max,
            // Far out a logarithm is coarser than the values: never past the ends.
            i => unscale(from + (to / n as f64 - from / n as f64) * i as f64).clamp(min, max),
        };
        let mut bins: Vec<Bin> =
            (0..n).map(|i| Bin { low: edge(i), high: edge(i + 1), count: 0 }).collect();
        let mut bin = 0;
        for code in 0..self.n_codes() {
            while bin + 1 < n && self.lows[code] >= bins[bin].high {
                bin += 1;
            }
            bins[bin].count += self.counts[code];
        }
        Some(Values::Ordered { min, lower, median, upper, max, bins, log_bins })
    }
}

/// sign(v) · log10(1 + |v|).
fn symlog(value: f64) -> f64 {
    libm::log10(1.0 + value.abs()).copysign(value)
}

/// The inverse of [`symlog`].
fn symexp(value: f64) -> f64 {
    (libm::pow(10.0, value.abs()) - 1.0).copysign(value)
}

/// The codes of an unordered column: its texts, in the order of their bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Categories {
    /// Text of each code, ascending by bytes.
    pub texts: Vec<Vec<u8>>,
    /// Rows of each code.
    pub counts: Vec<u32>,
}

impl Categories {
    /// Merges what shards counted.
    pub fn of<'a>(parts: impl IntoIterator<Item = (&'a [u8], u32)>) -> Self {
        let mut merged = BTreeMap::<&[u8], u32>::new();
        for (text, count) in parts {
            *merged.entry(text).or_default() += count;
        }
        let (texts, counts) =
            merged.into_iter().map(|(text, count)| (text.to_vec(), count)).unzip();
        Self { texts, counts }
    }

    /// The code of a text that was counted.
    pub fn code(&self, text: &[u8]) -> Option<usize> {
        self.texts.binary_search_by(|there| there.as_slice().cmp(text)).ok()
    }

    /// Codes by number of rows, most first; equally frequent ones by text.
    pub fn by_frequency(&self) -> Vec<usize> {
        order(self.texts.len(), &mut |a, b| self.counts[b].cmp(&self.counts[a]))
    }

    /// Each text and how many rows have it.
    pub fn values(&self) -> Vec<(&[u8], u32)> {
        self.texts.iter().map(Vec::as_slice).zip(self.counts.iter().copied()).collect()
    }

    /// The most common values; `None` where there is none.
    pub fn spread(&self) -> Option<Values> {
        let frequency = |&code: &usize| Frequency {
            text: String::from_utf8_lossy(&self.texts[code]).into_owned(),
            count: self.counts[code],
        };
        let top: Vec<_> = self.by_frequency().iter().take(SHOWN).map(frequency).collect();
        (!top.is_empty()).then_some(Values::Unordered { top })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn few_values_have_a_code_each() {
        let ranked = Ranked::new(Counted::of(vec![3.0, 1.0, f64::NAN, -0.0, 3.0, 0.0]));
        assert_eq!(ranked.lows, [0.0, 1.0, 3.0]);
        assert_eq!(ranked.counts, [2, 1, 2]);
        assert_eq!([0.0, 1.0, 3.0].map(|value| ranked.code(value)), [0, 1, 2]);
        assert!(ranked.highs.is_empty());
    }

    #[test]
    fn extremes_keep_codes_of_their_own_among_quantiles() {
        let n = 100_000;
        let mut values: Vec<f64> = (0..n).map(f64::from).collect();
        values.push(1e9);
        let ranked = Ranked::new(Counted::of(values));
        assert!(ranked.n_codes() <= QUANTILE_CODES);
        let last = ranked.n_codes() - 1;
        assert_eq!((ranked.lows[last], ranked.high(last), ranked.counts[last]), (1e9, 1e9, 1));
        assert_eq!(ranked.code(1e9), last as u16);
        assert_eq!(ranked.code(99_999.0), last as u16 - 1);
        assert!(ranked.counts[EXTREMES..last - EXTREMES].iter().all(|&n| (6..=8).contains(&n)));
        for i in 0..n {
            let code = usize::from(ranked.code(f64::from(i)));
            assert!((ranked.lows[code]..=ranked.high(code)).contains(&f64::from(i)));
        }
    }

    #[test]
    fn a_heavy_tail_has_logarithmic_bars() {
        let values = (0..1000).map(|i| if i < 990 { f64::from(i % 50) } else { 1e6 }).collect();
        let Some(Values::Ordered { bins, log_bins, .. }) =
            Ranked::new(Counted::of(values)).spread()
        else {
            panic!("numbers have a spread")
        };
        assert!(log_bins);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<u32>(), 1000);
        assert!(bins.iter().filter(|bin| bin.count > 0).count() > 5);
    }

    proptest! {
        #[test]
        fn counting_in_parts_is_counting_at_once(a in prop::collection::vec(-5..5_i8, 0..50), b in prop::collection::vec(-5..5_i8, 0..50)) {
            let counted = |values: &[i8]| Counted::of(values.iter().map(|&v| f64::from(v)).collect());
            prop_assert_eq!(counted(&a).merge(&counted(&b)), counted(&[a, b].concat()));
        }

        #[test]
        fn bars_hold_every_row(values in prop::collection::vec(prop_oneof![-1e308..1e308, -10.0..10.0, Just(0.0)], 1..200)) {
            let n = values.len() as u32;
            let Some(Values::Ordered { bins, min, max, .. }) = Ranked::new(Counted::of(values)).spread() else { panic!() };
            prop_assert_eq!(bins.iter().map(|bin| bin.count).sum::<u32>(), n);
            prop_assert!(bins[0].low == min && bins[bins.len() - 1].high == max);
            prop_assert!(bins.iter().all(|bin| bin.low <= bin.high));
        }
    }
}
