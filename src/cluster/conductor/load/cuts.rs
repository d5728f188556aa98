//! Where a file is cut: a range of bytes for each shard.

use std::ops::Range;

use super::super::{super::JobError, Shards};
use crate::engine::text::sniff::Layout;

/// Cuts the rows' bytes into a range per shard, each beginning after a line end.
pub(super) async fn cut<S: Shards>(
    shards: &mut S,
    layout: &Layout,
    file_length: u64,
) -> Result<Vec<Range<u64>>, JobError> {
    let start = layout.first_row as u64;
    let n_bytes = file_length - start;
    let n_shards = u64::from(shards.n_shards());
    let n_used = n_shards.min(n_bytes / shards.grain().least_range).max(1);
    let mut cuts = vec![start];
    for i in 1..n_used {
        let at = start + n_bytes / n_used * i;
        let previous = cuts[cuts.len() - 1];
        cuts.push(if at <= previous {
            previous
        } else {
            next_line(shards, at, file_length).await?
        });
    }
    cuts.resize(n_shards as usize + 1, file_length);
    Ok(cuts.windows(2).map(|ends| ends[0]..ends[1]).collect())
}

/// The place after the first line end at or behind `at`; the file's end if there is none near.
async fn next_line<S: Shards>(shards: &mut S, at: u64, file_length: u64) -> Result<u64, JobError> {
    let mut from = at;
    let mut n = 1 << 16;
    while from < file_length {
        let bytes = shards.read(from..(from + n).min(file_length)).await?;
        if let Some(found) = memchr::memchr2(b'\n', b'\r', &bytes) {
            let end = from + found as u64 + 1;
            let is_pair = bytes[found] == b'\r' && end < file_length;
            let next = if is_pair { shards.read(end..end + 1).await? } else { Vec::new() };
            return Ok(end + u64::from(next == b"\n"));
        }
        from += n;
        n *= 2;
    }
    Ok(file_length)
}
