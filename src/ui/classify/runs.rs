//! The trainings so far, side by side; kept in the browser.

use leptos::prelude::*;
use leptos::reactive::graph::untrack;

use crate::chart::format;
use crate::protocol::{Line, RowSet, SplitBy, Trained, Weights, arrange};
use crate::ui::ballot::percent;
use crate::ui::judgements::fingerprint;
use crate::ui::lesson;
use crate::ui::outside;
use crate::ui::session::Session;

/// The name under which the browser keeps runs.
const KEY: &str = "isoscope.runs";
/// Runs that are kept; older ones leave.
const KEPT: usize = 200;
/// Figures that are compared, of the test.
const COMPARED: [&str; 4] = ["accuracy", "f1", "roc-auc", "mcc"];
/// What a line holds: file, what was asked, time, figures.
const FIELDS: usize = 4 + COMPARED.len();

/// One training.
#[derive(Debug, Clone, PartialEq)]
struct Run {
    /// The file's fingerprint.
    file: String,
    /// What was asked, in words.
    asked: String,
    /// The recipe that makes it again.
    recipe: String,
    /// Seconds.
    seconds: String,
    /// The figures of the test; empty where there is none.
    figures: Vec<String>,
}

/// The table of runs.
#[component]
pub fn Runs() -> impl IntoView {
    let session = expect_context::<Session>();
    let runs = RwSignal::new(read());
    let sorted_by = RwSignal::new(None::<usize>);
    // A model that came while the stage was open is one more run.
    Effect::new(move |last: Option<Option<usize>>| {
        let (trained, table) = (session.model.get(), session.table.get());
        let at = trained.as_ref().map(|trained| std::sync::Arc::as_ptr(trained) as usize);
        if let (Some(trained), Some(table)) = (trained, table)
            && last.is_none_or(|last| last != at)
        {
            let run = of(&trained, fingerprint(&table), session);
            runs.update(|runs| {
                if runs.first() != Some(&run) {
                    runs.retain(|there| there.recipe != run.recipe || there.file != run.file);
                    runs.insert(0, run);
                    runs.truncate(KEPT);
                    keep(runs);
                }
            });
        }
        at
    });
    let file = move || session.table.with(|table| table.as_ref().map(|table| fingerprint(table)));
    let lines = move || {
        let file = file();
        let mut own: Vec<Run> =
            runs.get().into_iter().filter(|run| Some(&run.file) == file.as_ref()).collect();
        if let Some(place) = sorted_by.get() {
            let figure = |run: &Run| run.figures[place].parse().unwrap_or(f64::NEG_INFINITY);
            arrange(&mut own, |a, b| figure(b).total_cmp(&figure(a)));
        }
        own
    };
    let best = move |place: usize| {
        let figure = |run: &Run| run.figures[place].parse::<f64>().ok();
        lines().iter().filter_map(figure).fold(f64::NEG_INFINITY, f64::max)
    };
    let line = move |run: Run| {
        let Run { asked, recipe, seconds, figures, .. } = run;
        let figures = figures
            .into_iter()
            .enumerate()
            .map(|(place, figure)| {
                let value = figure.parse::<f64>().ok();
                let is_best = value.is_some_and(|value| value == best(place));
                let shown = value.map_or("—".to_owned(), |value| format::fixed(value, 4));
                view! { <td class="num" class:is-best=is_best>{shown}</td> }
            })
            .collect_view();
        view! {
            <tr data-testid="run">
                <td>
                    <a class="link" href=format!("#{recipe}") title="Put these settings back">{asked}</a>
                </td>
                {figures}
                <td class="num soft">{seconds}</td>
            </tr>
        }
    };
    let head = head(sorted_by);
    let forget = move |_| {
        let file = file();
        runs.update(|runs| {
            runs.retain(|run| Some(&run.file) != file.as_ref());
            keep(runs);
        });
    };
    let has_some = Memo::new(move |_| !lines().is_empty());
    view! {
        <section class="card" data-testid="runs" hidden=move || !has_some.get()>
            <header class="head-line">
                <h2>"Trainings of this file, on their tests"</h2>
                <span class="grow"></span>
                <button class="quiet quiet--small" type="button" on:click=forget>"Forget them"</button>
            </header>
            <div class="scrolls">
                <table class="table">
                    <thead>
                        <tr>
                            <th>"what was asked"</th>
                            {head}
                            <th class="num">"s"</th>
                        </tr>
                    </thead>
                    <tbody>{move || lines().into_iter().map(line).collect_view()}</tbody>
                </table>
            </div>
            <p class="cap">
                "Kept in this browser only, under the file's fingerprint. Choosing the best of many by the same test \
                 flatters, too."
            </p>
        </section>
    }
    .into_any()
}

/// The figures that are compared, each a way to sort.
fn head(sorted_by: RwSignal<Option<usize>>) -> AnyView {
    let cell = |(place, name): (usize, &&str)| {
        let is_on = move || sorted_by.get() == Some(place);
        view! {
            <th class="num">
                <button
                    class="link" type="button" class:is-on=is_on title="Sort by it"
                    on:click=move |_| sorted_by.set((!is_on()).then_some(place))
                >
                    {name.replace('-', " ")}
                </button>
            </th>
        }
    };
    COMPARED.iter().enumerate().map(cell).collect_view().into_any()
}

/// A training as one line.
fn of(trained: &Trained, file: String, session: Session) -> Run {
    let spec = &trained.spec;
    let split = match &spec.split {
        SplitBy::Random { share } => format!("{:.0} % at random", share * 100.0),
        SplitBy::Time { share, .. } => format!("the last {:.0} %", share * 100.0),
        SplitBy::Group { share, .. } => format!("{:.0} % by groups", share * 100.0),
        SplitBy::Folds { k } => format!("{k} folds"),
        SplitBy::File { name, .. } => name.clone(),
    };
    let classes = match &trained.classes[..] {
        [other, positive] => format!("{positive} / {other}"),
        classes => format!("{} classes", classes.len()),
    };
    let depth = if spec.params.depth == 1 {
        "stumps".to_owned()
    } else {
        format!("depth {}", spec.params.depth)
    };
    let rate = if spec.params.rate == 1.0 {
        String::new()
    } else {
        format!(", rate {}", spec.params.rate)
    };
    let weights = match spec.weights {
        Weights::Alike => "",
        Weights::Balanced => ", balanced",
        Weights::Costs(_) => ", weighed by cost",
    };
    let line = line_words(spec.counting.line);
    let learner = lesson::word(spec.params.learner);
    let asked = format!(
        "{classes} · {learner} {depth} × {}{rate}{weights} · {} columns · {split}{line} · seed {}",
        trained.n_rounds,
        spec.features.len(),
        spec.seed
    );
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test);
    let figure = |name: &&str| {
        let figures = test.map_or(&[][..], |test| &test.figures);
        // Of many classes the mean over classes stands for what two have.
        let found = figures
            .iter()
            .find(|m| m.name == *name)
            .or_else(|| figures.iter().find(|m| m.name.strip_prefix("macro-") == Some(name)));
        found.and_then(|m| m.value.ok()).map_or(String::new(), |value| value.to_string())
    };
    let seconds = format::fixed(session.trained_in.get_untracked(), 2);
    let recipe = untrack(|| session.recipe().format());
    Run { file, asked, recipe, seconds, figures: COMPARED.iter().map(figure).collect() }
}

/// Where a line is, if not at even votes.
fn line_words(line: Line) -> String {
    match line {
        Line::Even => String::new(),
        Line::At(sum) => format!(" · line at {}", format::fixed(sum, 3)),
        Line::FalseAlarms(share) => format!(" · line at {} % false alarms", percent(share)),
        Line::Cheapest => " · cheapest line".to_owned(),
    }
}

/// What the browser keeps: a line for each run, its fields between tabs.
fn read() -> Vec<Run> {
    let kept = outside::storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    let run = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        let [file, asked, recipe, seconds, figures @ ..] = &fields[..] else { return None };
        let text = |text: &&str| (*text).to_owned();
        (fields.len() == FIELDS).then(|| Run {
            file: text(file),
            asked: text(asked),
            recipe: text(recipe),
            seconds: text(seconds),
            figures: figures.iter().map(text).collect(),
        })
    };
    kept.unwrap_or_default().lines().filter_map(run).collect()
}

fn keep(runs: &[Run]) {
    let line = |run: &Run| {
        let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
        let fields = [&run.file, &run.asked, &run.recipe, &run.seconds];
        let fields = fields.into_iter().chain(&run.figures).map(|text| plain(text));
        fields.collect::<Vec<String>>().join("\t")
    };
    let text = runs.iter().map(line).collect::<Vec<String>>().join("\n");
    // A browser that keeps nothing loses the list with the tab, and nothing else.
    if let Some(storage) = outside::storage() {
        drop(storage.set_item(KEY, &text));
    }
}
