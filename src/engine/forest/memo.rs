//! Rows that were met before: logs repeat, and a row needs to be scored only once.

/// Gives rows numbers: equal rows get the same one, as long as the memo is awake.
///
/// Rows are compared cell by cell, so a result never hangs on a hash. Where rows hardly repeat it
/// takes a rest, in which every row gets a number of its own, and tries again later: a log may
/// begin calmly and repeat itself in a flood.
#[derive(Debug, Clone)]
pub(super) struct Memo {
    /// Cells of a row.
    width: usize,
    /// The rows it knows, one after the other.
    rows: Vec<u16>,
    /// Their hashes.
    hashes: Vec<u32>,
    /// Open addressing by hash: places among the known rows, or [`EMPTY`].
    slots: Vec<u32>,
    /// The number of the first known row; the others follow.
    first: u32,
    /// The next number.
    next: u32,
    /// Rows asked since it woke up.
    n_asked: usize,
    /// Rows until it wakes up.
    rest: usize,
}

/// The number of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// It was given this number before.
    Before(u32),
    /// It was given this number now.
    Now(u32),
}

const EMPTY: u32 = u32::MAX;
/// After so many rows it is seen whether they repeat.
const TRIAL: usize = 4096;
/// So many rows pass in a rest: on a table without repeats a fifth of the rows is looked up.
const REST: usize = 4 * TRIAL;
/// The most bytes of rows that are kept.
const MAX_BYTES: usize = 16 << 20;
/// Cells by which the store of rows grows: doubling it would hold twice as much in the end.
const GROWTH: usize = 1 << 18;

impl Memo {
    /// A memo of rows of `width` cells, a multiple of 4.
    pub(super) fn new(width: usize) -> Self {
        assert_eq!(width % 4, 0, "hashing takes four cells at once");
        Self {
            width,
            rows: Vec::new(),
            hashes: Vec::new(),
            slots: Vec::new(),
            first: 0,
            next: 0,
            n_asked: 0,
            rest: 0,
        }
    }

    /// A memo that never wakes up.
    pub(super) fn asleep(width: usize) -> Self {
        Self { rest: usize::MAX, ..Self::new(width) }
    }

    /// Begins a chunk of rows; returns whether numbers start anew at 0.
    pub(super) fn begin(&mut self) -> bool {
        if self.rows.len() * size_of::<u16>() >= MAX_BYTES {
            self.forget();
        }
        let is_new = self.hashes.is_empty();
        if is_new {
            self.next = 0;
        }
        is_new
    }

    /// Numbers a row.
    pub(super) fn meet(&mut self, row: &[u16]) -> Met {
        let number = self.next;
        if self.rest > 0 {
            self.rest -= 1;
            self.next += 1;
            return Met::Now(number);
        }
        if self.hashes.len() * 2 >= self.slots.len() {
            self.grow();
        }
        let row = &row[..self.width];
        let hash = hash(row);
        self.n_asked += 1;
        let mut slot = hash as usize & (self.slots.len() - 1);
        loop {
            match self.slots[slot] {
                EMPTY => break,
                place if self.hashes[place as usize] == hash && self.row(place) == row => {
                    return Met::Before(self.first + place);
                }
                _ => slot = (slot + 1) & (self.slots.len() - 1),
            }
        }
        if self.hashes.is_empty() {
            self.first = number;
        }
        self.slots[slot] = number - self.first;
        self.hashes.push(hash);
        if self.rows.capacity() - self.rows.len() < self.width {
            self.rows.reserve_exact(GROWTH.max(self.width));
        }
        self.rows.extend_from_slice(row);
        self.next += 1;
        // Looking a row up costs about a tenth of scoring it.
        if self.n_asked >= TRIAL && (self.n_asked - self.hashes.len()) * 8 < self.n_asked {
            self.forget();
            self.rest = REST;
        }
        Met::Now(number)
    }

    fn row(&self, place: u32) -> &[u16] {
        &self.rows[place as usize * self.width..][..self.width]
    }

    fn forget(&mut self) {
        self.rows = Vec::new();
        self.hashes.clear();
        self.slots.clear();
        self.n_asked = 0;
    }

    fn grow(&mut self) {
        let n_slots = (self.slots.len() * 2).max(2 * TRIAL);
        self.slots.clear();
        self.slots.resize(n_slots, EMPTY);
        for (place, &hash) in (0..).zip(&self.hashes) {
            let mut slot = hash as usize & (n_slots - 1);
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & (n_slots - 1);
            }
            self.slots[slot] = place;
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
    fn equal_rows_have_one_number() {
        let mut memo = Memo::new(4);
        let rows: Vec<[u16; 4]> = (0..9000).map(|i| [i / 2, 0, i / 14, 3]).collect();
        assert!(memo.begin());
        for (i, row) in (0..).zip(&rows) {
            let expected = if i % 2 == 0 { Met::Now(i / 2) } else { Met::Before(i / 2) };
            assert_eq!(memo.meet(row), expected);
        }
        assert!(!memo.begin());
        for (i, row) in (0..).zip(&rows) {
            assert_eq!(memo.meet(row), Met::Before(i / 2));
        }
    }

    #[test]
    fn it_rests_where_rows_do_not_repeat_and_wakes_up_again() {
        let mut memo = Memo::new(8);
        memo.begin();
        let mut unique = 0;
        for i in 0..TRIAL + REST {
            assert_eq!(memo.meet(&(i as u64).to_le_bytes().map(u16::from)), Met::Now(unique));
            unique += 1;
        }
        // The first of these is met awake again, and so are its repetitions.
        assert_eq!(memo.meet(&[700; 8]), Met::Now(unique));
        assert_eq!(memo.meet(&[700; 8]), Met::Before(unique));
    }
}
