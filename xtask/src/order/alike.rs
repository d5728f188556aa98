//! Which pieces are like one another, and a chain of them in which like follows like.

use std::collections::VecDeque;

/// How many bytes in a row two pieces may share: what gzip barely gains by, and what it gains much
/// by. Of pairs and single lengths from 4 to 16, these did best.
const LENGTHS: [usize; 2] = [4, LONGEST];
const LONGEST: usize = 7;

/// What more pieces have is near wherever one is put, and slow to count.
const MOST_SHARERS: usize = 200;

/// How far back, in bytes, and what sharing counts there. gzip forgets what is more than 32 KB back,
/// and what lies nearer takes fewer bits to point at. The last reaches back to one piece only.
const REACHES: [(usize, u64); 4] = [(30_000, 2), (8_000, 1), (2_000, 1), (0, 1)];

/// Added to what a piece could share at best, lest tiny ones that share all they have go first.
const HANDICAP: u64 = 20 * ONE;

/// What sharing a run of bytes counts, at most.
const ONE: u64 = 1 << 10;

/// The pieces, as the runs of bytes that they share.
///
/// All is counted in whole numbers, and what is equal is taken in its given order: the same pieces
/// have the same chains on every machine.
pub(super) struct Likeness {
    /// The lengths of the pieces.
    lengths: Vec<usize>,
    /// The runs that each piece shares with others.
    runs: Vec<Vec<u32>>,
    /// The pieces that have each run.
    sharers: Vec<Vec<u32>>,
    /// What each run counts: the rarer, the more, as a common one comes by anyway.
    weights: Vec<u64>,
}

impl Likeness {
    /// Finds what the pieces share.
    pub(super) fn of(pieces: &[&[u8]]) -> Self {
        // A run: its length, its bytes and zeros behind it.
        let mut all: Vec<(usize, [u8; LONGEST], u32)> = Vec::new();
        for (piece, bytes) in (0..).zip(pieces) {
            for length in LENGTHS {
                all.extend(bytes.windows(length).map(|run| {
                    let mut padded = [0; LONGEST];
                    padded[..length].copy_from_slice(run);
                    (length, padded, piece)
                }));
            }
        }
        all.sort_unstable();
        all.dedup();
        let mut runs = vec![Vec::new(); pieces.len()];
        let mut sharers = Vec::new();
        for same in all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            if (2..=MOST_SHARERS).contains(&same.len()) {
                for (_, _, piece) in same {
                    runs[*piece as usize].push(sharers.len() as u32);
                }
                sharers.push(same.iter().map(|(_, _, piece)| *piece).collect());
            }
        }
        let weights = sharers
            .iter()
            .map(|sharers: &Vec<u32>| (ONE as f64 / (sharers.len() as f64).sqrt().sqrt()) as u64)
            .collect();
        Self { lengths: pieces.iter().map(|bytes| bytes.len()).collect(), runs, sharers, weights }
    }

    /// All pieces, from a first one on: next is always the one that finds most of what it could share
    /// at best within reach.
    pub(super) fn chain(&self, first: usize) -> Vec<usize> {
        let at_best: Vec<f64> = self.runs.iter().map(|runs| self.at_best(runs)).collect();
        let mut windows = REACHES.map(|(reach, worth)| Window::new(reach, worth, self));
        let mut left: Vec<usize> = (0..self.lengths.len()).collect();
        let mut chain = Vec::with_capacity(left.len());
        // What each piece would find within reach now.
        let mut found = vec![0; left.len()];
        let mut next = left.get(first).copied();
        while let Some(piece) = next {
            chain.push(piece);
            left.retain(|other| *other != piece);
            for window in &mut windows {
                window.push(piece, self, &mut found);
            }
            let share = |piece: usize| found[piece] as f64 / at_best[piece];
            next = left
                .iter()
                .copied()
                .reduce(|best, other| if share(other) > share(best) { other } else { best });
        }
        chain
    }

    /// What a piece would share if all its runs were within reach, to the power of 3/4: between
    /// long pieces, which share much, and short ones, which share all. Roots are the same on every
    /// machine, other powers are not.
    fn at_best(&self, runs: &[u32]) -> f64 {
        let sum: u64 = runs.iter().map(|run| self.weights[*run as usize]).sum();
        let root = ((sum + HANDICAP) as f64).sqrt();
        root * root.sqrt()
    }
}

/// The last pieces of a chain, up to some length.
struct Window {
    reach: usize,
    worth: u64,
    pieces: VecDeque<usize>,
    length: usize,
    /// How many of the pieces have each run.
    held: Vec<u32>,
}

impl Window {
    fn new(reach: usize, worth: u64, likeness: &Likeness) -> Self {
        let held = vec![0; likeness.sharers.len()];
        Self { reach, worth, pieces: VecDeque::new(), length: 0, held }
    }

    /// Takes a piece in, lets go of what is out of reach then, and tells all who share their runs.
    fn push(&mut self, piece: usize, likeness: &Likeness, found: &mut [u64]) {
        self.pieces.push_back(piece);
        self.length += likeness.lengths[piece];
        for &run in &likeness.runs[piece] {
            let held = &mut self.held[run as usize];
            *held += 1;
            if *held == 1 {
                for &sharer in &likeness.sharers[run as usize] {
                    found[sharer as usize] += self.worth * likeness.weights[run as usize];
                }
            }
        }
        // The last one stays, however long it is.
        while self.length > self.reach && self.pieces.len() > 1 {
            let Some(gone) = self.pieces.pop_front() else { break };
            self.length -= likeness.lengths[gone];
            for &run in &likeness.runs[gone] {
                let held = &mut self.held[run as usize];
                *held -= 1;
                if *held == 0 {
                    for &sharer in &likeness.sharers[run as usize] {
                        found[sharer as usize] -= self.worth * likeness.weights[run as usize];
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three kinds of pieces by turns; those of one kind share all but their last byte.
    fn pieces() -> Vec<Vec<u8>> {
        (0..30).map(|i| (0..50).map(|k| k * 4 + i % 3).chain([i]).collect()).collect()
    }

    #[test]
    fn like_follows_like() {
        let pieces = pieces();
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let likeness = Likeness::of(&pieces);
        let chain = likeness.chain(1);
        assert_eq!(chain[0], 1);
        let turns = chain.windows(2).filter(|pair| pair[0] % 3 != pair[1] % 3).count();
        assert_eq!(turns, 2, "{chain:?}");
    }

    #[test]
    fn a_chain_has_every_piece_once_and_is_the_same_again() {
        let mut pieces = pieces();
        pieces.extend([Vec::new(), vec![0; 40_000], vec![1, 2], vec![0; 40_000]]);
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let chain = Likeness::of(&pieces).chain(7);
        assert_eq!(Likeness::of(&pieces).chain(7), chain);
        let mut sorted = chain;
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..pieces.len()));
        assert!(Likeness::of(&[]).chain(0).is_empty());
    }
}
