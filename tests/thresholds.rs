//! Where cuts are proposed: where rows stand apart, and nowhere else.

use std::{fmt::Write, fs::File, io::Read, path::PathBuf};

use flate2::read::GzDecoder;
use isoscope::{
    cluster::local::Local,
    engine::{
        forest::ForestParams,
        random::{below, stream, unit},
        text::Overrides,
    },
    protocol::{Basis, Found},
};

/// What is found in a table, all of whose columns take part.
fn found(text: &str, n_columns: u32, seed: u64, n_shards: usize) -> Found {
    let mut local = Local::new(n_shards);
    local.load(text.as_bytes().to_vec(), &Overrides::default()).expect("a table");
    let features: Vec<u32> = (0..n_columns).collect();
    let params = ForestParams { seed, ..ForestParams::default() };
    (*local.detect(&features, params).expect("scores").found).clone()
}

/// The connections of KDD Cup 99 (10 %) to web servers: all normal ones, and of the `back` attacks
/// as many as make 0.4 %. Duration, bytes sent and bytes received; and which rows are attacks.
fn web(seed: u64) -> (String, Vec<bool>) {
    let path = "../shared/data/kdd99/kddcup.data_10_percent.gz";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut text = String::new();
    GzDecoder::new(File::open(path).expect("the file is there"))
        .read_to_string(&mut text)
        .expect("ASCII");
    let cells = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (mut normal, mut attacks): (Vec<_>, Vec<_>) = cells
        .filter(|cells| cells[2] == "http" && ["normal.", "back."].contains(&cells[41]))
        .partition(|cells| cells[41] == "normal.");
    let n_kept = (normal.len() as f64 * 0.004 / 0.996).round() as usize;
    let mut rng = stream(seed, 0);
    for place in 0..n_kept {
        let other = place + below(&mut rng, (attacks.len() - place) as u32) as usize;
        attacks.swap(place, other);
    }
    normal.extend(attacks.drain(..n_kept));
    let mut table = String::from("duration,src_bytes,dst_bytes\n");
    for cells in &normal {
        writeln!(table, "{},{},{}", cells[0], cells[4], cells[5]).expect("a string takes all");
    }
    (table, normal.iter().map(|cells| cells[41] != "normal.").collect())
}

/// The share of pairs of an odd and an ordinary row in which the odd one scores higher.
fn auroc(found: &Found, is_odd: &[bool]) -> f64 {
    let (mut n_ordinary, mut n_right) = (0.0, 0.0);
    let rows: Vec<usize> = found.ranking.iter().rev().map(|&row| row as usize).collect();
    let n_odd = is_odd.iter().filter(|&&odd| odd).count() as f64;
    for tie in rows.chunk_by(|&a, &b| found.scores[a] == found.scores[b]) {
        let odd = tie.iter().filter(|&&row| is_odd[row]).count() as f64;
        let ordinary = tie.len() as f64 - odd;
        n_right += odd * (n_ordinary + ordinary / 2.0);
        n_ordinary += ordinary;
    }
    n_right / (n_odd * n_ordinary)
}

#[test]
fn attacks_on_web_servers_are_cut_off_with_every_seed() {
    for seed in 1..=10 {
        let (table, is_attack) = web(seed);
        let found = found(&table, 3, seed, 2);
        let auroc = auroc(&found, &is_attack);
        let proposal = found.proposal.expect("attacks stand apart");
        assert_eq!(proposal.basis, Basis::Chance);
        let flagged = |row: &usize| found.scores[*row] >= proposal.threshold;
        let n_flagged = (0..is_attack.len()).filter(flagged).count() as f64;
        let n_hits = (0..is_attack.len()).filter(|row| is_attack[*row] && flagged(row)).count();
        let n_attacks = is_attack.iter().filter(|&&attack| attack).count() as f64;
        let (recall, precision) = (n_hits as f64 / n_attacks, n_hits as f64 / n_flagged);
        println!("seed {seed}: AUROC {auroc:.4}, recall {recall:.3}, precision {precision:.3}");
        assert!(auroc >= 0.998, "seed {seed}: AUROC {auroc}");
        assert!(recall >= 0.95 && precision >= 0.5, "seed {seed}: {recall}, {precision}");
    }
}

/// Columns that have nothing to do with each other: bells, heavy tails, a few values.
fn noise(n_rows: usize, n_columns: usize, seed: u64) -> String {
    let mut rng = stream(seed, 0);
    let mut draw = || unit(&mut rng);
    let names: Vec<String> = (0..n_columns).map(|column| format!("c{column}")).collect();
    let mut table = names.join(",") + "\n";
    for _ in 0..n_rows {
        let cells: Vec<String> = (0..n_columns)
            .map(|column| {
                let (radius, turn) = ((-2.0 * libm::log(1.0 - draw())).sqrt(), draw());
                let bell = radius * libm::cos(std::f64::consts::TAU * turn);
                let value = match column % 4 {
                    0 => bell,
                    1 => libm::exp(1.5 * bell),
                    2 => (draw() * 4.0).floor(),
                    _ => 1.0 / (1.0 - draw()),
                };
                format!("{value:.3}")
            })
            .collect();
        table += &cells.join(",");
        table.push('\n');
    }
    table
}

#[test]
fn where_only_chance_is_at_work_no_cut_is_proposed() {
    let mut n_proposed = 0;
    for (n_rows, n_columns) in [(300, 3), (1_000, 5), (5_000, 2), (10_000, 6), (10_000, 20)] {
        for seed in 0..4 {
            let found = found(&noise(n_rows, n_columns, seed), n_columns as u32, seed, 1);
            let basis = found.proposal.map(|proposal| proposal.basis);
            assert_ne!(basis, Some(Basis::Chance), "{n_rows} × {n_columns}, seed {seed}");
            n_proposed += usize::from(basis.is_some());
        }
    }
    // Gaps are proposed where there is none in one table of a thousand.
    assert!(n_proposed <= 1, "{n_proposed} of 20");
}

#[test]
fn what_chance_gives_does_not_depend_on_shards() {
    let table = noise(3_000, 5, 1);
    let one = found(&table, 5, 7, 1);
    assert_eq!(one.by_chance.len(), 3_000);
    assert!(one.by_chance.is_sorted_by(|a, b| a >= b));
    for n_shards in [2, 3, 5] {
        let other = found(&table, 5, 7, n_shards);
        assert_eq!((one.by_chance.0.clone(), one.proposal), (other.by_chance.0, other.proposal));
    }
}
