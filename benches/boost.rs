//! NSL-KDD's 100,771 training rows, stumps and trees: `cargo bench --bench boost`.
//!
//! One thread, one part. Then 494,021 rows are scored: these, again and again.

#[path = "../tests/boost_support/mod.rs"]
mod boost_support;

use std::time::Instant;

use boost_support::{Labelled, NslKdd, forest_support::Table, parts};
use isoscope::engine::{
    boost::{Booster, Learner, Model, Params, Part, Scorer, Use},
    matrix::Codes,
    random,
};
use rand_chacha::ChaCha8Rng;

fn main() {
    let nsl = NslKdd::read(&["KDDTrain+.txt.gz"]);
    let binary = nsl.binary().with_reference_split();
    let stumps = Params { depth: 1, n_rounds: 114, rate: 1.0, ..Params::default() };
    let trees = Params { depth: 5, ..stumps.clone() };
    let samme = Params { learner: Learner::Samme, ..stumps.clone() };
    let model = measure("stumps, confidence", &binary, &stumps);
    measure("stumps, SAMME", &binary, &samme);
    let deep = measure("depth 5, confidence", &binary, &trees);
    measure("depth 5, SAMME", &binary, &Params { depth: 5, ..samme });
    measure("stumps, a dozen classes", &dozen(), &Params { n_rounds: 60, ..stumps.clone() });
    let labels = nsl.by_label().with_reference_split();
    let few = Params { depth: 4, n_rounds: 20, ..stumps.clone() };
    measure("depth 4, 23 classes", &labels, &few);
    let families = nsl.families().with_reference_split();
    measure("stumps, five classes", &families, &stumps);
    let many = measure("depth 5, five classes", &families, &trees);

    for (name, model) in [("stumps", &model), ("depth 5", &deep), ("depth 5, five", &many)] {
        let scorer = Scorer::new(model, &[]);
        let columns: Vec<Vec<u16>> = binary
            .table
            .codes
            .iter()
            .map(|codes| codes.iter().copied().cycle().take(494_021).collect())
            .collect();
        let small: Vec<Vec<u8>> =
            columns.iter().map(|codes| codes.iter().map(|&code| code as u8).collect()).collect();
        let views: Vec<Codes<'_>> = (0..columns.len())
            .map(|feature| match binary.table.features[feature].missing() {
                0..=255 => Codes::U8(&small[feature]),
                _ => Codes::U16(&columns[feature]),
            })
            .collect();
        let mut sums = vec![0; 494_021 * scorer.n_votes()];
        let start = Instant::now();
        scorer.scores(&views, &mut sums);
        println!("scoring 494,021 rows, {name:14} {:7.3} s", start.elapsed().as_secs_f64());
    }
}

fn measure(name: &str, labelled: &Labelled, params: &Params) -> Model {
    let start = Instant::now();
    let rows = parts(labelled, |_| 0, 1).pop().expect("one part");
    let gathered = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let features = &labelled.table.features;
    let mut booster =
        Booster::new(features, params.clone(), rows.census()).expect("it can be trained");
    let mut part = Part::new(rows, booster.plan());
    let ready = start.elapsed().as_secs_f64();
    let (mut working, mut deciding, mut bytes) = (0.0, 0.0, 0);
    while let Some(order) = booster.order() {
        let start = Instant::now();
        let report = part.obey(order);
        working += start.elapsed().as_secs_f64();
        bytes += postcard::to_allocvec(&report).expect("plain data").len();
        let start = Instant::now();
        booster.take(report);
        deciding += start.elapsed().as_secs_f64();
    }
    let model = booster.finish();
    let wrong: u64 = model.curve.last().map_or(0, |watched| watched.held_wrong.iter().sum());
    println!(
        "{name:22} {:3} rounds: gather {gathered:.3}, prepare {ready:.3}, part {working:.3}, \
         conductor {deciding:.3} s, {:.1} MB of reports, {wrong} of {} held out are wrong",
        model.rounds.len(),
        bytes as f64 / 1e6,
        model.held.iter().sum::<u64>(),
    );
    model
}

/// A dozen classes that numbers with hardly two equal tell apart, here and there.
fn dozen() -> Labelled {
    let mut rng = random::stream(7, 0);
    let (n_rows, n_columns, n_classes) = (6_000_usize, 98, 12);
    let classes: Vec<u8> = (0..n_rows).map(|row| (row % n_classes) as u8).collect();
    let column = |column: usize, rng: &mut ChaCha8Rng| -> Vec<f64> {
        let shift = |class: u8| {
            f64::from(u8::from(usize::from(class) == column % 15)) * (column % 4) as f64 / 4.0
        };
        classes.iter().map(|&class| random::unit(rng) + shift(class)).collect()
    };
    let columns: Vec<Vec<f64>> = (0..n_columns).map(|at| column(at, &mut rng)).collect();
    let uses = (0..n_rows).map(|row| if row % 24 < 12 { Use::Train } else { Use::Held }).collect();
    Labelled { table: Table::of_numbers(&columns), classes, uses, n_classes: n_classes as u32 }
}
