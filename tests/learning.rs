//! Whole trainings: from a file to a model and its figures, with any number of shards.

mod forest_support;

use std::{cell::Cell, collections::BTreeSet, fmt::Write, fs::File, io::Read};

use flate2::read::GzDecoder;
use forest_support::{gunzip, shared};
use isoscope::{
    cluster::{
        JobError,
        added::Eyes,
        conductor::Grain,
        counting::{Counting, Weights},
        learned::{
            ClassesBy, Judged, NO_CLASS, OfClass, RowSet, SplitBy, StepValues, TrainSpec, Trained,
        },
        local::Local,
    },
    engine::{
        boost::{Ending, FitError, Params},
        evaluate::{SplitError, SplitNote},
        forest::ForestParams,
        text::Overrides,
    },
    protocol::Role,
};

fn local(csv: &str, n_shards: usize) -> Local {
    // So fine that every shard has rows, and so few of them that the conductor trains alone.
    let grain = Grain { least_range: 64, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    local.load(csv.as_bytes().to_vec(), &Overrides::default()).expect("a table");
    local
}

fn spec(target: u32, features: &[u32], split: SplitBy) -> TrainSpec {
    TrainSpec {
        target,
        classes: ClassesBy::Values,
        features: features.to_vec(),
        split,
        params: Params { n_rounds: 20, ..stumps() },
        weights: Weights::Alike,
        holds_out: false,
        eyes: Eyes::default(),
        seed: 7,
        counting: Counting::default(),
    }
}

/// The settings that a model of stumps has by itself.
fn stumps() -> Params {
    Params { depth: 1, rate: 1.0, ..Params::default() }
}

const THIRD: SplitBy = SplitBy::Random { share: 0.3 };

/// Rows of three classes by two numbers and a word; some have no class.
fn table(n_rows: usize) -> String {
    let mut csv = String::from("host,when,x,y,word,class\n");
    for row in 0..n_rows {
        let (x, y) = (row * 7919 % 101, row * 104_729 % 97);
        let word = ["tcp", "udp", "icmp", ""][row % 4];
        let class = match row % 29 {
            0 => "",
            noise if noise == 1 || x <= 50 && y > 60 => "b",
            _ if x > 50 => "a",
            _ => "c",
        };
        let (minute, second) = (row / 60 % 60, row % 60);
        let host = row % 13;
        writeln!(csv, "h{host},2026-05-04 09:{minute:02}:{second:02},{x},{y},{word},{class}")
            .expect("a string takes all");
    }
    csv
}

fn figure(judged: &Judged, name: &str) -> f64 {
    let measure = judged.figures.iter().find(|measure| measure.name == name);
    measure.unwrap_or_else(|| panic!("no {name}")).value.expect("it is defined")
}

fn of(trained: &Trained, set: RowSet) -> &Judged {
    trained.judged.iter().find(|judged| judged.set == set).expect("it was judged")
}

/// How many rows are of a class.
fn of_class(truth: &[u8], class: u8) -> u32 {
    truth.iter().map(|&there| u32::from(there == class)).sum()
}

fn train(csv: &str, n_shards: usize, spec: TrainSpec) -> Result<Trained, JobError> {
    let mut local = local(csv, n_shards);
    local.train(spec, &|| false).map(|classifier| (*classifier.trained).clone())
}

/// As [`train`], where every shard keeps its rows and helps, but for the first.
fn helped(csv: &str, n_shards: usize, spec: TrainSpec) -> Result<Trained, JobError> {
    let grain = Grain { worth_a_message: 0, ..Grain::default() };
    let mut local = local(csv, n_shards).with_grain(grain);
    local.train(spec, &|| false).map(|classifier| (*classifier.trained).clone())
}

#[test]
fn any_number_of_shards_learns_the_same_by_every_split() {
    let csv = table(900);
    let splits = [
        THIRD,
        SplitBy::Time { column: 1, share: 0.25 },
        SplitBy::Group { column: 0, share: 0.3 },
        SplitBy::Folds { k: 4 },
    ];
    for split in splits {
        for classes in [ClassesBy::Values, ClassesBy::AllBut("c".to_owned())] {
            for (depth, patience) in [(1, None), (3, Some(5))] {
                let params = Params { depth, patience, n_rounds: 12, ..stumps() };
                let spec = TrainSpec {
                    classes: classes.clone(),
                    params,
                    ..spec(5, &[2, 3, 4, 5], split.clone())
                };
                let one = train(&csv, 1, spec.clone()).expect("a model");
                let many = train(&csv, 4, spec.clone()).expect("a model");
                assert!(one == many, "{:?} by {depth} is not the same", one.spec.split);
                let helped = helped(&csv, 4, spec).expect("a model");
                assert!(one == helped, "{:?} by {depth} is not the same", one.spec.split);
                assert_eq!(one.spec.features, [2, 3, 4], "the target is no feature");
                let test = of(&one, RowSet::Test);
                assert!(figure(test, "accuracy") > 0.8, "{:?}", test.figures);
                assert_eq!(one.n_unlabelled, 900_u32.div_ceil(29));
                let n_labelled = 900 - one.n_unlabelled;
                if matches!(one.spec.split, SplitBy::Folds { .. }) {
                    assert_eq!((test.n_rows, one.watched.is_some()), (n_labelled, depth == 3));
                } else {
                    let n: u32 = one.judged.iter().map(|judged| judged.n_rows).sum();
                    assert_eq!(n, n_labelled);
                }
                assert_eq!(one.judged.len(), if depth == 3 { 3 } else { 2 });
            }
        }
    }
}

#[test]
fn figures_are_those_of_the_rows_as_they_are_classified() {
    let csv = table(600);
    let trained = train(&csv, 2, spec(5, &[2, 3, 4], THIRD)).expect("a model");
    let truth = &trained.truth;
    assert_eq!(of_class(truth, NO_CLASS), trained.n_unlabelled);
    // Train and test together are all rows that have a class.
    let n_right: u64 = trained
        .judged
        .iter()
        .flat_map(|judged| (0..3).map(|class| judged.confusion[class * 3 + class]))
        .sum();
    let right = truth.iter().zip(trained.predicted.iter()).filter(|(a, b)| a == b).count();
    assert_eq!(n_right, right as u64);
    // The curve ends where the figures stand.
    let last = trained.curve.last().expect("rounds");
    let wrong = |set| 1.0 - figure(of(&trained, set), "accuracy");
    assert!((last.train - wrong(RowSet::Train)).abs() < 1e-12);
    assert!((last.watched.expect("a test") - wrong(RowSet::Test)).abs() < 1e-12);
    assert_eq!(trained.watched, Some(RowSet::Test));
    assert!(trained.margins.iter().all(|margin| (0.0..=1.0).contains(margin)));
}

#[test]
fn every_figure_of_the_test_is_there_with_its_interval() {
    let many = [
        "accuracy",
        "balanced-accuracy",
        "mcc",
        "macro-precision",
        "macro-recall",
        "macro-f1",
        "macro-f2",
        "weighted-precision",
        "weighted-recall",
        "weighted-f1",
        "weighted-f2",
        "macro-roc-auc",
        "macro-average-precision",
        "weighted-roc-auc",
        "weighted-average-precision",
    ];
    let two =
        ["precision", "recall", "f1", "f2", "roc-auc", "average-precision", "false-positive-rate"];
    let csv = table(1_200);
    let of_classes =
        [(ClassesBy::Values, vec![]), (ClassesBy::AllBut("c".to_owned()), two.to_vec())];
    for (classes, own) in of_classes {
        // Few rounds, so that there is something wrong to draw again.
        let params = Params { n_rounds: 3, ..stumps() };
        let spec = TrainSpec { classes, params, ..spec(5, &[2, 3, 4], THIRD) };
        let trained = train(&csv, 2, spec).expect("a model");
        let test = of(&trained, RowSet::Test);
        let names: Vec<&str> = test.figures.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, [&many[..3], &own[..], &many[3..]].concat());
        let of_classes = test.classes.iter().flat_map(|class| &class.figures);
        for measure in test.figures.iter().chain(of_classes) {
            let (value, interval) = (measure.value.expect("it exists"), measure.interval);
            let interval = interval.unwrap_or_else(|| panic!("{} has none", measure.name));
            assert!(interval.low <= value && value <= interval.high, "{measure:?}");
            assert!(interval.low < interval.high && interval.high - interval.low < 0.4);
        }
        assert_eq!(
            test.classes.iter().map(|class| class.support).sum::<u64>(),
            u64::from(test.n_rows)
        );
        let mean = |name: &str| {
            let own = |class: &OfClass| class.figures.iter().find(|it| it.name == name).cloned();
            let values = test.classes.iter().map(|class| own(class).expect("it is there").value);
            values.map(|value| value.expect("it exists")).sum::<f64>() / test.classes.len() as f64
        };
        for name in ["precision", "recall", "f1", "roc-auc", "average-precision"] {
            let own = figure(test, &format!("macro-{name}"));
            assert!((own - mean(name)).abs() < 1e-12, "{name}");
        }
        // Intervals are for the test: other sets are not to be compared by.
        let train = of(&trained, RowSet::Train);
        assert!(train.figures.iter().all(|measure| measure.interval.is_none()));
    }
}

#[test]
fn stumps_say_what_they_have_learnt_in_steps() {
    let csv = table(600);
    let one =
        TrainSpec { classes: ClassesBy::Against("a".to_owned()), ..spec(5, &[2, 3, 4], THIRD) };
    let trained = train(&csv, 2, one).expect("a model");
    assert_eq!(trained.classes, ["not a", "a"]);
    let first = &trained.columns[0];
    assert_eq!(first.column, 2, "x tells");
    let of_x = |x: f64| {
        let is_on = |values: &StepValues| match values {
            StepValues::Range(low, high) => (*low..=*high).contains(&x),
            _ => false,
        };
        first.steps.iter().find(|step| is_on(&step.values)).expect("a step").votes[0]
    };
    assert!(of_x(50.0) < 0.0 && of_x(51.0) > 0.0);
    let n_rows: u64 = first.steps.iter().map(|step| step.n_rows).sum();
    assert_eq!(n_rows, trained.n_train.iter().sum::<u64>());
}

#[test]
fn what_flatters_a_test_is_found() {
    // A column that gives the class away, rows that repeat, and two that contradict each other.
    let mut csv = String::from("x,noise,tell,class\n");
    for row in 0..400 {
        let class = row % 2;
        let (x, noise, tell) = (row % 4 / 2, row % 50, class * 10 + row % 3);
        writeln!(csv, "{x},{noise},{tell},{class}").expect("a string takes all");
    }
    let trained = train(&csv, 3, spec(3, &[0, 1, 2], THIRD)).expect("a model");
    let telltales: Vec<u32> = trained.leakage.telltales.iter().map(|told| told.0).collect();
    assert_eq!(telltales, [2]);
    assert_eq!(trained.ending, Ending::Explained);
    assert!(trained.leakage.n_twins > 0);
    let without = train(&csv, 1, spec(3, &[0], THIRD)).expect("a model").leakage;
    assert!(without.telltales.is_empty());
    let n_test = 120;
    assert_eq!((without.n_twins, without.contradictions), (n_test, (2, 280)));
    assert_eq!(without.without_twins, None, "no row is left");
    // With folds each row is judged once, by a model of the others.
    let folds = spec(3, &[0, 1, 2], SplitBy::Folds { k: 4 });
    let folded = train(&csv, 2, folds).expect("a model").leakage;
    assert_eq!(folded.telltales.iter().map(|told| told.0).collect::<Vec<_>>(), [2]);
    assert!(folded.n_twins > 0 && folded.n_twins <= 400, "{}", folded.n_twins);
    let judged = folded.without_twins.map_or(0, |judged| judged.n_rows);
    assert_eq!(judged, 400 - folded.n_twins);
    let folded = train(&csv, 2, spec(3, &[0], SplitBy::Folds { k: 4 })).expect("a model").leakage;
    assert_eq!((folded.n_twins, folded.contradictions), (400, (2, 400)));
}

#[test]
fn a_class_of_the_test_that_was_never_learnt_is_told_and_wrong() {
    let mut csv = String::from("file,x,class\n");
    for row in 0..200 {
        let class = if row >= 180 { "new" } else { ["a", "b"][row % 2] };
        let (file, x) = (if row < 120 { "one" } else { "two" }, row % 2 * 5 + row % 3);
        writeln!(csv, "{file},{x},{class}").expect("a string takes all");
    }
    let split = SplitBy::File { column: 0, name: "two".to_owned(), share: 0.2 };
    let trained = train(&csv, 2, spec(2, &[1], split)).expect("a model");
    assert_eq!(trained.classes, ["a", "b"]);
    assert_eq!(trained.leakage.unseen, [("new".to_owned(), 20)]);
    let test = of(&trained, RowSet::Test);
    assert_eq!((test.n_rows, test.confusion.len()), (80, 6));
    assert_eq!(test.confusion[4] + test.confusion[5], 20);
    assert!((figure(test, "accuracy") - 0.75).abs() < 1e-12);
    assert_eq!(of_class(&trained.truth, 2), 20);
}

#[test]
fn rounds_so_far_stay_when_they_are_enough() {
    let mut local = local(&table(600), 2);
    let n_asked = Cell::new(0);
    let is_enough = || {
        n_asked.set(n_asked.get() + 1);
        n_asked.get() == 5
    };
    let trained = &local.train(spec(5, &[2, 3, 4], THIRD), &is_enough).expect("a model").trained;
    // The first question comes before the first tree has voted.
    assert_eq!((trained.n_rounds, trained.ending), (4, Ending::GivenUp));
    assert_eq!(trained.curve.len(), 4);
}

#[test]
fn a_class_that_nothing_judges_is_told_by_its_name() {
    // Of the classes by name, a is never learnt, and c is in no row that judges.
    let mut csv = String::from("g,x,class\n");
    for row in 0..40 {
        let (group, class) = if row < 20 { ("p", ["b", "c"]) } else { ("q", ["a", "b"]) };
        writeln!(csv, "{group},{row},{}", class[row % 2]).expect("a string");
    }
    let names = |seed| {
        let by_group = SplitBy::Group { column: 0, share: 0.5 };
        let spec = TrainSpec { seed, ..spec(2, &[1], by_group) };
        let trained = train(&csv, 2, spec).expect("a model");
        assert_eq!(trained.classes.len(), 2);
        let named = trained.notes.iter().filter_map(|note| match *note {
            SplitNote::NotTested { class } => Some(trained.classes[usize::from(class)].clone()),
            _ => None,
        });
        named.collect::<Vec<_>>()
    };
    let seen: BTreeSet<Vec<String>> = (0..20).map(names).collect();
    assert_eq!(seen, [vec!["a".to_owned()], vec!["c".to_owned()]].into());
}

#[test]
fn a_target_that_cannot_be_learnt_is_said_in_a_sentence() {
    let csv = table(300);
    let ask = |spec: TrainSpec| train(&csv, 2, spec).expect_err("it cannot be learnt");
    let with = |classes: ClassesBy| TrainSpec { classes, ..spec(5, &[2, 3], THIRD) };
    let none = ask(with(ClassesBy::Against("d".to_owned())));
    assert_eq!(none.to_string(), "no row of column class is d: choose another class");
    let many = train(&table(900), 1, spec(1, &[2], THIRD)).expect_err("too many");
    assert!(many.to_string().contains("has 900 classes"), "{many}");
    assert_eq!(ask(with(ClassesBy::From(3.0))), JobError::NotNumbers { column: "class".into() });
    assert_eq!(ask(spec(9, &[2], THIRD)), JobError::NoSuchColumn { column: 9, n_columns: 6 });
    assert_eq!(ask(spec(5, &[5], THIRD)), JobError::NoFeatures);
    let no_share = ask(spec(5, &[2], SplitBy::Random { share: 1.0 }));
    assert_eq!(no_share, JobError::Split(SplitError::NoShare));
    let one = "x,y,class\n1,2,a\n2,3,a\n3,4,a\n";
    let one = train(one, 1, spec(2, &[0, 1], THIRD)).expect_err("one class");
    assert_eq!(one.to_string(), "column class has only one class, “a”: choose another column");
    // Both a are of one group, so one of the two classes is all there is to learn from.
    let groups = "g,x,class\np,1,a\np,2,a\nq,3,b\nq,4,b\n";
    let by_group = SplitBy::Group { column: 0, share: 0.5 };
    let learnt = train(groups, 1, spec(2, &[1], by_group)).expect_err("one class is learnt");
    assert!(matches!(learnt, JobError::OneClassLearnt { .. }), "{learnt}");
    let constant = "x,class\n1,a\n1,b\n1,a\n1,b\n1,a\n1,b\n";
    let error = train(constant, 2, spec(1, &[0], THIRD)).expect_err("nothing varies");
    assert_eq!(error, JobError::Boost(FitError::NothingVaries));
    // A column that never varies takes no part unless a person says so.
    let error = train(constant, 2, spec(1, &[], THIRD)).expect_err("nothing varies");
    assert_eq!(error, JobError::Boost(FitError::NothingVaries));
    assert_eq!(
        error.to_string(),
        "every column to learn from holds one value only in the rows to learn from: choose a file with other \
         columns, or in Inspect give one the role feature"
    );
    let alone = train("class\na\nb\na\nb\n", 2, spec(0, &[], THIRD)).expect_err("no column");
    assert_eq!(
        alone.to_string(),
        "there is no column beside class to learn from: choose a file with more columns"
    );
    let two = train("x,class\n1,a\n2,b\n", 2, spec(1, &[0], THIRD)).expect_err("a row each");
    assert_eq!(
        two.to_string(),
        "no row is left to judge by, as the rows cannot be parted: every class has just one, or all are of one \
         time, group or file. Choose a file with more rows, or split them another way"
    );
}

#[test]
fn a_class_of_one_row_is_learnt_and_told() {
    let csv = table(300) + "h1,2026-05-04 10:00:00,5,5,tcp,once\n";
    let trained = train(&csv, 2, spec(5, &[2, 3, 4], THIRD)).expect("a model");
    assert_eq!(trained.classes, ["a", "b", "c", "once"]);
    let once = trained.n_train[3];
    assert_eq!((once, trained.notes.len()), (1, 1), "{:?}", trained.notes);
}

#[test]
fn nsl_kdd_is_learnt_as_well_in_shards_as_in_one_piece() {
    let file = gunzip("data/nsl-kdd/KDDTrain+.txt.gz").into_bytes();
    let mut local = Local::new(2);
    local.load(file, &Overrides::default()).expect("a table");
    let spec = TrainSpec {
        target: 41,
        classes: ClassesBy::AllBut("normal".to_owned()),
        features: (0..41).filter(|&column| column != 19).collect(),
        split: SplitBy::Random { share: 0.2 },
        params: Params { n_rounds: 114, ..stumps() },
        weights: Weights::Alike,
        holds_out: false,
        eyes: Eyes::default(),
        seed: 7,
        counting: Counting::default(),
    };
    let families = TrainSpec {
        classes: ClassesBy::Families,
        params: Params { n_rounds: 20, ..stumps() },
        ..spec.clone()
    };
    let trained = &local.train(spec, &|| false).expect("a model").trained;
    let test = of(trained, RowSet::Test);
    println!("{:?}", test.figures);
    println!("{:?}", trained.leakage.telltales);
    assert!(figure(test, "accuracy") > 0.993);
    let trained = &local.train(families, &|| false).expect("a model").trained;
    assert_eq!(trained.classes, ["DoS", "Normal", "Probe", "R2L", "U2R"]);
    assert!(figure(of(trained, RowSet::Test), "accuracy") > 0.9);
}

#[test]
fn ports_that_no_training_row_has_are_taken_for_rare_ones() {
    // Web attacks all go to one port; most other ports are of few rows, and all of those are harmless.
    let file = File::open(shared("data/cicids2017/thursday_webattacks_sample_10180.csv.gz"));
    let mut bytes = Vec::new();
    GzDecoder::new(file.expect("it is there")).read_to_end(&mut bytes).expect("a gzip file");
    let mut local = Local::new(2);
    local.load(bytes, &Overrides::default()).expect("a table");
    let columns = &local.table().expect("a table").profile.columns;
    let roles = (0..).zip(columns).filter(|(_, column)| column.role == Role::Feature);
    let features: Vec<u32> = roles.map(|(at, _)| at).collect();
    for seed in 7..10 {
        let spec = TrainSpec {
            classes: ClassesBy::AllBut("BENIGN".to_owned()),
            params: Params::default(),
            seed,
            ..spec(78, &features, SplitBy::Random { share: 0.2 })
        };
        let trained = &local.train(spec, &|| false).expect("a model").trained;
        let accuracy = figure(of(trained, RowSet::Test), "accuracy");
        println!("seed {seed}: {accuracy}");
        assert!(accuracy > 0.997, "seed {seed}: {accuracy}");
    }
}

#[test]
fn classes_and_margins_go_out_with_the_export() {
    let csv = table(400);
    let mut local = local(&csv, 3);
    let spec = spec(5, &[2, 3, 4], THIRD);
    let trained = (*local.train(spec, &|| false).expect("a model").trained).clone();
    let export = String::from_utf8(local.export(0.5).expect("an export")).expect("UTF-8");
    let mut lines = export.lines();
    assert_eq!(lines.next(), Some("host,when,x,y,word,class,isoscope_class,isoscope_margin"));
    for (row, (line, own)) in lines.zip(csv.lines().skip(1)).enumerate() {
        let class = &trained.classes[usize::from(trained.predicted[row])];
        assert_eq!(line, format!("{own},{class},{}", trained.margins[row]));
    }
    // Behind the scores, where there are some.
    local.detect(&[2, 3], ForestParams::default()).expect("scores");
    let both = String::from_utf8(local.export(0.5).expect("an export")).expect("UTF-8");
    let head =
        "isoscope_score,isoscope_rank,isoscope_flag,isoscope_why,isoscope_class,isoscope_margin";
    assert!(both.lines().next().expect("a header").ends_with(head));
    let ends = |text: &str| -> Vec<String> {
        let last_two = |line: &str| line.rsplitn(3, ',').take(2).collect::<Vec<_>>().join(",");
        text.lines().map(last_two).collect()
    };
    assert_eq!(ends(&both), ends(&export));
}
