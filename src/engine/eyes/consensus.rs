//! What several eyes see together.

/// One ranking of several.
#[derive(Debug, Clone, PartialEq)]
pub struct Consensus {
    /// Per row a score in (0, 1], high is odd.
    pub scores: Vec<f64>,
    /// Per row the place of the eye that ranks it highest, the first of equal ones: its reasons are
    /// the row's.
    pub leaders: Vec<u8>,
}

/// Puts the ranks of several eyes together: 1 − the mean over the eyes of ln rank / ln (n + 1).
///
/// `ranks[eye][row]` is 1 for the oddest; equal scores share the smallest. Ranks count by their
/// logarithm, so that the second place beside the first says as much as the 200th beside the
/// 100th: what one eye ranks first stays high, whatever the others make of it, and what all rank
/// high stands highest.
///
/// # Panics
///
/// Unless there is an eye, and every eye ranks as many rows.
///
/// # References
///
/// Scores of different detectors are not on one scale, their ranks are: C. C. Aggarwal, S. Sathe,
/// *Outlier Ensembles*, Springer 2017, § 1.4. The mean of logarithms is the geometric mean of ranks,
/// the rank product of R. Breitling et al., FEBS Letters 573, 2004.
pub fn consensus(ranks: &[&[u32]]) -> Consensus {
    let n_rows = ranks.first().expect("an eye at least").len();
    assert!(ranks.iter().all(|ranks| ranks.len() == n_rows), "every eye ranks all rows");
    let whole = libm::log(n_rows as f64 + 1.0) * ranks.len() as f64;
    // The order of the eyes is that of the sum, so it is the same everywhere.
    let score = |row| {
        let logs = ranks.iter().map(|ranks: &&[u32]| libm::log(f64::from(ranks[row])));
        1.0 - logs.sum::<f64>() / whole
    };
    let leader = |row| {
        let eyes = ranks.iter().enumerate();
        eyes.min_by_key(|(_, ranks)| ranks[row]).map_or(0, |(eye, _)| eye as u8)
    };
    Consensus {
        scores: (0..n_rows).map(score).collect(),
        leaders: (0..n_rows).map(leader).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_rank_high_stands_highest_and_what_one_ranks_first_stays_high() {
        // Row 0 is second for all, row 1 first for one and last for the others, row 2 the other way.
        let ranks: [&[u32]; 3] = [&[2, 1, 9], &[2, 9, 1], &[2, 9, 9]];
        let Consensus { scores, leaders } = consensus(&ranks);
        assert!(scores[0] > scores[1] && scores[1] == scores[2]);
        assert_eq!(leaders, [0, 0, 1]);
        let alone = consensus(&[&[1, 2, 3]]).scores;
        assert!(alone.is_sorted_by(|a, b| a > b) && alone[0] == 1.0 && alone[2] > 0.0);
    }
}
