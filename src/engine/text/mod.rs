//! Bytes to records: what a file's separators are, and the parser that never fails.

mod candidates;
mod dialect;
mod encoding;
mod evidence;
mod mend;
mod notice;
mod opening;
pub mod records;
mod rules;
pub mod runs;
mod scanner;
pub mod sniff;

pub use dialect::{Dialect, Escape, LineEnd, Overrides, Sign};
pub(crate) use encoding::push;
pub use encoding::{Decoder, Encoding};
pub use evidence::{Evidence, Finding, Tried};
pub use notice::{Example, Notice, NoticeKind, Treatment};
pub use rules::{Class, Rules, Sketch};
