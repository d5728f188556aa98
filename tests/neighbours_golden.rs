//! scikit-learn's figures on web attacks, with benign flows as the reference.

mod neighbours_support;

use isoscope::engine::neighbours::{DEFAULT_K, Reference, Scorer};
use neighbours_support::{Novelty, forest_support::roc_auc};

fn scores(novelty: &Novelty) -> Vec<f64> {
    let reference = Reference::fit(novelty.train.view(), DEFAULT_K).expect("there are rows");
    let mut scores = vec![f64::NAN; novelty.test.nrows()];
    Scorer::new(&reference).scores(novelty.test.view(), &mut scores);
    scores
}

#[test]
fn attacks_score_as_scikit_learn_scores_them() {
    let novelty = Novelty::read();
    let expected = &novelty.reference["lof"];
    assert_eq!(expected["n_neighbors"], DEFAULT_K);
    let number = |value: &serde_json::Value| value.as_f64().expect("a number");

    let found = scores(&novelty);
    let first = expected["first_test_scores"].as_array().expect("a list");
    assert_eq!(first.len(), 8);
    for (row, (found, expected)) in found.iter().zip(first).enumerate() {
        let difference = found - number(expected);
        println!("row {row}: {found}, scikit-learn {expected}, {difference:e} apart");
        assert!(difference.abs() <= 1e-9, "row {row}: {found}, scikit-learn {expected}");
    }

    let auc = roc_auc(&found, &novelty.is_attack);
    println!("ROC AUC {auc:.6}");
    assert!((auc - number(&expected["roc_auc"])).abs() <= 1e-4, "{auc}");

    let cut = &novelty.reference["lof_novelty_at_default"];
    let flagged = |attack: bool| {
        let rows = found.iter().zip(&novelty.is_attack);
        rows.filter(|&(&score, &is_attack)| is_attack == attack && score > 1.5).count()
    };
    println!("above 1.5: {} attacks, {} benign", flagged(true), flagged(false));
    assert_eq!(cut["threshold"], 1.5);
    assert_eq!(cut["flagged_attacks"], flagged(true));
    assert_eq!(cut["flagged_benign"], flagged(false));

    let found = scores(&novelty.without("Destination Port"));
    let auc = roc_auc(&found, &novelty.is_attack);
    println!("ROC AUC without the port {auc:.6}");
    assert!(
        (auc - number(&expected["without_destination_port"]["roc_auc"])).abs() <= 1e-4,
        "{auc}"
    );
}
