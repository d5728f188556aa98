//! Columns that eyes add to a training: from which rows, for which model, and whether they help.

mod forest_support;

use std::{cell::Cell, fmt::Write};

use forest_support::gunzip;
use isoscope::{
    cluster::{
        JobError,
        added::{Eyes, Helped},
        counting::{Counting, Line, Muted, Weights},
        learned::{ClassesBy, RowSet, SplitBy, TrainSpec, Trained},
        local::Local,
        source::{Choice, Given},
    },
    engine::{boost::Params, evaluate::mcnemar, text::Overrides},
};

const ALL: Eyes = Eyes { forest: true, neighbours: true, centres: true };

fn spec(split: SplitBy, eyes: Eyes) -> TrainSpec {
    TrainSpec {
        target: 4,
        classes: ClassesBy::Values,
        features: vec![1, 2, 3],
        split,
        params: Params { depth: 2, n_rounds: 15, ..Params::default() },
        weights: Weights::Alike,
        holds_out: false,
        eyes,
        seed: 7,
        counting: Counting::default(),
    }
}

const THIRD: SplitBy = SplitBy::Random { share: 0.3 };

fn figure(trained: &Trained, name: &str) -> f64 {
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test).expect("a test");
    let measure = test.figures.iter().find(|measure| measure.name == name);
    measure.unwrap_or_else(|| panic!("no {name}")).value.expect("it is defined")
}

/// `KDDTrain+` to learn from, `KDDTest+` to judge by.
fn nsl_kdd() -> (Local, TrainSpec) {
    let file = |name: &str| Given {
        name: format!("{name}.txt"),
        file: gunzip(&format!("data/nsl-kdd/{name}.txt.gz")).into_bytes(),
    };
    let mut local = Local::new(2);
    let files = [file("KDDTrain+"), file("KDDTest+")];
    let gathered = local.gather(&files, None, &Choice::default(), &Overrides::default());
    gathered.expect("a table").expect("no question");
    let column = local.table().expect("a table").profile.columns.len() as u32 - 1;
    let spec = TrainSpec {
        target: 41,
        classes: ClassesBy::AllBut("normal".to_owned()),
        features: (0..41).filter(|&column| column != 19).collect(),
        params: Params::default(),
        ..spec(SplitBy::File { column, name: "KDDTest+.txt".to_owned() }, Eyes::default())
    };
    (local, spec)
}

#[test]
fn kdd_test_is_told_with_each_eye_and_without() {
    let (mut local, spec) = nsl_kdd();
    for eyes in 1..8 {
        let eyes = Eyes::of([eyes & 1 > 0, eyes & 2 > 0, eyes & 4 > 0]);
        for depth in [1, 4] {
        let params = Params { depth, ..spec.params.clone() };
        let begun = std::time::Instant::now();
        let trained = local.train(TrainSpec { eyes, params, ..spec.clone() }, &|| false).expect("a model").trained.clone();
        println!("{depth} {}: {:?} {:.2} s", eyes.words(), trained.helped, begun.elapsed().as_secs_f64());
        println!("   {:?}", trained.columns.iter().take(6).map(|c| (trained.name(&local.table().expect("t").profile, c.column).to_owned(), c.weight)).collect::<Vec<_>>());
        }
    }
}
