//! Columns that repeat an earlier one, row by row.

use std::collections::BTreeMap;

use super::{
    super::{
        JobError,
        message::{Answer, Question},
    },
    Dictionary, Shards, ask_all,
    columns::CountedColumn,
    to_all,
};

/// For each column the first one that it repeats, row by row; `None` where it is its own.
///
/// A copy has the values of its original, each as often, and the same code in every row. So only
/// columns whose dictionaries are equal are looked at: the shards tell a fingerprint of each, and
/// those that agree are compared to the last row. Most tables have none, and ask nothing.
pub(super) async fn copies<S: Shards>(
    shards: &mut S,
    columns: &[CountedColumn],
) -> Result<Vec<Option<u32>>, JobError> {
    let mut originals = vec![None; columns.len()];
    let alike = alike(columns);
    let suspects: Vec<u32> = alike.iter().flatten().copied().collect();
    if suspects.is_empty() {
        return Ok(originals);
    }
    let question = |_| Question::Fingerprints(suspects.clone());
    let mut prints = vec![Vec::new(); suspects.len()];
    for (_, answer) in ask_all(shards, to_all(shards.n_shards(), question), |_, _| {}).await? {
        let Answer::Fingerprints(there) = answer else {
            unreachable!("fingerprints were asked for")
        };
        for (prints, &print) in prints.iter_mut().zip(there.iter()) {
            prints.push(print);
        }
    }
    let mut prints = prints.into_iter();
    let mut pairs = Vec::new();
    for class in &alike {
        let mut firsts = BTreeMap::new();
        for (&column, prints) in class.iter().zip(&mut prints) {
            let &mut first = firsts.entry(prints).or_insert(column);
            if first != column {
                pairs.push((first, column));
            }
        }
    }
    if pairs.is_empty() {
        return Ok(originals);
    }
    let mut is_same = vec![true; pairs.len()];
    let question = |_| Question::AreSame(pairs.clone());
    for (_, answer) in ask_all(shards, to_all(shards.n_shards(), question), |_, _| {}).await? {
        let Answer::AreSame(there) = answer else { unreachable!("pairs were to be compared") };
        for (is_same, there) in is_same.iter_mut().zip(there) {
            *is_same &= there;
        }
    }
    for ((first, column), _) in pairs.into_iter().zip(is_same).filter(|&(_, is_same)| is_same) {
        originals[column as usize] = Some(first);
    }
    Ok(originals)
}

/// Columns with equal dictionaries, at least two and in their order. What is constant says nothing.
fn alike(columns: &[CountedColumn]) -> Vec<Vec<u32>> {
    let mut by_counts = BTreeMap::<(u32, &[u32]), Vec<Vec<u32>>>::new();
    for (at, column) in (0..).zip(columns) {
        if matches!(column.dictionary, Dictionary::None) || column.n_distinct < 2 {
            continue;
        }
        let classes = by_counts.entry((column.n_missing, column.dictionary.counts())).or_default();
        let is_alike =
            |class: &&mut Vec<u32>| columns[class[0] as usize].dictionary == column.dictionary;
        match classes.iter_mut().find(is_alike) {
            Some(class) => class.push(at),
            None => classes.push(vec![at]),
        }
    }
    by_counts.into_values().flatten().filter(|class| class.len() > 1).collect()
}
