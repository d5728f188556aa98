//! What scores are worth: rankings and where to cut them, and how rows differ from others; and, where
//! there are labels, what to learn from, what to judge by, and how well a classifier does.
//!
//! ```text
//! split ─▶ parts of the rows          leakage ─▶ what could flatter a test
//! scores, truth ─▶ Curve ─▶ AUC, average precision, drawn curves, cuts, calibration
//! predictions, truth ─▶ Confusion ─▶ Counts (one class against the rest) ─▶ precision, recall, F …
//! all of them ─▶ intervals: by formula (Wilson, DeLong), or by drawing rows again
//! ```

mod base_rate;
mod binary;
mod calibration;
mod chance;
mod confusion;
mod curve;
mod cuts;
mod drawing;
mod drift;
mod figure;
mod folds;
mod intervals;
mod leakage;
mod paired;
mod ranking;
mod resample;
mod split;
mod threshold;

pub use base_rate::{Workload, precision_at_base_rate};
pub use binary::Counts;
pub use calibration::{Platt, ReliabilityBin, calibration_error};
pub use chance::shuffled;
pub use confusion::{Confusion, Mean, Weight};
pub use curve::{Curve, Step, comparable};
pub use cuts::{Costs, Cut};
pub use drawing::{MOST_POINTS, Point, thinned};
pub use drift::{Sides, by_category, by_quantile, largest_gap, stability_index};
pub use figure::{Figure, Undefined};
pub use folds::{Folds, grouped_folds, stratified_folds};
pub use intervals::{Interval, wilson};
pub use leakage::{TOO_GOOD, Telltale, Twins, unseen_classes};
pub use paired::mcnemar;
pub use ranking::{ranking, ranks};
pub use resample::{DRAWS, bootstrap};
pub use split::{Part, Split, SplitError, SplitNote, by_file, by_group, by_time, stratified};
pub use threshold::{Basis, Proposal, proposal};
