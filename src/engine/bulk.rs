//! Long arrays in messages: bytes on the wire, so that they cross as one typed array.

use std::borrow::Cow;

use bytemuck::Pod;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A long array that crosses a port as bytes, whose buffer is transferred and not copied.
///
/// A plain `Vec<f64>` would become a JavaScript array, number by number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bulk<T>(pub Vec<T>);

impl<T> std::ops::Deref for Bulk<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> From<Vec<T>> for Bulk<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl<T: Pod> Serialize for Bulk<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytemuck::cast_slice(&self.0))
    }
}

impl<'de, T: Pod> Deserialize<'de> for Bulk<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Borrowed from the message where that can be: copied once, to where it is aligned.
        let bytes: Cow<'_, [u8]> = serde_bytes::deserialize(deserializer)?;
        if !bytes.len().is_multiple_of(size_of::<T>()) {
            return Err(serde::de::Error::invalid_length(bytes.len(), &"whole elements"));
        }
        Ok(Self(bytemuck::pod_collect_to_vec(&bytes)))
    }
}
