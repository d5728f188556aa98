//! What is fuzzed, and what tests replay: laws over any bytes.
#![allow(dead_code, reason = "each program holds one of them")]

use isoscope::{
    cluster::{JobError, conductor::Grain, local::Local},
    engine::text::{Overrides, sniff},
    protocol::{Profile, RowText},
};

/// Any bytes are the same table however they are cut. The first three bytes say how.
pub(crate) fn reader(input: &[u8]) {
    let Some((&[shards, piece, patience], bytes)) = input.split_first_chunk() else { return };
    let grain = Grain {
        least_range: 1 + u64::from(shards / 7),
        piece: 1 + u64::from(piece),
        patience: u64::from(patience),
        ..Grain::default()
    };
    let whole = Grain { least_range: 1, piece: 1 << 20, patience: 1 << 20, ..Grain::default() };
    assert_eq!(read(bytes, 2 + usize::from(shards % 5), grain), read(bytes, 1, whole));
}

fn read(bytes: &[u8], n_shards: usize, grain: Grain) -> Result<(Profile, Vec<RowText>), JobError> {
    let mut local = Local::new(n_shards).with_grain(grain);
    let profile = local.load(bytes.to_vec(), &Overrides::default())?.profile.clone();
    let rows: Vec<u32> = (0..profile.n_rows).collect();
    Ok((profile, local.rows(&rows)?))
}

/// Any bytes have some layout, whose parts fit each other. The first byte says whether they are a
/// whole file.
pub(crate) fn sniffer(input: &[u8]) {
    let Some((&whole, sample)) = input.split_first() else { return };
    let layout = sniff::sniff(sample, whole % 2 == 0, &Overrides::default());
    assert!(layout.start <= layout.first_row && layout.first_row <= sample.len());
    assert!(layout.header.len() <= layout.width);
}
