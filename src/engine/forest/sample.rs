//! Which rows each tree is grown on.

use std::collections::HashSet;

use rand_chacha::ChaCha8Rng;

use super::{FitError, ForestParams};
use crate::{arrange::sort_u32, random};

/// The rows that each tree of a forest is grown on.
#[derive(Debug, Clone)]
pub struct Samples {
    params: ForestParams,
    /// ψ rows per tree, ascending, tree after tree.
    drawn: Vec<u32>,
    /// Every row that any tree drew, ascending.
    rows: Vec<u32>,
    /// Each tree's stream, as far as the drawing took it.
    streams: Vec<ChaCha8Rng>,
}

impl Samples {
    /// Draws ψ rows of `n_rows` for each tree, without replacement; all rows if there are fewer.
    ///
    /// Each tree draws from a stream of its own, which its growing continues.
    ///
    /// # Errors
    ///
    /// As [`ForestParams::checked`].
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::forest::{ForestParams, Samples};
    ///
    /// let samples = Samples::draw(ForestParams::default(), 1000)?;
    /// assert_eq!(samples.of_tree(0).len(), 256);
    /// assert!(samples.rows().is_sorted());
    /// # Ok::<(), isoscope_engine::forest::FitError>(())
    /// ```
    pub fn draw(params: ForestParams, n_rows: u32) -> Result<Self, FitError> {
        let params = params.checked(n_rows)?;
        let mut drawn = Vec::with_capacity(params.n_trees as usize * params.sample_size as usize);
        let mut streams = Vec::with_capacity(params.n_trees as usize);
        for tree in 0..params.n_trees {
            let mut rng = random::stream(params.seed, tree.into());
            drawn.extend(distinct_below(&mut rng, n_rows, params.sample_size));
            streams.push(rng);
        }
        let mut rows = drawn.clone();
        sort_u32(&mut rows);
        rows.dedup();
        Ok(Self { params, drawn, rows, streams })
    }

    /// The settings, with the ψ that was really drawn.
    pub fn params(&self) -> ForestParams {
        self.params
    }

    /// Every row that any tree drew, ascending: the rows whose codes growing needs.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The ψ rows of a tree, ascending.
    pub fn of_tree(&self, tree: u32) -> &[u32] {
        let sample_size = self.params.sample_size as usize;
        &self.drawn[tree as usize * sample_size..][..sample_size]
    }

    /// Where the rows of a tree stand among [`rows`](Self::rows).
    pub(crate) fn places(&self, tree: u32) -> impl Iterator<Item = usize> {
        self.of_tree(tree)
            .iter()
            .map(|row| self.rows.binary_search(row).expect("every drawn row is among all rows"))
    }

    pub(crate) fn stream(&self, tree: u32) -> ChaCha8Rng {
        self.streams[tree as usize].clone()
    }
}

/// Draws `count` different integers of `0..n`, ascending.
///
/// # References
///
/// R. W. Floyd, in J. Bentley, *Programming Pearls: A Sample of Brilliance*, CACM 30, 1987.
fn distinct_below(rng: &mut ChaCha8Rng, n: u32, count: u32) -> Vec<u32> {
    let mut seen = HashSet::with_capacity(count as usize);
    let mut drawn: Vec<u32> = (n - count..n)
        .map(|last| {
            let candidate = random::below(rng, last + 1);
            let fresh = if seen.insert(candidate) { candidate } else { last };
            seen.insert(fresh);
            fresh
        })
        .collect();
    sort_u32(&mut drawn);
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_drawn_equally_often_and_never_twice() {
        let params =
            ForestParams { n_trees: 10_000, sample_size: 4, seed: 3, ..ForestParams::default() };
        let samples = Samples::draw(params, 10).expect("ten rows are enough");
        let mut counts = [0_u32; 10];
        for tree in 0..params.n_trees {
            let rows = samples.of_tree(tree);
            assert!(rows.is_sorted_by(|a, b| a < b));
            for &row in rows {
                counts[row as usize] += 1;
            }
        }
        // Four standard deviations of a binomial with 10,000 draws of 4/10 are 196.
        assert!(counts.iter().all(|count| count.abs_diff(4000) < 196), "{counts:?}");
    }
}
