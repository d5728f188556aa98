//! Seeded streams that are the same everywhere.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// Returns the random stream number `index` of `seed`.
///
/// Streams of one seed do not overlap, so a tree can be grown before or after any other.
/// `ChaCha8` gives the same words on 32 and 64 bits; draw `u32`, `u64` or `f64` from it, never `usize`.
pub fn stream(seed: u64, index: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(index);
    rng
}

/// Draws an integer in `0..n`, each equally likely.
///
/// Written here, not taken from a library, because pinned results must survive its next version.
///
/// # Panics
///
/// If `n` is 0.
///
/// # References
///
/// D. Lemire, *Fast Random Integer Generation in an Interval*, ACM TOMACS 29, 2019, algorithm 5.
#[expect(clippy::cast_possible_truncation, reason = "the low half is meant")]
pub fn below(rng: &mut impl Rng, n: u32) -> u32 {
    assert!(n > 0, "there is no integer below zero");
    loop {
        let product = u64::from(rng.next_u32()) * u64::from(n);
        // The low half is the place within the slot; the first `2³² mod n` places make it uneven.
        let place = product as u32;
        if place >= n || place >= n.wrapping_neg() % n {
            return (product >> 32) as u32;
        }
    }
}

/// Draws a number in [0, 1): one of 2⁵³ equally spaced ones.
pub fn unit(rng: &mut impl Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Returns the place among `weights` that lies `u` of the way, for `u` drawn from [0, 1): each as
/// likely as its share of their sum.
///
/// # Panics
///
/// If there are none.
pub fn weighted(u: f64, weights: impl ExactSizeIterator<Item = f64> + Clone) -> usize {
    let last = weights.len().checked_sub(1).expect("there is a place to draw");
    let drawn = u * weights.clone().sum::<f64>();
    // The last place needs no end: what is beyond all others is there, however sums were rounded.
    let ends = weights.scan(0.0, |end, weight| {
        *end += weight;
        Some(*end)
    });
    ends.take(last).take_while(|&end| end <= drawn).count()
}

/// Returns the `index`-th of points that fill the unit square evenly, from a random start.
///
/// Each by itself is as any in the square; together they leave no gaps, where points drawn one by one
/// would.
///
/// # References
///
/// M. Roberts, *The Unreasonable Effectiveness of Quasirandom Sequences*, 2018: the sequence R₂. The
/// start: R. Cranley, T. N. L. Patterson, *Randomization of Number Theoretic Methods for Multiple
/// Integration*, SIAM J. Numer. Anal. 13, 1976.
pub fn spread(seed: u64, index: u32) -> [f64; 2] {
    // 1/g and 1/g², g being the real root of g³ = g + 1.
    const STEPS: [f64; 2] = [0.754_877_666_246_692_8, 0.569_840_290_998_053_3];
    let mut rng = stream(seed, u64::MAX);
    STEPS.map(|step| {
        let place = unit(&mut rng) + f64::from(index) * step;
        place - place.floor()
    })
}

/// Draws a normal deviate, with mean 0 and standard deviation 1.
///
/// # References
///
/// G. E. P. Box, M. E. Muller, *A Note on the Generation of Random Normal Deviates*, Annals of
/// Mathematical Statistics 29, 1958; of the pair the first.
pub fn normal(rng: &mut impl Rng) -> f64 {
    // In (0, 1], whose logarithm is finite.
    let u = 1.0 - unit(rng);
    let angle = std::f64::consts::TAU * unit(rng);
    (-2.0 * libm::log(u)).sqrt() * libm::cos(angle)
}

/// Puts `items` into a random order, each equally likely.
///
/// # References
///
/// R. Durstenfeld, *Algorithm 235: Random Permutation*, CACM 7, 1964; from the end.
pub fn shuffle<T>(rng: &mut impl Rng, items: &mut [T]) {
    for last in (1..items.len()).rev() {
        items.swap(last, below(rng, last as u32 + 1) as usize);
    }
}

/// Returns 64 bits that look random, by a number and a seed: what is decided by them depends on
/// nothing that was drawn before. Of one seed, different numbers give different bits.
///
/// # References
///
/// G. L. Steele, D. Lea, C. H. Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA
/// 2014: the mixing function, with the constants of D. Stafford's variant 13.
pub fn hash(seed: u64, number: u64) -> u64 {
    mix(mix(seed).wrapping_add(number.wrapping_mul(0x9E37_79B9_7F4A_7C15)))
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_integer_below_n_comes_up_equally_often() {
        let mut rng = stream(1, 2);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[below(&mut rng, 7) as usize] += 1;
        }
        // Four standard deviations of a binomial with 70,000 draws of 1/7 are 370.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 370), "{counts:?}");
    }

    #[test]
    fn a_place_comes_up_as_often_as_it_weighs() {
        let mut rng = stream(1, 3);
        let mut counts = [0_u32; 4];
        for _ in 0..70_000 {
            counts[weighted(unit(&mut rng), [1.0, 0.0, 4.0, 2.0].into_iter())] += 1;
        }
        // Four standard deviations of a binomial with 70,000 draws of 4/7 are 524.
        let expected = [10_000, 0, 40_000, 20_000];
        let is_close = |(&count, expected): (&u32, u32)| count.abs_diff(expected) < 524;
        assert!(counts.iter().zip(expected).all(is_close), "{counts:?}");
        assert_eq!(counts[1], 0);
    }

    #[test]
    fn spread_points_fill_the_square_evenly() {
        let mut cells = [0_u32; 100];
        for [x, y] in (0..1_000).map(|index| spread(3, index)) {
            assert!((0.0..1.0).contains(&x) && (0.0..1.0).contains(&y));
            cells[(x * 10.0) as usize * 10 + (y * 10.0) as usize] += 1;
        }
        // Drawn one by one, some of a hundred cells would hold fewer than 4 or more than 16.
        assert!(cells.iter().all(|count| (7..=13).contains(count)), "{cells:?}");
        assert_ne!(spread(3, 0), spread(4, 0));
    }

    #[test]
    fn streams_of_one_seed_differ_and_repeat() {
        let draw = |seed, index| stream(seed, index).next_u64();
        assert_eq!(draw(7, 3), draw(7, 3));
        assert_ne!(draw(7, 3), draw(7, 4));
        assert_ne!(draw(7, 3), draw(8, 3));
    }

    #[test]
    fn deviates_have_the_moments_of_the_normal_distribution() {
        let mut rng = stream(3, 0);
        let n = 100_000;
        let drawn: Vec<f64> = (0..n).map(|_| normal(&mut rng)).collect();
        let moment = |power: i32| {
            drawn.iter().map(|x| (0..power).fold(1.0, |product, _| product * x)).sum::<f64>()
                / f64::from(n)
        };
        // Four standard errors: 1, 2, 15 and 96 are the variances of the powers.
        for (power, expected, variance) in
            [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)]
        {
            let error = 4.0 * f64::sqrt(variance / f64::from(n));
            assert!((moment(power) - expected).abs() < error, "{power}: {}", moment(power));
        }
    }

    #[test]
    fn every_order_comes_up_equally_often() {
        let mut rng = stream(4, 0);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..60_000 {
            let mut items = [0, 1, 2];
            shuffle(&mut rng, &mut items);
            *counts.entry(items).or_insert(0_u32) += 1;
        }
        assert_eq!(counts.len(), 6);
        // Four standard deviations of a binomial with 60,000 draws of 1/6 are 365.
        assert!(counts.values().all(|count| count.abs_diff(10_000) < 365), "{counts:?}");
    }
}
