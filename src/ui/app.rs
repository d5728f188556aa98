//! The page: what is provided to all of it, and what it takes from the outside.

use js_sys::Array;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, DataTransfer, DragEvent, File, HtmlElement};

use super::bar::Bar;
use super::choosers::{Choosers, Inputs, files_of, take_files};
use super::classify::Classify;
use super::detect::Detect;
use super::export::Export;
use super::history;
use super::inspect::Inspect;
use super::job::Job;
use super::link::Link;
use super::load::Load;
use super::members::Members;
use super::outside;
use super::rail::Rail;
use super::session::{Phase, Session};
use super::stage::Stage;
use super::theme::Theme;
use super::tip::Tip;
use crate::protocol::JobError;

/// The page.
#[component]
pub fn App() -> impl IntoView {
    let (recipe, strange) = history::told();
    let session = Session::new(&recipe);
    let theme = Theme::start();
    provide_context(session);
    provide_context(theme);
    let link = Link::start(session, recipe.workers);
    provide_context(link);
    provide_context(Choosers::new());
    history::remark_on(session, &strange);
    history::keep(session);

    let (n_requests, set_requests) = signal(0);
    let is_started = Memo::new(move |_| session.phase.get() != Phase::Starting);
    Effect::new(move |was_started: Option<bool>| {
        if is_started.get() && was_started != Some(true) {
            outside::count_requests(set_requests);
        }
        is_started.get()
    });
    Effect::new(move |_| {
        let name = session.table.with(|table| table.as_ref().map(|table| table.name.clone()));
        document()
            .set_title(&name.map_or("isoscope".to_owned(), |name| format!("{name} · isoscope")));
    });

    Effect::new(move |_| link.want_view());
    Effect::new(move |_| link.want_count());

    let is_hovered = take_drops(session, link);
    take_pastes(session, link);
    let stage = Memo::new(move |_| session.open_stage());
    let open = move || match stage.get() {
        Stage::Load => view! { <div class="stage"><Load is_hovered /></div> }.into_any(),
        Stage::Inspect => view! { <Inspect /> }.into_any(),
        Stage::Detect => view! { <Detect /> }.into_any(),
        Stage::Classify => view! { <Classify /> }.into_any(),
        Stage::Export => view! { <Export /> }.into_any(),
    };
    view! {
        <div
            class="app" data-testid="app-state" data-value=move || session.state()
            class:is-hovered=is_hovered
        >
            <Bar n_requests />
            <div class="shell">
                <Rail />
                <main class="main">{open}</main>
            </div>
            <Job />
            <Tip />
            <Members />
            <Inputs />
            <div class="veil" aria-hidden="true"><b>"Drop it: it stays in this tab"</b></div>
        </div>
    }
}

/// Takes files that are dropped anywhere; tells whether one hovers.
fn take_drops(session: Session, link: Link) -> ReadSignal<bool> {
    let (is_hovered, set_hovered) = signal(false);
    let holds_files = |event: &DragEvent| {
        event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0))
    };
    drop(window_event_listener(ev::dragover, move |event| {
        if holds_files(&event) {
            event.prevent_default();
            if !is_hovered.get_untracked() {
                set_hovered.set(true);
            }
        }
    }));
    drop(window_event_listener(ev::dragleave, move |event| {
        // Only a drag that leaves the window has nothing it goes to.
        if event.related_target().is_none() {
            set_hovered.set(false);
        }
    }));
    drop(window_event_listener(ev::drop, move |event| {
        set_hovered.set(false);
        if holds_files(&event) {
            event.prevent_default();
            let dropped = event.data_transfer();
            match dropped.as_ref().and_then(outside::folder) {
                Some(name) => session.fail(JobError::Folder { name }),
                None => take_files(session, link, files_of(dropped.and_then(|data| data.files()))),
            }
        }
    }));
    is_hovered
}

/// Takes a pasted file, or pasted rows.
fn take_pastes(session: Session, link: Link) {
    drop(window_event_listener(ev::paste, move |event| {
        let event: ClipboardEvent = event.unchecked_into();
        let is_field = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlElement>().ok())
            .is_some_and(|element| element.matches("input, textarea").unwrap_or(false));
        let Some(data) = event.clipboard_data().filter(|_| !is_field) else { return };
        let files = data.files().filter(|files| files.length() > 0);
        if files.is_some() {
            take_files(session, link, files_of(files));
        } else if let Some(file) = pasted(&data) {
            link.load(vec![file].into());
        }
    }));
}

/// Pasted text as a file.
fn pasted(data: &DataTransfer) -> Option<File> {
    let text = data.get_data("text/plain").ok().filter(|text| !text.is_empty())?;
    File::new_with_str_sequence(&Array::of1(&text.into()), "pasted.csv").ok()
}
