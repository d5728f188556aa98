//! A training as it is kept: what was asked, what it came to, and how that is written down.

use crate::chart::format;
use crate::protocol::{ClassesBy, Line, Loaded, RowSet, SplitBy, Trained, Weights};
use crate::ui::ballot::percent;
use crate::ui::judgements::fingerprint;
use crate::ui::lesson;
use crate::ui::words;

/// The longest list of columns that is kept by name.
const MOST_NAMES: usize = 4_000;

/// One training.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// The file's fingerprint.
    pub file: String,
    /// The file's name.
    pub name: String,
    /// When it ended, in seconds since 1970.
    pub when: f64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// The recipe that makes it again.
    pub recipe: String,
    /// What was asked: names and values, always in the same order.
    pub settings: Vec<(String, String)>,
    /// What it came to on its test.
    pub figures: Vec<Figure>,
}

/// A figure of the test.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Its name.
    pub name: String,
    /// It.
    pub value: f64,
    /// The ends of its 95 % interval, where it has one.
    pub interval: Option<(f64, f64)>,
}

impl Run {
    /// What is kept of a training.
    pub fn of(
        trained: &Trained,
        table: &Loaded,
        recipe: String,
        (seconds, when): (f64, f64),
    ) -> Self {
        let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test);
        let figures = test.map_or(&[][..], |test| &test.figures).iter().filter_map(|measure| {
            Some(Figure {
                name: measure.name.clone(),
                value: measure.value.ok()?,
                interval: measure.interval.map(|it| (it.low, it.high)),
            })
        });
        let figures = figures.collect();
        let settings = settings(trained, table);
        let name = table.name.clone();
        Self { file: fingerprint(table), name, when, seconds, recipe, settings, figures }
    }

    /// A setting's value.
    pub fn setting(&self, name: &str) -> &str {
        let own = self.settings.iter().find(|(there, _)| there == name);
        own.map_or("", |(_, value)| value)
    }

    /// A figure; of many classes the mean over classes stands for what two have.
    pub fn figure(&self, name: &str) -> Option<&Figure> {
        let of_many = |figure: &&Figure| figure.name.strip_prefix("macro-") == Some(name);
        let exact = self.figures.iter().find(|figure| figure.name == name);
        exact.or_else(|| self.figures.iter().find(of_many))
    }

    /// What was asked, on one line.
    pub fn asked(&self) -> String {
        let depth = match self.setting("depth") {
            "1" => "stumps".to_owned(),
            depth => format!("depth {depth}"),
        };
        let part = |name: &str, usual: &str, before: &str| match self.setting(name) {
            value if value == usual || value.is_empty() => String::new(),
            value => format!("{before}{value}"),
        };
        format!(
            "{} · {} {depth} × {}, rate {}{} · {} columns{} · {}{}{} · seed {}",
            self.setting("classes"),
            self.setting("learner"),
            self.setting("rounds had"),
            self.setting("rate"),
            part("weights", "alike", ", "),
            self.setting("columns"),
            part("added columns", "none", " + "),
            self.setting("split"),
            part("held out", "none", " · held out "),
            part("line", "even votes", " · line at "),
            self.setting("seed"),
        )
    }

    /// As a line that [`read`](Self::read) understands: fields between tabs, each a name and a value.
    pub fn line(&self) -> String {
        let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        let mut fields = vec![
            format!("file={}", plain(&self.file)),
            format!("name={}", plain(&self.name)),
            format!("when={}", self.when),
            format!("seconds={}", self.seconds),
            format!("recipe={}", plain(&self.recipe)),
        ];
        for (name, value) in &self.settings {
            fields.push(format!("set.{}={}", plain(name), plain(value)));
        }
        for Figure { name, value, interval } in &self.figures {
            let ends = interval.map_or(String::new(), |(low, high)| format!(" {low} {high}"));
            fields.push(format!("figure.{}={value}{ends}", plain(name)));
        }
        fields.join("\t")
    }

    /// Reads such a line; `None` where it has no file or no recipe, or something in it is no number that
    /// should be one. Fields of an unknown kind are left out.
    pub fn read(line: &str) -> Option<Self> {
        let (mut run, mut has_recipe) = (Self::default(), false);
        for field in line.split('\t') {
            let (key, value) = field.split_once('=')?;
            let number = |text: &str| text.parse::<f64>().ok().filter(|it| it.is_finite());
            match key.split_once('.') {
                None if key == "file" => value.clone_into(&mut run.file),
                None if key == "name" => value.clone_into(&mut run.name),
                None if key == "recipe" => {
                    has_recipe = true;
                    value.clone_into(&mut run.recipe);
                }
                None if key == "when" => run.when = number(value)?,
                None if key == "seconds" => run.seconds = number(value)?,
                Some(("set", name)) => run.settings.push((name.to_owned(), value.to_owned())),
                Some(("figure", name)) => {
                    let numbers: Option<Vec<f64>> = value.split(' ').map(number).collect();
                    let (value, interval) = match numbers?[..] {
                        [value] => (value, None),
                        [value, low, high] => (value, Some((low, high))),
                        _ => return None,
                    };
                    run.figures.push(Figure { name: name.to_owned(), value, interval });
                }
                _ => {}
            }
        }
        (has_recipe && !run.file.is_empty() && !run.settings.is_empty()).then_some(run)
    }
}

/// How classes weigh, in a word.
fn weights(weights: &Weights) -> &'static str {
    match weights {
        Weights::Alike => "alike",
        Weights::Balanced => "balanced",
        Weights::Costs(_) => "by cost",
    }
}

/// Where the line between two classes is.
fn line(line: Line) -> String {
    match line {
        Line::Even => "even votes".to_owned(),
        Line::At(sum) => format::fixed(sum, 3),
        Line::FalseAlarms(share) => format!("{} % false alarms", percent(share)),
        Line::Cheapest => "the cheapest".to_owned(),
    }
}

/// What was asked, by name.
fn settings(trained: &Trained, table: &Loaded) -> Vec<(String, String)> {
    let spec = &trained.spec;
    let columns = &table.profile.columns;
    let name = |column: u32| columns.get(column as usize).map_or("", |it| it.name.as_str());
    let classes = match &trained.classes[..] {
        [other, positive] => format!("{positive} / {other}"),
        classes => format!("{} classes", classes.len()),
    };
    let params = &spec.params;
    let patience = params.patience.map_or("none".to_owned(), |rounds| rounds.to_string());
    let names: Vec<&str> = spec.features.iter().map(|&column| name(column)).collect();
    let mut names = names.join(", ");
    if names.len() > MOST_NAMES {
        names.clear();
    }
    let set = |name: &str, value: String| (name.to_owned(), value);
    vec![
        set("target", name(spec.target).to_owned()),
        set("classes", classes),
        set("told apart", told_apart(&spec.classes)),
        set("split", split(trained, &name)),
        set("learner", lesson::word(params.learner).to_owned()),
        set("depth", params.depth.to_string()),
        set("rounds", params.n_rounds.to_string()),
        set("rounds had", trained.n_rounds.to_string()),
        set("rate", params.rate.to_string()),
        set("weights", weights(&spec.weights).to_owned()),
        set("held out", if spec.keeps_some() { "15 %" } else { "none" }.to_owned()),
        set("line", line(spec.counting.line)),
        set("patience", patience),
        set("seed", spec.seed.to_string()),
        set("columns", spec.features.len().to_string()),
        set("column names", names),
        set(
            "added columns",
            if spec.eyes.is_any() { spec.eyes.words() } else { "none".to_owned() },
        ),
    ]
}

fn told_apart(classes: &ClassesBy) -> String {
    match classes {
        ClassesBy::Values => "each value".to_owned(),
        ClassesBy::Against(name) => format!("{name} against all others"),
        ClassesBy::AllBut(name) => format!("all but {name} against it"),
        ClassesBy::Families => "families".to_owned(),
        ClassesBy::From(cut) => format!("from {cut} on"),
    }
}

fn split<'a>(trained: &Trained, name: &impl Fn(u32) -> &'a str) -> String {
    match &trained.spec.split {
        SplitBy::Random { share } => format!("{} at random", words::percent(*share)),
        SplitBy::Time { share, .. } => format!("the last {}", words::percent(*share)),
        SplitBy::Group { share, column } => {
            format!("{} by {}", words::percent(*share), name(*column))
        }
        SplitBy::Folds { k } => format!("{k} folds"),
        SplitBy::File { share, .. } if trained.is_unjudged() => {
            format!("{} at random", words::percent(*share))
        }
        SplitBy::File { name, .. } => name.clone(),
    }
}

/// The runs as a table: a line for each, what was asked, what it took and what it came to.
pub fn csv(runs: &[Run]) -> String {
    let mut settings: Vec<&str> = Vec::new();
    let mut figures: Vec<&str> = Vec::new();
    for run in runs {
        let add = |names: &mut Vec<_>, name| {
            if !names.contains(&name) {
                names.push(name);
            }
        };
        run.settings.iter().for_each(|(name, _)| add(&mut settings, name.as_str()));
        run.figures.iter().for_each(|figure| add(&mut figures, figure.name.as_str()));
    }
    let mut out = String::new();
    let mut put = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    };
    let word = |name: &str| name.replace(['-', ' '], "_");
    let mut head = ["file", "fingerprint", "ended", "seconds"].map(str::to_owned).to_vec();
    head.extend(settings.iter().map(|name| word(name)));
    for name in &figures {
        head.extend(["", "_low", "_high"].map(|end| format!("{}{end}", word(name))));
    }
    head.push("recipe".to_owned());
    put(&head);
    for run in runs {
        let ended = crate::chart::format::time(run.when);
        let mut cells = vec![run.name.clone(), run.file.clone(), ended, run.seconds.to_string()];
        cells.extend(settings.iter().map(|name| run.setting(name).to_owned()));
        for name in &figures {
            let own = run.figures.iter().find(|figure| figure.name == *name);
            let ends = own.and_then(|own| own.interval);
            let text = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
            let (low, high) = (ends.map(|ends| ends.0), ends.map(|ends| ends.1));
            cells.extend([own.map(|own| own.value), low, high].map(text));
        }
        cells.push(format!("#{}", run.recipe));
        put(&cells);
    }
    out
}

/// A cell of a CSV file.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::protocol::Event;
    use crate::ui::session::tests::{loaded, trained};

    pub(crate) fn run(depth: u32, accuracy: f64, interval: Option<(f64, f64)>) -> Run {
        let set = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let figure =
            |name: &str, value, interval| Figure { name: name.to_owned(), value, interval };
        Run {
            file: "1.2.3".to_owned(),
            name: "a, b.csv".to_owned(),
            when: 1.7e9,
            seconds: 0.25,
            recipe: "depth=2".to_owned(),
            settings: vec![set("depth", &depth.to_string()), set("split", "20 %, \"at\" random")],
            figures: vec![
                figure("accuracy", accuracy, interval),
                figure("macro-f1", accuracy / 2.0, None),
            ],
        }
    }

    #[test]
    fn a_run_that_is_kept_comes_back() {
        for run in [run(4, 0.75, Some((0.5, 0.875))), run(1, 1.0 / 3.0, None)] {
            assert_eq!(Run::read(&run.line()), Some(run));
        }
        let mut odd = run(2, 0.5, None);
        odd.settings[1].1 = "a\tb\nc".to_owned();
        assert_eq!(Run::read(&odd.line()).expect("a run").setting("split"), "a b c");
    }

    #[test]
    fn rows_that_are_held_out_are_told() {
        let Event::Loaded(table) = loaded(4) else { unreachable!("a table") };
        let mut model = trained([0, 1, 0, 1]);
        let of = |model: &Trained| Run::of(model, &table, String::new(), (0.0, 0.0));
        let none = of(&model);
        assert_eq!(none.setting("held out"), "none");
        assert!(!none.asked().contains("held out"), "{}", none.asked());
        model.spec.holds_out = true;
        let some = of(&model);
        assert!(some.asked().contains(" · held out 15 % · "), "{}", some.asked());
        assert!(csv(&[none, some]).contains(",held_out,"));
    }

    #[test]
    fn of_many_classes_the_mean_stands_in_under_its_own_name() {
        let figure = run(2, 0.75, None).figure("f1").map(|it| it.name.clone());
        assert_eq!(figure.as_deref(), Some("macro-f1"));
    }

    #[test]
    fn what_cannot_be_read_is_left_out_and_not_guessed() {
        let line = run(4, 0.75, Some((0.5, 0.875))).line();
        for (from, to) in [
            ("file=1.2.3", "file="),
            ("figure.accuracy=0.75 ", "figure.accuracy=0.75x "),
            ("seconds=0.25", "seconds=NaN"),
            ("0.5 0.875", "0.5"),
            ("set.depth=4", "depth"),
        ] {
            assert!(line.contains(from), "{line}");
            assert_eq!(Run::read(&line.replace(from, to)), None, "{to}");
        }
        for line in ["", "x", "1.2.3\tasked\trecipe\t0.1\t1\t1\t1\t1"] {
            assert_eq!(Run::read(line), None);
        }
        // What a later version may add does no harm.
        assert!(Run::read(&format!("{line}\tmore=5\tother.x=6")).is_some());
    }

    #[test]
    fn runs_go_out_as_a_table() {
        let mut runs = vec![run(4, 0.75, Some((0.5, 0.875))), run(1, 0.5, None)];
        runs[1].figures.pop();
        let csv = csv(&runs);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "file,fingerprint,ended,seconds,depth,split,accuracy,accuracy_low,accuracy_high,macro_f1,macro_f1_low,\
             macro_f1_high,recipe"
        );
        assert_eq!(
            lines[1],
            "\"a, b.csv\",1.2.3,2023-11-14 22:13:20,0.25,4,\"20 %, \"\"at\"\" random\",0.75,0.5,0.875,0.375,,,#depth=2"
        );
        assert!(lines[2].ends_with(",0.5,,,,,,#depth=2"), "{}", lines[2]);
        assert_eq!(lines[3..], [""]);
    }
}
