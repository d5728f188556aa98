//! Deflated bytes to the bytes they stand for.
//!
//! `miniz_oxide`, not zlib-rs and not the browser's `DecompressionStream`: for the 75 MB of the 10 %
//! file of KDD Cup 1999 it takes 36 ms in wasm, zlib-rs 18 ms for 12 KB more of the page and a large
//! amount of unsafe code; and the same code runs natively, so that a test sees what the page does.

use miniz_oxide::inflate::{
    TINFLStatus,
    core::{DecompressorOxide, decompress, inflate_flags::TINFL_FLAG_HAS_MORE_INPUT},
};

/// Bytes that are looked back to, at least 32 KiB: larger means fewer turns.
const WINDOW: usize = 1 << 18;

/// How far an [`Inflater`] came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inflated {
    /// It needs more bytes.
    Hungry,
    /// The stream ended after so many of the bytes given last.
    Done(usize),
    /// The stream is broken; what stood before is out.
    Broken,
}

/// Turns deflated bytes into what they stand for (RFC 1951).
pub(super) struct Inflater {
    state: Box<DecompressorOxide>,
    window: Vec<u8>,
    at: usize,
}

impl std::fmt::Debug for Inflater {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inflater").field("at", &self.at).finish_non_exhaustive()
    }
}

impl Inflater {
    pub(super) fn new() -> Self {
        Self { state: Box::default(), window: vec![0; WINDOW], at: 0 }
    }

    /// Takes the next bytes of the stream; hands what they stand for to `take`, in pieces.
    pub(super) fn feed(&mut self, bytes: &[u8], mut take: impl FnMut(&[u8])) -> Inflated {
        let mut n_used = 0;
        loop {
            let (status, n_in, n_out) = decompress(
                &mut self.state,
                &bytes[n_used..],
                &mut self.window,
                self.at,
                TINFL_FLAG_HAS_MORE_INPUT,
            );
            n_used += n_in;
            take(&self.window[self.at..self.at + n_out]);
            self.at = (self.at + n_out) % WINDOW;
            match status {
                TINFLStatus::Done => return Inflated::Done(n_used),
                TINFLStatus::HasMoreOutput => {}
                TINFLStatus::NeedsMoreInput => return Inflated::Hungry,
                _ => return Inflated::Broken,
            }
        }
    }
}
