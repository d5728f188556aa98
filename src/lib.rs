//! isoscope finds the odd rows in a table and says why, inside one browser tab.
//!
//! * [`engine`]: bytes to tables to models. Pure: no web, no clock, no thread.
//! * [`cluster`]: one job over many shards, still without the web.
//! * [`protocol`]: what page and conductor say to each other: plain data.
//! * [`chart`]: where things stand on a chart: pure geometry.
//! * `worker` and `ui` (feature `web`): the program's halves.
//!
//! `ARCHITECTURE.md` says who may use whom; a test holds it.
#![deny(missing_docs)]

pub use isoscope_engine as engine;

pub mod chart;
pub mod cluster;
pub mod protocol;
#[cfg(feature = "web")]
#[expect(clippy::needless_pass_by_value, reason = "a component owns its props")]
pub mod ui;
#[cfg(feature = "web")]
pub mod worker;
