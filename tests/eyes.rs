//! Columns that eyes add to a training: from which rows, for which model, and whether they help.

mod forest_support;

use std::fmt::Write;

use forest_support::gunzip;
use isoscope::{
    cluster::{
        JobError,
        added::{CENTRES, Eyes},
        conductor::Grain,
        counting::{Counting, Line, Muted, Weights},
        learned::{ClassesBy, RowSet, SplitBy, TrainSpec, Trained},
        local::Local,
        source::{Choice, Given},
    },
    engine::{
        boost::{Ending, Params},
        evaluate::mcnemar,
        text::Overrides,
    },
};

const ALL: Eyes = Eyes { forest: true, neighbours: true, centres: true };
const NONE: Eyes = Eyes { forest: false, neighbours: false, centres: false };
const THIRD: SplitBy = SplitBy::Random { share: 0.3 };

/// Rows of two classes, one of which lies in heaps of the other, by two numbers and a word; the last third
/// is another file. `turned` turns the numbers of that file among its rows.
fn table(n_rows: usize, turned: usize) -> String {
    let mut csv = String::from("x,y,word,class,file\n");
    let first = n_rows * 2 / 3;
    for row in 0..n_rows {
        let from =
            if row < first { row } else { first + (row + turned - first) % (n_rows - first) };
        let (x, y) = (from * 7919 % 101, from * 104_729 % 97);
        let word = ["tcp", "udp", "icmp", ""][from % 4];
        let (left, up) = (x as f64 - 50.0, y as f64 - 48.0);
        let is_in = left * left + up * up < 900.0;
        let class = if is_in == (row % 31 == 0) { "out" } else { "in" };
        let file = if row < first { "one" } else { "two" };
        writeln!(csv, "{x},{y},{word},{class},{file}").expect("a string takes all");
    }
    csv
}

fn local(csv: &str, n_shards: usize) -> Local {
    let grain = Grain { least_range: 64, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    local.load(csv.as_bytes().to_vec(), &Overrides::default()).expect("a table");
    local
}

fn spec(split: SplitBy, eyes: Eyes) -> TrainSpec {
    TrainSpec {
        target: 3,
        classes: ClassesBy::Against("in".to_owned()),
        features: vec![0, 1, 2],
        split,
        params: Params { depth: 1, n_rounds: 15, rate: 1.0, ..Params::default() },
        weights: Weights::Alike,
        holds_out: false,
        eyes,
        seed: 7,
        counting: Counting::default(),
    }
}

fn train(local: &mut Local, spec: TrainSpec) -> Trained {
    (*local.train(spec, &|| false).expect("a model").trained).clone()
}

fn figure(trained: &Trained, name: &str) -> f64 {
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test).expect("a test");
    let measure = test.figures.iter().find(|measure| measure.name == name);
    measure.unwrap_or_else(|| panic!("no {name}")).value.expect("it is defined")
}

#[test]
fn any_number_of_shards_measures_and_learns_the_same() {
    let csv = table(600, 0);
    for split in [THIRD, SplitBy::Folds { k: 3 }] {
        for depth in [1, 3] {
            let params = Params { depth, n_rounds: 8, ..Params::default() };
            let spec = TrainSpec { params, ..spec(split.clone(), ALL) };
            let one = train(&mut local(&csv, 1), spec.clone());
            assert_eq!(one.added.len(), 2 + CENTRES);
            for n_shards in [2, 3] {
                let many = train(&mut local(&csv, n_shards), spec.clone());
                assert!(one == many, "{:?} by {n_shards} shards is not the same", spec.split);
            }
        }
    }
}

#[test]
fn eyes_learn_from_the_training_rows_alone() {
    let split = SplitBy::File { column: 4, name: "two".to_owned(), share: 0.2 };
    let learnt = |turned: usize| {
        let mut local = local(&table(600, turned), 2);
        let spec = spec(split.clone(), ALL);
        let classifier = local.train(spec, &|| false).expect("a model");
        let trained = (*classifier.trained).clone();
        (classifier.model.rounds.clone(), trained.columns.clone(), trained)
    };
    let (rounds, columns, trained) = learnt(0);
    for turned in [1, 77] {
        let (other_rounds, other_columns, other) = learnt(turned);
        assert!(rounds == other_rounds && columns == other_columns, "turned by {turned}");
        // Rows of the training are told the same, and those of the test were really others.
        assert_eq!(trained.margins[..400], other.margins[..400]);
        assert_ne!(trained.margins[400..], other.margins[400..]);
    }
    assert!(columns.iter().any(|column| column.column >= 5), "added columns are asked for");
}

#[test]
fn what_is_said_of_help_is_what_two_trainings_come_to() {
    let mut local = local(&table(900, 0), 2);
    for (split, holds_out, line) in [
        (THIRD, false, Line::Even),
        (THIRD, true, Line::FalseAlarms(0.05)),
        (SplitBy::Folds { k: 3 }, false, Line::At(0.25)),
    ] {
        let counting = Counting { line, ..Counting::default() };
        let spec = TrainSpec { holds_out, counting, ..spec(split.clone(), NONE) };
        let without = train(&mut local, spec.clone());
        assert_eq!((without.helped.clone(), without.added.len()), (None, 0));
        let with = train(&mut local, TrainSpec { eyes: ALL, ..spec });
        let helped = with.helped.clone().expect("they were compared");
        let n_rows = f64::from(helped.n_rows);
        for (which, trained) in [&without, &with].into_iter().enumerate() {
            let share = f64::from(helped.right[which]) / n_rows;
            assert!((share - figure(trained, "accuracy")).abs() < 1e-12, "{split:?} {which}");
            assert_eq!(helped.roc_auc[which], Some(figure(trained, "roc-auc")));
        }
        let [first, second] = helped.only.map(u64::from);
        assert_eq!(helped.right[1] + helped.only[0], helped.right[0] + helped.only[1]);
        assert_eq!(helped.p, mcnemar(first, second));
        if holds_out {
            // Of a single test every row's class is known from both models.
            let only = |right: &Trained, wrong: &Trained| {
                let judged = &right.judged[0];
                assert_eq!(judged.set, RowSet::Test);
                let rows = 0..right.truth.len();
                let differs = rows.filter(|&row| {
                    right.predicted[row] == right.truth[row]
                        && wrong.predicted[row] != right.truth[row]
                });
                differs.count() as u32
            };
            assert!(helped.only[1] <= only(&with, &without) && helped.only[1] > 0);
        }
    }
}

#[test]
fn heaps_that_no_column_tells_are_told_by_their_centres() {
    let mut csv = String::from("x,y,word,class\n");
    for row in 0..800 {
        let (left, up) = (row % 2, row / 2 % 2);
        let (x, y) = (left * 500 + row * 7919 % 101, up * 500 + row * 104_729 % 97);
        let class = if (left == up) == (row % 37 == 0) { "out" } else { "in" };
        writeln!(csv, "{x},{y},{},{class}", ["tcp", "udp"][row % 3 % 2]).expect("memory");
    }
    let centres = Eyes { centres: true, ..NONE };
    let trained = train(&mut local(&csv, 2), spec(THIRD, centres));
    let helped = trained.helped.expect("they were compared");
    let share = |which: usize| f64::from(helped.right[which]) / f64::from(helped.n_rows);
    assert!(share(0) < 0.7 && share(1) > 0.95 && helped.p < 1e-9, "{helped:?}");
    assert!(trained.columns[0].column >= 4, "a distance is weighed most");
}

#[test]
fn votes_of_added_columns_are_told_muted_and_written() {
    let csv = table(500, 0);
    let mut local = local(&csv, 3);
    let trained = train(&mut local, spec(THIRD, ALL));
    let profile = local.table().expect("a table").profile.clone();
    let columns = trained.columns_of_model(&profile);
    assert_eq!(columns, (0..3).chain(5..15).collect::<Vec<u32>>());
    assert_eq!(trained.name(&profile, 5), "forest score");
    assert_eq!(trained.name(&profile, 14), "distance to centre 8");
    for row in [0, 250, 499] {
        let votes = local.votes(row).expect("votes");
        assert_eq!(votes.by_column.len(), columns.len());
        let sum: f64 = votes.by_column.iter().sum();
        assert!((sum - votes.votes[0]).abs() < 1e-9);
    }
    let heard = trained.columns.iter().find(|column| column.column >= 5).expect("an added one");
    assert!(!heard.steps.is_empty(), "stumps say what they say of which measures");
    let muted = vec![Muted { column: heard.column, at: None }];
    let counting = Counting { muted, ..Counting::default() };
    let again = (*local.recount(counting.clone()).expect("a count").trained).clone();
    assert_ne!(again.predicted, trained.predicted);
    let asked = TrainSpec { counting, ..spec(THIRD, ALL) };
    assert!(again == train(&mut local, asked), "muted from the start it is the same");

    let text = local.model("a.csv").expect("a model");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let features = json["features"].as_array().expect("a list");
    assert_eq!(features.len(), columns.len());
    let eyes: Vec<&str> = features.iter().filter_map(|feature| feature["eye"].as_str()).collect();
    assert_eq!(eyes[..3], ["forest", "lof", "centres"]);
    assert_eq!((eyes.len(), features[3]["name"].as_str()), (10, Some("forest score")));
}

#[test]
fn added_columns_have_names_that_no_column_has() {
    let csv = table(300, 0).replacen("x,y", "forest score,distance to centre 2", 1);
    let mut local = local(&csv, 2);
    let trained = train(&mut local, spec(THIRD, ALL));
    assert_eq!(trained.added[0], "forest score (added)");
    assert_eq!(trained.added[2..4], ["distance to centre 1", "distance to centre 2 (added)"]);
}

#[test]
fn a_model_outlives_trainings_that_come_to_nothing() {
    let mut local = local(&table(600, 0), 2);
    let trained = train(&mut local, spec(THIRD, ALL));
    let asked = |local: &mut Local| {
        let muted = vec![Muted { column: 5, at: None }];
        let counting = Counting { muted, ..Counting::default() };
        let votes: Vec<_> = [1, 300, 599].map(|row| local.votes(row).expect("votes")).to_vec();
        let recounted = local.recount(counting).expect("a count").trained.predicted.to_vec();
        let back = (*local.recount(Counting::default()).expect("a count").trained).clone();
        (votes, recounted, back)
    };
    let before = asked(&mut local);
    assert!(before.2 == trained);
    // It fails when rows are measured already: no row is held out that could set a line.
    let counting = Counting { line: Line::FalseAlarms(0.01), ..Counting::default() };
    let failing = TrainSpec { counting, seed: 8, ..spec(THIRD, ALL) };
    let error = local.train(failing, &|| false).expect_err("no row is held out");
    assert!(matches!(error, JobError::NoneHeldOut { .. }), "{error}");
    assert!(asked(&mut local) == before);
    // Nor does a look at fewer rows, which measures too, touch it.
    local.by_rows(&|| false).expect("a curve");
    assert!(asked(&mut local) == before);
    // The next one that stands takes its place, with other columns or none.
    train(&mut local, spec(THIRD, NONE));
    assert_eq!(local.votes(3).expect("votes").by_column.len(), 3);
    let other = Eyes { neighbours: true, ..NONE };
    assert_eq!(train(&mut local, spec(THIRD, other)).added, ["local outlier factor"]);
    assert_eq!(local.votes(3).expect("votes").by_column.len(), 4);
}

#[test]
fn whoever_has_enough_waits_for_no_comparison() {
    let mut local = local(&table(400, 0), 2);
    let n_asked = std::cell::Cell::new(0);
    let is_enough = || {
        n_asked.set(n_asked.get() + 1);
        n_asked.get() >= 5
    };
    let trained = &local.train(spec(THIRD, ALL), &is_enough).expect("a model").trained;
    assert_eq!((trained.ending, trained.n_rounds), (Ending::GivenUp, 4));
    assert_eq!((trained.helped.is_none(), trained.added.len()), (true, 10));
}

#[test]
fn fewer_rows_are_measured_by_eyes_of_their_own() {
    let csv = table(600, 0);
    let curve = |n_shards, eyes| {
        let mut local = local(&csv, n_shards);
        let trained = train(&mut local, spec(THIRD, eyes));
        let points = local.by_rows(&|| false).expect("a curve").points;
        let last = points.last().expect("the model's own");
        let share = f64::from(last.n_wrong) / f64::from(last.n_test);
        assert!((share - (1.0 - figure(&trained, "accuracy"))).abs() < 1e-12);
        points
    };
    let eyed = curve(1, ALL);
    assert_eq!(eyed, curve(3, ALL));
    assert_ne!(eyed, curve(1, NONE));
}

#[test]
fn too_little_to_compare_rows_with_is_said_in_a_sentence() {
    let mut local = local("x,class\n1,a\n1,b\n1,a\n1,b\n1,a\n1,b\n1,a\n2,b\n", 2);
    let eyes = Eyes { neighbours: true, ..NONE };
    let split = SplitBy::Random { share: 0.5 };
    let with =
        TrainSpec { target: 1, classes: ClassesBy::Values, features: vec![0], ..spec(split, eyes) };
    let error = local.train(with, &|| false).expect_err("too few");
    println!("{error}");
    assert!(matches!(error, JobError::Neighbours(_) | JobError::Boost(_)), "{error}");
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
        ..spec(SplitBy::File { column, name: "KDDTest+.txt".to_owned(), share: 0.2 }, NONE)
    };
    (local, spec)
}

/// The figures behind what is said of them in `cluster/added.rs`.
#[test]
fn attacks_of_unknown_kinds_are_told_no_better_with_eyes() {
    let (mut local, spec) = nsl_kdd();
    for eyes in [1, 2, 4, 7] {
        let eyes = Eyes::of([eyes & 1 > 0, eyes & 2 > 0, eyes & 4 > 0]);
        let trained = train(&mut local, TrainSpec { eyes, ..spec.clone() });
        let helped = trained.helped.expect("they were compared");
        println!("{}: {helped:?}", eyes.words());
        assert_eq!(helped.n_rows, 22_544);
        // With other seeds some help and others do harm, by as much: it is chance.
        assert!(helped.right[1] <= helped.right[0], "they help: say so where they are chosen");
    }
}
