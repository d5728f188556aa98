//! One job over many shards, still no web.
//!
//! * A *shard* holds a contiguous range of rows and answers questions.
//! * The *conductor*'s jobs are futures over many shards: they ask, merge the answers in an order
//!   that cannot be seen in the result, and tell their progress. To drop one is to cancel it.
//! * `local` runs shards in this process: for tests, benches, and where no worker can be had.

pub use crate::engine::bulk;

pub mod added;
mod adding;
mod casing;
pub mod condition;
pub mod conductor;
pub mod counting;
mod drifting;
mod error;
pub mod findings;
mod fitting;
mod gridding;
mod halving;
mod incoming;
pub mod learned;
mod learning;
mod listing;
pub mod local;
mod matching;
pub mod message;
mod nearest;
mod projecting;
mod scoring;
mod selecting;
mod shard;
mod sights;
pub mod source;
pub mod step;
mod studying;
pub mod tuned;
pub mod view;
mod writing;

pub use error::JobError;
pub use shard::{Outcome, Shard, Task};
