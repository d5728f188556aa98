//! Zip archives: what they hold, and each member's bytes (PKWARE, *APPNOTE.TXT*, 6.3.10).

use serde::{Deserialize, Serialize};

use super::{
    checksum::Checksum,
    gzip::Flaw,
    inflate::{Inflated, Inflater},
};

/// What a zip archive begins with; an empty one begins with its end.
pub const MAGIC: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// How many bytes at an archive's end hold the place of its directory, whatever comment follows.
pub const TAIL: u64 = 22 + 0xFFFF + ZIP64_LOCATOR as u64;
/// How long a member's own header is, before its name.
pub const LOCAL_HEADER: u64 = 30;

const ZIP64_LOCATOR: usize = 20;
/// Stands for a number that is in the extra field.
const ELSEWHERE: u32 = u32::MAX;

/// Why an archive or its member cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[expect(missing_docs, reason = "the sentences say it")]
pub enum ZipError {
    #[error("the archive has no directory at its end: it was cut short, pack it again")]
    NoDirectory,
    #[error("the archive's directory is damaged: pack it again")]
    BadDirectory,
    #[error("{member} is encrypted: unpack it with its password first")]
    Encrypted { member: String },
    #[error("{member} is packed by a method that is not known here ({method}): unpack it first")]
    Method { member: String, method: u16 },
    #[error("the archive holds no file named {member}")]
    NoMember { member: String },
    #[error("the archive is empty: it holds no file")]
    Empty,
    #[error("this is a spreadsheet or another office document: save its table as CSV")]
    Office,
}

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name, with the folders it lies in.
    pub name: String,
    /// How many bytes it has.
    pub n_bytes: u64,
    /// How many it has in the archive.
    pub n_packed: u64,
    /// Where its own header stands in the archive.
    pub at: u64,
    method: u16,
    checksum: u32,
    is_encrypted: bool,
}

/// Finds the directory by the archive's last bytes (up to [`TAIL`] of them): where it stands in the
/// archive, and how long it is. `None` where that stands in the record at the place returned with
/// [`Directory::At`].
///
/// # Errors
///
/// [`ZipError::NoDirectory`].
pub fn find_directory(tail: &[u8], file_length: u64) -> Result<Directory, ZipError> {
    const END: &[u8] = b"PK\x05\x06";
    let base = file_length - tail.len() as u64;
    let at = memchr::memmem::rfind_iter(tail, END)
        .find(|&at| tail.len() - at >= 22)
        .ok_or(ZipError::NoDirectory)?;
    if let Some(before) = at.checked_sub(ZIP64_LOCATOR)
        && tail[before..].starts_with(b"PK\x06\x07")
    {
        return Ok(Directory::At(u64_at(tail, before + 8)));
    }
    let length = u64::from(u32_at(tail, at + 12));
    // Where it should stand, unless something was put before the archive.
    let start = (base + at as u64).checked_sub(length).ok_or(ZipError::NoDirectory)?;
    let shift = start.checked_sub(u64::from(u32_at(tail, at + 16)));
    Ok(Directory::Is { start, length, shift: shift.ok_or(ZipError::BadDirectory)? })
}

/// Where an archive's directory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directory {
    /// Here.
    Is {
        /// Its first byte in the file.
        start: u64,
        /// How many bytes it has.
        length: u64,
        /// How many bytes stand before the archive.
        shift: u64,
    },
    /// The 56 bytes here say it: [`large_directory`].
    At(u64),
}

/// Reads where the directory of a large archive is.
///
/// # Errors
///
/// [`ZipError::BadDirectory`].
pub fn large_directory(record: &[u8]) -> Result<Directory, ZipError> {
    if record.len() < 56 || !record.starts_with(b"PK\x06\x06") {
        return Err(ZipError::BadDirectory);
    }
    Ok(Directory::Is { start: u64_at(record, 48), length: u64_at(record, 40), shift: 0 })
}

/// Reads the directory: the files in the archive, in its order; folders, empty files and what
/// macOS adds for itself left out.
///
/// # Errors
///
/// [`ZipError::BadDirectory`].
pub fn members(directory: &[u8], shift: u64) -> Result<Vec<Member>, ZipError> {
    let mut members = Vec::new();
    let mut rest = directory;
    while rest.starts_with(b"PK\x01\x02") {
        let bad = ZipError::BadDirectory;
        if rest.len() < 46 {
            return Err(bad);
        }
        let n_name = usize::from(u16_at(rest, 28));
        let n_extra = usize::from(u16_at(rest, 30));
        let n_comment = usize::from(u16_at(rest, 32));
        let name = rest.get(46..46 + n_name).ok_or(bad.clone())?;
        let extra = rest.get(46 + n_name..46 + n_name + n_extra).ok_or(bad.clone())?;
        let mut large = large_numbers(extra);
        let mut number = |at| match u32_at(rest, at) {
            ELSEWHERE => large.next().ok_or(ZipError::BadDirectory),
            number => Ok(u64::from(number)),
        };
        // In this order they stand in the extra field.
        let (n_bytes, n_packed, at) = (number(24)?, number(20)?, number(42)?);
        members.push(Member {
            name: String::from_utf8_lossy(name).into_owned(),
            n_bytes,
            n_packed,
            at: at + shift,
            method: u16_at(rest, 10),
            checksum: u32_at(rest, 16),
            is_encrypted: u16_at(rest, 8) & 1 != 0,
        });
        rest = rest.get(46 + n_name + n_extra + n_comment..).ok_or(bad)?;
    }
    members.retain(|member| member.n_bytes > 0 && !is_by_the_way(&member.name));
    Ok(members)
}

/// Whether a file is what a system leaves behind, and nobody's data.
fn is_by_the_way(name: &str) -> bool {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.starts_with("__MACOSX/") || base.is_empty() || base == ".DS_Store"
}

/// The 64-bit numbers of an entry's extra field.
fn large_numbers(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    const LARGE: u16 = 1;
    let mut numbers = Vec::new();
    while extra.len() >= 4 {
        let end = (4 + usize::from(u16_at(extra, 2))).min(extra.len());
        if u16_at(extra, 0) == LARGE {
            numbers =
                extra[4..end].as_chunks::<8>().0.iter().map(|&it| u64::from_le_bytes(it)).collect();
        }
        extra = &extra[end..];
    }
    numbers.into_iter()
}

/// How many bytes stand between a member's place and its data, by its own header's first
/// [`LOCAL_HEADER`] bytes.
///
/// # Errors
///
/// [`ZipError::BadDirectory`], if there is no header.
pub fn data_offset(header: &[u8]) -> Result<u64, ZipError> {
    if header.len() < LOCAL_HEADER as usize || !header.starts_with(b"PK\x03\x04") {
        return Err(ZipError::BadDirectory);
    }
    Ok(LOCAL_HEADER + u64::from(u16_at(header, 26)) + u64::from(u16_at(header, 28)))
}

/// Unpacks a member.
#[derive(Debug)]
pub struct Unzip {
    inflater: Option<Inflater>,
    checksum: Checksum,
    expected: u32,
    is_done: bool,
    flaw: Option<Flaw>,
}

impl Unzip {
    /// Begins with the first byte of a member's data.
    ///
    /// # Errors
    ///
    /// [`ZipError::Encrypted`], [`ZipError::Method`].
    pub fn new(member: &Member) -> Result<Self, ZipError> {
        const STORED: u16 = 0;
        const DEFLATED: u16 = 8;
        let name = || member.name.clone();
        if member.is_encrypted {
            return Err(ZipError::Encrypted { member: name() });
        }
        let inflater = match member.method {
            STORED => None,
            DEFLATED => Some(Inflater::new()),
            method => return Err(ZipError::Method { member: name(), method }),
        };
        let expected = member.checksum;
        Ok(Self { inflater, checksum: Checksum::default(), expected, is_done: false, flaw: None })
    }

    /// Takes the next bytes of the member's data and puts what they hold behind `out`.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if self.is_done || self.flaw.is_some() {
            return;
        }
        let before = out.len();
        match &mut self.inflater {
            None => out.extend(bytes),
            Some(inflater) => match inflater.feed(bytes, |piece| out.extend(piece)) {
                Inflated::Hungry => {}
                Inflated::Done(_) => self.is_done = true,
                Inflated::Broken => self.flaw = Some(Flaw::Damaged),
            },
        }
        self.checksum.update(&out[before..]);
    }

    /// What was wrong with the member, now that its data has ended.
    pub fn flaw(&self) -> Option<Flaw> {
        let is_open = self.inflater.is_some() && !self.is_done;
        self.flaw
            .or(is_open.then_some(Flaw::CutShort))
            .or((self.checksum.value() != self.expected).then_some(Flaw::Damaged))
    }
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
