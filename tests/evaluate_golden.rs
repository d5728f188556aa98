//! scikit-learn's figures, and what is known of the twins of a public data set.

use std::{
    collections::{BTreeMap, hash_map::DefaultHasher},
    fs::File,
    hash::{Hash, Hasher},
    io::Read,
    path::PathBuf,
};

use flate2::read::GzDecoder;
use isoscope::engine::evaluate::{
    Confusion, Counts, Curve, Figure, Part, Twins, Undefined, Weight, comparable,
    precision_at_base_rate,
};
use serde_json::Value;

fn shared(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path)
}

fn reference() -> Value {
    let file = File::open(shared("reference/metrics.json")).expect("the file is there");
    serde_json::from_reader(file).expect("JSON")
}

fn agrees(name: &str, key: &str, found: Figure, expected: &Value) {
    println!("{name}, {key}: {found:?}, scikit-learn {expected}");
    match expected.as_f64() {
        Some(expected) => {
            let found = found.unwrap_or_else(|reason| panic!("{name}, {key}: {reason}"));
            assert!((found - expected).abs() < 1e-12, "{name}, {key}: {found}, not {expected}");
        }
        None => assert!(expected.is_null() && found.is_err(), "{name}, {key}: {found:?}"),
    }
}

fn classes(list: &Value) -> Vec<u8> {
    let list = list.as_array().expect("a list");
    list.iter().map(|class| class.as_u64().expect("a class") as u8).collect()
}

fn cases(reference: &Value, kind: &str) -> BTreeMap<String, Value> {
    serde_json::from_value(reference[kind].clone()).expect("named cases")
}

fn curve(case: &Value) -> Curve {
    let scores = case["scores"].as_array().expect("a list");
    let scores: Vec<i64> =
        scores.iter().map(|score| comparable(score.as_f64().expect("a score"))).collect();
    Curve::of(&scores, &classes(&case["labels"]), 1)
}

#[test]
fn figures_of_two_classes_are_those_of_scikit_learn() {
    let cases = cases(&reference(), "cases");
    assert_eq!(cases.len(), 24);
    for (name, case) in &cases {
        let curve = curve(case);
        agrees(name, "roc_auc", curve.roc_auc(), &case["roc_auc"]);
        agrees(name, "average_precision", curve.average_precision(), &case["average_precision"]);
        let counts = curve.at(comparable(0.5));
        let cell = |key: &str| case["confusion"][key].as_u64().expect("a count");
        let expected = Counts {
            true_positives: cell("tp"),
            false_positives: cell("fp"),
            false_negatives: cell("fn"),
            true_negatives: cell("tn"),
        };
        assert_eq!(counts, expected, "{name}");
        // The same rows as a matrix of two classes.
        let cells = [
            [counts.true_negatives, counts.false_positives],
            [counts.false_negatives, counts.true_positives],
            [0; 2],
        ];
        let confusion = Confusion::from_cells(2, cells.concat());
        assert_eq!(confusion.against_rest(1), counts, "{name}");
        for (key, found) in [
            ("precision", counts.precision()),
            ("recall", counts.recall()),
            ("f1", counts.f1()),
            ("f2", counts.f2()),
            ("mcc", counts.mcc()),
            ("mcc", confusion.mcc()),
            ("balanced_accuracy", counts.balanced_accuracy()),
            ("balanced_accuracy", confusion.balanced_accuracy()),
            ("accuracy", counts.accuracy()),
            ("accuracy", confusion.accuracy()),
        ] {
            agrees(name, key, found, &case[key]);
        }
    }
}

#[test]
fn what_is_undefined_says_why() {
    let cases = cases(&reference(), "cases");
    let at_half = |name: &str| curve(&cases[name]).at(comparable(0.5));
    let negatives = curve(&cases["only negatives"]);
    assert_eq!(negatives.roc_auc(), Err(Undefined::NoPositives));
    assert_eq!(negatives.average_precision(), Err(Undefined::NoPositives));
    assert_eq!(curve(&cases["only positives"]).roc_auc(), Err(Undefined::NoNegatives));
    assert_eq!(Curve::of(&[], &[], 1).roc_auc(), Err(Undefined::NoRows));
    assert_eq!(Curve::of(&[], &[], 1).average_precision(), Err(Undefined::NoRows));
    assert_eq!(at_half("only negatives").recall(), Err(Undefined::NoPositives));
    assert_eq!(at_half("only negatives").balanced_accuracy(), Err(Undefined::OneClass));
    assert_eq!(at_half("only positives").false_positive_rate(), Err(Undefined::NoNegatives));
    assert_eq!(at_half("only negatives, none flagged").f1(), Err(Undefined::NothingToFind));
    assert_eq!(at_half("none flagged").precision(), Err(Undefined::NothingFlagged));
    assert_eq!(at_half("none flagged").mcc(), Err(Undefined::NothingFlagged));
    assert_eq!(at_half("all flagged").mcc(), Err(Undefined::AllFlagged));
    assert_eq!(at_half("only positives").mcc(), Err(Undefined::NoNegatives));
    let nothing = Counts::default();
    assert_eq!(nothing.accuracy(), Err(Undefined::NoRows));
    assert_eq!(nothing.balanced_accuracy(), Err(Undefined::NoRows));
    assert_eq!(nothing.mcc(), Err(Undefined::NoRows));
    let of = |truth: &[u8], predicted: &[u8]| Confusion::of(3, truth, predicted);
    assert_eq!(of(&[], &[]).mcc(), Err(Undefined::NoRows));
    assert_eq!(of(&[], &[]).mean(Counts::f1, Weight::Equal).figure, Err(Undefined::NoRows));
    assert_eq!(of(&[0, 0], &[0, 1]).mcc(), Err(Undefined::OneClass));
    assert_eq!(of(&[0, 1], &[2, 2]).mcc(), Err(Undefined::OnePrediction));
}

#[test]
fn figures_of_many_classes_are_those_of_scikit_learn() {
    let cases = cases(&reference(), "multiclass");
    assert_eq!(cases.len(), 6);
    for (name, case) in &cases {
        let n_classes = case["classes"].as_u64().expect("a number") as u8;
        let (truth, predicted) = (classes(&case["truth"]), classes(&case["predicted"]));
        let confusion = Confusion::of(n_classes, &truth, &predicted);
        let rows: Vec<Vec<u64>> =
            serde_json::from_value(case["confusion"].clone()).expect("a matrix");
        let n_cells = rows.len() * rows.len();
        assert_eq!(confusion.cells()[..n_cells], rows.concat()[..], "{name}");
        assert_eq!(confusion.n_unseen(), 0);

        let per_class = case["per_class"].as_array().expect("a list");
        let mut n_undefined = 0;
        for (class, expected) in (0..n_classes).zip(per_class) {
            let counts = confusion.against_rest(class);
            agrees(name, "precision", counts.precision(), &expected["precision"]);
            agrees(name, "recall", counts.recall(), &expected["recall"]);
            agrees(name, "f1", counts.f1(), &expected["f1"]);
            agrees(name, "f2", counts.f2(), &expected["f2"]);
            let is_there = counts.n_positives() + counts.n_flagged() > 0;
            n_undefined += u32::from(is_there && expected["precision"].is_null());
        }
        let mean = |figure| confusion.mean(figure, Weight::Equal).figure;
        agrees(name, "macro_precision", mean(Counts::precision), &case["macro_precision"]);
        agrees(name, "macro_recall", mean(Counts::recall), &case["macro_recall"]);
        agrees(name, "macro_f1", mean(Counts::f1), &case["macro_f1"]);
        agrees(name, "macro_f2", mean(Counts::f2), &case["macro_f2"]);
        let told = confusion.mean(Counts::precision, Weight::Equal);
        assert_eq!(told.n_undefined, n_undefined, "{name}");
        agrees(
            name,
            "balanced_accuracy",
            confusion.balanced_accuracy(),
            &case["balanced_accuracy"],
        );
        agrees(name, "accuracy", confusion.accuracy(), &case["accuracy"]);
        agrees(name, "mcc", confusion.mcc(), &case["mcc"]);
        // Recall by support is the share of rows that were told rightly.
        let weighted = confusion.mean(Counts::recall, Weight::Support).figure;
        agrees(name, "accuracy", weighted, &case["accuracy"]);
    }
}

#[test]
fn precision_falls_with_the_base_rate_as_the_fallacy_has_it() {
    for (base_rate, expected) in [(0.5, 0.990), (0.01, 0.490), (0.001, 0.087)] {
        let found = precision_at_base_rate(0.95, 0.01, base_rate).expect("rows are flagged");
        assert!((found - expected).abs() < 5e-4, "{base_rate}: {found}");
    }
    assert_eq!(precision_at_base_rate(0.0, 0.0, 0.5), Err(Undefined::NothingFlagged));
}

/// The first 41 cells of a row as 128 bits, and its attack's name.
fn rows(file: &str) -> Vec<([u64; 2], String)> {
    let mut text = String::new();
    GzDecoder::new(File::open(shared(file)).expect("the file is there"))
        .read_to_string(&mut text)
        .expect("ASCII");
    let hash = |text: &str, salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, text).hash(&mut hasher);
        hasher.finish()
    };
    let row = |line: &str| {
        let (place, _) = line.match_indices(',').nth(40).expect("41 features");
        let name = line[place + 1..].split(',').next().expect("a name");
        ([hash(&line[..place], 0), hash(&line[..place], 1)], name.to_owned())
    };
    text.lines().map(row).collect()
}

#[test]
fn the_twins_of_nsl_kdd_are_found() {
    let train = rows("data/nsl-kdd/KDDTrain+.txt.gz");
    let test = rows("data/nsl-kdd/KDDTest+.txt.gz");
    let mut parts = vec![Part::Train; train.len()];
    parts.resize(train.len() + test.len(), Part::Test);
    let rows = [train, test].concat();
    let hashes: Vec<[u64; 2]> = rows.iter().map(|row| row.0).collect();

    let is_attack: Vec<u8> = rows.iter().map(|row| u8::from(row.1 != "normal")).collect();
    let twins = Twins::find(&hashes, &is_attack, &parts);
    assert_eq!((twins.n_twins, twins.n_twins_of_another_class), (664, 47));
    assert_eq!(twins.n_contradictions, 7);
    assert_eq!(twins.has_twin.iter().filter(|&&has_twin| has_twin).count(), 664);

    let mut names = BTreeMap::new();
    let by_name: Vec<u8> = rows
        .iter()
        .map(|row| {
            let n_names = names.len() as u8;
            *names.entry(row.1.clone()).or_insert(n_names)
        })
        .collect();
    assert_eq!(Twins::find(&hashes, &by_name, &parts).n_contradictions, 15);
    let unseen = isoscope::engine::evaluate::unseen_classes(&by_name, &parts);
    assert_eq!(unseen.len(), 17);
    assert_eq!(unseen.iter().map(|(_, n_rows)| n_rows).sum::<u32>(), 3_750);
}
