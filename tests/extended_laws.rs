//! What holds for every extended forest on every table.
#![expect(clippy::similar_names, reason = "a scorer gives scores")]

mod extended_support;

use extended_support::{
    forest_support::{Column, Table, drawn::columns},
    grow, reasons, scores,
};
use isoscope::engine::{
    extended::{Extended, ExtendedGrower, ExtendedScorer},
    forest::{
        Explanation, FitError, ForestParams, Samples, TopReasons, average_path_length,
        height_limit, score,
    },
    matrix::{Codes, Feature, Order},
};
use ndarray::Array2;
use proptest::prelude::*;

fn params() -> impl Strategy<Value = ForestParams> {
    (1..12_u32, 1..70_u32, any::<u64>()).prop_map(|(n_trees, sample_size, seed)| ForestParams {
        n_trees,
        sample_size,
        seed,
        ..ForestParams::default()
    })
}

fn bits(scores: &[f64]) -> Vec<u64> {
    scores.iter().map(|score| score.to_bits()).collect()
}

fn scored(table: &Table, params: ForestParams, level: u32) -> Vec<f64> {
    scores(&mut ExtendedScorer::new(&grow(table, params, level)), table)
}

/// h of a row of numbers by pointers and recursion, NaN being missing.
fn naive_path(extended: &Extended, tree: usize, node: u32, depth: u32, row: &[f64]) -> f64 {
    let Some(left) = extended.left(tree, node) else {
        return f64::from(depth) + average_path_length(extended.n_rows(tree, node));
    };
    let cut = extended.cut(tree, node);
    let mut sum = 0.0;
    for (i, &feature) in cut.features.iter().enumerate() {
        let number = row[usize::from(feature)];
        sum += cut.weights[i] * if number.is_nan() { cut.centres[i] } else { number };
    }
    let child = if sum < cut.threshold { left } else { left + 1 };
    naive_path(extended, tree, child, depth + 1, row)
}

proptest! {
    #[test]
    fn scores_are_above_0_and_at_most_1_and_equal_for_equal_rows(
        columns in columns(),
        params in params(),
        level in 0..6_u32,
    ) {
        let table = Table::new(&columns);
        let scores = scored(&table, params, level);
        prop_assert!(scores.iter().all(|&score| 0.0 < score && score <= 1.0), "{scores:?}");
        for a in 0..table.n_rows() {
            for b in 0..a {
                prop_assert!(table.row(a) != table.row(b) || scores[a] == scores[b]);
            }
        }
    }

    #[test]
    fn doubling_a_column_changes_nothing(columns in columns(), params in params(), level in 0..4_u32) {
        // Numbers so small or large that their deviations or doubles are cut, or rounded.
        let is_usual = |value: &f64| *value == 0.0 || (1e-100..1e100).contains(&value.abs());
        let usual = columns.iter().all(|column| match column {
            Column::Numbers(values) => values.iter().flatten().all(is_usual),
            Column::Texts(_) => true,
        });
        prop_assume!(usual);
        let scaled = columns.iter().map(|column| match column {
            Column::Numbers(values) => {
                Column::Numbers(values.iter().map(|value| value.map(|value| value * 2.0)).collect())
            }
            texts @ Column::Texts(_) => texts.clone(),
        });
        let doubled = Table::new(&scaled.collect::<Vec<_>>());
        prop_assert_eq!(
            bits(&scored(&Table::new(&columns), params, level)),
            bits(&scored(&doubled, params, level))
        );
    }

    #[test]
    fn constant_data_scores_one_half(
        n_rows in 1..300_usize,
        value in proptest::option::of(-1e9..1e9),
        sample_size in 1..300_u32,
        n_trees in 1..200_u32,
    ) {
        let column = Column::Numbers(vec![value; n_rows]);
        let texts = Column::Texts(vec![Some("same".to_owned()); n_rows]);
        let params = ForestParams { n_trees, sample_size, seed: 1, ..ForestParams::default() };
        let scores = scored(&Table::new(&[column, texts]), params, 1);
        prop_assert!(scores.iter().all(|&score| score == 0.5), "{scores:?}");
    }

    #[test]
    fn memo_chunks_and_widths_change_nothing(
        columns in columns(),
        params in params(),
        level in 0..6_u32,
        chunk in 1..20_usize,
    ) {
        let table = Table::new(&columns);
        let mut scorer = ExtendedScorer::new(&grow(&table, params, level));
        let (whole_scores, whole_reasons) =
            (scores(&mut scorer, &table), reasons(&mut scorer, &table));
        let mut anew = scorer.clone().without_memo();
        prop_assert_eq!(bits(&scores(&mut anew, &table)), bits(&whole_scores));
        prop_assert_eq!(&reasons(&mut anew, &table), &whole_reasons);
        let narrow: Vec<Vec<u8>> =
            table.codes.iter().map(|codes| codes.iter().map(|&code| code as u8).collect()).collect();
        scorer.forget();
        for first in (0..table.n_rows()).step_by(chunk) {
            let rows = first..table.n_rows().min(first + chunk);
            let columns: Vec<_> = narrow.iter().map(|codes| Codes::U8(&codes[rows.clone()])).collect();
            let mut scores = vec![f64::NAN; rows.len()];
            let mut reasons = vec![TopReasons::default(); rows.len()];
            scorer.scores(&columns, &mut scores);
            scorer.reasons(&columns, &mut reasons);
            prop_assert_eq!(bits(&scores), bits(&whole_scores[rows.clone()]));
            prop_assert_eq!(&reasons, &whole_reasons[rows]);
        }
    }

    #[test]
    fn trees_are_what_they_should_be(columns in columns(), params in params(), level in 0..6_u32) {
        let table = Table::new(&columns);
        let extended = grow(&table, params, level);
        let sample_size = params.sample_size.min(table.n_rows() as u32);
        prop_assert_eq!(extended.params, ForestParams { sample_size, ..params });
        prop_assert_eq!(extended.n_trees(), params.n_trees as usize);
        for tree in 0..extended.n_trees() {
            prop_assert_eq!(extended.n_rows(tree, 0), sample_size);
            let mut depths = vec![0; extended.n_nodes(tree)];
            for node in 0..extended.n_nodes(tree) as u32 {
                prop_assert!(depths[node as usize] <= height_limit(sample_size));
                let cut = extended.cut(tree, node);
                let Some(left) = extended.left(tree, node) else {
                    prop_assert!(cut.features.is_empty());
                    continue;
                };
                prop_assert!((1..=level as usize + 1).contains(&cut.features.len()));
                let mut features = cut.features.to_vec();
                features.sort_unstable();
                features.dedup();
                prop_assert_eq!(features.len(), cut.features.len());
                prop_assert!(cut.weights.iter().chain(cut.centres).all(|x| x.is_finite()));
                prop_assert!(left > node);
                let n_rows = |node| extended.n_rows(tree, node);
                prop_assert!(n_rows(left) > 0 && n_rows(left + 1) > 0);
                prop_assert_eq!(n_rows(left) + n_rows(left + 1), n_rows(node));
                let depth = depths[node as usize] + 1;
                depths[left as usize..=left as usize + 1].fill(depth);
            }
        }
    }

    #[test]
    fn a_tree_does_not_know_of_the_others(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let larger = grow(&table, ForestParams { n_trees: params.n_trees + 3, ..params }, 1);
        let extended = grow(&table, params, 1);
        for tree in 0..extended.n_trees() {
            prop_assert_eq!(extended.n_nodes(tree), larger.n_nodes(tree));
            for node in 0..extended.n_nodes(tree) as u32 {
                prop_assert_eq!(extended.left(tree, node), larger.left(tree, node));
                prop_assert_eq!(extended.cut(tree, node), larger.cut(tree, node));
            }
        }
    }

    /// On tables of numbers, as categories have other ones in every tree.
    #[test]
    fn the_naive_walk_agrees(columns in columns(), params in params(), level in 0..6_u32) {
        let columns: Vec<_> =
            columns.into_iter().filter(|column| matches!(column, Column::Numbers(_))).collect();
        prop_assume!(!columns.is_empty());
        let table = Table::new(&columns);
        let extended = grow(&table, params, level);
        let found = scores(&mut ExtendedScorer::new(&extended), &table);
        for (row, found) in found.into_iter().enumerate() {
            let number = |(code, feature): (&u16, &Feature)| match feature.order() {
                Order::Ranked { lows, .. } => {
                    lows.get(usize::from(*code)).map_or(f64::NAN, |x| x.clamp(-1e150, 1e150))
                }
                Order::Unordered => panic!("numbers only"),
            };
            let numbers: Vec<f64> = table.row(row).iter().zip(&table.features).map(number).collect();
            let paths = (0..extended.n_trees()).map(|tree| naive_path(&extended, tree, 0, 0, &numbers));
            let path = paths.sum::<f64>() / extended.n_trees() as f64;
            let expected = score(path, average_path_length(extended.params.sample_size));
            prop_assert!((found - expected).abs() <= 1e-11, "{found} {expected}");
        }
    }

    #[test]
    fn contributions_add_up_to_the_path(columns in columns(), params in params(), level in 0..6_u32) {
        let table = Table::new(&columns);
        let mut scorer = ExtendedScorer::new(&grow(&table, params, level));
        let (scores, reasons) = (scores(&mut scorer, &table), reasons(&mut scorer, &table));
        for (row, score) in scores.iter().enumerate() {
            let explanation = scorer.explain(&table.row(row));
            let Explanation { path_length, expected_path, ref steps, score: same, .. } = explanation;
            let sum = expected_path + steps.iter().sum::<f64>();
            prop_assert!((sum - path_length).abs() <= 1e-14 * path_length.max(1.0), "{sum} {path_length}");
            prop_assert_eq!(score.to_bits(), same.to_bits());
            let strongest = steps.iter().copied().fold(0.0, f64::min);
            let first = reasons[row][0].map_or(0.0, |reason| steps[usize::from(reason.feature)]);
            prop_assert_eq!(first, strongest);
        }
    }

    #[test]
    fn an_extended_forest_survives_the_crossing(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let extended = grow(&table, params, 1);
        let sent = postcard::to_allocvec(&extended).expect("plain data");
        let extended: Extended = postcard::from_bytes(&sent).expect("what was sent");
        let found = scores(&mut ExtendedScorer::new(&extended), &table);
        prop_assert_eq!(bits(&found), bits(&scored(&table, params, 1)));
    }
}

#[test]
fn wide_tables_and_large_samples_are_walked() {
    for (n_rows, n_features, level) in [(700, 3, 1), (700, 70, 2), (300, 200, 199), (300, 600, 3)] {
        let column = |feature: usize| {
            (0..n_rows).map(|row| ((row * (2 * feature + 7)) % 251) as f64).collect()
        };
        let columns: Vec<Vec<f64>> = (0..n_features).map(column).collect();
        let table = Table::of_numbers(&columns);
        let params =
            ForestParams { n_trees: 7, sample_size: 700, seed: 2, ..ForestParams::default() };
        let extended = grow(&table, params, level);
        let found = scores(&mut ExtendedScorer::new(&extended), &table);
        for row in (0..n_rows).step_by(17) {
            let numbers: Vec<f64> = columns.iter().map(|column| column[row]).collect();
            let paths = (0..7).map(|tree| naive_path(&extended, tree, 0, 0, &numbers));
            let sample_size = extended.params.sample_size;
            let expected = score(paths.sum::<f64>() / 7.0, average_path_length(sample_size));
            assert!((found[row] - expected).abs() <= 1e-11);
        }
    }
}

#[test]
fn what_cannot_be_grown_is_said() {
    let samples = Samples::draw(ForestParams::default(), 5).expect("five rows are enough");
    let codes = Array2::zeros((5, 0));
    let grower = ExtendedGrower::new(&samples, &[], codes.view(), 1);
    assert_eq!(grower.map(|_| ()).err(), Some(FitError::NoFeatures));
}
