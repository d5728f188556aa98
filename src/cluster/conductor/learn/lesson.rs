//! What there is to learn: rows, their classes, and what they are there for.

use super::{
    super::{
        super::{
            JobError,
            learned::{SplitBy, TrainSpec},
        },
        Shards, Table,
    },
    split::{Parting, parting},
    target::{Target, target},
};
use crate::engine::{
    boost,
    evaluate::{Part, SplitError, SplitNote, unseen_classes},
    matrix::Feature,
    table::ColumnProfile,
};

/// What there is to learn: rows that have a class, and what of them is looked at.
#[derive(Clone)]
pub(super) struct Lesson {
    pub(super) columns: Vec<u32>,
    pub(super) features: Vec<Feature>,
    /// Rows of the table.
    pub(super) rows: Vec<u32>,
    /// Their classes; the number of classes for one that is never learnt.
    pub(super) classes: Vec<u8>,
    pub(super) n_classes: u8,
}

impl Lesson {
    pub(super) fn n_votes(&self) -> usize {
        if self.n_classes == 2 { 1 } else { self.n_classes.into() }
    }
}

/// A lesson, and how its rows are parted.
pub(super) struct Prepared {
    pub(super) lesson: Lesson,
    /// The names of the classes that are learnt.
    pub(super) names: Vec<String>,
    /// Classes of the test that are not, with their rows.
    pub(super) unseen: Vec<(String, u32)>,
    /// By place among the lesson's rows, once or for each fold.
    pub(super) parts: Vec<Vec<Part>>,
    pub(super) notes: Vec<SplitNote>,
    pub(super) is_folded: bool,
    /// The rows of the file to judge by, whether they have a class or not.
    pub(super) of_file: Option<Vec<u32>>,
}

/// Gives rows their classes and parts them.
pub(super) async fn prepare<S: Shards>(
    shards: &mut S,
    table: &Table,
    spec: &TrainSpec,
) -> Result<Prepared, JobError> {
    if let [only] = &table.profile.columns[..] {
        return Err(JobError::NoOtherColumn { column: only.name.clone() });
    }
    let columns: Vec<u32> =
        spec.features.iter().copied().filter(|&column| column != spec.target).collect();
    let is_other = |&(column, _): &(u32, &ColumnProfile)| column != spec.target;
    let mut others = (0..).zip(&table.profile.columns).filter(is_other);
    if columns.is_empty() && others.all(|(_, column)| column.n_distinct < 2) {
        return Err(boost::FitError::NothingVaries.into());
    }
    let features = table.features(&columns)?;
    let Target { mut names, classes } = target(shards, table, spec.target, &spec.classes).await?;
    let parted = parting(shards, table, spec, &classes).await;
    let Parting { rows, parts, mut notes, of_file } =
        parted.map_err(|error| of_one_class(error, table, spec.target, &names))?;
    let there: Vec<u8> = rows.iter().map(|&row| classes[row as usize]).collect();
    let is_folded = matches!(spec.split, SplitBy::Folds { .. });

    // Classes that are learnt come first, those that never are have one number together.
    let unseen = if is_folded { Vec::new() } else { unseen_classes(&there, &parts[0]) };
    let told = |&(class, n): &(u8, u32)| (names[usize::from(class)].clone(), n);
    let unseen: Vec<(String, u32)> = unseen.iter().map(told).collect();
    let renumbered = renumbered(&there, &parts[0], is_folded, &mut names);
    let n_classes = names.len() as u8;
    for note in &mut notes {
        renumber(note, &renumbered);
    }
    let classes = there.iter().map(|&class| renumbered[usize::from(class)]).collect();
    let lesson = Lesson { columns, features, rows, classes, n_classes };
    Ok(Prepared { lesson, names, unseen, parts, notes, is_folded, of_file })
}

/// Says by its name that there is one class only, in the whole column or in what is to be learnt from.
fn of_one_class(error: JobError, table: &Table, target: u32, names: &[String]) -> JobError {
    let JobError::Split(SplitError::OneClass { class }) = error else { return error };
    let profile = &table.profile.columns[target as usize];
    let (column, class) = (profile.name.clone(), names[usize::from(class)].clone());
    if profile.n_distinct < 2 {
        JobError::OneClass { column, class }
    } else {
        JobError::OneClassLearnt { column, class }
    }
}

/// Gives the class that a note is about its new number.
fn renumber(note: &mut SplitNote, numbers: &[u8]) {
    match note {
        SplitNote::OneRow { class }
        | SplitNote::FewerThanFolds { class, .. }
        | SplitNote::NotTested { class }
        | SplitNote::NotTrained { class, .. } => *class = numbers[usize::from(*class)],
        SplitNote::NoTime { .. } => {}
    }
}

/// New numbers for classes: those that are learnt in their order, all others the one behind; the names
/// are those that are learnt from now on.
fn renumbered(classes: &[u8], parts: &[Part], is_folded: bool, names: &mut Vec<String>) -> Vec<u8> {
    let mut is_learnt = vec![false; names.len()];
    for (&class, part) in classes.iter().zip(parts) {
        is_learnt[usize::from(class)] |= is_folded || *part == Part::Train;
    }
    let n_learnt = is_learnt.iter().filter(|&&is| is).count() as u8;
    let mut next = 0;
    let mut numbers = Vec::with_capacity(names.len());
    for &is_learnt in &is_learnt {
        numbers.push(if is_learnt { next } else { n_learnt });
        next += u8::from(is_learnt);
    }
    let mut kept = is_learnt.into_iter();
    names.retain(|_| kept.next() == Some(true));
    numbers
}
