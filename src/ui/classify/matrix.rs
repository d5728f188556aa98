//! Which class is taken for which.

use std::sync::Arc;

use leptos::prelude::*;

use super::figures::word;
use crate::chart::format;
use crate::protocol::{Judged, RowSet, Trained};
use crate::ui::words;

/// The confusion matrix of the test, and of the other sets on a click.
#[component]
pub fn Matrix(
    /// The model, as its votes are counted.
    trained: Signal<Arc<Trained>>,
) -> impl IntoView {
    let sets: Vec<RowSet> =
        trained.with_untracked(|trained| trained.judged.iter().map(|judged| judged.set).collect());
    let shown = RwSignal::new(sets.first().copied());
    let tabs = (sets.len() > 1).then(|| {
        sets.iter()
            .map(|&set| {
                let is_on = move || shown.get() == Some(set);
                view! {
                    <button
                        class="quiet quiet--small" type="button" class:is-on=is_on
                        aria-pressed=move || is_on().to_string() on:click=move |_| shown.set(Some(set))
                    >
                        {word(set)}
                    </button>
                }
            })
            .collect_view()
    });
    let table = move || {
        trained.with(|trained| {
            let judged = trained.judged.iter().find(|judged| Some(judged.set) == shown.get())?;
            Some(grid(judged, &trained.classes))
        })
    };
    view! {
        <section class="card">
            <header class="head-line">
                <h2>"Which is taken for which"</h2>
                <span class="grow"></span>
                {tabs}
            </header>
            <div class="scrolls">{table}</div>
            <p class="cap">
                "Lines are the truth, columns what the model says. Right ones stand on the diagonal, mistakes beside \
                 it: the stronger the colour, the larger their share of the line."
            </p>
        </section>
    }
    .into_any()
}

/// Cells as they are counted; how dark they are tells the share of their line.
fn grid(judged: &Judged, classes: &[String]) -> AnyView {
    let n = classes.len();
    let set = judged.set.word();
    let head = classes
        .iter()
        .map(|name| view! { <th class="num matrix__name" title=name.clone()>{name.clone()}</th> })
        .collect_view();
    let line = |truth: usize| {
        let cells = &judged.confusion[truth * n..][..n];
        let support: u64 = cells.iter().sum();
        // No row is of a class that was never learnt: nothing to tell.
        if truth == n && support == 0 {
            return None;
        }
        let name = classes.get(truth).cloned().unwrap_or_else(|| "never learnt".to_owned());
        let cells = cells
            .iter()
            .enumerate()
            .map(|(predicted, &count)| {
                let share = if support > 0 { count as f64 / support as f64 } else { 0.0 };
                let said = classes[predicted].clone();
                let class = match (truth == predicted, count) {
                    (true, _) => "num matrix__right",
                    (false, 0) => "num matrix__none",
                    (false, _) => "num matrix__wrong",
                };
                let title = format!("{} of {name} are taken for {said}", words::percent(share));
                view! {
                    <td
                        class=class data-testid="confusion-cell" data-set=set
                        data-truth=name.clone() data-predicted=said data-value=count.to_string()
                        title=title style=("--share", format!("{share:.4}"))
                    >
                        {format::count(count)}
                    </td>
                }
            })
            .collect_view();
        Some(view! {
            <tr>
                <th class="ellipsis" title=name.clone()>{name.clone()}</th>
                {cells}
            </tr>
        })
    };
    let n_lines = judged.confusion.len() / n;
    view! {
        <table class="table matrix">
            <thead>
                <tr>
                    <th>"truth"</th>
                    {head}
                </tr>
            </thead>
            <tbody>{(0..n_lines).map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
