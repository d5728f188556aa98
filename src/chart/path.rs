//! Shapes as the `d` of an SVG path: one element for many marks.

use std::fmt::Write;

/// A rectangle in pixels; `y` is its top, as in SVG.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "said above")]
pub struct Rect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// All rectangles that have an area, as one path.
///
/// # Examples
///
/// ```
/// use isoscope::chart::{Rect, path};
///
/// let bar = Rect { x: 10.0, y: 5.0, width: 4.0, height: 20.0 };
/// assert_eq!(path::rects(&[bar, Rect { height: 0.0, ..bar }]), "M10 5h4v20h-4z");
/// ```
pub fn rects(rects: &[Rect]) -> String {
    let mut d = String::new();
    for r in rects.iter().filter(|r| r.width > 0.0 && r.height > 0.0) {
        let (width, height, back) = (Px(r.width), Px(r.height), Px(-r.width));
        push(&mut d, format_args!("M{} {}h{width}v{height}h{back}z", Px(r.x), Px(r.y)));
    }
    d
}

/// The outline over adjacent bars, from foot to foot: the shape of a histogram.
///
/// # Examples
///
/// ```
/// use isoscope::chart::{Rect, path};
///
/// let bars = [
///     Rect { x: 0.0, y: 6.0, width: 5.0, height: 4.0 },
///     Rect { x: 5.0, y: 9.0, width: 5.0, height: 1.0 },
/// ];
/// assert_eq!(path::steps(&bars), "M0 10V6H5V9H10V10");
/// ```
pub fn steps(bars: &[Rect]) -> String {
    let (Some(first), Some(last)) = (bars.first(), bars.last()) else {
        return String::new();
    };
    let mut d = String::new();
    push(&mut d, format_args!("M{} {}", Px(first.x), Px(first.y + first.height)));
    for bar in bars {
        push(&mut d, format_args!("V{}H{}", Px(bar.y), Px(bar.x + bar.width)));
    }
    push(&mut d, format_args!("V{}", Px(last.y + last.height)));
    d
}

/// A line through `points`; where one is `None` the line is broken.
///
/// # Examples
///
/// ```
/// use isoscope::chart::path;
///
/// let points = [Some((0.0, 1.0)), Some((2.0, 3.5)), None, Some((4.0, 0.0))];
/// assert_eq!(path::line(points), "M0 1L2 3.5M4 0");
/// ```
pub fn line(points: impl IntoIterator<Item = Option<(f64, f64)>>) -> String {
    let mut d = String::new();
    let mut pen = 'M';
    for point in points {
        let Some((x, y)) = point else {
            pen = 'M';
            continue;
        };
        push(&mut d, format_args!("{pen}{} {}", Px(x), Px(y)));
        pen = 'L';
    }
    d
}

fn push(d: &mut String, part: std::fmt::Arguments<'_>) {
    d.write_fmt(part).expect("writing to a string cannot fail");
}

/// A length to a hundredth of a pixel: finer than any screen, short in the document.
struct Px(f64);

impl std::fmt::Display for Px {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Adding zero turns −0 into 0.
        write!(f, "{}", (self.0 * 100.0).round() / 100.0 + 0.0)
    }
}
