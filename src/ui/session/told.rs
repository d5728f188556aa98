//! A signal that all may read, and the session alone writes.

use std::ops::Deref;

use leptos::prelude::*;

/// What workers told. It reads like the [`ReadSignal`] that it is to everybody else.
#[derive(Debug)]
pub struct Told<T: 'static> {
    read: ReadSignal<T>,
    write: WriteSignal<T>,
}

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Told<T> {}

impl<T> Deref for Told<T> {
    type Target = ReadSignal<T>;

    fn deref(&self) -> &ReadSignal<T> {
        &self.read
    }
}

impl<T: Send + Sync> Told<T> {
    pub(super) fn new(value: T) -> Self {
        let (read, write) = signal(value);
        Self { read, write }
    }

    pub(super) fn set(self, value: T) {
        self.write.set(value);
    }

    pub(super) fn update(self, change: impl FnOnce(&mut T)) {
        self.write.update(change);
    }
}
