//! Seeded streams that are the same everywhere.

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

/// Returns the random stream number `index` of `seed`.
///
/// Streams of one seed do not overlap, so a tree can be grown before or after any other.
/// `ChaCha8` gives the same words on 32 and 64 bits; draw `u32`, `u64` or `f64` from it, never `usize`.
pub fn stream(seed: u64, index: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index);
    rng
}
