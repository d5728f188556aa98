//! A model applied to another file: its rows are classified, and judged by where they have labels.

mod forest_support;

use std::fmt::Write;

use forest_support::gunzip;
use isoscope::{
    cluster::{
        JobError,
        added::Eyes,
        conductor::Grain,
        counting::{Counting, Line, Weights},
        learned::{Applied, ClassesBy, Judged, NO_CLASS, RowSet, SplitBy, TrainSpec, Trained},
        local::Local,
        source::{Choice, Given},
    },
    engine::{
        boost::Params,
        source::conversion::SourceError,
        table::{ColumnType, Role, RoleReason},
        text::{NoticeKind, Overrides},
    },
};
use proptest::prelude::*;
use serde_json::Value;

/// Rows of three classes by two numbers and a word; `label` says which of them have a class.
fn rows(range: std::ops::Range<usize>, label: impl Fn(usize) -> bool) -> String {
    let mut csv = String::from("n,x,y,word,class\n");
    for row in range {
        let (x, y) = (row * 7919 % 101, row * 104_729 % 97);
        let word = ["tcp", "udp", "icmp", ""][row * 31 % 7 % 4];
        let class = match row % 23 {
            _ if !label(row) => "",
            1 => "b",
            _ if x <= 50 && y > 60 => "b",
            _ if x > 50 => "a",
            _ => "c",
        };
        writeln!(csv, "{row},{x},{y},{word},{class}").expect("a string takes all");
    }
    csv
}

/// The same without some columns.
fn without(csv: &str, columns: &[usize]) -> String {
    let line = |line: &str| {
        let cells = line.split(',').enumerate().filter(|(at, _)| !columns.contains(at));
        cells.map(|(_, cell)| cell).collect::<Vec<_>>().join(",") + "\n"
    };
    csv.lines().map(line).collect()
}

fn given(name: &str, text: &str) -> Given<Vec<u8>> {
    Given { name: name.to_owned(), file: text.as_bytes().to_vec() }
}

/// A table, and rows below it that a model is to be applied to.
fn put(local: &mut Local, files: &[Given<Vec<u8>>], n_applied: u32) -> Result<(), JobError> {
    let choice = Choice { n_applied, ..Choice::default() };
    let answer = local.gather(files, None, &choice, &Overrides::default())?;
    assert!(answer.is_ok(), "nothing is asked");
    Ok(())
}

fn gathered(known: &str, later: &str, n_shards: usize) -> Local {
    let grain = Grain { least_range: 64, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    put(&mut local, &[given("known.csv", known), given("later.csv", later)], 1).expect("a table");
    local
}

fn at(local: &Local, name: &str) -> u32 {
    let columns = &local.table().expect("a table").profile.columns;
    let at = columns.iter().position(|column| column.name == name);
    at.unwrap_or_else(|| panic!("no column {name}")) as u32
}

fn spec(local: &Local, split: SplitBy) -> TrainSpec {
    TrainSpec {
        target: at(local, "class"),
        classes: ClassesBy::Values,
        features: ["x", "y", "word"].map(|name| at(local, name)).to_vec(),
        split,
        params: Params { n_rounds: 15, depth: 2, ..Params::default() },
        weights: Weights::Alike,
        eyes: Eyes::default(),
        holds_out: false,
        seed: 7,
        counting: Counting::default(),
    }
}

fn by_file(local: &Local, name: &str) -> SplitBy {
    SplitBy::File { column: at(local, "file"), name: name.to_owned(), share: 0.3 }
}

fn train(local: &mut Local, spec: TrainSpec) -> Trained {
    (*local.train(spec, &|| false).expect("a model").trained).clone()
}

/// What a model of the first file says of the second.
fn apply(known: &str, later: &str, n_shards: usize) -> Trained {
    let mut local = gathered(known, later, n_shards);
    let spec = spec(&local, by_file(&local, "later.csv"));
    train(&mut local, spec)
}

fn test(trained: &Trained) -> &Judged {
    trained.judged.iter().find(|judged| judged.set == RowSet::Test).expect("a test")
}

fn applied(trained: &Trained) -> &Applied {
    trained.applied.as_ref().expect("another file")
}

const ALL: fn(usize) -> bool = |_| true;
const NONE: fn(usize) -> bool = |_| false;

#[test]
fn a_file_without_labels_is_classified_and_rows_of_the_first_judge() {
    let known = rows(0..600, |row| row % 29 > 0);
    let n_labelled = 600 - 600_usize.div_ceil(29);
    let empty = rows(600..900, NONE);
    let one = apply(&known, &empty, 1);
    for (later, n_shards) in [(empty.clone(), 3), (without(&empty, &[4]), 1)] {
        let same = apply(&known, &later, n_shards);
        assert!(one == same, "no column, or an empty one, in {n_shards} shards");
    }
    let Applied { n_rows, n_judged, of_classes, lacking } = applied(&one);
    assert_eq!((*n_rows, *n_judged, lacking.len()), (300, 0, 0));
    assert!(one.is_unjudged());
    let of_class = |class: u8| one.predicted[600..].iter().map(|&is| u32::from(is == class)).sum();
    let counted: Vec<u32> = (0..3).map(of_class).collect();
    assert_eq!((of_classes, of_classes.iter().sum::<u32>()), (&counted, 300));
    assert!(of_classes.iter().all(|&n| n > 20), "{of_classes:?}");
    assert!(one.truth[600..].iter().all(|&truth| truth == NO_CLASS));
    // As if the first file stood alone, with such a share of it at random as the test.
    let mut alone = Local::new(2);
    alone.load(known.into_bytes(), &Overrides::default()).expect("a table");
    let spec = spec(&alone, SplitBy::Random { share: 0.3 });
    let alone = train(&mut alone, spec);
    assert_eq!(one.judged, alone.judged);
    assert_eq!((&one.leakage, &one.columns), (&alone.leakage, &alone.columns));
    assert_eq!(one.predicted[..600], alone.predicted[..]);
    assert_eq!(one.margins[..600], alone.margins[..]);
    assert_eq!(test(&one).n_rows + one.n_train.iter().sum::<u64>() as u32, n_labelled as u32);
}

#[test]
fn of_a_file_with_some_labels_those_rows_judge() {
    let known = rows(0..600, ALL);
    let some = |n_shards| apply(&known, &rows(600..900, |row| row % 3 == 0), n_shards);
    let one = some(1);
    assert!(one == some(3), "shards cannot be seen");
    assert_eq!(
        (applied(&one).n_rows, applied(&one).n_judged, one.is_unjudged()),
        (300, 100, false)
    );
    assert_eq!((test(&one).n_rows, one.n_train.iter().sum::<u64>()), (100, 600));
    let n_right = (0..3).map(|class| test(&one).confusion[class * 4]).sum::<u64>();
    let right = (600..900).filter(|&row| one.truth[row] == one.predicted[row]).count();
    assert_eq!(n_right, right as u64);
    // The model is that of the file with all its labels: none of them was learnt from.
    let all = apply(&known, &rows(600..900, ALL), 2);
    assert_eq!((applied(&all).n_judged, &all.predicted), (300, &one.predicted));
    assert_eq!(applied(&all).of_classes, applied(&one).of_classes);
}

#[test]
fn what_is_counted_of_the_other_file_follows_the_line() {
    let mut local = gathered(&rows(0..600, ALL), &without(&rows(600..900, ALL), &[4]), 2);
    let classes = ClassesBy::Against("b".to_owned());
    let spec = spec(&local, by_file(&local, "later.csv"));
    let even = train(&mut local, TrainSpec { classes, holds_out: true, ..spec });
    assert_eq!(even.judged.len(), 3, "rows held out for a line are not those that judge");
    let none = Counting { line: Line::At(1e6), ..Counting::default() };
    let none = local.recount(none).expect("a count").trained.clone();
    assert!(applied(&even).of_classes[1] > 30);
    assert_eq!(applied(&none).of_classes, [300, 0]);
    let json = local.model("known.csv").expect("a model");
    assert!(json.contains("later.csv has no labels; a share of 0.3"), "{json}");
}

#[test]
fn classes_and_margins_of_both_files_go_out() {
    let (known, later) = (rows(0..300, ALL), without(&rows(300..400, ALL), &[4]));
    let mut local = gathered(&known, &later, 3);
    let spec = spec(&local, by_file(&local, "later.csv"));
    let trained = train(&mut local, spec);
    let export = String::from_utf8(local.export(0.5).expect("an export")).expect("UTF-8");
    let mut lines = export.lines();
    let head = "n,x,y,word,class,file,isoscope_class,isoscope_margin";
    assert_eq!(lines.next(), Some(head));
    let own = known.lines().skip(1).map(|line| format!("{line},known.csv"));
    let others = later.lines().skip(1).map(|line| format!("{line},,later.csv"));
    for (row, (line, own)) in lines.zip(own.chain(others)).enumerate() {
        let class = &trained.classes[usize::from(trained.predicted[row])];
        assert_eq!(line, format!("{own},{class},{}", trained.margins[row]));
    }
    assert_eq!(export.lines().count(), 401);
}

#[test]
fn what_a_file_lacks_is_missing_and_what_only_it_has_takes_no_part() {
    let known = rows(0..400, ALL);
    let later = without(&rows(400..500, ALL), &[2]).replace('\n', "\n7,");
    let later = format!("extra,{}", later.trim_end_matches("7,"));
    let mut local = gathered(&known, &later, 2);
    let profile = &local.table().expect("a table").profile;
    let names: Vec<&str> = profile.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["n", "x", "y", "word", "class", "extra", "file"]);
    let told = |kind| profile.notices.iter().find(|notice| notice.kind == kind).map(|it| it.count);
    assert_eq!(told(NoticeKind::OtherColumns), Some(2));
    let of = |at: usize| (profile.columns[at].role, &profile.columns[at].reason);
    assert_eq!(of(5), (Role::Ignore, &RoleReason::Elsewhere));
    assert_eq!(of(6), (Role::Ignore, &RoleReason::File));
    let by_file = by_file(&local, "later.csv");
    let spec = spec(&local, by_file);
    let trained = train(&mut local, spec);
    assert_eq!(applied(&trained).lacking, [2]);
    let row = &local.rows(&[400]).expect("a row")[0].cells;
    assert_eq!(row[..3], ["400", "38", ""]);
    assert_eq!(row[5..], ["7", "later.csv"]);
}

#[test]
fn types_and_roles_are_those_of_the_rows_to_learn_from() {
    let known = rows(0..300, ALL);
    // Numbers that count the rows start again, and one of `x` is a word.
    let later = rows(0..100, ALL).replacen("\n5,", "\n5,oops", 1);
    let mut alone = Local::new(1);
    alone.load(known.clone().into_bytes(), &Overrides::default()).expect("a table");
    let local = gathered(&known, &later, 2);
    let own = &alone.table().expect("a table").profile.columns;
    let both = &local.table().expect("a table").profile.columns;
    assert_eq!((own[0].role, &own[0].reason), (Role::Id, &RoleReason::RowNumber));
    for (own, both) in own.iter().zip(both) {
        assert_eq!((own.role, &own.reason), (both.role, &both.reason), "{}", own.name);
        assert_eq!(own.kind.is_ordered(), both.kind.is_ordered(), "{}", own.name);
    }
    assert_eq!((both[1].kind, both[1].n_missing), (ColumnType::Decimal, 1));
}

#[test]
fn parts_and_labels_are_joined_before_other_rows_come_below() {
    let (first, second) = (rows(0..200, ALL), rows(200..300, ALL));
    let parts = [given("a.csv", &without(&first, &[4])), given("b.csv", &without(&second, &[4]))];
    let later = given("b.csv", &without(&rows(300..400, ALL), &[4]));
    let line = |line: &str| line.rsplit(',').next().map(|class| format!("{class}\n"));
    let labels: String =
        (first.lines().filter_map(line)).chain(second.lines().skip(1).filter_map(line)).collect();
    let [a, b] = parts;
    let choice = Choice { n_applied: 1, ..Choice::default() };
    let mut local = Local::new(3);
    let labels = given("labels.csv", &labels);
    let answer = local.gather(&[a, b, later], Some(&labels), &choice, &Overrides::default());
    assert!(answer.expect("a table").is_ok());
    let names: Vec<String> =
        local.table().expect("a table").profile.columns.iter().map(|c| c.name.clone()).collect();
    assert_eq!(names, ["n", "x", "y", "word", "class", "file"]);
    let files: Vec<String> = local
        .rows(&[0, 199, 200, 299, 300, 399])
        .expect("rows")
        .into_iter()
        .map(|row| row.cells[4..].join(" "))
        .collect();
    let class = |csv: &str, row: usize| {
        let line = csv.lines().nth(row + 1).expect("a row");
        line.rsplit(',').next().expect("a class").to_owned()
    };
    assert_eq!(files[..2], [0, 199].map(|row| format!("{} a.csv", class(&first, row))));
    assert_eq!(files[2..4], [0, 99].map(|row| format!("{} b.csv", class(&second, row))));
    // A third file of the second one's name is told from it.
    assert_eq!(files[4..], [" b.csv (2)", " b.csv (2)"]);
    let spec = spec(&local, by_file(&local, "b.csv (2)"));
    let trained = train(&mut local, spec);
    let alone = apply(&rows(0..300, ALL), &rows(300..400, NONE), 1);
    assert_eq!((&trained.predicted, &trained.margins), (&alone.predicted, &alone.margins));
    assert_eq!(trained.judged, alone.judged);
}

#[test]
fn what_cannot_be_applied_is_said_and_nothing_is_lost() {
    let known = rows(0..300, ALL);
    let mut local = Local::new(2);
    local.load(known.clone().into_bytes(), &Overrides::default()).expect("a table");
    let random = spec(&local, SplitBy::Random { share: 0.3 });
    let before = train(&mut local, random);
    let both = |later: &str| [given("known.csv", &known), given("later.csv", later)];
    // Of as many rows, and not to be taken for labels.
    let foreign = ["a", "b"].repeat(150).join("\n");
    let error = put(&mut local, &both(&foreign), 1).expect_err("it has other columns");
    assert!(
        matches!(error, JobError::Source(SourceError::OtherColumns { .. })),
        "it is said which: {error}"
    );
    assert_eq!(put(&mut local, &both(""), 1), Err(JobError::EmptyFile));
    assert_eq!(put(&mut local, &both("x,y\n"), 1), Err(JobError::NoRows));
    let after = local.recount(Counting::default()).expect("the model stands").trained.clone();
    assert!(*after == before && local.table().is_some_and(|table| table.n_rows() == 300));
    // The roles confused: what is to be learnt stands in the second file only.
    for first in [rows(0..300, NONE), without(&known, &[4])] {
        let mut local = gathered(&first, &rows(300..400, ALL), 2);
        let column = at(&local, "class") as usize;
        let role = local.table().expect("a table").profile.columns[column].role;
        assert_eq!(role, if first.contains("class") { role } else { Role::Label });
        let spec = spec(&local, by_file(&local, "later.csv"));
        let error = local.train(spec.clone(), &|| false).expect_err("nothing to learn from");
        let (column, file) = ("class".to_owned(), "later.csv".to_owned());
        assert_eq!(error, JobError::LabelsElsewhere { column, file });
        // What it says helps.
        let split = by_file(&local, "known.csv");
        let trained = train(&mut local, TrainSpec { split, ..spec });
        assert_eq!((applied(&trained).n_rows, applied(&trained).n_judged), (300, 0));
    }
    let mut local = gathered(&rows(0..300, NONE), &rows(300..400, NONE), 2);
    let spec = spec(&local, by_file(&local, "later.csv"));
    let error = local.train(spec, &|| false).expect_err("there are no labels");
    assert_eq!(error, JobError::NoLabels { column: "class".to_owned() });
}

#[test]
fn nsl_kdd_without_labels_is_classified_as_with_them() {
    let [known, test] = ["KDDTrain+", "KDDTest+"].map(|name| {
        let text = gunzip(&format!("data/nsl-kdd/{name}.txt.gz"));
        (format!("{name}.txt"), text)
    });
    // As it comes from a network: 41 columns, and neither a header nor what an expert said.
    let bare: String = test
        .1
        .lines()
        .map(|line| line.split(',').take(41).collect::<Vec<_>>().join(",") + "\n")
        .collect();
    let learn = |later: &str| {
        let mut local = Local::new(2);
        let files = [given(&known.0, &known.1), given(&test.0, later)];
        put(&mut local, &files, 1).expect("a table");
        let columns = &local.table().expect("a table").profile.columns;
        let roles = (0..).zip(columns).filter(|(_, column)| column.role == Role::Feature);
        let spec = TrainSpec {
            target: at(&local, "label"),
            classes: ClassesBy::AllBut("normal".to_owned()),
            features: roles.map(|(at, _)| at).collect(),
            split: by_file(&local, &test.0),
            params: Params { n_rounds: 20, ..Params::default() },
            weights: Weights::Alike,
            eyes: Eyes::default(),
            holds_out: false,
            seed: 7,
            counting: Counting::default(),
        };
        train(&mut local, spec)
    };
    let (with, without) = (learn(&test.1), learn(&bare));
    assert_eq!((applied(&with).n_judged, applied(&without).n_judged), (22_544, 0));
    assert!(applied(&without).lacking.is_empty());
    assert_eq!((with.spec.features.len(), &with.spec.features), (40, &without.spec.features));
    // Its labels are known here, and as many of its rows are told right as where they judge.
    let right = |trained: &Trained| {
        let pairs = trained.predicted.iter().zip(with.truth.iter()).skip(125_973);
        pairs.filter(|(said, truth)| said == truth).count() as f64 / 22_544.0
    };
    println!("told right: {} as the test, {} without labels", right(&with), right(&without));
    assert!((right(&with) - right(&without)).abs() < 0.05 && right(&without) > 0.75);
}

/// The class that a model as JSON gives a row of cells `x,y,word`.
fn class_by(model: &Value, cells: &[String]) -> usize {
    let of = |column: &str| match column {
        "x" => &cells[0],
        "y" => &cells[1],
        _ => &cells[2],
    };
    let mut sums = vec![0_i64; model["classes"].as_array().expect("classes").len()];
    for round in model["rounds"].as_array().expect("rounds") {
        let mut node = round;
        while let Some(column) = node["column"].as_str() {
            let cell = of(column);
            let is_in = |names: &Value| {
                names.as_array().expect("names").iter().any(|name| name == cell.as_str())
            };
            let is_right = if cell.is_empty() {
                node["missing"] == "right"
            } else if let Some(from) = node["from"].as_f64() {
                cell.parse::<f64>().expect("a number") >= from
            } else if node.get("in").is_some() {
                is_in(&node["in"])
            } else {
                node.get("not_in").is_some() && !is_in(&node["not_in"])
            };
            node = &node[if is_right { "right" } else { "left" }];
        }
        let votes = node["votes"].as_array().expect("votes");
        for (sum, vote) in sums.iter_mut().zip(votes) {
            *sum += vote.as_i64().expect("a whole number");
        }
    }
    if let [for_second, _] = sums[..] {
        return usize::from(for_second > 0);
    }
    let most = *sums.iter().max().expect("classes");
    sums.iter().position(|&sum| sum == most).expect("it is there")
}

/// Cells of a row: numbers of quarters that are never half-way between whole ones, and a word.
fn cells() -> impl Strategy<Value = [String; 3]> {
    let number = || {
        prop_oneof![
            6 => (-3..16_i32).prop_map(|n| n.to_string()),
            2 => (-3..16_i32, 0..2_u8)
                .prop_map(|(n, up)| (f64::from(n) + if up > 0 { 0.75 } else { 0.25 }).to_string()),
            1 => Just(String::new()),
        ]
    };
    let word = prop::sample::select(vec!["tcp", "udp", "icmp", ""]).prop_map(str::to_owned);
    (number(), number(), word).prop_map(|(x, y, word)| [x, y, word])
}

fn file(rows: &[[String; 3]]) -> String {
    let lines = rows.iter().map(|row| row.join(",") + "\n");
    String::from("x,y,word\n") + &lines.collect::<String>()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// What a model of the first file alone gives to the rows of the second is what they get, and no row
    /// of the second can be seen in what the others get.
    #[test]
    fn classes_are_those_of_a_model_of_the_first_file_alone(
        later in prop::collection::vec(cells(), 2..60),
        n_shards in 1..4_usize,
        is_two: bool,
        seed: u64,
    ) {
        // Whole numbers, each in so many rows that some are learnt from.
        let mut known = String::from("x,y,word,class\n");
        for row in 0..520 {
            let (x, y) = (row % 13, row / 13 % 13);
            let word = ["tcp", "udp", "icmp", ""][row * 31 % 7 % 4];
            let y = if row % 17 == 4 { String::new() } else { y.to_string() };
            let class = match row % 19 {
                1 => "b",
                _ if x > 6 => "a",
                _ if word == "icmp" => "b",
                _ => "c",
            };
            writeln!(known, "{x},{y},{word},{class}").expect("a string takes all");
        }
        let classes =
            if is_two { ClassesBy::Against("b".to_owned()) } else { ClassesBy::Values };
        let with = |local: &Local, split| TrainSpec {
            classes: classes.clone(), seed, holds_out: true, ..spec(local, split)
        };
        let of_file = |later: &[[String; 3]]| {
            let mut local = gathered(&known, &file(later), n_shards);
            let spec = with(&local, by_file(&local, "later.csv"));
            train(&mut local, spec)
        };
        let both = of_file(&later);
        let mut alone = Local::new(1);
        alone.load(known.clone().into_bytes(), &Overrides::default()).expect("a table");
        let spec = with(&alone, SplitBy::Random { share: 0.3 });
        let first = train(&mut alone, spec);
        prop_assert_eq!(&both.judged, &first.judged);
        let model = serde_json::from_str(&alone.model("known.csv").expect("a model")).expect("JSON");
        for (row, cells) in later.iter().enumerate() {
            let said = usize::from(both.predicted[520 + row]);
            prop_assert_eq!(said, class_by(&model, cells), "{:?}", cells);
        }
        let half = of_file(&later[..later.len() / 2]);
        let n = half.predicted.len();
        prop_assert_eq!(&both.predicted[..n], &half.predicted[..]);
        prop_assert_eq!(&both.margins[..n], &half.margins[..]);
    }
}
