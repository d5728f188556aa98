//! The nearest rows met so far.

/// A row and how far it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Neighbour {
    pub(super) squared_distance: f64,
    pub(super) row: u32,
}

impl Neighbour {
    /// Nearer, or as near and of a lower row: so that k rows are the nearest, whatever the ties
    /// and whichever was met first.
    fn is_before(&self, other: &Self) -> bool {
        (self.squared_distance, self.row) < (other.squared_distance, other.row)
    }
}

/// The k first rows by distance and row of those that were offered.
#[derive(Debug, Clone)]
pub(super) struct Nearest {
    k: usize,
    found: Vec<Neighbour>,
}

impl Nearest {
    pub(super) fn new(k: u32) -> Self {
        let k = k as usize;
        Self { k, found: Vec::with_capacity(k + 1) }
    }

    pub(super) fn clear(&mut self) {
        self.found.clear();
    }

    /// The rows found, nearest first.
    pub(super) fn found(&self) -> &[Neighbour] {
        &self.found
    }

    /// Takes the row in if it is one of the first k.
    pub(super) fn offer(&mut self, neighbour: Neighbour) {
        if self.found.len() == self.k {
            if !self.found.last().is_some_and(|last| neighbour.is_before(last)) {
                return;
            }
            self.found.pop();
        }
        let place = self.found.partition_point(|other| other.is_before(&neighbour));
        self.found.insert(place, neighbour);
    }
}

/// The k least of the squared distances that rows have at most.
#[derive(Debug, Clone)]
pub(super) struct Bounds {
    k: usize,
    /// Ascending.
    least: Vec<f64>,
}

impl Bounds {
    pub(super) fn new(k: u32) -> Self {
        let k = k as usize;
        Self { k, least: Vec::with_capacity(k + 1) }
    }

    pub(super) fn clear(&mut self) {
        self.least.clear();
    }

    /// The squared distance beyond which no row can be one of the k nearest.
    pub(super) fn bound(&self) -> f64 {
        if self.least.len() < self.k { f64::INFINITY } else { self.least[self.k - 1] }
    }

    /// Hears of another row what its squared distance is at most.
    pub(super) fn offer(&mut self, most: f64) {
        if most < self.bound() {
            self.least.truncate(self.k - 1);
            let place = self.least.partition_point(|&other| other <= most);
            self.least.insert(place, most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_ties_the_lowest_rows_stay() {
        let mut nearest = Nearest::new(3);
        for (row, squared_distance) in [(5, 1.0), (9, 2.0), (4, 2.0), (8, 2.0), (1, 3.0), (2, 2.0)]
        {
            nearest.offer(Neighbour { squared_distance, row });
        }
        let rows: Vec<u32> = nearest.found().iter().map(|neighbour| neighbour.row).collect();
        assert_eq!(rows, [5, 2, 4]);
    }

    #[test]
    fn the_bound_is_the_kth_least() {
        let mut bounds = Bounds::new(3);
        let offered = [5.0, 1.0, 4.0, 4.0, 2.0, 9.0, 2.0];
        let found = offered.map(|most| {
            bounds.offer(most);
            bounds.bound()
        });
        assert_eq!(found, [f64::INFINITY, f64::INFINITY, 5.0, 4.0, 4.0, 4.0, 2.0]);
    }
}
