//! Words for notices: what happened to the file, and what can be done about it.

use crate::protocol::{NoticeKind, Treatment};

/// A kind of notice in the contract: kebab case.
pub fn notice_key(kind: NoticeKind) -> &'static str {
    words(kind).0
}

/// What happened `n` times, and what was done about it.
pub fn notice(kind: NoticeKind, n: u64) -> (String, &'static str) {
    let (_, what, done) = words(kind);
    (what.replace('~', if n == 1 { "" } else { "s" }), done)
}

/// The key, what happened, and what was done; a `~` is the s of several.
#[expect(clippy::too_many_lines, reason = "one entry for each kind")]
fn words(kind: NoticeKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        NoticeKind::ByteOrderMark => {
            ("byte-order-mark", "byte-order mark~", "skipped before the first name")
        }
        NoticeKind::Preamble => ("preamble", "line~ before the table", "skipped"),
        NoticeKind::ChangedColumns => (
            "changed-columns",
            "joined log~ with other columns",
            "cells stand by their place: load such logs apart",
        ),
        NoticeKind::RepeatedHeader => ("repeated-header", "repeated header~", "skipped"),
        NoticeKind::AfterTable => {
            ("after-table", "line~ behind the table", "a summary or a second table, left out")
        }
        NoticeKind::SurplusDelimiter => {
            ("surplus-delimiter", "surplus separator~", "the empty cell beside each was left out")
        }
        NoticeKind::OtherDelimiter => {
            ("other-delimiter", "row~ of another separator", "read by that")
        }
        NoticeKind::BlankLine => ("blank-line", "blank line~", "skipped"),
        NoticeKind::CommentLine => ("comment-line", "comment line~", "skipped"),
        NoticeKind::ShortRow => ("short-row", "short row~", "what is lacking counts as missing"),
        NoticeKind::LongRow => {
            ("long-row", "long row~", "surplus cells are shown but take no part")
        }
        NoticeKind::UnclosedQuote => {
            ("unclosed-quote", "unclosed quote~", "read as text from the quote on")
        }
        NoticeKind::StrayQuote => ("stray-quote", "stray quote~", "read as text"),
        NoticeKind::CutShort => {
            ("cut-short", "archive~ cut short", "everything up to the cut was read")
        }
        NoticeKind::DamagedArchive => {
            ("damaged-archive", "damaged archive~", "what could be unpacked was read")
        }
        NoticeKind::ArchiveRemainder => {
            ("archive-remainder", "archive~ with more bytes behind", "those were left out")
        }
        NoticeKind::Decoded => ("decoded", "character~ of another encoding", "turned into UTF-8"),
        NoticeKind::BrokenJson => ("broken-json", "broken JSON object~", "left out"),
        NoticeKind::RepeatedKey => {
            ("repeated-key", "key~ twice in an object", "the second got its own column")
        }
        NoticeKind::SurplusKey => {
            ("surplus-key", "key~ beyond the last column", "kept there as JSON text")
        }
        NoticeKind::LaterHeader => {
            ("later-header", "header~ of later files", "left out: one table, one header")
        }
        NoticeKind::ReorderedColumns => (
            "reordered-columns",
            "file~ with another order of columns",
            "put in the order of the first",
        ),
        NoticeKind::OtherColumns => {
            ("other-columns", "column~ that not all files have", "missing in the others")
        }
        NoticeKind::RepeatedJoinKey => {
            ("repeated-join-key", "label~ with a key seen before", "the first one counts")
        }
        NoticeKind::NoLabel => {
            ("no-label", "row~ without a label", "the label's cells are missing")
        }
        NoticeKind::UnusedLabel => ("unused-label", "label~ without a row", "left out"),
        NoticeKind::NulByte => ("nul-byte", "NUL byte~", "kept as in the file"),
        NoticeKind::InvalidUtf8 => {
            ("invalid-utf8", "cell~ not in UTF-8", "kept, shown with \u{fffd}")
        }
        NoticeKind::DuplicateName => {
            ("duplicate-name", "repeated column name~", "each later one got a number")
        }
        NoticeKind::EmptyName => ("empty-name", "column~ without a name", "each got one"),
        NoticeKind::PaddedName => {
            ("padded-name", "padded column name~", "blanks around were trimmed")
        }
        NoticeKind::NoHeader => ("no-header", "file~ without a header", "the columns got names"),
        NoticeKind::Infinity => {
            ("infinity", "cell~ of infinity", "counted as missing, shown as in the file")
        }
        NoticeKind::BigInteger => {
            ("big-integer", "column~ with integers beyond 2⁵³", "kept exactly, as text")
        }
        NoticeKind::LeadingZero => {
            ("leading-zero", "column~ of numbers with leading zeros", "kept exactly, as text")
        }
        NoticeKind::NumberFormat => (
            "number-format",
            "column~ of numbers with decimal commas, thousands separators or units",
            "read as numbers",
        ),
        NoticeKind::AmbiguousNumber => (
            "ambiguous-number",
            "column~ whose comma or point may part thousands or a fraction",
            "nothing in the file settles it; say which below",
        ),
        NoticeKind::AmbiguousDate => (
            "ambiguous-date",
            "column~ of dates whose day and month may be swapped",
            "read day first; nothing in the file settles it",
        ),
        NoticeKind::Sentinel => {
            ("sentinel", "cell~ with a number for \u{201c}no value\u{201d}", "counted as missing")
        }
        NoticeKind::NotOfType => {
            ("not-of-type", "cell~ not of the column's type", "counted as missing")
        }
        NoticeKind::MendedLabel => {
            ("mended-label", "label~ with broken bytes", "shown as in the file, named below")
        }
        NoticeKind::MissingWord => {
            ("missing-word", "cell~ with a word for no value, like NA or -", "counted as missing")
        }
        NoticeKind::LeftOut => {
            ("left-out", "row~ left out", "only a sample of the rows was loaded")
        }
        NoticeKind::QuantileCodes => (
            "quantile-codes",
            "distinct number~, more than there are codes",
            "ranks in between are quantiles",
        ),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_as_one_and_several_as_several() {
        for (kind, one, two) in [
            (NoticeKind::ShortRow, "short row", "short rows"),
            (NoticeKind::LaterHeader, "header of later files", "headers of later files"),
            (NoticeKind::CutShort, "archive cut short", "archives cut short"),
            (
                NoticeKind::MissingWord,
                "cell with a word for no value, like NA or -",
                "cells with a word for no value, like NA or -",
            ),
        ] {
            assert_eq!((&*notice(kind, 1).0, &*notice(kind, 2).0), (one, two));
        }
    }
}
