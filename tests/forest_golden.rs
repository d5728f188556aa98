//! scikit-learn's figures on real sets.

mod forest_support;

use forest_support::{anomaly_set, roc_auc, shared};
use isoscope::engine::forest::ForestParams;

/// Mean ROC AUC over ten seeds on the 20 sets of `data/anomaly`, beside scikit-learn's over ten
/// seeds of its own.
#[test]
fn anomalies_are_found_as_well_as_scikit_learn_finds_them() {
    let file = std::fs::read(shared("reference/forest.json")).expect("the reference is there");
    let reference: serde_json::Value = serde_json::from_slice(&file).expect("it is JSON");
    let sets = reference["sets"].as_object().expect("sets by name");
    assert_eq!(sets.len(), 20);

    // The two large sets first, so that both threads end at about the same time.
    let mut names: Vec<&String> = sets.keys().collect();
    names.sort_by_key(|name| std::cmp::Reverse(sets[*name]["rows"].as_u64()));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut means = Vec::new();
        while let Some(name) = names.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let (table, is_anomaly) = anomaly_set(name);
            let auc = |seed| {
                let params = ForestParams { seed, ..ForestParams::default() };
                roc_auc(&table.scores(params), &is_anomaly)
            };
            means.push((*name, (0..10).map(auc).sum::<f64>() / 10.0));
        }
        means
    };
    let means = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut means = work();
        means.extend(other.join().expect("the other thread is fine"));
        means
    });

    let mut differences = Vec::new();
    for (name, mean) in means {
        let figure = |key: &str| sets[name][key].as_f64().expect("a number");
        let (expected, deviation) = (figure("roc_auc"), figure("roc_auc_sd"));
        println!("{name:<12} {mean:.5}  scikit-learn {expected:.5} ± {deviation:.5}");
        assert!(
            (mean - expected).abs() <= (3.0 * deviation).max(0.02),
            "{name}: {mean}, scikit-learn {expected} ± {deviation}"
        );
        differences.push(mean - expected);
    }
    let difference = differences.iter().sum::<f64>() / differences.len() as f64;
    println!("mean difference {difference:+.5}");
    assert!(difference >= -0.002, "on average {difference}");
}
