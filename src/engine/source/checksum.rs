//! The checksum of gzip and zip: CRC-32 of ISO 3309 (RFC 1952, section 8).

use std::{fmt, sync::LazyLock};

use crc::{CRC_32_ISO_HDLC, Crc, Digest, Table};

/// Sixteen bytes at a time. Its 16 KiB of tables would not shrink in the program by a single byte:
/// they are made when the first archive comes.
static CRC: LazyLock<Crc<u32, Table<16>>> =
    LazyLock::new(|| Crc::<u32, Table<16>>::new(&CRC_32_ISO_HDLC));

/// A checksum in the making.
#[derive(Clone)]
pub(super) struct Checksum(Digest<'static, u32, Table<16>>);

impl Default for Checksum {
    fn default() -> Self {
        Self(CRC.digest())
    }
}

impl fmt::Debug for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Checksum").finish_non_exhaustive()
    }
}

impl Checksum {
    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The checksum of all bytes so far.
    pub(super) fn value(&self) -> u32 {
        self.0.clone().finalize()
    }
}
