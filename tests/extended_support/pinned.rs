//! Scores of a small table, bit by bit: the same on every machine and in every browser.
//!
//! Needs nothing but the engine, so that a test in a browser can include it as well.

use isoscope::engine::{
    extended::{ExtendedGrower, ExtendedScorer},
    forest::{ForestParams, Samples, TopReasons},
    matrix::{Codes, Feature},
};
use ndarray::Array2;

/// Ten of the rows; 150 has a category of its own, 0 and 290 have no text.
pub const ROWS: [usize; 10] = [0, 1, 2, 50, 99, 100, 150, 256, 290, 299];

/// The bits of s of [`ROWS`] with one column a cut, two and all three.
pub const SCORES: [[u64; 10]; 3] = [
    [
        0x3fe0_dc46_55b8_f8aa,
        0x3fe2_3d23_e4ee_47ab,
        0x3fe2_0b53_0b33_d5ed,
        0x3fe0_699b_8f1f_358d,
        0x3fe0_b00e_de49_499c,
        0x3fe1_7980_674e_157b,
        0x3fe2_a620_33f6_5518,
        0x3fe0_7c7c_33f8_7b88,
        0x3fdf_9e8d_de69_f428,
        0x3fe0_b00e_de49_499c,
    ],
    [
        0x3fdf_e478_88ff_fef9,
        0x3fe0_f771_ccc1_e818,
        0x3fdf_4415_d57a_4641,
        0x3fdf_3ead_d546_e66d,
        0x3fdd_1f88_b0ce_f104,
        0x3fe1_c9b9_8fe8_9a8e,
        0x3fe0_b582_5a20_2c2d,
        0x3fdd_f7cb_814d_6a2f,
        0x3fda_e4bd_b0eb_4039,
        0x3fdd_1f88_b0ce_f104,
    ],
    [
        0x3fe0_4042_51b1_1baf,
        0x3fe0_5943_e60d_413e,
        0x3fe1_9e17_a668_8664,
        0x3fdf_215e_88af_cdd0,
        0x3fdd_882a_90ce_2206,
        0x3fe2_1370_051c_a09b,
        0x3fdf_f205_2cc1_bec0,
        0x3fdc_e779_792e_94aa,
        0x3fdb_41ee_4ed8_1ca0,
        0x3fdd_882a_90ce_2206,
    ],
];

/// The bits of the first reason's contribution of [`ROWS`], 0 where there is none, with two columns
/// a cut.
pub const CONTRIBUTIONS: [u64; 10] = [
    0x3fb3_227d_88e0_d98f,
    0x3fbc_061d_e611_291d,
    0x3faa_704c_e476_d690,
    0x3fa1_9dcd_790b_a795,
    0,
    0x3fb4_4450_bf4c_c5c4,
    0x3fbc_037a_9a54_9cdc,
    0,
    0,
    0,
];

const N_ROWS: u16 = 300;

/// What this machine makes of them.
pub fn found() -> ([[u64; 10]; 3], [u64; 10]) {
    let codes = codes();
    let columns = codes.each_ref().map(|codes| Codes::U16(codes));
    let scores = [0, 1, 2].map(|level| {
        let mut scores = vec![f64::NAN; N_ROWS.into()];
        scorer(level).scores(&columns, &mut scores);
        ROWS.map(|row| scores[row].to_bits())
    });
    let mut reasons = vec![TopReasons::default(); N_ROWS.into()];
    scorer(1).reasons(&columns, &mut reasons);
    let first = |row: usize| reasons[row][0].map_or(0, |reason| reason.contribution.to_bits());
    (scores, ROWS.map(first))
}

/// A number with gaps that grow, a number with missing values, and a text with both.
fn codes() -> [Vec<u16>; 3] {
    let text = |row| match row {
        150 => 8,
        row if row % 29 == 0 => 9,
        row => row % 8,
    };
    [
        (0..N_ROWS).map(|row| row * 7 % 50).collect(),
        (0..N_ROWS).map(|row| row / 5 % 4).collect(),
        (0..N_ROWS).map(text).collect(),
    ]
}

fn scorer(extension_level: u32) -> ExtendedScorer {
    let values = (0..50).map(|code| f64::from(code * code) / 7.0 - 100.0).collect();
    let features = [
        Feature::ranked(values),
        Feature::quantiles(vec![-1e300, 0.1, 0.3], vec![-1e299, 0.2, 0.35]),
        Feature::unordered(9),
    ];
    let codes = codes();
    let params =
        ForestParams { n_trees: 50, sample_size: 128, seed: 42, ..ForestParams::default() };
    let samples = Samples::draw(params, N_ROWS.into()).expect("the settings are good");
    let sample = Array2::from_shape_fn((samples.rows().len(), 3), |(line, feature)| {
        codes[feature][samples.rows()[line] as usize]
    });
    let grower = ExtendedGrower::new(&samples, &features, sample.view(), extension_level);
    ExtendedScorer::new(&grower.expect("there are features").finish())
}
