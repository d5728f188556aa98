//! One job over many shards, still no web.

pub use crate::engine::bulk;
mod error;

pub use error::JobError;
