//! What other learners make of the same rows.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Baseline, Compared, LearntFrom, Measure, RowSet, Told, Trained};
use crate::ui::link::Link;
use crate::ui::session::{Phase, Session, Work};

/// Figures that are compared, of the test, each with its word in an attribute.
const COMPARED: [(&str, &str); 4] =
    [("accuracy", "accuracy"), ("f1", "F1"), ("roc-auc", "ROC AUC"), ("mcc", "MCC")];

/// The button, and a line for each baseline beside that of the model.
#[component]
pub fn Baselines(
    /// The model.
    trained: Arc<Trained>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let is_at =
        move |work: Work| matches!(session.phase.get(), Phase::Working(at, ..) if at == work);
    let is_comparing = Memo::new(move |_| is_at(Work::Compare));
    let is_busy = move || is_comparing.get() || is_at(Work::Train);
    let has_some = Memo::new(move |_| session.compared.with(|all| !all.is_empty()));
    let is_open = Memo::new(move |_| is_comparing.get() || has_some.get());
    let word = move || if has_some.get() { "Compare again" } else { "Compare with baselines" };
    let is_macro = trained.classes.len() > 2;
    let own = trained.judged.iter().find(|judged| judged.set == RowSet::Test);
    let own = StoredValue::new(own.map_or_else(Vec::new, |judged| values(&judged.figures)));
    let n_train: u64 = trained.n_train.iter().sum();
    // The best of each figure, the model's among them.
    let best = Memo::new(move |_| {
        let mut best = own.get_value();
        session.compared.with(|all| {
            for told in all.iter().filter_map(|compared| compared.outcome.as_ref().ok()) {
                for (best, value) in best.iter_mut().zip(values(&told.figures)) {
                    // Of a figure that does not exist the other is the best.
                    *best = best.max(value);
                }
            }
        });
        best
    });
    let table = move || {
        is_open.get().then(|| {
            let lines = Baseline::ALL.map(|baseline| line(session, baseline, is_comparing, best));
            let seconds = format::fixed(session.trained_in.get_untracked(), 2);
            view! {
                <div class="scrolls">
                    <table class="table">
                        {head(is_macro)}
                        <tbody>
                            <tr data-testid="baseline-own">
                                <td>
                                    <b>"this model"</b>
                                </td>
                                {figures(&own.get_value(), best)}
                                <td class="num">{seconds}</td>
                                <td class="soft">{format!("{} rows", format::count(n_train))}</td>
                            </tr>
                            {lines.collect_view()}
                        </tbody>
                    </table>
                </div>
            }
            .into_any()
        })
    };
    view! {
        <section class="card" data-testid="baselines">
            <header class="head-line">
                <h2>"Beside other learners"</h2>
                <span class="grow"></span>
                <button
                    class="quiet" type="button" data-testid="baselines-run" disabled=is_busy
                    on:click=move |_| link.compare()
                >
                    {word}
                </button>
            </header>
            <p class="cap">
                "Eight usual learners learn from the same rows, here in this tab, and are judged by the same test: \
                 what a model is worth shows beside what is had for less. 100,000 rows take a minute or so."
            </p>
            {table}
        </section>
    }
    .into_any()
}

fn head(is_macro: bool) -> AnyView {
    let cell = |(name, word): (&str, &'static str)| {
        let is_mean = is_macro && matches!(name, "f1" | "roc-auc");
        let title = is_mean.then_some("The mean over classes.");
        view! { <th class="num" title=title>{if is_mean { "macro " } else { "" }} {word}</th> }
    };
    view! {
        <thead>
            <tr>
                <th>"learner"</th>
                {COMPARED.map(cell).collect_view()}
                <th class="num" title="Seconds to learn and to judge, several at a time.">"s"</th>
                <th>"learnt from"</th>
            </tr>
        </thead>
    }
    .into_any()
}

/// The figures that are compared; NaN where there is none.
fn values(figures: &[Measure]) -> Vec<f64> {
    let value = |(name, _): (&str, &str)| {
        let of = |m: &&Measure| m.name == name || m.name.strip_prefix("macro-") == Some(name);
        figures.iter().find(of).and_then(|m| m.value.ok()).unwrap_or(f64::NAN)
    };
    COMPARED.map(value).to_vec()
}

fn figures(values: &[f64], best: Memo<Vec<f64>>) -> AnyView {
    let cell = |(place, &value): (usize, &f64)| {
        let is_best = move || best.with(|best| best.get(place) == Some(&value));
        let shown = if value.is_nan() { "—".to_owned() } else { format::fixed(value, 4) };
        view! { <td class="num" class:is-best=is_best>{shown}</td> }
    };
    values.iter().enumerate().map(cell).collect_view().into_any()
}

/// The line of a baseline: what it came to, why to nothing, or that it is still to come.
fn line(
    session: Session,
    baseline: Baseline,
    is_comparing: Memo<bool>,
    best: Memo<Vec<f64>>,
) -> AnyView {
    let found = Memo::new(move |_| {
        session.compared.with(|all| all.iter().find(|there| there.baseline == baseline).cloned())
    });
    let value = move |place: usize| {
        found.with(|found| {
            let told = found.as_ref()?.outcome.as_ref().ok()?;
            values(&told.figures).get(place).filter(|value| !value.is_nan()).map(f64::to_string)
        })
    };
    let text = move |place: usize| value(place).unwrap_or_default();
    let cells = move || match found.get() {
        Some(Compared { outcome: Ok(told), seconds, .. }) => view! {
            {figures(&values(&told.figures), best)}
            <td class="num">{format::fixed(seconds, 2)}</td>
            <td class="soft">{learnt_from(&told)}</td>
        }
        .into_any(),
        Some(Compared { outcome: Err(error), .. }) => {
            view! { <td colspan="6" class="soft">{format!("Cannot learn this: {error}.")}</td> }
                .into_any()
        }
        None => {
            let word = if is_comparing.get() { "…" } else { "stopped before it was done" };
            view! { <td colspan="6" class="soft">{word}</td> }.into_any()
        }
    };
    let (name, hint) = named(baseline);
    let seconds = move || found.with(|found| found.as_ref().map(|it| it.seconds.to_string()));
    view! {
        <tr
            data-testid="baseline" data-name=baseline.word() data-accuracy=move || text(0)
            data-f1=move || text(1) data-roc-auc=move || text(2) data-mcc=move || text(3)
            data-seconds=seconds
        >
            <td title=hint>{name}</td>
            {cells}
        </tr>
    }
    .into_any()
}

fn learnt_from(told: &Told) -> String {
    let all = format::count(told.n_train.into());
    match told.learnt_from {
        LearntFrom::All => format!("{all} rows"),
        LearntFrom::Drawn(n) => format!("{} of {all} rows", format::count(n.into())),
        LearntFrom::EachDrawn(n) => {
            format!("each tree: {} of {all} rows", format::count(n.into()))
        }
    }
}

/// A baseline's name, and what it does.
fn named(baseline: Baseline) -> (&'static str, &'static str) {
    match baseline {
        Baseline::Majority => (
            "majority class",
            "Says the most common class of every row: what knowing nothing gives.",
        ),
        Baseline::Stump => {
            ("best single stump", "The one question about one column that parts the classes best.")
        }
        Baseline::Bayes => (
            "naive Bayes",
            "Takes columns as independent, and numbers as bell curves within each class.",
        ),
        Baseline::Logistic => {
            ("logistic regression", "A weight for every number and every common word, added up.")
        }
        Baseline::Tree => (
            "decision tree",
            "Questions in a row until a leaf holds one class; of many classes a tree each.",
        ),
        Baseline::Forest => (
            "random forest",
            "Many trees, each of rows and columns drawn at random; they say the mean.",
        ),
        Baseline::Neighbours => (
            "nearest neighbours",
            "The five rows most like it say their class; all columns count alike.",
        ),
        Baseline::Boosting => (
            "gradient boosting",
            "Trees of depth 4, each of which mends what those before it left wrong.",
        ),
    }
}
