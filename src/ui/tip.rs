//! What a name means, beside it: by pointer and by keyboard.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget};

/// The attribute of whatever has something to say about itself.
const HELP: &str = "data-help";
/// As in the style.
const WIDEST: f64 = 320.0;
const GAP: f64 = 6.0;

/// What is said, and where.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    text: String,
    left: f64,
    top: f64,
    is_above: bool,
}

/// One card for the whole page: it shows the `data-help` of what is pointed at or has the focus,
/// until that is left or Escape is pressed.
#[component]
pub fn Tip() -> impl IntoView {
    let said = RwSignal::new(None::<Said>);
    let show = move |target: Option<EventTarget>| {
        let element = target.and_then(|target| target.dyn_into::<Element>().ok());
        let helped = element.and_then(|element| element.closest(&format!("[{HELP}]")).ok()?);
        let next = helped.and_then(|element| about(&element));
        if said.with_untracked(|before| *before != next) {
            said.set(next);
        }
    };
    let hide = move || {
        if said.with_untracked(Option::is_some) {
            said.set(None);
        }
    };
    drop(window_event_listener(ev::mouseover, move |event| show(event.target())));
    drop(window_event_listener(ev::focusin, move |event| show(event.target())));
    drop(window_event_listener(ev::focusout, move |_| hide()));
    drop(window_event_listener(ev::wheel, move |_| hide()));
    drop(window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            hide();
        }
    }));
    move || {
        said.get().map(|said| {
            view! {
                <div
                    class="about" role="tooltip" class:is-above=said.is_above
                    style:left=format!("{}px", said.left) style:top=format!("{}px", said.top)
                >
                    {said.text}
                </div>
            }
        })
    }
}

fn about(element: &Element) -> Option<Said> {
    let text = element.get_attribute(HELP).filter(|text| !text.is_empty())?;
    let size = |size: Result<wasm_bindgen::JsValue, _>| size.ok().and_then(|size| size.as_f64());
    let (width, height) = (size(window().inner_width())?, size(window().inner_height())?);
    let place = element.get_bounding_client_rect();
    let is_above = place.bottom() > height * 0.75;
    Some(Said {
        text,
        left: place.left().min(width - WIDEST - GAP).max(GAP),
        top: if is_above { place.top() - GAP } else { place.bottom() + GAP },
        is_above,
    })
}
