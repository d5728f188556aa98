//! The bytes of a file, piece after piece.

use std::ops::Range;

use js_sys::{ArrayBuffer, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, ReadableStreamByobReader, ReadableStreamGetReaderOptions, ReadableStreamReaderMode,
};

use crate::cluster::JobError;

/// Bytes that a stream gives at a time, at most.
const BUFFER: u32 = 1 << 19;

/// Reads a file in order, or wherever it is asked to.
pub(super) struct Pieces {
    file: Blob,
    way: Way,
}

/// How the next pieces come.
enum Way {
    /// Not begun yet.
    Unknown,
    /// As a stream that fills one buffer again and again: in Chromium a third quicker than slices,
    /// and no piece waits for the collector.
    Stream(Stream),
    /// As slices, the next one on its way while one is read: where a browser's files are no byte
    /// streams.
    Slices(Option<(Range<u64>, Promise)>),
}

struct Stream {
    reader: ReadableStreamByobReader,
    /// The bytes that are still to come.
    left: Range<u64>,
    buffer: ArrayBuffer,
}

impl Pieces {
    pub(super) fn new(file: Blob) -> Self {
        Self { file, way: Way::Unknown }
    }

    /// The first bytes of `range`, at least one, or all of them. Those up to `until` will most likely be asked
    /// for next.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], with what the browser says.
    pub(super) async fn next(
        &mut self,
        range: Range<u64>,
        until: u64,
    ) -> Result<Uint8Array, JobError> {
        let size = (range.end - range.start) as u32;
        if matches!(self.way, Way::Unknown) && range.end < until {
            self.way = match Stream::open(&self.file, range.start..until) {
                Some(stream) => Way::Stream(stream),
                None => Way::Slices(None),
            };
        }
        match &mut self.way {
            Way::Stream(stream) if stream.left.start == range.start && range.start < until => {
                stream.read(size).await
            }
            Way::Slices(ahead) => {
                let bytes = match ahead.take() {
                    Some((there, bytes)) if there == range => bytes,
                    _ => slice(&self.file, &range),
                };
                let next = range.end..(range.end + u64::from(size)).min(until);
                *ahead = (next.start < next.end).then(|| (next.clone(), slice(&self.file, &next)));
                fetched(bytes, &range).await
            }
            _ => fetched(slice(&self.file, &range), &range).await,
        }
    }

    /// Gives back a piece that was copied: its memory is used again, or freed at once. A browser
    /// may take its time with what it collects, and a large file would stand in memory a second
    /// time.
    pub(super) fn give_back(&mut self, bytes: &Uint8Array) {
        match &mut self.way {
            Way::Stream(stream) if stream.buffer.byte_length() == 0 => {
                stream.buffer = bytes.buffer();
            }
            _ => release(&bytes.buffer()),
        }
    }
}

impl Stream {
    /// Opens a stream over a range; `None` where the browser's files are no byte streams.
    fn open(file: &Blob, range: Range<u64>) -> Option<Self> {
        let slice = file.slice_with_f64_and_f64(range.start as f64, range.end as f64).ok()?;
        let options = ReadableStreamGetReaderOptions::new();
        options.set_mode(ReadableStreamReaderMode::Byob);
        let method = |of: &JsValue, name: &str| {
            Reflect::get(of, &name.into()).ok()?.dyn_into::<Function>().ok()
        };
        let stream = method(&slice, "stream")?.call0(&slice).ok()?;
        let reader = method(&stream, "getReader")?.call1(&stream, &options).ok()?;
        let reader = reader.dyn_into().ok()?;
        Some(Self { reader, left: range, buffer: ArrayBuffer::new(BUFFER) })
    }

    async fn read(&mut self, size: u32) -> Result<Uint8Array, JobError> {
        if self.buffer.byte_length() == 0 {
            self.buffer = ArrayBuffer::new(BUFFER);
        }
        let left = self.left.end - self.left.start;
        let size = size.min(BUFFER).min(u32::try_from(left).unwrap_or(BUFFER));
        let view = Uint8Array::new_with_byte_offset_and_length(&self.buffer, 0, size);
        let answer = self.fill(&view, size).map_err(|error| unreadable(&error))?;
        let answer = JsFuture::from(answer).await.map_err(|error| unreadable(&error))?;
        let bytes = Reflect::get(&answer, &"value".into()).ok();
        match bytes.and_then(|bytes| bytes.dyn_into::<Uint8Array>().ok()) {
            Some(bytes) if bytes.length() > 0 => {
                self.left.start += u64::from(bytes.length());
                Ok(bytes)
            }
            _ => Err(shorter()),
        }
    }
}

impl Stream {
    /// Asks for a view to be filled. Browsers that do not know that it may be asked to be full give
    /// what they have.
    fn fill(&self, view: &Uint8Array, size: u32) -> Result<Promise, JsValue> {
        let options = Object::new();
        Reflect::set(&options, &"min".into(), &size.into())?;
        let read: Function = Reflect::get(&self.reader, &"read".into())?.dyn_into()?;
        read.call2(&self.reader, view, &options)?.dyn_into()
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // What is not read is not wanted; whether the browser minds cannot matter.
        drop(self.reader.cancel());
    }
}

/// Reads a range of a file.
///
/// # Errors
///
/// [`JobError::Unreadable`], with what the browser says.
pub(super) async fn read(file: &Blob, range: Range<u64>) -> Result<Vec<u8>, JobError> {
    let bytes = fetched(slice(file, &range), &range).await?;
    let copy = bytes.to_vec();
    release(&bytes.buffer());
    Ok(copy)
}

/// Starts to read a range of a file.
fn slice(file: &Blob, range: &Range<u64>) -> Promise {
    match file.slice_with_f64_and_f64(range.start as f64, range.end as f64) {
        Ok(slice) => slice.array_buffer(),
        Err(error) => Promise::reject(&error),
    }
}

async fn fetched(bytes: Promise, range: &Range<u64>) -> Result<Uint8Array, JobError> {
    let buffer = JsFuture::from(bytes).await.map_err(|error| unreadable(&error))?;
    let bytes = Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>());
    if u64::from(bytes.length()) == range.end - range.start { Ok(bytes) } else { Err(shorter()) }
}

/// Frees a buffer. Old browsers cannot, and lose only that.
fn release(buffer: &ArrayBuffer) {
    if let Ok(transfer) = Reflect::get(buffer, &"transfer".into())
        && let Some(transfer) = transfer.dyn_ref::<Function>()
    {
        // What it returns is empty; what it leaves behind is too.
        drop(transfer.call1(buffer, &0.into()));
    }
}

fn shorter() -> JobError {
    JobError::Unreadable { reason: "it is shorter than it was".to_owned() }
}

fn unreadable(error: &JsValue) -> JobError {
    let name = Reflect::get(error, &"name".into()).ok().and_then(|name| name.as_string());
    let reason = name.unwrap_or_else(|| "the browser gives no reason".to_owned());
    JobError::Unreadable { reason }
}
