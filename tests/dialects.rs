//! The sniffer finds the dialect that wrote a table.
//!
//! It must where a table has at least eight rows and four columns, two of them numbers, and is
//! written as programs write: cells that hold a separator, a quote or a line end stand in quotes,
//! header lines are names, comment lines and lines before the table have not the table's width.
//! Found means: every cell is read as it was before it was written. What leaves no trace in a file
//! (its quotes, where no cell needs them) cannot be found and does not matter.

use isoscope::{
    cluster::local::Local,
    engine::text::{Dialect, Escape, LineEnd, NoticeKind, Overrides},
};
use proptest::prelude::*;

/// How a table is written.
#[derive(Debug, Clone)]
struct Writing {
    dialect: Dialect,
    quotes_all: bool,
    preamble: Vec<&'static str>,
    n_comments_before: usize,
    comment_between: bool,
    ends_with_line: bool,
}

/// A table: lines of names, and rows of an id, a number, and texts.
#[derive(Debug, Clone)]
struct Written {
    names: Vec<Vec<String>>,
    rows: Vec<Vec<String>>,
}

impl Writing {
    fn cell(&self, cell: &str) -> String {
        let Dialect { delimiter, escape, .. } = self.dialect;
        let quote = char::from(self.dialect.quote.expect("a quote"));
        let special = [char::from(delimiter), quote, '\n', '\r'];
        let is_blank = self.dialect.skips_blanks && cell.starts_with(' ');
        if !self.quotes_all && !is_blank && !cell.contains(special) {
            return cell.to_owned();
        }
        let escaped = match escape {
            Escape::Backslash => cell.replace('\\', "\\\\").replace(quote, &format!("\\{quote}")),
            _ => cell.replace(quote, &format!("{quote}{quote}")),
        };
        format!("{quote}{escaped}{quote}")
    }

    fn line(&self, cells: &[String]) -> String {
        let blank = if self.dialect.skips_blanks { " " } else { "" };
        let delimiter = format!("{}{blank}", char::from(self.dialect.delimiter));
        cells.iter().map(|cell| self.cell(cell)).collect::<Vec<_>>().join(&delimiter)
    }

    fn file(&self, table: &Written) -> String {
        let sign = self.dialect.comment.as_deref().unwrap_or_default();
        let mut lines = vec![format!("{sign} a note"); self.n_comments_before];
        lines.extend(self.preamble.iter().map(ToString::to_string));
        let n_names = self.dialect.n_header_lines as usize;
        lines.extend(table.names[..n_names].iter().map(|names| self.line(names)));
        lines.extend(table.rows.iter().map(|row| self.line(row)));
        if self.comment_between {
            lines.insert(lines.len() - 4, format!("{sign} so far"));
        }
        let end = match self.dialect.line_end {
            LineEnd::CrLf => "\r\n",
            LineEnd::Cr => "\r",
            LineEnd::Lf | LineEnd::Mixed => "\n",
        };
        lines.join(end) + if self.ends_with_line { end } else { "" }
    }
}

fn writings() -> impl Strategy<Value = Writing> {
    let dialect = (
        prop::sample::select(Dialect::DELIMITERS.to_vec()),
        prop::sample::select(Dialect::QUOTES.to_vec()),
        prop::sample::select(vec![Escape::Doubled, Escape::Backslash]),
        any::<bool>(),
        prop::sample::select(vec![None, Some("#"), Some("%"), Some("//")]),
        0..3_u32,
        prop::sample::select(vec![LineEnd::Lf, LineEnd::CrLf, LineEnd::Cr]),
    )
        .prop_map(|(delimiter, quote, escape, blanks, comment, n_header_lines, line_end)| {
            Dialect {
                delimiter,
                // A blank behind a blank would be a cell of its own.
                skips_blanks: blanks && delimiter != b' ',
                quote: Some(quote),
                escape,
                comment: comment.map(str::to_owned),
                n_header_lines,
                line_end,
            }
        });
    let preamble =
        prop::sample::select(vec![vec![], vec!["Report"], vec!["Report", "", "by hand"]]);
    (dialect, any::<bool>(), preamble, 0..3_usize, any::<bool>(), any::<bool>()).prop_map(
        |(dialect, quotes_all, preamble, n_comments_before, comment_between, ends_with_line)| {
            let has_header = dialect.has_header();
            Writing {
                // Lines before rows that nothing names could be rows.
                preamble: if has_header { preamble } else { Vec::new() },
                n_comments_before: if dialect.comment.is_some() { n_comments_before } else { 0 },
                comment_between: dialect.comment.is_some() && comment_between,
                dialect,
                quotes_all,
                ends_with_line,
            }
        },
    )
}

/// Texts of a column: words, some with everything that must be quoted.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{1,8}",
        2 => "[a-z]{1,5} [a-z]{1,5}",
        1 => "[a-z]{1,4}[,;|\t][a-z]{1,4}",
        1 => "[a-z]{1,4}[\"'][a-z]{1,4}",
        1 => Just("C:\\dir \"x\" 'y'".to_owned()),
        1 => Just("two\nlines".to_owned()),
        1 => Just(String::new()),
    ]
}

fn tables() -> impl Strategy<Value = Written> {
    (2..5_usize, 8..40_usize).prop_flat_map(|(n_texts, n_rows)| {
        let number = (0..1_000_000_i64, any::<bool>())
            .prop_map(|(n, is_half)| format!("{n}{}", if is_half { ".5" } else { "" }));
        let row = (number, prop::collection::vec(texts(), n_texts));
        prop::collection::vec(row, n_rows).prop_map(move |rows| {
            let line = |line: usize| -> Vec<String> {
                (0..n_texts + 2)
                    .map(|i| format!("name{}{line}", [b'A' + i as u8, b'x'][line % 2]))
                    .collect()
            };
            let rows = rows
                .into_iter()
                .enumerate()
                .map(|(i, (number, texts))| [vec![(100 + i).to_string(), number], texts].concat());
            Written { names: vec![line(0), line(2)], rows: rows.collect() }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_cell_is_read_as_it_was_before_it_was_written(writing in writings(), table in tables()) {
        let file = writing.file(&table);
        let mut local = Local::new(2);
        let profile = local.load(file.clone().into_bytes(), &Overrides::default());
        let profile = profile.expect("a table").profile.clone();
        let of = |kind| profile.notices.iter().filter(move |notice| notice.kind == kind);
        let count = |kind| of(kind).map(|notice| notice.count).sum::<u64>();
        let rows = local.rows(&(0..profile.n_rows).collect::<Vec<_>>()).expect("rows");
        let cells: Vec<Vec<String>> = rows.into_iter().map(|row| row.cells).collect();
        prop_assert_eq!(&cells, &table.rows, "{}", file);
        let n_names = writing.dialect.n_header_lines as usize;
        prop_assert_eq!(profile.dialect.n_header_lines as usize, n_names, "{}", file);
        if n_names > 0 {
            let name = |i: usize| table.names[..n_names].iter().map(move |line| line[i].clone());
            let joined = |i| name(i).collect::<Vec<_>>().join(" ");
            for (i, column) in profile.columns.iter().enumerate() {
                prop_assert_eq!(&column.name, &joined(i), "{}", file);
            }
        }
        let n_comments = writing.n_comments_before + usize::from(writing.comment_between);
        prop_assert_eq!(count(NoticeKind::CommentLine), n_comments as u64, "{}", file);
        let n_blank = writing.preamble.iter().filter(|line| line.is_empty()).count();
        prop_assert_eq!(count(NoticeKind::BlankLine), n_blank as u64, "{}", file);
        let n_preamble = (writing.preamble.len() - n_blank) as u64;
        prop_assert_eq!(count(NoticeKind::Preamble), n_preamble, "{}", file);
        for evidence in &profile.evidence {
            prop_assert!((0.0..=1.0).contains(&evidence.confidence), "{evidence:?}");
        }
    }
}
