//! What a worker becomes.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

use super::{
    conductor,
    port::Port,
    shard,
    spawn::{Part, Program, told},
};

/// Whether this is no page.
pub fn is_worker() -> bool {
    js_sys::global().has_type::<DedicatedWorkerGlobalScope>()
}

/// Becomes what this worker's first message said.
pub fn run() {
    let Ok(message) = Reflect::get(&js_sys::global(), &"isoscope".into()) else { return };
    let port = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>().ok().map(Port::Scope);
    let (Some(port), Some(part)) = (port, told(&message, "part").as_string()) else { return };
    if part == Part::Shard.name() {
        shard::serve(&port);
    } else if let Some(program) = Program::from_boot_message(&message) {
        let workers = told(&message, "workers").as_f64().map(|n| n as u32);
        conductor::serve(&port, &program, workers);
    }
}
