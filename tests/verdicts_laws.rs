//! What holds for every forest that learns from verdicts.
#![expect(clippy::similar_names, reason = "a scorer gives scores")]

mod forest_support;

use forest_support::{Table, drawn::columns};
use isoscope::engine::forest::{
    Explanation, ForestParams, Judged, Scorer, TopReasons,
    Verdict::{self, Benign, Real, Unsure},
};
use proptest::{collection::vec, prelude::*, sample::select};

/// Rows, by numbers that are taken modulo their count, and what is said about them.
fn said() -> impl Strategy<Value = Vec<(usize, Verdict)>> {
    vec((0..1000_usize, select(vec![Real, Benign, Unsure])), 0..12)
}

fn params() -> impl Strategy<Value = ForestParams> {
    (1..12_u32, 1..70_u32, any::<u64>()).prop_map(|(n_trees, sample_size, seed)| ForestParams {
        n_trees,
        sample_size,
        seed,
        ..ForestParams::default()
    })
}

fn judged(table: &Table, said: &[(usize, Verdict)]) -> Vec<Judged> {
    let row = |&(row, verdict): &(usize, Verdict)| Judged {
        codes: table.row(row % table.n_rows()),
        verdict,
    };
    said.iter().map(row).collect()
}

fn scores(mut scorer: Scorer, table: &Table) -> Vec<f64> {
    let mut scores = vec![f64::NAN; table.n_rows()];
    scorer.scores(&table.columns(), &mut scores);
    scores
}

fn bits(scores: &[f64]) -> Vec<u64> {
    scores.iter().map(|score| score.to_bits()).collect()
}

proptest! {
    #[test]
    fn without_verdicts_nothing_changes(columns in columns(), params in params()) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let unsure = judged(&table, &[(0, Unsure), (5, Unsure)]);
        let expected = scores(Scorer::new(&forest), &table);
        for judged in [&unsure[..], &[]] {
            let scorer = Scorer::with_verdicts(&forest, judged);
            prop_assert_eq!(scorer.explain(&table.row(0)), Scorer::new(&forest).explain(&table.row(0)));
            prop_assert_eq!(bits(&scores(scorer, &table)), bits(&expected));
        }
    }

    #[test]
    fn scores_are_above_0_and_at_most_1_and_contributions_add_up(
        columns in columns(),
        params in params(),
        said in said(),
    ) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let mut scorer = Scorer::with_verdicts(&forest, &judged(&table, &said));
        let scores = scores(scorer.clone(), &table);
        let mut reasons = vec![TopReasons::default(); table.n_rows()];
        scorer.reasons(&table.columns(), &mut reasons);
        for (row, &score) in scores.iter().enumerate() {
            prop_assert!(0.0 < score && score <= 1.0);
            let explanation = scorer.explain(&table.row(row));
            let Explanation { path_length, expected_path, ref steps, .. } = explanation;
            let sum = expected_path + steps.iter().sum::<f64>();
            prop_assert!((sum - path_length).abs() <= 1e-13 * path_length.max(1.0), "{sum} {path_length}");
            prop_assert_eq!(score.to_bits(), explanation.score.to_bits());
            if let Some(first) = reasons[row][0] {
                let found = explanation.contribution(first.feature);
                prop_assert!((found - first.contribution).abs() <= 1e-11);
            }
        }
    }

    #[test]
    fn benign_rows_do_not_rise_and_real_ones_do_not_fall(
        columns in columns(),
        params in params(),
        said in said(),
    ) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let before = scores(Scorer::new(&forest), &table);
        let after = scores(Scorer::with_verdicts(&forest, &judged(&table, &said)), &table);
        for (row, verdict) in said {
            let row = row % table.n_rows();
            let rise = after[row] - before[row];
            prop_assert!(verdict != Benign || rise <= 1e-9, "row {row} rises by {rise}");
            prop_assert!(verdict != Real || rise >= -1e-9, "row {row} rises by {rise}");
        }
    }

    #[test]
    fn one_verdict_moves_its_row(
        columns in columns(),
        params in params(),
        row in 0..1000_usize,
        verdict in select(vec![Real, Benign]),
    ) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let row = row % table.n_rows();
        let before = Scorer::new(&forest).explain(&table.row(row));
        let judged = judged(&table, &[(row, verdict)]);
        let after = Scorer::with_verdicts(&forest, &judged).explain(&table.row(row));
        // Where no tree has grown, there is nothing to tell rows apart by.
        let is_grown = (0..forest.n_trees()).any(|tree| forest.tree(tree).nodes().len() > 1);
        prop_assert_eq!(after.score > before.score, is_grown && verdict == Real);
        prop_assert_eq!(after.score < before.score, is_grown && verdict == Benign);
    }

    /// So taking a verdict back restores the bits, as does saying it again.
    #[test]
    fn only_the_set_of_verdicts_counts(
        columns in columns(),
        params in params(),
        said in said(),
        turn in 0..12_usize,
        again in 0..12_usize,
    ) {
        prop_assume!(!said.is_empty());
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let expected = scores(Scorer::with_verdicts(&forest, &judged(&table, &said)), &table);
        let mut other = said.clone();
        other.rotate_left(turn % said.len());
        other.push(said[again % said.len()]);
        other.push((0, Unsure));
        let found = scores(Scorer::with_verdicts(&forest, &judged(&table, &other)), &table);
        prop_assert_eq!(bits(&found), bits(&expected));
    }

    #[test]
    fn a_row_judged_both_ways_keeps_its_score(
        columns in columns(),
        params in params(),
        row in 0..1000_usize,
    ) {
        let table = Table::new(&columns);
        let forest = table.grow(params);
        let judged = judged(&table, &[(row, Real), (row, Benign)]);
        let found = scores(Scorer::with_verdicts(&forest, &judged), &table);
        for (found, expected) in found.iter().zip(scores(Scorer::new(&forest), &table)) {
            prop_assert!((found - expected).abs() <= 1e-9, "{found} {expected}");
        }
    }
}

#[test]
fn rows_far_from_the_judged_ones_keep_their_bits() {
    // Two clumps, which the first cut of every tree parts.
    let column = (0..400).map(|row| f64::from(row % 200) * 1e-4 + f64::from(row / 200) * 1e9);
    let table = Table::of_numbers(&[column.collect()]);
    let forest = table.grow(ForestParams::default());
    let before = scores(Scorer::new(&forest), &table);
    let judged = judged(&table, &[(3, Benign), (150, Real)]);
    let after = scores(Scorer::with_verdicts(&forest, &judged), &table);
    assert_eq!(bits(&before[200..]), bits(&after[200..]));
    assert_ne!(bits(&before[..200]), bits(&after[..200]));
}

#[test]
fn verdicts_survive_the_crossing() {
    for verdict in [Real, Benign, Unsure] {
        let judged = Judged { codes: vec![0, 7, 65_534], verdict };
        let sent = serde_json::to_string(&judged).expect("plain data");
        assert_eq!(serde_json::from_str::<Judged>(&sent).expect("what was sent"), judged);
    }
}
