//! A scrolled list of any length, of which only the rows in view exist.

use std::ops::Range;
use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, WheelEvent};

use super::outside;
use crate::chart::{Place, VirtualList};

/// Rows kept beyond either edge, so that a scroll does not show bare ground.
const SPARE: u32 = 4;

/// What makes a row of the list, from its position.
pub type MakeRow = Arc<dyn Fn(u32) -> AnyView + Send + Sync>;

/// A list of `n_rows` rows that is read by wheel, scroll bar and keyboard.
///
/// Arrow keys move the cursor, PageUp and PageDown by a page, Home and End to the first and the
/// last row. The place survives millions of rows (see [`VirtualList`]).
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
    /// Hears which positions are in view.
    set_view: WriteSignal<Range<u32>>,
    /// Goes to the first row whenever this changes.
    #[prop(optional)]
    restart: Option<Signal<u32>>,
    /// Hears how far the list is scrolled sideways, and how wide it is.
    #[prop(optional)]
    set_sideways: Option<WriteSignal<(f64, f64)>>,
    /// What the list is, for those who cannot see it.
    label: &'static str,
    /// A class beside `virtual`.
    class: &'static str,
    /// The width of the content, in CSS pixels, where it is wider than the list.
    #[prop(optional)]
    content_width: Option<f64>,
    /// The row of names, which stays in view.
    head: AnyView,
    /// Makes a row.
    row: MakeRow,
) -> impl IntoView {
    let head_node = NodeRef::<html::Div>::new();
    let scroller = Scroller::new(n_rows, row_height, outside::size_of(head_node), set_sideways);
    Effect::new(move |_| set_view.set(scroller.in_view.get()));
    // The cursor may be moved from anywhere; it is brought into view.
    Effect::new(move |before: Option<Option<u32>>| {
        let now = cursor.get();
        if let Some(position) = now
            && before.flatten() != now
        {
            scroller.show(position);
        }
        now
    });
    Effect::new(move |before: Option<u32>| {
        let now = restart.map_or(0, |restart| restart.get());
        if before.is_some_and(|before| before != now) {
            scroller.go(Place::default());
        }
        now
    });
    // Where rows go, the place must not stay beyond their end.
    Effect::new(move |_| scroller.stay_within());
    let on_key = move |event: KeyboardEvent| {
        let rows = scroller.whole_rows();
        let n_rows = n_rows.get_untracked();
        if let Some(to) = target(&event.key(), cursor.get_untracked(), &rows, n_rows) {
            event.prevent_default();
            on_move.run(to);
        }
    };
    let make = move |position: u32| {
        let is_open = move || cursor.get() == Some(position);
        let y = move || format!("translateY({}px)", scroller.y_of(position));
        view! {
            <div
                class="virtual__row" role="row" id=format!("{class}-{position}")
                aria-rowindex=(u64::from(position) + 2).to_string() class:is-open=is_open
                aria-selected=move || is_open().to_string() style:transform=y
                style:height=format!("{row_height}px") on:click=move |_| on_move.run(position)
            >
                {row(position)}
            </div>
        }
    };
    let rows = move || scroller.in_view.get().collect::<Vec<_>>();
    let width = content_width.map_or_else(String::new, |width| format!("{width}px"));
    view! {
        <div
            class=format!("virtual {class}") node_ref=scroller.viewport tabindex="0" role="grid"
            aria-label=label aria-rowcount=move || (u64::from(n_rows.get()) + 1).to_string()
            aria-activedescendant=move || cursor.get().map(|at| format!("{class}-{at}"))
            data-count=move || n_rows.get().to_string() on:scroll=move |_| scroller.scrolled()
            on:wheel=move |event| scroller.wheeled(&event) on:keydown=on_key
        >
            <div
                class="virtual__head" role="row" aria-rowindex="1" node_ref=head_node
                style:width=width.clone()
            >
                {head}
            </div>
            <div
                class="virtual__body" role="rowgroup" style:width=width
                style:height=move || format!("{}px", scroller.list.get().height())
            >
                <For each=rows key=|position| *position children=make />
            </div>
        </div>
    }
    .into_any()
}

/// The element that scrolls, and the place it is at.
#[derive(Clone, Copy)]
struct Scroller {
    viewport: NodeRef<html::Div>,
    list: Memo<VirtualList>,
    place: RwSignal<Place>,
    in_view: Memo<Range<u32>>,
    n_rows: Signal<u32>,
    row_height: f64,
    /// How far it is scrolled sideways. Kept, because to ask the element makes it lay out.
    left: RwSignal<f64>,
}

impl Scroller {
    /// The head takes its height off what is seen of the rows.
    fn new(
        n_rows: Signal<u32>,
        row_height: f64,
        head: ReadSignal<(f64, f64)>,
        set_sideways: Option<WriteSignal<(f64, f64)>>,
    ) -> Self {
        let viewport = NodeRef::<html::Div>::new();
        let size = outside::size_of(viewport);
        let list = Memo::new(move |_| {
            VirtualList::new(n_rows.get(), row_height, (size.get().1 - head.get().1).max(0.0))
        });
        let place = RwSignal::new(Place::default());
        let in_view = Memo::new(move |_| {
            let rows = list.get().rows_in_view(place.get());
            rows.start.saturating_sub(SPARE)..rows.end.saturating_add(SPARE).min(n_rows.get())
        });
        let left = RwSignal::new(0.0);
        if let Some(set_sideways) = set_sideways {
            Effect::new(move |_| set_sideways.set((left.get(), size.get().0)));
        }
        Self { viewport, list, place, in_view, n_rows, row_height, left }
    }

    fn go(self, to: Place) {
        self.place.set(to);
        if let Some(element) = self.viewport.get_untracked() {
            #[expect(clippy::cast_possible_truncation, reason = "at most 16 million")]
            element.set_scroll_top(to.scroll_top as i32);
        }
    }

    fn stay_within(self) {
        let list = self.list.get();
        let here = self.place.get_untracked();
        let there = list.place_moved(here, 0.0);
        if there.above != here.above {
            self.go(there);
        }
    }

    fn show(self, position: u32) {
        let here = self.place.get_untracked();
        let there = self.list.get_untracked().place_showing(here, position);
        if there != here {
            self.go(there);
        }
    }

    fn scrolled(self) {
        let Some(element) = self.viewport.get_untracked() else { return };
        let (top, last) = (f64::from(element.scroll_top()), self.place.get_untracked());
        let next = self.list.get_untracked().place_at_scroll(top, last);
        if next != last {
            self.place.set(next);
        }
        let left = f64::from(element.scroll_left());
        if left != self.left.get_untracked() {
            self.left.set(left);
        }
    }

    /// Where a pixel of the scroll bar is many rows, the wheel would fling past them.
    fn wheeled(self, event: &WheelEvent) {
        let is_scaled =
            f64::from(self.n_rows.get_untracked()) * self.row_height > VirtualList::MAX_HEIGHT;
        if is_scaled && !event.shift_key() && event.delta_y() != 0.0 {
            event.prevent_default();
            let unit = if event.delta_mode() == 0 { 1.0 } else { self.row_height };
            let here = self.place.get_untracked();
            self.go(self.list.get_untracked().place_moved(here, event.delta_y() * unit));
        }
    }

    fn y_of(self, position: u32) -> f64 {
        self.list.get().y_of_row(self.place.get(), position)
    }

    /// The rows in view, without those kept beyond it.
    fn whole_rows(self) -> Range<u32> {
        self.list.get_untracked().rows_in_view(self.place.get_untracked())
    }
}

/// Where a key moves the cursor: from where it is, or from the first row in view.
fn target(key: &str, cursor: Option<u32>, in_view: &Range<u32>, n_rows: u32) -> Option<u32> {
    let last = n_rows.checked_sub(1)?;
    let from = cursor.unwrap_or(in_view.start);
    // A page less the rows cut off at both edges.
    let page = in_view.len().saturating_sub(2).max(1);
    let page = u32::try_from(page).unwrap_or(u32::MAX);
    let to = match key {
        "ArrowDown" => cursor.map_or(from, |cursor| cursor.saturating_add(1)),
        "ArrowUp" => from.saturating_sub(1),
        "PageDown" => from.saturating_add(page),
        "PageUp" => from.saturating_sub(page),
        "Home" => 0,
        "End" => last,
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests {
    use super::target;

    #[test]
    fn keys_move_within_the_list() {
        let press = |key, cursor| target(key, cursor, &(40..52), 1_000_000);
        assert_eq!(press("ArrowDown", None), Some(40));
        assert_eq!(press("ArrowDown", Some(999_999)), Some(999_999));
        assert_eq!(press("ArrowUp", Some(0)), Some(0));
        assert_eq!(press("PageDown", Some(45)), Some(55));
        assert_eq!(press("PageUp", Some(5)), Some(0));
        assert_eq!(press("End", None), Some(999_999));
        assert_eq!(press("x", Some(1)), None);
        assert_eq!(target("End", None, &(0..0), 0), None);
    }
}
