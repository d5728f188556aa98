//! How joined labels find their rows.

use std::sync::Arc;

use leptos::prelude::*;

use crate::protocol::{JoinBy, Loaded};
use crate::ui::link::Link;

/// How joined labels find their rows.
#[component]
pub fn Joined(
    /// The table that was read, labels and all.
    table: Arc<Loaded>,
    /// What was said about it.
    by: Option<JoinBy>,
) -> impl IntoView {
    const ALONE: &str = "";
    const POSITION: &str = "0";
    // A name cannot be taken for one of the other two.
    let key = |name: &str| format!("={name}");
    let chosen = match &by {
        None => ALONE.to_owned(),
        Some(JoinBy::Position) => POSITION.to_owned(),
        Some(JoinBy::Key(name)) => key(name),
    };
    let link = expect_context::<Link>();
    let choose = move |word: String| {
        link.join_by(match word.as_str() {
            ALONE => None,
            POSITION => Some(JoinBy::Position),
            key => Some(JoinBy::Key(key[1..].to_owned())),
        });
    };
    let option = |word: String, name: String| {
        let is_chosen = word == chosen;
        view! { <option value=word selected=is_chosen>{name}</option> }
    };
    let columns = &table.profile.columns;
    let keys = columns.iter().map(|it| option(key(&it.name), format!("by {}", it.name)));
    let keys = keys.collect_view();
    view! {
        <div class="setting">
            <label for="recognised-join">"Labels find their rows"</label>
            <select
                id="recognised-join" class="input" data-testid="load-join"
                on:change:target=move |event| choose(event.target().value())
            >
                {option(ALONE.to_owned(), "by themselves".to_owned())}
                {option(POSITION.to_owned(), "by position".to_owned())}
                {keys}
            </select>
            <span class="setting__why">
                "By themselves: by the one column that both files have, else row by row."
            </span>
        </div>
    }
    .into_any()
}
