//! Text of UTF-8 in a blob: as it stands, or in units of two bytes that are ASCII all.
//!
//! Most files of UTF-16 are ASCII in twice the space. They need not be written again before they
//! are read: every second byte of any range is its text. Where that proves wrong, reading fails and
//! the file is decoded as a whole.

use std::ops::Range;

use js_sys::{Object, Uint8Array};
use serde::{Deserialize, Serialize};
use web_sys::Blob;

use super::pieces::{self, Pieces};
use crate::{cluster::JobError, engine::text::Encoding};

/// A text's bytes.
#[derive(Debug, Clone)]
pub(super) struct TextBlob {
    blob: Blob,
    wide: Option<Wide>,
}

/// How a text stands in units of two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wide {
    encoding: Encoding,
    /// The blob's byte that the text begins at.
    start: u64,
}

impl From<Blob> for TextBlob {
    fn from(blob: Blob) -> Self {
        Self { blob, wide: None }
    }
}

impl TextBlob {
    /// A text of units of two bytes that begins at `start`; `None` where half a unit is left over,
    /// or the encoding has no such units.
    pub(super) fn wide(blob: &Blob, encoding: Encoding, start: u64) -> Option<Self> {
        let is_whole = (blob.size() as u64 - start).is_multiple_of(2);
        let is_wide = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
        (is_whole && is_wide)
            .then(|| Self { blob: blob.clone(), wide: Some(Wide { encoding, start }) })
    }

    /// A text as it crossed to another thread.
    pub(super) fn arrived(blob: Blob, wide: Option<Wide>) -> Self {
        Self { blob, wide }
    }

    /// What crosses to another thread: the blob beside the message, the rest in it.
    pub(super) fn parts(&self) -> (&Blob, Option<Wide>) {
        (&self.blob, self.wide)
    }

    /// The blob, if the text is its bytes.
    pub(super) fn plain(&self) -> Option<&Blob> {
        self.wide.is_none().then_some(&self.blob)
    }

    /// Bytes of text.
    pub(super) fn length(&self) -> u64 {
        let size = self.blob.size() as u64;
        self.wide.map_or(size, |wide| (size - wide.start) / 2)
    }

    /// Whether both are the same text.
    pub(super) fn is(&self, other: &Self) -> bool {
        Object::is(&self.blob, &other.blob) && self.wide == other.wide
    }

    /// Reads a range.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], [`JobError::NotAscii`].
    pub(super) async fn read(&self, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        let Some(wide) = self.wide else { return pieces::read(&self.blob, range).await };
        wide.narrow(&pieces::read(&self.blob, wide.place(&range)).await?)
    }
}

impl Wide {
    /// Where a range of the text stands.
    fn place(self, text: &Range<u64>) -> Range<u64> {
        self.start + 2 * text.start..self.start + 2 * text.end
    }

    fn narrow(self, bytes: &[u8]) -> Result<Vec<u8>, JobError> {
        let mut text = vec![0; bytes.len() / 2];
        if self.encoding.narrow(bytes, &mut text) { Ok(text) } else { Err(JobError::NotAscii) }
    }
}

/// A text, piece after piece.
pub(super) struct TextPieces {
    pieces: Pieces,
    wide: Option<Wide>,
    /// The first byte of a unit that a browser cut in two, and where the other one stands.
    half: Option<(u8, u64)>,
}

/// A piece of a text.
pub(super) enum Piece {
    /// As it stands in the blob.
    Bytes(Uint8Array),
    /// Made of units of two bytes.
    Text(Vec<u8>),
}

impl TextPieces {
    pub(super) fn new(text: TextBlob) -> Self {
        Self { pieces: Pieces::new(text.blob), wide: text.wide, half: None }
    }

    /// The first bytes of `range`, at least one, or all of them. Those up to `until` will most
    /// likely be asked for next.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], [`JobError::NotAscii`].
    pub(super) async fn next(&mut self, range: Range<u64>, until: u64) -> Result<Piece, JobError> {
        let Some(wide) = self.wide else {
            return Ok(Piece::Bytes(self.pieces.next(range, until).await?));
        };
        let Range { start, end } = wide.place(&(range.start..until));
        let last = wide.place(&range).end;
        let mut bytes = Vec::new();
        let mut at = start;
        if let Some((half, behind)) = self.half.take()
            && behind == start + 1
        {
            bytes.push(half);
            at = behind;
        }
        while bytes.len() < 2 {
            let piece = self.pieces.next(at..last, end).await?;
            let before = bytes.len();
            bytes.resize(before + piece.length() as usize, 0);
            piece.copy_to(&mut bytes[before..]);
            at += u64::from(piece.length());
            self.pieces.give_back(&piece);
        }
        if bytes.len() % 2 == 1 {
            self.half = bytes.pop().map(|half| (half, at));
        }
        Ok(Piece::Text(wide.narrow(&bytes)?))
    }

    /// Gives back a piece that was copied: its memory is used again, or freed at once.
    pub(super) fn give_back(&mut self, piece: &Piece) {
        if let Piece::Bytes(bytes) = piece {
            self.pieces.give_back(bytes);
        }
    }
}

impl Piece {
    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.length() as usize,
            Self::Text(text) => text.len(),
        }
    }

    /// Copies it to where there is just as much room.
    pub(super) fn copy_to(&self, there: &mut [u8]) {
        match self {
            Self::Bytes(bytes) => bytes.copy_to(there),
            Self::Text(text) => there.copy_from_slice(text),
        }
    }
}
