//! Where values stand in their columns.

use super::{
    super::{JobError, bulk::Bulk, findings::Positions},
    Dictionary, Shards, Table,
    codes::codes,
};

/// Tells of some rows where each value stands among those of its column.
///
/// # Errors
///
/// - [`NoSuchRow`](JobError::NoSuchRow), [`NoSuchColumn`](JobError::NoSuchColumn): a row or a column is
///   beyond the table.
/// - [`NotAFeature`](JobError::NotAFeature): a column has no codes. Nothing is told then, as a gap would
///   say that its values are missing.
pub async fn positions<S: Shards>(
    shards: &mut S,
    table: &Table,
    rows: Vec<u32>,
    columns: Vec<u32>,
) -> Result<Positions, JobError> {
    let n_rows = table.n_rows();
    if let Some(&row) = rows.iter().find(|&&row| row >= n_rows) {
        return Err(JobError::NoSuchRow { row, n_rows });
    }
    let mut by_code = Vec::with_capacity(columns.len());
    for &column in &columns {
        let name = || table.profile.columns[column as usize].name.clone();
        let places = places(table.dictionary(column)?);
        by_code.push(places.ok_or_else(|| JobError::NotAFeature { column: name() })?);
    }
    let mut told = Vec::with_capacity(rows.len() * columns.len());
    if !columns.is_empty() {
        let codes = codes(shards, table, &rows, &columns).await?;
        let place = |(places, &code): (&Vec<f32>, &u16)| {
            // What is missing has the code after the last.
            places.get(usize::from(code)).copied().unwrap_or(f32::NAN)
        };
        for codes in codes.chunks(columns.len()) {
            told.extend(by_code.iter().zip(codes).map(place));
        }
    }
    Ok(Positions { columns, rows, places: Bulk(told) })
}

/// The place of each code, from 0 to 1; `None` where there are none.
fn places(dictionary: &Dictionary) -> Option<Vec<f32>> {
    match dictionary {
        Dictionary::Ranked(ranked) => {
            let sum = |counts: &[u32]| counts.iter().map(|&n| f64::from(n)).sum::<f64>();
            let (all, mut below) = (sum(&ranked.counts), 0.0);
            let place = |&count: &u32| {
                let own = f64::from(count);
                let place = (below + own / 2.0) / all;
                below += own;
                place as f32
            };
            Some(ranked.counts.iter().map(place).collect())
        }
        Dictionary::Unordered(categories) => {
            let by_frequency = categories.by_frequency();
            let last = by_frequency.len().saturating_sub(1).max(1) as f64;
            let mut places = vec![0.0; by_frequency.len()];
            for (rank, code) in by_frequency.into_iter().enumerate() {
                places[code] = (rank as f64 / last) as f32;
            }
            Some(places)
        }
        Dictionary::None => None,
    }
}
