//! Random quantities of everyday life, the same everywhere.

use rand_chacha::ChaCha8Rng;

use crate::random;

/// A stream to draw from.
pub(super) struct Draw {
    rng: ChaCha8Rng,
}

impl Draw {
    /// Stream number `index` of `seed`: each activity has its own, so a change of one leaves the
    /// others as they were.
    pub(super) fn new(seed: u64, index: u64) -> Self {
        Self { rng: random::stream(seed, index) }
    }

    /// A number in [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        random::unit(&mut self.rng)
    }

    /// A number in [`low`, `high`).
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// An integer in `0..n`.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        random::below(&mut self.rng, n)
    }

    /// An integer in `0..n`, small ones much more often: people, and sites, differ in how busy
    /// they are.
    pub(super) fn favoured(&mut self, n: u32) -> u32 {
        whole(f64::from(n) * self.unit() * self.unit()).min(n - 1)
    }

    /// Whether something happens that happens with probability `p`.
    pub(super) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of `items`.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let n = u32::try_from(items.len()).expect("a short list");
        items[self.below(n) as usize]
    }

    /// A standard normal number.
    ///
    /// # References
    ///
    /// G. E. P. Box, M. E. Muller, *A Note on the Generation of Random Normal Deviates*, 1958.
    pub(super) fn normal(&mut self) -> f64 {
        // 1 − u lies in (0, 1], where the logarithm is finite.
        let radius = (-2.0 * libm::log(1.0 - self.unit())).sqrt();
        radius * libm::cos(core::f64::consts::TAU * self.unit())
    }

    /// A log-normal number: half lie below `median`; `spread` is that of its logarithm.
    pub(super) fn log_normal(&mut self, (median, spread): (f64, f64)) -> f64 {
        median * libm::exp(spread * self.normal())
    }
}

/// The whole part of a size that is neither negative nor beyond four billion.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
pub(super) fn whole(value: f64) -> u32 {
    value as u32
}
