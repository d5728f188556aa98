//! The stages between a file's bytes and the text of a table, one behind the other.

use serde::{Deserialize, Serialize};

use super::{
    flatten::{Flatten, LongObject, Objects, objects},
    gzip::{Flaw, Gunzip},
    recognise::{Archive, Recognised, is_tar},
    zip::{Unzip, ZipError},
};
use crate::{
    table::reader::LONGEST_RECORD,
    text::{Decoder, Encoding, Notice, NoticeKind},
};

/// Bytes of text by which its encoding and kind are told.
const HEAD: usize = 1 << 16;

/// Why a source gives no table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum SourceError {
    #[error(transparent)]
    Zip(#[from] ZipError),
    #[error("the archive holds {inner}: unpack it first, and choose one of its files")]
    Nested { inner: String },
    #[error(
        "{n_packed} bytes unpack to more than {n_bytes}: no table is packed so tightly, this looks like a zip bomb"
    )]
    Bomb { n_packed: u64, n_bytes: u64 },
    #[error("the archive is damaged from its first bytes on: there is nothing in it to read")]
    NothingUnpacked,
    #[error(
        "the JSON object on line {line} is longer than {limit} bytes: this is no row of a table"
    )]
    LongObject { line: u64, limit: u64 },
    #[error("the file {other} has other columns than {first}: {}", difference(missing, surplus))]
    OtherColumns { first: String, other: String, missing: Vec<String>, surplus: Vec<String> },
    #[error(
        "the file {labels} has {n_labels} rows and {file} has {n_rows}: by position there must be as many, or name a column that both have"
    )]
    LabelCount { file: String, n_rows: u64, labels: String, n_labels: u64 },
    #[error("the file {file} has no column named {key}: choose one that both files have")]
    NoKey { key: String, file: String },
    #[error("the file {file} holds several files: unpack it, or give it alone and choose one")]
    SeveralMembers { file: String },
    #[error("the file looks like JSON but holds no object with a key: each row must be an object")]
    NoObjects,
}

/// How much a source may grow on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// So many bytes of text are never too many.
    pub harmless: u64,
    /// Beyond, so many for each byte of the source. Deflate packs a thousand zeros into one byte;
    /// the most repetitive logs known here, a fiftieth of that.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { harmless: 1 << 30, ratio: 500 }
    }
}

/// What holds the bytes.
#[derive(Debug)]
pub enum Packing {
    /// Nothing: they are the text's own.
    Bare,
    /// Gzip.
    Gzip(Box<Gunzip>),
    /// A member of a zip archive.
    Zip(Box<Unzip>),
}

/// How the text is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextKind {
    /// Its encoding, and why.
    pub recognised: Recognised,
    /// How its objects follow one another, if it is JSON.
    pub objects: Option<Objects>,
}

impl TextKind {
    /// What a text is, by its first bytes, unless a person told its encoding.
    pub fn of(head: &[u8], told: Option<Encoding>) -> Self {
        let recognised = Recognised::of(head, told);
        let mut text = Vec::new();
        let mark = if head.starts_with(recognised.encoding.mark()) {
            recognised.encoding.mark().len()
        } else {
            0
        };
        Decoder::new(recognised.encoding).feed(&head[mark..], &mut text);
        Self { recognised, objects: objects(&text) }
    }

    /// Whether the text can be read as it stands.
    pub fn is_plain(&self) -> bool {
        self.recognised.encoding == Encoding::Utf8 && self.objects.is_none()
    }
}

/// Turns a file's bytes into the text of a table: fed piece by piece, drained from time to time.
#[derive(Debug)]
pub struct Conversion {
    packing: Packing,
    told: Option<Encoding>,
    limits: Limits,
    /// Unpacked, but not decoded yet.
    unpacked: Vec<u8>,
    text: Option<Text>,
    out: Vec<u8>,
    n_fed: u64,
    n_unpacked: u64,
    n_out: u64,
}

/// The stages behind the unpacking, once it is known which.
#[derive(Debug)]
struct Text {
    kind: TextKind,
    decoder: Option<Decoder>,
    flatten: Option<Flatten>,
    decoded: Vec<u8>,
}

/// What a conversion came to.
#[derive(Debug)]
pub struct Converted {
    /// What comes before all text that was drained.
    pub header: Vec<u8>,
    /// What comes behind it.
    pub rest: Vec<u8>,
    /// What the text was.
    pub kind: TextKind,
    /// How many bytes were unpacked.
    pub n_unpacked: u64,
    /// Objects that were flattened.
    pub n_objects: u64,
    /// What was repaired or left out.
    pub notices: Vec<Notice>,
}

impl Conversion {
    /// Begins with the first byte of a file, or of a member of an archive.
    pub fn new(packing: Packing, told: Option<Encoding>, limits: Limits) -> Self {
        Self {
            packing,
            told,
            limits,
            unpacked: Vec::new(),
            text: None,
            out: Vec::new(),
            n_fed: 0,
            n_unpacked: 0,
            n_out: 0,
        }
    }

    /// How many bytes to feed at a time, so that what they become fits into memory.
    pub fn appetite(&self) -> usize {
        match self.packing {
            Packing::Bare => 1 << 20,
            // At its tightest deflate makes 16 MiB of these.
            Packing::Gzip(_) | Packing::Zip(_) => 1 << 14,
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// All of [`SourceError`] but what is about members.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), SourceError> {
        self.n_fed += bytes.len() as u64;
        // Plain text needs no second copy.
        let is_plain = self.text.as_ref().is_some_and(|text| text.kind.is_plain());
        let into = if is_plain { &mut self.out } else { &mut self.unpacked };
        let before = into.len();
        match &mut self.packing {
            Packing::Bare => into.extend(bytes),
            Packing::Gzip(gunzip) => gunzip.feed(bytes, into),
            Packing::Zip(unzip) => unzip.feed(bytes, into),
        }
        self.n_unpacked += (into.len() - before) as u64;
        if is_plain {
            self.n_out += (into.len() - before) as u64;
        } else if self.text.is_some() || self.unpacked.len() >= HEAD {
            self.convert()?;
        }
        let most = self.limits.harmless.max(self.n_fed.saturating_mul(self.limits.ratio));
        if self.n_unpacked.max(self.n_out) > most {
            return Err(SourceError::Bomb { n_packed: self.n_fed, n_bytes: most });
        }
        Ok(())
    }

    /// The text so far: take it.
    pub fn out(&mut self) -> &mut Vec<u8> {
        &mut self.out
    }

    /// Takes what was unpacked through the other stages.
    fn convert(&mut self) -> Result<(), SourceError> {
        let before = self.out.len();
        let mut text = match self.text.take() {
            Some(text) => text,
            None => self.recognise()?,
        };
        text.feed(&self.unpacked, &mut self.out)?;
        self.text = Some(text);
        self.unpacked.clear();
        self.n_out += (self.out.len() - before) as u64;
        Ok(())
    }

    /// What the text is, by its beginning.
    fn recognise(&mut self) -> Result<Text, SourceError> {
        let head = &self.unpacked;
        if !matches!(self.packing, Packing::Bare) {
            let inner = match Archive::of(head) {
                Some(Archive::Gzip) => Some("another gzip archive"),
                Some(Archive::Zip) => Some("a zip archive"),
                None => is_tar(head).then_some("a tar archive"),
            };
            if let Some(inner) = inner {
                return Err(SourceError::Nested { inner: inner.to_owned() });
            }
        }
        let kind = TextKind::of(head, self.told);
        let encoding = kind.recognised.encoding;
        // Before a table the mark is kept, and told; before JSON it is nothing.
        if kind.objects.is_some() && head.starts_with(encoding.mark()) {
            self.unpacked.drain(..encoding.mark().len());
        }
        Ok(Text {
            kind,
            decoder: (encoding != Encoding::Utf8).then(|| Decoder::new(encoding)),
            flatten: kind.objects.map(Flatten::new),
            decoded: Vec::new(),
        })
    }

    /// Ends the file.
    ///
    /// # Errors
    ///
    /// As [`feed`](Self::feed), and [`SourceError::NoObjects`].
    pub fn finish(mut self) -> Result<Converted, SourceError> {
        // What is shorter than a head has not been looked at yet.
        let mut text = match self.text.take() {
            Some(text) => text,
            None => self.recognise()?,
        };
        text.feed(&self.unpacked, &mut self.out)?;
        let flaw = match &self.packing {
            Packing::Bare => None,
            Packing::Gzip(gunzip) => gunzip.flaw(),
            Packing::Zip(unzip) => unzip.flaw(),
        };
        if flaw.is_some() && self.n_unpacked == 0 {
            return Err(SourceError::NothingUnpacked);
        }
        let mut notices = Vec::from_iter(flaw.map(|flaw| {
            let kind = match flaw {
                Flaw::CutShort => NoticeKind::CutShort,
                Flaw::Damaged => NoticeKind::DamagedArchive,
                Flaw::Remainder => NoticeKind::ArchiveRemainder,
            };
            one_notice(kind, 1)
        }));
        let kind = text.kind;
        let mut header = Vec::new();
        let mut n_objects = 0;
        let n_foreign = text.decoder.as_ref().map_or(0, Decoder::n_foreign);
        if n_foreign > 0 {
            notices.push(one_notice(NoticeKind::Decoded, n_foreign));
        }
        if let Some(flattened) = text.finish(&mut self.out)? {
            if flattened.n_objects == 0 || flattened.header == b"\n" {
                return Err(SourceError::NoObjects);
            }
            (header, n_objects) = (flattened.header, flattened.n_objects);
            notices.extend(flattened.notices);
        }
        let rest = self.out;
        Ok(Converted { header, rest, kind, n_unpacked: self.n_unpacked, n_objects, notices })
    }
}

impl Text {
    fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> Result<(), SourceError> {
        let Self { decoder, flatten, decoded, .. } = self;
        match (decoder, flatten) {
            (None, None) => out.extend(bytes),
            (Some(decoder), None) => decoder.feed(bytes, out),
            (None, Some(flatten)) => flatten.feed(bytes, out).map_err(long_object)?,
            (Some(decoder), Some(flatten)) => {
                decoder.feed(bytes, decoded);
                flatten.feed(decoded, out).map_err(long_object)?;
                decoded.clear();
            }
        }
        Ok(())
    }

    fn finish(
        mut self,
        out: &mut Vec<u8>,
    ) -> Result<Option<super::flatten::Flattened>, SourceError> {
        let mut rest = Vec::new();
        if let Some(mut decoder) = self.decoder.take() {
            decoder.finish(&mut rest);
        }
        self.feed(&rest, out)?;
        Ok(self.flatten.map(|flatten| flatten.finish(out)))
    }
}

fn long_object(LongObject { line }: LongObject) -> SourceError {
    SourceError::LongObject { line, limit: LONGEST_RECORD }
}

fn one_notice(kind: NoticeKind, count: u64) -> Notice {
    Notice { count, ..Notice::new(kind, None) }
}

/// What sets one list of columns apart from another, in words.
fn difference(missing: &[String], surplus: &[String]) -> String {
    const NAMED: usize = 5;
    let list = |names: &[String]| {
        let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        match names.len().saturating_sub(NAMED) {
            0 => named,
            n => format!("{named} and {n} more"),
        }
    };
    match (missing, surplus) {
        ([], []) => "they are as many, but named otherwise".to_owned(),
        (_, []) => format!("it lacks {}", list(missing)),
        ([], _) => format!("it also has {}", list(surplus)),
        _ => format!("it lacks {}, and also has {}", list(missing), list(surplus)),
    }
}
