//! Scores of a small table, bit by bit: the same on every machine and in every browser.
//!
//! Needs nothing but the engine, so that a test in a browser can include it as well.

use isoscope::engine::{
    forest::{ForestParams, Grower, Samples, Scorer, TopReasons},
    matrix::{Codes, Feature},
};
use ndarray::Array2;

/// Ten of the rows; 150 has a category of its own, 0 and 290 have no text.
pub const ROWS: [usize; 10] = [0, 1, 2, 50, 99, 100, 150, 256, 290, 299];

/// The bits of s of [`ROWS`].
pub const SCORES: [u64; 10] = [
    0x3fe4_42a8_3a92_0774,
    0x3fe0_3092_a382_b42b,
    0x3fe0_0d24_8cdf_a2c6,
    0x3fdd_bf34_f465_affb,
    0x3fe2_23c5_4ac3_d666,
    0x3fe0_e6b7_93e2_8357,
    0x3fe0_a214_a70f_5d6d,
    0x3fe2_e8ae_d434_26ce,
    0x3fe3_2d7a_aea3_028a,
    0x3fe2_23c5_4ac3_d666,
];

/// The bits of the first reason's contribution of [`ROWS`], 0 where there is none.
pub const CONTRIBUTIONS: [u64; 10] = [
    0x3fd2_1f15_4f87_b1ab,
    0x3fa2_2c8c_08de_e433,
    0x3faf_0b73_94f3_4b3c,
    0x0000_0000_0000_0000,
    0x3fbc_61f0_9b0f_d4af,
    0x3fa2_0e99_d7a5_4f41,
    0x3fbc_9e04_15d4_08bc,
    0x3fc1_1094_23dd_9a1c,
    0x3fd3_440b_86d5_a79e,
    0x3fbc_61f0_9b0f_d4af,
];

/// What this machine makes of them.
pub fn found() -> ([u64; 10], [u64; 10]) {
    const N_ROWS: u16 = 300;
    // A number with gaps that grow, a number with missing values, and a text with both.
    let values = (0..50).map(|code| f64::from(code * code) / 7.0 - 100.0).collect();
    let features =
        [Feature::ranked(values), Feature::ranked(vec![-1e300, 0.1, 0.3]), Feature::unordered(9)];
    let text = |row| match row {
        150 => 8,
        row if row % 29 == 0 => 9,
        row => row % 8,
    };
    let codes: [Vec<u16>; 3] = [
        (0..N_ROWS).map(|row| row * 7 % 50).collect(),
        (0..N_ROWS).map(|row| row / 5 % 4).collect(),
        (0..N_ROWS).map(text).collect(),
    ];
    let params = ForestParams { n_trees: 50, sample_size: 128, seed: 42 };
    let samples = Samples::draw(params, N_ROWS.into()).expect("the settings are good");
    let sample = Array2::from_shape_fn((samples.rows().len(), 3), |(line, feature)| {
        codes[feature][samples.rows()[line] as usize]
    });
    let grower = Grower::new(&samples, &features, sample.view()).expect("there are features");
    let mut scorer = Scorer::new(&grower.finish());
    let columns = codes.each_ref().map(|codes| Codes::U16(codes));
    let mut found = vec![f64::NAN; N_ROWS.into()];
    let mut reasons = vec![TopReasons::default(); N_ROWS.into()];
    scorer.scores(&columns, &mut found);
    scorer.reasons(&columns, &mut reasons);
    (
        ROWS.map(|row| found[row].to_bits()),
        ROWS.map(|row| reasons[row][0].map_or(0, |reason| reason.contribution.to_bits())),
    )
}
