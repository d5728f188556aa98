//! One job over many shards, still no web.

pub mod bulk;
mod error;

pub use error::JobError;
