//! Jobs over many shards: ask, merge, tell.

mod cases;
mod codes;
mod columns;
mod copies;
mod counterfactual;
mod detect;
mod detection;
mod drift;
mod entities;
mod explain;
mod export;
mod grid;
mod learn;
mod load;
mod look;
mod map;
mod meaning;
mod memory;
mod positions;
mod preview;
mod repairs;
mod rows;
mod select;
mod similar;
mod steadiness;
mod table;

use std::ops::Range;

pub use cases::cases;
pub use counterfactual::counterfactual;
pub use detect::{DetectSpec, detect, judge};
pub use detection::Detection;
pub use drift::drift;
pub use entities::entities;
pub use explain::{inspect, reasons};
pub use export::{Results, export};
pub use grid::grid;
pub use learn::{
    Classifier, Comparison, TuneWatch, Watch, by_rows, compare, model, recount, train, tune, votes,
};
pub use load::{commit, load, read};
pub use look::look;
pub use positions::positions;
pub use preview::{Preview, preview};
pub use rows::rows;
pub use select::{selected, view};
pub use similar::similar;
pub use steadiness::steadiness;
pub use table::{Dictionary, Table};

use super::{
    JobError,
    message::{Answer, Question},
};

/// The shards and the file of one request, as its job sees them.
///
/// Answers of other requests never arrive here.
#[expect(async_fn_in_trait, reason = "one thread, one crate: no bound on the futures is needed")]
pub trait Shards {
    /// How many there are.
    fn n_shards(&self) -> u32;
    /// Bytes of memory that a table and its scores may take.
    fn room(&self) -> u64 {
        u64::MAX
    }
    /// How finely the work is cut. It cannot be seen in the result.
    fn grain(&self) -> Grain {
        Grain::default()
    }
    /// Asks a shard; its answers come in time.
    fn ask(&mut self, shard: u32, question: Question);
    /// Waits for the next answer of any shard.
    async fn answer(&mut self) -> Result<(u32, Answer), JobError>;
    /// Reads bytes of the file.
    async fn read(&mut self, range: Range<u64>) -> Result<Vec<u8>, JobError>;
    /// Lets others have their turn, if it is time to: for work that waits for no shard.
    async fn rest(&mut self) {}
}

/// How finely the reading of a file is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grain {
    /// Bytes below which a second shard is not worth its messages.
    pub least_range: u64,
    /// Bytes that a shard reads at a time.
    pub piece: u64,
    /// How far a shard that may have begun inside a quoted cell looks past its range.
    pub patience: u64,
    /// Codes that are summed while a message goes there and back: a shard that would take fewer off the
    /// conductor does not help it to train.
    pub worth_a_message: usize,
}

impl Default for Grain {
    fn default() -> Self {
        Self { least_range: 1 << 16, piece: 1 << 22, patience: 1 << 20, worth_a_message: 3 << 20 }
    }
}

/// Asks some shards and waits for all; partial answers go to `hear`, the last ones are returned
/// in the order of the shards asked.
async fn ask_all<S: Shards>(
    shards: &mut S,
    questions: impl IntoIterator<Item = (u32, Question)>,
    mut hear: impl FnMut(u32, Answer),
) -> Result<Vec<(u32, Answer)>, JobError> {
    let mut n_open = 0;
    for (shard, question) in questions {
        shards.ask(shard, question);
        n_open += 1;
    }
    let mut answers = Vec::with_capacity(n_open);
    while answers.len() < n_open {
        let (shard, answer) = shards.answer().await?;
        if answer.is_partial() {
            hear(shard, answer);
        } else {
            let place = answers.partition_point(|&(there, _)| there < shard);
            answers.insert(place, (shard, answer));
        }
    }
    Ok(answers)
}

/// The same question to every shard.
fn to_all(n_shards: u32, question: impl Fn(u32) -> Question) -> Vec<(u32, Question)> {
    (0..n_shards).map(|shard| (shard, question(shard))).collect()
}

/// The same to every shard, where no answer is awaited.
fn to_each<S: Shards>(shards: &mut S, question: impl Fn() -> Question) {
    for shard in 0..shards.n_shards() {
        shards.ask(shard, question());
    }
}
