//! One file to text: unpacked, decoded, flattened, as far as it needs.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
    super::{JobError, step::Step},
    Draft, JoinBy, Store,
    archive::{Chosen, choose, data, members},
    decoding::{decode, narrowed},
};
use crate::engine::{
    arrange::arrange,
    source::{
        conversion::{Conversion, Converted, Limits, Packing, SourceError, TextKind},
        flatten::Objects,
        recognise::{Archive, Evidence, Recognised},
        zip::{Member, Unzip},
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
    let Converted { kind, n_unpacked, n_objects, mut notices, .. } = converted;
    for notice in &mut notices {
        // Of several files each archive is another one.
        if let NoticeKind::CutShort | NoticeKind::DamagedArchive | NoticeKind::ArchiveRemainder =
            notice.kind
        {
            notice.files.push(name.to_owned());
        }
    }
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
