//! What a threshold does to a ranking: flagged, tied, ranks and severities.
//!
//! The ranking comes sorted, so each question costs some twenty comparisons, however many rows.

use crate::protocol::{Found, sort_u32};

/// How odd a flagged row is, by its rank among all rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Below the threshold.
    Ordinary,
    /// Flagged, and none of the below.
    Low,
    /// Among the oddest hundredth.
    Medium,
    /// Among the oddest thousandth.
    High,
    /// Among the oddest ten-thousandth.
    Critical,
}

impl Severity {
    /// The rule, as the page says it.
    pub const RULE: &str = "Severity by rank among all rows: ■ C critical, the oddest 0.01 %; \
        ◆ H high, 0.1 %; ▲ M medium, 1 %; ● L low, the other flagged rows. \
        Rows of equal score share the better rank.";

    /// The severity of a flagged row of this rank.
    pub fn of_rank(rank: u32, n_rows: u32) -> Self {
        let is_within = |one_in: u32| rank <= n_rows.div_ceil(one_in);
        match () {
            () if is_within(10_000) => Self::Critical,
            () if is_within(1_000) => Self::High,
            () if is_within(100) => Self::Medium,
            () => Self::Low,
        }
    }

    /// Its shape and letter, so that colour is not needed to read it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Ordinary => "○",
            Self::Low => "● L",
            Self::Medium => "▲ M",
            Self::High => "◆ H",
            Self::Critical => "■ C",
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// The score of the row at `position` of the ranking (0 = oddest).
pub fn score_at(found: &Found, position: u32) -> f64 {
    found.scores[found.ranking[position as usize] as usize]
}

/// How many rows score at or above `threshold`.
pub fn flagged(found: &Found, threshold: f64) -> u32 {
    n_where(found, |score| score >= threshold)
}

/// How many of the first rows of the ranking pass, for each number of them, from 0.
pub fn kept(found: &Found, passes: &[bool]) -> Vec<u32> {
    let mut n_kept = 0;
    let mut kept = vec![0];
    kept.extend(found.ranking.iter().map(|&row| {
        n_kept += u32::from(passes.get(row as usize) == Some(&true));
        n_kept
    }));
    kept
}

/// How many rows share the lowest flagged score: the ties at the cut, taken whole. One row alone
/// ties with nothing and counts 0.
pub fn tied(found: &Found, threshold: f64) -> u32 {
    let n_flagged = flagged(found, threshold);
    if n_flagged == 0 {
        return 0;
    }
    let lowest = score_at(found, n_flagged - 1);
    match n_flagged - n_where(found, |score| score > lowest) {
        1 => 0,
        n_tied => n_tied,
    }
}

/// How many rows of the table chance would let score at or above `threshold`: as many as of the rows
/// whose columns were shuffled, for the whole table. `None` where none were.
pub fn by_chance(found: &Found, threshold: f64) -> Option<f64> {
    let n_made_up = found.by_chance.len();
    let above = found.by_chance.partition_point(|&score| score >= threshold);
    (n_made_up > 0).then(|| above as f64 / n_made_up as f64 * f64::from(n_rows(found)))
}

/// What happens when a number of rows is asked for: equal scores cannot be parted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Asked {
    /// How many rows were asked for.
    pub n: u32,
    /// The score of the last of them.
    pub score: f64,
    /// Rows that score above it.
    pub above: u32,
    /// Rows that score just that.
    pub level: u32,
}

impl Asked {
    /// Asks for the `n` oddest rows, one at least; `None` without rows.
    pub fn new(found: &Found, n: u32) -> Option<Self> {
        let n = n.clamp(1, n_rows(found).max(1));
        let score = (n_rows(found) > 0).then(|| score_at(found, n - 1))?;
        let above = rank(found, score) - 1;
        Some(Self { n, score, above, level: flagged(found, score) - above })
    }

    /// Whether as many rows as asked for can be flagged.
    pub fn is_exact(self) -> bool {
        self.above + self.level == self.n
    }

    /// The threshold that takes all level rows, or none of them.
    pub fn threshold(self, takes_level: bool) -> f64 {
        if takes_level { self.score } else { self.score.next_up() }
    }
}

/// How many of the `n` oddest rows of one eye are among the `n` oddest of another.
pub fn shared(here: &Found, there: &Found, n: usize) -> usize {
    let oddest = |found: &Found| found.ranking.iter().copied().take(n).collect::<Vec<u32>>();
    let mut there = oddest(there);
    sort_u32(&mut there);
    oddest(here).iter().filter(|row| there.binary_search(row).is_ok()).count()
}

/// How many rows came to be flagged, and how many no longer are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "said above")]
pub struct Moved {
    pub up: u32,
    pub down: u32,
}

/// What became flagged and what no longer is, from some scores and their threshold to others.
pub fn moved(before: &Found, threshold: f64, after: &Found, threshold_after: f64) -> Moved {
    let came = |here: &Found, line: f64, there: &Found, other: f64| {
        let rows = &here.ranking[..flagged(here, line) as usize];
        let is_new = |row: &&u32| there.scores.get(**row as usize).is_none_or(|&s| s < other);
        u32::try_from(rows.iter().filter(is_new).count()).unwrap_or(u32::MAX)
    };
    Moved {
        up: came(after, threshold_after, before, threshold),
        down: came(before, threshold, after, threshold_after),
    }
}

/// The rank of a score, from 1; equal scores share the smallest.
pub fn rank(found: &Found, score: f64) -> u32 {
    1 + n_where(found, |other| other > score)
}

/// The severity of a row with this score.
pub fn severity(found: &Found, score: f64, threshold: f64) -> Severity {
    if score < threshold {
        return Severity::Ordinary;
    }
    Severity::of_rank(rank(found, score), n_rows(found))
}

/// Where the line stands until somebody moves it: where the data put it or, where nothing sets rows
/// apart, below the oddest thousandth (10 to 100 rows), as a place to start. Where even these do
/// not differ from the rest, above all rows.
pub fn default_threshold(found: &Found) -> f64 {
    if let Some(proposal) = found.proposal {
        return proposal.threshold;
    }
    let n_rows = n_rows(found);
    if n_rows == 0 {
        return above_all(found);
    }
    let few = (n_rows / 20).max(1);
    let threshold = score_at(found, (n_rows / 1_000).clamp(10, 100).min(few) - 1);
    if n_where(found, |score| score >= threshold) <= few { threshold } else { above_all(found) }
}

/// How many rows were scored.
pub fn n_rows(found: &Found) -> u32 {
    // Row numbers are `u32`, so there are no more of them.
    u32::try_from(found.ranking.len()).unwrap_or(u32::MAX)
}

/// A threshold that no row reaches.
pub fn above_all(found: &Found) -> f64 {
    if found.ranking.is_empty() { 1.0 } else { score_at(found, 0).next_up() }
}

/// How many rows at the head of the ranking hold, where those that do come first.
fn n_where(found: &Found, holds: impl Fn(f64) -> bool) -> u32 {
    let n = found.ranking.partition_point(|&row| holds(found.scores[row as usize]));
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::protocol::{Basis, Eye, ForestParams, Proposal, Selection};

    pub(in crate::ui) fn found(scores: &[f64], proposed: Option<f64>) -> Found {
        let mut ranking: Vec<u32> = (0..).take(scores.len()).collect();
        ranking.sort_by(|&a, &b| scores[b as usize].total_cmp(&scores[a as usize]));
        Found {
            eye: Eye::Forest,
            scores: scores.to_vec().into(),
            ranking: ranking.into(),
            by_chance: Vec::new().into(),
            proposal: proposed.map(|threshold| Proposal { threshold, basis: Basis::Gap }),
            features: vec![0],
            params: ForestParams::default(),
            grown_on: Selection::default(),
            n_grown_on: scores.len() as u32,
            verdicts: Vec::new(),
        }
    }

    #[test]
    fn counts_at_the_cut_agree_with_a_scan() {
        let scores = [0.4, 0.7, 0.5, 0.7, 0.9, 0.5, 0.5];
        let found = found(&scores, None);
        for threshold in [0.0, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] {
            let above: Vec<f64> = scores.into_iter().filter(|&s| s >= threshold).collect();
            let lowest = above.iter().copied().fold(f64::INFINITY, f64::min);
            let n_lowest = above.iter().filter(|&&score| score == lowest).count();
            assert_eq!(flagged(&found, threshold) as usize, above.len());
            assert_eq!(tied(&found, threshold) as usize, if n_lowest > 1 { n_lowest } else { 0 });
        }
    }

    #[test]
    fn ties_are_taken_whole_or_left() {
        let found = found(&[0.4, 0.7, 0.5, 0.7, 0.9, 0.5, 0.5], None);
        let asked = Asked::new(&found, 4).expect("there are rows");
        assert_eq!(asked, Asked { n: 4, score: 0.5, above: 3, level: 3 });
        assert!(!asked.is_exact() && Asked::new(&found, 3).is_some_and(Asked::is_exact));
        assert_eq!([true, false].map(|all| flagged(&found, asked.threshold(all))), [6, 3]);
        assert_eq!(Asked::new(&found, 900).map(|asked| asked.n), Some(7));
    }

    #[test]
    fn what_moved_over_the_line_is_counted_both_ways() {
        let (before, after) =
            (found(&[0.9, 0.8, 0.1, 0.2], None), found(&[0.9, 0.1, 0.8, 0.7], None));
        assert_eq!(moved(&before, 0.5, &after, 0.5), Moved { up: 2, down: 1 });
        assert_eq!(moved(&before, 0.5, &before, 0.5), Moved { up: 0, down: 0 });
    }

    #[test]
    fn chance_is_told_for_the_whole_table() {
        let mut found = found(&[0.5; 100], None);
        assert_eq!(by_chance(&found, 0.5), None);
        found.by_chance = vec![0.7, 0.6, 0.6, 0.4].into();
        assert_eq!(by_chance(&found, 0.6), Some(75.0));
    }

    #[test]
    fn equal_scores_share_the_smallest_rank() {
        let found = found(&[0.7, 0.9, 0.7, 0.1], None);
        assert_eq!([0.9, 0.7, 0.1].map(|score| rank(&found, score)), [1, 2, 4]);
    }

    #[test]
    fn severity_follows_rank_and_threshold() {
        assert_eq!(Severity::of_rank(1, 50), Severity::Critical);
        let n_rows = 100_000;
        let of = |rank| Severity::of_rank(rank, n_rows);
        assert_eq!(
            [10, 11, 100, 101, 1_000, 1_001].map(of),
            [
                Severity::Critical,
                Severity::High,
                Severity::High,
                Severity::Medium,
                Severity::Medium,
                Severity::Low
            ]
        );
        assert_eq!(severity(&found(&[0.4, 0.6], None), 0.4, 0.5), Severity::Ordinary);
    }

    #[test]
    fn without_clear_anomalies_a_few_are_flagged_to_start_with() {
        let scores: Vec<f64> = (0..50_000).map(|row| f64::from(row) / 100_000.0).collect();
        let found = found(&scores, None);
        assert_eq!(flagged(&found, default_threshold(&found)), 50);
    }

    #[test]
    fn where_all_rows_are_alike_none_is_flagged() {
        let found = found(&[0.5; 500], None);
        assert_eq!(flagged(&found, default_threshold(&found)), 0);
    }
}
