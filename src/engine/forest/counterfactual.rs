//! What would make an odd row ordinary.

use crate::matrix::Codes;

/// Features that are changed two at a time: the first ones, as pairs grow fast.
const PAIRED: usize = 4;

/// A value that a feature of a row could have instead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The feature.
    pub feature: u16,
    /// The value's code.
    pub code: u16,
    /// How far it is from the value that stands, 0 or more; distances of two changes are added.
    pub distance: f64,
}

/// The smallest change of one feature, or else of two, that makes a row ordinary.
#[derive(Debug, Clone, PartialEq)]
pub struct Counterfactual {
    /// What is changed: one candidate, or two of different features.
    pub changes: Vec<Candidate>,
    /// s of the row that is changed so.
    pub score: f64,
}

/// Returns the change of least distance with which a row of these `codes` scores below `threshold`.
///
/// `scores` writes the scores of rows whose codes are given feature by feature, as
/// [`Scorer::scores`](super::Scorer::scores) does.
///
/// `candidates` hold the values to try, feature after feature; the first four features are also
/// changed in pairs, if no single change will do. Of changes equally far the first stands. `None`
/// where nothing that was tried is enough. All that is tried is scored at once.
///
/// # References
///
/// S. Wachter, B. Mittelstadt, C. Russell, *Counterfactual Explanations Without Opening the Black
/// Box*, Harvard Journal of Law & Technology 31, 2018: the nearest change that alters the decision.
///
/// # Panics
///
/// Unless `codes` holds a code per feature.
pub fn counterfactual(
    scores: &mut dyn FnMut(&[Codes<'_>], &mut [f64]),
    codes: &[u16],
    candidates: &[Candidate],
    threshold: f64,
) -> Option<Counterfactual> {
    let single: Vec<Vec<Candidate>> = candidates.iter().map(|&one| vec![one]).collect();
    nearest(scores, codes, single, threshold).or_else(|| {
        let by_feature: Vec<&[Candidate]> =
            candidates.chunk_by(|a, b| a.feature == b.feature).take(PAIRED).collect();
        let mut pairs = Vec::new();
        for (place, first) in by_feature.iter().enumerate() {
            for second in &by_feature[place + 1..] {
                let with = |&one: &Candidate| second.iter().map(move |&other| vec![one, other]);
                pairs.extend(first.iter().flat_map(with));
            }
        }
        nearest(scores, codes, pairs, threshold)
    })
}

/// The nearest of some changes that is enough.
fn nearest(
    score: &mut dyn FnMut(&[Codes<'_>], &mut [f64]),
    codes: &[u16],
    tried: Vec<Vec<Candidate>>,
    threshold: f64,
) -> Option<Counterfactual> {
    let mut columns: Vec<Vec<u16>> = codes.iter().map(|&code| vec![code; tried.len()]).collect();
    for (row, changes) in tried.iter().enumerate() {
        for change in changes {
            columns[usize::from(change.feature)][row] = change.code;
        }
    }
    let columns: Vec<_> = columns.iter().map(|codes| Codes::U16(codes)).collect();
    let mut scores = vec![0.0; tried.len()];
    score(&columns, &mut scores);
    let distance = |changes: &[Candidate]| changes.iter().map(|c| c.distance).sum::<f64>();
    let enough = tried.into_iter().zip(scores).filter(|&(_, score)| score < threshold);
    let nearest = enough.min_by(|(a, _), (b, _)| distance(a).total_cmp(&distance(b)));
    nearest.map(|(changes, score)| Counterfactual { changes, score })
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;
    use crate::{
        forest::{ForestParams, Grower, Samples, Scorer},
        matrix::Feature,
    };

    /// A forest on two columns of 0 to 9, with one far value each.
    fn scorer() -> Scorer {
        let values = || (0..10).map(f64::from).chain([1e4]).collect();
        let features = [Feature::ranked(values()), Feature::ranked(values())];
        let codes = |row: u32, x: usize| match (row, x) {
            (100, 0) | (200, 1) => 10,
            (row, 0) => (row % 10) as u16,
            (row, _) => (row / 10 % 10) as u16,
        };
        let samples = Samples::draw(ForestParams::default(), 256).expect("good settings");
        let sample = Array2::from_shape_fn((samples.rows().len(), 2), |(line, x)| {
            codes(samples.rows()[line], x)
        });
        let grower = Grower::new(&samples, &features, sample.view()).expect("two features");
        Scorer::new(&grower.finish())
    }

    fn candidates() -> Vec<Candidate> {
        let of = |feature| {
            let code = move |code: u16| Candidate { feature, code, distance: f64::from(10 - code) };
            (0..10).map(code)
        };
        of(0).chain(of(1)).collect()
    }

    fn with(
        scorer: &Scorer,
        codes: &[u16],
        candidates: &[Candidate],
        threshold: f64,
    ) -> Option<Counterfactual> {
        let mut scorer = scorer.clone();
        let mut score = |columns: &[Codes<'_>], scores: &mut [f64]| scorer.scores(columns, scores);
        counterfactual(&mut score, codes, candidates, threshold)
    }

    #[test]
    fn one_odd_value_is_changed_to_the_nearest_that_will_do() {
        let scorer = scorer();
        let (odd, usual) = (scorer.explain(&[10, 5]).score, scorer.explain(&[9, 5]).score);
        let threshold = f64::midpoint(odd, usual);
        let found = with(&scorer, &[10, 5], &candidates(), threshold).expect("a change");
        let [change] = found.changes[..] else { panic!("one change is enough") };
        assert_eq!((change.feature, change.code), (0, 9));
        assert_eq!(found.score, usual);
    }

    #[test]
    fn two_odd_values_are_both_changed_and_what_cannot_be_mended_is_not() {
        let scorer = scorer();
        let threshold = f64::midpoint(
            scorer.explain(&[10, 5]).score.min(scorer.explain(&[5, 10]).score),
            scorer.explain(&[9, 9]).score,
        );
        let found = with(&scorer, &[10, 10], &candidates(), threshold);
        let features: Vec<u16> =
            found.expect("a change").changes.iter().map(|change| change.feature).collect();
        assert_eq!(features, [0, 1]);
        assert_eq!(with(&scorer, &[10, 10], &candidates(), 0.1), None);
        assert_eq!(with(&scorer, &[10, 10], &[], 0.9), None);
    }
}
