//! Both ends of a conversation between threads.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use gloo::{events::EventListener, timers::callback::Interval};
use js_sys::{Array, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use web_sys::{Blob, DedicatedWorkerGlobalScope, EventTarget, MessageEvent, MessagePort, Worker};

/// What one end asks, and the other answers by itself.
const ARE_YOU_THERE: &str = "are you there?";
const I_AM: &str = "I am";
/// After so many questions a worker counts as dead: no step of a job takes nearly as long.
const MOST_UNANSWERED: u32 = 10;
/// Bytes of room for messages that are kept from one to the next.
const MOST_KEPT: usize = 1 << 20;

/// Where messages go to and come from.
#[derive(Debug, Clone)]
pub(super) enum Port {
    /// A worker's own scope: what it says its parent hears.
    Scope(DedicatedWorkerGlobalScope),
    /// A worker, as its parent sees it.
    Worker(Worker),
    /// A channel within a thread.
    Channel(MessagePort),
}

thread_local! {
    /// Where messages are written: those of training come by the hundred, and are of one size.
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// The bytes of a message's fields, one after the other.
fn bytes_of<T: Serialize>(message: &T) -> Uint8Array {
    WRITTEN.with_borrow_mut(|written| {
        written.clear();
        *written =
            postcard::to_extend(message, std::mem::take(written)).expect("messages are plain data");
        let bytes = Uint8Array::from(written.as_slice());
        // Whole columns cross too: room for those is not kept.
        written.shrink_to(MOST_KEPT);
        bytes
    })
}

impl Port {
    fn target(&self) -> &EventTarget {
        match self {
            Self::Scope(scope) => scope,
            Self::Worker(worker) => worker,
            Self::Channel(port) => port,
        }
    }

    /// Posts a message, and blobs (files are some) beside it.
    ///
    /// It crosses as the bytes of its fields one after the other, which are handed over: both ends
    /// are of one build, and the code that reads objects field by field would be a seventh of all
    /// that a start fetches.
    pub(super) fn post<T: Serialize>(&self, message: &T, blobs: &[Blob]) {
        let body = bytes_of(message);
        let buffers = Array::of1(&body.buffer());
        let mut parts = Array::of1(&body);
        parts.extend(blobs);
        let posted = match self {
            Self::Scope(scope) => scope.post_message_with_transfer(&parts, &buffers),
            Self::Worker(worker) => worker.post_message_with_transfer(&parts, &buffers),
            Self::Channel(port) => port.post_message_with_transferable(&parts, &buffers),
        };
        // A port to a dead worker takes everything; only what cannot be cloned is refused.
        posted.expect("a message of plain data can be posted");
    }

    /// Hears messages of `T` and the blobs beside them, as long as the listener is kept.
    pub(super) fn listen<T: DeserializeOwned>(
        &self,
        mut hear: impl FnMut(T, Vec<Blob>) + 'static,
    ) -> EventListener {
        let asked = self.clone();
        let listener = EventListener::new(self.target(), "message", move |event| {
            let Some(event) = event.dyn_ref::<MessageEvent>() else { return };
            if event.data() == ARE_YOU_THERE {
                asked.say(I_AM);
            }
            let Ok(parts) = event.data().dyn_into::<Array>() else { return };
            let Ok(body) = parts.get(0).dyn_into::<Uint8Array>() else { return };
            let body = postcard::from_bytes(&body.to_vec());
            let blobs = parts.iter().skip(1).filter_map(|blob| blob.dyn_into().ok()).collect();
            hear(body.expect("both ends are of one build"), blobs);
        });
        if let Self::Channel(port) = self {
            port.start();
        }
        listener
    }

    /// Hears of the worker's death: an error that nobody caught.
    pub(super) fn on_death(&self, mut hear: impl FnMut(String) + 'static) -> EventListener {
        EventListener::new(self.target(), "error", move |event| {
            event.prevent_default();
            event.stop_propagation();
            let message = js_sys::Reflect::get(event, &"message".into());
            let message = message.ok().and_then(|it| it.as_string()).filter(|it| !it.is_empty());
            hear(message.unwrap_or_else(|| "it could not be started".to_owned()));
        })
    }

    /// Hears of the worker's death where there is no error: a browser ends workers without a word,
    /// for want of memory. It is asked for a sign of life every second.
    pub(super) fn on_silence(&self, hear: impl Fn(String) + 'static) -> (EventListener, Interval) {
        let unanswered = Rc::new(Cell::new(0));
        let sign = Rc::clone(&unanswered);
        let listener = EventListener::new(self.target(), "message", move |_| sign.set(0));
        let port = self.clone();
        // Seconds that pass while the machine sleeps do not count: nobody asks then.
        let asking = Interval::new(1_000, move || match unanswered.replace(unanswered.get() + 1) {
            MOST_UNANSWERED => hear(format!("it has not answered for {MOST_UNANSWERED} seconds")),
            n if n < MOST_UNANSWERED => port.say(ARE_YOU_THERE),
            _ => {}
        });
        (listener, asking)
    }

    fn say(&self, word: &str) {
        let word = word.into();
        let posted = match self {
            Self::Scope(scope) => scope.post_message(&word),
            Self::Worker(worker) => worker.post_message(&word),
            Self::Channel(port) => port.post_message(&word),
        };
        posted.expect("a text can be posted");
    }
}
