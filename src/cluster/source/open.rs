//! One file to text: unpacked, decoded, flattened, as far as it needs.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
    super::{JobError, step::Step},
    Draft, JoinBy, Store,
};
use crate::engine::{
    arrange::arrange,
    source::{
        conversion::{Conversion, Converted, Limits, Packing, SourceError, TextKind},
        flatten::Objects,
        recognise::{Archive, Evidence, Recognised, Survey},
        zip::{self, Directory, Member, Unzip, ZipError},
    },
    table::Profile,
    text::{Encoding, Escape, Notice, NoticeKind, Overrides, Sign, sniff::SAMPLE},
};

/// What a person chose about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The member of an archive, by its name; needed where there are several.
    pub member: Option<String>,
    /// How labels find their rows; `None`: by the one column that both files have, else by position.
    pub join_by: Option<JoinBy>,
    /// How many of the files, the last ones, hold rows that a model is applied to: they may lack columns.
    pub n_applied: u32,
    /// How much a file may grow when it is unpacked.
    #[serde(skip)]
    pub limits: Limits,
}

/// What opening a file came to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Opening<F> {
    /// It holds several files: one must be chosen.
    Asks(Vec<Member>),
    /// Here is its text.
    Text(Box<Text<F>>),
}

/// A text that can be read as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Text<F> {
    /// Its bytes, in UTF-8.
    pub file: F,
    /// Its first bytes, where they are at hand.
    pub head: Vec<u8>,
    /// How it is to be read: what a person said, and what is known because we wrote it.
    pub overrides: Overrides,
    /// What the files were that it was made of.
    pub origins: Vec<Origin>,
    /// What had to be repaired, skipped or guessed so far.
    pub notices: Vec<Notice>,
    /// Whether missing cells at the end of a row are as it should be.
    pub is_ragged: bool,
}

impl<F> Text<F> {
    /// The name of the file it was made of, or of the first one.
    pub(super) fn name(&self) -> String {
        self.origins.first().map(|origin| origin.name.clone()).unwrap_or_default()
    }

    /// Adds what was found out on the way to the text to what was found in it.
    pub(super) fn amend(&self, profile: &mut Profile) {
        let is_as_it_should_be = |kind: NoticeKind| self.is_ragged && kind == NoticeKind::ShortRow;
        profile.notices.retain(|notice| !is_as_it_should_be(notice.kind));
        // What was told on the way and is found again in the text is told once.
        let is_new = |kind: NoticeKind| profile.notices.iter().all(|there| there.kind != kind);
        let told: Vec<Notice> =
            self.notices.iter().filter(|notice| is_new(notice.kind)).cloned().collect();
        profile.notices.extend(told);
        arrange(&mut profile.notices, Notice::place);
    }
}

/// What a file was taken for, and the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The file's name.
    pub name: String,
    /// Its length, as it was given.
    pub n_bytes: u64,
    /// What it was packed in, and how many bytes that held.
    pub archive: Option<(Archive, u64)>,
    /// The member of the archive that was taken.
    pub member: Option<String>,
    /// How its bytes stand for characters, and why we think so.
    pub recognised: Recognised,
    /// How objects followed one another, and how many there were, if it was JSON.
    pub objects: Option<(Objects, u64)>,
}

/// Opens a file.
///
/// # Errors
///
/// [`JobError::Source`], and [`JobError::Unreadable`] if the store cannot read or keep.
pub(super) async fn open<S: Store>(
    store: &S,
    name: &str,
    file: &S::File,
    choice: &Choice,
    overrides: &Overrides,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Opening<S::File>, JobError> {
    let n_bytes = store.length(file);
    let head = store.read(file, 0..n_bytes.min(SAMPLE as u64)).await?;
    let told = overrides.encoding;
    let mut origin = Origin {
        name: name.to_owned(),
        n_bytes,
        archive: None,
        member: None,
        recognised: Recognised { encoding: Encoding::Utf8, evidence: Evidence::Ascii },
        objects: None,
    };
    let archive = Archive::of(&head);
    let (range, packing) = match archive {
        None => {
            let kind = TextKind::of(&head, told);
            if kind.is_plain() {
                origin.recognised = kind.recognised;
                return Ok(Opening::Text(Box::new(Text {
                    file: file.clone(),
                    head,
                    overrides: overrides.clone(),
                    origins: vec![origin],
                    notices: Vec::new(),
                    is_ragged: false,
                })));
            }
            if kind.objects.is_none() {
                let (notice, made) = match narrowed(store, file, &head, kind.recognised) {
                    Some(narrowed) => (None, narrowed),
                    None => decode(store, file, &head, kind.recognised, tell).await?,
                };
                origin.recognised = kind.recognised;
                return Ok(Opening::Text(Box::new(Text {
                    file: made,
                    head: Vec::new(),
                    overrides: overrides.clone(),
                    origins: vec![origin],
                    notices: Vec::from_iter(notice),
                    is_ragged: false,
                })));
            }
            (0..n_bytes, Packing::Bare)
        }
        Some(Archive::Gzip) => (0..n_bytes, Packing::Gzip(Box::default())),
        Some(Archive::Zip) => match choose(members(store, file).await?, choice)? {
            Chosen::None(members) => return Ok(Opening::Asks(members)),
            Chosen::One(member) => {
                let data = data(store, file, &member).await?;
                let packing =
                    Packing::Zip(Box::new(Unzip::new(&member).map_err(SourceError::Zip)?));
                origin.member = Some(member.name);
                (data, packing)
            }
        },
    };
    let conversion = Conversion::new(packing, told, choice.limits);
    let (converted, made) = convert(store, file, range, conversion, tell).await?;
    let Converted { kind, n_unpacked, n_objects, notices, .. } = converted;
    origin.archive = archive.map(|archive| (archive, n_unpacked));
    origin.recognised = kind.recognised;
    origin.objects = kind.objects.map(|objects| (objects, n_objects));
    let overrides = match kind.objects {
        Some(_) => written(overrides),
        None => overrides.clone(),
    };
    Ok(Opening::Text(Box::new(Text {
        file: made,
        head: Vec::new(),
        overrides,
        origins: vec![origin],
        notices,
        is_ragged: kind.objects.is_some(),
    })))
}

/// How text is to be read that we wrote: nothing is left to guess.
pub(super) fn written(overrides: &Overrides) -> Overrides {
    Overrides {
        delimiter: Some(b','),
        skips_blanks: Some(false),
        quote: Some(Sign::Is(b'"')),
        escape: Some(Escape::Doubled),
        comment: Some(Sign::Absent),
        preamble_lines: Some(0),
        header_lines: Some(1),
        ..overrides.clone()
    }
}

/// Reads a text again that was taken for UTF-8 by its beginning, if all of its bytes together speak
/// for another encoding. `None` if they do not, or if there is no doubt.
///
/// # Errors
///
/// [`JobError::Unreadable`].
pub(super) async fn decode_late<S: Store>(
    store: &S,
    text: &Text<S::File>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Option<Text<S::File>>, JobError> {
    let [origin] = &text.origins[..] else { return Ok(None) };
    let is_settled = matches!(origin.recognised.evidence, Evidence::Told | Evidence::Mark);
    if is_settled || origin.objects.is_some() || origin.recognised.encoding != Encoding::Utf8 {
        return Ok(None);
    }
    let length = store.length(&text.file);
    let mut survey = Survey::default();
    let mut at = 0;
    while at < length {
        let piece = store.read_on(&text.file, at..length).await?;
        survey.feed(&piece);
        at += piece.len() as u64;
        store.rest().await;
    }
    let recognised = survey.verdict();
    if recognised.encoding == Encoding::Utf8 {
        return Ok(None);
    }
    let head = store.read(&text.file, 0..length.min(SAMPLE as u64)).await?;
    let (notice, file) = decode(store, &text.file, &head, recognised, tell).await?;
    let notices = text.notices.iter().cloned().chain(notice).collect();
    let origins = vec![Origin { recognised, ..origin.clone() }];
    Ok(Some(Text { file, head: Vec::new(), origins, notices, ..text.clone() }))
}

/// Decodes a file that was taken for ASCII in units of two bytes, and is not.
///
/// # Errors
///
/// [`JobError::Unreadable`].
pub(super) async fn decode_whole<S: Store>(
    store: &S,
    file: &S::File,
    text: &Text<S::File>,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<Text<S::File>, JobError> {
    let recognised = text.origins[0].recognised;
    let head = store.read(file, 0..store.length(file).min(SAMPLE as u64)).await?;
    let (notice, file) = decode(store, file, &head, recognised, tell).await?;
    Ok(Text { file, notices: Vec::from_iter(notice), ..text.clone() })
}

/// A file as ASCII, if its beginning is.
fn narrowed<S: Store>(
    store: &S,
    file: &S::File,
    head: &[u8],
    recognised: Recognised,
) -> Option<S::File> {
    let encoding = recognised.encoding;
    let units = head.strip_prefix(encoding.mark()).unwrap_or(head);
    let is_ascii = encoding.narrow(units, &mut vec![0; units.len() / 2]);
    let start = (head.len() - units.len()) as u64;
    is_ascii.then(|| store.narrowed(file, encoding, start)).flatten()
}

/// Turns a file that is text in another encoding into UTF-8; says how much of it was beyond ASCII.
async fn decode<S: Store>(
    store: &S,
    file: &S::File,
    head: &[u8],
    recognised: Recognised,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<(Option<Notice>, S::File), JobError> {
    let encoding = recognised.encoding;
    let mark = encoding.mark();
    let start = if head.starts_with(mark) { mark.len() as u64 } else { 0 };
    let length = store.length(file);
    let n_hands = u64::from(store.n_hands());
    let mut cuts = vec![start];
    for hand in 1..n_hands {
        // Units of two bytes are not cut, and of a pair of units the second goes with the first.
        let at = start + (length - start) / n_hands * hand / 2 * 2;
        let unit = store.read(file, at..(at + 2).min(length)).await?;
        cuts.push(at + if encoding.is_second_half(&unit) { 2 } else { 0 });
    }
    cuts.push(length);
    let ranges: Vec<Range<u64>> = cuts.windows(2).map(|ends| ends[0]..ends[1]).collect();
    let tell = &mut |n_done: u64| tell(Step::Unpack, n_done as f64 / length as f64);
    let (parts, n_foreign) = store.decode(file, encoding, &ranges, tell).await?;
    let notice = (n_foreign > 0)
        .then(|| Notice { count: n_foreign, ..Notice::new(NoticeKind::Decoded, None) });
    Ok((notice, store.chain(&parts)?))
}

/// Takes a range of a file through a conversion; the text is kept.
async fn convert<S: Store>(
    store: &S,
    file: &S::File,
    range: Range<u64>,
    mut conversion: Conversion,
    tell: &mut dyn FnMut(Step, f64),
) -> Result<(Converted, S::File), JobError> {
    let mut draft = Draft::new(store);
    let mut at = range.start;
    while at < range.end {
        let piece = store.read_on(file, at..range.end).await?;
        for (i, bytes) in piece.chunks(conversion.appetite()).enumerate() {
            conversion.feed(bytes)?;
            draft.drain(conversion.out(), false)?;
            let n_fed = at - range.start + (i * conversion.appetite()) as u64;
            tell(Step::Unpack, n_fed as f64 / (range.end - range.start) as f64);
            store.rest().await;
        }
        at += piece.len() as u64;
    }
    let mut converted = conversion.finish()?;
    draft.drain(&mut converted.rest, true)?;
    draft.put_first(&converted.header)?;
    Ok((converted, draft.finish()?))
}

/// Reads what a zip archive holds.
async fn members<S: Store>(store: &S, file: &S::File) -> Result<Vec<Member>, JobError> {
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

enum Chosen {
    One(Member),
    None(Vec<Member>),
}

/// The member that was chosen, or the only one.
fn choose(mut members: Vec<Member>, choice: &Choice) -> Result<Chosen, SourceError> {
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
async fn data<S: Store>(
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
