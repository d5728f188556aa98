//! A model that stands, read otherwise: votes muted, the line moved, mistakes priced.

mod forest_support;

use std::{collections::HashMap, fmt::Write, time::Instant};

use forest_support::gunzip;
use isoscope::{
    cluster::{
        JobError,
        added::Eyes,
        counting::{Counting, Line, Muted, Weights},
        learned::{
            ClassesBy, Judged, RowSet, RowVotes, SplitBy, StepValues, TrainSpec, Trained, VoteStep,
        },
        local::Local,
        source::{Choice, Given},
    },
    engine::{
        boost::{Learner, Params},
        text::Overrides,
    },
    protocol::{AxisOf, AxisScale, Grid, GridSpec, GroupBy},
};
use serde_json::Value;

/// Rows of three classes by two numbers and a word, some of which are missing.
fn table(n_rows: usize) -> String {
    let mut csv = String::from("x,y,word,class\n");
    for row in 0..n_rows {
        let (x, y) = (row * 7919 % 101, row * 104_729 % 97);
        let word = ["tcp", "udp", "icmp", ""][row * 31 % 7 % 4];
        let class = match row % 23 {
            1 => "b",
            _ if x <= 50 && y > 60 || word == "icmp" && y % 3 == 0 => "b",
            _ if x > 50 => "a",
            _ => "c",
        };
        let y = if row % 17 == 4 { String::new() } else { y.to_string() };
        writeln!(csv, "{x},{y},{word},{class}").expect("a string takes all");
    }
    csv
}

fn spec() -> TrainSpec {
    TrainSpec {
        target: 3,
        classes: ClassesBy::Values,
        features: vec![0, 1, 2],
        split: SplitBy::Random { share: 0.3 },
        params: Params { depth: 1, n_rounds: 20, rate: 1.0, ..Params::default() },
        weights: Weights::Alike,
        holds_out: true,
        eyes: Eyes::default(),
        seed: 7,
        counting: Counting::default(),
    }
}

/// One class against the others.
fn two() -> TrainSpec {
    TrainSpec { classes: ClassesBy::Against("b".to_owned()), ..spec() }
}

fn trained(csv: &str, n_shards: usize, spec: TrainSpec) -> Local {
    let mut local = Local::new(n_shards);
    local.load(csv.as_bytes().to_vec(), &Overrides::default()).expect("a table");
    local.train(spec, &|| false).expect("a model");
    local
}

fn recounted(local: &mut Local, counting: Counting) -> Trained {
    (*local.recount(counting).expect("a count").trained).clone()
}

fn of(trained: &Trained, set: RowSet) -> &Judged {
    trained.judged.iter().find(|judged| judged.set == set).expect("it was judged")
}

fn figure(judged: &Judged, name: &str) -> f64 {
    let measure = judged.figures.iter().find(|measure| measure.name == name);
    measure.unwrap_or_else(|| panic!("no {name}")).value.expect("it is defined")
}

/// The false alarms and the misses of a set of two classes.
fn mistakes(judged: &Judged) -> (u64, u64) {
    (judged.confusion[1], judged.confusion[2])
}

fn muting(column: u32) -> Counting {
    Counting { muted: vec![Muted { column, at: None }], ..Counting::default() }
}

fn at_line(line: Line) -> Counting {
    Counting { line, ..Counting::default() }
}

#[test]
fn to_mute_nothing_changes_nothing() {
    for spec in [spec(), two(), TrainSpec { split: SplitBy::Folds { k: 3 }, ..two() }] {
        let mut local = trained(&table(600), 2, spec);
        let first = local.recount(Counting::default()).expect("a count").trained.clone();
        let again = recounted(&mut local, Counting::default());
        assert!(again == *first);
        assert!(first.unmuted.is_empty() && first.line == 0.0);
        if !matches!(again.spec.split, SplitBy::Folds { .. }) {
            // There and back.
            recounted(&mut local, muting(0));
            assert!(recounted(&mut local, Counting::default()) == *first);
        }
    }
}

#[test]
fn muted_votes_are_the_sum_of_those_that_are_left() {
    let deep = |spec: TrainSpec| {
        let params = Params { depth: 3, ..spec.params.clone() };
        TrainSpec { params, ..spec }
    };
    let samme = Params { learner: Learner::Samme, ..spec().params };
    for spec in [spec(), two(), deep(spec()), deep(two()), TrainSpec { params: samme, ..spec() }] {
        let mut local = trained(&table(600), 3, spec);
        let rows = [0, 4, 77, 250, 599];
        let votes = |local: &mut Local| -> Vec<RowVotes> {
            rows.map(|row| local.votes(row).expect("votes")).to_vec()
        };
        let before = votes(&mut local);
        let first = local.recount(Counting::default()).expect("a count").trained.clone();
        let column = first.columns[0].column as usize;
        let muted = recounted(&mut local, muting(column as u32));
        for (after, before) in votes(&mut local).iter().zip(&before) {
            let n_votes = before.votes.len();
            for vote in 0..n_votes {
                let of = |column: usize| before.by_column[column * n_votes + vote];
                // Votes are whole numbers of 2⁻⁴⁰, so these sums are exact.
                let left = (0..3).filter(|&there| there != column);
                assert_eq!(after.votes[vote], left.clone().map(of).sum::<f64>());
                assert_eq!(after.by_column[column * n_votes + vote], 0.0);
                for there in left {
                    assert_eq!(after.by_column[there * n_votes + vote], of(there));
                }
            }
            let said = usize::from(muted.predicted[after.row as usize]);
            match after.votes[..] {
                [sum] => {
                    assert_eq!(said, usize::from(sum > 0.0));
                    let margin = muted.margins[after.row as usize];
                    assert!((margin - sum / muted.reach).abs() < 1e-12, "{margin} {sum}");
                }
                ref votes => assert!(votes.iter().all(|&other| other <= votes[said])),
            }
        }
        // Every figure follows, and what it was is told beside it.
        assert_eq!(
            muted.unmuted,
            of(&first, RowSet::Test).figures.iter().map(plain).collect::<Vec<_>>()
        );
        assert!(muted.judged != first.judged && muted.predicted != first.predicted);
        let n_right = |trained: &Trained| {
            trained.predicted.iter().zip(trained.truth.iter()).filter(|(a, b)| a == b).count()
        };
        let n_of = |trained: &Trained| -> u64 {
            let n = trained.classes.len();
            trained.judged.iter().flat_map(|j| (0..n).map(|c| j.confusion[c * n + c])).sum()
        };
        assert_eq!(n_of(&muted), n_right(&muted) as u64);
        assert!(n_right(&muted) < n_right(&first));
    }
}

/// A figure without its interval.
fn plain(measure: &isoscope::cluster::learned::Measure) -> isoscope::cluster::learned::Measure {
    isoscope::cluster::learned::Measure { interval: None, ..measure.clone() }
}

/// A value of a step, as the file has it.
fn value_of(values: &StepValues) -> String {
    match values {
        StepValues::Range(low, _) => low.to_string(),
        StepValues::Names(names, _) => names[0].clone(),
        StepValues::Missing => String::new(),
    }
}

#[test]
fn a_muted_step_takes_its_vote_from_its_rows_and_from_no_others() {
    let csv = table(600);
    let mut local = trained(&csv, 2, two());
    let columns = local.recount(Counting::default()).expect("a count").trained.columns.clone();
    let before: Vec<f64> = (0..600).map(|row| local.votes(row).expect("votes").votes[0]).collect();
    let mut n_steps = 0;
    for column in &columns {
        let has_own = |steps: &[VoteStep]| steps.iter().any(|s| s.values == StepValues::Missing);
        for step in &column.steps {
            let muted = Muted { column: column.column, at: Some(value_of(&step.values)) };
            recounted(&mut local, Counting { muted: vec![muted], ..Counting::default() });
            let mut n_moved = 0;
            for (row, line) in csv.lines().skip(1).enumerate() {
                let cell = line.split(',').nth(column.column as usize).expect("a cell");
                let is_on = match &step.values {
                    StepValues::Range(low, high) => {
                        cell.parse().is_ok_and(|x: f64| (*low..=*high).contains(&x))
                    }
                    // What has no value may vote as some words do.
                    StepValues::Names(names, _) if cell.is_empty() => {
                        !has_own(&column.steps) && names[0] == "tcp"
                    }
                    StepValues::Names(names, _) => names.iter().any(|name| name == cell),
                    StepValues::Missing => cell.is_empty(),
                };
                let after = local.votes(row as u32).expect("votes").votes[0];
                let left = before[row] - if is_on { step.votes[0] } else { 0.0 };
                assert_eq!(after, left, "{} {:?} {line}", column.column, step.values);
                n_moved += u64::from(is_on);
            }
            assert!(n_moved >= step.n_rows, "{:?}", step.values);
            n_steps += 1;
        }
    }
    assert!(n_steps > 8, "{n_steps} steps");
    // A value that no row has is on no step of words, and a deeper model has no steps.
    let muted = vec![Muted { column: 2, at: Some("sctp".to_owned()) }];
    let nothing = recounted(&mut local, Counting { muted, ..Counting::default() });
    assert!(nothing.unmuted.is_empty());
}

#[test]
fn any_number_of_shards_counts_the_same() {
    let costs = vec![0.0, 1.0, 9.0, 0.0];
    let muted = vec![Muted { column: 0, at: Some("40".to_owned()) }, Muted { column: 2, at: None }];
    for line in [Line::Even, Line::At(-0.3), Line::FalseAlarms(0.05), Line::Cheapest] {
        let counting = Counting { muted: muted.clone(), line, costs: costs.clone() };
        let count =
            |n_shards| recounted(&mut trained(&table(700), n_shards, two()), counting.clone());
        let one = count(1);
        assert!(one == count(4));
        // Counted so from the start it is the same.
        let spec = TrainSpec { counting, ..two() };
        let mut local = Local::new(3);
        local.load(table(700).into_bytes(), &Overrides::default()).expect("a table");
        assert!(*local.train(spec, &|| false).expect("a model").trained == one);
    }
    let counting = muting(0);
    let count = |n| recounted(&mut trained(&table(700), n, spec()), counting.clone());
    assert!(count(1) == count(5));
}

#[test]
fn a_line_by_held_out_rows_lets_through_as_many_false_alarms_as_said() {
    let mut local = trained(&table(2_000), 2, two());
    let even = recounted(&mut local, Counting::default());
    let n_normal =
        of(&even, RowSet::Holdout).confusion[0] + of(&even, RowSet::Holdout).confusion[1];
    let mut last = f64::INFINITY;
    for share in [0.0, 0.01, 0.05, 0.2] {
        let set = recounted(&mut local, at_line(Line::FalseAlarms(share)));
        let (alarms, _) = mistakes(of(&set, RowSet::Holdout));
        assert!(alarms as f64 <= share * n_normal as f64, "{alarms} of {n_normal} at {share}");
        assert!(set.line <= last, "a line sinks as more is allowed");
        last = set.line;
        // As low as can be: the next row below it would be one false alarm too many.
        let held = |line| mistakes(of(&recounted_at(&table(2_000), line), RowSet::Holdout));
        if share > 0.0 {
            let below = held(set.line - 0.4);
            assert!(below.0 as f64 > share * n_normal as f64, "{below:?} at {share}");
        }
        // The same line said as a number is the same line.
        let by_number = recounted(&mut local, at_line(Line::At(set.line)));
        assert_eq!(by_number.judged, set.judged);
        assert_eq!(by_number.margins, set.margins);
        for (class, margin) in set.predicted.iter().zip(set.margins.iter()) {
            assert_eq!(*class == 1, *margin > 0.0);
            assert!((-1.0..=1.0).contains(margin));
        }
    }
}

fn recounted_at(csv: &str, line: f64) -> Trained {
    recounted(&mut trained(csv, 1, two()), at_line(Line::At(line)))
}

#[test]
fn the_cheapest_line_is_cheapest_on_the_held_out_rows_and_a_miss_that_costs_more_lowers_it() {
    let mut local = trained(&table(2_000), 2, two());
    let mut last = f64::INFINITY;
    for missed in [0.2, 1.0, 10.0] {
        let costs = vec![0.0, 1.0, missed, 0.0];
        let cost = |trained: &Trained| {
            let (alarms, misses) = mistakes(of(trained, RowSet::Holdout));
            alarms as f64 + missed * misses as f64
        };
        let counting = |line| Counting { line, costs: costs.clone(), ..Counting::default() };
        let cheapest = recounted(&mut local, counting(Line::Cheapest));
        for step in -20..20 {
            let other = recounted(&mut local, counting(Line::At(f64::from(step) / 4.0)));
            assert!(cost(&cheapest) <= cost(&other), "{} {}", cheapest.line, other.line);
            // Where it would be is told at any line, with what it does to the test.
            let told = other.cheapest.expect("rows were held out");
            assert_eq!(told.line, cheapest.line);
            assert_eq!(told.confusion, of(&cheapest, RowSet::Test).confusion);
        }
        assert!(cheapest.line <= last);
        last = cheapest.line;
    }
}

#[test]
fn a_line_by_held_out_rows_does_not_know_the_test() {
    // The same rows to learn from; those of the other file with other labels, and in another order.
    let file = |name: &str, rows: &[String]| Given {
        name: name.to_owned(),
        file: format!("x,y,word,class\n{}\n", rows.join("\n")).into_bytes(),
    };
    let rows: Vec<String> = table(1_200).lines().skip(1).map(str::to_owned).collect();
    let relabelled = |row: &String| {
        let (cells, class) = row.rsplit_once(',').expect("cells");
        format!("{cells},{}", if class == "b" { "a" } else { "b" })
    };
    let mut reversed: Vec<String> = rows[900..].iter().map(relabelled).collect();
    reversed.reverse();
    for line in [Line::FalseAlarms(0.02), Line::Cheapest] {
        let count = |test: &[String]| {
            let files = [file("known.csv", &rows[..900]), file("later.csv", test)];
            let mut local = Local::new(2);
            let given = local.gather(&files, None, &Choice::default(), &Overrides::default());
            given.expect("a table").expect("no question");
            let columns = &local.table().expect("a table").profile.columns;
            let column = columns
                .iter()
                .position(|c| {
                    c.name != "x" && c.name != "y" && c.name != "word" && c.name != "class"
                })
                .expect("the file");
            let split =
                SplitBy::File { column: column as u32, name: "later.csv".to_owned(), share: 0.2 };
            let at =
                |name: &str| columns.iter().position(|c| c.name == name).expect("there") as u32;
            let (target, features) = (at("class"), vec![at("x"), at("y"), at("word")]);
            let spec = TrainSpec { split, target, features, counting: at_line(line), ..two() };
            (*local.train(spec, &|| false).expect("a model").trained).clone()
        };
        let (one, other) = (count(&rows[900..]), count(&reversed));
        assert_eq!(one.line, other.line);
        assert_ne!(one.line, 0.0);
        assert_eq!(of(&one, RowSet::Holdout), of(&other, RowSet::Holdout));
        let accuracy = |trained: &Trained| figure(of(trained, RowSet::Test), "accuracy");
        assert!(accuracy(&one) > 0.8 && accuracy(&other) < 0.5);
    }
}

#[test]
fn what_cannot_be_counted_is_said_in_a_sentence() {
    let mut local = trained(&table(600), 2, TrainSpec { holds_out: false, ..two() });
    for line in [Line::FalseAlarms(0.01), Line::Cheapest] {
        let refused = local.recount(at_line(line)).expect_err("nothing was held out");
        assert!(matches!(refused, JobError::NoneHeldOut { .. }), "{refused}");
    }
    assert_eq!(local.recount(Counting::default()).expect("a count").trained.cheapest, None);
    let costs = |costs: Vec<f64>| Counting { costs, ..Counting::default() };
    for wrong in [vec![1.0; 3], vec![0.0, -1.0, 1.0, 0.0], vec![0.0, f64::NAN, 1.0, 0.0]] {
        let found = wrong.len() as u32;
        let refused = local.recount(costs(wrong)).expect_err("these are no costs");
        assert_eq!(refused, JobError::NotCosts { n_classes: 2, found });
    }
    let mut folded = trained(&table(600), 2, TrainSpec { split: SplitBy::Folds { k: 3 }, ..two() });
    for counting in [muting(0), at_line(Line::Cheapest)] {
        assert_eq!(folded.recount(counting).err(), Some(JobError::Folded));
    }
    // By a number a line can be put there, too.
    let before = recounted(&mut folded, Counting::default());
    let after = recounted(&mut folded, at_line(Line::At(0.5)));
    let alarms = |trained: &Trained| mistakes(of(trained, RowSet::Test)).0;
    assert!(alarms(&after) < alarms(&before));
    let mut none = Local::new(1);
    assert_eq!(none.recount(Counting::default()).err(), Some(JobError::NoTable));
}

#[test]
fn rows_weigh_what_their_mistakes_cost() {
    let recall = |weights: Weights| {
        let spec = TrainSpec { weights, params: Params { n_rounds: 3, ..spec().params }, ..two() };
        let trained = recounted(&mut trained(&table(2_000), 2, spec), Counting::default());
        figure(of(&trained, RowSet::Test), "recall")
    };
    let by_cost = |missed: f64| recall(Weights::Costs(vec![0.0, 1.0, missed, 0.0]));
    let alike = recall(Weights::Alike);
    assert_eq!(by_cost(1.0), alike);
    assert_eq!(recall(Weights::Costs(Vec::new())), alike, "unsaid costs are all 1");
    assert!(by_cost(20.0) > alike && by_cost(0.05) < alike);
    let spec = TrainSpec { weights: Weights::Costs(vec![1.0; 9]), ..two() };
    let mut local = Local::new(1);
    local.load(table(300).into_bytes(), &Overrides::default()).expect("a table");
    let refused = local.train(spec, &|| false).expect_err("nine costs for two classes");
    assert_eq!(refused, JobError::NotCosts { n_classes: 2, found: 9 });
}

#[test]
fn the_export_says_what_is_shown() {
    let mut local = trained(&table(500), 3, two());
    let counting = Counting { line: Line::At(0.7), ..muting(1) };
    let shown = recounted(&mut local, counting);
    let export = String::from_utf8(local.export(0.5).expect("an export")).expect("UTF-8");
    for (row, line) in export.lines().skip(1).enumerate() {
        let class = &shown.classes[usize::from(shown.predicted[row])];
        assert!(line.ends_with(&format!(",{class},{}", shown.margins[row])), "{line}");
    }
}

/// Rows by what the model says of them, on a grid of margins by x.
fn grid(local: &mut Local, by: GroupBy) -> Grid {
    let (x, y) = (AxisOf::Margin(1), AxisOf::Column(0));
    let (x_scale, y_scale) = (AxisScale::Linear, AxisScale::Linear);
    let spec = GridSpec { x, y, x_scale, y_scale, width: 400, height: 101, by: Some(by) };
    local.grid(spec).expect("a grid")
}

#[test]
fn charts_tell_the_class_the_margin_and_whether_it_is_right() {
    let csv = table(500);
    let mut one = trained(&csv, 1, two());
    let mut many = trained(&csv, 4, two());
    assert!(grid(&mut one, GroupBy::Class(1)) == grid(&mut many, GroupBy::Class(1)));
    let mut shown = None;
    for counting in [Counting::default(), Counting { line: Line::At(0.5), ..muting(1) }] {
        let counted = recounted(&mut many, counting);
        let by_class = grid(&mut many, GroupBy::Class(2));
        let by_right = grid(&mut many, GroupBy::Right(2));
        assert_eq!(by_class.group_names, counted.classes);
        assert_eq!(by_right.group_names, ["right", "wrong"]);
        let (low, high) = by_class.x_domain;
        let mut n_alone = 0;
        for (cell, &row) in by_class.top_rows.iter().enumerate() {
            // Where a cell has one row its group is known.
            if by_class.counts[cell] != 1 {
                continue;
            }
            n_alone += 1;
            let row = row as usize;
            assert_eq!(by_class.groups[cell], counted.predicted[row]);
            let is_wrong = counted.predicted[row] != counted.truth[row];
            assert_eq!(by_right.groups[cell], u8::from(is_wrong));
            let from = low + (high - low) * (cell % 400) as f64 / 400.0;
            let margin = counted.margins[row];
            let width = (high - low) / 400.0;
            assert!((from - 1e-9..=from + width + 1e-9).contains(&margin), "{from} {margin}");
        }
        assert!(n_alone > 50, "{n_alone}");
        assert_eq!(by_class.counts.iter().sum::<u32>(), 500);
        assert!(shown.replace(by_class.groups.clone()) != Some(by_class.groups));
    }
    let mut none = Local::new(1);
    none.load(csv.into_bytes(), &Overrides::default()).expect("a table");
    for (x, by) in [(AxisOf::Margin(0), None), (AxisOf::Column(0), Some(GroupBy::Right(0)))] {
        let (x_scale, y_scale) = (AxisScale::Linear, AxisScale::Linear);
        let spec = GridSpec { x, y: AxisOf::Column(1), x_scale, y_scale, width: 9, height: 9, by };
        assert_eq!(none.grid(spec).err(), Some(JobError::NoModel));
    }
}

/// The votes of a row by a model's JSON, as `docs/model.md` says.
fn read_votes(model: &Value, cell: &dyn Fn(&str) -> Option<String>) -> Vec<i64> {
    let is_text: HashMap<&str, bool> = model["features"]
        .as_array()
        .expect("features")
        .iter()
        .map(|f| (f["name"].as_str().expect("a name"), f["kind"] == "text"))
        .collect();
    let n = model["classes"].as_array().expect("classes").len();
    let mut sums = vec![0; if n == 2 { 1 } else { n }];
    for tree in model["rounds"].as_array().expect("rounds") {
        let mut node = tree;
        while let Some(column) = node["column"].as_str() {
            let names = |key: &str| node[key].as_array().map(|names| names.iter());
            let goes_right = match cell(column) {
                None => node["missing"] == "right",
                Some(value) if is_text[column] => match names("in") {
                    Some(mut names) => names.any(|name| *name == value),
                    None => names("not_in").expect("some names").all(|name| *name != value),
                },
                Some(value) => {
                    let number: f64 = value.parse().expect("a number");
                    node["from"].as_f64().is_some_and(|from| number >= from)
                }
            };
            node = &node[if goes_right { "right" } else { "left" }];
        }
        for (sum, vote) in sums.iter_mut().zip(node["votes"].as_array().expect("a leaf")) {
            *sum += vote.as_i64().expect("a whole number");
        }
    }
    sums
}

/// Holds the JSON of the model that stands against the votes that it gives rows itself.
fn assert_reads_back(local: &mut Local, csv: &str, rows: impl Iterator<Item = usize>) -> Value {
    let text = local.model("a \"b\".csv").expect("a model");
    let model: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(model["file"], "a \"b\".csv");
    let shown = local.classifier().expect("a model").trained.clone();
    let names: Vec<&str> =
        model["classes"].as_array().expect("classes").iter().filter_map(Value::as_str).collect();
    assert_eq!(names, shown.classes);
    let (unit, line) = (model["votes_per_unit"].as_f64(), model["line"].as_i64());
    let (unit, line) = (unit.expect("a unit"), line.expect("a line"));
    assert_eq!(line as f64 / unit, shown.line);
    let columns: Vec<String> =
        local.table().expect("a table").profile.columns.iter().map(|c| c.name.clone()).collect();
    let lines: Vec<&str> = csv.lines().collect();
    let header = usize::from(lines[0].starts_with("x,"));
    for row in rows {
        let cells: Vec<&str> = lines[row + header].split(',').collect();
        let cell = |name: &str| {
            let at = columns.iter().position(|column| column == name).expect("a column");
            Some(cells[at].to_owned()).filter(|cell| !cell.is_empty())
        };
        let votes = read_votes(&model, &cell);
        let own: Vec<i64> = local
            .votes(row as u32)
            .expect("votes")
            .votes
            .iter()
            .map(|vote| (vote * unit) as i64)
            .collect();
        assert_eq!(votes, own, "row {row}: {}", lines[row + header]);
        if let [votes] = votes[..] {
            assert_eq!(shown.predicted[row] == 1, votes > line, "row {row}");
        }
    }
    model
}

#[test]
fn a_models_json_gives_every_row_the_votes_that_the_model_gives_it() {
    let csv = table(600);
    for spec in [spec(), two()] {
        for depth in [1, 4] {
            let params = Params { depth, ..spec.params.clone() };
            let mut local = trained(&csv, 2, TrainSpec { params, ..spec.clone() });
            let model = assert_reads_back(&mut local, &csv, 0..600);
            assert_eq!(model["rounds"].as_array().map(Vec::len), Some(20));
            assert_eq!(model["settings"]["depth"], depth);
            // As it is shown: muted, and with its line.
            let mut muted = vec![Muted { column: 1, at: None }];
            if depth == 1 {
                let at = |column, at: &str| Muted { column, at: Some(at.to_owned()) };
                let steps =
                    [at(0, "0"), at(0, "60"), at(0, "100"), at(2, "udp"), at(2, ""), at(2, "udp")];
                muted = steps.to_vec();
            }
            for n in 1..=muted.len() {
                let (muted, line) = (muted[..n].to_vec(), Line::At(0.4));
                recounted(&mut local, Counting { muted, line, ..Counting::default() });
                assert_reads_back(&mut local, &csv, 0..600);
            }
            let muted = (0..3).map(|column| Muted { column, at: None }).collect();
            recounted(&mut local, Counting { muted, ..Counting::default() });
            assert_reads_back(&mut local, &csv, (0..600).step_by(50));
        }
    }
}

/// `KDDTrain+` to learn from, `KDDTest+` to judge by.
fn nsl_kdd() -> (Local, TrainSpec) {
    let file = |name: &str| Given {
        name: format!("{name}.txt"),
        file: gunzip(&format!("data/nsl-kdd/{name}.txt.gz")).into_bytes(),
    };
    let mut local = Local::new(2);
    let files = [file("KDDTrain+"), file("KDDTest+")];
    let given = local.gather(&files, None, &Choice::default(), &Overrides::default());
    given.expect("a table").expect("no question");
    let columns = &local.table().expect("a table").profile.columns;
    let at = |name: &str| columns.iter().position(|c| c.name == name).map(|at| at as u32);
    let target = at("label").or_else(|| at("class")).expect("labels");
    let difficulty = at("difficulty");
    let column = columns.len() as u32 - 1;
    let features =
        (0..column).filter(|&column| column != target && Some(column) != difficulty).collect();
    let spec = TrainSpec {
        target,
        classes: ClassesBy::AllBut("normal".to_owned()),
        features,
        split: SplitBy::File { column, name: "KDDTest+.txt".to_owned(), share: 0.2 },
        params: Params::default(),
        counting: at_line(Line::FalseAlarms(0.01)),
        ..spec()
    };
    (local, spec)
}

#[test]
fn the_honest_recipe_finds_attacks_of_kinds_never_learnt() {
    let (mut local, spec) = nsl_kdd();
    let trained = (*local.train(spec, &|| false).expect("a model").trained).clone();
    let told = |trained: &Trained, name: &str| {
        let of = |set| format!("{:.5}", figure(of(trained, set), name));
        format!("{name} {} held out {}", of(RowSet::Test), of(RowSet::Holdout))
    };
    for name in ["accuracy", "recall", "precision", "false-positive-rate", "roc-auc"] {
        println!("KDDTest+, line at 1 % of held-out normal rows: {}", told(&trained, name));
    }
    let test = of(&trained, RowSet::Test);
    assert!(figure(test, "accuracy") >= 0.85, "{}", figure(test, "accuracy"));
    assert!(figure(of(&trained, RowSet::Holdout), "false-positive-rate") <= 0.01);
    let files = ["KDDTrain+", "KDDTest+"].map(|f| gunzip(&format!("data/nsl-kdd/{f}.txt.gz")));
    let model = assert_reads_back(&mut local, &files.concat(), (0..148_517).step_by(997));
    println!("the model as JSON: {} bytes", model.to_string().len());
    // Even votes are the wrong line for such rows.
    let start = Instant::now();
    let even = recounted(&mut local, Counting::default());
    println!("another line for {} rows in {:?}", even.truth.len(), start.elapsed());
    assert!(figure(of(&even, RowSet::Test), "accuracy") < 0.83);
    let start = Instant::now();
    let column = even.columns[0].column;
    let muted = recounted(&mut local, muting(column));
    println!(
        "without {}: {} ▶ {}, in {:?}",
        local.table().expect("a table").profile.columns[column as usize].name,
        figure(of(&even, RowSet::Test), "accuracy"),
        figure(of(&muted, RowSet::Test), "accuracy"),
        start.elapsed(),
    );
}
