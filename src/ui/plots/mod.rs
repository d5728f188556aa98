//! Charts: SVG over the geometry of `chart`, and one canvas for what is dense.

pub mod axes;
pub mod brush;
pub mod canvas;
pub mod density;
pub mod frame;
pub mod hue;
pub mod lanes;
pub mod pixels;
pub mod scores;
pub mod spread;
