//! What the model is worth, in figures.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Interval, Judged, Measure, RowSet, Trained, arrange};

/// All figures of the test, beside those of the rows that were learnt from; and class by class.
#[component]
pub fn Figures(
    /// The model.
    trained: Arc<Trained>,
) -> impl IntoView {
    let sets = trained.judged.clone();
    let names: Vec<String> =
        sets.first().map_or(Vec::new(), |set| set.figures.iter().map(|m| m.name.clone()).collect());
    let is_mean = |name: &String| name.starts_with("macro-") || name.starts_with("weighted-");
    let (means, own): (Vec<String>, Vec<String>) = names.into_iter().partition(is_mean);
    let head = || {
        let cell = |it: &Judged| view! { <th class="num" title=hint(it.set)>{word(it.set)}</th> };
        sets.iter().map(cell).collect_view()
    };
    let line = |name: &String| {
        let cells = sets
            .iter()
            .filter_map(|judged| {
                let measure = judged.figures.iter().find(|measure| measure.name == *name)?;
                Some(cell(judged.set, measure))
            })
            .collect_view();
        view! {
            <tr>
                <td>{name.replace('-', " ")}</td>
                {cells}
            </tr>
        }
    };
    let table = |names: &[String]| {
        view! {
            <table class="table figures">
                <thead>
                    <tr>
                        <th></th>
                        {head()}
                    </tr>
                </thead>
                <tbody>{names.iter().map(line).collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    let classes = per_class(&trained);
    let two = trained.classes.len() == 2;
    let positive = two.then(|| {
        format!("Precision, recall and the like are of the class “{}”. ", trained.classes[1])
    });
    view! {
        <section class="card" data-testid="metrics">
            <h2>"What it is worth"</h2>
            {table(&own)}
            <p class="cap">
                {positive}
                "In brackets are 95 % intervals. Figures of rows that were learnt from flatter: compare models by \
                 the test alone. A dash is a figure that does not exist; hover it for the reason."
            </p>
            <details class="behind" open=!two>
                <summary title="Macro: every class counts alike. Weighted: as much as it has rows.">
                    "Means over classes"
                </summary>
                {table(&means)}
            </details>
            {classes}
        </section>
    }
    .into_any()
}

fn word(set: RowSet) -> &'static str {
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
fn per_class(trained: &Trained) -> Option<AnyView> {
    let test = trained.judged.iter().find(|judged| judged.set == RowSet::Test)?;
    let names = &trained.classes;
    let mut order: Vec<usize> = (0..names.len()).collect();
    arrange(&mut order, |&a, &b| test.classes[b].support.cmp(&test.classes[a].support));
    let line = |class: usize| line_of_class(test, names, class);
    let is_many = names.len() > 2;
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
                    <tbody>{order.into_iter().map(line).collect_view()}</tbody>
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
