//! Words for notices: what happened to the file, and what can be done about it.

use crate::protocol::{NoticeKind, Treatment};

/// A kind of notice in the contract: kebab case.
pub fn notice_key(kind: NoticeKind) -> &'static str {
    words(kind).0
}

/// What happened, and what was done about it.
pub fn notice(kind: NoticeKind) -> (&'static str, &'static str) {
    let (_, what, done) = words(kind);
    (what, done)
}

/// The key, what happened, and what was done.
#[expect(clippy::too_many_lines, reason = "one entry for each kind")]
fn words(kind: NoticeKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        NoticeKind::ByteOrderMark => {
            ("byte-order-mark", "byte-order mark", "skipped before the first name")
        }
        NoticeKind::Preamble => ("preamble", "lines before the table", "skipped"),
        NoticeKind::ChangedColumns => (
            "changed-columns",
            "joined logs with other columns",
            "their cells stand by their place: load them apart",
        ),
        NoticeKind::RepeatedHeader => ("repeated-header", "repeated headers", "skipped"),
        NoticeKind::AfterTable => {
            ("after-table", "lines behind the table", "a summary or a second table, left out")
        }
        NoticeKind::SurplusDelimiter => {
            ("surplus-delimiter", "surplus separators", "the empty cell beside each was left out")
        }
        NoticeKind::OtherDelimiter => {
            ("other-delimiter", "rows of another separator", "read by their own")
        }
        NoticeKind::BlankLine => ("blank-line", "blank lines", "skipped"),
        NoticeKind::CommentLine => ("comment-line", "comment lines", "skipped"),
        NoticeKind::ShortRow => ("short-row", "short rows", "the cells they lack count as missing"),
        NoticeKind::LongRow => {
            ("long-row", "long rows", "surplus cells are shown but take no part")
        }
        NoticeKind::UnclosedQuote => {
            ("unclosed-quote", "unclosed quotes", "read as text from the quote on")
        }
        NoticeKind::StrayQuote => ("stray-quote", "stray quotes", "read as text"),
        NoticeKind::CutShort => {
            ("cut-short", "archive cut short", "everything up to the cut was read")
        }
        NoticeKind::DamagedArchive => {
            ("damaged-archive", "damaged archive", "what could be unpacked was read")
        }
        NoticeKind::ArchiveRemainder => {
            ("archive-remainder", "bytes behind the archive", "left out")
        }
        NoticeKind::Decoded => ("decoded", "characters of another encoding", "turned into UTF-8"),
        NoticeKind::BrokenJson => ("broken-json", "broken JSON objects", "left out"),
        NoticeKind::RepeatedKey => {
            ("repeated-key", "keys twice in an object", "the second got its own column")
        }
        NoticeKind::SurplusKey => {
            ("surplus-key", "keys beyond the last column", "kept there as JSON text")
        }
        NoticeKind::LaterHeader => {
            ("later-header", "headers of later files", "left out: one table, one header")
        }
        NoticeKind::ReorderedColumns => (
            "reordered-columns",
            "files with another order of columns",
            "put in the order of the first",
        ),
        NoticeKind::OtherColumns => {
            ("other-columns", "columns that not all files have", "missing in the others")
        }
        NoticeKind::RepeatedJoinKey => {
            ("repeated-join-key", "labels with a key seen before", "the first one counts")
        }
        NoticeKind::NoLabel => {
            ("no-label", "rows without a label", "the label's cells are missing")
        }
        NoticeKind::UnusedLabel => ("unused-label", "labels without a row", "left out"),
        NoticeKind::NulByte => ("nul-byte", "NUL bytes", "kept as they are"),
        NoticeKind::InvalidUtf8 => {
            ("invalid-utf8", "cells not in UTF-8", "kept, shown with \u{fffd}")
        }
        NoticeKind::DuplicateName => {
            ("duplicate-name", "repeated column names", "the later ones got a number")
        }
        NoticeKind::EmptyName => ("empty-name", "columns without a name", "they got one"),
        NoticeKind::PaddedName => {
            ("padded-name", "padded column names", "blanks around them were trimmed")
        }
        NoticeKind::NoHeader => ("no-header", "no header", "the columns got names"),
        NoticeKind::Infinity => {
            ("infinity", "infinities", "take part as missing, shown as they are")
        }
        NoticeKind::BigInteger => ("big-integer", "integers beyond 2⁵³", "kept exactly, as text"),
        NoticeKind::LeadingZero => {
            ("leading-zero", "numbers with leading zeros", "kept exactly, as text")
        }
        NoticeKind::NumberFormat => (
            "number-format",
            "numbers with decimal commas, thousands separators or units",
            "read as numbers",
        ),
        NoticeKind::AmbiguousNumber => (
            "ambiguous-number",
            "a comma or a point that may part thousands or a fraction",
            "nothing in the file settles it; say which below",
        ),
        NoticeKind::AmbiguousDate => (
            "ambiguous-date",
            "dates whose day and month may be swapped",
            "read day first; nothing in the file settles it",
        ),
        NoticeKind::Sentinel => {
            ("sentinel", "numbers that mean \u{201c}no value\u{201d}", "take part as missing")
        }
        NoticeKind::NotOfType => {
            ("not-of-type", "cells that are not of the column's type", "take part as missing")
        }
        NoticeKind::MendedLabel => {
            ("mended-label", "labels with broken bytes", "shown as they are, named below")
        }
        NoticeKind::MissingWord => {
            ("missing-word", "words that mean no value, like NA or -", "count as missing")
        }
        NoticeKind::LeftOut => {
            ("left-out", "rows left out", "only a sample of the rows was loaded")
        }
        NoticeKind::QuantileCodes => {
            ("quantile-codes", "more distinct numbers than codes", "ranks in between are quantiles")
        }
    }
}

/// What can be done with oddities of a kind.
pub fn treatment(kind: NoticeKind, treatment: Treatment) -> &'static str {
    let is_line = matches!(
        kind,
        NoticeKind::Preamble
            | NoticeKind::BlankLine
            | NoticeKind::CommentLine
            | NoticeKind::RepeatedHeader
            | NoticeKind::AfterTable
    );
    match (treatment, is_line) {
        (Treatment::Mend, _) => "read as most likely meant",
        (Treatment::Keep, true) => "read as rows",
        (Treatment::Keep, false) => "keep as they stand",
        (Treatment::Drop, true) => "leave out",
        (Treatment::Drop, false) => "leave the rows out",
    }
}
