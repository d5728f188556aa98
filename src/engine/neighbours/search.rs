//! The k nearest rows of a query, exactly.

use wide::f32x4;

use super::{
    block::{LANES, Lanes, Look, beyond, numbers},
    index::{Index, Section},
    nearest::{Bounds, Nearest, Neighbour},
    rows::Rows,
};

/// What a search needs to remember; kept from one query to the next to save the room.
#[derive(Debug, Clone)]
pub(super) struct Search {
    look: Look,
    bounds: Bounds,
    nearest: Nearest,
    candidates: Vec<(f32, u32)>,
    leaves: Vec<(f32, u32)>,
    ordered: Vec<f64>,
}

impl Search {
    pub(super) fn new(k: u32) -> Self {
        Self {
            look: Look::default(),
            bounds: Bounds::new(k),
            nearest: Nearest::new(k),
            candidates: Vec::new(),
            leaves: Vec::new(),
            ordered: Vec::new(),
        }
    }

    /// Returns the first k rows by distance to `query` and row, `except` one.
    ///
    /// What comparing all rows would give, to the bit. `query` is standardised and as long as
    /// `rows` are stored.
    pub(super) fn nearest(
        &mut self,
        rows: &Rows,
        index: &Index,
        query: &[f64],
        except: Option<u32>,
    ) -> &[Neighbour] {
        self.ordered.clear();
        self.ordered.extend(index.ordered(query));
        self.look.set(&self.ordered);
        self.bounds.clear();
        self.nearest.clear();
        self.candidates.clear();
        index.leaves(&self.look, &mut self.leaves);
        let mut visit = Visit {
            look: &self.look,
            bounds: &mut self.bounds,
            nearest: &mut self.nearest,
            candidates: &mut self.candidates,
            rows,
            query,
            except,
        };
        visit.leaves(index, &self.leaves);
        for block in 0..index.gappy().blocks.n_blocks() {
            visit.gappy(index.gappy(), block, index.shares(block));
        }
        visit.settle(index.whole());
        self.nearest.found()
    }

    /// What the last search found.
    pub(super) fn found(&self) -> &[Neighbour] {
        self.nearest.found()
    }
}

/// A query on its way through the blocks.
struct Visit<'a> {
    look: &'a Look,
    bounds: &'a mut Bounds,
    nearest: &'a mut Nearest,
    /// Rows without a gap that may be near: the squared distance as seen by a look, and the row.
    candidates: &'a mut Vec<(f32, u32)>,
    rows: &'a Rows,
    query: &'a [f64],
    except: Option<u32>,
}

impl Visit<'_> {
    /// Notes which rows without a gap may be near, leaf by leaf, the nearest first.
    fn leaves(&mut self, index: &Index, leaves: &[(f32, u32)]) {
        for &(least, leaf) in leaves {
            let least = f64::from(least);
            let farthest = self.bounds.bound() * self.look.share() * (1.0 + self.look.slack());
            if least * least > farthest {
                break;
            }
            for block in index.blocks(leaf) {
                self.whole(index.whole(), block);
            }
        }
    }

    /// Notes which of a block's rows, none with a gap, may be near.
    ///
    /// That some are is known from what their distances are at most; what they are exactly is
    /// worth computing only when the bound has come down.
    fn whole(&mut self, section: &Section, block: usize) {
        let limits = [f32x4::splat(self.whole_limit(section)); LANES / 4];
        let sums = section.blocks.squared_distances::<false>(block, self.look, &limits);
        let Some(sums) = sums else { return };
        let rounding = self.look.rounding() + section.blocks.rounding();
        let mut within = within(&sums, &limits, section.rows(block));
        let sums = numbers(sums);
        while let Some(lane) = pop(&mut within) {
            let row = section.rows(block)[lane];
            if self.except == Some(row) {
                continue;
            }
            self.candidates.push((sums[lane], row));
            let most = (f64::from(sums[lane]) * (1.0 + self.look.slack())).sqrt() + rounding;
            self.bounds.offer(most * most / self.look.share());
        }
    }

    /// Takes in which of a block's rows, all with gaps, are near.
    fn gappy(&mut self, section: &Section, block: usize, shares: &Lanes) {
        let limit = self.limit(section) as f32;
        let share = f32x4::splat(self.look.share() as f32);
        // No two rows have more columns in common than either has.
        let limits = shares.map(|other| other.fast_min(share) * limit);
        let sums = section.blocks.squared_distances::<true>(block, self.look, &limits);
        let Some(sums) = sums else { return };
        let mut within = within(&sums, &limits, section.rows(block));
        while let Some(lane) = pop(&mut within) {
            let row = section.rows(block)[lane];
            if self.except == Some(row) {
                continue;
            }
            let squared_distance = self.rows.squared_distance_with_gaps(self.query, row);
            self.bounds.offer(squared_distance);
            self.nearest.offer(Neighbour { squared_distance, row });
        }
    }

    /// Computes the distances of the candidates that may still be near, and takes in those that
    /// are.
    fn settle(&mut self, section: &Section) {
        let limit = self.whole_limit(section);
        for &(_, row) in self.candidates.iter().filter(|&&(sum, _)| sum <= limit) {
            let squared_distance = if self.look.is_whole() {
                self.rows.squared_distance(self.query, row)
            } else {
                self.rows.squared_distance_with_gaps(self.query, row)
            };
            self.nearest.offer(Neighbour { squared_distance, row });
        }
    }

    /// As [`limit`](Self::limit), for rows without a gap.
    fn whole_limit(&self, section: &Section) -> f32 {
        (self.limit(section) * self.look.share()) as f32
    }

    /// The squared distance, as a look sees it, beyond which a row is certainly too far; over
    /// fewer columns it is that share of it.
    ///
    /// With p of d columns in common, a squared distance is d/p times that over those. As p is 1
    /// at least, what rounding moves either row counts √d times at most.
    fn limit(&self, section: &Section) -> f64 {
        let rounding = self.look.rounding() + section.blocks.rounding();
        let root = self.bounds.bound().sqrt() + rounding * (self.rows.n_columns() as f64).sqrt();
        root * root * (1.0 + self.look.slack())
    }
}

/// The lanes, as bits, that hold a row within its limit.
fn within(sums: &Lanes, limits: &Lanes, rows: &[u32]) -> u32 {
    let filled = ((1_u64 << rows.len()) - 1) as u32;
    filled & !beyond(sums, limits)
}

/// Takes the first lane.
fn pop(lanes: &mut u32) -> Option<usize> {
    let lane = (*lanes != 0).then_some(lanes.trailing_zeros() as usize);
    *lanes &= lanes.wrapping_sub(1);
    lane
}
