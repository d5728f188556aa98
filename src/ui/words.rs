//! Words: how the page names what the protocol only marks.

use crate::chart::format;
use crate::protocol::{
    ColumnProfile, ColumnType, DateOrder, Dialect, EncodingEvidence, EpochUnit, Evidence, Finding,
    Format, Grouping, Help, KnownSchema, LineEnd, Mark, NoticeKind, NumberFormat, Profile, Reading,
    Recognised, Role, RoleReason, Settled, Step, Treatment, Tried, Values, Verdict,
};

/// All roles, in the order of the selection.
pub const ROLES: [Role; 6] =
    [Role::Feature, Role::Label, Role::Time, Role::Entity, Role::Id, Role::Ignore];

/// A role's word in the contract and in the address.
pub fn role_key(role: Role) -> &'static str {
    match role {
        Role::Feature => "feature",
        Role::Label => "label",
        Role::Time => "time",
        Role::Entity => "entity",
        Role::Id => "id",
        Role::Ignore => "ignore",
    }
}

/// The role of a [`role_key`].
pub fn role_of_key(key: &str) -> Option<Role> {
    ROLES.into_iter().find(|&role| role_key(role) == key)
}

/// A type's word in the contract.
pub fn type_key(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Integer => "integer",
        ColumnType::Decimal => "decimal",
        ColumnType::Boolean => "boolean",
        ColumnType::Time => "time",
        ColumnType::Address => "address",
        ColumnType::Text => "text",
        ColumnType::Empty => "empty",
    }
}

/// A column's name, and what it means where that is known, line by line.
pub fn about(column: &ColumnProfile) -> String {
    let Some(Help { meaning, unit }) = &column.help else { return column.name.clone() };
    let unit = if unit.is_empty() { String::new() } else { format!("\nin {unit}") };
    format!("{}\n{meaning}{unit}", column.name)
}

/// How a column's texts are read, where that is not as programs write; and what settled it.
pub fn reading(reading: &Reading) -> Option<String> {
    let how = match reading.format {
        Format::Plain if reading.sentinel.is_none() => return None,
        Format::Plain => format!("{} means \u{201c}not seen\u{201d}", number(reading.sentinel?)),
        Format::Number(NumberFormat { mark, grouping }) => {
            let mark = match mark {
                Mark::Point => "decimal point",
                Mark::Comma => "decimal comma",
            };
            let groups = match grouping {
                Grouping::Nothing => "units or no thousands separators",
                Grouping::Mark => "thousands parted by the other mark",
                Grouping::Blank => "thousands parted by blanks",
                Grouping::Apostrophe => "thousands parted by apostrophes",
            };
            format!("read with a {mark}, {groups}")
        }
        Format::Date(DateOrder::DayFirst) => "read day first".to_owned(),
        Format::Date(DateOrder::MonthFirst) => "read month first".to_owned(),
        Format::Epoch(unit) => {
            let unit = match unit {
                EpochUnit::Seconds => "seconds",
                EpochUnit::Milliseconds => "milliseconds",
                EpochUnit::Microseconds => "microseconds",
            };
            format!("read as {unit} since 1970")
        }
    };
    let why = match reading.settled {
        Settled::Texts => "its texts allow nothing else",
        Settled::File => "as the file's other columns are written",
        Settled::Name => "by its name and its size",
        Settled::Schema => "as the known schema says",
        Settled::Person => "as you said",
        Settled::Nothing => "a guess: its texts can be read otherwise too",
    };
    let why = if reading.sentinel.is_some() { "as the known schema says" } else { why };
    Some(format!("{how}: {why}"))
}

/// The types that a person can give a column, in the order of the selection.
pub const TYPES: [ColumnType; 6] = [
    ColumnType::Integer,
    ColumnType::Decimal,
    ColumnType::Boolean,
    ColumnType::Time,
    ColumnType::Address,
    ColumnType::Text,
];

/// The type of a [`type_key`].
pub fn type_of_key(key: &str) -> Option<ColumnType> {
    TYPES.into_iter().find(|&kind| type_key(kind) == key)
}

/// What settled a column's type, as half a sentence.
pub fn type_reason(column: &ColumnProfile) -> &'static str {
    match (column.reading.settled, column.kind) {
        (Settled::Person, _) => "your choice",
        (Settled::Schema, _) => "known of this kind of file",
        (Settled::Name, _) => "by its name",
        (Settled::File, _) => "as in other columns",
        (Settled::Nothing, _) => "could be read in another way",
        (Settled::Texts, ColumnType::Integer) => "all are whole numbers",
        (Settled::Texts, ColumnType::Decimal) => "all are numbers",
        (Settled::Texts, ColumnType::Boolean) => "all are yes or no",
        (Settled::Texts, ColumnType::Time) => "all are times",
        (Settled::Texts, ColumnType::Address) => "all are addresses",
        (Settled::Texts, ColumnType::Text) => "what its texts are",
        (Settled::Texts, ColumnType::Empty) => "no value at all",
    }
}

/// What a sample of the rows is, as a sentence; `None` where all rows were loaded.
pub fn sample(profile: &Profile) -> Option<String> {
    let (share, n_in_file) = profile.sample?;
    Some(format!(
        "A sample: {} of the file's {} rows, {} drawn with seed {}.",
        format::count(u64::from(profile.n_rows)),
        format::count(n_in_file),
        percent(f64::from(share.per_mille) / 1e3),
        share.seed,
    ))
}

/// Why a column has its role, as half a sentence; `columns` are for the names.
pub fn reason(reason: &RoleReason, columns: &[ColumnProfile]) -> String {
    match reason {
        RoleReason::Varies => "takes part".to_owned(),
        RoleReason::Constant => "set aside: every row has the same value".to_owned(),
        RoleReason::Empty => "set aside: no row has a value".to_owned(),
        RoleReason::RowNumber => "set aside: it counts the rows".to_owned(),
        RoleReason::Unique => "set aside: nearly every row has its own value".to_owned(),
        RoleReason::TooManyTexts => {
            "set aside: text with more values than there are codes".to_owned()
        }
        RoleReason::NamedId => {
            "set aside: named like an identifier, nearly every row has its own".to_owned()
        }
        RoleReason::NamedLabel => "set aside: named like a class label".to_owned(),
        RoleReason::Schema(why) => why.clone(),
        RoleReason::Clock => "set aside: points in time".to_owned(),
        RoleReason::Addresses => "set aside: addresses of machines".to_owned(),
        RoleReason::Copy(of) => {
            let name = columns.get(*of as usize).map_or("an earlier column", |c| &c.name);
            format!("set aside: the same values as {name}")
        }
        RoleReason::Elsewhere => "set aside: rows to learn from have no such column".to_owned(),
        RoleReason::File => "set aside: from which file a row is".to_owned(),
    }
}

/// A kind of notice in the contract: kebab case.
pub fn notice_key(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::ByteOrderMark => "byte-order-mark",
        NoticeKind::Preamble => "preamble",
        NoticeKind::ChangedColumns => "changed-columns",
        NoticeKind::RepeatedHeader => "repeated-header",
        NoticeKind::AfterTable => "after-table",
        NoticeKind::SurplusDelimiter => "surplus-delimiter",
        NoticeKind::OtherDelimiter => "other-delimiter",
        NoticeKind::BlankLine => "blank-line",
        NoticeKind::CommentLine => "comment-line",
        NoticeKind::ShortRow => "short-row",
        NoticeKind::LongRow => "long-row",
        NoticeKind::UnclosedQuote => "unclosed-quote",
        NoticeKind::StrayQuote => "stray-quote",
        NoticeKind::CutShort => "cut-short",
        NoticeKind::DamagedArchive => "damaged-archive",
        NoticeKind::ArchiveRemainder => "archive-remainder",
        NoticeKind::Decoded => "decoded",
        NoticeKind::BrokenJson => "broken-json",
        NoticeKind::RepeatedKey => "repeated-key",
        NoticeKind::SurplusKey => "surplus-key",
        NoticeKind::LaterHeader => "later-header",
        NoticeKind::ReorderedColumns => "reordered-columns",
        NoticeKind::OtherColumns => "other-columns",
        NoticeKind::RepeatedJoinKey => "repeated-join-key",
        NoticeKind::NoLabel => "no-label",
        NoticeKind::UnusedLabel => "unused-label",
        NoticeKind::NulByte => "nul-byte",
        NoticeKind::InvalidUtf8 => "invalid-utf8",
        NoticeKind::DuplicateName => "duplicate-name",
        NoticeKind::EmptyName => "empty-name",
        NoticeKind::PaddedName => "padded-name",
        NoticeKind::NoHeader => "no-header",
        NoticeKind::Infinity => "infinity",
        NoticeKind::BigInteger => "big-integer",
        NoticeKind::LeadingZero => "leading-zero",
        NoticeKind::NumberFormat => "number-format",
        NoticeKind::AmbiguousNumber => "ambiguous-number",
        NoticeKind::AmbiguousDate => "ambiguous-date",
        NoticeKind::Sentinel => "sentinel",
        NoticeKind::NotOfType => "not-of-type",
        NoticeKind::MendedLabel => "mended-label",
        NoticeKind::MissingWord => "missing-word",
        NoticeKind::LeftOut => "left-out",
        NoticeKind::QuantileCodes => "quantile-codes",
    }
}

/// What happened, and what was done about it.
pub fn notice(kind: NoticeKind) -> (&'static str, &'static str) {
    match kind {
        NoticeKind::ByteOrderMark => ("byte-order mark", "skipped before the first name"),
        NoticeKind::Preamble => ("lines before the table", "skipped"),
        NoticeKind::ChangedColumns => {
            ("joined logs with other columns", "their cells stand by their place: load them apart")
        }
        NoticeKind::RepeatedHeader => ("repeated headers", "skipped"),
        NoticeKind::AfterTable => {
            ("lines behind the table", "a summary or a second table, left out")
        }
        NoticeKind::SurplusDelimiter => {
            ("surplus separators", "the empty cell beside each was left out")
        }
        NoticeKind::OtherDelimiter => ("rows of another separator", "read by their own"),
        NoticeKind::BlankLine => ("blank lines", "skipped"),
        NoticeKind::CommentLine => ("comment lines", "skipped"),
        NoticeKind::ShortRow => ("short rows", "the cells they lack count as missing"),
        NoticeKind::LongRow => ("long rows", "surplus cells are shown but take no part"),
        NoticeKind::UnclosedQuote => ("unclosed quotes", "read as text from the quote on"),
        NoticeKind::StrayQuote => ("stray quotes", "read as text"),
        NoticeKind::CutShort => ("archive cut short", "everything up to the cut was read"),
        NoticeKind::DamagedArchive => ("damaged archive", "what could be unpacked was read"),
        NoticeKind::ArchiveRemainder => ("bytes behind the archive", "left out"),
        NoticeKind::Decoded => ("characters of another encoding", "turned into UTF-8"),
        NoticeKind::BrokenJson => ("broken JSON objects", "left out"),
        NoticeKind::RepeatedKey => ("keys twice in an object", "the second got its own column"),
        NoticeKind::SurplusKey => ("keys beyond the last column", "kept there as JSON text"),
        NoticeKind::LaterHeader => ("headers of later files", "left out: one table, one header"),
        NoticeKind::ReorderedColumns => {
            ("files with another order of columns", "put in the order of the first")
        }
        NoticeKind::OtherColumns => ("columns that not all files have", "missing in the others"),
        NoticeKind::RepeatedJoinKey => ("labels with a key seen before", "the first one counts"),
        NoticeKind::NoLabel => ("rows without a label", "the label's cells are missing"),
        NoticeKind::UnusedLabel => ("labels without a row", "left out"),
        NoticeKind::NulByte => ("NUL bytes", "kept as they are"),
        NoticeKind::InvalidUtf8 => ("cells not in UTF-8", "kept, shown with \u{fffd}"),
        NoticeKind::DuplicateName => ("repeated column names", "the later ones got a number"),
        NoticeKind::EmptyName => ("columns without a name", "they got one"),
        NoticeKind::PaddedName => ("padded column names", "blanks around them were trimmed"),
        NoticeKind::NoHeader => ("no header", "the columns got names"),
        NoticeKind::Infinity => ("infinities", "take part as missing, shown as they are"),
        NoticeKind::BigInteger => ("integers beyond 2⁵³", "kept exactly, as text"),
        NoticeKind::LeadingZero => ("numbers with leading zeros", "kept exactly, as text"),
        NoticeKind::NumberFormat => {
            ("numbers with decimal commas, thousands separators or units", "read as numbers")
        }
        NoticeKind::AmbiguousNumber => (
            "a comma or a point that may part thousands or a fraction",
            "nothing in the file settles it; say which below",
        ),
        NoticeKind::AmbiguousDate => (
            "dates whose day and month may be swapped",
            "read day first; nothing in the file settles it",
        ),
        NoticeKind::Sentinel => {
            ("numbers that mean \u{201c}no value\u{201d}", "take part as missing")
        }
        NoticeKind::NotOfType => {
            ("cells that are not of the column's type", "take part as missing")
        }
        NoticeKind::MendedLabel => ("labels with broken bytes", "shown as they are, named below"),
        NoticeKind::MissingWord => ("words that mean no value, like NA or -", "count as missing"),
        NoticeKind::LeftOut => ("rows left out", "only a sample of the rows was loaded"),
        NoticeKind::QuantileCodes => {
            ("more distinct numbers than codes", "ranks in between are quantiles")
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

/// Why something was recognised, in half a sentence.
pub fn evidence(evidence: &Evidence) -> String {
    if evidence.is_told {
        return "as you say".to_owned();
    }
    let Some(won) = evidence.tried.first() else { return String::new() };
    let Tried { count, of, width, .. } = *won;
    let share = format!("{} of {}", format::count(count), format::count(of));
    let one = |one: &'static str, many: &'static str| if count == 1 { one } else { many };
    match evidence.finding {
        Finding::Delimiter if width > 1 => format!("{share} records have {width} cells"),
        Finding::Delimiter => "no sign parts the records alike".to_owned(),
        Finding::Quote if count == 0 => "none stands around a cell".to_owned(),
        Finding::Quote => format!("around {share} cells"),
        Finding::Escape if count == 0 => "no quote stands inside quotes".to_owned(),
        Finding::Escape => format!("seen {}", counted(count, "time", "times")),
        Finding::Comment if count == 0 => "no line begins with such a sign".to_owned(),
        Finding::Comment => {
            format!("{} with it", counted(count, "line begins", "lines begin"))
        }
        Finding::Header if of == 0 => "all columns hold texts: names or a row".to_owned(),
        Finding::Header => format!("{share} columns {} for it", one("speaks", "speak")),
        Finding::LineEnd => format!("{share} lines"),
        Finding::Preamble if count == 0 => "the first record fits the table".to_owned(),
        Finding::Preamble => {
            format!("behind them, records have {} cells", format::count(u64::from(width)))
        }
    }
}

/// Why a file is taken to be in an encoding, in half a sentence.
pub fn encoding_evidence(recognised: &Recognised) -> String {
    match recognised.evidence {
        EncodingEvidence::Told => "as you say".to_owned(),
        EncodingEvidence::Mark => "its first bytes are its mark".to_owned(),
        EncodingEvidence::Zeros { n, of } => {
            format!("{} of {} other bytes are zero", format::count(n), format::count(of))
        }
        EncodingEvidence::Ascii => "all is ASCII so far".to_owned(),
        EncodingEvidence::Characters { n, n_foreign: 0 } => {
            format!("{} beyond ASCII, all of them whole", counted(n, "character", "characters"))
        }
        EncodingEvidence::Characters { n, n_foreign } => format!(
            "{} beyond ASCII against {} that belong to none",
            counted(n, "character", "characters"),
            counted(n_foreign, "byte", "bytes")
        ),
        EncodingEvidence::Foreign { n_foreign, first, .. } => format!(
            "{} UTF-8 does not know, the first is 0x{first:02X}",
            counted(n_foreign, "byte", "bytes")
        ),
    }
}

/// How sure a finding is.
pub fn sureness(evidence: &Evidence) -> String {
    let word = match evidence.confidence {
        sure if sure >= 0.95 => "certain",
        sure if sure >= 0.75 => "quite sure",
        sure if sure >= 0.5 => "likely",
        _ => "a guess",
    };
    format!("{word} ({})", percent(evidence.confidence))
}

/// A cell as it stands; beyond what any screen shows it is cut, so that a cell of megabytes does
/// not stall the page. The inspector shows the whole line.
pub fn cut(cell: &str) -> String {
    const MOST: usize = 4_000;
    match cell.char_indices().nth(MOST) {
        None => cell.to_owned(),
        Some((end, _)) => format!("{}…", &cell[..end]),
    }
}

/// What a job is doing.
pub fn step(step: Step) -> &'static str {
    match step {
        Step::Unpack => "Unpacking the file",
        Step::Read => "Reading the file",
        Step::Profile => "Settling types",
        Step::Grow => "Growing trees",
        Step::Score => "Scoring rows",
        Step::Prepare => "Gathering rows",
        Step::Add => "Measuring rows for added columns",
        Step::Train => "Training",
        Step::Classify => "Classifying rows",
        Step::Judge => "Judging the model",
        Step::Explain => "Finding reasons",
        Step::Write => "Writing the file",
        Step::Select => "Looking for rows",
    }
}

/// A delimiter's name.
pub fn delimiter(byte: u8) -> &'static str {
    match byte {
        b',' => "comma",
        b';' => "semicolon",
        b'\t' => "tab",
        b'|' => "pipe",
        b' ' => "blank",
        _ => "another sign",
    }
}

/// How the file was read, in one line.
pub fn dialect(dialect: &Dialect) -> String {
    let header = match dialect.n_header_lines {
        0 => "no header",
        1 => "first record names the columns",
        _ => "several records name the columns",
    };
    let line_end = match dialect.line_end {
        LineEnd::Lf => "LF",
        LineEnd::CrLf => "CRLF",
        LineEnd::Cr => "CR",
        LineEnd::Mixed => "mixed",
    };
    let delimiter = match dialect.delimiter {
        b',' => "Comma",
        b';' => "Semicolon",
        b'\t' => "Tab",
        b'|' => "Pipe",
        _ => "Blank",
    };
    format!("{delimiter}-separated, {header}, {line_end} line ends")
}

/// A known schema's name.
pub fn schema(schema: KnownSchema) -> &'static str {
    match schema {
        KnownSchema::NslKdd => "NSL-KDD",
        KnownSchema::Kdd99 => "KDD Cup 1999",
        KnownSchema::CicFlowMeter => "CICFlowMeter, as in CICIDS2017",
        KnownSchema::UnswNb15 => "UNSW-NB15",
        KnownSchema::Zeek => "Zeek",
        KnownSchema::SuricataEve => "Suricata EVE",
        KnownSchema::Nfdump => "nfdump",
        KnownSchema::Wireshark => "Wireshark",
    }
}

/// `1 row`, `2 rows`.
pub fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", format::count(n), if n == 1 { one } else { many })
}

/// A share of a whole, as exactly as shares are compared with one another: `0.083 %`.
pub fn closely(share: f64) -> String {
    let hundredths = share * 100.0;
    format!("{}\u{a0}%", format::fixed(hundredths, if hundredths < 1.0 { 3 } else { 2 }))
}

/// A share of a whole, with as many digits as keep it apart from none and all: `99.97 %`.
pub fn percent(share: f64) -> String {
    let hundredths = share * 100.0;
    let is_told_apart = |text: &str| {
        (share <= 0.0 || text.bytes().any(|b| (b'1'..=b'9').contains(&b)))
            && (share >= 1.0 || text.trim_end_matches('0') != "100.")
            && text != "100"
    };
    let exact = share <= 0.0 || share >= 1.0;
    let digits = if exact {
        format::fixed(hundredths, 0)
    } else {
        let least = usize::from((1.0..99.0).contains(&hundredths)) ^ 1;
        (least..=4)
            .map(|digits| format::fixed(hundredths, digits))
            .find(|text| is_told_apart(text))
            .unwrap_or_else(|| {
                let near = if share < 0.5 { "<\u{a0}0.0001" } else { ">\u{a0}99.9999" };
                near.to_owned()
            })
    };
    format!("{digits}\u{a0}%")
}

/// A number of a column: integers in full, others with about four digits.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if size < 1e15 && size.fract() == 0.0 {
        format::fixed(value, 0)
    } else if (1.0..1e6).contains(&size) {
        let text = format::fixed(value, if size < 100.0 { 3 } else { 1 });
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format::compact(value)
    }
}

/// A number of a column of this type: times on the calendar, in UTC.
pub fn value(kind: ColumnType, value: f64) -> String {
    match kind {
        ColumnType::Time => format::time(value),
        _ => number(value),
    }
}

/// A cell's own text, integers grouped; long texts are cut.
pub fn cell(kind: ColumnType, text: &str) -> String {
    const LONGEST: usize = 48;
    let text = text.trim();
    match (kind, text.parse::<i64>()) {
        (ColumnType::Integer, Ok(number)) if number.unsigned_abs() < 1 << 53 => {
            let sign = if number < 0 { "−" } else { "" };
            format!("{sign}{}", format::count(number.unsigned_abs()))
        }
        _ if text.chars().count() > LONGEST => {
            text.chars().take(LONGEST - 1).chain(['…']).collect()
        }
        _ if text.is_empty() => "(empty)".to_owned(),
        _ => text.to_owned(),
    }
}

/// What a verdict says, and does.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Real => "An anomaly, as looked for: rows like it move up",
        Verdict::Benign => "Odd, but of no interest: it and rows like it leave the top of the list",
        Verdict::Unsure => "Looked at, and undecided: nothing moves",
    }
}

/// A verdict's sign.
pub fn verdict_sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Real => "✓",
        Verdict::Benign => "–",
        Verdict::Unsure => "?",
    }
}

/// What is typical for a column: its median, or its most common value.
pub fn typical(column: &ColumnProfile, n_rows: u32) -> Option<String> {
    match column.values.as_ref()? {
        Values::Ordered { median, .. } => Some(format!("typical {}", value(column.kind, *median))),
        Values::Unordered { top } => {
            let most = top.first()?;
            let share = f64::from(most.count) / f64::from(n_rows.max(1));
            Some(format!("most common {} ({})", cell(column.kind, &most.text), percent(share)))
        }
    }
}

/// Labels that mean "nothing special", in the data sets people use.
const NORMAL: [&str; 7] =
    ["normal", "normal.", "benign", "background", "no label", "none", "legit"];

/// Whether a label means "nothing special".
pub fn is_normal(label: &str) -> bool {
    NORMAL.contains(&label.trim().to_ascii_lowercase().as_str())
}

/// A sentence where the labels say that rare and bad are not the same thing here.
///
/// A forest finds what is rare; where a fifth of the rows or more is labelled as something else
/// than normal, flagged rows must not be read as attacks (and attacks will not be flagged).
pub fn label_warning(
    profile: &Profile,
    role_of: impl Fn(&ColumnProfile) -> Role,
) -> Option<String> {
    const WORTH_SAYING: f64 = 0.2;
    let labels = profile.columns.iter().filter(|&column| role_of(column) == Role::Label);
    labels.into_iter().find_map(|column| {
        let Some(Values::Unordered { top }) = &column.values else { return None };
        let most = top.first()?;
        let n_labelled = f64::from(profile.n_rows.saturating_sub(column.n_missing).max(1));
        let n_normal: u32 = top.iter().filter(|f| is_normal(&f.text)).map(|f| f.count).sum();
        let rest = 1.0 - f64::from(n_normal) / n_labelled;
        if n_normal > 0 && rest > WORTH_SAYING {
            return Some(format!(
                "Rare is not attack: {} of the rows carry another {} than normal. A forest finds \
                 what is rare, so most of those will look ordinary to it.",
                percent(rest),
                column.name
            ));
        }
        let is_class = column.n_distinct <= 100 && n_normal == 0;
        let share = f64::from(most.count) / n_labelled;
        (is_class && share > WORTH_SAYING).then(|| {
            format!(
                "Rare is not bad: {} of the rows carry the {} {}. A forest finds what is rare; \
                 whether that is what the labels mean is yours to judge.",
                percent(share),
                column.name,
                cell(column.kind, &most.text)
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Frequency, Reading};

    #[test]
    fn shares_stay_apart_from_none_and_all() {
        let cases = [
            (0.0, "0\u{a0}%"),
            (1.0, "100\u{a0}%"),
            (0.4, "40\u{a0}%"),
            (0.9997, "99.97\u{a0}%"),
            (0.999_992, "99.999\u{a0}%"),
            (0.000_1, "0.01\u{a0}%"),
            (0.006, "0.6\u{a0}%"),
            (1e-9, "<\u{a0}0.0001\u{a0}%"),
            (1.0 - 1e-9, ">\u{a0}99.9999\u{a0}%"),
        ];
        for (share, words) in cases {
            assert_eq!(percent(share), words);
        }
    }

    #[test]
    fn every_role_has_a_key_of_its_own() {
        for role in ROLES {
            assert_eq!(role_of_key(role_key(role)), Some(role));
        }
    }

    #[test]
    fn cells_keep_their_text() {
        assert_eq!(cell(ColumnType::Integer, "-54540"), "−54,540");
        assert_eq!(cell(ColumnType::Text, "007"), "007");
        assert_eq!(cell(ColumnType::Text, &"x".repeat(99)).chars().count(), 48);
    }

    fn labelled(top: &[(&str, u32)]) -> Profile {
        let n_rows = top.iter().map(|&(_, count)| count).sum();
        let top: Vec<_> =
            top.iter().map(|&(text, count)| Frequency { text: text.to_owned(), count }).collect();
        Profile {
            n_bytes: 1,
            n_rows,
            columns: vec![ColumnProfile {
                name: "label".to_owned(),
                kind: ColumnType::Text,
                role: Role::Label,
                reason: RoleReason::NamedLabel,
                n_missing: 0,
                n_distinct: u32::try_from(top.len()).unwrap_or(u32::MAX),
                values: Some(Values::Unordered { top }),
                quantile_codes: false,
                reading: Reading::plain(ColumnType::Text),
                help: None,
                known_values: vec![],
            }],
            dialect: Dialect {
                quote: None,
                n_header_lines: 1,
                line_end: LineEnd::Lf,
                ..Dialect::default()
            },
            sample: None,
            schema: None,
            schema_evidence: String::new(),
            missing: Vec::new(),
            evidence: vec![],
            notices: vec![],
        }
    }

    #[test]
    fn many_attacks_are_warned_of_and_few_are_not() {
        let warning = |top: &[(&str, u32)]| label_warning(&labelled(top), |column| column.role);
        let many = warning(&[("normal", 53), ("neptune", 47)]).expect("47 % are attacks");
        assert!(many.starts_with("Rare is not attack: 47\u{a0}%"), "{many}");
        assert!(warning(&[("smurf.", 57), ("normal.", 20)]).is_some());
        assert_eq!(warning(&[("BENIGN", 99), ("XSS", 1)]), None);
    }
}
