//! Laws of boosting, on small random tables.

mod boost_support;

use boost_support::{
    Labelled, drawn, drawn_repeated,
    forest_support::{Column, Table},
    parts, train, train_parts,
};
use isoscope::engine::{
    boost::{
        Booster, Ending, FitError, Learner, Model, Mute, Params, Part, Scorer, Sides, Test, Use,
        predicted, steps, value,
    },
    random::{stream, unit},
};
use proptest::prelude::*;

fn params(learner: Learner, depth: u32, n_rounds: u32) -> Params {
    Params { learner, depth, n_rounds, rate: 1.0, ..Params::default() }
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
        for weight in &mut weights {
            *weight /= sum;
        }
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
            // In each leaf both classes weigh the same afterwards, but for half an average row that
            // was added to each.
            let half = 0.5 / rows.len() as f64;
            for (leaf, [a, b]) in sides.iter().enumerate().filter(|(_, [a, b])| a * b > 0.0) {
                let factor = libm::exp(value(round.tree.votes[leaf]));
                let [a, b] = [a * factor * (1.0 + half / a), b / factor * (1.0 + half / b)];
                prop_assert!((a / b - 1.0).abs() < 1e-6, "{a} {b}");
            }
        }
    }

    #[test]
    fn with_many_classes_every_class_is_a_question_of_its_own(
        labelled in drawn(3..6),
        depth in 1..4_u32,
    ) {
        let model = train(&labelled, &params(Learner::Confidence, depth, 8));
        let rows = train_rows(&labelled);
        let n_classes = labelled.n_classes as usize;
        let n_weights = (rows.len() * n_classes) as f64;
        let mut weights = vec![1.0 / n_weights; rows.len() * n_classes];
        let mut sums = vec![0.0; rows.len() * n_classes];
        let mut bound = 1.0;
        for round in &model.rounds {
            let mut leaves = vec![vec![[0.0; 2]; n_classes]; round.tree.n_nodes()];
            let (mut total, mut n_wrong) = (0.0, 0);
            let before = weights.clone();
            for (place, &row) in rows.iter().enumerate() {
                let path = round.tree.path(|feature| labelled.table.codes[feature as usize][row]);
                let leaf = path.last().expect("a root has children").0 as usize;
                for (class, leaf_sums) in leaves[leaf].iter_mut().enumerate() {
                    let is_own = usize::from(labelled.classes[row]) == class;
                    let y = if is_own { 1.0 } else { -1.0 };
                    let vote = value(round.tree.votes[leaf * n_classes + class]);
                    let at = place * n_classes + class;
                    leaf_sums[usize::from(is_own)] += before[at];
                    weights[at] *= libm::exp(-y * vote);
                    sums[at] += vote;
                    total += weights[at];
                    n_wrong += u32::from(y * sums[at] <= 0.0);
                }
            }
            for weight in &mut weights {
                *weight /= total;
            }
            let z: f64 = leaves.iter().flatten().map(|[a, b]| 2.0 * (a * b).sqrt()).sum();
            prop_assert!((z - round.loss).abs() < 1e-4, "{z} {}", round.loss);
            prop_assert!((total - round.z).abs() < 1e-6 && round.z <= 1.0 + 1e-9);
            bound *= round.z;
            // Theorem 5: the share of wrong answers, of all classes to all rows.
            prop_assert!(f64::from(n_wrong) / n_weights <= bound + 1e-9);
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
                // Any of its codes names it.
                let code = *step.codes.last().expect("a step has codes");
                let mute = Mute::Step { feature: rule.feature, code };
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
        let Some(round) = model.rounds.first() else {
            // Nothing is gained by any.
            let share = |class: u8| {
                rows.iter().filter(|&&row| labelled.classes[row] == class).count() as f64 / n
            };
            let before = match learner {
                Learner::Confidence => 2.0 * (share(0) * share(1)).sqrt(),
                Learner::Samme => 0.5,
            };
            prop_assert!(least >= before - 1e-9, "{least} {before}");
            return Ok(());
        };
        prop_assert!((round.loss - least).abs() < 1e-9, "{} {least}", round.loss);
        let test = &round.tree.splits[0].test;
        let own = loss(&|row| goes_right(test, &labelled.table, row));
        prop_assert!((own.expect("both sides hold rows") - least).abs() < 1e-9);
    }
}

/// A table of one column of numbers.
fn numbers(cells: &[Option<f64>], classes: &[u8], n_classes: u32) -> Labelled {
    Labelled {
        table: Table::new(&[Column::Numbers(cells.to_vec())]),
        classes: classes.to_vec(),
        uses: vec![Use::Train; classes.len()],
        n_classes,
    }
}

/// Two noisy columns, of which the class is the sum; a fifth of the rows is held out.
fn noisy(n_rows: usize, noise: f64) -> Labelled {
    let mut rng = stream(11, 0);
    let mut columns = [Vec::new(), Vec::new()];
    let (mut classes, mut uses) = (Vec::new(), Vec::new());
    for row in 0..n_rows {
        let [a, b] = [(); 2].map(|()| (unit(&mut rng) * 64.0).floor());
        columns[0].push(a);
        columns[1].push(b);
        classes.push(u8::from(a + b + noise * (unit(&mut rng) - 0.5) > 64.0));
        uses.push(if row % 5 == 0 { Use::Held } else { Use::Train });
    }
    Labelled { table: Table::of_numbers(&columns), classes, uses, n_classes: 2 }
}

#[test]
fn one_rule_that_explains_everything_ends_training_at_once() {
    let cells: Vec<Option<f64>> = (0..40).map(|row| Some(f64::from(row))).collect();
    let classes: Vec<u8> = (0..40).map(|row| u8::from(row >= 25)).collect();
    for learner in [Learner::Confidence, Learner::Samme] {
        let model = train(&numbers(&cells, &classes, 2), &params(learner, 1, 50));
        assert_eq!((model.rounds.len(), model.ending), (1, Ending::Explained));
        assert_eq!(model.rounds[0].loss, 0.0);
        let [split] = &model.rounds[0].tree.splits[..] else { panic!("a stump") };
        assert_eq!(split.test.sides, Sides::Cut { cut: 25, lost: Some(40) }, "25 rows are more");
        let votes = &model.rounds[0].tree.votes;
        assert!(votes[1] < 0 && votes[2] > 0 && value(votes[2]) < 10.0, "no vote is infinite");
    }
    let samme = train(&numbers(&cells, &classes, 2), &params(Learner::Samme, 1, 50));
    // ε is taken for 1/(2n).
    assert!((samme.rounds[0].alpha - libm::log(79.0)).abs() < 1e-12);
}

#[test]
fn what_is_no_better_than_chance_ends_training_and_does_not_count() {
    // Each value has both classes alike.
    let cells: Vec<Option<f64>> = (0..40).map(|row| Some(f64::from(row / 4))).collect();
    let classes: Vec<u8> = (0..40).map(|row| (row % 2) as u8).collect();
    for learner in [Learner::Confidence, Learner::Samme] {
        for depth in [1, 3] {
            let model = train(&numbers(&cells, &classes, 2), &params(learner, depth, 50));
            assert_eq!((model.rounds.len(), model.ending), (0, Ending::Chance));
            assert_eq!(scores(&model, &numbers(&cells, &classes, 2).table, &[]), [0; 40]);
        }
    }
}

#[test]
fn missing_values_go_where_they_lose_least() {
    // Those above 9 and those missing are of class 1, then of class 0.
    for of_missing in [1_u8, 0] {
        let cell = |row: u8| (!row.is_multiple_of(4)).then_some(f64::from(row % 20));
        let cells: Vec<Option<f64>> = (0..200).map(cell).collect();
        let classes: Vec<u8> = cells
            .iter()
            .map(|cell| cell.map_or(of_missing, |value| u8::from(value > 9.0)))
            .collect();
        let model = train(&numbers(&cells, &classes, 2), &params(Learner::Confidence, 1, 9));
        assert_eq!((model.rounds.len(), model.ending), (1, Ending::Explained));
        let test = &model.rounds[0].tree.splits[0].test;
        let missing = model.missing[0];
        assert_eq!(test.goes_right(missing), of_missing == 1);
    }
    // Missing against present is a test, too.
    let cells: Vec<Option<f64>> =
        (0..200_u8).map(|row| (!row.is_multiple_of(3)).then_some(f64::from(row % 7))).collect();
    let classes: Vec<u8> = cells.iter().map(|cell| u8::from(cell.is_none())).collect();
    let model = train(&numbers(&cells, &classes, 2), &params(Learner::Samme, 1, 9));
    let missing = model.missing[0];
    assert_eq!(model.ending, Ending::Explained);
    assert_eq!(model.rounds[0].tree.splits[0].test.sides, Sides::Cut { cut: missing, lost: None });
}

#[test]
fn what_training_has_not_seen_goes_with_the_heavier_side() {
    // 30 of `a` and 20 of `b` are told apart; `c` is held out, and nothing is missing in training.
    let text = |row: usize| match row {
        0..30 => Some("a".to_owned()),
        30..50 => Some("b".to_owned()),
        50 => Some("c".to_owned()),
        _ => None,
    };
    let labelled = Labelled {
        table: Table::new(&[Column::Texts((0..52).map(text).collect())]),
        classes: (0..52).map(|row| u8::from(row >= 30)).collect(),
        uses: (0..52).map(|row| if row < 50 { Use::Train } else { Use::Held }).collect(),
        n_classes: 2,
    };
    let model = train(&labelled, &params(Learner::Confidence, 1, 9));
    let test = &model.rounds[0].tree.splits[0].test;
    assert_eq!([0, 1, 2, 3].map(|code| test.goes_right(code)), [false, true, false, false]);
    assert_eq!(model.curve[0].held_wrong.0, [0, 2]);
}

#[test]
fn rare_categories_go_together() {
    // Nine rows of one category are of class 1.
    let text = |row: usize| Some(if row < 9 { "rare".to_owned() } else { (row % 50).to_string() });
    let labelled = Labelled {
        table: Table::new(&[
            Column::Texts((0..400).map(text).collect()),
            Column::Numbers((0..400).map(|row| Some(f64::from(row % 2))).collect()),
        ]),
        classes: (0..400).map(|row| u8::from(row < 9 || row % 2 == 0 && row % 10 > 0)).collect(),
        uses: vec![Use::Train; 400],
        n_classes: 2,
    };
    let model = train(&labelled, &params(Learner::Confidence, 3, 9));
    assert_eq!(model.used(), [1], "no category of the first column has ten rows");
    // A hundred categories of twelve rows each are more than √1200.
    let many = Labelled {
        table: Table::new(&[Column::Texts(
            (0..1200).map(|row| Some((row % 100).to_string())).collect(),
        )]),
        classes: (0..1200).map(|row| u8::from(row % 100 < 40)).collect(),
        uses: vec![Use::Train; 1200],
        n_classes: 2,
    };
    let rows = parts(&many, |_| 0, 1);
    let features = &many.table.features;
    let found = Booster::new(features, Params::default(), rows[0].census());
    assert_eq!(found.map(|_| ()), Err(FitError::NothingVaries));
}

#[test]
fn a_class_without_training_rows_is_never_predicted() {
    let mut labelled = noisy(300, 10.0);
    labelled.n_classes = 4;
    for (row, class) in labelled.classes.iter_mut().enumerate() {
        *class = if labelled.uses[row] == Use::Held && row % 2 == 0 { 2 } else { *class };
    }
    for learner in [Learner::Confidence, Learner::Samme] {
        let model = train(&labelled, &params(learner, 2, 20));
        let sums = scores(&model, &labelled.table, &[]);
        assert!(sums.chunks(4).all(|sums| predicted(sums) < 2));
        let last = model.curve.last().expect("there are rounds");
        assert_eq!(last.held_wrong[2], model.held[2], "{learner:?}");
        assert_eq!(last.train_wrong.0[2..], [0, 0]);
    }
}

#[test]
fn training_stops_where_held_out_rows_gain_nothing_and_keeps_the_best_round() {
    let labelled = noisy(400, 60.0);
    let whole = train(&labelled, &params(Learner::Confidence, 3, 80));
    let patient = Params { patience: Some(10), ..params(Learner::Confidence, 3, 80) };
    let model = train(&labelled, &patient);
    assert_eq!(model.ending, Ending::NoImprovement);
    let errors: Vec<u64> =
        whole.curve.iter().map(|watched| watched.held_wrong.iter().sum()).collect();
    let best = (0..model.curve.len()).min_by_key(|&round| errors[round]).expect("rounds");
    assert_eq!(model.rounds.len(), best + 1);
    assert_eq!(model.curve.len(), best + 1 + 10);
    assert_eq!(model.rounds, whole.rounds[..=best]);
}

#[test]
fn who_gives_up_keeps_the_rounds_so_far() {
    let labelled = noisy(400, 30.0);
    let whole = train(&labelled, &params(Learner::Confidence, 2, 20));
    let rows = parts(&labelled, |_| 0, 1).pop().expect("one part");
    let wanted = params(Learner::Confidence, 2, 20);
    let mut booster =
        Booster::new(&labelled.table.features, wanted, rows.census()).expect("it can be trained");
    let mut part = Part::new(rows, booster.plan());
    for _ in 0..9 {
        let report = part.obey(booster.order().expect("more rounds"));
        booster.take(report);
    }
    let model = booster.finish();
    // Two levels a round, and the votes go with the next root.
    assert_eq!((model.rounds.len(), model.ending), (4, Ending::GivenUp));
    assert_eq!(model.rounds, whole.rounds[..4]);
}

#[test]
fn a_class_that_weighs_more_is_missed_less() {
    let labelled = noisy(1000, 60.0);
    let missed = |class_weights: Vec<f64>| {
        let params = Params { class_weights, ..params(Learner::Confidence, 1, 5) };
        train(&labelled, &params).curve[4].train_wrong.0.clone()
    };
    let (even, uneven) = (missed(Vec::new()), missed(vec![1.0, 8.0]));
    assert_eq!(even, missed(vec![3.0, 3.0]), "only what they are to each other counts");
    assert!(uneven[1] * 4 < even[1] && uneven[0] > even[0], "{even:?} {uneven:?}");
}

#[test]
fn what_cannot_be_trained_is_told() {
    let cells: Vec<Option<f64>> = (0..10).map(|row| Some(f64::from(row))).collect();
    let error = |labelled: &Labelled| {
        let rows = parts(labelled, |_| 0, 1);
        let features = &labelled.table.features;
        Booster::new(features, Params::default(), rows[0].census()).expect_err("no model")
    };
    let good = numbers(&cells, &[0, 1, 0, 1, 0, 1, 0, 1, 0, 1], 2);
    let none = Labelled { uses: vec![Use::Held; 10], ..good.clone() };
    assert_eq!(error(&none), FitError::NoRows);
    let one = Labelled { classes: vec![1; 10], ..good.clone() };
    assert_eq!(error(&one), FitError::OneClass);
    let still = Labelled { table: Table::of_numbers(&[vec![7.0; 10]]), ..good.clone() };
    assert_eq!(error(&still), FitError::NothingVaries);
    let few = Labelled { n_classes: 1, classes: vec![0; 10], ..good };
    assert_eq!(error(&few).to_string(), "1 classes are not between 2 and 50");
    // Fifty classes are a hundred sums for every one of 12 × 30,000 values.
    let column: Vec<f64> = (0..30_000).map(f64::from).collect();
    let wide = Labelled {
        table: Table::of_numbers(&vec![column; 12]),
        classes: (0..30_000).map(|row| (row % 50) as u8).collect(),
        uses: vec![Use::Train; 30_000],
        n_classes: 50,
    };
    assert_eq!(error(&wide), FitError::TooManySums { found: 36_000_000, limit: 1 << 25 });
}

#[test]
fn a_model_scores_alike_behind_a_port() {
    let labelled = noisy(300, 20.0);
    for depth in [1, 3] {
        let model = train(&labelled, &params(Learner::Confidence, depth, 10));
        let bytes = postcard::to_allocvec(&model).expect("plain data");
        let crossed: Model = postcard::from_bytes(&bytes).expect("the same data");
        assert_eq!(crossed, model);
        let of = |model| scores(model, &labelled.table, &[]);
        assert_eq!(of(&model), of(&crossed));
    }
}
