//! Words: how the page names what the protocol only marks.

mod columns;
mod labels;
mod notices;
mod recognition;
mod values;
mod verdicts;

pub use columns::*;
pub use labels::*;
pub use notices::*;
pub use recognition::*;
pub use values::*;
pub use verdicts::*;
