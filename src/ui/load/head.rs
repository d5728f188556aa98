//! The names of the columns over the grid: a click sorts, the funnel filters.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use web_sys::MouseEvent;

use super::columns::Columns;
use super::popover::Anchor;
use crate::protocol::{ColumnProfile, Loaded};
use crate::ui::session::Session;
use crate::ui::words;

/// The names of the columns in view.
#[component]
pub fn Head(
    /// The table.
    table: Arc<Loaded>,
    /// Where its columns stand.
    columns: Arc<Columns>,
    /// The columns in view.
    shown: Memo<Range<usize>>,
    /// The column whose filter is open.
    opened: RwSignal<Option<Anchor>>,
) -> impl IntoView {
    let lead = {
        let columns = columns.clone();
        move || format!("{}px", columns.start(shown.get().start))
    };
    let name = move |column: usize| {
        let width = columns.width(column);
        view! { <Name column profile=table.profile.columns[column].clone() width opened /> }
    };
    view! {
        <div class="preview__lead" style:width=lead></div>
        <For each=move || shown.get() key=|column| *column children=name />
    }
    .into_any()
}

#[component]
fn Name(
    column: usize,
    profile: ColumnProfile,
    width: f64,
    opened: RwSignal<Option<Anchor>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let name = profile.name.clone();
    let sorted = {
        let name = name.clone();
        Memo::new(move |_| {
            session.lens.with(|lens| {
                lens.sort.as_ref().filter(|(column, _)| *column == name).map(|(_, down)| *down)
            })
        })
    };
    let is_filtered = {
        let name = name.clone();
        Memo::new(move |_| session.lens.with(|lens| lens.of_column(&name).next().is_some()))
    };
    let aria = move || match sorted.get() {
        None => "none",
        Some(false) => "ascending",
        Some(true) => "descending",
    };
    let arrow = move || match sorted.get() {
        None => "",
        Some(false) => "▲",
        Some(true) => "▼",
    };
    let turn = {
        let name = name.clone();
        move |_| session.lens.update(|lens| lens.turn(&name))
    };
    let open = move |event: MouseEvent| {
        let anchor = Anchor::below(column, &event);
        opened.update(|opened| {
            let is_open = opened.as_ref().is_some_and(|there| there.column == column);
            *opened = anchor.filter(|_| !is_open);
        });
    };
    let about = words::about(&profile);
    let hint = "sorts by it";
    view! {
        <div
            class="preview__cell preview__name" role="columnheader" aria-sort=aria
            class:num=profile.kind.is_ordered() class:is-filtered=is_filtered
            class:is-sorted=move || sorted.get().is_some() style:width=format!("{width}px")
        >
            <button
                class="preview__sort" data-testid="preview-sort" data-name=name.clone()
                data-help=about aria-description=hint on:click=turn
            >
                <span class="ellipsis">{name.clone()}</span>
                <i aria-hidden="true">{arrow}</i>
            </button>
            <button
                class="preview__funnel" data-testid="preview-filter" data-name=name.clone()
                aria-label=format!("Filter {name}") aria-haspopup="dialog" title="Filter" on:click=open
            >
                <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M1 2h10L7.2 6.6V11L4.8 9.6v-3z" /></svg>
            </button>
        </div>
    }
    .into_any()
}
