//! All rows, as they stand in the file.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;

use super::columns::Columns;
use crate::chart::format;
use crate::protocol::{ColumnProfile, Loaded, RowText};
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
    let columns = Arc::new(Columns::new(&table.profile.columns));
    let (view, set_view) = signal(0..0_u32);
    let (sideways, set_sideways) = signal((0.0, 0.0));

    Effect::new(move |_| link.want_rows(view.get()));
    let shown = {
        let columns = columns.clone();
        Memo::new(move |_| {
            let (left, width) = sideways.get();
            columns.between((left - GUTTER).max(0.0), left + width)
        })
    };
    let content = columns.total() + GUTTER + SURPLUS;

    let row: MakeRow = {
        let (table, columns) = (table.clone(), columns.clone());
        Arc::new(move |row| {
            let text = Memo::new(move |_| session.rows.with(|rows| rows.get(row)));
            let (table, columns) = (table.clone(), columns.clone());
            view! {
                <PreviewRow row text shown table columns />
            }
            .into_any()
        })
    };
    let head = {
        let (table, columns) = (table.clone(), columns.clone());
        view! {
            <div class="preview__gutter" role="columnheader">"row"</div>
            {move || head(&table.profile.columns, &columns, shown.get())}
        }
        .into_any()
    };
    let go_to = move |text: String| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if let Ok(row) = digits.parse::<u32>() {
            session.selected_row.set(Some(row.min(n_rows.saturating_sub(1))));
        }
    };
    view! {
        <section class="card card--flush preview-card">
            <header class="card__head">
                <h2>"Rows as they stand in the file"</h2>
                <p class="soft">
                    "0 to " {format::count(u64::from(n_rows.saturating_sub(1)))}
                    " · arrows, PageUp, PageDown, Home, End"
                </p>
                <label class="field field--inline">
                    "Go to row"
                    <input
                        class="input input--number" data-testid="preview-goto" inputmode="numeric"
                        placeholder="0" on:change:target=move |event| go_to(event.target().value())
                    />
                </label>
            </header>
            <Virtual
                n_rows row_height=ROW_HEIGHT
                cursor=session.selected_row on_move=move |row| session.selected_row.set(Some(row))
                set_view set_sideways label="Rows as they stand in the file" class="preview"
                content_width=content head row
            />
        </section>
    }
}

/// The names of the columns in view.
fn head(profiles: &[ColumnProfile], columns: &Columns, shown: Range<usize>) -> AnyView {
    let lead = format!("{}px", columns.start(shown.start));
    let names = shown
        .map(|column| {
            let profile = &profiles[column];
            let name = profile.name.clone();
            view! {
                <div
                    class="preview__cell preview__name" role="columnheader"
                    class:num=profile.kind.is_ordered() data-help=words::about(profile)
                    style:width=format!("{}px", columns.width(column))
                >
                    {name}
                </div>
            }
        })
        .collect_view();
    view! {
        <div class="preview__lead" style:width=lead></div>
        {names}
    }
    .into_any()
}

/// A cell as it stands; beyond what any screen shows it is cut, so that a cell of megabytes does
/// not stall the page. The inspector shows the whole line.
fn cut(cell: &str) -> String {
    const MOST: usize = 4_000;
    match cell.char_indices().nth(MOST) {
        None => cell.to_owned(),
        Some((end, _)) => format!("{}…", &cell[..end]),
    }
}

#[component]
fn PreviewRow(
    /// The row's number.
    row: u32,
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
                            Some(cell) => ("preview__cell", cut(cell)),
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
    view! {
        <div
            class="preview__row" data-testid="preview-row" data-row=row.to_string()
            class:is-ragged=move || ragged().is_some() title=ragged
        >
            <div class="preview__gutter" role="rowheader">{format::count(u64::from(row))}</div>
            {cells}
        </div>
    }
}
