//! Eigenvectors of small symmetric matrices.

use crate::arrange::order;

/// An entry off the diagonal that is nothing, against the largest entry.
const NOTHING: f64 = 1e-18;
/// Sweeps at most; some ten are enough for any matrix that fits here.
const MOST_SWEEPS: usize = 50;

/// Returns the eigenvalues of a symmetric matrix of `n × n` entries, largest first, each with its
/// eigenvector.
///
/// # References
///
/// C. G. J. Jacobi, *Über ein leichtes Verfahren, die in der Theorie der Säcularstörungen vorkommenden
/// Gleichungen numerisch aufzulösen*, Journal für die reine und angewandte Mathematik 30, 1846; row by
/// row, as in G. H. Golub, C. F. Van Loan, *Matrix Computations*, algorithm 8.5.3.
pub(super) fn eigen(mut matrix: Vec<f64>, n: usize) -> Vec<(f64, Vec<f64>)> {
    let least = NOTHING * matrix.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    // Row after row one eigenvector to be.
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        vectors[i * n + i] = 1.0;
    }
    for _ in 0..MOST_SWEEPS {
        let mut is_diagonal = true;
        for p in 0..n {
            for q in p + 1..n {
                let entry = matrix[p * n + q];
                if entry.abs() <= least {
                    continue;
                }
                is_diagonal = false;
                let turn = Turn::to_clear(entry, matrix[p * n + p], matrix[q * n + q]);
                turn.columns(&mut matrix, n, p, q);
                turn.rows(&mut matrix, n, p, q);
                turn.rows(&mut vectors, n, p, q);
                (matrix[p * n + q], matrix[q * n + p]) = (0.0, 0.0);
            }
        }
        if is_diagonal {
            break;
        }
    }
    let value = |i: usize| matrix[i * n + i];
    let descending = order(n, &mut |a, b| value(b).total_cmp(&value(a)));
    descending.into_iter().map(|i| (value(i), vectors[i * n..][..n].to_vec())).collect()
}

/// A turn in the plane of two axes.
struct Turn {
    cosine: f64,
    sine: f64,
}

impl Turn {
    /// The smaller of the two turns that make `entry` 0, given the entries on the diagonal.
    fn to_clear(entry: f64, p: f64, q: f64) -> Self {
        let cotangent = (q - p) / (2.0 * entry);
        let tangent =
            1.0_f64.copysign(cotangent) / (cotangent.abs() + (cotangent * cotangent + 1.0).sqrt());
        let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
        Self { cosine, sine: tangent * cosine }
    }

    fn rows(&self, matrix: &mut [f64], n: usize, p: usize, q: usize) {
        let (above, below) = matrix.split_at_mut(q * n);
        for (a, b) in above[p * n..][..n].iter_mut().zip(&mut below[..n]) {
            self.apply(a, b);
        }
    }

    fn columns(&self, matrix: &mut [f64], n: usize, p: usize, q: usize) {
        for row in matrix.chunks_exact_mut(n) {
            let (left, right) = row.split_at_mut(q);
            self.apply(&mut left[p], &mut right[0]);
        }
    }

    fn apply(&self, a: &mut f64, b: &mut f64) {
        (*a, *b) = (self.cosine * *a - self.sine * *b, self.sine * *a + self.cosine * *b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{stream, unit};

    #[test]
    fn eigenvectors_are_orthonormal_and_make_up_the_matrix() {
        let mut rng = stream(5, 0);
        for n in [0, 1, 2, 3, 10, 40] {
            let mut matrix = vec![0.0; n * n];
            for i in 0..n {
                for j in 0..=i {
                    // Entries that are zero, equal and tiny among them.
                    let entry = [0.0, 1.0, 1e-15, unit(&mut rng)][(i * j) % 4];
                    (matrix[i * n + j], matrix[j * n + i]) = (entry, entry);
                }
            }
            let found = eigen(matrix.clone(), n);
            assert!(found.is_sorted_by(|a, b| a.0 >= b.0));
            for i in 0..n {
                for j in 0..n {
                    let entry: f64 = found.iter().map(|(value, v)| value * v[i] * v[j]).sum();
                    assert!((entry - matrix[i * n + j]).abs() < 1e-12, "{n}: {i}, {j}");
                    let product: f64 = (0..n).map(|k| found[i].1[k] * found[j].1[k]).sum();
                    assert!((product - f64::from(u8::from(i == j))).abs() < 1e-13);
                }
            }
        }
    }

    #[test]
    fn a_diagonal_stays_as_it_is() {
        let found = eigen(vec![2.0, 0.0, 0.0, 3.0], 2);
        assert_eq!(found, [(3.0, vec![0.0, 1.0]), (2.0, vec![1.0, 0.0])]);
    }
}
