//! The model at another file's rows: how to get there, and what it says of them.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Applied, SplitBy, Trained};
use crate::ui::choosers::Choosers;
use crate::ui::lesson::files;
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::words;

/// Columns that are named.
const NAMED: usize = 6;

/// A button that applies the model to another file, and what it says of the file that it was applied to.
#[component]
pub fn Apply(
    /// The model, as its votes are counted.
    trained: Signal<Arc<Trained>>,
) -> impl IntoView {
    let link = expect_context::<Link>();
    let choosers = expect_context::<Choosers>();
    let is_file = link.is_file();
    let sentence = if is_file {
        "Its rows come below these; the model is trained again with the same settings and seed, and gives each of \
         them a class and a margin. Where they have labels, they judge it."
    } else {
        "The table is a built-in sample: load a file of your own, and a model of it can be applied to another one."
    };
    let said = move || {
        let trained = trained.get();
        let applied = trained.applied.as_ref()?;
        Some(said(&trained, applied))
    };
    let name = trained.with_untracked(|trained| {
        file(trained).filter(|_| trained.applied.is_some()).map(str::to_owned)
    });
    let heading = name
        .as_ref()
        .map_or("Rows of another file".to_owned(), |name| format!("What it says of {name}"));
    let list = name.map(|name| {
        view! {
            <button
                class="quiet quiet--small" type="button" data-testid="applied-list"
                title="Detect’s list with these rows only, the clearest votes first, or by score"
                on:click=move |_| link.list_file(&name)
            >
                "List these rows"
            </button>
        }
    });
    view! {
        <section class="card" data-testid="apply">
            <header class="head-line">
                <h2>{heading}</h2>
                <span class="grow"></span>
                {list}
                <button
                    class="quiet quiet--small" type="button" data-testid="classify-apply" disabled=!is_file
                    on:click=move |_| choosers.test.open()
                >
                    "Apply to another file…"
                </button>
            </header>
            {said}
            <p class="cap">{sentence}</p>
        </section>
    }
    .into_any()
}

/// The other file.
fn file(trained: &Trained) -> Option<&str> {
    match &trained.spec.split {
        SplitBy::File { name, .. } => Some(name),
        _ => None,
    }
}

/// How many of the file's rows are taken for which class.
fn said(trained: &Trained, applied: &Applied) -> AnyView {
    let session = expect_context::<Session>();
    let line = |(class, &n): (&String, &u32)| {
        let share = f64::from(n) / f64::from(applied.n_rows.max(1));
        view! {
            <tr data-testid="applied-class" data-name=class.clone() data-value=n.to_string()>
                <td class="ellipsis">{class.clone()}</td>
                <td class="num">{format::count(n.into())}</td>
                <td class="num">{words::percent(share)}</td>
            </tr>
        }
    };
    let judged = judged(applied.n_rows, applied.n_judged);
    let lacking = (!applied.lacking.is_empty()).then(|| {
        let names = session.table.with_untracked(|table| {
            let columns = table.as_ref().map_or(&[][..], |table| &table.profile.columns);
            let name = |&column: &u32| columns.get(column as usize).map(|it| it.name.clone());
            applied.lacking.iter().take(NAMED).filter_map(name).collect::<Vec<_>>().join(", ")
        });
        let more = applied.lacking.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        view! {
            <p class="remark" data-testid="applied-lacking">
                {format!("It has nothing in {names}{more}, which the model learns from: they count as missing.")}
            </p>
        }
    });
    view! {
        <p class="soft">{judged}</p>
        {lacking}
        <table class="table">
            <thead>
                <tr>
                    <th>"class"</th>
                    <th class="num">"rows"</th>
                    <th class="num">"share"</th>
                </tr>
            </thead>
            <tbody>{trained.classes.iter().zip(&applied.of_classes).map(line).collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// How many of the file's rows have labels to judge by.
fn judged(n_rows: u32, n_judged: u32) -> String {
    let rest = n_rows - n_judged;
    let all = words::counted(n_rows.into(), "row", "rows");
    match (n_judged, rest) {
        (0, 1) => format!("Its {all} has no label: it is classified, and judges nothing."),
        (0, _) => format!("None of its {all} has a label: they are classified, and judge nothing."),
        (1, 0) => format!("Its {all} has a label, and judges the model."),
        (_, 0) => format!("All of its {all} have a label, and judge the model."),
        (n, _) => format!(
            "Of its {all} {} the model by {}; {} without a label {} classified and not judged.",
            words::counted(n.into(), "judges", "judge"),
            if n == 1 { "its label" } else { "their labels" },
            format::count(rest.into()),
            if rest == 1 { "was" } else { "were" },
        ),
    }
}

/// What the figures are of where the other file has no labels.
pub fn unjudged(trained: &Trained) -> Option<AnyView> {
    let SplitBy::File { name, share, .. } = &trained.spec.split else { return None };
    let session = expect_context::<Session>();
    let mut others = session.table.with_untracked(|table| {
        table.as_ref().map_or_else(Vec::new, |table| files(&table.profile))
    });
    others.retain(|other| other != name);
    let of = if others.len() == 1 { others.remove(0) } else { "the other files".to_owned() };
    trained.is_unjudged().then(|| {
        view! {
            <p class="remark" data-testid="no-labels">
                {format!(
                    "{name} has no labels, so there is nothing to judge by: its rows have their classes in the list, the \
                     charts and the export. The figures below are of rows of {of}: {} of those with a label, drawn at \
                     random and kept back from training. Rows of another file are often told less well.",
                    words::percent(*share),
                )}
            </p>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::judged;

    #[test]
    fn one_row_is_told_as_one() {
        for (n_rows, n_judged, sentence) in [
            (1, 1, "Its 1 row has a label, and judges the model."),
            (1, 0, "Its 1 row has no label: it is classified, and judges nothing."),
            (2, 2, "All of its 2 rows have a label, and judge the model."),
            (
                2,
                1,
                "Of its 2 rows 1 judges the model by its label; 1 without a label was classified and not judged.",
            ),
            (
                9,
                7,
                "Of its 9 rows 7 judge the model by their labels; 2 without a label were classified and not judged.",
            ),
        ] {
            assert_eq!(judged(n_rows, n_judged).replace('\u{a0}', " "), sentence);
        }
    }
}
