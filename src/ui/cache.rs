//! Rows and reasons the page has been told: a few thousand, the oldest leave first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use crate::protocol::{Grid, GridSpec};

/// A bounded memory of facts about rows.
#[derive(Debug, Clone)]
pub struct RowCache<T> {
    facts: HashMap<u32, Arc<T>>,
    /// Rows in the order in which they came.
    order: VecDeque<u32>,
    capacity: usize,
}

impl<T> RowCache<T> {
    /// Keeps facts about at most `capacity` rows.
    pub fn new(capacity: usize) -> Self {
        Self { facts: HashMap::new(), order: VecDeque::new(), capacity }
    }

    /// What is known about a row.
    pub fn get(&self, row: u32) -> Option<Arc<T>> {
        self.facts.get(&row).cloned()
    }

    /// The rows among `wanted` that nothing is known about.
    pub fn missing(&self, wanted: impl IntoIterator<Item = u32>) -> Vec<u32> {
        wanted.into_iter().filter(|row| !self.facts.contains_key(row)).collect()
    }

    /// Takes facts, each with its row; the oldest leave.
    pub fn extend(&mut self, facts: impl IntoIterator<Item = (u32, T)>) {
        for (row, fact) in facts {
            if self.facts.insert(row, Arc::new(fact)).is_none() {
                self.order.push_back(row);
            }
        }
        while self.order.len() > self.capacity
            && let Some(oldest) = self.order.pop_front()
        {
            self.facts.remove(&oldest);
        }
    }
}

/// The last few grids.
#[derive(Debug, Clone, Default)]
pub struct Grids(VecDeque<Arc<Grid>>);

impl Grids {
    /// The scatter, the timeline and the lanes are shown at once; a few more are a step back.
    const KEPT: usize = 6;

    /// The grid that was asked for by `spec`.
    pub fn get(&self, spec: &GridSpec) -> Option<Arc<Grid>> {
        self.0.iter().find(|grid| grid.spec == *spec).cloned()
    }

    /// Takes a grid; the oldest leaves.
    pub fn push(&mut self, grid: Grid) {
        self.0.push_front(Arc::new(grid));
        self.0.truncate(Self::KEPT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_rows_leave_first() {
        let mut cache = RowCache::new(3);
        cache.extend((0..5).map(|row| (row, row)));
        assert_eq!(cache.missing(0..5), [0, 1]);
        assert_eq!(cache.get(4).as_deref(), Some(&4));
    }

    #[test]
    fn a_row_told_twice_takes_one_place() {
        let mut cache = RowCache::new(2);
        cache.extend([7, 7, 8].map(|row| (row, ())));
        assert_eq!(cache.missing([7, 8, 9]), [9]);
    }
}
