//! What a zip archive holds, and where.

use std::ops::Range;

use super::{super::JobError, Choice, Store};
use crate::engine::source::{
    conversion::SourceError,
    zip::{self, Directory, Member, ZipError},
};

/// Reads what a zip archive holds.
pub(super) async fn members<S: Store>(store: &S, file: &S::File) -> Result<Vec<Member>, JobError> {
    let length = store.length(file);
    let tail = store.read(file, length.saturating_sub(zip::TAIL)..length).await?;
    let mut found = zip::find_directory(&tail, length).map_err(SourceError::Zip)?;
    if let Directory::At(at) = found {
        let record = read_within(store, file, at, 56).await?;
        found = zip::large_directory(&record).map_err(SourceError::Zip)?;
    }
    let Directory::Is { start, length, shift } = found else {
        return Err(SourceError::Zip(ZipError::BadDirectory).into());
    };
    let directory = read_within(store, file, start, length).await?;
    Ok(zip::members(&directory, shift).map_err(SourceError::Zip)?)
}

/// What was chosen of an archive.
pub(super) enum Chosen {
    One(Member),
    None(Vec<Member>),
}

/// The member that was chosen, or the only one.
pub(super) fn choose(mut members: Vec<Member>, choice: &Choice) -> Result<Chosen, SourceError> {
    if members.iter().any(|member| member.name == "[Content_Types].xml") {
        return Err(ZipError::Office.into());
    }
    match &choice.member {
        Some(name) => {
            let chosen = members.into_iter().find(|member| member.name == *name);
            Ok(Chosen::One(chosen.ok_or_else(|| ZipError::NoMember { member: name.clone() })?))
        }
        None if members.len() > 1 => Ok(Chosen::None(members)),
        None => Ok(Chosen::One(members.pop().ok_or(ZipError::Empty)?)),
    }
}

/// Where a member's bytes are.
pub(super) async fn data<S: Store>(
    store: &S,
    file: &S::File,
    member: &Member,
) -> Result<Range<u64>, JobError> {
    let header = read_within(store, file, member.at, zip::LOCAL_HEADER).await?;
    let start = member.at + zip::data_offset(&header).map_err(SourceError::Zip)?;
    // A member that was cut off is read up to the cut.
    let length = store.length(file);
    Ok(start.min(length)..(start + member.n_packed).min(length))
}

/// Reads bytes of an archive, which must be there.
async fn read_within<S: Store>(
    store: &S,
    file: &S::File,
    start: u64,
    length: u64,
) -> Result<Vec<u8>, JobError> {
    let end = start.checked_add(length).filter(|&end| end <= store.length(file));
    let end = end.ok_or(SourceError::Zip(ZipError::BadDirectory))?;
    store.read(file, start..end).await
}
