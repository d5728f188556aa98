//! The class of every row, by the target's values.

use super::super::{
    super::{
        JobError,
        learned::{ClassesBy, NO_CLASS},
        message::{Answer, Question},
    },
    Dictionary, Shards, Table, ask_all,
    entities::each_value,
    to_all,
};
use crate::engine::{arrange::arrange, boost::MAX_CLASSES};

/// Classes, and the class of every row.
pub(super) struct Target {
    /// Their names.
    pub(super) names: Vec<String>,
    /// By row; [`NO_CLASS`] where there is none.
    pub(super) classes: Vec<u8>,
}

/// A column as its shards hold it.
pub(super) struct Whole {
    /// By row, the code for missing values the highest.
    pub(super) codes: Vec<u16>,
    /// By row, where codes stand for ranges of numbers.
    pub(super) numbers: Vec<f64>,
}

/// All codes of a column.
pub(super) async fn whole<S: Shards>(shards: &mut S, column: u32) -> Result<Whole, JobError> {
    let questions = to_all(shards.n_shards(), |_| Question::Column(column));
    let mut whole = Whole { codes: Vec::new(), numbers: Vec::new() };
    // Shards come in the order of their rows.
    for (_, answer) in ask_all(shards, questions, |_, _| {}).await? {
        let Answer::Column { codes, numbers } = answer else {
            unreachable!("a column was asked for")
        };
        whole.codes.extend(codes.iter());
        whole.numbers.extend(numbers.iter());
    }
    Ok(whole)
}

/// Gives every row its class.
///
/// # Errors
///
/// - [`NoSuchColumn`](JobError::NoSuchColumn), [`TooManyValues`](JobError::TooManyValues).
/// - [`TooManyClasses`](JobError::TooManyClasses): there are more than can be told apart.
/// - [`NoSuchClass`](JobError::NoSuchClass): no row has the value that is to be told from others.
/// - [`NotNumbers`](JobError::NotNumbers): a column of texts is to be cut in two.
pub(super) async fn target<S: Shards>(
    shards: &mut S,
    table: &Table,
    column: u32,
    by: &ClassesBy,
) -> Result<Target, JobError> {
    let name = || table.profile.columns[column as usize].name.clone();
    let dictionary = table.dictionary(column)?;
    if let ClassesBy::From(cut) = by {
        let Dictionary::Ranked(ranked) = dictionary else {
            return Err(JobError::NotNumbers { column: name() });
        };
        let whole = whole(shards, column).await?;
        let is_above = |row: usize| match whole.numbers.get(row) {
            Some(number) => (!number.is_nan()).then(|| number >= cut),
            None => ranked.lows.get(usize::from(whole.codes[row])).map(|low| low >= cut),
        };
        let class = |row: usize| is_above(row).map_or(NO_CLASS, u8::from);
        let classes = (0..whole.codes.len()).map(class).collect();
        return Ok(Target { names: vec![format!("below {cut}"), format!("from {cut}")], classes });
    }
    let dictionary = each_value(table, column)?;
    let values: Vec<String> = (0..dictionary.n_codes()).map(|code| dictionary.name(code)).collect();
    let (names, mut of_codes) = classes_of(table, column, &values, by)?;
    of_codes.push(NO_CLASS);
    let whole = whole(shards, column).await?;
    let classes = whole.codes.iter().map(|&code| of_codes[usize::from(code)]).collect();
    Ok(Target { names, classes })
}

/// The names of the classes, and the class of each code.
fn classes_of(
    table: &Table,
    column: u32,
    values: &[String],
    by: &ClassesBy,
) -> Result<(Vec<String>, Vec<u8>), JobError> {
    let profile = &table.profile.columns[column as usize];
    let two = |value: &String, is_first: bool| {
        if !values.contains(value) {
            let (column, class) = (profile.name.clone(), value.clone());
            return Err(JobError::NoSuchClass { column, class });
        }
        let others = format!("not {value}");
        let names = if is_first { [value.clone(), others] } else { [others, value.clone()] };
        let class = |there: &String| u8::from((there == value) != is_first);
        Ok((names.to_vec(), values.iter().map(class).collect()))
    };
    let each = |names: Vec<String>| {
        let found = names.len();
        if found > MAX_CLASSES as usize {
            let (column, limit) = (profile.name.clone(), MAX_CLASSES);
            return Err(JobError::TooManyClasses { column, found: found as u64, limit });
        }
        Ok(names)
    };
    match by {
        ClassesBy::Against(value) => two(value, false),
        ClassesBy::AllBut(value) => two(value, true),
        ClassesBy::Families => {
            let family = |value: &String| {
                let known = profile.known_values.iter().find(|known| known.text == *value);
                let family = known.map(|known| known.family.clone()).filter(|f| !f.is_empty());
                family.unwrap_or_else(|| "other".to_owned())
            };
            let families: Vec<String> = values.iter().map(family).collect();
            let mut names = families.clone();
            arrange(&mut names, Ord::cmp);
            names.dedup();
            let names = each(names)?;
            let place = |family: &String| names.partition_point(|name| name < family) as u8;
            let of_codes = families.iter().map(place).collect();
            Ok((names, of_codes))
        }
        ClassesBy::Values | ClassesBy::From(_) => {
            let names = each(values.to_vec())?;
            let of_codes = (0..names.len() as u8).collect();
            Ok((names, of_codes))
        }
    }
}
