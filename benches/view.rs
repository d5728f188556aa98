//! Filtering, sorting and searching KDD Cup 99 (10 %) natively: `cargo bench --bench view`.

use std::{fs::File, io::Read, path::PathBuf, time::Instant};

use flate2::read::GzDecoder;
use isoscope::{
    cluster::{
        local::Local,
        view::{Bound, Filter, Selection, Sort, Test, ViewSpec},
    },
    engine::text::Overrides,
};

fn main() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/kdd99/kddcup.data_10_percent.gz");
    let mut bytes = Vec::new();
    let file = File::open(&path).expect("the file is there");
    GzDecoder::new(file).read_to_end(&mut bytes).expect("a gzip file");
    let mut local = Local::new(1);
    let n_rows = local.load(bytes, &Overrides::default()).expect("a table").n_rows();
    println!("{}, {n_rows} rows, one thread", path.display());
    let filter = |column, test| Filter { column, test, is_negated: false };
    let tcp = filter(1, Test::OneOf(vec!["tcp".to_owned()]));
    let bound = Bound { value: "1000".to_owned(), is_strict: false };
    let large = filter(4, Test::Between(Some(bound), None));
    let filtered = |filters| Selection { filters, ..Selection::default() };
    let searched = |search: &str| Selection { search: search.to_owned(), ..Selection::default() };
    let all = Selection::default;
    let sort = |column| Some(Sort { column, is_descending: true });
    for (what, selection, sort) in [
        ("filter by text", filtered(vec![tcp.clone()]), None),
        ("filter by text and number", filtered(vec![tcp, large]), None),
        ("sort by 3,300 numbers", all(), sort(4)),
        ("sort by 66 texts", all(), sort(2)),
        ("search, rare", searched("rootkit"), None),
        ("search, frequent", searched("0.0"), None),
    ] {
        let mut n_shown = 0;
        let mut times: Vec<f64> = (0..9)
            .map(|_| {
                let spec = ViewSpec { selection: selection.clone(), sort };
                let start = Instant::now();
                n_shown = local.view(spec).expect("a view").n_shown(n_rows);
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{what}: {n_shown} rows, median {:.1} ms, least {:.1} ms", times[4], times[0]);
    }
}
