//! Why a row is odd: path deltas.

/// One feature's part in a row's oddness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// The feature, from 0.
    pub feature: u16,
    /// −Δ/c(ψ): doublings of the score; positive = odd.
    pub contribution: f64,
}

/// The features that made a row odd, strongest first; of equal ones the first stands first.
pub type TopReasons = [Option<Reason>; 3];

/// How a row's path came about.
///
/// Every node knows the mean path of the sample rows that passed it. The step from a node to its
/// child moves the path to expect, and the move is credited to the feature that was split. Moves
/// telescope: `path_length = expected_path + Σ steps`, exactly but for the division by t.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// s(x), the same bits as in a pass over all rows.
    pub score: f64,
    /// h(x), in edges.
    pub path_length: f64,
    /// The mean path over the trees' roots, where every row starts.
    pub expected_path: f64,
    /// c(ψ), the yardstick of the score.
    pub average_path: f64,
    /// Per feature Δ, in edges; negative shortens the path and makes the row odd.
    pub steps: Vec<f64>,
}

impl Explanation {
    /// Returns −Δ/c(ψ) of a feature, in doublings of the score: positive = odd.
    pub fn contribution(&self, feature: u16) -> f64 {
        contribution(self.steps[usize::from(feature)], self.average_path)
    }
}

fn contribution(step: f64, average_path: f64) -> f64 {
    // A sample of one row has no path and no step.
    if average_path == 0.0 { 0.0 } else { -step / average_path }
}

/// Returns the strongest features that made a row odd.
///
/// `step_sums` holds per feature the sum of its steps over all trees, and `yardstick` is c(ψ)
/// times the number of trees.
pub(crate) fn top(step_sums: &[f64], yardstick: f64) -> TopReasons {
    let mut top = [(0.0, 0); 3];
    for (feature, &sum) in (0..).zip(step_sums) {
        if sum < top[2].0 {
            let place = top.partition_point(|&(other, _)| other <= sum);
            top.copy_within(place..2, place + 1);
            top[place] = (sum, feature);
        }
    }
    top.map(|(sum, feature)| {
        (sum < 0.0).then(|| Reason { feature, contribution: contribution(sum, yardstick) })
    })
}
