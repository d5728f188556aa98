//! What the model is worth, in figures.

use std::sync::Arc;

use leptos::prelude::*;

use super::apply::unjudged;
use super::quality::test;
use crate::chart::format;
use crate::protocol::{Interval, Judged, Measure, RowSet, Trained, arrange};

/// All figures of the test, beside those of the rows that were learnt from; and class by class.
#[component]
pub fn Figures(
    /// The model, as its votes are counted.
    trained: Signal<Arc<Trained>>,
) -> impl IntoView {
    let model = trained.get_untracked();
    let sets = model.judged.clone();
    let names: Vec<String> =
        sets.first().map_or(Vec::new(), |set| set.figures.iter().map(|m| m.name.clone()).collect());
    let is_mean = |name: &String| name.starts_with("macro-") || name.starts_with("weighted-");
    let (means, own): (Vec<String>, Vec<String>) = names.into_iter().partition(is_mean);
    let table = |names: Vec<String>| {
        let head = sets
            .iter()
            .map(|it| view! { <th class="num" title=hint(it.set)>{word(it.set)}</th> })
            .collect_view();
        let lines = move || {
            let trained = trained.get();
            names.iter().map(|name| line(&trained.judged, name)).collect_view()
        };
        view! {
            <table class="table figures">
                <thead>
                    <tr>
                        <th></th>
                        {head}
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </table>
        }
        .into_any()
    };
    let classes = per_class(trained);
    let two = model.classes.len() == 2;
    let positive = two.then(|| {
        format!("Precision, recall and the like are of the class “{}”. ", model.classes[1])
    });
    view! {
        <section class="card" data-testid="metrics">
            <h2>"What it is worth"</h2>
            {unjudged(&model)}
            {table(own)}
            <p class="cap">
                {positive}
                "In brackets are 95 % intervals. Figures of rows that were learnt from flatter: compare models by \
                 the test alone. A dash is a figure that does not exist; hover it for the reason."
            </p>
            <details class="behind" open=!two>
                <summary title="Macro: every class counts alike. Weighted: as much as it has rows.">
                    "Means over classes"
                </summary>
                {table(means)}
            </details>
            {classes}
        </section>
    }
    .into_any()
}

/// A figure's name as people write it.
pub(super) fn figure_name(name: &str) -> String {
    let mut words = name.replace('-', " ");
    for short in ["f1", "f2", "mcc", "roc auc"] {
        words = words.replace(short, &short.to_uppercase());
    }
    words
}

/// A figure of all sets.
fn line(sets: &[Judged], name: &str) -> AnyView {
    let cells = sets
        .iter()
        .filter_map(|judged| {
            let measure = judged.figures.iter().find(|measure| measure.name == name)?;
            Some(cell(judged.set, measure))
        })
        .collect_view();
    view! {
        <tr>
            <td>{figure_name(name)}</td>
            {cells}
        </tr>
    }
    .into_any()
}

/// Whose figures they are.
pub(super) fn word(set: RowSet) -> &'static str {
    match set {
        RowSet::Test => "test",
        RowSet::Holdout => "held out",
        RowSet::Train => "learnt from",
    }
}

fn hint(set: RowSet) -> &'static str {
    match set {
        RowSet::Test => "Rows that were kept away from training.",
        RowSet::Holdout => "Rows that training watched to end in time.",
        RowSet::Train => "Rows the model has seen: these figures flatter.",
    }
}

/// A figure, its interval, or why there is none.
fn cell(set: RowSet, measure: &Measure) -> AnyView {
    let value = measure.value.map_or(String::new(), |value| value.to_string());
    let shown = measure.value.map_or("—".to_owned(), |value| format::fixed(value, 4));
    let mut why = measure.value.err().map(|why| format!("Undefined: {why}."));
    if measure.n_undefined > 0 {
        why = Some(format!(
            "{} classes have no such figure; they count 0 in the mean.",
            measure.n_undefined
        ));
    }
    let interval = measure.interval.map(|it| interval(it, 4));
    view! {
        <td
            class="num" class:soft=set == RowSet::Train data-testid="metric" data-name=measure.name.clone()
            data-set=set.word() data-value=value title=why
        >
            {shown} {interval}
        </td>
    }
    .into_any()
}

/// An interval, as brackets.
fn interval(interval: Interval, digits: usize) -> AnyView {
    let [low, high] = [interval.low, interval.high].map(|end| format::fixed(end, digits));
    view! { <span class="soft interval">{format!("[{low}, {high}]")}</span> }.into_any()
}

/// Class by class, on the test.
fn per_class(trained: Signal<Arc<Trained>>) -> Option<AnyView> {
    let model = trained.get_untracked();
    let first = test(&model)?;
    let is_many = model.classes.len() > 2;
    let mut order: Vec<usize> = (0..model.classes.len()).collect();
    arrange(&mut order, |&a, &b| first.classes[b].support.cmp(&first.classes[a].support));
    let lines = move || {
        let trained = trained.get();
        let line = |&class: &usize| Some(line_of_class(test(&trained)?, &trained.classes, class));
        order.iter().map(line).collect_view()
    };
    Some(
        view! {
            <details class="behind" open=is_many>
                <summary>"Class by class, on the test"</summary>
                <table class="table figures figures--classes">
                    <thead>
                        <tr>
                            <th>"class"</th>
                            <th class="num">"rows"</th>
                            <th class="num">"precision"</th>
                            <th class="num">"recall"</th>
                            <th class="num">"F1"</th>
                            <th class="num">"ROC AUC"</th>
                            <th class="num" title="Average precision">"AP"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </details>
        }
        .into_any(),
    )
}

fn line_of_class(test: &Judged, names: &[String], class: usize) -> AnyView {
    let of = &test.classes[class];
    let figures = of.figures.iter().map(|measure| {
        let why = measure.value.err().map(|why| format!("Undefined: {why}."));
        let shown = measure.value.map_or("—".to_owned(), |value| format::fixed(value, 3));
        view! {
            <td class="num" title=why>
                {shown} " " {measure.interval.map(|it| interval(it, 3))}
            </td>
        }
    });
    view! {
        <tr>
            <td class="ellipsis">{names[class].clone()}</td>
            <td class="num">{format::count(of.support)}</td>
            {figures.collect_view()}
        </tr>
    }
    .into_any()
}
