//! What each row is there for.

use super::{
    super::{
        super::{
            JobError,
            learned::{NO_CLASS, SplitBy, TrainSpec},
        },
        Dictionary, Shards, Table,
        entities::each_value,
    },
    target::whole,
};
use crate::engine::evaluate::{
    Part, Split, SplitNote, by_file, by_group, by_time, grouped_folds, stratified, stratified_folds,
};

/// The share of the rows to learn from that is held out of them where training is to end in time.
const HELD_OUT: f64 = 0.15;

/// The rows that have a class, and how they are parted: once, or once for each fold.
pub(super) struct Parting {
    /// They.
    pub(super) rows: Vec<u32>,
    /// The parts of them, by place in `rows`.
    pub(super) parts: Vec<Vec<Part>>,
    /// What is to be known.
    pub(super) notes: Vec<SplitNote>,
    /// The rows of the file to judge by, whether they have a class or not.
    pub(super) of_file: Option<Vec<u32>>,
}

/// Parts the rows that have a class.
///
/// # Errors
///
/// - [`NoLabels`](JobError::NoLabels): no row has a class.
/// - [`LabelsElsewhere`](JobError::LabelsElsewhere): those that have one are all of the file to judge by.
/// - [`Split`](JobError::Split), and those of [`each_value`] about groups and files.
pub(super) async fn parting<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: &TrainSpec,
    classes: &[u8],
) -> Result<Parting, JobError> {
    let rows: Vec<u32> =
        (0..).zip(classes).filter(|&(_, &class)| class != NO_CLASS).map(|(row, _)| row).collect();
    let name_of = |column: u32| table.profile.columns[column as usize].name.clone();
    if rows.is_empty() {
        return Err(JobError::NoLabels { column: name_of(spec.target) });
    }
    let there: Vec<u8> = rows.iter().map(|&row| classes[row as usize]).collect();
    let mut of_file = None;
    let one = |split: Split| (vec![split.parts], split.notes);
    let (parts, notes) = match &spec.split {
        SplitBy::Random { share } => one(stratified(&there, *share, spec.seed)?),
        SplitBy::Time { column, share } => {
            let times = times(shards, table, *column).await?;
            let times: Vec<f64> = rows.iter().map(|&row| times[row as usize]).collect();
            one(by_time(&times, &there, *share)?)
        }
        SplitBy::Group { column, share } => {
            each_value(table, *column)?;
            let groups = codes(shards, *column, &rows).await?;
            one(by_group(&groups, &there, *share, spec.seed)?)
        }
        SplitBy::File { column, name, share } => {
            let dictionary = each_value(table, *column)?;
            let test = (0..dictionary.n_codes()).find(|&code| dictionary.name(code) == *name);
            let test = test.map_or(u32::MAX, u32::from);
            let files = whole(shards, *column).await?.codes;
            let is_there = |row: u32| u32::from(files[row as usize]) == test;
            let all: Vec<u32> = (0..table.n_rows()).filter(|&row| is_there(row)).collect();
            let n_labelled = rows.iter().filter(|&&row| is_there(row)).count();
            if n_labelled == rows.len() {
                let column = name_of(spec.target);
                return Err(JobError::LabelsElsewhere { column, file: name.clone() });
            }
            let has_none = n_labelled == 0 && !all.is_empty();
            of_file = Some(all);
            if has_none {
                one(stratified(&there, *share, spec.seed)?)
            } else {
                let files: Vec<u32> = rows.iter().map(|&row| files[row as usize].into()).collect();
                one(by_file(&files, &there, test)?)
            }
        }
        SplitBy::Folds { k } => {
            let folds = stratified_folds(&there, *k, spec.seed)?;
            let mut parts = Vec::new();
            for fold in 0..*k {
                parts.push(folds.split(&there, fold)?.parts);
            }
            (parts, folds.notes)
        }
    };
    Ok(Parting { rows, parts, notes, of_file })
}

/// Of the rows that are learnt from, those that are held out of them, by place.
pub(super) fn held_out(classes: &[u8], parts: &[Part], seed: u64) -> Result<Vec<bool>, JobError> {
    let is_train = |place: &usize| parts[*place] == Part::Train;
    let places: Vec<usize> = (0..parts.len()).filter(is_train).collect();
    let there: Vec<u8> = places.iter().map(|&place| classes[place]).collect();
    let split = stratified(&there, HELD_OUT, seed ^ 1)?;
    let mut is_held = vec![false; parts.len()];
    for (&place, part) in places.iter().zip(&split.parts) {
        is_held[place] = *part == Part::Test;
    }
    Ok(is_held)
}

/// Deals rows to learn from out to folds: at random, class by class; where the split is by groups, these
/// stay together.
pub(super) async fn folds<S: Shards>(
    shards: &mut S,
    spec: &TrainSpec,
    rows: &[u32],
    classes: &[u8],
    k: u8,
) -> Result<Vec<u8>, JobError> {
    let folds = match spec.split {
        SplitBy::Group { column, .. } => {
            grouped_folds(&codes(shards, column, rows).await?, classes, k, spec.seed)?
        }
        _ => stratified_folds(classes, k, spec.seed)?,
    };
    Ok(folds.folds)
}

async fn codes<S: Shards>(shards: &mut S, column: u32, rows: &[u32]) -> Result<Vec<u32>, JobError> {
    let whole = whole(shards, column).await?;
    Ok(rows.iter().map(|&row| whole.codes[row as usize].into()).collect())
}

/// The time of every row, NaN where there is none.
async fn times<S: Shards>(
    shards: &mut S,
    table: &Table,
    column: u32,
) -> Result<Vec<f64>, JobError> {
    let Dictionary::Ranked(ranked) = table.dictionary(column)? else {
        let column = table.profile.columns[column as usize].name.clone();
        return Err(JobError::NotNumbers { column });
    };
    let whole = whole(shards, column).await?;
    if !whole.numbers.is_empty() {
        return Ok(whole.numbers);
    }
    let time = |&code: &u16| ranked.lows.get(usize::from(code)).copied().unwrap_or(f64::NAN);
    Ok(whole.codes.iter().map(time).collect())
}
