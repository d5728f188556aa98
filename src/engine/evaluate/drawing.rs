//! Curves as they are drawn.

use serde::{Deserialize, Serialize};

use super::{
    curve::{Curve, Step},
    figure::Undefined,
};

/// A point of a drawn curve; both axes go from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// The lowest score that is flagged; none where no row is.
    pub threshold: Option<i64>,
    /// To the right.
    pub x: f64,
    /// Upwards.
    pub y: f64,
}

/// A curve is drawn with at most so many points.
pub const MOST_POINTS: usize = 400;

/// How far a drawn curve may be from the true one, unless that takes too many points: a quarter of a
/// pixel where an axis has 500.
const TOLERANCE: f64 = 1.0 / 2000.0;

impl Curve {
    /// The ROC curve: the true positive rate (upwards) by the false positive rate, one point per
    /// distinct score after one that flags nothing. Neither rate ever falls.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoPositives`](Undefined::NoPositives),
    /// [`NoNegatives`](Undefined::NoNegatives).
    pub fn roc(&self) -> Result<Vec<Point>, Undefined> {
        let [p, n] = self.both_sides()?;
        let mut points = vec![Point { threshold: None, x: 0.0, y: 0.0 }];
        for &Step { score, true_positives, false_positives } in self.steps() {
            let x = f64::from(false_positives) / n as f64;
            let y = f64::from(true_positives) / p as f64;
            points.push(Point { threshold: Some(score), x, y });
        }
        Ok(points)
    }

    /// The precision–recall curve: precision (upwards) by recall, one point per distinct score. Where
    /// nothing is flagged there is no precision, so there is no point for it.
    ///
    /// # Errors
    ///
    /// [`NoRows`](Undefined::NoRows), [`NoPositives`](Undefined::NoPositives).
    pub fn precision_recall(&self) -> Result<Vec<Point>, Undefined> {
        if self.n_positives() == 0 {
            self.both_sides()?;
        }
        let p = f64::from(self.n_positives());
        let mut points = Vec::with_capacity(self.steps().len());
        for &Step { score, true_positives, false_positives } in self.steps() {
            let hits = f64::from(true_positives);
            let y = hits / (hits + f64::from(false_positives));
            points.push(Point { threshold: Some(score), x: hits / p, y });
        }
        Ok(points)
    }
}

/// Returns at most [`MOST_POINTS`] of a curve's points: the first, the last, and as many between as
/// it takes for the lines between them to stay by the curve.
///
/// Every point left out is within a tolerance of the line that replaces it, or twice that where the
/// curve turns back: a two-thousandth of an axis, doubled until few enough points are left. Takes
/// O(n) time per doubling.
///
/// # References
///
/// C. M. Williams, *An efficient algorithm for the piecewise linear approximation of planar curves*,
/// Computer Graphics and Image Processing 8, 1978: the cone of directions.
pub fn thinned(points: &[Point]) -> Vec<Point> {
    let mut kept = points.to_vec();
    let mut tolerance = TOLERANCE;
    while kept.len() > MOST_POINTS {
        kept = within(points, tolerance);
        tolerance *= 2.0;
    }
    kept
}

/// The fewest points, taken greedily, whose lines pass all others within `tolerance`.
fn within(points: &[Point], tolerance: f64) -> Vec<Point> {
    let (first, last) = (points[0], points[points.len() - 1]);
    let mut kept = vec![first];
    let mut cone = Cone::new(first, tolerance);
    for pair in points.windows(2) {
        if !cone.takes(pair[1]) {
            kept.push(pair[0]);
            cone = Cone::new(pair[0], tolerance);
            cone.takes(pair[1]);
        }
    }
    kept.push(last);
    kept
}

/// The directions in which a line from one point passes all that follow it closely.
struct Cone {
    from: Point,
    tolerance: f64,
    /// How far the farthest of them is.
    farthest: f64,
    /// The right and the left end of the directions; none as long as all are left.
    ends: Option<[[f64; 2]; 2]>,
}

impl Cone {
    fn new(from: Point, tolerance: f64) -> Self {
        Self { from, tolerance, farthest: 0.0, ends: None }
    }

    /// Whether a line to `to` passes all points before it; if so, later lines are to pass it too.
    fn takes(&mut self, to: Point) -> bool {
        let [x, y] = [to.x - self.from.x, to.y - self.from.y];
        let distance = (x * x + y * y).sqrt();
        if distance < self.farthest - self.tolerance {
            return false;
        }
        self.farthest = self.farthest.max(distance);
        if distance <= self.tolerance {
            return true;
        }
        let sine = self.tolerance / distance;
        let cosine = (1.0 - sine * sine).sqrt();
        let mut right = [cosine * x + sine * y, cosine * y - sine * x];
        let mut left = [cosine * x - sine * y, cosine * y + sine * x];
        if let Some([rightmost, leftmost]) = self.ends {
            if cross(rightmost, [x, y]) < 0.0 || cross([x, y], leftmost) < 0.0 {
                return false;
            }
            if cross(rightmost, right) < 0.0 {
                right = rightmost;
            }
            if cross(left, leftmost) < 0.0 {
                left = leftmost;
            }
        }
        self.ends = Some([right, left]);
        true
    }
}

/// Above 0 where `b` is to the left of `a`.
fn cross(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}
