//! Parts of the rows, and what could flatter a test, held against naive oracles.

use std::collections::BTreeSet;

use isoscope::engine::evaluate::{
    Part, Split, SplitError, SplitNote, TOO_GOOD, Telltale, Twins, Undefined, by_file, by_group,
    by_time, grouped_folds, stratified, stratified_folds, unseen_classes,
};
use proptest::prelude::*;

fn n_of(classes: &[u8], class: u8) -> usize {
    classes.iter().map(|&other| usize::from(other == class)).sum()
}

fn is_test(split: &Split) -> Vec<bool> {
    split.parts.iter().map(|&part| part == Part::Test).collect()
}

fn n_tested(split: &Split) -> usize {
    is_test(split).iter().filter(|&&is_test| is_test).count()
}

/// The test rows of a class.
fn n_tested_of(split: &Split, classes: &[u8], class: u8) -> usize {
    is_test(split)
        .iter()
        .zip(classes)
        .filter(|&(&is_test, &other)| is_test && other == class)
        .count()
}

proptest! {
    #[test]
    fn every_class_gives_its_rounded_share(
        classes in prop::collection::vec(prop_oneof![8 => 0..3_u8, 1 => 3..40_u8], 2..200),
        share in 0.01..0.99,
        seed: u64,
    ) {
        let different: BTreeSet<u8> = classes.iter().copied().collect();
        let split = match stratified(&classes, share, seed) {
            Ok(split) => split,
            Err(SplitError::OneClass { class }) => {
                prop_assert_eq!(different, BTreeSet::from([class]));
                return Ok(());
            }
            Err(error) => {
                prop_assert_eq!(error, SplitError::NothingToTest);
                prop_assert_eq!(different.len(), classes.len());
                return Ok(());
            }
        };
        prop_assert_eq!(split.parts.len(), classes.len());
        for &class in &different {
            let n = n_of(&classes, class);
            let expected = match n {
                1 => 0,
                _ => ((share * n as f64).round() as usize).clamp(1, n - 1),
            };
            prop_assert_eq!(n_tested_of(&split, &classes, class), expected);
            let is_told = split.notes.contains(&SplitNote::OneRow { class });
            prop_assert_eq!(is_told, n == 1);
        }
        prop_assert_eq!(split.notes.len(), different.iter().filter(|&&c| n_of(&classes, c) == 1).count());
    }

    /// A row's part follows from its own class and number, and from the seed.
    #[test]
    fn other_classes_do_not_move_a_row(
        classes in prop::collection::vec(0..2_u8, 40..120),
        others in prop::collection::vec(3..6_u8, 120),
        seed: u64,
    ) {
        prop_assume!(n_of(&classes, 0) > 1 && n_of(&classes, 1) > 1);
        let relabelled: Vec<u8> =
            classes.iter().zip(&others).map(|(&class, &other)| if class == 0 { 0 } else { other }).collect();
        let (one, other) = (stratified(&classes, 0.3, seed), stratified(&relabelled, 0.3, seed));
        let (one, other) = (one.expect("two classes"), other.expect("two classes"));
        for (row, &class) in classes.iter().enumerate() {
            prop_assert!(class != 0 || one.parts[row] == other.parts[row]);
        }
    }

    #[test]
    fn a_larger_share_holds_a_smaller_one(
        classes in prop::collection::vec(0..4_u8, 40..200),
        shares in (0.05..0.5, 0.5..0.95),
        seed: u64,
    ) {
        let few = stratified(&classes, shares.0, seed);
        let many = stratified(&classes, shares.1, seed);
        let (Ok(few), Ok(many)) = (few, many) else { return Ok(()) };
        prop_assert!(is_test(&few).iter().zip(is_test(&many)).all(|(&few, many)| !few || many));
    }

    #[test]
    fn folds_part_all_rows_evenly(
        classes in prop::collection::vec(0..5_u8, 10..200),
        k in 2..10_u8,
        seed: u64,
    ) {
        prop_assume!(classes.iter().any(|&class| class != classes[0]));
        let folds = stratified_folds(&classes, k, seed).expect("enough rows of two classes");
        prop_assert_eq!(folds.folds.len(), classes.len());
        let sizes = |is_meant: &dyn Fn(u8) -> bool| {
            let mut sizes = vec![0_usize; k.into()];
            for (&fold, _) in folds.folds.iter().zip(&classes).filter(|(_, class)| is_meant(**class)) {
                sizes[usize::from(fold)] += 1;
            }
            sizes
        };
        let spread = |sizes: &[usize]| sizes.iter().max().zip(sizes.iter().min()).map(|(a, b)| a - b);
        prop_assert!(spread(&sizes(&|_| true)).is_some_and(|spread| spread <= 1));
        for class in 0..5 {
            let sizes = sizes(&|other| other == class);
            prop_assert!(spread(&sizes).is_some_and(|spread| spread <= 1));
            let n = n_of(&classes, class);
            let few = SplitNote::FewerThanFolds { class, found: n as u32 };
            prop_assert_eq!(folds.notes.contains(&few), n > 1 && n < k.into());
            prop_assert_eq!(folds.notes.contains(&SplitNote::OneRow { class }), n == 1);
        }
        // Each row judges once.
        let mut n_judged = vec![0; classes.len()];
        for fold in 0..k {
            let Ok(split) = folds.split(&classes, fold) else { return Ok(()) };
            for (n_judged, is_test) in n_judged.iter_mut().zip(is_test(&split)) {
                *n_judged += u32::from(is_test);
            }
        }
        prop_assert!(n_judged.iter().all(|&n| n == 1));
    }

    #[test]
    fn time_parts_before_from_after(
        rows in prop::collection::vec((prop_oneof![6 => (0..30_u8).prop_map(f64::from), 1 => Just(f64::NAN)], 0..3_u8), 2..100),
        share in 0.05..0.95,
    ) {
        let (times, classes): (Vec<f64>, Vec<u8>) = rows.iter().copied().unzip();
        let Ok(split) = by_time(&times, &classes, share) else { return Ok(()) };
        let of = |part| rows.iter().zip(&split.parts).filter(move |row| *row.1 == part).map(|row| row.0.0);
        let last_learnt = of(Part::Train).fold(f64::NEG_INFINITY, f64::max);
        prop_assert!(of(Part::Test).all(|time| time > last_learnt));
        let n_missing = times.iter().filter(|time| time.is_nan()).count();
        let told = SplitNote::NoTime { n_rows: n_missing as u32 };
        prop_assert_eq!(split.notes.contains(&told), n_missing > 0);
        // No other cut is nearer to the share.
        let goal = share * (times.len() - n_missing) as f64;
        let off = |n: usize| (n as f64 - goal).abs();
        for cut in times.iter().filter(|time| !time.is_nan()) {
            let n = times.iter().filter(|time| *time >= cut).count();
            prop_assert!(n == times.len() - n_missing || off(n_tested(&split)) <= off(n));
        }
    }

    #[test]
    fn groups_stay_together(
        rows in prop::collection::vec((0..40_u32, 0..3_u8), 2..200),
        share in 0.05..0.95,
        seed: u64,
    ) {
        let (groups, classes): (Vec<u32>, Vec<u8>) = rows.iter().copied().unzip();
        let Ok(split) = by_group(&groups, &classes, share, seed) else { return Ok(()) };
        let sides = |part| -> BTreeSet<u32> {
            groups.iter().zip(&split.parts).filter(|row| *row.1 == part).map(|row| *row.0).collect()
        };
        prop_assert!(sides(Part::Train).is_disjoint(&sides(Part::Test)));
        // Not farther off than the largest group makes it.
        let largest = groups.iter().map(|group| groups.iter().filter(|g| *g == group).count()).max();
        let off = (n_tested(&split) as f64 - share * groups.len() as f64).abs();
        prop_assert!(largest.is_some_and(|largest| off <= largest as f64));
        // The order of rows changes nothing.
        let reversed = |list: &[u32]| list.iter().rev().copied().collect::<Vec<_>>();
        let classes: Vec<u8> = classes.iter().rev().copied().collect();
        let again = by_group(&reversed(&groups), &classes, share, seed).expect("as before");
        prop_assert!(again.parts.iter().rev().eq(&split.parts));
    }

    #[test]
    fn twins_are_found_by_looking_at_all_pairs(
        rows in prop::collection::vec((0..3_u64, 0..12_u64, 0..3_u8, any::<bool>()), 0..60),
    ) {
        let hashes: Vec<[u64; 2]> = rows.iter().map(|row| [row.0, row.1]).collect();
        let classes: Vec<u8> = rows.iter().map(|row| row.2).collect();
        let part = |is_test: bool| if is_test { Part::Test } else { Part::Train };
        let parts: Vec<Part> = rows.iter().map(|row| part(row.3)).collect();
        let found = Twins::find(&hashes, &classes, &parts);
        let twins = |row: usize| -> Vec<usize> {
            (0..rows.len()).filter(|&other| hashes[other] == hashes[row] && !rows[other].3).collect()
        };
        let has_twin: Vec<bool> =
            (0..rows.len()).map(|row| rows[row].3 && !twins(row).is_empty()).collect();
        prop_assert_eq!(&found.has_twin, &has_twin);
        prop_assert_eq!(found.n_twins as usize, has_twin.iter().filter(|&&has| has).count());
        let is_misled =
            |&row: &usize| has_twin[row] && twins(row).iter().all(|&twin| classes[twin] != classes[row]);
        prop_assert_eq!(found.n_twins_of_another_class as usize, (0..rows.len()).filter(is_misled).count());
        let contradicts =
            |&row: &usize| !rows[row].3 && twins(row).iter().any(|&twin| classes[twin] != classes[row]);
        let contradicting: Vec<usize> = (0..rows.len()).filter(contradicts).collect();
        prop_assert_eq!(found.n_contradicting as usize, contradicting.len());
        let kinds: BTreeSet<[u64; 2]> = contradicting.iter().map(|&row| hashes[row]).collect();
        prop_assert_eq!(found.n_contradictions as usize, kinds.len());

        let of = |is_test| -> BTreeSet<u8> { rows.iter().filter(|row| row.3 == is_test).map(|row| row.2).collect() };
        let (learnt, tested) = (of(false), of(true));
        let unseen: Vec<u8> = unseen_classes(&classes, &parts).iter().map(|&(class, _)| class).collect();
        prop_assert_eq!(unseen, tested.difference(&learnt).copied().collect::<Vec<_>>());
    }

    #[test]
    fn what_a_ranked_column_tells_is_the_share_of_pairs(rows in prop::collection::vec((0..9_usize, 0..3_usize), 2..60)) {
        let mut test = [0; 27];
        for &(code, class) in &rows {
            test[code * 3 + class] += 1;
        }
        let found = Telltale::find(&[0; 27], &test, 3, true, 1);
        let auc = |class: usize| {
            let (mut n_right, mut n_pairs) = (0.0, 0.0);
            for positive in rows.iter().filter(|row| row.1 == class) {
                for negative in rows.iter().filter(|row| row.1 != class) {
                    n_right += f64::from(u8::from(positive.0 > negative.0))
                        + f64::from(u8::from(positive.0 == negative.0)) / 2.0;
                    n_pairs += 1.0;
                }
            }
            f64::max(n_right / n_pairs, 1.0 - n_right / n_pairs)
        };
        let aucs: Vec<f64> = (0..3).map(auc).collect();
        match found {
            Ok(Telltale { roc_auc, class }) => {
                let best = aucs.iter().copied().filter(|auc| !auc.is_nan()).fold(0.0, f64::max);
                prop_assert!((roc_auc - best).abs() < 1e-12 && (aucs[usize::from(class)] - best).abs() < 1e-12);
            }
            Err(reason) => prop_assert!(reason == Undefined::OneClass && aucs.iter().all(|auc| auc.is_nan())),
        }
    }
}

#[test]
fn seeds_choose_different_rows() {
    let classes: Vec<u8> = (0..1_000).map(|row| u8::from(row % 5 == 0)).collect();
    let of = |seed| stratified(&classes, 0.25, seed).expect("two classes");
    assert_eq!(of(1), of(1));
    let n_shared = is_test(&of(1)).iter().zip(is_test(&of(2))).filter(|&(&a, b)| a && b).count();
    // A quarter of a quarter by chance, within four standard deviations.
    assert!((35..=90).contains(&n_shared), "{n_shared}");
    // Test rows are spread over the table: as many early as late ones.
    let n_early = is_test(&of(1))[..500].iter().filter(|&&is_test| is_test).count();
    assert!((97..=153).contains(&n_early), "{n_early}");
}

#[test]
fn what_cannot_be_split_says_why() {
    let of = |classes: &[u8], share| stratified(classes, share, 1).map(|split| n_tested(&split));
    assert_eq!(of(&[], 0.5), Err(SplitError::NoRows));
    assert_eq!(of(&[7, 7, 7], 0.5), Err(SplitError::OneClass { class: 7 }));
    assert_eq!(of(&[1, 2], 0.5), Err(SplitError::NothingToTest));
    for share in [0.0, 1.0, -0.5, f64::NAN] {
        assert_eq!(of(&[0, 0, 1, 1], share), Err(SplitError::NoShare));
    }
    assert_eq!(of(&[0, 0, 1, 1], 0.01), Ok(2));
    assert_eq!(of(&[0, 0, 1, 1], 0.99), Ok(2));
    let folds = |classes: &[u8], k| stratified_folds(classes, k, 1).map(|folds| folds.folds.len());
    assert_eq!(folds(&[0, 1], 3), Err(SplitError::TooFewRows { k: 3, found: 2 }));
    assert_eq!(folds(&[0, 1], 1), Err(SplitError::TooFewRows { k: 1, found: 2 }));
    assert_eq!(folds(&[4, 4], 2), Err(SplitError::OneClass { class: 4 }));
    let times = |times: &[f64]| by_time(times, &vec![0; times.len()], 0.5).map(|_| ());
    assert_eq!(times(&[]), Err(SplitError::NoRows));
    assert_eq!(by_time(&[3.0; 4], &[0, 1, 0, 1], 0.5).map(|_| ()), Err(SplitError::NothingToTest));
    assert_eq!(
        by_group(&[5; 4], &[0, 1, 0, 1], 0.2, 1).map(|_| ()),
        Err(SplitError::NothingToTest)
    );
    assert_eq!(
        by_group(&[5; 4], &[0, 1, 0, 1], 0.8, 1).map(|_| ()),
        Err(SplitError::NothingToTrain)
    );
    assert_eq!(by_file(&[0, 0], &[0, 1], 0).map(|_| ()), Err(SplitError::NothingToTrain));
    assert_eq!(by_file(&[0, 0], &[0, 1], 1).map(|_| ()), Err(SplitError::NothingToTest));
}

#[test]
fn a_file_judges_and_what_it_alone_has_is_told() {
    let files = [0, 0, 0, 1, 1, 1, 2];
    let classes = [0, 1, 4, 0, 2, 2, 1];
    let split = by_file(&files, &classes, 1).expect("two classes to learn");
    assert_eq!(is_test(&split), files.map(|file| file == 1));
    assert_eq!(
        split.notes,
        [
            SplitNote::NotTested { class: 1 },
            SplitNote::NotTested { class: 4 },
            SplitNote::NotTrained { class: 2, n_rows: 2 },
        ]
    );
}

#[test]
fn columns_that_tell_the_class_are_told() {
    // Codes 0 to 3 and missing; three classes.
    let train = [[50, 0, 0], [0, 40, 0], [0, 9, 1], [0, 0, 8], [0, 0, 0]].concat();
    let test = [[20, 0, 0], [0, 15, 0], [0, 3, 0], [0, 0, 4], [0, 0, 2]].concat();
    let found = Telltale::find(&train, &test, 3, false, 1).expect("three classes");
    assert_eq!(found, Telltale { roc_auc: 1.0, class: 0 });
    assert!(found.is_too_good());
    // By value, either way round: class 0 has the smallest codes, class 2 the largest.
    let found = Telltale::find(&train, &test, 3, true, 1).expect("three classes");
    assert_eq!((found.roc_auc, found.class), (1.0, 0));
    // An identifier tells what was learnt, and nothing of rows to come.
    let n = 400;
    let own = |row: usize| if row.is_multiple_of(2) { [1, 0] } else { [0, 1] };
    let cells = |rows: std::ops::Range<usize>| -> Vec<u32> {
        (0..=n).flat_map(|row| if rows.contains(&row) { own(row) } else { [0; 2] }).collect()
    };
    let found =
        Telltale::find(&cells(0..n / 2), &cells(n / 2..n), 2, false, 1).expect("two classes");
    assert_eq!(found.roc_auc, 0.5);
    assert!(!found.is_too_good() && TOO_GOOD < 1.0);
    let learnt = Telltale::find(&cells(0..n), &cells(0..n), 2, false, 1).expect("two classes");
    assert_eq!(learnt.roc_auc, 1.0);
}

proptest! {
    #[test]
    fn a_group_is_in_one_fold_and_folds_are_about_equal(
        groups in prop::collection::vec(0..40_u32, 20..300),
        k in 2..6_u8,
        seed: u64,
    ) {
        let classes: Vec<u8> = (0..groups.len()).map(|row| (row % 2) as u8).collect();
        let different: BTreeSet<u32> = groups.iter().copied().collect();
        let folds = match grouped_folds(&groups, &classes, k, seed) {
            Err(error) => {
                let found = different.len() as u32;
                prop_assert_eq!(error, SplitError::TooFewGroups { k, found });
                prop_assert!(found < u32::from(k));
                return Ok(());
            }
            Ok(folds) => folds.folds,
        };
        let pairs: BTreeSet<(u32, u8)> = groups.iter().copied().zip(folds.clone()).collect();
        prop_assert_eq!(pairs.len(), different.len());
        let size = |fold: u8| n_of(&folds, fold);
        let sizes: Vec<usize> = (0..k).map(size).collect();
        let size_of = |group: u32| groups.iter().filter(|&&there| there == group).count();
        let largest = different.iter().map(|&group| size_of(group)).max().expect("a group");
        let (most, least) = (sizes.iter().max().expect("folds"), sizes.iter().min().expect("folds"));
        // Each group went to the smallest fold of its time.
        prop_assert!(*least > 0 && most - least <= largest, "{:?}", sizes);
    }
}
