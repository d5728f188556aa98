//! Loading KDD Cup 99 (10 %) natively: `cargo bench --bench load`.

use std::{env, fs::File, io::Read, path::PathBuf, time::Instant};

use flate2::read::GzDecoder;
use isoscope::{cluster::local::Local, engine::text::Overrides};

fn main() {
    let path = env::args().nth(1).filter(|argument| !argument.starts_with('-')).map_or_else(
        || {
            PathBuf::from(env!("CARGO_MANIFEST_DIR"))
                .join("../shared/data/kdd99/kddcup.data_10_percent.gz")
        },
        PathBuf::from,
    );
    let mut bytes = Vec::new();
    let mut file = File::open(&path).expect("the file is there");
    if path.extension().is_some_and(|extension| extension == "gz") {
        GzDecoder::new(file).read_to_end(&mut bytes).expect("a gzip file");
    } else {
        file.read_to_end(&mut bytes).expect("a file");
    }
    println!("{}, {:.1} MB, one thread", path.display(), bytes.len() as f64 / 1e6);
    for n_shards in [1, 2] {
        let mut times: Vec<f64> = (0..7)
            .map(|_| {
                let mut local = Local::new(n_shards);
                let copy = bytes.clone();
                let start = Instant::now();
                local.load(copy, &Overrides::default()).expect("a table");
                start.elapsed().as_secs_f64()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{n_shards} shards: median {:.3} s, least {:.3} s", times[3], times[0]);
    }
}
