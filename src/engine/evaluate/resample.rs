//! How far figures may be off by chance, where no formula says so: by drawing rows again.
//!
//! The bootstrap draws as many rows as there are, with replacement, and looks how much a figure
//! varies. As it draws rows of each class apart (stratified), only how often each cell of a table of
//! counts comes up matters: whole rows need not be drawn, and a draw costs what the table has cells.

use rand_chacha::ChaCha8Rng;

use super::{
    confusion::Confusion,
    curve::Curve,
    figure::{Figure, Undefined},
    intervals::Interval,
};
use crate::{
    arrange::sort_f64,
    random::{stream, unit},
};

/// How often rows are drawn.
pub const DRAWS: u32 = 1_000;
/// Of so many draws one is beyond either end of an interval.
const BEYOND: usize = 40;
/// A ranking is drawn in at most about so many blocks.
const MOST_BLOCKS: u32 = 512;

/// Returns a 95 % interval of each of some figures that follow from a confusion matrix: balanced
/// accuracy, F, R<sub>K</sub>, macro F₁. The same draws serve all.
///
/// The rows of every true class are drawn again 1,000 times, and each figure's interval is between
/// the 2.5 % and the 97.5 % quantile of what it then is (the percentile bootstrap). Takes as long as
/// `DRAWS` × cells, whatever the number of rows; a seed always gives the same interval.
///
/// # Errors
///
/// Per figure:
/// - why the figure itself, or more than one draw in forty, is undefined;
/// - [`NoSpread`](Undefined::NoSpread) where it is the same in nearly all draws, as where no row is
///   wrong. What never happened cannot be drawn, so an interval of no width would claim too much.
///
/// # Examples
///
/// ```
/// use isoscope_engine::evaluate::{Confusion, bootstrap};
///
/// let confusion = Confusion::from_cells(2, vec![90, 10, 4, 16, 0, 0]);
/// let [interval] = bootstrap(&confusion, 7, &[&Confusion::mcc])[..] else { panic!() };
/// let (interval, mcc) = (interval?, confusion.mcc()?);
/// assert!(interval.low < mcc - 0.1 && mcc + 0.1 < interval.high);
/// # Ok::<(), isoscope_engine::evaluate::Undefined>(())
/// ```
///
/// # References
///
/// B. Efron, R. J. Tibshirani, *An Introduction to the Bootstrap*, Chapman & Hall, 1993, § 8.3 (apart
/// by class) and § 13.3 (percentiles).
pub fn bootstrap(
    confusion: &Confusion,
    seed: u64,
    figures: &[&dyn Fn(&Confusion) -> Figure],
) -> Vec<Result<Interval, Undefined>> {
    let mut rng = stream(seed, 0);
    let mut drawn = vec![Vec::new(); figures.len()];
    let k = usize::from(confusion.n_classes());
    for _ in 0..DRAWS {
        let mut cells = Vec::with_capacity(confusion.cells().len());
        for row in confusion.cells().chunks(k.max(1)) {
            multinomial(&mut rng, row, &mut cells);
        }
        let again = Confusion::from_cells(confusion.n_classes(), cells);
        for (figure, drawn) in figures.iter().zip(&mut drawn) {
            drawn.push(figure(&again));
        }
    }
    let mut intervals = Vec::new();
    for (figure, drawn) in figures.iter().zip(drawn) {
        intervals.push(figure(confusion).and_then(|_| between(&drawn)));
    }
    intervals
}

impl Curve {
    /// A 95 % interval of [average precision](Self::average_precision), by the stratified bootstrap.
    ///
    /// Precision changes where positive rows are, so the ranking is drawn in blocks that end with
    /// one: exactly the bootstrap of rows where at most 512 scores have positive rows. Where more
    /// have, a block ends with every 512th of the positive rows and its rows count as tied; how
    /// far draws are from the figure of the same blocks is then added to the figure itself. So there
    /// are at most about 512 blocks and 1,000 draws, whatever the number of rows.
    ///
    /// # Errors
    ///
    /// - As [`average_precision`](Self::average_precision).
    /// - [`NoSpread`](Undefined::NoSpread) where draws do not differ, as where no negative row is
    ///   above a positive one.
    ///
    /// # References
    ///
    /// As [`bootstrap`].
    pub fn average_precision_interval(&self, seed: u64) -> Result<Interval, Undefined> {
        let found = self.average_precision()?;
        let [positives, negatives] = self.blocks();
        let coarse = of_blocks(&positives, &negatives);
        let mut rng = stream(seed, 0);
        let mut drawn = Vec::with_capacity(DRAWS as usize);
        for _ in 0..DRAWS {
            let (mut hits, mut others) = (Vec::new(), Vec::new());
            multinomial(&mut rng, &positives, &mut hits);
            multinomial(&mut rng, &negatives, &mut others);
            drawn.push(Ok(of_blocks(&hits, &others)));
        }
        let Interval { low, high } = between(&drawn)?;
        let shifted = |end: f64| (end + (found - coarse)).clamp(0.0, 1.0);
        Ok(Interval { low: shifted(low), high: shifted(high) })
    }

    /// Positive and negative rows by block of the ranking, the highest first.
    fn blocks(&self) -> [Vec<u64>; 2] {
        let n_needed = self.levels().filter(|level| level.positives > 0).count();
        let fewest = if n_needed <= MOST_BLOCKS as usize {
            1
        } else {
            self.n_positives().div_ceil(MOST_BLOCKS)
        };
        let (mut positives, mut negatives) = (Vec::new(), Vec::new());
        let (mut hits, mut others) = (0, 0);
        for level in self.levels() {
            hits += level.positives;
            others += level.negatives;
            if level.positives > 0 && hits >= fewest {
                positives.push(hits.into());
                negatives.push(others.into());
                (hits, others) = (0, 0);
            }
        }
        positives.push(hits.into());
        negatives.push(others.into());
        [positives, negatives]
    }
}

/// Average precision of blocks of a ranking, each of which is one tie.
fn of_blocks(positives: &[u64], negatives: &[u64]) -> f64 {
    let (mut sum, mut hits, mut flagged) = (0.0, 0, 0);
    for (&positives, &negatives) in positives.iter().zip(negatives) {
        hits += positives;
        flagged += positives + negatives;
        if positives > 0 {
            sum += positives as f64 * (hits as f64 / flagged as f64);
        }
    }
    sum / hits as f64
}

/// The middle 95 % of what was drawn.
fn between(drawn: &[Figure]) -> Result<Interval, Undefined> {
    let mut figures = Vec::with_capacity(drawn.len());
    let mut undefined = None;
    for &figure in drawn {
        match figure {
            Ok(figure) => figures.push(figure),
            Err(reason) => undefined = Some(reason),
        }
    }
    if let Some(reason) = undefined
        && (drawn.len() - figures.len()) * BEYOND > drawn.len()
    {
        return Err(reason);
    }
    sort_f64(&mut figures);
    let n_beyond = figures.len() / BEYOND;
    let (low, high) = (figures[n_beyond], figures[figures.len() - 1 - n_beyond]);
    if low == high { Err(Undefined::NoSpread) } else { Ok(Interval { low, high }) }
}

/// Draws as many things as `counts` holds, with replacement, each count as likely as it is large,
/// and adds how often each came up to `drawn`.
///
/// # References
///
/// L. Devroye, *Non-Uniform Random Variate Generation*, Springer, 1986, § XI.1.2: a multinomial
/// deviate is binomial ones in a row.
fn multinomial(rng: &mut ChaCha8Rng, counts: &[u64], drawn: &mut Vec<u64>) {
    let mut n_left: u64 = counts.iter().sum();
    let mut weight = n_left;
    for &count in counts {
        let n_here = match count {
            0 => 0,
            _ if count == weight => n_left,
            _ => binomial(rng, n_left, count as f64 / weight as f64),
        };
        drawn.push(n_here);
        n_left -= n_here;
        weight -= count;
    }
}

/// Draws how many of `n` succeed, each with probability `p` in (0, 1).
///
/// From the likeliest number outwards, as far as one uniform deviate reaches: about as many steps as
/// the standard deviation √(n p (1 − p)).
///
/// # References
///
/// C. D. Kemp, *A modal method for generating binomial variables*, Communications in Statistics:
/// Theory and Methods 15, 1986.
fn binomial(rng: &mut ChaCha8Rng, n: u64, p: f64) -> u64 {
    let n_trials = n as f64;
    let odds = p / (1.0 - p);
    let mode = ((n_trials + 1.0) * p).floor().min(n_trials);
    let ways = ln_factorial(n_trials) - ln_factorial(mode) - ln_factorial(n_trials - mode);
    let likeliest = libm::exp(ways + mode * libm::log(p) + (n_trials - mode) * libm::log1p(-p));
    let mut left = unit(rng) - likeliest;
    let (mut high, mut low) = (mode, mode);
    let (mut of_high, mut of_low) = (likeliest, likeliest);
    while left >= 0.0 && (low > 0.0 || high < n_trials) {
        if high < n_trials {
            high += 1.0;
            of_high *= (n_trials - high + 1.0) / high * odds;
            left -= of_high;
            if left < 0.0 {
                return high as u64;
            }
        }
        if low > 0.0 {
            of_low *= low / ((n_trials - low + 1.0) * odds);
            low -= 1.0;
            left -= of_low;
            if left < 0.0 {
                return low as u64;
            }
        }
    }
    mode as u64
}

/// ln `n`!, to about 1e-14 of it; `n` is whole.
///
/// # References
///
/// M. Abramowitz, I. A. Stegun, *Handbook of Mathematical Functions*, 1964, eq. 6.1.41: Stirling's
/// series.
fn ln_factorial(n: f64) -> f64 {
    const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;
    if n < 16.0 {
        let mut product = 1.0;
        let mut factor = n;
        while factor > 1.0 {
            product *= factor;
            factor -= 1.0;
        }
        return libm::log(product);
    }
    let square = n * n;
    let series = (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square)
        / n;
    (n + 0.5) * libm::log(n) - n + HALF_LN_TAU + series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithms_of_factorials_are_sums_of_logarithms() {
        let mut sum = 0.0;
        for n in 1..3_000_u32 {
            sum += libm::log(n.into());
            let found = ln_factorial(n.into());
            assert!((found - sum).abs() <= 1e-13 * sum.max(1.0), "{n}: {found}, not {sum}");
        }
    }

    #[test]
    fn binomial_deviates_come_up_as_often_as_they_should() {
        for (n, p, seed) in [(1, 0.3, 1), (5, 0.5, 2), (12, 0.93, 3), (40, 0.02, 4), (60, 0.7, 5)] {
            let mut rng = stream(seed, 0);
            let n_drawn = 50_000;
            let mut counts = vec![0_u32; n as usize + 1];
            for _ in 0..n_drawn {
                counts[binomial(&mut rng, n, p) as usize] += 1;
            }
            let mut expected = libm::pow(1.0 - p, n as f64);
            for (k, &count) in counts.iter().enumerate() {
                let mean = f64::from(n_drawn) * expected;
                let error = 4.5 * (mean * (1.0 - expected)).sqrt() + 1.0;
                let found = f64::from(count);
                assert!((found - mean).abs() < error, "{k} of {n} at {p}: {found}, not {mean}");
                expected *= (n as usize - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
            }
        }
    }

    #[test]
    fn many_trials_have_the_moments_of_a_binomial() {
        let (n, p) = (400_000_u64, 0.37);
        let mut rng = stream(9, 0);
        let (mean, variance) = (n as f64 * p, n as f64 * p * (1.0 - p));
        let n_drawn = 4_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n_drawn {
            let from_mean = binomial(&mut rng, n, p) as f64 - mean;
            sum += from_mean;
            squares += from_mean * from_mean;
        }
        let n_drawn = f64::from(n_drawn);
        assert!((sum / n_drawn).abs() < 4.0 * (variance / n_drawn).sqrt());
        assert!((squares / n_drawn / variance - 1.0).abs() < 4.0 * (2.0 / n_drawn).sqrt());
    }

    #[test]
    fn things_that_are_drawn_again_are_as_many() {
        let mut rng = stream(2, 0);
        let counts = [0, 3, 0, 500, 1, 0];
        for _ in 0..200 {
            let mut drawn = Vec::new();
            multinomial(&mut rng, &counts, &mut drawn);
            assert_eq!(drawn.iter().sum::<u64>(), 504);
            assert!(drawn.iter().zip(counts).all(|(&drawn, count)| count > 0 || drawn == 0));
        }
        let mut drawn = Vec::new();
        multinomial(&mut rng, &[0, 0], &mut drawn);
        assert_eq!(drawn, [0, 0]);
    }

    #[test]
    fn draws_that_are_often_undefined_have_no_interval() {
        let mut drawn = vec![Ok(0.5); 960];
        drawn.extend([Ok(0.25); 15]);
        drawn.extend([Err(Undefined::NothingFlagged); 25]);
        assert_eq!(between(&drawn), Err(Undefined::NoSpread));
        drawn.extend([Err(Undefined::NothingFlagged); 25]);
        assert_eq!(between(&drawn), Err(Undefined::NothingFlagged));
    }
}
