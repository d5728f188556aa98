//! What a tree's nodes say, and how weights change by it.

use super::{
    Learner, Params, Votes,
    criterion::{Criterion, TIE, weight},
    plan::{Plan, Weighing},
    units::{value, vote},
};
use crate::bulk::Bulk;

/// A node of a tree that has grown.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// How much weight of each class its rows have.
    pub(super) sums: Vec<u64>,
    /// The first of its children, if it has any.
    pub(super) left: Option<u32>,
}

/// What a tree says, and how good that is.
#[derive(Debug, Clone)]
pub(super) struct Verdict {
    pub(super) votes: Votes,
    pub(super) loss: f64,
    pub(super) z: f64,
    pub(super) alpha: f64,
}

/// Settles what the leaves of a tree vote and how weights change by it.
pub(super) fn settle(nodes: &[Node], params: &Params, plan: &Plan, n_train: u64) -> Verdict {
    match params.learner {
        Learner::Confidence => by_confidence(nodes, params.rate, plan, n_train),
        Learner::Samme => by_samme(nodes, params.rate, plan, n_train),
    }
}

fn by_confidence(nodes: &[Node], rate: f64, plan: &Plan, n_train: u64) -> Verdict {
    let n_classes = plan.n_classes as usize;
    // Half an average weight, which is 1/(2n) of all (Schapire & Singer 1999, § 4.2).
    let vote_for = |own: u64, others: u64| {
        let [own, others] = [own, others].map(|sum| sum as f64 + (plan.mean_weight / 2) as f64);
        vote(rate * 0.5 * libm::log(own / others))
    };
    let (mut votes, mut factors, mut loss) = (Vec::new(), Vec::new(), 0.0);
    for node in nodes {
        match plan.weighing {
            Weighing::Rows => {
                let vote = vote_for(node.sums[1], node.sums[0]);
                votes.push(vote);
                factors.extend([libm::exp(value(vote)), libm::exp(-value(vote))]);
            }
            Weighing::RowsByClass => {
                let (all, own) = node.sums.split_at(n_classes);
                let of = |class: usize| vote_for(own[class], all[class] - own[class]);
                let those: Vec<i64> = (0..n_classes).map(of).collect();
                factors.extend(those.iter().map(|&vote| libm::exp(value(vote))));
                factors.extend(those.iter().map(|&vote| libm::exp(-value(vote))));
                votes.extend(those);
            }
        }
        if node.left.is_none() {
            loss += match plan.weighing {
                Weighing::Rows => Criterion::Z,
                Weighing::RowsByClass => Criterion::ZByClass,
            }
            .loss(&node.sums);
        }
    }
    let total = weight(&nodes[0].sums, plan.weighing) as f64;
    let z = normalise(&mut factors, nodes, plan, n_train);
    means(&mut votes, nodes, plan.weighing);
    Verdict {
        votes: Votes { votes: Bulk(votes), factors: Bulk(factors) },
        loss: loss / total,
        z,
        alpha: 1.0,
    }
}

fn by_samme(nodes: &[Node], rate: f64, plan: &Plan, n_train: u64) -> Verdict {
    let n_classes = plan.n_classes as usize;
    let total = weight(&nodes[0].sums, plan.weighing) as f64;
    let (mut winners, mut wrong) = (Vec::with_capacity(nodes.len()), 0);
    for node in nodes {
        // Weights that are equal but for their rounding are a tie: the lowest class has it.
        let sums = &node.sums;
        let most = sums.iter().copied().max().unwrap_or(0) as f64 - TIE * total;
        let winner = sums.iter().position(|&sum| sum as f64 >= most).expect("one is the heaviest");
        winners.push(winner);
        if node.left.is_none() {
            wrong += sums.iter().sum::<u64>() - sums[winner];
        }
    }
    let loss = wrong as f64 / total;
    let least = 0.5 / n_train as f64;
    let error = loss.clamp(least, 1.0 - least);
    let alpha = rate * (libm::log((1.0 - error) / error) + libm::log((n_classes - 1) as f64));
    let grown = libm::exp(alpha);
    let (mut votes, mut factors) = (Vec::new(), Vec::new());
    for &winner in &winners {
        if n_classes == 2 {
            // For and against: half of it makes the same difference.
            votes.push(vote(if winner == 1 { alpha / 2.0 } else { -alpha / 2.0 }));
        } else {
            votes.extend((0..n_classes).map(|class| if class == winner { vote(alpha) } else { 0 }));
        }
        factors.extend((0..n_classes).map(|class| if class == winner { 1.0 } else { grown }));
    }
    let z = normalise(&mut factors, nodes, plan, n_train);
    means(&mut votes, nodes, plan.weighing);
    Verdict { votes: Votes { votes: Bulk(votes), factors: Bulk(factors) }, loss, z, alpha }
}

/// Divides factors so that weights have their mean again; returns what the total was multiplied by.
fn normalise(factors: &mut [f64], nodes: &[Node], plan: &Plan, n_train: u64) -> f64 {
    let n_classes = plan.n_classes as usize;
    let n_factors = factors.len() / nodes.len();
    let mut sum = 0.0;
    for (node, factors) in nodes.iter().zip(factors.chunks(n_factors)) {
        if node.left.is_some() {
            continue;
        }
        match plan.weighing {
            Weighing::Rows => {
                for (&weight, factor) in node.sums.iter().zip(factors) {
                    sum += weight as f64 * factor;
                }
            }
            Weighing::RowsByClass => {
                for class in 0..n_classes {
                    let (all, own) = (node.sums[class], node.sums[n_classes + class]);
                    sum += (all - own) as f64 * factors[class];
                    sum += own as f64 * factors[n_classes + class];
                }
            }
        }
    }
    let scale = plan.mean_total(n_train) as f64 / sum;
    for factor in factors {
        *factor *= scale;
    }
    sum / weight(&nodes[0].sums, plan.weighing) as f64
}

/// Puts the weighted mean of its children's votes at every inner node, and 0 at the root: what a row
/// gets on its way from there adds up to its leaf's vote, exactly.
fn means(votes: &mut [i64], nodes: &[Node], weighing: Weighing) {
    let n_votes = votes.len() / nodes.len();
    for index in (0..nodes.len()).rev() {
        let Some(left) = nodes[index].left.map(|left| left as usize) else { continue };
        let [a, b] = [left, left + 1].map(|child| weight(&nodes[child].sums, weighing) as f64);
        for place in 0..n_votes {
            let [x, y] = [left, left + 1].map(|child| votes[child * n_votes + place] as f64);
            let mean = ((a * x + b * y) / (a + b)).round() as i64;
            votes[index * n_votes + place] = if index == 0 { 0 } else { mean };
        }
    }
}
