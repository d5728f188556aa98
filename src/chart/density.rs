//! A grid of cells painted as an image: how dark each is, and which one a pointer means.

use super::path::Rect;

/// The shade of a single row among many.
pub const FAINTEST: u8 = 40;

/// How dark each cell is: 0 where it is empty, up to 255 at the largest count, by logarithm.
///
/// A single row is never fainter than [`FAINTEST`], so nothing that is there disappears.
///
/// # Examples
///
/// ```
/// use isoscope::chart::density::{FAINTEST, shades};
///
/// assert_eq!(shades(&[0, 1, 40, 9_999]), [0, FAINTEST, 126, 255]);
/// assert_eq!(shades(&[0, 3, 3]), [0, 255, 255]);
/// ```
pub fn shades(counts: &[u32]) -> Vec<u8> {
    let largest = counts.iter().copied().max().unwrap_or(0);
    let depth = libm::log(f64::from(largest));
    // Counts repeat: a logarithm each is most of the cost of a grid, so small ones are kept.
    let shade = |count: u32| match count {
        0 => 0,
        _ if count == largest => u8::MAX,
        _ => {
            let t = libm::log(f64::from(count)) / depth;
            let shade = f64::from(FAINTEST) + t * f64::from(u8::MAX - FAINTEST);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 255")]
            let shade = shade.round() as u8;
            shade
        }
    };
    let few: Vec<u8> = (0..largest.min(256)).map(shade).collect();
    counts.iter().map(|&n| few.get(n as usize).copied().unwrap_or_else(|| shade(n))).collect()
}

/// A grid of `n_columns × n_lines` equal cells over an area of pixels.
///
/// Cell `(column, line)` has number `line · n_columns + column`. Line 0 is the lowest, while
/// pixels count from the top, as they do on a canvas.
///
/// # Examples
///
/// ```
/// use isoscope::chart::Cells;
///
/// let cells = Cells::new((4, 2), (400.0, 100.0));
/// assert_eq!(cells.cell_at(10.0, 90.0), Some(0));
/// assert_eq!(cells.cell_at(390.0, 10.0), Some(7));
/// assert_eq!(cells.cell_at(400.5, 10.0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cells {
    n_columns: u32,
    n_lines: u32,
    width: f64,
    height: f64,
}

impl Cells {
    /// Divides an area of `size` pixels (width, height) into `shape` cells (across, up).
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Cells;
    ///
    /// let cells = Cells::new((10, 10), (300.0, 200.0));
    /// assert_eq!(cells.rect(0).width, 30.0);
    /// ```
    pub fn new((n_columns, n_lines): (u32, u32), (width, height): (f64, f64)) -> Self {
        Self { n_columns, n_lines, width, height }
    }

    /// The cell under a point, or `None` outside the area.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Cells;
    ///
    /// // The right and the lower edge still belong to the area.
    /// assert_eq!(Cells::new((2, 2), (10.0, 10.0)).cell_at(10.0, 10.0), Some(1));
    /// ```
    pub fn cell_at(&self, x: f64, y: f64) -> Option<usize> {
        let column = part(x, self.width, self.n_columns)?;
        let line = part(self.height - y, self.height, self.n_lines)?;
        Some(line * self.n_columns as usize + column)
    }

    /// Where a cell stands.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::{Cells, Rect};
    ///
    /// let cells = Cells::new((2, 2), (10.0, 20.0));
    /// assert_eq!(cells.rect(3), Rect { x: 5.0, y: 0.0, width: 5.0, height: 10.0 });
    /// ```
    pub fn rect(&self, cell: usize) -> Rect {
        let n_columns = self.n_columns.max(1) as usize;
        let (column, line) = ((cell % n_columns) as f64, (cell / n_columns) as f64);
        let (width, height) = self.cell_size();
        Rect { x: column * width, y: self.height - (line + 1.0) * height, width, height }
    }

    /// The middle of a cell: where a mark for it stands.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Cells;
    ///
    /// assert_eq!(Cells::new((2, 2), (10.0, 20.0)).middle(0), (2.5, 15.0));
    /// ```
    pub fn middle(&self, cell: usize) -> (f64, f64) {
        let Rect { x, y, width, height } = self.rect(cell);
        (x + width / 2.0, y + height / 2.0)
    }

    /// The cell that is not empty whose middle is nearest to a point, within `radius` pixels.
    ///
    /// The cell right under the point is taken if it is not empty. Of equally near ones the first
    /// wins. Looks only at the cells around the point, so it can run at every move of a pointer.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope::chart::Cells;
    ///
    /// let cells = Cells::new((3, 1), (30.0, 10.0));
    /// assert_eq!(cells.nearest(&[0, 0, 5], 12.0, 5.0, 15.0), Some(2));
    /// assert_eq!(cells.nearest(&[0, 0, 5], 12.0, 5.0, 5.0), None);
    /// ```
    pub fn nearest(&self, counts: &[u32], x: f64, y: f64, radius: f64) -> Option<usize> {
        let is_taken = |cell: &usize| counts.get(*cell).is_some_and(|&count| count > 0);
        if let Some(cell) = self.cell_at(x, y).filter(is_taken) {
            return Some(cell);
        }
        let columns = parts_between(x - radius, x + radius, self.width, self.n_columns);
        let up = self.height - y;
        let lines = parts_between(up - radius, up + radius, self.height, self.n_lines);
        let distance = |cell: usize| {
            let (middle_x, middle_y) = self.middle(cell);
            libm::hypot(middle_x - x, middle_y - y)
        };
        lines
            .flat_map(|line| {
                columns.clone().map(move |column| line * self.n_columns as usize + column)
            })
            .filter(is_taken)
            .map(|cell| (distance(cell), cell))
            .filter(|&(distance, _)| distance <= radius)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, cell)| cell)
    }

    fn cell_size(&self) -> (f64, f64) {
        (
            self.width / f64::from(self.n_columns.max(1)),
            self.height / f64::from(self.n_lines.max(1)),
        )
    }
}

/// The cells that hold a flagged row: whose highest-scoring row scores at least `threshold`.
///
/// `top_rows` names that row per cell and `u32::MAX` where a cell is empty; `scores` is by row, and
/// empty while nothing has been scored.
///
/// # Examples
///
/// ```
/// use isoscope::chart::density::flagged;
///
/// let cells: Vec<_> = flagged(&[1, u32::MAX, 0], &[0.4, 0.7], 0.5).collect();
/// assert_eq!(cells, [0]);
/// ```
pub fn flagged(top_rows: &[u32], scores: &[f64], threshold: f64) -> impl Iterator<Item = usize> {
    // `u32::MAX` is beyond any table, so an empty cell has no score.
    let is_flagged = move |row: u32| scores.get(row as usize).is_some_and(|&s| s >= threshold);
    top_rows.iter().enumerate().filter(move |&(_, &row)| is_flagged(row)).map(|(cell, _)| cell)
}

/// Which of `n` equal parts of `length` holds `position`.
fn part(position: f64, length: f64, n: u32) -> Option<usize> {
    if n == 0 || !(0.0..=length).contains(&position) || length <= 0.0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to n")]
    let part = (position / length * f64::from(n)) as u32;
    Some(part.min(n - 1) as usize)
}

/// The parts that reach into an interval, which may lie beyond either end.
fn parts_between(from: f64, to: f64, length: f64, n: u32) -> std::ops::Range<usize> {
    let clamped = |position: f64| part(position.clamp(0.0, length.max(0.0)), length, n);
    match (clamped(from), clamped(to)) {
        (Some(first), Some(last)) => first..last + 1,
        _ => 0..0,
    }
}
