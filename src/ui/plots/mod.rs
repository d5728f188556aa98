//! Charts: SVG over the geometry of `chart`, and one canvas for what is dense.

pub mod axes;
pub mod density;
pub mod pixels;
pub mod scores;
pub mod spread;
