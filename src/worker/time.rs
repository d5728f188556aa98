//! When things happened, and how to let others have their turn.

use std::cell::{Cell, RefCell};

use gloo::events::EventListener;
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, MessagePort, Performance};

/// How long a worker works before it looks into its mailbox.
const TURN: f64 = 12.0;

thread_local! {
    static PERFORMANCE: Option<Performance> =
        Reflect::get(&js_sys::global(), &"performance".into()).ok().and_then(|it| it.dyn_into().ok());
    static BELL: RefCell<Option<(MessagePort, MessagePort)>> = const { RefCell::new(None) };
}

/// Milliseconds since this thread began.
pub(super) fn now() -> f64 {
    PERFORMANCE.with(|it| it.as_ref().map_or_else(js_sys::Date::now, Performance::now))
}

/// Milliseconds on the clock that all threads of the page share.
pub(super) fn shared_now() -> f64 {
    PERFORMANCE
        .with(|it| it.as_ref().map_or_else(js_sys::Date::now, |it| it.time_origin() + it.now()))
}

/// A turn of work on a thread.
#[derive(Debug)]
pub(super) struct Turn {
    began: Cell<f64>,
}

impl Turn {
    pub(super) fn begin() -> Self {
        Self { began: Cell::new(now()) }
    }

    /// Lets others have theirs, once it has lasted long enough.
    pub(super) async fn rest(&self) {
        if now() - self.began.get() > TURN {
            yield_now().await;
            self.began.set(now());
        }
    }
}

/// Waits until the messages that have arrived so far are taken.
///
/// Through a message of our own: browsers hold nested timers back for four milliseconds.
pub(super) async fn yield_now() {
    let ports = BELL.with(|bell| {
        let mut bell = bell.borrow_mut();
        if bell.is_none() {
            *bell = MessageChannel::new().ok().map(|channel| (channel.port1(), channel.port2()));
            if let Some((_, hearing)) = bell.as_ref() {
                hearing.start();
            }
        }
        bell.clone()
    });
    let Some((ringing, hearing)) = ports else { return };
    let rung = Promise::new(&mut |done, _| {
        let once = EventListener::once(&hearing, "message", move |_| {
            // A promise that is settled twice stays as it was.
            let _ = done.call0(&JsValue::NULL);
        });
        once.forget();
    });
    if ringing.post_message(&JsValue::NULL).is_ok() {
        // The promise is never rejected.
        let _ = JsFuture::from(rung).await;
    }
}
