//! Where a row stands in the file that it came from.

use crate::chart::format;
use crate::protocol::{Loaded, Profile, RowText, Values, distinct};
use crate::ui::lens::file_column;

/// Where a row stands: its line, where the file is read as it was given; else its row, or the file alone,
/// where what is read was written anew and its lines are no file's.
pub fn place(table: &Loaded, text: &RowText) -> String {
    let profile = &table.profile;
    if let Some(column) = file_column(profile) {
        let name = text.cells.get(column as usize).map_or("", String::as_str);
        return match stretch(table, column, name) {
            Some((before, n)) if text.row >= before => of_file(text.row - before, n, name),
            _ => format!("from {name}"),
        };
    }
    let is_as_given =
        table.origins.len() <= 1 && table.origins.iter().all(|it| it.objects.is_none());
    match table.origins.first() {
        Some(origin) if !is_as_given && profile.sample.is_none() => {
            of_file(text.row, profile.n_rows, &origin.name)
        }
        Some(origin) if !is_as_given => format!("from {}", origin.name),
        _ => format!("line {}", format::count(text.line)),
    }
}

fn of_file(row: u32, n_rows: u32, name: &str) -> String {
    let (row, n_rows) = (format::count(u64::from(row) + 1), format::count(n_rows.into()));
    format!("row {row} of the {n_rows} of {name}")
}

/// How many rows come before those of a file, and how many it has; `None` where only some were loaded, or
/// not every file's number of rows is known.
fn stretch(table: &Loaded, column: u32, name: &str) -> Option<(u32, u32)> {
    let Profile { sample: None, n_rows, columns, .. } = &table.profile else { return None };
    let Some(Values::Unordered { top }) = &columns.get(column as usize)?.values else {
        return None;
    };
    if top.iter().map(|file| file.count).sum::<u32>() != *n_rows {
        return None;
    }
    let mut before = 0;
    for file in distinct(table.origins.iter().map(|origin| origin.name.clone())) {
        // A file of labels, or one without rows, has none.
        let n = top.iter().find(|there| there.text == file).map_or(0, |there| there.count);
        if file == name {
            return (n > 0).then_some((before, n));
        }
        before += n;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{
        ColumnType, Encoding, EncodingEvidence, Event, Frequency, Origin, Recognised, Role,
        RoleReason, RowShare,
    };
    use crate::ui::session::tests::{column, loaded};

    fn origin(name: &str) -> Origin {
        Origin {
            name: name.to_owned(),
            n_bytes: 9,
            archive: None,
            member: None,
            recognised: Recognised { encoding: Encoding::Utf8, evidence: EncodingEvidence::Ascii },
            objects: None,
        }
    }

    fn table(names: &[&str], counts: &[(&str, u32)]) -> Loaded {
        let Event::Loaded(mut table) = loaded(counts.iter().map(|(_, n)| n).sum()) else {
            unreachable!("a table")
        };
        table.origins = names.iter().map(|name| origin(name)).collect();
        let frequency = |&(text, count): &(&str, u32)| Frequency { text: text.to_owned(), count };
        table.profile.columns.push({
            let mut file = column("file", ColumnType::Text, Role::Ignore);
            file.reason = RoleReason::File;
            file.values = Some(Values::Unordered { top: counts.iter().map(frequency).collect() });
            file
        });
        *table
    }

    fn at(table: &Loaded, row: u32, file: &str) -> String {
        let cells = ["1", "2", "3", file].map(str::to_owned).to_vec();
        place(table, &RowText { row, line: u64::from(row) + 2, cells, text: String::new() })
    }

    #[test]
    fn a_row_of_several_files_is_told_by_its_row_in_its_own() {
        let mut several = table(&["a.csv", "bare.txt"], &[("bare.txt", 22_544), ("a.csv", 9)]);
        assert_eq!(at(&several, 8, "a.csv"), "row 9 of the 9 of a.csv");
        assert_eq!(
            at(&several, 9, "bare.txt").replace('\u{202f}', ","),
            "row 1 of the 22,544 of bare.txt"
        );
        let twice = table(&["a.csv", "a.csv"], &[("a.csv", 4), ("a.csv (2)", 2)]);
        assert_eq!(at(&twice, 5, "a.csv (2)"), "row 2 of the 2 of a.csv (2)");
        // Of a sample, or where not all files are counted, nobody knows.
        several.profile.n_rows += 1;
        assert_eq!(at(&several, 9, "bare.txt"), "from bare.txt");
        several.profile.n_rows -= 1;
        several.profile.sample = Some((RowShare { per_mille: 100, seed: 1 }, 225_000));
        assert_eq!(at(&several, 9, "bare.txt"), "from bare.txt");
    }

    #[test]
    fn a_line_is_told_only_of_a_file_that_is_read_as_it_was_given() {
        let mut one = table(&["a.csv"], &[("x", 4)]);
        one.profile.columns.pop();
        assert_eq!(at(&one, 2, ""), "line 4");
        one.origins.push(origin("labels.csv"));
        assert_eq!(at(&one, 2, ""), "row 3 of the 4 of a.csv");
        one.profile.sample = Some((RowShare { per_mille: 100, seed: 1 }, 40));
        assert_eq!(at(&one, 2, ""), "from a.csv");
    }
}
