//! How good a model is on a set of rows.

use super::super::super::{
    bulk::Bulk,
    learned::{Judged, Measure, OfClass, RowSet},
};
use crate::engine::{
    boost::predicted,
    evaluate::{
        Confusion, Counts, Curve, Figure, Interval, Platt, ReliabilityBin, Undefined, Weight,
        bootstrap, thinned, wilson,
    },
};

/// Bins of about equally many rows, in which probabilities are compared with what is true.
const RELIABILITY_BINS: u32 = 12;

/// Votes of some rows, and what is true of them.
pub(super) struct Answers<'a> {
    /// In units of 2⁻⁴⁰: `rows × votes`.
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
    let ends = seed.map(|seed| Ends::drawn(&confusion, &curves, seed));
    let mut figures = overall(&confusion, ends.as_ref());
    if let Some(curve) = two {
        figures.extend(of_two(&confusion, curve, ends.as_ref()));
    }
    let classes = (0..answers.n_classes).zip(&curves);
    let classes = classes.map(|(class, curve)| of_class(&confusion, class, curve, ends.as_ref()));
    let classes: Vec<OfClass> = classes.collect();
    figures.extend(means(&confusion, &classes, ends.as_ref()));
    let drawn = |points: Result<Vec<_>, _>| points.map_or_else(|_| Vec::new(), |p| thinned(&p));
    Judged {
        set,
        n_rows: answers.truth.len() as u32,
        confusion: Bulk(confusion.cells().to_vec()),
        figures,
        classes,
        roc: two.map_or_else(Vec::new, |curve| drawn(curve.roc())),
        precision_recall: two.map_or_else(Vec::new, |curve| drawn(curve.precision_recall())),
        reliability: two.and(seed).map_or_else(Vec::new, |_| reliability(answers)),
    }
}

type OfCounts = fn(&Counts) -> Figure;

/// Figures of one class against the rest that have a mean over classes.
const MEANS: [(&str, OfCounts); 4] = [
    ("precision", Counts::precision),
    ("recall", Counts::recall),
    ("f1", Counts::f1),
    ("f2", Counts::f2),
];
/// The means.
const WEIGHTS: [(&str, Weight); 2] = [("macro", Weight::Equal), ("weighted", Weight::Support)];

/// Intervals that no formula gives: all from the same draws.
struct Ends {
    balanced_accuracy: Option<Interval>,
    mcc: Option<Interval>,
    /// Of the means: by weight, by figure.
    means: Vec<Option<Interval>>,
    /// F₁ and F₂ of each class.
    f: Vec<[Option<Interval>; 2]>,
    /// Average precision of each class.
    precision: Vec<Option<Interval>>,
}

impl Ends {
    fn drawn(confusion: &Confusion, curves: &[Curve], seed: u64) -> Self {
        type OfConfusion<'a> = Box<dyn Fn(&Confusion) -> Figure + 'a>;
        let mut figures: Vec<OfConfusion<'_>> =
            vec![Box::new(Confusion::balanced_accuracy), Box::new(Confusion::mcc)];
        for (_, weight) in WEIGHTS {
            for (_, figure) in MEANS {
                figures.push(Box::new(move |again| again.mean(figure, weight).figure));
            }
        }
        for class in 0..confusion.n_classes() {
            figures.push(Box::new(move |again| again.against_rest(class).f1()));
            figures.push(Box::new(move |again| again.against_rest(class).f2()));
        }
        let figures: Vec<&dyn Fn(&Confusion) -> Figure> = figures.iter().map(|it| &**it).collect();
        // To draw again takes a tenth of a second, which is too long for each of fifty classes.
        let precision = |curve: &Curve| match curves.len() {
            2 => curve.average_precision_interval(seed).ok(),
            _ => curve.average_precision_logit_interval().ok(),
        };
        let drawn = bootstrap(confusion, seed, &figures);
        let mut drawn = drawn.into_iter().map(Result::ok);
        let mut next = || drawn.next().flatten();
        Self {
            balanced_accuracy: next(),
            mcc: next(),
            means: (0..WEIGHTS.len() * MEANS.len()).map(|_| next()).collect(),
            f: curves.iter().map(|_| [next(), next()]).collect(),
            precision: curves.iter().map(precision).collect(),
        }
    }
}

fn measure(name: &str, value: Figure, interval: Option<Interval>) -> Measure {
    Measure { name: name.to_owned(), value, interval, n_undefined: 0 }
}

/// A share of `n` rows, with Wilson's interval.
fn share(name: &str, value: Figure, hits: u64, n: u64, is_wanted: bool) -> Measure {
    measure(name, value, if is_wanted { wilson(hits, n).ok() } else { None })
}

/// Figures that are the same for any number of classes.
fn overall(confusion: &Confusion, ends: Option<&Ends>) -> Vec<Measure> {
    let n_classes = confusion.n_classes();
    let n_right = (0..n_classes).map(|class| confusion.count(class, class)).sum();
    let n_rows = confusion.n_rows();
    let balanced = ends.and_then(|ends| ends.balanced_accuracy);
    vec![
        share("accuracy", confusion.accuracy(), n_right, n_rows, ends.is_some()),
        measure("balanced-accuracy", confusion.balanced_accuracy(), balanced),
        measure("mcc", confusion.mcc(), ends.and_then(|ends| ends.mcc)),
    ]
}

/// Figures of the second of two classes.
fn of_two(confusion: &Confusion, curve: &Curve, ends: Option<&Ends>) -> Vec<Measure> {
    let counts = confusion.against_rest(1);
    let mut figures = of_one(&counts, 1, curve, ends);
    let [f2, false_positives] = [
        measure("f2", counts.f2(), ends.and_then(|ends| ends.f[1][1])),
        share(
            "false-positive-rate",
            counts.false_positive_rate(),
            counts.false_positives,
            counts.n_negatives(),
            ends.is_some(),
        ),
    ];
    figures.insert(3, f2);
    figures.push(false_positives);
    figures
}

/// Precision, recall, F₁, ROC AUC and average precision of a class against the rest.
fn of_one(counts: &Counts, class: usize, curve: &Curve, ends: Option<&Ends>) -> Vec<Measure> {
    let is_wanted = ends.is_some();
    let hits = counts.true_positives;
    let area = if is_wanted { curve.roc_auc_interval().ok() } else { None };
    let precision = ends.and_then(|ends| ends.precision[class]);
    vec![
        share("precision", counts.precision(), hits, counts.n_flagged(), is_wanted),
        share("recall", counts.recall(), hits, counts.n_positives(), is_wanted),
        measure("f1", counts.f1(), ends.and_then(|ends| ends.f[class][0])),
        measure("roc-auc", curve.roc_auc(), area),
        measure("average-precision", curve.average_precision(), precision),
    ]
}

/// Means over classes.
fn means(confusion: &Confusion, classes: &[OfClass], ends: Option<&Ends>) -> Vec<Measure> {
    let mut figures = Vec::new();
    for (word, weight) in WEIGHTS {
        for (name, figure) in MEANS {
            let interval = ends.and_then(|ends| ends.means[figures.len()]);
            let mean = confusion.mean(figure, weight);
            let n_undefined = mean.n_undefined;
            let name = format!("{word}-{name}");
            figures.push(Measure { n_undefined, ..measure(&name, mean.figure, interval) });
        }
    }
    for (word, weight) in WEIGHTS {
        for name in ["roc-auc", "average-precision"] {
            figures.push(mean_area(&format!("{word}-{name}"), name, classes, weight));
        }
    }
    figures
}

/// The mean of one class against the rest, over those for which it exists.
///
/// Its interval is between the means of the classes' ends: as wide as if all were off the same way at
/// once, which is the widest they can be off together.
fn mean_area(name: &str, of: &str, classes: &[OfClass], weight: Weight) -> Measure {
    let (mut sum, mut low, mut high, mut whole) = (0.0, 0.0, 0.0, 0.0);
    let (mut n_undefined, mut has_ends, mut why) = (0, true, Err(Undefined::NoRows));
    for class in classes {
        let Some(measure) = class.figures.iter().find(|it| it.name == of) else { continue };
        let weight = match weight {
            Weight::Equal => 1.0,
            Weight::Support => class.support as f64,
        };
        let Ok(value) = measure.value else {
            (n_undefined, why) = (n_undefined + 1, measure.value);
            continue;
        };
        sum += weight * value;
        whole += weight;
        match measure.interval {
            Some(interval) => {
                low += weight * interval.low;
                high += weight * interval.high;
            }
            None => has_ends = false,
        }
    }
    let value = if whole > 0.0 { Ok(sum / whole) } else { why };
    let interval =
        (has_ends && whole > 0.0).then(|| Interval { low: low / whole, high: high / whole });
    Measure { n_undefined, ..measure(name, value, interval) }
}

fn of_class(confusion: &Confusion, class: u8, curve: &Curve, ends: Option<&Ends>) -> OfClass {
    let figures = of_one(&confusion.against_rest(class), class.into(), curve, ends);
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
