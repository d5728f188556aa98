//! The two strongest eigenvectors of rows' correlations.
//!
//! The matrix of correlations is never made: with 5,000 columns it alone would take longer than all
//! that is done here. It is known by what it makes of vectors, one pass over the rows each. From a
//! fixed start, what it makes of two vectors, of what came of these, and so on span a space in which
//! its strongest eigenvectors come to lie soon, and all of them once it is as wide as there are
//! columns: so a few columns are solved outright, and many in some ten to a hundred passes, where
//! powers of the matrix would need thousands if the second and third eigenvalue are close.
//!
//! Two vectors at a time, as of two equal eigenvalues one vector would find one eigenvector only.
//!
//! # References
//!
//! C. Lanczos, *An Iteration Method for the Solution of the Eigenvalue Problem of Linear Differential
//! and Integral Operators*, Journal of Research of the National Bureau of Standards 45, 1950. By
//! blocks: G. H. Golub, R. Underwood, *The Block Lanczos Method for Computing Eigenvalues*, 1977. Each
//! vector is made orthogonal to all before it, twice, which is enough: B. N. Parlett, *The Symmetric
//! Eigenvalue Problem*, 1980, § 6.9.

use super::{
    eigen::eigen,
    rows::{Rows, add, product},
};
use crate::random;

/// What is left of a vector that brings nothing new, against the largest.
const NOTHING: f64 = 1e-13;
/// How far off its image may be, against the largest eigenvalue: of eigenvalues that are a hundredth of
/// that apart, the vectors have ten right digits.
const TOLERANCE: f64 = 1e-12;
/// Vectors before it is first looked how far off they are; then after half as many more each time.
const FIRST_LOOK: usize = 16;
/// Vectors at most. Where these do not do, directions by the hundred are about as strong, and which of
/// them are shown is no matter.
const MOST_VECTORS: usize = 256;

/// An eigenvalue and its eigenvector, of length 1.
type Pair = (f64, Vec<f64>);

/// Returns the two largest eigenvalues of ZᵀZ/n, Z being the rows, with their eigenvectors, up to their
/// sign; 0 and zeros where there is no variance left.
pub(super) fn strongest(rows: &Rows) -> [Pair; 2] {
    let mut space = Space { vectors: Vec::new(), images: Vec::new() };
    // What comes of any vectors has no part in columns that do not vary.
    let mut block = rows.images(&start(rows.stride()));
    let mut largest = 0.0_f64;
    let mut next_look = FIRST_LOOK;
    loop {
        let before = space.vectors.len();
        for vector in block {
            largest = largest.max(length(&vector));
            space.widen(vector, NOTHING * largest);
        }
        block = rows.images(&space.vectors[before..]);
        space.images.extend_from_slice(&block);
        let width = space.vectors.len();
        let is_over = width == before || width >= MOST_VECTORS;
        if is_over || width >= next_look {
            let (pairs, rest) = space.strongest(rows.stride());
            if is_over || rest <= TOLERANCE * pairs[0].0 {
                let is_there = |pair: &Pair| pair.0 > NOTHING * largest;
                return pairs.map(|pair| if is_there(&pair) { pair } else { none(rows.stride()) });
            }
            next_look = width + width / 2;
        }
    }
}

/// Two vectors that are no longer than 1 and lean to no column.
fn start(stride: usize) -> [Vec<f64>; 2] {
    let length = (stride as f64).sqrt();
    [0, 1].map(|index| {
        let mut rng = random::stream(0, index);
        (0..stride).map(|_| (random::unit(&mut rng) - 0.5) / length).collect()
    })
}

fn none(stride: usize) -> Pair {
    (0.0, vec![0.0; stride])
}

fn length(vector: &[f64]) -> f64 {
    product(vector, vector).sqrt()
}

/// Directions of length 1, each orthogonal to all others, and what the matrix makes of them.
struct Space {
    vectors: Vec<Vec<f64>>,
    images: Vec<Vec<f64>>,
}

impl Space {
    /// Takes in what is new in a vector, if it is longer than `least`.
    fn widen(&mut self, mut vector: Vec<f64>, least: f64) {
        for _ in 0..2 {
            for there in &self.vectors {
                let along = product(there, &vector);
                add(&mut vector, there, -along);
            }
        }
        let length = length(&vector);
        if length > least {
            for cell in &mut vector {
                *cell /= length;
            }
            self.vectors.push(vector);
        }
    }

    /// The two strongest eigenvectors as far as they lie in the space, and how far off the worse is.
    fn strongest(&self, stride: usize) -> ([Pair; 2], f64) {
        let n = self.vectors.len();
        let mut inner = vec![0.0; n * n];
        for (i, vector) in self.vectors.iter().enumerate() {
            for (j, image) in self.images.iter().enumerate() {
                // Both halves of what is symmetric but for rounding.
                let half = product(vector, image) / 2.0;
                inner[i * n + j] += half;
                inner[j * n + i] += half;
            }
        }
        let mut found = eigen(inner, n).into_iter();
        let mut worst = 0.0_f64;
        let pairs = [(); 2].map(|()| {
            let Some((value, parts)) = found.next() else { return none(stride) };
            let (mut vector, mut off) = (vec![0.0; stride], vec![0.0; stride]);
            for ((there, image), part) in self.vectors.iter().zip(&self.images).zip(parts) {
                add(&mut vector, there, part);
                add(&mut off, image, part);
            }
            add(&mut off, &vector, -value);
            worst = worst.max(length(&off));
            (value, vector)
        });
        (pairs, worst)
    }
}
