//! Words: how the page names what the protocol only marks.

mod columns;
mod labels;
mod notices;
mod place;
mod recognition;
mod values;
mod verdicts;

pub use columns::*;
pub use labels::*;
pub use notices::*;
pub use place::place;
pub use recognition::*;
pub use values::*;
pub use verdicts::*;
