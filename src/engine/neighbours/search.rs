//! The k nearest rows of a query, exactly.

use wide::f32x4;

use super::{
    block::{LANES, Lanes, Look, beyond},
    index::{Index, Section},
    nearest::{Nearest, Neighbour},
    rows::Rows,
};

/// What a search needs to remember; kept from one query to the next to save the room.
#[derive(Debug, Clone)]
pub(super) struct Search {
    look: Look,
    nearest: Nearest,
    leaves: Vec<(f32, u32)>,
    ordered: Vec<f64>,
}

impl Search {
    pub(super) fn new(k: u32) -> Self {
        Self {
            look: Look::default(),
            nearest: Nearest::new(k),
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
        self.nearest.clear();
        let mut visit = Visit {
            look: &self.look,
            nearest: &mut self.nearest,
            rows,
            query,
            except,
            share: self.look.share(),
        };

        index.leaves(&self.look, &mut self.leaves);
        for &(least, leaf) in &self.leaves {
            let least = f64::from(least);
            if least * least > visit.nearest.bound() * visit.share * (1.0 + visit.look.slack()) {
                break;
            }
            for block in index.blocks(leaf) {
                visit.block::<false>(index.whole(), block, None);
            }
        }
        for block in 0..index.gappy().blocks.n_blocks() {
            visit.block::<true>(index.gappy(), block, Some(index.shares(block)));
        }
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
    nearest: &'a mut Nearest,
    rows: &'a Rows,
    query: &'a [f64],
    except: Option<u32>,
    /// The share of the columns that the query has.
    share: f64,
}

impl Visit<'_> {
    /// Offers a block's rows, but for those that a look tells to be too far.
    fn block<const GAPS: bool>(&mut self, section: &Section, block: usize, shares: Option<&Lanes>) {
        let mut limits = self.limits(section, shares);
        let sums = section.blocks.squared_distances::<GAPS>(block, self.look, &limits);
        let Some(sums) = sums else { return };
        let rows = section.rows(block);
        let all = (1_u32 << rows.len()) - 1;
        let mut left = all & !beyond(&sums, &limits);
        while left != 0 {
            let lane = left.trailing_zeros() as usize;
            left &= left - 1;
            if self.offer::<GAPS>(rows[lane]) && left != 0 {
                limits = self.limits(section, shares);
                left &= !beyond(&sums, &limits);
            }
        }
    }

    /// The squared distances over common columns, as looks see them, beyond which rows are
    /// certainly too far.
    ///
    /// With p of d columns in common, a squared distance is d/p times that over those. The largest
    /// p there can be is the least of what either has; the smallest is 1, so what rounding moves
    /// either row counts √d times at most.
    fn limits(&self, section: &Section, shares: Option<&Lanes>) -> Lanes {
        let rounding = self.look.rounding() + section.blocks.rounding();
        let root = self.nearest.bound().sqrt() + rounding * (self.rows.n_columns() as f64).sqrt();
        let limit = root * root * (1.0 + self.look.slack());
        let share = self.share as f32;
        match shares {
            None => [f32x4::splat(limit as f32 * share); LANES / 4],
            Some(shares) => shares.map(|other| other.fast_min(share.into()) * limit as f32),
        }
    }

    /// Computes a row's distance, and takes the row in if it is one of the nearest so far.
    fn offer<const GAPS: bool>(&mut self, row: u32) -> bool {
        if self.except == Some(row) {
            return false;
        }
        let squared_distance = if GAPS || !self.look.is_whole() {
            self.rows.squared_distance_with_gaps(self.query, row)
        } else {
            self.rows.squared_distance(self.query, row)
        };
        self.nearest.offer(Neighbour { squared_distance, row })
    }
}
