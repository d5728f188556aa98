//! The search, and the filters as chips.

use std::time::Duration;

use leptos::prelude::*;

use crate::ui::lens::{Chip, Lens};
use crate::ui::outside::AtRest;
use crate::ui::session::Session;

/// Looks for a text in all cells, shortly after it was typed.
#[component]
pub fn Search() -> impl IntoView {
    let session = expect_context::<Session>();
    let at_rest = AtRest::after(Duration::from_millis(220));
    let look = move |text: String| {
        at_rest.run(move || {
            if session.lens.with_untracked(|lens| lens.search != text) {
                session.lens.update(|lens| lens.search = text);
            }
        });
    };
    view! {
        <input
            class="input preview__search" type="search" data-testid="preview-search"
            placeholder="Search all cells" aria-label="Search all cells" autocomplete="off"
            title="Rows of which some cell contains this text, as it stands in the file; a–z match in either case"
            prop:value=move || session.lens.with(|lens| lens.search.clone())
            on:input:target=move |event| look(event.target().value())
        />
    }
}

/// What the rows must pass, one chip each, and a way out of each.
#[component]
pub fn Chips() -> impl IntoView {
    let session = expect_context::<Session>();
    let is_plain = move || session.lens.with(|lens| *lens == Lens::default());
    let chips = move || {
        let lens = session.lens.get();
        let tests = lens
            .chips
            .iter()
            .map(|chip| {
                let gone = chip.clone();
                let remove = move || {
                    session.lens.update(|lens| lens.chips.retain(|there| *there != gone));
                };
                one("filter-chip", &chip.column, chip.words(), remove)
            })
            .collect_view();
        let search = (!lens.search.is_empty()).then(|| {
            let words = format!("contains “{}”", lens.search);
            one("search-chip", "some cell", words, move || {
                session.lens.update(|lens| lens.search.clear());
            })
        });
        let within = lens.within.map(|_| {
            one("within-chip", "map", "in the box drawn".to_owned(), move || {
                session.lens.update(|lens| lens.within = None);
            })
        });
        let sort = lens.sort.as_ref().map(|(name, is_descending)| {
            let words = if *is_descending { "descending" } else { "ascending" };
            one("sort-chip", name, words.to_owned(), move || {
                session.lens.update(|lens| lens.sort = None);
            })
        });
        view! { {tests} {search} {within} {sort} }.into_any()
    };
    view! {
        <Show when=move || !is_plain()>
            <div class="lens" role="group" aria-label="Filters and order">
                {chips}
                <button
                    class="link" data-testid="lens-clear"
                    on:click=move |_| session.lens.set(Lens::default())
                >
                    "Show all rows"
                </button>
            </div>
        </Show>
    }
}

fn one(
    id: &'static str,
    name: &str,
    words: String,
    remove: impl FnMut() + Send + 'static,
) -> AnyView {
    let mut remove = remove;
    let label = format!("Remove: {name} {words}");
    let title = format!("{name} {words}");
    view! {
        <span class="lens__chip" data-testid=id data-name=name.to_owned() title=title>
            <span class="ellipsis"><b>{name.to_owned()}</b> " " {words}</span>
            <button
                class="lens__remove" data-testid="chip-remove" aria-label=label
                on:click=move |_| remove()
            >
                "×"
            </button>
        </span>
    }
    .into_any()
}

/// Puts a column's chips in place of those it had.
pub fn replace(lens: &mut Lens, column: &str, chips: Vec<Chip>) {
    lens.chips.retain(|chip| chip.column != column);
    lens.chips.extend(chips);
}
