//! Extended isolation forest: cuts across several columns at once.
//!
//! A forest's cuts are parallel to the axes, so its scores have ghosts where the ranges of two
//! clusters cross, and it is blind to rows that are odd only as a combination: tall and light. Here
//! every cut is a plane with a random slope through some columns, level + 1 of those that vary in
//! the node; all else is as in a forest: samples of ψ rows, the height limit, c(n), the score.
//!
//! ```text
//! Samples::draw ─▶ the rows of each tree ─▶ ExtendedGrower ─▶ Extended (plain data, to every shard)
//! ExtendedScorer::new(&extended) ─▶ scores, reasons (all rows, chunk by chunk), explain (one row)
//! ```
//!
//! # A cut
//!
//! Of the columns that vary in a node level + 1 are drawn. Each gets a weight: a normal deviate
//! over the standard deviation of the column *in this node*, so that units and outliers elsewhere
//! do not matter. The threshold is drawn between the smallest and the largest weighted sum of the
//! node's rows, so that each side holds some. (The paper draws a point in the node's bounding box;
//! where its columns hang together such a plane often leaves all rows on one side.) With level 0
//! this is the isolation forest again.
//!
//! # Missing values and categories
//!
//! A missing value counts as the node's mean of its column: it pulls to neither side. So a value
//! that is missing makes a row rather more ordinary, and is never a reason; that is what a forest
//! finds.
//!
//! Every tree puts the categories of an unordered column into a random order, and their numbers are
//! their places; those that its sample does not hold stand behind the last.
//!
//! # Why this row
//!
//! As in a forest, a step from a node to its child moves the path to expect. The move is shared out
//! among the columns of the cut by how much each pushed the row to the side it took: wⱼ·(xⱼ − mean
//! of the node), as far as it has the right sign. Shares are rounded to the grid that paths are on
//! and the largest takes the rest, so that contributions add up to the path exactly.
//!
//! # Examples
//!
//! ```
//! use isoscope_engine::{
//!     extended::{ExtendedGrower, ExtendedScorer},
//!     forest::{ForestParams, Samples},
//!     matrix::{Codes, Feature},
//! };
//! use ndarray::Array2;
//!
//! // A line y = x of 200 rows, and a row beside it that is ordinary in both columns.
//! let values: Vec<f64> = (0..200).map(f64::from).collect();
//! let features = [Feature::ranked(values.clone()), Feature::ranked(values)];
//! let x: Vec<u8> = (0..200).chain([50]).collect();
//! let y: Vec<u8> = (0..200).chain([150]).collect();
//!
//! let samples = Samples::draw(ForestParams::default(), 201)?;
//! let sample = Array2::from_shape_fn((201, 2), |(row, column)| [x[row], y[row]][column].into());
//! let extended = ExtendedGrower::new(&samples, &features, sample.view(), 1)?.finish();
//!
//! let mut scores = vec![0.0; 201];
//! ExtendedScorer::new(&extended).scores(&[Codes::U8(&x), Codes::U8(&y)], &mut scores);
//! assert!((0..200).all(|row| scores[row] < scores[200]));
//! # Ok::<(), isoscope_engine::forest::FitError>(())
//! ```
//!
//! # References
//!
//! S. Hariri, M. Carrasco Kind, R. J. Brunner, *Extended Isolation Forest*, IEEE TKDE 33, 2021,
//! doi 10.1109/TKDE.2019.2947676, algorithms 1 to 3. Slopes by the node's deviations and thresholds
//! among the node's sums are those of D. Cortes's isotree, whose figures are met.

mod answers;
mod grow;
mod growing;
mod kernel;
mod model;
mod places;
mod score;
mod shares;
mod tree;

pub use grow::ExtendedGrower;
pub use score::ExtendedScorer;
pub use tree::{Cut, Extended};

/// The extension level where nobody says otherwise: two columns per cut.
///
/// More columns blur what a single one shows; the paper's figures hardly rise beyond.
pub const DEFAULT_LEVEL: u32 = 1;
