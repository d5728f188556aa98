//! Tune and the curve by rows: whole jobs, with any number of shards.

use std::{cell::Cell, fmt::Write};

use isoscope::{
    cluster::{
        JobError,
        added::Eyes,
        conductor::Grain,
        conductor::TuneWatch,
        counting::{Counting, Weights},
        learned::{ClassesBy, RowSet, SplitBy, TrainSpec},
        local::Local,
        tuned::{ByRows, TuneEnding, TuneSpec, Tuned},
    },
    engine::{boost::Params, text::Overrides},
};

fn local(csv: &str, n_shards: usize) -> Local {
    let grain = Grain { least_range: 64, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    local.load(csv.as_bytes().to_vec(), &Overrides::default()).expect("a table");
    local
}

/// Rows of two classes by two numbers and a word, with some noise; `twist` changes what rows of the file
/// `test` hold.
fn table(n_rows: usize, twist: usize) -> String {
    let mut csv = String::from("part,host,x,y,word,class\n");
    for row in 0..n_rows {
        let is_test = row % 5 == 4;
        let (x, y) = (row * 7919 % 101, row * 104_729 % 97);
        let is_odd = (x > 50) != (y > 60) || row % 23 == 0;
        let (x, is_odd) = if is_test { (x + twist, is_odd != (twist > 0)) } else { (x, is_odd) };
        let word = ["tcp", "udp", "icmp", ""][row % 4];
        let (part, class) =
            (if is_test { "test" } else { "train" }, if is_odd { "bad" } else { "good" });
        writeln!(csv, "{part},h{},{x},{y},{word},{class}", row % 17).expect("a string takes all");
    }
    csv
}

fn spec(split: SplitBy) -> TuneSpec {
    let train = TrainSpec {
        target: 5,
        classes: ClassesBy::Against("bad".to_owned()),
        features: vec![2, 3, 4],
        split,
        params: Params { n_rounds: 12, ..Params::default() },
        weights: Weights::default(),
        holds_out: false,
        eyes: Eyes::default(),
        counting: Counting::default(),
        seed: 7,
    };
    TuneSpec { train, seconds: 60.0 }
}

const THIRD: SplitBy = SplitBy::Random { share: 0.3 };

fn by_file() -> SplitBy {
    SplitBy::File { column: 0, name: "test".to_owned(), share: 0.2 }
}

/// Tunes with a clock that stands, until `n_fits` are done.
fn tune_until(local: &mut Local, spec: TuneSpec, n_fits: u32) -> Result<Tuned, JobError> {
    let done = Cell::new(0);
    local.tune(
        spec,
        &mut TuneWatch {
            tell: &mut |_, _| {},
            so_far: &mut |tuned| done.set(tuned.n_fits),
            is_enough: &|| done.get() >= n_fits,
            now: &|| 0.0,
        },
    )
}

fn tune(csv: &str, n_shards: usize, spec: TuneSpec) -> Result<Tuned, JobError> {
    tune_until(&mut local(csv, n_shards), spec, u32::MAX)
}

#[test]
fn any_number_of_shards_finds_the_same_by_every_split() {
    let csv = table(600, 0);
    let splits = [
        THIRD,
        by_file(),
        SplitBy::Group { column: 1, share: 0.3 },
        SplitBy::Folds { k: 3 },
        SplitBy::Folds { k: 2 },
    ];
    for split in splits {
        for is_balanced in [false, true] {
            let mut spec = spec(split.clone());
            spec.train.weights = if is_balanced { Weights::Balanced } else { Weights::Alike };
            let one = tune(&csv, 1, spec.clone()).expect("settings");
            let many = tune(&csv, 4, spec).expect("settings");
            assert!(one == many, "{split:?}");
            assert_eq!((one.tried.len(), one.ending), (20, TuneEnding::Complete));
            let chosen = &one.tried[one.chosen.expect("one is chosen") as usize];
            let best = &one.tried[one.best.expect("one is best") as usize];
            assert_eq!(chosen.folds.len(), usize::from(one.n_folds));
            assert!(chosen.error <= best.error.map(|e| e + best.deviation.expect("folds")));
            assert!(chosen.depth <= best.depth);
            // An exclusive or is nothing for stumps.
            assert!(chosen.depth > 1 && chosen.error < Some(0.2), "{chosen:?}");
            let stumps: Vec<_> = one.tried.iter().filter(|tried| tried.depth == 1).collect();
            assert!(stumps.iter().all(|tried| tried.is_dropped && tried.folds.len() >= 2));
        }
    }
}

#[test]
fn staged_errors_are_those_of_models_cut_off_there() {
    let csv = table(600, 0);
    let spec = spec(SplitBy::Folds { k: 4 });
    let tuned = tune(&csv, 2, spec.clone()).expect("settings");
    let n = 600.0;
    let mut n_checked = 0;
    for tried in tuned.tried.iter().filter(|tried| !tried.is_dropped) {
        // All folds are of 150 rows, so that the mean of their errors is the error of all rows.
        let (depth, rate, n_rounds) = (tried.depth, tried.rate, tried.n_rounds);
        let params = Params { depth, rate, n_rounds, ..Params::default() };
        let train = TrainSpec { params, ..spec.train.clone() };
        let mut local = local(&csv, 3);
        let trained = &local.train(train, &|| false).expect("a model").trained;
        let test = trained.judged.iter().find(|it| it.set == RowSet::Test).expect("a test");
        let wrong = n - (test.confusion[0] + test.confusion[3]) as f64;
        let error = tried.error.expect("folds");
        assert!((error - wrong / n).abs() < 1e-12, "depth {depth}, rate {rate}: {error}");
        n_checked += 1;
    }
    assert!(n_checked > 2, "{n_checked} settings went through all folds");
}

#[test]
fn the_test_has_no_part_in_it() {
    let (one, other) = (table(600, 0), table(600, 40));
    assert_ne!(one, other);
    let [one, other] = [one, other].map(|csv| tune(&csv, 2, spec(by_file())).expect("settings"));
    assert_eq!(one.tried, other.tried);
    assert_eq!((one.n_rows, one.chosen), ((480, 480), other.chosen));
}

#[test]
fn what_is_known_stays_when_it_is_stopped() {
    let csv = table(600, 0);
    let mut local = local(&csv, 2);
    let tuned = tune_until(&mut local, spec(THIRD), 7).expect("settings");
    assert_eq!((tuned.ending, tuned.n_fits), (TuneEnding::Stopped, 7));
    let with_folds: Vec<_> = tuned.tried.iter().filter(|tried| !tried.folds.is_empty()).collect();
    assert!((6..=7).contains(&with_folds.len()));
    let mut depths: Vec<u32> = with_folds.iter().map(|tried| tried.depth).collect();
    depths.sort_unstable();
    depths.dedup();
    assert_eq!(depths, [1, 2, 3, 4, 5], "shallow and deep trees are known");
    // One fold has no spread: the one with the least error is taken.
    let least = with_folds.iter().filter_map(|tried| tried.error).fold(1.0, f64::min);
    let chosen = &tuned.tried[tuned.chosen.expect("one is chosen") as usize];
    assert_eq!((chosen.error, chosen.deviation), (Some(least), None));
    // Nothing is known of it yet.
    let tuned = tune_until(&mut local, spec(THIRD), 0).expect("an answer");
    assert_eq!((tuned.n_fits, tuned.chosen), (0, None));
    // The shards are as they were.
    assert!(local.train(spec(THIRD).train, &|| false).is_ok());
}

#[test]
fn it_ends_in_time() {
    let csv = table(600, 0);
    let time = Cell::new(0.0);
    let (tell, so_far) =
        (&mut |_, done: f64| assert!((0.0..=1.0).contains(&done)), &mut |_: &_| {});
    let now = || {
        time.set(time.get() + 0.5);
        time.get()
    };
    let mut spec = spec(THIRD);
    spec.seconds = 30.0;
    let mut watch = TuneWatch { tell, so_far, is_enough: &|| false, now: &now };
    let tuned = local(&csv, 2).tune(spec, &mut watch).expect("settings");
    assert_eq!(tuned.ending, TuneEnding::TimeUp);
    assert!((30.0..33.0).contains(&time.get()), "{}", time.get());
    assert!(tuned.n_fits > 0 && tuned.tried.iter().any(|tried| tried.seconds > 0.0));
}

#[test]
fn what_cannot_be_tuned_is_told() {
    let csv = "g,x,class\n".to_owned() + &"a,1,yes\nb,2,no\n".repeat(20);
    let with = |target, split| {
        let mut spec = spec(split);
        spec.train.classes = ClassesBy::Values;
        (spec.train.target, spec.train.features) = (target, vec![1]);
        tune(&csv, 2, spec).expect_err("an error")
    };
    let groups = with(2, SplitBy::Group { column: 0, share: 0.5 });
    assert!(matches!(groups, JobError::OneClassLearnt { .. }), "{groups:?}");
    let mut csv = String::from("g,x,class\n");
    for row in 0..60 {
        writeln!(csv, "{},{row},{}", ["a", "b", "c"][row % 3], ["yes", "no"][row % 2])
            .expect("room");
    }
    let mut spec = spec(SplitBy::Group { column: 0, share: 0.3 });
    spec.train.classes = ClassesBy::Values;
    (spec.train.target, spec.train.features) = (2, vec![1]);
    let error = tune(&csv, 2, spec).expect_err("an error");
    assert_eq!(error.to_string(), "2 groups do not make 5 folds, of which there are at least 2");
}

fn by_rows(csv: &str, n_shards: usize, train: TrainSpec) -> (ByRows, f64) {
    let mut local = local(csv, n_shards);
    let trained = local.train(train, &|| false).expect("a model").trained.clone();
    let test = trained.judged.iter().find(|it| it.set == RowSet::Test).expect("a test");
    let accuracy = test.figures.iter().find(|it| it.name == "accuracy").expect("it is there");
    (local.by_rows(&|| false).expect("a curve"), 1.0 - accuracy.value.expect("rows"))
}

#[test]
fn more_rows_are_told_to_help() {
    let csv = table(3_000, 0);
    for split in [THIRD, by_file(), SplitBy::Folds { k: 3 }] {
        for patience in [None, Some(5)] {
            let mut train = spec(split.clone()).train;
            train.params.patience = patience;
            let (curve, error) = by_rows(&csv, 1, train.clone());
            assert_eq!((curve.clone(), error), by_rows(&csv, 3, train));
            let n_rows: Vec<u32> = curve.points.iter().map(|point| point.n_rows).collect();
            let all = n_rows[4];
            assert_eq!(n_rows.len(), 5);
            for (n, share) in n_rows.iter().zip([16, 8, 4, 2, 1]) {
                assert!(n.abs_diff(all / share) <= 2, "{n_rows:?}");
            }
            let share = |at: usize| {
                let point = &curve.points[at];
                f64::from(point.n_wrong) / f64::from(point.n_test)
            };
            assert!((share(4) - error).abs() < 1e-12, "the last point is the model's");
            assert!(share(0) > share(4) + 0.02, "{:?}", curve.points);
            let last = &curve.points[4];
            assert!(last.interval.low < share(4) && share(4) < last.interval.high);
        }
    }
}

#[test]
fn a_curve_by_rows_that_is_stopped_has_the_points_so_far() {
    let csv = table(600, 0);
    let mut local = local(&csv, 2);
    assert_eq!(local.by_rows(&|| false).expect_err("no model"), JobError::NoModel);
    let mut train = spec(THIRD).train;
    train.params.depth = 1;
    local.train(train, &|| false).expect("a model");
    // The first fit asks after each of its thirteen orders, and once more when it is done.
    let asked = Cell::new(0);
    let is_enough = || {
        asked.set(asked.get() + 1);
        asked.get() > 15
    };
    let curve = local.by_rows(&is_enough).expect("a curve");
    assert_eq!(curve.points.len(), 2, "that of a sixteenth, and that of all rows");
}

#[test]
fn a_rare_class_that_no_part_has_leaves_a_gap() {
    let mut csv = String::from("a,b,x,y,word,class\n");
    for row in 0..200 {
        let class = if row == 3 { "bad" } else { "good" };
        writeln!(csv, "p,h,{},{},w,{class}", row % 7, row % 5).expect("room");
    }
    let (curve, _) = by_rows(&csv, 2, spec(THIRD).train);
    assert_eq!(curve.points.len(), 1, "{:?}", curve.points);
}
