//! Every message survives its crossing: what one end says is what the other hears.

use std::fmt::Debug;

use isoscope::{
    cluster::{
        bulk::Bulk,
        condition::{CellTest, Condition, Needle, OfNumber, OfText},
        local::Local,
        message::{
            AddQuestion, Alike, Answer, Axis, DriftQuestion, EntityQuestion, FitQuestion, Fitted,
            Gauge, GridQuestion, Grouped, LearnQuestion, LikeQuestion, Loan, ProjectQuestion,
            Question, RangeToRead, Recode, SelectQuestion, SortBy, SortKeys, StudyQuestion,
        },
        source::Given,
    },
    engine::{
        baselines::{Baseline, Bayes, Design, LearnError, LearntFrom, Rows as StudyRows},
        boost::{FitError, Mute, Rows, Use},
        centres::Centres,
        components::Components,
        matrix::{Codes, Feature},
        table::{
            format::{EpochUnit, Format, Reading},
            number::Mark,
            share::RowShare,
            time::DateOrder,
        },
        text::{Encoding, Rules, records::Literal},
    },
    protocol::{
        AxisOf, AxisScale, BoostParams, Bound, ByRows, Choice, ClassesBy, ColumnType, Compared,
        Counting, EntitySpec, Envelope, Event, Eyes, Filter, ForestParams, GridSpec, GroupBy,
        Interval, JobError, JobId, JoinBy, Judgement, Line, Loaded, Measure, Muted, NoticeKind,
        Overrides, Request, RowVotes, RowsPoint, Sample, Selection, Sign, Sort, SplitBy, Step,
        Test, Timing, Told, TrainSpec, Treatment, Trial, TuneEnding, TuneSpec, Tuned, Verdict,
        ViewSpec, Weights,
    },
};
use ndarray::Array2;
use serde::{Serialize, de::DeserializeOwned};

fn crosses<T: Serialize + DeserializeOwned + PartialEq + Debug>(body: T) {
    let sent = Envelope { job: JobId(7), body };
    let bytes = postcard::to_allocvec(&sent).expect("plain data");
    let heard: Envelope<T> = postcard::from_bytes(&bytes).expect("the other end understands it");
    assert_eq!(heard, sent);
}

/// Whether all whole numbers are such that JavaScript has them: others do not cross.
fn is_exact_to_javascript(value: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match value {
        Array(values) => values.iter().all(is_exact_to_javascript),
        Object(fields) => fields.values().all(is_exact_to_javascript),
        Number(number) => number.as_u64().is_none_or(|number| number < 1 << 53),
        _ => true,
    }
}

fn spec() -> GridSpec {
    GridSpec {
        x: AxisOf::Column(0),
        y: AxisOf::Score,
        x_scale: AxisScale::Log,
        y_scale: AxisScale::Linear,
        width: 4,
        height: 3,
        by: Some(GroupBy::Rows(vec![(3, 1)])),
    }
}

fn map_spec() -> GridSpec {
    GridSpec { x: AxisOf::Component(0), y: AxisOf::Component(1), ..spec() }
}

/// What a model says of rows.
fn told_spec() -> GridSpec {
    GridSpec { x: AxisOf::Margin(3), by: Some(GroupBy::Class(3)), ..spec() }
}

fn entity_spec() -> EntitySpec {
    EntitySpec {
        column: 1,
        of: Selection::default(),
        threshold: 0.5,
        time: Some(0),
        most: 9,
        from: 1,
    }
}

fn view_spec() -> ViewSpec {
    let bound = |value: &str| Some(Bound { value: value.to_owned(), is_strict: true });
    let tests = [
        Test::OneOf(vec!["a|b".to_owned(), String::new()]),
        Test::Between(bound("-1e3"), None),
        Test::Contains("é".to_owned()),
        Test::Missing,
    ];
    let filter = |test| Filter { column: 1, test, is_negated: true };
    let filters: Vec<Filter> = tests.into_iter().map(filter).collect();
    let except = vec![filters[..2].to_vec(), Vec::new(), filters[2..].to_vec()];
    let within = Some([(-1.0, 0.5), (0.0, f64::INFINITY)]);
    let selection = Selection { filters, search: "x".to_owned(), except, within };
    ViewSpec { selection, sort: Some(Sort { column: 0, is_descending: true }) }
}

fn timings() -> Vec<Timing> {
    vec![Timing { name: "load.parse".to_owned(), start: 1.5, duration: 2.25 }]
}

#[test]
fn every_request_crosses() {
    let overrides = Overrides {
        delimiter: Some(b';'),
        quote: Some(Sign::Absent),
        comment: Some(Sign::Is("#".to_owned())),
        header_lines: Some(0),
        treatments: [(NoticeKind::ShortRow, Treatment::Drop)].into(),
        decimal_mark: Some(Mark::Comma),
        date_order: Some(DateOrder::MonthFirst),
        missing: Some(vec!["n/a".to_owned()]),
        share: Some(RowShare { per_mille: 250, seed: u64::MAX }),
        types: [("port".to_owned(), ColumnType::Text)].into(),
        encoding: Some(Encoding::Latin1),
        ..Overrides::default()
    };
    crosses(Request::Preview { overrides: overrides.clone() });
    let choice = Choice {
        member: Some("day/flows.csv".to_owned()),
        join_by: Some(JoinBy::Key("id".to_owned())),
        n_applied: 1,
        ..Choice::default()
    };
    let (names, labels) = (vec!["a.csv".to_owned(), "b.csv".to_owned()], Some("c".to_owned()));
    crosses(Request::Load { names, labels, choice, overrides });
    crosses(Request::LoadSample { sample: Sample::Rings, overrides: Overrides::default() });
    let grow_on = view_spec().selection;
    crosses(Request::Detect {
        features: vec![0, 2],
        params: ForestParams::default(),
        grow_on,
        verdicts: vec![(3, Verdict::Real)],
    });
    crosses(Request::Judge { verdicts: vec![(7, Verdict::Benign), (9, Verdict::Unsure)] });
    crosses(Request::View(view_spec()));
    let note = "ask the ünit".to_owned();
    let judgements = vec![Judgement { row: 4, verdict: Verdict::Real, note }];
    crosses(Request::Export { threshold: 0.612_345_678_901_234_5, judgements });
    crosses(Request::Cancel);
    crosses(Request::Rows { rows: vec![3, 1, u32::MAX] });
    crosses(Request::Reasons { rows: vec![] });
    crosses(Request::Entities(entity_spec()));
    crosses(Request::Drift { baseline: view_spec().selection, columns: vec![2, 0] });
    crosses(Request::Steadiness { rows: vec![2, 0] });
    crosses(Request::Similar { row: 9, n: 8 });
    crosses(Request::Inspect { row: 9 });
    crosses(Request::Counterfactual { row: 9, threshold: 0.61 });
    crosses(Request::Grid(spec()));
    let y = AxisOf::Values { column: 1, codes: vec![7, 0] };
    crosses(Request::Grid(GridSpec { y, ..spec() }));
    crosses(Request::Grid(map_spec()));
    crosses(Request::Grid(told_spec()));
    crosses(Request::Positions { rows: vec![7, 7, 0], columns: vec![1] });
    crosses(Request::Train(Box::new(train_spec())));
    crosses(Request::Tune(Box::new(TuneSpec { train: train_spec(), seconds: 60.0 })));
    crosses(Request::ByRows);
    crosses(Request::Enough);
    crosses(Request::Compare);
    crosses(Request::Recount(Box::new(counting())));
    crosses(Request::ExportModel { file: "a \"b\"".to_owned() });
    crosses(Request::Votes { row: 7 });
}

/// A count in which everything is said.
fn counting() -> Counting {
    let at = |at: Option<&str>| Muted { column: 1, at: at.map(str::to_owned) };
    Counting {
        muted: vec![at(None), at(Some("")), at(Some("a"))],
        line: Line::FalseAlarms(0.25),
        costs: vec![0.0, 1.0, 5.0, 0.0],
    }
}

/// Numbers from 20 on against the others.
fn train_spec() -> TrainSpec {
    TrainSpec {
        target: 0,
        classes: ClassesBy::From(20.0),
        features: vec![0, 1],
        split: SplitBy::Random { share: 0.25 },
        params: BoostParams { n_rounds: 3, ..BoostParams::default() },
        weights: Weights::Costs(vec![0.0, 1.0, 5.0, 0.0]),
        holds_out: true,
        eyes: Eyes::default(),
        seed: u64::MAX,
        counting: counting(),
    }
}

#[test]
fn every_event_crosses() {
    let mut csv = String::from("n,word\n");
    csv.extend((0..60).map(|i| format!("{},{}\n", (i * i) % 37, ["a", "b", ""][i % 3])));
    csv.push_str("Infinity,\"c \"\"q\"\"\nover lines\"\n");
    let mut local = Local::new(2);
    let (given, choice) =
        (Given { name: "a".to_owned(), file: csv.into_bytes() }, Choice::default());
    let gathered = local.gather(&[given], None, &choice, &Overrides::default());
    let origins = gathered.expect("a table").expect("no question").origins;
    let profile = local.table().expect("a table").profile.clone();
    local.detect(&[0, 1], ForestParams::default()).expect("scores");
    let found = local.detection().expect("just scored").found.clone();
    crosses(Event::Ready { shards: 2 });
    crosses(Event::Progress { step: Step::Score, done: 0.25 });
    crosses(Event::Loaded(Box::new(Loaded {
        name: "a".to_owned(),
        origins,
        profile,
        timings: timings(),
    })));
    crosses(Event::Detected(Box::new((*found).clone()), timings()));
    crosses(Event::Exported(timings()));
    let sorted = ViewSpec { sort: view_spec().sort, ..ViewSpec::default() };
    crosses(Event::Viewed(Box::new(local.view(sorted).expect("a view"))));
    crosses(Event::Rows(local.rows(&[60, 0]).expect("rows")));
    crosses(Event::Reasons(local.reasons(&[60, 1]).expect("reasons")));
    crosses(Event::Steadiness(local.steadiness(&[60, 1]).expect("bands")));
    crosses(Event::Similar(Box::new(local.similar(60, 8).expect("rows"))));
    crosses(Event::Inspected(Box::new(local.inspect(60).expect("a row"))));
    let test = Test::OneOf(vec!["a".to_owned()]);
    let filters = vec![Filter { column: 1, test, is_negated: true }];
    let baseline = Selection { filters, ..Selection::default() };
    crosses(Event::Entities(Box::new(local.entities(entity_spec()).expect("entities"))));
    crosses(Event::Drift(Box::new(local.drift(baseline, &[0, 1]).expect("two sides"))));
    crosses(Event::Counterfactual(Box::new(local.counterfactual(60, 0.5).expect("a row"))));
    crosses(Event::Grid(Box::new(local.grid(spec()).expect("a grid"))));
    crosses(Event::Grid(Box::new(local.grid(map_spec()).expect("a map"))));
    // Without a gap, as that is not equal to itself.
    crosses(Event::Positions(Box::new(local.positions(&[3, 1], &[0, 1]).expect("places"))));
    let preview = local.preview(b"# note\na;b\n1;'x'\n", &Overrides::default()).expect("a layout");
    crosses(Event::Previewed(Box::new(preview)));
    let trained = local.train(train_spec(), &|| false).expect("a model").trained.clone();
    crosses(Event::Trained(Box::new((*trained).clone()), timings()));
    let eyes = Eyes { forest: true, neighbours: false, centres: true };
    let with_eyes = TrainSpec { eyes, ..train_spec() };
    let eyed = local.train(with_eyes, &|| false).expect("a model").trained.clone();
    assert!(eyed.helped.is_some() && !eyed.added.is_empty());
    crosses(Event::Trained(Box::new((*eyed).clone()), timings()));
    let trial = Trial {
        depth: 3,
        rate: 0.25,
        n_rounds: 40,
        folds: vec![0.1, 0.3],
        error: Some(0.2),
        deviation: Some(0.1),
        is_dropped: true,
        seconds: 1.5,
    };
    crosses(Event::Tuned(Box::new(Tuned {
        spec: TuneSpec { train: train_spec(), seconds: 10.0 },
        tried: vec![trial],
        n_folds: 5,
        n_rows: (10, 20),
        best: Some(0),
        chosen: None,
        n_fits: 2,
        ending: TuneEnding::TimeUp,
    })));
    let interval = Interval { low: 0.1, high: 0.4 };
    let points = vec![RowsPoint { n_rows: 9, n_wrong: 1, n_test: 4, interval }];
    crosses(Event::ByRows(Box::new(ByRows { points })));
    crosses(Event::Recounted(Box::new((*trained).clone())));
    crosses(Event::Grid(Box::new(local.grid(told_spec()).expect("a grid"))));
    let by = Some(GroupBy::Right(0));
    crosses(Event::Grid(Box::new(local.grid(GridSpec { by, ..spec() }).expect("a grid"))));
    crosses(Event::Learning(trained.curve.clone()));
    let (votes, by_column) = (vec![0.25], vec![0.0, 0.25]);
    crosses(Event::Votes(Box::new(RowVotes { row: 3, votes, by_column })));
    crosses(Event::Cancelled);
    crosses(Event::Failed(JobError::NoSuchRow { row: 3, n_rows: 2 }));
}

#[test]
fn what_conductor_and_shards_say_crosses() {
    let read = Question::Read(Box::new(RangeToRead {
        rules: Rules::default(),
        range: 0..9,
        file_length: 9,
        literal: Literal::NOWHERE,
        text_columns: vec![3],
        missing: Some(vec!["n/a".to_owned()]),
        patience: None,
        piece: 1 << 20,
        record_length: 7,
        share: None,
    }));
    assert!(is_exact_to_javascript(&serde_json::to_value(&read).expect("plain data")));
    crosses(read);
    crosses(Question::Count(vec![Reading {
        format: Format::Epoch(EpochUnit::Milliseconds),
        sentinel: Some(-1.0),
        ..Reading::plain(ColumnType::Time)
    }]));
    crosses(Question::Recode(vec![
        Recode::Ranked { lows: Bulk(vec![-0.5, 1e308, f64::INFINITY]), keeps_numbers: true },
        Recode::Unordered { map: Bulk(vec![3, 0, u16::MAX]), n_codes: 3 },
        Recode::None,
    ]));
    let conditions = [
        CellTest::Code(Bulk(vec![0, 1])),
        CellTest::Number(OfNumber::Between(Some((-0.5, true)), None)),
        CellTest::Text(OfText::Contains(Needle::new("a"))),
    ];
    let condition = |test| Condition { column: Some(3), test, is_negated: false };
    let conditions: Vec<Condition> = conditions.into_iter().map(condition).collect();
    crosses(Question::Select(Box::new(SelectQuestion {
        conditions: conditions.clone(),
        except: vec![conditions],
        within: Some([(f64::NEG_INFINITY, 0.5), (-1.0, 1.0)]),
        sort: Some(SortBy::Texts { column: 3, is_descending: true }),
        read: None,
    })));
    let keys =
        SortKeys::Texts { bytes: Bulk(vec![97]), ends: Bulk(vec![1]), counts: Bulk(vec![2]) };
    crosses(Answer::Selected { rows: Bulk(vec![4, 9]), keys });
    crosses(Question::Drift(Box::new(DriftQuestion { rows: Bulk(vec![4, 9]), columns: vec![1] })));
    crosses(Answer::Drifted { place: 1, counts: Bulk(vec![0, u32::MAX]) });
    let time = Some((0, Bulk(vec![0.5, -1.0])));
    crosses(Question::Entities(Box::new(EntityQuestion {
        column: 1,
        of: Some(Bulk(vec![2, 5])),
        threshold: 0.5,
        time,
    })));
    crosses(Answer::Entities {
        counts: Bulk(vec![3]),
        flagged: Bulk(vec![1]),
        top_rows: Bulk(vec![u32::MAX]),
        first: Bulk(vec![f64::INFINITY]),
        last: Bulk(vec![f64::NEG_INFINITY]),
    });
    let features = [Feature::ranked(vec![0.5, 2.0]), Feature::unordered(2)];
    let codes = Array2::from_shape_vec((3, 2), vec![0, 1, 1, 0, 2, 0]).expect("six codes");
    let components = Components::of(&features, codes.view());
    let (columns, seed) = (vec![4, 0], u64::MAX);
    crosses(Question::Project(Box::new(ProjectQuestion { components, columns, seed })));
    crosses(Answer::Projected(Some([(-0.5, 1.0), (f64::INFINITY, f64::NEG_INFINITY)])));
    crosses(Answer::Projected(None));
    let (domain, scale) = ((-1.0, 0.5), AxisScale::Log);
    let (x, y) = (Axis::Component { component: 1, domain, scale }, Axis::Score(0.25, 0.5));
    let by = Some(Grouped::Column(3, Bulk(vec![0, 8])));
    crosses(Question::Grid(Box::new(GridQuestion { x, y, width: 3, height: 4, by })));
    let (x, y) = (Axis::Each(Bulk(vec![0, u16::MAX])), Axis::Score(0.25, 0.5));
    let by = Some(Grouped::Each(Bulk(vec![0, 8])));
    crosses(Question::Grid(Box::new(GridQuestion { x, y, width: 3, height: 4, by })));
    crosses(Question::Fingerprints(vec![1, 4]));
    crosses(Question::AreSame(vec![(1, 4)]));
    crosses(Answer::Fingerprints(Bulk(vec![u64::MAX])));
    crosses(Answer::AreSame(vec![true, false]));
    crosses(Question::Codes { rows: Bulk(vec![5, 0]), columns: vec![1] });
    crosses(Answer::Scored { first_row: 8, scores: Bulk(vec![0.5, f64::MIN_POSITIVE]) });
    crosses(Answer::Written(Bulk(vec![0, 255])));
    crosses(Question::HalfPaths { rows: Bulk(vec![5, 0]) });
    crosses(Question::Shorter { paths: Bulk(vec![0, u32::MAX]) });
    crosses(Answer::HalfPaths(Bulk(vec![7, 1 << 31])));
    crosses(Answer::Shorter(Some(Bulk(vec![7, 0]))));
    crosses(Answer::Shorter(None));
    let question = LikeQuestion { row: 3, codes: Bulk(vec![7, 65_534]), n: 8 };
    crosses(Question::Like(Box::new(question)));
    let leaves = Bulk(vec![7 << 32 | 1 << 31]);
    let alike = Alike { proximity: 0.625, row: 3, n_rows: 2, leaves };
    crosses(Answer::Like(Some((4, vec![alike]))));
    crosses(Answer::Like(None));
}

#[test]
fn what_is_said_of_baselines_crosses() {
    let features = [Feature::ranked(vec![0.5, 2.0]), Feature::unordered(2)];
    let tallies = [3, 0, 1, 2, 0, 1, 2, 2, 2, 1, 0, 0];
    let design = Design::of(&features, &tallies, 2);
    let bayes = Bayes::of(&design, &tallies, &[1.0, 2.0]);
    let rows = StudyRows {
        design,
        bayes,
        codes: Bulk(vec![0, 1, 1, 0]),
        classes: Bulk(vec![0, 1]),
        class_weights: vec![1.0, 2.0],
        n_train: 7,
        seed: u64::MAX,
    };
    for question in [
        StudyQuestion::Keep(rows),
        StudyQuestion::Learn(Baseline::Boosting),
        StudyQuestion::Vote(Bulk(vec![2, 65_534])),
        StudyQuestion::End,
    ] {
        crosses(Question::Study(Box::new(question)));
    }
    crosses(Answer::Studied(Ok(LearntFrom::EachDrawn(9))));
    crosses(Answer::Studied(Err(LearnError::NoTree { reason: "ünfit".to_owned() })));
    crosses(Answer::Votes(Bulk(vec![-i64::MAX, 0])));
    let figures = vec![Measure {
        name: "accuracy".to_owned(),
        value: Ok(0.123_456_789),
        interval: None,
        n_undefined: 0,
    }];
    let told = Told { figures, learnt_from: LearntFrom::Drawn(3), n_train: 7 };
    let few = LearnError::TooFewRows { needed: 5, found: 4 };
    for outcome in [Ok(told), Err(JobError::Baseline(few))] {
        let compared = Compared { baseline: Baseline::Neighbours, outcome, seconds: 0.25 };
        crosses(Event::Compared(Box::new(compared)));
    }
    crosses(Event::ComparedAll);
}

#[test]
fn what_is_said_in_training_crosses() {
    crosses(Question::Column(3));
    crosses(Answer::Column { codes: Bulk(vec![1, 2]), numbers: Bulk(vec![0.5, 1e300]) });
    for question in [
        LearnQuestion::Gather {
            columns: vec![1],
            classes: Bulk(vec![0, 1]),
            uses: Bulk(vec![0, 2]),
            n_classes: 2,
            is_handed_over: true,
        },
        LearnQuestion::Obey(Box::default()),
        LearnQuestion::End,
        LearnQuestion::Hashes(vec![1, 2]),
        LearnQuestion::Tally { columns: vec![1], classes: Bulk(vec![255]), n_classes: 2 },
    ] {
        crosses(Question::Learn(Box::new(question)));
    }
    let features = vec![Feature::quantiles(vec![-1.0, 3.0], vec![0.5, 9.0]), Feature::unordered(2)];
    let loan = Loan {
        features,
        codes: Bulk(vec![0, 2, 1, 0]),
        classes: Bulk(vec![1, 0]),
        folds: Bulk(vec![0, 1]),
        n_classes: 2,
    };
    crosses(Question::Learn(Box::new(LearnQuestion::Lend(Box::new(loan)))));
    let two = Array2::from_shape_vec((2, 1), vec![0_u16, 1]).expect("two rows");
    let centres = Centres::find(&[Feature::ranked(vec![1.0, 2.5])], two.view(), 2, 7);
    crosses(Question::Add(Box::new(AddQuestion {
        gauge: Gauge::Centres(Box::new(centres)),
        columns: vec![3],
        place: 2,
        cuts: vec![Bulk(vec![0.0, 0.5]), Bulk(vec![0.25])],
    })));
    crosses(Question::Keep(10));
    let params = BoostParams { class_weights: vec![1.0, 2.5], ..BoostParams::default() };
    crosses(Question::Fit(Box::new(FitQuestion { fold: 3, params })));
    let fitted = Fitted { wrong: Bulk(vec![1, 2, 0, 3]), held: Bulk(vec![9, 4]) };
    crosses(Answer::Fitted(Ok(fitted)));
    crosses(Answer::Fitted(Err(FitError::NothingVaries)));
    let trees = || {
        let mut local = Local::new(1);
        let csv = "n,class\n1,a\n2,a\n3,b\n4,b\n5,a\n6,b\n7,b\n8,a\n1,a\n3,b\n".repeat(4);
        local.load(csv.into_bytes(), &Overrides::default()).expect("a table");
        let (counting, target) = (Counting::default(), 1);
        let classes = ClassesBy::Values;
        let weights = Weights::Balanced;
        let spec = TrainSpec { classes, target, counting, weights, ..train_spec() };
        Box::new((*local.train(spec, &|| false).expect("a model").model).clone())
    };
    let except = vec![Mute::Column(3), Mute::Step { feature: 1, code: u16::MAX }];
    let (columns, rows) = (vec![1, 3], Bulk(vec![9]));
    crosses(Question::Classify {
        model: trees(),
        columns: columns.clone(),
        except: except.clone(),
    });
    crosses(Question::Credit { model: trees(), columns, rows, except });
    crosses(Answer::Hashes(Bulk(vec![1, u64::MAX])));
    crosses(Answer::Tallied(Bulk(vec![1, 2])));
    crosses(Answer::Voted { first_row: 9, votes: Bulk(vec![i64::MIN, 0]) });
    crosses(Answer::Credited(Bulk(vec![-1, 1])));
    crosses(Answer::Reported(Box::default()));
    let features = [Feature::unordered(2), Feature::unordered(300)];
    let columns = [Codes::U8(&[0, 1, 2]), Codes::U16(&[299, 0, 300])];
    let uses = [Use::Train, Use::Held, Use::Train];
    crosses(Answer::Gathered(Box::new(Rows::gather(&columns, &features, &[0, 1, 1], &uses, 2))));
}
