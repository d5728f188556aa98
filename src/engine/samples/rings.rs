//! Rings and outliers in two dimensions.

use std::fmt::Write;

use super::draw::Draw;

pub(super) const N_ROWS: u32 = N_OUTER + N_INNER + N_CORE + N_OUTLIERS;
const N_OUTER: u32 = 2_600;
const N_INNER: u32 = 1_600;
const N_CORE: u32 = 700;
const N_OUTLIERS: u32 = 100;

/// Radii of the rings, and how far points stray from them.
const OUTER: (f64, f64) = (8.0, 0.28);
const INNER: (f64, f64) = (4.0, 0.22);
const CORE_SPREAD: f64 = 0.45;
/// Outliers lie in the square from −`HALF_SIDE` to `HALF_SIDE`, this far from any shape.
const HALF_SIDE: f64 = 11.0;
const CLEARANCE: f64 = 0.9;

pub(super) fn csv(seed: u64) -> String {
    let mut draw = Draw::new(seed, 0);
    let mut points = Vec::with_capacity(N_ROWS as usize);
    points.extend((0..N_OUTER).map(|_| (on_ring(OUTER, &mut draw), "outer ring")));
    points.extend((0..N_INNER).map(|_| (on_ring(INNER, &mut draw), "inner ring")));
    points.extend(
        (0..N_CORE).map(|_| ((CORE_SPREAD * draw.normal(), CORE_SPREAD * draw.normal()), "core")),
    );
    points.extend((0..N_OUTLIERS).map(|_| (outlier(&mut draw), "outlier")));
    shuffle(&mut points, &mut draw);

    let mut file = "x,y,label\n".to_owned();
    for ((x, y), label) in points {
        writeln!(file, "{x:.4},{y:.4},{label}").expect("writing to a string cannot fail");
    }
    file
}

fn on_ring((radius, spread): (f64, f64), draw: &mut Draw) -> (f64, f64) {
    let radius = radius + spread * draw.normal();
    let angle = core::f64::consts::TAU * draw.unit();
    (radius * libm::cos(angle), radius * libm::sin(angle))
}

/// A point of the square that belongs to no shape.
fn outlier(draw: &mut Draw) -> (f64, f64) {
    loop {
        let (x, y) = (draw.between(-HALF_SIDE, HALF_SIDE), draw.between(-HALF_SIDE, HALF_SIDE));
        let from_middle = libm::hypot(x, y);
        let is_clear = |radius: f64| (from_middle - radius).abs() > CLEARANCE;
        if is_clear(OUTER.0) && is_clear(INNER.0) && from_middle > 4.0 * CORE_SPREAD {
            return (x, y);
        }
    }
}

/// # References
///
/// R. Durstenfeld, *Algorithm 235: Random permutation*, Communications of the ACM 7, 1964.
fn shuffle<T>(items: &mut [T], draw: &mut Draw) {
    for n in (2..=items.len()).rev() {
        let other = draw.below(u32::try_from(n).expect("a short list")) as usize;
        items.swap(n - 1, other);
    }
}
