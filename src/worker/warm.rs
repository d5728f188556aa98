//! Running in while nobody waits.
//!
//! Browsers first compile wasm quickly and badly, and well only what has run for a while: the first
//! load of a table would take almost twice as long as the second. So each shard does a small job
//! of every kind while the page stands idle. Well-compiled code is shared by all workers of a page.

use super::time::{now, yield_now};
use crate::{
    cluster::local::Local,
    engine::{forest::ForestParams, samples::Sample, text::Overrides},
};

/// Milliseconds after which enough has run.
const ENOUGH: f64 = 400.0;
/// Lines of the small job, and how many of them stand side by side: tables of logs are wide.
const LINES: usize = 1_200;
const SIDE_BY_SIDE: usize = 4;

/// Does small jobs until enough has run or `is_wanted` says that there is real work.
pub(super) async fn run_in(is_wanted: impl Fn() -> bool) {
    let table = wide_table();
    let end = now() + ENOUGH;
    while now() < end {
        yield_now().await;
        if is_wanted() || small_job(&table).is_none() {
            return;
        }
    }
}

/// Reads, scores, explains and writes a table: `None` should it ever fail, as it is not missed.
fn small_job(table: &[u8]) -> Option<()> {
    let mut local = Local::new(1);
    let n_columns = local.load(table.to_vec(), &Overrides::default()).ok()?.profile.columns.len();
    let features: Vec<u32> = (0..n_columns as u32).collect();
    let params = ForestParams { n_trees: 20, ..ForestParams::default() };
    local.detect(&features, params).ok()?;
    local.export(0.6).ok().map(drop)
}

fn wide_table() -> Vec<u8> {
    let csv = Sample::Office.csv(7);
    let lines = csv.split(|&byte| byte == b'\n').take(LINES);
    lines
        .flat_map(|line| [[line].repeat(SIDE_BY_SIDE).join(&b","[..]), b"\n".to_vec()].concat())
        .collect()
}
