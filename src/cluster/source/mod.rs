//! What a person gives, to the one text that is read as a table.
//!
//! A plain file of UTF-8 is that text itself, untouched. Anything else is turned into it once, piece
//! by piece; the pieces go into a [`Store`] (in a browser its own, outside of our memory).

mod append;
mod archive;
mod below;
mod decoding;
mod join;
mod merge;
mod open;

use std::ops::Range;

pub use append::distinct;
pub use join::JoinBy;
pub use open::{Choice, Origin, Text};

use self::{
    append::append,
    below::put_below,
    decoding::{decode_late, decode_whole},
    join::{join, table_and_labels},
    merge::Source,
    open::{Opening, open},
};
use super::{JobError, conductor::Table, step::Step};
use crate::engine::{
    source::{conversion::SourceError, zip::Member},
    table::{Role, RoleReason},
    text::{Encoding, NoticeKind, Overrides},
};

/// Where files are, and where what is made of them is kept.
#[expect(async_fn_in_trait, reason = "one thread, one crate: no bound on the futures is needed")]
pub trait Store {
    /// A file, or a piece of one: a handle, cheap to clone.
    type File: Clone;
    /// How many bytes a file has.
    fn length(&self, file: &Self::File) -> u64;
    /// Reads a range of a file.
    async fn read(&self, file: &Self::File, range: Range<u64>) -> Result<Vec<u8>, JobError>;
    /// Reads the first bytes of a range, at least one: what follows will be asked for next.
    async fn read_on(&self, file: &Self::File, range: Range<u64>) -> Result<Vec<u8>, JobError>;
    /// Keeps bytes.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], if there is no room.
    fn keep(&self, bytes: &[u8]) -> Result<Self::File, JobError>;
    /// The text of a file whose units of two bytes are all ASCII, from a byte on, without decoding
    /// it: reading fails with [`JobError::NotAscii`] where that proves wrong. `None`: there is no
    /// such way.
    fn narrowed(&self, file: &Self::File, encoding: Encoding, start: u64) -> Option<Self::File>;
    /// How many ranges of a file are decoded side by side.
    fn n_hands(&self) -> u32;
    /// Turns ranges of a file from an encoding into UTF-8, each as if it were a file: their texts,
    /// in parts, and how many characters beyond ASCII there were. Tells how many bytes are done.
    async fn decode(
        &self,
        file: &Self::File,
        encoding: Encoding,
        ranges: &[Range<u64>],
        tell: &mut dyn FnMut(u64),
    ) -> Result<(Vec<Self::File>, u64), JobError>;
    /// Makes one file of several, one behind the other.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], if there is no room.
    fn chain(&self, parts: &[Self::File]) -> Result<Self::File, JobError>;
    /// Lets others have their turn.
    async fn rest(&self);
}

/// What reads tables.
#[expect(async_fn_in_trait, reason = "one thread, one crate: no bound on the futures is needed")]
pub trait Tables<F> {
    /// Reads a text as a table, beside the one that stands.
    async fn read(
        &mut self,
        text: &Text<F>,
        tell: &mut dyn FnMut(Step, f64),
    ) -> Result<Table, JobError>;
}

/// A file, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given<F> {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub file: F,
}

/// What a person's files came to.
#[derive(Debug)]
pub enum Gathered<F> {
    /// An archive of several files: one must be chosen.
    Asks(Vec<Member>),
    /// One text, and its table, which stands once it is committed.
    Table(Box<Text<F>>, Box<Table>),
}

/// Makes one table of a person's files: opens them, puts several below each other, and labels
/// beside their rows. Of two files that are not parts of one table, the narrower one may be the
/// labels of the other. Files that a model is to be applied to come below what is made of the others.
///
/// # Errors
///
/// [`JobError::Source`], and what reading a table may come to.
pub async fn gather<S: Store>(
    store: &S,
    tables: &mut impl Tables<S::File>,
    files: &[Given<S::File>],
    labels: Option<&Given<S::File>>,
    choice: &Choice,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Gathered<S::File>, JobError> {
    let n_own = files.len().saturating_sub(choice.n_applied as usize);
    let (files, applied) = files.split_at(n_own);
    let mut sources = Vec::new();
    for given in files {
        match one(store, tables, given, choice, overrides, tell).await? {
            Gathered::Table(text, table) => sources.push((*text, *table)),
            asks if files.len() == 1 => return Ok(asks),
            Gathered::Asks(_) => {
                return Err(SourceError::SeveralMembers { file: given.name.clone() }.into());
            }
        }
    }
    let mut of_files = None;
    if let Some((table, labels)) = table_and_labels(&sources) {
        let text = join(store, table, labels, choice.join_by.as_ref(), tell).await?;
        sources = vec![finished(tables, text, tell).await?];
    } else if sources.len() > 1 {
        let text = append(store, &sources, tell).await?;
        sources = vec![finished(tables, text, tell).await?];
        of_files = sources[0].1.profile.columns.len().checked_sub(1);
    }
    let mut source = sources.pop().ok_or(JobError::EmptyFile)?;
    let alone = Choice { member: None, ..choice.clone() };
    if let Some(given) = labels {
        let labels = only(store, tables, given, &alone, &Overrides::default(), tell).await?;
        let text = join(store, &source, &labels, choice.join_by.as_ref(), tell).await?;
        source = finished(tables, text, tell).await?;
    }
    if let Some(file) = of_files.and_then(|at| source.1.profile.columns.get_mut(at)) {
        (file.role, file.reason) = (Role::Ignore, RoleReason::File);
    }
    if !applied.is_empty() {
        let mut below = Vec::new();
        for given in applied {
            below.push(only(store, tables, given, &alone, overrides, tell).await?);
        }
        source = put_below(store, tables, source, &below, tell).await?;
    }
    Ok(Gathered::Table(Box::new(source.0), Box::new(source.1)))
}

/// Opens a file of which one table is to be made, and nothing else.
async fn only<S: Store>(
    store: &S,
    tables: &mut impl Tables<S::File>,
    given: &Given<S::File>,
    choice: &Choice,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Source<S::File>, JobError> {
    match one(store, tables, given, choice, overrides, tell).await? {
        Gathered::Table(text, table) => Ok((*text, *table)),
        Gathered::Asks(_) => Err(SourceError::SeveralMembers { file: given.name.clone() }.into()),
    }
}

/// Opens a file and reads it as a table.
async fn one<S: Store>(
    store: &S,
    tables: &mut impl Tables<S::File>,
    given: &Given<S::File>,
    choice: &Choice,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Gathered<S::File>, JobError> {
    let opening = open(store, &given.name, &given.file, choice, overrides, tell).await?;
    let mut text = match opening {
        Opening::Asks(members) => return Ok(Gathered::Asks(members)),
        Opening::Text(text) => *text,
    };
    let mut table = match tables.read(&text, tell).await {
        Err(JobError::NotAscii) => {
            text = decode_whole(store, &given.file, &text, tell).await?;
            tables.read(&text, tell).await?
        }
        table => table?,
    };
    let is_doubtful = table.profile.notices.iter().any(|it| it.kind == NoticeKind::InvalidUtf8);
    if is_doubtful && let Some(decoded) = decode_late(store, &text, tell).await? {
        text = decoded;
        table = tables.read(&text, tell).await?;
    }
    text.amend(&mut table.profile);
    Ok(Gathered::Table(Box::new(text), Box::new(table)))
}

/// Reads a text that we wrote.
async fn finished<F>(
    tables: &mut impl Tables<F>,
    text: Text<F>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Source<F>, JobError> {
    let mut table = tables.read(&text, tell).await?;
    text.amend(&mut table.profile);
    Ok((text, table))
}

/// Bytes that are kept at a time.
pub const PART: usize = 1 << 22;

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
