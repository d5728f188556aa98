//! Rows parted into leaves of rows that stand together.

use super::rows::Rows;

/// Orders `rows`, none of which may have a gap, so that every `leaf_size` of them, the last ones
/// apart, stand together.
///
/// As a k-d tree is built: cut at the middle of the column that spreads most, and again on either
/// side. Takes O(rows × columns × log rows) time.
///
/// # References
///
/// J. H. Friedman, J. L. Bentley, R. A. Finkel, *An Algorithm for Finding Best Matches in
/// Logarithmic Expected Time*, ACM TOMS 3, 1977.
pub(super) fn partition(rows: &Rows, members: &mut [u32], leaf_size: usize) {
    if members.len() <= leaf_size {
        return;
    }
    let column = widest_column(rows, members);
    // Whole leaves on the left, so that only the very last one is not full.
    let middle = (members.len() / 2).next_multiple_of(leaf_size);
    let key = |&row: &u32| (rows.row(row)[column], row);
    members.select_nth_unstable_by(middle, |a, b| {
        let ((a, a_row), (b, b_row)) = (key(a), key(b));
        a.total_cmp(&b).then(a_row.cmp(&b_row))
    });
    let (left, right) = members.split_at_mut(middle);
    partition(rows, left, leaf_size);
    partition(rows, right, leaf_size);
}

/// The column in which the rows' variance is largest, the first of equals.
fn widest_column(rows: &Rows, members: &[u32]) -> usize {
    let n = members.len() as f64;
    let (mut sums, mut squares) = (vec![0.0; rows.n_columns()], vec![0.0; rows.n_columns()]);
    for &row in members {
        for ((sum, square), cell) in sums.iter_mut().zip(&mut squares).zip(rows.row(row)) {
            *sum += cell;
            *square += cell * cell;
        }
    }
    let spreads = sums.iter().zip(&squares).map(|(sum, square)| square - sum * sum / n);
    let first = (0, f64::NEG_INFINITY);
    spreads.enumerate().fold(first, |best, next| if next.1 > best.1 { next } else { best }).0
}
