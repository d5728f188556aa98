//! Rows as chance would make them: every column's values, put together at random.

use crate::random::{below, stream};

/// Streams of a seed below this one belong to trees.
const FIRST_STREAM: u64 = 1 << 32;

/// Returns `n_rows` made-up rows, column by column: each column holds values of the same column of
/// `rows`, drawn without replacement and independently of the other columns.
///
/// `rows` holds codes, row by row, `n_columns` each. What two columns have to do with each other is
/// gone, what each is by itself is kept: scores of such rows show what chance alone gives.
/// No more rows are made than there are.
///
/// # Panics
///
/// If `n_columns` is 0 or a row is cut off.
pub fn shuffled(rows: &[u16], n_columns: usize, n_rows: usize, seed: u64) -> Vec<Vec<u16>> {
    assert!(rows.len().is_multiple_of(n_columns), "rows of {n_columns} codes");
    let n = rows.len() / n_columns;
    let drawn = |column: usize| {
        let mut rng = stream(seed, FIRST_STREAM + column as u64);
        let mut codes: Vec<u16> = rows.iter().skip(column).step_by(n_columns).copied().collect();
        // Fisher and Yates, as far as rows are needed.
        for place in 0..n_rows.min(n) {
            let other = place + below(&mut rng, (n - place) as u32) as usize;
            codes.swap(place, other);
        }
        codes.truncate(n_rows);
        codes
    };
    (0..n_columns).map(drawn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_keep_their_values_and_lose_each_other() {
        let n = 1_000_u16;
        let rows: Vec<u16> = (0..n).flat_map(|row| [row, row, 7]).collect();
        let columns = shuffled(&rows, 3, usize::from(n), 5);
        for column in &columns[..2] {
            let mut sorted = column.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(0..n));
        }
        assert!(columns[2].iter().all(|&code| code == 7));
        // Of a thousand places one agrees by chance, ten hardly ever.
        let n_same = columns[0].iter().zip(&columns[1]).filter(|(a, b)| a == b).count();
        assert!(n_same < 10, "{n_same}");
    }

    #[test]
    fn no_more_rows_are_made_than_there_are() {
        assert_eq!(shuffled(&[1, 2], 1, 9, 0).concat().len(), 2);
        assert!(shuffled(&[], 2, 9, 0).concat().is_empty());
    }
}
