//! What a classifier is worth, on 500,000 rows: `cargo bench --bench evaluate`.
//!
//! One thread. Half of the rows are positive and no two score alike, which is the most work.

use std::{hint::black_box, time::Instant};

use isoscope::engine::{
    evaluate::{
        Confusion, Costs, Counts, Curve, Platt, Telltale, Twins, Weight, bootstrap, by_group,
        by_time, stratified, stratified_folds, thinned,
    },
    random::{below, hash, normal, stream, unit},
};

const N_ROWS: u32 = 500_000;
const N_CLASSES: u8 = 20;

fn main() {
    println!("{N_ROWS} rows");
    let mut rng = stream(7, 0);
    let truth: Vec<u8> = (0..N_ROWS).map(|row| (row % 2) as u8).collect();
    let scores: Vec<i64> =
        truth.iter().map(|&y| ((normal(&mut rng) + f64::from(y)) * 1e12) as i64).collect();
    measure("curve (one sort)", || Curve::of(&scores, &truth, 1));
    let curve = Curve::of(&scores, &truth, 1);
    measure("  ROC AUC", || curve.roc_auc());
    measure("  its interval", || curve.roc_auc_interval());
    measure("  average precision", || curve.average_precision());
    measure("  its interval, 1,000 draws", || curve.average_precision_interval(7));
    measure("  both curves, thinned", || {
        [curve.roc(), curve.precision_recall()].map(|points| thinned(&points.expect("both sides")))
    });
    measure("  cut of the best F1", || curve.best_f(1.0));
    let costs = Costs { missed: 50.0, false_alarm: 1.0 };
    measure("  cut of the least cost", || curve.least_cost(costs, Some(0.01)));
    measure("  Platt", || Platt::fit(&curve));
    let platt = Platt::fit(&curve).expect("both sides");
    let probability = |score: i64| platt.probability(score);
    measure("  reliability, 20 bins", || curve.reliability(20, &probability));
    measure("  Brier score", || curve.brier_score(&probability));

    let classes: Vec<u8> = (0..N_ROWS).map(|_| below(&mut rng, N_CLASSES.into()) as u8).collect();
    let guess = |&class: &u8| {
        if unit(&mut rng) < 0.9 { class } else { below(&mut rng, N_CLASSES.into()) as u8 }
    };
    let predicted: Vec<u8> = classes.iter().map(guess).collect();
    measure("matrix of 20 classes", || Confusion::of(N_CLASSES, &classes, &predicted));
    let confusion = Confusion::of(N_CLASSES, &classes, &predicted);
    measure("  four intervals, 1,000 draws", || {
        let macro_f1 = |drawn: &Confusion| drawn.mean(Counts::f1, Weight::Equal).figure;
        let f1 = |drawn: &Confusion| drawn.against_rest(3).f1();
        let figures: [&dyn Fn(&Confusion) -> _; 4] =
            [&Confusion::mcc, &Confusion::balanced_accuracy, &macro_f1, &f1];
        bootstrap(&confusion, 7, &figures)
    });

    let times: Vec<f64> = scores.iter().map(|&score| score as f64).collect();
    let groups: Vec<u32> = (0..N_ROWS).map(|row| row % 5_000).collect();
    measure("split, stratified", || stratified(&classes, 0.2, 7));
    let split = stratified(&classes, 0.2, 7).expect("classes");
    measure("  ten folds", || stratified_folds(&classes, 10, 7));
    measure("  by time", || by_time(&times, &classes, 0.2));
    measure("  by 5,000 groups", || by_group(&groups, &classes, 0.2, 7));
    let hashes: Vec<[u64; 2]> =
        (0..u64::from(N_ROWS)).map(|row| [1, 2].map(|seed| hash(seed, row / 3))).collect();
    measure("twins", || Twins::find(&hashes, &classes, &split.parts));
    let cells: Vec<u32> =
        (0..65_000 * u32::from(N_CLASSES)).map(|cell| hash(3, cell.into()) as u32 % 3).collect();
    measure("a column of 65,000 codes alone", || {
        Telltale::find(&cells, &cells, N_CLASSES, false, 1)
    });
}

fn measure<T>(name: &str, work: impl Fn() -> T) {
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<32}{:8.2} ms", times[2] * 1e3);
}
