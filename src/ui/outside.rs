//! What lies outside the signals: clock, marks, files, clipboard, theme, sizes of elements.

use std::time::Duration;

use js_sys::{Array, Function, Object, Reflect};
use leptos::html;
use leptos::prelude::*;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{
    Blob, DataTransfer, Element, HtmlAnchorElement, PerformanceObserver, PerformanceObserverInit,
    ResizeObserver, ResizeObserverEntry, Storage, Url,
};

use crate::protocol::Timing;

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// Sets a User Timing measure from `start` to `end`, in milliseconds of [`now`].
pub fn measure(name: &str, start: f64, end: f64, detail: &JsValue) {
    let Some(performance) = window().performance() else { return };
    let options = Object::new();
    let fields = [("start", start.into()), ("end", end.into()), ("detail", detail.clone())];
    for (key, value) in fields {
        set(&options, key, &value);
    }
    // web-sys has the measure with options only among its unstable parts.
    let measure = Reflect::get(&performance, &"measure".into()).map(JsCast::dyn_into::<Function>);
    if let Ok(Ok(measure)) = measure
        && let Err(error) = measure.call2(&performance, &name.into(), &options)
    {
        leptos::logging::warn!("no measure {name}: {error:?}");
    }
}

/// Turns the timings a worker told into measures of the page's own timeline.
pub fn measure_all(timings: &[Timing], detail: &JsValue) {
    let origin = window()
        .performance()
        .and_then(|performance| Reflect::get(&performance, &"timeOrigin".into()).ok())
        .and_then(|origin| origin.as_f64())
        .unwrap_or(0.0);
    for timing in timings {
        // A worker's clock may lag by a fraction; a mark before the page's birth would be refused.
        let start = (timing.start - origin).max(0.0);
        measure(&timing.name, start, start + timing.duration, detail);
    }
}

/// What a measure is about.
pub fn detail(rows: u32, columns: usize, bytes: u64, workers: u32) -> JsValue {
    #[derive(Serialize)]
    struct Detail {
        rows: u32,
        columns: usize,
        bytes: f64,
        workers: u32,
    }
    let detail = Detail { rows, columns, bytes: bytes as f64, workers };
    // Numbers in a plain object: there is nothing about them that could not cross.
    serde_wasm_bindgen::to_value(&detail).unwrap_or_default()
}

fn set(object: &Object, key: &str, value: &JsValue) {
    Reflect::set(object, &key.into(), value).expect("a fresh object takes any property");
}

/// Calls back once what has just been changed is on the screen.
pub fn after_paint(then: impl FnOnce() + 'static) {
    request_animation_frame(move || set_timeout(then, Duration::ZERO));
}

/// Runs the last of several actions, once none has come for a while; none after its owner has gone.
#[derive(Clone, Copy)]
pub struct AtRest {
    pending: StoredValue<Option<TimeoutHandle>, LocalStorage>,
    wait: Duration,
}

impl AtRest {
    /// Waits so long after the last action.
    pub fn after(wait: Duration) -> Self {
        let at_rest = Self { pending: StoredValue::new_local(None), wait };
        on_cleanup(move || at_rest.give_up());
        at_rest
    }

    /// Takes an action in place of the one that waits.
    pub fn run(self, action: impl FnOnce() + 'static) {
        self.give_up();
        self.pending.set_value(set_timeout_with_handle(action, self.wait).ok());
    }

    fn give_up(self) {
        let waiting: Option<TimeoutHandle> = self.pending.try_update_value(Option::take).flatten();
        if let Some(handle) = waiting {
            handle.clear();
        }
    }
}

/// Saves a blob under a name, as a click on a download link does.
///
/// # Errors
///
/// The browser's, where it has no room for an address of the blob.
pub fn download(blob: &Blob, name: &str) -> Result<(), JsValue> {
    const GRACE: Duration = Duration::from_mins(1);
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // Browsers begin to read the blob only after the click: revoked at once, it would be gone.
    set_timeout(move || drop(Url::revoke_object_url(&url)), GRACE);
    Ok(())
}

/// Saves a text under a name.
///
/// # Errors
///
/// As [`download`].
pub fn download_text(text: &str, name: &str) -> Result<(), JsValue> {
    download(&Blob::new_with_str_sequence(&Array::of1(&text.into()))?, name)
}

/// Lets an element hear of a pointer until it is released, wherever it goes.
pub fn capture(event: &web_sys::PointerEvent) {
    let element =
        event.current_target().and_then(|there| there.dyn_into::<web_sys::Element>().ok());
    if let Some(element) = element {
        // A pointer that is gone already needs none.
        drop(element.set_pointer_capture(event.pointer_id()));
    }
}

/// Where in the element that hears of it a pointer is. Of drawings browsers do not agree what an event's
/// own offset is from.
pub fn within(event: &web_sys::PointerEvent) -> Option<(f64, f64)> {
    let element = event.current_target()?.dyn_into::<web_sys::Element>().ok()?;
    let place = element.get_bounding_client_rect();
    Some((f64::from(event.client_x()) - place.left(), f64::from(event.client_y()) - place.top()))
}

/// Copies a text, and calls back whether it could be done.
pub fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let navigator = window().navigator();
    // On an insecure origin there is no clipboard at all, whatever the types say.
    let clipboard = Reflect::get(&navigator, &"clipboard".into());
    if clipboard.is_ok_and(|clipboard| clipboard.is_undefined()) {
        then(false);
        return;
    }
    let written = navigator.clipboard().write_text(text);
    leptos::task::spawn_local(async move {
        then(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
    });
}

/// The name of the first folder among dropped things: as a file it could not be read.
pub fn folder(dropped: &DataTransfer) -> Option<String> {
    let items = Reflect::get(dropped, &"items".into()).ok()?;
    Array::from(&items).iter().find_map(|item| {
        // All browsers have it under this name, none under one without a prefix.
        let entry = Reflect::get(&item, &"webkitGetAsEntry".into()).ok()?;
        let entry = entry.dyn_ref::<Function>()?.call0(&item).ok()?;
        let is_folder = Reflect::get(&entry, &"isDirectory".into()).ok()? == JsValue::TRUE;
        let name = Reflect::get(&entry, &"name".into()).ok()?.as_string();
        name.filter(|_| is_folder)
    })
}

/// The browser's small memory for settings; `None` where it is forbidden.
pub fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// Counts requests that the page makes from now on.
pub fn count_requests(count: WriteSignal<u32>) {
    let start = now();
    let seen = Closure::<dyn Fn(JsValue)>::new(move |list: JsValue| {
        let list: web_sys::PerformanceObserverEntryList = list.unchecked_into();
        let is_later = |entry: &JsValue| {
            let entry: &web_sys::PerformanceEntry = entry.unchecked_ref();
            // Blobs and data are the page's own memory, no request.
            let name = entry.name();
            entry.start_time() > start && !name.starts_with("blob:") && !name.starts_with("data:")
        };
        let n_later = list.get_entries().iter().filter(is_later).count();
        count.update(|count| *count += u32::try_from(n_later).unwrap_or(u32::MAX));
    });
    let Ok(observer) = PerformanceObserver::new(seen.as_ref().unchecked_ref()) else { return };
    observer.observe(&PerformanceObserverInit::new(&Array::of1(&"resource".into())));
    // It watches for as long as the page lives.
    seen.forget();
}

/// The size of an element's content box in CSS pixels, as it changes; 0 × 0 until it is laid out.
pub fn size_of(node: NodeRef<html::Div>) -> ReadSignal<(f64, f64)> {
    let (size, set_size) = signal((0.0, 0.0));
    let watch = StoredValue::new_local(None::<Watch>);
    Effect::new(move |_| {
        if let Some(element) = node.get() {
            watch.set_value(Some(Watch::new(&element, set_size)));
        }
    });
    size
}

/// A running [`ResizeObserver`]; it stops when dropped.
struct Watch {
    observer: ResizeObserver,
    _seen: Closure<dyn Fn(Array)>,
}

impl Watch {
    fn new(element: &Element, size: WriteSignal<(f64, f64)>) -> Self {
        let seen = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            if let Some(entry) = entries.iter().last() {
                let rect = entry.unchecked_into::<ResizeObserverEntry>().content_rect();
                size.set((rect.width(), rect.height()));
            }
        });
        let observer = ResizeObserver::new(seen.as_ref().unchecked_ref())
            .expect("every browser with WebAssembly SIMD has resize observers");
        observer.observe(element);
        Self { observer, _seen: seen }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
