//! Learning the classes of a column: from a table to a model, and what it is worth.
//!
//! ```text
//! target ─▶ a class per row ─▶ split ─▶ what each row is there for
//! shards gather their rows ─▶ rounds: order, reports, next order ─▶ model
//! shards classify all rows ─▶ votes counted ─▶ figures of each set; what columns say, what could flatter
//! ```

mod applied;
mod baselines;
mod by_rows;
mod count;
mod course;
mod crew;
mod eyes;
mod fold;
mod json;
mod judge;
mod leaks;
mod lesson;
mod nodes;
mod race;
mod said;
mod split;
mod target;
mod train;
mod tune;
mod widened;
mod write;

use std::rc::Rc;

pub use baselines::{Comparison, compare};
pub use by_rows::by_rows;
pub use count::recount;
pub use train::{Watch, train};
pub use tune::{TuneWatch, tune};
pub use write::model;

use super::{
    super::{
        JobError,
        learned::{RowVotes, Trained},
    },
    Dictionary, Shards, Table,
};
use crate::engine::boost::{Model, value};

/// A training that stands.
#[derive(Debug, Clone)]
pub struct Classifier {
    /// What the page was told.
    pub trained: Rc<Trained>,
    /// The model; its features are those of `trained.spec`, in that order, and then what eyes added.
    pub model: Rc<Model>,
    /// The columns of its features, as shards number them.
    columns: Vec<u32>,
    /// What the codes of the added ones stand for.
    added: Rc<Vec<Dictionary>>,
    panel: Rc<count::Panel>,
    kept: Vec<count::Kept>,
}

/// What each column adds to the votes of a row, exactly; what is muted adds nothing.
///
/// # Errors
///
/// [`NoSuchRow`](JobError::NoSuchRow): it is beyond the table.
pub async fn votes<S: Shards>(
    shards: &mut S,
    table: &Table,
    classifier: &Classifier,
    row: u32,
) -> Result<RowVotes, JobError> {
    let n_rows = table.n_rows();
    if row >= n_rows {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let columns = &classifier.columns;
    let muted = &classifier.trained.spec.counting.muted;
    let except = count::except(table, classifier, muted);
    let credits = said::credits(shards, table, &classifier.model, columns, &except, &[row]).await?;
    let n_votes = classifier.model.n_votes();
    let mut sums = vec![0; n_votes];
    for votes in credits.chunks_exact(n_votes) {
        for (sum, vote) in sums.iter_mut().zip(votes) {
            *sum += vote;
        }
    }
    let by_column = credits.into_iter().map(value).collect();
    Ok(RowVotes { row, votes: sums.into_iter().map(value).collect(), by_column })
}
