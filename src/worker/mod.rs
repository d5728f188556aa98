//! The web side of the cluster: ports, workers, slices of files.
//!
//! The page starts one conductor, the conductor its shards: nested workers that share nothing and
//! speak by messages. All are the same program as the page, compiled once and sent along; what one
//! becomes is told to it at its start.
//! Where no worker can be started, conductor and shards live on the page's thread instead, behind
//! the same ports.

pub mod client;

mod blob;
mod boot;
mod clock;
mod conductor;
mod desk;
mod machine;
mod pieces;
mod port;
mod shard;
mod source;
mod spawn;
mod text;
mod time;
mod warm;

pub use boot::{is_worker, run};
