//! Several eyes on one table: each alone, side by side, and together.

use std::fmt::Write;

use isoscope::{
    cluster::{JobError, conductor::Grain, local::Local},
    engine::{
        eyes::Eye,
        forest::{ForestParams, Verdict},
        neighbours::{DEFAULT_K, Reference, Scorer},
        random::{normal, stream, unit},
        text::Overrides,
    },
    protocol::{Bound, Filter, Found, Selection, Test},
};
use ndarray::Array2;

/// A thin line and a wide cloud; then a row beside the line, in the middle of both columns, and a row
/// far out.
fn table() -> (String, u32, u32) {
    let mut rng = stream(3, 0);
    let mut text = "x,y,kind\n".to_owned();
    for row in 0..1200 {
        let along = 10.0 * unit(&mut rng);
        let (width, x, y) = if row % 6 > 0 { (0.02, along, along) } else { (2.0, 5.0, -5.0) };
        let (x, y) = (x + width * normal(&mut rng), y + width * normal(&mut rng));
        let kind = if unit(&mut rng) < 0.5 { "a" } else { "b" };
        writeln!(text, "{x},{y},{kind}").expect("a string takes all");
    }
    text.push_str("3,7,a\n40,-30,b\n");
    (text, 1200, 1201)
}

fn local(text: &str, n_shards: usize) -> Local {
    let grain = Grain { least_range: 64, piece: 256, ..Grain::default() };
    let mut local = Local::new(n_shards).with_grain(grain);
    local.load(text.as_bytes().to_vec(), &Overrides::default()).expect("a table");
    local.detect(&[0, 1, 2], ForestParams::default()).expect("scores");
    local
}

fn rank(found: &Found, row: u32) -> usize {
    let score = found.scores[row as usize];
    found.scores.iter().filter(|&&other| other > score).count() + 1
}

#[test]
fn each_eye_sees_the_same_with_any_number_of_shards() {
    let (text, ..) = table();
    for eye in Eye::ALL {
        let alone = local(&text, 1).look(eye).expect("it looks").found.clone();
        assert_eq!(alone.eye, eye);
        assert!(alone.scores.iter().all(|&s| s > 0.0 && s <= 1.0));
        for n_shards in [2, 5] {
            let mut shared = local(&text, n_shards);
            assert_eq!(shared.look(eye).expect("it looks").found, alone, "{eye:?}");
        }
    }
}

#[test]
fn surroundings_of_all_rows_are_the_local_outlier_factor_of_each() {
    let mut rng = stream(5, 0);
    let rows = Array2::from_shape_simple_fn((300, 3), || libm::pow(normal(&mut rng), 3.0));
    let lines: Vec<String> =
        rows.rows().into_iter().map(|row| format!("{},{},{}", row[0], row[1], row[2])).collect();
    let mut local = local(&format!("a,b,c\n{}\n", lines.join("\n")), 3);
    let found = local.look(Eye::Neighbours).expect("it looks").found.clone();
    let reference = Reference::fit(rows.view(), DEFAULT_K).expect("there are rows");
    let mut scorer = Scorer::new(&reference);
    for row in 0..300 {
        let factor = scorer.score_own(row);
        // The reference keeps rows in an order of its own, so sums round otherwise.
        let off = (found.scores[row as usize] - factor / (1.0 + factor)).abs();
        assert!(off < 1e-12, "row {row}: {off}");
        let told = local.inspect(row).expect("a row");
        assert_eq!((told.eye, told.score), (Eye::Neighbours, found.scores[row as usize]));
        let steps: f64 = told.contributions.iter().map(|part| part.steps).sum();
        assert!((steps + libm::log2(factor)).abs() < 1e-9, "bits add up to log2 of the factor");
    }
}

#[test]
fn what_only_one_eye_sees_is_high_together_and_told_by_it() {
    let (text, near, far) = table();
    let mut local = local(&text, 2);
    let forest = local.detection().expect("scores").found.clone();
    let neighbours = local.look(Eye::Neighbours).expect("it looks").found.clone();
    let together = local.look(Eye::Consensus).expect("they look").found.clone();
    let ranks = [&forest, &neighbours, &together].map(|found| rank(found, near));
    assert!(ranks[1] * 3 < ranks[0], "in the middle of each column: {ranks:?}");
    assert!(ranks[2] < ranks[0], "{ranks:?}");
    assert_eq!(rank(&together, far), 1);
    let reasons = local.reasons(&[near]).expect("reasons");
    assert_eq!(reasons[0].eye, Eye::Neighbours);
    assert!(!reasons[0].reasons.is_empty());
}

#[test]
fn an_eye_that_has_looked_is_shown_again_as_it_was() {
    let (text, near, _) = table();
    let mut local = local(&text, 2);
    let forest = local.detection().expect("scores").found.clone();
    let reasons = local.reasons(&[near]).expect("reasons");
    local.look(Eye::Consensus).expect("they look");
    assert_eq!(local.look(Eye::Forest).expect("it looked").found, forest);
    assert_eq!(local.reasons(&[near]).expect("reasons"), reasons);
}

#[test]
fn the_forest_learns_and_the_eye_that_is_shown_stays() {
    let (text, near, far) = table();
    let mut local = local(&text, 2);
    let before = local.look(Eye::Consensus).expect("they look").found.clone();
    let factor = local.look(Eye::Neighbours).expect("it looked").found.clone();
    let after = local.judge(&[(far, Verdict::Benign)]).expect("judged").found.clone();
    assert_eq!((after.eye, &after.scores), (Eye::Neighbours, &factor.scores));
    let forest = local.look(Eye::Forest).expect("it looked").found.clone();
    assert!(rank(&forest, far) > 1);
    let learnt = local.look(Eye::Consensus).expect("they look").found.clone();
    assert_ne!(learnt.scores, before.scores);
    let undone = local.judge(&[]).expect("judged").found.clone();
    assert_eq!((undone.eye, &undone.scores), (Eye::Consensus, &before.scores));
    assert!(local.counterfactual(near, before.scores[near as usize]).expect("tried").is_odd);
}

#[test]
fn scores_of_other_eyes_stand_beside_in_the_export() {
    let (text, near, _) = table();
    let mut local = local(&text, 2);
    let factor = local.look(Eye::Neighbours).expect("it looks").found.clone();
    local.look(Eye::Forest).expect("it looked");
    let csv = String::from_utf8(local.export(0.6).expect("a file")).expect("UTF-8");
    let header = csv.lines().next().expect("a header");
    assert!(header.ends_with("isoscope_why,isoscope_lof_score"), "{header}");
    let line = csv.lines().nth(near as usize + 1).expect("a line");
    let told: f64 = line.rsplit(',').next().expect("a cell").parse().expect("a number");
    assert_eq!(told, factor.scores[near as usize]);
}

#[test]
fn two_rows_have_surroundings_and_one_has_none() {
    let mut two = local("x,y,z\n1,2,3\n4,5,6\n", 1);
    assert!(two.look(Eye::Neighbours).is_ok());
    let mut one = local("x,y,z\n1,2,3\n", 1);
    let error = one.look(Eye::Neighbours).expect_err("nothing to compare with").to_string();
    assert!(error.contains("more than 1 reference rows"), "{error}");
}

#[test]
fn a_baseline_of_one_row_is_told_or_judged_but_never_breaks() {
    let mut local = local(&table().0, 2);
    let only = |value: &str| Selection {
        filters: vec![Filter {
            column: 1,
            test: Test::Between(Some(Bound { value: value.to_owned(), is_strict: false }), None),
            is_negated: false,
        }],
        ..Selection::default()
    };
    let detected = local.detect_on(&[0, 1, 2], ForestParams::default(), &only("1e9"));
    assert_eq!(detected.expect_err("no row").to_string(), JobError::NothingSelected.to_string());
    // The row with the highest y alone.
    let (text, ..) = table();
    let highest = text.lines().skip(1).filter_map(|line| line.split(',').nth(1)?.parse().ok());
    let highest = highest.fold(f64::MIN, f64::max).to_string();
    match local.detect_on(&[0, 1, 2], ForestParams::default(), &only(&highest)) {
        Ok(detection) => {
            let found = detection.found.clone();
            assert_eq!(found.n_grown_on, 1);
            assert!(found.scores.iter().all(|score| (0.0..=1.0).contains(score)));
            let error = local.look(Eye::Neighbours).expect_err("nothing to compare with");
            assert!(error.to_string().contains("reference rows"), "{error}");
            // What stood before stands.
            assert_eq!(local.detection().expect("scores").found, found);
        }
        Err(error) => assert!(error.to_string().contains("row"), "{error}"),
    }
}
