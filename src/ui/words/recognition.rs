//! Words for how a file was read, and why so.

use super::{counted, percent};
use crate::chart::format;
use crate::protocol::{
    Dialect, EncodingEvidence, Evidence, Finding, KnownSchema, LineEnd, Recognised, Tried,
};

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
