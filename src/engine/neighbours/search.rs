//! The k nearest rows of a query, exactly.

use wide::f32x4;

use super::{
    block::{Lanes, Look, beyond, numbers},
    index::{Index, Section},
    nearest::{Bounds, Nearest, Neighbour},
    rows::Rows,
    sieve::Sought,
};

/// What a search needs to remember; kept from one query to the next to save the room.
#[derive(Debug, Clone)]
pub(super) struct Search {
    look: Look,
    sought: Sought,
    bounds: Bounds,
    nearest: Nearest,
    candidates: Vec<Candidate>,
    leaves: Vec<u64>,
    ordered: Vec<f64>,
}

impl Search {
    pub(super) fn new(k: u32) -> Self {
        Self {
            look: Look::default(),
            sought: Sought::default(),
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
        index.sieve().seek(&self.ordered, &mut self.sought);
        self.bounds.clear();
        self.nearest.clear();
        self.candidates.clear();
        index.leaves(&self.look, &mut self.leaves);
        let mut visit = Visit {
            look: &self.look,
            sought: &self.sought,
            bounds: &mut self.bounds,
            nearest: &mut self.nearest,
            candidates: &mut self.candidates,
            index,
            rows,
            query,
            except,
        };
        visit.note(&self.leaves);
        visit.settle();
        self.nearest.found()
    }

    /// What the last search found.
    pub(super) fn found(&self) -> &[Neighbour] {
        self.nearest.found()
    }
}

/// So few rows of a block are sooner compared exactly than looked at once more.
const FEW: u32 = 6;

/// A row that may be near.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    row: u32,
    /// Its squared distance at least, as a look sees it.
    least: f32,
    is_whole: bool,
}

/// A query on its way through the blocks.
struct Visit<'a> {
    look: &'a Look,
    sought: &'a Sought,
    bounds: &'a mut Bounds,
    nearest: &'a mut Nearest,
    candidates: &'a mut Vec<Candidate>,
    index: &'a Index,
    rows: &'a Rows,
    query: &'a [f64],
    except: Option<u32>,
}

impl Visit<'_> {
    /// Notes which rows may be near: those without a gap leaf by leaf, the nearest first.
    fn note(&mut self, leaves: &[u64]) {
        for &leaf in leaves {
            let (least, leaf) = (f64::from(f32::from_bits((leaf >> 32) as u32)), leaf as u32);
            let farthest = self.bounds.bound() * self.look.share() * (1.0 + self.look.slack());
            if least * least > farthest {
                break;
            }
            self.leaf(leaf as usize);
        }
        for block in 0..self.index.gappy().n_blocks() {
            self.block::<true>(self.index.gappy(), block);
        }
    }

    /// Takes in a leaf's rows, none of which has a gap.
    fn leaf(&mut self, leaf: usize) {
        // What a query has no number for is in no sum.
        let limit = if self.look.n_missing() == 0 {
            self.index.sieve().limit(self.bounds.bound())
        } else {
            None
        };
        let Some(limit) = limit else { return self.block::<false>(self.index.whole(), leaf) };
        let (rows, _) = self.index.whole().rows(leaf);
        let mut within = filled(rows) & self.index.sieve().within(leaf, self.sought, limit);
        if within.count_ones() > FEW {
            return self.block::<false>(self.index.whole(), leaf);
        }
        while let Some(lane) = pop(&mut within) {
            let row = rows[lane];
            if self.except != Some(row) {
                let squared_distance = self.rows.squared_distance(self.query, row);
                self.bounds.offer(squared_distance);
                self.nearest.offer(Neighbour { squared_distance, row });
            }
        }
    }

    /// Notes which rows of a block may be near.
    ///
    /// How far they are exactly is worth computing only when the bound has come down; what they
    /// are at most is known from the look.
    fn block<const GAPS: bool>(&mut self, section: &Section, block: usize) {
        let (limit, share) = (f32x4::splat(self.limit()), f32x4::splat(self.look.share() as f32));
        // No two rows have more columns in common than either has.
        let limits = section.shares(block).map(|other| other.fast_min(share) * limit);
        let sums = section.blocks().squared_distances::<GAPS>(block, self.look, &limits);
        let Some(sums) = sums else { return };
        let (rows, n_missing) = section.rows(block);
        let mut within = within(&sums, &limits, rows);
        let sums = numbers(sums);
        while let Some(lane) = pop(&mut within) {
            if self.except != Some(rows[lane]) {
                self.candidate(rows[lane], n_missing[lane], sums[lane]);
            }
        }
    }

    /// Takes a row as a candidate, given its squared distance, as a look sees it, over the columns
    /// in common.
    fn candidate(&mut self, row: u32, n_missing: u32, sum: f32) {
        let n_columns = self.rows.n_columns() as f64;
        // How many columns are in common is not known, but between what numbers it lies.
        let most_common = n_columns - f64::from(n_missing.max(self.look.n_missing()));
        let least_common = n_columns - f64::from(n_missing) - f64::from(self.look.n_missing());
        let least = sum * (n_columns / most_common.max(1.0)) as f32;
        self.candidates.push(Candidate { row, least, is_whole: n_missing == 0 });
        self.bounds.offer(if least_common >= 1.0 {
            let root = (f64::from(sum) * (1.0 + self.look.slack())).sqrt() + self.rounding();
            root * root * (n_columns / least_common)
        } else {
            self.rows.squared_distance_with_gaps(self.query, row)
        });
    }

    /// Computes the distances of the candidates that may still be near.
    fn settle(&mut self) {
        let limit = self.limit();
        for &Candidate { row, is_whole, .. } in self.candidates.iter().filter(|c| c.least <= limit)
        {
            let squared_distance = if is_whole && self.look.n_missing() == 0 {
                self.rows.squared_distance(self.query, row)
            } else {
                self.rows.squared_distance_with_gaps(self.query, row)
            };
            self.nearest.offer(Neighbour { squared_distance, row });
        }
    }

    /// The squared distance, as a look sees it, beyond which a row is certainly too far; where
    /// some columns are in common only, their share of it is the limit for the sum over them.
    ///
    /// With p of d columns in common, a squared distance is d/p times that over those. As p is 1
    /// at least, what rounding moves either row counts √d times at most.
    fn limit(&self) -> f32 {
        let rounding = self.rounding() * (self.rows.n_columns() as f64).sqrt();
        let root = self.bounds.bound().sqrt() + rounding;
        (root * root * (1.0 + self.look.slack())) as f32
    }

    /// How much a distance that a look sees may be off for the rounding of either row.
    fn rounding(&self) -> f64 {
        self.look.rounding() + self.index.rounding()
    }
}

/// The lanes, as bits, that hold a row within its limit.
fn within(sums: &Lanes, limits: &Lanes, rows: &[u32]) -> u32 {
    filled(rows) & !beyond(sums, limits)
}

/// The lanes, as bits, that hold one of these rows.
fn filled(rows: &[u32]) -> u32 {
    ((1_u64 << rows.len()) - 1) as u32
}

/// Takes the first lane.
fn pop(lanes: &mut u32) -> Option<usize> {
    let lane = (*lanes != 0).then_some(lanes.trailing_zeros() as usize);
    *lanes &= lanes.wrapping_sub(1);
    lane
}
