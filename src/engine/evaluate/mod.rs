//! What scores are worth: rankings and where to cut them; and how rows differ from others.

mod chance;
mod drift;
mod ranking;
mod threshold;

pub use chance::shuffled;
pub use drift::{Sides, by_category, by_quantile, largest_gap, stability_index};
pub use ranking::{ranking, ranks};
pub use threshold::{Basis, Proposal, proposal};
