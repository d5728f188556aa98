//! A column's filter: a range of numbers, a choice of texts, with or without a value.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlSelectElement, KeyboardEvent, MouseEvent, SubmitEvent};

use super::finder::replace;
use crate::chart::format;
use crate::protocol::{Bound, ColumnProfile, Loaded, Test, Values};
use crate::ui::lens::Chip;
use crate::ui::plots::spread::spark;
use crate::ui::select::Select;
use crate::ui::session::Session;
use crate::ui::words;

const WIDTH: f64 = 300.0;
const HEIGHT: f64 = 420.0;

/// Which column's filter is open, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    /// The column.
    pub column: usize,
    /// Its left upper corner in the window.
    place: (f64, f64),
}

impl Anchor {
    /// Below the button that was pressed, within the window.
    pub fn below(column: usize, event: &MouseEvent) -> Option<Self> {
        let button: Element = event.current_target()?.dyn_into().ok()?;
        let rect = button.get_bounding_client_rect();
        let size = |value: Result<wasm_bindgen::JsValue, _>| {
            value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0)
        };
        let (width, height) = (size(window().inner_width()), size(window().inner_height()));
        let left = (rect.right() - WIDTH + 40.0).clamp(8.0, (width - WIDTH - 8.0).max(8.0));
        let top = (rect.bottom() + 6.0).min((height - HEIGHT - 8.0).max(8.0));
        Some(Self { column, place: (left, top) })
    }
}

/// The filter of the column that is open.
#[component]
pub fn FilterPopover(
    /// The table.
    table: Arc<Loaded>,
    /// The column that is open.
    opened: RwSignal<Option<Anchor>>,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let before = StoredValue::new_local(None::<HtmlElement>);
    let close = move || {
        opened.set(None);
        if let Some(element) = before.try_update_value(Option::take).flatten() {
            // Where the button has gone meanwhile there is nothing to go back to.
            let _ = element.focus();
        }
    };
    // Who opened it gets the keyboard back; meanwhile it is in the first field.
    Effect::new(move |_| {
        if opened.with(Option::is_some)
            && let Some(element) = node.get()
        {
            let active = document().active_element().and_then(|it| it.dyn_into().ok());
            before.set_value(active);
            let first = element.query_selector("input").ok().flatten();
            if let Some(first) = first.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
                let _ = first.focus();
            }
        }
    });
    let outside = window_event_listener(leptos::ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_inside = target.is_some_and(|target| {
            target.closest(".filter, .preview__funnel").is_ok_and(|found| found.is_some())
        });
        if !is_inside && opened.with_untracked(Option::is_some) {
            opened.set(None);
        }
    });
    on_cleanup(move || outside.remove());
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let content = move || {
        let anchor = opened.get()?;
        let profile = table.profile.columns.get(anchor.column)?.clone();
        let (left, top) = anchor.place;
        let label = format!("Filter {}", profile.name);
        let n_rows = table.profile.n_rows;
        Some(
            view! {
                <div
                    class="filter" role="dialog" aria-label=label node_ref=node
                    data-testid="filter-popover" style:left=format!("{left}px")
                    style:top=format!("{top}px") on:keydown=on_key
                >
                    <Filter profile n_rows close=Callback::new(move |()| close()) />
                </div>
            }
            .into_any(),
        )
    };
    view! { {content} }
}

/// What is set in an open filter.
#[derive(Clone, Copy)]
struct Draft {
    low: RwSignal<String>,
    high: RwSignal<String>,
    texts: RwSignal<Vec<String>>,
    contains: RwSignal<String>,
    /// `any`, `present` or `missing`.
    presence: RwSignal<String>,
    is_negated: RwSignal<bool>,
}

impl Draft {
    /// What the chips of a column say.
    fn of<'a>(chips: impl Iterator<Item = &'a Chip>) -> Self {
        let draft = Self {
            low: RwSignal::default(),
            high: RwSignal::default(),
            texts: RwSignal::default(),
            contains: RwSignal::default(),
            presence: RwSignal::new("any".to_owned()),
            is_negated: RwSignal::new(false),
        };
        for chip in chips {
            match &chip.test {
                Test::Missing => {
                    draft
                        .presence
                        .set(if chip.is_negated { "present" } else { "missing" }.to_owned());
                    continue;
                }
                Test::OneOf(texts) => draft.texts.set(texts.clone()),
                Test::Contains(text) => draft.contains.set(text.clone()),
                Test::Between(low, high) => {
                    let text = |bound: &Option<Bound>| {
                        bound.as_ref().map_or_else(String::new, |bound| {
                            format!("{}{}", if bound.is_strict { ">" } else { "" }, bound.value)
                        })
                    };
                    draft.low.set(text(low));
                    draft.high.set(text(high).replace('>', "<"));
                }
            }
            draft.is_negated.set(chip.is_negated);
        }
        draft
    }

    /// The chips that say it.
    fn chips(self, column: &str) -> Vec<Chip> {
        let is_negated = self.is_negated.get_untracked();
        let chip = |test, is_negated| Chip { column: column.to_owned(), test, is_negated };
        let bound = |text: String, sign: char| {
            let text = text.trim();
            let (value, is_strict) = match text.strip_prefix(sign) {
                Some(rest) => (rest.trim(), true),
                None => (text, false),
            };
            (!value.is_empty()).then(|| Bound { value: value.to_owned(), is_strict })
        };
        let low = bound(self.low.get_untracked(), '>');
        let high = bound(self.high.get_untracked(), '<');
        let (texts, contains) = (self.texts.get_untracked(), self.contains.get_untracked());
        let mut chips = Vec::new();
        if low.is_some() || high.is_some() {
            chips.push(chip(Test::Between(low, high), is_negated));
        }
        if !texts.is_empty() {
            chips.push(chip(Test::OneOf(texts), is_negated));
        }
        if !contains.is_empty() {
            chips.push(chip(Test::Contains(contains), is_negated));
        }
        match self.presence.get_untracked().as_str() {
            "missing" => chips.push(chip(Test::Missing, false)),
            "present" => chips.push(chip(Test::Missing, true)),
            _ => {}
        }
        chips
    }
}

#[component]
fn Filter(profile: ColumnProfile, n_rows: u32, close: Callback<()>) -> impl IntoView {
    let session = expect_context::<Session>();
    let name = profile.name.clone();
    let draft = session.lens.with_untracked(|lens| Draft::of(lens.of_column(&name)));
    let put = {
        let name = name.clone();
        move |chips: Vec<Chip>| {
            session.lens.update(|lens| replace(lens, &name, chips));
            close.run(());
        }
    };
    let apply = {
        let (put, name) = (put.clone(), name.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            put(draft.chips(&name));
        }
    };
    let has_missing = profile.n_missing > 0;
    let presence = has_missing.then(|| view! { <Presence draft n_missing=profile.n_missing /> });
    let tests = match &profile.values {
        Some(Values::Unordered { top }) => {
            let n_others = profile.n_distinct.saturating_sub(top.len() as u32);
            let texts = top.iter().map(|value| (value.text.clone(), value.count)).collect();
            view! { <Texts draft texts n_others n_rows /> }.into_any()
        }
        Some(Values::Ordered { min, max, .. }) => {
            let ends = [*min, *max].map(|end| words::value(profile.kind, end));
            view! { <Ends draft ends spread=spark(&profile, n_rows) /> }.into_any()
        }
        None => view! { <p class="cap">"No row has a value here."</p> }.into_any(),
    };
    view! {
        <form on:submit=apply>
            <header class="filter__head">
                <b class="ellipsis">{name.clone()}</b>
                <span class="soft">{words::type_key(profile.kind)}</span>
            </header>
            {tests} {presence}
            <label class="check">
                <input
                    type="checkbox" data-testid="filter-negate" prop:checked=draft.is_negated
                    on:change:target=move |event| draft.is_negated.set(event.target().checked())
                />
                "All rows but these"
            </label>
            <footer class="filter__foot">
                <button class="go" data-testid="filter-apply">"Apply"</button>
                <button
                    class="quiet" type="button" data-testid="filter-clear"
                    on:click=move |_| put(Vec::new())
                >
                    "Clear"
                </button>
            </footer>
        </form>
    }
    .into_any()
}

/// From and to.
#[component]
fn Ends(draft: Draft, ends: [String; 2], spread: AnyView) -> impl IntoView {
    let [min, max] = ends;
    let end = |label: &'static str, id: &'static str, hint: String, value: RwSignal<String>| {
        view! {
            <label class="field">
                {label}
                <input
                    class="input" data-testid=id placeholder=hint autocomplete="off" prop:value=value
                    on:input:target=move |event| value.set(event.target().value())
                />
            </label>
        }
    };
    view! {
        <div class="filter__spread">{spread}</div>
        <div class="filter__ends">
            {end("from", "filter-from", min, draft.low)} {end("to", "filter-to", max, draft.high)}
        </div>
        <p class="cap">
            "Written as in the file. Both ends belong to it; write " <code>">5"</code> " or "
            <code>"<9"</code> " to leave an end out."
        </p>
    }
    .into_any()
}

/// The most common texts, each with its count, and a text to contain.
#[component]
fn Texts(draft: Draft, texts: Vec<(String, u32)>, n_others: u32, n_rows: u32) -> impl IntoView {
    let n_common = texts.len();
    let listed = move |text: String, count: u32| {
        let share = f64::from(count) / f64::from(n_rows.max(1));
        let is_on = {
            let text = text.clone();
            move || draft.texts.with(|texts| texts.contains(&text))
        };
        let toggle = {
            let text = text.clone();
            move |on: bool| {
                draft.texts.update(|texts| {
                    texts.retain(|there| *there != text);
                    if on {
                        texts.push(text.clone());
                    }
                });
            }
        };
        view! {
            <label class="filter__text" title=text.clone()>
                <input
                    type="checkbox" data-testid="filter-value" data-value=text.clone()
                    prop:checked=is_on on:change:target=move |event| toggle(event.target().checked())
                />
                <span class="ellipsis">{text.clone()}</span>
                <i class="num">{format::count(u64::from(count))}</i>
                <i class="num soft">{words::percent(share)}</i>
            </label>
        }
    };
    // What was asked for by name stays in the list, though it is not among the common ones.
    let rare = draft
        .texts
        .get_untracked()
        .into_iter()
        .filter(|text| !texts.iter().any(|(there, _)| there == text));
    let rare: Vec<AnyView> = rare.map(|text| listed(text, 0).into_any()).collect();
    let common = texts.into_iter().map(|(text, count)| listed(text, count)).collect_view();
    let others = (n_others > 0).then(|| {
        view! {
            <p class="cap">
                {format!(
                    "The {n_common} most common; {} are rarer.",
                    words::counted(u64::from(n_others), "other", "others"),
                )}
            </p>
        }
    });
    view! {
        <label class="field">
            "Contains"
            <input
                class="input" data-testid="filter-contains" autocomplete="off" prop:value=draft.contains
                on:input:target=move |event| draft.contains.set(event.target().value())
            />
        </label>
        <div class="filter__texts" role="group" aria-label="Is one of">{rare} {common}</div>
        {others}
    }
    .into_any()
}

/// With or without a value.
#[component]
fn Presence(draft: Draft, n_missing: u32) -> impl IntoView {
    let option = |key: &'static str, word: String| {
        view! {
            <option value=key selected=move || draft.presence.with(|there| there == key)>{word}</option>
        }
    };
    let n = format::count(u64::from(n_missing));
    let options = view! {
        {option("any", "no matter".to_owned())}
        {option("missing", format!("only the {n} rows without a value"))}
        {option("present", "only rows with a value".to_owned())}
    };
    let choose = move |select: HtmlSelectElement| draft.presence.set(select.value());
    view! {
        <Select
            id="filter-presence" label="Missing values" options=options.into_any()
            on_change=choose
        />
    }
}
