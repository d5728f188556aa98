//! Baselines beside a trained model: from a file to a line for each, with any number of shards.

mod forest_support;

use std::{cell::Cell, fmt::Write, time::Instant};

use forest_support::gunzip;
use isoscope::{
    cluster::{
        JobError,
        added::Eyes,
        conductor::Grain,
        counting::{Counting, Weights},
        learned::{ClassesBy, Compared, RowSet, SplitBy, TrainSpec},
        local::Local,
    },
    engine::{
        baselines::{Baseline, LearnError, LearntFrom},
        boost::Params,
        text::Overrides,
    },
};

/// Rows of three classes by two numbers and a word; some have no class, some no number.
fn table(n_rows: usize) -> String {
    let mut csv = String::from("x,y,word,class\n");
    for row in 0..n_rows {
        let (x, y) = (row * 7919 % 101, row * 104_729 % 97);
        let word = ["tcp", "udp", "icmp", ""][row % 4];
        let class = match row % 29 {
            0 => "",
            noise if noise == 1 || x <= 50 && y > 60 => "b",
            _ if x > 50 => "a",
            _ => "c",
        };
        let x = if row % 31 == 0 { String::new() } else { x.to_string() };
        writeln!(csv, "{x},{y},{word},{class}").expect("a string takes all");
    }
    csv
}

fn spec(split: SplitBy) -> TrainSpec {
    TrainSpec {
        target: 3,
        classes: ClassesBy::Values,
        features: vec![0, 1, 2],
        split,
        params: Params { n_rounds: 5, ..Params::default() },
        weights: Weights::default(),
        holds_out: false,
        eyes: Eyes::default(),
        counting: Counting::default(),
        seed: 7,
    }
}

const THIRD: SplitBy = SplitBy::Random { share: 0.3 };

/// What baselines come to, in their order.
fn compared(csv: &str, n_shards: usize, spec: TrainSpec) -> Vec<Compared> {
    let grain = Grain { least_range: 64, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    local.load(csv.as_bytes().to_vec(), &Overrides::default()).expect("a table");
    local.train(spec, &|| false).expect("a model");
    let mut all = local.compare(&|| 0.0).expect("baselines");
    all.sort_by_key(|compared| Baseline::ALL.iter().position(|&b| b == compared.baseline));
    let names: Vec<Baseline> = all.iter().map(|compared| compared.baseline).collect();
    assert_eq!(names, Baseline::ALL);
    all
}

fn figure(compared: &Compared, name: &str) -> f64 {
    let told = compared.outcome.as_ref().unwrap_or_else(|error| panic!("{error}"));
    let measure = told.figures.iter().find(|measure| measure.name == name);
    measure.unwrap_or_else(|| panic!("no {name}")).value.expect("it is defined")
}

fn mcc(compared: &Compared) -> Option<f64> {
    let told = compared.outcome.as_ref().expect("it learnt");
    told.figures.iter().find(|measure| measure.name == "mcc")?.value.ok()
}

#[test]
fn any_number_of_shards_compares_the_same() {
    let csv = table(900);
    for split in [THIRD, SplitBy::Folds { k: 3 }] {
        for classes in [ClassesBy::Values, ClassesBy::AllBut("c".to_owned())] {
            let spec = TrainSpec { classes, weights: Weights::Balanced, ..spec(split.clone()) };
            let one = compared(&csv, 1, spec.clone());
            assert_eq!(one, compared(&csv, 3, spec), "{split:?}");
        }
    }
}

#[test]
fn those_that_can_learn_a_table_do_and_the_majority_is_its_share() {
    let csv = table(900);
    let all = compared(&csv, 2, spec(THIRD));
    for (compared, least) in all.iter().zip([0.0, 0.5, 0.6, 0.6, 0.85, 0.85, 0.75, 0.85]) {
        let accuracy = figure(compared, "accuracy");
        assert!(accuracy >= least, "{:?}: {accuracy}", compared.baseline);
        let told = compared.outcome.as_ref().expect("it learnt");
        assert_eq!(told.learnt_from, LearntFrom::All);
        assert!(told.n_train > 500);
    }
    // Half of the rows, or a little less, are of the most common class.
    let (majority, auc) = (figure(&all[0], "accuracy"), figure(&all[0], "macro-roc-auc"));
    assert!((0.4..0.55).contains(&majority) && auc == 0.5, "{majority}, {auc}");
}

#[test]
fn rows_learnt_from_and_judged_by_are_those_of_the_model() {
    let csv = table(600);
    let params = Params { patience: Some(3), ..spec(THIRD).params };
    let mut local = Local::new(2);
    local.load(csv.into_bytes(), &Overrides::default()).expect("a table");
    let spec = TrainSpec { params, ..spec(THIRD) };
    let trained = local.train(spec, &|| false).expect("a model").trained.clone();
    let n_train: u64 = trained.n_train.iter().sum();
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test).expect("a test");
    for compared in local.compare(&|| 0.0).expect("baselines") {
        let told = compared.outcome.as_ref().expect("it learnt");
        assert_eq!(u64::from(told.n_train), n_train, "{:?}", compared.baseline);
        // A share of the same test rows is a whole number of them.
        let n_right = figure(&compared, "accuracy") * f64::from(test.n_rows);
        assert!((n_right - n_right.round()).abs() < 1e-9, "{:?}", compared.baseline);
        assert_eq!(told.figures.len(), test.figures.len());
    }
}

#[test]
fn a_baseline_that_cannot_learn_says_why_and_the_others_go_on() {
    let csv = "x,class\n1,a\n5,b\n2,a\n6,b\n1,a\n7,b\n";
    let spec = TrainSpec { target: 1, features: vec![0], ..spec(SplitBy::Random { share: 0.4 }) };
    let all = compared(csv, 2, spec);
    let errors: Vec<(Baseline, JobError)> = all
        .into_iter()
        .filter_map(|compared| Some((compared.baseline, compared.outcome.err()?)))
        .collect();
    let few = JobError::Baseline(LearnError::TooFewRows { needed: 5, found: 4 });
    assert_eq!(few.to_string(), "it needs at least 5 rows to learn from, and there are 4");
    assert_eq!(errors, [(Baseline::Neighbours, few)]);
}

#[test]
fn without_a_model_there_is_nothing_to_compare_with() {
    let mut local = Local::new(1);
    local.load(table(50).into_bytes(), &Overrides::default()).expect("a table");
    assert_eq!(local.compare(&|| 0.0), Err(JobError::NoModel));
}

#[test]
fn the_clock_is_read_as_each_begins_and_ends() {
    let mut local = Local::new(1);
    local.load(table(200).into_bytes(), &Overrides::default()).expect("a table");
    local.train(spec(THIRD), &|| false).expect("a model");
    let n_read = Cell::new(0.0);
    let clock = || {
        n_read.set(n_read.get() + 1.0);
        n_read.get()
    };
    for compared in local.compare(&clock).expect("baselines") {
        assert!(compared.seconds > 0.0, "{compared:?}");
    }
}

#[test]
fn baselines_of_nsl_kdd_are_as_good_as_they_are_known_to_be() {
    let file = gunzip("data/nsl-kdd/KDDTrain+.txt.gz").into_bytes();
    let mut local = Local::new(1);
    local.load(file, &Overrides::default()).expect("a table");
    let two = TrainSpec {
        target: 41,
        classes: ClassesBy::AllBut("normal".to_owned()),
        features: (0..41).filter(|&column| column != 19).collect(),
        split: SplitBy::Random { share: 0.2 },
        params: Params { n_rounds: 5, ..Params::default() },
        weights: Weights::default(),
        holds_out: false,
        eyes: Eyes::default(),
        counting: Counting::default(),
        seed: 7,
    };
    local.train(two, &|| false).expect("a model");
    let start = Instant::now();
    let all = local.compare(&|| start.elapsed().as_secs_f64()).expect("baselines");
    // As measured, less what chance may take.
    for (compared, least) in all.iter().zip([0.53, 0.92, 0.89, 0.968, 0.993, 0.996, 0.993, 0.996]) {
        let [accuracy, f1, auc] = ["accuracy", "f1", "roc-auc"].map(|name| figure(compared, name));
        // Of a constant there is no correlation.
        assert_eq!(compared.baseline == Baseline::Majority, mcc(compared).is_none());
        let Compared { baseline, seconds, .. } = compared;
        let told = compared.outcome.as_ref().expect("it learnt");
        println!(
            "{baseline:?}: accuracy {accuracy:.4}, F1 {f1:.4}, AUC {auc:.4}, MCC {:.4}; {seconds:.1} s, {:?} of {}",
            mcc(compared).unwrap_or(f64::NAN),
            told.learnt_from,
            told.n_train
        );
        assert!(accuracy > least, "{baseline:?}: {accuracy}");
    }
}
