//! What holds for every forest on every table.
#![expect(
    clippy::cast_possible_truncation,
    clippy::similar_names,
    reason = "test tables are small; a scorer gives scores"
)]

mod forest_support;

use forest_support::{Column, Table, drawn::columns, oracle::Oracle};
use isoscope::engine::{
    forest::{
        ColumnWeights, Explanation, FitError, Forest, ForestParams, Grower, Samples, Scorer,
        TopReasons, height_limit,
    },
    matrix::Codes,
};
use ndarray::Array2;
use proptest::{option, prelude::*};

fn params() -> impl Strategy<Value = ForestParams> {
    let weights = prop::sample::select(vec![ColumnWeights::Equal, ColumnWeights::Kurtosis]);
    (1..12_u32, 1..70_u32, any::<u64>(), weights).prop_map(
        |(n_trees, sample_size, seed, weights)| ForestParams {
            n_trees,
            sample_size,
            seed,
            weights,
        },
    )
}

fn scores(scorer: &mut Scorer, table: &Table) -> Vec<f64> {
    let mut scores = vec![f64::NAN; table.n_rows()];
    scorer.scores(&table.columns(), &mut scores);
    scores
}

fn reasons(scorer: &mut Scorer, table: &Table) -> Vec<TopReasons> {
    let mut reasons = vec![TopReasons::default(); table.n_rows()];
    scorer.reasons(&table.columns(), &mut reasons);
    reasons
}

fn bits(scores: &[f64]) -> Vec<u64> {
    scores.iter().map(|score| score.to_bits()).collect()
}

fn is_close(a: f64, b: f64) -> bool {
    // Paths lie on a grid of 2⁻⁴³ or finer for these few trees.
    (a - b).abs() <= 1e-11
}

proptest! {
    #[test]
    fn scores_are_above_0_and_at_most_1(columns in columns(), params in params()) {
        let scores = Table::new(&columns).scores(params);
        prop_assert!(scores.iter().all(|&score| 0.0 < score && score <= 1.0), "{scores:?}");
    }

    #[test]
    fn equal_rows_score_equal(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let scores = table.scores(params);
        for a in 0..table.n_rows() {
            for b in 0..a {
                prop_assert!(table.row(a) != table.row(b) || scores[a] == scores[b]);
            }
        }
    }

    #[test]
    fn doubling_a_column_changes_nothing(columns in columns(), params in params()) {
        // Quartered first: twice 1e308 is no number.
        let scaled = |factor: f64| {
            let columns = columns.iter().map(|column| match column {
                Column::Numbers(values) => {
                    let scale = |value: &Option<f64>| value.map(|value| value * 0.25 * factor);
                    Column::Numbers(values.iter().map(scale).collect())
                }
                texts @ Column::Texts(_) => texts.clone(),
            });
            Table::new(&columns.collect::<Vec<_>>())
        };
        // Numbers that small have no exact double or half.
        let is_tiny = |column: &Column| match column {
            Column::Numbers(values) => values.contains(&Some(5e-324)),
            Column::Texts(_) => false,
        };
        prop_assume!(!columns.iter().any(is_tiny));
        prop_assert_eq!(bits(&scaled(1.0).scores(params)), bits(&scaled(2.0).scores(params)));
    }

    #[test]
    fn constant_data_scores_one_half(
        n_rows in 1..300_usize,
        value in option::of(-1e9..1e9),
        sample_size in 1..300_u32,
        n_trees in 1..200_u32,
    ) {
        let column = Column::Numbers(vec![value; n_rows]);
        let texts = Column::Texts(vec![Some("same".to_owned()); n_rows]);
        let params = ForestParams { n_trees, sample_size, seed: 1, ..ForestParams::default() };
        let scores = Table::new(&[column, texts]).scores(params);
        prop_assert!(scores.iter().all(|&score| score == 0.5), "{scores:?}");
    }

    #[test]
    fn the_memo_changes_nothing(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let mut with = Scorer::new(&table.grow(params));
        let mut without = with.clone().without_memo();
        prop_assert_eq!(bits(&scores(&mut with, &table)), bits(&scores(&mut without, &table)));
        prop_assert_eq!(reasons(&mut with, &table), reasons(&mut without, &table));
        // Rows met before are answered from memory now.
        prop_assert_eq!(bits(&scores(&mut with, &table)), bits(&scores(&mut without, &table)));
    }

    #[test]
    fn chunks_and_widths_change_nothing(
        columns in columns(),
        params in params(),
        chunk in 1..20_usize,
    ) {
        let table = Table::new(&columns);
        let mut scorer = Scorer::new(&table.grow(params));
        let (whole_scores, whole_reasons) = (scores(&mut scorer, &table), reasons(&mut scorer, &table));
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
    fn trees_are_what_they_should_be(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let sample_size = params.sample_size.min(table.n_rows() as u32);
        prop_assert_eq!(forest.params, ForestParams { sample_size, ..params });
        prop_assert_eq!(forest.n_trees(), params.n_trees as usize);
        for tree in (0..forest.n_trees()).map(|tree| forest.tree(tree)) {
            prop_assert_eq!(tree.n_rows(0), sample_size);
            let mut depths = vec![0; tree.nodes().len()];
            for (index, node) in (0..).zip(tree.nodes()) {
                prop_assert!(depths[index as usize] <= height_limit(sample_size));
                if node.is_leaf() {
                    prop_assert_eq!(node.left(), index);
                    prop_assert!(!node.goes_right(u16::MAX - 1));
                    continue;
                }
                let (left, right) = (node.left(), node.left() + 1);
                prop_assert!(left > index);
                prop_assert!(tree.n_rows(left) > 0 && tree.n_rows(right) > 0);
                prop_assert_eq!(tree.n_rows(left) + tree.n_rows(right), tree.n_rows(index));
                let depth = depths[index as usize] + 1;
                depths[left as usize..=right as usize].fill(depth);
            }
        }
    }

    /// So trees may grow in any order, and a larger forest begins like a smaller one.
    #[test]
    fn a_tree_does_not_know_of_the_others(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let larger = table.grow(ForestParams { n_trees: params.n_trees + 3, ..params });
        let forest = table.grow(params);
        for tree in 0..forest.n_trees() {
            prop_assert!(forest.tree(tree).nodes().eq(larger.tree(tree).nodes()));
        }
    }

    #[test]
    fn the_naive_forest_agrees(columns in columns(), params in params(), other in 0..1000_usize) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let oracle = Oracle::new(&forest, &table.features);
        let scorer = Scorer::new(&forest);
        let row = other % table.n_rows();
        let codes = table.row(row);
        let cells: Vec<_> =
            columns.iter().zip(&codes).map(|(column, &code)| column.cell(row, code)).collect();
        let (path, root, steps) = oracle.explain(&cells);
        let found = scorer.explain(&codes);
        prop_assert!(is_close(found.path_length, path), "{} {path}", found.path_length);
        prop_assert!(is_close(found.expected_path, root));
        for (a, b) in found.steps.iter().zip(&steps) {
            prop_assert!(is_close(*a, *b), "{:?} {steps:?}", found.steps);
        }
    }

    #[test]
    fn contributions_add_up_to_the_path(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let mut scorer = Scorer::new(&table.grow(params));
        let scores = scores(&mut scorer, &table);
        for (row, score) in scores.iter().enumerate() {
            let Explanation { path_length, expected_path, steps, score: same, .. } =
                scorer.explain(&table.row(row));
            let sum = expected_path + steps.iter().sum::<f64>();
            prop_assert!((sum - path_length).abs() <= 1e-14 * path_length.max(1.0), "{sum} {path_length}");
            prop_assert_eq!(score.to_bits(), same.to_bits());
        }
    }

    #[test]
    fn reasons_are_the_strongest_contributions(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let mut scorer = Scorer::new(&table.grow(params));
        for (row, reasons) in reasons(&mut scorer, &table).iter().enumerate() {
            let explanation = scorer.explain(&table.row(row));
            let mut expected: Vec<_> = (0..table.features.len() as u16)
                .map(|feature| (feature, explanation.contribution(feature)))
                .filter(|&(_, contribution)| contribution > 0.0)
                .collect();
            expected.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            expected.truncate(3);
            let found: Vec<_> = reasons.iter().flatten().collect();
            prop_assert_eq!(found.len(), expected.len());
            for (reason, (feature, contribution)) in found.iter().zip(expected) {
                prop_assert_eq!(reason.feature, feature);
                prop_assert!(is_close(reason.contribution, contribution));
            }
        }
    }

    #[test]
    fn a_forest_survives_the_crossing(columns in columns(), params in params()) {
        let forest = Table::new(&columns).grow(params);
        let sent = serde_json::to_string(&forest).expect("plain data");
        prop_assert_eq!(serde_json::from_str::<Forest>(&sent).expect("what was sent"), forest);
    }
}

#[test]
fn a_category_and_a_value_that_no_sample_held_have_a_path() {
    // Grown on the first rows only, as a detector that learns from one file and scores another.
    let numbers = (0..40).map(|i| Some(f64::from(i % 9))).collect();
    let texts = (0..40).map(|i| Some(if i < 30 { "known" } else { "new" }.to_owned())).collect();
    let columns = [Column::Numbers(numbers), Column::Texts(texts)];
    let table = Table::new(&columns);
    let params = ForestParams { n_trees: 20, sample_size: 16, seed: 5, ..ForestParams::default() };
    let samples = Samples::draw(params, 25).expect("25 rows");
    let codes = table.sample_codes(&samples);
    let forest = Grower::new(&samples, &table.features, codes.view()).expect("features").finish();
    let (scorer, oracle) = (Scorer::new(&forest), Oracle::new(&forest, &table.features));
    for row in 0..40 {
        let codes = table.row(row);
        let cells = [columns[0].cell(row, codes[0]), columns[1].cell(row, codes[1])];
        assert!(is_close(scorer.explain(&codes).path_length, oracle.explain(&cells).0));
    }
}

/// The memo learns, rests where rows do not repeat, and wakes up again, in the midst of chunks.
#[test]
fn the_memo_changes_nothing_on_a_long_table() {
    let n_rows: u32 = 60_000;
    // Repeats, then 30,000 rows without any, then repeats of old and new rows.
    let key = |row: u32| match row {
        0..6000 => row % 100,
        6000..36_000 => row,
        _ => row % 7919,
    };
    let column = |modulus: u32, n_missing: u32| {
        let value = |row| Some(key(row) % modulus).filter(|&value| value >= n_missing);
        Column::Numbers((0..n_rows).map(|row| value(row).map(f64::from)).collect())
    };
    let table = Table::new(&[column(251, 0), column(257, 20), column(263, 0)]);
    let forest = table.grow(ForestParams {
        n_trees: 5,
        sample_size: 64,
        seed: 3,
        ..ForestParams::default()
    });
    let expected = bits(&scores(&mut Scorer::new(&forest).without_memo(), &table));
    let mut scorer = Scorer::new(&forest);
    assert_eq!(bits(&scores(&mut scorer, &table)), expected);
    scorer.forget();
    for chunk in [1000, 5000] {
        for first in (0..table.n_rows()).step_by(chunk) {
            let rows = first..first + chunk;
            let columns = table.columns();
            let columns: Vec<_> = columns.iter().map(|codes| codes.slice(rows.clone())).collect();
            let mut scores = vec![f64::NAN; chunk];
            scorer.scores(&columns, &mut scores);
            assert_eq!(bits(&scores), expected[rows]);
        }
    }
}

#[test]
fn samples_of_257_rows_and_of_all_trees_sizes_are_walked() {
    // Beyond 256 rows a tree takes the larger window, beyond 63 features a wider stride.
    for (n_rows, n_features) in [(700, 3), (700, 70), (300, 200), (300, 600)] {
        let column = |feature: usize| {
            (0..n_rows).map(|row| ((row * (2 * feature + 7)) % 251) as f64).collect()
        };
        let columns: Vec<Vec<f64>> = (0..n_features).map(column).collect();
        let table = Table::of_numbers(&columns);
        let params =
            ForestParams { n_trees: 7, sample_size: 700, seed: 2, ..ForestParams::default() };
        let forest = table.grow(params);
        let oracle = Oracle::new(&forest, &table.features);
        let mut scorer = Scorer::new(&forest);
        let scores = scores(&mut scorer, &table);
        let reasons = reasons(&mut scorer, &table);
        for row in (0..n_rows).step_by(17) {
            let present: Vec<_> = columns.iter().map(|column| vec![Some(column[row])]).collect();
            let cells: Vec<_> =
                present.into_iter().map(|value| Column::Numbers(value).cell(0, 0)).collect();
            let explanation = scorer.explain(&table.row(row));
            let (path, _, steps) = oracle.explain(&cells);
            assert!(is_close(explanation.path_length, path));
            assert_eq!(scores[row].to_bits(), explanation.score.to_bits());
            let shortest = steps.iter().copied().fold(0.0, f64::min);
            let first = reasons[row][0].map_or(0.0, |reason| steps[usize::from(reason.feature)]);
            assert!(is_close(first, shortest));
        }
    }
}

#[test]
fn what_cannot_be_grown_is_said() {
    let params = ForestParams::default();
    let draw = |params, n_rows| Samples::draw(params, n_rows).map(|_| ());
    assert_eq!(draw(ForestParams { n_trees: 0, ..params }, 5), Err(FitError::NoTrees));
    assert_eq!(
        draw(ForestParams { n_trees: 10_001, ..params }, 5),
        Err(FitError::TooManyTrees { found: 10_001, limit: 10_000 })
    );
    assert_eq!(
        draw(ForestParams { sample_size: 0, ..params }, 5),
        Err(FitError::SampleSize { found: 0, limit: 65_536 })
    );
    assert_eq!(
        draw(
            ForestParams {
                n_trees: 10_000,
                sample_size: 65_536,
                seed: 1,
                ..ForestParams::default()
            },
            1_000_000
        ),
        Err(FitError::TooManyDraws { found: 655_360_000, limit: ForestParams::MAX_DRAWS })
    );
    assert_eq!(draw(params, 0), Err(FitError::NoRows));
    let samples = Samples::draw(params, 5).expect("five rows are enough");
    let codes = Array2::zeros((5, 0));
    let grower = Grower::new(&samples, &[], codes.view());
    assert_eq!(grower.map(|_| ()), Err(FitError::NoFeatures));
}
