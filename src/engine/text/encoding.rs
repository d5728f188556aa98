//! Other encodings to UTF-8, piece by piece.
//!
//! Written by hand: the four below take 2 KB of the page, a package for all of the web's encodings
//! more than a hundred. Nothing is lost: what is no character of an encoding comes out as bytes
//! that are no UTF-8 either, so that the reader of the table counts and shows it.

use serde::{Deserialize, Serialize};

/// How a file's bytes stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "their own names")]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1252,
    Latin1,
}

impl Encoding {
    /// All of them, the likelier first.
    pub const ALL: [Self; 5] =
        [Self::Utf8, Self::Windows1252, Self::Latin1, Self::Utf16Le, Self::Utf16Be];

    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "Windows-1252",
            Self::Latin1 => "Latin-1",
        }
    }

    /// The bytes that a file in it may begin with, to say so.
    pub fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => b"\xEF\xBB\xBF",
            Self::Utf16Le => b"\xFF\xFE",
            Self::Utf16Be => b"\xFE\xFF",
            Self::Windows1252 | Self::Latin1 => b"",
        }
    }

    /// Turns units of two bytes into the ASCII they stand for; `false` where one is beyond it, or the
    /// encoding has no such units. `text` has room for half as many bytes.
    pub fn narrow(self, units: &[u8], text: &mut [u8]) -> bool {
        let (units, _) = units.as_chunks::<2>();
        let each = |unit: fn([u8; 2]) -> u16| {
            let mut all = 0;
            for (&pair, byte) in units.iter().zip(text) {
                let unit = unit(pair);
                all |= unit;
                *byte = unit as u8;
            }
            all < 0x80
        };
        match self {
            Self::Utf16Le => each(u16::from_le_bytes),
            Self::Utf16Be => each(u16::from_be_bytes),
            Self::Utf8 | Self::Windows1252 | Self::Latin1 => false,
        }
    }

    /// Whether two bytes are the second half of a character that is written as a pair of units.
    pub fn is_second_half(self, unit: &[u8]) -> bool {
        let read = match self {
            Self::Utf16Le => u16::from_le_bytes,
            Self::Utf16Be => u16::from_be_bytes,
            Self::Utf8 | Self::Windows1252 | Self::Latin1 => return false,
        };
        unit.as_array().is_some_and(|&unit| (0xDC00..0xE000).contains(&read(unit)))
    }
}

/// What the bytes 0x80 to 0x9F stand for in Windows-1252; the five it leaves out stand for the
/// control characters they are in Latin-1 (WHATWG, *Encoding Standard*, index windows-1252).
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
];

/// Turns text of one encoding into UTF-8. A mark at its beginning is text: skip it before.
///
/// # Examples
///
/// ```
/// use isoscope_engine::text::{Decoder, Encoding};
///
/// let mut decoder = Decoder::new(Encoding::Windows1252);
/// let mut text = Vec::new();
/// decoder.feed(b"5 \x80 \x96 caf\xE9", &mut text);
/// decoder.finish(&mut text);
/// assert_eq!(String::from_utf8(text).unwrap(), "5 € – café");
/// ```
#[derive(Debug, Clone)]
pub struct Decoder {
    encoding: Encoding,
    /// The first byte of a unit that is cut in two.
    half: Option<u8>,
    /// The first half of a pair of units that is cut in two.
    high: Option<u16>,
    n_foreign: u64,
}

impl Decoder {
    /// Begins at the beginning of a text.
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, half: None, high: None, n_foreign: 0 }
    }

    /// How many characters beyond ASCII were turned so far.
    pub fn n_foreign(&self) -> u64 {
        self.n_foreign
    }

    /// Turns the next bytes.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Utf8 => out.extend(bytes),
            Encoding::Windows1252 => self.feed_bytes(bytes, out, |byte| match byte {
                0x80..0xA0 => WINDOWS_1252[usize::from(byte - 0x80)],
                _ => u16::from(byte),
            }),
            Encoding::Latin1 => self.feed_bytes(bytes, out, u16::from),
            Encoding::Utf16Le => self.feed_units(bytes, out, u16::from_le_bytes),
            Encoding::Utf16Be => self.feed_units(bytes, out, u16::from_be_bytes),
        }
    }

    fn feed_bytes(&mut self, bytes: &[u8], out: &mut Vec<u8>, unit: impl Fn(u8) -> u16) {
        out.reserve(bytes.len());
        let mut rest = bytes;
        loop {
            let (plain, behind) = rest.split_at(n_ascii(rest));
            out.extend(plain);
            let Some((&byte, behind)) = behind.split_first() else { return };
            push(u32::from(unit(byte)), out);
            self.n_foreign += 1;
            rest = behind;
        }
    }

    fn feed_units(
        &mut self,
        bytes: &[u8],
        out: &mut Vec<u8>,
        unit: impl Fn([u8; 2]) -> u16 + Copy,
    ) {
        let mut rest = bytes;
        if let (Some(half), Some((&first, behind))) = (self.half, rest.split_first()) {
            self.half = None;
            self.push_unit(unit([half, first]), out);
            rest = behind;
        }
        out.reserve(rest.len() / 2);
        let (mut pairs, half) = rest.as_chunks::<2>();
        while !pairs.is_empty() {
            // Sixteen units of ASCII at a time: the compiler makes a handful of vector steps of it.
            if let Some((block, behind)) = pairs.split_first_chunk::<16>()
                && self.high.is_none()
            {
                let units = block.map(unit);
                if units.iter().fold(0, |all, unit| all | unit) < 0x80 {
                    out.extend(units.map(|unit| unit as u8));
                    pairs = behind;
                    continue;
                }
            }
            let (block, behind) = pairs.split_at(pairs.len().min(16));
            for &pair in block {
                self.push_unit(unit(pair), out);
            }
            pairs = behind;
        }
        if let [half] = half {
            self.half = Some(*half);
        }
    }

    fn push_unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        let before = self.high.take();
        self.n_foreign += u64::from(unit >= 0x80);
        match (before, unit) {
            (Some(high), 0xDC00..0xE000) => {
                let low = u32::from(unit - 0xDC00);
                push(0x1_0000 + (u32::from(high - 0xD800) << 10) + low, out);
                self.n_foreign -= 1;
            }
            (Some(high), _) => {
                push(u32::from(high), out);
                self.push_unit(unit, out);
                self.n_foreign -= u64::from(unit >= 0x80);
            }
            (None, 0xD800..0xDC00) => self.high = Some(unit),
            (None, _) => push(u32::from(unit), out),
        }
    }

    /// Ends the text: half a unit or half a pair, if it breaks off there, is kept.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        if let Some(high) = self.high.take() {
            push(u32::from(high), out);
        }
        out.extend(self.half.take());
    }
}

/// How many bytes of ASCII these bytes begin with.
fn n_ascii(bytes: &[u8]) -> usize {
    let (blocks, _) = bytes.as_chunks::<32>();
    let start = 32 * blocks.iter().take_while(|block| block.is_ascii()).count();
    start + bytes[start..].iter().take_while(|byte| byte.is_ascii()).count()
}

/// Writes a code point as UTF-8 does; half a surrogate pair too, which then is no UTF-8 (Simon
/// Sapin, *The WTF-8 encoding*).
pub(crate) fn push(point: u32, out: &mut Vec<u8>) {
    let low = |shift: u32| 0x80 | (point >> shift & 0x3F) as u8;
    match point {
        0..0x80 => out.push(point as u8),
        0x80..0x800 => out.extend([0xC0 | (point >> 6) as u8, low(0)]),
        0x800..0x1_0000 => out.extend([0xE0 | (point >> 12) as u8, low(6), low(0)]),
        _ => out.extend([0xF0 | (point >> 18) as u8, low(12), low(6), low(0)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ascii_in_units_of_two_bytes_is_narrowed() {
        let units =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let mut text = [0; 5];
        assert!(Encoding::Utf16Le.narrow(&units("a,b\r\n"), &mut text));
        assert_eq!(&text, b"a,b\r\n");
        assert!(!Encoding::Utf16Le.narrow(&units("caf\u{e9}s"), &mut text));
        assert!(!Encoding::Utf16Le.narrow(&units("1 \u{20ac} 5"), &mut text));
        assert!(!Encoding::Utf16Be.narrow(&units("a,b\r\n"), &mut text));
        assert!(!Encoding::Utf8.narrow(b"abcdefghij", &mut text));
    }

    use proptest::prelude::*;

    fn decoded(encoding: Encoding, bytes: &[u8], cut: usize) -> Vec<u8> {
        let mut decoder = Decoder::new(encoding);
        let mut out = Vec::new();
        bytes.chunks(cut).for_each(|piece| decoder.feed(piece, &mut out));
        decoder.finish(&mut out);
        out
    }

    #[test]
    fn every_byte_of_windows_1252_is_its_character() {
        let all: Vec<u8> = (0..=255).collect();
        let text = String::from_utf8(decoded(Encoding::Windows1252, &all, 7)).expect("characters");
        let high: String = text.chars().skip(0x80).take(0x20).collect();
        assert_eq!(high, "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ");
        assert!(text.chars().skip(0xA0).eq((0xA0..=0xFF).map(char::from)));
    }

    proptest! {
        #[test]
        fn utf_16_becomes_what_std_makes_of_it(text: String, cut in 1..9_usize) {
            for (encoding, bytes) in [
                (Encoding::Utf16Le, text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
                (Encoding::Utf16Be, text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
            ] {
                let bytes: Vec<u8> = bytes;
                prop_assert_eq!(decoded(encoding, &bytes, cut), text.as_bytes());
            }
        }

        #[test]
        fn broken_utf_16_loses_nothing(
            units in prop::collection::vec(
                prop_oneof![any::<u16>(), 0xD7F0..0xE010_u16, 0..0x80_u16], 0..40),
            is_cut: bool, cut in 1..9_usize,
        ) {
            let mut bytes: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
            if is_cut {
                bytes.pop();
            }
            let whole: Vec<u16> = bytes.as_chunks().0.iter().map(|&it| u16::from_le_bytes(it)).collect();
            let mut expected = Vec::new();
            for unit in char::decode_utf16(whole) {
                push(unit.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from), &mut expected);
            }
            expected.extend(bytes.as_chunks::<2>().1);
            prop_assert_eq!(decoded(Encoding::Utf16Le, &bytes, cut), expected);
        }

        #[test]
        fn latin_1_is_the_first_256_characters(bytes: Vec<u8>, cut in 1..9_usize) {
            let text: String = bytes.iter().copied().map(char::from).collect();
            prop_assert_eq!(decoded(Encoding::Latin1, &bytes, cut), text.as_bytes());
        }

        #[test]
        fn what_is_not_ascii_is_counted(text: String, cut in 1..9_usize) {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let mut decoder = Decoder::new(Encoding::Utf16Le);
            bytes.chunks(cut).for_each(|piece| decoder.feed(piece, &mut Vec::new()));
            prop_assert_eq!(decoder.n_foreign(), text.chars().filter(|c| !c.is_ascii()).count() as u64);
        }
    }
}
