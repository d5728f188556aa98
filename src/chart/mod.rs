//! Pure geometry of charts: scales, ticks, bins, paths, grids, lists. No DOM, no colour.
//!
//! Data go in, positions in pixels and strings for SVG come out; `ui` says what is drawn there.
//! The algebra is d3's: a [`Scale`] has a domain (data) and a range (pixels), maps, inverts, and
//! proposes [`Tick`]s. Nothing here answers NaN to finite data, however degenerate the domain.
//!
//! # Examples
//!
//! A score histogram, 600 × 120 pixels, counts on a logarithmic axis:
//!
//! ```
//! use isoscope::chart::{Histogram, Scale, path};
//!
//! let scores = [0.41, 0.42, 0.42, 0.44, 0.47, 0.81];
//! let histogram = Histogram::new(scores, (0.4, 0.9), 5);
//! let x = Scale::linear(histogram.domain(), (0.0, 600.0));
//! let y = Scale::log((0.0, f64::from(histogram.max())), (120.0, 0.0));
//! let bars = histogram.bars(&x, &y);
//! assert_eq!(histogram.counts(), [5, 0, 0, 0, 1]);
//! assert!(bars[4].height > 30.0, "one row among many can still be seen");
//! assert!(path::rects(&bars).starts_with("M0.5"));
//! ```

mod bars;
mod calendar;
pub mod density;
pub mod format;
mod handle;
mod histogram;
pub mod lanes;
mod list;
pub mod parallel;
pub mod path;
mod scale;
mod ticks;

pub use bars::{SignedBar, signed_bars};
pub use density::Cells;
pub use handle::{Handle, Nudge};
pub use histogram::Histogram;
pub use list::{Place, VirtualList};
pub use path::Rect;
pub use scale::{Kind, Scale};
pub use ticks::Tick;
