//! Running in while nobody waits.
//!
//! Browsers compile wasm when it is first called, quickly and badly, and well only what has run for
//! a while: the first load of a table would take almost twice as long as the second. So the
//! conductor has its shards do small jobs while the page stands idle. Well-compiled code is shared
//! by all workers of a page.

use std::rc::Rc;

use super::{
    blob::blob,
    desk::{Desk, Hub},
    text::TextBlob,
    time::{now, yield_now},
};
use crate::{
    cluster::{
        JobError,
        added::Eyes,
        conductor::{self, DetectSpec, Results, Watch},
        counting::{Counting, Weights},
        learned::{ClassesBy, SplitBy, TrainSpec},
        view::Selection,
    },
    engine::{
        boost::Params as BoostParams,
        forest::ForestParams,
        samples::Sample,
        source::conversion::{Conversion, Limits, Packing},
        text::{Encoding, Overrides},
    },
};

/// Milliseconds after which enough has run.
const ENOUGH: f64 = 600.0;
/// Lines of the small job, and how many of them stand side by side: tables of logs are wide.
const LINES: usize = 1_200;
const SIDE_BY_SIDE: usize = 4;

/// A text of some hundred kilobytes, packed: archives are unpacked by the conductor, while shards wait.
const PACKED: &[u8] = include_bytes!("packed.gz");

/// Does small jobs until enough has run.
///
/// # Errors
///
/// Those of the jobs; what was not run in now will be later.
pub(super) async fn run_in(hub: &Rc<Hub>) -> Result<(), JobError> {
    let table = wide_table();
    let file = blob(&table)?.into();
    let end = now() + ENOUGH;
    while now() < end {
        yield_now().await;
        small_job(hub, &file).await?;
        convert(Packing::Gzip(Box::default()), None, PACKED)?;
        convert(Packing::Bare, Some(Encoding::Windows1252), &table)?;
    }
    Ok(())
}

/// Unpacks or decodes a text.
fn convert(packing: Packing, told: Option<Encoding>, bytes: &[u8]) -> Result<(), JobError> {
    let mut conversion = Conversion::new(packing, told, Limits::default());
    conversion.feed(bytes)?;
    conversion.out().clear();
    conversion.finish()?;
    Ok(())
}

/// Reads, scores, explains, writes and learns a table.
async fn small_job(hub: &Rc<Hub>, file: &TextBlob) -> Result<(), JobError> {
    let mut desk = Desk::new(hub, Some(file.clone()));
    let length = file.length();
    let table = conductor::load(&mut desk, length, &Overrides::default(), &mut |_, _| {}).await?;
    let spec = DetectSpec {
        features: (0..table.profile.columns.len() as u32).collect(),
        params: ForestParams { n_trees: 20, ..ForestParams::default() },
        grow_on: Selection::default(),
        verdicts: Vec::new(),
    };
    let detection = conductor::detect(&mut desk, &table, spec, &mut |_, _| {}).await?;
    conductor::rows(&mut desk, &table, &[0, 1]).await?;
    conductor::reasons(&mut desk, &table, &detection, &[0, 1]).await?;
    let of = Results { scores: Some((&detection, 0.6)), classifier: None };
    conductor::export(&mut desk, &table, of, &[], &mut |_, _| {}, &mut |_, _| {}).await?;
    for (depth, n_rounds) in [(1, 60), (4, 15)] {
        let mut watch = Watch { tell: &mut |_, _| {}, round: &mut |_| {}, is_enough: &|| false };
        conductor::train(&mut desk, &table, lesson(depth, n_rounds), &mut watch).await?;
    }
    Ok(())
}

/// Flows that last against those that do not.
fn lesson(depth: u32, n_rounds: u32) -> TrainSpec {
    const COLUMNS: u32 = 12;
    const DURATION: u32 = 1;
    TrainSpec {
        target: DURATION,
        classes: ClassesBy::From(1.0),
        features: (0..COLUMNS * SIDE_BY_SIDE as u32).filter(|i| i % COLUMNS != DURATION).collect(),
        split: SplitBy::Random { share: 0.2 },
        params: BoostParams { depth, n_rounds, ..BoostParams::default() },
        weights: Weights::default(),
        holds_out: false,
        eyes: Eyes::default(),
        counting: Counting::default(),
        seed: 0,
    }
}

fn wide_table() -> Vec<u8> {
    let csv = Sample::Office.csv(7);
    let lines = csv.split(|&byte| byte == b'\n').take(LINES);
    lines
        .flat_map(|line| [[line].repeat(SIDE_BY_SIDE).join(&b","[..]), b"\n".to_vec()].concat())
        .collect()
}
