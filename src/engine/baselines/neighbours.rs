//! The nearest neighbours.

use std::rc::Rc;

use ndarray::Array2;

use super::{Learn, LearnError, LearntFrom, Rows, draw, vote};
use crate::neighbours::Nearby;

/// Neighbours that are asked.
const K: u32 = 5;
/// Rows that may be neighbours, at most.
const MOST_ROWS: usize = 20_000;
/// Numbers of them, at most.
const MOST_CELLS: usize = 1 << 21;

/// Rows that say their class to those they are nearest to; each of five counts the same.
pub(super) struct Neighbours {
    rows: Rc<Rows>,
    drawn: Vec<u32>,
    nearby: Option<Nearby>,
}

impl Neighbours {
    pub(super) fn new(rows: Rc<Rows>) -> Result<Self, LearnError> {
        let found = rows.n_rows() as u32;
        if found < K {
            return Err(LearnError::TooFewRows { needed: K, found });
        }
        let most = MOST_ROWS.min(MOST_CELLS / rows.design.width()).max(K as usize);
        let drawn = draw(most as u32, found, rows.seed, 0);
        Ok(Self { rows, drawn, nearby: None })
    }
}

impl Learn for Neighbours {
    fn step(&mut self) -> Result<f64, LearnError> {
        let width = self.rows.design.width();
        let mut cells = Vec::with_capacity(self.drawn.len() * width);
        for &row in &self.drawn {
            let row = self.rows.design.cells(self.rows.codes_of(row as usize));
            cells.extend(row.into_iter().map(f64::from));
        }
        let cells = Array2::from_shape_vec((self.drawn.len(), width), cells).expect("whole rows");
        self.nearby = Some(Nearby::new(cells.view(), K));
        Ok(1.0)
    }

    fn votes(&mut self, cells: Vec<f32>, votes: &mut Vec<i64>) {
        let nearby = self.nearby.as_mut().expect("it is ready");
        let mut counts = vec![0_u32; self.rows.n_classes()];
        for row in cells.chunks_exact(self.rows.design.width()) {
            counts.fill(0);
            let row: Vec<f64> = row.iter().copied().map(f64::from).collect();
            for place in nearby.nearest(&row) {
                let row = self.drawn[place as usize] as usize;
                counts[usize::from(self.rows.classes[row])] += 1;
            }
            if let [first, second] = counts[..] {
                votes.push(vote(f64::from(second) - f64::from(first)));
            } else {
                votes.extend(counts.iter().map(|&count| vote(count.into())));
            }
        }
    }

    fn learnt_from(&self) -> LearntFrom {
        let n = self.drawn.len() as u32;
        if n < self.rows.n_train { LearntFrom::Drawn(n) } else { LearntFrom::All }
    }

    fn block(&self) -> usize {
        1 << 8
    }
}
