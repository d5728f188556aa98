//! Files in memory.

use std::ops::Range;

use super::super::{JobError, conductor::Grain, source::Store};
use crate::engine::text::{Decoder, Encoding};

/// Files in memory.
#[derive(Debug)]
pub(super) struct Memory;

impl Store for Memory {
    type File = Vec<u8>;

    fn length(&self, file: &Vec<u8>) -> u64 {
        file.len() as u64
    }

    async fn read(&self, file: &Vec<u8>, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        Ok(file[range.start as usize..range.end as usize].to_vec())
    }

    async fn read_on(&self, file: &Vec<u8>, range: Range<u64>) -> Result<Vec<u8>, JobError> {
        let end = range.end.min(range.start + Grain::default().piece);
        self.read(file, range.start..end).await
    }

    fn keep(&self, bytes: &[u8]) -> Result<Vec<u8>, JobError> {
        Ok(bytes.to_vec())
    }

    fn narrowed(&self, _: &Vec<u8>, _: Encoding, _: u64) -> Option<Vec<u8>> {
        None
    }

    fn n_hands(&self) -> u32 {
        // As many as it takes for a cut to show, if it could be seen.
        3
    }

    async fn decode(
        &self,
        file: &Vec<u8>,
        encoding: Encoding,
        ranges: &[Range<u64>],
        tell: &mut dyn FnMut(u64),
    ) -> Result<(Vec<Vec<u8>>, u64), JobError> {
        let mut n_foreign = 0;
        let decoded = ranges.iter().map(|range| {
            let (mut decoder, mut out) = (Decoder::new(encoding), Vec::new());
            decoder.feed(&file[range.start as usize..range.end as usize], &mut out);
            decoder.finish(&mut out);
            n_foreign += decoder.n_foreign();
            tell(range.end);
            out
        });
        Ok((decoded.collect(), n_foreign))
    }

    fn chain(&self, parts: &[Vec<u8>]) -> Result<Vec<u8>, JobError> {
        Ok(parts.concat())
    }

    async fn rest(&self) {}
}
