//! What scores are worth: rankings and where to cut them.

mod chance;
mod ranking;
mod threshold;

pub use chance::shuffled;
pub use ranking::{ranking, ranks};
pub use threshold::{Basis, Proposal, proposal};
