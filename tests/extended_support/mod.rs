//! Tables scored by an extended forest, for its tests and benchmark.
#![allow(dead_code, unreachable_pub, reason = "included by several tests, none uses all of it")]

#[path = "../forest_support/mod.rs"]
pub mod forest_support;

use forest_support::Table;
use isoscope::engine::{
    extended::{Extended, ExtendedGrower, ExtendedScorer},
    forest::{ForestParams, TopReasons},
};

pub fn grow(table: &Table, params: ForestParams, extension_level: u32) -> Extended {
    let samples = table.samples(params);
    let codes = table.sample_codes(&samples);
    ExtendedGrower::new(&samples, &table.features, codes.view(), extension_level)
        .expect("there are features")
        .finish()
}

pub fn scores(scorer: &mut ExtendedScorer, table: &Table) -> Vec<f64> {
    let mut scores = vec![f64::NAN; table.n_rows()];
    scorer.scores(&table.columns(), &mut scores);
    scores
}

pub fn reasons(scorer: &mut ExtendedScorer, table: &Table) -> Vec<TopReasons> {
    let mut reasons = vec![TopReasons::default(); table.n_rows()];
    scorer.reasons(&table.columns(), &mut reasons);
    reasons
}
