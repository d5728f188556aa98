//! All rows, as they stand in the file: sorted, filtered, searched.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;

use super::columns::Columns;
use super::finder::{Chips, Search};
use super::head::Head;
use super::popover::{Anchor, FilterPopover};
use crate::chart::format;
use crate::protocol::{Loaded, RowText};
use crate::ui::link::Link;
use crate::ui::session::Session;
use crate::ui::virtual_list::{MakeRow, Virtual};
use crate::ui::words;

const ROW_HEIGHT: f64 = 28.0;
/// The column of row numbers, which stays in view.
const GUTTER: f64 = 92.0;
/// Where rows are longer than the table, their surplus cells stand here.
const SURPLUS: f64 = 160.0;

/// A grid of all rows: any of a million is one key away.
#[component]
pub fn Preview(
    /// The table whose rows these are.
    table: Arc<Loaded>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let n_rows = table.profile.n_rows;
    let n_shown = Memo::new(move |_| session.view.with(|view| view.n_shown(n_rows)));
    let columns = Arc::new(Columns::new(&table.profile.columns));
    let (in_view, set_in_view) = signal(0..0_u32);
    let (sideways, set_sideways) = signal((0.0, 0.0));
    let opened = RwSignal::new(None::<Anchor>);

    Effect::new(move |_| {
        let rows = session
            .view
            .with(|view| in_view.get().filter_map(|at| view.row(at)).collect::<Vec<_>>());
        link.want_rows(rows);
    });
    let in_sight = {
        let columns = columns.clone();
        Memo::new(move |_| {
            let (left, width) = sideways.get();
            columns.between((left - GUTTER).max(0.0), left + width)
        })
    };
    let content = columns.total() + GUTTER + SURPLUS;
    let cursor = Memo::new(move |_| {
        let row = session.selected_row.get()?;
        session.view.with(|view| view.position(row).filter(|&at| at < view.n_shown(n_rows)))
    });
    let go = move |position: u32| {
        session.selected_row.set(session.view.with_untracked(|view| view.row(position)));
    };
    // Other rows, or another order, are looked at from the first on.
    let restart = Memo::new(move |before: Option<&u32>| {
        session.view.track();
        before.map_or(0, |before| before.wrapping_add(1))
    });
    let row: MakeRow = {
        let (table, columns) = (table.clone(), columns.clone());
        Arc::new(move |position| {
            let row = Memo::new(move |_| session.view.with(|view| view.row(position)));
            let text = Memo::new(move |_| session.rows.with(|rows| rows.get(row.get()?)));
            let (table, columns) = (table.clone(), columns.clone());
            view! { <PreviewRow row text shown=in_sight table columns /> }.into_any()
        })
    };
    let head = view! {
        <div class="preview__gutter" role="columnheader">"row"</div>
        <Head table=table.clone() columns=columns.clone() shown=in_sight opened />
    }
    .into_any();
    view! {
        <section class="card card--flush preview-card">
            <header class="card__head">
                <h2>"Rows as they stand in the file"</h2>
                <Count n_rows n_shown />
                <span class="grow"></span>
                <Search />
                <GoTo n_rows />
            </header>
            <Chips />
            <Progress />
            <Virtual
                n_rows=n_shown row_height=ROW_HEIGHT cursor on_move=go restart=Signal::from(restart)
                set_view=set_in_view set_sideways label="Rows as they stand in the file"
                class="preview" content_width=content head row
            />
            <FilterPopover table opened />
        </section>
    }
}

/// How many rows are shown, of how many.
#[component]
fn Count(n_rows: u32, n_shown: Memo<u32>) -> impl IntoView {
    let session = expect_context::<Session>();
    let all = format::count(u64::from(n_rows));
    let words = move || {
        if session.view.with(|view| view.spec.selection.is_all()) {
            format!("{all} rows")
        } else {
            format!("{} of {all} rows", format::count(u64::from(n_shown.get())))
        }
    };
    view! {
        <p
            class="soft num" role="status" data-testid="shown-rows"
            data-value=move || n_shown.get().to_string()
            title="Arrows, PageUp, PageDown, Home and End move through them"
        >
            {words}
        </p>
    }
}

/// Brings a row of the file into view.
#[component]
fn GoTo(n_rows: u32) -> impl IntoView {
    let session = expect_context::<Session>();
    let go_to = move |text: String| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let Ok(row) = digits.parse::<u32>() else { return };
        let row = row.min(n_rows.saturating_sub(1));
        if session.view.with_untracked(|view| view.position(row)).is_none() {
            let row = format::count(u64::from(row));
            session.refuse(format!("Row {row} does not pass the filters: remove them to see it."));
        }
        session.selected_row.set(Some(row));
    };
    view! {
        <label class="field field--inline">
            "Go to row"
            <input
                class="input input--number" data-testid="preview-goto" inputmode="numeric"
                placeholder="0" on:change:target=move |event| go_to(event.target().value())
            />
        </label>
    }
}

/// How far the search is, where it takes long: room is kept for it.
#[component]
fn Progress() -> impl IntoView {
    let session = expect_context::<Session>();
    let done = move || session.viewing.get().unwrap_or(0.0);
    view! {
        <div
            class="preview__progress" class:is-on=move || session.viewing.get().is_some()
            role="progressbar" aria-label="Looking for rows" aria-valuemin="0" aria-valuemax="100"
            aria-valuenow=move || format!("{:.0}", done() * 100.0)
        >
            <i style:transform=move || format!("scaleX({})", done())></i>
        </div>
    }
}

#[component]
fn PreviewRow(
    /// The row's number.
    row: Memo<Option<u32>>,
    /// Its text, once it has come.
    text: Memo<Option<Arc<RowText>>>,
    /// The columns in view.
    shown: Memo<Range<usize>>,
    /// The table it is of.
    table: Arc<Loaded>,
    /// Where its columns stand.
    columns: Arc<Columns>,
) -> impl IntoView {
    let n_columns = table.profile.columns.len();
    let ragged = move || {
        text.with(|text| {
            let n_cells = text.as_ref()?.cells.len();
            (n_cells != n_columns)
                .then(|| format!("This row has {n_cells} cells, the table {n_columns} columns."))
        })
    };
    let cells = move || {
        let shown = shown.get();
        let lead = format!("{}px", columns.start(shown.start));
        let is_end = shown.end == n_columns;
        let cells = text.with(|text| {
            shown
                .map(|column| {
                    let width = format!("{}px", columns.width(column));
                    let num =
                        if table.profile.columns[column].kind.is_ordered() { "num" } else { "" };
                    let (class, cell) = match text {
                        None => ("preview__cell preview__cell--awaited", String::new()),
                        Some(text) => match text.cells.get(column) {
                            None => ("preview__cell preview__cell--lacking", String::new()),
                            Some(cell) if cell.is_empty() => {
                                ("preview__cell preview__cell--empty", String::new())
                            }
                            Some(cell) => ("preview__cell", words::cut(cell)),
                        },
                    };
                    // One string: a class that is set anew would wipe out one set beside it.
                    let class = format!("{class} {num}");
                    view! {
                        <div class=class role="gridcell" style:width=width>
                            {cell}
                        </div>
                    }
                })
                .collect_view()
        });
        let surplus = text.with(|text| {
            let surplus = text.as_ref()?.cells.get(n_columns..)?;
            (is_end && !surplus.is_empty()).then(|| format!("+ {}", surplus.join(" · ")))
        });
        view! {
            <div class="preview__lead" style:width=lead></div>
            {cells}
            {surplus.map(|cells| view! { <div class="preview__surplus">{cells}</div> })}
        }
        .into_any()
    };
    let number = move || row.get().map(|row| format::count(u64::from(row)));
    view! {
        <div
            class="preview__row" data-testid="preview-row"
            data-row=move || row.get().map(|row| row.to_string())
            class:is-ragged=move || ragged().is_some() title=ragged
        >
            <div class="preview__gutter" role="rowheader">{number}</div>
            {cells}
        </div>
    }
}
