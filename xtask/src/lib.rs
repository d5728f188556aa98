//! The chores of the project: see `cargo xtask` for the list.
//!
//! * [`run`]: starting programs, and saying so.
//! * [`tools`]: what a fresh machine lacks, and how it comes there.
//! * [`page`]: the static site in `dist/`.
//! * `pack`: its programs, packed.
//! * `single`: the same site in one file, for use from a disk.
//! * [`server`]: a static server that remembers what was asked of it.
//! * [`check`]: everything that CI runs.
//! * [`fuzz`]: looking for bytes that break the reader or the sniffer.
//! * [`mod@bench`]: the figures, beside those of the peers.

#![expect(
    clippy::missing_panics_doc,
    reason = "its panics are broken invariants, each with its reason beside it"
)]

pub mod bench;
pub mod browsers;
pub mod check;
pub mod fuzz;
mod pack;
pub mod page;
pub mod run;
pub mod server;
mod single;
mod streams;
pub mod tools;
