//! From labels to a model, what it is worth, and what could flatter it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use isoscope::cluster::added::Eyes;
use isoscope::cluster::counting::{Counting, Line, Muted, Weights};
use isoscope::cluster::learned::{ClassesBy, Measure, RowSet, SplitBy, TrainSpec, Trained, Wrong};
use isoscope::cluster::local::Local;
use isoscope::cluster::source::{Choice, Given};
use isoscope::engine::baselines::Baseline;
use isoscope::engine::boost::{Ending, Learner, Params};
use isoscope::engine::text::Overrides;
use isoscope::protocol::{ColumnProfile, Role, RoleReason, Values};
use journeys::browser::Browser;
use journeys::files::Scratch;
use journeys::page::Page;
use serde_json::{Value, json};

in_every_browser!(
    a_lesson_comes_to_the_figures_it_has_natively,
    rounds_so_far_stay_when_a_training_is_stopped,
    baselines_learn_the_same_and_stand_beside_the_model,
    baselines_that_were_done_stay_when_a_comparison_is_cancelled,
    another_file_judges_and_classes_never_learnt_are_told,
    a_number_is_learnt_from_its_median_on,
    the_address_holds_the_lesson_and_workers_cannot_be_seen,
    a_column_that_gives_the_class_away_is_named_and_left_out,
    classes_and_margins_go_out_without_scores,
    votes_are_muted_and_priced_and_the_line_is_moved_without_training,
    classes_may_have_any_name_and_be_many,
    the_recipe_for_unknown_kinds_holds_rows_out_and_says_so,
);

/// The class of a row of NSL-KDD.
const CLASS: u32 = 41;

/// One figure, cell or round as the page shows it and as it is natively, to be compared as text.
type Shown = Vec<[String; 3]>;

/// Chooses or types a setting, as a person does who leaves the field then.
#[track_caller]
fn set(page: &Page, setting: &str, value: &str) {
    let selector = format!("[data-testid=classify-{setting}]");
    let body = "element.value = argument;
         element.dispatchEvent(new Event('input', { bubbles: true }));
         element.dispatchEvent(new Event('change', { bubbles: true }));
         return element.value;";
    let stands = page.run_on(&selector, body, &json!(value));
    assert_eq!(stands, value, "classify-{setting} takes it");
}

/// What a setting stands at.
#[track_caller]
fn stands_at(page: &Page, setting: &str) -> String {
    let selector = format!("[data-testid=classify-{setting}]");
    let value = page.run_on(&selector, "return element.value;", &Value::Null);
    value.as_str().expect("a setting has a value").to_owned()
}

/// Notes every state that the page is in from now on.
fn watch(page: &Page) {
    page.run(
        "const app = document.querySelector('[data-testid=app-state]');
         window.states = [];
         window.watching?.disconnect();
         window.watching = new MutationObserver(() => window.states.push(app.dataset.value));
         window.watching.observe(app, { attributes: true, attributeFilter: ['data-value'] });",
        &json!([]),
    );
}

/// Does what starts a training, and waits until the model stands.
#[track_caller]
fn train_by(page: &Page, start: impl FnOnce(&Page)) {
    watch(page);
    start(page);
    page.wait("a model", 180, |page| {
        let states = page.evaluate("window.states");
        assert_ne!(states.as_array()?.last()?, "failed", "{}", page.text("job-error"));
        (states == json!(["training", "trained"])).then_some(())
    });
    assert_eq!(page.value("app-state").as_deref(), Some("trained"));
}

#[track_caller]
fn train(page: &Page) {
    train_by(page, |page| page.click("classify-run"));
}

/// What stands in these attributes of all elements of this name, in order.
fn told(page: &Page, testid: &str, names: [&str; 3]) -> Shown {
    let word = |element: &Value, name| element[name].as_str().expect("it is told").to_owned();
    page.all(testid).iter().map(|element| names.map(|name| word(element, name))).collect()
}

fn sorted(mut shown: Shown) -> Shown {
    shown.sort();
    shown
}

/// The figures of all sets.
fn figures(page: &Page) -> Shown {
    let shown = sorted(told(page, "metric", ["set", "name", "value"]));
    assert!(!shown.is_empty(), "there are figures");
    shown
}

fn figures_of(trained: &Trained) -> Shown {
    let value = |measure: &Measure| measure.value.map_or(String::new(), |value| value.to_string());
    let of_set = |set: RowSet, measures: &[Measure]| -> Shown {
        let told = |m: &Measure| [set.word().to_owned(), m.name.clone(), value(m)];
        measures.iter().map(told).collect()
    };
    sorted(trained.judged.iter().flat_map(|judged| of_set(judged.set, &judged.figures)).collect())
}

/// The confusion matrix of a set, brought to the front.
#[track_caller]
fn cells(page: &Page, set: RowSet) -> Shown {
    let tab = match set {
        RowSet::Test => "test",
        RowSet::Holdout => "held out",
        RowSet::Train => "learnt from",
    };
    page.run(
        "const tabs = [...document.querySelectorAll('.head-line button')];
         tabs.find((tab) => tab.textContent.trim() === arguments[0]).click();",
        &json!([tab]),
    );
    page.wait(&format!("the matrix of {tab}"), 10, |page| {
        let is_its = page.all("confusion-cell").iter().all(|cell| cell["set"] == set.word());
        is_its.then(|| told(page, "confusion-cell", ["truth", "predicted", "value"]))
    })
}

fn cells_of(trained: &Trained, set: RowSet) -> Shown {
    let judged = trained.judged.iter().find(|judged| judged.set == set).expect("it was judged");
    let n = trained.classes.len();
    let lines = judged.confusion.chunks(n).enumerate();
    // The line of classes that were never learnt is shown where it has rows.
    let is_shown = |(truth, line): &(usize, &[u64])| *truth < n || line.iter().any(|&n| n > 0);
    lines
        .filter(is_shown)
        .flat_map(|(truth, line)| {
            let truth = trained.classes.get(truth).map_or("never learnt", String::as_str);
            let cell = |(said, count): (&String, &u64)| {
                [truth.to_owned(), said.clone(), count.to_string()]
            };
            trained.classes.iter().zip(line).map(cell).collect::<Shown>()
        })
        .collect()
}

/// The rounds in the table behind the learning curve: their number, and what is told wrong.
fn rounds(page: &Page) -> Shown {
    told(page, "curve-round", ["round", "train", "watched"])
}

/// Of long trainings every second round, or third, is shown.
fn rounds_of(trained: &Trained) -> Shown {
    let apart = trained.curve.len().div_ceil(1_000).max(1);
    let told = |(round, wrong): (usize, &Wrong)| {
        let watched = wrong.watched.map_or(String::new(), |share| share.to_string());
        [round.to_string(), wrong.train.to_string(), watched]
    };
    (1..).zip(&trained.curve).skip(apart - 1).step_by(apart).map(told).collect()
}

/// The page shows what was learnt natively: every figure, cell and round bit for bit.
#[track_caller]
fn assert_shows_all(page: &Page, trained: &Trained) {
    assert_eq!(figures(page), figures_of(trained));
    for judged in &trained.judged {
        assert_eq!(cells(page, judged.set), cells_of(trained, judged.set), "{:?}", judged.set);
    }
    let n = trained.curve.len();
    assert_eq!(page.attribute("learning-curve", "data-count"), Some(n.to_string()));
    assert_eq!(rounds(page), rounds_of(trained));
}

/// A native engine with the table of some files, in three shards.
fn local(files: &[&Path]) -> Local {
    let mut local = Local::new(3);
    let given = |path: &&Path| Given {
        name: path.file_name().expect("it has a name").to_string_lossy().into_owned(),
        file: fs::read(path).expect("it is there"),
    };
    let files: Vec<Given<Vec<u8>>> = files.iter().map(given).collect();
    let answer = local.gather(&files, None, &Choice::default(), &Overrides::default());
    answer.expect("a table").expect("nothing is to be asked");
    local
}

/// A lesson as the page has it without being told anything.
fn usual(local: &Local, target: u32) -> TrainSpec {
    let columns = &local.table().expect("a table").profile.columns;
    let is_learnt_from = |&(column, role): &(u32, Role)| role == Role::Feature && column != target;
    let roles = (0..).zip(columns).map(|(index, column)| (index, column.role));
    TrainSpec {
        target,
        classes: ClassesBy::Values,
        features: roles.filter(is_learnt_from).map(|(column, _)| column).collect(),
        split: SplitBy::Random { share: 0.2 },
        params: Params::default(),
        weights: Weights::Alike,
        holds_out: false,
        eyes: Eyes::default(),
        seed: 7,
        counting: Counting::default(),
    }
}

fn learn(local: &mut Local, spec: TrainSpec) -> Trained {
    (*local.train(spec, &|| false).expect("a model").trained).clone()
}

fn a_lesson_comes_to_the_figures_it_has_natively(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let mut local = local(&[&file]);
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    let usual = usual(&local, CLASS);
    let attacks = TrainSpec {
        classes: ClassesBy::AllBut("normal".to_owned()),
        params: Params { depth: 2, n_rounds: 20, rate: 0.5, ..Params::default() },
        ..usual.clone()
    };
    let families = TrainSpec {
        classes: ClassesBy::Families,
        split: SplitBy::Folds { k: 3 },
        params: Params {
            learner: Learner::Samme,
            depth: 3,
            n_rounds: 30,
            rate: 1.0,
            patience: Some(4),
            ..Params::default()
        },
        weights: Weights::Balanced,
        seed: 11,
        ..usual
    };
    let two = [
        ("target", "41"),
        ("positive", "!normal"),
        ("split", "random"),
        ("learner", "confidence"),
        ("depth", "2"),
        ("rounds", "20"),
        ("rate", "0.5"),
    ];
    for (setting, value) in two {
        set(&page, setting, value);
    }
    train(&page);
    assert_shows_all(&page, &learn(&mut local, attacks));
    let many = [
        ("positive", "~families"),
        ("split", "folds"),
        ("folds", "3"),
        ("learner", "samme"),
        ("depth", "3"),
        ("rounds", "30"),
        ("rate", "1"),
        ("patience", "4"),
        ("seed", "11"),
        ("weights", "balanced"),
    ];
    for (setting, value) in many {
        set(&page, setting, value);
    }
    train(&page);
    assert_shows_all(&page, &learn(&mut local, families));
}

/// What each baseline came to on the page: its name and its figures.
fn baselines(page: &Page) -> Vec<(String, [Option<f64>; 4])> {
    let line = |line: &Value| {
        let figure = |name: &str| line[name].as_str()?.parse().ok();
        let name = line["name"].as_str().expect("it has a name").to_owned();
        (name, ["accuracy", "f1", "rocAuc", "mcc"].map(figure))
    };
    page.all("baseline").iter().map(line).collect()
}

fn baselines_learn_the_same_and_stand_beside_the_model(browser: Browser) {
    let scratch = Scratch::new();
    let file = labelled(&scratch, "labelled.csv", 600, 0);
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    assert!(!page.has("baselines-run"), "there is no model to compare with");
    train(&page);
    assert!(!page.has("baseline"), "nothing was compared");
    train_by(&page, |page| page.click("baselines-run"));
    let shown = baselines(&page);
    let mut local = local(&[&file]);
    let spec = usual(&local, 3);
    learn(&mut local, spec.clone());
    let natively = local.compare(&|| 0.0).expect("baselines");
    assert_eq!(shown.len(), natively.len());
    for ((name, shown), baseline) in shown.into_iter().zip(Baseline::ALL) {
        assert_eq!(name, baseline.word());
        let compared = natively.iter().find(|compared| compared.baseline == baseline);
        let told = compared.and_then(|it| it.outcome.as_ref().ok()).expect("it learnt");
        let figure = |name: &str| told.figures.iter().find(|m| m.name == name)?.value.ok();
        let expected = ["accuracy", "f1", "roc-auc", "mcc"].map(figure);
        // Those of smartcore's trees draw in another way on 64 bits.
        let drawn = [Baseline::Tree, Baseline::Forest, Baseline::Boosting];
        if drawn.contains(&baseline) {
            let near = |(a, b): (Option<f64>, Option<f64>)| {
                (a.zip(b)).is_some_and(|(a, b)| (a - b).abs() < 0.1)
            };
            assert!(shown.into_iter().zip(expected).all(near), "{name}: {shown:?}, {expected:?}");
        } else {
            assert_eq!(shown, expected, "{name}");
        }
    }
    // Another training has other baselines.
    set(&page, "seed", "8");
    train(&page);
    assert!(!page.has("baseline"), "they were of the model before");
}

fn baselines_that_were_done_stay_when_a_comparison_is_cancelled(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    train(&page);
    train_by(&page, |page| {
        page.click("baselines-run");
        page.wait("the first of them", 60, |page| {
            let is_done = |(_, figures): &(String, [Option<f64>; 4])| figures[0].is_some();
            baselines(page).iter().any(is_done).then_some(())
        });
        page.click("job-cancel");
    });
    assert!(!page.has("job-cancel"), "the job is over");
    let lines = baselines(&page);
    let n_done = lines.iter().filter(|(_, figures)| figures[0].is_some()).count();
    assert!((1..8).contains(&n_done) && lines.len() == 8, "{lines:?}");
    // The model stands, and they can be asked for again.
    assert!(!figures(&page).is_empty() && page.has("baselines-run"));
}

fn rounds_so_far_stay_when_a_training_is_stopped(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    set(&page, "rounds", "10000");
    set(&page, "depth", "6");
    train_by(&page, |page| {
        page.click("classify-run");
        page.wait("some rounds", 60, |page| {
            let count = page.attribute("learning-curve", "data-count")?;
            (count.parse::<u32>().ok()? >= 3 && page.text("job-cancel") == "Stop here")
                .then_some(())
        });
        // Labels would be another table: they wait, and the training goes on.
        page.give("labels-input", &scratch.write("labels.csv", "label\na\n"));
        page.wait("a word about it", 10, |page| {
            let said = page.evaluate("document.querySelector('.toasts').textContent");
            said.as_str()?.contains("A job is running").then_some(())
        });
        page.click("job-cancel");
    });
    assert!(!page.has("job-cancel"), "the job is over");
    let count = page.attribute("learning-curve", "data-count").expect("a curve");
    let n_rounds: u32 = count.parse().expect("a number of rounds");
    assert!((3..10_000).contains(&n_rounds), "{n_rounds} rounds");
    let said = page.evaluate("document.querySelector('.stage__head').textContent");
    assert!(said.as_str().is_some_and(|said| said.contains("as you stopped it there")), "{said}");
    // As good as if so many rounds had been asked for.
    let mut local = local(&[&file]);
    let spec = usual(&local, CLASS);
    let spec = TrainSpec {
        classes: ClassesBy::AllBut("normal".to_owned()),
        params: Params { depth: 6, n_rounds, ..spec.params.clone() },
        ..spec
    };
    let trained = learn(&mut local, spec);
    assert_eq!(trained.ending, Ending::AllRounds);
    assert_shows_all(&page, &trained);
}

/// Two classes that a number tells nearly, and a word for some of them.
fn labelled(scratch: &Scratch, name: &str, n_rows: usize, new: usize) -> PathBuf {
    let mut text = String::from("x,noise,word,class\n");
    for row in 0..n_rows {
        let class = row % 2;
        let (x, noise) = (row * 7 % 10 + 4 * class, row * 11 % 23);
        let word = ["tcp", "udp", "icmp"][(row / 2 + class * (row % 3)) % 3];
        let name = if row + new >= n_rows { "new" } else { ["a", "b"][class] };
        writeln!(text, "{x},{noise},{word},{name}").expect("memory");
    }
    scratch.write(name, text)
}

fn another_file_judges_and_classes_never_learnt_are_told(browser: Browser) {
    let scratch = Scratch::new();
    let known = labelled(&scratch, "known.csv", 300, 0);
    let later = labelled(&scratch, "later.csv", 170, 20);
    let page = Page::open(browser);
    page.load(&known);
    page.click("stage-classify");
    // Its entry opens nothing: it offers a button, and nothing is learnt before there is a file.
    set(&page, "split", "file");
    page.wait("a button for the file", 10, |page| {
        let is_off = "document.querySelector('[data-testid=classify-run]').disabled";
        let n = page.all("classify-choose-file").len();
        (n == 1 && page.evaluate(is_off) == true).then_some(())
    });
    set(&page, "split", "random");
    page.give("test-input", &later);
    page.wait("both files", 20, |page| {
        let is_loaded = page.value("app-state").as_deref() == Some("loaded");
        (is_loaded && stands_at(page, "split") == "file").then_some(())
    });
    assert_eq!(stands_at(&page, "file"), "later.csv");
    train(&page);
    let mut local = local(&[&known, &later]);
    let columns = &local.table().expect("a table").profile.columns;
    let position = |is_it: fn(&ColumnProfile) -> bool| {
        let found = columns.iter().position(is_it).expect("it is there");
        u32::try_from(found).expect("few columns")
    };
    let column = position(|column| column.reason == RoleReason::File);
    let target = position(|column| column.name == "class");
    let split = SplitBy::File { column, name: "later.csv".to_owned(), share: 0.2 };
    let spec = TrainSpec { split, ..usual(&local, target) };
    let trained = learn(&mut local, spec);
    assert_eq!(trained.n_train, [150, 150], "the other file is not learnt from");
    assert_eq!(trained.leakage.unseen, [("new".to_owned(), 20)]);
    assert_shows_all(&page, &trained);
    let never: Shown = cells(&page, RowSet::Test);
    let never = never.iter().filter(|[truth, ..]| truth == "never learnt");
    let n: u32 = never.map(|[.., count]| count.parse::<u32>().expect("a count")).sum();
    assert_eq!(n, 20);
    let sentence = page.evaluate("document.querySelector('[data-kind=unseen]')?.textContent");
    let sentence = sentence.as_str().expect("the doctor tells");
    assert!(sentence.contains("20") && sentence.contains("(new)"), "{sentence}");
}

fn a_number_is_learnt_from_its_median_on(browser: Browser) {
    let mut text = String::from("price,x,noise\n");
    for row in 0..300 {
        writeln!(text, "{},{},{}", row * 7 % 300, row * 7 % 300 / 20, row * 11 % 23)
            .expect("memory");
    }
    let scratch = Scratch::new();
    let file = scratch.write("numeric.csv", text);
    let mut local = local(&[&file]);
    let price = &local.table().expect("a table").profile.columns[0];
    let Some(Values::Ordered { median, .. }) = price.values else { panic!("{price:?}") };
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    set(&page, "target", "0");
    let cut = format!("~from {median}");
    page.wait("the cut", 10, |page| (stands_at(page, "positive") == cut).then_some(()));
    assert_eq!(stands_at(&page, "cut"), median.to_string());
    train(&page);
    let spec = TrainSpec { classes: ClassesBy::From(median), ..usual(&local, 0) };
    assert_shows_all(&page, &learn(&mut local, spec));
}

fn the_address_holds_the_lesson_and_workers_cannot_be_seen(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let page = Page::open_at(browser, "#workers=1");
    page.load(&file);
    page.click("stage-classify");
    let lesson = [
        ("target", "41"),
        ("positive", "neptune"),
        ("split", "random"),
        ("share", "30"),
        ("learner", "samme"),
        ("depth", "3"),
        ("rounds", "15"),
        ("rate", "0.25"),
        ("seed", "18446744073709551615"),
        ("patience", "5"),
    ];
    for (setting, value) in lesson {
        set(&page, setting, value);
    }
    train(&page);
    let (alone, curve) = (figures(&page), rounds(&page));
    let address = page.wait("the lesson in the address", 10, |page| {
        let hash = page.evaluate("location.hash").as_str()?.to_owned();
        hash.contains("train-seed=18446744073709551615").then_some(hash)
    });
    assert!(address.contains("workers=1"), "{address}");
    page.session.post("/url", &json!({"url": "about:blank"}));
    page.go(&address.replace("workers=1", "workers=3"));
    page.wait_for_state("empty", 20);
    page.load(&file);
    page.click("stage-classify");
    for (setting, value) in lesson {
        assert_eq!(stands_at(&page, setting), value, "{setting} in {address}");
    }
    train(&page);
    assert_eq!(figures(&page), alone);
    assert_eq!(rounds(&page), curve);
}

/// As [`labelled`], with a column that gives the class away.
fn leaking(scratch: &Scratch) -> PathBuf {
    let mut text = String::from("x,noise,tell,class\n");
    for row in 0..400 {
        let class = row % 2;
        let (x, noise) = (row * 7 % 10 + 4 * class, row * 11 % 23);
        writeln!(text, "{x},{noise},{},{}", class * 10 + row % 3, ["a", "b"][class])
            .expect("memory");
    }
    scratch.write("leaking.csv", text)
}

/// The columns that the doctor names.
fn telltales(page: &Page) -> Vec<Value> {
    let leaks = page.all("leak").into_iter().filter(|leak| leak["kind"] == "telltale");
    leaks.map(|mut leak| leak["value"].take()).collect()
}

fn a_column_that_gives_the_class_away_is_named_and_left_out(browser: Browser) {
    let scratch = Scratch::new();
    let file = leaking(&scratch);
    let mut local = local(&[&file]);
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    train(&page);
    assert_eq!(telltales(&page), ["tell"]);
    let with = usual(&local, 3);
    assert_eq!(with.features, [0, 1, 2]);
    assert_shows_all(&page, &learn(&mut local, with.clone()));
    train_by(&page, |page| page.click_at("[data-testid=leak][data-kind=telltale] button"));
    assert!(telltales(&page).is_empty(), "{:?}", page.all("leak"));
    page.wait("the column in the address", 10, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str()?.contains("role.tell=ignore").then_some(())
    });
    assert!(page.all("votes").iter().all(|column| column["name"] != "tell"));
    assert_shows_all(&page, &learn(&mut local, TrainSpec { features: vec![0, 1], ..with }));
}

fn classes_and_margins_go_out_without_scores(browser: Browser) {
    let scratch = Scratch::new();
    let file = labelled(&scratch, "labelled.csv", 400, 0);
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    train(&page);
    let text = page.exported("labelled-scored.csv");
    let header = text.lines().next().map(|line| line.trim_start_matches('\u{feff}'));
    assert_eq!(header, Some("x,noise,word,class,isoscope_class,isoscope_margin"));
    let mut local = local(&[&file]);
    let spec = usual(&local, 3);
    learn(&mut local, spec);
    let native = local.export(0.5).expect("an export");
    let same = native == text.as_bytes();
    assert!(same, "the browser's export is not, byte for byte, the one made natively");
}

/// Waits until the page shows this count of the votes.
#[track_caller]
fn wait_for_count(page: &Page, trained: &Trained) {
    let expected = figures_of(trained);
    page.wait("the votes to be counted again", 20, |page| {
        (figures(page) == expected).then_some(())
    });
    assert_shows_all(page, trained);
    assert_eq!(page.value("app-state").as_deref(), Some("trained"), "nothing is trained");
}

/// The line that was put by hand: its field has room for three digits, the address tells it all, once it
/// has come to rest and no longer tells the line that stood before.
#[track_caller]
fn line_of_address(page: &Page, before: f64) -> f64 {
    page.wait("a line in the address", 20, |page| {
        let hash = page.evaluate("location.hash");
        let line = |part: &str| part.strip_prefix("line=")?.parse().ok();
        hash.as_str()?.split(['#', '&']).find_map(line).filter(|&line| line != before)
    })
}

fn votes_are_muted_and_priced_and_the_line_is_moved_without_training(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let mut local = local(&[&file]);
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    for (setting, value) in [("depth", "1"), ("rounds", "25"), ("rate", "1")] {
        set(&page, setting, value);
    }
    page.click("classify-hold-out");
    train(&page);
    let spec = TrainSpec {
        classes: ClassesBy::AllBut("normal".to_owned()),
        params: Params { depth: 1, n_rounds: 25, rate: 1.0, ..Params::default() },
        holds_out: true,
        ..usual(&local, CLASS)
    };
    let first = learn(&mut local, spec);
    assert_shows_all(&page, &first);
    let name =
        |column: u32| local.table().expect("a table").profile.columns[column as usize].name.clone();
    let (column, other) = (first.columns[0].column, first.columns[1].column);
    let (muted_name, other_name) = (name(column), name(other));
    let mut count =
        |counting: Counting| (*local.recount(counting).expect("a count").trained).clone();

    // A column, at once, and the address keeps it.
    let whole =
        |name: &str| format!("[data-testid=mute-votes][data-name='{name}']:not([data-step])");
    page.click_at(&whole(&muted_name));
    let mut counting = Counting { muted: vec![Muted { column, at: None }], ..Counting::default() };
    let muted = count(counting.clone());
    assert_ne!(figures_of(&muted), figures_of(&first));
    wait_for_count(&page, &muted);
    let said = page.text("muted-votes");
    assert!(said.contains(&muted_name) && said.contains('→'), "{said}");
    page.wait("what is muted in the address", 10, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str()?.contains(&format!("muted-votes={muted_name}")).then_some(())
    });

    // One rule of another column beside it.
    let rule = format!("[data-testid=mute-votes][data-name='{other_name}'][data-step]");
    let step = page.run_on(
        &rule,
        "element.closest('details').open = true; return element.dataset.step;",
        &Value::Null,
    );
    page.click_at(&rule);
    let at = step.as_str().map(str::to_owned);
    counting.muted.push(Muted { column: other, at });
    wait_for_count(&page, &count(counting.clone()));

    // The line, by rows held out, by hand, and where mistakes cost least.
    page.choose("line-kind", "alarms");
    page.choose("line-alarms", "5");
    counting.line = Line::FalseAlarms(0.05);
    wait_for_count(&page, &count(counting.clone()));
    assert!(page.number("line-held-out") <= 0.05);
    page.choose("line-votes", "0.75");
    counting.line = Line::At(0.75);
    wait_for_count(&page, &count(counting.clone()));
    assert_eq!(page.evaluate("document.querySelector('[data-testid=line-kind]').value"), "hand");
    page.choose("cost-missed", "8");
    page.click("cost-line");
    counting.line = Line::Cheapest;
    counting.costs = vec![0.0, 1.0, 8.0, 0.0];
    let cheapest = count(counting.clone());
    wait_for_count(&page, &cheapest);
    assert_eq!(page.number("cost-here"), page.number("cost-cheapest"));

    // Dragged along the curve: the upper left corner finds little and raises no false alarm.
    page.run(
        "const plot = document.querySelector('.plot--line');
         plot.scrollIntoView({ block: 'center' });
         const { left, top, height } = plot.getBoundingClientRect();
         const options = { clientX: left + 48, clientY: top + height - 30, bubbles: true,
           button: 0, isPrimary: true, pointerId: 1 };
         plot.setPointerCapture = () => {};
         plot.dispatchEvent(new PointerEvent('pointerdown', options));
         plot.dispatchEvent(new PointerEvent('pointerup', options));",
        &json!([]),
    );
    page.wait("a line without false alarms", 20, |page| {
        (page.number("line-false-alarms") < 1e-3 && page.number("line-found") < 0.5).then_some(())
    });
    counting.line = Line::At(line_of_address(&page, 0.75));
    wait_for_count(&page, &count(counting.clone()));

    // The model as it is shown, and the same from the same address.
    let model = page.exported_by("export-model-json", "KDDTest+-model.json");
    let address = page.evaluate("location.hash");
    assert_eq!(model, local.model("KDDTest+.txt").expect("a model"));
    page.click("stage-classify");
    let shown = figures(&page);
    page.session.post("/url", &json!({"url": "about:blank"}));
    page.go(address.as_str().expect("an address"));
    page.wait_for_state("empty", 20);
    page.load(&file);
    page.click("stage-classify");
    train(&page);
    assert_eq!(figures(&page), shown);

    // All of it back.
    page.click("unmute-all");
    page.choose("line-kind", "even");
    let back = Counting { costs: counting.costs, ..Counting::default() };
    let back = (*local.recount(back).expect("a count").trained).clone();
    wait_for_count(&page, &back);
    assert_eq!(figures_of(&back), figures_of(&first));
}

fn classes_may_have_any_name_and_be_many(browser: Browser) {
    let scratch = Scratch::new();
    let mut text = String::from("a,kind,id\n");
    for row in 0..300 {
        let name = ["x", "!x", "~families"][row % 3];
        writeln!(text, "{},{name},n{}", 10 * (row % 3) + row % 7, row / 2).expect("memory");
    }
    let page = Page::open(browser);
    page.load(&scratch.write("names.csv", text));
    page.click("stage-classify");
    page.choose("classify-target", "1");
    for (positive, class) in [("=!x", "!x"), ("=~families", "~families"), ("!!x", "not !x")] {
        set(&page, "positive", positive);
        train(&page);
        page.wait(class, 10, |page| {
            let cells = page.all("confusion-cell");
            let is_it = |cell: &Value| cell["truth"] == class;
            (cells.iter().any(is_it) && cells.len() == 4).then_some(())
        });
    }
    assert!(!page.has("classify-too-many"));
    page.choose("classify-target", "2");
    let said = page.wait("why one is told from all others", 10, |page| {
        let said = page.text("classify-too-many");
        (!said.is_empty()).then_some(said)
    });
    assert!(said.contains("150 values") && said.contains("50 classes"), "{said}");
}

fn the_recipe_for_unknown_kinds_holds_rows_out_and_says_so(browser: Browser) {
    let scratch = Scratch::new();
    let file = scratch.unpack("nsl-kdd/KDDTest+.txt.gz");
    let page = Page::open(browser);
    page.load(&file);
    page.click("stage-classify");
    for (setting, value) in [("rounds", "10"), ("depth", "2")] {
        set(&page, setting, value);
    }
    train(&page);
    // Nothing was held out: a line by such rows has to wait for the next training.
    page.choose("line-kind", "alarms");
    let before = figures(&page);
    let asked = page.wait("what is wanting", 10, |page| {
        let text = page.text("line-train");
        text.contains("held out").then_some(text)
    });
    assert!(asked.contains("15 %"), "{asked}");
    assert_eq!(figures(&page), before);
    train_by(&page, |page| page.click("line-train"));
    assert!(page.number("line-held-out") <= 0.01);
    page.click("classify-for-unknown");
    assert_eq!(
        (stands_at(&page, "rounds"), stands_at(&page, "depth")),
        ("100".to_owned(), "4".to_owned())
    );
    train(&page);
    assert!(page.number("line-held-out") <= 0.01);
    page.wait("the recipe in the address", 10, |page| {
        let hash = page.evaluate("location.hash");
        hash.as_str()?.contains("line-alarms=1").then_some(())
    });
}
