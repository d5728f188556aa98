//! What a table takes in memory, beside what was expected of it: `cargo bench --bench memory [file …]`.
//!
//! Each file is loaded and scored in a process of its own, which tells by how much its peak grew.

use std::{env, fs, fs::File, io::Read, path::Path, path::PathBuf, process::Command};

use flate2::read::GzDecoder;
use isoscope::{
    cluster::{JobError, local::Local},
    engine::{forest::ForestParams, text::Overrides},
    protocol::Role,
};

const FILES: [&str; 4] = [
    "kdd99/kddcup.data_10_percent.gz",
    "nsl-kdd/KDDTrain+.txt.gz",
    "cicids2017/friday_ddos_first9998_benign.csv.gz",
    "cicids2017/thursday_webattacks_sample_10180.csv.gz",
];

fn main() {
    let files: Vec<String> = env::args().skip(1).filter(|it| !it.starts_with('-')).collect();
    if let (Ok(_), [file]) = (env::var("ISOSCOPE_MEASURED"), files.as_slice()) {
        return measure(Path::new(file));
    }
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let usual = FILES.map(|name| data.join(name).display().to_string()).to_vec();
    println!("file, MB, rows, expected MB, taken MB, expected / taken");
    for file in if files.is_empty() { usual } else { files } {
        let program = env::current_exe().expect("this program");
        let status = Command::new(program).arg(file).env("ISOSCOPE_MEASURED", "1").status();
        assert!(status.expect("it starts").success());
    }
}

fn measure(path: &Path) {
    let mut bytes = Vec::new();
    let mut file = File::open(path).expect("the file is there");
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(file).read_to_end(&mut bytes).expect("a gzip file");
    } else {
        file.read_to_end(&mut bytes).expect("a file");
    }
    let n_bytes = bytes.len() as f64;
    let mut narrow = Local::new(2).with_room(1);
    let refused = narrow.load(bytes.clone(), &Overrides::default());
    let Err(JobError::TooLarge { needed, .. }) = refused else { panic!("one byte is no room") };
    // The peak counts from here on.
    fs::write("/proc/self/clear_refs", "5").expect("Linux lets a process do so");
    let before = status("VmRSS:");
    let mut local = Local::new(2);
    let table = local.load(bytes, &Overrides::default()).expect("a table");
    let n_rows = table.n_rows();
    let is_feature = |column: &u32| table.profile.columns[*column as usize].role == Role::Feature;
    let features: Vec<u32> = (0..table.profile.columns.len() as u32).filter(is_feature).collect();
    local.detect(&features, ForestParams::default()).expect("scores");
    let taken = status("VmHWM:") - before;
    let expected = needed as f64;
    println!(
        "{}, {:.1}, {n_rows}, {:.1}, {:.1}, {:.2}",
        path.file_name().expect("a name").display(),
        n_bytes / 1e6,
        expected / 1e6,
        taken / 1e6,
        expected / taken,
    );
}

/// A figure of this process, in bytes.
fn status(key: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find(|line| line.starts_with(key)).expect("it is told");
    let kilobytes: f64 =
        line.split_whitespace().nth(1).and_then(|it| it.parse().ok()).expect("a number");
    kilobytes * 1024.0
}
