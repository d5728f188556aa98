//! A grid as pixels: density in calm, flagged cells on top in the colours of oddness.

use crate::chart::density::shades;
use crate::protocol::{Found, Grid, GroupBy, arrange};
use crate::ui::triage::{self, Severity};

/// A colour, red, green, blue.
pub type Rgb = [u8; 3];

/// What the pixels are painted with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Palette {
    /// Ordinary rows.
    pub calm: Rgb,
    /// Flagged rows: low or medium, high, critical.
    pub odd: [Rgb; 3],
    /// Groups of rows.
    pub hues: [Rgb; GroupBy::MOST as usize],
}

impl Palette {
    /// The colour of a severity.
    fn of(&self, severity: Severity) -> Rgb {
        match severity {
            Severity::Ordinary => self.calm,
            Severity::Low | Severity::Medium => self.odd[0],
            Severity::High => self.odd[1],
            Severity::Critical => self.odd[2],
        }
    }
}

/// How many pixels a cell measures, each way.
pub const CELL: u32 = 2;
/// A mark is at least that many pixels larger than its cell, to each side, while there are few…
const SPREAD: [(usize, usize); 2] = [(1_500, 2), (12_000, 1)];
/// Bytes of a pixel: red, green, blue, opacity.
const RGBA: usize = 4;

/// The picture of a grid, ready to be painted at any threshold.
#[derive(Debug)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    density: Vec<u8>,
    /// Cells that hold a row, the highest score first.
    marks: Vec<Mark>,
}

/// A cell, by the highest score in it.
#[derive(Debug)]
struct Mark {
    score: f64,
    /// Its upper left pixel.
    x: usize,
    y: usize,
    colour: Rgb,
}

impl Picture {
    /// Paints the density of all rows, and sorts the cells by their highest score. Where rows are in groups,
    /// cells have the colours of those; what was said of single rows is always seen.
    pub fn new(grid: &Grid, found: &Found, palette: &Palette) -> Self {
        let (n_columns, n_lines) = (grid.spec.width as usize, grid.spec.height as usize);
        let cell = CELL as usize;
        let (width, height) = (n_columns * cell, n_lines * cell);
        // Lines count from below, pixels from above.
        let corner = |i: usize| ((i % n_columns) * cell, (n_lines - 1 - i / n_columns) * cell);
        let hue = |i: usize| palette.hues.get(usize::from(*grid.groups.get(i)?)).copied();
        let is_of_groups = !grid.groups.is_empty();
        let is_always_seen = grid.group_names.is_empty();
        let mut density = vec![0; width * height * RGBA];
        for (i, shade) in shades(&grid.counts).into_iter().enumerate().filter(|&(_, s)| s > 0) {
            let (x, y) = corner(i);
            fill(
                &mut density,
                width,
                (x, y),
                (cell, cell),
                hue(i).unwrap_or(palette.calm),
                opacity(shade),
            );
        }
        let mut marks: Vec<Mark> = grid
            .top_rows
            .iter()
            .enumerate()
            .filter_map(|(i, &row)| {
                let score = *found.scores.get(row as usize)?;
                let severity = Severity::of_rank(triage::rank(found, score), triage::n_rows(found));
                let (x, y) = corner(i);
                let colour = match hue(i) {
                    Some(hue) => hue,
                    None if is_of_groups => palette.calm,
                    None => palette.of(severity),
                };
                let is_said = hue(i).is_some() && is_always_seen;
                Some(Mark { score: if is_said { f64::INFINITY } else { score }, x, y, colour })
            })
            .collect();
        arrange(&mut marks, |a, b| b.score.total_cmp(&a.score));
        Self { width: px(width), height: px(height), density, marks }
    }

    /// The pixels with every cell on top whose highest score reaches the threshold.
    pub fn paint(&self, threshold: f64) -> Vec<u8> {
        let n_flagged = self.marks.partition_point(|mark| mark.score >= threshold);
        let spread = SPREAD.iter().find(|&&(most, _)| n_flagged <= most).map_or(0, |&(_, s)| s);
        let (width, height) = (self.width as usize, self.height as usize);
        let mut pixels = self.density.clone();
        // The highest last, so that no lower one hides it.
        for mark in self.marks[..n_flagged].iter().rev() {
            let (x, y) = (mark.x.saturating_sub(spread), mark.y.saturating_sub(spread));
            let right = (mark.x + CELL as usize + spread).min(width);
            let bottom = (mark.y + CELL as usize + spread).min(height);
            fill(&mut pixels, width, (x, y), (right - x, bottom - y), mark.colour, u8::MAX);
        }
        pixels
    }
}

/// A single row must be seen on paper and on ink: the faintest shade is still half opaque.
fn opacity(shade: u8) -> u8 {
    const FAINTEST: u8 = 110;
    let range = u16::from(u8::MAX - FAINTEST);
    let above = u16::from(shade) * range / u16::from(u8::MAX);
    FAINTEST + u8::try_from(above).expect("a part of the range")
}

/// Fills a rectangle that lies within the picture.
fn fill(
    pixels: &mut [u8],
    width: usize,
    (x, y): (usize, usize),
    size: (usize, usize),
    [red, green, blue]: Rgb,
    opacity: u8,
) {
    for line in y..y + size.1 {
        let start = (line * width + x) * RGBA;
        for pixel in pixels[start..start + size.0 * RGBA].chunks_exact_mut(RGBA) {
            pixel.copy_from_slice(&[red, green, blue, opacity]);
        }
    }
}

fn px(pixels: usize) -> u32 {
    u32::try_from(pixels).expect("a picture fits a screen")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::protocol::{AxisOf, AxisScale, GridSpec};
    use crate::ui::triage::tests::found;

    const PALETTE: Palette = Palette {
        calm: [9, 9, 9],
        odd: [[1, 0, 0], [2, 0, 0], [3, 0, 0]],
        hues: [[0, 7, 0]; GroupBy::MOST as usize],
    };

    /// Two cells beside each other and two empty ones above.
    pub(crate) fn grid() -> Grid {
        Grid {
            spec: GridSpec {
                x: AxisOf::Column(0),
                y: AxisOf::Score,
                x_scale: AxisScale::Linear,
                y_scale: AxisScale::Linear,
                width: 20,
                height: 20,
                by: None,
            },
            x_domain: (0.0, 1.0),
            y_domain: (0.0, 1.0),
            x_names: vec![],
            y_names: vec![],
            counts: {
                let mut counts = vec![0; 400];
                counts[0] = 3;
                counts[399] = 1;
                counts.into()
            },
            top_scores: vec![0.0; 400].into(),
            top_rows: {
                let mut rows = vec![u32::MAX; 400];
                rows[0] = 0;
                rows[399] = 1;
                rows.into()
            },
            groups: vec![].into(),
            group_names: vec![],
            n_missing: 0,
            n_elsewhere: 0,
            components: vec![],
        }
    }

    fn pixel(pixels: &[u8], x: usize, y: usize) -> [u8; 4] {
        let start = (y * 40 + x) * RGBA;
        [pixels[start], pixels[start + 1], pixels[start + 2], pixels[start + 3]]
    }

    #[test]
    fn density_lies_below_and_flagged_cells_on_top() {
        let picture = Picture::new(&grid(), &found(&[0.4, 0.8], None), &PALETTE);
        let none = picture.paint(0.9);
        assert_eq!(pixel(&none, 0, 39), [9, 9, 9, 255]);
        assert_eq!(pixel(&none, 39, 0)[..3], [9, 9, 9]);
        assert_eq!(pixel(&none, 20, 20), [0, 0, 0, 0]);
        let one = picture.paint(0.8);
        assert_eq!(pixel(&one, 39, 0), [3, 0, 0, 255]);
        assert_eq!(pixel(&one, 36, 3), [3, 0, 0, 255]);
        assert_eq!(pixel(&one, 35, 0), [0, 0, 0, 0]);
        assert_eq!(pixel(&one, 0, 39), [9, 9, 9, 255]);
    }

    #[test]
    fn groups_have_their_colours_and_what_was_said_is_always_seen() {
        let mut said = grid();
        said.groups = vec![GroupBy::MOST; 400].into();
        said.groups.0[399] = 1;
        let picture = |grid: &Grid| Picture::new(grid, &found(&[0.4, 0.8], None), &PALETTE);
        let none = picture(&said).paint(0.9);
        assert_eq!(pixel(&none, 36, 3), [0, 7, 0, 255]);
        assert_eq!(pixel(&none, 0, 39), [9, 9, 9, 255]);
        // A label is everywhere: only what is flagged stands out.
        said.group_names = vec!["a".to_owned(), "b".to_owned()];
        let none = picture(&said).paint(0.9);
        assert_eq!((pixel(&none, 39, 0)[..3].to_vec(), pixel(&none, 36, 3)[3]), (vec![0, 7, 0], 0));
        assert_eq!(pixel(&picture(&said).paint(0.8), 36, 3), [0, 7, 0, 255]);
    }
}
