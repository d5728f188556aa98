//! Settings against each other, on the same folds: which are still worth a fit, and which to take.

use super::super::super::{message::Fitted, tuned::Trial};

/// How many standard errors a setting must be behind another to be left out of further folds.
const BEHIND: f64 = 2.0;

/// A setting, and how its fits went.
#[derive(Debug)]
pub(super) struct Runner {
    pub(super) depth: u32,
    pub(super) rate: f64,
    /// By fold, as far as there are any.
    pub(super) folds: Vec<Option<Fitted>>,
    pub(super) is_dropped: bool,
    pub(super) seconds: f64,
}

/// What a fold says of a setting at a number of rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Said {
    error: f64,
    /// No less than the variance of the error, were the fold drawn again.
    variance: f64,
}

impl Runner {
    /// How many of the first folds are done.
    pub(super) fn n_folds(&self) -> usize {
        self.folds.iter().take_while(|fold| fold.is_some()).count()
    }

    /// The number of rounds with the least mean error over the first `n` folds, and what each of them
    /// says at that number: the first such number, from 1. `None` without a fold.
    fn at_best(&self, n: usize, is_balanced: bool) -> Option<(u32, Vec<Said>)> {
        let folds: Vec<&Fitted> = self.folds.iter().take(n).flatten().collect();
        let longest = folds.iter().map(|fold| n_rounds(fold)).max()?.max(1);
        let mut best: Option<(f64, usize)> = None;
        for round in 1..=longest {
            let sum: f64 = folds.iter().map(|fold| said(fold, round, is_balanced).error).sum();
            if best.is_none_or(|(least, _)| sum < least) {
                best = Some((sum, round));
            }
        }
        let (_, round) = best?;
        Some((round as u32, folds.iter().map(|fold| said(fold, round, is_balanced)).collect()))
    }

    /// What is told of it when the first `n` folds count.
    fn told(&self, n: usize, is_balanced: bool) -> Trial {
        let (n_rounds, said) = self.at_best(n, is_balanced).unwrap_or_default();
        let folds: Vec<f64> = said.iter().map(|said| said.error).collect();
        let mean = folds.iter().sum::<f64>() / folds.len() as f64;
        let squares: f64 = folds.iter().map(|error| (error - mean) * (error - mean)).sum();
        let n = folds.len() as f64;
        Trial {
            depth: self.depth,
            rate: self.rate,
            n_rounds,
            error: (!folds.is_empty()).then_some(mean),
            deviation: (folds.len() > 1).then(|| (squares / (n - 1.0) / n).sqrt()),
            folds,
            is_dropped: self.is_dropped,
            seconds: self.seconds,
        }
    }
}

fn n_rounds(fold: &Fitted) -> usize {
    fold.wrong.len() / fold.held.len()
}

/// What a fold says after `round` rounds; a fit that ended before says the same from then on, and one
/// that never began takes every row for the first class.
fn said(fold: &Fitted, round: usize, is_balanced: bool) -> Said {
    let n_classes = fold.held.len();
    let last = n_rounds(fold);
    let wrong = |class: usize| match round.min(last) {
        0 => fold.held[class] * u64::from(class > 0),
        round => fold.wrong[(round - 1) * n_classes + class],
    };
    let n_rows: u64 = fold.held.iter().sum();
    let n_there = fold.held.iter().filter(|&&n| n > 0).count() as f64;
    let mut said = Said { error: 0.0, variance: 0.0 };
    for (class, &n) in fold.held.iter().enumerate().filter(|(_, n)| **n > 0) {
        let weight = if is_balanced { 1.0 / (n_there * n as f64) } else { 1.0 / n_rows as f64 };
        let n_wrong = wrong(class) as f64;
        said.error += weight * n_wrong;
        said.variance += weight * weight * n_wrong;
    }
    said
}

/// Leaves settings out of further folds that are clearly worse than the best of the first `n` folds.
///
/// What tells two settings apart are the rows of a fold that one of them gets wrong and the other right.
/// They are at most all that either gets wrong, so the variance of the difference is at most the sum of
/// both: a setting goes if it is twice the root of that behind (Mc Nemar's test, on the safe side).
pub(super) fn drop_the_worst(runners: &mut [Runner], n: usize, is_balanced: bool) {
    let mean = |said: &[Said], of: fn(&Said) -> f64, power: i32| {
        said.iter().map(of).sum::<f64>() / (0..power).fold(1.0, |product, _| product * n as f64)
    };
    let of = |runner: &Runner| {
        let runs = !runner.is_dropped && runner.n_folds() >= n;
        let (_, said) = runner.at_best(n, is_balanced).filter(|_| runs)?;
        Some((mean(&said, |said| said.error, 1), mean(&said, |said| said.variance, 2)))
    };
    let figures: Vec<Option<(f64, f64)>> = runners.iter().map(of).collect();
    let lower = |a: (f64, f64), b: (f64, f64)| if b.0 < a.0 { b } else { a };
    let Some(best) = figures.iter().flatten().copied().reduce(lower) else { return };
    for (runner, figure) in runners.iter_mut().zip(figures) {
        let Some((error, variance)) = figure else { continue };
        runner.is_dropped |= error - best.0 > BEHIND * (variance + best.1).sqrt();
    }
}

/// Where settings stand: each with its figures, the best and the one to take.
///
/// Settings that still run are compared by the folds that all of them have that have any; a fold that
/// some are not through yet would favour those that met an easier one. The one to take is the simplest
/// within one standard error of the best: the least depth, then the fewest rounds.
///
/// # References
///
/// L. Breiman, J. Friedman, R. Olshen, C. Stone, *Classification and Regression Trees*, 1984, § 3.4.3.
pub(super) fn standing(
    runners: &[Runner],
    is_balanced: bool,
) -> (Vec<Trial>, Option<u32>, Option<u32>) {
    let runs = |runner: &&Runner| !runner.is_dropped && runner.n_folds() > 0;
    let n = runners.iter().filter(runs).map(Runner::n_folds).min().unwrap_or(0);
    let tried: Vec<Trial> = runners.iter().map(|runner| runner.told(n, is_balanced)).collect();
    let in_the_race = || (0_u32..).zip(&tried).filter(|(_, it)| !it.is_dropped);
    let errors = in_the_race().filter_map(|(place, it)| Some((place, it.error?)));
    let Some((best, least)) = errors.reduce(|a, b| if b.1 < a.1 { b } else { a }) else {
        return (tried, None, None);
    };
    let limit = least + tried[best as usize].deviation.unwrap_or(0.0);
    let is_near = |&(_, it): &(u32, &Trial)| it.error.is_some_and(|error| error <= limit);
    let is_simpler = |a: &Trial, b: &Trial| {
        (a.depth, a.n_rounds) < (b.depth, b.n_rounds)
            || (a.depth, a.n_rounds) == (b.depth, b.n_rounds) && a.error < b.error
    };
    let simplest = in_the_race().filter(is_near);
    let chosen = simplest.reduce(|a, b| if is_simpler(b.1, a.1) { b } else { a });
    let chosen = chosen.map(|(place, _)| place);
    (tried, Some(best), chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::bulk::Bulk;

    /// A fold of `held` rows of two classes; after each round so many of each are wrong.
    fn fold(wrong: &[[u64; 2]], held: [u64; 2]) -> Fitted {
        Fitted { wrong: Bulk(wrong.concat()), held: Bulk(held.to_vec()) }
    }

    fn runner(depth: u32, folds: Vec<Fitted>) -> Runner {
        let folds = folds.into_iter().map(Some).collect();
        Runner { depth, rate: 1.0, folds, is_dropped: false, seconds: 0.0 }
    }

    #[test]
    fn rounds_are_those_with_the_least_mean_error() {
        // Alone the first fold would end at 3 rounds, the second at 1; together it is 2.
        let first = fold(&[[9, 9], [3, 1], [3, 0]], [50, 50]);
        let second = fold(&[[2, 0], [2, 1]], [50, 50]);
        let told = runner(2, vec![first, second]).told(2, false);
        assert_eq!((told.n_rounds, &told.folds[..]), (3, &[0.03, 0.03][..]));
        let told = runner(2, vec![fold(&[[9, 9], [3, 0], [3, 1]], [50, 50])]).told(1, false);
        assert_eq!((told.n_rounds, told.error, told.deviation), (2, Some(0.03), None));
    }

    #[test]
    fn balanced_classes_count_alike() {
        let fold = fold(&[[10, 5]], [90, 10]);
        let error = |is_balanced| runner(1, vec![fold.clone()]).told(1, is_balanced).error;
        assert!((error(false).expect("a fold") - 0.15).abs() < 1e-12);
        assert!((error(true).expect("a fold") - f64::midpoint(10.0 / 90.0, 0.5)).abs() < 1e-12);
    }

    #[test]
    fn a_fit_that_never_began_takes_all_for_the_first_class() {
        let told = runner(1, vec![fold(&[], [90, 10])]).told(1, false);
        assert_eq!((told.n_rounds, told.error), (1, Some(0.1)));
    }

    #[test]
    fn only_what_is_clearly_worse_is_dropped() {
        let with = |n_wrong| runner(1, vec![fold(&[[n_wrong, 0]], [500, 500]); 2]);
        let mut runners = vec![with(20), with(32), with(40), with(20)];
        drop_the_worst(&mut runners, 2, false);
        let dropped: Vec<bool> = runners.iter().map(|runner| runner.is_dropped).collect();
        // 64 against 40 wrong rows are 24 more, and 2 · √104 is 20.4.
        assert_eq!(dropped, [false, true, true, false]);
        let mut runners = vec![with(20), with(30)];
        drop_the_worst(&mut runners, 2, false);
        assert!(!runners[1].is_dropped, "60 against 40 may be chance");
    }

    #[test]
    fn the_simplest_within_one_standard_error_is_taken() {
        let with = |depth, wrong: [u64; 2]| {
            runner(depth, wrong.map(|n| fold(&[[n, 0]], [50, 50])).to_vec())
        };
        // 5 ± 1 %, so 6 % is as good and simpler, and 7 % is not.
        let (tried, best, chosen) =
            standing(&[with(5, [4, 6]), with(1, [7, 7]), with(3, [6, 6]), with(4, [5, 5])], false);
        assert_eq!(tried[0].error.map(|error| (error * 1e3).round()), Some(50.0));
        assert_eq!((best, chosen), (Some(0), Some(2)));
    }

    #[test]
    fn settings_are_compared_by_the_folds_they_have_in_common() {
        let easy = || fold(&[[1, 0]], [50, 50]);
        let hard = || fold(&[[9, 0]], [50, 50]);
        let mut half = runner(2, vec![hard()]);
        half.folds.extend([None, Some(easy())]);
        let runners = [runner(1, vec![hard(), easy()]), half, runner(3, vec![])];
        let (tried, best, _) = standing(&runners, false);
        let n: Vec<usize> = tried.iter().map(|it| it.folds.len()).collect();
        assert_eq!((n, best), (vec![1, 1, 0], Some(0)));
        assert_eq!(standing(&[], false).1, None);
    }
}
