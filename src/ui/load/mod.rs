//! Load: give a file, see how it was read.

pub mod columns;
pub mod drafted;
pub mod finder;
pub mod head;
pub mod joined;
pub mod landing;
pub mod popover;
pub mod preview;
pub mod recognised;
pub mod repairs;
pub mod report;
mod setting;

use std::sync::Arc;

use leptos::prelude::*;

use super::choosers::Choosers;
use super::job::SampleNote;
use super::link::Link;
use super::session::Session;
use super::stage::Stage;
use super::words;
use crate::chart::format;
use crate::protocol::Loaded;
use landing::Landing;
use preview::Preview;
use report::Report;

/// Before a file: where to drop it. After: how it was read, and all its rows.
#[component]
pub fn Load(
    /// Whether a file hovers over the page.
    #[prop(into)]
    is_hovered: Signal<bool>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    move || match session.table.get() {
        None => view! { <Landing is_hovered /> }.into_any(),
        Some(table) => view! { <Read table /> }.into_any(),
    }
}

/// A table that has been read.
#[component]
fn Read(table: Arc<Loaded>) -> impl IntoView {
    let session = expect_context::<Session>();
    let link = expect_context::<Link>();
    let profile = &table.profile;
    let n_columns = profile.columns.len() as u64;
    let n_missing: u64 = profile.columns.iter().map(|c| u64::from(c.n_missing)).sum();
    let facts = format!(
        "{} × {}, {}; {}",
        words::counted(u64::from(profile.n_rows), "row", "rows"),
        words::counted(n_columns, "column", "columns"),
        format::bytes(profile.n_bytes),
        match n_missing {
            0 => "no value is missing".to_owned(),
            n => format!("{} missing", words::counted(n, "value is", "values are")),
        },
    );
    let choosers = expect_context::<Choosers>();
    let is_file = Signal::derive(move || link.is_file());
    view! {
        <header class="stage__head">
            <div>
                <h1 class="ellipsis">{table.name.clone()}</h1>
                <p>{facts}</p>
            </div>
            <span class="grow"></span>
            <div class="stage__actions">
                <button class="quiet" data-testid="drop-zone" on:click=move |_| choosers.table.open()>
                    "Another file"
                </button>
                <Show when=move || is_file.get()>
                    <button
                        class="quiet" on:click=move |_| choosers.labels.open()
                        title="A second file whose columns join these rows: by the one column that \
                               both have, else row by row"
                    >
                        "Join labels"
                    </button>
                </Show>
                <button class="quiet" on:click=move |_| session.stage.set(Stage::Inspect)>
                    "Inspect columns"
                </button>
                <button class="go" on:click=move |_| link.detect()>"Find anomalies"</button>
            </div>
        </header>
        <SampleNote />
        <Report table=table.clone() is_file />
        // While it may be read otherwise, the rows as they stand give way.
        {move || {
            (!session.is_drafting.get()).then(|| view! { <Preview table=table.clone() /> })
        }}
    }
    .into_any()
}
