//! The programs, packed: parted into streams and LZMA they are a quarter less to fetch than the gzip
//! that hosts send.
//!
//! `src/unpack.js` undoes it in the browser; the build puts it into the start scripts.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use lzma_rust2::{LzmaOptions, LzmaWriter};

use crate::page::{cannot, kilobytes};
use crate::run::{Outcome, root, say};
use crate::streams::parted;

/// What a start script says where the unpacking is to stand.
const PLACE: &str = "/* UNPACK */";
/// What is added to the name of a packed program.
pub(crate) const SUFFIX: &str = ".lzma";

/// Puts a packed program in the place of each program of the site.
///
/// # Errors
///
/// * a program cannot be read, packed or written.
pub(crate) fn programs(dist: &Path) -> Outcome<()> {
    let entries = fs::read_dir(dist).map_err(|error| cannot("read", dist, &error))?;
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    for path in paths.filter(|path| path.extension() == Some("wasm".as_ref())) {
        let start = Instant::now();
        let plain = fs::read(&path).map_err(|error| cannot("read", &path, &error))?;
        let packed = packed(&parted(&plain)?).map_err(|error| cannot("pack", &path, &error))?;
        let mut name = path.clone().into_os_string();
        name.push(SUFFIX);
        fs::write(&name, &packed).map_err(|error| cannot("write", name.as_ref(), &error))?;
        unpacks(name.as_ref(), &path)?;
        fs::remove_file(&path).map_err(|error| cannot("remove", &path, &error))?;
        say(&format!(
            "done in {:.1} s: packing {}, {:.1} KB as {:.1} KB",
            start.elapsed().as_secs_f64(),
            path.file_name().unwrap_or_default().display(),
            kilobytes(plain.len() as u64),
            kilobytes(packed.len() as u64),
        ));
    }
    Ok(())
}

/// Has the script that browsers run unpack a program, and compares it with the original.
fn unpacks(packed: &Path, original: &Path) -> Outcome<()> {
    let script = "const fs = require('node:fs');
        const [script, packed, original] = process.argv.slice(1).map((path) => fs.readFileSync(path));
        const program = new Function(`${script}; return unpack;`)()(new Uint8Array(packed));
        process.exit(original.equals(program) ? 0 : 1);";
    let paths = [&root().join("src/unpack.js"), packed, original];
    let node = Command::new("node").args(["-e", script, "--"]).args(paths).status();
    let is_same = node.map_err(|error| cannot("run node on", packed, &error))?.success();
    if is_same { Ok(()) } else { Err(format!("{} is not unpacked as it was", original.display())) }
}

/// A start script with the unpacking in its place.
///
/// # Errors
///
/// * it has no place for it, or `src/unpack.js` cannot be read.
pub(crate) fn with_unpacking(script: &str) -> Outcome<String> {
    let path = root().join("src/unpack.js");
    let unpack = fs::read_to_string(&path).map_err(|error| cannot("read", &path, &error))?;
    match script.split_once(PLACE) {
        Some((before, after)) => Ok([before, unpack.trim_end(), after].concat()),
        None => Err(format!("a start script has no {PLACE} in it")),
    }
}

/// Bytes as LZMA, with a header that tells their number.
fn packed(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut options = LzmaOptions::with_preset(9);
    // Instructions begin anywhere: the place of a byte says nothing about it.
    (options.lc, options.lp, options.pb) = (4, 0, 0);
    options.nice_len = LzmaOptions::NICE_LEN_MAX;
    options.depth_limit = 1_000;
    options.dict_size = 1 << 23;
    let n_bytes = Some(plain.len() as u64);
    let mut writer = LzmaWriter::new_use_header(Vec::new(), &options, n_bytes)?;
    writer.write_all(plain)?;
    writer.finish()
}
