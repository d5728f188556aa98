//! Rows that were met before: logs repeat, and a row needs to be scored only once.

/// Numbers different rows, in the order in which they are first met.
///
/// Rows are compared cell by cell, so a result never hangs on a hash. Where rows hardly repeat
/// the memo finds out and is given up.
#[derive(Debug, Clone)]
pub(super) struct Memo {
    /// Cells of a row.
    width: usize,
    /// The different rows, one after the other.
    rows: Vec<u16>,
    /// Their hashes.
    hashes: Vec<u32>,
    /// Open addressing by hash: numbers of rows, or [`EMPTY`].
    slots: Vec<u32>,
    n_asked: usize,
}

/// What the memo knows of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// It has this number.
    Before(u32),
    /// It was given the next number.
    Never,
}

const EMPTY: u32 = u32::MAX;
/// After so many rows it is seen whether they repeat.
const TRIAL: usize = 16_384;
/// The most bytes of rows that are kept.
const MAX_BYTES: usize = 32 << 20;

impl Memo {
    /// A memo of rows of `width` cells, a multiple of 4.
    pub(super) fn new(width: usize) -> Self {
        assert_eq!(width % 4, 0, "hashing takes four cells at once");
        let slots = vec![EMPTY; 1024];
        Self { width, rows: Vec::new(), hashes: Vec::new(), slots, n_asked: 0 }
    }

    /// Looks a row up, and keeps it if it is new.
    pub(super) fn meet(&mut self, row: &[u16]) -> Met {
        let row = &row[..self.width];
        let hash = hash(row);
        self.n_asked += 1;
        let mut slot = hash as usize & (self.slots.len() - 1);
        loop {
            match self.slots[slot] {
                EMPTY => break,
                number if self.hashes[number as usize] == hash && self.row(number) == row => {
                    return Met::Before(number);
                }
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
        self.slots[slot] = self.hashes.len() as u32;
        self.hashes.push(hash);
        self.rows.extend_from_slice(row);
        if self.hashes.len() * 2 > self.slots.len() {
            self.grow();
        }
        Met::Never
    }

    /// Whether so few rows repeat that looking them up costs more than scoring them again.
    pub(super) fn is_idle(&self) -> bool {
        self.n_asked >= TRIAL && (self.n_asked - self.hashes.len()) * 8 < self.n_asked
    }

    /// Whether it holds as much as it may.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() * size_of::<u16>() >= MAX_BYTES
    }

    fn row(&self, number: u32) -> &[u16] {
        &self.rows[number as usize * self.width..][..self.width]
    }

    fn grow(&mut self) {
        let n_slots = self.slots.len() * 2;
        self.slots.clear();
        self.slots.resize(n_slots, EMPTY);
        for (number, &hash) in (0..).zip(&self.hashes) {
            let mut slot = hash as usize & (n_slots - 1);
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & (n_slots - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// Multiply and rotate, eight bytes at a time; only speed hangs on its quality.
fn hash(row: &[u16]) -> u32 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let hash = row.as_chunks::<4>().0.iter().fold(0_u64, |hash, &[a, b, c, d]| {
        let word = u64::from(a) | u64::from(b) << 16 | u64::from(c) << 32 | u64::from(d) << 48;
        (hash.rotate_left(23) ^ word).wrapping_mul(ODD)
    });
    ((hash ^ hash >> 29).wrapping_mul(ODD) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_get_numbers_in_the_order_they_are_met() {
        let mut memo = Memo::new(4);
        let rows: Vec<[u16; 4]> = (0..5000).map(|i| [i, 0, i / 7, 3]).collect();
        for row in &rows {
            assert_eq!(memo.meet(row), Met::Never);
        }
        for (number, row) in (0..).zip(&rows) {
            assert_eq!(memo.meet(row), Met::Before(number));
        }
    }

    #[test]
    fn it_is_given_up_where_rows_do_not_repeat() {
        let (mut unique, mut repeating) = (Memo::new(4), Memo::new(4));
        for i in 0..20_000_u16 {
            unique.meet(&[i, 1, 2, 3]);
            repeating.meet(&[i / 2, 1, 2, 3]);
        }
        assert!(unique.is_idle() && !repeating.is_idle());
    }
}
