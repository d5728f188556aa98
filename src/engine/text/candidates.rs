//! Which separators make a table of a text: a closed list is tried, consistent records win.

use super::{
    Class, Dialect, Escape, LineEnd, NoticeKind, Overrides, Rules, Sign,
    evidence::{Evidence, Finding, Tried},
    opening::{Records, Sampled},
};
use crate::arrange::arrange;

/// Bytes that decide about the separators, where they hold enough lines.
const HEAD: usize = 1 << 16;
/// Lines that are enough.
const ENOUGH: usize = 64;

/// The dialect under which a text looks most like a table, and why.
pub(super) struct Choice {
    pub(super) dialect: Dialect,
    /// Cells of most records.
    pub(super) width: usize,
    pub(super) evidence: Vec<Evidence>,
}

/// A dialect that was tried.
struct Candidate {
    dialect: Dialect,
    score: Score,
    n_records: usize,
}

/// Tries all dialects that the text gives occasion to, as far as a person left them open.
///
/// Without a `comment` sign that is known, lines that are comments under a dialect
/// ([`comment_between`]) do not speak against it.
#[inline(never)]
pub(super) fn choose(
    text: &[u8],
    is_whole: bool,
    overrides: &Overrides,
    comment: Option<&Sign<String>>,
) -> Choice {
    let (head, is_whole) = match memchr::memchr2_iter(b'\n', b'\r', text).nth(ENOUGH) {
        Some(_) if text.len() > HEAD => {
            let enough = memchr::memchr2_iter(b'\n', b'\r', text).nth(ENOUGH).unwrap_or(0);
            (&text[..HEAD.max(enough + 1).min(text.len())], false)
        }
        _ => (text, is_whole),
    };
    let mut tried: Vec<Candidate> = Vec::new();
    let sign = comment.cloned().and_then(Sign::get);
    for dialect in candidates(head, overrides, sign.as_ref()) {
        let mut records = Records::of(head, is_whole, &Rules::of(dialect.clone()));
        if comment.is_none()
            && let Some(sign) = comment_between(head, &records, records.usual_width())
        {
            records.leave_out(|record| begins_with(head, record, sign));
        }
        let score = Score::of(&records);
        tried.push(Candidate { dialect, score, n_records: records.len() });
    }
    // Stable: of equal ones the likelier stays first.
    arrange(&mut tried, |a, b| b.score.total.total_cmp(&a.score.total));
    let best = &tried[0];
    let evidence = vec![
        delimiter_evidence(&tried, overrides),
        quote_evidence(head, best, overrides),
        escape_evidence(head, best, overrides),
    ];
    Choice { dialect: best.dialect.clone(), width: best.score.width, evidence }
}

/// A comment sign with which lines between the rows begin, none of them of the table's width, and
/// no row.
pub(super) fn comment_between(
    text: &[u8],
    records: &[Sampled],
    width: usize,
) -> Option<&'static str> {
    let are_comments = |sign: &&str| {
        let mut of_sign =
            records.iter().filter(|record| begins_with(text, record, sign)).peekable();
        of_sign.peek().is_some() && of_sign.all(|record| record.cells.len() != width)
    };
    Dialect::COMMENTS.into_iter().filter(|_| width > 1).find(are_comments)
}

fn begins_with(text: &[u8], record: &Sampled, sign: &str) -> bool {
    text[record.start..].starts_with(sign.as_bytes())
}

/// The dialects to try, the likelier first.
#[inline(never)]
fn candidates(head: &[u8], overrides: &Overrides, comment: Option<&String>) -> Vec<Dialect> {
    let has = |sign: &[u8]| memchr::memmem::find(head, sign).is_some();
    let count = |sign: &[u8]| memchr::memmem::find_iter(head, sign).count();
    let is_there = |d: &u8| *d == b',' || has(&[*d]);
    let delimiters = overrides.delimiter.map_or_else(
        || Dialect::DELIMITERS.into_iter().filter(is_there).collect(),
        |delimiter| vec![delimiter],
    );
    let mut all = Vec::new();
    for delimiter in delimiters {
        let quotes = overrides.quote.map_or_else(
            || {
                let may_quote = |quote: u8| {
                    let opens =
                        [delimiter, b'\n', b'\r', b' '].iter().any(|&before| has(&[before, quote]));
                    let closes =
                        [delimiter, b'\n', b'\r'].iter().any(|&after| has(&[quote, after]));
                    // The last line of a file need not have an end.
                    opens && (closes || head.last() == Some(&quote))
                };
                let [usual, other] = Dialect::QUOTES;
                let others = Some(other).filter(|&quote| may_quote(quote));
                [Some(usual)].into_iter().chain(others.map(Some)).collect()
            },
            |quote| vec![quote.get()],
        );
        let blanks = overrides.skips_blanks.map_or_else(
            || {
                let is_often = count(&[delimiter, b' ']) * 2 >= count(&[delimiter]).max(1);
                let may_skip = if delimiter == b' ' { has(b"  ") } else { is_often };
                if may_skip { vec![false, true] } else { vec![false] }
            },
            |blanks| vec![blanks],
        );
        for quote in quotes {
            let escapes = overrides.escape.map_or_else(
                || match quote {
                    Some(quote) if has(&[b'\\', quote]) => {
                        vec![Escape::Doubled, Escape::Backslash]
                    }
                    _ => vec![Escape::Doubled],
                },
                |escape| vec![escape],
            );
            for &escape in &escapes {
                for &skips_blanks in &blanks {
                    all.push(Dialect {
                        delimiter,
                        skips_blanks,
                        quote,
                        escape,
                        comment: comment.cloned(),
                        n_header_lines: 0,
                        line_end: LineEnd::Lf,
                    });
                }
            }
        }
    }
    all
}

/// How much a text looks like a table.
struct Score {
    width: usize,
    n_usual: usize,
    total: f64,
}

impl Score {
    /// A text of one column is a table too, but only where nothing separates it.
    const ONE_COLUMN: f64 = 0.05;
    /// What cells of plain text are worth.
    const TEXT: f64 = 0.1;

    /// The share of records of the usual width, squared; the share of cells that are more than
    /// text; and the width itself. Cells with blanks or quotes left over speak against it, and stray
    /// quotes.
    ///
    /// # References
    ///
    /// G. J. J. van den Burg, A. Nazábal, C. Sutton, *Wrangling Messy CSV Files by Detecting Row
    /// and Type Patterns*, Data Mining and Knowledge Discovery 33, 2019: pattern and type score, in
    /// small.
    fn of(records: &Records) -> Self {
        let width = records.usual_width();
        let n_usual = records.iter().filter(|record| record.cells.len() == width).count();
        let cells = || records.iter().flat_map(|record| &record.cells);
        let n_cells = cells().count().max(1) as f64;
        let share = |n: usize| n as f64 / n_cells;
        let typed = share(cells().filter(|cell| Class::of(cell).is_typed()).count());
        let left_over = share(cells().filter(|cell| has_left_over(cell)).count());
        let share = |n: usize| n as f64 / records.len().max(1) as f64;
        let is_stray = |record: &&Sampled| record.oddity == Some(NoticeKind::StrayQuote);
        let stray = share(records.iter().filter(is_stray).count());
        let consistency = share(n_usual);
        let breadth = if width < 2 { Self::ONE_COLUMN } else { 1.0 - 1.0 / width as f64 };
        let tidy = (1.0 - left_over / 2.0) * (1.0 - stray / 2.0);
        let total = consistency * consistency * (Self::TEXT + typed) * breadth * tidy;
        Self { width, n_usual, total }
    }
}

/// Whether a cell begins with a blank, or has signs at its ends that belong to its writing.
fn has_left_over(cell: &[u8]) -> bool {
    let is_sign = |byte: &u8| Dialect::QUOTES.contains(byte) || *byte == b'\\';
    cell.first() == Some(&b' ')
        || cell.len() > 1 && (cell.first().is_some_and(is_sign) || cell.last().is_some_and(is_sign))
}

/// What won against what: the other dialects of the same delimiter are no rivals.
fn delimiter_evidence(tried: &[Candidate], overrides: &Overrides) -> Evidence {
    let best = &tried[0];
    let mut shown: Vec<Tried> = Vec::new();
    for candidate in tried {
        let Dialect { delimiter, skips_blanks, .. } = candidate.dialect;
        let mut value = char::from(delimiter).to_string();
        if candidate.dialect.delimiter == best.dialect.delimiter && skips_blanks {
            value.push(' ');
        }
        if shown.iter().all(|there| !there.value.starts_with(char::from(delimiter))) {
            shown.push(Tried {
                value,
                count: candidate.score.n_usual as u64,
                of: candidate.n_records as u64,
                width: candidate.score.width as u32,
                score: candidate.score.total,
            });
        }
    }
    let rival = shown.get(1).map_or(0.0, |second| second.score);
    let consistency = best.score.n_usual as f64 / best.n_records.max(1) as f64;
    let lead = if best.score.total > 0.0 { 1.0 - rival / best.score.total } else { 0.0 };
    let is_told = overrides.delimiter.is_some();
    let confidence = if is_told { 1.0 } else { consistency * lead };
    Evidence { finding: Finding::Delimiter, is_told, confidence, tried: shown }
}

/// Cells in quotes, by kind of quote.
fn quote_evidence(head: &[u8], best: &Candidate, overrides: &Overrides) -> Evidence {
    let delimiter = best.dialect.delimiter;
    let count = |sign: [u8; 2]| memchr::memmem::find_iter(head, &sign).count() as u64;
    let n_cells = best.n_records as u64 * best.score.width as u64;
    let mut tried: Vec<Tried> = Dialect::QUOTES
        .into_iter()
        .map(|quote| {
            let n = count([quote, delimiter]) + count([quote, b'\n']) + count([quote, b'\r']);
            Tried {
                value: char::from(quote).to_string(),
                count: n,
                of: n_cells.max(n),
                width: 0,
                score: n as f64,
            }
        })
        .collect();
    let is_chosen = |tried: &Tried| best.dialect.quote == tried.value.bytes().next();
    arrange(&mut tried, |a, b| is_chosen(b).cmp(&is_chosen(a)));
    let is_told = overrides.quote.is_some();
    let (own, other) = (tried[0].score, tried[1].score);
    let confidence =
        if is_told || own + other == 0.0 { 1.0 } else { (own + 1.0) / (own + other + 1.0) };
    Evidence { finding: Finding::Quote, is_told, confidence, tried }
}

/// Quotes inside cells, doubled and behind backslashes.
fn escape_evidence(head: &[u8], best: &Candidate, overrides: &Overrides) -> Evidence {
    let count = |sign: [u8; 2]| memchr::memmem::find_iter(head, &sign).count() as u64;
    let quote = best.dialect.quote.unwrap_or(b'"');
    let (n_doubled, n_backslashes) = (count([quote, quote]), count([b'\\', quote]));
    let of = n_doubled + n_backslashes;
    let tried = |value: &str, count: u64| Tried {
        value: value.to_owned(),
        count,
        of,
        width: 0,
        score: count as f64,
    };
    let mut all = vec![tried("doubled", n_doubled), tried("backslash", n_backslashes)];
    if best.dialect.escape == Escape::Backslash {
        all.reverse();
    }
    let is_told = overrides.escape.is_some();
    let confidence =
        if is_told || of == 0 { 1.0 } else { (all[0].score + 1.0) / (of as f64 + 1.0) };
    Evidence { finding: Finding::Escape, is_told, confidence, tried: all }
}
