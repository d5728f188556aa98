//! The first rows of the file, as they would be read otherwise.

use std::sync::Arc;

use leptos::prelude::*;

use crate::chart::format;
use crate::protocol::{Preview, RowText};
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::words;

/// Columns that are shown at most: a preview is for seeing whether the cells are right.
const MOST_COLUMNS: usize = 100;

/// The first rows under the draft, and whether the file shall be read so.
#[component]
pub fn Drafted() -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let take_back = move |_| session.overrides.with(|holds| session.draft.begin(holds));
    let rows = move || match session.draft.preview.get() {
        None => view! { <p class="soft drafted__wait">"Reading the first rows …"</p> }.into_any(),
        Some(preview) => table(&preview),
    };
    view! {
        <section class="card card--flush drafted" data-testid="draft" aria-live="polite">
            <header class="card__head">
                <h2>"The first rows, read as you say"</h2>
                <p class="soft">
                    {move || session.draft.preview.get().map(|preview| summary(&preview))}
                </p>
                <span class="grow"></span>
                <span class="drafted__choice">
                    <button class="quiet quiet--small" data-testid="draft-back" on:click=take_back>
                        "Take it back"
                    </button>
                    <button
                        class="go go--small" data-testid="draft-read"
                        on:click=move |_| link.read_as_drafted()
                    >
                        "Read the whole file so"
                    </button>
                </span>
            </header>
            <div class="drafted__rows" tabindex="0">{rows}</div>
        </section>
    }
}

fn summary(preview: &Preview) -> String {
    format!(
        "{}. {}.",
        words::counted(preview.names.len() as u64, "column", "columns"),
        words::dialect(&preview.dialect)
    )
}

fn table(preview: &Arc<Preview>) -> AnyView {
    let n_columns = preview.names.len();
    let n_shown = n_columns.min(MOST_COLUMNS);
    let names = preview.names[..n_shown]
        .iter()
        .map(|name| view! { <th scope="col">{name.clone()}</th> })
        .collect_view();
    let more = (n_shown < n_columns).then(|| {
        let rest = words::counted((n_columns - n_shown) as u64, "more column", "more columns");
        view! { <th scope="col" class="soft">{rest}</th> }
    });
    let rows = preview.rows.iter().map(|row| line(row, n_columns, n_shown)).collect_view();
    view! {
        <table>
            <thead>
                <tr><th scope="col" class="num">"line"</th>{names}{more}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn line(row: &RowText, n_columns: usize, n_shown: usize) -> AnyView {
    let cells = (0..n_shown)
        .map(|column| match row.cells.get(column) {
            Some(cell) => view! { <td>{words::cut(cell)}</td> }.into_any(),
            None => view! { <td class="is-lacking"></td> }.into_any(),
        })
        .collect_view();
    let surplus = row.cells.get(n_columns..).filter(|cells| !cells.is_empty()).map(|cells| {
        view! { <td class="is-surplus">"+ " {words::cut(&cells.join(" · "))}</td> }
    });
    view! {
        <tr data-testid="draft-row">
            <th scope="row" class="num soft">{format::count(row.line)}</th>
            {cells}
            {surplus}
        </tr>
    }
    .into_any()
}
