//! Starting workers from a blob, so that the page's policy binds them.

use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, MessageChannel, Url, Worker};

use super::port::Port;

/// What a worker does before Rust can hear: it keeps what it was told and starts the program.
const BOOTSTRAP: &str = "\nself.onmessage = (event) => { self.onmessage = null; self.isoscope = event.data; \
     initSync({ module: event.data.module }); };\n";
/// Where a script stops to be one for a worker: what stands behind is for modules, and browsers start
/// no worker as a module from a page that lies on a disk.
const EXPORTS: &str = "\nexport {";
const EXPORT: &str = "\nexport ";
/// The only other words that no plain script may have; a worker is given its module.
const ADDRESS: &str = "import.meta.url";

/// What a new worker is to become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Conductor,
    Shard,
}

impl Part {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Conductor => "conductor",
            Self::Shard => "shard",
        }
    }
}

/// The program, for a worker: its script under a blob's address, and its compiled module.
#[derive(Debug, Clone)]
pub(super) struct Program {
    pub(super) url: String,
    pub(super) module: JsValue,
}

impl Program {
    /// Puts the page's own script under an address that workers can be started from.
    ///
    /// # Errors
    ///
    /// What the browser says, if it makes no blobs.
    pub(super) fn new(script: &str, module: JsValue) -> Result<Self, JsValue> {
        let script = script.rfind(EXPORTS).map_or(script, |end| &script[..end]);
        let script = format!("\n{script}").replace(EXPORT, "\n").replace(ADDRESS, "''");
        let parts = Array::of2(&script.into(), &BOOTSTRAP.into());
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
        Ok(Self { url: Url::create_object_url_with_blob(&blob)?, module })
    }

    /// What a worker is told first.
    pub(super) fn boot_message(&self, part: Part, workers: Option<u32>) -> Object {
        let message = Object::new();
        let set = |name: &str, value: &JsValue| {
            Reflect::set(&message, &name.into(), value).expect("a plain object takes properties");
        };
        set("module", &self.module);
        set("url", &self.url.as_str().into());
        set("part", &part.name().into());
        set("workers", &workers.map_or(JsValue::UNDEFINED, Into::into));
        message
    }

    /// Starts a worker.
    ///
    /// # Errors
    ///
    /// What the browser says, if it starts none.
    pub(super) fn spawn(&self, part: Part, workers: Option<u32>) -> Result<Worker, JsValue> {
        let worker = Worker::new(&self.url)?;
        worker.post_message(&self.boot_message(part, workers))?;
        Ok(worker)
    }
}

/// Both ends of a channel within this thread.
pub(super) fn channel() -> (Port, Port) {
    let channel = MessageChannel::new().expect("every browser has channels");
    (Port::Channel(channel.port1()), Port::Channel(channel.port2()))
}

/// A property of what this worker was told first.
pub(super) fn told(message: &JsValue, name: &str) -> JsValue {
    Reflect::get(message, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

impl Program {
    /// The program this worker runs itself.
    pub(super) fn from_boot_message(message: &JsValue) -> Option<Self> {
        let url = told(message, "url").as_string()?;
        Some(Self { url, module: told(message, "module") })
    }
}
