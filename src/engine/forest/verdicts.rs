//! What a person says about rows, and how a forest learns from it.

use serde::{Deserialize, Serialize};

use super::{
    model::Model,
    pass::Batch,
    path::{Grid, LONGEST_PATH},
};
use crate::arrange::arrange;

/// What a person says about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// It is an anomaly, as looked for.
    Real,
    /// It is odd, but of no interest: it and its like shall leave the top of the list.
    Benign,
    /// The person cannot tell; nothing is learnt.
    Unsure,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Real, Self::Benign, Self::Unsure];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Benign => "benign",
            Self::Unsure => "unsure",
        }
    }
}

/// A row that a person has judged.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Judged {
    /// Its code per feature.
    pub codes: Vec<u16>,
    /// What was said.
    pub verdict: Verdict,
}

/// By how many c(ψ) a verdict moves the leaves that its row reaches.
///
/// Chosen by twenty verdicts on eleven sets of labelled anomalies, five seeds each: steps of 0.3 and
/// 0.3 find nearly as much, but leave some benign rows at the top. Those have the longer way to go.
const REAL_STEP: f64 = 0.5;
const BENIGN_STEP: f64 = 0.8;

/// How often the limits are gone through, at most; twenty verdicts need fewer than 50 sweeps.
const SWEEPS: u32 = 100;

/// Where paths lack no more than this, in edges, the limits are met.
const TOLERANCE: f64 = 1e-10;

/// A row whose verdict is learnt.
struct Lesson {
    /// −1 shortens its path, 1 makes it longer.
    sign: f64,
    /// The leaves that it reaches, as places among all nodes, and the share of it that does.
    leaves: Vec<(usize, f64)>,
    /// Its path, summed over the trees, in the forest as it grew.
    grown: f64,
    /// How far the path moves if all its leaves move by one.
    stiffness: f64,
    /// How far its leaves were moved to keep its limit.
    multiplier: f64,
}

impl Model {
    /// Learns from verdicts: moves the paths of the leaves that judged rows reach.
    ///
    /// The forest is linear in what its leaves are worth, p: h(x) = mean over trees of p at x's
    /// leaf. One step of mirror descent on the linear loss Σ ±h(x) moves the leaves of each benign
    /// row up and those of each real row down; the result is projected onto
    /// W = {0 ≤ p ≤ 63, no benign row's path is shorter than it grew, no real row's longer}.
    /// As the loss is linear, the steps of all verdicts may be taken at once: what is learnt
    /// hangs on the set of verdicts only, and to take one back is to learn without it. The forest
    /// as it grew lies in W, so there always is a projection.
    ///
    /// Equal rows with equal verdicts count once. A row that shares no leaf with a judged one keeps
    /// its score to the bit.
    ///
    /// # References
    ///
    /// M. A. Siddiqui, A. Fern, T. G. Dietterich, R. Wright, A. Theriault, D. W. Archer,
    /// *Feedback-Guided Anomaly Discovery via Online Optimization*, KDD 2018, algorithm 1 with
    /// the linear loss, here with weights for leaves, as in S. Das, W.-K. Wong, A. Fern,
    /// T. G. Dietterich, M. A. Siddiqui, *Incorporating Feedback into Tree-based Anomaly
    /// Detection*, 2017, in place of edges: scores of rows unlike the judged ones stay what they
    /// were.
    pub(super) fn learn(&mut self, judged: &[Judged]) {
        let mut judged: Vec<&Judged> =
            judged.iter().filter(|judged| judged.verdict != Verdict::Unsure).collect();
        arrange(&mut judged, Ord::cmp);
        judged.dedup();
        if judged.is_empty() {
            return;
        }
        let mut lessons = self.lessons(&judged);
        let mut leaves = self.node_paths().to_vec();
        for lesson in &lessons {
            let step = if lesson.sign < 0.0 { REAL_STEP } else { BENIGN_STEP };
            lesson.shift(&mut leaves, lesson.sign * step * self.average_path);
        }
        for lesson in &lessons {
            for &(leaf, _) in &lesson.leaves {
                leaves[leaf] = within(leaves[leaf]);
            }
        }
        if !project(&mut lessons, &mut leaves) {
            take_back(&lessons, &mut leaves, self.node_paths());
        }
        let grid = Grid::new(self.forest.params.n_trees);
        let moved = lessons.iter().flat_map(|lesson| &lesson.leaves);
        self.set_leaves(moved.map(|&(leaf, _)| (leaf, grid.snap(within(leaves[leaf])))));
    }

    fn lessons(&self, judged: &[&Judged]) -> Vec<Lesson> {
        let mut batch = Batch::incomplete(self.stride);
        for (judged, number) in judged.iter().zip(0..) {
            assert_eq!(judged.codes.len(), self.missing().len(), "a code per feature");
            batch.push(&judged.codes, number);
        }
        self.leaves(&batch)
            .into_iter()
            .zip(judged)
            .map(|(leaves, judged)| Lesson {
                sign: if judged.verdict == Verdict::Real { -1.0 } else { 1.0 },
                grown: leaves.iter().map(|&(leaf, share)| share * self.node_paths()[leaf]).sum(),
                stiffness: leaves.iter().map(|&(_, share)| share * share).sum(),
                leaves,
                multiplier: 0.0,
            })
            .collect()
    }
}

impl Lesson {
    fn shift(&self, leaves: &mut [f64], step: f64) {
        for &(leaf, share) in &self.leaves {
            leaves[leaf] += share * step;
        }
    }

    /// By how much the path falls short of its limit, or, if negative, is beyond it.
    fn lack(&self, leaves: &[f64]) -> f64 {
        let parts = self.leaves.iter().map(|&(leaf, share)| share * within(leaves[leaf]));
        self.sign * (self.grown - parts.sum::<f64>())
    }
}

/// What a leaf is worth, if its weight allows.
fn within(path: f64) -> f64 {
    path.clamp(0.0, LONGEST_PATH)
}

/// Moves leaves as little as possible until no row is beyond its limit; returns whether that was
/// reached.
///
/// # References
///
/// C. Hildreth, *A Quadratic Programming Procedure*, Naval Research Logistics 4, 1957: each limit
/// in turn is met by moving along it, or what was moved before is taken back as far as it allows.
fn project(lessons: &mut [Lesson], leaves: &mut [f64]) -> bool {
    for _ in 0..SWEEPS {
        let mut farthest = 0.0_f64;
        for lesson in &mut *lessons {
            // Trees of a single leaf have none that could move.
            if lesson.leaves.is_empty() {
                continue;
            }
            let multiplier = (lesson.multiplier + lesson.lack(leaves) / lesson.stiffness).max(0.0);
            let step = multiplier - lesson.multiplier;
            if step != 0.0 {
                lesson.multiplier = multiplier;
                lesson.shift(leaves, lesson.sign * step);
                farthest = farthest.max(step.abs());
            }
        }
        if farthest < TOLERANCE {
            return true;
        }
    }
    false
}

/// Takes back what moved the leaves of a row against its verdict, where limits are met too slowly:
/// rows that are nearly alike and judged otherwise.
///
/// Every round takes some leaves back for good, and with all of them no row is beyond its limit.
fn take_back(lessons: &[Lesson], leaves: &mut [f64], grown: &[f64]) {
    while let Some(lesson) =
        lessons.iter().find(|lesson| lesson.lack(leaves) > TOLERANCE * lesson.stiffness)
    {
        for &(leaf, _) in &lesson.leaves {
            if lesson.sign * (grown[leaf] - leaves[leaf]) > 0.0 {
                leaves[leaf] = grown[leaf];
            }
        }
    }
}
