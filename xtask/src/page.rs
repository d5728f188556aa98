//! The static site in `dist/`: Trunk's build, then the packing that makes it light, the policy that
//! binds it, and its weight.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::run::{Outcome, command, root, say, step};
use crate::{pack, single, tools};

/// The most that a start may fetch, in bytes after gzip.
pub const BUDGET: u64 = 900_000;

/// One file of the site.
pub struct Weight {
    /// Its name in `dist/`.
    pub name: String,
    /// Bytes as it lies there.
    pub plain: u64,
    /// Bytes after gzip, as hosts send it.
    pub gzip: u64,
}

/// Builds the site, unless `dist/` was made from these very sources, and says what it weighs.
///
/// # Errors
///
/// * a tool is missing and cannot be installed, or the build fails.
pub fn build() -> Outcome<Vec<Weight>> {
    tools::for_the_page()?;
    let code = fingerprint(&["src", "Cargo.toml", "Cargo.lock", ".cargo", "rust-toolchain.toml"])?;
    let site = fingerprint(&["style", "index.html", "Trunk.toml", "xtask/src"])?;
    let stamp = format!("<meta name=\"isoscope-build\" content=\"{code}-{site}\">");
    let index = root().join("dist/index.html");
    if fs::read_to_string(&index).is_ok_and(|html| html.contains(&stamp)) {
        say("dist/ is up to date");
        return weigh();
    }
    tools::say_what_is_there();
    let mut trunk = command("trunk", &["build"]);
    trunk.env("TRUNK_SKIP_VERSION_CHECK", "true");
    trunk.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_home()?);
    // Trunk takes `NO_COLOR=1` for a malformed flag of its own.
    trunk.env_remove("NO_COLOR");
    step("building the page (the first time takes minutes)", &mut trunk)?;

    pack::programs(&root().join("dist"))?;
    let html = fs::read_to_string(&index).map_err(|error| cannot("read", &index, &error))?;
    let html = with_policy(&pack::with_unpacking(&html)?)?.replacen(
        "</title>",
        &format!("</title>\n  {stamp}"),
        1,
    );
    fs::write(&index, &html).map_err(|error| cannot("write", &index, &error))?;
    single::write(&root().join("dist"), &html)?;
    weigh()
}

/// The flag that keeps the builder's home directory out of the panic messages; cargo adds it to
/// those of `.cargo/config.toml`.
fn without_home() -> Outcome<String> {
    let cargo = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .ok_or("there is no home directory")?;
    Ok(format!("--remap-path-prefix={}=registry", cargo.join("registry/src").display()))
}

/// Puts the hashes of the page's inline scripts where the policy says `START`.
fn with_policy(html: &str) -> Outcome<String> {
    let hashes: Vec<String> = html
        .split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter(|(attributes, _)| !attributes.contains("src="))
        .filter_map(|(_, rest)| rest.split_once("</script>"))
        .map(|(script, _)| hash(script))
        .collect();
    match html.split_once("'self' START") {
        Some((before, after)) if !hashes.is_empty() => {
            Ok(format!("{before}'self' {}{after}", hashes.join(" ")))
        }
        _ => Err("index.html has no policy with START in it, or no inline script".to_owned()),
    }
}

/// The hash of an inline script or style, as a policy names it.
pub(crate) fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text)))
}

/// A name for the content of these files and directories, the same on every machine.
fn fingerprint(paths: &[&str]) -> Outcome<String> {
    let mut digest = Sha256::new();
    for path in paths {
        for file in files(&root().join(path))? {
            let content = fs::read(&file).map_err(|error| cannot("read", &file, &error))?;
            let name = file.strip_prefix(root()).expect("it lies below the root");
            digest.update(name.to_string_lossy().as_bytes());
            digest.update(content.len().to_le_bytes());
            digest.update(content);
        }
    }
    // 64 of its 256 bits tell builds apart.
    let digest: [u8; 32] = digest.finalize().into();
    let first = u64::from_be_bytes(digest[..8].try_into().expect("eight bytes"));
    Ok(format!("{first:016x}"))
}

/// All files below a path, sorted; the path itself where it is a file, nothing where it is not.
fn files(path: &Path) -> Outcome<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !path.exists() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(path).map_err(|error| cannot("read", path, &error))?;
    let mut below: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
    below.sort();
    let mut all = Vec::new();
    for path in below {
        all.extend(files(&path)?);
    }
    Ok(all)
}

/// Weighs what a start fetches, every file of the site, and says it.
fn weigh() -> Outcome<Vec<Weight>> {
    let weights = weights()?;
    for Weight { name, plain, gzip } in &weights {
        println!("  {:>9.1} KB {:>9.1} KB gzip  {name}", kilobytes(*plain), kilobytes(*gzip));
    }
    println!("  {:>22.1} KB gzip  fetched at start", kilobytes(total(&weights)));
    Ok(weights)
}

/// Weighs every file of the site.
///
/// # Errors
///
/// * the site was not built.
pub fn weights() -> Outcome<Vec<Weight>> {
    let dist = root().join("dist");
    let mut weights = Vec::new();
    for file in files(&dist)? {
        let content = fs::read(&file).map_err(|error| cannot("read", &file, &error))?;
        let zipped = single::gzip(&content).map_err(|error| cannot("compress", &file, &error))?;
        let name = file.strip_prefix(&dist).expect("it lies in dist").to_string_lossy().into();
        weights.push(Weight { name, plain: content.len() as u64, gzip: zipped.len() as u64 });
    }
    Ok(weights)
}

/// What a start fetches, in bytes after gzip.
pub fn total(weights: &[Weight]) -> u64 {
    weights.iter().filter(|weight| weight.name != single::NAME).map(|weight| weight.gzip).sum()
}

/// Bytes as kilobytes of 1024.
pub fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

/// Standard base64, with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digit = |group: u32, shift: u32| char::from(DIGITS[(group >> shift) as usize & 63]);
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |i: usize| u32::from(chunk.get(i).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        text.extend([digit(group, 18), digit(group, 12)]);
        text.push(if chunk.len() > 1 { digit(group, 6) } else { '=' });
        text.push(if chunk.len() > 2 { digit(group, 0) } else { '=' });
    }
    text
}

pub(crate) fn cannot(act: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {act} {}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_pads_as_rfc_4648_says() {
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, encoded) in cases {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn the_policy_names_the_hash_of_each_inline_script() {
        let html = "content=\"script-src 'self' START x\"<script src=a></script><script>1</script>";
        // printf 1 | openssl dgst -sha256 -binary | base64
        let hash = "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='";
        let expected = html.replace("START", hash);
        assert_eq!(with_policy(html), Ok(expected));
        assert!(with_policy("<script>1</script>").is_err());
    }
}
