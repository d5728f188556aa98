//! Training rows as lists of cells: what histograms are summed from.

use super::{
    histogram::Histogram,
    plan::{NO_CELL, Plan, Weighing},
    rows::{Column, Rows},
};
use crate::arrange::sort_u64;

/// Rows whose cells are looked up at once, column by column.
const BLOCK: usize = 256;

/// Training rows, each different one once, as the cells of its codes.
///
/// Of each column the cell that most rows have is left out: its sums are those of the whole node
/// less those of all other cells, exactly, as sums are integers. In network traffic two cells of
/// three are such. And equal rows of one class always have equal weights.
#[derive(Debug)]
pub(super) struct Cells {
    /// First sums of cells among all sums, row after row.
    lists: Vec<u32>,
    /// Where each row's cells begin, and the end.
    starts: Vec<u32>,
    /// The class of each row.
    classes: Vec<u8>,
    /// How many rows each one stands for.
    counts: Vec<u32>,
    /// Of each column, its first sum, the first sum of the cell that is left out, and its end.
    columns: Vec<[u32; 3]>,
    width: usize,
    weighing: Weighing,
    /// Sums that are being made; all 0 in between.
    dense: Vec<u64>,
}

impl Cells {
    /// Lists the training rows; returns with them the places of the rows that are kept.
    pub(super) fn new(rows: &Rows, plan: &Plan) -> (Self, Vec<u32>) {
        let width = plan.width();
        let mut cells = Self {
            lists: Vec::new(),
            starts: vec![0],
            classes: Vec::new(),
            counts: Vec::new(),
            columns: Vec::new(),
            width,
            weighing: plan.weighing,
            dense: vec![0; plan.total_cells() * width],
        };
        let maps = cells.maps(rows, plan);
        let kept = cells.list(rows, plan, &maps);
        let kept = cells.arrange(&kept);
        (cells, kept)
    }

    /// Puts rows with equally many cells side by side, so that the length of a row's list is no
    /// surprise; returns the rows in that order.
    fn arrange(&mut self, kept: &[u32]) -> Vec<u32> {
        let n_cells = |row: usize| self.starts[row + 1] - self.starts[row];
        let mut order: Vec<u64> = (0..kept.len())
            .map(|row| {
                (u64::from(n_cells(row)) << 8 | u64::from(self.classes[row])) << 32 | row as u64
            })
            .collect();
        sort_u64(&mut order);
        let (mut lists, mut starts) = (Vec::with_capacity(self.lists.len()), vec![0]);
        let place = |&key: &u64| key as u32 as usize;
        for row in order.iter().map(place) {
            lists.extend(&self.lists[self.starts[row] as usize..self.starts[row + 1] as usize]);
            starts.push(lists.len() as u32);
        }
        (self.lists, self.starts) = (lists, starts);
        self.classes = order.iter().map(place).map(|row| self.classes[row]).collect();
        self.counts = order.iter().map(place).map(|row| self.counts[row]).collect();
        order.iter().map(place).map(|row| kept[row]).collect()
    }

    /// For each column, the first sum of every code; [`u32::MAX`] for the cell that is left out.
    fn maps(&mut self, rows: &Rows, plan: &Plan) -> Vec<Vec<u32>> {
        let (mut maps, mut first_code, mut first_cell) = (Vec::new(), 0, 0);
        for (&column, &n_cells) in plan.columns.iter().zip(&plan.n_cells.0) {
            let n_codes = plan.n_codes[maps.len()] as usize;
            let cell_of = &plan.cells[first_code..][..n_codes];
            let mut counts = vec![0_u32; n_cells as usize];
            for (&cell, &n) in cell_of.iter().zip(rows.counts(column)) {
                if n > 0 {
                    counts[usize::from(cell)] += n;
                }
            }
            let mut common = 0;
            for (cell, &n) in counts.iter().enumerate() {
                common = if n > counts[common] { cell } else { common };
            }
            let sum = |cell: usize| ((first_cell + cell) * self.width) as u32;
            let place = |&cell: &u16| match cell {
                NO_CELL => u32::MAX,
                cell if usize::from(cell) == common => u32::MAX,
                cell => sum(cell.into()),
            };
            maps.push(cell_of.iter().map(place).collect());
            self.columns.push([sum(0), sum(common), sum(n_cells as usize)]);
            first_code += n_codes;
            first_cell += n_cells as usize;
        }
        maps
    }

    /// Lists rows, equal ones once; returns where those stand that are listed.
    fn list(&mut self, rows: &Rows, plan: &Plan, maps: &[Vec<u32>]) -> Vec<u32> {
        let mut kept = Vec::new();
        let mut seen = Seen::new(rows.n_train());
        let stride = maps.len();
        let mut block = vec![0; BLOCK * stride];
        for first in (0..rows.n_train()).step_by(BLOCK) {
            let end = rows.n_train().min(first + BLOCK);
            for (place, (&column, map)) in plan.columns.iter().zip(maps).enumerate() {
                match &rows.columns[column as usize] {
                    Column::U8(codes) => fill(&mut block[place..], stride, &codes[first..end], map),
                    Column::U16(codes) => {
                        fill(&mut block[place..], stride, &codes[first..end], map);
                    }
                }
            }
            for (row, places) in (first..end).zip(block.chunks_exact(stride)) {
                if self.push(places, rows.classes[row], &mut seen) {
                    kept.push(row as u32);
                }
            }
        }
        kept
    }

    /// Lists a row by the places of its cells, unless its equal is listed; returns whether it is new.
    #[inline(never)]
    fn push(&mut self, places: &[u32], class: u8, seen: &mut Seen) -> bool {
        let first = self.lists.len();
        let there = |place: &u32| *place != u32::MAX;
        self.lists.extend(places.iter().copied().filter(there));
        let (lists, starts, classes) = (&self.lists, &self.starts, &self.classes);
        let new = &lists[first..];
        let is_same = |old: u32| {
            let [from, to] = [0, 1].map(|next| starts[old as usize + next] as usize);
            classes[old as usize] == class && lists[from..to] == *new
        };
        if let Some(old) = seen.find(new, class, self.counts.len() as u32, is_same) {
            self.lists.truncate(first);
            self.counts[old as usize] += 1;
            return false;
        }
        self.starts.push(self.lists.len() as u32);
        self.classes.push(class);
        self.counts.push(1);
        true
    }

    pub(super) fn n_rows(&self) -> usize {
        self.counts.len()
    }

    /// The class of a row.
    pub(super) fn class(&self, row: usize) -> u8 {
        self.classes[row]
    }

    /// How many rows a row stands for.
    pub(super) fn count(&self, row: usize) -> u64 {
        self.counts[row].into()
    }

    /// The class of each row, and how many rows it stands for.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (u8, u32)> + '_ {
        self.classes.iter().copied().zip(self.counts.iter().copied())
    }

    /// Sums the weights of some rows by cell.
    pub(super) fn histogram(&mut self, rows: &[u32], weights: &[u64]) -> Histogram {
        let mut total = vec![0; self.width];
        match self.weighing {
            Weighing::Rows => self.sum_rows(rows, weights, &mut total),
            Weighing::RowsByClass => self.sum_by_class(rows, weights, &mut total),
        }
        for &[first, common, end] in &self.columns {
            let mut rest = total.clone();
            for cell in self.dense[first as usize..end as usize].chunks(self.width) {
                for (rest, sum) in rest.iter_mut().zip(cell) {
                    *rest -= sum;
                }
            }
            self.dense[common as usize..][..self.width].copy_from_slice(&rest);
        }
        Histogram::drain(&mut self.dense)
    }

    #[inline(never)]
    fn sum_rows(&mut self, rows: &[u32], weights: &[u64], total: &mut [u64]) {
        for &row in rows {
            let row = row as usize;
            let class = usize::from(self.classes[row]);
            let weight = weights[row] * u64::from(self.counts[row]);
            total[class] += weight;
            let sums = &mut self.dense[class..];
            for &cell in &self.lists[self.starts[row] as usize..self.starts[row + 1] as usize] {
                sums[cell as usize] += weight;
            }
        }
    }

    #[inline(never)]
    fn sum_by_class(&mut self, rows: &[u32], weights: &[u64], total: &mut [u64]) {
        let n_classes = self.width / 2;
        // What a row adds to each sum of a cell.
        let mut parts = vec![0; n_classes];
        for &row in rows {
            let row = row as usize;
            let own = n_classes + usize::from(self.classes[row]);
            let count = u64::from(self.counts[row]);
            let weights = &weights[row * n_classes..][..n_classes];
            for ((part, sum), weight) in parts.iter_mut().zip(total.iter_mut()).zip(weights) {
                *part = weight * count;
                *sum += *part;
            }
            let of_own = parts[own - n_classes];
            total[own] += of_own;
            for &cell in &self.lists[self.starts[row] as usize..self.starts[row + 1] as usize] {
                let sums = &mut self.dense[cell as usize..][..2 * n_classes];
                for (sum, part) in sums.iter_mut().zip(&parts) {
                    *sum += part;
                }
                sums[own] += of_own;
            }
        }
    }
}

/// Writes the places of a column's codes, every `stride`-th one.
#[inline(never)]
fn fill<T: Copy + Into<u16>>(places: &mut [u32], stride: usize, codes: &[T], map: &[u32]) {
    for (place, &code) in places.iter_mut().step_by(stride).zip(codes) {
        *place = map[usize::from(code.into())];
    }
}

/// Which rows were seen, by their hash.
struct Seen {
    /// Open addressing: numbers of rows, or [`u32::MAX`].
    slots: Vec<u32>,
}

impl Seen {
    fn new(n_rows: usize) -> Self {
        Self { slots: vec![u32::MAX; (2 * n_rows).next_power_of_two()] }
    }

    /// The row that is the same, or none; then this one is remembered as `number`.
    fn find(
        &mut self,
        cells: &[u32],
        class: u8,
        number: u32,
        is_same: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        // The golden ratio's bits spread what differs; the upper ones are the mixed ones.
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut hash = u64::from(class).wrapping_mul(STEP);
        for &cell in cells {
            hash = (hash.rotate_left(23) ^ u64::from(cell)).wrapping_mul(STEP);
        }
        let mask = self.slots.len() - 1;
        let mut slot = (hash >> 32) as usize & mask;
        loop {
            match self.slots[slot] {
                u32::MAX => break,
                old if is_same(old) => return Some(old),
                _ => slot = (slot + 1) & mask,
            }
        }
        self.slots[slot] = number;
        None
    }
}
