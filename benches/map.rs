//! The map natively: `cargo bench --bench map`.
//!
//! KDD Cup 99 (10 %) from the first question on, and components of wide tables, among them the worst:
//! noise, in which no direction is much stronger than any other.

use std::{fs::File, io::Read, path::PathBuf, time::Instant};

use flate2::read::GzDecoder;
use isoscope::{
    cluster::local::Local,
    engine::{
        components::Components,
        forest::ForestParams,
        matrix::Feature,
        random::{normal, stream},
        table::Role,
        text::Overrides,
    },
    protocol::{AxisOf, AxisScale, GridSpec},
};
use ndarray::Array2;

fn main() {
    kdd();
    for (n_rows, n_columns) in [(10_000, 41), (10_000, 400), (10_000, 838), (1_677, 5_000)] {
        for n_causes in [10, 0] {
            wide(n_rows, n_columns, n_causes);
        }
    }
}

fn kdd() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/kdd99/kddcup.data_10_percent.gz");
    let mut bytes = Vec::new();
    let file = File::open(&path).expect("the file is there");
    GzDecoder::new(file).read_to_end(&mut bytes).expect("a gzip file");
    let mut local = Local::new(1);
    let table = local.load(bytes, &Overrides::default()).expect("a table");
    let is_feature = |column: &u32| table.profile.columns[*column as usize].role == Role::Feature;
    let features: Vec<u32> = (0..table.profile.columns.len() as u32).filter(is_feature).collect();
    println!("{}, {} rows, {} features", path.display(), table.n_rows(), features.len());
    let params = ForestParams { n_trees: 10, ..ForestParams::default() };
    local.detect(&features, params).expect("scores");
    for what in ["first", "again", "log"] {
        let scale = if what == "log" { AxisScale::Log } else { AxisScale::Linear };
        let (x, y) = (AxisOf::Component(0), AxisOf::Component(1));
        let spec =
            GridSpec { x, y, x_scale: scale, y_scale: scale, width: 300, height: 150, by: None };
        let start = Instant::now();
        let grid = local.grid(spec).expect("a map");
        let time = start.elapsed().as_secs_f64() * 1e3;
        let n_cells = grid.counts.iter().filter(|&&count| count > 0).count();
        println!("map, {what}: {time:.1} ms, {n_cells} cells");
        if what == "first" {
            println!("{:?} × {:?}, {:?}", grid.x_domain, grid.y_domain, grid.components);
        }
    }
}

fn wide(n_rows: usize, n_columns: usize, n_causes: usize) {
    let mut rng = stream(1, 0);
    let causes = Array2::from_shape_simple_fn((n_rows, n_causes), || normal(&mut rng));
    let weights = Array2::from_shape_simple_fn((n_causes, n_columns), || normal(&mut rng));
    let rows = causes.dot(&weights).map(|cell| cell + normal(&mut rng));
    // A hundred steps are as good as numbers.
    let codes = rows.map(|cell| (cell * 10.0 + 50.0).clamp(0.0, 99.0) as u16);
    let feature = Feature::ranked((0..100).map(f64::from).collect());
    let features = vec![feature; n_columns];
    let start = Instant::now();
    let components = Components::of(&features, codes.view());
    let time = start.elapsed().as_secs_f64() * 1e3;
    let shares = components.each().each_ref().map(|component| component.share);
    println!("{n_rows} × {n_columns}, {n_causes} causes: {time:.0} ms, shares {shares:?}");
}
