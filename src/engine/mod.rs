//! Bytes to tables to models: pure, and the same bits everywhere.
//!
//! No web, no clock, no thread, no async; transcendental functions come from `libm`.
//!
//! To all others this is `isoscope::engine`.
#![deny(missing_docs)]

pub mod arrange;
pub mod baselines;
pub mod boost;
pub mod bulk;
pub mod centres;
pub mod components;
pub mod evaluate;
pub mod extended;
pub mod eyes;
pub mod forest;
pub mod matrix;
pub mod neighbours;
pub mod random;
pub mod samples;
pub mod source;
pub mod table;
pub mod text;
