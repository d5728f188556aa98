//! The rows of another file that a model is applied to.

use super::{
    super::{
        super::{
            JobError,
            learned::{Applied, NO_CLASS},
        },
        Shards, Table,
    },
    leaks::tallies,
    lesson::Lesson,
};

/// What there is to know of the rows of another file before their votes are counted.
pub(super) async fn applied<S: Shards>(
    shards: &mut S,
    table: &Table,
    lesson: &Lesson,
    rows: &[u32],
) -> Result<Applied, JobError> {
    let mut classes = vec![NO_CLASS; table.n_rows() as usize];
    for &row in rows {
        classes[row as usize] = 0;
    }
    let n_judged = lesson.rows.iter().filter(|&&row| classes[row as usize] == 0).count() as u32;
    let counts = tallies(shards, table, &lesson.columns, &classes, 1).await?;
    let (mut start, mut lacking) = (0, Vec::new());
    for (&column, feature) in lesson.columns.iter().zip(&lesson.features) {
        let missing = start + usize::from(feature.n_codes());
        if counts[start..missing].iter().all(|&n| n == 0) {
            lacking.push(column);
        }
        start = missing + 1;
    }
    Ok(Applied { n_rows: rows.len() as u32, n_judged, of_classes: Vec::new(), lacking })
}
