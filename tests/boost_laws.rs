//! Laws of boosting, on small random tables.

mod boost_support;

use boost_support::{
    Labelled, census, drawn, drawn_repeated,
    forest_support::{Column, Table},
    parts, train, train_parts,
};
use isoscope::engine::{
    boost::{
        Booster, Ending, FitError, Learner, MEAN_WEIGHT, Model, Mute, Params, Scorer, Sides, Test,
        Use, VOTE, predicted, steps, value,
    },
    matrix::Codes,
};
use proptest::prelude::*;

fn params(learner: Learner, depth: u32, n_rounds: u32) -> Params {
    Params { learner, depth, n_rounds, ..Params::default() }
}

fn learners() -> impl Strategy<Value = Learner> {
    prop_oneof![Just(Learner::Confidence), Just(Learner::Samme)]
}

/// F of every row.
fn scores(model: &Model, table: &Table, except: &[Mute]) -> Vec<i64> {
    let scorer = Scorer::new(model, except);
    let mut sums = vec![-1; table.n_rows() * scorer.n_votes()];
    scorer.scores(&table.columns(), &mut sums);
    sums
}

/// F of every row, as the sum over rounds of the leaf's votes.
fn scores_by_round(model: &Model, table: &Table) -> Vec<i64> {
    let n_votes = model.n_votes();
    let mut sums = vec![0; table.n_rows() * n_votes];
    for (row, sums) in sums.chunks_mut(n_votes).enumerate() {
        for round in &model.rounds {
            let path = round.tree.path(|feature| table.codes[feature as usize][row]);
            let leaf = path.last().expect("a root has children").0 as usize;
            for (sum, vote) in sums.iter_mut().zip(&round.tree.votes[leaf * n_votes..]) {
                *sum += vote;
            }
        }
    }
    sums
}

/// The rows to train on.
fn train_rows(labelled: &Labelled) -> Vec<usize> {
    (0..labelled.uses.len()).filter(|&row| labelled.uses[row] == Use::Train).collect()
}

fn goes_right(test: &Test, table: &Table, row: usize) -> bool {
    test.goes_right(table.codes[test.feature as usize][row])
}

/// Boosting in plain numbers along the rounds of a model: each training row's weight before every
/// round, their sum 1, as the formulas have them.
fn weights_by_round(model: &Model, labelled: &Labelled) -> Vec<Vec<f64>> {
    let rows = train_rows(labelled);
    let mut weights = vec![1.0 / rows.len() as f64; rows.len()];
    let mut all = Vec::new();
    for round in &model.rounds {
        all.push(weights.clone());
        for (weight, &row) in weights.iter_mut().zip(&rows) {
            let path = round.tree.path(|feature| labelled.table.codes[feature as usize][row]);
            let leaf = path.last().expect("a root has children").0 as usize;
            let class = labelled.classes[row];
            let votes = &round.tree.votes[leaf * model.n_votes()..][..model.n_votes()];
            *weight *= match (model.params.learner, votes) {
                (Learner::Confidence, [vote]) => {
                    let y = if class == 1 { 1.0 } else { -1.0 };
                    libm::exp(-y * value(*vote))
                }
                (Learner::Confidence, _) => panic!("one weight per row"),
                (Learner::Samme, votes) if predicted(votes) == class => 1.0,
                (Learner::Samme, _) => libm::exp(round.alpha),
            };
        }
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|weight| *weight /= sum);
    }
    all.push(weights);
    all
}

proptest! {
    #[test]
    fn neither_parts_nor_the_order_of_merging_can_be_seen(
        labelled in drawn(2..5),
        learner in learners(),
        depth in 1..4_u32,
        n_parts in 2..6_usize,
        salt: u64,
    ) {
        let params = Params { patience: Some(3), rate: 0.7, ..params(learner, depth, 12) };
        let alone = train(&labelled, &params);
        let of_part = |row: usize| (row as u64 + 1).wrapping_mul(salt | 1) as usize % n_parts;
        let shared = train_parts(&labelled, &params, parts(&labelled, of_part, n_parts), |_, _, _| {});
        prop_assert_eq!(&alone, &shared);
        // All in reverse.
        let mut turned = labelled.clone();
        turned.table.codes.iter_mut().for_each(|codes| codes.reverse());
        turned.classes.reverse();
        turned.uses.reverse();
        prop_assert_eq!(alone, train(&turned, &params));
    }

    #[test]
    fn after_sammes_update_its_last_tree_is_no_better_than_chance(
        labelled in drawn(2..5),
        depth in 1..3_u32,
    ) {
        let model = train(&labelled, &params(Learner::Samme, depth, 6));
        let chance = 1.0 - 1.0 / f64::from(model.n_classes);
        let weights = weights_by_round(&model, &labelled);
        let rows = train_rows(&labelled);
        for (round, weights) in model.rounds.iter().zip(&weights[1..]) {
            let wrong = |&row: &usize| {
                let path = round.tree.path(|feature| labelled.table.codes[feature as usize][row]);
                let leaf = path.last().expect("a root has children").0 as usize;
                let votes = &round.tree.votes[leaf * model.n_votes()..][..model.n_votes()];
                predicted(votes) != labelled.classes[row]
            };
            let error: f64 =
                rows.iter().zip(weights).filter(|(row, _)| wrong(row)).map(|(_, w)| w).sum();
            // Unless it makes no error: then ε is not what it is clipped to.
            let is_clipped = round.loss < 0.5 / rows.len() as f64;
            prop_assert!(is_clipped || (error - chance).abs() < 1e-6, "{error} {chance}");
        }
    }

    #[test]
    fn every_round_of_confidence_takes_the_training_error_down_by_its_normaliser(
        labelled in drawn(2..3),
        depth in 1..4_u32,
    ) {
        let model = train(&labelled, &params(Learner::Confidence, depth, 10));
        let rows = train_rows(&labelled);
        let weights = weights_by_round(&model, &labelled);
        let mut bound = 1.0;
        for ((round, watched), weights) in model.rounds.iter().zip(&model.curve).zip(&weights) {
            prop_assert!(round.loss <= round.z && round.z <= 1.0 + 1e-9, "{}", round.z);
            bound *= round.z;
            let wrong: u64 = watched.train_wrong.iter().sum();
            prop_assert!(wrong as f64 / rows.len() as f64 <= bound + 1e-9);
            // Z as the formula has it, over the leaves.
            let mut sides = vec![[0.0; 2]; round.tree.n_nodes()];
            for (&row, weight) in rows.iter().zip(weights) {
                let path = round.tree.path(|feature| labelled.table.codes[feature as usize][row]);
                let leaf = path.last().expect("a root has children").0 as usize;
                sides[leaf][usize::from(labelled.classes[row])] += weight;
            }
            let z: f64 = sides.iter().map(|[a, b]| 2.0 * (a * b).sqrt()).sum();
            prop_assert!((z - round.loss).abs() < 1e-4, "{z} {}", round.loss);
        }
    }

    #[test]
    fn the_first_rounds_are_those_of_a_longer_training(
        labelled in drawn(2..5),
        learner in learners(),
        depth in 1..4_u32,
        n_rounds in 1..8_u32,
    ) {
        let long = train(&labelled, &params(learner, depth, 12));
        let short = train(&labelled, &params(learner, depth, n_rounds));
        let mut cut = long.clone();
        cut.cut_to(n_rounds.min(long.rounds.len() as u32));
        prop_assert_eq!(&cut.rounds, &short.rounds);
        prop_assert_eq!(&long.curve[..short.curve.len()], &short.curve[..]);
        // What was watched is what scoring finds.
        let sums = scores(&long, &labelled.table, &[]);
        let mut wrong = vec![[0_u64; 2]; labelled.n_classes as usize];
        for (row, votes) in sums.chunks(long.n_votes()).enumerate() {
            let class = labelled.classes[row];
            let place = match labelled.uses[row] {
                Use::Train => 0,
                Use::Held => 1,
                Use::Out => continue,
            };
            wrong[usize::from(class)][place] += u64::from(predicted(votes) != class);
        }
        if let Some(watched) = long.curve.last() {
            let expected: Vec<[u64; 2]> = watched
                .train_wrong
                .iter()
                .zip(&watched.held_wrong.0)
                .map(|(&train, &held)| [train, held])
                .collect();
            prop_assert_eq!(wrong, expected);
        }
    }

    #[test]
    fn columns_add_up_to_rounds_exactly(
        labelled in drawn(2..5),
        learner in learners(),
        depth in 1..5_u32,
        rate in 0.1..1.0,
    ) {
        let params = Params { rate, ..params(learner, depth, 12) };
        let model = train(&labelled, &params);
        let table = &labelled.table;
        let sums = scores(&model, table, &[]);
        prop_assert_eq!(&sums, &scores_by_round(&model, table));
        let scorer = Scorer::new(&model, &[]);
        let n_votes = model.n_votes();
        let features = 0..table.features.len() as u32;
        let muted: Vec<u32> = features.clone().filter(|feature| feature % 2 == 0).collect();
        let without: Vec<Mute> = muted.iter().map(|&feature| Mute::Column(feature)).collect();
        let part = scores(&model, table, &without);
        for (row, sums) in sums.chunks(n_votes).enumerate() {
            let told = scorer.contributions(&table.row(row));
            prop_assert_eq!(&told.sums[..], sums);
            for vote in 0..n_votes {
                let of = |feature: u32| told.by_feature[feature as usize * n_votes + vote];
                let all: i64 = features.clone().map(of).sum();
                prop_assert_eq!(all, sums[vote]);
                let rest: i64 = features.clone().filter(|f| !muted.contains(f)).map(of).sum();
                prop_assert_eq!(rest, part[row * n_votes + vote]);
            }
            prop_assert!(scorer.margin(sums).abs() <= 1.0);
        }
        let all: Vec<Mute> = features.map(Mute::Column).collect();
        prop_assert!(scores(&model, table, &all).iter().all(|&sum| sum == 0));
    }

    #[test]
    fn steps_hold_every_code_once_and_say_what_stumps_say(
        labelled in drawn(2..4),
        learner in learners(),
    ) {
        let model = train(&labelled, &params(learner, 1, 12));
        let table = &labelled.table;
        let rows = parts(&labelled, |_| 0, 1);
        let rules = steps(&model, rows[0].census());
        prop_assert!(rules.is_sorted_by(|a, b| a.weight >= b.weight));
        let whole = scores(&model, table, &[]);
        let n_votes = model.n_votes();
        for rule in &rules {
            let feature = &table.features[rule.feature as usize];
            let mut codes: Vec<u16> = rule.steps.iter().flat_map(|s| s.codes.clone()).collect();
            codes.sort_unstable();
            prop_assert!(codes.into_iter().eq(0..=feature.missing()));
            for step in &rule.steps {
                let mute = Mute::Step { feature: rule.feature, code: step.codes[0] };
                let without = scores(&model, table, &[mute]);
                for (row, code) in table.codes[rule.feature as usize].iter().enumerate() {
                    for vote in 0..n_votes {
                        let less = if step.codes.contains(code) { step.votes[vote] } else { 0 };
                        let place = row * n_votes + vote;
                        prop_assert_eq!(whole[place] - less, without[place]);
                    }
                }
            }
            let n_rows: u64 = rule.steps.iter().map(|step| step.n_rows).sum();
            prop_assert_eq!(n_rows, train_rows(&labelled).len() as u64);
        }
    }

    #[test]
    fn a_column_twice_changes_nothing(
        labelled in drawn(2..4),
        learner in learners(),
        depth in 1..4_u32,
    ) {
        let params = params(learner, depth, 8);
        let model = train(&labelled, &params);
        let mut doubled = labelled.clone();
        let Table { features, codes } = &mut doubled.table;
        features.extend(features.clone());
        codes.extend(codes.clone());
        let twice = train(&doubled, &params);
        prop_assert_eq!(&model.rounds, &twice.rounds);
        prop_assert_eq!(&model.curve, &twice.curve);
    }

    #[test]
    fn rows_that_do_not_train_change_nothing(
        labelled in drawn(2..5),
        learner in learners(),
        depth in 1..4_u32,
        others in prop::collection::vec(0..5_u8, 80),
    ) {
        let params = params(learner, depth, 8);
        let model = train(&labelled, &params);
        let mut changed = labelled.clone();
        for (row, other) in others.into_iter().enumerate().take(labelled.classes.len()) {
            if labelled.uses[row] == Use::Train {
                continue;
            }
            changed.classes[row] = other % labelled.n_classes as u8;
            changed.uses[row] = [Use::Held, Use::Out][usize::from(other) % 2];
            for (feature, codes) in changed.table.codes.iter_mut().enumerate() {
                codes[row] = u16::from(other) % (labelled.table.features[feature].missing() + 1);
            }
        }
        let again = train(&changed, &params);
        prop_assert_eq!(&model.rounds, &again.rounds);
        prop_assert_eq!(model.ending, again.ending);
    }

    #[test]
    fn the_first_stump_is_the_best_of_all(
        // So that no category is rare.
        labelled in drawn_repeated(2..3, 10),
        learner in learners(),
    ) {
        let model = train(&labelled, &params(learner, 1, 1));
        let rows = train_rows(&labelled);
        let n = rows.len() as f64;
        let loss = |goes_right: &dyn Fn(usize) -> bool| -> Option<f64> {
            let mut sides = [[0.0; 2]; 2];
            for &row in &rows {
                let side = usize::from(goes_right(row));
                sides[side][usize::from(labelled.classes[row])] += 1.0 / n;
            }
            let is_empty = sides.iter().any(|[a, b]| a + b == 0.0);
            let of_side = |[a, b]: [f64; 2]| match learner {
                Learner::Confidence => 2.0 * (a * b).sqrt(),
                Learner::Samme => a.min(b),
            };
            (!is_empty).then(|| of_side(sides[0]) + of_side(sides[1]))
        };
        let mut least = f64::INFINITY;
        for (feature, codes) in labelled.table.features.iter().zip(&labelled.table.codes) {
            let missing = feature.missing();
            let mut offer = |goes_right: &dyn Fn(usize) -> bool| {
                least = loss(goes_right).map_or(least, |loss| least.min(loss));
            };
            if feature.is_ranked() {
                for cut in 0..=missing {
                    offer(&|row| codes[row] >= cut);
                    offer(&|row| codes[row] >= cut && codes[row] != missing);
                }
            } else {
                for subset in 0..1_u32 << (missing + 1) {
                    offer(&|row| subset >> codes[row] & 1 == 1);
                }
            }
        }
        match model.rounds.first() {
            Some(round) => {
                prop_assert!((round.loss - least).abs() < 1e-9, "{} {least}", round.loss);
                let test = &round.tree.splits[0].test;
                let own = loss(&|row| goes_right(test, &labelled.table, row));
                prop_assert!((own.expect("both sides hold rows") - least).abs() < 1e-9);
            }
            None => {
                // Nothing is gained by any.
                let counts = [0, 1].map(|class| {
                    rows.iter().filter(|&&row| labelled.classes[row] == class).count() as f64 / n
                });
                let before = match learner {
                    Learner::Confidence => 2.0 * (counts[0] * counts[1]).sqrt(),
                    Learner::Samme => 0.5,
                };
                prop_assert!(least >= before - 1e-9, "{least} {before}");
            }
        }
    }
}
