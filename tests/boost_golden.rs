//! Reference figures: SAMME and confidence-rated stumps, round by round.

mod boost_support;

use boost_support::{Labelled, NslKdd, forest_support::shared, train};
use isoscope::engine::{
    boost::{Learner, Model, Params, Round, Sides, value},
    matrix::Order,
};
use serde_json::Value;

fn reference(name: &str) -> Value {
    let file = std::fs::read(shared(name)).expect("the reference is there");
    serde_json::from_slice(&file).expect("it is JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// A stump's column in the file and the two values its cut lies between.
fn cut(labelled: &Labelled, round: &Round) -> (u64, f64, f64) {
    let [split] = &round.tree.splits[..] else { panic!("a stump has one split") };
    let Sides::Cut { cut, .. } = split.test.sides else { panic!("a cut") };
    let feature = split.test.feature as usize;
    let Order::Ranked { lows, .. } = labelled.table.features[feature].order() else {
        panic!("a column of numbers")
    };
    let cut = usize::from(cut);
    (NslKdd::numeric()[feature].into(), lows[cut - 1], lows[cut])
}

fn assert_cut(labelled: &Labelled, round: &Round, expected: &Value) {
    let found = cut(labelled, round);
    let expected = (
        expected["feature"].as_u64().expect("a column"),
        number(&expected["lo"]),
        number(&expected["hi"]),
    );
    assert_eq!(found, expected);
}

/// Asserts that a number is as the reference has it, and keeps the largest difference.
fn compare(worst: &mut f64, found: f64, expected: &Value, within: f64) {
    let difference = (found - number(expected)).abs();
    *worst = worst.max(difference);
    assert!(difference <= within, "{found} is not {expected}: {difference:e} apart");
}

/// The share of wrong rows of the first rounds is that of the reference.
fn assert_train_errors(model: &Model, expected: &Value, n_rows: usize) {
    let errors = list(expected);
    assert_eq!(model.curve.len(), errors.len());
    for (watched, expected) in model.curve.iter().zip(errors) {
        let wrong: u64 = watched.train_wrong.iter().sum();
        let error = wrong as f64 / n_rows as f64;
        assert!((error - number(expected)).abs() < 1e-12, "{error} is not {expected}");
    }
}

fn params(learner: Learner) -> Params {
    Params { learner, depth: 1, n_rounds: 50, rate: 1.0, ..Params::default() }
}

#[test]
fn confidence_rated_stumps_are_those_of_the_reference() {
    let labelled = NslKdd::read(&["small-1011.csv"]).binary().with_columns(&NslKdd::numeric());
    let expected = reference("reference/real.json");
    let model = train(&labelled, &params(Learner::Confidence));
    assert_eq!(model.rounds.len(), 50);
    let mut worst = 0.0;
    for (round, expected) in model.rounds.iter().zip(list(&expected["rounds"])) {
        assert_cut(&labelled, round, expected);
        compare(&mut worst, round.loss, &expected["z"], 1e-10);
        compare(&mut worst, round.z, &expected["sum"], 1e-10);
        compare(&mut worst, value(round.tree.votes[1]), &expected["left"], 1e-10);
        compare(&mut worst, value(round.tree.votes[2]), &expected["right"], 1e-10);
    }
    println!("confidence-rated: at most {worst:e} apart");
    assert_train_errors(&model, &expected["train_error"], labelled.classes.len());
}

/// Compares SAMME's rounds; `says` tells the class that a node votes for.
fn assert_samme(model: &Model, labelled: &Labelled, rounds: &Value, says: fn(&[i64]) -> u64) {
    let mut worst = 0.0;
    let n_votes = model.n_votes();
    for (round, expected) in model.rounds.iter().zip(list(rounds)) {
        assert_cut(labelled, round, expected);
        compare(&mut worst, round.loss, &expected["error"], 1e-10);
        compare(&mut worst, round.alpha, &expected["alpha"], 1e-10);
        let votes: Vec<&[i64]> = round.tree.votes.chunks(n_votes).collect();
        assert_eq!(says(votes[1]), expected["left"]);
        assert_eq!(says(votes[2]), expected["right"]);
    }
    println!("SAMME: at most {worst:e} apart");
}

#[test]
fn sammes_stumps_are_those_of_the_reference() {
    let small = NslKdd::read(&["small-1011.csv"]);
    let expected = reference("reference/samme.json");

    let labelled = small.binary().with_columns(&NslKdd::numeric());
    let model = train(&labelled, &params(Learner::Samme));
    assert_eq!(model.rounds.len(), 50);
    assert_samme(&model, &labelled, &expected["binary"], |votes| u64::from(votes[0] > 0));
    assert_train_errors(&model, &expected["binary_train_error"], labelled.classes.len());

    let labelled = small.families().with_columns(&NslKdd::numeric());
    let model = train(&labelled, &params(Learner::Samme));
    assert_eq!(model.rounds.len(), 50);
    assert_samme(&model, &labelled, &expected["family"], |votes| {
        votes.iter().position(|&vote| vote > 0).expect("a class") as u64
    });
    assert_train_errors(&model, &expected["family_train_error"], labelled.classes.len());
}
