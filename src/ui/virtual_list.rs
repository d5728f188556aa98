//! A scrolled list of any length, of which only the rows in view exist.

use std::ops::Range;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use web_sys::{Event, KeyboardEvent, WheelEvent};

use super::outside;
use crate::chart::{Place, VirtualList};

/// Rows kept beyond either edge, so that a scroll does not show bare ground.
const SPARE: u32 = 4;

/// What makes a row of the list, from its position.
pub type MakeRow = Arc<dyn Fn(u32) -> AnyView + Send + Sync>;

/// A list of `n_rows` rows that is read by wheel, scroll bar and keyboard.
///
/// Arrow keys move the cursor, PageUp and PageDown by a page, Home and End to the first and the
/// last row; Enter opens. The place survives millions of rows (see [`VirtualList`]).
#[component]
pub fn Virtual(
    /// How many rows there are.
    #[prop(into)]
    n_rows: Signal<u32>,
    /// The height of each, in CSS pixels.
    row_height: f64,
    /// The position that the keyboard is at.
    #[prop(into)]
    cursor: Signal<Option<u32>>,
    /// Called with the position the cursor is to move to.
    #[prop(into)]
    on_move: Callback<u32>,
    /// Called when a row is opened by Enter.
    #[prop(optional, into)]
    on_open: Option<Callback<u32>>,
    /// Hears which positions are in view.
    set_view: WriteSignal<Range<u32>>,
    /// Hears how far the list is scrolled sideways, and how wide it is.
    #[prop(optional)]
    set_sideways: Option<WriteSignal<(f64, f64)>>,
    /// What the list is, for those who cannot see it.
    label: &'static str,
    /// A class beside `virtual`.
    class: &'static str,
    /// The width of the content, where it is wider than the list.
    #[prop(optional, into)]
    content_width: Option<Signal<f64>>,
    /// The row of names, which stays in view.
    head: AnyView,
    /// Makes a row.
    row: MakeRow,
) -> impl IntoView {
    let viewport = NodeRef::<html::Div>::new();
    let head_node = NodeRef::<html::Div>::new();
    let size = outside::size_of(viewport);
    let head_size = outside::size_of(head_node);
    let list = Memo::new(move |_| {
        VirtualList::new(n_rows.get(), row_height, (size.get().1 - head_size.get().1).max(0.0))
    });
    let place = RwSignal::new(Place::default());
    // The same content, recognised by its length, keeps its place; another begins at the top.
    let go = move |to: Place| {
        place.set(to);
        if let Some(element) = viewport.get_untracked() {
            #[expect(clippy::cast_possible_truncation, reason = "at most 16 million")]
            element.set_scroll_top(to.scroll_top as i32);
        }
    };
    let in_view = Memo::new(move |_| {
        let rows = list.get().rows_in_view(place.get());
        rows.start.saturating_sub(SPARE)..(rows.end + SPARE).min(n_rows.get())
    });
    Effect::new(move |_| set_view.set(in_view.get()));
    // The cursor may be moved from anywhere; it is brought into view.
    Effect::new(move |before: Option<Option<u32>>| {
        let now = cursor.get();
        if let Some(position) = now
            && before.flatten() != now
        {
            let list = list.get_untracked();
            let here = place.get_untracked();
            let there = list.place_showing(here, position);
            if there != here {
                go(there);
            }
        }
        now
    });
    Effect::new(move |_| {
        if let Some(set_sideways) = set_sideways {
            let left = viewport.get().map_or(0.0, |element| f64::from(element.scroll_left()));
            set_sideways.set((left, size.get().0));
        }
    });

    let on_scroll = move |_: Event| {
        let Some(element) = viewport.get_untracked() else { return };
        let top = f64::from(element.scroll_top());
        let next = list.get_untracked().place_at_scroll(top, place.get_untracked());
        if next != place.get_untracked() {
            place.set(next);
        }
        if let Some(set_sideways) = set_sideways {
            set_sideways.set((f64::from(element.scroll_left()), size.get_untracked().0));
        }
    };
    // Where a pixel of the scroll bar is many rows, the wheel would fling past them.
    let on_wheel = move |event: WheelEvent| {
        let is_scaled = f64::from(n_rows.get_untracked()) * row_height > VirtualList::MAX_HEIGHT;
        if is_scaled && !event.shift_key() && event.delta_y() != 0.0 {
            event.prevent_default();
            let pixels = event.delta_y() * if event.delta_mode() == 0 { 1.0 } else { row_height };
            go(list.get_untracked().place_moved(place.get_untracked(), pixels));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let n_rows = n_rows.get_untracked();
        let Some(last) = n_rows.checked_sub(1) else { return };
        let here = cursor.get_untracked();
        let page = {
            let rows = list.get_untracked().rows_in_view(place.get_untracked());
            rows.end.saturating_sub(rows.start + 2).max(1)
        };
        let from = here.unwrap_or_else(|| in_view.get_untracked().start);
        let to = match event.key().as_str() {
            "ArrowDown" => here.map_or(from, |here| here.saturating_add(1)),
            "ArrowUp" => from.saturating_sub(1),
            "PageDown" => from.saturating_add(page),
            "PageUp" => from.saturating_sub(page),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                if let (Some(here), Some(on_open)) = (here, on_open) {
                    event.prevent_default();
                    on_open.run(here);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        on_move.run(to.min(last));
    };

    let id = format!("{class}-row");
    let active = {
        let id = id.clone();
        move || cursor.get().map(|position| format!("{id}-{position}"))
    };
    let rows = move || in_view.get().collect::<Vec<_>>();
    let make = move |position: u32| {
        let y = move || format!("translateY({}px)", list.get().y_of_row(place.get(), position));
        view! {
            <div
                class="virtual__row" role="row" id=format!("{id}-{position}")
                aria-rowindex=(position + 2).to_string()
                class:is-open=move || cursor.get() == Some(position)
                aria-selected=move || (cursor.get() == Some(position)).to_string()
                style:transform=y style:height=format!("{row_height}px")
                on:click=move |_| on_move.run(position)
            >
                {row(position)}
            </div>
        }
    };
    let width = move || content_width.map_or_else(String::new, |w| format!("{}px", w.get()));
    view! {
        <div
            class=format!("virtual {class}") node_ref=viewport tabindex="0" role="grid"
            aria-label=label aria-rowcount=move || (n_rows.get() + 1).to_string()
            aria-activedescendant=active data-count=move || n_rows.get().to_string()
            on:scroll=on_scroll on:wheel=on_wheel on:keydown=on_key
        >
            <div class="virtual__head" role="row" aria-rowindex="1" node_ref=head_node style:width=width>
                {head}
            </div>
            <div
                class="virtual__body" role="rowgroup" style:width=width
                style:height=move || format!("{}px", list.get().height())
            >
                <For each=rows key=|position| *position children=make />
            </div>
        </div>
    }
    .into_any()
}
