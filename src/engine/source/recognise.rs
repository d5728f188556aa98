//! What a file is, by its bytes. Its name is never asked: names lie more often than bytes do.

use serde::{Deserialize, Serialize};

use super::{gzip, zip};
use crate::text::{Encoding, sniff::foreign_format};

/// Units of text by which UTF-16 without a mark is told, at least.
const LEAST_UNITS: usize = 8;

/// What holds a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "their own names")]
pub enum Archive {
    Gzip,
    Zip,
}

impl Archive {
    /// The archive that begins with these bytes.
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(gzip::MAGIC) {
            Some(Self::Gzip)
        } else if zip::MAGIC.iter().any(|magic| head.starts_with(magic)) {
            Some(Self::Zip)
        } else {
            None
        }
    }

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zip => "zip",
        }
    }
}

/// Whether these bytes begin a tar archive (POSIX 1003.1, *ustar*).
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.get(257..262) == Some(b"ustar")
}

/// Why a file's text is taken to be in an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Evidence {
    /// A person said so.
    Told,
    /// Its first bytes are the encoding's mark.
    Mark,
    /// Every other byte is mostly zero.
    Zeros {
        /// How many of them.
        n: u64,
        /// Of how many.
        of: u64,
    },
    /// What was looked at is ASCII, which is the same in all encodings but UTF-16.
    Ascii,
    /// Bytes beyond ASCII mostly make UTF-8's characters.
    Characters {
        /// Characters beyond ASCII.
        n: u64,
        /// Bytes that belong to none.
        n_foreign: u64,
    },
    /// Bytes beyond ASCII mostly make no characters of UTF-8.
    Foreign {
        /// Characters of UTF-8 beyond ASCII.
        n: u64,
        /// Bytes that belong to none.
        n_foreign: u64,
        /// The first of them.
        first: u8,
    },
}

/// An encoding, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// The encoding.
    pub encoding: Encoding,
    /// Why.
    pub evidence: Evidence,
}

impl Recognised {
    /// The encoding of a text, by its first bytes, unless a person told it.
    ///
    /// # Examples
    ///
    /// ```
    /// use isoscope_engine::{source::recognise::Recognised, text::Encoding};
    ///
    /// let encoding = |head: &[u8]| Recognised::of(head, None).encoding;
    /// assert_eq!(encoding("a;ü\n".as_bytes()), Encoding::Utf8);
    /// assert_eq!(encoding(b"a;\xFC\n"), Encoding::Windows1252);
    /// assert_eq!(encoding(b"a\0;\0b\0;\0c\0;\0d\0\n\0"), Encoding::Utf16Le);
    /// ```
    pub fn of(head: &[u8], told: Option<Encoding>) -> Self {
        if let Some(encoding) = told {
            return Self { encoding, evidence: Evidence::Told };
        }
        // Four bytes of UTF-32 begin with the two of UTF-16; that is no text we read.
        let is_utf_32 = head.starts_with(b"\xFF\xFE\0\0");
        let marked = Encoding::ALL.into_iter().find(|encoding| {
            let mark = encoding.mark();
            !mark.is_empty() && head.starts_with(mark)
        });
        if let Some(encoding) = marked.filter(|_| !is_utf_32) {
            return Self { encoding, evidence: Evidence::Mark };
        }
        if let Some(recognised) = by_zeros(head) {
            return recognised;
        }
        let mut survey = Survey::default();
        survey.feed(head);
        let recognised = survey.verdict();
        // A picture is no text of Windows-1252, though its bytes could be.
        let is_text = foreign_format(head).is_none();
        Self { encoding: if is_text { recognised.encoding } else { Encoding::Utf8 }, ..recognised }
    }
}

/// UTF-16 without a mark: of the bytes at even or at odd places a fifth or more is zero, as for
/// digits, separators and line ends, and of the others hardly any.
fn by_zeros(head: &[u8]) -> Option<Recognised> {
    let (units, _) = head.as_chunks::<2>();
    let zeros = |place: usize| units.iter().filter(|unit| unit[place] == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let decides = |n: usize, other: usize| {
        units.len() >= LEAST_UNITS && n * 5 >= units.len() && other * 100 <= units.len()
    };
    let (encoding, n) = if decides(odd, even) {
        (Encoding::Utf16Le, odd)
    } else if decides(even, odd) {
        (Encoding::Utf16Be, even)
    } else {
        return None;
    };
    let evidence = Evidence::Zeros { n: n as u64, of: units.len() as u64 };
    Some(Recognised { encoding, evidence })
}

/// Counts what speaks for UTF-8 and what against it, piece by piece.
///
/// Text in another encoding hardly ever makes characters of UTF-8 by chance: of two neighbouring
/// bytes beyond ASCII fewer than one in eight do. So a text is in UTF-8 as long as its bytes make
/// characters at least as often as not; where one is pure ASCII but for some bytes that make none,
/// as the 0x96 in labels of CICIDS2017, those are a dash of Windows-1252.
#[derive(Debug, Clone, Default)]
pub struct Survey {
    n: u64,
    n_foreign: u64,
    first: Option<u8>,
    /// The beginning of a character that is cut in two.
    rest: Vec<u8>,
}

impl Survey {
    /// Looks at the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        if self.rest.is_empty() {
            self.look(bytes);
        } else {
            // A character has four bytes at most: three more will tell.
            let (now, behind) = bytes.split_at(bytes.len().min(3));
            let begun = [&std::mem::take(&mut self.rest), now].concat();
            self.look(&begun);
            if self.rest.is_empty() || behind.is_empty() {
                self.look(behind);
            } else {
                self.feed(behind);
            }
        }
    }

    fn look(&mut self, bytes: &[u8]) {
        if bytes.is_ascii() {
            return;
        }
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.n += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count() as u64;
            let foreign = chunk.invalid();
            let is_cut = std::str::from_utf8(foreign).is_err_and(|it| it.error_len().is_none());
            if chunks.peek().is_none() && is_cut {
                self.rest = foreign.to_vec();
            } else {
                self.n_foreign += foreign.len() as u64;
                self.first = self.first.or(foreign.first().copied());
            }
        }
    }

    /// What the bytes so far speak for.
    pub fn verdict(&self) -> Recognised {
        let Self { n, n_foreign, first, .. } = *self;
        match first {
            Some(first) if n_foreign > n => Recognised {
                encoding: Encoding::Windows1252,
                evidence: Evidence::Foreign { n, n_foreign, first },
            },
            None if n == 0 => Recognised { encoding: Encoding::Utf8, evidence: Evidence::Ascii },
            _ => Recognised {
                encoding: Encoding::Utf8,
                evidence: Evidence::Characters { n, n_foreign },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn surveyed(bytes: &[u8], cut: usize) -> Survey {
        let mut survey = Survey::default();
        bytes.chunks(cut).for_each(|piece| survey.feed(piece));
        survey
    }

    #[test]
    fn utf_32_is_not_taken_for_utf_16() {
        let recognised = Recognised::of(b"\xFF\xFE\0\0a\0\0\0;\0\0\0b\0\0\0;\0\0\0\n\0\0\0", None);
        assert_eq!(recognised.encoding, Encoding::Utf8);
    }

    #[test]
    fn a_few_broken_bytes_do_not_unmake_utf_8() {
        let text = ["é".repeat(20).as_bytes(), b"\x96\xC3\x28"].concat();
        let survey = surveyed(&text, 4096);
        assert_eq!(survey.verdict().encoding, Encoding::Utf8);
        assert_eq!((survey.n, survey.n_foreign), (20, 2));
        let one = Recognised::of(b"Web Attack \x96 XSS,1\n", None);
        assert_eq!(one.encoding, Encoding::Windows1252);
        assert_eq!(one.evidence, Evidence::Foreign { n: 0, n_foreign: 1, first: 0x96 });
    }

    #[test]
    fn text_of_other_scripts_is_told_by_its_separators() {
        let text = "端口,协议,字节\n443,テスト,1200\n80,данные,77\n".repeat(4);
        for (encoding, bytes) in [
            (Encoding::Utf16Le, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()),
            (Encoding::Utf16Be, text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        ] {
            assert_eq!(Recognised::of(&bytes, None).encoding, encoding);
        }
    }

    proptest! {
        #[test]
        fn cuts_are_not_seen(text: String, bytes: Vec<u8>, cut in 1..7_usize) {
            let whole = [text.as_bytes(), &bytes, text.as_bytes()].concat();
            let (one, many) = (surveyed(&whole, whole.len().max(1)), surveyed(&whole, cut));
            prop_assert_eq!((one.n, one.n_foreign, one.first), (many.n, many.n_foreign, many.first));
        }

        #[test]
        fn utf_8_is_utf_8(text in "\\PC{0,60}") {
            prop_assert_eq!(Recognised::of(text.as_bytes(), None).encoding, Encoding::Utf8);
        }

        #[test]
        fn western_text_in_one_byte_per_letter_is_windows_1252(text in "[a-z ,;0-9]{1,40}[éèüöäßñ][a-z ,;]{1,9}") {
            let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
            prop_assert_eq!(Recognised::of(&bytes, None).encoding, Encoding::Windows1252);
        }
    }
}
