//! What a person gives, to the one text that is read as a table.
//!
//! A plain file of UTF-8 is that text itself, untouched. Anything else is turned into it once, piece
//! by piece; the pieces go into a [`Store`] (in a browser its own, outside of our memory).

mod open;

pub use open::{Choice, Opening, Origin, Text, decode_late, open};

use std::ops::Range;

use super::JobError;

/// Where files are, and where what is made of them is kept.
#[expect(async_fn_in_trait, reason = "one thread, one crate: no bound on the futures is needed")]
pub trait Store {
    /// A file, or a piece of one: a handle, cheap to clone.
    type File: Clone;
    /// How many bytes a file has.
    fn length(&self, file: &Self::File) -> u64;
    /// Reads a range of a file.
    async fn read(&self, file: &Self::File, range: Range<u64>) -> Result<Vec<u8>, JobError>;
    /// Keeps bytes.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], if there is no room.
    fn keep(&self, bytes: &[u8]) -> Result<Self::File, JobError>;
    /// Makes one file of several, one behind the other.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], if there is no room.
    fn chain(&self, parts: &[Self::File]) -> Result<Self::File, JobError>;
    /// Lets others have their turn.
    async fn rest(&self);
}

/// Bytes that are kept at a time.
const PART: usize = 1 << 22;

/// A file in the making.
struct Draft<'a, S: Store> {
    store: &'a S,
    parts: Vec<S::File>,
}

impl<'a, S: Store> Draft<'a, S> {
    fn new(store: &'a S) -> Self {
        Self { store, parts: Vec::new() }
    }

    /// Keeps what has gathered, once it is worth a part; always, if `is_last`.
    fn drain(&mut self, bytes: &mut Vec<u8>, is_last: bool) -> Result<(), JobError> {
        if bytes.len() >= PART || is_last && !bytes.is_empty() {
            self.parts.push(self.store.keep(bytes)?);
            bytes.clear();
        }
        Ok(())
    }

    /// Puts bytes before all others.
    fn put_first(&mut self, bytes: &[u8]) -> Result<(), JobError> {
        if !bytes.is_empty() {
            self.parts.insert(0, self.store.keep(bytes)?);
        }
        Ok(())
    }

    fn finish(self) -> Result<S::File, JobError> {
        self.store.chain(&self.parts)
    }
}
