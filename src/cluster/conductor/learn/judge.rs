//! How good a model is on a set of rows.

use super::super::super::{
    bulk::Bulk,
    learned::{Judged, Measure, OfClass, RowSet},
};
use crate::engine::{
    boost::predicted,
    evaluate::{
        Confusion, Counts, Curve, Figure, Platt, ReliabilityBin, Weight, bootstrap, thinned, wilson,
    },
};

/// Bins of about equally many rows, in which probabilities are compared with what is true.
const RELIABILITY_BINS: u32 = 12;

/// Votes of some rows, and what is true of them.
pub(super) struct Answers<'a> {
    /// In units of 2⁻³²: `rows × votes`.
    pub(super) votes: &'a [i64],
    /// The class of each; the number of classes for one that was never learnt.
    pub(super) truth: &'a [u8],
    /// How many classes there are.
    pub(super) n_classes: u8,
}

/// Judges a set of rows; `seed` draws intervals, where they are wanted, and how far probabilities hold.
pub(super) fn judged(set: RowSet, answers: &Answers<'_>, seed: Option<u64>) -> Judged {
    let n_votes = if answers.n_classes == 2 { 1 } else { usize::from(answers.n_classes) };
    let classes: Vec<u8> = answers.votes.chunks_exact(n_votes).map(predicted).collect();
    let confusion = Confusion::of(answers.n_classes, answers.truth, &classes);
    let curve_of = |class: u8| {
        if n_votes == 1 {
            let curve = |votes: &[i64]| Curve::of(votes, answers.truth, class);
            return if class == 1 {
                curve(answers.votes)
            } else {
                curve(&answers.votes.iter().map(|vote| -vote).collect::<Vec<_>>())
            };
        }
        let own = answers.votes.iter().skip(class.into()).step_by(n_votes);
        Curve::of(&own.copied().collect::<Vec<_>>(), answers.truth, class)
    };
    let curves: Vec<Curve> = (0..answers.n_classes).map(curve_of).collect();
    let two = (answers.n_classes == 2).then(|| &curves[1]);
    let mut figures = overall(&confusion, seed);
    match two {
        Some(curve) => figures.extend(of_two(&confusion.against_rest(1), &confusion, curve, seed)),
        None => figures.extend(of_many(&confusion, &curves, seed)),
    }
    let classes = (0..answers.n_classes).zip(&curves);
    let drawn = |points: Result<Vec<_>, _>| points.map_or_else(|_| Vec::new(), |p| thinned(&p));
    Judged {
        set,
        n_rows: answers.truth.len() as u32,
        confusion: Bulk(confusion.cells().to_vec()),
        figures,
        classes: classes.map(|(class, curve)| of_class(&confusion, class, curve)).collect(),
        roc: two.map_or_else(Vec::new, |curve| drawn(curve.roc())),
        precision_recall: two.map_or_else(Vec::new, |curve| drawn(curve.precision_recall())),
        reliability: two.and(seed).map_or_else(Vec::new, |_| reliability(answers)),
    }
}

fn measure(name: &str, value: Figure) -> Measure {
    Measure { name: name.to_owned(), value, interval: None, n_undefined: 0 }
}

/// A share of `n` rows, with Wilson's interval.
fn share(name: &str, value: Figure, hits: u64, n: u64, is_wanted: bool) -> Measure {
    let interval = if is_wanted { wilson(hits, n).ok() } else { None };
    Measure { interval, ..measure(name, value) }
}

/// Figures that are the same for any number of classes.
fn overall(confusion: &Confusion, seed: Option<u64>) -> Vec<Measure> {
    let n_classes = confusion.n_classes();
    let n_right = (0..n_classes).map(|class| confusion.count(class, class)).sum();
    let n_rows = confusion.n_rows();
    let mut figures = vec![
        share("accuracy", confusion.accuracy(), n_right, n_rows, seed.is_some()),
        measure("balanced-accuracy", confusion.balanced_accuracy()),
        measure("mcc", confusion.mcc()),
    ];
    if let Some(seed) = seed {
        let drawn = bootstrap(confusion, seed, &[&Confusion::balanced_accuracy, &Confusion::mcc]);
        for (figure, interval) in figures[1..].iter_mut().zip(drawn) {
            figure.interval = interval.ok();
        }
    }
    figures
}

/// Figures of the second of two classes.
fn of_two(
    counts: &Counts,
    confusion: &Confusion,
    curve: &Curve,
    seed: Option<u64>,
) -> Vec<Measure> {
    let (hits, n_flagged, n_positives) =
        (counts.true_positives, counts.n_flagged(), counts.n_positives());
    let is_wanted = seed.is_some();
    let mut figures = vec![
        share("precision", counts.precision(), hits, n_flagged, is_wanted),
        share("recall", counts.recall(), hits, n_positives, is_wanted),
        measure("f1", counts.f1()),
        measure("f2", counts.f2()),
        measure("roc-auc", curve.roc_auc()),
        measure("average-precision", curve.average_precision()),
        share(
            "false-positive-rate",
            counts.false_positive_rate(),
            counts.false_positives,
            counts.n_negatives(),
            is_wanted,
        ),
    ];
    if let Some(seed) = seed {
        let f1 = |again: &Confusion| again.against_rest(1).f1();
        let f2 = |again: &Confusion| again.against_rest(1).f2();
        let drawn = bootstrap(confusion, seed, &[&f1, &f2]);
        for (figure, interval) in figures[2..].iter_mut().zip(drawn) {
            figure.interval = interval.ok();
        }
        figures[4].interval = curve.roc_auc_interval().ok();
        figures[5].interval = curve.average_precision_interval(seed).ok();
    }
    figures
}

/// Means over classes.
fn of_many(confusion: &Confusion, curves: &[Curve], seed: Option<u64>) -> Vec<Measure> {
    type OfCounts = fn(&Counts) -> Figure;
    const MEANS: [(&str, OfCounts); 4] = [
        ("precision", Counts::precision),
        ("recall", Counts::recall),
        ("f1", Counts::f1),
        ("f2", Counts::f2),
    ];
    let mut figures = Vec::new();
    for (word, weight) in [("macro", Weight::Equal), ("weighted", Weight::Support)] {
        for (name, figure) in MEANS {
            let mean = confusion.mean(figure, weight);
            let n_undefined = mean.n_undefined;
            figures
                .push(Measure { n_undefined, ..measure(&format!("{word}-{name}"), mean.figure) });
        }
    }
    if let Some(seed) = seed {
        let macro_f1 = |again: &Confusion| again.mean(Counts::f1, Weight::Equal).figure;
        figures[2].interval = bootstrap(confusion, seed, &[&macro_f1]).pop().and_then(Result::ok);
    }
    // The mean of one class against the rest, over those for which it exists.
    let areas: Vec<f64> = curves.iter().filter_map(|curve| curve.roc_auc().ok()).collect();
    let mean = areas.iter().sum::<f64>() / areas.len() as f64;
    let value = if areas.is_empty() { curves[0].roc_auc() } else { Ok(mean) };
    let n_undefined = (curves.len() - areas.len()) as u32;
    figures.push(Measure { n_undefined, ..measure("macro-roc-auc", value) });
    figures
}

fn of_class(confusion: &Confusion, class: u8, curve: &Curve) -> OfClass {
    let counts = confusion.against_rest(class);
    let figures = vec![
        measure("precision", counts.precision()),
        measure("recall", counts.recall()),
        measure("f1", counts.f1()),
        measure("roc-auc", curve.roc_auc()),
        measure("average-precision", curve.average_precision()),
    ];
    OfClass { support: confusion.support(class), figures }
}

/// How often rows of about the same probability are of the second class: every other row is what the
/// probabilities are fitted on, and the others are what they are compared with.
fn reliability(answers: &Answers<'_>) -> Vec<ReliabilityBin> {
    let half = |first: usize| {
        let votes: Vec<i64> = answers.votes.iter().skip(first).step_by(2).copied().collect();
        let truth: Vec<u8> = answers.truth.iter().skip(first).step_by(2).copied().collect();
        Curve::of(&votes, &truth, 1)
    };
    let Ok(platt) = Platt::fit(&half(0)) else { return Vec::new() };
    half(1).reliability(RELIABILITY_BINS, &|vote| platt.probability(vote))
}
