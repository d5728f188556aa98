//! isotree's figures on real sets.

mod extended_support;

use extended_support::{
    forest_support::{anomaly_set, roc_auc},
    grow, scores,
};
use isoscope::engine::{
    extended::{DEFAULT_LEVEL, ExtendedScorer},
    forest::ForestParams,
};

const SEEDS: u64 = 10;

/// Mean ROC AUC of isotree over ten seeds, and its standard deviation.
///
/// isotree 0.6.1.post10 (scikit-learn 1.9.1, Python 3.11), all columns but the label:
///
/// ```python
/// for seed in range(10):
///     model = IsolationForest(ndim=2, ntrees=100, sample_size=256, ntry=1, coefs="normal",
///         prob_pick_avg_gain=0, prob_pick_pooled_gain=0, penalize_range=False,
///         standardize_data=True, random_seed=seed * 1000003 + 1, nthreads=1).fit(X)
///     roc_auc_score(y, model.predict(X))
/// ```
///
/// Seeds are far apart, as the i-th tree of seed s is the first one of seed s + i.
const SETS: [(&str, f64, f64); 14] = [
    ("glass", 0.78146, 0.01222),
    ("breastw", 0.98466, 0.00255),
    ("cardio", 0.92270, 0.01096),
    ("annthyroid", 0.81168, 0.01936),
    ("thyroid", 0.97550, 0.00389),
    ("musk", 0.99970, 0.00059),
    ("mammography", 0.86093, 0.00547),
    ("satellite", 0.69937, 0.01583),
    ("shuttle", 0.99752, 0.00072),
    ("wilt", 0.47815, 0.02933),
    ("pima", 0.67512, 0.00858),
    ("ionosphere", 0.85655, 0.00553),
    ("landsat", 0.47520, 0.02039),
    ("yeast", 0.40051, 0.00672),
];

#[test]
fn anomalies_are_found_as_well_as_isotree_finds_them() {
    let mut sum = 0.0;
    for (name, expected, expected_deviation) in SETS {
        let (table, is_anomaly) = anomaly_set(name);
        let auc = |seed| {
            let params = ForestParams { seed, ..ForestParams::default() };
            let extended = grow(&table, params, DEFAULT_LEVEL);
            roc_auc(&scores(&mut ExtendedScorer::new(&extended), &table), &is_anomaly)
        };
        let found: Vec<f64> = (0..SEEDS).map(auc).collect();
        let mean = found.iter().sum::<f64>() / SEEDS as f64;
        let squares = found.iter().map(|auc| (auc - mean) * (auc - mean));
        let deviation = (squares.sum::<f64>() / (SEEDS - 1) as f64).sqrt();
        println!(
            "{name:<12} {mean:.5} ± {deviation:.5}  isotree {expected:.5} ± {expected_deviation:.5}"
        );
        let both = (deviation * deviation + expected_deviation * expected_deviation).sqrt();
        assert!((mean - expected).abs() <= 3.0 * both, "{name}: {mean}, isotree {expected}");
        sum += mean - expected;
    }
    let difference = sum / SETS.len() as f64;
    println!("mean difference {difference:+.5}");
    assert!(difference.abs() <= 0.005, "on average {difference}");
}
