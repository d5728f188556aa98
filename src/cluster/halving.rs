//! A shard's rows in the half-forests: their paths, sorted, so that ranks are a look-up.

use super::{
    bulk::Bulk,
    message::Answer,
    shard::{BLOCK, Outcome, Shard},
    sights::{Grown, Sights},
};
use crate::engine::{
    arrange::sort_u32,
    forest::{HalfPaths, N_HALVES, Scorer, Trails},
    matrix,
};

/// What the half-forests make of a shard's rows: made when it is first asked for, and dropped with
/// the scores that it belongs to.
///
/// It is kept with them and not with the question: whoever asks next goes on where the last one was
/// stopped, and no answer mixes two forests.
#[derive(Debug, Default)]
pub(super) struct Halves {
    /// The paths of all rows, half by half; in the rows' order until there are all.
    paths: [Vec<u32>; N_HALVES],
    /// Halves that are sorted.
    n_sorted: usize,
    /// Whether the rows' trails are written down, or will not be.
    has_trails: bool,
}

/// Counts rows whose paths are shorter than some.
#[derive(Debug)]
pub(super) struct Halving {
    /// Paths: `rows × halves`.
    asked: Bulk<u32>,
}

impl Shard {
    /// The paths of some rows in the half-forests of the forest that stands.
    pub(super) fn half_paths(&mut self, rows: &[u32]) -> Answer {
        let rows: Vec<u32> = rows.iter().map(|row| row - self.first_row).collect();
        let codes = self.gathered(&self.sights.columns, &rows);
        let views: Vec<_> = codes.iter().map(|codes| matrix::Codes::U16(codes)).collect();
        let mut paths = vec![HalfPaths::default(); rows.len()];
        let forest = self.sights.forest().expect("rows are scored before they are halved");
        forest.scorer.half_paths(&views, &mut paths);
        Answer::HalfPaths(Bulk(paths.concat()))
    }
}

impl Halving {
    pub(super) fn new(asked: Bulk<u32>) -> Self {
        Self { asked }
    }

    /// Walks a block of rows, or sorts a half, or answers when all that is done.
    pub(super) fn step(&mut self, shard: &mut Shard) -> Outcome {
        let mut sights = std::mem::take(&mut shard.sights);
        let outcome = self.go_on(shard, &mut sights);
        shard.sights = sights;
        outcome
    }

    fn go_on(&self, shard: &Shard, sights: &mut Sights) -> Outcome {
        let views = shard.views(&sights.columns);
        let Some(Grown { scorer, halves, trails, .. }) = sights.forest() else {
            return Outcome::Ends(Answer::Shorter(None));
        };
        let start = halves.paths[0].len();
        let end = shard.n_rows.min(start + BLOCK);
        if start < end {
            let block: Vec<_> = views.iter().map(|column| column.slice(start..end)).collect();
            let mut paths = vec![HalfPaths::default(); end - start];
            scorer.half_paths(&block, &mut paths);
            halves.take(&paths, shard.n_rows);
            if end == shard.n_rows {
                scorer.forget();
            }
            Outcome::GoesOn
        } else if let Some(half) = halves.paths.get_mut(halves.n_sorted) {
            sort_u32(half);
            halves.n_sorted += 1;
            Outcome::GoesOn
        } else if !halves.has_trails {
            // Whoever looks at ranks may soon judge rows.
            if trails.is_none() {
                *trails = Trails::new(scorer);
            }
            let Some(trails) = trails else {
                halves.has_trails = true;
                return Outcome::GoesOn;
            };
            halves.has_trails = !write_down(trails, scorer, &views, shard.n_rows);
            Outcome::GoesOn
        } else {
            Outcome::Ends(Answer::Shorter(Some(Bulk(halves.n_shorter(&self.asked)))))
        }
    }
}

/// Writes the trails of the next rows down; returns whether there are more.
fn write_down(trails: &mut Trails, scorer: &Scorer, views: &[matrix::Codes<'_>], n: usize) -> bool {
    let start = trails.n_rows();
    let end = n.min(start + BLOCK);
    let block: Vec<_> = views.iter().map(|column| column.slice(start..end)).collect();
    let has_room = start == end || trails.record(scorer, &block, end - start);
    let is_over = end == n || !has_room;
    if is_over {
        trails.finish();
    }
    !is_over
}

impl Halves {
    fn take(&mut self, rows: &[HalfPaths], n_rows: usize) {
        for (half, there) in self.paths.iter_mut().enumerate() {
            // All at once: growing by doubling would hold up to twice as much in the end.
            there.reserve_exact(n_rows - there.len());
            there.extend(rows.iter().map(|row| row[half]));
        }
    }

    fn n_shorter(&self, asked: &[u32]) -> Vec<u32> {
        let pairs = asked.iter().zip(self.paths.iter().cycle());
        pairs.map(|(path, half)| half.partition_point(|other| other < path) as u32).collect()
    }
}
