//! How a file is laid out, from its first bytes.

use super::{
    Dialect, Evidence, Finding, LineEnd, Notice, NoticeKind, Overrides, Rules, Sign, Treatment,
    Tried,
    candidates::{self, Choice},
    opening::{Opening, Records},
};
use crate::{arrange::arrange, text::records::Skipped};

/// How many bytes of a file are looked at.
pub const SAMPLE: usize = 1 << 18;

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// How a file is laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// How its records are read.
    pub rules: Rules,
    /// Whether it begins with a byte-order mark.
    pub has_mark: bool,
    /// How many columns the table has.
    pub width: usize,
    /// The columns' names as they stand, those of several lines joined by a blank; empty without
    /// a header.
    pub header: Vec<Vec<u8>>,
    /// Where the header begins; without one, the first row.
    pub start: usize,
    /// The line it begins on, from 0.
    pub start_line: u64,
    /// Where the first row begins.
    pub first_row: usize,
    /// Lines before the first row.
    pub lines_before: u64,
    /// Mean length of a record in the sample, line end included.
    pub record_length: usize,
    /// The comment lines of the sample as they stand.
    pub comments: Vec<Vec<u8>>,
    /// What was skipped or mended before the first row.
    pub notices: Vec<Notice>,
    /// Why it was found to be so.
    pub evidence: Vec<Evidence>,
}

/// Why a file is no table of text.
pub fn foreign_format(sample: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 17] = [
        (b"\x89PNG", "a PNG picture"),
        (b"\xFF\xD8\xFF", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"BM", "a BMP picture"),
        (b"RIFF", "a RIFF file (picture, sound or video)"),
        (b"%PDF", "a PDF document"),
        (b"PK\x03\x04", "a ZIP archive (or a spreadsheet: save it as CSV)"),
        (b"\x1F\x8B", "a gzip archive: unpack it first"),
        (b"BZh", "a bzip2 archive: unpack it first"),
        (b"\xFD7zXZ", "an xz archive: unpack it first"),
        (b"\x28\xB5\x2F\xFD", "a zstd archive: unpack it first"),
        (b"PAR1", "a Parquet file: save it as CSV"),
        (b"SQLite format 3", "an SQLite database: export a table as CSV"),
        (b"\xFF\xFE\0\0", "UTF-32 text: save it as UTF-8"),
        (b"\xFF\xFE", "UTF-16 text: save it as UTF-8"),
        (b"\xFE\xFF", "UTF-16 text: save it as UTF-8"),
        (b"\x7FELF", "a program"),
    ];
    let by_magic = MAGIC.iter().find(|(magic, _)| sample.starts_with(magic));
    if let Some(&(magic, name)) = by_magic
        && (magic != b"BM" || has_controls(sample))
    {
        return Some(name);
    }
    has_controls(sample).then_some("binary data")
}

/// Whether more than a tenth of the bytes is what no text holds.
fn has_controls(sample: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < b' ' && !b"\t\r\n\x01\x02".contains(byte);
    sample.iter().filter(is_control).count() * 10 > sample.len()
}

/// Finds the layout of the file that begins with `sample` (all of it if `is_whole`).
///
/// Separators are chosen from a closed list ([`Dialect::DELIMITERS`]) by how consistent the
/// records are under each; then the header is told from rows by what the columns hold, and what
/// stands before it is preamble. What a person said is not sniffed.
#[inline(never)]
pub fn sniff(sample: &[u8], is_whole: bool, overrides: &Overrides) -> Layout {
    let has_mark = sample.starts_with(MARK);
    let mark = if has_mark { MARK.len() } else { 0 };
    let told: Vec<_> =
        lines(&sample[mark..]).take(overrides.preamble_lines.unwrap_or(0) as usize).collect();
    let begin = mark + told.last().map_or(0, |&(_, next)| next);
    let text = &sample[begin..];
    let leading = || {
        let sign = Dialect::COMMENTS.into_iter().find(|sign| text.starts_with(sign.as_bytes()));
        sign.map(str::to_owned)
    };
    let keeps = |kind| overrides.treatments.get(&kind) == Some(&Treatment::Keep);
    let no_comments = keeps(NoticeKind::CommentLine).then_some(Sign::Absent);
    let told_comment = no_comments.or_else(|| overrides.comment.clone());
    let comment = told_comment.or_else(|| leading().map(Sign::Is));
    let Choice { mut dialect, width, mut evidence } =
        candidates::choose(text, is_whole, overrides, comment.as_ref());
    if comment.is_none() {
        dialect.comment = comment_between(text, is_whole, &dialect, width);
    }
    dialect.line_end = line_end(text);
    let treatments = overrides.treatments.clone();
    let mut rules = Rules { dialect, width, treatments, ..Rules::default() };
    let records = Records::of(text, is_whole, &rules);
    rules.columns = records.sketches(width);
    let mut opening = Opening::of(&records, &rules, overrides.header_lines);
    if overrides.preamble_lines.is_some() || keeps(NoticeKind::Preamble) {
        opening.n_preamble = 0;
    }
    let rows_from = opening.n_preamble + opening.n_header;
    let header_records = &records[opening.n_preamble..rows_from];
    let behind = (records.behind.0, records.behind.1);
    let place = |i: usize| records.get(i).map_or(behind, |record| (record.start, record.line));
    let (start, start_line) = place(opening.n_preamble);
    let (first_row, lines_before) = place(rows_from);
    rules.dialect.n_header_lines = opening.n_header as u32;
    rules.header = header_records.iter().map(|record| record.cells.clone()).collect();
    let header = names(&rules.header, width);
    rules.width = width.max(header.len());
    evidence.push(opening.evidence);
    evidence.extend(line_evidence(text, &rules.dialect, overrides, &records));
    evidence.push(Evidence {
        finding: Finding::Preamble,
        is_told: overrides.preamble_lines.is_some(),
        // As sure as it is where the rows begin that have the table's width.
        confidence: evidence.first().map_or(1.0, |delimiter| delimiter.confidence),
        tried: vec![Tried {
            value: opening.n_preamble.to_string(),
            count: opening.n_preamble as u64,
            of: records.len() as u64,
            width: width as u32,
            score: opening.n_preamble as f64,
        }],
    });
    let n_lines = told.len() as u64;
    let mut notices = Notices::default();
    for (line, (there, _)) in (0..).zip(told) {
        notices.add(NoticeKind::Preamble, line, there);
    }
    for skipped in records.skipped.iter().filter(|skipped| skipped.range.start < first_row) {
        notices.add(skipped.kind, n_lines + skipped.line, &text[skipped.range.clone()]);
    }
    for record in &records[..opening.n_preamble] {
        notices.add(NoticeKind::Preamble, n_lines + record.line, &text[record.start..record.end]);
    }
    for record in header_records {
        if let Some(kind) = record.oddity {
            let example = || record.example(text, true).moved(n_lines);
            notices.of(kind).count_line(n_lines + record.line + 1, example);
        }
    }
    let is_comment = |skipped: &&Skipped| skipped.kind == NoticeKind::CommentLine;
    let comments = records.skipped.iter().filter(is_comment);
    Layout {
        has_mark,
        width: rules.width,
        header,
        start: begin + start,
        start_line: n_lines + start_line,
        first_row: begin + first_row,
        lines_before: n_lines + lines_before,
        record_length: records.mean_length(),
        comments: comments.map(|comment| text[comment.range.clone()].to_vec()).collect(),
        notices: notices.0,
        evidence,
        rules,
    }
}

/// Notices by kind, of lines from 0.
#[derive(Default)]
struct Notices(Vec<Notice>);

impl Notices {
    fn of(&mut self, kind: NoticeKind) -> &mut Notice {
        let at = self.0.iter().position(|notice| notice.kind == kind).unwrap_or_else(|| {
            self.0.push(Notice::new(kind, None));
            self.0.len() - 1
        });
        &mut self.0[at]
    }

    fn add(&mut self, kind: NoticeKind, line: u64, text: &[u8]) {
        let example = || super::Example::new(line + 1, text, std::iter::empty());
        self.of(kind).count_line(line + 1, example);
    }
}

/// The names of columns: those of several records joined by a blank. Names without text behind the
/// last column are none.
fn names(header: &[Vec<Vec<u8>>], width: usize) -> Vec<Vec<u8>> {
    let n_names = header.iter().map(Vec::len).max().unwrap_or(0);
    let name = |i: usize| -> Vec<u8> {
        let parts = header.iter().filter_map(|record| record.get(i).map(Vec::as_slice));
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(&b' ')
    };
    let mut names: Vec<Vec<u8>> = (0..n_names).map(name).collect();
    while names.len() > width && names.last().is_some_and(Vec::is_empty) {
        names.pop();
    }
    names
}

/// The lines of a text, without their ends, and where the next one begins.
pub fn lines(text: &[u8]) -> impl Iterator<Item = (&[u8], usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let end = &rest[length..];
        at += length + if end.starts_with(b"\r\n") { 2 } else { end.len().min(1) };
        Some((&rest[..length], at))
    })
}

/// The sign of comments between the rows, wherever in the sample they are.
fn comment_between(text: &[u8], is_whole: bool, dialect: &Dialect, width: usize) -> Option<String> {
    let is_there = |sign: &str| {
        [b'\n', b'\r']
            .iter()
            .any(|&end| memchr::memmem::find(text, &[&[end], sign.as_bytes()].concat()).is_some())
    };
    if !Dialect::COMMENTS.into_iter().any(is_there) {
        return None;
    }
    let records = Records::of(text, is_whole, &Rules::of(dialect.clone()));
    candidates::comment_between(text, &records, width).map(str::to_owned)
}

fn line_end(sample: &[u8]) -> LineEnd {
    match line_ends(sample) {
        [_, 0, 0] => LineEnd::Lf,
        [0, 0, _] => LineEnd::Cr,
        [0, _, 0] => LineEnd::CrLf,
        _ => LineEnd::Mixed,
    }
}

/// How many lines end with LF, CRLF and CR.
fn line_ends(sample: &[u8]) -> [usize; 3] {
    let n_lf = memchr::memchr_iter(b'\n', sample).count();
    let n_cr = memchr::memchr_iter(b'\r', sample).count();
    let n_crlf = memchr::memmem::find_iter(sample, b"\r\n").count();
    [n_lf - n_crlf, n_crlf, n_cr - n_crlf]
}

/// What speaks for the line ends, the comment sign and the preamble.
#[inline(never)]
fn line_evidence(
    text: &[u8],
    dialect: &Dialect,
    overrides: &Overrides,
    records: &Records,
) -> [Evidence; 2] {
    let counts = line_ends(text);
    let of = counts.iter().sum::<usize>() as u64;
    let named = ["LF", "CRLF", "CR"].into_iter().zip(counts);
    let mut ends: Vec<Tried> = named
        .map(|(value, count)| Tried {
            value: value.to_owned(),
            count: count as u64,
            of,
            width: 0,
            score: count as f64,
        })
        .collect();
    arrange(&mut ends, |a, b| b.count.cmp(&a.count));
    let confidence = if of == 0 { 1.0 } else { ends[0].score / of as f64 };
    let n_comments = records.skipped.iter().filter(|s| s.kind == NoticeKind::CommentLine).count();
    let comment = Tried {
        value: dialect.comment.clone().unwrap_or_default(),
        count: n_comments as u64,
        of: (records.len() + n_comments) as u64,
        width: 0,
        score: n_comments as f64,
    };
    [
        Evidence { finding: Finding::LineEnd, is_told: false, confidence, tried: ends },
        Evidence {
            finding: Finding::Comment,
            is_told: overrides.comment.is_some(),
            confidence: 1.0,
            tried: vec![comment],
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Escape;

    fn layout(text: &str) -> Layout {
        sniff(text.as_bytes(), true, &Overrides::default())
    }

    #[test]
    fn separators_are_told_by_consistent_records_of_typed_cells() {
        for (text, delimiter, width) in [
            ("a,b\n1,2\n", b',', 2),
            ("a;b\n1,5;2,5\n3,5;4,5\n", b';', 2),
            ("a\tb c\n1\t2 3\n", b'\t', 2),
            ("t|v\n2017-07-07 09:30|1\n2017-07-07 09:31|2\n", b'|', 2),
            ("a b c\n1 2 3\n4 5 6\n", b' ', 3),
            ("name,said\nAnn,\"well; yes; no\"\nBob,\"ah; so\"\n", b',', 2),
            ("word\nother\n", b',', 1),
        ] {
            let layout = layout(text);
            assert_eq!(
                (layout.rules.dialect.delimiter, layout.width),
                (delimiter, width),
                "{text}"
            );
        }
    }

    #[test]
    fn a_comment_between_rows_does_not_speak_against_their_dialect() {
        // With quotes that are doubled, all from the first quoted cell to the last is one row, the
        // comment in it, and every row has the same width.
        let text = "100,0,a,a\n101,0,a,a\n102,0,a,a\n\
                    103,0,'of \\'x\\'',a\n# so far\n104,0,'y\\'z',a\n105,0,a,a\n";
        let layout = layout(text);
        let dialect = &layout.rules.dialect;
        assert_eq!((dialect.quote, dialect.escape), (Some(b'\''), Escape::Backslash));
        assert_eq!(dialect.comment.as_deref(), Some("#"));
        assert_eq!((layout.width, layout.comments), (4, vec![b"# so far".to_vec()]));
    }

    #[test]
    fn a_header_is_told_from_a_row() {
        for (text, has_header) in [
            ("a,b\n1,2\n", true),
            ("1,2\n3,4\n", false),
            ("0,tcp,http\n0,udp,dns\n", false),
            ("name,city\nAnn,Rome\nBob,Oslo\n", true),
            ("Ann,Rome\nBob,Rome\nAnn,Oslo\n", false),
            ("x\n1\n", true),
            ("a,b,c\n", true),
            ("5\n", false),
        ] {
            assert_eq!(layout(text).rules.dialect.has_header(), has_header, "{text}");
        }
    }

    #[test]
    fn marks_comments_and_line_ends_are_seen() {
        let layout = layout("\u{FEFF}# made by hand\r\n#\r\na,b\r\n\r\n1,2\r\n");
        assert!(layout.has_mark);
        assert_eq!((layout.comments.len(), layout.start), (2, 3 + 16 + 3));
        assert_eq!(layout.rules.dialect.line_end, LineEnd::CrLf);
        assert_eq!(layout.header, [b"a", b"b"]);
        assert_eq!((layout.first_row, layout.lines_before), (22 + 5 + 2, 4));
    }
}
