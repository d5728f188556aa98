//! Inspect: one row per column, and which of them take part.

pub mod column;
pub mod opened;

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;

use super::job::SampleNote;
use super::link::Link;
use super::session::Session;
use super::virtual_list::{MakeRow, Virtual};
use super::words;
use crate::chart::format;
use crate::protocol::{Loaded, Role};
use column::ColumnRow;
use opened::OpenedColumn;

/// Tables with more columns show only those in view.
const MOST_AT_ONCE: usize = 256;
const ROW_HEIGHT: f64 = 44.0;

/// The list of columns, and the one that is open.
#[component]
pub fn Inspect() -> impl IntoView {
    let session = expect_context::<Session>();
    move || session.table.get().map(|table| view! { <Columns table /> })
}

#[component]
fn Columns(table: Arc<Loaded>) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let opened = RwSignal::new(Some(0_u32));
    let n_columns = table.profile.columns.len();
    let facts = {
        let table = table.clone();
        move || {
            let n_features = session.features.get().len();
            let of =
                |role| table.profile.columns.iter().filter(|c| session.role_of(c) == role).count();
            let aside = n_columns - n_features;
            let labels = match of(Role::Label) {
                0 => String::new(),
                n => format!(
                    ", {} as {}",
                    format::count(n as u64),
                    if n == 1 { "a label" } else { "labels" }
                ),
            };
            format!(
                "{} of {} take part; {} set aside{labels}",
                format::count(n_features as u64),
                words::counted(n_columns as u64, "column", "columns"),
                format::count(aside as u64),
            )
        }
    };
    let has_types = move || session.overrides.with(|said| !said.types.is_empty());
    let is_changed = move || session.roles.with(|roles| !roles.is_empty()) || has_types();
    let undo = move |_| {
        session.roles.set(BTreeMap::new());
        if has_types() {
            session.say(|said| said.types.clear());
            link.reload();
        }
    };
    let head = || {
        view! {
            <div class="column column--head">
                <span class="num" role="columnheader">"#"</span>
                <span role="columnheader">"name"</span>
                <span role="columnheader">"type"</span>
                <span role="columnheader">"role, and why"</span>
                <span class="num" role="columnheader">"missing"</span>
                <span class="num" role="columnheader">"distinct"</span>
                <span role="columnheader">"spread"</span>
            </div>
        }
        .into_any()
    };
    let row: MakeRow = {
        let table = table.clone();
        Arc::new(move |index| view! { <ColumnRow index table=table.clone() opened /> }.into_any())
    };
    let list = if n_columns > MOST_AT_ONCE {
        let (_, set_view) = signal(0..0);
        let n_rows = u32::try_from(n_columns).unwrap_or(u32::MAX);
        view! {
            <Virtual
                n_rows row_height=ROW_HEIGHT cursor=opened
                on_move=move |index| opened.set(Some(index)) set_view label="Columns"
                class="columns" head=head() row
            />
        }
        .into_any()
    } else {
        let rows = (0..).take(n_columns).map(|index| row(index)).collect_view();
        view! {
            <div class="columns" role="table" aria-label="Columns" data-count=n_columns.to_string()>
                {head()} {rows}
            </div>
        }
        .into_any()
    };
    view! {
        <div class="with-aside">
            <div class="stage">
                <header class="stage__head">
                    <div>
                        <h1>"Which columns take part"</h1>
                        <p aria-live="polite">{facts}</p>
                    </div>
                    <span class="grow"></span>
                    <Show when=is_changed>
                        <button class="quiet" on:click=undo>
                            "Undo all changes"
                        </button>
                    </Show>
                    <button class="go" on:click=move |_| link.detect()>"Find anomalies"</button>
                </header>
                <SampleNote />
                <section class="card card--flush">{list}</section>
            </div>
            <OpenedColumn table opened />
        </div>
    }
}
