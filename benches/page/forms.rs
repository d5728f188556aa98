//! The same tables in other forms: packed, in another encoding, in quotes.

use std::fs;
use std::path::{Path, PathBuf};

use journeys::files::{Scratch, shared};

use crate::{RUNS, median, page, table::Line};

/// How often the smaller table is repeated.
const TIMES: usize = 24;

/// Loads each form beside the plain one, and says at what share of the plain speed.
pub(crate) fn lines(scratch: &Scratch, kdd: &Path) -> Vec<Line> {
    println!("▸ our page with packed, transcoded and quoted files, in turns ({RUNS} runs)");
    let flows = flows(scratch);
    let files = [
        ("KDD99, plain", kdd.to_owned()),
        ("KDD99, gzip", shared("kdd99/kddcup.data_10_percent.gz")),
        ("KDD99, UTF-16", utf_16(scratch, kdd)),
        ("KDD99, Windows-1252", western(scratch, kdd)),
        ("KDD99, quoted", quoted(scratch, kdd)),
        ("CICIDS2017, plain", flows.clone()),
        ("CICIDS2017, quoted", quoted(scratch, &flows)),
    ];
    let mut seconds = files.each_ref().map(|_| Vec::new());
    for _ in 0..RUNS {
        for ((_, file), seconds) in files.iter().zip(&mut seconds) {
            seconds.push(page::load(file));
        }
    }
    let medians = seconds.map(|seconds| median(&seconds));
    for ((name, _), seconds) in files.iter().zip(medians) {
        println!("  {name}: {seconds:.3} s");
    }
    let [plain, packed, wide, western, kdd_quoted, flows_plain, flows_quoted] = medians;
    vec![
        Line::share("load KDD99 from gzip", packed, plain, 0.6),
        Line::share("load KDD99 from UTF-16", wide, plain, 0.6),
        Line::share("load KDD99 from Windows-1252", western, plain, 0.6),
        Line::share("load KDD99, every cell in quotes", kdd_quoted, plain, 0.7),
        Line::share("load CICIDS2017, every cell in quotes", flows_quoted, flows_plain, 0.7),
    ]
}

/// The days of CICIDS2017 at hand, one after the other until they are some 75 MB.
fn flows(scratch: &Scratch) -> PathBuf {
    let file = scratch.unpack("cicids2017/friday_ddos_first9998_benign.csv.gz");
    let text = fs::read(&file).expect("it was unpacked");
    let header = text.iter().position(|&byte| byte == b'\n').expect("it has lines") + 1;
    let rows = &text[header..];
    let path = scratch.path().join("flows.csv");
    fs::write(&path, [&text[..header], &rows.repeat(TIMES)].concat()).expect("there is room");
    path
}

/// The file with every cell in quotes; none of its cells holds one.
fn quoted(scratch: &Scratch, file: &Path) -> PathBuf {
    let text = fs::read(file).expect("it is there");
    let mut out = Vec::with_capacity(text.len() * 2);
    for line in text.split_inclusive(|&byte| byte == b'\n') {
        let end = line.iter().rposition(|byte| !b"\r\n".contains(byte)).map_or(0, |at| at + 1);
        for (i, cell) in line[..end].split(|&byte| byte == b',').enumerate() {
            out.extend_from_slice(if i == 0 { b"\"" } else { b",\"" });
            out.extend_from_slice(cell);
            out.push(b'"');
        }
        out.extend_from_slice(&line[end..]);
    }
    let name = file.file_name().expect("a file has a name").to_string_lossy();
    let path = scratch.path().join(format!("quoted-{name}"));
    fs::write(&path, out).expect("there is room");
    path
}

/// The file with an accent in its most common words, in Windows-1252.
fn western(scratch: &Scratch, file: &Path) -> PathBuf {
    let text = fs::read_to_string(file).expect("it is ASCII");
    let bytes: Vec<u8> = text
        .replace("normal.", "norm\u{e9}l.")
        .chars()
        .map(|character| u8::try_from(u32::from(character)).expect("Latin-1"))
        .collect();
    let path = scratch.path().join("western.csv");
    fs::write(&path, bytes).expect("there is room");
    path
}

/// The file in UTF-16, little end first, with a mark.
fn utf_16(scratch: &Scratch, file: &Path) -> PathBuf {
    let text = fs::read_to_string(file).expect("it is ASCII");
    let wide: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let path = scratch.path().join("wide.csv");
    fs::write(&path, wide).expect("there is room");
    path
}
