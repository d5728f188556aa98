//! Bytes in the browser's own store.

use std::cell::RefCell;

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::Blob;

use crate::cluster::JobError;

/// A blob of these bytes.
///
/// # Errors
///
/// [`JobError::Unreadable`], if there is no room; so all that keeps bytes.
pub(super) fn blob(bytes: &[u8]) -> Result<Blob, JobError> {
    stored(&Uint8Array::from(bytes))
}

/// One blob of several, one behind the other.
pub(super) fn joined(parts: &Array) -> Result<Blob, JobError> {
    Blob::new_with_blob_sequence(parts).map_err(|error| no_room(&error))
}

fn stored(bytes: &Uint8Array) -> Result<Blob, JobError> {
    Blob::new_with_u8_array_sequence(&Array::of1(bytes)).map_err(|error| no_room(&error))
}

fn no_room(error: &JsValue) -> JobError {
    let reason = format!("the browser has no room for it: {error:?}");
    JobError::Unreadable { reason }
}

/// Puts bytes into the browser's own store, through one buffer: fresh memory for each part would
/// cost more than the copying.
#[derive(Default)]
pub(super) struct Keeper(RefCell<Option<Uint8Array>>);

impl Keeper {
    /// Keeps bytes.
    ///
    /// # Errors
    ///
    /// [`JobError::Unreadable`], if there is no room.
    pub(super) fn keep(&self, bytes: &[u8]) -> Result<Blob, JobError> {
        let n_bytes = bytes.len() as u32;
        let mut buffer = self.0.borrow_mut();
        let buffer = match &mut *buffer {
            Some(buffer) if buffer.length() >= n_bytes => buffer,
            none => none.insert(Uint8Array::new_with_length(n_bytes.next_power_of_two())),
        };
        let filled = buffer.subarray(0, n_bytes);
        filled.copy_from(bytes);
        stored(&filled)
    }
}
