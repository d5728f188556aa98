//! What a person said about rows: kept in the browser, under the file's fingerprint.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::outside;
use super::triage::Moved;
use crate::protocol::{Judgement, Loaded, Verdict};

/// Before the fingerprint in the name under which the browser keeps them.
const KEY: &str = "isoscope.verdicts.";

/// What a person said about rows of the table that stands. A bundle of signals: copy it.
#[derive(Debug, Clone, Copy)]
pub struct Judgements {
    /// By row, the verdict and a note.
    pub said: RwSignal<BTreeMap<u32, (Verdict, String)>>,
    /// What the last verdict moved.
    pub moved: RwSignal<Option<Moved>>,
    file: StoredValue<String>,
}

impl Default for Judgements {
    fn default() -> Self {
        let (said, moved) = (RwSignal::new(BTreeMap::new()), RwSignal::new(None));
        Self { said, moved, file: StoredValue::new(String::new()) }
    }
}

impl Judgements {
    /// Takes up what was said about this table before, if the browser kept it.
    pub fn open(self, table: &Loaded) {
        let file = fingerprint(table);
        let kept = outside::storage()
            .and_then(|storage| storage.get_item(&format!("{KEY}{file}")).ok().flatten());
        let said = read(&kept.unwrap_or_default(), table.profile.n_rows);
        self.file.set_value(file);
        self.said.set(said);
    }

    /// Says something about a row, or takes it back.
    pub fn say(self, row: u32, verdict: Option<Verdict>) {
        self.said.update(|said| match verdict {
            None => drop(said.remove(&row)),
            Some(verdict) => said.entry(row).or_insert((verdict, String::new())).0 = verdict,
        });
        self.keep();
    }

    /// Says the same about several rows.
    pub fn say_all(self, rows: &[u32], verdict: Verdict) {
        self.said.update(|said| {
            for &row in rows {
                said.entry(row).or_insert((verdict, String::new())).0 = verdict;
            }
        });
        self.keep();
    }

    /// Notes something beside a verdict.
    pub fn note(self, row: u32, note: String) {
        self.said.update(|said| {
            if let Some((_, there)) = said.get_mut(&row) {
                *there = note;
            }
        });
        self.keep();
    }

    /// Takes everything back.
    pub fn clear(self) {
        self.said.set(BTreeMap::new());
        self.keep();
    }

    /// The verdicts, by row.
    pub fn verdicts(self) -> Vec<(u32, Verdict)> {
        self.said.with_untracked(|said| said.iter().map(|(&row, &(v, _))| (row, v)).collect())
    }

    /// All that was said, by row.
    pub fn all(self) -> Vec<Judgement> {
        let judgement = |(&row, (verdict, note)): (&u32, &(Verdict, String))| Judgement {
            row,
            verdict: *verdict,
            note: note.clone(),
        };
        self.said.with_untracked(|said| said.iter().map(judgement).collect())
    }

    fn keep(self) {
        // Where the browser forbids to remember, verdicts hold for this visit.
        if let Some(storage) = outside::storage() {
            let key = format!("{KEY}{}", self.file.get_value());
            let text = self.said.with_untracked(write);
            drop(if text.is_empty() {
                storage.remove_item(&key)
            } else {
                storage.set_item(&key, &text)
            });
        }
    }
}

/// What tells a table from others: its size, its shape and its names.
pub fn fingerprint(table: &Loaded) -> String {
    let profile = &table.profile;
    let names = profile.columns.iter().flat_map(|column| column.name.bytes().chain([0]));
    // Fowler, Noll and Vo's hash, in 64 bits.
    let hash = names.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    format!("{}.{}.{}.{hash:016x}", profile.n_bytes, profile.n_rows, profile.columns.len())
}

/// A line for each: row, verdict, note.
fn write(said: &BTreeMap<u32, (Verdict, String)>) -> String {
    let line = |(row, (verdict, note)): (&u32, &(Verdict, String))| {
        format!("{row} {} {}\n", verdict.word(), note.replace(['\n', '\r'], " "))
    };
    said.iter().map(line).collect()
}

fn read(text: &str, n_rows: u32) -> BTreeMap<u32, (Verdict, String)> {
    let line = |line: &str| {
        let mut parts = line.splitn(3, ' ');
        let row = parts.next()?.parse().ok().filter(|&row| row < n_rows)?;
        let word = parts.next()?;
        let verdict = Verdict::ALL.into_iter().find(|verdict| verdict.word() == word)?;
        Some((row, (verdict, parts.next().unwrap_or_default().to_owned())))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let said = BTreeMap::from([
            (3, (Verdict::Real, "two words, ünd more".to_owned())),
            (70, (Verdict::Unsure, String::new())),
        ]);
        assert_eq!(read(&write(&said), 100), said);
        // Rows beyond the table and lines that are none are no verdicts.
        assert_eq!(read(&write(&said), 10).len(), 1);
        assert!(read("x real\n1 grand\n\n5", 10).is_empty());
    }
}
