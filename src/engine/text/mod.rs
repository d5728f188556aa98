//! Bytes to records: what a file's separators are, and the parser that never fails.

mod dialect;
mod encoding;
mod notice;
pub mod records;
pub mod runs;
mod scanner;
pub mod sniff;

pub use dialect::{Dialect, LineEnd, Overrides};
pub(in crate::engine) use encoding::push;
pub use encoding::{Decoder, Encoding};
pub use notice::{Notice, NoticeKind};
