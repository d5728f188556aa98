//! Gzip to the bytes it holds (RFC 1952), piece by piece: one member or several.

use super::checksum::Checksum;
use super::inflate::{Inflated, Inflater};

/// What a gzip file begins with.
pub const MAGIC: &[u8] = b"\x1F\x8B";
/// A header with its name and comment is shorter than this.
const LONGEST_HEADER: usize = 1 << 17;

/// How an archive ended, other than well. What stood before is out, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It ends in the middle.
    CutShort,
    /// Its bytes make no sense from somewhere on, or are not those that were packed.
    Damaged,
    /// Something else follows behind it; that was left out.
    Remainder,
}

/// What comes next.
#[derive(Debug)]
enum State {
    /// A header, of which this is known.
    Header(Vec<u8>),
    Body,
    /// The checksum and the length, of which this is known.
    Trailer(Vec<u8>),
    /// Zeros, to fill up a tape, or nothing at all.
    Padding,
    Ended(Flaw),
}

/// Unpacks gzip.
#[derive(Debug)]
pub struct Gunzip {
    state: State,
    inflater: Inflater,
    checksum: Checksum,
    n_bytes: u32,
    n_members: u32,
}

impl Default for Gunzip {
    fn default() -> Self {
        Self {
            state: State::Header(Vec::new()),
            inflater: Inflater::new(),
            checksum: Checksum::default(),
            n_bytes: 0,
            n_members: 0,
        }
    }
}

impl Gunzip {
    /// Takes the next bytes of the file and puts what they hold behind `out`.
    pub fn feed(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        while !bytes.is_empty() {
            bytes = match &mut self.state {
                State::Header(known) => {
                    let (state, rest) = header(known, bytes, self.n_members);
                    if let State::Body = state {
                        self.inflater = Inflater::new();
                        (self.checksum, self.n_bytes) = (Checksum::default(), 0);
                    }
                    (self.state, bytes) = (state, rest);
                    bytes
                }
                State::Body => self.body(bytes, out),
                State::Trailer(known) => {
                    let (now, rest) = bytes.split_at(bytes.len().min(8 - known.len()));
                    known.extend(now);
                    if let Some(&[a, b, c, d, e, f, g, h]) = known.as_array::<8>() {
                        let checksum = u32::from_le_bytes([a, b, c, d]);
                        let n_bytes = u32::from_le_bytes([e, f, g, h]);
                        let is_whole = checksum == self.checksum.value() && n_bytes == self.n_bytes;
                        self.n_members += 1;
                        self.state = if is_whole {
                            State::Header(Vec::new())
                        } else {
                            State::Ended(Flaw::Damaged)
                        };
                    }
                    rest
                }
                State::Padding => {
                    if bytes.iter().any(|&byte| byte != 0) {
                        self.state = State::Ended(Flaw::Remainder);
                    }
                    &[]
                }
                State::Ended(_) => &[],
            };
        }
    }

    fn body<'a>(&mut self, bytes: &'a [u8], out: &mut Vec<u8>) -> &'a [u8] {
        let before = out.len();
        let inflated = self.inflater.feed(bytes, |piece| out.extend(piece));
        self.checksum.update(&out[before..]);
        // The trailer tells the length modulo 2³².
        self.n_bytes = self.n_bytes.wrapping_add((out.len() - before) as u32);
        match inflated {
            Inflated::Hungry => &[],
            Inflated::Done(n_used) => {
                self.state = State::Trailer(Vec::new());
                &bytes[n_used..]
            }
            Inflated::Broken => {
                self.state = State::Ended(Flaw::Damaged);
                &[]
            }
        }
    }

    /// What was wrong with the file, now that it has ended.
    pub fn flaw(&self) -> Option<Flaw> {
        match &self.state {
            State::Ended(flaw) => Some(*flaw),
            State::Padding => None,
            State::Header(known) if known.is_empty() && self.n_members > 0 => None,
            _ => Some(Flaw::CutShort),
        }
    }
}

/// Takes what belongs to a header; returns what comes next, and the bytes behind it.
fn header<'a>(known: &mut Vec<u8>, bytes: &'a [u8], n_members: u32) -> (State, &'a [u8]) {
    let n_known = known.len();
    known.extend(&bytes[..bytes.len().min(LONGEST_HEADER - n_known)]);
    match header_length(known) {
        Header::Is(length) => (State::Body, &bytes[length - n_known..]),
        Header::IsNone if n_members > 0 && known[0] == 0 => (State::Padding, bytes),
        Header::IsNone if n_members > 0 => (State::Ended(Flaw::Remainder), &[]),
        Header::IsNone => (State::Ended(Flaw::Damaged), &[]),
        Header::MayBe if known.len() >= LONGEST_HEADER => (State::Ended(Flaw::Damaged), &[]),
        Header::MayBe => (State::Header(std::mem::take(known)), &[]),
    }
}

enum Header {
    Is(usize),
    MayBe,
    IsNone,
}

/// How long the header is that these bytes begin with.
fn header_length(bytes: &[u8]) -> Header {
    const EXTRA: u8 = 1 << 2;
    const NAME: u8 = 1 << 3;
    const COMMENT: u8 = 1 << 4;
    const CHECKSUM: u8 = 1 << 1;
    let expected = [0x1F, 0x8B, 8];
    if bytes.iter().zip(expected).any(|(&byte, expected)| byte != expected) {
        return Header::IsNone;
    }
    let after = || {
        let flags = *bytes.get(3)?;
        let mut at = 10;
        if flags & EXTRA != 0 {
            let length = [*bytes.get(at)?, *bytes.get(at + 1)?];
            at += 2 + usize::from(u16::from_le_bytes(length));
        }
        for text in [NAME, COMMENT] {
            if flags & text != 0 {
                at += memchr::memchr(0, bytes.get(at..)?)? + 1;
            }
        }
        at += if flags & CHECKSUM != 0 { 2 } else { 0 };
        (at <= bytes.len()).then_some(at)
    };
    after().map_or(Header::MayBe, Header::Is)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};
    use proptest::prelude::*;

    use super::*;

    fn packed(bytes: &[u8], named: bool) -> Vec<u8> {
        let mut builder = GzBuilder::new();
        if named {
            builder = builder.filename("flows.csv").comment("a day").extra(vec![7; 300]);
        }
        let mut encoder = builder.write(Vec::new(), Compression::new(6));
        encoder.write_all(bytes).expect("memory takes all");
        encoder.finish().expect("memory takes all")
    }

    fn unpacked(bytes: &[u8], cut: usize) -> (Vec<u8>, Option<Flaw>) {
        let (mut gunzip, mut out) = (Gunzip::default(), Vec::new());
        bytes.chunks(cut).for_each(|piece| gunzip.feed(piece, &mut out));
        (out, gunzip.flaw())
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out_at_any_cut(
            members in prop::collection::vec((prop::collection::vec(0..9_u8, 0..3_000), any::<bool>()), 1..4),
            n_zeros in 0..40_usize, cut in 1..60_usize,
        ) {
            let mut file: Vec<u8> =
                members.iter().flat_map(|(bytes, named)| packed(bytes, *named)).collect();
            file.resize(file.len() + n_zeros, 0);
            let whole: Vec<u8> = members.into_iter().flat_map(|(bytes, _)| bytes).collect();
            prop_assert_eq!(unpacked(&file, cut), (whole, None));
        }

        #[test]
        fn what_is_cut_short_comes_out_up_to_there(
            bytes in prop::collection::vec(0..9_u8, 1..3_000), keep in 0.0..1.0, cut in 1..60_usize,
        ) {
            let file = packed(&bytes, true);
            let n_kept = 1 + (keep * (file.len() - 2) as f64) as usize;
            let (out, flaw) = unpacked(&file[..n_kept], cut);
            prop_assert!(bytes.starts_with(&out));
            prop_assert_eq!(flaw, Some(Flaw::CutShort));
        }

        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>, cut in 1..60_usize) {
            let file = [b"\x1F\x8B\x08\0\0\0\0\0\0\0", &bytes[..]].concat();
            unpacked(&file, cut);
            unpacked(&bytes, cut);
        }
    }

    #[test]
    fn damage_and_remainders_are_told() {
        let bytes: Vec<u8> = (0..9_000_u32).flat_map(u32::to_le_bytes).collect();
        let file = packed(&bytes, false);
        let mut spoilt = file.clone();
        let at = spoilt.len() - 8;
        spoilt[at] ^= 1;
        assert_eq!(unpacked(&spoilt, 4096), (bytes.clone(), Some(Flaw::Damaged)));
        let longer = [&file[..], b"something else"].concat();
        assert_eq!(unpacked(&longer, 4096), (bytes, Some(Flaw::Remainder)));
    }
}
