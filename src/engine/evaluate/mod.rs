//! What scores are worth: rankings and where to cut them.

mod ranking;

pub use ranking::{proposed_threshold, ranking};
