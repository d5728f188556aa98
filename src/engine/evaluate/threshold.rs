//! Where to cut a ranking.

use serde::{Deserialize, Serialize};

use crate::arrange::arrange;

/// Share of the rows among which a cut is looked for by what chance gives.
const TAIL_SHARE: f64 = 0.1;
/// At most so many of the rows above a cut may be those that chance gives.
const MOST_BY_CHANCE: f64 = 0.5;
/// So many standard deviations must be between the rows above a cut and those that chance gives:
/// as any of many cuts may be the one, more than the usual two.
const CLEAR: f64 = 4.0;
/// Cuts that are so many standard deviations short of the best are as good as it.
const AS_GOOD: f64 = 2.0;
/// Share of the rows among which a gap is looked for.
const GAP_SHARE: f64 = 0.05;
/// Fewer rows than this have no tail.
const FEWEST: usize = 20;
/// How often a gap is proposed where there is none, per table.
const FALSE_ALARMS: f64 = 0.001;

/// A cut that the data propose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Rows that score at least this stand apart.
    pub threshold: f64,
    /// What speaks for it.
    pub basis: Basis,
}

/// What speaks for a cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Basis {
    /// More rows score so high than chance gives.
    Chance,
    /// The scores leave a gap below it.
    Gap,
    /// So many rows stand apart to one of several eyes.
    Eyes,
}

/// Returns where the data propose to cut, or `None` where no rows stand apart clearly.
///
/// `ranking` holds all rows by score descending, `by_chance` the scores of rows whose columns were
/// [shuffled](super::shuffled), descending.
///
/// First by chance, which judges how values go together. A cut among the oddest tenth of the rows is
/// clear if the rows above it are more than chance can explain (by four standard deviations) and
/// chance gives at most half of them. Of the clear cuts that with most rows beyond chance is best; the lowest
/// that is as good (within two standard deviations) is proposed. Where there is none, at a gap,
/// as shuffled rows keep each column's extremes: a row that is odd by one value alone is matched by
/// a made-up one.
pub fn proposal(scores: &[f64], ranking: &[u32], by_chance: &[f64]) -> Option<Proposal> {
    let of = |basis| move |threshold| Proposal { threshold, basis };
    let chance = || beyond_chance(scores, ranking, by_chance).map(of(Basis::Chance));
    chance().or_else(|| at_gap(scores, ranking).map(of(Basis::Gap)))
}

/// Returns the lowest cut above which there are as many rows beyond chance as above the best.
fn beyond_chance(scores: &[f64], ranking: &[u32], by_chance: &[f64]) -> Option<f64> {
    if by_chance.is_empty() {
        return None;
    }
    let score = |place: usize| scores[ranking[place] as usize];
    // How many rows of the table a made-up one stands for.
    let weight = ranking.len() as f64 / by_chance.len() as f64;
    let mut made_up = 0;
    // Per clear cut: the rows above it beyond those of chance, their standard deviation, the cut.
    let mut clear = Vec::new();
    for place in 0..(ranking.len() as f64 * TAIL_SHARE) as usize {
        let threshold = score(place);
        if place + 1 < ranking.len() && score(place + 1) == threshold {
            continue;
        }
        made_up += by_chance[made_up..].partition_point(|&score| score >= threshold);
        let above = (place + 1) as f64;
        let expected = made_up as f64 * weight;
        // Both counts are Poisson's; one more made-up row than there are, so that none is no proof.
        let deviation = (above + (made_up + 1) as f64 * weight * weight).sqrt();
        let excess = above - expected;
        if expected <= MOST_BY_CHANCE * above && excess >= CLEAR * deviation {
            clear.push((excess, deviation, threshold));
        }
    }
    let &(most, deviation, _) = clear.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    let is_as_good = |cut: &&(f64, f64, f64)| cut.0 >= most - AS_GOOD * deviation;
    clear.iter().rfind(is_as_good).map(|cut| cut.2)
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
fn at_gap(scores: &[f64], ranking: &[u32]) -> Option<f64> {
    let n = ranking.len();
    if n < FEWEST {
        return None;
    }
    let in_tail = ((n as f64 * GAP_SHARE) as usize).max(FEWEST / 2);
    let score = |place: usize| scores[ranking[place] as usize];
    let mut gaps: Vec<(f64, usize)> = (1..=in_tail)
        .map(|above| ((score(above - 1) - score(above)) * above as f64, above))
        .filter(|&(gap, _)| gap > 0.0)
        .collect();
    let &(largest, above) = gaps.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    arrange(&mut gaps, |a, b| a.0.total_cmp(&b.0));
    // The median, as the mean would hold the very gap that is looked for.
    let typical = gaps[gaps.len() / 2].0 / std::f64::consts::LN_2;
    let chance = gaps.len() as f64 * libm::exp(-largest / typical);
    (chance < FALSE_ALARMS && gaps.len() >= FEWEST / 4).then(|| score(above - 1))
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::{evaluate::ranking, random::stream};

    fn tail(n: usize, seed: u64) -> Vec<f64> {
        let mut rng = stream(seed, 0);
        (0..n).map(|_| 0.4 - 0.02 * libm::log(1.0 - rng.random::<f64>())).collect()
    }

    #[test]
    fn what_stands_off_is_cut_off() {
        let mut scores = tail(5_000, 1);
        scores.extend((0..40).map(|i| 0.8 + f64::from(i) * 1e-3));
        assert_eq!(at_gap(&scores, &ranking(&scores)), Some(0.8));
    }

    #[test]
    fn a_plain_tail_has_no_clear_anomalies() {
        let n_cut = (0..200)
            .filter(|&seed| {
                let scores = tail(2_000, seed);
                at_gap(&scores, &ranking(&scores)).is_some()
            })
            .count();
        // One in a thousand is allowed; the median makes it a little more.
        assert!(n_cut <= 3, "{n_cut} of 200");
    }

    #[test]
    fn what_chance_does_not_give_is_cut_off() {
        let mut scores = tail(20_000, 1);
        let mut by_chance = tail(16_384, 2);
        by_chance.sort_unstable_by(|a, b| b.total_cmp(a));
        let propose = |scores: &[f64]| proposal(scores, &ranking(scores), &by_chance);
        assert_eq!(propose(&scores), None);
        // A lump among the tail of the others: there is no gap beside it.
        scores.extend([0.52; 500]);
        let found = propose(&scores).expect("five hundred rows more than chance gives");
        assert_eq!(found.basis, Basis::Chance);
        let n_above = scores.iter().filter(|&&score| score >= found.threshold).count();
        assert!((500..1_000).contains(&n_above), "{n_above} above {found:?}");
    }

    #[test]
    fn where_chance_gives_no_scores_a_gap_is_looked_for() {
        let mut scores = tail(5_000, 1);
        scores.extend((0..40).map(|i| 0.8 + f64::from(i) * 1e-3));
        let gap = Proposal { threshold: 0.8, basis: Basis::Gap };
        assert_eq!(proposal(&scores, &ranking(&scores), &[]), Some(gap));
    }

    #[test]
    fn equal_scores_have_no_tail() {
        assert_eq!(at_gap(&[0.5; 100], &ranking(&[0.5; 100])), None);
        assert_eq!(at_gap(&[], &[]), None);
    }
}
