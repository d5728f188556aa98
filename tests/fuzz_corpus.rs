//! What the fuzzers found interesting, replayed: their laws hold on it.

use std::{fs, path::Path};

mod fuzz_support;

fn replay(target: &str, law: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(corpus).expect("a corpus is kept");
    let mut n = 0;
    for file in files.filter_map(Result::ok) {
        law(&fs::read(file.path()).expect("a file of the corpus"));
        n += 1;
    }
    assert!(n > 0, "an empty corpus tests nothing");
}

#[test]
fn readings_that_were_found_hold() {
    replay("reader", fuzz_support::reader);
}

#[test]
fn layouts_that_were_found_hold() {
    replay("sniffer", fuzz_support::sniffer);
}
