//! What the nodes of a tree are worth.

use super::{average_path_length, path::Grid};

/// What the nodes of a tree are worth, on the grid.
#[derive(Debug)]
pub(crate) struct Settled {
    /// Per node v, the mean path of the sample rows that passed it.
    pub(crate) paths: Vec<f64>,
    /// Per node, its v less its parent's.
    pub(crate) steps: Vec<f64>,
    /// How many steps lead to every leaf.
    pub(crate) height: u32,
}

/// Settles a tree: depths run forwards, v backwards, as children stand behind their parents.
///
/// `children[node]` is where its left child stands, the right one following; `n_rows[node]` says
/// how many rows of the tree's sample passed it.
pub(crate) fn settle(
    children: &[Option<usize>],
    n_rows: &[u32],
    grid: Grid,
    averages: &mut Averages,
) -> Settled {
    let mut depths = vec![0_u32; children.len()];
    for (index, left) in children.iter().enumerate() {
        if let Some(left) = *left {
            let depth = depths[index] + 1;
            depths[left..left + 2].fill(depth);
        }
    }
    let mut paths = vec![0.0; children.len()];
    for (index, left) in children.iter().enumerate().rev() {
        paths[index] = match *left {
            None => f64::from(depths[index]) + averages.of(n_rows[index]),
            // The mean of its children by rows, not depth + c of its own count: steps along a path
            // would not add up to it.
            Some(left) => {
                let part = |child: usize| f64::from(n_rows[child]) * paths[child];
                (part(left) + part(left + 1)) / f64::from(n_rows[index])
            }
        };
    }
    for path in &mut paths {
        *path = grid.snap(*path);
    }
    let mut steps = vec![0.0; children.len()];
    for (index, left) in children.iter().enumerate() {
        if let Some(left) = *left {
            for child in [left, left + 1] {
                steps[child] = paths[child] - paths[index];
            }
        }
    }
    Settled { paths, steps, height: depths.into_iter().max().unwrap_or(0) }
}

/// c(n), computed when first asked for: leaves are mostly small.
#[derive(Default)]
pub(crate) struct Averages(Vec<Option<f64>>);

impl Averages {
    pub(crate) fn of(&mut self, n_rows: u32) -> f64 {
        let place = n_rows as usize;
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        *self.0[place].get_or_insert_with(|| average_path_length(n_rows))
    }
}
