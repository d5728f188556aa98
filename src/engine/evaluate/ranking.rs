//! Rows by oddness, and where the odd ones stand off.

/// Share of the rows among which a cut is looked for.
const TAIL_SHARE: f64 = 0.05;
/// Fewer rows than this have no tail.
const FEWEST: usize = 20;
/// How often a cut is proposed where there is none, per table.
const FALSE_ALARMS: f64 = 0.001;

/// Returns all rows by score descending, then row ascending.
///
/// Scores lie in (0, 1]; takes O(n log n) time.
///
/// # Examples
///
/// ```
/// use isoscope::engine::evaluate::ranking;
///
/// assert_eq!(ranking(&[0.4, 0.7, 0.4, 0.9]), [3, 1, 0, 2]);
/// ```
pub fn ranking(scores: &[f64]) -> Vec<u32> {
    // Positive doubles are ordered like their bits; turned over, the largest comes first.
    let mut keys: Vec<(u64, u32)> =
        scores.iter().zip(0..).map(|(score, row)| (!score.to_bits(), row)).collect();
    keys.sort_unstable();
    keys.into_iter().map(|(_, row)| row).collect()
}

/// Returns the score of the last row that stands off from the rest, or `None` where none does.
///
/// In a tail that just thins out (exponentially), the gaps between neighbours, each times the
/// number of rows above it, are alike: independent and exponential themselves. The cut is put at
/// the gap that is the largest by this measure, if chance would give one so large in fewer than
/// one table of a thousand. Equal rows count as one step. No cut is proposed among fewer than 20
/// rows.
///
/// # References
///
/// A. Rényi, *On the theory of order statistics*, Acta Math. Acad. Sci. Hung. 4, 1953: normalised
/// spacings of an exponential sample.
pub fn proposed_threshold(scores: &[f64], ranking: &[u32]) -> Option<f64> {
    let n = ranking.len();
    if n < FEWEST {
        return None;
    }
    let in_tail = ((n as f64 * TAIL_SHARE) as usize).max(FEWEST / 2);
    let score = |place: usize| scores[ranking[place] as usize];
    let mut gaps: Vec<(f64, usize)> = (1..=in_tail)
        .map(|above| ((score(above - 1) - score(above)) * above as f64, above))
        .filter(|&(gap, _)| gap > 0.0)
        .collect();
    let &(largest, above) = gaps.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    gaps.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    // The median, as the mean would hold the very gap that is looked for.
    let typical = gaps[gaps.len() / 2].0 / std::f64::consts::LN_2;
    let chance = gaps.len() as f64 * libm::exp(-largest / typical);
    (chance < FALSE_ALARMS && gaps.len() >= FEWEST / 4).then(|| score(above - 1))
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::engine::random::stream;

    fn tail(n: usize, seed: u64) -> Vec<f64> {
        let mut rng = stream(seed, 0);
        (0..n).map(|_| 0.4 - 0.02 * libm::log(1.0 - rng.random::<f64>())).collect()
    }

    #[test]
    fn what_stands_off_is_cut_off() {
        let mut scores = tail(5_000, 1);
        scores.extend((0..40).map(|i| 0.8 + f64::from(i) * 1e-3));
        assert_eq!(proposed_threshold(&scores, &ranking(&scores)), Some(0.8));
    }

    #[test]
    fn a_plain_tail_has_no_clear_anomalies() {
        let n_cut = (0..200)
            .filter(|&seed| {
                let scores = tail(2_000, seed);
                proposed_threshold(&scores, &ranking(&scores)).is_some()
            })
            .count();
        // One in a thousand is allowed; the median makes it a little more.
        assert!(n_cut <= 3, "{n_cut} of 200");
    }

    #[test]
    fn equal_scores_have_no_tail() {
        assert_eq!(proposed_threshold(&[0.5; 100], &ranking(&[0.5; 100])), None);
        assert_eq!(proposed_threshold(&[], &[]), None);
    }
}
