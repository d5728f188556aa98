//! JSON's tokens (RFC 8259), without recursion: a value nested a million deep costs a million bytes
//! of a list, never the stack.
//!
//! Not `serde_json`: its `RawValue` needs a type per shape and limits depth by refusing, and a file
//! of logs wants every value's own text anyway. In strings control characters are let pass, and
//! `NaN` and `Infinity`, which Python writes, are numbers.

use std::ops::Range;

use crate::text::push;

/// What stands here is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken;

/// Reads JSON text from left to right.
#[derive(Debug, Clone)]
pub(super) struct Tokens<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn text(&self, range: Range<usize>) -> &'a [u8] {
        &self.text[range]
    }

    /// The next byte that is no white space.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.text.get(self.at) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// Takes the next byte that is no white space, if it is this one.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        if self.take(byte) { Ok(()) } else { Err(Broken) }
    }

    /// Takes a string; what stands between its quotes.
    pub(super) fn string(&mut self) -> Result<Range<usize>, Broken> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            let rest = &self.text[self.at..];
            let found = memchr::memchr2(b'"', b'\\', rest).ok_or(Broken)?;
            self.at += found + 1;
            if rest[found] == b'"' {
                return Ok(start..self.at - 1);
            }
            self.escape()?;
        }
    }

    /// Takes what follows a backslash.
    fn escape(&mut self) -> Result<(), Broken> {
        match self.text.get(self.at).ok_or(Broken)? {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => self.at += 1,
            b'u' => {
                let digits = self.text.get(self.at + 1..self.at + 5).ok_or(Broken)?;
                if !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(Broken);
                }
                self.at += 5;
            }
            _ => return Err(Broken),
        }
        Ok(())
    }

    /// Takes a number or a word.
    fn scalar(&mut self) -> Result<(), Broken> {
        const WORDS: [&[u8]; 6] = [b"true", b"false", b"null", b"NaN", b"Infinity", b"-Infinity"];
        let rest = &self.text[self.at..];
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
        let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        let word = &rest[..length];
        self.at += length;
        if WORDS.contains(&word) || is_number(word) { Ok(()) } else { Err(Broken) }
    }

    /// Takes a value of any kind; its own text.
    pub(super) fn value(&mut self) -> Result<Range<usize>, Broken> {
        self.peek();
        let start = self.at;
        let mut open = Vec::new();
        loop {
            match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    if !self.take(b'}') {
                        open.push(b'}');
                        self.key()?;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.at += 1;
                    if !self.take(b']') {
                        open.push(b']');
                        continue;
                    }
                }
                Some(b'"') => {
                    self.string()?;
                }
                _ => self.scalar()?,
            }
            loop {
                let Some(&close) = open.last() else { return Ok(start..self.at) };
                if self.take(b',') {
                    if close == b'}' {
                        self.key()?;
                    }
                    break;
                }
                self.expect(close)?;
                open.pop();
            }
        }
    }

    /// Whether what comes next is an object without a key.
    pub(super) fn is_empty_object(&self) -> bool {
        let mut ahead = self.clone();
        ahead.take(b'{') && ahead.take(b'}')
    }

    /// Takes a key and its colon; what stands between the key's quotes.
    pub(super) fn key(&mut self) -> Result<Range<usize>, Broken> {
        let key = self.string()?;
        self.expect(b':')?;
        Ok(key)
    }
}

/// Whether this is a number by JSON's grammar.
fn is_number(text: &[u8]) -> bool {
    fn digits(text: &[u8]) -> (&[u8], &[u8]) {
        text.split_at(text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len()))
    }
    let (whole, mut rest) = digits(text.strip_prefix(b"-").unwrap_or(text));
    if whole.is_empty() || whole.len() > 1 && whole[0] == b'0' {
        return false;
    }
    if let Some(behind) = rest.strip_prefix(b".") {
        let (fraction, behind) = digits(behind);
        if fraction.is_empty() {
            return false;
        }
        rest = behind;
    }
    if let [b'e' | b'E', behind @ ..] = rest {
        let behind = if let [b'+' | b'-', behind @ ..] = behind { behind } else { behind };
        let (exponent, behind) = digits(behind);
        if exponent.is_empty() {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

/// Puts what a string stands for behind `out`; half a surrogate pair as [`push`] does.
pub(super) fn unescape(inner: &[u8], out: &mut Vec<u8>) {
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend(&rest[..at]);
        let (byte, behind) = (rest[at + 1], &rest[at + 2..]);
        rest = behind;
        match byte {
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'u' => {
                let mut point = hex(&rest[..4]);
                rest = &rest[4..];
                if let (0xD800..0xDC00, Some(behind)) = (point, rest.strip_prefix(b"\\u"))
                    && let low @ 0xDC00..0xE000 = hex(&behind[..4])
                {
                    point = 0x1_0000 + ((point - 0xD800) << 10) + (low - 0xDC00);
                    rest = &behind[4..];
                }
                push(point, out);
            }
            other => out.push(other),
        }
    }
    out.extend(rest);
}

fn hex(digits: &[u8]) -> u32 {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).expect("it was looked at when read");
    digits.iter().fold(0, |value, byte| value << 4 | digit(byte))
}

/// Puts text as a string, quotes and all, behind `out`.
pub(super) fn write_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            0..0x20 => out.extend(format!("\\u{byte:04x}").bytes()),
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_value(text: &[u8]) -> bool {
        let mut tokens = Tokens::new(text);
        tokens.value().is_ok() && tokens.peek().is_none()
    }

    #[test]
    fn depth_is_no_danger() {
        let deep = [vec![b'['; 1 << 20], vec![b']'; 1 << 20]].concat();
        assert!(is_value(&deep));
        assert!(!is_value(&deep[1..]) && !is_value(&deep[..deep.len() - 1]));
        let objects = "{\"a\":".repeat(100_000) + "1" + &"}".repeat(100_000);
        assert!(is_value(objects.as_bytes()));
    }

    proptest! {
        #[test]
        fn what_serde_json_takes_is_taken(text in "[\\[\\]{}:,\"a\\\\u0d8e19.+ -]{0,12}") {
            let theirs = serde_json::from_str::<serde_json::Value>(&text);
            let is_range = theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range"));
            let is_surrogate = theirs.as_ref().is_err_and(|error| {
                let why = error.to_string();
                why.contains("surrogate") || why.contains("hex escape")
            });
            prop_assert!(
                is_value(text.as_bytes()) == theirs.is_ok() || is_range || is_surrogate,
                "{text:?}: {theirs:?}"
            );
        }

        #[test]
        fn strings_survive(text: String) {
            let written = serde_json::to_string(&text).expect("a string");
            let mut tokens = Tokens::new(written.as_bytes());
            let inner = tokens.string().expect("a string");
            let mut out = Vec::new();
            unescape(tokens.text(inner), &mut out);
            prop_assert_eq!(out, text.as_bytes());
            let mut again = Vec::new();
            write_string(text.as_bytes(), &mut again);
            prop_assert_eq!(serde_json::from_slice::<String>(&again).expect("a string"), text);
        }

        #[test]
        fn escapes_of_any_unit_survive(units in prop::collection::vec(
            prop_oneof![any::<u16>(), 0xD7F0..0xE010_u16], 0..12)) {
            let written: String = units.iter().flat_map(|unit| format!("\\u{unit:04X}").into_bytes()).map(char::from).collect();
            let mut out = Vec::new();
            unescape(written.as_bytes(), &mut out);
            let mut expected = Vec::new();
            for unit in char::decode_utf16(units) {
                push(unit.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from), &mut expected);
            }
            prop_assert_eq!(out, expected);
        }
    }
}
