//! Bytes to records: what a file's separators are, and the parser that never fails.

mod dialect;
mod notice;
pub mod records;
pub mod runs;
mod scanner;
pub mod sniff;

pub use dialect::{Dialect, LineEnd, Overrides};
pub use notice::{Notice, NoticeKind};
