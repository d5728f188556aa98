//! What the browser tells of the machine.

use js_sys::Reflect;

/// Bytes that one worker can hold: of the 4 GiB that 32 bits address, what is left beside the
/// copies that growing makes.
const PER_WORKER: u64 = 3 << 30;
/// Memory of a machine that does not tell: browsers that do tell 8 GiB where it is more.
const USUAL: f64 = 8.0;

/// Bytes that a table and its scores may take: half of the machine's memory, and no more than the
/// workers can hold.
pub(super) fn room(n_shards: u32) -> u64 {
    let gigabytes = told("deviceMemory").unwrap_or(USUAL);
    let half = (gigabytes * f64::from(1 << 29)) as u64;
    half.min(PER_WORKER * u64::from(n_shards))
}

/// How many cores the browser admits to.
pub(super) fn n_cores() -> u32 {
    told("hardwareConcurrency").map_or(2, |cores| cores as u32)
}

/// A number that the browser's navigator has by this name.
fn told(name: &str) -> Option<f64> {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into()).ok()?;
    Reflect::get(&navigator, &name.into()).ok()?.as_f64()
}
