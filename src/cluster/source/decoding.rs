//! Texts in other encodings to UTF-8.

use std::ops::Range;

use super::{
    super::{JobError, step::Step},
    Origin, Store, Text,
};
use crate::engine::{
    source::recognise::{Evidence, Recognised, Survey},
    text::{Encoding, Notice, NoticeKind, sniff::SAMPLE},
};

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
pub(super) fn narrowed<S: Store>(
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
pub(super) async fn decode<S: Store>(
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
