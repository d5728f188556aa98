//! The whole page in one file, for use from a disk: `dist/isoscope.html`.
//!
//! Browsers let a page that was opened from a disk fetch nothing, not even what lies beside it. So
//! here everything is inside: styles and the script as text, the program packed. The
//! policy can be tighter too: it allows no connection at all.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::{Compression, write::GzEncoder};

use crate::pack::{SUFFIX, with_unpacking};
use crate::page::{base64, cannot, hash};
use crate::run::Outcome;

/// The name of the file.
pub(crate) const NAME: &str = "isoscope.html";

/// Unpacks the program and starts the page, whose script workers are started from, too.
const START: &str = "
/* UNPACK */
const text = document.getElementById('program').textContent;
try {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  await __wbg_init({ module_or_path: unpack(packed) });
} catch (error) { document.body.textContent = 'isoscope cannot start in this browser: ' + error; }
";

/// Writes the file from the site beside it, whose `index.html` is given.
///
/// # Errors
///
/// * the site lacks a part, or the file cannot be written.
pub(crate) fn write(dist: &Path, index: &str) -> Outcome<()> {
    let read = |name: &str| {
        let path = dist.join(name);
        fs::read(&path).map_err(|error| cannot("read", &path, &error))
    };
    let text = |name: &str| Ok::<_, String>(String::from_utf8_lossy(&read(name)?).into_owned());
    let mut styles = Vec::new();
    for name in names(index, "<link rel=\"stylesheet\" href=\"./") {
        styles.push(text(name)?);
    }
    let app = names(index, "import start from './").next().ok_or("index.html starts nothing")?;
    let script = text(app)? + &with_unpacking(START)?;
    if script.contains("</script") || styles.iter().any(|style| style.contains("</style")) {
        return Err("a part would end its own element".to_owned());
    }
    let style_hashes: Vec<String> = styles.iter().map(|style| hash(style)).collect();
    let policy = format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; img-src data: blob:; \
         worker-src blob:; base-uri 'none'; form-action 'none'",
        hash(&script),
        style_hashes.join(" ")
    );
    let head = head(index)?;
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n  <meta charset=\"utf-8\">\n  \
         <meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n{head}"
    );
    for style in &styles {
        html.extend(["<style>", style, "</style>\n"]);
    }
    let packed = base64(&read(&(app.replace(".js", "_bg.wasm") + SUFFIX))?);
    html.extend(["<script type=\"application/x-lzma\" id=\"program\">", &packed, "</script>\n"]);
    let body = index.split_once("<body>").ok_or("index.html has no body")?.1;
    html.extend(["<script type=\"module\">", &script, "</script>\n</head>\n<body>", body]);
    let path = dist.join(NAME);
    fs::write(&path, html).map_err(|error| cannot("write", &path, &error))
}

/// What `index.html` says of itself: its lines of metadata, title and icon.
fn head(index: &str) -> Outcome<String> {
    let (head, _) = index.split_once("</head>").ok_or("index.html has no head")?;
    let is_kept = |line: &&str| {
        let line = line.trim_start();
        ["<meta name=", "<title>", "<link rel=\"icon\""].iter().any(|start| line.starts_with(start))
    };
    Ok(head.lines().filter(is_kept).flat_map(|line| [line, "\n"]).collect())
}

/// The file names that follow a text.
fn names<'a>(index: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    index.split(before).skip(1).filter_map(|rest| rest.split(['"', '\'']).next())
}

/// Bytes as hosts send them.
pub(crate) fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    gzip.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_stands_behind_a_text() {
        let index = "<link rel=\"stylesheet\" href=\"./a.css\" x><link rel=\"stylesheet\" href=\"./b.css\">";
        let found: Vec<&str> = names(index, "<link rel=\"stylesheet\" href=\"./").collect();
        assert_eq!(found, ["a.css", "b.css"]);
    }

    #[test]
    fn the_head_keeps_what_the_page_says_of_itself() {
        let index = "<head>\n<title>t</title>\n<script>1</script>\n<meta name=\"a\">\n</head>";
        assert_eq!(head(index), Ok("<title>t</title>\n<meta name=\"a\">\n".to_owned()));
    }
}
