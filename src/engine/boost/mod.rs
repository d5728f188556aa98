//! AdaBoost on rank codes: rounds of small trees, each trained on what those before got wrong.
//!
//! Every row has a weight. A round asks for the tree that parts the classes best under these weights,
//! lets its leaves vote, and raises the weights of rows on which it erred. The model's answer is the
//! sum of all votes.
//!
//! ```text
//! each part    Rows::gather ─▶ census ───────────────┐                      ┌─▶ Part::new
//! conductor                     Booster::new ◀───────┴─ (sum) ─▶ plan ──────┘
//! each part    Part::obey(order) ─▶ report ─┐
//! conductor    Booster::take ◀──────────────┴─ (sum) ─▶ order, until there is none ─▶ Model
//! each part    Scorer::new(&model, …) ─▶ scores, contributions
//! ```
//!
mod booster;
mod cells;
mod census;
mod criterion;
mod histogram;
mod leaves;
mod message;
mod model;
mod params;
mod part;
mod plan;
mod rows;
mod score;
mod search;
mod tables;
mod test;
mod units;
mod walk;

use serde::{Deserialize, Serialize};

pub use booster::Booster;
pub use census::Census;
pub use histogram::Histogram;
pub use message::{Order, Report, Votes, Watched};
pub use model::{Ending, Model, Round, Split, Tree, predicted};
pub use params::{Learner, Params, ParamsError};
pub use part::Part;
pub use plan::{FEW_ROWS, Plan};
pub use rows::{Rows, Use};
pub use score::{Contributions, Mute, Scorer};
pub use tables::{Rules, Step, steps};
pub use test::{Sides, Test};
pub use units::{MEAN_WEIGHT, VOTE, value};

/// The most classes a model may tell apart.
pub const MAX_CLASSES: u32 = 50;

/// Why no model can be trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum FitError {
    #[error(transparent)]
    Params(#[from] ParamsError),
    #[error("there is no row to train on")]
    NoRows,
    #[error("all rows to train on are of one class")]
    OneClass,
    #[error("no column varies among the rows to train on")]
    NothingVaries,
    #[error("{found} weights are above the limit of {limit}")]
    TooManyRows { found: u64, limit: u64 },
}

impl FitError {
    /// The most weights there may be: rows, or rows × classes.
    pub const MAX_WEIGHTS: u64 = (1 << 31) - 1;
}
