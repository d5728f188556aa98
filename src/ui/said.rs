//! What a person may say about how a file is read, as words.
//!
//! One list, from which the address is written and read, and the page's selections are made.

use serde::{Deserialize, de::value::StrDeserializer};

use crate::protocol::{DateOrder, Encoding, Escape, Mark, NoticeKind, Overrides, Sign, Treatment};

/// Something that may be said: a key of the address, and the words of its value.
pub struct Said {
    /// Its key.
    pub key: &'static str,
    /// The word for what was said; `None` where nothing was.
    pub get: fn(&Overrides) -> Option<String>,
    /// Says a word, or, with `None`, takes back what was said; `None` when the word means nothing.
    pub set: fn(&mut Overrides, Option<&str>) -> Option<()>,
}

/// Names of delimiters.
pub const DELIMITERS: [(&str, u8); 5] =
    [("comma", b','), ("semicolon", b';'), ("tab", b'\t'), ("pipe", b'|'), ("space", b' ')];
/// Names of quotes.
pub const QUOTES: [(&str, Sign<u8>); 3] =
    [("double", Sign::Is(b'"')), ("single", Sign::Is(b'\'')), ("none", Sign::Absent)];
/// Names of ways to write a quote inside a quoted cell.
pub const ESCAPES: [(&str, Escape); 3] =
    [("doubled", Escape::Doubled), ("backslash", Escape::Backslash), ("none", Escape::None)];
/// Names of encodings.
pub const ENCODINGS: [(&str, Encoding); 5] = [
    ("utf-8", Encoding::Utf8),
    ("windows-1252", Encoding::Windows1252),
    ("latin-1", Encoding::Latin1),
    ("utf-16le", Encoding::Utf16Le),
    ("utf-16be", Encoding::Utf16Be),
];
/// Names of decimal marks.
pub const MARKS: [(&str, Mark); 2] = [("point", Mark::Point), ("comma", Mark::Comma)];
/// Names of orders of day and month.
pub const ORDERS: [(&str, DateOrder); 2] =
    [("day", DateOrder::DayFirst), ("month", DateOrder::MonthFirst)];
const YES_OR_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];
/// Names of what is done with an oddity.
pub const TREATMENTS: [(&str, Treatment); 3] =
    [("mend", Treatment::Mend), ("keep", Treatment::Keep), ("drop", Treatment::Drop)];

/// The value of a name.
pub fn value<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names.iter().find(|(there, _)| *there == name).map(|&(_, value)| value)
}

/// The name of a value.
pub fn name<T: PartialEq>(names: &[(&'static str, T)], value: &T) -> Option<&'static str> {
    names.iter().find(|(_, there)| there == value).map(|&(name, _)| name)
}

/// A [`Said`] of a field that takes one of some named values.
macro_rules! named {
    ($key:literal, $field:ident, $names:expr) => {
        Said {
            key: $key,
            get: |said| name(&$names, said.$field.as_ref()?).map(str::to_owned),
            set: |said, word| {
                said.$field = match word {
                    Some(word) => Some(value(&$names, word)?),
                    None => None,
                };
                Some(())
            },
        }
    };
}

/// A [`Said`] of a field that takes a count.
macro_rules! counted {
    ($key:literal, $field:ident) => {
        Said {
            key: $key,
            get: |said| Some(said.$field?.to_string()),
            set: |said, word| {
                said.$field = match word {
                    Some(word) => Some(word.parse().ok()?),
                    None => None,
                };
                Some(())
            },
        }
    };
}

/// All that may be said about the whole file, in the order in which it is read.
pub const ALL: [Said; 11] = [
    named!("encoding", encoding, ENCODINGS),
    named!("delimiter", delimiter, DELIMITERS),
    named!("trim", skips_blanks, YES_OR_NO),
    named!("quote", quote, QUOTES),
    named!("escape", escape, ESCAPES),
    COMMENT,
    counted!("preamble", preamble_lines),
    counted!("header", header_lines),
    named!("decimal", decimal_mark, MARKS),
    named!("dates", date_order, ORDERS),
    MISSING,
];

/// Words that mean no value, blanks between them.
pub const MISSING: Said = Said {
    key: "missing",
    get: |said| Some(said.missing.as_ref()?.join(" ")),
    set: |said, words| {
        let words = words.map(|words| words.split_whitespace().map(str::to_owned).collect());
        said.missing = words;
        Some(())
    },
};

/// The word for "there are no comments": none begins with it.
const NO_COMMENT: &str = "none";

const COMMENT: Said = Said {
    key: "comment",
    get: |said| Some(said.comment.clone()?.get().unwrap_or_else(|| NO_COMMENT.to_owned())),
    set: |said, word| {
        said.comment = match word {
            Some("") => return None,
            Some(NO_COMMENT) => Some(Sign::Absent),
            Some(sign) => Some(Sign::Is(sign.to_owned())),
            None => None,
        };
        Some(())
    },
};

/// Says what shall be done with oddities of a kind; `None` when the words mean nothing.
pub fn treat(said: &mut Overrides, kind: &str, treatment: &str) -> Option<()> {
    let kind = StrDeserializer::<serde::de::value::Error>::new(kind);
    let kind = NoticeKind::deserialize(kind).ok()?;
    said.treatments.insert(kind, value(&TREATMENTS, treatment)?);
    Some(())
}

/// The treatments that were chosen, by the key of the notice.
pub fn treatments(said: &Overrides) -> impl Iterator<Item = (NoticeKind, &'static str)> {
    said.treatments.iter().filter_map(|(&kind, how)| Some((kind, name(&TREATMENTS, how)?)))
}
