//! The real files, unpacked, and places to put others.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use flate2::read::GzDecoder;

/// A directory of its own, removed when dropped.
pub struct Scratch(PathBuf);

impl Scratch {
    /// Makes a new one below the system's place for temporary files.
    #[expect(clippy::new_without_default, reason = "it makes a directory")]
    pub fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("isoscope-journey-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a directory for temporary files can be made");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, content).expect("there is room for a temporary file");
        path
    }

    /// Unpacks a file of the shared data into it, as `nsl-kdd/KDDTest+.txt.gz`.
    pub fn unpack(&self, name: &str) -> PathBuf {
        let packed = shared(name);
        let stem = packed.file_stem().expect("it has a name");
        let path = self.0.join(stem);
        if !path.exists() {
            let mut from = GzDecoder::new(File::open(&packed).expect("it was found"));
            let mut to = File::create(&path).expect("there is room for a temporary file");
            io::copy(&mut from, &mut to).expect("the shared file is whole");
        }
        path
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A browser that is just ending may still write; what is left is the system's to clean.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A file of the shared data, as it lies there.
pub fn shared(name: &str) -> PathBuf {
    let path = xtask::run::root().join("../shared/data").join(name);
    // Canonical: drivers take no path with `..` in it.
    path.canonicalize()
        .unwrap_or_else(|error| panic!("{} is needed beside the checkout: {error}", path.display()))
}
